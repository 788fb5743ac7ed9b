"""The rows behind the audit of a month and the summary of a week or a month. Reading only.

Days are YYYYMMDD, both ends included; moments epoch us, `until_us` left out; money cents. Sums come from tallies and
from what an index holds by itself, so that a month is read as fast beside ten million legs as beside none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver  # and no table: see store.floor


class Sums(NamedTuple):
    """What all phones together did; `talk_ms` of outbound and inbound legs."""

    calls: int
    dials: int
    connected: int
    effective: int
    talk_ms: int


class Closed(NamedTuple):
    """An order that was signed or lost; `amount_cents` of its contract, without one its own. `team` "": none."""

    order_id: int
    ref: str
    company: str
    specialist_id: int | None
    specialist: str
    team: str
    package: str
    status: str
    amount_cents: int
    closed_day: int
    why: str


class Seal(NamedTuple):
    """Who signed a day, when, and the hash of its seal; of a day signed again the newest."""

    day: int
    who: str
    at_us: int
    hash: str


class Candidate(NamedTuple):
    """An effective call that may be listened to again; `number` in E.164 where it can be told, else as dialled."""

    specialist_id: int
    specialist: str
    source_id: int
    source: str
    group_id: str
    started_us: int
    ended_us: int | None
    talk_ms: int | None
    number: str


class Log(NamedTuple):
    """A call that somebody wrote down; of a customer who was merged: with the one they were merged into."""

    specialist_id: int
    customer_id: int
    at_us: int


_STANDING = "NOT EXISTS (SELECT 1 FROM contact AS taken WHERE taken.counters = e.id)"
_WRITTEN = "e.origin = 'hand' AND e.counters IS NULL AND e.at_us >= ? AND e.at_us < ?"
_THEIRS = "a.since <= {day} AND (a.until IS NULL OR a.until > {day})"


def sums(connection: Connection, first: int, last: int) -> Sums:
    """Return the sums of all phones, of unknown ones and of calls that are nobody's too: those are counted on their
    indexes."""
    days = (first, last)
    ((calls, dials, connected, effective, talk),) = driver.rows(
        connection,
        "SELECT sum(calls), sum(dials), sum(connected), sum(effective), sum(talk_ms) FROM tally "
        "WHERE day BETWEEN ? AND ?",
        days,
    )
    ((more_calls, more_dials, more_connected, more_effective),) = driver.rows(
        connection,
        "SELECT count(*), sum(dial), sum(connected), sum(effective) FROM call "
        "WHERE identity_id IS NULL AND day BETWEEN ? AND ?",
        days,
    )
    ((more_talk,),) = driver.rows(
        connection,
        "SELECT sum(CASE WHEN direction IN ('outbound', 'inbound') THEN talk_ms END) FROM leg "
        "WHERE identity_id IS NULL AND day BETWEEN ? AND ?",
        days,
    )
    both = (
        (calls, more_calls), (dials, more_dials), (connected, more_connected), (effective, more_effective),
        (talk, more_talk),
    )  # fmt: skip
    return Sums(*(int(one or 0) + int(more or 0) for one, more in both))


def legs(connection: Connection, first: int, last: int) -> int:
    """Return how many legs there were, counted on the index, a phone after the other."""
    ((theirs,),) = driver.rows(
        connection,
        "SELECT count(*) FROM phone_identity AS i CROSS JOIN leg "
        "WHERE leg.identity_id = i.id AND leg.day BETWEEN ? AND ?",
        (first, last),
    )
    ((nobodys,),) = driver.rows(
        connection, "SELECT count(*) FROM leg WHERE identity_id IS NULL AND day BETWEEN ? AND ?", (first, last)
    )
    return int(theirs) + int(nobodys)


def calls_of(connection: Connection, specialists: Collection[int], first: int, last: int) -> int:
    """Return how many calls the phones of specialists had, from their tallies."""
    sql = f"""SELECT coalesce(sum(t.calls), 0) FROM assignment AS a JOIN tally AS t ON t.identity_id = a.identity_id
        WHERE a.specialist_id IN {driver.any_of(connection, "bigint")} AND t.day BETWEEN ? AND ?
            AND {_THEIRS.format(day="t.day")}"""
    ((found,),) = driver.rows(connection, sql, (driver.given(connection, specialists), first, last))
    return int(found)


def legs_of(connection: Connection, specialists: Collection[int], first: int, last: int) -> int:
    """Return how many legs the phones of specialists had, counted on the index."""
    these = driver.any_of(connection, "bigint")
    sql = f"""SELECT count(*) FROM assignment AS a CROSS JOIN leg WHERE a.specialist_id IN {these}
        AND leg.identity_id = a.identity_id AND leg.day BETWEEN ? AND ? AND {_THEIRS.format(day="leg.day")}"""
    ((found,),) = driver.rows(connection, sql, (driver.given(connection, specialists), first, last))
    return int(found)


def written(connection: Connection, from_us: int, until_us: int) -> dict[int | None, int]:
    """Return how many contacts of any channel were written down of each specialist (None: of nobody) and stand."""
    sql = (
        f"SELECT e.specialist_id, count(*) FROM contact AS e WHERE {_WRITTEN} AND {_STANDING} GROUP BY e.specialist_id"
    )
    return {row[0]: int(row[1]) for row in driver.rows(connection, sql, (from_us, until_us))}


def closed(connection: Connection, first: int, last: int) -> list[Closed]:
    """Return the orders that were signed or lost, in the order of their days."""
    sql = """
    SELECT o.id, o.ref, c.company, o.specialist_id, coalesce(s.name, ''), coalesce(team.name, ''), o.package, o.status,
        CASE WHEN o.status = 'signed' THEN coalesce(contract.amount_cents, o.amount_cents) ELSE o.amount_cents END,
        o.closed_day, o.closed_why
    FROM sales_order AS o JOIN customer AS named ON named.id = o.customer_id
    JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
    LEFT JOIN specialist AS s ON s.id = o.specialist_id LEFT JOIN team ON team.id = s.team_id
    LEFT JOIN contract ON contract.order_id = o.id
    WHERE o.status IN ('signed', 'lost') AND o.closed_day BETWEEN ? AND ? ORDER BY o.closed_day, o.id
    """
    return [Closed._make(row) for row in driver.rows(connection, sql, (first, last))]


def heard(connection: Connection, orders: Collection[int]) -> list[tuple[int, str]]:
    """Return order and code of the evidence that stands, in the order it was heard."""
    sql = f"""SELECT order_id, code FROM evidence WHERE order_id IN {driver.any_of(connection, "bigint")}
        AND withdrawn_us IS NULL ORDER BY heard_us, id"""
    return [(row[0], row[1]) for row in driver.rows(connection, sql, (driver.given(connection, orders),))]


def gone_live(connection: Connection, from_us: int, until_us: int) -> dict[int | None, int]:
    """Return how many onboardings went live, by specialist (None: of nobody)."""
    sql = "SELECT specialist_id, count(*) FROM onboarding WHERE live_us >= ? AND live_us < ? GROUP BY specialist_id"
    return {row[0]: int(row[1]) for row in driver.rows(connection, sql, (from_us, until_us))}


def flagged(connection: Connection, first: int, last: int) -> list[tuple[int | None, str, int]]:
    """Return specialist (None: an unknown phone), kind ("flag", "merit") and number of the flags and merits of the days
    that were neither withdrawn nor dismissed."""
    sql = """SELECT specialist_id, CASE WHEN rule = 'merit' THEN 'merit' ELSE 'flag' END, count(*) FROM flag
        WHERE day BETWEEN ? AND ? AND state <> 'withdrawn' AND decision <> 'dismissed'
        GROUP BY 1, 2"""
    return [(row[0], row[1], int(row[2])) for row in driver.rows(connection, sql, (first, last))]


def seals(connection: Connection, first: int, last: int) -> list[Seal]:
    """Return the days that were signed, in order."""
    sql = """SELECT s.day, s.who, s.at_us, s.hash FROM sealed_day AS s WHERE s.day BETWEEN ? AND ?
        AND NOT EXISTS (SELECT 1 FROM sealed_day AS newer WHERE newer.day = s.day AND newer.id > s.id) ORDER BY s.day"""
    return [Seal._make(row) for row in driver.rows(connection, sql, (first, last))]


def days_with_calls(connection: Connection, first: int, last: int) -> list[int]:
    """Return the days on which any phone had a call, in order."""
    sql = "SELECT DISTINCT day FROM tally WHERE day BETWEEN ? AND ? ORDER BY day"
    return [row[0] for row in driver.rows(connection, sql, (first, last))]


# -- the calls that are listened to again -------------------------------------------------------------------------


def candidates(connection: Connection, specialists: Sequence[int], first: int, last: int) -> list[Candidate]:
    """Return the effective calls of specialists, by the phones that were theirs then, ordered by who and when."""
    sql = f"""
    SELECT a.specialist_id, s.name, c.source_id, source.name, c.group_id, c.started_us, c.ended_us, c.talk_ms,
        coalesce(c.number, c.number_raw)
    FROM assignment AS a JOIN call AS c ON c.identity_id = a.identity_id JOIN specialist AS s ON s.id = a.specialist_id
    JOIN source ON source.id = c.source_id
    WHERE a.specialist_id IN {driver.any_of(connection, "bigint")} AND {_THEIRS.format(day="c.day")}
        AND c.day BETWEEN ? AND ? AND c.dial = 1 AND c.connected = 1 AND c.effective = 1
    ORDER BY a.specialist_id, c.started_us, c.source_id, c.group_id
    """
    rows = driver.rows(connection, sql, (driver.given(connection, specialists), first, last))
    return [Candidate._make(row) for row in rows]


def logs(connection: Connection, specialists: Sequence[int], from_us: int, until_us: int) -> list[Log]:
    """Return the calls that specialists wrote down and that stand."""
    sql = f"""
    SELECT e.specialist_id, coalesce(named.merged_into, named.id), e.at_us
    FROM contact AS e JOIN customer AS named ON named.id = e.customer_id
    WHERE {_WRITTEN} AND e.channel = 'call' AND {_STANDING}
        AND e.specialist_id IN {driver.any_of(connection, "bigint")}
    """
    rows = driver.rows(connection, sql, (from_us, until_us, driver.given(connection, specialists)))
    return [Log._make(row) for row in rows]


def told_of(connection: Connection, source_id: int, group_id: str) -> tuple[str, str]:
    """Return the company that the ledger of contacts has for a call, and the reference of its recording; "": none."""
    companies = driver.rows(
        connection,
        f"""SELECT c.company FROM contact AS e JOIN customer AS named ON named.id = e.customer_id
        JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
        WHERE e.source_id = ? AND e.group_id = ? AND e.group_id IS NOT NULL AND e.counters IS NULL AND {_STANDING}
        ORDER BY e.id LIMIT 1""",
        (source_id, group_id),
    )
    recordings = driver.rows(
        connection,
        "SELECT recording FROM leg WHERE source_id = ? AND group_id = ? AND recording IS NOT NULL AND recording <> '' "
        "ORDER BY started_us, id LIMIT 1",
        (source_id, group_id),
    )
    return (companies[0][0] if companies else ""), (recordings[0][0] if recordings else "")
