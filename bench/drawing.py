"""What a changed cell costs: processor time against the barest widget, and bytes on the terminal."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.drawn import CHANGES
from bench.measure import Figure, ratio
from bench.terminal import terminal

ROUNDS = 3


def drawn(kind: str, rows: int, cells: int) -> tuple[float, float]:
    """Processor seconds and bytes a change of `cells` cells in `rows` rows."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "seconds"
        words = [sys.executable, "-m", "bench.drawn", kind, str(rows), str(cells), str(out)]
        with terminal(words) as shown:
            shown.until(b"begin\x07")
            shown.quiet(0.1)
            written = 0
            while not out.exists():
                written += len(shown.read(0.05))
        return float(out.read_text()), written / CHANGES


def figures() -> list[Figure]:
    """One cell, thirty cells, none; 12 rows and 5,000."""
    found: list[Figure] = []
    spent: dict[tuple[int, int], float] = {}
    for rows, cells in ((12, 0), (12, 1), (12, 30), (5000, 0), (5000, 1), (5000, 30)):
        runs = [(drawn("board", rows, cells), drawn("bare", rows, cells)) for _ in range(ROUNDS)]
        board, bare = median(r[0][0] for r in runs), median(r[1][0] for r in runs)
        written = median(r[0][1] for r in runs)
        spent[rows, cells] = board
        what = f"board of {rows:,} rows, {cells} cells change"
        if cells:
            found.append(ratio(f"{what}: CPU / bare widget", board, bare, 2))
        goal = min(cells, rows) * 300 + 100 if cells else 0
        found.append(
            Figure(f"{what}: bytes", f"{written:,.0f} B", f"{median(r[1][1] for r in runs):,.0f} B", written, goal, "B")
        )
    found.append(ratio("board: CPU of one cell, 5,000 rows / 12 rows", spent[5000, 1], spent[12, 1], 1.2))
    return found
