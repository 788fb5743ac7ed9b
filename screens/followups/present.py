"""Customers of the queue as cells: pure functions from a line to what stands on the screen.

`●` and its colour: in the window; `○`: opens next. What needs a person is loud, by colour and by mark: `!` the last
one in the window, or past it; `✕` a planned contact that is overdue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.days import short
from screens.widgets.shape import Shape
from supervisor.calendar import date_of, days_between
from supervisor.text import alphabetical, number_th, safe

if TYPE_CHECKING:
    from supervisor.duties.followups.snapshots import FollowupsPanel, FollowupsSnapshot, QueueLine

TIERS = ("major", "important", "target", "other")
_TIER_ROLES = {"major": "strong", "other": "quiet"}
NEXT_MARK = "○"
NO_PLAN = "–"


class Frame(NamedTuple):
    """What a line is looked at from: the floor's day, the window `first`..`last`, and who looks; `past`: whether it is
    worth a word that a customer is past the window."""

    today: int = 19700101
    first: int = 0
    last: int = 0
    who: str = ""
    past: bool = True


def frame(snapshot: FollowupsSnapshot | FollowupsPanel) -> Frame:
    """Return what the lines of a snapshot are looked at from."""
    return Frame(snapshot.day, snapshot.window.first, snapshot.window.last, snapshot.who)


def late(line: QueueLine, today: int) -> int:
    """Return for how many days a planned contact is overdue, 0 where none is."""
    return 0 if line.next_day is None or line.next_day >= today else days_between(line.next_day, today)


def last_in_window(line: QueueLine, of: Frame) -> bool:
    """Whether it is a customer's last contact number in the window."""
    return line.group == "window" and line.contacts == of.last


def level(line: QueueLine, of: Frame) -> str:
    """Return how much a line needs a person: act (overdue), watch (the last one, or past the window) or ""."""
    if line.group != "nowhere" and late(line, of.today):
        return "act"
    return "watch" if line.past or last_in_window(line, of) else ""


def th(contacts: int) -> str:
    """Return a contact number as it is spoken: 9th; "new" before the first."""
    return number_th(contacts) if contacts else "new"


def group_role(line: QueueLine) -> str:
    """Return the role of a contact number: the window's are bright and green, the next one's bright."""
    return {"window": "good-bold", "next": "strong", "nowhere": "quiet"}.get(line.group, "text")


def owner(line: QueueLine, who: str) -> Cell:
    """Return who looks after a customer: the owner, or the supervisor who took it over."""
    if line.taken_by:
        return Cell("you" if line.taken_by == who else f"by {safe(line.taken_by, 20)}", "accent")
    if line.owner:
        return Cell(safe(line.owner))
    wanted = line.group in ("window", "next")
    return Cell(f"{MARKS['watch']} nobody" if wanted else "nobody", "watch" if wanted else "quiet")


def short_owner(line: QueueLine, who: str) -> Cell:
    """Return who looks after a customer in few columns."""
    cell = owner(line, who)
    return cell if line.taken_by or not line.owner else Cell(safe(first_name(line.owner)), cell.role)


def first_name(name: str) -> str:
    """Return a name in few columns: the first one, and the letter of the last."""
    first, *others = safe(name).split() or [""]
    return f"{first} {others[-1][0]}." if others and len(first) < 8 else first


def planned(line: QueueLine, today: int) -> Cell:
    """Return the next planned contact, loud where it is overdue."""
    if line.next_day is None:
        return Cell("no plan", "text") if line.group in ("window", "next") else Cell(NO_PLAN, "quiet")
    if days := late(line, today):
        return Cell(f"{MARKS['act']} {days} d late", "act")
    return Cell(short(line.next_day, today), "strong" if line.next_day == today else "text")


def mark(line: QueueLine, of: Frame) -> Cell:
    """Return in a word what is special about a line."""
    if last_in_window(line, of):
        return Cell(f"{MARKS['watch']} last", "watch")
    if line.past and of.past:
        return Cell(f"{MARKS['watch']} past", "watch")
    if line.group == "next":
        return Cell("opens next")
    return Cell("order open", "good") if line.ordered else Cell("")


def word(line: QueueLine, of: Frame) -> Cell:
    """Return in six columns what is special about a line, the loudest alone."""
    if line.group != "nowhere" and late(line, of.today):
        return Cell(f"{MARKS['act']} late", "act")
    special = mark(line, of)
    return Cell(special.text.split()[0], special.role) if special.role in ("text", "good") and special.text else special


def stands(line: QueueLine, of: Frame) -> Cell:
    """Return in one cell what `planned` and `mark` say in two: where there is no room for both."""
    plan, special = planned(line, of.today), mark(line, of)
    if special.role == "watch" and plan.text != NO_PLAN:
        loud = plan.role if plan.role == "act" else special.role
        return Cell(f"{plan.text}, {special.text[2:]}" if loud == "act" else f"{special.text}, {plan.text}", loud)
    return special if special.text and (line.next_day is None or plan.text == NO_PLAN) else plan


