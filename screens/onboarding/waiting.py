"""The parties that others wait on as cells: what each holds, what of it is overdue, and the waiting clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from screens.onboarding.present import worked
from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import bar
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import PartyLine

BAR = 16


def key(line: PartyLine) -> str:
    """Return the key of a party's row."""
    return f"{line.role}:{line.name}"


def cells(line: PartyLine, most_ms: int) -> Mapping[str, Cell]:
    """Return the cells of a party, by column id; `most_ms`: what the longest bar stands for."""
    loud = "act" if line.overdue else ""
    return {
        "mark": Cell(MARKS.get(loud, ""), loud or "quiet"),
        "name": Cell(safe(line.name or line.role), "strong" if line.name else "text"),
        "role": Cell(safe(line.role), "quiet"),
        "holds": Cell(str(line.holds)),
        "overdue": Cell(str(line.overdue) if line.overdue else "", "act"),
        "worst": Cell(worked(line.worst_ms) if line.overdue else "", "act"),
        "held": Cell(worked(line.held_ms)),
        "bar": Cell(bar(line.held_ms / most_ms if most_ms else 0.0, BAR).rstrip("─"), "bar"),
    }


def columns(width: int) -> Sequence[Column]:
    """Return the columns; the bar where there is room for it."""
    found = (
        Column("mark", "", 1, gap=0),
        Column("name", "waited for", 18, grow=14),
        Column("role", "", 10, gap=2),
        Column("holds", "holds", 5, gap=1, right=True),
        Column("overdue", "overdue", 7, gap=1, right=True),
        Column("worst", "worst", 8, gap=1, right=True),
        Column("held", "has held", 8, gap=1, right=True),
    )
    return (*found, Column("bar", "", BAR, gap=2)) if width >= 84 else found


def order(line: PartyLine, column: str) -> Any:
    """Return what a party is sorted by: the most first."""
    name = alphabetical(line.name or line.role)
    match column:
        case "held":
            return (-line.held_ms, name)
        case "overdue":
            return (-line.overdue, -line.worst_ms, name)
        case "role":
            return (line.role, name)
        case _:
            return name


def table(lines: Sequence[PartyLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values."""
    heads = ("role", "name", "holds", "overdue", "worst_minutes", "held_minutes")
    return heads, [
        [one.role, one.name, str(one.holds), str(one.overdue), str(one.worst_ms // 60_000), str(one.held_ms // 60_000)]
        for one in lines
    ]


def shape(most_ms: Callable[[], int]) -> Shape[PartyLine]:
    """Return the parties for a board; `most_ms` is asked for at each drawing."""
    return Shape(
        columns=columns,
        cells=lambda line, _: cells(line, most_ms()),
        order=order,
        text=lambda line: f"{line.name} {line.role}",
        sorts=(None, "overdue", "held", "role", "name"),
        level=lambda line, _: "act" if line.overdue else "",
        table=table,
    )
