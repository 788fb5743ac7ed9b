"""The day at a glance: whether it adds up and how, what is open, who signed it and what changed since. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

from screens.audit.present import EXPLAINED, LEVELS, WIDE, class_words, counted, explained
from screens.themes import MARKS
from screens.widgets import days
from screens.widgets.cells import Cell, columns_of
from screens.widgets.words import clock, number
from supervisor.duties.audit.snapshots import ACCEPTED, CALL_CLASSES, CORRECTED, FLAGGED, LOG_CLASSES, OPEN
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import DayAudit, Discrepancy, Revision, Signed

Line = tuple[list[Cell], list[Cell]]
MOST = 3
"""Lines of residue, and of revisions."""
HEAD = 12
"""Columns of the word that says whether the day is balanced."""


class Hints(NamedTuple):
    """The keys that work on the whole day, as they are shown; nothing where they can do nothing."""

    explained: Sequence[Cell] = ()
    sign: Sequence[Cell] = ()


def glance(
    day: DayAudit, found: Sequence[Discrepancy], today: int, zone: tzinfo, width: int, hints: Hints
) -> list[Line]:
    """Return the day in a few lines of `width` columns; `found`: its discrepancies as they stand now."""
    loud = {one.class_ for one in found if one.state == OPEN}
    if day.balanced:
        balanced = Cell(f"{MARKS['good']} balanced".ljust(HEAD), "good")
    else:
        balanced = Cell(f"{MARKS['act']} NOT BALANCED  ", "act")
    calls, logs = counted(day.totals.calls, "call"), counted(day.totals.contacts, "log")
    wide = max(len(calls), len(logs))
    lines = [
        _figures(day, today, width),
        *_sum([balanced, Cell(f"{calls:<{wide}}", "strong")], day.call_classes, CALL_CLASSES, loud, width),
        *_sum([Cell(" " * HEAD), Cell(f"{logs:<{wide}}", "strong")], day.log_classes, LOG_CLASSES, loud, width),
        *_residue(day.residue),
        _open(day, found, width, hints),
    ]
    if day.signed is not None:
        lines += [(_signed(day.signed, today, zone), []), *_revised(day.signed.revisions)]
    return lines


def _figures(day: DayAudit, today: int, width: int) -> Line:
    """Return which day it is and its sums, as many as `width` allows."""
    totals = day.totals
    name = [Cell(days.told(day.day, today), "title")]
    if not day.over:
        name.append(Cell(" so far" if day.day == today else ", still on", "watch"))
    sums = [
        ("dials", number(totals.dials)), ("effective", number(totals.effective)),
        ("talk", clock(totals.talk_ms / 1000)), ("connected", number(totals.connected)), ("legs", number(totals.legs)),
    ]  # fmt: skip
    left = name
    for word, value in sums:
        more = [*left, Cell(f"   {word} ", "quiet"), Cell(value, "strong")]
        if columns_of(*more) > width:
            break
        left = more
    return left, []


def _sum(
    head: Sequence[Cell], classes: Mapping[str, int], known: Sequence[str], loud: Collection[str], width: int
) -> list[Line]:
    """Return a total and the classes that make it, wrapped at `width`. `loud`: classes with something open."""
    names = [*known, *(name for name in classes if name not in known)]
    line: list[Cell] = [*head, Cell(" = ", "quiet")]
    lines = [line]
    first = True
    for name in names:
        if not (count := classes.get(name, 0)):
            continue
        role = LEVELS.get(name, "watch") if name in loud else ""
        mark = f"{MARKS[role]} " if role else ""
        cells = [Cell(f"{mark}{class_words(name)} ", role or "quiet"), Cell(number(count), role or "text")]
        joint = Cell("" if first else " · ", "faint")
        if not first and columns_of(*line, joint, *cells) > width:
            line = [Cell(" " * (HEAD if width >= WIDE else 2)), *cells]
            lines.append(line)
        else:
            line += [joint, *cells]
        first = False
    if first:
        line.append(Cell("none", "quiet"))
    return [(one, []) for one in lines]


def _residue(residue: Sequence[str]) -> list[Line]:
    """Return what does not add up, loud."""
    lines = [([Cell(f"{MARKS['act']} {safe(one, 300)}", "act")], list[Cell]()) for one in residue[:MOST]]
    if more := len(residue) - MOST:
        lines += [([Cell(f"{MARKS['act']} and {more} more", "act")], [])] if more > 0 else []
    return lines


def _open(day: DayAudit, found: Sequence[Discrepancy], width: int, hints: Hints) -> Line:
    """Return how many discrepancies there are and how they stand; at the right whether the day is signed."""
    count = sum(one.state == OPEN for one in found)
    if count:
        worst = any(LEVELS.get(one.class_) == "act" for one in found if one.state == OPEN)
        role = "act" if worst else "watch"
        left = [Cell(f"{MARKS[role]} {count} of {counted(len(found), 'discrepancy')} open", role)]
    elif found:
        left = [Cell(f"{MARKS['good']} all of {counted(len(found), 'discrepancy')} decided", "good")]
    else:
        left = [Cell(f"{MARKS['good']} no discrepancy", "good")]
    if told := explained(found):
        left.append(Cell(f"   {EXPLAINED} {told} explained", "accent"))
        if hints.explained:
            left += [Cell("  "), *hints.explained]
    for state in (ACCEPTED, CORRECTED, FLAGGED):
        if some := sum(one.state == state for one in found):
            more = [Cell(f"   {some}", "text"), Cell(f" {state}", "quiet")]
            left += more if columns_of(*left, *more) <= width else []
    if day.signed is not None:
        return left, list(hints.sign)
    rights = [[Cell("not signed", "quiet"), Cell("   "), *hints.sign], [*hints.sign]]
    if not hints.sign:
        rights = [[Cell("not signed", "quiet")], []]
    return left, next((right for right in rights if columns_of(*left, *right) < width), [])


def _signed(signed: Signed, today: int, zone: tzinfo) -> list[Cell]:
    at = days.moment(signed.at_us, today, zone).strip()
    found = [Cell(f"{MARKS['good']} signed by {safe(signed.who, 30)} {at}", "good")]
    if signed.sentence:
        found.append(Cell(f"  {safe(signed.sentence, 200)}", "text"))
    return found


def _revised(revisions: Sequence[Revision]) -> list[Line]:
    """Return what is not as it was signed, loud; the first few."""
    if not revisions:
        return []
    few = revisions if len(revisions) <= MOST else revisions[: MOST - 1]
    count = counted(len(revisions), "revision")
    lines: list[Line] = [([Cell(f"{MARKS['act']} {count} since it was signed", "act")], [])]
    for one in few:
        what = Cell(f"  {safe(one.what, 60)}: ", "act")
        then = Cell(f"{safe(one.signed, 80) or 'nothing'} → {safe(one.now, 80) or 'nothing'}", "strong")
        lines.append(([what, then], []))
    if more := len(revisions) - len(few):
        lines.append(([Cell(f"  and {more} more", "act"), Cell("  on the list of revisions", "quiet")], []))
    return lines