def cells(line: QueueLine, of: Frame) -> Mapping[str, Cell]:
    """Return the cells of a customer, by column id."""
    sign = {"window": Cell(MARKS["good"], "good"), "next": Cell(NEXT_MARK, "strong")}.get(line.group, Cell(""))
    loud = level(line, of)
    calm = "text" if line.group in ("window", "next", "overdue") else "quiet"
    days = "" if line.days_since is None else f"{max(0, line.days_since)} d"
    return {
        "sign": sign,
        "th": Cell(th(line.contacts), group_role(line)),
        "company": Cell(safe(line.company), "text"),
        "tier": Cell(safe(line.tier), _TIER_ROLES.get(line.tier, "text")),
        "owner": owner(line, of.who),
        "who": short_owner(line, of.who),
        "days": Cell(days, calm),
        "next": planned(line, of.today),
        "mark": mark(line, of),
        "stands": stands(line, of),
        "word": word(line, of),
        "loud": Cell(MARKS.get(loud, ""), loud or "text"),
        "said": Cell(safe(line.said), "quiet"),
        "for": Cell(safe(line.next_note), "quiet"),
        "region": Cell(safe(line.region), "quiet"),
        "team": Cell(safe(line.team), "quiet"),
        "type": Cell(safe(line.type), "quiet"),
        "number": Cell(safe(line.number), "quiet"),
    }


_COLUMNS = (
    Column("sign", "", 1),
    Column("th", "", 4, right=True),
    Column("company", "company", 12, gap=2, grow=20),
    Column("tier", "tier", 9),
    Column("who", "owner", 9),
    Column("owner", "owner", 12, grow=8),
    Column("days", "last", 5, right=True),
    Column("loud", "", 1, gap=2),
    Column("stands", "next", 17, gap=2),
    Column("next", "next", 11, gap=2),
    Column("mark", "", 10),
    Column("said", "said last", 30, gap=2, grow=30),
    Column("for", "planned for", 12, gap=2, grow=16),
    Column("region", "region", 8, gap=2, grow=6),
    Column("team", "team", 8, gap=2, grow=4),
    Column("number", "number", 13, gap=2),
    Column("type", "type", 8, gap=2, grow=8),
)
_BESIDE = ("sign", "th", "company", "who", "days", "loud")
_NARROW = ("sign", "th", "company", "tier", "who", "days", "stands")
_WANTED = (
    "sign", "th", "company", "owner", "days", "next", "tier", "mark", "said", "region", "team", "for", "number", "type",
)  # fmt: skip
"""Beside a story; beside the picture and at 80 columns; where there is room, the most wanted first."""
NARROW, ROOMY = 62, 90
_NAME_ROOM = 8


def columns(width: int) -> Sequence[Column]:
    """Return the columns that fit `width`: wider screens get more columns, not more air."""
    by_id = {column.id: column for column in _COLUMNS}
    if width < ROOMY:
        return [by_id[name] for name in (_BESIDE if width < NARROW else _NARROW)]
    left, fitting = width - _NAME_ROOM, set()
    for name in _WANTED:
        left -= by_id[name].gap + by_id[name].width
        if left < 0:
            break
        fitting.add(name)
    return [column for column in _COLUMNS if column.id in fitting]


SORTS = (None, "company", "owner", "tier", "last", "next", "contacts")
"""What `s` goes through; None: the queue's own order."""


def order(line: QueueLine, column: str) -> Any:
    """Return what a line is sorted by; unknown values last."""
    name = alphabetical(line.company)
    match column:
        case "owner":
            return (not line.owner, alphabetical(line.owner), name)
        case "tier":
            return (TIERS.index(line.tier) if line.tier in TIERS else len(TIERS), name)
        case "last":
            return (line.days_since is None, -(line.days_since or 0), name)
        case "next":
            return (line.next_day is None, line.next_day or 0, name)
        case "contacts":
            return (-line.contacts, name)
        case _:
            return name


def text(line: QueueLine) -> str:
    """Return what the filter looks through."""
    words = (line.company, line.ref, line.number, line.owner, line.team, line.taken_by, line.tier, line.region)
    return " ".join((*words, line.type, line.status, line.reason, line.said, line.next_note, th(line.contacts)))


_EXPORTED = (
    "ref", "company", "number", "contact_number", "group", "reason", "tier", "owner", "taken_over_by", "team", "region",
    "type", "status", "last_contact_at", "days_since", "next_day", "next_for", "said_last",
)  # fmt: skip


def table(lines: Sequence[QueueLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values, times ISO 8601 with the floor's offset."""

    def row(line: QueueLine) -> list[str]:
        last = (
            "" if line.last_us is None else datetime.fromtimestamp(line.last_us / 1e6, zone).isoformat("T", "seconds")
        )
        return [
            line.ref, line.company, line.number, str(line.contacts), line.group, line.reason, line.tier, line.owner,
            line.taken_by, line.team, line.region, line.type, line.status, last,
            "" if line.days_since is None else str(line.days_since),
            "" if line.next_day is None else date_of(line.next_day).isoformat(), line.next_note, line.said,
        ]  # fmt: skip

    return _EXPORTED, [row(line) for line in lines]


def shape(of: Callable[[], Frame], fitting: Callable[[int], Sequence[Column]] = columns) -> Shape[QueueLine]:
    """Return customers for a board; `of` is asked for at each drawing."""
    return Shape(
        columns=fitting,
        cells=lambda line, _: cells(line, of()),
        order=order,
        text=text,
        fresh=frozenset({"th", "next"}),
        sorts=SORTS,
        level=lambda line, _: level(line, of()),
        copied=lambda line: line.number,
        table=table,
    )
