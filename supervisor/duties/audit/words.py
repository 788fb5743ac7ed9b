"""Why something of a day wants an explanation, in one line that a supervisor understands. Pure; names from outside stay
as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.audit_book import LogRow
from supervisor.calendar import Span
from supervisor.duties.discipline.rules.out_of_hours import known_zone
from supervisor.duties.discipline.rules.words import clock, short, span
from supervisor.duties.discipline.seen import CallSeen, DayFacts

_COMPANY = 24
"""Characters of a company."""
_NAMED = 2
"""Customers that are named whose number one is."""


def lasted(ms: int) -> str:
    """Return a duration: 47 s, 2 min 10 s, 25 min, 1 h 5 min."""
    seconds = ms // 1000
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    told = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{value} {unit}" for value, unit in told if value) or "0 s"


def talked(ms: int | None) -> str:
    """Return what was talked in words; of an unknown talk that there was one."""
    return "talked" if ms is None else f"talked {lasted(ms)}"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a day on a floor in `time_zone`."""

    time_zone: str

    def away(self, call: CallSeen, company: str, away: str) -> str:
        """Of an outbound call while somebody was `away`: on leave, sick."""
        return f"called {_whom(call, company)} at {clock(call.started_us, self.time_zone)} while {away}"

    def off_shift(self, call: CallSeen, company: str, shift: Sequence[Span]) -> str:
        """Of an outbound call outside of the shift."""
        hours = f"outside the shift {span(shift[0][0], shift[-1][1], self.time_zone)}" if shift else "on a day off"
        return f"called {_whom(call, company)} at {clock(call.started_us, self.time_zone)}, {hours}"

    def off_hours(self, call: CallSeen, facts: DayFacts, hours: str) -> str:
        """Of an outbound call outside of the hours permitted by the customer's clock."""
        customer = facts.customers[min(call.customers)]
        zone = known_zone(customer.time_zone or self.time_zone, self.time_zone)
        theirs = "" if zone == self.time_zone else f" ({zone})"
        at = clock(call.started_us, zone)
        return f"called {short(customer.company, _COMPANY)} at {at}{theirs}, outside customers' hours {hours}"

    def shared(self, call: CallSeen, facts: DayFacts) -> str:
        """Of a call whose number several customers have."""
        names = [facts.customers[one].company for one in sorted(call.customers) if one in facts.customers]
        named = [short(name, _COMPANY) for name in names[:_NAMED]]
        if more := len(names) - len(named):
            named.append(f"{more} more")
        whose = " and ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else "".join(named)
        return f"{talked(call.talk_ms)} on {call.number}, the number of {whose}; nobody said whose call it was"

    def inflated(self, log: LogRow, call: CallSeen) -> str:
        """Of a log that claims more than was talked."""
        return f"log claims {lasted(log.claimed_ms or 0)}, the phones say {lasted(call.talk_ms or 0)}"

    def unlogged(self, call: CallSeen, company: str) -> str:
        """Of a call that nobody wrote of."""
        return f"{talked(call.talk_ms)} with {_whom(call, company)}, nothing logged"

    def without_call(self, log: LogRow, unanswered: bool) -> str:
        """Of a log without a call; `unanswered`: there was one that nobody answered."""
        claimed = "" if log.claimed_ms is None else f" of {lasted(log.claimed_ms)}"
        phones = "have only one that nobody answered" if unanswered else "have none"
        at = clock(log.at_us, self.time_zone)
        return f"logged a call{claimed} with {short(log.company, _COMPANY)} at {at}, the phones {phones}"


def _whom(call: CallSeen, company: str) -> str:
    return short(company, _COMPANY) or call.number or "an unknown number"
