"""Customers that are one and the same: how two are joined, and parted again. Which look so is in store.suspects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver
from store.contacts import Numbers
from store.counting import STANDING
from store.matching import NewEntry, append_entries, customers_of

# -- joining and parting ------------------------------------------------------------------------------------------


class Named(NamedTuple):
    """A customer as it is named to a person. `dnc_us`: do-not-call since; `merged_into`: whose double it is."""

    id: int
    ref: str
    company: str
    merged_into: int | None
    dnc_us: int | None
    dnc_why: str
    dnc_by: str


_NAMED = f"SELECT {', '.join(Named._fields)} FROM customer WHERE "


def named(connection: Connection, ids: Collection[int]) -> dict[int, Named]:
    """Return customers by id, merged ones too."""
    sql = f"{_NAMED} id IN {driver.any_of(connection, 'bigint')}"
    return {row[0]: Named._make(row) for row in driver.rows(connection, sql, (driver.given(connection, ids),))}


def of_ref(connection: Connection, ref: str) -> Named | None:
    """Return the customer with that reference, a merged one too; None: there is none."""
    found = driver.rows(connection, f"{_NAMED} ref = ?", (ref,))
    return Named._make(found[0]) if found else None


def family(connection: Connection, customer_id: int) -> dict[int, int | None]:
    """Return the customer and those merged into it, and into whom each is merged."""
    found = driver.rows(
        connection,
        "SELECT id, merged_into FROM customer WHERE id = ? OR merged_into = ? ORDER BY id",
        (customer_id, customer_id),
    )
    return {id_: into for id_, into in found}  # noqa: C416  # dict() loses the types


def merged_into(connection: Connection, ids: Collection[int]) -> dict[int, int | None]:
    """Return into whom each of the customers `ids` is merged."""
    return {customer.id: customer.merged_into for customer in named(connection, ids).values()}


def put_merged_into(connection: Connection, into: Mapping[int, int | None]) -> None:
    """Write into whom customers are merged (None: they are themselves). The caller keeps the histogram."""
    driver.many(connection, "UPDATE customer SET merged_into = ? WHERE id = ?", [(to, id_) for id_, to in into.items()])


def put_do_not_call(connection: Connection, customer_id: int, since_us: int | None, why: str, by: str) -> None:
    """Block a customer, or (`since_us` None) no longer. The caller keeps the histogram."""
    driver.run(
        connection,
        "UPDATE customer SET dnc_us = ?, dnc_why = ?, dnc_by = ? WHERE id = ?",
        (since_us, why, by, customer_id),
    )


def numbers_of(connection: Connection, ids: Collection[int]) -> set[str]:
    """Return the numbers of customers."""
    sql = f"SELECT number FROM customer_number WHERE customer_id IN {driver.any_of(connection, 'bigint')}"
    return {number for (number,) in driver.rows(connection, sql, (driver.given(connection, ids),))}


_COLUMNS = "id, customer_id, at_us, day, channel, origin, identity_id, source_id, group_id, dialled"


def wait_again(
    connection: Connection, customer_id: int, after: int, among: Collection[str], numbers: Numbers, now_us: int
) -> None:
    """Of the entries of a customer that are newer than the entry `after`, take back those that their number alone told,
    where it is one of `among` and several customers have it: their calls wait for a person."""
    shared = {number for number, owners in customers_of(connection, among).items() if len(owners) > 1}
    found = driver.rows(
        connection,
        f"SELECT {_COLUMNS} FROM contact AS e WHERE customer_id = ? AND id > ? AND group_id IS NOT NULL "
        f"AND entered_by = '' AND dialled IN {driver.any_of(connection, 'text')} AND {STANDING}",
        (customer_id, after, driver.given(connection, shared)),
    )
    entries = [(row[0], NewEntry(*row[1:])) for row in found]
    append_entries(connection, [entry._replace(counters=id_) for id_, entry in entries], numbers, now_us)
    driver.insert(
        connection,
        "waiting_call",
        ("source_id", "group_id", "number", "at_us", "day", "identity_id"),
        [(e.source_id, e.group_id, e.dialled, e.at_us, e.day, e.identity_id) for _, e in entries],
    )


def add_distinct(connection: Connection, one_id: int, other_id: int) -> bool:
    """Keep that two customers are two; return whether that is new."""
    pair = min(one_id, other_id), max(one_id, other_id)
    sql = "INSERT INTO distinct_pair (one_id, other_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
    return bool(driver.run(connection, sql, pair))


def remove_distinct(connection: Connection, one_id: int, other_id: int) -> bool:
    """Forget that two customers are two; return whether it was known."""
    pair = min(one_id, other_id), max(one_id, other_id)
    return bool(driver.run(connection, "DELETE FROM distinct_pair WHERE one_id = ? AND other_id = ?", pair))
