"""Present but silent: "present and no outbound call in [60 min] of shift"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from integrations.provider import Direction
from supervisor.calendar import Span
from supervisor.config import Config
from supervisor.duties.discipline.findings import HIGH, LOW, Finding
from supervisor.duties.discipline.rules.raising import proof, raised
from supervisor.duties.discipline.rules.words import minutes, span, without
from supervisor.duties.discipline.rules.working import MINUTE_US, is_judged, is_over, left_out, stretches
from supervisor.duties.discipline.seen import CallSeen, DayFacts, PersonDay

_OUTBOUND = Direction.OUTBOUND.value


def present_but_silent(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find the stretches of silent_minutes [60] or more of working time, less excuses, in which no outbound call began
    or was under way, each named by its begin. Low; high where a whole shift has passed without one."""
    if not is_judged(person):
        return
    limit = config.discipline.silent_minutes
    calls = [call for call in person.calls if call.direction == _OUTBOUND]
    for begin, end, worked in stretches(person, _busy(calls, person.until_us), limit * MINUTE_US):
        first, last = person.shift[0][0], person.shift[-1][1]
        none = is_over(person) and (begin, end) == (first, last) and all(call.started_us != begin for call in calls)
        told = "no outbound call in the whole shift" if none else f"{minutes(worked)} min without an outbound call"
        yield raised(
            person,
            "present_but_silent",
            begin,
            HIGH if none else LOW,
            proof(
                f"{told}, {span(begin, end, facts.time_zone)}",
                [call for call in calls if call.ended_us == begin or call.started_us == end],
                {"minutes": minutes(worked), "limit": limit, "outbound": len(calls)},
            ),
            str(begin),
            without(left_out(person, begin, end), facts.time_zone),
        )


def _busy(calls: Sequence[CallSeen], until_us: int) -> Iterator[Span]:
    """When `calls` were under way; one of which nobody knows the end lasted until the next one began, in favour of who
    made it."""
    for place, call in enumerate(calls):
        end = call.ended_us
        if end is None:
            end = calls[place + 1].started_us if place + 1 < len(calls) else until_us
        yield call.started_us, end
