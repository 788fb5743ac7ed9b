"""The four lists of this mode, one in the place of another: what each reads, its teams, and its words for keys. Pure
but for `read`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.onboarding import groups, waiting

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.duties.onboarding.snapshots import EnquiriesSnapshot, OnboardingSnapshot

STEPS, CUSTOMERS, WAITING, ENQUIRIES = "steps", "customers", "waiting", "enquiries"
LISTS = (STEPS, CUSTOMERS, WAITING, ENQUIRIES)
"""The lists of this mode, the main one first."""
OF_CUSTOMERS = (STEPS, CUSTOMERS)
"""Lists each line of which is of one onboarding."""
NAMES = {STEPS: "Steps", CUSTOMERS: "Customers under way", WAITING: "Who is waited for", ENQUIRIES: "Enquiries"}
WORDS: Mapping[str, Mapping[str, str]] = {
    STEPS: {},
    CUSTOMERS: {"back": "to the steps"},
    WAITING: {"open": "its steps", "back": "to the steps"},
    ENQUIRIES: {"step-done": "answered", "open": "answered", "back": "to the steps"},
}
"""What a key is called where it does something else."""
HINTS: Mapping[str, Sequence[str]] = {
    STEPS: ("group", "waiting", "filter", "team"),
    CUSTOMERS: ("back", "filter", "team"),
    WAITING: ("back", "open"),
    ENQUIRIES: ("back", "filter"),
}
"""Ids of the keys in a list's title."""
FOOTER: Mapping[str, Sequence[str]] = {
    STEPS: ("step-done", "send-back", "prod", "reassign", "exception", "undo", "open"),
    CUSTOMERS: ("open", "stop", "sort", "export", "undo"),
    WAITING: ("open", "sort", "export"),
    ENQUIRIES: ("step-done", "hand-enquiry", "new-enquiry", "undo", "exception"),
}
"""Ids of the keys in the last line."""
MOST_NARROW = 4
"""Keys in the last line of a narrow screen: the modes stand there, too."""


class Seen(NamedTuple):
    """What was read; the enquiries only while they are in front."""

    onboarding: OnboardingSnapshot
    enquiries: EnquiriesSnapshot | None = None


def read(desk: Desk, here: str) -> Seen:
    """Read what the list `here` shows. It may block."""
    return Seen(desk.onboarding.onboarding(), desk.onboarding.enquiries() if here == ENQUIRIES else None)


def rows(seen: Seen, here: str, team: str | None, by: str) -> Mapping[str, Any] | None:
    """Return the rows of a list by key, those of a team where there are teams, steps grouped `by`; None while it is not
    read."""
    snapshot = seen.onboarding
    match here:
        case "steps":
            return groups.rows(snapshot, team, by)
        case "customers":
            return {str(one.onboarding_id): one for one in snapshot.customers if team in (None, one.team)}
        case "waiting":
            return {waiting.key(one): one for one in snapshot.parties}
    return None if seen.enquiries is None else {one.key: one for one in seen.enquiries.enquiries}


def teams(seen: Seen, here: str) -> Mapping[str, int]:
    """Return how many rows of a list each team has, "" being all; nothing where a list has no teams."""
    if here not in OF_CUSTOMERS:
        return {}
    lines: Sequence[Any] = seen.onboarding.steps if here == STEPS else seen.onboarding.customers
    return {"": len(lines)} | {team: sum(one.team == team for one in lines) for team in seen.onboarding.teams}
