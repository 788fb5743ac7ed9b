"""The three lists of this mode, one in the place of another, and what stands around them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from screens.discipline.present import REPLIED, level, waits
from screens.themes import MARKS
from screens.widgets.cells import Cell, columns_of
from screens.widgets.days import moment_short
from screens.widgets.words import number
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import DisciplineSnapshot, FlagCounts, FlagLine

OPEN, DECIDED, MERITS = "open", "decided", "merits"
LISTS = (OPEN, DECIDED, MERITS)
"""The lists of this mode, in the order in which one follows the other."""
NAMES = {OPEN: "Flags that wait", DECIDED: "Decided in 30 days", MERITS: "Merits of 30 days"}

DECIDING = ("flag-talked", "flag-dismiss", "flag-warned", "flag-fine", "flag-reply")
HINTS: Mapping[str, Sequence[str]] = {
    OPEN: ("flag-lists", "filter", "sort"),
    DECIDED: ("flag-lists", "filter", "sort"),
    MERITS: ("flag-reward", "flag-lists", "filter"),
}
"""Ids of the keys in a list's title."""
FOOTER: Mapping[str, Sequence[str]] = {
    OPEN: (*DECIDING, "open-page", "undo"),
    DECIDED: ("open-page", "flag-lists", "undo"),
    MERITS: ("flag-reward", "open-page", "flag-lists", "undo"),
}
"""Ids of the keys in the last line."""


def following(here: str) -> str:
    """Return the list that comes after `here`."""
    return LISTS[(LISTS.index(here) + 1) % len(LISTS)]


def flags(snapshot: DisciplineSnapshot, here: str) -> Sequence[FlagLine]:
    """Return the flags of a list: what waits and merits by when they happened, the rest by when it was decided, newest
    first."""
    if here == OPEN:
        return [line for line in snapshot.open if line.kind == "flag"]
    if here == MERITS:
        return [line for line in snapshot.decided if line.kind == "merit"]
    found = [line for line in snapshot.decided if line.kind == "flag"]
    return sorted(found, key=lambda line: -(line.decided_us or line.at_us))


def teams(snapshot: DisciplineSnapshot, here: str) -> Mapping[str, int]:
    """Return how many flags of a list each team has, "" being all."""
    lines = flags(snapshot, here)
    counted = {team: sum(line.team == team for line in lines) for team in snapshot.teams}
    return {"": len(lines)} | {team: count for team, count in counted.items() if count}


def counted(counts: FlagCounts, gap: str = "   ") -> list[Cell]:
    """Return how many flags wait, those of high severity, those with a reply; loud where something is high."""
    cells = [Cell(number(counts.open), "strong" if counts.open else "quiet"), Cell(" open", "quiet")]
    cells.append(
        Cell(f"{gap}{MARKS['act']} {counts.high} high", "act") if counts.high else Cell(f"{gap}0 high", "quiet")
    )
    reply = "accent" if counts.explained else "quiet"
    return [*cells, Cell(f"{gap}{REPLIED} {counts.explained}", reply), Cell(" explained", "quiet")]


def totals(snapshot: DisciplineSnapshot, zone: tzinfo, width: int) -> tuple[list[Cell], list[Cell]]:
    """Return the line of counts, and at the right when the rules were last applied; as wordy as `width` allows."""
    counts = snapshot.counts
    gap = "   " if width < 100 else "     "
    left = counted(counts, gap)
    lefts: list[list[Cell]] = []
    for count, word in ((counts.today, "raised today"), (counts.merits, "merits")):
        left = [*left, Cell(f"{gap}{count}", "strong" if count else "quiet"), Cell(f" {word}", "quiet")]
        lefts.insert(0, left)
    if snapshot.evaluated_us is None:
        never = f"{MARKS['watch']} rules never"
        applied = [[Cell(f"{never} applied", "watch")], [Cell(never, "watch")]]
    else:
        at = Cell(moment_short(snapshot.evaluated_us, snapshot.day, zone).strip(), "text")
        applied = [[Cell("rules last applied ", "quiet"), at], [Cell("rules ", "quiet"), at]]
    pairs = [(left, right) for left in lefts for right in applied]
    return next((pair for pair in pairs if columns_of(*pair[0], *pair[1]) + 2 <= width), pairs[-1])


def needs(lines: Iterable[FlagLine]) -> list[Cell]:
    """Return how many of the flags shown are loud, for a list's title; nothing where none is."""
    levels = [level(line) for line in lines]
    return [Cell(f"  {MARKS[name]} {levels.count(name)}", name) for name in ("act", "watch") if name in levels]


def empty(here: str, snapshot: DisciplineSnapshot, team: str | None, filtered: str, zone: tzinfo) -> Sequence[str]:
    """Return what stands where a list has no row: why, and what to do."""
    if filtered or team:
        where = f" in {safe(team, 20)}" if team else ""
        what = f"Nothing{where} matches {safe(filtered, 20)!r}." if filtered else f"Nothing{where}."
        return (what, "esc goes back to all.")
    if here == DECIDED:
        return ("Nothing was decided in the last 30 days.", "Flags come here with who decided, when and why.")
    if here == MERITS:
        return ("No merit was written down in the last 30 days.", "+ writes one down, here and on the floor.")
    if snapshot.evaluated_us is None:
        return (
            "The rules have never been applied.",
            "supervisor collect applies them as it goes; supervisor flags evaluate --day DAY to a day that is past.",
        )
    return (
        f"{MARKS['good']} No flag waits for a decision.",
        f"The rules were last applied: {moment_short(snapshot.evaluated_us, snapshot.day, zone).strip()}.",
    )


def why_not(line: FlagLine | None) -> Mapping[str, str]:
    """Return by key's id why it can do nothing with the marked flag, in safe words."""
    if line is None:
        return dict.fromkeys((*DECIDING, "flag-reward", "open"), "no flag is marked")
    found: dict[str, str] = {}
    if line.kind == "merit":
        found |= dict.fromkeys(DECIDING, "a merit is rewarded, not judged")
        if line.decision:
            found["flag-reward"] = f"this merit is {safe(line.decision)} already"
    else:
        found["flag-reward"] = "only a merit is rewarded: + writes one down"
        if not waits(line):
            how = safe(line.decision or line.state)
            found |= dict.fromkeys(DECIDING, f"this flag is {how} already; an act of yours is undone with u")
    if line.specialist_id is None:
        nobody = "nobody knows whose phone this is: adopt it on the floor"
        found |= {name: nobody for name in ("flag-fine", "flag-reward", "open-page") if name not in found}
    return found
