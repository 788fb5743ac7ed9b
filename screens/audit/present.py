"""Discrepancies as cells: pure functions from the audit of a day to what stands in the list.

Loud is what has no decision: `✕` where somebody says other than the phones or calls who may not, `!` the rest. `”` says
that an explanation is known. What is decided is quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import hour, number
from supervisor.duties.audit.snapshots import ACCEPTED, CORRECTED, DISCREPANCIES, FLAGGED, OPEN
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import Discrepancy

WORDS = {
    "internal": "internal", "do_not_call": "do-not-call", "absent_but_calling": "absent, calls",
    "out_of_hours": "out of hours", "not_connected": "not connected", "private_candidate": "private?",
    "unknown_number": "unknown number", "shared_number": "shared number", "short": "short",
    "duration_inflated": "inflated", "matched": "matched", "unlogged": "unlogged", "log_without_call": "log, no call",
    "not_a_call": "not a call",
}  # fmt: skip
"""What each class of calls and logs is called."""
LEVELS = dict.fromkeys(DISCREPANCIES, "watch") | dict.fromkeys(
    ("do_not_call", "absent_but_calling", "duration_inflated", "log_without_call"), "act"
)
"""How much an open discrepancy of each class needs a person."""
STATES = {OPEN: "", ACCEPTED: "●", CORRECTED: "●", FLAGGED: "⚑"}
"""The mark of each state; an open one has that of its level."""
EXPLAINED = "”"
"""Stands where an explanation is known."""
ROOMY, WIDE, WIDEST = 76, 100, 150


def class_words(class_: str) -> str:
    """Return what a class is called, in fourteen columns; one of a later version by its code."""
    return WORDS.get(class_) or safe(class_).replace("_", " ")


def level(one: Discrepancy) -> str:
    """Return how much a discrepancy needs a person: act, watch or ""."""
    return LEVELS.get(one.class_, "watch") if one.state == OPEN else ""


def explained(found: Sequence[Discrepancy]) -> int:
    """Return how many of them are open and have an explanation."""
    return sum(one.state == OPEN and bool(one.explanation) for one in found)


def counted(count: int, word: str) -> str:
    """Return so many of what `word` names."""
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number(count)} {word if count == 1 else many}"


def short_name(name: str) -> str:
    """Return a specialist's name in ten columns: the first one, and the letter of the last."""
    first, *others = safe(name).split() or [""]
    return f"{first} {others[-1][0]}." if others and len(first) < 8 else first


def whom(company: str, number: str) -> Cell:
    """Return the customer, else the number."""
    return Cell(safe(company), "text") if company else Cell(safe(number) or "number unknown", "quiet")


def decision(one: Discrepancy) -> str:
    """Return in safe words what was decided, by whom and why; "" while it is open."""
    if one.state == OPEN:
        return ""
    by = f" by {safe(one.decided_by, 20)}" if one.decided_by else ""
    why = f": {safe(one.decided_why, 300)}" if one.decided_why else ""
    return f"{safe(one.state)}{by}{why}"


def cells(one: Discrepancy, zone: tzinfo, waits: Container[str]) -> Mapping[str, Cell]:
    """Return the cells of a discrepancy, by column id; `waits`: ids of those whose decision is not kept yet."""
    loud = level(one)
    role = "text" if loud else "quiet"
    mark = MARKS[loud] if loud else "…" if one.id in waits else STATES.get(one.state, "?")
    company = whom(one.company, one.number)
    known = one.specialist_id is not None or not loud
    return {
        "mark": Cell(mark, loud or "quiet"),
        "class": Cell(class_words(one.class_), loud or "quiet"),
        "who": Cell(short_name(one.specialist) or "nobody", role if known else "watch"),
        "specialist": Cell(safe(one.specialist) or "nobody", role if known else "watch"),
        "whom": company if loud else Cell(company.text, "quiet"),
        "number": Cell(safe(one.number), "quiet"),
        "at": Cell(hour(one.at_us, zone), "quiet"),
        "explained": Cell(EXPLAINED if one.explanation else "", "accent" if loud else "quiet"),
        "why": Cell(safe(one.why) if loud else decision(one), role),
        "explanation": Cell(safe(one.explanation), "accent" if loud else "quiet"),
        "team": Cell(safe(one.team), "quiet"),
    }


def columns(width: int) -> Sequence[Column]:
    """Return the columns; short names in the narrow, more columns in the wide."""
    wide, widest = width >= WIDE, width >= WIDEST
    found = [
        Column("mark", "", 1),
        Column("class", "class", 13, gap=1),
        Column("specialist", "specialist", 14, gap=1, grow=10) if wide else Column("who", "whose", 10, gap=1),
        Column("whom", "with", 10, gap=1, grow=14 if wide else 6 if width >= ROOMY else 0),
        Column("at", "at", 5, gap=1),
        Column("explained", "", 1, gap=1),
        Column("why", "why", 14, gap=1, grow=70),
    ]
    if widest:
        found.insert(4, Column("number", "number", 14, gap=1))
        found += [Column("explanation", "explained by", 18, gap=2, grow=40), Column("team", "team", 8, gap=2, grow=4)]
    return found


SORTS = (None, "class", "specialist", "with", "at", "state")


def order(one: Discrepancy, column: str) -> Any:
    """Return what a discrepancy is sorted by: the loudest class first, names by the alphabet; then by time."""
    match column:
        case "class":
            return (LEVELS.get(one.class_) != "act", class_words(one.class_), one.at_us)
        case "specialist":
            return (alphabetical(one.specialist), one.at_us)
        case "with":
            return (alphabetical(one.company), one.number, one.at_us)
        case "state":
            return (one.state != OPEN, one.state, one.at_us)
        case _:
            return one.at_us


def text(one: Discrepancy) -> str:
    """Return what the filter looks through."""
    words = (class_words(one.class_), one.class_, one.specialist, one.team, one.company, one.number, one.why)
    return " ".join((*words, one.explanation, one.state, one.decided_by, one.decided_why))


def iso(us: int | None, zone: tzinfo) -> str:
    """Return a moment as it is exported, with the floor's offset; "" for none."""
    return "" if us is None else datetime.fromtimestamp(us / 1e6, zone).isoformat("T", "seconds")


_EXPORTED = (
    "id", "class", "state", "specialist", "team", "customer", "number", "at", "why", "explanation", "decided_by",
    "decided_why",
)  # fmt: skip


def table(found: Sequence[Discrepancy], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export."""
    return _EXPORTED, [
        [
            one.id, one.class_, one.state, one.specialist, one.team, one.company, one.number, iso(one.at_us, zone),
            one.why, one.explanation, one.decided_by, one.decided_why,
        ]
        for one in found
    ]  # fmt: skip


def shape(zone: Callable[[], tzinfo], waits: Callable[[], Container[str]]) -> Shape[Discrepancy]:
    """Return discrepancies for a board; the floor's zone and what is not kept yet are asked for at each drawing."""
    return Shape(
        columns=columns,
        cells=lambda one, _: cells(one, zone(), waits()),
        order=order,
        text=text,
        sorts=SORTS,
        level=lambda one, _: level(one),
        copied=lambda one: one.number,
        table=table,
    )
