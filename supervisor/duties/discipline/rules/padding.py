"""Padding: "robust z-score against the team of repeat dials to one number, answered calls < 15 s, bursts in the last 30
minutes of the shift, calls to colleagues; and bunching just above effective_seconds (binomial test of [T, T+5) against
[T-5, T)); teams too small for a z-score fall back to fixed limits"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from integrations.provider import Direction
from supervisor.calendar import Span
from supervisor.config import Config
from supervisor.duties.calls.pace import ABSENT
from supervisor.duties.discipline.findings import HIGH, MEDIUM, Finding
from supervisor.duties.discipline.rules.outliers import by_chance, spread, team_median
from supervisor.duties.discipline.rules.raising import proof, raised
from supervisor.duties.discipline.rules.words import short
from supervisor.duties.discipline.rules.working import MINUTE_US, is_over
from supervisor.duties.discipline.seen import CallSeen, DayFacts, PersonDay

_CODE = "padding"
_INTERNAL = Direction.INTERNAL.value
_NUMBER = 20
"""Characters of a number in the words."""
_GRAVE = 2
"""Times the z-score or the limit from which padding is grave."""
_GRAVE_CHANCE = 100
"""So many times less often than the limit says is bunching by chance where it is grave."""
ONE_NUMBER, SHORT, BURST, COLLEAGUES, BUNCHING = "one_number", "short", "burst", "colleagues", "bunching"


@dataclass(slots=True)
class _Measured:
    """The calls of one person that belong to each measure; of the dials to one number, to which most of them went and
    how many (their calls are picked out where they are wanted)."""

    person: PersonDay
    number: str = ""
    dials: int = 0
    calls: dict[str, list[CallSeen]] = field(default_factory=dict)
    above: list[CallSeen] = field(default_factory=list)
    below: list[CallSeen] = field(default_factory=list)


def padding(team: Sequence[PersonDay], facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find who of a team fills up their figures: one finding a measure that stands out, at the last call of it.

    Only people at work whose shift is over are looked at and compared. In a team of team_from [5] of them or more,
    somebody stands out from a robust z of z_score [3.5], and half of the fixed limit at least: three calls against one
    are no accusation. In a smaller team the fixed limits hold. Bunching is judged by itself, whatever the team. High
    from twice the z or the limit, or where bunching is a hundred times rarer by chance than the limit; else medium.
    """
    measured = [_measure(person, config) for person in team if _is_compared(person)]
    limits = config.discipline
    for measure, words, limit in (
        (ONE_NUMBER, "dials to one number", limits.dials_to_one_number),
        (SHORT, f"answered dials under {limits.short_seconds} s", limits.short_calls),
        (BURST, f"dials in the last {limits.burst_minutes} min of the shift", limits.burst_dials),
        (COLLEAGUES, "calls to colleagues", limits.colleague_calls),
    ):
        yield from _standing_out(measured, measure, words, limit, config)
    yield from _bunching(measured, config)


def _is_compared(person: PersonDay) -> bool:
    if person.specialist_id is None or person.attendance in ABSENT or not is_over(person):
        return False
    return person.quota.dials + person.quota.effective > 0 or any(call.dial for call in person.calls)


def _measure(person: PersonDay, config: Config) -> _Measured:
    """Sort the calls of a person, in one pass."""
    short_ms = config.discipline.short_seconds * 1000
    middle_ms = config.calls.effective_seconds * 1000
    width_ms = min(config.discipline.bunching_seconds * 1000, middle_ms)  # as wide below, where less than 0 is no talk
    low_ms, high_ms = middle_ms - width_ms, middle_ms + width_ms
    longest_ms = max(short_ms, high_ms)
    ending = _ending(person, config.discipline.burst_minutes * MINUTE_US)
    from_us = ending[0][0] if ending else person.until_us
    found = _Measured(person)
    numbers: list[str] = []
    brief: list[CallSeen] = []
    burst: list[CallSeen] = []
    colleagues: list[CallSeen] = []
    for call in person.calls:
        if call.dial:
            numbers.append(call.number)
            talk = call.talk_ms
            if talk is not None and talk < longest_ms and call.connected:
                if talk < short_ms:
                    brief.append(call)
                if low_ms <= talk < high_ms:
                    (found.below if talk < middle_ms else found.above).append(call)
            if call.started_us >= from_us and any(begin <= call.started_us < end for begin, end in ending):
                burst.append(call)
        elif call.direction == _INTERNAL:  # an internal call is theirs who began it
            colleagues.append(call)
    found.number, found.dials = _most(numbers)
    found.calls = {SHORT: brief, BURST: burst, COLLEAGUES: colleagues}
    return found


