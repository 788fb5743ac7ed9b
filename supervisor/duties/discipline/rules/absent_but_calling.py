"""Absent but calling: "leave or sick, and an outbound call"."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.provider import Direction
from supervisor.config import Config
from supervisor.duties.discipline.findings import HIGH, MEDIUM, Finding
from supervisor.duties.discipline.rules.raising import proof, raised
from supervisor.duties.discipline.rules.words import counted, span
from supervisor.duties.discipline.seen import DayFacts, PersonDay

_OUTBOUND = Direction.OUTBOUND.value
AWAY = {"leave": "on leave", "sick": "sick"}
"""Attendance on which nobody calls, in words."""
_MANY = 10
"""Calls from which it is grave."""


def absent_but_calling(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find who is on leave or sick and called somebody outside, at the first such call. Medium, high from ten calls."""
    away = AWAY.get(person.attendance)
    if away is None or person.specialist_id is None:
        return
    calls = [call for call in person.calls if call.direction == _OUTBOUND]
    if not calls:
        return
    first, last = calls[0].started_us, calls[-1].started_us
    yield raised(
        person,
        "absent_but_calling",
        first,
        HIGH if len(calls) >= _MANY else MEDIUM,
        proof(
            f"{counted(len(calls), 'outbound call')} while {away}, {span(first, last, facts.time_zone)}",
            calls,
            {"calls": len(calls), "attendance": person.attendance},
        ),
    )
