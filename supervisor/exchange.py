"""Tables of customers, contacts, orders, payments and enquiries into the store and out of it, a batch of rows at a
time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from store import acts
from store.engine import Store
from supervisor import tables
from supervisor.cells import Cell
from supervisor.duties.exchange import contacts, customers, enquiries, orders, payments
from supervisor.duties.exchange.customers_in import Customers
from supervisor.duties.exchange.fields import Line, Terms
from supervisor.duties.roster import Came, Outcome
from supervisor.imports import Reject, Summary

BATCH = 10_000
"""Rows a transaction: what is stored when an import is interrupted stays, and is known the next time."""
PAGE = 5_000
"""Rows read at once when a table is brought out: the reader is left before the next."""


class Bringer(Protocol):
    """Brings rows in; see `supervisor.duties.exchange`."""

    @property
    def noun(self) -> str:
        """What its rows are, in words."""

    def read(self, cells: Mapping[str, Cell]) -> Any:
        """Read a row. ValueError in words where it cannot be one."""

    def put(self, connection: Connection, rows: Sequence[tuple[int, Any]]) -> Came:
        """Write rows with their numbers."""


@dataclass(frozen=True)
class Kind:
    """A kind of table: its columns both ways, other names of them, and what brings it in and out."""

    fields: tuple[tuple[str, ...], tuple[str, ...]]
    told: tuple[str, ...]
    also: Mapping[str, Sequence[str]]
    bringer: Callable[[Terms, Collection[str]], Bringer]
    after: Callable[[Connection, Terms, int, int], tuple[list[Line], int | None]]

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of a table that is brought out."""
        return (*self.fields[0], *self.fields[1], *self.told)


KINDS = {
    "customers": Kind(customers.FIELDS, customers.TOLD, customers.ALSO, Customers, customers.after),
    "contacts": Kind(contacts.FIELDS, contacts.TOLD, contacts.ALSO, contacts.Contacts, contacts.after),
    "orders": Kind(orders.FIELDS, orders.TOLD, orders.ALSO, orders.Orders, orders.after),
    "payments": Kind(payments.FIELDS, payments.TOLD, payments.ALSO, payments.Payments, payments.after),
    "enquiries": Kind(enquiries.FIELDS, enquiries.TOLD, enquiries.ALSO, enquiries.Enquiries, enquiries.after),
}


def bring_in(
    store: Store,
    table: tables.Table,
    places: Mapping[str, int],
    bringer: Bringer,
    terms: Terms,
    reject: Reject,
) -> Summary:
    """Write the rows of `table`, `BATCH` a transaction; return what came of them. What changed something is noted in
    the journal."""
    summary = Summary()
    good: list[tuple[int, Any]] = []
    cells_of: dict[int, Sequence[object]] = {}
    refused: list[tuple[int, str]] = []

    def flush() -> None:
        if good:
            with store.write() as connection:
                outcomes, more = bringer.put(connection, good)
                new, changed = outcomes.count(Outcome.NEW), outcomes.count(Outcome.CHANGED)
                if new or changed:
                    what = f"{new:,} new, {changed:,} changed"
                    acts.note(connection, terms.doer.who, f"imported {bringer.noun}", what, terms.doer.now_us)
            refused.extend(more)
            summary.new += new
            summary.changed += changed
            summary.known += len(outcomes) - new - changed
        for number, reason in sorted(refused):
            reject(number, reason, cells_of[number])
        summary.rejected += len(refused)
        for waiting in (good, cells_of, refused):
            waiting.clear()

    for row, cells, reason in tables.rows_of(table, places):
        summary.rows += 1
        cells_of[row.number] = row.cells
        try:
            if reason:
                raise ValueError(reason)
            good.append((row.number, bringer.read(cells)))
        except ValueError as error:
            refused.append((row.number, str(error)))
        if len(cells_of) >= BATCH:
            flush()
    flush()
    return summary


def lines(store: Store, kind: Kind, terms: Terms) -> Iterator[Line]:
    """Yield the rows of a whole table, in an order that stays. Each page is read by itself: whoever takes their time
    with the rows keeps no reader open, and what is written meanwhile may be among them."""
    last: int | None = 0
    while last is not None:
        with store.read() as connection:
            page, last = kind.after(connection, terms, last, PAGE)
        yield from page
