"""The audit of a day with 40,000 calls and of a month with 1,250,000, in a store of BENCH_LEGS legs; also as commands.

The floors are SQL by the driver on the same connection; the peer is DuckDB on the same calls as Parquet. DuckDB is none
of the project's packages: it is taken from this Python, else from the one that harlequin was installed with.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from bench import audited, duck
from bench.audited import CONFIG, DAY, FIRST, LAST, MONTH, NOW_US
from bench.measure import Figure, ratio
from bench.reading import A_LEG_TAKES, LEGS
from store import sqlite
from store.engine import open_store
from supervisor.calendar import day_text
from supervisor.duties.audit.month import read_month
from supervisor.duties.audit.read import read_audit
from supervisor.duties.audit.snapshots import DayAudit, MonthAudit, Totals
from supervisor.duties.calls.floor import calendar_of

ROUNDS = 5
A_DAY, A_MONTH = 4, 1
"""Times the bare SQL."""
A_DAY_S, A_MONTH_S = 1.5, 2.5
"""Start to result of the commands."""

_CALLS = """
SELECT source.name || ':' || c.group_id, c.identity_id, c.direction, coalesce(c.number, c.number_raw), c.started_us,
    c.answered_us, c.ended_us, c.talk_ms, c.dial, c.connected, c.effective, c.progress, c.legs, c.outcome
FROM call AS c JOIN source ON source.id = c.source_id WHERE c.day = ? ORDER BY c.started_us, source.name, c.group_id
"""
_WHOSE = """
SELECT DISTINCT n.number, c.id, c.company, c.time_zone, c.dnc_us, c.dnc_why FROM customer_number AS n
JOIN customer AS c ON c.id = n.customer_id WHERE n.number IN (SELECT number FROM call WHERE day = ?)
"""
_LOGS = """
SELECT e.id, e.specialist_id, s.name, team.name, c.id, c.company, e.channel, e.at_us, e.claimed_ms, e.outcome, e.note,
    e.accepted_by
FROM contact AS e JOIN customer AS c ON c.id = e.customer_id LEFT JOIN specialist AS s ON s.id = e.specialist_id
LEFT JOIN team ON team.id = s.team_id
WHERE e.origin = 'hand' AND e.counters IS NULL AND e.at_us >= ? AND e.at_us < ? ORDER BY e.at_us, e.id
"""
_GROUP_BY = duck.GROUP_BY.format(table="call")
_COLUMNS = "identity_id, day, direction, dial, connected, effective, talk_ms, legs"


_IMPORTS = "import duckdb"
_BARE = """
import sys
try:
    import pysqlite3.dbapi2 as sqlite3
except ImportError:
    import sqlite3
path, sql, first, last = sys.argv[1:]
print(len(sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(sql, (int(first), int(last))).fetchall()))
"""


class Took(NamedTuple):
    """Median seconds, by the clock and of the processor."""

    wall: float
    cpu: float


class Read(NamedTuple):
    """What was read: `what`, as it is named to the command, its days, its sums as SQL adds them up, what it took, and
    the goal of the command in seconds."""

    what: str
    when: str
    first: int
    last: int
    sums: Sequence[int]
    took: Took
    goal: float


def figures() -> list[Figure]:
    """Ratios of the processor's time, the clock's beside them; commands by the clock."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        free, needed = shutil.disk_usage(folder).free, LEGS * A_LEG_TAKES
        if free < needed:
            what = f"audit: needs {needed >> 30} GB in {folder.parent}, {free >> 30} are free"
            return [Figure(what, "", "", 0, None)]
        begun = time.perf_counter()
        made = audited.fill(folder / "floor.db", LEGS)
        spent = time.perf_counter() - begun
        size = (folder / "floor.db").stat().st_size >> 20
        what = f"made {made.legs:,} legs ({size:,} MB), {made.of_day:,} calls of a day, {made.of_month:,} of a month"
        return [Figure(what, f"{spent:,.0f} s", "", spent, None, "s"), *measured(folder)]


