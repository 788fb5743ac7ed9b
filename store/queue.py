"""The rows behind the follow-up queue, a customer's story, the inbox and the window. Reading only, and no table: a
console shows its first rows before the tables' classes could be made.

The queue is picked from partial indexes over live customers, so that its first lines cost the same at any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver

ALL = 1 << 40
"""A limit that is none."""

Picked = tuple[int, int, int]
"""Tier, last contact and id of a customer: what the queue is ordered by."""

_TIERS = range(4)
_PICK = "SELECT tier, last_us, id FROM customer WHERE live = 1"
_OPEN_ORDER = (
    "EXISTS (SELECT 1 FROM customer AS k CROSS JOIN sales_order AS o WHERE (k.id = customer.id "
    "OR k.merged_into = customer.id) AND o.customer_id = k.id AND o.status || '' = 'open')"
)
"""Looked for among the customer's orders: an index of all open ones would be gone through for each customer."""
_UNDECIDED = f"status <> 'parked' AND (past_until IS NULL OR contacts >= past_until) AND NOT {_OPEN_ORDER}"


def at_number(connection: Connection, contacts: int, limit: int) -> list[Picked]:
    """Return live customers with that contact number: the highest tier, then the longest not contacted first."""
    return driver.rows(connection, f"{_PICK} AND contacts = ? ORDER BY tier, last_us LIMIT ?", (contacts, limit))


def past(connection: Connection, contacts: int, limit: int) -> list[Picked]:
    """Return those of `at_number` that have no open order, are not parked, and of whom nobody has decided yet."""
    return driver.rows(
        connection, f"{_PICK} AND contacts = ? AND {_UNDECIDED} ORDER BY tier, last_us LIMIT ?", (contacts, limit)
    )


def overdue(connection: Connection, tier: int, today: int, without: tuple[int, int], limit: int) -> list[Picked]:
    """Return live customers of a tier whose planned contact is overdue, the longest first; without those whose contact
    number lies in `without`."""
    return driver.rows(
        connection,
        f"{_PICK} AND tier = ? AND next_day < ? AND contacts NOT BETWEEN ? AND ? ORDER BY next_day, last_us LIMIT ?",
        (tier, today, *without, limit),
    )


def rest(connection: Connection, today: int, without: tuple[int, int], limit: int) -> list[Picked]:
    """Return live customers that are neither parked nor overdue; without those whose contact number lies in
    `without`."""
    return driver.rows(
        connection,
        f"{_PICK} AND status <> 'parked' AND (next_day IS NULL OR next_day >= ?) AND contacts NOT BETWEEN ? AND ? "
        "ORDER BY tier, last_us LIMIT ?",
        (today, *without, limit),
    )


def count_past(connection: Connection, after: int, most: int) -> int:
    """Return how many customers `past` has at all contact numbers above `after`, at most `most`."""
    return _count(connection, f"{_PICK} AND contacts > ? AND {_UNDECIDED}", (after,), most)


def count_overdue(connection: Connection, today: int, without: tuple[int, int], most: int) -> int:
    """Return how many customers are overdue, at most `most`."""
    of_tier = f"{_PICK} AND tier = ? AND next_day < ? AND contacts NOT BETWEEN ? AND ?"
    parameters = [value for tier in _TIERS for value in (tier, today, *without)]
    return _count(connection, " UNION ALL ".join([of_tier] * len(_TIERS)), parameters, most)


def _count(connection: Connection, sql: str, parameters: Sequence[int], most: int) -> int:
    ((found,),) = driver.rows(
        connection, f"SELECT count(*) FROM ({sql} LIMIT ?) AS counted", (*parameters, most)
    )  # fmt: skip
    return int(found)


class CustomerRow(NamedTuple):
    """A customer as it is shown. `said`: what was noted last; `number`: the first one; `ordered`: has an open order."""

    id: int
    ref: str
    company: str
    contacts: int
    tier: int
    status: str
    live: int
    region: str
    type: str
    owner_id: int | None
    owner: str | None
    team: str | None
    taken_by: str
    past_until: int | None
    last_us: int
    next_day: int | None
    next_note: str
    ordered: int
    number: str | None
    said: str | None


_CUSTOMERS = f"""
SELECT customer.id, ref, company, contacts, tier, status, live, customer.region, type, owner_id, s.name, team.name,
    taken_by, past_until, last_us, next_day, next_note, {_OPEN_ORDER},
    (SELECT n.number FROM customer_number AS n WHERE n.customer_id = customer.id ORDER BY n.id LIMIT 1),
    (SELECT CASE WHEN e.outcome = '' THEN e.note WHEN e.note = '' THEN e.outcome ELSE e.outcome || ': ' || e.note END
        FROM contact AS e WHERE e.customer_id = customer.id AND e.counters IS NULL AND (e.outcome <> '' OR e.note <> '')
        ORDER BY e.at_us DESC LIMIT 1)
FROM customer LEFT JOIN specialist AS s ON s.id = owner_id LEFT JOIN team ON team.id = s.team_id
"""


def customers(connection: Connection, ids: Sequence[int]) -> dict[int, CustomerRow]:
    """Return customers by id."""
    sql = f"{_CUSTOMERS} WHERE customer.id IN {driver.any_of(connection, 'bigint')}"
    return {row[0]: CustomerRow._make(row) for row in driver.rows(connection, sql, (driver.given(connection, ids),))}


