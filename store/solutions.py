"""The library of written solutions: rows, and writing them. In the caller's transaction."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from store import driver  # and no table: see store.floor

_COLUMNS = "id, title, customer_type, objection, body, version, retired, who, changed_us"


class SolutionRow(NamedTuple):
    """A written solution: see store.orders.Solution."""

    solution_id: int
    title: str
    customer_type: str
    objection: str
    body: str
    version: int
    retired: bool
    who: str
    changed_us: int


def _made(row: driver.Row) -> SolutionRow:
    return SolutionRow._make((*row[:6], bool(row[6]), *row[7:]))


def standing(connection: Connection) -> list[SolutionRow]:
    """Return all solutions that are not retired, by title."""
    rows = driver.rows(connection, f"SELECT {_COLUMNS} FROM solution WHERE NOT retired ORDER BY title")
    return [_made(row) for row in rows]


def by_id(connection: Connection, solution_id: int) -> SolutionRow | None:
    """Return a solution, retired ones too; None: there is none."""
    rows = driver.rows(connection, f"SELECT {_COLUMNS} FROM solution WHERE id = ?", (solution_id,))
    return _made(rows[0]) if rows else None


def by_title(connection: Connection, title: str) -> SolutionRow | None:
    """Return the solution of exactly this title, retired ones too; None: there is none."""
    rows = driver.rows(connection, f"SELECT {_COLUMNS} FROM solution WHERE title = ?", (title,))
    return _made(rows[0]) if rows else None


def add(
    connection: Connection, title: str, customer_type: str, objection: str, body: str, who: str, now_us: int
) -> int:
    """Write a new solution; return its id."""
    sql = """INSERT INTO solution (title, customer_type, objection, body, version, retired, who, changed_us)
        VALUES (?, ?, ?, ?, 1, ?, ?, ?) RETURNING id"""
    rows = driver.rows(connection, sql, (title, customer_type, objection, body, False, who, now_us))
    return int(rows[0][0])


def put(connection: Connection, row: SolutionRow) -> None:
    """Write a solution as `row` has it, its version one more than it is now."""
    sql = """UPDATE solution SET title = ?, customer_type = ?, objection = ?, body = ?, retired = ?, who = ?,
        changed_us = ?, version = version + 1 WHERE id = ?"""
    told = (row.title, row.customer_type, row.objection, row.body, row.retired, row.who, row.changed_us)
    driver.run(connection, sql, (*told, row.solution_id))


def is_attached(connection: Connection, solution_id: int) -> bool:
    """Whether a review has it."""
    return bool(driver.rows(connection, "SELECT 1 FROM review WHERE solution_id = ? LIMIT 1", (solution_id,)))


def remove(connection: Connection, solution_id: int) -> None:
    """Remove a solution that no review has."""
    driver.run(connection, "DELETE FROM solution WHERE id = ?", (solution_id,))


class Addressee(NamedTuple):
    """A customer to whom a solution is handed; `person` "": nobody's name is known."""

    customer_id: int
    company: str
    person: str


def addressee(connection: Connection, ref: str) -> Addressee | None:
    """Return the customer `ref`, or whom they were merged into, with the person first named; None: there is none."""
    sql = """SELECT c.id, c.company, coalesce((SELECT p.name FROM customer_person AS p WHERE p.customer_id = c.id
            ORDER BY p.id LIMIT 1), '')
        FROM customer AS named JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
        WHERE named.ref = ?"""
    return next((Addressee._make(row) for row in driver.rows(connection, sql, (ref,))), None)
