"""The frozen snapshots of the audit: what screens, commands and reports show.

Moments are epoch us, days YYYYMMDD in the floor's zone, durations ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from supervisor.duties.calls.snapshots import SourceHealth

CALL_CLASSES = (
    "internal", "do_not_call", "absent_but_calling", "out_of_hours", "not_connected", "private_candidate",
    "unknown_number", "shared_number", "short", "duration_inflated", "matched", "unlogged",
)  # fmt: skip
"""The classes of calls; a call is of the first that fits."""
LOG_CLASSES = ("matched", "log_without_call", "not_a_call")
"""The classes of logs."""
DISCREPANCIES = (
    "do_not_call", "absent_but_calling", "out_of_hours", "private_candidate", "shared_number", "duration_inflated",
    "unlogged", "log_without_call",
)  # fmt: skip
"""The classes that want an explanation."""
OPEN, ACCEPTED, CORRECTED, FLAGGED = "open", "accepted", "corrected", "flagged"


@dataclass(frozen=True, slots=True)
class AuditedCall:
    """A call of the day with its class. `id` is "call:SOURCE:GROUP"; `specialist` a name of the roster, source:agent
    for an unknown phone, "" nobody; `entry_id`: the log that speaks of it, None: none; `why` in one line, "" where the
    class is no discrepancy."""

    id: str
    class_: str
    specialist_id: int | None
    specialist: str
    team: str
    customer_id: int | None
    company: str
    number: str
    direction: str
    started_us: int
    ended_us: int | None
    talk_ms: int | None
    outcome: str
    dial: bool
    connected: bool
    effective: bool
    entry_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class AuditedLog:
    """A written log of the day with its class. `id` is "log:ENTRY"; `call_id`: the call it speaks of, None: none."""

    id: str
    class_: str
    entry_id: int
    specialist_id: int | None
    specialist: str
    team: str
    customer_id: int
    company: str
    channel: str
    at_us: int
    claimed_ms: int | None
    outcome: str
    note: str
    accepted_by: str
    call_id: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something of the day that wants an explanation: the call or log it is about (and the other half where there is
    one), and what was decided. `explanation`: what is known in its favour already, "" nothing: the reply to a flag
    of it or how that was decided, the note of its log."""

    id: str
    class_: str
    specialist_id: int | None
    specialist: str
    team: str
    company: str
    number: str
    at_us: int
    why: str
    call: AuditedCall | None
    log: AuditedLog | None
    explanation: str = ""
    state: str = OPEN
    decided_why: str = ""
    decided_by: str = ""

    @property
    def key(self) -> str:
        """The key of its row."""
        return self.id


@dataclass(frozen=True, slots=True)
class Totals:
    """The day's sums. `contacts`: written logs."""

    legs: int
    calls: int
    dials: int
    connected: int
    effective: int
    talk_ms: int
    contacts: int


@dataclass(frozen=True, slots=True)
class SpecialistFigures:
    """A specialist's day. `quota`: effective calls expected, scaled by attendance; `shortfall` = max(0, quota -
    effective). `longest_gap_ms`: of working time without a call. `flags`: codes of the day's flags that were not
    dismissed or withdrawn. `open`: discrepancies without a decision."""

    specialist_id: int | None
    name: str
    team: str
    attendance: str
    dials: int
    connected: int
    effective: int
    talk_ms: int
    quota: float
    shortfall: float
    contacts_logged: int
    contacts_matched: int
    first_us: int | None
    last_us: int | None
    longest_gap_ms: int
    flags: tuple[str, ...]
    open: int


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure or item that is not as it was signed: what, then and now."""

    what: str
    signed: str
    now: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed the day, when, with which sentence; `hash` of the seal; `revisions`: what changed since."""

    who: str
    at_us: int
    sentence: str
    hash: str
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class DayAudit:
    """The audit of one day, from one moment of the store. `balanced`: the classes add up to the totals, and every item
    is in exactly one; `residue`: what does not, in words. `over`: the day has ended, so nothing is to come but late
    records. `who`: the name of whom it is read for, who would sign it, "" where nobody says."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    over: bool
    balanced: bool
    residue: tuple[str, ...]
    totals: Totals
    call_classes: Mapping[str, int]
    log_classes: Mapping[str, int]
    specialists: tuple[SpecialistFigures, ...]
    discrepancies: tuple[Discrepancy, ...]
    calls: tuple[AuditedCall, ...]
    logs: tuple[AuditedLog, ...]
    signed: Signed | None
    teams: tuple[str, ...]
    who: str = ""

    @property
    def open(self) -> int:
        """How many discrepancies are without a decision."""
        return sum(one.state == OPEN for one in self.discrepancies)


@dataclass(frozen=True, slots=True)
class Correction:
    """A way to correct a discrepancy: its code, what it does in words, and what has to be told for it: "" nothing,
    customer, company, minutes, hours."""

    code: str
    words: str
    needs: str


@dataclass(frozen=True, slots=True)
class Link:
    """A seal of the chain. `fault`: why it does not hold, "" it does."""

    day: int
    at_us: int
    who: str
    hash: str
    fault: str


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A specialist's month. `days`: attended, half days as halves; `due`: effective calls by quota x days;
    `shortfall` = max(0, due - effective); `proposed_cents`: by the fine a missing call; `signed`, `lost`: orders
    closed, `amount_cents` of the signed. `risk` 0..1: what the sample is weighted by. `target`: effective calls of the
    whole month, by calendar and what attendance tells ahead; `days_left` of it to be attended; `needed`: effective
    calls on each of these to reach it, None: no day is left."""

    specialist_id: int
    name: str
    team: str
    days: float
    leave: int
    sick: int
    dials: int
    connected: int
    effective: int
    talk_ms: int
    contacts: int
    due: int
    shortfall: int
    proposed_cents: int
    flags: int
    merits: int
    signed: int
    lost: int
    amount_cents: int
    risk: float
    target: int = 0
    days_left: float = 0.0
    needed: float | None = None


@dataclass(frozen=True, slots=True)
class SampleCall:
    """A call to listen to again: drawn by seed, weighted to risk."""

    id: str
    specialist: str
    company: str
    number: str
    at_us: int
    talk_ms: int | None
    recording: str
    why: str


@dataclass(frozen=True, slots=True)
class MonthAudit:
    """The audit of a month up to today. `below`: those with a shortfall, the largest first; `days`: (day, signed by or
    "", open discrepancies unknown where it was never audited). `hashes`: of the seals, by day."""

    month: int
    first: int
    last: int
    now_us: int
    floor: str
    time_zone: str
    currency: str
    per_missing: int
    specialists: tuple[MonthFigures, ...]
    below: tuple[MonthFigures, ...]
    sample: tuple[SampleCall, ...]
    seed: int
    days: tuple[tuple[int, str], ...]
    totals: Totals
    teams: tuple[str, ...]
    hashes: Mapping[int, str] = field(default_factory=dict)
