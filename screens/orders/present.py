"""Open orders as cells: pure functions from the snapshot to what stands in the list.

Loud is only what still needs a review: `✕` a recheck that is overdue, FEELINGS ONLY, a claim that has passed; `!` a
signing claimed for this week, an order nobody touches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.themes import MARKS
from screens.widgets import days
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import ago, bar, number
from supervisor.calendar import date_of, days_between
from supervisor.money import exact
from supervisor.text import alphabetical, number_th, safe

if TYPE_CHECKING:
    from supervisor.duties.orders.snapshots import OrderLine, OrdersSnapshot

NOBODY = "nobody"
RECHECK, FEELINGS, CLAIMED, BIG, STALE = "recheck", "FEELINGS ONLY", "claimed", "big", "stale"
"""What the duty calls the marks of an order."""


class Row(NamedTuple):
    """An order of the list, whether it still wants a review, and what day it is."""

    line: OrderLine
    wanted: bool
    today: int


def whole(cents: int) -> str:
    """Return an amount without hundredths: nobody acts on those in a list."""
    return number(cents / 100)


def rows(snapshot: OrdersSnapshot, team: str | None, zone: tzinfo) -> dict[str, Row]:
    """Return the rows of the list by key, those of one team or all."""
    return {
        line.key: Row(line, line.wants_review, snapshot.day) for line in snapshot.orders if team in (None, line.team)
    }


def mark_level(mark: str, line: OrderLine, today: int) -> str:
    """Return how much a mark needs a person: act, watch or ""."""
    if mark in (RECHECK, FEELINGS):
        return "act"
    if mark == CLAIMED:
        return "act" if line.claimed_by is not None and line.claimed_by < today else "watch"
    return "watch" if mark == STALE else ""


def level(row: Row, now_us: int = 0) -> str:
    """Return how much an order needs a person: act, watch, or "" where it was reviewed or nothing is the matter."""
    found = [mark_level(mark, row.line, row.today) for mark in row.line.marks] if row.wanted else []
    return "act" if "act" in found else "watch" if "watch" in found else ""


def reason(row: Row) -> str:
    """Return why an order needs attention in a few columns; "" where it does not."""
    line, today = row.line, row.today
    match line.marks[0] if line.marks else "":
        case "recheck":
            late = days_between(line.recheck_day, today) if line.recheck_day is not None else 0
            return f"recheck {late} d late"
        case "claimed":
            away = days_between(today, line.claimed_by) if line.claimed_by is not None else 0
            return f"claim {-away} d over" if away < 0 else f"claimed in {away} d" if away else "claimed today"
        case "":
            return "" if line.reviewed_us is not None else "never reviewed"
        case other:
            return other


def cells(row: Row, now_us: int) -> Mapping[str, Cell]:
    """Return the cells of one order, by column id."""
    line, today, found = row.line, row.today, level(row)
    loud = found or ("text" if row.wanted else "quiet")
    feelings = line.feelings_only
    late = line.claimed_by is not None and line.claimed_by < today
    bold = f"{loud}-bold" if FEELINGS in line.marks[:1] and found else loud
    return {
        "mark": Cell(MARKS[found] if found else "" if row.wanted else "✓", loud),
        "reason": Cell(reason(row), bold),
        "company": Cell(safe(line.company), "text"),
        "amount": Cell(whole(line.amount_cents), "strong"),
        "score": Cell(str(line.score), "act" if feelings else "text"),
        "bar": Cell(bar(line.score / 100, 6), "act" if feelings else "bar"),
        "specialist": Cell(safe(line.specialist) or NOBODY, "text" if line.specialist else "watch"),
        "signs": _day(line.claimed_by, today, "act" if late and row.wanted else "text"),
        "kept": Cell(f"{line.kept}/{line.claims}" if line.claims else "", "quiet"),
        "stage": Cell(safe(line.stage), "text"),
        "recheck": _day(line.recheck_day, today, "act" if line.overdue else "quiet"),
        "contact": Cell(number_th(line.contacts) if line.contacts else "none", "quiet"),
        "last": Cell(ago(line.last_us, now_us), "quiet"),
        "package": Cell(safe(line.package), "quiet"),
        "expected": Cell(whole(line.expected_cents), "text"),
        "next": Cell(safe(line.next_step), "quiet"),
        "team": Cell(safe(line.team), "quiet"),
        "ref": Cell(safe(line.ref), "quiet"),
    }


def _day(day: int | None, today: int, role: str) -> Cell:
    return Cell("" if day is None else days.short(day, today), role)


_WANTED = (
    "mark", "reason", "company", "amount", "score", "bar", "specialist", "signs", "stage", "recheck", "kept", "contact",
    "package", "expected", "last", "next", "team", "ref",
)  # fmt: skip
_ROOM = 0


def columns(width: int, currency: str = "") -> Sequence[Column]:
    """Return the columns that fit `width`, the most wanted first; the currency stands once, over the amounts."""
    every = (
        Column("mark", "", 1, gap=1),
        Column("reason", "why", 15, gap=1, grow=2),
        Column("company", "company", 15, gap=1, grow=17),
        Column("amount", currency or "amount", 9, gap=1, right=True),
        Column("score", "score", 5, gap=1, right=True),
        Column("bar", "", 6, gap=1),
        Column("specialist", "specialist", 11, gap=1, grow=7),
        Column("signs", "signs by", 8, gap=1, right=True),
        Column("kept", "kept", 5, gap=1, right=True),
        Column("stage", "stage", 11, gap=2, grow=3),
        Column("recheck", "recheck", 7, gap=1, right=True),
        Column("contact", "contact", 7, gap=1, right=True),
        Column("last", "last", 4, gap=1, right=True),
        Column("expected", "expected", 9, gap=1, right=True),
        Column("package", "package", 22, gap=2, grow=8),
        Column("next", "next step", 16, gap=2, grow=30),
        Column("team", "team", 8, gap=2, grow=6),
        Column("ref", "order", 8, gap=2),
    )
    by_id = {column.id: column for column in every}
    left, fitting = width - _ROOM, set()
    for name in _WANTED:
        left -= by_id[name].gap + by_id[name].width
        if left < 0:
            break
        fitting.add(name)
    return [column for column in every if column.id in fitting]


SORTS = (None, "company", "specialist", "amount", "score", "signs", "recheck", "stage")
"""What `s` goes through; None: as attention wants it."""


def order(row: Row, column: str) -> Any:
    """Return what a row is sorted by: the largest, the soonest or the first in the alphabet first."""
    line, name = row.line, alphabetical(row.line.company)
    match column:
        case "amount":
            return (-line.amount_cents, name)
        case "score":
            return (-line.score, name)
        case "signs":
            return (line.claimed_by or 99_999_999, name)
        case "recheck":
            return (line.recheck_day or 99_999_999, name)
        case "specialist":
            return (alphabetical(line.specialist), name)
        case "stage":
            return (alphabetical(line.stage), name)
        case _:
            return name


def text(row: Row) -> str:
    """Return what the filter looks through."""
    line = row.line
    return " ".join(
        (line.company, line.specialist, line.team, line.package, line.stage, line.ref, line.reason, *line.marks)
    )


_EXPORTED = (
    "order", "company", "specialist", "team", "package", "amount", "stage", "score", "facts", "why", "claimed_by",
    "claim_percent", "claims_kept", "claims", "recheck", "reviewed_at", "contacts", "expected", "expected_before",
    "next_step",
)  # fmt: skip


def table(found: Sequence[Row], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values, days YYYY-MM-DD, times ISO 8601 with the floor's offset."""

    def day(value: int | None) -> str:
        return "" if value is None else date_of(value).isoformat()

    def at(us: int | None) -> str:
        return "" if us is None else datetime.fromtimestamp(us / 1e6, zone).isoformat(timespec="seconds")

    return _EXPORTED, [
        [
            line.ref, line.company, line.specialist, line.team, line.package, exact(line.amount_cents), line.stage,
            str(line.score), " ".join(line.facts), line.reason, day(line.claimed_by),
            "" if line.claim_percent is None else str(line.claim_percent), str(line.kept), str(line.claims),
            day(line.recheck_day), at(line.reviewed_us), str(line.contacts), exact(line.expected_cents),
            "" if line.expected_before_cents is None else exact(line.expected_before_cents), line.next_step,
        ]
        for line, *_ in found
    ]  # fmt: skip


def shape(currency: Any) -> Shape[Row]:
    """Return the list for its board; `currency` is asked for when its columns are laid out."""
    return Shape(
        columns=lambda width: columns(width, currency()),
        cells=cells,
        order=order,
        text=text,
        fresh=frozenset({"score", "stage", "amount"}),
        sorts=SORTS,
        level=level,
        table=table,
    )
