"""The lists of this mode, one in the place of another, and what stands around them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from screens.audit.present import LEVELS, counted, explained
from screens.themes import MARKS
from screens.widgets.cells import Cell
from supervisor.duties.audit.snapshots import ACCEPTED, CORRECTED, FLAGGED, OPEN
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import DayAudit, Discrepancy, Link

DISCREPANCIES, PEOPLE, CALLS, LOGS, SEALS = "discrepancies", "people", "calls", "logs", "seals"
REVISIONS = "revisions"
LISTS = (DISCREPANCIES, PEOPLE, CALLS, LOGS, SEALS, REVISIONS)
"""The lists, in the order in which one follows the other; revisions only where there are some."""
PAIRED = (DISCREPANCIES, CALLS, LOGS)
"""Those of whose rows call and log stand side by side."""
NAMES = {
    DISCREPANCIES: "Discrepancies", PEOPLE: "Specialists", CALLS: "All calls", LOGS: "All logs", SEALS: "Seals",
    REVISIONS: "Revisions",
}  # fmt: skip
FOLLOWING = {
    DISCREPANCIES: "discrepancies", PEOPLE: "specialists", CALLS: "all calls", LOGS: "all logs", SEALS: "seals",
    REVISIONS: "revisions",
}  # fmt: skip
DECIDING = ("audit-accept", "audit-correct", "audit-flag")
DOES = {ACCEPTED: "audit-accept", FLAGGED: "audit-flag"}
"""By state, the key that brings it about. What is corrected is settled; what is accepted can still be flagged."""
FOOTER: Mapping[str, Sequence[str]] = {
    DISCREPANCIES: (*DECIDING, "undo", "audit-explained", "audit-sign", "audit-lists"),
    PEOPLE: ("audit-lists", "sort", "export", "audit-sign"),
    CALLS: (*DECIDING, "audit-lists", "audit-copy", "undo"),
    LOGS: (*DECIDING, "audit-lists", "audit-copy", "undo"),
    SEALS: ("audit-lists", "export"),
    REVISIONS: ("audit-lists", "audit-sign", "export"),
}
"""Ids of the keys in the last line."""


def board_id(name: str) -> str:
    """Return the id of a list's widget."""
    return "board" if name == DISCREPANCIES else name


def following(here: str, day: DayAudit | None) -> str:
    """Return the list that comes after `here`."""
    revised = day is not None and day.signed is not None and bool(day.signed.revisions)
    names = LISTS if revised else LISTS[:-1]
    return names[(names.index(here) + 1) % len(names)] if here in names else DISCREPANCIES


def needs(found: Iterable[Discrepancy]) -> list[Cell]:
    """Return how many of the discrepancies shown are open, by how loud they are; nothing where none is."""
    levels = [LEVELS.get(one.class_, "watch") for one in found if one.state == OPEN]
    return [Cell(f"  {MARKS[name]} {levels.count(name)}", name) for name in ("act", "watch") if name in levels]


def chain(links: Sequence[Link]) -> list[Cell]:
    """Return whether the chain of seals holds, for its title."""
    bad = [link for link in links if link.fault]
    if bad:
        words = "1 seal does" if len(bad) == 1 else f"{len(bad)} seals do"
        return [Cell(f"  {MARKS['act']} {words} not hold", "act")]
    return [Cell(f"  {MARKS['good']} the chain holds", "good")] if links else []


def teams(day: DayAudit, here: str) -> Mapping[str, int]:
    """Return how many rows of a list each team has, "" being all; nothing where rows have no team."""
    rows: Mapping[str, Sequence[str]] = {
        DISCREPANCIES: [one.team for one in day.discrepancies],
        PEOPLE: [one.team for one in day.specialists],
        CALLS: [one.team for one in day.calls],
        LOGS: [one.team for one in day.logs],
    }
    if here not in rows or not day.teams:
        return {}
    return {"": len(rows[here])} | {team: rows[here].count(team) for team in day.teams}


def empty(here: str, day: DayAudit, team: str | None, filtered: str) -> Sequence[str]:
    """Return what stands where a list has no row: why, and what to do."""
    if filtered or team:
        where = f" in {safe(team, 20)}" if team else ""
        what = f"Nothing{where} matches {safe(filtered, 20)!r}." if filtered else f"Nothing{where}."
        return (what, "esc goes back to all.")
    if here == PEOPLE:
        return ("Nobody is in the roster yet.", "supervisor import roster FILE brings the specialists in.")
    if here == CALLS:
        return ("No call was made on this day.", "Calls come from the sources: supervisor doctor says how they are.")
    if here == LOGS:
        return ("Nothing was logged on this day.", "Logs come with supervisor import contacts, and by c in mode 2.")
    if here == SEALS:
        return ("No day was ever signed.", "n signs a day that is over; its seal is kept here.")
    if not day.calls and not day.logs:
        return ("There is no call and no log on this day.", "← goes to the day before, d to any other.")
    return (
        f"{MARKS['good']} No discrepancy: what people say is what the phones say.",
        "n signs the day, once it is over.",
    )


def why_not(one: Discrepancy | None, found: Sequence[Discrepancy], day: DayAudit | None) -> Mapping[str, str]:
    """Return by key's id why it can do nothing with the marked row and this day, in safe words."""
    reasons: dict[str, str] = {}
    if one is None:
        reasons |= dict.fromkeys(DECIDING, "no discrepancy is marked")
    elif one.state != OPEN:
        by = f" by {safe(one.decided_by, 20)}" if one.decided_by else ""
        settled = DECIDING if one.state == CORRECTED else [DOES[one.state]] if one.state in DOES else []
        reasons |= dict.fromkeys(settled, f"it is {safe(one.state)}{by} already; an act of yours is undone with u")
    if not explained(found):
        reasons["audit-explained"] = "no open discrepancy has an explanation"
    if why := _unsigned_because(found, day):
        reasons["audit-sign"] = why
    return reasons


def _unsigned_because(found: Sequence[Discrepancy], day: DayAudit | None) -> str:
    """Return why a day cannot be signed, "" where it can; the desk refuses the same, but only once all is typed."""
    if day is None:
        return "the day has not been read yet"
    if not day.over:
        return "the day is not over: it is signed when nothing more is to come"
    if not day.balanced:
        return "the day does not add up: it cannot be signed"
    if count := sum(one.state == OPEN for one in found):
        return f"{counted(count, 'discrepancy')} want{'s' * (count == 1)} a decision first"
    if day.signed is not None and not day.signed.revisions:
        return f"it is signed by {safe(day.signed.who, 20)} already, and nothing was revised since"
    return ""