def measured(folder: Path) -> list[Figure]:
    """All figures of the store that was made in `folder`."""
    day, month, found = _read(folder / "floor.db")
    peer = _with_duckdb()
    if peer is None:
        found.append(Figure("DuckDB: left out, it is not installed", "", "", 0, None))
    else:
        _export(folder, peer)
        found += [*_beside(folder, peer, day), *_beside(folder, peer, month)]
    return [*found, *_command(folder, peer, day), *_command(folder, peer, month)]


def by_turns(actions: Sequence[Callable[[], object]]) -> list[Took]:
    """What each of `actions` takes, which run by turns after one round that is not counted."""
    taken: list[list[Took]] = [[] for _ in actions]
    for counted in range(ROUNDS + 1):
        for action, times in zip(actions, taken, strict=True):
            begun = time.perf_counter(), time.process_time()
            action()
            if counted:
                times.append(Took(time.perf_counter() - begun[0], time.process_time() - begun[1]))
    return [_median(times) for times in taken]


def _median(times: Sequence[Took]) -> Took:
    return Took(*(statistics.median(column) for column in zip(*times, strict=True)))


def _compared(what: str, ours: Took, floor: Took, goal: float | None) -> list[Figure]:
    return [ratio(what, ours.cpu, floor.cpu, goal), ratio("the same by the clock", ours.wall, floor.wall, None)]


# -- reading ------------------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[Read, Read, list[Figure]]:
    """Day and month, which have the sums that SQL has, and what they take beside it."""
    begin_us, end_us = calendar_of(CONFIG.floor).bounds(DAY)
    with closing(open_store(str(path))) as store, store.read() as connection:
        driven: Any = connection.connection.driver_connection

        def rows(sql: str, *told: object) -> list[Any]:
            found: list[Any] = driven.execute(sql, told).fetchall()
            return found

        def day() -> DayAudit:
            return read_audit(connection, CONFIG, DAY, NOW_US)

        def month() -> MonthAudit:
            return read_month(connection, CONFIG, MONTH, NOW_US)

        def calls() -> list[Any]:
            return rows(_CALLS, DAY)

        def day_rows() -> list[list[Any]]:
            return [calls(), rows(_WHOSE, DAY), rows(_LOGS, begin_us, end_us)]

        def grouped_day() -> list[Any]:
            return rows(_GROUP_BY, DAY, DAY)

        def grouped_month() -> list[Any]:
            return rows(_GROUP_BY, FIRST, LAST)

        which = _which(day())
        day_sums, month_sums = _added(grouped_day()), _added(grouped_month())
        _agree("the audit of the day", _of(day().totals), day_sums)
        _agree("the audit of the month", _of(month().totals), month_sums)
        day_s, rows_s, calls_s, grouped_day_s = by_turns((day, day_rows, calls, grouped_day))
        month_s, grouped_month_s = by_turns((month, grouped_month))
    found = [
        *_compared(f"a day, {which} / bare SQL of its calls, customers and logs", day_s, rows_s, A_DAY),
        ratio("the same / bare SQL of its calls alone", day_s.cpu, calls_s.cpu, None),
        *_compared("the same / bare SQL group-by", day_s, grouped_day_s, None),
        *_compared(f"a month, {month_sums[0]:,} calls / bare SQL group-by", month_s, grouped_month_s, A_MONTH),
    ]
    return (
        Read("day", day_text(DAY), DAY, DAY, day_sums, day_s, A_DAY_S),
        Read("month", day_text(FIRST)[:7], FIRST, LAST, month_sums, month_s, A_MONTH_S),
        found,
    )


def _which(day: DayAudit) -> str:
    """What of a day there is. RuntimeError where it does not add up."""
    if not day.balanced:
        raise RuntimeError(f"the day does not add up: {'; '.join(day.residue)}")
    return f"{day.totals.calls:,} calls, {day.totals.contacts:,} logs, {len(day.discrepancies):,} discrepancies"


def _added(rows: Sequence[Sequence[Any]]) -> list[int]:
    """The sums of all phones: calls, dials, connected, effective, talk (ms), legs."""
    return [sum(int(value or 0) for value in column) for column in list(zip(*rows, strict=True))[1:]]


