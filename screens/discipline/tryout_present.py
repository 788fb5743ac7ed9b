"""Trying a threshold out as cells: the thresholds, and the flags that another value lets in or takes away. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.discipline import present
from screens.widgets import days
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import FlagLine, Threshold, TryOut

Line = tuple[list[Cell], list[Cell]]


class Change(NamedTuple):
    """A flag that another value raises (`comes`), or no longer does."""

    line: FlagLine
    comes: bool


def changes(outcome: TryOut | None) -> dict[str, Change]:
    """Return what changes by key, the newest first. Flags that were never raised have no id of their own."""
    if outcome is None:
        return {}
    found = [*(Change(line, True) for line in outcome.more), *(Change(line, False) for line in outcome.fewer)]
    found.sort(key=lambda change: -change.line.at_us)
    return {str(at): change for at, change in enumerate(found)}


def threshold_cells(one: Threshold, now_us: int) -> Mapping[str, Cell]:
    """Return the cells of a threshold, by column id."""
    return {"value": Cell(f"{one.value:g}", "strong"), "words": Cell(safe(one.words), "text")}


def threshold_columns(width: int) -> Sequence[Column]:
    """Return the columns."""
    return (Column("value", "now", 5, gap=1, right=True), Column("words", "threshold", 30, gap=2, grow=80))


def marked(change: Change | None) -> Line:
    """Return the whole words of the marked flag, which the list may have cut."""
    if change is None:
        return [], []
    line = change.line
    who = Cell(f"{safe(line.specialist, 40)}, {safe(line.rule_words)}: ", "strong")
    return [who, Cell(safe(line.words), "text")], []


def where(one: Threshold | None) -> Line:
    """Return where the marked threshold is set."""
    if one is None:
        return [], []
    return [Cell(f"{one.key} ", "accent"), Cell("in the configuration", "quiet")], []


THRESHOLDS: Shape[Threshold] = Shape(
    threshold_columns, threshold_cells, lambda one, column: one.value if column == "value" else alphabetical(one.words),
    lambda one: f"{one.words} {one.key}", sorts=(None, "words"), copied=lambda one: one.key,
)  # fmt: skip


def change_columns(width: int) -> Sequence[Column]:
    """Return the columns of the flags that change; short names and words where it is narrow."""
    wide = width >= present.WIDE
    return (
        Column("way", "", 6, gap=1),
        Column("at", "when", 6, gap=1),
        Column("specialist", "specialist", 14, gap=1, grow=8) if wide else Column("who", "whom", 10, gap=1),
        Column("rule", "rule", 21, gap=1) if wide else Column("short", "rule", 8, gap=1),
        Column("words", "what happened", 20, gap=1, grow=90),
    )


def change_shape(today: Callable[[], int], zone: Callable[[], tzinfo]) -> Shape[Change]:
    """Return what changes for its board; the floor's day and zone are asked for at each drawing."""

    def cells(change: Change, now_us: int) -> Mapping[str, Cell]:
        role = "watch" if change.comes else "good"
        return {
            **present.cells(change.line, today(), zone()),
            "way": Cell("+ in" if change.comes else "- away", role),
        }

    def order(change: Change, column: str) -> Any:
        if column == "way":
            return (not change.comes, -change.line.at_us)
        return present.order(change.line, column)

    def table(found: Sequence[Change], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
        heads, rows = present.table([change.line for change in found], zone)
        ways = ["comes in" if change.comes else "falls away" for change in found]
        return ("change", *heads), [[way, *row] for way, row in zip(ways, rows, strict=True)]

    return Shape(
        change_columns, cells, order, lambda change: present.text(change.line),
        sorts=(None, "way", "specialist", "rule"), table=table,
    )  # fmt: skip


def outcome_lines(outcome: TryOut | None, trying: tuple[Threshold, float, int] | None, now_us: int) -> list[Line]:
    """Return what came of it in two lines. `trying`: which threshold and value are being reckoned, since when (epoch
    us)."""
    if trying is not None:
        one, value, since_us = trying
        seconds = max(0, now_us - since_us) // 1_000_000
        what = Cell(f"Reckoning the last 30 days with {value:g} instead of {one.value:g} … {seconds} s", "title")
        return [([what], []), ([Cell("It takes some seconds; esc leaves it.", "quiet")], [])]
    if outcome is None:
        return [([Cell("enter on a threshold asks for another value.", "text")], []), ([], [])]
    comes, goes = len(outcome.more), len(outcome.fewer)
    span = f"{days.long(outcome.first, outcome.last)} to {days.long(outcome.last, outcome.last)}:"
    told = [Cell(f"{span} ", "quiet"), Cell(f"+ {comes} come in", "watch" if comes else "quiet")]
    told += [Cell("   "), Cell(f"- {goes} fall away", "good" if goes else "quiet")]
    return [([Cell(f"{outcome.words[0].upper()}{outcome.words[1:]}", "title")], []), (told, [])]
