"""The live board: keyed rows of cells, of which only the lines that changed are drawn.

Every live panel is one of these. It sorts and filters, keeps the cursor and the scroll on the row's key, and puts
nothing on the terminal when nothing changed. Put volatile columns left: Textual draws a line from its left edge to the
change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens import themes
from screens.keys import bindings
from screens.widgets.cells import EMPTY, Cell, Column, Piece, changed, fit, line, spread
from screens.widgets.shape import Shape

__all__ = ["Board", "Shape"]

T = TypeVar("T")

FRESH_SECONDS = 1.0
"""How long a value that just changed stays bright."""


class Board(Widget, Generic[T], can_focus=True):
    """Rows of one `Shape`. Feed it with `show`; it says `Moved` and `Chosen`."""

    DEFAULT_CSS = "Board { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("board"), *bindings("paging")]

    class Moved(Message):
        """The cursor stands on another row; `key` is None where there is none."""

        def __init__(self, board: Board[Any], key: str | None) -> None:
            super().__init__()
            self.board = board
            self.key = key

    class Chosen(Message):
        """A row was chosen with enter."""

        def __init__(self, board: Board[Any], key: str) -> None:
            super().__init__()
            self.board = board
            self.key = key

    def __init__(self, shape: Shape[T], *, heads: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shape = shape
        self._heads = int(heads)
        self._items: dict[str, T] = {}
        self._keys: list[str] = []
        self._places: dict[str, int] = {}
        self._now_us = 0
        self._key: str | None = None
        self._top = 0
        self.filtered = ""
        self._words: tuple[str, ...] = ()
        self._sort: str | None = None
        self._reverse = False
        self._empty: Sequence[str] = ()
        self._drawn: dict[int, tuple[list[Piece], str]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._fresh: dict[tuple[str, str], int] = {}
        self._layout: tuple[int, Sequence[Column], tuple[int, ...]] = (-1, (), ())

    # What it shows

    def show(self, items: Mapping[str, T], now_us: int) -> None:
        """Show `items` by key, in their order unless sorted. Only what differs from the lines on the screen is
        drawn."""
        before, self._items = self._items, dict(items)
        self.redraw(now_us, arrange=not self._stay(before))

    def redraw(self, now_us: int, *, arrange: bool = False) -> None:
        """Draw what time alone has changed; `arrange` sorts and filters anew."""
        self._now_us = now_us
        if arrange:
            self._arrange()
        for y in range(self.size.height):
            self._redraw_line(y)

    def _redraw_line(self, y: int) -> None:
        new, old = self._line(y), self._drawn.get(y)
        if old is None or old[1] != new[1]:
            self.refresh(Region(0, y, self.size.width, 1))
        elif span := changed(old[0], new[0]):
            self.refresh(Region(span[0], y, span[1] - span[0], 1))
        self._drawn[y] = new

    def say(self, *lines: str) -> None:
        """Set what stands there while there is no row: what will be here and what to do."""
        if self._empty != lines:
            self._empty = lines
            if not self._keys:
                self.redraw(self._now_us)

    def filter(self, text: str) -> None:
        """Keep the rows that have every word of `text`, in any case; "" keeps all."""
        self.filtered = text
        self._words = tuple(text.casefold().split())
        self.redraw(self._now_us, arrange=True)

    def sort(self, column: str | None, *, reverse: bool = False) -> None:
        """Sort by a column's values; None leaves the items in the order in which they came, or turns it round."""
        self._sort, self._reverse = column, reverse
        self.redraw(self._now_us, arrange=True)

    @property
    def sorted_by(self) -> tuple[str | None, bool]:
        """The column sorted by, and whether the other way round."""
        return self._sort, self._reverse

    @property
    def shape(self) -> Shape[T]:
        """What it shows of its items."""
        return self._shape

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        return self._key

    @property
    def item(self) -> T | None:
        """The item under the cursor."""
        return self._items.get(self._key) if self._key is not None else None

    @property
    def keys(self) -> Sequence[str]:
        """The keys of all rows in the order shown, in sight or not."""
        return self._keys

    @property
    def items(self) -> Sequence[T]:
        """The items of all rows in the order shown."""
        return [self._items[key] for key in self._keys]

    def lay_out(self) -> None:
        """Lay the columns out anew: what the shape gives for this width is not what it was."""
        self._layout = (-1, (), ())
        self.redraw(self._now_us)

    @property
    def columns(self) -> Sequence[Column]:
        """The columns shown at this width."""
        return self._columns()[0]

    def cells(self, item: T) -> Mapping[str, Cell]:
        """The cells of an item as they are shown now, by column id."""
        return self._shape.cells(item, self._now_us)

    # The cursor

    def go(self, key: str) -> None:
        """Put the cursor on the row of `key`, and the row in sight. Nothing happens where there is none."""
        if key in self._places:
            self._move(self._places[key])

    def step(self, by: int) -> None:
        """Move the cursor `by` rows, at most to the first or the last."""
        if self._keys:
            self._move(max(0, min(len(self._keys) - 1, self._index() + by)))

    def action_step(self, by: int) -> None:
        self.step(by)

    def action_page(self, by: int) -> None:
        self.step(by * max(1, self._rows() - 1))

    def action_end(self, by: int) -> None:
        self.step(by * len(self._keys))

    def action_choose(self) -> None:
        if self._key is not None:
            self.post_message(self.Chosen(self, self._key))

    def _move(self, index: int) -> None:
        before, self._key = self._key, self._keys[index]
        self._scroll(index)
        self.redraw(self._now_us)
        if before != self._key:
            self.post_message(self.Moved(self, self._key))

    def _index(self) -> int:
        return 0 if self._key is None else self._places.get(self._key, 0)

    def _rows(self) -> int:
        return max(1, self.size.height - self._heads)

    def _scroll(self, index: int) -> None:
        self._top = max(index - self._rows() + 1, min(self._top, index))
        self._top = max(0, min(self._top, len(self._keys) - self._rows()))

    def _matches(self, item: T) -> bool:
        text = self._shape.text(item).casefold() if self._words else ""
        return all(word in text for word in self._words)

    def _stay(self, before: Mapping[str, T]) -> bool:
        """Whether every row has the place it had: the same keys in order, none to be sorted or filtered otherwise."""
        if list(before) != list(self._items):
            return False
        sort, order = self._sort, self._shape.order
        if sort is None and not self._words:
            return True
        pairs = ((before[key], item) for key, item in self._items.items() if before[key] is not item)
        return all(
            (sort is None or order(was, sort) == order(now, sort)) and self._matches(was) == self._matches(now)
            for was, now in pairs
        )

    def _arrange(self) -> None:
        """Filter and sort; the cursor stays on its key and its key on its line, or on the row that took its place."""
        before, place = self._key, self._index()
        line_of_cursor = place - self._top
        found = [(key, item) for key, item in self._items.items() if self._matches(item)]
        if (sort := self._sort) is not None:
            found.sort(key=lambda pair: self._shape.order(pair[1], sort), reverse=self._reverse)
        elif self._reverse:
            found.reverse()
        self._keys = [key for key, _ in found]
        self._places = {key: index for index, key in enumerate(self._keys)}
        if not self._keys:
            self._key, self._top = None, 0
        else:
            if self._key not in self._places:
                self._key = self._keys[min(place, len(self._keys) - 1)]
            place = self._places[self._key]
            self._top = place - line_of_cursor
            self._scroll(place)
        if before != self._key:
            self.post_message(self.Moved(self, self._key))

    # Drawing

    def _columns(self) -> tuple[Sequence[Column], tuple[int, ...]]:
        width = self.size.width
        if self._layout[0] != width:
            columns = self._shape.columns(width)
            self._layout = (width, columns, spread(columns, width))
        return self._layout[1:]

    def _line(self, y: int) -> tuple[list[Piece], str]:
        width = self.size.width
        columns, widths = self._columns()
        if y < self._heads:
            heads = line([Cell(column.head, "head") for column in columns], columns, widths, width)
            return heads, ""
        if not self._keys:
            at = y - self._heads - 1
            text = self._empty[at] if 0 <= at < len(self._empty) else ""
            return [(fit(f"  {text}", width), "text" if at == 0 else "quiet")], ""
        index = self._top + y - self._heads
        if index >= len(self._keys):
            return [(" " * width, "text")], ""
        key = self._keys[index]
        cells = self._lit(key, self._shape.cells(self._items[key], self._now_us))
        cursor = "" if key != self._key else "focus" if self.has_focus or not self.can_focus else "row"
        return line([cells.get(column.id, EMPTY) for column in columns], columns, widths, width), cursor

    def _lit(self, key: str, cells: Mapping[str, Cell]) -> Mapping[str, Cell]:
        """Return `cells` with those bright that changed within the last second."""
        lit: dict[str, Cell] | None = None
        for column in self._shape.fresh:
            cell, place = cells.get(column, EMPTY), (key, column)
            before = self._texts.get(place)
            self._texts[place] = cell.text
            if before is not None and before != cell.text:
                self._fresh[place] = self._now_us
                self.set_timer(FRESH_SECONDS, lambda place=place: self._fade(place))
            if place in self._fresh and cell.role in ("text", "quiet"):
                lit = lit or dict(cells)
                lit[column] = Cell(cell.text, "fresh")
        return lit or cells

    def _fade(self, place: tuple[str, str]) -> None:
        if self._fresh.pop(place, None) is not None and place[0] in self._places:
            y = self._places[place[0]] - self._top + self._heads
            if self._heads <= y < self.size.height:
                self._redraw_line(y)

    def render_line(self, y: int) -> Strip:
        pieces, cursor = self._drawn[y] = self._line(y)
        theme = themes.name_of(self.app)
        segments = [Segment(text, themes.style(theme, role, cursor)) for text, role in pieces]
        return Strip(segments, self.size.width).apply_style(self.rich_style)

    def on_resize(self) -> None:
        """Keep the cursor in sight at the new size; what is drawn is drawn anew by Textual."""
        if self._key in self._places:
            self._scroll(self._index())

    def on_focus(self) -> None:
        self.redraw(self._now_us)

    def on_blur(self) -> None:
        self.redraw(self._now_us)
