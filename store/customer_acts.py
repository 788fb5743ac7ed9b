"""What acts on customers read and write. All in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.contacts import ProvedCall
from store.counting import STANDING, histogram_grown
from store.matching import Key, NewEntry
from store.refs import new_refs


def fields(connection: Connection, customer_id: int, names: Sequence[str]) -> dict[str, Any] | None:
    """Return columns of a customer; None: there is none."""
    found = driver.rows(connection, f"SELECT {', '.join(names)} FROM customer WHERE id = ?", (customer_id,))
    return dict(zip(names, found[0], strict=True)) if found else None


def put(connection: Connection, customer_id: int, values: Mapping[str, Any]) -> None:
    """Set columns of a customer. The caller keeps the histogram."""
    columns = ", ".join(f"{name} = ?" for name in values)
    driver.run(connection, f"UPDATE customer SET {columns} WHERE id = ?", (*values.values(), customer_id))


def specialist(connection: Connection, specialist_id: int) -> str | None:
    """Return a specialist's name; None: there is none."""
    found = driver.rows(connection, "SELECT name FROM specialist WHERE id = ?", (specialist_id,))
    return str(found[0][0]) if found else None


def new_customer(connection: Connection, company: str, company_key: str, owner_id: int | None) -> int:
    """Make a prospect of the lowest tier; return its id."""
    ((customer_id,),) = driver.rows(
        connection,
        "INSERT INTO customer (ref, company, company_key, region, type, tier, registered, owner_id, status, time_zone, "
        "dnc_why, dnc_by, opened_us, contacts, last_us, last_day, on_last_day, next_note, taken_by) "
        "VALUES (?, ?, ?, '', '', 3, ?, ?, 'prospect', '', '', '', 0, 0, 0, 0, 0, '', '') RETURNING id",
        (f"?{company_key}", company, company_key, False, owner_id),
    )
    (ref,) = new_refs(connection, "customer", [customer_id], ())
    put(connection, customer_id, {"ref": ref})
    histogram_grown(connection, [customer_id])
    return int(customer_id)


def add_number(connection: Connection, customer_id: int, number: str) -> bool:
    """Make a number the customer's; return whether it was not yet."""
    return bool(
        driver.run(
            connection,
            "INSERT INTO customer_number (customer_id, number, raw) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (customer_id, number, number),
        )
    )


def remove_number(connection: Connection, customer_id: int, number: str) -> None:
    """Take a number from a customer."""
    driver.run(
        connection, "DELETE FROM customer_number WHERE customer_id = ? AND number = ?", (customer_id, number)
    )  # fmt: skip


def calls_of(connection: Connection, customer_id: int, number: str) -> list[Key]:
    """Return the calls to a number that the ledger says were with a customer."""
    return driver.rows(
        connection,
        "SELECT source_id, group_id FROM contact AS e WHERE customer_id = ? AND dialled = ? AND group_id IS NOT NULL "
        f"AND {STANDING}",
        (customer_id, number),
    )


def take_waiting(connection: Connection, source_id: int, group_id: str) -> ProvedCall | None:
    """Take a call out of those that wait, and return it; None: it does not wait."""
    found = driver.rows(
        connection,
        "DELETE FROM waiting_call WHERE source_id = ? AND group_id = ? "
        "RETURNING group_id, identity_id, day, number, at_us",
        (source_id, group_id),
    )
    return ProvedCall(*found[0]) if found else None


def entry_of_call(connection: Connection, source_id: int, group_id: str) -> int | None:
    """Return the entry that stands for a call; None: there is none."""
    found = driver.rows(
        connection,
        f"SELECT id FROM contact AS e WHERE source_id = ? AND group_id = ? AND {STANDING}",
        (source_id, group_id),
    )
    return found[0][0] if found else None


def newest_entry(connection: Connection, customer_id: int) -> int:
    """Return the entry of a customer that was written last."""
    ((found,),) = driver.rows(
        connection, "SELECT max(id) FROM contact WHERE customer_id = ? AND counters IS NULL", (customer_id,)
    )
    return int(found)


_ENTRY = (
    "customer_id, at_us, day, channel, origin, identity_id, source_id, group_id, dialled, entered_by, counters, "
    "specialist_id, outcome, note, claimed_ms, accepted_by"
)


def entries(connection: Connection, entry_ids: Sequence[int]) -> dict[int, NewEntry]:
    """Return entries that stand, by id."""
    rows = driver.rows(
        connection,
        f"SELECT id, {_ENTRY} FROM contact AS e WHERE id IN {driver.any_of(connection, 'bigint')} AND {STANDING}",
        (driver.given(connection, entry_ids),),
    )
    return {row[0]: NewEntry(*row[1:]) for row in rows}


def add_no_customer(connection: Connection, number: str, who: str, now_us: int) -> bool:
    """Keep that a number is nobody's customer; return whether that is new."""
    return bool(
        driver.run(
            connection,
            "INSERT INTO no_customer (number, at_us, who) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (number, now_us, who),
        )
    )


def remove_no_customer(connection: Connection, number: str) -> None:
    """Forget that a number is nobody's customer."""
    driver.run(connection, "DELETE FROM no_customer WHERE number = ?", (number,))


class Counted(NamedTuple):
    """A contact by telephone that counts: when, and the call behind it."""

    at_us: int
    source_id: int
    group_id: str


def counted(connection: Connection) -> dict[int, list[Counted]]:
    """Return the contacts by telephone that count, by customer, in the order of their time."""
    found: dict[int, list[Counted]] = {}
    for customer, *rest in driver.rows(
        connection,
        "SELECT customer_id, at_us, source_id, group_id FROM contact AS e WHERE group_id IS NOT NULL "
        f"AND number IS NOT NULL AND {STANDING} ORDER BY at_us, id",
    ):
        found.setdefault(customer, []).append(Counted(*rest))
    return found


def of_ref(connection: Connection, ref: str) -> int | None:
    """Return the customer with that reference; None: there is none."""
    found = driver.rows(connection, "SELECT id FROM customer WHERE ref = ?", (ref,))
    return found[0][0] if found else None
