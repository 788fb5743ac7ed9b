"""Flags and merits as cells: pure functions from the snapshot to what stands in the lists.

Loud is what waits: `✕` high, `!` medium. `”` says that the specialist has replied. What is decided is quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.days import moment_short
from screens.widgets.shape import Shape
from supervisor.calendar import date_of
from supervisor.duties.discipline.findings import HIGH, MEDIUM, SEVERITIES
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import FlagLine

REPLIED = "”"
"""Stands where the specialist has replied."""
LEVELS = {HIGH: "act", MEDIUM: "watch"}
_DECISION_ROLES = {"warned": "text", "fined": "strong", "rewarded": "good"}

# What a rule is called where its words have to make room for those of the flag.
_SHORT = {
    "behind_quota": "quota", "private_call": "private", "absent_but_calling": "absent", "present_but_silent": "silent",
    "out_of_hours": "hours", "do_not_call_dialled": "blocked", "logged_without_a_call": "log only",
    "irrelevant_web_pages": "web", "private_chat": "chat", "mobile_phone": "mobile",
}  # fmt: skip


def waits(line: FlagLine) -> bool:
    """Whether a flag waits for a decision."""
    return line.state in ("open", "explained")


def level(line: FlagLine) -> str:
    """Return how much a flag needs a person: act (high), watch (medium) or ""."""
    return LEVELS.get(line.severity, "") if waits(line) and line.kind == "flag" else ""


def short_rule(line: FlagLine) -> str:
    """Return what a rule is called, in eight columns."""
    return _SHORT.get(line.rule, line.rule_words)


def short_name(line: FlagLine) -> str:
    """Return a specialist's name in ten columns: the first one, and the letter of the last."""
    first, *others = safe(line.specialist).split() or [""]
    return f"{first} {others[-1][0]}." if others and len(first) < 8 else first


def outcome(line: FlagLine) -> Cell:
    """Return what was decided, "withdrawn" where it was taken back, "waits" where nothing was; a merit is "noted" and
    counts."""
    if waits(line):
        return Cell("waits", "text")
    if line.kind == "merit" and not line.decision and line.state == "decided":
        return Cell("noted", "text")
    return Cell(safe(line.decision or line.state), _DECISION_ROLES.get(line.decision, "quiet"))


def points(line: FlagLine) -> str:
    """Return the points that count now, "" for none."""
    return f"{line.points:+}" if line.points < 0 else str(line.points or "")


def cells(line: FlagLine, today: int, zone: tzinfo) -> Mapping[str, Cell]:
    """Return the cells of a flag or a merit, by column id."""
    loud, waiting = level(line), waits(line) or line.kind == "merit"
    known = line.specialist_id is not None
    end_us = line.at_us if line.decided_us is None else line.decided_us
    who = "text" if known and waiting else "quiet" if known else "watch"
    return {
        "mark": Cell(MARKS.get(loud, ""), loud or "text"),
        "at": Cell(moment_short(line.at_us, today, zone), "quiet"),
        "ended": Cell(moment_short(end_us, today, zone), "quiet"),
        "who": Cell(short_name(line), who),
        "specialist": Cell(safe(line.specialist), who),
        "short": Cell(safe(short_rule(line)), loud or "text"),
        "rule": Cell(safe(line.rule_words), loud or "text"),
        "replied": Cell(REPLIED if line.reply else "", "accent"),
        "words": Cell(safe(line.words), "text" if waiting else "quiet"),
        "reply": Cell(safe(line.reply), "accent"),
        "team": Cell(safe(line.team), "quiet"),
        "decision": outcome(line),
        "points": Cell(points(line), "good" if line.points < 0 else "text"),
        "by": Cell(safe(line.decided_by), "quiet"),
        "why": Cell(safe(line.why), "text"),
        "raised": Cell(safe(line.raised_by) or "a rule", "quiet"),
    }