def _of(totals: Totals) -> list[int]:
    return [totals.calls, totals.dials, totals.connected, totals.effective, totals.talk_ms, totals.legs]


def _agree(who: str, theirs: Sequence[int], sums: Sequence[int]) -> None:
    if list(theirs) != list(sums):
        raise RuntimeError(f"{who} has the sums {list(theirs)}, bare SQL {list(sums)}")


# -- the peer -----------------------------------------------------------------------------------------------------


def _with_duckdb() -> str | None:
    """The Python that has DuckDB."""
    harlequin = os.environ.get("BENCH_HARLEQUIN", "")
    pythons = [sys.executable, *([str(Path(harlequin).parent / "python")] if os.access(harlequin, os.X_OK) else [])]
    tried = ((python, subprocess.run([python, "-c", _IMPORTS], check=False, capture_output=True)) for python in pythons)
    return next((python for python, told in tried if told.returncode == 0), None)


def _duck(folder: Path, peer: str, read: Read, rounds: int) -> list[str]:
    told = (folder / "call.parquet", read.first, read.last, rounds)
    return [peer, "-P", duck.__file__, "group", *map(str, told)]


def _export(folder: Path, peer: str) -> None:
    """Write all calls as Parquet."""
    text = folder / "call.csv"
    with closing(sqlite.connect(folder / "floor.db", "ro", 10)) as driven, text.open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(_COLUMNS.split(", "))
        write.writerows(driven.execute(f"SELECT {_COLUMNS} FROM call ORDER BY day"))
    _run([peer, "-P", duck.__file__, "make", str(text), str(folder / "call.parquet")])
    text.unlink()


def _beside(folder: Path, peer: str, read: Read) -> list[Figure]:
    """What was read beside the peer's group-by, which has the same sums."""
    told = json.loads(_run(_duck(folder, peer, read, ROUNDS)))
    _agree("DuckDB", told["sums"], read.sums)
    took = Took(told["wall"], told["cpu"])
    return _compared(f"a {read.what} / DuckDB's group-by of Parquet", read.took, took, None)


def _run(words: Sequence[str]) -> str:
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout


# -- the commands -------------------------------------------------------------------------------------------------


def _command(folder: Path, peer: str | None, read: Read) -> list[Figure]:
    """Start to result of whole processes, by turns; JSON thrown away once its sums were looked at."""
    configuration = folder / "floor.toml"
    configuration.write_text(audited.TEXT)
    supervisor = [str(Path(sys.executable).parent / "supervisor"), "--config", str(configuration)]
    commands = [
        [*supervisor, "audit", read.what, read.when, "--format", "json"],
        [sys.executable, "-c", _BARE, str(folder / "floor.db"), _GROUP_BY, str(read.first), str(read.last)],
        *([] if peer is None else [_duck(folder, peer, read, 1)]),
    ]
    taken: list[list[Took]] = [[] for _ in commands]
    for counted in range(ROUNDS + 1):
        for place, (words, times) in enumerate(zip(commands, taken, strict=True)):
            told = json.loads(_run([sys.executable, "-m", "bench.ran", *words]))
            ours = place == 0
            if told["status"] not in ((0, 1) if ours else (0,)):
                raise RuntimeError(f"{' '.join(words)} failed")
            if ours and json.loads(told["out"])["totals"]["calls"] != read.sums[0]:
                raise RuntimeError(f"{' '.join(words)} has other sums")
            if counted:
                times.append(Took(told["wall"], told["cpu"]))
    took, bare, *others = (_median(times) for times in taken)
    name = f"supervisor audit {read.what}, start to result"
    found = [
        Figure(name, f"{took.wall:,.2f} s", "", took.wall, read.goal, "s"),
        Figure("processor's time alone", f"{took.cpu:,.2f} s", "", took.cpu, None, "s"),
        *_compared("the same / bare Python with the SQL group-by", took, bare, None),
    ]
    for other in others:
        found += _compared("the same / Python with DuckDB's group-by", took, other, None)
    return found
