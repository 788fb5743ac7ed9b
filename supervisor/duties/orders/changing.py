"""How every act on an order is done and taken back: who saw an older order is told, and nothing is overwritten.

An order's version rises with every change, an undo included; `changed_us` and `changed_by` are the stamp of the last
act that stands. An act is taken back only where the order still bears its stamp; it then bears the one before again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from store import order_book as book
from store import order_changes as desk
from supervisor.duties.acting import Doer, note
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.orders import evidence
from supervisor.duties.orders.lines import LOST, OPEN, SIGNED
from supervisor.text import storable

LONGEST_LINE, LONGEST_TEXT = 500, 5_000
"""Characters of a text of one line; of one of several."""
BELOW_CENTS = 10**15
"""An amount is less than this, as everywhere: see supervisor.money."""


def line(text: str, what: str, *, needed: bool = True) -> str:
    """Return `text` of one line as it is kept. RefusedError where it is too long, or empty and `needed`."""
    return _checked(" ".join(storable(text).split()), what, LONGEST_LINE, needed)


def lines(text: str, what: str) -> str:
    """Return `text` of several lines as it is kept. RefusedError where it is too long."""
    return _checked(storable(text).strip(), what, LONGEST_TEXT, False)


def _checked(text: str, what: str, longest: int, needed: bool) -> str:
    if needed and not text:
        raise RefusedError(f"{what} is needed")
    if len(text) > longest:
        raise RefusedError(f"{what} has {len(text)} characters; at most {longest} are kept")
    return text


def amount(cents: int, least: int = 0) -> int:
    """Return an amount (hundredths) as it is. RefusedError where it is none."""
    if not least <= cents < BELOW_CENTS:
        raise RefusedError("an amount above 0 is expected" if cents < least else "this amount is too large")
    return cents


def ago(then_us: int, now_us: int) -> str:
    """Return in words how long ago a moment was."""
    minutes = max(0, now_us - then_us) // 60_000_000
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours, days = minutes // 60, minutes // 1440
    return f"{hours} h ago" if hours < 24 else f"{days} {'day' if days == 1 else 'days'} ago"


def seen_order(
    connection: Connection, doer: Doer, order_id: int, seen: int, statuses: Iterable[str] = (OPEN,)
) -> book.OrderRow:
    """Return the order as it is. RefusedError where there is none, where it is not as the doer saw it (version `seen`),
    or where its status is none of `statuses`."""
    order = book.order(connection, order_id)
    if order is None:
        raise RefusedError("this order does not exist any more")
    if order.version != seen:
        raise RefusedError(
            f"{order.changed_by or 'somebody'} changed {order.ref} {ago(order.changed_us, doer.now_us)}; "
            "look at it again, nothing was overwritten"
        )
    if order.status not in statuses:
        raise RefusedError(f"{order.ref} is {order.status} already")
    return order


def score_now(connection: Connection, order_id: int, now_us: int) -> int:
    """Return the evidence score of an order, a whole number as it is shown."""
    heard = (evidence.Heard(row.code, row.heard_us, row.linked) for row in book.evidence(connection, order_id))
    return int(evidence.score(heard, now_us))


def change(
    connection: Connection,
    doer: Doer,
    order: book.OrderRow,
    what: str,
    words: str,
    values: Mapping[str, Any] | None = None,
    *,
    added: tuple[str, int] | None = None,
    withdrawn: int | None = None,
    customer: desk.CustomerState | None = None,
) -> str:
    """Write `values` into an order, stamp it, and note in the journal what takes that back; return `words`.

    `added`: table and key of the row that the act made. `withdrawn`: the evidence that it took back. `customer`: the
    state that it gives to the order's customer.
    """
    told = dict(values or {}) | {"changed_us": doer.now_us, "changed_by": doer.who}
    before = desk.columns(connection, order.order_id, tuple(told))
    desk.put(connection, order.order_id, told)
    if withdrawn is not None:
        desk.withdraw(connection, withdrawn, doer.now_us)
    words = f"{order.ref} {order.company}: {words}"
    detail = {"order": order.order_id, "was": before, "added": added, "withdrawn": withdrawn, "words": words}
    if customer is not None:
        detail["customer"] = put_customer(connection, doer, order.customer_id, customer)
    note(connection, doer, what, stamp=doer.now_us, **detail)
    return words


def put_customer(
    connection: Connection, doer: Doer, customer_id: int, state: desk.CustomerState
) -> dict[str, Any] | None:
    """Give a customer `state`; return what takes that back, None where it was so already."""
    found = desk.customer_of(connection, customer_id)
    if found is None or found[2] == state:
        return None
    desk.put_customer(connection, found[0], state, doer.numbers)
    return {"id": found[0], "was": found[2], "now": state}


def undo_change(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    """Take an act on an order back, exactly. RefusedError where somebody changed the order or its customer since."""
    order = unchanged(connection, detail, doer)
    undo_customer(connection, detail, order, doer)
    desk.put(connection, order.order_id, detail["was"])
    if detail["added"] is not None:
        table, key = detail["added"]
        desk.remove(connection, table, key)
    if detail["withdrawn"] is not None:
        desk.withdraw(connection, detail["withdrawn"], None)
    return f"undone: {detail['words']}"


def unchanged(connection: Connection, detail: dict[str, Any], doer: Doer) -> book.OrderRow:
    """Return the order of an act; RefusedError where the act is not the last one that stands."""
    order = book.order(connection, detail["order"])
    if order is None:
        raise RefusedError("this order does not exist any more")
    if (order.changed_us, order.changed_by) != (detail["stamp"], doer.who):
        raise RefusedError(
            f"{order.changed_by or 'somebody'} changed {order.ref} {ago(order.changed_us, doer.now_us)}, after you: "
            "it cannot be undone"
        )
    return order


def undo_customer(connection: Connection, detail: dict[str, Any], order: book.OrderRow, doer: Doer) -> None:
    """Give the customer of an act's order the state back that they had, where the act changed it.

    RefusedError where they have another one now than the act gave them, where another order was signed since, or where
    the order would be open again with a customer who was lost since.
    """
    moved, found = detail.get("customer"), desk.customer_of(connection, order.customer_id)
    assert found is not None
    customer_id, company, state = found
    if moved is None:
        if state.status == LOST and order.status != OPEN and detail["was"].get("status") == OPEN:
            raise RefusedError(f"{company} is lost since: it cannot be undone")
        return
    if customer_id != moved["id"] or state != desk.CustomerState(*moved["now"]):
        raise RefusedError(f"{company} was changed since: it cannot be undone")
    if state.status == SIGNED and desk.signed_since(connection, customer_id, order.order_id, detail["stamp"]):
        raise RefusedError(f"another order of {company} was signed since: it cannot be undone before that one")
    desk.put_customer(connection, customer_id, desk.CustomerState(*moved["was"]), doer.numbers)
