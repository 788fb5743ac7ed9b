"""Orders in tables: their columns, reading a row, writing many, and listing them all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import customer_book
from store import sales_book as book
from store.counting import count_anew, histogram_kept
from store.sales_book import ORDER, Kept
from supervisor.cells import Cell, text_of
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.fields import Line, Terms, shown
from supervisor.duties.exchange.sales import Sales
from supervisor.duties.exchange.whose import Whose
from supervisor.duties.orders.lines import LOST, OPEN, SIGNED
from supervisor.money import cents_of, exact

FIELDS = (
    ("customer", "package", "amount"),
    ("specialist", "stage", "opened", "expected_sign", "status", "closed", "ref"),
)
"""Required and optional fields."""
TOLD = ("company",)
"""Columns that are brought out and not in."""
ALSO = {
    "customer": ("company", "kunde", "firma", "kundennummer"),
    "specialist": ("agent", "owner", "verkäufer", "mitarbeiter"),
    "package": ("product", "paket", "produkt"),
    "amount": ("value", "price", "betrag", "wert"),
    "opened": ("date", "datum"),
    "expected_sign": ("expected", "signs by"),
    "closed": ("signed", "closing date"),
    "ref": ("reference", "order", "order number", "auftragsnummer"),
}
"""Other names of columns."""

REF, SPECIALIST, PACKAGE, AMOUNT, STAGE, STATUS, OPENED, EXPECTED, CLOSED, ROW_HASH = range(len(ORDER))


class OrderIn(NamedTuple):
    """A row of a table. `told`: the values of columns (by their place in `ORDER`) of which it tells. `specialist` None:
    it does not tell."""

    customer: str
    ref: str
    specialist: str | None
    told: dict[int, Any]


class Orders(Sales[OrderIn]):
    """Brings orders in: `read` a row, `put` many. One for a table; of what it told already is remembered."""

    noun = "orders"
    table = "sales_order"
    columns = ORDER
    row_hash = ROW_HASH

    def __init__(self, terms: Terms, present: Collection[str]) -> None:
        super().__init__(terms, present)
        readers: dict[str, tuple[int, Callable[[Cell], Any]]] = {
            "package": (PACKAGE, fields.word("package", fields.LONGEST_NAME)),
            "amount": (AMOUNT, lambda cell: cents_of(cell, terms.currency)),
            "stage": (STAGE, fields.word("stage")),
            "opened": (OPENED, fields.day),
            "expected_sign": (EXPECTED, fields.day),
            "status": (STATUS, fields.one_of("status", (OPEN, SIGNED, LOST))),
            "closed": (CLOSED, fields.day),
        }
        self._readers = [(field, place, read) for field, (place, read) in readers.items() if field in present]
        self._until: dict[int, int] = {}

    def read(self, cells: Mapping[str, Cell]) -> OrderIn:
        """Read a row. ValueError in words where it cannot be one."""
        customer = fields.customer(cells["customer"])
        told = {place: read(cells[field]) for field, place, read in self._readers}
        for place in (STATUS, OPENED, CLOSED):
            if not told.get(place):
                told.pop(place, None)  # an empty cell says nothing where nothing can be empty
        if told.get(STATUS) == OPEN and told.get(CLOSED):
            raise ValueError(f"status is open, and yet it was closed on {text_of(cells['closed'])}")
        if OPENED in told and (closed := told.get(CLOSED)) is not None and closed < told[OPENED]:
            raise ValueError(f"closed ({text_of(cells['closed'])}) before it was opened ({text_of(cells['opened'])})")
        return OrderIn(
            customer,
            fields.ref(cells["ref"]) if "ref" in cells else "",
            fields.line(cells["specialist"], "specialist", fields.LONGEST_NAME) if "specialist" in cells else None,
            told,
        )

    def kept(self, connection: Connection, refs: Collection[str], roots: Collection[int]) -> list[Kept]:
        self._until.clear()
        return book.orders(connection, refs, roots)

    def told(self, whose: Whose, root: int, row: OrderIn) -> dict[int, Any]:
        return row.told if row.specialist is None else row.told | {SPECIALIST: whose.specialist(row.specialist)}

    def is_same(self, row: OrderIn, values: Sequence[Any]) -> bool:
        """Package and day of opening tell an order; where the row has no day, the package does."""
        alike = shown(row.told[PACKAGE]).casefold() == shown(values[PACKAGE]).casefold()
        return alike and row.told.get(OPENED, values[OPENED]) == values[OPENED]

    def new(self, told: Mapping[int, Any]) -> list[Any]:
        values: list[Any] = ["", None, "", 0, "", OPEN, self._terms.doer.today, None, None, None]
        for place, value in told.items():
            values[place] = value
        if CLOSED in told and values[STATUS] == OPEN:
            raise ValueError("it has a day on which it was closed and no status; expected signed or lost")
        return self._closed(values)

    def settle(self, values: Sequence[Any], changes: dict[int, Any]) -> dict[int, Any]:
        now = list(values)
        for place, value in changes.items():
            now[place] = value
        closed = self._closed(now)[CLOSED]
        changes.pop(CLOSED, None)
        return changes if closed == values[CLOSED] else changes | {CLOSED: closed}

    @staticmethod
    def _closed(values: list[Any]) -> list[Any]:
        """An open order has no day on which it was closed; of another one without it, it is that of its opening."""
        values[CLOSED] = None if values[STATUS] == OPEN else values[CLOSED] or values[OPENED]
        return values

    def wrote(self, root: int, values: Sequence[Any]) -> None:
        if values[STATUS] == SIGNED:
            _, end_us = self._terms.calendar.bounds(values[CLOSED])
            self._until[root] = min(end_us, self._until.get(root, end_us))

    def write(
        self,
        connection: Connection,
        new: Sequence[tuple[int, int, Sequence[Any]]],
        changed: Sequence[tuple[int, Sequence[Any]]],
    ) -> None:
        doer = self._terms.doer
        book.update_orders(connection, changed, doer.who, doer.now_us)
        book.insert_orders(connection, new, doer.who, doer.now_us)
        signed = [
            (root, self._until[root])
            for root, opened_us in customer_book.to_sign(connection, self._until).items()
            if self._until[root] > opened_us  # what was signed before a customer was opened again is history
        ]
        with histogram_kept(connection, [root for root, _ in signed]):
            customer_book.sign(connection, signed)
        count_anew(connection, [root for root, _ in signed], doer.numbers)


# -- out --------------------------------------------------------------------------------------------------------------


def after(connection: Connection, terms: Terms, id_: int, limit: int) -> tuple[list[Line], int | None]:
    """Return the lines of the next `limit` orders after `id_`, and after which to go on; None: those were all."""
    found = book.orders_after(connection, id_, limit)
    return [_line(order) for order in found], found[-1].id if found else None


def _line(order: book.Listed) -> Line:
    values = order.values
    return (
        shown(order.ref),
        shown(values[PACKAGE]),
        Decimal(exact(values[AMOUNT])),
        shown(order.specialist),
        shown(values[STAGE]),
        fields.day_text(values[OPENED]),
        fields.day_text(values[EXPECTED]),
        values[STATUS],
        fields.day_text(values[CLOSED]),
        shown(values[REF]),
        shown(order.company),
    )
