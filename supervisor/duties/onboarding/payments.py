"""A payment that a person records: it is kept with the order it belongs to, and starts what is owed to the customer."""

from __future__ import annotations

from sqlalchemy import Connection

from store import order_book, sales_book
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.exchange.payments import order_of
from supervisor.duties.orders.closing import pay
from supervisor.money import cents_of


def record(
    connection: Connection, doer: Doer, config: Config, customer_id: int, amount: str, day: int, package: str = ""
) -> str:
    """Keep a payment of a customer, received on `day`, and start the onboarding by the rule of `starting`.

    It is of the one signed order with this package ("": of the only one), else of the one order with it, else of none.
    RefusedError where the amount is none, or the day is still to come.
    """
    try:
        cents = cents_of(amount, config.orders.currency)
    except ValueError as error:
        raise RefusedError(f"the amount: {error}") from None
    order_id = order_of(package, sales_book.orders(connection, (), [customer_id]))
    order = None if order_id is None else order_book.order(connection, order_id)
    if order is None:
        return pay(connection, doer, cents, day, customer_id=customer_id, package=package, config=config)
    return pay(connection, doer, cents, day, order_id=order.order_id, seen=order.version, config=config)
