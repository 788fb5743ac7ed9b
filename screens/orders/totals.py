"""What stands around the list of orders - totals, the forecast by stage and specialist, the empty list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from screens.orders.present import BIG, CLAIMED, FEELINGS, NOBODY, RECHECK, STALE, Row, whole
from screens.widgets.cells import Cell, columns_of, fit
from screens.widgets.words import bar
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.orders.snapshots import OrderLine

Line = tuple[list[Cell], list[Cell]]
MARKS_TOLD = (RECHECK, FEELINGS, CLAIMED, BIG, STALE)


class Share(NamedTuple):
    """A part of the forecast: how many orders, what they bring, and what they did at their last reviews (cents)."""

    name: str
    orders: int
    now: int
    before: int


def share(name: str, lines: Iterable[OrderLine]) -> Share:
    """Return the sum over `lines`; one that was never reviewed has not moved."""
    found = list(lines)
    before = sum(
        one.expected_cents if one.expected_before_cents is None else one.expected_before_cents for one in found
    )
    return Share(name, len(found), sum(one.expected_cents for one in found), before)


def shares(lines: Sequence[OrderLine], name_of: Callable[[OrderLine], str]) -> list[Share]:
    """Return the share of each name."""
    names = dict.fromkeys(map(name_of, lines))
    return [share(name, [line for line in lines if name_of(line) == name]) for name in names]


def by_stage(lines: Sequence[OrderLine], stages: Sequence[str]) -> list[Share]:
    """Return the forecast by stage in the order of `stages`, others after these by name."""
    places = {stage: place for place, stage in enumerate(stages)}
    found = shares(lines, lambda line: line.stage)
    return sorted(found, key=lambda one: (places.get(one.name, len(places)), alphabetical(one.name)))


def by_specialist(lines: Sequence[OrderLine]) -> list[Share]:
    """Return the forecast by specialist, the largest first."""
    return sorted(shares(lines, lambda line: line.specialist), key=lambda one: (-one.now, alphabetical(one.name)))


def moved(found: Share, currency: str = "") -> list[Cell]:
    """Return a forecast and how it moved since the last reviews; only the new one where it did not."""
    unit = [Cell(f" {currency}", "quiet")] if currency else []
    now, before = whole(found.now), whole(found.before)
    if now == before:
        return [Cell(now, "strong"), *unit]
    role, mark = ("good", "▲") if found.now > found.before else ("watch", "▼")
    return [Cell(f"{before} → ", "quiet"), Cell(now, "strong"), *unit, Cell(f" {mark}", role)]


def totals(rows: Sequence[Row], stages: Sequence[str], currency: str, width: int, *, beside: bool = False) -> Line:
    """Return the line above the list: how many want a review, the forecast and how it moved, and its stages; where
    these stand `beside` the list, how many orders need attention for which reason."""
    lines = [row.line for row in rows]
    left = sum(row.wanted for row in rows)
    review = [Cell(str(left), "strong"), Cell(f" of {len(lines)} to review", "quiet")]
    if lines and not left:
        review = [Cell("● ", "good"), Cell(f"all {len(lines)} reviewed", "text")]
    head = [*review, Cell("    forecast ", "quiet"), *moved(share("", lines), currency)]
    right: list[Cell] = []
    marks = [mark for row in rows if row.wanted for mark in row.line.marks]
    told = [(mark, str(marks.count(mark))) for mark in MARKS_TOLD if mark in marks]
    if not beside:
        told = [(safe(one.name, 14) or "no stage", whole(one.now)) for one in by_stage(lines, stages)]
    for name, count in told:
        more = [Cell(f"   {name} ", "quiet"), Cell(count, "text")]
        if columns_of(*head, *right, *more) > width - 2:
            break
        right += more
    return head, right


def panel(rows: Sequence[Row], stages: Sequence[str], width: int, height: int) -> list[Line]:
    """Return the lines beside the list: the forecast by stage and by specialist, and how each moved."""
    lines = [row.line for row in rows]
    if not lines:
        return []
    people, steps = by_specialist(lines), by_stage(lines, stages)
    room = max(1, height - len(steps) - 4)
    shown_, rest = (people, []) if len(people) <= room else (people[: room - 1], people[room - 1 :])
    most = max([one.now for one in (*people, *steps)] or [0])
    found: list[Line] = [([Cell("by stage", "head")], [])]
    found += [_share(one, safe(one.name) or "no stage", most, width) for one in steps]
    found += [([], []), ([Cell("by specialist", "head")], [])]
    found += [_share(one, safe(one.name) or NOBODY, most, width) for one in shown_]
    if rest:
        more = Share("", sum(one.orders for one in rest), sum(one.now for one in rest), 0)
        found.append(
            ([Cell(fit(f"{len(rest)} more", width - 11), "quiet"), Cell(f"{whole(more.now):>9}", "quiet")], [])
        )
    return found


def _share(one: Share, name: str, most: int, width: int) -> Line:
    wide = max(8, width - 23)
    arrow = ("▲", "good") if one.now > one.before else ("▼", "watch") if one.now < one.before else (" ", "quiet")
    return [
        Cell(fit(name, wide), "text"),
        Cell(f"{one.orders:>3} ", "quiet"),
        Cell(f" {bar(one.now / most if most else 0, 6)} ", "bar"),
        Cell(f"{whole(one.now):>9}", "strong"),
        Cell(f" {arrow[0]}", arrow[1]),
    ], []


def empty(every: int, team: str | None, filtered: str) -> list[str]:
    """Return what stands where there is no order: why, and what to do."""
    if every:
        where = f" in {safe(team, 20)}" if team else ""
        what = f"No order{where} matches {safe(filtered, 20)!r}." if filtered else f"No open order{where}."
        return [what, "esc goes back to all of them."]
    return [
        "No order is open.",
        "a adds one; orders kept in a table come in by: supervisor import orders FILE",
    ]


def needs(rows: Sequence[Row], level: Callable[[Row], str]) -> list[Cell]:
    """Return how many rows need a person, for the title of the list."""
    found = list(map(level, rows))
    marks = (("✕", "act"), ("!", "watch"))
    return [Cell(f"  {mark} {found.count(name)}", name) for mark, name in marks if found.count(name)]
