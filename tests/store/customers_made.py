"""Made-up customers, and a naive count of what their contacts come to."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, insert

from store.counting import histogram_grown
from store.customers import Customer, CustomerNumber

_refs = itertools.count(1)


def customer(connection: Connection, *numbers: str, **said: Any) -> int:
    """A customer with `numbers`; its id."""
    values = {
        "ref": f"R{next(_refs)}", "company": "Baltic Steel", "company_key": "baltic steel", "tier": 3,
        "status": "open", "registered": False, "region": "", "type": "", "time_zone": "", "dnc_why": "", "dnc_by": "",
        "opened_us": 0, "contacts": 0, "last_us": 0, "last_day": 0, "on_last_day": 0, "next_note": "", "taken_by": "",
    } | said  # fmt: skip
    made: int = connection.execute(
        insert(Customer.__table__).values(values).returning(Customer.__table__.c.id)  # type: ignore[attr-defined]
    ).scalar_one()
    for number in numbers:
        connection.execute(
            insert(CustomerNumber.__table__).values(customer_id=made, number=number, raw=number)  # type: ignore[attr-defined]
        )
    histogram_grown(connection, [made])
    return made


def contacts(connection: Connection, customer_id: int) -> int:
    """The contact number kept on a customer."""
    return int(connection.exec_driver_sql(f"SELECT contacts FROM customer WHERE id = {customer_id}").scalar_one())


def ledger(connection: Connection, customer_id: int) -> list[tuple[Any, ...]]:
    """What stands of a customer: (moment, day, origin, call, number), in the order of their time."""
    return [
        tuple(row)
        for row in connection.exec_driver_sql(
            "SELECT at_us, day, origin, group_id, number FROM contact AS e WHERE counters IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM contact AS t WHERE t.counters = e.id) AND customer_id IN "
            f"(SELECT id FROM customer WHERE id = {customer_id} OR merged_into = {customer_id}) ORDER BY at_us, id"
        ).all()
    ]


def waiting(connection: Connection) -> list[str]:
    """The calls that wait, by group."""
    return sorted(connection.exec_driver_sql("SELECT group_id FROM waiting_call").scalars().all())


def naive(connection: Connection) -> tuple[dict[int, int], list[str]]:
    """Contact numbers of all customers by their calls alone, and the calls that wait, counted one by one."""
    whose: dict[str, set[int]] = defaultdict(set)
    for number, one in connection.exec_driver_sql(
        "SELECT number, coalesce(c.merged_into, c.id) FROM customer_number n JOIN customer c ON c.id = n.customer_id"
    ).all():
        whose[number].add(one)
    days: dict[int, set[int]] = defaultdict(set)
    waits = []
    for group, number, day in connection.exec_driver_sql(
        "SELECT group_id, number, day FROM call WHERE effective = 1"
    ).all():
        theirs = whose.get(number, set())
        if len(theirs) == 1:
            days[next(iter(theirs))].add(day)
        else:
            waits.append(group)
    return {one: len(counted) for one, counted in days.items()}, sorted(waits)
