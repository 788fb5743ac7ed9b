"""The frozen snapshots of the discipline duty: what screens and the command line show.

Moments are epoch us, days YYYYMMDD in the floor's zone, money whole hundredths (cents) of the floor's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from supervisor.duties.calls.snapshots import SourceHealth

OPEN, EXPLAINED, DECIDED, WITHDRAWN = "open", "explained", "decided", "withdrawn"
DISMISSED, TALKED, WARNED, FINED, REWARDED = "dismissed", "talked", "warned", "fined", "rewarded"
DECISIONS = (DISMISSED, TALKED, WARNED, FINED, REWARDED)


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A flag or merit (`kind`) as it is listed. `words`: why, in one line; `rule_words`: what the rule is called.
    `specialist`: the name, or source:agent of an unknown phone. `points`: what it counts now, 0 before it is decided
    and after it expired. `raised_by` "": a rule."""

    flag_id: int
    version: int
    kind: str
    rule: str
    rule_words: str
    specialist_id: int | None
    specialist: str
    team: str
    day: int
    at_us: int
    severity: int
    words: str
    excuses: tuple[str, ...]
    state: str
    reply: str
    decision: str
    decided_us: int | None
    decided_by: str
    why: str
    points: int
    raised_us: int
    raised_by: str

    @property
    def key(self) -> str:
        """The key of its row."""
        return str(self.flag_id)


@dataclass(frozen=True, slots=True)
class FlagCounts:
    """Flags that wait for a decision, those of high severity among them, those that were explained; raised today;
    merits of the last 30 days."""

    open: int
    high: int
    explained: int
    today: int
    merits: int


@dataclass(frozen=True, slots=True)
class DisciplineSnapshot:
    """Everything mode 5 lists at one moment of the store. `open`: those that wait for a decision, newest first;
    `decided`: decided or withdrawn ones and merits of the last 30 days, newest first. `people`: everybody that is here
    as (specialist id, name, team), for flags by hand. `evaluated_us`: when the rules were last applied, None: never."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    counts: FlagCounts
    open: tuple[FlagLine, ...]
    decided: tuple[FlagLine, ...]
    people: tuple[tuple[int, str, str], ...]
    teams: tuple[str, ...]
    currency: str
    evaluated_us: int | None
    who: str = ""
    may_read_talks: bool = False


@dataclass(frozen=True, slots=True)
class FlagsPanel:
    """What the floor's panel shows: the newest that wait, and the counts."""

    day: int
    now_us: int
    counts: FlagCounts
    open: tuple[FlagLine, ...]


@dataclass(frozen=True, slots=True)
class ProofCall:
    """A call behind a flag."""

    id: str
    started_us: int
    direction: str
    number: str
    company: str
    outcome: str
    talk_ms: int | None


@dataclass(frozen=True, slots=True)
class TraceLine:
    """What became of a flag, in words; `who` "": a rule."""

    at_us: int
    who: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class FlagFile:
    """One flag in full: figures by name in the order they were measured, how the team does, the calls behind it, its
    trace oldest first. `before`: flags of this rule of the same person in the 90 days before; `score`: points now."""

    line: FlagLine
    figures: Mapping[str, int | float | str]
    base: str
    calls: tuple[ProofCall, ...]
    trace: tuple[TraceLine, ...]
    before: int
    score: int


@dataclass(frozen=True, slots=True)
class RuleRate:
    """How often a rule found something in the last 90 days: of the person, and of the team on average a person."""

    rule: str
    rule_words: str
    theirs: int
    team: float


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Flags and merits of a week that begins on `monday`; the team's flags a person in it."""

    monday: int
    flags: int
    merits: int
    team: float


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A fine or reward of the ledger. `month` YYYYMM where it is by the rule of missing effective calls."""

    money_id: int
    specialist_id: int
    specialist: str
    kind: str
    amount_cents: int
    day: int
    month: int | None
    flag_id: int | None
    why: str
    who: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A specialist's page. `weeks`: the last 13, oldest first; `rates`: every rule that found something of them or the
    team; `flags`: of the last 90 days, newest first; `score`: points that count now; `peers`: how many the team has."""

    specialist_id: int
    name: str
    team: str
    day: int
    now_us: int
    score: int
    team_score: float
    peers: int
    flags: tuple[FlagLine, ...]
    rates: tuple[RuleRate, ...]
    weeks: tuple[WeekCount, ...]
    money: tuple[MoneyLine, ...]
    attendance: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FineProposal:
    """What the rule proposes for a month: shortfall = max(0, quota x days attended - effective calls) x the fine a
    missing call. `fined_cents`: what was decided of it already."""

    specialist_id: int
    specialist: str
    team: str
    month: int
    attended: float
    due: int
    effective: int
    shortfall: int
    proposed_cents: int
    fined_cents: int

    @property
    def key(self) -> str:
        """The key of its row."""
        return f"{self.specialist_id}:{self.month}"


@dataclass(frozen=True, slots=True)
class MoneySnapshot:
    """The ledger of fines and rewards of the last year, newest first, and what the rule proposes for `month`;
    `per_missing`: the fine a missing effective call, in whole units of money."""

    month: int
    currency: str
    per_missing: int
    proposals: tuple[FineProposal, ...]
    ledger: tuple[MoneyLine, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold that can be tried out: its key in the configuration, what it is in words, its value now."""

    key: str
    words: str
    value: float


@dataclass(frozen=True, slots=True)
class TryOut:
    """What flags another value would have raised from `first` to `last`: all that it would, `now` the number raised by
    the value of now, and which of them come in (`more`) or fall away (`fewer`)."""

    key: str
    value: float
    instead_of: float
    first: int
    last: int
    now: int
    then: int
    more: tuple[FlagLine, ...]
    fewer: tuple[FlagLine, ...]

    @property
    def words(self) -> str:
        """The outcome as one sentence."""
        return f"with {self.value:g} instead of {self.instead_of:g}: {self.then} flags instead of {self.now}"


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """A specialist on a day. `status`: present, half, leave, sick, training; `told` False: nobody said, so they count
    as present. `start`, `end`: minutes since midnight where they differ from the floor's. `first_us`, `last_us`:
    their first and last call, `dials` of the day."""

    specialist_id: int
    name: str
    team: str
    day: int
    status: str
    told: bool
    start: int | None
    end: int | None
    first_us: int | None
    last_us: int | None
    dials: int

    @property
    def key(self) -> str:
        """The key of its row."""
        return str(self.specialist_id)


@dataclass(frozen=True, slots=True)
class AttendanceTable:
    """The attendance of a day. `begins`, `ends`: the floor's own first and last working minute of a day."""

    day: int
    today: int
    now_us: int
    working: bool
    begins: int
    ends: int
    lines: tuple[AttendanceLine, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How far apart a team is on one measure of the last 30 days: the best and the worst, and the middle."""

    team: str
    measure: str
    unit: str
    best: str
    best_value: float
    worst: str
    worst_value: float
    median: float
    people: int


@dataclass(frozen=True, slots=True)
class MoraleSnapshot:
    """The longest and the shortest of each team on each measure, from `first` to `last`."""

    first: int
    last: int
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A talk with a specialist."""

    talk_id: int
    at_us: int
    who: str
    kind: str
    note: str
