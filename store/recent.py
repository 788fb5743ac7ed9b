"""What is new of a day since it was looked at: calls, records that were edited, pauses told late, customers' numbers.

Rows are told apart by their ids, which rise: there is one writer at a time. Reading only, and no table. Days are
YYYYMMDD, the first and the last of them; moments epoch us, durations ms.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver

Days = tuple[int, int]


class Marks(NamedTuple):
    """The highest ids when the store was looked at, 0 where there is none; `live`: of how many phones a source tells
    what they are doing; `customers`: whether there are any."""

    call: int
    leg: int
    revision: int
    event: int
    number: int
    journal: int
    phone: int
    live: int
    customers: bool


class Changed(NamedTuple):
    """A call that is new, was under way or has another leg. `number` None: it can be told only as it was dialled."""

    call_id: int
    source_id: int
    identity_id: int | None
    direction: str
    number: str | None
    number_raw: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None
    progress: int
    legs: int


class Part(NamedTuple):
    """A leg of a call with several."""

    call_id: int
    identity_id: int
    direction: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    progress: int


class Edited(NamedTuple):
    """A leg that its source told otherwise later, or took back (`there` False), and the phone identities whose it and
    its call are, and whose it was."""

    there: bool
    whose: frozenset[int]


def marks(connection: Connection) -> Marks:
    """Return what there is now."""
    tables = ("call", "leg", "revision", "state_event", "customer_number", "journal", "phone_identity")
    highest = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" for table in tables)
    sql = f"SELECT {highest}, (SELECT count(*) FROM presence), EXISTS (SELECT 1 FROM customer)"
    ((*ids, live, customers),) = driver.rows(connection, sql)
    return Marks._make((*map(int, ids), live, bool(customers)))


def under_way(connection: Connection, days: Days) -> list[tuple[int, int]]:
    """Return the legs that are not over, and the calls whose they are."""
    sql = """
    SELECT leg.id, c.id FROM leg JOIN call AS c ON c.source_id = leg.source_id AND c.group_id = leg.group_id
    WHERE leg.progress < 3 AND leg.day BETWEEN ? AND ?
    """
    return [(row[0], row[1]) for row in driver.rows(connection, sql, days)]


def changed(
    connection: Connection, days: Days, since: Marks, calls: Collection[int], legs: Collection[int]
) -> list[Changed]:
    """Return the calls that are new, have a new leg, or are among `calls` or those of `legs`, as they are now, in the
    order they began."""
    these = driver.any_of(connection, "bigint")
    of_leg = "FROM leg CROSS JOIN call AS c WHERE c.source_id = leg.source_id AND c.group_id = leg.group_id"
    sql = f"""
    SELECT c.id, c.source_id, c.identity_id, c.direction, c.number, c.number_raw, c.started_us, c.answered_us,
        c.ended_us, c.talk_ms, c.progress, c.legs
    FROM call AS c WHERE c.id IN (
        SELECT id FROM call WHERE id > ? UNION SELECT id FROM call WHERE id IN {these}
        UNION SELECT c.id {of_leg} AND leg.id > ? UNION SELECT c.id {of_leg} AND leg.id IN {these}
    ) AND c.day BETWEEN ? AND ? ORDER BY c.started_us, c.id
    """
    given = (since.call, driver.given(connection, calls), since.leg, driver.given(connection, legs), *days)
    return [Changed._make(row) for row in driver.rows(connection, sql, given)]


def parts(connection: Connection, calls: Collection[int]) -> list[Part]:
    """Return who takes part in `calls`, and when."""
    sql = f"""
    SELECT c.id, leg.identity_id, leg.direction, leg.started_us, leg.answered_us, leg.ended_us, leg.progress
    FROM call AS c CROSS JOIN leg WHERE leg.source_id = c.source_id AND leg.group_id = c.group_id
        AND leg.identity_id IS NOT NULL AND c.id IN {driver.any_of(connection, "bigint")}
    """
    return [Part._make(row) for row in driver.rows(connection, sql, (driver.given(connection, calls),))]


def edited(connection: Connection, days: Days, since: Marks) -> list[Edited]:
    """Return the legs of `days` that were edited, and all that were taken back."""
    sql = """
    SELECT leg.id IS NOT NULL, r.source_id, r.before, leg.identity_id, c.identity_id FROM revision AS r
    LEFT JOIN leg ON leg.source_id = r.source_id AND leg.leg_id = r.leg_id
    LEFT JOIN call AS c ON c.source_id = leg.source_id AND c.group_id = leg.group_id
    WHERE r.id > ? AND (leg.day IS NULL OR leg.day BETWEEN ? AND ?)
    """
    found = driver.rows(connection, sql, (since.revision, *days))
    before = [(source_id, json.loads(told)["agent"]) for _, source_id, told, *_ in found]
    agents = {agent for _, agent in before if agent is not None}
    sql = f"SELECT source_id, agent, id FROM phone_identity WHERE agent IN {driver.any_of(connection, 'text')}"
    phones = {
        (source_id, agent): identity
        for source_id, agent, identity in driver.rows(connection, sql, (driver.given(connection, agents),))
    }
    return [
        Edited(bool(there), frozenset({*now, phones.get(was)} - {None}))
        for (there, _, _, *now), was in zip(found, before, strict=True)
    ]


def paused_late(connection: Connection, since: Marks, before_us: int) -> set[int]:
    """Return the phone identities of which a pause or the end of one became known that was before `before_us`."""
    sql = """
    SELECT e.identity_id FROM state_event AS e WHERE e.id > ? AND e.at_us < ? AND (e.state = 'paused' OR (
        SELECT p.state FROM state_event AS p WHERE p.identity_id = e.identity_id AND p.at_us < e.at_us
        ORDER BY p.at_us DESC LIMIT 1) = 'paused')
    """
    return {row[0] for row in driver.rows(connection, sql, (since.event, before_us))}


def calls_with(
    connection: Connection, days: Days, numbers: Collection[str]
) -> list[tuple[int, str, int, int | None]]:  # fmt: skip
    """Return phone identity, number, how often they called each other, and the longest talk (ms), of `numbers`."""
    sql = f"""
    SELECT identity_id, number, count(*), max(talk_ms) FROM call
    WHERE number IN {driver.any_of(connection, "text")} AND day BETWEEN ? AND ? AND identity_id IS NOT NULL
    GROUP BY identity_id, number
    """
    found = driver.rows(connection, sql, (driver.given(connection, numbers), *days))
    return [(row[0], row[1], int(row[2]), row[3]) for row in found]


def with_new_numbers(connection: Connection, days: Days, since: Marks) -> set[int]:
    """Return the phone identities with calls with a number that became a customer's."""
    sql = """
    SELECT c.identity_id FROM customer_number AS n CROSS JOIN call AS c
    WHERE n.id > ? AND c.number = n.number AND c.day BETWEEN ? AND ? AND c.identity_id IS NOT NULL
    UNION SELECT identity_id FROM call WHERE number IS NULL AND day BETWEEN ? AND ? AND identity_id IS NOT NULL
        AND number_raw IN (SELECT number FROM customer_number WHERE id > ?)
    """
    return {row[0] for row in driver.rows(connection, sql, (since.number, *days, *days, since.number))}


def customers_told(connection: Connection, since: Marks) -> tuple[int, ...]:
    """Return what is another once somebody may be called again, customers are made one, or a number is taken from
    them; by how many numbers there were at `since`. All customers are gone through."""
    sql = """
    SELECT count(dnc_us), coalesce(sum(dnc_us), 0), count(merged_into), coalesce(sum(merged_into), 0),
        (SELECT count(*) FROM customer_number WHERE id <= ?) FROM customer
    """
    ((*found,),) = driver.rows(connection, sql, (since.number,))
    return tuple(map(int, found))