_COLUMNS = {
    column.id: column
    for column in (
        Column("mark", "", 1),
        Column("at", "when", 6),
        Column("ended", "when", 6),
        Column("who", "whom", 10, gap=1),
        Column("specialist", "specialist", 14, gap=1, grow=10),
        Column("short", "rule", 8, gap=1),
        Column("rule", "rule", 21, gap=1),
        Column("decision", "decided", 9),
        Column("points", "pts", 3, right=True),
        Column("by", "by", 8, gap=2),
        Column("why", "why", 12, gap=2, grow=40),
        Column("replied", "", 1),
        Column("words", "what happened", 12, gap=1, grow=70),
        Column("reply", "their reply", 20, gap=2, grow=30),
        Column("raised", "raised by", 10, gap=2),
        Column("team", "team", 8, gap=2, grow=6),
    )
}
WIDE, WIDEST = 100, 150
OPEN_COLUMNS = (
    ("mark", "at", "who", "short", "replied", "words"),
    ("mark", "at", "specialist", "rule", "replied", "words"),
    ("mark", "at", "specialist", "rule", "replied", "words", "reply", "raised", "team"),
)
DECIDED_COLUMNS = (
    ("ended", "who", "short", "decision", "points", "by", "why"),
    ("ended", "specialist", "rule", "decision", "points", "by", "why"),
    ("ended", "specialist", "rule", "decision", "points", "by", "why", "words", "team"),
)
MERIT_COLUMNS = (
    ("at", "who", "decision", "points", "words"),
    ("at", "specialist", "decision", "points", "words", "raised"),
    ("at", "specialist", "decision", "points", "words", "why", "by", "raised", "team"),
)


def fitting(sets: tuple[Sequence[str], Sequence[str], Sequence[str]]) -> Callable[[int], Sequence[Column]]:
    """Return what gives the columns for a width: short words in the narrow, more columns in the wide."""
    return lambda width: [_COLUMNS[name] for name in sets[0 if width < WIDE else 1 if width < WIDEST else 2]]


SORTS = (None, "severity", "specialist", "rule")
DECIDED_SORTS = (None, "specialist", "rule", "decision", "by", "points")


def order(line: FlagLine, column: str) -> Any:
    """Return what a flag is sorted by: the worst first, names by the alphabet; then the newest first."""
    name, newest = alphabetical(line.specialist), -line.at_us
    match column:
        case "severity":
            return (-line.severity, newest)
        case "rule":
            return (line.rule_words, newest)
        case "decision":
            return (line.decision or line.state, newest)
        case "by":
            return (alphabetical(line.decided_by), newest)
        case "points":
            return (-line.points, newest)
        case _:
            return (name, newest)


def text(line: FlagLine) -> str:
    """Return what the filter looks through."""
    words = (line.specialist, line.team, line.rule_words, short_rule(line), line.words, line.reply, line.decision)
    return " ".join((*words, line.why, line.decided_by, line.raised_by, SEVERITIES.get(line.severity, ""), line.state))


_EXPORTED = (
    "id", "kind", "rule", "specialist", "team", "day", "at", "severity", "words", "excuses", "state", "reply",
    "decision", "decided_at", "decided_by", "why", "points", "raised_by",
)  # fmt: skip


def table(lines: Sequence[FlagLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values, times ISO 8601 with the floor's offset."""

    def at(us: int | None) -> str:
        return "" if us is None else datetime.fromtimestamp(us / 1e6, zone).isoformat("T", "seconds")

    def row(line: FlagLine) -> list[str]:
        return [
            str(line.flag_id), line.kind, line.rule, line.specialist, line.team, date_of(line.day).isoformat(),
            at(line.at_us), SEVERITIES.get(line.severity, ""), line.words, "; ".join(line.excuses), line.state,
            line.reply, line.decision, at(line.decided_us), line.decided_by, line.why, str(line.points), line.raised_by,
        ]  # fmt: skip

    return _EXPORTED, [row(line) for line in lines]


def shape(
    columns: Callable[[int], Sequence[Column]],
    today: Callable[[], int],
    zone: Callable[[], tzinfo],
    sorts: Sequence[str | None] = SORTS,
) -> Shape[FlagLine]:
    """Return flags for a board; the floor's day and zone are asked for at each drawing."""
    return Shape(
        columns=columns,
        cells=lambda line, _: cells(line, today(), zone()),
        order=order,
        text=text,
        sorts=sorts,
        level=lambda line, _: level(line),
        table=table,
    )
