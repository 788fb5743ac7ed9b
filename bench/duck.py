"""DuckDB on the calls of a store, for bench.audit. It is run as a script, by whichever Python has DuckDB, and imports
nothing of the project.

`duck.py make CSV PARQUET` makes the one of the other; `duck.py group PARQUET FIRST LAST ROUNDS` prints JSON: the sums
by phone of the days FIRST to LAST, added up, and median seconds of the group-by, by the clock and of the processor.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

GROUP_BY = """
SELECT identity_id, count(*), sum(dial), sum(connected), sum(effective),
    sum(CASE WHEN direction IN ('outbound', 'inbound') THEN talk_ms END), sum(legs)
FROM {table} WHERE day BETWEEN ? AND ? GROUP BY identity_id
"""


def make(csv: str, parquet: str) -> None:
    """Write the rows of a CSV as Parquet."""
    import duckdb

    duckdb.execute(f"COPY (SELECT * FROM read_csv('{csv}')) TO '{parquet}' (FORMAT parquet)")


def group(parquet: str, first: int, last: int, rounds: int) -> dict[str, object]:
    """Return sums over all phones and what each round took, at the median."""
    import duckdb

    wall, processor = [], []
    rows: list[tuple[int | None, ...]] = []
    for _ in range(rounds):
        begun = time.perf_counter(), time.process_time()
        rows = duckdb.execute(GROUP_BY.format(table=f"'{parquet}'"), [first, last]).fetchall()
        wall.append(time.perf_counter() - begun[0])
        processor.append(time.process_time() - begun[1])
    sums = [sum(int(value or 0) for value in column) for column in list(zip(*rows, strict=True))[1:]]
    return {"sums": sums, "wall": statistics.median(wall), "cpu": statistics.median(processor)}


if __name__ == "__main__":
    what, file, *words = sys.argv[1:]
    if what == "make":
        make(file, *words)
    else:
        print(json.dumps(group(file, *map(int, words))))
