"""How contacts are counted: the rule behind a customer's contact number."""

from __future__ import annotations

from collections.abc import Sequence

from store.contacts import PHONE, Bounds, Entry, Numbers, Tail

CALL, VISIT, REPLY = "call", "visit", "reply"
CHANNELS = (CALL, VISIT, REPLY)
"""How a customer is touched: by telephone, in person, or by a reply in writing."""


def proved(entry: Entry, first_call_us: int | None) -> bool:
    """Whether an entry is a touch that happened, as far as the floor can know.

    What the phones tell did. A visit or a reply did when it is entered. A written call did where a supervisor accepted
    it, or where it is history: dated before the floor's first call record, when no phone could have told. A written
    call with a call behind it adds nothing: the call itself is an entry.
    """
    if entry.origin == PHONE or entry.channel != CALL or entry.accepted:
        return True
    return first_call_us is None or entry.at_us < first_call_us


def counting(per_day: int) -> Numbers:
    """Return the rule by which entries are numbered: those that are proved, from the opening of the customer until it
    is closed, and of one local day the first `per_day` alone, so that redialling does not inflate the number."""

    def numbers(tail: Tail, entries: Sequence[Entry], bounds: Bounds) -> tuple[list[int | None], Tail]:
        contacts, last_us, last_day, on_last_day = tail
        told: list[int | None] = []
        for entry in entries:
            if not proved(entry, bounds.first_call_us):
                told.append(None)
                continue
            last_us = max(last_us, entry.at_us)
            counted = on_last_day if entry.day == last_day else 0
            open_then = entry.at_us >= bounds.opened_us and (bounds.closed_us is None or entry.at_us < bounds.closed_us)
            if not open_then or counted >= per_day:
                told.append(None)
                continue
            contacts, last_day, on_last_day = contacts + 1, entry.day, counted + 1
            told.append(contacts)
        return told, Tail(contacts, last_us, last_day, on_last_day)

    return numbers
