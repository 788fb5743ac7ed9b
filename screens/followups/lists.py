"""The four lists of this mode, one in the place of another: what each reads, its rows, its teams, and its words for
keys. Pure but for `read`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.followups.counts import DOUBLES, INBOX, PAST, QUEUE

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.duties.followups.snapshots import DoublesLine, FollowupsSnapshot, InboxLine, QueueLine

OF_CUSTOMERS = (QUEUE, PAST)
"""Lists whose lines are customers."""
LETTERS = {PAST: "beyond", INBOX: "inbox", DOUBLES: "doubles"}
"""The ids of the keys that open the other lists."""
WORDS: Mapping[str, Mapping[str, str]] = {
    QUEUE: {},
    PAST: {"back": "to the queue"},
    INBOX: {"open": "settle", "block": "nobody's", "back": "to the queue"},
    DOUBLES: {"open": "merge", "block": "they are two", "back": "to the queue"},
}
"""What a key is called where it does something else."""
HINTS: Mapping[str, Sequence[str]] = {
    QUEUE: ("filter", "team", "sort"),
    PAST: ("take-over", "hand-over", "park"),
    INBOX: ("open", "block", "back"),
    DOUBLES: ("open", "block", "back"),
}
"""Ids of the keys in a list's title."""
FOOTER: Mapping[str, Sequence[str]] = {
    QUEUE: ("open", "contact", "plan", "hand-over", "find", "exception", "undo"),
    PAST: ("open", "take-over", "hand-over", "park", "back", "undo"),
    INBOX: ("open", "block", "back", "undo"),
    DOUBLES: ("open", "block", "back", "undo"),
}
"""Ids of the keys in the last line."""


class Seen(NamedTuple):
    """What was read; the inbox and the doubles only while they are in front."""

    followups: FollowupsSnapshot
    inbox: Sequence[InboxLine] | None = None
    doubles: Sequence[DoublesLine] | None = None


def read(desk: Desk, here: str) -> Seen:
    """Read what the list `here` shows. It may block."""
    return Seen(
        desk.followups.followups(),
        desk.followups.inbox() if here == INBOX else None,
        desk.followups.doubles() if here == DOUBLES else None,
    )


def customers(seen: Seen, here: str) -> Sequence[QueueLine]:
    """Return the customers of a list; none of one that has none."""
    return {QUEUE: seen.followups.queue, PAST: seen.followups.past}.get(here, ())


def rows(seen: Seen, here: str, team: str | None) -> Mapping[str, Any] | None:
    """Return the rows of a list by key, those of a team where there are teams; None while it is not read."""
    if here in OF_CUSTOMERS:
        return {line.key: line for line in customers(seen, here) if team in (None, line.team)}
    lines = seen.inbox if here == INBOX else seen.doubles
    return None if lines is None else {line.key: line for line in lines}


def teams(seen: Seen, here: str) -> Mapping[str, int]:
    """Return how many rows of a list each team has, "" being all; nothing where a list has no teams."""
    if here not in OF_CUSTOMERS:
        return {}
    lines = customers(seen, here)
    counted = {team: sum(line.team == team for line in lines) for team in seen.followups.teams}
    return {"": len(lines)} | {team: count for team, count in counted.items() if count}
