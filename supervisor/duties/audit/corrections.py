"""Ways to put right what an audit found: what is wrong in the books is corrected there, by the acts of their duties.

Each way says what it does, whether it is one for this very discrepancy, and does it in the caller's one writing
transaction. What it does is noted in the journal as acts of its own; `acts.correct` has them taken back together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from store import audit_acts as store
from store import customer_acts, customer_book, evaluation, flag_acts, matching
from store.contacts import HAND
from store.matching import NewEntry
from supervisor.calendar import Span
from supervisor.cells import minute_of
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.audit.snapshots import AuditedCall, AuditedLog, Correction, Discrepancy
from supervisor.duties.calls.floor import PRESENT, calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.attendance import attend
from supervisor.duties.discipline.day import shifts_of
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.rules.out_of_hours import outside_shifts
from supervisor.duties.discipline.rules.working import MINUTE_US
from supervisor.duties.discipline.seen import CallSeen
from supervisor.duties.followups import acts as followups
from supervisor.duties.followups.counting import CALL
from supervisor.duties.followups.customers import company_key

_LOG, _DURATION = "audit.log", "audit.duration"
_SPLITS = "-–"
T = TypeVar("T")


class At(NamedTuple):
    """What a way works on: a discrepancy of a day, by a configuration."""

    config: Config
    day: int
    found: Discrepancy


class _Way(NamedTuple):
    """`possible`: "" where it can be done, else why not. `do`: with what it needs to be told; what was done, in
    words."""

    correction: Correction
    possible: Callable[[Connection, At], str]
    do: Callable[[Connection, Doer, At, str], str]


def ways(connection: Connection, at: At) -> tuple[Correction, ...]:
    """Return the ways in which a discrepancy can be corrected, the likeliest first; none where nothing in the books
    would put it right."""
    return tuple(way.correction for way in _WAYS[at.found.class_] if not way.possible(connection, at))


def make(connection: Connection, doer: Doer, at: At, code: str, value: str) -> str:
    """Correct a discrepancy in the way `code`, with what that needs to be told; return in words what was done.

    RefusedError where that is no way for it, or `value` is not what it needs.
    """
    known = {way.correction.code: way for way in _WAYS[at.found.class_]}
    if code not in known:
        kind = at.found.class_.replace("_", " ")
        raise RefusedError(f"{code!r} does not correct what is {kind}; one of {', '.join(known)}")
    if why := known[code].possible(connection, at):
        raise RefusedError(why)
    return known[code].do(connection, doer, at, value)


# -- calls and logs -----------------------------------------------------------------------------------------------


def _call(at: At) -> AuditedCall:
    return _there(at.found.call, "this call is not there any more")


def _log(at: At) -> AuditedLog:
    return _there(at.found.log, "this log is not there any more")


def _there(value: T | None, why: str) -> T:
    if value is None:
        raise RefusedError(why)
    return value


def _always(_: Connection, __: At) -> str:
    return ""


def _has_specialist(_: Connection, at: At) -> str:
    return "" if at.found.specialist_id is not None else f"nobody knows whose phone {at.found.specialist} is: adopt it"


def _waits(connection: Connection, at: At) -> str:
    if _call(at).effective:
        return ""
    return "a call that was not effective is no contact of anybody: there is nothing to assign"


def _assign(connection: Connection, doer: Doer, at: At, value: str) -> str:
    """The call was with one of the customers who share its number."""
    call, customer_id = _call(at), _customer(connection, value)
    owners = {one.customer_id: one.company for one in evaluation.owners(connection, {call.number})}
    if customer_id not in owners:
        raise RefusedError(f"{call.number} is not that customer's; it is {_names(owners.values())}'s")
    source, _, group = call.id.removeprefix("call:").partition(":")
    source_id = _there(store.source_id(connection, source), f"there is no source {source} any more")
    return followups.assign_call(connection, doer, source_id, group, customer_id)


def _names(companies: Any) -> str:
    return " or ".join(sorted(companies)) or "nobody"


def _customer(connection: Connection, told: str) -> int:
    """The customer that a person names: by reference, by the whole name of the company, or as "id:" and the store's
    id."""
    told = told.strip()
    if not told:
        raise RefusedError("a customer is needed")
    if told.startswith("id:") and told[3:].isascii() and told[3:].isdecimal() and len(told) < 18:
        known = customer_acts.fields(connection, int(told[3:]), ("id",))
        return int(_there(known, "there is no such customer any more")["id"])
    found = customer_acts.of_ref(connection, told)
    if found is not None:
        return found
    key = company_key(told)
    named = customer_book.of_companies(connection, {key}).get(key, set())
    if len(named) > 1:
        raise RefusedError(f"{len(named)} customers are called {told}: name one by the reference")
    if named:
        return named.pop()
    raise RefusedError(f"{told!r} is no customer; name one by reference or by the company")


def _can_be_logged(connection: Connection, at: At) -> str:
    if why := _has_specialist(connection, at):
        return why
    return "" if _call(at).customer_id is not None else "nobody knows whose customer this call was with"


def _write_log(connection: Connection, doer: Doer, at: At, value: str) -> str:
    """Write the log that is missing: of the call, in the specialist's name, claiming what was talked."""
    call = _call(at)
    assert call.customer_id is not None
    entry = NewEntry(
        call.customer_id, call.started_us, at.day, CALL, HAND, entered_by=doer.who, specialist_id=call.specialist_id,
        note=followups.text(value, "the note"), claimed_ms=call.talk_ms,
    )  # fmt: skip
    matching.append_entries(connection, [entry], doer.numbers, doer.now_us)
    written = customer_acts.newest_entry(connection, call.customer_id)
    note(connection, doer, _LOG, entry=written)
    return f"{call.company}: the missing log is written"


