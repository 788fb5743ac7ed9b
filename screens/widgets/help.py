"""The keys of this place, by group, as they are after the configuration's remapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from screens.keys import GROUPS, KEYS, bindings, shown
from screens.widgets.cells import Cell
from screens.widgets.line import Lines

Row = tuple[list[Cell], list[Cell]]
TWO_COLUMNS = 120
"""Width of the screen from which the groups stand side by side."""


def rows(places: Sequence[str], remapped: Mapping[str, str], reasons: Mapping[str, str]) -> list[list[Row]]:
    """Return the lines of each group of keys that hold in `places`; `reasons` says by id why one can do nothing now."""
    groups: list[list[Row]] = []
    for group, title in GROUPS.items():
        found = [key for key in KEYS if key.group == group and key.place in places]
        if not found:
            continue
        lines: list[Row] = [([Cell(title, "title")], [])]
        for key in found:
            why = reasons.get(key.id)
            lines.append(
                (
                    [
                        Cell(f"{shown(key, remapped):>12}  ", "quiet" if why else "key"),
                        Cell(why or key.help, "quiet" if why else "text"),
                    ],
                    [],
                )
            )
        groups.append([*lines, ([], [])])
    return groups


class Help(ModalScreen[None]):
    """The help screen. Any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(
        self, title: str, places: Sequence[str], remapped: Mapping[str, str], reasons: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._title = title
        self._groups = rows(places, remapped, reasons)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Lines(id="help-title")
            yield Lines(id="help-left")
            yield Lines(id="help-keys")

    def on_mount(self) -> None:
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        self.query_one("#help-title", Lines).show(([Cell(self._title, "title")], []), ([], []))
        wide = self.size.width >= TWO_COLUMNS
        self.query_one("#help").styles.width = TWO_COLUMNS - 4 if wide else 76
        lines = two_columns(self._groups, TWO_COLUMNS - 8) if wide else [row for group in self._groups for row in group]
        body = self.query_one("#help-left", Lines)
        body.styles.height = len(lines)
        body.show(*lines)
        self.query_one("#help-keys", Lines).show(([Cell("esc ", "key"), Cell("close", "quiet")], []))

    def action_close(self) -> None:
        self.dismiss(None)


def two_columns(groups: Sequence[list[Row]], width: int) -> list[Row]:
    """Return the groups side by side, the first half at the left."""
    half = (sum(map(len, groups)) + 1) // 2
    left: list[Row] = []
    right: list[Row] = []
    for group in groups:
        (left if not right and len(left) + len(group) // 2 <= half else right).extend(group)
    wide = max(width // 2, *(sum(len(cell.text) for cell in row[0]) + 2 for row in left))
    lines: list[Row] = []
    for index in range(max(len(left), len(right))):
        here = left[index][0] if index < len(left) else []
        there = right[index][0] if index < len(right) else []
        used = sum(len(cell.text) for cell in here)
        lines.append(([*here, Cell(" " * (wide - used)), *there], []))
    return lines
