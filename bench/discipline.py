"""Discipline: a day evaluated, what judging it as it happens adds to the ingest of it, and reading flags of years.

Days of BENCH_PEOPLE specialists (1,000) with 205 calls each, behind them three days more of whose calls are counted.
All times are the processor's: reading and judging wait for nothing, and the machine may be shared.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bench import flagged, going_by
from bench.going_by import go_by, shown
from bench.measure import Figure, in_turn, middle, ratio, spent
from bench.watched import CONFIG, Importing, clock_us, copy_calls, imported, legs_of, put_people, put_weighed
from store import evaluation as rows
from store import flag_book
from store.engine import BULK, Store, create_store, open_store
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline import read
from supervisor.duties.discipline.day import read_day
from supervisor.duties.discipline.evaluate import differs, evaluate_day, judge, keep, uncollected
from supervisor.duties.discipline.findings import AUTOMATIC
from supervisor.duties.discipline.page import read_page
from supervisor.duties.discipline.tryout import try_out

PEOPLE = int(os.environ.get("BENCH_PEOPLE", 1_000))
DAY = 20_261_124
FIRST, COPIES = 20_261_118, (20_261_119, 20_261_120)
"""Working days of the week before, and two copies of the first with other people; one more goes by: bench.going_by."""
EVALUATED = 2.5
A_READ_MS = 250
"""How long a reader may stay in the store: store.engine."""
FEW, TRIED_DAYS = 50, 30

CALENDAR = calendar_of(CONFIG.floor)

_ALL = frozenset(rule.code for rule in AUTOMATIC)
_WAITS = "f.state IN ('open', 'explained')"
_SETTLED = f"f.day >= ? AND NOT ({_WAITS}) AND (f.day >= ? OR f.decided_day >= ?)"
_FLAGS = """
SELECT f.id, f.version, f.kind, f.rule, f.specialist_id, f.identity_id, coalesce(s.name, source.name || ':' || i.agent),
    team.name, f.day, f.at_us, f.severity, f.evidence, f.excuses, f.state, f.reply, f.replied_us, f.decision,
    f.decided_us, f.decided_day, f.decided_by, f.why, f.points, f.raised_us, f.raised_by
FROM flag AS f LEFT JOIN specialist AS s ON s.id = f.specialist_id LEFT JOIN team ON team.id = s.team_id
LEFT JOIN phone_identity AS i ON i.id = f.identity_id LEFT JOIN source ON source.id = i.source_id
WHERE %s ORDER BY f.at_us DESC, f.id DESC
"""


class _BackError(Exception):
    """Takes a transaction back."""


def figures() -> list[Figure]:
    """A day as it goes by, the same day when it is over, and flags as they are read."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        path = Path(name) / "floor.db"
        source = _week(path)
        quarters, beside = go_by(path, Importing(source), PEOPLE)
        with closing(create_store(str(path), tuning=BULK)) as store:
            put_weighed(store, source, DAY, PEOPLE)
        whole = imported(path, Importing(source), legs_of(DAY, PEOPLE))
        with closing(create_store(str(path))) as store:
            return [*_evaluated(store, whole), *shown(quarters, whole), beside, *_read(Path(name) / "flags.db")]


def _week(path: Path) -> int:
    """Fill the store with people, customers and the days before; return the source."""
    with closing(create_store(str(path), tuning=BULK)) as store:
        source = put_people(store, PEOPLE)
        Importing(source).whole(store, legs_of(FIRST, PEOPLE))
        copy_calls(store, FIRST, COPIES, PEOPLE)
        put_weighed(store, source, going_by.DAY, PEOPLE)
    return source


# -- a day that is over -------------------------------------------------------------------------------------------


