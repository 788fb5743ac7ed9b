"""The rows behind the examination of a specialist beside the team. Reading only; days YYYYMMDD, both ends included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver  # and no table: see store.floor


class DayDone(NamedTuple):
    """What a specialist did on a day."""

    specialist_id: int
    day: int
    dials: int
    connected: int
    effective: int
    talk_ms: int
    calls: int


class Touch(NamedTuple):
    """A contact that a specialist had: its contact number (None: not counted), the customer's tier, and whether an
    order of theirs is open or signed."""

    specialist_id: int
    number: int | None
    tier: int
    ordered: bool


class TypeDone(NamedTuple):
    """Orders closed with customers of a type: signed ones, and all."""

    type: str
    signed: int
    closed: int


_THEIRS = "a.specialist_id IN {these} AND a.since <= {day} AND (a.until IS NULL OR a.until > {day})"
_DONE = """
SELECT a.specialist_id, t.day, sum(t.dials), sum(t.connected), sum(t.effective), sum(t.talk_ms), sum(t.calls)
FROM assignment AS a JOIN tally AS t ON t.identity_id = a.identity_id
WHERE {theirs} AND t.day BETWEEN ? AND ? GROUP BY a.specialist_id, t.day
"""
_TALKS = """
SELECT a.specialist_id, call.day, call.talk_ms
FROM assignment AS a JOIN call ON call.identity_id = a.identity_id
WHERE {theirs} AND call.day BETWEEN ? AND ? AND call.dial = 1 AND call.connected = 1 AND call.effective = 1
    AND call.talk_ms IS NOT NULL
"""
_STANDING = "e.counters IS NULL AND NOT EXISTS (SELECT 1 FROM contact AS taken WHERE taken.counters = e.id)"
_CUSTOMER = """JOIN customer AS named ON named.id = e.customer_id
JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)"""
_ORDERED = """EXISTS (SELECT 1 FROM sales_order AS o WHERE o.status IN ('open', 'signed') AND o.customer_id IN
    (SELECT id FROM customer WHERE id = c.id OR merged_into = c.id))"""
_TOUCHES = f"""
SELECT a.specialist_id, e.number, c.tier, {_ORDERED}
FROM assignment AS a JOIN call ON call.identity_id = a.identity_id
JOIN contact AS e ON e.source_id = call.source_id AND e.group_id = call.group_id AND e.group_id IS NOT NULL
{_CUSTOMER}
WHERE {{theirs}} AND call.day BETWEEN ? AND ? AND call.dial = 1 AND call.connected = 1 AND call.effective = 1
    AND {_STANDING}
