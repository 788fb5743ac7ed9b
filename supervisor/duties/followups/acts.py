"""What a supervisor does with customers: log and plan contacts, decide past the window, settle whose call it was.

Each act works in the caller's one writing transaction, is noted with what undoes it, and says in words what was done.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from store import customer_acts as store
from store import matching
from store.contacts import HAND
from store.counting import count_anew, histogram_kept
from store.matching import NewEntry
from supervisor.calendar import date_of
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups.counting import CALL, CHANNELS
from supervisor.text import storable

LONGEST = 2_000
"""Characters of a note."""


def text(value: str, what: str, longest: int = LONGEST) -> str:
    """Return what a person typed as it is kept. RefusedError where it is too long."""
    value = " ".join(storable(value).split())
    if len(value) > longest:
        raise RefusedError(f"{what} has {len(value):,} characters, at most {longest:,} are kept")
    return value


def _name(connection: Connection, customer_id: int) -> str:
    found = store.fields(connection, customer_id, ("company", "merged_into"))
    if found is None:
        raise RefusedError("there is no such customer any more")
    if found["merged_into"] is not None:
        raise RefusedError(f"{found['company']} was merged into another customer meanwhile")
    return str(found["company"])


def _set(connection: Connection, doer: Doer, customer_id: int, what: str, **values: Any) -> None:
    """Set columns of a customer; what they were goes to the journal."""
    before = store.fields(connection, customer_id, tuple(values))
    with histogram_kept(connection, [customer_id]):
        store.put(connection, customer_id, values)
    note(connection, doer, what, customer=customer_id, before=before, now=values)


def _undo_set(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    customer_id, before, now = detail["customer"], detail["before"], detail["now"]
    name = _name(connection, customer_id)
    if store.fields(connection, customer_id, tuple(now)) != now:
        raise RefusedError(f"{name} was changed since; nothing is undone")
    with histogram_kept(connection, [customer_id]):
        store.put(connection, customer_id, before)
    if "opened_us" in before or "closed_us" in before:
        count_anew(connection, [customer_id], doer.numbers)
    return f"undone: {name} is as before"


# -- contacts -----------------------------------------------------------------------------------------------------


def log_contact(
    connection: Connection,
    doer: Doer,
    customer_id: int,
    channel: str,
    outcome: str,
    said: str,
    specialist_id: int | None,
) -> str:
    """Write a contact of now into the ledger. A visit and a reply count; a call counts by what the phones tell.

    RefusedError where `channel` is none of `CHANNELS`.
    """
    name = _name(connection, customer_id)
    if channel not in CHANNELS:
        raise RefusedError(f"{channel!r} is no way to contact somebody; one of {', '.join(CHANNELS)}")
    entry = NewEntry(
        customer_id, doer.now_us, doer.today, channel, HAND, entered_by=doer.who, specialist_id=specialist_id,
        outcome=text(outcome, "the outcome", 200), note=text(said, "the note"),
    )  # fmt: skip
    matching.append_entries(connection, [entry], doer.numbers, doer.now_us)
    note(connection, doer, "log contact", customer=customer_id, entry=store.newest_entry(connection, customer_id))
    counted = store.fields(connection, customer_id, ("contacts",))
    assert counted is not None
    proof = "; it counts when a call is behind it, or it is accepted" if channel == CALL else ""
    return f"{name}: {channel} logged, contact number {counted['contacts']}{proof}"


def _undo_log(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    name = _name(connection, detail["customer"])
    take_back(connection, [detail["entry"]], doer)
    return f"undone: the contact of {name} is taken back"


def take_back(connection: Connection, entry_ids: list[int], doer: Doer) -> None:
    """Append what takes entries of the ledger back. RefusedError where one does not stand."""
    entries = store.entries(connection, entry_ids)
    if len(entries) < len(entry_ids):
        raise RefusedError("it was taken back already")
    counters = [entry._replace(counters=id_, entered_by=doer.who) for id_, entry in entries.items()]
    matching.append_entries(connection, counters, doer.numbers, doer.now_us)


def accept(connection: Connection, doer: Doer, entry_id: int) -> str:
    """Let a written call count that no call is behind. RefusedError where it is none, or counts already."""
    entry = store.entries(connection, [entry_id]).get(entry_id)
    if entry is None or entry.origin != HAND or entry.channel != CALL:
        raise RefusedError("only a written call without a call behind it is accepted")
    if entry.accepted_by:
        raise RefusedError(f"{entry.accepted_by} accepted it already")
    take_back(connection, [entry_id], doer)
    matching.append_entries(connection, [entry._replace(accepted_by=doer.who)], doer.numbers, doer.now_us)
    now = store.newest_entry(connection, entry.customer_id)
    note(connection, doer, "accept contact", customer=entry.customer_id, entry=now)
    return f"{_name(connection, entry.customer_id)}: the logged call counts now"


def _undo_accept(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    entry = store.entries(connection, [detail["entry"]]).get(detail["entry"])
    take_back(connection, [detail["entry"]], doer)
    assert entry is not None
    matching.append_entries(connection, [entry._replace(accepted_by="")], doer.numbers, doer.now_us)
    return f"undone: the logged call of {_name(connection, entry.customer_id)} does not count"


# -- the customer -------------------------------------------------------------------------------------------------


def plan(connection: Connection, doer: Doer, customer_id: int, day: int | None, what_for: str) -> str:
    """Plan the next contact for `day` (None: none is planned). RefusedError where it is past."""
    name = _name(connection, customer_id)
    if day is not None and day < doer.today:
        raise RefusedError(f"{date_of(day)} is past")
    _set(connection, doer, customer_id, "plan contact", next_day=day, next_note=text(what_for, "the note"))
    return f"{name}: no contact is planned" if day is None else f"{name}: next contact on {date_of(day):%a %d %b %Y}"


def do_not_call(connection: Connection, doer: Doer, customer_id: int, why: str) -> str:
    """Block a customer: it shows in no queue. RefusedError without a reason."""
    name, why = _name(connection, customer_id), text(why, "the reason", 500)
    if not why:
        raise RefusedError("a reason is needed")
    _set(connection, doer, customer_id, "do not call", dnc_us=doer.now_us, dnc_why=why, dnc_by=doer.who)
    return f"{name} is do-not-call now"


def may_call(connection: Connection, doer: Doer, customer_id: int) -> str:
    """Unblock a customer."""
    name = _name(connection, customer_id)
    _set(connection, doer, customer_id, "may call", dnc_us=None, dnc_why="", dnc_by="")
    return f"{name} may be called again"


def hand_over(connection: Connection, doer: Doer, customer_id: int, specialist_id: int, span: int) -> str:
    """Make a specialist the owner. Who is past the window counts as decided for `span` further contacts."""
    name = _name(connection, customer_id)
    whom = store.specialist(connection, specialist_id)
    if whom is None:
        raise RefusedError("there is no such specialist")
    until = _decided(connection, customer_id, span)
    _set(connection, doer, customer_id, "hand over", owner_id=specialist_id, taken_by="", past_until=until)
    return f"{name} is {whom}'s now"


def take_over(connection: Connection, doer: Doer, customer_id: int, span: int) -> str:
    """Take a customer over: the supervisor looks after it. Decided for `span` further contacts."""
    name = _name(connection, customer_id)
    until = _decided(connection, customer_id, span)
    _set(connection, doer, customer_id, "take over", taken_by=doer.who, past_until=until)
    return f"{name} is yours now"


def _decided(connection: Connection, customer_id: int, span: int) -> int:
    found = store.fields(connection, customer_id, ("contacts",))
    assert found is not None
    return int(found["contacts"]) + span


def park(connection: Connection, doer: Doer, customer_id: int, window_last: int) -> str:
    """Put a customer past the window aside. RefusedError where it is not past it: nobody gives one up before."""
    name = _name(connection, customer_id)
    found = store.fields(connection, customer_id, ("contacts", "status"))
    assert found is not None
    if found["status"] not in ("prospect", "open"):
        raise RefusedError(f"{name} is {found['status']}")
    if found["contacts"] <= window_last:
        raise RefusedError(f"{name} is not past the window: {found['contacts']} of {window_last} contacts")
    _set(connection, doer, customer_id, "park", status="parked")
    return f"{name} is parked"


def reopen(connection: Connection, doer: Doer, customer_id: int) -> str:
    """Open a customer again that is parked, lost or signed. Of one that was closed the counting begins anew."""
    name = _name(connection, customer_id)
    found = store.fields(connection, customer_id, ("status",))
    assert found is not None
    if found["status"] in ("prospect", "open"):
        raise RefusedError(f"{name} is open")
    values: dict[str, Any] = {"status": "open"}
    if found["status"] != "parked":
        values |= {"opened_us": doer.now_us, "closed_us": None}
    _set(connection, doer, customer_id, "reopen", **values)
    count_anew(connection, [customer_id], doer.numbers)
    return f"{name} is open again" + ("" if found["status"] == "parked" else "; its contacts count from now on")


# -- whose call was this? -----------------------------------------------------------------------------------------


def assign_call(connection: Connection, doer: Doer, source_id: int, group_id: str, customer_id: int) -> str:
    """Say that a call to a shared number was this customer's. RefusedError where it waits no more."""
    name = _name(connection, customer_id)
    call = store.take_waiting(connection, source_id, group_id)
    if call is None:
        raise RefusedError("this call waits no more: somebody has settled it")
    entry = NewEntry(
        customer_id,
        call.started_us,
        call.day,
        CALL,
        "phone",
        call.identity_id,
        source_id,
        group_id,
        call.number,
        doer.who,
    )
    matching.append_entries(connection, [entry], doer.numbers, doer.now_us)
    note(connection, doer, "assign call", customer=customer_id, source=source_id, group=group_id)
    return f"the call was {name}'s"


