"""An import of a million rows, first and again: time and memory against ready rows upserted by the bare driver."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import records
from bench.measure import Figure, ratio
from store import sqlite
from store.engine import create_store

ROWS = int(os.environ.get("BENCH_ROWS", 1_000_000))
ROUNDS = 2
MORE_MB = 64


@dataclass
class Run:
    """What a process took: seconds by the clock and of the processor, and MB at its height."""

    wall: float
    cpu: float
    mb: float
    out: str


@dataclass
class Runs:
    """The same import into a store, into the same store again, and its ready rows by the bare driver; `same`: the
    second time changed nothing."""

    first: list[Run] = field(default_factory=list)
    again: list[Run] = field(default_factory=list)
    floor: list[Run] = field(default_factory=list)
    same: bool = True

    def middle(self, whose: str, which: str) -> float:
        """The median of one figure of the runs of one kind."""
        return statistics.median(getattr(run, which) for run in getattr(self, whose))


def ran(*words: str) -> Run:
    """Run a command to its end. RuntimeError where it fails."""
    told = subprocess.run([sys.executable, "-m", "bench.ran", *words], stdout=subprocess.PIPE, check=True).stdout
    took = json.loads(told)
    if took.pop("status"):
        raise RuntimeError(f"{' '.join(words)} failed")
    return Run(**took)


_SUMS = (
    "SELECT * FROM tally ORDER BY identity_id, day",
    "SELECT * FROM contact_histogram WHERE customers > 0 ORDER BY contacts",
    "SELECT id, ref, contacts, last_us, last_day, on_last_day FROM customer ORDER BY id",
    "SELECT customer_id, number, count(*) FROM contact GROUP BY customer_id, number ORDER BY customer_id, number",
)


def numbers(store: Path) -> list[tuple[object, ...]]:
    """Every tally, contact number and line of the histogram, and how many rows each table has, less the journal's."""
    connection = sqlite.connect(store, "ro", 10)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
    found = [
        (name, *connection.execute(f'SELECT count(*) FROM "{name}"').fetchone())
        for name in sorted(tables)
        if name not in ("journal", "contact_histogram")
    ]
    for sql in _SUMS:
        found += connection.execute(sql).fetchall()
    connection.close()
    return found


def told(run: Run, rows: int, new: int) -> None:
    """RuntimeError unless the import says that all rows were read and `new` of them were."""
    said = json.loads(run.out)
    if (said["rows"], said["new"], said["changed"], said["rejected"]) != (rows, new, 0, 0):
        raise RuntimeError(f"the import came out otherwise: {said}")


def compared(folder: Path, begun: Path, what: str, rows: int, *words: str, rounds: int = ROUNDS) -> Runs:
    """Run `supervisor import WORDS` of `rows` rows, by turns with its floor, each into a copy of the store `begun`.
    `what`: calls or customers. The configuration is in `folder`."""
    floor, bare_store, ready = folder / "floor.db", folder / "bare.db", folder / f"ready-{what}"
    supervisor = str(Path(sys.executable).parent / "supervisor")
    command = [supervisor, "--config", str(folder / "supervisor.toml"), "import", what, *words, "--json"]
    runs = Runs()
    for _ in range(rounds):
        shutil.copy(begun, floor)
        runs.first.append(ran(*command))
        told(runs.first[-1], rows, rows)
        before = numbers(floor)
        runs.again.append(ran(*command))
        told(runs.again[-1], rows, 0)
        runs.same = runs.same and numbers(floor) == before
        if not ready.exists():
            subprocess.run([sys.executable, "-m", "bench.bare", "ready", str(floor), str(ready), what], check=True)
        shutil.copy(begun, bare_store)
        runs.floor.append(ran(sys.executable, "-m", "bench.bare", "insert", str(ready), str(bare_store)))
        if numbers(bare_store) != before:
            raise RuntimeError("the floor wrote other rows")
    return runs


def shown(what: str, runs: Runs, goal: float) -> list[Figure]:
    """Time by the clock and of the processor, memory, and the same file again."""
    clock, again, floor = (runs.middle(whose, "wall") for whose in ("first", "again", "floor"))
    ours_mb, floor_mb = runs.middle("first", "mb"), runs.middle("floor", "mb")
    return [
        ratio(f"{what} / bare executemany", clock, floor, goal, "s", 1),
        ratio(f"{what}, processor alone", runs.middle("first", "cpu"), runs.middle("floor", "cpu"), None, "s", 1),
        ratio("the same file again / bare executemany", again, floor, 0.7, "s", 1),
        Figure("the same file again: numbers changed", "0" if runs.same else "some", "0", float(not runs.same), 0, ""),
        Figure(
            "import: memory above the floor's",
            f"{ours_mb:.0f} MB",
            f"{floor_mb:.0f} MB",
            ours_mb - floor_mb,
            MORE_MB,
            "MB",
        ),
    ]


def records_of(master: Path) -> Sequence[str]:
    """The words that import a Master.csv."""
    return str(master), "--source", "records", "--format", "asterisk-csv"


def figures() -> list[Figure]:
    """Into a store that knows no customer: every effective call waits for a person."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        master, empty = folder / "Master.csv", folder / "empty.db"
        (folder / "supervisor.toml").write_text(records.CONFIGURATION)
        records.write_master_csv(master, ROWS)
        create_store(str(empty)).close()
        runs = compared(folder, empty, "calls", ROWS, *records_of(master))
    return shown(f"import of {ROWS:,} rows", runs, 1.3)
