"""Out of hours: "before the first or after the last working hour by more than [15 min], or outside the customer's own
permitted hours [8-20 in the customer's zone]"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from operator import attrgetter

from integrations.provider import Direction
from supervisor.calendar import Span, date_of, day_number
from supervisor.config import Config
from supervisor.duties.discipline.findings import LOW, MEDIUM, Finding
from supervisor.duties.discipline.rules.raising import proof, raised
from supervisor.duties.discipline.rules.words import clock, counted, short, span
from supervisor.duties.discipline.rules.working import MINUTE_US, every_day, union
from supervisor.duties.discipline.seen import CallSeen, DayFacts, PersonDay
from supervisor.settings import zone_problem

_CODE = "out_of_hours"
_OUTBOUND = Direction.OUTBOUND.value
_MANY = 5
"""Calls from which it is more than a slip."""
_COMPANY = 24
_NEVER = (0, 0)
_begun = attrgetter("started_us")


def out_of_hours(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find outbound calls outside of every shift of theirs by more than out_of_hours_minutes [15] ("shift", not of an
    unknown phone), and those outside customer_hours [08:00-20:00] of every customer whose number it is ("customer").
    One finding each, at the first call; low, medium from five calls."""
    limits = config.discipline
    if person.specialist_id is not None and (
        outside := outside_shifts(person.calls, person.around, limits.out_of_hours_minutes * MINUTE_US)
    ):
        yield _of_shift(person, outside, facts.time_zone)
    if outside := outside_customers(person.calls, facts, limits.customer_hours):
        yield _of_customers(person, outside, facts, limits.customer_hours)


def outside_shifts(calls: Sequence[CallSeen], around: Sequence[Span], margin_us: int) -> list[CallSeen]:
    """Return the outbound ones of `calls`, which stand in the order they began, that lie in none of the spans `around`
    with a margin on both sides, its last moment included."""
    outside: list[CallSeen] = []
    seen = 0
    for begin, end in union((begin - margin_us, end + margin_us + 1) for begin, end in around):
        first = bisect_left(calls, begin, seen, key=_begun)
        outside += calls[seen:first]
        seen = bisect_left(calls, end, first, key=_begun)
    outside += calls[seen:]
    return [call for call in outside if call.direction == _OUTBOUND]


def _of_shift(person: PersonDay, calls: Sequence[CallSeen], time_zone: str) -> Finding:
    hours = span(person.shift[0][0], person.shift[-1][1], time_zone) if person.shift else ""
    first, last = calls[0].started_us, calls[-1].started_us
    told = f"outside the shift {hours}" if hours else "on a day off"
    return raised(
        person,
        _CODE,
        first,
        MEDIUM if len(calls) >= _MANY else LOW,
        proof(
            f"{counted(len(calls), 'outbound call')} {told}: {span(first, last, time_zone)}",
            calls,
            {"calls": len(calls), "first": clock(first, time_zone), "last": clock(last, time_zone), "shift": hours},
        ),
        "shift",
    )


def outside_customers(calls: Iterable[CallSeen], facts: DayFacts, hours: str) -> list[CallSeen]:
    """Return the outbound ones of `calls` outside the permitted `hours` ("08:00-20:00") of every customer whose number
    it is, by that customer's clock."""
    customers, floor = facts.customers, facts.time_zone
    permitted: dict[str, Span] = {}  # by zone, the span of the last call: the next one mostly is in it too
    outside = []
    for call in calls:
        if call.direction != _OUTBOUND or not call.customers:
            continue
        at = call.started_us
        for customer_id in call.customers:
            customer = customers.get(customer_id)
            if customer is None:
                break  # nobody told when they may be called
            begin, end = permitted.get(customer.time_zone, _NEVER)
            if begin <= at < end:
                break
            spans = _permitted(facts.day, customer.time_zone or floor, floor, hours)
            found = next((one for one in spans if one[0] <= at < one[1]), None)
            if found is not None:
                permitted[customer.time_zone] = found
                break
        else:
            outside.append(call)
    return outside


@lru_cache(maxsize=1024)
def _permitted(day: int, time_zone: str, floor: str, hours: str) -> tuple[Span, ...]:
    """The spans in which customers of `time_zone` may be called around `day`; in the floor's zone where that is none.

    Two days to either side: of a night shift's calls some are tomorrow's, and at the customer's it may be later yet."""
    calendar = every_day(known_zone(time_zone, floor), hours)
    days = (day_number(date_of(day) + timedelta(days=away)) for away in range(-2, 3))
    return tuple(union(piece for one in days for piece in calendar.shift(one)))


@lru_cache(maxsize=1024)
def known_zone(time_zone: str, floor: str) -> str:
    """Return `time_zone`, or the floor's where there is no such zone."""
    return floor if zone_problem(time_zone) else time_zone


def _of_customers(person: PersonDay, calls: Sequence[CallSeen], facts: DayFacts, hours: str) -> Finding:
    first, last = calls[0].started_us, calls[-1].started_us
    customer = facts.customers[min(calls[0].customers)]
    zone = known_zone(customer.time_zone or facts.time_zone, facts.time_zone)
    theirs = "" if zone == facts.time_zone else f" ({zone})"
    return raised(
        person,
        _CODE,
        first,
        MEDIUM if len(calls) >= _MANY else LOW,
        proof(
            f"{counted(len(calls), 'call')} outside customers' hours {hours}: "
            f"{short(customer.company, _COMPANY)} at {clock(first, zone)}{theirs}",
            calls,
            {
                "calls": len(calls), "first": clock(first, facts.time_zone), "last": clock(last, facts.time_zone),
                "permitted": hours, "customers_zone": zone,
            },
        ),
        "customer",
    )  # fmt: skip
