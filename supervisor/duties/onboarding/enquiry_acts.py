"""What people do with enquiries: keep one, answer it, hand who is interested to a specialist; and undoing it.

Each act works in the caller's one writing transaction, is noted with what undoes it, and says in words what was done.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import acts as acts_store
from store import customer_acts, customer_book, queue
from store import enquiries as store
from store.counting import histogram_kept
from store.enquiries import EnquiryRow
from store.matching import customers_of
from store.order_changes import new_ref
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo
from supervisor.duties.acting import note as journal
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.exchange.fields import LONGEST_NAME, LONGEST_NOTE, LONGEST_WORD, number_by
from supervisor.duties.followups import acts as followups
from supervisor.duties.followups.customers import company_key
from supervisor.duties.followups.read import window_now
from supervisor.numbers import by_library, e164

_ADD, _ANSWER, _HAND = "enquiry.add", "enquiry.answer", "enquiry.hand"
_PARTS = tuple(followups.UNDO)
"""Acts on customers: handing somebody over consists of some."""
_CLOSED = ("lost", "parked")


class Became(NamedTuple):
    """The customer that somebody who was handed over is; the acts on them, as the journal has them; whether they were
    made now; and what they were, in words."""

    customer_id: int
    parts: list[acts_store.Act]
    made: bool
    words: str


def add(
    connection: Connection,
    doer: Doer,
    company: str,
    number: str,
    channel: str,
    note: str,
    assistant: str,
    *,
    country: str = "",
) -> str:
    """Keep an enquiry that came in now. `number` is kept in E.164 where it can be told: as dialled in `country` (ISO
    3166), without which only one that begins with + can.

    RefusedError without a company, or where `number` is none.
    """
    values = {
        "ref": new_ref(connection, "enquiry", "E"),
        "at_us": doer.now_us,
        "company": followups.text(company, "the company", LONGEST_NAME),
        "number": _number(partial(by_library, country=country), number),
        "channel": followups.text(channel, "the channel", LONGEST_WORD),
        "note": followups.text(note, "the note", LONGEST_NOTE),
        "assistant": followups.text(assistant, "the assistant's name", LONGEST_WORD),
    }
    if not values["company"]:
        raise RefusedError("a company is needed")
    enquiry_id = store.add(connection, values | {"answered_by": ""})
    words = f"{values['ref']} {values['company']}: kept"
    untouched = values | {"answered_us": None, "handed_us": None}
    journal(connection, doer, _ADD, enquiry=enquiry_id, now=untouched, words=words)
    return words


def answer(connection: Connection, doer: Doer, enquiry_id: int, seen: int, assistant: str) -> str:
    """An enquiry was answered now, by `assistant` ("": whose it is, else who says so). RefusedError where it was
    answered already, or is not as it was seen (version `seen`)."""
    row = _seen(connection, enquiry_id, seen)
    if row.answered_us is not None:
        raise RefusedError(f"{row.ref} was answered by {row.answered_by or 'somebody'} already")
    values = _answered(row, doer, assistant)
    return _change(connection, doer, _ANSWER, row, values, f"answered by {values['answered_by']}")


def hand(connection: Connection, doer: Doer, config: Config, enquiry_id: int, seen: int, specialist_id: int) -> str:
    """Hand somebody interested to a specialist: they are that specialist's customer from now on, a prospect where they
    were none, open again where they were lost or parked. One that nobody answered is answered by it.

    RefusedError where it was handed already, or is not as it was seen (version `seen`); where they are a customer who
    must not be called, or is somebody else's; where several customers come into question.
    """
    row = _seen(connection, enquiry_id, seen)
    if row.handed_us is not None:
        raise RefusedError(f"{row.ref} was handed to {row.specialist or 'somebody'} already")
    whom = customer_acts.specialist(connection, specialist_id)
    if whom is None:
        raise RefusedError("there is no such specialist")
    number = _number(e164(config.floor.country), row.number)
    customer_id = _customer_of(connection, row, number)
    if customer_id is None:
        became = _new(connection, doer, row, number, specialist_id)
    else:
        became = _known(connection, doer, config, customer_id, specialist_id)
    values = _answered(row, doer, "") if row.answered_us is None else {}
    values |= {"handed_us": doer.now_us, "specialist_id": specialist_id, "customer_id": became.customer_id}
    words = f"handed to {whom}, {became.words}"
    return _change(connection, doer, _HAND, row, values, words, parts=became.parts, made=became.made)


def _customer_of(connection: Connection, row: EnquiryRow, number: str) -> int | None:
    """Whose customer's number it is, of several the one who is called so; without a number, who is called so. None:
    nobody's. RefusedError where several come into question."""
    called = customer_book.of_companies(connection, {company_key(row.company)}).get(company_key(row.company), set())
    found = customers_of(connection, [number]).get(number, set()) if number else called
    if len(found) > 1:
        found = found & called if len(found & called) == 1 else found
    if len(found) > 1:
        what = number or f"the name {row.company}"
        raise RefusedError(f"{len(found)} customers have {what}: it is not known which is meant")
    return next(iter(found), None)