def _most(numbers: Iterable[str]) -> tuple[str, int]:
    """The number that is there most often, of several the smallest, and how often; calls without one are none."""
    dialled = Counter(numbers)
    dialled.pop("", None)
    most = max(dialled.values(), default=0)
    return min((number for number, count in dialled.items() if count == most), default=""), most


def _ending(person: PersonDay, left_us: int) -> list[Span]:
    """The last `left_us` of the working time of a shift; nothing where nobody knows which half of the day it is."""
    ending: list[Span] = []
    for begin, end in reversed(person.shift if person.hours_known else ()):
        if left_us > 0:
            ending.insert(0, (max(begin, end - left_us), end))
            left_us -= end - begin
    return ending


def _standing_out(
    measured: Sequence[_Measured], measure: str, words: str, limit: int, config: Config
) -> Iterable[Finding]:
    counts = [one.dials if measure == ONE_NUMBER else len(one.calls[measure]) for one in measured]
    compared = len(measured) >= config.discipline.team_from
    if not counts or max(counts) * 2 < limit:
        return
    scale = spread(counts)
    middle = median(counts)
    base = team_median(counts)
    for one, count in zip(measured, counts, strict=True):
        z = (count - middle) / scale if scale else 0.0
        if compared and (z < config.discipline.z_score or count * 2 < limit):
            continue
        if not compared and count < limit:
            continue
        number = f" ({short(one.number, _NUMBER)})" if measure == ONE_NUMBER else ""
        grave = count >= _GRAVE * limit or (compared and z >= _GRAVE * config.discipline.z_score)
        calls = _to_number(one.person, one.number) if measure == ONE_NUMBER else one.calls[measure]
        figures: dict[str, int | float | str] = {"count": count, "team_median": middle, "people": len(measured)}
        figures |= {"z": round(z, 2)} if compared else {"limit": limit}
        yield raised(
            one.person,
            _CODE,
            calls[-1].started_us,
            HIGH if grave else MEDIUM,
            proof(f"{count} {words}{number}, {base if compared else f'limit {limit}'}", reversed(calls), figures, base),
            measure,
        )


def _to_number(person: PersonDay, number: str) -> list[CallSeen]:
    return [call for call in person.calls if call.dial and call.number == number]


def _bunching(measured: Sequence[_Measured], config: Config) -> Iterable[Finding]:
    seconds, limit = config.calls.effective_seconds, config.discipline.bunching_probability
    width = min(config.discipline.bunching_seconds, seconds)
    base = f"team {sum(len(one.above) for one in measured)} against {sum(len(one.below) for one in measured)}"
    for one in measured:
        above, below = len(one.above), len(one.below)
        chance = by_chance(above, above + below)
        if chance >= limit:
            continue
        yield raised(
            one.person,
            _CODE,
            one.above[-1].started_us,
            HIGH if chance < limit / _GRAVE_CHANCE else MEDIUM,
            proof(
                f"{above} talks of {seconds}-{seconds + width} s against {below} of {seconds - width}-{seconds} s, "
                f"by chance p = {chance:.1g}",
                reversed(one.above),
                {"above": above, "below": below, "p": float(f"{chance:.3g}")},
                base if len(measured) > 1 else "",
            ),
            BUNCHING,
        )
