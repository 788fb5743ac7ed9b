"""One line of cells, drawn only where it changed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens import themes
from screens.widgets.cells import BLANK, Cell, Piece, changed, sides


class Lines(Widget):
    """A few lines, each with cells at its left and at its right edge. `show` draws what differs, and nothing else."""

    DEFAULT_CSS = "Lines { height: 1; }"

    def __init__(self, *, fill: Cell = BLANK, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._fill = fill
        self._content: list[tuple[Sequence[Cell], Sequence[Cell]]] = []
        self._drawn: dict[int, list[Piece]] = {}

    def show(self, *lines: tuple[Sequence[Cell], Sequence[Cell]]) -> None:
        """Show `lines`, each (cells at the left, cells at the right). The right gives way where both do not fit."""
        self._content = list(lines)
        for y in range(self.content_size.height):
            new = self._pieces(y)
            if (old := self._drawn.get(y)) is not None and (span := changed(old, new)):
                self.refresh(Region(span[0] + self.gutter.left, y + self.gutter.top, span[1] - span[0], 1))
            self._drawn[y] = new

    def _pieces(self, y: int) -> list[Piece]:
        left, right = self._content[y] if y < len(self._content) else ((), ())
        return sides(left, right, self.content_size.width, self._fill)

    def render_line(self, y: int) -> Strip:
        pieces = self._drawn[y] = self._pieces(y)
        theme = themes.name_of(self.app)
        segments = [Segment(text, themes.style(theme, role)) for text, role in pieces]
        return Strip(segments, self.content_size.width).apply_style(self.rich_style)
