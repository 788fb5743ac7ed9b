"""Customers that are one and the same: joined by a person, or said to be two, and both undone.

Joining changes nothing in the ledger: entries, numbers and orders stay where they are and are read as the other one's,
so that it can be taken back.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import Connection

from store import doubles as store
from store import matching
from store.contact_book import newest
from store.counting import count_anew, histogram_kept
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups.queue import TIERS as TIERS

STATUSES = ("prospect", "open", "signed", "lost", "parked")
CLOSED = ("signed", "lost")
"""A customer that is so is no longer to be won: its contacts count until then."""

_MERGE, _DISTINCT = "merge customers", "distinct customers"


def company_key(company: str) -> str:
    """Return a company's name as names are compared: compatible characters alike (NFKC), case folded, blanks
    squeezed."""
    if not company.isascii():
        company = unicodedata.normalize("NFKC", company)
    return " ".join(company.casefold().split())


def merge(connection: Connection, doer: Doer, one_id: int, into_id: int) -> str:
    """Join a customer, and those joined with it before, to another one: what is theirs is the other one's from now on.
    Calls that waited because both have the number are its contacts. Where one of them is do-not-call, so is the other.

    RefusedError where one of them is another one's double already, or both are the same.
    """
    one, into = _two(connection, one_id, into_id)
    before = store.family(connection, one_id)
    after = newest(connection)
    blocks = one.dnc_us is not None and into.dnc_us is None
    with histogram_kept(connection, [one_id, into_id]):
        store.put_merged_into(connection, dict.fromkeys(before, into_id))
        if blocks:
            store.put_do_not_call(connection, into_id, one.dnc_us, one.dnc_why, one.dnc_by)
    _count(connection, doer, [into_id], store.numbers_of(connection, store.family(connection, into_id)))
    detail = {"one": one_id, "into": into_id, "before": list(before.items()), "after": after, "blocks": blocks}
    note(connection, doer, _MERGE, **detail)
    return f"{one.company} ({one.ref}) is {into.company} ({into.ref}) now" + (", do-not-call" if blocks else "")


def _undo_merge(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    one_id, into_id = detail["one"], detail["into"]
    before = dict(detail["before"])
    if any(root != into_id for root in store.merged_into(connection, before).values()):
        raise RefusedError("they were merged on since; nothing is undone")
    numbers = store.numbers_of(connection, store.family(connection, into_id))
    found = store.named(connection, [one_id, into_id])
    one, into = found[one_id], found[into_id]
    with histogram_kept(connection, [one_id, into_id]):
        store.put_merged_into(connection, before)
        if detail["blocks"] and into.dnc_us == one.dnc_us:
            store.put_do_not_call(connection, into_id, None, "", "")
    store.wait_again(connection, into_id, detail["after"], numbers, doer.numbers, doer.now_us)
    _count(connection, doer, [one_id, into_id], numbers)
    return f"undone: {one.company} ({one.ref}) and {into.company} ({into.ref}) are two"


def _count(connection: Connection, doer: Doer, customers: list[int], numbers: set[str]) -> None:
    """Count anew, and bring calls to `numbers` to whom they now belong."""
    count_anew(connection, customers, doer.numbers)
    matching.keep_of_numbers(connection, numbers, doer.numbers, doer.now_us)


def distinct(connection: Connection, doer: Doer, one_id: int, other_id: int) -> str:
    """Say that two customers are two, though they look like one. RefusedError as `merge`, or where that is known."""
    one, other = _two(connection, one_id, other_id)
    if not store.add_distinct(connection, one_id, other_id):
        raise RefusedError(f"{one.ref} and {other.ref} are known as two")
    note(connection, doer, _DISTINCT, one=one_id, other=other_id)
    return f"{one.company} ({one.ref}) and {other.company} ({other.ref}) are two"


def _undo_distinct(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    if not store.remove_distinct(connection, detail["one"], detail["other"]):
        raise RefusedError("it was taken back already")
    return "undone: they may be one"


def _two(connection: Connection, one_id: int, other_id: int) -> tuple[store.Named, store.Named]:
    if one_id == other_id:
        raise RefusedError("that is one and the same customer")
    found = store.named(connection, [one_id, other_id])
    for id_ in (one_id, other_id):
        if id_ not in found:
            raise RefusedError("there is no such customer any more")
        root = found[id_].merged_into
        if root is not None:
            into = store.named(connection, [root])[root]
            raise RefusedError(f"{found[id_].ref} was merged into {into.ref}; name that one")
    return found[one_id], found[other_id]


UNDO: dict[str, Undo] = {_MERGE: _undo_merge, _DISTINCT: _undo_distinct}
