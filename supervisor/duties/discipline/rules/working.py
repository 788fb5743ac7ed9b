"""Working time as the rules judge it: the shift less breaks and excuses, and the stretches of it without a call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from operator import ge
from typing import NamedTuple

from supervisor.calendar import Calendar, Span
from supervisor.duties.calls.pace import ABSENT
from supervisor.duties.discipline.seen import CallSeen, PersonDay
from supervisor.settings import Floor

MINUTE_US = 60_000_000
_EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Stretch(NamedTuple):
    """A time from `begin_us` to `end_us`, and how much of it is working time that no excuse covers."""

    begin_us: int
    end_us: int
    worked_us: int


def every_day(time_zone: str, hours: str = "00:00-24:00") -> Calendar:
    """Return a calendar of `hours` on each day of the week, in the IANA zone `time_zone`."""
    return Calendar(Floor(time_zone=time_zone, working_hours=(hours,), working_days=_EVERY_DAY, holidays=False))


@lru_cache(maxsize=16)
def midnight(day: int, time_zone: str) -> int:
    """Return the moment (epoch us) at which `day` begins in `time_zone`."""
    return every_day(time_zone).bounds(day)[0]


def own_calls(person: PersonDay, time_zone: str) -> Sequence[CallSeen]:
    """Return the calls of the day in the order they began; of two that began together the smaller id first.

    Those of a shift that began on the day before are that day's, which has them too, and are left out here.
    """
    calls = person.calls
    starts = [call.started_us for call in calls]
    if any(map(ge, starts, starts[1:])):
        calls = sorted(calls, key=lambda call: (call.started_us, call.id))
    begins_us = midnight(person.day, time_zone)
    from_us = max((end for begin, end in person.around if begin < begins_us), default=begins_us)
    if from_us > begins_us:
        return [call for call in calls if call.started_us >= from_us]
    return calls


def is_judged(person: PersonDay) -> bool:
    """Whether somebody must be on the phone all their shift: a specialist at work whose hours are known."""
    return person.specialist_id is not None and person.attendance not in ABSENT and person.hours_known


def is_over(person: PersonDay) -> bool:
    """Whether the shift of the day has ended. Who has none never gets there."""
    return bool(person.shift) and person.until_us >= person.shift[-1][1]


def union(spans: Iterable[Span]) -> list[Span]:
    """Return `spans` merged and in order; empty ones are nothing."""
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def counted(person: PersonDay) -> list[Span]:
    """Return the working time of the shift less the excuses: what counts against somebody, in order."""
    left = list(person.shift)
    for begin, end in union((excuse.begin_us, excuse.end_us) for excuse in person.excuses):
        left = [piece for a, b in left for piece in ((a, min(b, begin)), (max(a, end), b)) if piece[0] < piece[1]]
    return left


def overlap(spans: Iterable[Span], begin_us: int, end_us: int) -> int:
    """Return how long (us) `spans`, which do not overlap each other, lie between two moments."""
    return sum(max(0, min(end, end_us) - max(begin, begin_us)) for begin, end in spans)


def stretches(person: PersonDay, busy: Iterable[Span], from_us: float) -> Iterator[Stretch]:
    """Return the stretches of the shift between the spans of `busy`, which stand in the order they begin, with at least
    `from_us` of counted time. The last one ends with the shift or where nothing more is known; a stretch goes on over
    breaks and excuses, which lengthen it by nothing."""
    if not person.shift:
        return
    time = counted(person)
    at_us, until_us = person.shift[0][0], min(person.shift[-1][1], person.until_us)
    for begin, end in chain(busy, ((until_us, until_us),)):
        if begin - at_us >= from_us:
            begin = min(begin, until_us)
            worked = overlap(time, at_us, begin)
            if worked >= from_us:
                yield Stretch(at_us, begin, worked)
        if end > at_us:
            at_us = end


def excused(person: PersonDay, begin_us: int, end_us: int) -> list[tuple[Span, str]]:
    """Return the excuses that take working time away between two moments, cut to them, with their words, in order."""
    found = {((max(begin, begin_us), min(end, end_us)), words) for begin, end, words in person.excuses}
    return sorted(one for one in found if overlap(person.shift, *one[0]))


def left_out(person: PersonDay, begin_us: int, end_us: int) -> list[tuple[Span, str]]:
    """Return the breaks and the excuses between two moments, likewise."""
    breaks = ((max(before[1], begin_us), min(after[0], end_us)) for before, after in pairwise(person.shift))
    return sorted([*((one, "break") for one in breaks if one[0] < one[1]), *excused(person, begin_us, end_us)])
