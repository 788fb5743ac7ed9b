"""The rows by which a day is audited, besides those it is judged by (store.evaluation), and its sums counted anew.
Reading only, and no table.

Days are YYYYMMDD in the floor's zone, moments epoch us, durations ms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver
from store.evaluation import STANDING, THEIRS, WRITTEN


class LogRow(NamedTuple):
    """A written contact that stands; of a customer who was merged: with the one they were merged into. `specialist_id`
    None: nobody said whose it is; `accepted_by` "": no supervisor accepted it."""

    entry_id: int
    specialist_id: int | None
    specialist: str
    team: str
    customer_id: int
    company: str
    channel: str
    at_us: int
    claimed_ms: int | None
    outcome: str
    note: str
    accepted_by: str


class Decided(NamedTuple):
    """What was decided about an item of a day: see store.audit.AuditDecision."""

    class_: str
    state: str
    why: str
    who: str
    flag_id: int | None


class Recount(NamedTuple):
    """The sums of a day, counted by the database."""

    legs: int
    calls: int
    dials: int
    connected: int
    effective: int
    talk_ms: int
    contacts: int


class Tally(NamedTuple):
    """What a phone did on a day, as it is kept: see store.ledger.Tally."""

    calls: int
    dials: int
    connected: int
    effective: int
    talk_ms: int


_LOGS = f"""
SELECT e.id, e.specialist_id, coalesce(s.name, ''), coalesce(team.name, ''), r.id, r.company, e.channel, e.at_us,
    e.claimed_ms, e.outcome, e.note, e.accepted_by
FROM contact AS e JOIN customer AS c ON c.id = e.customer_id JOIN customer AS r ON r.id = coalesce(c.merged_into, c.id)
LEFT JOIN specialist AS s ON s.id = e.specialist_id LEFT JOIN team ON team.id = s.team_id
WHERE {WRITTEN} AND {STANDING} ORDER BY e.at_us, e.id
"""


def logs(connection: Connection, from_us: int, until_us: int) -> list[LogRow]:
    """Return the written contacts that stand, from a moment until before another one, in the order of their time."""
    return [LogRow._make(row) for row in driver.rows(connection, _LOGS, (from_us, until_us))]


def settled(connection: Connection, calls: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return customer and company of those of `calls` ("source:group") that the ledger has as a contact: whose call it
    was is known, by a person or because the number was one customer's alone."""
    groups: dict[str, list[str]] = defaultdict(list)
    for call in calls:
        source, _, group = call.partition(":")
        groups[source].append(group)
    sql = f"""
    SELECT e.group_id, r.id, r.company FROM contact AS e JOIN source ON source.id = e.source_id
    JOIN customer AS c ON c.id = e.customer_id JOIN customer AS r ON r.id = coalesce(c.merged_into, c.id)
    WHERE source.name = ? AND e.group_id IN {driver.any_of(connection, "text")} AND e.group_id IS NOT NULL
        AND e.counters IS NULL AND {STANDING}
    """
    return {
        f"{source}:{group}": (customer_id, company)
        for source, theirs in groups.items()
        for group, customer_id, company in driver.rows(connection, sql, (source, driver.given(connection, theirs)))
    }


def decisions(connection: Connection, day: int) -> dict[str, Decided]:
    """Return what was decided about the items of a day, by item: the newest that was not taken back."""
    sql = """SELECT item, class_, state, why, who, flag_id FROM audit_decision
        WHERE day = ? AND withdrawn_us IS NULL ORDER BY id"""
    return {row[0]: Decided._make(row[1:]) for row in driver.rows(connection, sql, (day,))}


def tallies(connection: Connection, day: int) -> dict[int, Tally]:
    """Return what phones did on a day, as it is kept, by identity."""
    sql = "SELECT identity_id, calls, dials, connected, effective, talk_ms FROM tally WHERE day = ?"
    return {row[0]: Tally._make(row[1:]) for row in driver.rows(connection, sql, (day,))}


_OF_TEAM = """
AND c.identity_id IN (SELECT a.identity_id FROM assignment AS a JOIN specialist AS s ON s.id = a.specialist_id
    JOIN team ON team.id = s.team_id WHERE a.since <= ? AND (a.until IS NULL OR a.until > ?) AND team.name = ?
    AND (s.hired IS NULL OR s.hired <= ?) AND (s."left" IS NULL OR s."left" >= ?))
"""
_BY_TEAM = """
AND e.specialist_id IN (SELECT s.id FROM specialist AS s JOIN team ON team.id = s.team_id WHERE team.name = ?)
"""


def recount(connection: Connection, day: int, span: tuple[int, int], team: str | None = None) -> Recount:
    """Return the sums of `day`, counted anew from calls, legs and entries; `span`: when it begins and ends.

    Legs are those of the calls of the day; talk that of the legs that went the way their call did, outbound or inbound.
    `team`: of the calls of its people's phones and the logs of its people alone.
    """
    of, by = ("", "") if team is None else (_OF_TEAM, _BY_TEAM)
    whose: tuple[object, ...] = () if team is None else (day, day, team, day, day)
    ((calls, dials, connected, effective),) = driver.rows(
        connection,
        f"SELECT count(*), sum(c.dial), sum(c.connected), sum(c.effective) FROM call AS c WHERE c.day = ? {of}",
        (day, *whose),
    )
    ((legs, talk_ms),) = driver.rows(
        connection,
        f"""
        SELECT count(*), sum(CASE WHEN c.direction IN ('outbound', 'inbound') AND leg.direction = c.direction
            THEN leg.talk_ms END)
        FROM call AS c JOIN leg ON leg.source_id = c.source_id AND leg.group_id = c.group_id WHERE c.day = ? {of}
        """,
        (day, *whose),
    )
    ((contacts,),) = driver.rows(
        connection,
        f"SELECT count(*) FROM contact AS e WHERE {WRITTEN} AND {STANDING} {by}",
        (*span, *(() if team is None else (team,))),
    )
    found = (legs, calls, dials, connected, effective, talk_ms, contacts)
    return Recount._make(int(one or 0) for one in found)


def whose_call(connection: Connection, source: str, group_id: str, day: int) -> tuple[int | None, int | None]:
    """Return the specialist whose phone a call of `day` was made with, and the phone identity; None: nobody's."""
    found = driver.rows(
        connection,
        f"""SELECT a.specialist_id, c.identity_id FROM call AS c JOIN source ON source.id = c.source_id
        LEFT JOIN assignment AS a ON {THEIRS.format(phone="c.identity_id", day="?")}
        WHERE source.name = ? AND c.group_id = ?""",
        (day, day, source, group_id),
    )
    return (found[0][0], found[0][1]) if found else (None, None)


def whose_log(connection: Connection, entry_id: int) -> int | None:
    """Return the specialist of whom a log was written; None: nobody said whose it is."""
    found = driver.rows(connection, "SELECT specialist_id FROM contact WHERE id = ?", (entry_id,))
    return found[0][0] if found else None
