"""What bringing orders and payments in and out reads and writes, many at a time. All in the caller's transaction.

Money is whole hundredths, days are YYYYMMDD, moments epoch us.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.customers import ROOT

ORDER = (
    "ref", "specialist_id", "package", "amount_cents", "stage", "status", "opened_day", "expected_day", "closed_day",
    "row_hash",
)  # fmt: skip
PAYMENT = ("ref", "order_id", "package", "amount_cents", "paid_day")
"""Columns that people tell of an order and of a payment, in this order."""


class Kept(NamedTuple):
    """An order or a payment in the store: whose it is (of a double: whom it was merged into), the values of `ORDER` or
    `PAYMENT`."""

    id: int
    root: int
    values: list[Any]


def orders(connection: Connection, refs: Collection[str], roots: Collection[int]) -> list[Kept]:
    """Return the orders that have one of `refs` or are of one of the customers `roots`, in the order of their ids."""
    return _kept(connection, "sales_order", ORDER, refs, roots)


def payments(connection: Connection, refs: Collection[str], roots: Collection[int]) -> list[Kept]:
    """Return the payments that have one of `refs` or are of one of the customers `roots`, in the order of their ids."""
    return _kept(connection, "payment", PAYMENT, refs, roots)


def _kept(
    connection: Connection, table: str, columns: Sequence[str], refs: Collection[str], roots: Collection[int]
) -> list[Kept]:
    select = f"SELECT x.id, {ROOT}, {', '.join(f'x.{name}' for name in columns)} FROM"
    of_refs, of_roots = driver.any_of(connection, "text"), driver.any_of(connection, "bigint")
    found: dict[int, Kept] = {}
    if refs:
        sql = f"{select} {table} AS x JOIN customer AS c ON c.id = x.customer_id WHERE x.ref IN {of_refs}"
        for row in driver.rows(connection, sql, (driver.given(connection, refs),)):
            found[row[0]] = Kept(row[0], row[1], list(row[2:]))
    given = driver.given(connection, roots)
    for where in ("id", "merged_into"):
        sql = f"{select} customer AS c JOIN {table} AS x ON x.customer_id = c.id WHERE c.{where} IN {of_roots}"
        for row in driver.rows(connection, sql, (given,)):
            found[row[0]] = Kept(row[0], row[1], list(row[2:]))
    return [found[id_] for id_ in sorted(found)]


def insert_orders(connection: Connection, rows: Iterable[tuple[int, int, Sequence[Any]]], who: str, now: int) -> None:
    """Insert orders: id, customer, and the values of `ORDER`."""
    columns = ("id", "customer_id", *ORDER, "closed_score", "closed_why", "next_step", "version", "changed_us")
    driver.insert(
        connection,
        "sales_order",
        (*columns, "changed_by"),
        [(id_, root, *values, 0, "", "", 1, now, who) for id_, root, values in rows],
    )


def update_orders(connection: Connection, rows: Iterable[tuple[int, Sequence[Any]]], who: str, now_us: int) -> None:
    """Write the values of `ORDER` of orders: each is a version further."""
    columns = ", ".join(f"{name} = ?" for name in ORDER)
    driver.many(
        connection,
        f"UPDATE sales_order SET {columns}, version = version + 1, changed_us = ?, changed_by = ? WHERE id = ?",
        [(*values, now_us, who, id_) for id_, values in rows],
    )


def insert_payments(connection: Connection, rows: Iterable[tuple[int, int, Sequence[Any]]], who: str, now: int) -> None:
    """Insert payments: id, customer, and the values of `PAYMENT`."""
    driver.insert(
        connection,
        "payment",
        ("id", "customer_id", *PAYMENT, "who", "entered_us"),
        [(id_, root, *values, who, now) for id_, root, values in rows],
    )


def update_payments(connection: Connection, rows: Iterable[tuple[int, Sequence[Any]]]) -> None:
    """Write the values of `PAYMENT` of payments."""
    columns = ", ".join(f"{name} = ?" for name in PAYMENT)
    driver.many(connection, f"UPDATE payment SET {columns} WHERE id = ?", [(*values, id_) for id_, values in rows])


class Listed(NamedTuple):
    """An order or a payment as it is listed: whose it is, the specialist (of a payment: ""), the values."""

    id: int
    ref: str
    company: str
    specialist: str
    values: Sequence[Any]


def orders_after(connection: Connection, id_: int, limit: int) -> list[Listed]:
    """Return the next `limit` orders after `id_`, in the order of their ids."""
    join = "LEFT JOIN specialist AS s ON s.id = x.specialist_id"
    return _listed(connection, f"sales_order AS x {join}", "coalesce(s.name, '')", ORDER, id_, limit)


def payments_after(connection: Connection, id_: int, limit: int) -> list[Listed]:
    """Return the next `limit` payments after `id_`, in the order of their ids."""
    return _listed(connection, "payment AS x", "''", PAYMENT, id_, limit)


def _listed(
    connection: Connection, tables: str, who: str, columns: Sequence[str], id_: int, limit: int
) -> list[Listed]:
    sql = (
        f"SELECT x.id, r.ref, r.company, {who}, {', '.join(f'x.{name}' for name in columns)} FROM {tables} "
        "JOIN customer AS c ON c.id = x.customer_id JOIN customer AS r ON r.id = coalesce(c.merged_into, c.id) "
        "WHERE x.id > ? ORDER BY x.id LIMIT ?"
    )
    return [Listed(row[0], row[1], row[2], row[3], row[4:]) for row in driver.rows(connection, sql, (id_, limit))]
