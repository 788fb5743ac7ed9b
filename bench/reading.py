"""Reading on large stores: the board, audit totals of a day and of a month, a query of one's own, `supervisor status`.

One store is filled by the bulk ingest; a copy is kept where it has a tenth of its size. BENCH_LEGS is the whole size.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from bench import records
from bench.measure import Figure, command, in_turn, ratio
from store import calls, floor, roster, sqlite
from store.engine import BULK, Store, create_store, open_store
from supervisor.config import Config
from supervisor.duties.calls.day import read_calls
from supervisor.duties.roster import Member, put_members
from supervisor.ingest import rules_of

LEGS = int(os.environ.get("BENCH_LEGS", 10_000_000))
BATCH = 100_000
A_LEG_TAKES = 1_400
"""Bytes of disk at most, with what belongs to it."""
ROUNDS = 200

Read = Callable[[Connection], object]

CALLS = """
SELECT c.source_id, s.name, c.group_id, c.identity_id, i.agent, p.name, c.direction, c.number, c.number_raw,
       c.started_us, c.answered_us, c.ended_us, c.talk_ms, c.outcome, c.dial, c.connected, c.effective, c.approximate
FROM call c JOIN source s ON s.id = c.source_id LEFT JOIN phone_identity i ON i.id = c.identity_id
LEFT JOIN assignment a ON a.identity_id = c.identity_id AND a.since <= ? AND (a.until IS NULL OR a.until > ?)
LEFT JOIN specialist p ON p.id = a.specialist_id
WHERE c.day = ? ORDER BY c.started_us, s.name, c.group_id
"""
TOTALS = (
    "SELECT identity_id, sum(dials), sum(connected), sum(effective), sum(talk_ms), sum(calls) FROM tally "
    "WHERE day BETWEEN ? AND ? GROUP BY identity_id"
)


def fill(folder: Path) -> tuple[Path, Path, float]:
    """Make the store and its tenth by the bulk ingest; return both and the seconds the ingest took."""
    large, small = folder / "large.db", folder / "small.db"
    spent = 0.0
    store = create_store(str(large), tuning=BULK)
    with store.write() as connection:
        source = roster.source(connection, "records", "files")
        people = [Member(f"Specialist {a}", f"Team {a[-1]}", "", None, (("records", a),)) for a in records.AGENTS]
        put_members(connection, list(enumerate(people)), {"records": "files"}, records.day_number(0))
    legs: list[calls.LegValues] = []
    days = LEGS // records.A_DAY
    for number in range(days):
        legs += records.legs_of_day(number)
        if len(legs) >= BATCH or number + 1 in (days // 10, days):
            begun = time.perf_counter()
            with store.write() as connection:
                calls.ingest(connection, source, legs, rules_of(Config()), None, 0)
            spent += time.perf_counter() - begun
            legs.clear()
        if number + 1 == days // 10:
            store.close()
            shutil.copy(large, small)
            store = create_store(str(large), tuning=BULK)
    store.close()
    return large, small, spent


def at_a_time(store: Store, read: Read, rounds: int = ROUNDS) -> float:
    """The median seconds of `read` in one open transaction."""
    taken = []
    with store.read() as connection:
        read(connection)
        for _ in range(rounds):
            begun = time.perf_counter()
            read(connection)
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def totals(first: int, last: int) -> Read:
    """The sums of every phone from `first` to `last`, as an audit adds them up."""
    return lambda connection: connection.exec_driver_sql(TOTALS, (first, last)).fetchall()


def bare_calls(path: Path, day: int) -> Callable[[], object]:
    """The calls of `day` by the bare driver."""
    connection = sqlite.connect(path, "ro", 10)
    return lambda: connection.execute(CALLS, (day, day, day)).fetchall()


def figures() -> list[Figure]:
    """In milliseconds, and as a ratio of the large store to its tenth."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        free, needed = shutil.disk_usage(folder).free, LEGS * A_LEG_TAKES
        if free < needed:
            return [
                Figure(f"reading: needs {needed >> 30} GB in {folder.parent}, {free >> 30} are free", "", "", 0, None)
            ]
        large, small, spent = fill(folder)
        found = [
            Figure(
                f"ingest of {LEGS:,} legs ({large.stat().st_size >> 20:,} MB)", f"{spent:,.0f} s", "", spent, None, "s"
            )
        ]
        found += _queries(large, small)
        found += _ad_hoc(large)
        found.append(_status(folder, large))
    return found


def _queries(large: Path, small: Path) -> list[Figure]:
    day = records.day_number(LEGS // records.A_DAY // 10 - 25)
    month = records.day_number(LEGS // records.A_DAY // 10 - 46)
    reads: tuple[tuple[str, Read, float], ...] = (
        ("board rows of a day", lambda connection: floor.phones(connection, day), 1),
        ("audit totals of a day", totals(day, day), 1),
        ("audit totals of a month", totals(month, day), 15),
    )
    found = []
    stores = open_store(str(large)), open_store(str(small))
    for what, read, goal in reads:
        taken = [[at_a_time(store, read) for store in stores] for _ in range(5)]
        big, little = (statistics.median(times) for times in zip(*taken, strict=True))
        shown = f"{big * 1000:.2f} ms", f"{little * 1000:.2f} ms"
        found.append(Figure(f"{what}, {LEGS:,} legs", *shown, big * 1000, goal, "ms"))
        found.append(Figure(f"{what}: growth from a tenth", *shown, big / little, 1.2))
    for store in stores:
        store.close()
    return found


def _ad_hoc(large: Path) -> list[Figure]:
    day = records.day_number(LEGS // records.A_DAY // 2)
    store = open_store(str(large))
    with store.read() as connection:
        ours, bare = in_turn(lambda: floor.calls(connection, day), bare_calls(large, day), 21)
        whole, _ = in_turn(lambda: read_calls(connection, day), lambda: None, 5)
    store.close()
    return [
        ratio("calls of a day, store query / bare SQL", ours, bare, 1.3),
        ratio("calls of a day with who talked / bare SQL of the calls", whole, bare, None),
    ]


def _status(folder: Path, large: Path) -> Figure:
    configuration, empty = folder / "supervisor.toml", folder / "empty.db"
    configuration.write_text(records.CONFIGURATION)
    create_store(str(empty)).close()
    words = [str(Path(sys.executable).parent / "supervisor"), "--config", str(configuration), "status", "--store"]
    ours, bare = in_turn(command(*words, str(large)), command(*words, str(empty)), 9)
    return ratio(f"supervisor status on {LEGS:,} legs / on an empty store", ours, bare, 1.2)
