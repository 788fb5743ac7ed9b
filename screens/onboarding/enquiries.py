"""Enquiries as cells, and the assistants' figures beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from screens.onboarding.present import Frame, at, moment
from screens.themes import MARKS
from screens.widgets.cells import Cell, Column, fit
from screens.widgets.days import moment as moment_long
from screens.widgets.shape import Shape
from screens.widgets.words import ago
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import AssistantLine, EnquiryLine

Line = tuple[list[Cell], list[Cell]]


def level(line: EnquiryLine) -> str:
    """Return how much an enquiry needs a person: act where it waits for too long, watch where it waits."""
    if line.answered_us is not None:
        return ""
    return "act" if line.late else "watch"


def stands(line: EnquiryLine, of: Frame) -> Cell:
    """Return what became of an enquiry."""
    if line.answered_us is None:
        if line.late:
            return Cell(f"late since {moment(line.due_us, of)}", "act")
        return Cell(f"answer by {moment(line.due_us, of)}", "watch")
    said = f"handed to {safe(line.specialist, 30)}" if line.handed_us is not None else "answered"
    return Cell(f"{said}, late" if line.late else said, "quiet" if not line.late else "text")


def cells(line: EnquiryLine, of: Frame, now_us: int) -> Mapping[str, Cell]:
    """Return the cells of an enquiry, by column id."""
    loud = level(line)
    calm = "text" if loud else "quiet"
    answered = line.answered_us is not None
    return {
        "mark": Cell(MARKS[loud] if loud else "✓" if answered else "", loud or "good"),
        "ago": Cell(ago(line.at_us, now_us), loud if loud == "act" else "quiet"),
        "company": Cell(safe(line.company), "strong" if loud else "quiet"),
        "number": Cell(safe(line.number), "quiet"),
        "channel": Cell(safe(line.channel), "quiet"),
        "assistant": Cell(safe(line.assistant) or "nobody", calm if line.assistant or not loud else "watch"),
        "stands": stands(line, of),
        "note": Cell(safe(line.note), "quiet"),
    }


_MORE = (Column("channel", "by", 8, gap=1, grow=6), Column("number", "number", 15, gap=2))


def columns(width: int) -> Sequence[Column]:
    """Return the columns that fit; what was asked takes what is left."""
    found = [
        Column("mark", "", 1, gap=0),
        Column("ago", "age", 4, right=True),
        Column("company", "enquiry of", 18, gap=2, grow=10),
        Column("assistant", "assistant", 11, grow=4),
        Column("stands", "answer", 26, gap=1, grow=6),
    ]
    left = width - sum(column.width + column.gap for column in found)
    for column in _MORE:
        if left < column.width + column.gap:
            break
        left -= column.width + column.gap
        found.append(column)
    return [*found, Column("note", "asked for", 10, gap=2, grow=200)] if left >= 12 else found


def order(line: EnquiryLine, column: str) -> Any:
    """Return what an enquiry is sorted by: the newest, or the first in the alphabet."""
    match column:
        case "assistant":
            return (not line.assistant, alphabetical(line.assistant), -line.at_us)
        case "at":
            return -line.at_us
        case _:
            return (alphabetical(line.company), -line.at_us)


def text(line: EnquiryLine) -> str:
    """Return what the filter looks through."""
    return " ".join((line.ref, line.company, line.number, line.channel, line.note, line.assistant, line.specialist))


_EXPORTED = (
    "ref", "at", "company", "number", "channel", "note", "assistant", "due", "answered", "answered_by", "late",
    "handed", "specialist",
)  # fmt: skip


def table(lines: Sequence[EnquiryLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values, times ISO 8601 with the floor's offset."""
    return _EXPORTED, [
        [
            one.ref, at(one.at_us, zone), one.company, one.number, one.channel, one.note, one.assistant,
            at(one.due_us, zone), at(one.answered_us, zone), one.answered_by, "yes" if one.late else "no",
            at(one.handed_us, zone), one.specialist,
        ]
        for one in lines
    ]  # fmt: skip


def shape(of: Callable[[], Frame]) -> Shape[EnquiryLine]:
    """Return the enquiries for a board."""
    return Shape(
        columns=columns,
        cells=lambda line, now_us: cells(line, of(), now_us),
        order=order,
        text=text,
        sorts=(None, "at", "company", "assistant"),
        level=lambda line, _: level(line),
        copied=lambda line: line.number,
        table=table,
    )


def marked(line: EnquiryLine | None, of: Frame, width: int) -> list[Line]:
    """Return the whole of the marked enquiry, in a few lines."""
    if line is None:
        return []
    who = ", ".join(filter(None, (safe(line.channel, 40), safe(line.number, 40))))
    lines: list[Line] = [
        ([Cell(safe(line.company, 60), "strong"), Cell(f"  {safe(line.ref, 20)}", "quiet")], []),
        ([Cell(f"{moment_long(line.at_us, of.today, of.zone).strip()}  {who}", "quiet")], []),
    ]
    lines += [([Cell(part)], []) for part in wrap(safe(line.note, 1000), max(width, 20), max_lines=4, placeholder=" …")]
    if line.answered_us is not None:
        by = f" by {safe(line.answered_by, 30)}" if line.answered_by else ""
        lines.append(([Cell(f"answered {moment(line.answered_us, of)}{by}", "good")], []))
    if line.handed_us is not None:
        lines.append(([Cell(f"handed to {safe(line.specialist, 30)} {moment(line.handed_us, of)}", "good")], []))
    return lines


def figures(lines: Sequence[AssistantLine], width: int) -> list[Line]:
    """Return the assistants' figures of the last 30 days, a line each under their heads."""
    if not lines:
        return [([Cell("No assistant has served anybody in 30 days.", "quiet")], [])]
    name = max(12, min(20, width - 33))
    heads = f"{'assistant':<{name}} {'asked':>5} {'in time':>9} {'handed':>6} {'steps':>5}"
    found: list[Line] = [([Cell(heads, "head")], [])]
    for one in lines:
        late = one.answered - one.in_time
        share = f"{one.in_time}/{one.answered}"
        found.append(
            (
                [
                    Cell(f"{fit(safe(one.name), name)} {one.enquiries:>5} "),
                    Cell(f"{share:>9} ", "watch" if late else "text"),
                    Cell(f"{one.handed:>6} {one.open_steps:>5}"),
                    Cell(f" {MARKS['act']} {one.overdue_steps}" if one.overdue_steps else "", "act"),
                ],
                [],
            )
        )
    return found
