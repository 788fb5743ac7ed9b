"""Idle: "no call activity for [20 min] in working time (breaks do not count)"."""

from __future__ import annotations

from collections.abc import Iterable

from supervisor.config import Config
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM, Finding
from supervisor.duties.discipline.rules.raising import proof, raised
from supervisor.duties.discipline.rules.words import minutes, span, without
from supervisor.duties.discipline.rules.working import MINUTE_US, is_judged, left_out, stretches
from supervisor.duties.discipline.seen import DayFacts, PersonDay


def idle(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find the gaps of console.idle_act_minutes [20] or more of working time, less excuses, without activity on any
    call: one finding a gap, named by its begin. Low, medium from twice the limit, high from three times."""
    if not is_judged(person):
        return
    limit = config.console.idle_act_minutes
    for begin, end, worked in stretches(person, sorted(person.activity), limit * MINUTE_US):
        times = worked // (limit * MINUTE_US)
        yield raised(
            person,
            "idle",
            begin,
            HIGH if times >= 3 else MEDIUM if times == 2 else LOW,
            proof(
                f"{minutes(worked)} min without a call, {span(begin, end, facts.time_zone)}",
                [call for call in person.calls if call.ended_us == begin or call.started_us == end],
                {"minutes": minutes(worked), "limit": limit},
            ),
            str(begin),
            without(left_out(person, begin, end), facts.time_zone),
        )
