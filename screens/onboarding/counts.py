"""What stands around the lists: the line of counts, the titles, and what stands where there is no row. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from screens.onboarding.groups import URGENCY
from screens.onboarding.lists import CUSTOMERS, ENQUIRIES, NAMES, STEPS, WAITING
from screens.themes import MARKS
from screens.widgets.cells import Cell, columns_of
from screens.widgets.words import number
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import Counts, OnboardingSnapshot


def urgent(counts: Counts, gap: str) -> list[Cell]:
    """Return how many steps are overdue and due today, loud where there is any."""
    return [*_count(counts.overdue, "overdue", "act"), Cell(gap), *_count(counts.due_today, "due today", "watch")]


def _count(count: int, word: str, role: str) -> list[Cell]:
    if not count:
        return [Cell(f"0 {word}", "quiet")]
    return [Cell(f"{MARKS[role]} {number(count)} {word}", "act" if role == "act" else "watch-bold")]


_WORDS = (
    {CUSTOMERS: "customers under way", WAITING: "who is waited for", ENQUIRIES: "enquiries unanswered"},
    {CUSTOMERS: "customers", WAITING: "waiting", ENQUIRIES: "enquiries"},
    {CUSTOMERS: "customers", WAITING: "", ENQUIRIES: "enquiries"},
)
"""What the other lists are called, ever shorter; "": left out."""


def totals(
    snapshot: OnboardingSnapshot, letters: Mapping[str, str], here: str, width: int
) -> tuple[list[Cell], list[Cell]]:
    """Return the line of counts, with the key of each other list (`letters` by list, `here` being the one shown). As
    wordy as `width` allows."""
    shown = [_line(snapshot, letters, here, words, gap) for words, gap in ((0, 4), (0, 3), (1, 3), (2, 3), (2, 2))]
    return next((cells for cells in shown if columns_of(*cells) <= width), shown[-1]), []


def _line(snapshot: OnboardingSnapshot, letters: Mapping[str, str], here: str, words: int, gap: int) -> list[Cell]:
    counts, apart = snapshot.counts, Cell(" " * gap)
    found = [*urgent(counts, " " * gap), apart, Cell(number(counts.blocked)), Cell(" blocked", "quiet")]
    numbers = {CUSTOMERS: counts.customers, WAITING: len(snapshot.parties), ENQUIRIES: counts.enquiries}
    for name, count in numbers.items():
        if not (word := _WORDS[words][name]):
            continue
        role = "strong" if name == here else "text"
        found += [apart, Cell(f"{letters[name]} ", "key"), Cell(number(count), role)]
        found.append(Cell(f" {word}", "strong" if name == here else "quiet"))
    if counts.enquiries_late:
        found.append(Cell(f" {MARKS['act']} {number(counts.enquiries_late)} late", "act"))
    return found


def title(here: str, snapshot: OnboardingSnapshot | None, rows: int, by: str) -> list[Cell]:
    """Return the words of a list's title with its count, and what it is grouped by."""
    if snapshot is None:
        return [Cell(NAMES[here], "title")]
    cells = [Cell(f"{NAMES[here]} · {number(rows)}", "title")]
    if here == STEPS and by != URGENCY:
        cells.append(Cell(f"  by {by}", "accent"))
    return cells


def empty(here: str, snapshot: OnboardingSnapshot, team: str | None, filtered: str) -> Sequence[str]:
    """Return what stands where a list has no row: why, and what to do."""
    if filtered or team:
        where = f" in {safe(team, 20)}" if team else ""
        what = f"Nothing{where} matches {safe(filtered, 20)!r}." if filtered else f"Nothing{where}."
        return (what, "esc goes back to everything.")
    match here:
        case "waiting":
            return ("Nobody is waited for.",)
        case "enquiries":
            return ("No enquiry in 30 days.", "n writes one down; it is to be answered within a day.")
    return (
        "Nothing is owed: no customer is between payment and live.",
        "Steps come here when a payment is recorded:",
        "supervisor import payments FILE",
    )
