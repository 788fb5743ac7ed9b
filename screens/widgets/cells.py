"""Cells: the pieces every line of the console is made of, fitted to terminal columns. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from rich.cells import cell_len

# Terminals disagree about how wide a joined or tinted emoji is; its parts alone are two columns everywhere.
_JOINERS = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


class Cell(NamedTuple):
    """A text that is already safe, and the role of its style (see screens.themes)."""

    text: str
    role: str = "text"


class Column(NamedTuple):
    """A column of a board: `width` in terminal columns, `gap` empty ones before it, `grow` more where some are left
    over."""

    id: str
    head: str
    width: int
    right: bool = False
    gap: int = 1
    grow: int = 0


EMPTY = Cell("")
BLANK = Cell(" ")


@lru_cache(4096)
def fit(text: str, width: int, right: bool = False) -> str:
    """Return `text` in exactly `width` terminal columns: padded, or cut and ended with an ellipsis."""
    if width <= 0:
        return ""
    if text.isascii():
        if len(text) <= width:
            return text.rjust(width) if right else text.ljust(width)
        return text[: width - 1] + "…"
    text = _JOINERS.sub("", text)
    used = cell_len(text)
    if used > width:
        kept = text[:width]
        while cell_len(kept) > width - 1:
            kept = kept[:-1]
        text = kept + "…"
        used = cell_len(text)
    pad = " " * (width - used)
    return pad + text if right else text + pad


def spread(columns: Sequence[Column], width: int) -> tuple[int, ...]:
    """Return the widths of `columns` in a line of `width`: what is left over goes to those that grow, up to `grow`
    each."""
    widths = [column.width for column in columns]
    left = width - sum(widths) - sum(column.gap for column in columns)
    for index, column in enumerate(columns):
        more = max(0, min(column.grow, left))
        widths[index] += more
        left -= more
    return tuple(widths)


def columns_of(*cells: Cell) -> int:
    """Return how many terminal columns `cells` take."""
    return sum(cell_len(cell.text) for cell in cells)


Piece = tuple[str, str]
"""Text of a known width, and its role."""


def line(cells: Iterable[Cell], columns: Sequence[Column], widths: Sequence[int], width: int) -> list[Piece]:
    """Return the pieces of one line of `width` columns; neighbours of one role are one piece, gaps take the role
    before them."""
    pieces: list[Piece] = []
    shown = tuple(cells)
    used = 0
    text, role = "", next((cell.role for cell in shown if cell.text), "text")
    for cell, column, wide in zip(shown, columns, widths, strict=True):
        gap = " " * column.gap
        fitted = fit(cell.text, wide, column.right)
        blank = not cell.text
        if cell.role == role or blank:
            text += gap + fitted
        else:
            pieces.append((text + gap, role))
            text, role = fitted, cell.role
        used += column.gap + wide
        if used >= width:
            break
    text += " " * max(0, width - used)
    pieces.append((text, role))
    if used > width:
        pieces = clip(pieces, width)
    return [piece for piece in pieces if piece[0]]


def clip(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """Return `pieces` cut to `width` terminal columns, with an ellipsis where something was lost."""
    kept: list[Piece] = []
    left = width
    for text, role in pieces:
        size = cell_len(text)
        if size > left:
            kept.append((fit(text, left), role))
            return kept
        kept.append((text, role))
        left -= size
    return kept


def sides(left: Sequence[Cell], right: Sequence[Cell], width: int, fill: Cell = BLANK) -> list[Piece]:
    """Return one line of `width` columns with `left` at its left edge and `right` at its right edge, `fill` between;
    `right` is left out where both do not fit."""
    head = [(fit(c.text, cell_len(c.text)), c.role) for c in left if c.text]
    tail = [(fit(c.text, cell_len(c.text)), c.role) for c in right if c.text]
    used = sum(cell_len(text) for text, _ in head)
    if used + 1 + sum(cell_len(text) for text, _ in tail) > width:
        tail = []
    if used > width:
        head = clip(head, width)
        used = sum(cell_len(text) for text, _ in head)
    room = width - used - sum(cell_len(text) for text, _ in tail)
    return [*head, (fill.text * room, fill.role), *tail] if room > 0 else [*head, *tail]


def changed(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[int, int] | None:
    """Return the span (from, to) of terminal columns in which two lines of one width differ; None where they are
    equal."""
    if old == new:
        return None
    start = _alike(old, new)
    end = _alike(_mirrored(old), _mirrored(new))
    width = max(sum(cell_len(text) for text, _ in old), sum(cell_len(text) for text, _ in new))
    return (start, max(start + 1, width - end))


def _mirrored(pieces: Sequence[Piece]) -> list[Piece]:
    return [(text[::-1], role) for text, role in reversed(pieces)]


def _alike(old: Sequence[Piece], new: Sequence[Piece]) -> int:
    """Return how many columns two lines share at their beginning, to the letter where letters are one column each."""
    alike = 0
    for was, now in zip(old, new, strict=False):
        if was != now:
            if was[1] == now[1] and was[0].isascii() and now[0].isascii():
                letters = zip(was[0], now[0], strict=False)
                alike += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], letters))
            return alike
        alike += cell_len(now[0])
    return alike
