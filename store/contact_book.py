"""What bringing contacts in and out reads, many at a time: the entries of the ledger that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver
from store.counting import STANDING


class Told(NamedTuple):
    """An entry that stands, of the customer `root` and its doubles. Of an entry of the phones: the specialist whose
    phone it was on that day, and the talk of its call. Moments epoch us, `ms` None: unknown."""

    id: int
    root: int
    at_us: int
    specialist_id: int | None
    specialist: str | None
    channel: str
    origin: str
    outcome: str
    note: str
    ms: int | None
    number: int | None


_TOLD = """
SELECT e.id, {root}, e.at_us, s.id, s.name, e.channel, e.origin, e.outcome, e.note,
    CASE WHEN e.origin = 'phone' THEN call.talk_ms ELSE e.claimed_ms END, e.number
"""
_JOINED = """
LEFT JOIN assignment AS a ON a.identity_id = e.identity_id AND a.since <= e.day AND (a.until IS NULL OR a.until > e.day)
LEFT JOIN specialist AS s ON s.id = coalesce(e.specialist_id, a.specialist_id)
LEFT JOIN call ON call.source_id = e.source_id AND call.group_id = e.group_id
"""


def newest(connection: Connection) -> int:
    """Return the newest entry of the ledger; 0: there is none."""
    ((found,),) = driver.rows(connection, "SELECT coalesce(max(id), 0) FROM contact")
    return int(found)


def at(connection: Connection, moments: Collection[tuple[int, int]]) -> list[Told]:
    """Return the entries of `moments`: pairs of customer and epoch us."""
    members = _members(connection, {root for root, _ in moments})
    pairs = [(member, at_us, root) for root, at_us in moments for member in members[root]]
    if driver.is_sqlite(connection):
        parts = [f"json_extract(value, '$[{place}]')" for place in range(3)]
        wanted = f"(SELECT {parts[0]} AS customer_id, {parts[1]} AS at_us, {parts[2]} AS root FROM json_each(?))"
        given: Sequence[object] = (driver.given(connection, pairs),)
    else:
        wanted = "(SELECT * FROM unnest({0}, {0}, {0}) AS u (customer_id, at_us, root))".format("CAST(? AS bigint[])")
        given = [[pair[place] for pair in pairs] for place in range(3)]
    rows = driver.rows(
        connection,
        f"{_TOLD.format(root='k.root')} FROM {wanted} AS k "
        f"JOIN contact AS e ON e.customer_id = k.customer_id AND e.at_us = k.at_us {_JOINED} "
        f"WHERE {STANDING} ORDER BY e.id",
        given,
    )
    return [Told._make(row) for row in rows]


def of(connection: Connection, roots: Sequence[int]) -> dict[int, list[Told]]:
    """Return the entries of customers and their doubles, in the order of their time."""
    found: dict[int, list[Told]] = defaultdict(list)
    of_any, given = driver.any_of(connection, "bigint"), driver.given(connection, roots)
    rows = driver.rows(
        connection,
        f"{_TOLD.format(root='k.root')} FROM (SELECT id, id AS root FROM customer WHERE id IN {of_any} "
        f"UNION ALL SELECT id, merged_into FROM customer WHERE merged_into IN {of_any}) AS k "
        f"JOIN contact AS e ON e.customer_id = k.id {_JOINED} WHERE {STANDING} ORDER BY k.root, e.at_us, e.id",
        (given, given),
    )
    for told in map(Told._make, rows):
        found[told.root].append(told)
    return found


def _members(connection: Connection, roots: Collection[int]) -> dict[int, list[int]]:
    """Return each of `roots` with its doubles."""
    found = {root: [root] for root in roots}
    sql = f"SELECT merged_into, id FROM customer WHERE merged_into IN {driver.any_of(connection, 'bigint')}"
    for root, id_ in driver.rows(connection, sql, (driver.given(connection, roots),)):
        found[root].append(id_)
    return found