UNION ALL
SELECT e.specialist_id, e.number, c.tier, {_ORDERED}
FROM contact AS e {_CUSTOMER}
WHERE e.origin = 'hand' AND e.at_us >= ? AND e.day BETWEEN ? AND ? AND e.specialist_id IN {{these}} AND {_STANDING}
"""


def _sql(connection: Connection, sql: str, day: str) -> str:
    these = driver.any_of(connection, "bigint")
    return sql.format(theirs=_THEIRS.format(these=these, day=day), these=these)


def done(connection: Connection, specialists: Sequence[int], first: int, last: int) -> list[DayDone]:
    """Return what specialists did a day, by the phones that were theirs then."""
    rows = driver.rows(
        connection, _sql(connection, _DONE, "t.day"), (driver.given(connection, specialists), first, last)
    )
    return [DayDone._make(map(int, row)) for row in rows]


def talks(connection: Connection, specialists: Sequence[int], first: int, last: int) -> list[tuple[int, int, int]]:
    """Return specialist, day and talk (ms) of each effective call; those whose talk is unknown are left out."""
    parameters = (driver.given(connection, specialists), first, last)
    return [
        (row[0], row[1], row[2]) for row in driver.rows(connection, _sql(connection, _TALKS, "call.day"), parameters)
    ]


def touches(connection: Connection, specialists: Sequence[int], first: int, last: int, first_us: int) -> list[Touch]:
    """Return the contacts of specialists, by telephone and by hand; `first_us` is when the day `first` begins."""
    these = driver.given(connection, specialists)
    rows = driver.rows(
        connection, _sql(connection, _TOUCHES, "call.day"), (these, first, last, first_us, first, last, these)
    )
    return [Touch(row[0], row[1], row[2], bool(row[3])) for row in rows]


def attendance(connection: Connection, specialists: Sequence[int], first: int, last: int) -> dict[tuple[int, int], str]:
    """Return the attendance of specialists by (specialist, day); days of which nothing is told are left out."""
    sql = f"""SELECT specialist_id, day, status FROM attendance
        WHERE day BETWEEN ? AND ? AND specialist_id IN {driver.any_of(connection, "bigint")}"""
    rows = driver.rows(connection, sql, (first, last, driver.given(connection, specialists)))
    return {(row[0], row[1]): row[2] for row in rows}


def opened(connection: Connection, specialists: Sequence[int], first: int, last: int) -> dict[int, int]:
    """Return how many orders of specialists were opened."""
    sql = f"""SELECT specialist_id, count(*) FROM sales_order
        WHERE specialist_id IN {driver.any_of(connection, "bigint")} AND opened_day BETWEEN ? AND ?
        GROUP BY specialist_id"""
    rows = driver.rows(connection, sql, (driver.given(connection, specialists), first, last))
    return {row[0]: int(row[1]) for row in rows}


_SIGNED = "sum(CASE WHEN o.status = 'signed' THEN 1 ELSE 0 END), count(*)"


def closed(connection: Connection, specialists: Sequence[int], first: int, last: int) -> dict[int, tuple[int, int]]:
    """Return how many orders of specialists were signed, and how many were closed."""
    sql = f"""SELECT o.specialist_id, {_SIGNED} FROM sales_order AS o
        WHERE o.specialist_id IN {driver.any_of(connection, "bigint")} AND o.status IN ('signed', 'lost')
            AND o.closed_day BETWEEN ? AND ? GROUP BY o.specialist_id"""
    rows = driver.rows(connection, sql, (driver.given(connection, specialists), first, last))
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def types_of(connection: Connection, specialist_id: int, since: int) -> set[str]:
    """Return the types of the customers whose orders a specialist has, open ones and those closed since a day."""
    sql = """SELECT DISTINCT c.type FROM sales_order AS o JOIN customer AS named ON named.id = o.customer_id
        JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
        WHERE o.specialist_id = ? AND (o.status = 'open' OR o.closed_day >= ?)"""
    return {row[0] for row in driver.rows(connection, sql, (specialist_id, since))}


def closed_by_type(connection: Connection, first: int, last: int) -> dict[str, TypeDone]:
    """Return the floor's closed orders by type of customer."""
    sql = f"""SELECT c.type, {_SIGNED} FROM sales_order AS o JOIN customer AS named ON named.id = o.customer_id
        JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
        WHERE o.status IN ('signed', 'lost') AND o.closed_day BETWEEN ? AND ? GROUP BY c.type"""
    return {row[0]: TypeDone(row[0], int(row[1]), int(row[2])) for row in driver.rows(connection, sql, (first, last))}


def newest_solutions(connection: Connection, specialists: Sequence[int]) -> dict[int, int]:
    """Return when the newest solution was written that a review attached to an order of each specialist."""
    sql = f"""SELECT o.specialist_id, max(solution.changed_us) FROM sales_order AS o
        JOIN review AS r ON r.order_id = o.id JOIN solution ON solution.id = r.solution_id
        WHERE o.specialist_id IN {driver.any_of(connection, "bigint")} AND r.withdrawn_us IS NULL
        GROUP BY o.specialist_id"""
    return {row[0]: row[1] for row in driver.rows(connection, sql, (driver.given(connection, specialists),))}


def signed_at(connection: Connection) -> dict[int, int]:
    """Return how many customers signed at each contact number."""
    sql = "SELECT contacts, signed FROM contact_histogram WHERE signed > 0"
    return {row[0]: row[1] for row in driver.rows(connection, sql)}
