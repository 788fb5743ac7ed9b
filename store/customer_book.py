"""What bringing customers in and out reads and writes, many at a time. All in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.customers import ROOT

CHANGEABLE = (
    "ref", "company", "company_key", "region", "type", "tier", "registered", "owner_id", "status", "time_zone",
    "dnc_us", "dnc_why", "dnc_by", "opened_us", "closed_us", "next_day", "next_note", "row_hash",
)  # fmt: skip
"""Columns of a customer that people tell, in this order."""

_DERIVED = {"contacts": 0, "last_us": 0, "last_day": 0, "on_last_day": 0, "taken_by": ""}
_INSERTED = ("id", *CHANGEABLE, *_DERIVED)
_UPDATE = f"UPDATE customer SET {', '.join(f'{name} = ?' for name in CHANGEABLE)} WHERE id = ?"


class Known(NamedTuple):
    """A customer in the store: the values of `CHANGEABLE`, its numbers and people and those of its doubles."""

    id: int
    merged: bool
    values: list[Any]
    numbers: set[str]
    people: list[str]


def known(connection: Connection, refs: Collection[str], company_keys: Collection[str]) -> list[Known]:
    """Return the customers that have one of `refs` or of `company_keys`, merged ones too, in the order of their ids."""
    columns = ", ".join(f"c.{name}" for name in CHANGEABLE)
    of_any = driver.any_of(connection, "text")
    found = {
        row[0]: Known(row[0], row[1] is not None, list(row[2:]), set(), [])
        for where, given in (("ref", refs), ("company_key", company_keys))
        if given
        for row in driver.rows(
            connection,
            f"SELECT c.id, c.merged_into, {columns} FROM customer AS c WHERE c.{where} IN {of_any}",
            (driver.given(connection, given),),
        )
    }
    if found:
        for root, numbers in numbers_of(connection, found).items():
            found[root].numbers.update(number for number, _ in numbers)
        for root, people in people_of(connection, found).items():
            found[root].people.extend(people)
    return [found[id_] for id_ in sorted(found)]


def _with_doubles(connection: Connection, what: str, table: str, roots: Collection[int]) -> list[driver.Row]:
    """Return root and columns of what the customers `roots` have, and their doubles, in the order it was written."""
    of_any = driver.any_of(connection, "bigint")
    given = driver.given(connection, roots)
    columns = what.format("x")
    return driver.rows(
        connection,
        f"SELECT root, {what.format('y')} FROM (SELECT x.customer_id AS root, x.id, {columns} FROM {table} AS x "
        f"WHERE x.customer_id IN {of_any} UNION ALL SELECT c.merged_into, x.id, {columns} FROM customer AS c "
        f"JOIN {table} AS x ON x.customer_id = c.id WHERE c.merged_into IN {of_any}) AS y ORDER BY root, id",
        (given, given),
    )


def numbers_of(connection: Connection, roots: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Return number and how it was given, of customers and their doubles."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for root, number, raw in _with_doubles(connection, "{0}.number, {0}.raw", "customer_number", roots):
        found[root].append((number, raw))
    return found


def people_of(connection: Connection, roots: Collection[int]) -> dict[int, list[str]]:
    """Return the people at customers and their doubles."""
    found: dict[int, list[str]] = defaultdict(list)
    for root, name in _with_doubles(connection, "{0}.name", "customer_person", roots):
        found[root].append(name)
    return found


def insert(connection: Connection, rows: Sequence[tuple[int, Sequence[Any]]]) -> None:
    """Insert new customers: id and the values of `CHANGEABLE`. The caller keeps the histogram."""
    rest = tuple(_DERIVED.values())
    driver.insert(connection, "customer", _INSERTED, [(id_, *values, *rest) for id_, values in rows])


def update(connection: Connection, rows: Iterable[tuple[int, Sequence[Any]]]) -> None:
    """Write the values of `CHANGEABLE` of customers. The caller keeps the histogram."""
    driver.many(connection, _UPDATE, [(*values, id_) for id_, values in rows])


def add_numbers(connection: Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    """Add customer, number and how it was given; none of them is there yet."""
    driver.insert(connection, "customer_number", ("customer_id", "number", "raw"), rows)


def add_people(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Add customer and name; none of them is there yet."""
    driver.insert(connection, "customer_person", ("customer_id", "name"), rows)


# -- whose ----------------------------------------------------------------------------------------------------------


def of_refs(connection: Connection, refs: Collection[str]) -> dict[str, int]:
    """Return the customer of each reference, a double's too: whom it was merged into."""
    sql = f"SELECT c.ref, {ROOT} FROM customer AS c WHERE c.ref IN {driver.any_of(connection, 'text')}"
    return dict(_pairs(driver.rows(connection, sql, (driver.given(connection, refs),))))


def of_companies(connection: Connection, keys: Collection[str]) -> dict[str, set[int]]:
    """Return the customers of each company key; doubles are those they were merged into."""
    found: dict[str, set[int]] = defaultdict(set)
    sql = f"SELECT c.company_key, {ROOT} FROM customer AS c WHERE c.company_key IN {driver.any_of(connection, 'text')}"
    for key, root in driver.rows(connection, sql, (driver.given(connection, keys),)):
        found[key].add(root)
    return found


def _pairs(rows: Iterable[driver.Row]) -> Iterable[tuple[str, int]]:
    return ((row[0], row[1]) for row in rows)


def sign(connection: Connection, until: Iterable[tuple[int, int]]) -> None:
    """Let customers be signed: id and until when their contacts count. The caller keeps the histogram and counts."""
    driver.many(
        connection,
        "UPDATE customer SET status = 'signed', closed_us = ? WHERE id = ?",
        [(closed_us, id_) for id_, closed_us in until],
    )


def to_sign(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Return since when the contacts of those of `ids` count that are neither signed nor lost."""
    sql = f"SELECT id, opened_us FROM customer WHERE id IN {driver.any_of(connection, 'bigint')} "
    sql += "AND status NOT IN ('signed', 'lost')"
    return {row[0]: row[1] for row in driver.rows(connection, sql, (driver.given(connection, ids),))}


# -- out ------------------------------------------------------------------------------------------------------------


class Listed(NamedTuple):
    """A customer as it is listed: the values of `CHANGEABLE`, the contact number, the last contact (0: none)."""

    id: int
    values: Sequence[Any]
    owner: str
    contacts: int
    last_us: int


def after(connection: Connection, id_: int, limit: int) -> list[Listed]:
    """Return the next `limit` customers after `id_`, in the order of their ids, without doubles."""
    columns = ", ".join(f"c.{name}" for name in CHANGEABLE)
    return [
        Listed(row[0], row[4:], row[1] or "", row[2], row[3])
        for row in driver.rows(
            connection,
            f"SELECT c.id, s.name, c.contacts, c.last_us, {columns} FROM customer AS c "
            "LEFT JOIN specialist AS s ON s.id = c.owner_id "
            "WHERE c.merged_into IS NULL AND c.id > ? ORDER BY c.id LIMIT ?",
            (id_, limit),
        )
    ]


def roots_after(connection: Connection, id_: int, limit: int) -> list[tuple[int, str, str]]:
    """Return id, reference and company of the next `limit` customers after `id_`, without doubles."""
    return [
        (row[0], row[1], row[2])
        for row in driver.rows(
            connection,
            "SELECT id, ref, company FROM customer WHERE merged_into IS NULL AND id > ? ORDER BY id LIMIT ?",
            (id_, limit),
        )
    ]
