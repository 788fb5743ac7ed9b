"""An import of a million rows, first and again: time and memory against ready rows upserted by the bare driver."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
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


def ran(*words: str) -> Run:
    """Run a command to its end. RuntimeError where it fails."""
    told = subprocess.run([sys.executable, "-m", "bench.ran", *words], stdout=subprocess.PIPE, check=True).stdout
    took = json.loads(told)
    if took.pop("status"):
        raise RuntimeError(f"{' '.join(words)} failed")
    return Run(**took)


def numbers(store: Path) -> list[tuple[object, ...]]:
    """Every tally, and how many rows each table has."""
    connection = sqlite.connect(store, "ro", 10)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
    found = [(name, *connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()) for name in sorted(tables)]
    found += connection.execute("SELECT * FROM tally ORDER BY identity_id, day").fetchall()
    connection.close()
    return found


def told(run: Run, new: int) -> None:
    """RuntimeError unless the import says that all rows were read and `new` of them were."""
    said = json.loads(run.out)
    if (said["rows"], said["new"], said["changed"], said["rejected"]) != (ROWS, new, 0, 0):
        raise RuntimeError(f"the import came out otherwise: {said}")


def figures() -> list[Figure]:
    """Time by the clock and of the processor, memory, and the same file again."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        master, empty, ready = folder / "Master.csv", folder / "empty.db", folder / "ready"
        floor, bare_store = folder / "floor.db", folder / "bare.db"
        configuration = folder / "supervisor.toml"
        configuration.write_text(records.CONFIGURATION)
        records.write_master_csv(master, ROWS)
        create_store(str(empty)).close()
        supervisor = [str(Path(sys.executable).parent / "supervisor"), "--config", str(configuration)]
        words = [
            *supervisor,
            "import",
            "calls",
            str(master),
            "--source",
            "records",
            "--format",
            "asterisk-csv",
            "--json",
        ]
        first: list[Run] = []
        again: list[Run] = []
        floors: list[Run] = []
        same = True
        for _ in range(ROUNDS):
            shutil.copy(empty, floor)
            first.append(ran(*words))
            told(first[-1], ROWS)
            before = numbers(floor)
            again.append(ran(*words))
            told(again[-1], 0)
            same = same and numbers(floor) == before
            if not ready.exists():
                subprocess.run([sys.executable, "-m", "bench.bare", "ready", str(floor), str(ready)], check=True)
            shutil.copy(empty, bare_store)
            floors.append(ran(sys.executable, "-m", "bench.bare", "insert", str(ready), str(bare_store)))
            if numbers(bare_store) != before:
                raise RuntimeError("the floor wrote other rows")
    what = f"import of {ROWS:,} rows"

    def middle(runs: list[Run], which: str) -> float:
        return statistics.median(getattr(run, which) for run in runs)

    ours_mb, floor_mb = middle(first, "mb"), middle(floors, "mb")
    return [
        ratio(f"{what} / bare executemany", middle(first, "wall"), middle(floors, "wall"), 1.3, "s", 1),
        ratio(f"{what}, processor alone", middle(first, "cpu"), middle(floors, "cpu"), None, "s", 1),
        ratio("the same file again / bare executemany", middle(again, "wall"), middle(floors, "wall"), 0.7, "s", 1),
        Figure("the same file again: numbers changed", "0" if same else "some", "0", float(not same), 0, ""),
        Figure(
            "import: memory above the floor's",
            f"{ours_mb:.0f} MB",
            f"{floor_mb:.0f} MB",
            ours_mb - floor_mb,
            MORE_MB,
            "MB",
        ),
    ]
