"""The customers under way as cells: how far each is, when it was promised to be live and when it is expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from screens.onboarding.present import Frame, at, day, worked
from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.days import day_at, short
from screens.widgets.shape import Shape
from screens.widgets.words import bar
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import CustomerLine


def level(line: CustomerLine) -> str:
    """Return how much a customer needs a person: act where the promise is or will be missed, or a step is overdue."""
    return "act" if line.late_ms > 0 else "watch" if line.overdue else ""


def expected(line: CustomerLine, of: Frame) -> str:
    """Return when a customer is expected to be live: half of them by the first day, four fifths by the second."""
    half, most = (day(us, of) for us in (line.p50_us, line.p80_us))
    return half if half == most else f"{half} – {most}"


def cells(line: CustomerLine, of: Frame) -> Mapping[str, Cell]:
    """Return the cells of a customer, by column id."""
    loud = level(line)
    share = line.done / line.steps if line.steps else 0.0
    late = worked(line.late_ms) if line.late_ms > 0 else ""
    return {
        "mark": Cell(MARKS.get(loud, ""), loud or "quiet"),
        "company": Cell(safe(line.company), "strong" if loud else "text"),
        "done": Cell(f"{line.done}/{line.steps}"),
        "bar": Cell(bar(share, 8), loud if loud == "act" else "bar"),
        "overdue": Cell(f"{line.overdue}" if line.overdue else "", "act"),
        "start": Cell(short(day_at(line.started_us, of.zone), of.today), "quiet"),
        "promised": Cell(short(day_at(line.promised_us, of.zone), of.today), "text"),
        "expected": Cell(expected(line, of), "act" if late else "text"),
        "late": Cell(late, "act"),
        "package": Cell(safe(line.package), "quiet"),
        "assistant": Cell(safe(line.assistant) or "nobody", "text" if line.assistant else "watch"),
        "specialist": Cell(safe(line.specialist) or "nobody", "quiet"),
        "team": Cell(safe(line.team), "quiet"),
    }


_MORE = (
    Column("bar", "", 8, gap=1),
    Column("assistant", "assistant", 12, gap=2, grow=4),
    Column("package", "package", 16, gap=2, grow=12),
    Column("specialist", "specialist", 12, gap=2, grow=8),
    Column("team", "team", 8, gap=2, grow=8),
)


def columns(width: int) -> Sequence[Column]:
    """Return the columns that fit."""
    found = [
        Column("mark", "", 1, gap=0),
        Column("company", "customer", 16, grow=16),
        Column("done", "done", 5, right=True),
        Column("overdue", "overdue", 7, right=True),
        Column("start", "paid", 6, gap=2),
        Column("promised", "promised", 8, gap=2),
        Column("expected", "expected", 15, gap=1),
        Column("late", "late", 8, right=True),
    ]
    left = width - sum(column.width + column.gap for column in found)
    for column in _MORE:
        left -= column.width + column.gap
        if left < 0:
            break
        found.insert(3, column) if column.id == "bar" else found.append(column)
    return found


def order(line: CustomerLine, column: str) -> Any:
    """Return what a customer is sorted by."""
    name = alphabetical(line.company)
    match column:
        case "promised":
            return (line.promised_us, name)
        case "late":
            return (-line.late_ms, -line.overdue, name)
        case "assistant":
            return (not line.assistant, alphabetical(line.assistant), name)
        case _:
            return name


def text(line: CustomerLine) -> str:
    """Return what the filter looks through."""
    return " ".join((line.company, line.package, line.team, line.specialist, line.assistant))


_EXPORTED = (
    "customer", "package", "team", "specialist", "assistant", "started", "done", "steps", "overdue", "promised",
    "expected_p50", "expected_p80", "from_own_past", "late_minutes",
)  # fmt: skip


def table(lines: Sequence[CustomerLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values, times ISO 8601 with the floor's offset."""
    return _EXPORTED, [
        [
            one.company, one.package, one.team, one.specialist, one.assistant, at(one.started_us, zone), str(one.done),
            str(one.steps), str(one.overdue), at(one.promised_us, zone), at(one.p50_us, zone), at(one.p80_us, zone),
            "yes" if one.own else "no", str(one.late_ms // 60_000),
        ]
        for one in lines
    ]  # fmt: skip


def shape(of: Callable[[], Frame]) -> Shape[CustomerLine]:
    """Return the customers for a board."""
    return Shape(
        columns=columns,
        cells=lambda line, _: cells(line, of()),
        order=order,
        text=text,
        sorts=(None, "company", "promised", "late", "assistant"),
        level=lambda line, _: level(line),
        table=table,
    )
