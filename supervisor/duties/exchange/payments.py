"""Payments in tables: their columns, reading a row, writing many, and listing them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import onboarding_changes
from store import sales_book as book
from store.sales_book import ORDER, PAYMENT, Kept
from supervisor.cells import Cell
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.fields import Line, shown
from supervisor.duties.exchange.sales import Sales
from supervisor.duties.exchange.whose import Whose
from supervisor.duties.onboarding.starting import Paid, start
from supervisor.money import cents_of, exact

FIELDS = (("customer", "package", "amount", "paid"), ("ref",))
"""Required and optional fields."""
TOLD = ("company",)
"""Columns that are brought out and not in."""
ALSO = {
    "customer": ("company", "kunde", "firma", "kundennummer"),
    "package": ("product", "paket", "produkt"),
    "amount": ("value", "sum", "betrag", "summe"),
    "paid": ("date", "paid on", "datum", "bezahlt"),
    "ref": ("reference", "payment", "payment number", "belegnummer"),
}
"""Other names of columns."""

REF, ORDER_ID, PACKAGE, AMOUNT, PAID = range(len(PAYMENT))
_ORDER_PACKAGE, _ORDER_STATUS = ORDER.index("package"), ORDER.index("status")


class PaymentIn(NamedTuple):
    """A row of a table."""

    customer: str
    ref: str
    package: str
    cents: int
    day: int


class Payments(Sales[PaymentIn]):
    """Brings payments in: `read` a row, `put` many. One for a table; of what it told already is remembered."""

    noun = "payments"
    table = "payment"
    columns = PAYMENT

    def read(self, cells: Mapping[str, Cell]) -> PaymentIn:
        """Read a row. ValueError in words where it cannot be one."""
        customer = fields.customer(cells["customer"])
        cents = cents_of(cells["amount"], self._terms.currency)
        day = fields.day(cells["paid"])
        if day is None:
            raise ValueError("no day on which it was paid; write YYYY-MM-DD")
        package = fields.line(cells["package"], "package", fields.LONGEST_NAME)
        return PaymentIn(customer, fields.ref(cells["ref"]) if "ref" in cells else "", package, cents, day)

    def kept(self, connection: Connection, refs: Collection[str], roots: Collection[int]) -> list[Kept]:
        self._orders: dict[int, list[Kept]] = defaultdict(list)
        for order in book.orders(connection, (), roots):
            self._orders[order.root].append(order)
        return book.payments(connection, refs, roots)

    def told(self, whose: Whose, root: int, row: PaymentIn) -> dict[int, Any]:
        told = {PACKAGE: row.package, AMOUNT: row.cents, PAID: row.day}
        order = order_of(row.package, self._orders[root])
        return told if order is None else told | {ORDER_ID: order}

    def is_same(self, row: PaymentIn, values: Sequence[Any]) -> bool:
        """Package, amount and day tell a payment."""
        return _alike(row.package, values[PACKAGE]) and (row.cents, row.day) == (values[AMOUNT], values[PAID])

    def new(self, told: Mapping[int, Any]) -> list[Any]:
        values: list[Any] = ["", None, "", 0, 0]
        for place, value in told.items():
            values[place] = value
        return values

    def settle(self, values: Sequence[Any], changes: dict[int, Any]) -> dict[int, Any]:
        """A payment that belongs to an order already stays there."""
        if values[ORDER_ID] is not None:
            changes.pop(ORDER_ID, None)
        return changes

    def write(
        self,
        connection: Connection,
        new: Sequence[tuple[int, int, Sequence[Any]]],
        changed: Sequence[tuple[int, Sequence[Any]]],
    ) -> None:
        """What is new starts what is owed to its customer."""
        book.update_payments(connection, changed)
        onboarding_changes.of_orders(
            connection, [(values[ORDER_ID], id_) for id_, values in changed if values[ORDER_ID] is not None]
        )
        book.insert_payments(connection, new, self._terms.doer.who, self._terms.doer.now_us)
        paid = (Paid(id_, values[ORDER_ID], values[PACKAGE], values[PAID]) for id_, _, values in new)
        start(connection, self._terms.doer, self._terms.config, paid)


def order_of(package: str, orders: Sequence[Kept]) -> int | None:
    """Return which of a customer's `orders` a payment for `package` ("": it says none) belongs to: the one signed order
    with it, else the one order with it; None where there is none or more than one."""
    alike = [order for order in orders if not package or _alike(package, order.values[_ORDER_PACKAGE])]
    signed = [order for order in alike if order.values[_ORDER_STATUS] == "signed"]
    found = signed or alike
    return found[0].id if len(found) == 1 else None


def _alike(one: str, other: str) -> bool:
    return shown(one).casefold() == shown(other).casefold()


# -- out --------------------------------------------------------------------------------------------------------------


def after(connection: Connection, terms: fields.Terms, id_: int, limit: int) -> tuple[list[Line], int | None]:
    """Return the lines of the next `limit` payments after `id_`, and after which to go on; None: those were all."""
    found = book.payments_after(connection, id_, limit)
    return [_line(payment) for payment in found], found[-1].id if found else None


def _line(payment: book.Listed) -> Line:
    values = payment.values
    return (
        shown(payment.ref),
        shown(values[PACKAGE]),
        Decimal(exact(values[AMOUNT])),
        fields.day_text(values[PAID]),
        shown(values[REF]),
        shown(payment.company),
    )
