"""The frozen snapshots of the follow-ups duty: what screens and the command line show.

Moments are epoch us, days YYYYMMDD in the floor's zone, durations ms.
"""

from __future__ import annotations

from dataclasses import dataclass

from supervisor.duties.calls.snapshots import SourceHealth
from supervisor.duties.followups.window import FIRST, LAST, HazardPoint, Window


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A customer in the queue. `group`: window, next, overdue, rest, nowhere; `past` where the customer is past the
    window and nobody has decided yet. `contacts` is the contact number; `said` what was noted last. `reason`: why it
    stands where it does, in words."""

    customer_id: int
    ref: str
    company: str
    contacts: int
    group: str
    past: bool
    reason: str
    owner_id: int | None
    owner: str
    team: str
    taken_by: str
    tier: str
    status: str
    region: str
    type: str
    last_us: int | None
    days_since: int | None
    said: str
    next_day: int | None
    next_note: str
    ordered: bool
    number: str

    @property
    def key(self) -> str:
        """The key of its row."""
        return str(self.customer_id)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many customers each part of the queue has; `waiting` calls of nobody knows whom, `doubles` suspected."""

    window: int
    next: int
    overdue: int
    past: int
    live: int
    waiting: int
    doubles: int


@dataclass(frozen=True, slots=True)
class Effort:
    """Dials of a specialist to known customers in the last 30 days; how many went to customers outside the tiers."""

    specialist: str
    dials: int
    outside: int


@dataclass(frozen=True, slots=True)
class FollowupsSnapshot:
    """Everything mode 2 shows at one moment of the store. `queue` has its first lines, in order; `histogram` how many
    live customers stand at contact number 0, 1, 2 ...; `past`: those past the window that somebody must decide on.
    `fixed`: the window of the configuration, whatever window holds; `who` looks at it, "" where nobody says."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    window: Window
    hazard: tuple[HazardPoint, ...]
    histogram: tuple[int, ...]
    counts: QueueCounts
    queue: tuple[QueueLine, ...]
    past: tuple[QueueLine, ...]
    effort: tuple[Effort, ...]
    teams: tuple[str, ...]
    fixed: tuple[int, int] = (FIRST, LAST)
    who: str = ""


@dataclass(frozen=True, slots=True)
class FollowupsPanel:
    """What the floor's panel shows on the day `day`. `who` looks at it, "" where nobody says."""

    day: int
    window: Window
    counts: QueueCounts
    queue: tuple[QueueLine, ...]
    who: str = ""


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One line of a customer's story, newest first. `kind`: contact, log, call, opened, evidence, claim, review,
    signed, lost, paid. `number`: the contact number where it counted. `mark`: unlogged (a contact nobody wrote of),
    unproved (a written call with no call behind it), accepted, "" . `entry_id`: of the ledger, where it is of it."""

    key: str
    at_us: int
    kind: str
    number: int | None
    who: str
    channel: str
    text: str
    talk_ms: int | None
    mark: str
    entry_id: int | None
    order_id: int | None


@dataclass(frozen=True, slots=True)
class CustomerNumberLine:
    """A number of a customer; `shared` with another one."""

    number: str
    raw: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Story:
    """One customer with everything that happened. `line` is its row of the queue, also where it is in no queue."""

    line: QueueLine
    people: tuple[str, ...]
    numbers: tuple[CustomerNumberLine, ...]
    registered: bool
    time_zone: str
    dnc_us: int | None
    dnc_why: str
    dnc_by: str
    entries: tuple[StoryEntry, ...]


@dataclass(frozen=True, slots=True)
class InboxLine:
    """Calls that wait: "whose call was this?". A number nobody has is one line; of a shared number each call is one.
    `candidates`: (customer id, company) of those who share the number. `group_id` None: all calls of the number."""

    key: str
    number: str
    calls: int
    last_us: int
    who: str
    shared: bool
    candidates: tuple[tuple[int, str], ...]
    source_id: int | None
    group_id: str | None


@dataclass(frozen=True, slots=True)
class DoublesLine:
    """Two customers that may be one, and why."""

    key: str
    one: QueueLine
    other: QueueLine
    why: str
