"""What a board shows of its items and what keys do with them, as pure functions; see the present.py of each screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Generic, TypeVar

from screens.widgets.cells import Cell, Column

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """What a board shows of its items, as pure functions; see the present.py of each screen.

    `columns` for a width of the board; `cells` of an item at a moment (epoch us), by column id, drawn only for the
    rows in sight; `order` of an item by a column id; `text` that the filter looks through; `fresh` columns light up
    when they change.

    What keys do with the rows: `sorts` are the columns `s` goes through, None the order in which they came; `level`
    of an item at a moment is how much it needs a person: act, unknown, watch or ""; `copied` of an item is what `y`
    takes, "" for the row as it is shown; `table` is what an export writes, heads and rows of exact values, and
    without one the cells are written as they are shown.
    """

    columns: Callable[[int], Sequence[Column]]
    cells: Callable[[T, int], Mapping[str, Cell]]
    order: Callable[[T, str], Any]
    text: Callable[[T], str]
    fresh: frozenset[str] = frozenset()
    sorts: Sequence[str | None] = (None,)
    level: Callable[[T, int], str] | None = None
    copied: Callable[[T], str] | None = None
    table: Callable[[Sequence[T], tzinfo], tuple[Sequence[str], list[list[str]]]] | None = None
