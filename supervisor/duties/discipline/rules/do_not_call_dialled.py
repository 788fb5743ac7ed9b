"""Do-not-call dialled: "do-not-call blocks (it is not a warning): a call to it raises a flag"."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.provider import Direction
from supervisor.config import Config
from supervisor.duties.discipline.findings import HIGH, MEDIUM, Finding
from supervisor.duties.discipline.rules.raising import proof, raised
from supervisor.duties.discipline.rules.words import clock, local, short
from supervisor.duties.discipline.seen import Blocked, CallSeen, DayFacts, PersonDay

_OUTBOUND = Direction.OUTBOUND.value
_COMPANY, _WHY = 24, 28
"""Characters of a company and of a reason in the words."""


def do_not_call_dialled(person: PersonDay, facts: DayFacts, config: Config) -> Iterable[Finding]:
    """Find each outbound call to the number of a customer who was not to be called when it began. High; medium where
    the number is another customer's too, who may be called."""
    blocked = facts.blocked
    if not blocked:
        return
    for call in person.calls:
        for customer in call.customers:
            if customer in blocked and call.direction == _OUTBOUND:
                yield from _of_call(person, call, facts)
                break


def _of_call(person: PersonDay, call: CallSeen, facts: DayFacts) -> Iterable[Finding]:
    told = [facts.blocked[customer] for customer in sorted(call.customers) if customer in facts.blocked]
    held = [one for one in told if one.since_us <= call.started_us]
    if not held:
        return
    barred = {one.customer_id for one in held}
    others = [customer for customer in sorted(call.customers) if customer not in barred]
    yield raised(
        person,
        "do_not_call_dialled",
        call.started_us,
        MEDIUM if others else HIGH,
        proof(
            _words(call, held[0], facts.time_zone),
            (call,),
            {"number": call.number, "since": _day(held[0], facts.time_zone), "why": held[0].why},
        ),
        call.id,
        tuple(f"also the number of {_company(customer, facts)}, who may be called" for customer in others),
    )


def _words(call: CallSeen, held: Blocked, time_zone: str) -> str:
    at, since = clock(call.started_us, time_zone), _day(held, time_zone)
    why = f": {short(held.why, _WHY)}" if held.why else ""
    return f"called {short(held.company, _COMPANY)} at {at}, do-not-call since {since}{why}"


def _day(held: Blocked, time_zone: str) -> str:
    return f"{local(held.since_us, time_zone):%Y-%m-%d}"


def _company(customer: int, facts: DayFacts) -> str:
    if customer in facts.blocked:  # barred later on the day
        return facts.blocked[customer].company
    return facts.customers[customer].company if customer in facts.customers else f"customer {customer}"
