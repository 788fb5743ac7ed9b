"""Calls against quota: what a call is, what counts, and the frozen snapshots that screens and the command line show.

What counts (PRODUCT.md's words): a dial is an outbound call placed; connected a dial that was answered, by whomever; effective a
connected dial that no voicemail or machine took, with at least `effective_seconds` of talk. Dials count calls, talk counts legs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from integrations.provider import Direction, Outcome, Progress, State


class LegFacts(Protocol):
    """What the rule needs of a leg, as it is on its way into the store."""

    @property
    def leg_id(self) -> str: ...
    @property
    def group_id(self) -> str: ...
    @property
    def agent(self) -> str | None: ...
    @property
    def day(self) -> int: ...
    @property
    def direction(self) -> str: ...
    @property
    def from_raw(self) -> str: ...
    @property
    def to_raw(self) -> str: ...
    @property
    def number(self) -> str | None: ...
    @property
    def started_us(self) -> int: ...
    @property
    def answered_us(self) -> int | None: ...
    @property
    def ended_us(self) -> int | None: ...
    @property
    def talk_ms(self) -> int | None: ...
    @property
    def outcome(self) -> str: ...
    @property
    def progress(self) -> int: ...
    @property
    def line(self) -> str | None: ...
    @property
    def approximate(self) -> bool: ...


class CallValues(NamedTuple):
    """A call as the store keeps it."""

    group_id: str
    agent: str | None
    day: int
    direction: str
    number: str | None
    number_raw: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None
    outcome: str
    progress: int
    dial: int
    connected: int
    effective: int
    legs: int
    line: str | None
    approximate: bool


_TAKEN = frozenset((Outcome.ANSWERED, Outcome.VOICEMAIL, Outcome.MACHINE))
_WITH_CUSTOMERS = frozenset((Direction.OUTBOUND, Direction.INBOUND))
_SILENT = (Outcome.BUSY, Outcome.CANCELLED, Outcome.BLOCKED, Outcome.NO_ANSWER, Outcome.MISSED, Outcome.FAILED)
_ANSWERS = (Outcome.MACHINE, Outcome.VOICEMAIL, Outcome.ANSWERED)
_BEST_KNOWN = {
    Direction.OUTBOUND: {outcome: rank for rank, outcome in enumerate((*_ANSWERS, *_SILENT, Outcome.UNKNOWN))},
    Direction.INBOUND: {outcome: rank for rank, outcome in enumerate((*reversed(_ANSWERS), *_SILENT, Outcome.UNKNOWN))},
}
"""Which of several legs' outcomes is the call's, best first. Whoever says that a machine took an outbound call knows more than who
says that it was answered; an inbound one that a person took was taken, though it rang at a mailbox too. Zero-second rows say
`no_answer` beside the row that knows better."""


def call_of(legs: Sequence[LegFacts], effective_ms: int) -> CallValues:
    """Return the call that `legs`, all of one group, are together. Their order does not matter.

    Direction: of the first leg that has a customer in it, else internal, else unknown; legs of other directions (consulting a
    colleague) tell nothing else about the call. Who: of an outbound or internal call the first leg's agent, else the earliest who talked; of
    an inbound one the earliest who talked, else the first whose phone rang. Number: the customer's, of the first leg that has
    one. Times: first dialled, first answered, last ended (None while a leg is open, or where a leg's end is unknown). Talk:
    the sum of the legs'; None where none knows and the call was answered or nobody knows whether it was. Progress: ended when all legs are.
    """
    if len(legs) == 1:
        return _call(legs, legs[0].direction, effective_ms, 1)
    ordered = sorted(legs, key=lambda leg: (leg.started_us, leg.leg_id))
    directions = [leg.direction for leg in ordered]
    with_customer = (direction for direction in directions if direction in _WITH_CUSTOMERS)
    otherwise = Direction.INTERNAL if Direction.INTERNAL in directions else Direction.UNKNOWN
    direction = next(with_customer, otherwise)
    own = [leg for leg in ordered if leg.direction == direction]
    return _call(own, direction, effective_ms, len(legs))


def _call(own: Sequence[LegFacts], direction: str, effective_ms: int, legs: int) -> CallValues:
    """Return the call of its `own` legs, in order; `legs` are all of its group."""
    first = own[0]
    outcome = _outcome(own, direction)
    talk_ms = _talk(own, outcome)
    ended = all(leg.progress == Progress.ENDED for leg in own)
    ends = [leg.ended_us for leg in own]
    dial = direction == Direction.OUTBOUND
    connected = dial and outcome in _TAKEN
    party = next((leg for leg in own if _party(leg, direction)), first)
    return CallValues(
        group_id=first.group_id,
        agent=_who(own, direction),
        day=first.day,
        direction=direction,
        number=party.number,
        number_raw=_party(party, direction),
        started_us=first.started_us,
        answered_us=min((leg.answered_us for leg in own if leg.answered_us is not None), default=None),
        ended_us=max(end for end in ends if end is not None) if ended and None not in ends else None,
        talk_ms=talk_ms,
        outcome=outcome,
        progress=int(Progress.ENDED if ended else min(max(leg.progress for leg in own), Progress.ANSWERED)),
        dial=int(dial),
        connected=int(connected),
        effective=int(connected and outcome == Outcome.ANSWERED and talk_ms is not None and talk_ms >= effective_ms),
        legs=legs,
        line=next((leg.line for leg in own if leg.line), None),
        approximate=any(leg.approximate for leg in own),
    )


def _party(leg: LegFacts, direction: str) -> str:
    return leg.from_raw if direction == Direction.INBOUND else leg.to_raw


def _who(own: Sequence[LegFacts], direction: str) -> str | None:
    talked = (
        leg for leg in own if leg.agent and (leg.talk_ms or (leg.talk_ms is None and leg.answered_us is not None))
    )
    earliest = min(talked, key=lambda leg: (leg.answered_us or leg.started_us, leg.leg_id), default=None)
    if direction != Direction.INBOUND:
        return own[0].agent or (earliest.agent if earliest else None)
    return earliest.agent if earliest else next((leg.agent for leg in own if leg.agent), None)


def _outcome(own: Sequence[LegFacts], direction: str) -> str:
    """Return the best known outcome of the legs. Where none is told but a moment of answer is, the call was answered."""
    ranks = _BEST_KNOWN[Direction.INBOUND if direction == Direction.INBOUND else Direction.OUTBOUND]
    told = (
        Outcome.ANSWERED if leg.outcome == Outcome.UNKNOWN and leg.answered_us is not None else Outcome(leg.outcome)
        for leg in own
    )
    return str(min(told, key=ranks.__getitem__))


def _talk(own: Sequence[LegFacts], outcome: str) -> int | None:
    known = [leg.talk_ms for leg in own if leg.talk_ms is not None]
    if known:
        return sum(known)
    return None if outcome in _TAKEN or outcome == Outcome.UNKNOWN else 0


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call of a specialist's day. `talk_ms` is that specialist's own share, None where unknown; `number` is E.164 where it
    can be told, else the digits as the source has them. `ended_us` None: under way, or its end is unknown."""

    id: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    direction: str
    number: str
    outcome: str
    talk_ms: int | None
    approximate: bool
    effective: bool


@dataclass(frozen=True, slots=True)
class HourCount:
    """What a specialist did in the hour that begins at `hour` o'clock (0..23) of the floor's zone."""

    hour: int
    dials: int
    effective: int
    connected: int


@dataclass(frozen=True, slots=True)
class StateSpan:
    """What a specialist's phone was doing from `begin_us` until `end_us`."""

    begin_us: int
    end_us: int
    state: State
    with_whom: str | None


@dataclass(frozen=True, slots=True)
class SpecialistDay:
    """One specialist's day in detail. `calls` newest last; `hours` without holes, from the first to the last hour of the shift or of a
    call; `states` without overlaps, until now; `shift` is the working time as spans of epoch us."""

    key: str
    name: str
    day: int
    calls: tuple[DayCall, ...]
    hours: tuple[HourCount, ...]
    states: tuple[StateSpan, ...]
    shift: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What came of an act on a phone, in words; an expired or refused one is not done."""

    done: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Quota:
    """What is expected of a specialist a day, already scaled by attendance (half day 0.5, leave 0)."""

    dials: float
    effective: float
    talk_minutes: float


@dataclass(frozen=True, slots=True)
class SpecialistLine:
    """One specialist's row of the calls panel. `specialist_id` is None for an unknown phone identity, whose `name` is
    `source:agent`. `pace` is done / (quota x shift elapsed) of dials; None where nothing is expected yet. Times: epoch us."""

    key: str
    specialist_id: int | None
    identity_ids: tuple[int, ...]
    name: str
    team: str
    state: State
    state_since_us: int | None
    with_whom: str | None
    reason: str | None
    dials: int
    connected: int
    effective: int
    talk_ms: int
    quota: Quota
    pace: float | None
    effective_pace: float | None
    last_call_us: int | None
    attendance: str
    source: str
    agent: str
    group_id: str | None
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Whether a source is up, since when it is not, and how old its data is."""

    name: str
    state: str  # up | down | stale | never
    since_us: int | None
    lag_seconds: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The floor's sums and what they will be at the end of the shift (None before 10 % of it)."""

    dials: int
    connected: int
    effective: int
    talk_ms: int
    quota: Quota
    pace: float | None
    effective_pace: float | None
    dials_forecast: int | None
    effective_forecast: int | None
    talk_forecast_ms: int | None
    on_the_phone: int
    present: int


@dataclass(frozen=True, slots=True)
class FloorSnapshot:
    """Everything the calls panel shows, at one moment of the store. `shift` is the floor's working time of the day as spans of
    epoch us: idling is judged within it alone."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    totals: Totals
    specialists: tuple[SpecialistLine, ...]
    teams: tuple[str, ...]
    shift: tuple[tuple[int, int], ...] = ()
