"""The classes of a day: each call and each written log of it is of exactly one, the first that fits. Pure.

What the rules of discipline find is asked of them: a class and a flag never disagree about what happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from integrations.provider import Direction, Outcome
from store.audit_book import LogRow
from supervisor.config import Config
from supervisor.duties.audit.snapshots import DISCREPANCIES, AuditedCall, AuditedLog
from supervisor.duties.audit.words import Words
from supervisor.duties.discipline.rules.absent_but_calling import AWAY
from supervisor.duties.discipline.rules.do_not_call_dialled import do_not_call_dialled
from supervisor.duties.discipline.rules.out_of_hours import outside_customers, outside_shifts
from supervisor.duties.discipline.rules.private_call import private_call
from supervisor.duties.discipline.rules.working import MINUTE_US, own_calls
from supervisor.duties.discipline.seen import CallSeen, DayFacts, PersonDay
from supervisor.duties.followups.logs import inflated, join

CALL = "call"
"""The channel of a log that speaks of a telephone call; the others, visit and reply, have none behind them."""

_INTERNAL, _OUTBOUND = Direction.INTERNAL.value, Direction.OUTBOUND.value
_ANSWERED = Outcome.ANSWERED.value
_DISCREPANCIES = frozenset(DISCREPANCIES)


@dataclass(frozen=True, slots=True)
class Told:
    """What holds for all calls of a day, by their id "source:group" (those near it too): their outcome, which are
    under way at `now_us`, and of which the ledger knows whose they were (customer and company)."""

    facts: DayFacts
    config: Config
    now_us: int
    outcomes: Mapping[str, str]
    under_way: Set[str]
    settled: Mapping[str, tuple[int, str]]


class Theirs(NamedTuple):
    """What one person did on a day: a specialist, an unknown phone, or nobody (all calls that are no one's).

    `calls` of the day in the order they began, `logs` of the day; `near`, `near_logs` of the days beside it, where a
    log and its call may lie on either side of midnight. `person`: as the rules look at them; `before`: their attendance
    of the day before, for the rest of a shift that began then."""

    person: PersonDay
    team: str
    before: str
    calls: Sequence[CallSeen]
    logs: Sequence[LogRow] = ()
    near: Sequence[CallSeen] = ()
    near_logs: Sequence[LogRow] = ()


class Audited(NamedTuple):
    """Calls and logs of a day with their classes; `beside`: logs of the days beside it that speak of its calls."""

    calls: list[AuditedCall]
    logs: list[AuditedLog]
    beside: list[AuditedLog]


class _Findings(NamedTuple):
    """What the rules find of somebody's calls: in words by call or by number, or the calls alone."""

    barred: Mapping[str, str]
    away: Mapping[str, str]
    off_shift: Collection[str]
    off_hours: Collection[str]
    private: Mapping[str, str]


def audited(theirs: Theirs, told: Told) -> Audited:
    """Return what one person did on a day with its classes."""
    call_of = _joined((*theirs.calls, *theirs.near), (*theirs.logs, *theirs.near_logs), told, answered=True)
    log_of = {call: log for log, call in call_of.items()}
    lone = [log for log in theirs.logs if log.channel == CALL and log.entry_id not in call_of]
    unanswered = _joined((*theirs.calls, *theirs.near), lone, told, answered=False) if lone else {}
    words = Words(told.facts.time_zone)
    rows = {log.entry_id: log for log in (*theirs.logs, *theirs.near_logs)}
    calls = list(_calls(theirs, told, {call: rows[log] for call, log in log_of.items()}, words))
    logs = [
        audited_log(log, words, call_of.get(log.entry_id), log.entry_id in unanswered)
        for log in theirs.logs
    ]  # fmt: skip
    here = {call.id for call in theirs.calls}
    beside = [
        audited_log(log, words, call_of[log.entry_id]) for log in theirs.near_logs if call_of.get(log.entry_id) in here
    ]
    return Audited(calls, logs, beside)


def audited_log(log: LogRow, words: Words, call: str | None = None, unanswered: bool = False) -> AuditedLog:
    """Return a log with its class: "matched (joined to a call), log_without_call (channel call and no call),
    not_a_call (visit, reply)". `unanswered`: a call that nobody answered lies where it says."""
    class_ = "matched" if call is not None else "log_without_call" if log.channel == CALL else "not_a_call"
    return AuditedLog(
        id=f"log:{log.entry_id}",
        class_=class_,
        entry_id=log.entry_id,
        specialist_id=log.specialist_id,
        specialist=log.specialist,
        team=log.team,
        customer_id=log.customer_id,
        company=log.company,
        channel=log.channel,
        at_us=log.at_us,
        claimed_ms=log.claimed_ms,
        outcome=log.outcome,
        note=log.note,
        accepted_by=log.accepted_by,
        call_id=None if call is None else f"call:{call}",
        why=words.without_call(log, unanswered) if class_ == "log_without_call" else "",
    )


def is_answered(call: CallSeen, outcome: str) -> bool:
    """Whether anybody took a call: of a dial, a machine or a mailbox too, as connected is told; our own mailbox is
    nobody."""
    return bool(call.connected) or outcome == _ANSWERED


def is_long(call: CallSeen, outcome: str, effective_ms: int) -> bool:
    """Whether a call is no short one: an effective dial, and a call the other way by the same measure. A talk that
    nobody knows proves nothing."""
    if call.dial:
        return bool(call.effective)
    return outcome == _ANSWERED and call.talk_ms is not None and call.talk_ms >= effective_ms


def customers_of(call: CallSeen, settled: Mapping[str, tuple[int, str]]) -> tuple[int, ...]:
    """Return the customers who may have been spoken with: one where the ledger knows it, else all with the number."""
    known = settled.get(call.id)
    return call.customers if known is None else (known[0],)


def _joined(
    calls: Iterable[CallSeen], logs: Iterable[LogRow], told: Told, *, answered: bool
) -> dict[int, str]:  # fmt: skip
    """Which log speaks of which call: "the nearest call of the same specialist and number within 5 minutes, one to
    one", of those that were answered, or were not. A call that is under way lasts until now."""
    written = [(log.entry_id, log.at_us, log.customer_id) for log in logs if log.channel == CALL]
    if not written:
        return {}
    outcomes, under_way, settled = told.outcomes, told.under_way, told.settled
    spans = {
        call.id: (
            call.id,
            call.started_us,
            told.now_us if call.id in under_way else call.ended_us or call.answered_us or call.started_us,
            customers_of(call, settled),
        )
        for call in calls
        if call.direction != _INTERNAL and is_answered(call, outcomes[call.id]) == answered
    }
    return join(spans.values(), written)


def _findings(theirs: Theirs, told: Told) -> _Findings:
    facts, config, person = told.facts, told.config, theirs.person
    day = replace(person, calls=theirs.calls)
    barred = {one.subject: one.evidence.words for one in do_not_call_dialled(day, facts, config)}
    away: dict[str, str] = {}
    off_shift: Collection[str] = ()
    if person.specialist_id is not None:
        away = _away(theirs, own_calls(day, facts.time_zone))
        margin_us = config.discipline.out_of_hours_minutes * MINUTE_US
        off_shift = {call.id for call in outside_shifts(theirs.calls, person.around, margin_us)}
    off_hours = {call.id for call in outside_customers(theirs.calls, facts, config.discipline.customer_hours)}
    private: dict[str, str] = {}
    if person.specialist_id is not None or person.identity_id is not None:
        judged = replace(person, calls=own_calls(person, facts.time_zone))
        private = {one.subject: one.evidence.words for one in private_call(judged, facts, config)}
    return _Findings(barred, away, off_shift, off_hours, private)


def _away(theirs: Theirs, own: Sequence[CallSeen]) -> dict[str, str]:
    """Calls made on leave or sick, each with what it was: by the attendance of the day its `own` ones, by that of the
    day before those of the rest of a shift that began then."""
    now, before = AWAY.get(theirs.person.attendance, ""), AWAY.get(theirs.before, "")
    found = dict.fromkeys((call.id for call in own), now) if now else {}
    if before and len(own) < len(theirs.calls):
        of_day = {call.id for call in own}
        found |= {call.id: before for call in theirs.calls if call.id not in of_day}
    return found


def _calls(theirs: Theirs, told: Told, log_of: Mapping[str, LogRow], words: Words) -> Iterator[AuditedCall]:
    found = _findings(theirs, told)
    facts, settled, outcomes = told.facts, told.settled, told.outcomes
    effective_ms = told.config.calls.effective_seconds * 1000
    person, team = theirs.person, theirs.team
    for call in theirs.calls:
        outcome, log, known = outcomes[call.id], log_of.get(call.id), settled.get(call.id)
        customers = call.customers if known is None else (known[0],)
        class_ = _class(call, outcome, customers, log, found, effective_ms)
        customer_id = customers[0] if len(customers) == 1 else None
        seen = None if customer_id is None else facts.customers.get(customer_id)
        company = seen.company if seen else known[1] if known else ""
        yield AuditedCall(
            id=f"call:{call.id}",
            class_=class_,
            specialist_id=person.specialist_id,
            specialist=person.name,
            team=team,
            customer_id=customer_id,
            company=company,
            number=call.number,
            direction=call.direction,
            started_us=call.started_us,
            ended_us=call.ended_us,
            talk_ms=call.talk_ms,
            outcome=outcome,
            dial=bool(call.dial),
            connected=bool(call.connected),
            effective=bool(call.effective),
            entry_id=log.entry_id if log else None,
            why=_why(class_, call, company, log, found, theirs, told, words) if class_ in _DISCREPANCIES else "",
        )


def _class(
    call: CallSeen, outcome: str, customers: Sequence[int], log: LogRow | None, found: _Findings, effective_ms: int
) -> str:
    """The first class that fits, in the order of CALL_CLASSES."""
    if call.direction == _INTERNAL:
        return "internal"
    if call.id in found.barred:
        return "do_not_call"
    if call.id in found.away and call.direction == _OUTBOUND:
        return "absent_but_calling"
    if call.id in found.off_shift or call.id in found.off_hours:
        return "out_of_hours"
    if not is_answered(call, outcome):
        return "not_connected"
    if call.number in found.private:
        return "private_candidate"
    if not customers:
        return "unknown_number"
    if len(customers) > 1:
        return "shared_number"
    if not is_long(call, outcome, effective_ms):
        return "short"
    if log is None:
        return "unlogged"
    return "duration_inflated" if inflated(log.claimed_ms, call.talk_ms) else "matched"


def _why(
    class_: str, call: CallSeen, company: str, log: LogRow | None, found: _Findings, theirs: Theirs, told: Told,
    words: Words,
) -> str:  # fmt: skip
    """Why a call is a discrepancy, in one line."""
    facts = told.facts
    if class_ == "do_not_call":
        return found.barred[call.id]
    if class_ == "absent_but_calling":
        return words.away(call, company, found.away[call.id])
    if class_ == "out_of_hours":
        if call.id in found.off_shift:
            return words.off_shift(call, company, theirs.person.shift)
        return words.off_hours(call, facts, told.config.discipline.customer_hours)
    if class_ == "private_candidate":
        return found.private[call.number]
    if class_ == "shared_number":
        return words.shared(call, facts)
    if class_ == "duration_inflated" and log is not None:
        return words.inflated(log, call)
    return words.unlogged(call, company)