def _new(connection: Connection, doer: Doer, row: EnquiryRow, number: str, owner_id: int) -> Became:
    """Make a prospect of somebody; without a number they are written down all the same."""
    if not number:
        made = customer_acts.new_customer(connection, row.company, company_key(row.company), owner_id)
        return Became(made, [], True, "a new customer without a number")
    followups.new_customer(connection, doer, number, row.company, owner_id)
    ((made,),) = customers_of(connection, [number]).values()
    return Became(made, [_last_part(connection, doer)], True, "a new customer")


def _known(connection: Connection, doer: Doer, config: Config, customer_id: int, specialist_id: int) -> Became:
    """Give a customer whom nobody has to a specialist. RefusedError where somebody else has them."""
    names = ("company", "owner_id", "taken_by", "dnc_us", "status")
    found = customer_acts.fields(connection, customer_id, names)
    assert found is not None
    company, owner_id, taken_by = found["company"], found["owner_id"], found["taken_by"]
    if found["dnc_us"] is not None:
        raise RefusedError(f"{company} is do-not-call: nobody is handed them")
    if owner_id not in (None, specialist_id):
        raise RefusedError(f"{company} is {customer_acts.specialist(connection, owner_id)}'s customer")
    if taken_by not in ("", doer.who):
        raise RefusedError(f"{taken_by} has taken {company} over")
    parts = []
    if found["status"] in _CLOSED:
        followups.reopen(connection, doer, customer_id)
        parts.append(_last_part(connection, doer))
    if owner_id is None or taken_by:
        window = window_now(queue.histogram(connection), config.followups)
        followups.hand_over(connection, doer, customer_id, specialist_id, window.last - window.first + 1)
        parts.append(_last_part(connection, doer))
    was = f"{found['status']} before" if found["status"] in _CLOSED else f"a known customer, {company}"
    return Became(customer_id, parts, False, was if parts else f"whose customer {company} is already")


def _last_part(connection: Connection, doer: Doer) -> acts_store.Act:
    act = acts_store.last_act(connection, doer.who, _PARTS)
    assert act is not None
    return act


# -- what they have in common -------------------------------------------------------------------------------------


def _number(number_of: Callable[[str], str | None], told: str) -> str:
    """A telephone number as it is compared; "" where there is none. RefusedError where it is none."""
    told = followups.text(told, "the number")
    if ";" in told:
        raise RefusedError("one number is expected")
    try:
        return number_by(number_of, told)[0] if told else ""
    except ValueError as error:
        raise RefusedError(str(error)) from None


def _seen(connection: Connection, enquiry_id: int, seen: int) -> EnquiryRow:
    """The enquiry as it is. RefusedError where there is none, or it is not as the doer saw it."""
    row = store.enquiry(connection, enquiry_id)
    if row is None:
        raise RefusedError("this enquiry does not exist any more")
    if row.version != seen:
        raise RefusedError(f"{row.ref} was changed meanwhile; look at it again, nothing was overwritten")
    return row


def _answered(row: EnquiryRow, doer: Doer, assistant: str) -> dict[str, Any]:
    """What answering changes: one that was nobody's is whoever's who answered it."""
    by = followups.text(assistant, "the assistant's name", LONGEST_WORD) or row.assistant or doer.who
    return {"answered_us": doer.now_us, "answered_by": by, "assistant": row.assistant or by}


def _change(
    connection: Connection, doer: Doer, what: str, row: EnquiryRow, values: dict[str, Any], words: str, **more: Any
) -> str:
    """Write `values`, and note what takes them back; return what was done in words."""
    was = store.columns(connection, row.enquiry_id, (*values, "handed_us"))
    store.put(connection, row.enquiry_id, values)
    now = store.columns(connection, row.enquiry_id, (*values, "handed_us"))
    words = f"{row.ref} {row.company}: {words}"
    journal(connection, doer, what, enquiry=row.enquiry_id, was=was, now=now, words=words, **more)
    return words


def _unchanged(connection: Connection, detail: dict[str, Any]) -> None:
    """RefusedError where an enquiry is not as an act left it."""
    ref = detail["words"].partition(" ")[0]
    if store.columns(connection, detail["enquiry"], detail["now"]) != detail["now"]:
        raise RefusedError(f"{ref} was changed since; nothing is undone")


def _undo_add(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    _unchanged(connection, detail)
    store.remove(connection, detail["enquiry"])
    return f"undone: {detail['words']}"


def _undo_change(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    _unchanged(connection, detail)
    store.put(connection, detail["enquiry"], detail["was"])
    return f"undone: {detail['words']}"


def _undo_hand(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    """Take back handing somebody over with all that it did to the customer. Their entries in the journal are marked as
    undone too, so that nobody undoes them by themselves."""
    words = _undo_change(connection, detail, doer)
    for id_, what, told in reversed(detail["parts"]):
        followups.UNDO[what](connection, json.loads(told), doer)
        acts_store.mark_undone(connection, id_, doer.now_us)
    if detail[
        "made"
    ]:  # the customer stays, for the ledger keeps what was taken back; it shows nowhere, and is nobody's
        customer_id = detail["now"]["customer_id"]
        with histogram_kept(connection, [customer_id]):
            customer_acts.put(connection, customer_id, {"status": "lost", "owner_id": None})
    return words


UNDO: dict[str, Undo] = {_ADD: _undo_add, _ANSWER: _undo_change, _HAND: _undo_hand}
"""What takes back what the journal says, by its kind."""
