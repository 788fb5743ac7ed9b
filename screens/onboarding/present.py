"""Steps still owed as cells: pure functions from a line to what stands on the screen.

`✕` overdue, with the working time by which it is; `!` due today, with the hour. Later ones are quiet, and so are
blocked ones, which say whom and what they wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.days import day_at, short
from screens.widgets.shape import Shape
from screens.widgets.words import hour
from supervisor.text import alphabetical, number_th, safe

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import StepLine

RUNNING, BLOCKED = "running", "blocked"
"""What the duty calls the states of a step that is still owed."""
PRODDED = "»"
USUAL, ROOMY, WORDY = 70, 100, 150
"""Widths of a list from which it has room for the holder, for whole names, and for a step's words instead of its
code."""


class Frame(NamedTuple):
    """What a line is looked at from: the floor's day, and its zone."""

    today: int = 19700101
    zone: tzinfo = UTC


class Heading(NamedTuple):
    """A group: whose it is, how many steps, overdue and due today among them, the working time by which the worst is
    overdue; `held_ms`: how long a party has held steps, 0 where it is no party. `text`: what the filter looks
    through."""

    name: str
    role: str
    steps: int
    overdue: int
    due_today: int
    worst_ms: int
    held_ms: int
    text: str


class Row(NamedTuple):
    """A row of the list: a step, in a group or not, or the heading of a group."""

    line: StepLine | None
    inside: bool = False
    heading: Heading | None = None


def short_words(code: str) -> str:
    """Return what a step is called where there is no room for its words."""
    return safe(code.replace("_", " "), 40)


def worked(ms: int) -> str:
    """Return working time in few columns: "45 min", then "2 h 10"."""
    minutes = max(0, ms) // 60_000
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def level(line: StepLine, today: int) -> str:
    """Return how much a step needs a person: act (overdue), watch (due today) or ""."""
    if line.state != RUNNING:
        return ""
    if line.overdue_ms > 0:
        return "act"
    return "watch" if line.due_day is not None and line.due_day <= today else ""


def day(us: int, of: Frame) -> str:
    """Return the day of a moment in few columns, to stand within words."""
    return " ".join(short(day_at(us, of.zone), of.today).split())


def moment(us: int, of: Frame) -> str:
    """Return a moment as its hour where it is of today, else with its day."""
    found = day(us, of)
    return hour(us, of.zone) if found == "today" else f"{found} {hour(us, of.zone)}"


def due(line: StepLine, of: Frame) -> Cell:
    """Return by when a running step is to be done, or by how much working time it is overdue."""
    loud = level(line, of.today)
    if loud == "act":
        return Cell(f"{worked(line.overdue_ms)} overdue", "act")
    if line.due_us is None:
        return Cell("")
    when = moment(line.due_us, of)
    return Cell(f"due {when}", "watch" if loud else "text")


def parties(line: StepLine, longest: int = 40) -> str:
    """Return who must act now: names, or the roles of those whose name is not known."""
    return ", ".join(safe(one, longest) for one in line.waiting_on or line.waiting_roles)


def waits(line: StepLine, *, first: bool) -> Cell:
    """Return whom and what a blocked step waits for; of names only the `first`."""
    names = [safe(one).split(" ")[0] if first else safe(one, 40) for one in line.waiting_on or line.waiting_roles]
    what = ", ".join(map(short_words, line.blocked_by))
    return Cell(f"waits on {', '.join(names)}: {what}" if names else f"waits for {what}", "quiet")


def _where(row: Row, of: Frame) -> Cell:
    """Return in few columns who is waited for and for how long it is overdue, or when it is due."""
    line = row.line
    assert line is not None
    loud = level(line, of.today)
    if loud == "act":
        first = safe(line.holder or line.role).split(" ")[0]
        return Cell(f"{worked(line.overdue_ms)}, waits on {first}", loud)
    return waits(line, first=True) if line.state == BLOCKED else due(line, of)


def cells(row: Row, of: Frame) -> Mapping[str, Cell]:
    """Return the cells of a row, by column id."""
    if row.heading is not None:
        return heading_cells(row.heading)
    line = row.line
    assert line is not None
    loud, blocked = level(line, of.today), line.state == BLOCKED
    calm = "quiet" if blocked else "text"
    inside = " " * row.inside
    return {
        "mark": Cell(MARKS.get(loud, ""), loud or "quiet"),
        "step": Cell(inside + safe(line.words or line.code), "strong" if loud else calm),
        "code": Cell(inside + short_words(line.code), "strong" if loud else calm),
        "company": Cell(safe(line.company), calm),
        "holder": Cell(safe(line.holder or line.role), calm),
        "prods": Cell(f"{PRODDED}{line.prods}" if line.prods else "", "quiet" if blocked else "accent"),
        "when": waits(line, first=False) if blocked else due(line, of),
        "short": waits(line, first=True) if blocked else due(line, of),
        "where": _where(row, of),
        "assistant": Cell(safe(line.assistant) or "nobody", "quiet" if line.assistant else "watch"),
        "package": Cell(safe(line.package), "quiet"),
        "round": Cell(number_th(line.round) if line.round > 1 else "", "accent"),
        "team": Cell(safe(line.team), "quiet"),
        "reason": Cell(safe(line.reason), "quiet"),
    }


