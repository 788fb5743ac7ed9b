"""A board, or the barest widget that can show its lines, changed a hundred times in a terminal. For `bench.drawing`.

`python -m bench.drawn board|bare ROWS CELLS FILE`: change CELLS cells at a time; write CPU seconds a change to FILE.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens import themes
from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell, Column

COLUMNS = tuple(Column(f"c{n}", f"head {n}", 9, right=n > 0) for n in range(10))
CHANGES = 100
PAUSE_S = 0.03

Row = Sequence[int]


def shape() -> Shape[Row]:
    """Ten columns of numbers."""
    return Shape(
        columns=lambda width: COLUMNS,
        cells=lambda row, now: {column.id: Cell(str(value)) for column, value in zip(COLUMNS, row, strict=True)},
        order=lambda row, column: row[0],
        text=lambda row: str(row[0]),
    )


class Bare(Widget):
    """Lines without a diff, a filter, a cursor or a sort: it is told which line and which columns changed."""

    DEFAULT_CSS = "Bare { height: 1fr; }"

    def __init__(self, rows: list[list[int]]) -> None:
        super().__init__()
        self.rows = rows

    def render_line(self, y: int) -> Strip:
        text = "".join(f" {value:>9}" for value in self.rows[y]) if y < len(self.rows) else ""
        return Strip([Segment(text.ljust(self.size.width))], self.size.width)

    def change(self, changed: Mapping[int, int]) -> None:
        """Redraw column `changed[y]` of each line y."""
        for y, column in changed.items():
            self.refresh(Region(column * 10, y, 10, 1))


class Drawn(App[None]):
    """Changes cells on a timer and counts the processor's time of it."""

    def __init__(self, kind: str, rows: int, cells: int, out: Path) -> None:
        super().__init__()
        self.values = [[row * 10 + column for column in range(10)] for row in range(rows)]
        self.kind, self.cells, self.out = kind, cells, out

    def compose(self) -> ComposeResult:
        yield Board(shape()) if self.kind == "board" else Bare(self.values)

    def on_mount(self) -> None:
        for theme in themes.themes():
            self.register_theme(theme)
        self.theme = "dark"
        self.run_worker(self._work(), exit_on_error=True)

    async def _work(self) -> None:
        board = self.query_one(Board) if self.kind == "board" else None
        items: dict[str, Row] = {str(key): tuple(row) for key, row in enumerate(self.values)}
        if board is not None:
            board.show(items, time.time_ns() // 1000)
        await asyncio.sleep(0.5)
        assert sys.__stderr__ is not None
        sys.__stderr__.write("\x1b]7;begin\x07")
        sys.__stderr__.flush()
        await asyncio.sleep(0.4)
        spent = 0.0
        for change in range(CHANGES):
            begun = time.process_time()
            changed = {(change + n) % min(len(self.values), 30): (change + n) % 10 for n in range(self.cells)}
            for y, column in changed.items():
                self.values[y][column] += 1
                items[str(y)] = tuple(self.values[y])
            if board is not None:
                board.show(items, time.time_ns() // 1000)
            else:
                self.query_one(Bare).change(changed)
            await asyncio.sleep(PAUSE_S)
            spent += time.process_time() - begun
        self.out.write_text(str(spent / CHANGES))
        await asyncio.sleep(0.3)  # what leaving writes to the terminal is no part of it
        self.exit()


if __name__ == "__main__":
    Drawn(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])).run(mouse=False)
