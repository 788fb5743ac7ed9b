"""Follow-ups on large stores: the queue, all that mode 2 shows, what is counted, a customer's long story, the window.

One store has BENCH_CUSTOMERS customers and BENCH_CONTACTS contacts with the calls behind them, another a tenth of both.
The floors are SQL by the driver on the same connection, in the same transaction.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bench import customers
from bench.customers import CONFIG, NOW_US, TODAY
from bench.measure import Figure, in_turn, ratio
from bench.reading import Read, at_a_time
from store import queue
from store import story as story_rows
from store.engine import Store, open_store
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.followups.queue import OUTSIDE, TIERS, pick
from supervisor.duties.followups.read import (
    LINES,
    SlowFigures,
    lines_of,
    read_doubles,
    read_followups,
    read_inbox,
    read_panel,
    read_slow,
    read_window,
    window_now,
)
from supervisor.duties.followups.story import read_story
from supervisor.duties.followups.window import Window

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", 1_000_000))
CONTACTS = int(os.environ.get("BENCH_CONTACTS", 10_000_000))
A_CONTACT_TAKES = 900
"""Bytes of disk at most, with its call, its share of a customer and all indexes."""
A_READ_MS = 250
"""How long a reader may stay in the store: store.engine."""
FIRST = 50
NOBODY = Window(90, 93, False, True, 0)
"""A window in which nobody stands: the queue begins with whoever is overdue."""
NO_DAY = 20_000_101
"""On it nobody is overdue yet: the queue has nothing but the rest."""

_ONE = "SELECT * FROM (SELECT tier, last_us, id FROM customer WHERE live = 1 AND %s LIMIT ?)"
_OVERDUE = "tier = ? AND next_day < ? AND contacts NOT BETWEEN ? AND ? ORDER BY next_day, last_us"
_REST = (
    "status <> 'parked' AND (next_day IS NULL OR next_day >= ?) AND contacts NOT BETWEEN ? AND ? ORDER BY tier, last_us"
)
_LINES = """
SELECT c.id, ref, company, contacts, tier, status, live, c.region, type, owner_id, s.name, team.name, taken_by,
    past_until, last_us, next_day, next_note,
    EXISTS (SELECT 1 FROM sales_order AS o WHERE o.customer_id = c.id AND +o.status = 'open'),
    (SELECT n.number FROM customer_number AS n WHERE n.customer_id = c.id ORDER BY n.id LIMIT 1),
    (SELECT e.outcome || ': ' || e.note FROM contact AS e WHERE e.customer_id = c.id AND e.note <> ''
        ORDER BY e.at_us DESC LIMIT 1)
