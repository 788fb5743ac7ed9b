"""What stands around the lists: the line of counts, the titles, and what stands where there is no row. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.themes import MARKS
from screens.widgets.cells import Cell, columns_of
from screens.widgets.words import number
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.followups.snapshots import FollowupsSnapshot, QueueCounts
    from supervisor.duties.followups.window import Window

MOST = 1000
"""Counts that are not kept go so far: the store stops there."""

QUEUE, PAST, INBOX, DOUBLES = "queue", "past", "inbox", "doubles"
LISTS = (QUEUE, PAST, INBOX, DOUBLES)
"""The lists of this mode, the main one first."""
NAMES = {QUEUE: "Queue", PAST: "Past the window", INBOX: "Whose call was this?", DOUBLES: "Two that may be one"}


def counted(count: int) -> str:
    """Return a count; where counting stopped, that there are more."""
    return f"{number(count)}+" if count >= MOST else str(count)


def span(first: int, last: int) -> str:
    """Return a window: 8-11, or the one number it is."""
    return f"{first}-{last}" if last > first else str(first)


def window_words(window: Window) -> str:
    """Return the window that holds and where it is from."""
    if window.pinned:
        return f"{span(window.first, window.last)} pinned"
    if window.own:
        return f"{span(window.first, window.last)} own, from {number(window.signings)} signings"
    return f"{span(window.first, window.last)} as configured"


def totals(
    snapshot: FollowupsSnapshot, letters: dict[str, str], here: str, width: int
) -> tuple[list[Cell], list[Cell]]:
    """Return the line of counts: how many stand where, with the key of each other list (`letters` by list, `here` being
    the one shown), and the window at the right. As wordy as `width` allows."""
    counts, right = snapshot.counts, [Cell("window ", "quiet"), Cell(window_words(snapshot.window), "strong")]
    pairs = [
        (_line(counts, letters, here, words, gap, live), right if window else [])
        for words, gap, live, window in ((2, 4, 1, 1), (2, 3, 1, 1), (1, 3, 1, 1), (1, 3, 0, 1), (1, 3, 1, 0),
                                         (0, 3, 1, 0), (0, 2, 1, 0), (0, 2, 0, 0))
    ]  # fmt: skip
    return next((pair for pair in pairs if columns_of(*pair[0], *pair[1]) + 3 * bool(pair[1]) <= width), pairs[-1])


_WORDS = {
    "window": ("window", "in the window", "in the window"),
    "next": ("next", "open next", "open next"),
    "overdue": ("overdue", "overdue", "overdue"),
    "live": ("live", "live", "live customers"),
    PAST: ("past", "past", "past the window"),
    INBOX: ("calls", "calls wait", "calls wait: whose?"),
    DOUBLES: ("doubles", "doubles", "doubles"),
}


def _line(counts: QueueCounts, letters: dict[str, str], here: str, words: int, gap: int, live: int) -> list[Cell]:
    found = [
        _count("window", counts.window, words, "good-bold"),
        _count("next", counts.next, words, "strong"),
        _count("overdue", counts.overdue, words, "act", MARKS["act"]),
    ]
    for name, count in ((PAST, counts.past), (INBOX, counts.waiting), (DOUBLES, counts.doubles)):
        role, mark = ("strong", "") if name == DOUBLES else ("watch", MARKS["watch"])
        cells = _count(name, count, words, role, mark)
        if name == here:
            cells = [cell._replace(role="strong") if cell.role == "quiet" else cell for cell in cells]
        found.append([Cell(f"{letters[name]} ", "key"), *cells])
    if live:
        found.append(_count("live", counts.live, words, "strong"))
    return [part for cells in found for part in (Cell(" " * gap), *cells)][1:]


def _count(name: str, count: int, words: int, role: str, mark: str = "") -> list[Cell]:
    """Return a count after its word, loud by `role` and `mark` where there is any."""
    shown = number(count) if name in ("window", "next", "live") else counted(count)
    loud = Cell(f"{mark} {shown}" if mark else shown, role) if count else Cell("0", "quiet")
    return [Cell(f"{_WORDS[name][words]} ", "quiet"), loud]


def title(name: str, snapshot: FollowupsSnapshot | None, rows: int, narrow: bool) -> list[Cell]:
    """Return the words of a list's title with its count; of the queue on a `narrow` screen with the window, for which
    the line of counts has no room there."""
    if snapshot is None:
        return [Cell(NAMES[name], "title")]
    counts = snapshot.counts
    of = {PAST: counts.past, INBOX: counts.waiting, DOUBLES: counts.doubles, QUEUE: 0}[name]
    cells = [Cell(f"{NAMES[name]} · {number(rows)}", "title")]
    if name == INBOX and of > rows:
        cells.append(Cell(f"  {counted(of)} calls", "quiet"))
    elif name == QUEUE and narrow:
        cells.append(Cell(f"  window {window_words(snapshot.window)}", "quiet"))
    elif name in (PAST, DOUBLES) and of > rows:
        cells.append(Cell(f"  of {counted(of)}", "quiet"))
    return cells


def empty(name: str, snapshot: FollowupsSnapshot, team: str | None, filtered: str) -> Sequence[str]:
    """Return what stands where a list has no row: why, and what to do."""
    if filtered or team:
        where = f" in {safe(team, 20)}" if team else ""
        return (
            f"Nobody{where} matches {safe(filtered, 20)!r}." if filtered else f"Nobody{where}.",
            "esc goes back to everybody.",
        )
    match name:
        case "past":
            return (
                "Nobody stands past the window undecided.",
                "Who is contacted beyond it without an order comes here: take over, hand over or park.",
            )
        case "inbox":
            return (
                "No call waits: of each it is known whose it was.",
                "Calls to numbers of nobody, or of several, come here.",
            )
        case "doubles":
            return ("No two customers look like one.",)
    if snapshot.counts.live:
        return ("Nobody is in the queue: all are parked.", "A planned contact brings one back.")
    return (
        "There are no customers yet.",
        "Bring them in from a table: supervisor import customers FILE",
        "Effective calls to their numbers are counted by themselves.",
    )
