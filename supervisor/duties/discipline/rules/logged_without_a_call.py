"""Logged without a call: a specialist wrote down a call, no call stands behind it, and no supervisor accepted it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from supervisor.config import Config
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM, Evidence, Finding
from supervisor.duties.discipline.rules.raising import raised
from supervisor.duties.discipline.rules.words import clock, counted, short, span
from supervisor.duties.discipline.seen import DayFacts, PersonDay

_NAMED = 2
"""Logs that the words name."""
_COMPANY = 24


def logged_without_a_call(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find the logs of a day without a call, less those of times that an excuse covers (of a source that was down
    nobody can prove a call). One finding, at the first. Low, medium from three, high from ten."""
    left = []
    covered: Counter[tuple[int, int, str]] = Counter()
    for log in sorted(person.logs, key=lambda log: (log.at_us, log.entry_id)):
        excuse = min((one for one in person.excuses if one.begin_us <= log.at_us < one.end_us), default=None)
        if excuse is None:
            left.append(log)
        else:
            covered[excuse] += 1
    if not left:
        return
    zone = facts.time_zone
    named = [f"{short(log.company, _COMPANY)} {clock(log.at_us, zone)}" for log in left[:_NAMED]]
    if more := len(left) - len(named):
        named.append(f"{more} more")
    claimed = sum(log.claimed_ms or 0 for log in left)
    figures = {"logs": len(left), "claimed_min": claimed // 60_000}
    yield raised(
        person,
        "logged_without_a_call",
        left[0].at_us,
        HIGH if len(left) >= 10 else MEDIUM if len(left) >= 3 else LOW,
        Evidence(f"{counted(len(left), 'log')} without a call: {', '.join(named)}", (), figures),
        excuses=tuple(
            f"{words} {span(begin, end, zone)}: {counted(count, 'log')} left out"
            for (begin, end, words), count in sorted(covered.items())
        ),
    )
