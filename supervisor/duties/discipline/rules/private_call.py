"""Private call: "number not known as a customer or prospect and (talk >= 10 min, or >= 3 calls a day, or >= 5 a
week)"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from integrations.provider import Direction
from supervisor.config import Config
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM, Finding
from supervisor.duties.discipline.rules.raising import proof, raised
from supervisor.duties.discipline.rules.words import counted, short
from supervisor.duties.discipline.seen import CallSeen, DayFacts, PersonDay

_OUTSIDE = (Direction.OUTBOUND.value, Direction.INBOUND.value)
_NUMBER = 20
"""Characters of a number in the words; none that can be told is longer."""


def private_call(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find numbers that are no customer's with a talk of private_talk_minutes [10], private_calls_a_day [3] or, with
    those of the six days before, private_calls_a_week [5]; calls count whether answered or not. One finding a number.

    It happened at the call that made it so. High where two or more of the three hold, medium for a long talk alone,
    else low. Without any customer list nobody can tell: nothing is found.
    """
    if not facts.any_customers:
        return
    numbers: dict[str, list[CallSeen]] = {}
    for call in person.calls:
        if not call.customers and call.number and call.direction in _OUTSIDE:
            numbers.setdefault(call.number, []).append(call)
    for number, calls in numbers.items():
        yield from _of_number(person, number, calls, config)


def _of_number(person: PersonDay, number: str, calls: Sequence[CallSeen], config: Config) -> Iterable[Finding]:
    limits = config.discipline
    before = person.week_calls.get(number, 0)
    long_ms = limits.private_talk_minutes * 60_000
    long = [call for call in calls if call.talk_ms is not None and call.talk_ms >= long_ms]
    many = calls[limits.private_calls_a_day - 1 :]
    week = calls[max(0, limits.private_calls_a_week - before - 1) :]
    made_so = [since[0] for since in (long, many, week) if since]
    if not made_so:
        return
    longest = max((call.talk_ms or 0 for call in calls), default=0) // 60_000
    told = [
        words
        for words, holds in (
            (f"{longest} min of talk", long),
            (f"{counted(len(calls), 'call')} that day", many),
            (f"{counted(len(calls) + before, 'call')} in seven days", week),
        )
        if holds
    ]
    yield raised(
        person,
        "private_call",
        min(call.started_us for call in made_so),
        HIGH if len(made_so) > 1 else MEDIUM if long else LOW,
        proof(
            f"{', '.join(told)} with {short(number, _NUMBER)}, no customer's number",
            sorted(calls, key=lambda call: -(call.talk_ms or 0)),
            {"number": number, "calls": len(calls), "calls_in_seven_days": len(calls) + before, "longest_min": longest},
        ),
        number,
    )