def _undo_log(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    followups.take_back(connection, [detail["entry"]], doer)
    return "undone: the log is taken back"


def _has_log(_: Connection, at: At) -> str:
    return "" if _call(at).entry_id is not None and _call(at).talk_ms is not None else "nobody knows the true duration"


def _true_duration(connection: Connection, doer: Doer, at: At, _: str) -> str:
    """Write the log again, claiming what was talked; the one before is taken back, for nothing in the ledger is
    changed."""
    call = _call(at)
    assert call.entry_id is not None and call.talk_ms is not None
    entry = _there(
        customer_acts.entries(connection, [call.entry_id]).get(call.entry_id), "this log was taken back meanwhile"
    )
    written = _rewrite(connection, doer, call.entry_id, entry._replace(claimed_ms=call.talk_ms, entered_by=doer.who))
    was = {"claimed_ms": entry.claimed_ms, "entered_by": entry.entered_by}
    note(connection, doer, _DURATION, entry=written, was=was)
    return f"{call.company}: the log claims what was talked now"


def _rewrite(connection: Connection, doer: Doer, entry_id: int, entry: NewEntry) -> int:
    followups.take_back(connection, [entry_id], doer)
    matching.append_entries(connection, [entry], doer.numbers, doer.now_us)
    return customer_acts.newest_entry(connection, entry.customer_id)


def _undo_duration(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    entry_id = detail["entry"]
    entry = _there(customer_acts.entries(connection, [entry_id]).get(entry_id), "this log was taken back already")
    _rewrite(connection, doer, entry_id, entry._replace(**detail["was"]))
    return "undone: the log claims what it did"


def _let_count(connection: Connection, doer: Doer, at: At, _: str) -> str:
    return followups.accept(connection, doer, _log(at).entry_id)


# -- attendance ---------------------------------------------------------------------------------------------------


def _were_present(connection: Connection, doer: Doer, at: At, _: str) -> str:
    """They were there on the day whose shift the call is of: past midnight that may be the day before."""
    assert at.found.specialist_id is not None
    before = back(at.day, 1)
    begins_us = calendar_of(at.config.floor).bounds(at.day)[0]
    spans = _around(connection, at, at.found.specialist_id)
    of_before = any(begin < begins_us and _call(at).started_us < end for begin, end in spans)
    return attend(connection, doer, at.config, at.found.specialist_id, before if of_before else at.day, PRESENT)


def _around(connection: Connection, at: At, specialist_id: int) -> tuple[Span, ...]:
    """Begin and end of their shifts around the day: see seen.PersonDay."""
    attendance = evaluation.attendance(connection, back(at.day, 1), back(at.day, -1))
    return shifts_of(at.config, at.day, attendance).around(specialist_id)


def _outside_own_hours(connection: Connection, at: At) -> str:
    """Whether the call lies outside of every shift of theirs: own hours change nothing about customers' hours."""
    if why := _has_specialist(connection, at):
        return why
    assert at.found.specialist_id is not None
    if _is_outside(at, _around(connection, at, at.found.specialist_id)):
        return ""
    return "it lies within the shift, but outside of the customer's hours: other hours of the shift change nothing"


def _is_outside(at: At, around: tuple[Span, ...]) -> bool:
    call = _call(at)
    seen = CallSeen(
        call.id, None, call.direction, call.number, call.started_us, None, call.ended_us, call.talk_ms, call.dial,
        call.connected, call.effective,
    )  # fmt: skip
    return bool(outside_shifts([seen], around, at.config.discipline.out_of_hours_minutes * MINUTE_US))


def _own_hours(connection: Connection, doer: Doer, at: At, value: str) -> str:
    """Say from when until when they worked: on that day, or where the call is of the night, on the day before.
    RefusedError where the call lies outside of that too."""
    assert at.found.specialist_id is not None
    start, end = _hours(value)
    for day in (at.day, back(at.day, 1)):
        shift = calendar_of(at.config.floor).shift(day, start, end)
        if shift and not _is_outside(at, ((shift[0][0], shift[-1][1]),)):
            before = flag_acts.attendance(connection, at.found.specialist_id, day)
            status = before[0] if before else PRESENT
            return attend(connection, doer, at.config, at.found.specialist_id, day, status, start, end)
    raise RefusedError(f"the call does not lie within {value.strip()}: name hours that hold it")


def _hours(value: str) -> tuple[int | None, int | None]:
    """The minutes since midnight that "07:30-18:00" names; a side that is empty is the floor's."""
    split = next((mark for mark in _SPLITS if mark in value), None)
    try:
        if split is None or not value.strip(f" {_SPLITS}"):
            raise ValueError
        begin, _, until = value.partition(split)
        return minute_of(begin), minute_of(until)
    except ValueError:
        raise RefusedError(f"{value.strip()[:40]!r} is no hours; write HH:MM-HH:MM") from None


# -- customers ----------------------------------------------------------------------------------------------------


def _has_number(_: Connection, at: At) -> str:
    return "" if _call(at).number else "the call has no number"


def _give_number(connection: Connection, doer: Doer, at: At, value: str) -> str:
    return followups.give_number(connection, doer, _call(at).number, _customer(connection, value))


def _new_customer(connection: Connection, doer: Doer, at: At, value: str) -> str:
    return followups.new_customer(connection, doer, _call(at).number, value, at.found.specialist_id)


def _barred(connection: Connection, at: At) -> dict[int, str]:
    """Those whose number it is and who were not to be called when the call began."""
    call = _call(at)
    owners = evaluation.owners(connection, {call.number})
    return {one.customer_id: one.company for one in owners if one.dnc_us is not None and one.dnc_us <= call.started_us}


def _is_barred(connection: Connection, at: At) -> str:
    return "" if _barred(connection, at) else "nobody of this number is do-not-call any more"


def _may_call(connection: Connection, doer: Doer, at: At, _: str) -> str:
    """Whoever of that number was not to be called may be called from now on: it shows in the queues again."""
    barred = _barred(connection, at)
    for customer_id in barred:
        followups.may_call(connection, doer, customer_id)
    return f"{' and '.join(barred.values())} MAY BE CALLED AGAIN, by everybody, from now on"


_WAYS: dict[str, tuple[_Way, ...]] = {
    "do_not_call": (
        _Way(Correction("may_call", "it may be called again, by everybody, from now on", ""), _is_barred, _may_call),
    ),
    "absent_but_calling": (
        _Way(Correction("present", "they were present that day", ""), _has_specialist, _were_present),
    ),
    "out_of_hours": (
        _Way(Correction("hours", "these were their own hours that day", "hours"), _outside_own_hours, _own_hours),
    ),
    "private_candidate": (
        _Way(Correction("customer", "the number is a customer's", "customer"), _has_number, _give_number),
        _Way(Correction("new_customer", "the number is a new customer's", "company"), _has_number, _new_customer),
    ),
    "shared_number": (_Way(Correction("assign", "it was this customer's call", "customer"), _waits, _assign),),
    "duration_inflated": (
        _Way(Correction("duration", "write the true duration into the log", ""), _has_log, _true_duration),
    ),
    "unlogged": (
        _Way(Correction("log", "write the missing log", ""), _can_be_logged, _write_log),
        _Way(Correction("log_note", "write the missing log, with a note", "note"), _can_be_logged, _write_log),
    ),
    "log_without_call": (_Way(Correction("count", "let it count without a call", ""), _always, _let_count),),
}
"""The ways by class, the likeliest first."""

PARTS_UNDO: dict[str, Undo] = {_LOG: _undo_log, _DURATION: _undo_duration}
"""What takes back the parts that are no other duty's acts; a correction alone consists of them."""
