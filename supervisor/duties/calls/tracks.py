"""What each phone did on a day, as moments in their order: what a replay looks up. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from integrations.provider import Direction, State
from store.floor import CallFound, Phone
from store.replay import Doing, Out, Part

_WITH_CUSTOMERS = (Direction.OUTBOUND.value, Direction.INBOUND.value)
_Call = tuple[int, str]
"""A source and a group."""


@dataclass(frozen=True, slots=True)
class Track:
    """What one phone did, as moments in order: `talk_ms[n]` is what was talked until `talk_us[n]`, `doing[n]` holds
    from `doing_us[n]` on; `parts`: the calls it dialled or took part in, as places in the day's,
    and since when."""

    calls_us: Sequence[int]
    dials_us: Sequence[int]
    connected_us: Sequence[int]
    effective_us: Sequence[int]
    ends_us: Sequence[int]
    talk_us: Sequence[int]
    talk_ms: Sequence[int]
    doing_us: Sequence[int]
    doing: Sequence[Doing]
    parts: Mapping[int, int]


def tracks(
    phones: Iterable[Phone],
    calls: Sequence[CallFound],
    parts: Iterable[Part],
    states: Iterable[Doing],
    outages: Mapping[int, Sequence[Out]],
    shift_ends_us: Mapping[int, int],
    effective_ms: int,
) -> dict[int, Track]:
    """Return what each phone did, by its identity. Pure; `shift_ends_us`: by identity, when its shift is over."""
    of_call: dict[_Call, list[Part]] = defaultdict(list)
    of_phone: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        of_call[part.source_id, part.group_id].append(part)
        of_phone[part.identity_id].append(part)
    dialled: dict[int, list[int]] = defaultdict(list)
    took_part: dict[int, dict[int, int]] = defaultdict(dict)
    for place, call in enumerate(calls):
        if call.identity_id is not None:
            dialled[call.identity_id].append(place)
            took_part[call.identity_id][place] = call.started_us
        for part in of_call.get((call.source_id, call.group_id), ()):
            took_part[part.identity_id].setdefault(place, part.started_us)
    of_state: dict[int, list[Doing]] = defaultdict(list)
    for state in states:
        of_state[state.identity_id].append(state)
    numbers = {(call.source_id, call.group_id): call.number or call.number_raw for call in calls}
    found = {}
    for phone in phones:
        id_ = phone.identity_id
        theirs, own = [calls[place] for place in dialled[id_]], of_phone[id_]
        by_calls = doing_by_calls(own, numbers, shift_ends_us[id_])
        doing = joined(of_state[id_], by_calls, outages.get(phone.source_id, ()))
        talked = sorted((_over_us(part), part.talk_ms) for part in own if part.talk_ms and _with_customer(part))
        sums, total = [], 0
        for _, talk_ms in talked:
            total += talk_ms
            sums.append(total)
        found[id_] = Track(
            calls_us=sorted(call.started_us for call in theirs),
            dials_us=sorted(call.started_us for call in theirs if call.dial),
            connected_us=sorted(_connected_us(call) for call in theirs if call.connected),
            effective_us=sorted(
                effective_us(call, of_call.get((call.source_id, call.group_id), ()), effective_ms)
                for call in theirs
                if call.effective
            ),
            ends_us=sorted(call.ended_us for call in theirs if call.ended_us is not None),
            talk_us=[at_us for at_us, _ in talked],
            talk_ms=sums,
            doing_us=[one.at_us for one in doing],
            doing=doing,
            parts=took_part[id_],
        )
    return found


def covers(out: Out, moment_us: int) -> bool:
    """Whether nothing was heard of a source at `moment_us`."""
    return out.from_us <= moment_us and (out.until_us is None or moment_us < out.until_us)


def _with_customer(part: Part) -> bool:
    return part.direction in _WITH_CUSTOMERS


def _connected_us(call: CallFound) -> int:
    known = (us for us in (call.answered_us, call.ended_us) if us is not None)
    return next(known, call.started_us)


def effective_us(call: CallFound, parts: Iterable[Part], effective_ms: int) -> int:
    """Return when an effective `call` became that: when those of its legs that were over had `effective_ms` of talk."""
    talked_ms = 0
    for part in sorted((part for part in parts if part.direction == call.direction), key=_over_us):
        talked_ms += part.talk_ms or 0
        if talked_ms >= effective_ms:
            return _over_us(part)
    return call.ended_us if call.ended_us is not None else _connected_us(call)


def _over_us(part: Part) -> int:
    """Return when a leg was over; where nobody knows its end, after what was talked."""
    if part.ended_us is not None:
        return part.ended_us
    begun_us = part.started_us if part.answered_us is None else part.answered_us
    return begun_us + (part.talk_ms or 0) * 1000


def doing_by_calls(parts: Sequence[Part], numbers: Mapping[_Call, str], shift_ends_us: int) -> list[Doing]:
    """Return what a phone did as far as its legs tell, which come in the order in which they began: ringing until one
    is answered, then talking; between two calls idle. Once its shift is over nobody knows of it between calls: offline.
    """
    moments = sorted({us for part in parts for us in (part.started_us, _answered_us(part), _over_us(part))})
    found: list[Doing] = []
    under_way: list[Part] = []
    begun = 0
    for at_us, next_us in pairwise([*moments, max([shift_ends_us, *moments]) + 1]):
        while begun < len(parts) and parts[begun].started_us <= at_us:
            under_way.append(parts[begun])
            begun += 1
        under_way = [part for part in under_way if at_us < _over_us(part)]
        if under_way:
            talking = [part for part in under_way if _answered_us(part) <= at_us]
            part, state = (talking[-1], State.TALKING) if talking else (under_way[-1], State.RINGING)
            number = numbers.get((part.source_id, part.group_id))
            found.append(Doing(part.identity_id, at_us, state.value, number, part.group_id, None))
            continue
        idle = Doing(parts[0].identity_id, at_us, State.IDLE.value, None, None, None)
        if at_us < shift_ends_us:
            found.append(idle)
        if next_us > shift_ends_us:
            found.append(idle._replace(at_us=max(at_us, shift_ends_us), state=State.OFFLINE.value))
    return found


def _answered_us(part: Part) -> int:
    """Return when a leg was answered; of one that never was, its end."""
    if part.answered_us is not None:
        return part.answered_us
    return _over_us(part) - (part.talk_ms or 0) * 1000


def joined(states: Sequence[Doing], by_calls: Sequence[Doing], outages: Sequence[Out]) -> list[Doing]:
    """Return what was told of a phone, and what its calls tell of before that and of the times when nothing was heard
    of its source."""
    if not states:
        return list(by_calls)
    first_us = states[0].at_us
    unheard = [
        one for one in by_calls if one.at_us < first_us or any(covers(out, one.at_us) for out in outages)
    ]  # fmt: skip
    # Of the same moment, what was told stands last.
    return sorted([*unheard, *states], key=lambda one: one.at_us)
