"""A specialist's page as cells: how they stand against their team, 13 weeks as small bars, rates, money, days. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from screens.discipline import present
from screens.discipline.attendance_present import SIGNS
from screens.orders.card import wrapped
from screens.themes import MARKS
from screens.widgets import days
from screens.widgets.cells import Cell, Column, columns_of, fit
from screens.widgets.shape import Shape
from supervisor.calendar import date_of, day_number
from supervisor.money import shown
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import FlagLine, MoneyLine, PersonPage, TalkLine

Line = tuple[list[Cell], list[Cell]]
EIGHTHS = "▁▂▃▄▅▆▇█"
NAME = 8
"""Columns of the names of the bars."""
DAYS = 30
WIDEST_RATES = 52
"""Columns of the rates at most: a figure far from its name is not read."""
FEW = 4
"""Rules and entries of the ledger that are shown at least."""

columns = present.fitting(
    (
        ("mark", "at", "short", "decision", "points", "words"),
        ("mark", "at", "rule", "decision", "points", "replied", "words"),
        ("mark", "at", "rule", "decision", "points", "replied", "words", "why", "by"),
    )
)
SORTS = (None, "severity", "rule", "decision", "points")


def whole(value: float) -> str:
    """Return a mean with one decimal, without one where it is whole or has two digits already."""
    return f"{value:.0f}" if value == int(value) or value >= 10 else f"{value:.1f}"


def head(page: PersonPage, at: int, of: int) -> Line:
    """Return the name, the team, and the points against the team's mean."""
    more = page.score > page.team_score
    name = [Cell(safe(page.name, 36), "title"), Cell(f"   {safe(page.team, 20)}   ", "quiet")]
    points = Cell(f"{MARKS['watch'] if more else MARKS['good']} {page.score} points", "watch-bold" if more else "good")
    people = f"{page.peers} people" if page.peers != 1 else "1 person"
    beside = Cell(f"   the team {whole(page.team_score)} each, {people}", "quiet")
    return [*name, points, beside], [Cell(f"{at} of {of}", "quiet")]


def attendance(page: PersonPage, width: int) -> Line:
    """Return the last 30 days as one line of marks, oldest first, weeks apart, `·` a day off; and beside them, as many
    as fit, how many of them were what: what is no day of work first."""
    told = dict(page.attendance)
    cells = [Cell(fit(f"{DAYS} days", NAME), "head")]
    for back in range(DAYS - 1, -1, -1):
        date = date_of(page.day) - timedelta(days=back)
        status = told.get(day_number(date), "")
        gap = " " if date.weekday() == 0 and back < DAYS - 1 else ""
        role = "good" if status == "present" else "strong" if status else "faint"
        cells.append(Cell(f"{gap}{SIGNS.get(status, '·')}", role))
    found = [status for day, status in page.attendance if (date_of(page.day) - date_of(day)).days < DAYS]
    for status in sorted(SIGNS, key=lambda one: one == "present"):
        counted = Cell(f"   {SIGNS[status]} {status} {found.count(status)}", "quiet")
        if status in found and columns_of(*cells, counted) <= width:
            cells.append(counted)
    return cells, []


