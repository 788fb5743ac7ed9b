"""Writing orders and what hangs on them, in the caller's one writing transaction. Names of columns come from our own
code, never from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.contacts import Numbers
from store.counting import count_anew, histogram_kept

_PARTS = {"evidence": "id", "claim": "id", "review": "id", "payment": "id", "contract": "order_id"}
"""What hangs on an order, and the key of each."""


class CustomerState(NamedTuple):
    """What orders change of a customer."""

    status: str
    closed_us: int | None


def _insert(connection: Connection, table: str, values: Mapping[str, Any], key: str) -> int:
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING {key}"
    return int(driver.rows(connection, sql, tuple(values.values()))[0][0])


def put(connection: Connection, order_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of an order; its version rises."""
    told = "".join(f"{name} = ?, " for name in values)
    sql = f"UPDATE sales_order SET {told}version = version + 1 WHERE id = ?"
    driver.run(connection, sql, (*values.values(), order_id))


def columns(connection: Connection, order_id: int, names: tuple[str, ...]) -> dict[str, Any]:
    """Return columns of an order as they are."""
    rows = driver.rows(connection, f"SELECT {', '.join(names)} FROM sales_order WHERE id = ?", (order_id,))
    return dict(zip(names, rows[0], strict=True))


def new_ref(connection: Connection, table: str, letter: str) -> str:
    """Return a ref that no row of `table` (sales_order, payment, enquiry) has: `letter`, and a number."""
    number = int(driver.rows(connection, f"SELECT coalesce(max(id), 0) FROM {table}")[0][0])
    while True:
        number += 1
        ref = f"{letter}-{number}"
        if not driver.rows(connection, f"SELECT 1 FROM {table} WHERE ref = ?", (ref,)):
            return ref


def insert_order(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a new order; return its id."""
    return _insert(connection, "sales_order", values, "id")


def remove_order(connection: Connection, order_id: int) -> bool:
    """Remove an order on which nothing hangs; return whether it was done."""
    for table in _PARTS:
        if driver.rows(connection, f"SELECT 1 FROM {table} WHERE order_id = ? LIMIT 1", (order_id,)):
            return False
    driver.run(connection, "DELETE FROM sales_order WHERE id = ?", (order_id,))
    return True


def add(connection: Connection, table: str, values: Mapping[str, Any]) -> int:
    """Write a row of `table` (evidence, claim, review, payment, contract); return its key."""
    return _insert(connection, table, values, _PARTS[table])


def remove(connection: Connection, table: str, key: int) -> bool:
    """Remove a row of `table` by its key; return whether it was there."""
    return driver.run(connection, f"DELETE FROM {table} WHERE {_PARTS[table]} = ?", (key,)) > 0


def evidence_of(connection: Connection, evidence_id: int) -> tuple[int, str, int | None] | None:
    """Return order, code and when it was taken back (None: it stands) of a piece of evidence; None: there is none."""
    rows = driver.rows(connection, "SELECT order_id, code, withdrawn_us FROM evidence WHERE id = ?", (evidence_id,))
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def withdraw(connection: Connection, evidence_id: int, at_us: int | None) -> None:
    """Take a piece of evidence back at `at_us`; None: it stands again."""
    driver.run(connection, "UPDATE evidence SET withdrawn_us = ? WHERE id = ?", (at_us, evidence_id))


# -- the customer -------------------------------------------------------------------------------------------------


def customer_of(connection: Connection, customer_id: int) -> tuple[int, str, CustomerState] | None:
    """Return id, company and state of a customer, or of whom they were merged into; None: there is none."""
    rows = driver.rows(
        connection,
        "SELECT c.id, c.company, c.status, c.closed_us FROM customer AS named "
        "JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id) WHERE named.id = ?",
        (customer_id,),
    )
    return (rows[0][0], rows[0][1], CustomerState(*rows[0][2:])) if rows else None


def put_customer(connection: Connection, customer_id: int, state: CustomerState, numbers: Numbers) -> None:
    """Write the state of a customer; contact numbers and histogram are right afterwards."""
    with histogram_kept(connection, [customer_id]):
        driver.run(
            connection, "UPDATE customer SET status = ?, closed_us = ? WHERE id = ?", (*state, customer_id)
        )  # fmt: skip
    count_anew(connection, [customer_id], numbers)


def others(connection: Connection, customer_id: int, order_id: int) -> dict[str, int]:
    """Return by status how many other orders a customer (and those merged into them) has."""
    rows = driver.rows(
        connection,
        "SELECT status, count(*) FROM sales_order WHERE id <> ? AND customer_id IN "
        "(SELECT id FROM customer WHERE id = ? OR merged_into = ?) GROUP BY status",
        (order_id, customer_id, customer_id),
    )
    return {row[0]: int(row[1]) for row in rows}


def signed_since(connection: Connection, customer_id: int, order_id: int, since_us: int) -> bool:
    """Whether another order of a customer (and of those merged into them) is signed and was touched since a moment."""
    sql = """SELECT 1 FROM sales_order WHERE id <> ? AND status = 'signed' AND changed_us >= ? AND customer_id IN
        (SELECT id FROM customer WHERE id = ? OR merged_into = ?) LIMIT 1"""
    return bool(driver.rows(connection, sql, (order_id, since_us, customer_id, customer_id)))


def specialist_name(connection: Connection, specialist_id: int) -> str | None:
    """Return the name of a specialist; None: there is none."""
    rows = driver.rows(connection, "SELECT name FROM specialist WHERE id = ?", (specialist_id,))
    return str(rows[0][0]) if rows else None