def heading_cells(heading: Heading) -> Mapping[str, Cell]:
    """Return the cells of the heading of a group: whose it is, how many steps, and the worst of them."""
    loud = "act" if heading.overdue else "watch" if heading.due_today else "quiet"
    many = f"{heading.steps} step{'s' * (heading.steps != 1)}"
    if heading.overdue or heading.due_today:
        urgent = f"{heading.overdue} overdue" if heading.overdue else f"{heading.due_today} today"
        many = f"{heading.steps} · {urgent}"
    worst = f"worst {worked(heading.worst_ms)}" if heading.overdue else ""
    held = f"held {worked(heading.held_ms)}" if heading.held_ms else ""
    role = "act" if heading.overdue else "quiet"
    return {
        "mark": Cell("▾", "faint"),
        "step": Cell(safe(heading.name), "title"),
        "code": Cell(safe(heading.name), "title"),
        "company": Cell(many, loud),
        "holder": Cell(safe(heading.role), "quiet"),
        "when": Cell(", ".join(word for word in (worst, held) if word), role),
        "short": Cell(worst or held, role),
        "where": Cell(worst or held, role),
    }


_MORE = (
    Column("assistant", "assistant", 12, gap=2, grow=2),
    Column("package", "package", 15, gap=2, grow=3),
    Column("round", "round", 5, gap=2),
    Column("team", "team", 8, gap=2),
    Column("reason", "sent back because", 24, gap=2, grow=60),
)
"""Columns beside the first ones, the most wanted first."""


_MARK, _PRODS, _WHEN = Column("mark", "", 1, gap=0), Column("prods", "", 2), "due, or waits on"
_TIGHT = (
    _MARK,
    Column("code", "step", 14, grow=4),
    Column("company", "customer", 14, grow=12),
    Column("where", _WHEN, 22, grow=4),
)
_USUAL = (
    _MARK,
    Column("code", "step", 16, grow=7),
    Column("company", "customer", 16, grow=1),
    Column("holder", "holder", 10, grow=1),
    _PRODS,
    Column("short", _WHEN, 23, grow=10),
)
_HOLDER, _WAITS = Column("holder", "holder", 11, grow=5), Column("when", _WHEN, 30, grow=6)
_ROOMY = (_MARK, Column("code", "step", 22), Column("company", "customer", 16, grow=14), _HOLDER, _PRODS, _WAITS)
_WORDY = (_MARK, Column("step", "step", 35), Column("company", "customer", 24, grow=4), _HOLDER, _PRODS, _WAITS)


def columns(width: int) -> Sequence[Column]:
    """Return the columns that fit: when it is due stands before what is not looked at each time."""
    if width < ROOMY:
        return _USUAL if width >= USUAL else _TIGHT
    found = list(_WORDY if width >= WORDY else _ROOMY)
    left = width - sum(column.width + column.gap for column in found)
    for column in _MORE:
        left -= column.width + column.gap
        if left < 0:
            break
        found.append(column)
    return found


SORTS = (None, "step", "company", "holder", "due", "assistant")
"""What `s` goes through; None: the most urgent first."""


def order(row: Row, column: str) -> Any:
    """Return what a step is sorted by: the soonest, or the first in the alphabet."""
    line = row.line
    if line is None:
        return ()
    name = alphabetical(line.company)
    match column:
        case "company":
            return (name, line.due_us is None, line.due_us or 0)
        case "holder":
            return (alphabetical(line.holder or line.role), name)
        case "due":
            return (line.due_us is None, line.due_us or 0, name)
        case "assistant":
            return (not line.assistant, alphabetical(line.assistant), name)
        case _:
            return (alphabetical(line.words or line.code), name)


def text(row: Row) -> str:
    """Return what the filter looks through; a heading stays with any of its steps."""
    if row.heading is not None:
        return row.heading.text
    return step_text(row.line) if row.line is not None else ""


def step_text(line: StepLine) -> str:
    """Return what the filter looks through of a step."""
    words = (line.code, line.words, line.company, line.holder, line.role, line.assistant, line.team, line.package)
    return " ".join((*words, line.state, line.reason, *line.waiting_on, *line.waiting_roles))


_EXPORTED = (
    "customer", "package", "team", "assistant", "step", "words", "role", "holder", "state", "round", "started", "due",
    "overdue_minutes", "waiting_on", "blocked_by", "prods", "prodded", "sent_back_because",
)  # fmt: skip


def at(us: int | None, zone: tzinfo) -> str:
    """Return a moment for other programs: ISO 8601 with the floor's offset, "" where there is none."""
    return "" if us is None else datetime.fromtimestamp(us / 1e6, zone).isoformat("T", "seconds")


def table(rows: Sequence[Row], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values, times ISO 8601 with the floor's offset; no headings."""
    return _EXPORTED, [
        [
            line.company, line.package, line.team, line.assistant, line.code, line.words, line.role, line.holder,
            line.state, str(line.round), at(line.started_us, zone), at(line.due_us, zone),
            str(line.overdue_ms // 60_000), "; ".join(line.waiting_on or line.waiting_roles), " ".join(line.blocked_by),
            str(line.prods), at(line.prodded_us, zone), line.reason,
        ]
        for line in (row.line for row in rows)
        if line is not None
    ]  # fmt: skip


def shape(of: Callable[[], Frame]) -> Shape[Row]:
    """Return the steps for a board; `of` is asked for at each drawing."""
    return Shape(
        columns=columns,
        cells=lambda row, _: cells(row, of()),
        order=order,
        text=text,
        fresh=frozenset({"prods", "holder"}),
        sorts=SORTS,
        level=lambda row, _: level(row.line, of().today) if row.line is not None else "",
        table=table,
    )