def weeks(page: PersonPage, width: int) -> list[Line]:
    """Return flags, merits and the team's flags a person of each week, a column a week, the oldest at the left."""
    each = max(5, min(9, (width - NAME) // max(1, len(page.weeks))))
    most = max((max(week.flags, week.merits, week.team) for week in page.weeks), default=0)
    heads: list[Cell] = [Cell(fit("week of", NAME), "head")]
    flags, merits, team = ([Cell(fit(name, NAME), "quiet")] for name in ("flags", "merits", "team"))
    step = 1 if each >= 7 else 2
    for at, week in enumerate(page.weeks):
        if at % step == 0:
            monday = date_of(week.monday)
            room = each * min(step, len(page.weeks) - at)
            name = f"{monday.day} {monday:%b}"
            heads.append(Cell(fit(name if len(name) < room else str(monday.day), room), "head"))
        above = week.flags > week.team
        flags += _bar(week.flags, most, each, "watch" if above else "text", str(week.flags))
        merits += _bar(week.merits, most, each, "good", str(week.merits))
        team += _bar(week.team, most, each, "quiet", whole(week.team))
    return [(heads, []), (flags, []), (team, []), (merits, [])]


def _bar(value: float, most: float, width: int, role: str, said: str) -> list[Cell]:
    if not value:
        return [Cell(fit("·", width), "faint")]
    height = EIGHTHS[min(7, max(0, round(value / most * 8) - 1))]
    gap = " " if width >= 7 else ""
    return [Cell(height, "bar" if role in ("quiet", "text") else role), Cell(fit(f"{gap}{said}", width - 1), role)]


def sides(page: PersonPage, currency: str, width: int, room: int) -> list[Line]:
    """Return the rates by rule at the left and the money at the right, in `room` lines with their heads."""
    half = min(width // 2, WIDEST_RATES)
    left, right = rates(page, half - 2, room), money(page.money, currency, width - half, room)
    lines: list[Line] = []
    for at in range(max(len(left), len(right))):
        cells = left[at] if at < len(left) else []
        beside = right[at] if at < len(right) else []
        lines.append(([*cells, Cell(" " * (half - columns_of(*cells))), *beside], []))
    return lines


def rates(page: PersonPage, width: int, room: int) -> list[list[Cell]]:
    """Return how often each rule found something of them, and of the team a person; strong where it is more."""
    number = 7
    name = width - 2 * number
    heads = fit("rule, 90 days", name) + f"{'theirs':>{number}}{'team':>{number}}"
    if not page.rates:
        return [[Cell(heads, "head")], [Cell("no rule found anything", "quiet")]]
    lines = [[Cell(heads, "head")]]
    for rate in page.rates[: room - 1]:
        role = "strong" if rate.theirs > rate.team else "text" if rate.theirs else "quiet"
        theirs, team = Cell(f"{rate.theirs:>{number}}", role), Cell(f"{whole(rate.team):>{number}}", "quiet")
        lines.append([Cell(fit(safe(rate.rule_words), name), role), theirs, team])
    return lines


def money(ledger: Sequence[MoneyLine], currency: str, width: int, room: int) -> list[list[Cell]]:
    """Return the last fines and rewards, those taken back left out."""
    stands = [line for line in ledger if not line.withdrawn]
    sums = {kind: sum(line.amount_cents for line in stands if line.kind == kind) for kind in ("fine", "reward")}
    heads = f"money, {currency}   fined {shown(sums['fine'])}   rewarded {shown(sums['reward'])}"
    lines = [[Cell(fit(heads, width), "head")]]
    if not stands:
        return [*lines, [Cell("no fine and no reward", "quiet")]]
    for line in stands[: room - 1]:
        date = date_of(line.day)
        role = "good" if line.kind == "reward" else "text"
        amount = Cell(fit(signed(line), 8, right=True), role)
        why = Cell(f"  {fit(safe(line.why) or line.kind, max(1, width - 18))}", "quiet")
        lines.append([Cell(fit(f"{date.day} {date:%b}", 6, right=True), "quiet"), Cell("  "), amount, why])
    return lines


def signed(line: MoneyLine) -> str:
    """Return an amount of the ledger with its sign: a fine takes away."""
    return f"{'-' if line.kind == 'fine' else '+'}{shown(line.amount_cents)}"


def needed(page: PersonPage) -> int:
    """Return how many lines the rates and the money want, with their heads."""
    return 1 + max(1, len(page.rates), sum(not line.withdrawn for line in page.money))


def marked(line: FlagLine | None, today: int, zone: tzinfo) -> list[Line]:
    """Return the marked flag in two lines: why it was raised, and what came of it."""
    if line is None:
        return []
    what = [Cell(f"{safe(line.rule_words)}: ", "strong"), Cell(safe(line.words), "text")]
    if line.decided_us is not None:
        by = f" by {safe(line.decided_by, 20)}" if line.decided_by else ""
        why = f": {safe(line.why, 120)}" if line.why else ""
        after = Cell(f"{present.outcome(line).text}{by}, {days.moment(line.decided_us, today, zone)}{why}   ", "quiet")
    else:
        after = Cell("waits for a decision   " if line.kind == "flag" else "", "quiet")
    reply = [Cell(f"{present.REPLIED} {safe(line.reply, 160)}", "accent")] if line.reply else []
    return [(what, []), ([after, *reply], [])]


# -- the log of talks ---------------------------------------------------------------------------------------------


def said(talk: TalkLine | None, width: int, room: int) -> list[Line]:
    """Return what was said in the marked talk, in at most `room` lines."""
    return [([Cell(one)], []) for one in wrapped(safe(talk.note), width, room)] if talk is not None else []


def talk_shape(today: Any, zone: Any) -> Shape[TalkLine]:
    """Return talks for a board; the floor's day and zone are asked for at each drawing."""

    def cells(talk: TalkLine, now_us: int) -> Mapping[str, Cell]:
        return {
            "at": Cell(days.moment(talk.at_us, today(), zone()), "quiet"),
            "who": Cell(safe(talk.who), "text"),
            "kind": Cell(safe(talk.kind), "watch" if talk.kind == "doubt" else "text"),
            "note": Cell(safe(talk.note), "text"),
        }

    return Shape(
        lambda width: (
            Column("at", "when", 12), Column("who", "who", 8, gap=2, grow=8), Column("kind", "what", 13, gap=2),
            Column("note", "note", 20, gap=2, grow=160),
        ),
        cells,
        lambda talk, column: {"kind": talk.kind, "who": talk.who}.get(column, -talk.at_us),
        lambda talk: f"{talk.who} {talk.kind} {talk.note}",
        sorts=(None, "kind", "who"),
    )  # fmt: skip
