"""What a call is and what counts, as pure rules over its legs.

A dial is an outbound call placed; connected a dial that was answered, by whomever; effective a connected dial that no
voicemail or machine took, with at least `effective_seconds` of talk. Dials count calls, talk counts legs; internal and
inbound calls are not dials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from integrations.provider import Direction, Outcome, Progress
from store.calls import CallValues, LegValues

_TAKEN = frozenset((Outcome.ANSWERED, Outcome.VOICEMAIL, Outcome.MACHINE))
_TAKEN_WORDS = frozenset(outcome.value for outcome in _TAKEN)
_ENDED = int(Progress.ENDED)
_WITH_CUSTOMERS = frozenset((Direction.OUTBOUND, Direction.INBOUND))
_SILENT = (Outcome.BUSY, Outcome.CANCELLED, Outcome.BLOCKED, Outcome.NO_ANSWER, Outcome.MISSED, Outcome.FAILED)
_ANSWERS = (Outcome.MACHINE, Outcome.VOICEMAIL, Outcome.ANSWERED)
_BEST_KNOWN = {
    Direction.OUTBOUND: {outcome: rank for rank, outcome in enumerate((*_ANSWERS, *_SILENT, Outcome.UNKNOWN))},
    Direction.INBOUND: {outcome: rank for rank, outcome in enumerate((*reversed(_ANSWERS), *_SILENT, Outcome.UNKNOWN))},
}
"""Which of several legs' outcomes is the call's, best first. Whoever says that a machine took an outbound call knows
more than who says that it was answered; an inbound one that a person took was taken, though it rang at a mailbox too.
Zero-second rows say `no_answer` beside the row that knows better."""


def call_of(legs: Sequence[LegValues], effective_ms: int) -> CallValues | None:
    """Return the call that `legs`, all of one group, are together. Their order does not matter.

    A leg that went no known way, that nobody of the floor took part in and of which nothing is known to have come tells
    nothing: a step of a dialplan, a supervisor listening in, the customer's side of a call. Legs that all tell nothing
    are no call: None.

    First is the earliest leg that is nobody's share (no parent), else the earliest.
    Direction: of the first leg that has a customer in it, else internal, else unknown; legs of other directions
    (consulting a colleague) tell nothing more about the call. Who: of an outbound or internal call the first leg's
    agent, else the earliest who talked; of an inbound one the earliest who talked, else the first whose phone rang.
    Number: the customer's, of the first leg that has one. Times: first dialled, first answered, last ended (None
    while a leg is open, or where a leg's end is unknown). Talk: the sum of the legs', of an internal call the longest
    leg's, since both sides are ours; None where none knows and the call was answered, or nobody knows whether it was.
    Progress: ended when all legs are. Effective from `effective_ms` of talk on.
    """
    telling = [leg for leg in legs if leg.direction != "unknown" or leg.agent is not None or leg.outcome != "unknown"]
    if len(telling) < 2:
        return _call_of_one(telling[0], effective_ms, len(legs)) if telling else None
    ordered = sorted(telling, key=lambda leg: (leg.parent_id is not None, leg.started_us, leg.leg_id))
    directions = [leg.direction for leg in ordered]
    with_customer = (direction for direction in directions if direction in _WITH_CUSTOMERS)
    otherwise = Direction.INTERNAL if Direction.INTERNAL in directions else Direction.UNKNOWN
    direction = next(with_customer, otherwise)
    own = [leg for leg in ordered if leg.direction == direction]
    return _call(own, str(direction), effective_ms, len(legs))


def _call_of_one(leg: LegValues, effective_ms: int, legs: int) -> CallValues:
    """Return what `_call` does of one leg, several times as fast: a million of them pass through one import."""
    direction, outcome, talk_ms = leg.direction, leg.outcome, leg.talk_ms
    if outcome == "unknown" and leg.answered_us is not None:
        outcome = "answered"
    taken = outcome in _TAKEN_WORDS
    if talk_ms is None and not taken and outcome != "unknown":
        talk_ms = 0
    dial = 1 if direction == "outbound" else 0
    connected = dial if taken else 0
    return CallValues(
        leg.group_id,
        leg.agent,
        leg.day,
        direction,
        leg.number,
        leg.from_raw if direction == "inbound" else leg.to_raw,
        leg.started_us,
        leg.answered_us,
        leg.ended_us if leg.progress == _ENDED else None,
        talk_ms,
        outcome,
        leg.progress,
        dial,
        connected,
        1 if connected and outcome == "answered" and talk_ms is not None and talk_ms >= effective_ms else 0,
        legs,
        leg.line,
        leg.approximate,
    )


def _call(own: Sequence[LegValues], direction: str, effective_ms: int, legs: int) -> CallValues:
    """Return the call of its `own` legs, in order; `legs` are all of its group."""
    first = own[0]
    outcome = _outcome(own, direction)
    talk_ms = _talk(own, outcome, sum if direction != Direction.INTERNAL else max)
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


def _party(leg: LegValues, direction: str) -> str:
    return leg.from_raw if direction == Direction.INBOUND else leg.to_raw


def _who(own: Sequence[LegValues], direction: str) -> str | None:
    talked = (
        leg for leg in own if leg.agent and (leg.talk_ms or (leg.talk_ms is None and leg.answered_us is not None))
    )
    earliest = min(talked, key=lambda leg: (leg.answered_us or leg.started_us, leg.leg_id), default=None)
    if direction != Direction.INBOUND:
        return own[0].agent or (earliest.agent if earliest else None)
    return earliest.agent if earliest else next((leg.agent for leg in own if leg.agent), None)


def _outcome(own: Sequence[LegValues], direction: str) -> str:
    """Return the best known outcome of the legs; a leg that tells none but a moment of answer was answered."""
    ranks = _BEST_KNOWN[Direction.INBOUND if direction == Direction.INBOUND else Direction.OUTBOUND]
    told = (
        Outcome.ANSWERED if leg.outcome == Outcome.UNKNOWN and leg.answered_us is not None else Outcome(leg.outcome)
        for leg in own
    )
    return str(min(told, key=ranks.__getitem__))


def _talk(own: Sequence[LegValues], outcome: str, together: Callable[[list[int]], int]) -> int | None:
    known = [leg.talk_ms for leg in own if leg.talk_ms is not None]
    if known:
        return together(known)
    return None if outcome in _TAKEN or outcome == Outcome.UNKNOWN else 0
