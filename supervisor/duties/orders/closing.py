"""Orders made, signed and lost, and money that came in: the acts that move the order's customer too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from store import order_book as book
from store import order_changes as desk
from supervisor.calendar import day_text
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.onboarding.starting import Paid, start, take_back
from supervisor.duties.orders import changing
from supervisor.duties.orders.changing import (
    change,
    line,
    lines,
    put_customer,
    score_now,
    seen_order,
    unchanged,
    undo_change,
    undo_customer,
)
from supervisor.duties.orders.lines import LOST, OPEN, SIGNED
from supervisor.money import shown

_REOPENED = frozenset({"lost", "parked"})
"""A customer of whom nothing was expected any more is open again with a new order."""


def create(
    connection: Connection,
    doer: Doer,
    customer_id: int,
    specialist_id: int | None,
    package: str,
    amount_cents: int,
    stage: str,
) -> str:
    """Open an order with a customer (of one who was merged: with whom they were merged into). One who was lost or
    parked is open again; who signed before stays so."""
    found = desk.customer_of(connection, customer_id)
    if found is None:
        raise RefusedError("there is no such customer")
    root, company, state = found
    if specialist_id is not None and desk.specialist_name(connection, specialist_id) is None:
        raise RefusedError("there is no such specialist")
    ref = desk.new_ref(connection, "sales_order", "O")
    values = {
        "ref": ref,
        "customer_id": root,
        "specialist_id": specialist_id,
        "package": line(package, "a package"),
        "amount_cents": changing.amount(amount_cents),
        "stage": line(stage, "a stage"),
        "status": OPEN,
        "opened_day": doer.today,
        "closed_score": 0,
        "closed_why": "",
        "next_step": "",
        "version": 1,
        "changed_us": doer.now_us,
        "changed_by": doer.who,
    }
    order_id = desk.insert_order(connection, values)
    detail: dict[str, Any] = {"order": order_id, "stamp": doer.now_us, "was": {}}
    if state.status in _REOPENED:
        detail["customer"] = put_customer(connection, doer, root, desk.CustomerState(OPEN, state.closed_us))
    words = f"{ref} {company}: a new order, {values['package']}, {shown(amount_cents)}"
    note(connection, doer, "order.create", words=words, **detail)
    return words


def _undo_create(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    order = unchanged(connection, detail, doer)
    undo_customer(connection, detail, order, doer)
    if not desk.remove_order(connection, order.order_id):
        raise RefusedError(f"something is known of {order.ref} already: it cannot be undone")
    return f"undone: {detail['words']}"


def sign(
    connection: Connection,
    doer: Doer,
    order_id: int,
    seen: int,
    signed_day: int,
    amount_cents: int,
    clauses: str = "",
    approved_by: str = "",
) -> str:
    """Sign an order: keep its contract, and the score it had.

    Its customer is signed from now on, and what is contacted later is not counted; other open orders stay open.
    RefusedError where the contract is of a day to come, or has clauses of its own that nobody approved.
    """
    order = seen_order(connection, doer, order_id, seen)
    if signed_day > doer.today:
        raise RefusedError(f"{day_text(signed_day)} is still to come; nothing is signed before its day")
    values = {
        "order_id": order_id,
        "signed_day": signed_day,
        "amount_cents": changing.amount(amount_cents),
        "clauses": lines(clauses, "the clauses"),
        "approved_by": line(approved_by, "who approved it", needed=False),
        "who": doer.who,
        "entered_us": doer.now_us,
    }
    if values["clauses"] and not values["approved_by"]:
        raise RefusedError("the contract has clauses of its own: they need an approval, say whose")
    found = desk.customer_of(connection, order.customer_id)
    assert found is not None
    state = found[2] if found[2].status == SIGNED else desk.CustomerState(SIGNED, doer.now_us)
    key = desk.add(connection, "contract", values)
    score = score_now(connection, order_id, doer.now_us)
    told = {"status": SIGNED, "closed_day": signed_day, "closed_score": score}
    words = f"signed on {day_text(signed_day)}, {shown(amount_cents)}"
    return change(connection, doer, order, "order.sign", words, told, added=("contract", key), customer=state)


def lose(connection: Connection, doer: Doer, order_id: int, seen: int, why: str) -> str:
    """Close an order that will not be signed, with the score it had. Its customer is lost too where no other order of
    theirs is open or signed, and they signed nothing before."""
    order = seen_order(connection, doer, order_id, seen)
    why = line(why, "why it is lost")
    found = desk.customer_of(connection, order.customer_id)
    assert found is not None
    others = desk.others(connection, order.customer_id, order_id)
    state = found[2]
    if state.status != SIGNED and not others.get(OPEN) and not others.get(SIGNED):
        state = desk.CustomerState(LOST, state.closed_us)
    score = score_now(connection, order_id, doer.now_us)
    told = {"status": LOST, "closed_day": doer.today, "closed_score": score, "closed_why": why}
    words = f"lost, {why}" + ("; the customer is lost too" if state != found[2] else "")
    return change(connection, doer, order, "order.lose", words, told, customer=state)


def pay(
    connection: Connection,
    doer: Doer,
    amount_cents: int,
    day: int,
    *,
    order_id: int | None = None,
    seen: int | None = None,
    customer_id: int | None = None,
    package: str = "",
    config: Config | None = None,
) -> str:
    """Keep a payment: for an order (with the version `seen`), whatever its status, or of a customer for a `package`.

    It starts what is owed to the customer by the rules of `config`; without them nothing is started.
    """
    if day > doer.today:
        raise RefusedError(f"{day_text(day)} is still to come; a payment is kept when it is there")
    order: book.OrderRow | None = None
    if order_id is not None:
        order = seen_order(connection, doer, order_id, seen or 0, (OPEN, SIGNED, LOST))
        customer_id = order.customer_id
    found = None if customer_id is None else desk.customer_of(connection, customer_id)
    if found is None:
        raise RefusedError("there is no such customer")
    ref = desk.new_ref(connection, "payment", "P")
    values = {
        "ref": ref,
        "customer_id": found[0],
        "order_id": order_id,
        "package": order.package if order else line(package, "a package", needed=False),
        "amount_cents": changing.amount(amount_cents, 1),
        "paid_day": day,
        "who": doer.who,
        "entered_us": doer.now_us,
    }
    key = desk.add(connection, "payment", values)
    words = f"{shown(amount_cents)} paid on {day_text(day)}"
    paid = Paid(key, order_id, str(values["package"]), day)
    if config is not None and start(connection, doer, config, [paid]):
        words += "; the onboarding is begun"
    if order is not None:
        return change(connection, doer, order, "order.pay", words, added=("payment", key))
    words = f"{found[1]}: {words}"
    note(connection, doer, "order.pay", payment=key, words=words)
    return words


def _undo_pay(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    if "payment" not in detail:
        unchanged(connection, detail, doer)
        take_back(connection, detail["added"][1])
        return undo_change(connection, detail, doer)
    take_back(connection, detail["payment"])
    if not desk.remove(connection, "payment", detail["payment"]):
        raise RefusedError("this payment does not exist any more")
    return f"undone: {detail['words']}"


CLOSING_UNDO: dict[str, Undo] = {
    "order.create": _undo_create,
    "order.sign": undo_change,
    "order.lose": undo_change,
    "order.pay": _undo_pay,
}
