"""Enquiries: what lists them and what changes them reads and writes. All in the caller's transaction.

Moments are epoch us, working time ms. Names of columns come from our own code, never from outside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver

TOLD = ("ref", "at_us", "company", "number", "channel", "note", "assistant", "answered_us", "answered_by")
"""Columns of which people tell in tables, in this order."""


class EnquiryRow(NamedTuple):
    """An enquiry; `specialist`: to whom it was handed, "" nobody."""

    enquiry_id: int
    version: int
    ref: str
    at_us: int
    company: str
    number: str
    channel: str
    note: str
    assistant: str
    answered_us: int | None
    answered_by: str
    handed_us: int | None
    specialist: str
    customer_id: int | None


_SELECT = (
    "SELECT e.id, e.version, e.ref, e.at_us, e.company, e.number, e.channel, e.note, e.assistant, e.answered_us, "
    "e.answered_by, e.handed_us, coalesce(s.name, ''), e.customer_id "
    "FROM enquiry AS e LEFT JOIN specialist AS s ON s.id = e.specialist_id "
)


def unanswered(connection: Connection) -> list[EnquiryRow]:
    """Return the enquiries that nobody answered, the oldest first."""
    return _listed(connection, "WHERE e.answered_us IS NULL ORDER BY e.at_us, e.id")


def answered_since(connection: Connection, since_us: int) -> list[EnquiryRow]:
    """Return the answered enquiries that came in at `since_us` or later, the newest first."""
    return _listed(
        connection, "WHERE e.answered_us IS NOT NULL AND e.at_us >= ? ORDER BY e.at_us DESC, e.id DESC", since_us
    )


def enquiry(connection: Connection, enquiry_id: int) -> EnquiryRow | None:
    """Return an enquiry; None: there is none."""
    return next(iter(_listed(connection, "WHERE e.id = ?", enquiry_id)), None)


def after(connection: Connection, id_: int, limit: int) -> list[EnquiryRow]:
    """Return the next `limit` enquiries after `id_`, in the order of their ids."""
    return _listed(connection, "WHERE e.id > ? ORDER BY e.id LIMIT ?", id_, limit)


def _listed(connection: Connection, which: str, *given: int) -> list[EnquiryRow]:
    return [EnquiryRow._make(row) for row in driver.rows(connection, _SELECT + which, given)]


def waiting(connection: Connection) -> list[int]:
    """Return when each enquiry came in that nobody answered."""
    return [us for (us,) in driver.rows(connection, "SELECT at_us FROM enquiry WHERE answered_us IS NULL")]


# -- acts ---------------------------------------------------------------------------------------------------------


def columns(connection: Connection, enquiry_id: int, names: Iterable[str]) -> dict[str, Any] | None:
    """Return columns of an enquiry as they are; None: there is none."""
    names = tuple(names)
    rows = driver.rows(connection, f"SELECT {', '.join(names)} FROM enquiry WHERE id = ?", (enquiry_id,))
    return dict(zip(names, rows[0], strict=True)) if rows else None


def put(connection: Connection, enquiry_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of an enquiry; its version rises."""
    told = "".join(f"{name} = ?, " for name in values)
    sql = f"UPDATE enquiry SET {told}version = version + 1 WHERE id = ?"
    driver.run(connection, sql, (*values.values(), enquiry_id))


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a new enquiry; return its id."""
    names = (*values, "version")
    sql = f"INSERT INTO enquiry ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) RETURNING id"
    return int(driver.rows(connection, sql, (*values.values(), 1))[0][0])


def remove(connection: Connection, enquiry_id: int) -> None:
    """Remove an enquiry."""
    driver.run(connection, "DELETE FROM enquiry WHERE id = ?", (enquiry_id,))


# -- tables -------------------------------------------------------------------------------------------------------


class Kept(NamedTuple):
    """An enquiry in the store, with the values of `TOLD`."""

    id: int
    values: list[Any]


def kept(connection: Connection, refs: Collection[str], moments: Collection[int]) -> list[Kept]:
    """Return the enquiries that have one of `refs` or came in at one of `moments`, in the order of their ids."""
    found: dict[int, Kept] = {}
    for column, kind, values in (("ref", "text", refs), ("at_us", "bigint", moments)):
        sql = f"SELECT id, {', '.join(TOLD)} FROM enquiry WHERE {column} IN {driver.any_of(connection, kind)}"
        for row in driver.rows(connection, sql, (driver.given(connection, values),)):
            found[row[0]] = Kept(row[0], list(row[1:]))
    return [found[id_] for id_ in sorted(found)]


def insert(connection: Connection, rows: Iterable[Kept]) -> None:
    """Insert new enquiries."""
    driver.insert(connection, "enquiry", ("id", *TOLD, "version"), [(id_, *values, 1) for id_, values in rows])


def update(connection: Connection, rows: Sequence[Kept]) -> None:
    """Write the values of `TOLD` of enquiries: each is a version further."""
    names = ", ".join(f"{name} = ?" for name in TOLD)
    sql = f"UPDATE enquiry SET {names}, version = version + 1 WHERE id = ?"
    driver.many(connection, sql, [(*values, id_) for id_, values in rows])