def _undo_assign(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    key = detail["source"], detail["group"]
    entry = store.entry_of_call(connection, *key)
    if entry is None:
        raise RefusedError("it was taken back already")
    take_back(connection, [entry], doer)
    matching.keep_changed(connection, [key], doer.numbers, doer.now_us)
    return "undone: the call waits again"


def give_number(connection: Connection, doer: Doer, number: str, customer_id: int) -> str:
    """Say that a number nobody has is this customer's: its waiting calls become contacts."""
    name = _name(connection, customer_id)
    if not store.add_number(connection, customer_id, number):
        raise RefusedError(f"{number} is {name}'s already")
    made = matching.keep_of_numbers(connection, [number], doer.numbers, doer.now_us)
    note(connection, doer, "give number", customer=customer_id, number=number, made=False)
    return f"{number} is {name}'s now: {made} contact{'s' * (made != 1)}"


def new_customer(connection: Connection, doer: Doer, number: str, company: str, owner_id: int | None) -> str:
    """Make a customer of a number that nobody has. RefusedError without a name."""
    from supervisor.duties.followups.customers import company_key

    company = text(company, "the name", 200)
    if not company:
        raise RefusedError("a name is needed")
    customer_id = store.new_customer(connection, company, company_key(company), owner_id)
    store.add_number(connection, customer_id, number)
    made = matching.keep_of_numbers(connection, [number], doer.numbers, doer.now_us)
    note(connection, doer, "give number", customer=customer_id, number=number, made=True)
    return f"{company} is a customer now: {made} contact{'s' * (made != 1)}"


def _undo_give(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    customer_id, number = detail["customer"], detail["number"]
    name = _name(connection, customer_id)
    keys = store.calls_of(connection, customer_id, number)
    store.remove_number(connection, customer_id, number)
    matching.keep_changed(connection, keys, doer.numbers, doer.now_us)
    if detail["made"]:  # the ledger keeps what was taken back: the customer stays, and shows nowhere
        with histogram_kept(connection, [customer_id]):
            store.put(connection, customer_id, {"status": "lost"})
    return f"undone: {number} is not {name}'s"


def no_customer(connection: Connection, doer: Doer, number: str) -> str:
    """Say that a number is no customer's: nobody is asked again whose its calls were."""
    if not store.add_no_customer(connection, number, doer.who, doer.now_us):
        raise RefusedError(f"{number} is known as nobody's customer")
    note(connection, doer, "no customer", number=number)
    return f"{number} is nobody's customer"


def _undo_no_customer(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    store.remove_no_customer(connection, detail["number"])
    return f"undone: calls to {detail['number']} wait again"


UNDO: dict[str, Undo] = {
    **dict.fromkeys(("plan contact", "do not call", "may call", "hand over", "take over", "park", "reopen"), _undo_set),
    "log contact": _undo_log,
    "accept contact": _undo_accept,
    "assign call": _undo_assign,
    "give number": _undo_give,
    "no customer": _undo_no_customer,
}