def _evaluated(store: Store, whole: float) -> list[Figure]:
    """Anew, taken back each time, then with everything kept: against reading the day's calls, and all its rows."""
    now_us = clock_us(DAY, 20)
    with store.read() as connection, uncollected():
        told = read_day(connection, CONFIG, DAY, now_us)
        judged = judge(told, CONFIG, _ALL)

    def reads(read: Callable[[Connection], object]) -> Callable[[], None]:
        def work() -> None:
            with store.read() as connection, uncollected():
                read(connection)

        return work

    def writes(write: Callable[[Connection], object]) -> Callable[[], None]:
        def work() -> None:
            with suppress(_BackError), store.write() as connection:
                write(connection)
                raise _BackError

        return work

    def judges() -> None:
        with uncollected():
            judge(told, CONFIG, _ALL)

    by_driver = reads(lambda connection: rows.calls(connection, DAY))
    by_reader = reads(lambda connection: read_day(connection, CONFIG, DAY, now_us))
    evaluates = writes(lambda connection: evaluate_day(connection, CONFIG, DAY, now_us))
    keeps = writes(lambda connection: keep(connection, judged, now_us))
    bare, read_s, judge_s, first_s, keep_s = middle((by_driver, by_reader, judges, evaluates, keeps))
    with store.write() as connection:
        done = evaluate_day(connection, CONFIG, DAY, now_us)
    again_bare, again_read, again_s, kept_s = middle((by_driver, by_reader, evaluates, keeps))
    with store.read() as connection:
        if differs(connection, judged):
            raise RuntimeError("evaluated again, it came out otherwise")
    what = f"a day of {PEOPLE:,}, {len(told.calls):,} calls"
    return [
        ratio(f"{what}, {done.raised:,} flags raised / calls read by the driver", first_s, bare, EVALUATED),
        ratio("the same / all its rows read", first_s, read_s, EVALUATED),
        ratio("evaluated again, nothing changes / calls read by the driver", again_s, again_bare, EVALUATED),
        ratio("the same / all its rows read", again_s, again_read, EVALUATED),
        ratio("of this: all its rows read / calls read by the driver", read_s, bare, None),
        ratio("of this: rules / all its rows read", judge_s, read_s, None),
        ratio("of this: flags kept / all its rows read", keep_s, read_s, None),
        ratio("of this: flags found as they are kept / all its rows read", kept_s, again_read, None),
        ratio("evaluated once, all rules / import of the day", first_s, whole, None, "s", 1),
    ]


# -- flags of years -----------------------------------------------------------------------------------------------


def _read(path: Path) -> list[Figure]:
    """Mode 5, the floor's panel and a page; then thirty days of calls, to try a threshold out on."""
    now_us = clock_us(DAY, 15)
    with closing(create_store(str(path), tuning=BULK)) as store:
        source = put_people(store, FEW)
        importing = Importing(source)
        days = [day for ago in range(1, TRIED_DAYS + 1) if CALENDAR.spans(day := read.back(DAY, ago))]
        for day in days:
            importing.whole(store, legs_of(day, FEW))
        flagged.put_flags(store, DAY, FEW)
    with closing(open_store(str(path))) as store:
        found = _lists(store, now_us)
        for key, value in (("console.idle_act_minutes", 30.0), ("discipline.private_talk_minutes", 5.0)):
            taken = [spent(lambda k=key, v=value: try_out(store.read, CONFIG, k, v, now_us)) for _ in range(3)]  # type: ignore[misc]
            took = statistics.median(taken)
            what = f"try-out of {key}, {len(days)} days of {FEW} people"
            found.append(Figure(what, f"{took * 1000:,.0f} ms", "", took * 1000, None, "ms"))
        return found


def _lists(store: Store, now_us: int) -> list[Figure]:
    """Mode 5 with nothing remembered and with its lists remembered, the panel, a page and a flag."""
    today = CALENDAR.today(now_us)
    far, near = read.back(today, read.LATE_DAYS), read.back(today, read.RECENT_DAYS - 1)
    with store.read() as connection, uncollected():
        driven: Any = connection.connection.driver_connection

        def bare() -> list[Any]:
            waiting: list[Any] = driven.execute(_FLAGS % _WAITS).fetchall()
            settled: list[Any] = driven.execute(_FLAGS % _SETTLED, (far, near, near)).fetchall()
            return waiting + settled

        def mode() -> read.Lists:
            lists = read.read_lists(connection, CONFIG, today)
            read.read_discipline(connection, CONFIG, now_us, lists)
            return lists

        lists = mode()
        listed = len(lists.open) + len(lists.decided)
        if listed != len(bare()):
            raise RuntimeError(f"the floor read {len(bare())} flags, not {listed}")
        whole, floor = in_turn(mode, bare, 9, time.process_time)
        others: tuple[tuple[str, Callable[[], object]], ...] = (
            ("mode 5 when nothing became of a flag", lambda: read.read_discipline(connection, CONFIG, now_us, lists)),
            ("the floor's panel of flags", lambda: read.read_panel(connection, CONFIG, now_us)),
            ("the panel's question whether anything changed", lambda: flag_book.stamp(connection)),
            ("a person's page, 90 days", lambda: read_page(connection, CONFIG, 1, now_us)),
            ("a flag in full", lambda: read.read_flag(connection, CONFIG, 1, now_us)),
        )
        taken = middle([action for _, action in others], 21)
    of = f"{flagged.OPEN:,} open flags, {flagged.PAST:,} past ones"
    return [
        Figure(f"all of mode 5, {of}, {listed:,} lines", f"{whole * 1000:.0f} ms", "", whole * 1000, A_READ_MS, "ms"),
        ratio("the same / bare SQL of its flags", whole, floor, None),
        *(
            Figure(what, f"{took * 1000:.2f} ms", "", took * 1000, A_READ_MS, "ms")
            for (what, _), took in zip(others, taken, strict=True)
        ),
    ]
