"""One call told by two hands: live legs, exact as far as they were seen, and approximate records of finished calls.

Each leg has a role: the first (no parent) tells of the dial or the arrival, each other one is an agent's share. What
a live leg saw to its end stands; what it did not, the record of the same role tells. Records without a counterpart
are a part of the call too - unless its first leg was seen to its end: then the call was seen whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from store.ledger import ENDED, LegValues

TOLERANCE_US = 2_000_000
"""A finished-calls file has whole seconds, and is stamped by another hand."""


def is_live(leg: LegValues) -> bool:
    """Whether `leg` was seen live, if only in part; else it is an approximate record."""
    return not leg.approximate or leg.completed_by is not None


def one_call(live: LegValues, record: LegValues) -> bool:
    """Whether a live leg, on the line of the approximate `record`, began while that lasted. The live leg's own end is
    not asked: the answer must be the same before and after it is known."""
    until = record.started_us if record.ended_us is None else record.ended_us
    return record.started_us - TOLERANCE_US <= live.started_us <= until + TOLERANCE_US


def completed(live: LegValues, record: LegValues) -> LegValues:
    """Return the live leg, its end told by the approximate `record`. Takes from the live leg what all its states
    say. Dialled, a call was not missed: a customer who was rung first and answered looks like an arrival."""
    missed = live.direction == "outbound" and record.outcome == "missed"
    return record._replace(
        outcome="answered" if missed else record.outcome,
        leg_id=live.leg_id,
        group_id=live.group_id,
        agent=live.agent,
        day=live.day,
        started_us=live.started_us,
        direction=live.direction,
        from_raw=live.from_raw,
        to_raw=live.to_raw,
        number=live.number,
        parent_id=live.parent_id,
        line=live.line,
        completed_by=record.leg_id,
    )


def may_complete(record: LegValues, live: LegValues) -> bool:
    """Whether `record` may tell the end of `live`: it was not seen, nor told by a record before it. What a leg says of
    itself approximately gives way to any record."""
    if not live.approximate:
        return live.progress < ENDED
    if live.completed_by == record.leg_id:
        return live.raw_hash != record.raw_hash
    return live.completed_by in ("", live.leg_id) or record.leg_id < (live.completed_by or "")


def _share(record: LegValues, first: LegValues) -> LegValues:
    """Return the approximate `record` as a share of the call that began with the live leg `first`."""
    return record._replace(
        group_id=first.group_id,
        parent_id=first.leg_id,
        direction=first.direction,
        from_raw=first.from_raw,
        to_raw=first.to_raw,
        number=first.number,
    )


def together(live: Sequence[LegValues], records: Iterable[LegValues]) -> list[LegValues]:
    """Return the legs of one call, given its `live` legs (one at least) and the approximate `records` of it.

    The same whether records come at once or one after the other, each time with what was returned before, and before
    or after the live legs; provided that a call seen to its end told the ends of all its legs.
    """
    legs = {leg.leg_id: leg for leg in live}
    first = next((leg for leg in live if leg.parent_id is None), None)
    if first is not None and first.progress == ENDED and not first.approximate:
        return list(live)
    group = live[0].group_id
    shares = {leg.agent: leg.leg_id for leg in live if leg.parent_id is not None}

    def complete(leg_id: str, record: LegValues) -> None:
        if may_complete(record, legs[leg_id]):
            legs[leg_id] = completed(legs[leg_id], record)

    for record in sorted(records, key=lambda record: record.leg_id):
        taken = record.agent in shares  # its agent's talk is told by a live share
        if record.parent_id is None and first is None:
            legs[record.leg_id] = record._replace(group_id=group, talk_ms=0 if taken else record.talk_ms)
        elif record.parent_id is None and first is not None:
            if record.agent in (None, first.agent):
                complete(first.leg_id, record)
                continue
            # A row may tell of the arrival and of who took it at once: here they are two legs.
            complete(first.leg_id, record._replace(talk_ms=0 if first.agent is None else None))
        if taken:
            complete(shares[record.agent], record)
        elif first is None:
            legs[record.leg_id] = record._replace(group_id=group)
        else:
            legs[record.leg_id] = _share(record, first)
    return list(legs.values())