def stamp(connection: Connection) -> tuple[int, int]:
    """Return what rises with every contact and with every act of a person: while it stays, so does the queue."""
    ((contact, act),) = driver.rows(
        connection,
        "SELECT (SELECT coalesce(max(id), 0) FROM contact), (SELECT coalesce(max(id), 0) FROM journal)",
    )
    return contact, act


def root(connection: Connection, customer_id: int) -> int | None:
    """Return the customer that `customer_id` is, itself or whom it was merged into; None: there is none."""
    found = driver.rows(connection, "SELECT coalesce(merged_into, id) FROM customer WHERE id = ?", (customer_id,))
    return found[0][0] if found else None


def found(connection: Connection, text: str, limit: int) -> list[int]:
    """Return customers whose name begins with the key `text`, or whose reference or number it is."""
    after = text + "\U0010ffff"
    rows = driver.rows(
        connection,
        "SELECT coalesce(c.merged_into, c.id) FROM customer AS c WHERE c.company_key >= ? AND c.company_key < ? "
        "ORDER BY c.company_key LIMIT ?",
        (text, after, limit),
    )
    rows += driver.rows(
        connection, "SELECT coalesce(c.merged_into, c.id) FROM customer AS c WHERE c.ref = ?", (text.upper(),)
    )
    rows += driver.rows(
        connection,
        "SELECT coalesce(c.merged_into, c.id) FROM customer_number AS n JOIN customer AS c ON c.id = n.customer_id "
        "WHERE n.number = ? LIMIT ?",
        (text, limit),
    )
    return list(dict.fromkeys(row[0] for row in rows))


def histogram(connection: Connection) -> list[tuple[int, int, int, int]]:
    """Return contact number, customers, live and signed ones, in the order of the numbers."""
    return driver.rows(
        connection,
        "SELECT contacts, customers, live, signed FROM contact_histogram WHERE customers > 0 ORDER BY contacts",
    )


class EffortRow(NamedTuple):
    """Dials of a specialist to known customers, and those of them that went to customers of the lowest tier."""

    specialist: str
    dials: int
    outside: int


def effort(connection: Connection, day: int, lowest: int) -> list[EffortRow]:
    """Return who dialled customers on a day, and how many of the tier `lowest`."""
    rows = driver.rows(
        connection,
        """
        SELECT s.name, count(*), sum(CASE WHEN c.tier = ? THEN 1 ELSE 0 END) AS outside
        FROM call JOIN customer_number AS n ON n.number = call.number
            AND n.customer_id = (SELECT min(m.customer_id) FROM customer_number AS m WHERE m.number = call.number)
        JOIN customer AS c ON c.id = n.customer_id
        JOIN assignment AS a ON a.identity_id = call.identity_id AND a.since <= call.day
            AND (a.until IS NULL OR a.until > call.day)
        JOIN specialist AS s ON s.id = a.specialist_id
        WHERE call.day = ? AND call.dial = 1 GROUP BY s.name
        """,
        (lowest, day),
    )
    return [EffortRow(name, int(dials), int(outside or 0)) for name, dials, outside in rows]


# -- the inbox ----------------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """A call that waits. `owners`: how many customers have its number."""

    source_id: int
    group_id: str
    number: str
    at_us: int
    who: str | None
    owners: int


_OWNERS = (
    "(SELECT count(DISTINCT coalesce(c.merged_into, c.id)) FROM customer_number AS n JOIN customer AS c "
    "ON c.id = n.customer_id WHERE n.number = w.number)"
)


_ASKED = "NOT EXISTS (SELECT 1 FROM no_customer AS x WHERE x.number = w.number)"


def waiting(connection: Connection, limit: int) -> list[Waiting]:
    """Return the calls that wait for a person, newest first."""
    rows = driver.rows(
        connection,
        f"""
        SELECT w.source_id, w.group_id, w.number, w.at_us, coalesce(s.name, i.agent), {_OWNERS}
        FROM waiting_call AS w LEFT JOIN phone_identity AS i ON i.id = w.identity_id
        LEFT JOIN assignment AS a ON a.identity_id = w.identity_id AND a.since <= w.day
            AND (a.until IS NULL OR a.until > w.day)
        LEFT JOIN specialist AS s ON s.id = a.specialist_id WHERE {_ASKED} ORDER BY w.at_us DESC LIMIT ?
        """,
        (limit,),
    )
    return [Waiting._make(row) for row in rows]


def count_waiting(connection: Connection, most: int) -> int:
    """Return how many questions wait, at most `most`: one a number that nobody has, one a call to a shared number."""
    shared = f"CASE WHEN {_OWNERS} > 1 THEN w.source_id || ':' || w.group_id END"
    return _count(connection, f"SELECT DISTINCT w.number, {shared} FROM waiting_call AS w WHERE {_ASKED}", (), most)


def candidates(connection: Connection, numbers: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Return (customer, company) of those who have each of `numbers`."""
    found: dict[str, list[tuple[int, str]]] = {}
    for number, customer, company in driver.rows(
        connection,
        "SELECT DISTINCT n.number, r.id, r.company FROM customer_number AS n "
        "JOIN customer AS c ON c.id = n.customer_id JOIN customer AS r ON r.id = coalesce(c.merged_into, c.id) "
        f"WHERE n.number IN {driver.any_of(connection, 'text')} ORDER BY n.number, r.company, r.id",
        (driver.given(connection, numbers),),
    ):
        found.setdefault(number, []).append((customer, company))
    return found