FROM customer AS c LEFT JOIN specialist AS s ON s.id = owner_id LEFT JOIN team ON team.id = s.team_id WHERE c.id IN (%s)
"""
_STORY = (
    "SELECT registered, time_zone, dnc_us, dnc_why, dnc_by FROM customer WHERE id = ?",
    "SELECT name FROM customer_person WHERE customer_id = ? ORDER BY id",
    "SELECT number, raw FROM customer_number WHERE customer_id = ? ORDER BY id",
    """
    SELECT e.id, e.at_us, e.channel, e.origin, e.specialist_id, i.agent, s.name, e.outcome, e.note, e.claimed_ms,
        e.source_id, e.group_id, e.accepted_by, e.number
    FROM contact AS e LEFT JOIN phone_identity AS i ON i.id = e.identity_id
    LEFT JOIN assignment AS a ON a.identity_id = e.identity_id AND a.since <= e.day AND (a.until IS NULL OR
        a.until > e.day)
    LEFT JOIN specialist AS s ON s.id = coalesce(e.specialist_id, a.specialist_id)
    WHERE e.customer_id = ? ORDER BY e.at_us DESC
    """,
    """
    SELECT call.source_id, source.name, call.group_id, call.started_us, call.ended_us, call.direction, call.outcome,
        call.talk_ms, call.effective, i.agent, s.name, call.number
    FROM customer_number AS n JOIN call ON call.number = n.number JOIN source ON source.id = call.source_id
    LEFT JOIN phone_identity AS i ON i.id = call.identity_id
    LEFT JOIN assignment AS a ON a.identity_id = call.identity_id AND a.since <= call.day AND (a.until IS NULL OR
        a.until > call.day)
    LEFT JOIN specialist AS s ON s.id = a.specialist_id
    WHERE n.customer_id = ? ORDER BY call.started_us DESC
    """,
    "SELECT * FROM sales_order WHERE customer_id = ?",
    "SELECT * FROM payment WHERE customer_id = ?",
)
ROUNDS = 5


def figures() -> list[Figure]:
    """In milliseconds, as a ratio to bare SQL, and as a ratio of the large store to its tenth."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        free, needed = shutil.disk_usage(folder).free, CONTACTS * A_CONTACT_TAKES
        if free < needed:
            return [
                Figure(f"followups: needs {needed >> 30} GB in {folder.parent}, {free >> 30} are free", "", "", 0, None)
            ]
        begun = time.perf_counter()
        whose = customers.fill(folder / "large.db", CUSTOMERS, CONTACTS)
        spent = time.perf_counter() - begun
        theirs = customers.fill(folder / "small.db", CUSTOMERS // 10, CONTACTS // 10)
        size = (folder / "large.db").stat().st_size >> 20
        what = f"made {CUSTOMERS:,} customers, {CONTACTS:,} contacts ({size:,} MB)"
        found = [Figure(what, f"{spent:,.0f} s", "", spent, None, "s")]
        stores = open_store(str(folder / "large.db")), open_store(str(folder / "small.db"))
        found += [*_queue(*stores), *_grown(*stores), *_shown(stores[0]), *_told(stores[0], whose)]
        found.append(_growth("story", *stores, _story_of(whose), _story_of(theirs)))
        for store in stores:
            store.close()
        return found


def _window(connection: Connection) -> Window:
    return window_now(queue.histogram(connection), CONFIG.followups)


def _bare(connection: Connection, parts: Sequence[tuple[str, Sequence[Any]]], order: str) -> Callable[[], list[int]]:
    """Ids by one statement: of each part (a condition with its order, its parameters) the first."""
    driven: Any = connection.connection.driver_connection
    sql = " UNION ALL ".join(_ONE % part for part, _ in parts) + order
    values = [value for _, told in parts for value in (*told, FIRST)]
    return lambda: [row[2] for row in driven.execute(f"{sql} LIMIT {FIRST}", values).fetchall()]


def _picks(connection: Connection) -> tuple[tuple[str, Window, int, Callable[[], list[int]]], ...]:
    """The first lines of three queues, and what picks them by SQL alone."""
    window = _window(connection)
    groups = NOBODY.first - 1, NOBODY.last

    def at_numbers(first: int, last: int) -> list[tuple[str, Sequence[Any]]]:
        return [("contacts = ? ORDER BY tier, last_us", (k,)) for k in range(first, last + 1)]

    def beyond(day: int) -> list[tuple[str, Sequence[Any]]]:
        tiers = ((_OVERDUE, (tier, day, *groups)) for tier in range(len(TIERS)))
        return [*at_numbers(*groups), *tiers, (_REST, (day, *groups))]

    return (
        ("in the window", window, TODAY, _bare(connection, at_numbers(*window[:2]), " ORDER BY tier, last_us, id")),
        ("overdue", NOBODY, TODAY, _bare(connection, beyond(TODAY), "")),
        ("the rest", NOBODY, NO_DAY, _bare(connection, beyond(NO_DAY), "")),
    )


def _queue(large: Store, small: Store) -> list[Figure]:
    """The first lines picked and shown."""
    found = []
    windows = []
    for store in (large, small):
        with store.read() as connection:
            windows.append(_window(connection))
            for what, window, today, by_sql in _picks(connection):
                picked = pick(connection, window, today, FIRST)
                if set(by_sql()) - set(picked):
                    raise RuntimeError(f"the floor picked others {what}: {by_sql()}, not {picked}")
                if store is large:
                    ours, floor = in_turn(lambda w=window, t=today: pick(connection, w, t, FIRST), by_sql, 200)
                    found += [
                        Figure(f"first {FIRST} picked, {what}", f"{ours * 1000:.2f} ms", "", ours * 1000, 1, "ms"),
                        ratio(f"first {FIRST} picked, {what} / bare SQL", ours, floor, 1.3),
                    ]
    for what, places, today in (
        ("in the window", windows, TODAY),
        ("overdue", (NOBODY, NOBODY), TODAY),
        ("the rest", (NOBODY, NOBODY), NO_DAY),
    ):
        reads = [lambda connection, w=w, t=today: pick(connection, w, t, FIRST) for w in places]
        found.append(_growth(f"first {FIRST} picked, {what}", large, small, *reads, rounds=100))
    return found + _lines(large)


def _lines(large: Store) -> list[Figure]:
    with large.read() as connection:
        driven: Any = connection.connection.driver_connection
        window = _window(connection)
        ids = pick(connection, window, TODAY, FIRST)
        calendar = calendar_of(CONFIG.floor)
        sql = _LINES % ",".join("?" * len(ids))
        rows, floor = in_turn(
            lambda: queue.customers(connection, ids), lambda: driven.execute(sql, ids).fetchall(), 100
        )
        shown, _ = in_turn(lambda: lines_of(connection, ids, window, TODAY, calendar), lambda: None, 100)
    return [
        ratio(f"rows of the first {FIRST}, store query / bare SQL", rows, floor, 1.3),
        ratio(f"first {FIRST} shown as lines / bare SQL of the rows", shown, floor, None),
    ]


def _growth(what: str, large: Store, small: Store, read: Read, other: Read | None = None, rounds: int = 7) -> Figure:
    """A read of the large store against the same of the small one, by turns."""
    both = (large, read), (small, other or read)
    taken = [[at_a_time(store, one, rounds) for store, one in both] for _ in range(ROUNDS)]
    big, little = (statistics.median(times) for times in zip(*taken, strict=True))
    return ratio(f"{what}: growth from a tenth", big, little, 1.2)


def _grown(large: Store, small: Store) -> list[Figure]:
    def lines(connection: Connection) -> object:
        window = _window(connection)
        ids = pick(connection, window, TODAY, FIRST)
        return lines_of(connection, ids, window, TODAY, calendar_of(CONFIG.floor))

    def counts(connection: Connection) -> object:
        window = _window(connection)
        return (
            queue.count_overdue(connection, TODAY, (window.first - 1, window.last), 1000),
            queue.count_past(connection, window.last, 1000),
            queue.count_waiting(connection, 1000),
        )

    def mode(connection: Connection) -> object:
        return read_followups(connection, CONFIG, NOW_US, SlowFigures())

    whole = at_a_time(large, mode, 7) * 1000
    return [
        Figure(f"all of mode 2, {LINES} lines, one read", f"{whole:.0f} ms", "", whole, A_READ_MS, "ms"),
        _growth(f"first {FIRST} picked and shown", large, small, lines),
        _growth("counts: overdue, past, waiting", large, small, counts),
        _growth("window and hazard", large, small, lambda connection: read_window(connection, CONFIG)),
        _growth(f"all of mode 2, {LINES} lines", large, small, mode),
        _growth("the floor's panel", large, small, lambda connection: read_panel(connection, CONFIG, NOW_US)),
        _growth("the inbox", large, small, read_inbox),
    ]


def _shown(large: Store) -> list[Figure]:
    """What is read now and then, once."""
    found = []
    begun = time.perf_counter()
    read_slow(large.read, CONFIG, NOW_US, {})
    spent = (time.perf_counter() - begun) * 1000
    found.append(Figure("effort and doubles, in 31 short reads", f"{spent:,.0f} ms", "", spent, None, "ms"))
    day = calendar_of(CONFIG.floor).day_of(NOW_US)
    reads: tuple[tuple[str, Read], ...] = (
        ("effort of a day", lambda connection: queue.effort(connection, day, OUTSIDE)),
        ("doubles as lines", lambda connection: read_doubles(connection, CONFIG, NOW_US)),
    )
    for what, read in reads:
        taken = at_a_time(large, read, 3)
        found.append(Figure(what, f"{taken * 1000:,.0f} ms", "", taken * 1000, A_READ_MS, "ms"))
    return found


def _story_of(whose: int) -> Read:
    return lambda connection: read_story(connection, CONFIG, whose, NOW_US)


def _told(large: Store, whose: int) -> list[Figure]:
    """A long story: the store's queries, and all of it, against the bare SQL of its rows."""
    with large.read() as connection:
        driven: Any = connection.connection.driver_connection
        limit = customers.TOLD + customers.MORE

        def by_store() -> object:
            return (
                story_rows.card(connection, whose),
                story_rows.people(connection, whose),
                story_rows.numbers(connection, whose),
                story_rows.touches(connection, whose, limit),
                story_rows.calls(connection, whose, limit),
                story_rows.events(connection, whose),
            )

        def bare() -> object:
            return [driven.execute(sql, (whose,)).fetchall() for sql in _STORY]

        entries = len(read_story(connection, CONFIG, whose, NOW_US).entries)
        rows, floor = in_turn(by_store, bare, 30)
        whole, _ = in_turn(lambda: read_story(connection, CONFIG, whose, NOW_US), lambda: None, 30)
    return [
        ratio(f"story of {entries} entries, store queries / bare SQL", rows, floor, 1.3),
        ratio(f"story of {entries} entries / bare SQL of its rows", whole, floor, None),
    ]
