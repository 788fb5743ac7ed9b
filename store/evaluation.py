"""The rows of one day by which discipline is judged, in few statements. Reading only, and no table.

Days are YYYYMMDD, moments epoch us, durations ms. `identities` restricts what is read to those phone identities; None:
all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver

THEIRS = "a.identity_id = {phone} AND a.since <= {day} AND (a.until IS NULL OR a.until > {day})"
"""The assignment `a` of a phone that holds on a day: since inclusive, until exclusive."""

END_OF_TIME = 1 << 62


class PhoneHeld(NamedTuple):
    """A phone identity and whose it is on a day (None: nobody's). `live`: its source tells what it is doing now."""

    identity_id: int
    source_id: int
    source: str
    agent: str
    specialist_id: int | None
    live: bool


class Attended(NamedTuple):
    """What attendance tells of a specialist on a day; `start`/`end` in minutes since local midnight."""

    specialist_id: int
    day: int
    status: str
    start: int | None
    end: int | None


class Owner(NamedTuple):
    """A number and a customer whose it is: of a merged one the one it was merged into."""

    number: str
    customer_id: int
    company: str
    time_zone: str
    dnc_us: int | None
    dnc_why: str


class PartTaken(NamedTuple):
    """A leg of a call with several: who took part in it and when. `progress`: see integrations.provider.Progress."""

    identity_id: int
    direction: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    progress: int


class Pause(NamedTuple):
    """A phone that was paused, why, and until when; `until_us` None: it still is."""

    identity_id: int
    from_us: int
    until_us: int | None
    reason: str


class Written(NamedTuple):
    """A call that somebody wrote down, that stands and that no supervisor accepted."""

    entry_id: int
    specialist_id: int
    customer_id: int
    company: str
    at_us: int
    claimed_ms: int | None


class Out(NamedTuple):
    """A time during which nothing was heard of a source; `until_us` None: still."""

    source_id: int
    source: str
    from_us: int
    until_us: int | None


def phones(connection: Connection, day: int) -> list[PhoneHeld]:
    """Return every phone identity and whose it is on `day`."""
    sql = f"""
    SELECT i.id, i.source_id, source.name, i.agent, a.specialist_id, p.identity_id IS NOT NULL
    FROM phone_identity AS i JOIN source ON source.id = i.source_id
    LEFT JOIN assignment AS a ON {THEIRS.format(phone="i.id", day="?")}
    LEFT JOIN presence AS p ON p.identity_id = i.id ORDER BY i.id
    """
    return [PhoneHeld._make(row) for row in driver.rows(connection, sql, (day, day))]


def attendance(connection: Connection, first: int, last: int) -> list[Attended]:
    """Return what attendance tells of the days from `first` to `last`."""
    sql = 'SELECT specialist_id, day, status, start, "end" FROM attendance WHERE day BETWEEN ? AND ?'
    return [Attended._make(row) for row in driver.rows(connection, sql, (first, last))]


Call = tuple[Any, ...]
"""A call: "source:group", identity, direction, number, started, answered, ended, talk (ms), dial, connected, effective;
then its progress, how many legs it has, and its outcome. A plain tuple: a day may have 200,000."""

_CALLS = """
SELECT source.name || ':' || c.group_id, c.identity_id, c.direction, coalesce(c.number, c.number_raw), c.started_us,
    c.answered_us, c.ended_us, c.talk_ms, c.dial, c.connected, c.effective, c.progress, c.legs, c.outcome
FROM {tables} JOIN source ON source.id = c.source_id
WHERE c.day = ? AND {began} >= ? AND {began} < ? {of} ORDER BY c.started_us, source.name, c.group_id
"""


def calls(
    connection: Connection, day: int, from_us: int = 0, until_us: int = END_OF_TIME,
    identities: Sequence[int] | None = None,
) -> list[Call]:  # fmt: skip
    """Return the calls of `day` that began from `from_us` until before `until_us`, in the order they began."""
    tables, began = "call AS c", "c.started_us"
    of, more = _of(connection, "own.id", identities)
    if identities is not None:  # theirs are found by whose they are, not among all of the day
        tables, began = "phone_identity AS own CROSS JOIN call AS c", "(c.started_us + 0)"
        of = f"{of} AND c.identity_id = own.id"
    return driver.rows(connection, _CALLS.format(tables=tables, began=began, of=of), (day, from_us, until_us, *more))


def parts(
    connection: Connection, day: int, from_us: int = 0, until_us: int = END_OF_TIME,
    identities: Sequence[int] | None = None,
) -> list[PartTaken]:  # fmt: skip
    """Return who took part in the calls of `day` that have several legs, and when."""
    tables = "call AS c CROSS JOIN leg"
    of, more = _of(connection, "leg.identity_id", identities)
    if identities is not None:  # by their own legs, which began on the day of the call or past midnight
        tables, of = "leg CROSS JOIN call AS c", f"{of} AND leg.day IN (?, ?)"
        more = (*more, day, int(f"{date.fromisoformat(str(day)) + timedelta(days=1):%Y%m%d}"))
    sql = f"""
    SELECT leg.identity_id, leg.direction, leg.started_us, leg.answered_us, leg.ended_us, leg.progress
    FROM {tables} WHERE leg.source_id = c.source_id AND leg.group_id = c.group_id
        AND c.day = ? AND c.started_us >= ? AND c.started_us < ? AND c.legs > 1
        AND leg.identity_id IS NOT NULL {of}
    """
    return [PartTaken._make(row) for row in driver.rows(connection, sql, (day, from_us, until_us, *more))]


def owners(connection: Connection, numbers: Collection[str]) -> list[Owner]:
    """Return whose each of `numbers` is; one that is nobody's is not there, a shared one several times."""
    sql = f"""
    SELECT DISTINCT n.number, r.id, r.company, r.time_zone, r.dnc_us, r.dnc_why FROM customer_number AS n
    JOIN customer AS c ON c.id = n.customer_id JOIN customer AS r ON r.id = coalesce(c.merged_into, c.id)
    WHERE n.number IN {driver.any_of(connection, "text")} ORDER BY n.number, r.id
    """
    return [Owner._make(row) for row in driver.rows(connection, sql, (driver.given(connection, numbers),))]


def any_customers(connection: Connection) -> bool:
    """Whether a list of customers was ever brought in."""
    return bool(driver.rows(connection, "SELECT 1 FROM customer LIMIT 1"))


def called_before(
    connection: Connection, first: int, last: int, numbers: Collection[str], as_dialled: Collection[str]
) -> list[tuple[int, int | None, str, int]]:
    """Return phone identity, whose it was (None: nobody's), number and how often they called each other, from the day
    `first` to the day `last`; of calls with the outside alone."""
    sql = f"""
    SELECT c.identity_id, a.specialist_id, {{number}}, count(*) FROM call AS c
    LEFT JOIN assignment AS a ON {THEIRS.format(phone="c.identity_id", day="c.day")}
    WHERE {{where}} AND c.day BETWEEN ? AND ? AND c.identity_id IS NOT NULL
    GROUP BY c.identity_id, a.specialist_id, {{number}}
    """
    these, given = driver.any_of(connection, "text"), driver.given(connection, numbers)
    told = sql.format(number="c.number", where=f"c.number IN {these}")
    raw = sql.format(
        number="c.number_raw",
        where=f"c.number IS NULL AND c.direction <> 'internal' AND c.number_raw IN {these}",
    )
    found = driver.rows(connection, told, (given, first, last))
    if as_dialled:
        found += driver.rows(connection, raw, (driver.given(connection, as_dialled), first, last))
    return [(row[0], row[1], row[2], int(row[3])) for row in found]


def told_numbers(connection: Connection, days: tuple[int, int], numbers: Collection[str]) -> set[str]:
    """Return those of `numbers` that calls of `days` had and that can be told."""
    sql = f"SELECT DISTINCT number FROM call WHERE number IN {driver.any_of(connection, 'text')} AND day IN (?, ?)"
    return {row[0] for row in driver.rows(connection, sql, (driver.given(connection, numbers), *days))}


def pauses(connection: Connection, from_us: int, until_us: int, identities: Sequence[int] | None = None) -> list[Pause]:
    """Return pauses for a reason that began from `from_us` until before `until_us`: each until the next change."""
    of, more = _of(connection, "i.id", identities)
    sql = f"""
    SELECT e.identity_id, e.at_us, (SELECT min(n.at_us) FROM state_event AS n
        WHERE n.identity_id = e.identity_id AND n.at_us > e.at_us), e.reason
    FROM phone_identity AS i CROSS JOIN state_event AS e
    WHERE e.identity_id = i.id AND e.at_us >= ? AND e.at_us < ? AND e.state = 'paused' AND e.reason <> '' {of}
    ORDER BY e.at_us, e.identity_id
    """
    return [Pause._make(row) for row in driver.rows(connection, sql, (from_us, until_us, *more))]


WRITTEN = "e.origin = 'hand' AND e.counters IS NULL AND e.at_us >= ? AND e.at_us < ?"
STANDING = "NOT EXISTS (SELECT 1 FROM contact AS taken WHERE taken.counters = e.id)"
"""Of entries `e` of the ledger: written by hand between two moments, and not taken back."""


def written(connection: Connection, from_us: int, until_us: int) -> list[Written]:
    """Return calls that were written down, that stand and that no supervisor accepted, in the order of their time."""
    sql = f"""
    SELECT e.id, e.specialist_id, r.id, r.company, e.at_us, e.claimed_ms FROM contact AS e
    JOIN customer AS c ON c.id = e.customer_id JOIN customer AS r ON r.id = coalesce(c.merged_into, c.id)
    WHERE {WRITTEN} AND e.channel = 'call' AND e.accepted_by = '' AND e.specialist_id IS NOT NULL AND {STANDING}
    ORDER BY e.at_us, e.id
    """
    return [Written._make(row) for row in driver.rows(connection, sql, (from_us, until_us))]


def outages(connection: Connection, days: tuple[int, int], from_us: int, until_us: int) -> list[Out]:
    """Return the outages that lie between two moments of `days`, wholly or partly, in the order they began.

    Left out are those within which whole calls of the source are known after all: they were read later from its
    records, so that it was our collector alone that slept."""
    sql = """
    SELECT o.source_id, source.name, o.from_us, o.until_us FROM outage AS o JOIN source ON source.id = o.source_id
    WHERE o.from_us < ? AND (o.until_us IS NULL OR o.until_us > ?) AND NOT EXISTS (
        SELECT 1 FROM call AS c WHERE c.day BETWEEN ? AND ? AND c.started_us >= o.from_us
            AND c.ended_us <= coalesce(o.until_us, ?) AND c.source_id = o.source_id)
    ORDER BY o.from_us, o.id
    """
    return [Out._make(row) for row in driver.rows(connection, sql, (until_us, from_us, *days, until_us))]


def _of(connection: Connection, column: str, identities: Sequence[int] | None) -> tuple[str, tuple[object, ...]]:
    if identities is None:
        return "", ()
    return f"AND {column} IN {driver.any_of(connection, 'bigint')}", (driver.given(connection, identities),)


# -- whether a day is to be evaluated anew ------------------------------------------------------------------------


def tallies(connection: Connection, first: int, last: int) -> dict[int, tuple[Any, ...]]:
    """Return what phone identities did from the day `first` to the day `last`, as sums that change with every call of
    theirs; the first is when their last call ended (None: none has)."""
    found: dict[int, tuple[Any, ...]] = {}
    sql = """SELECT identity_id, max(last_call_us), sum(calls), sum(dials), sum(connected), sum(effective), sum(talk_ms)
        FROM tally WHERE day BETWEEN ? AND ? GROUP BY identity_id"""
    for identity_id, *sums in driver.rows(connection, sql, (first, last)):
        found[identity_id] = tuple(sums)
    return found


def facts_stamp(connection: Connection, day: int, around: tuple[int, int], from_us: int, until_us: int) -> str:
    """Return what is another text once something else is known of what calls of a day are judged by: attendance,
    people, phones, quotas and outages. Customers are not in it.

    `around`: the days whose attendance matters; from `from_us` until `until_us` what is of the day, which may run past
    midnight.
    """
    asked: tuple[tuple[str, tuple[int, ...]], ...] = (
        (
            'SELECT specialist_id, day, status, start, "end" FROM attendance WHERE day BETWEEN ? AND ? '
            "ORDER BY day, specialist_id",
            around,
        ),
        ('SELECT id, team_id, hired, "left" FROM specialist ORDER BY id', ()),
        ("SELECT identity_id, specialist_id, since, until FROM assignment ORDER BY identity_id, since", ()),
        ("SELECT * FROM quota WHERE since <= ? ORDER BY id", (day,)),
        (
            "SELECT id, until_us FROM outage WHERE from_us < ? AND (until_us IS NULL OR until_us > ?) ORDER BY id",
            (until_us, from_us),
        ),
    )
    return _digest(connection, asked)


def stamp(connection: Connection, day: int, around: tuple[int, int], from_us: int, until_us: int) -> str:
    """As `facts_stamp`, and of the day's calls, logs and of customers' numbers too. From sums and small tables
    alone."""
    asked: tuple[tuple[str, tuple[int, ...]], ...] = (
        (
            "SELECT sum(calls), sum(dials), sum(connected), sum(effective), sum(talk_ms), max(last_call_us), "
            "count(*) FROM tally WHERE day = ?",
            (day,),
        ),
        (
            "SELECT count(*), sum(talk_ms), max(ended_us) FROM call WHERE day > ? AND day <= ? AND started_us < ?",
            (day, around[1], until_us),
        ),
        (f"SELECT count(*), max(e.id) FROM contact AS e WHERE {WRITTEN} AND {STANDING}", (from_us, until_us)),
        ("SELECT max(id) FROM customer_number", ()),
    )
    return _digest(connection, asked) + facts_stamp(connection, day, around, from_us, until_us)


def _digest(connection: Connection, asked: Sequence[tuple[str, tuple[int, ...]]]) -> str:
    told = [driver.rows(connection, sql, parameters) for sql, parameters in asked]
    return blake2b(repr(told).encode(), digest_size=12).hexdigest()


def evaluated(connection: Connection, first: int) -> dict[int, str]:
    """Return the stamps of the days that were evaluated, from the day `first` on."""
    sql = "SELECT day, stamp FROM evaluated_day WHERE day >= ?"
    return {row[0]: row[1] for row in driver.rows(connection, sql, (first,))}


def put_evaluated(connection: Connection, day: int, stamp: str, now_us: int) -> None:
    """Note that a day was evaluated at `now_us`, from what `stamp` says; nothing is written where that is known."""
    driver.run(
        connection,
        "INSERT INTO evaluated_day (day, stamp, at_us) VALUES (?, ?, ?) "
        "ON CONFLICT (day) DO UPDATE SET stamp = excluded.stamp, at_us = excluded.at_us "
        "WHERE evaluated_day.stamp <> excluded.stamp",
        (day, stamp, now_us),
    )


def put_looked_at(connection: Connection, day: int, now_us: int) -> None:
    """Note that rules were applied at `now_us` to a day that is not over: it is still to be evaluated."""
    driver.run(
        connection,
        "INSERT INTO evaluated_day (day, stamp, at_us) VALUES (?, '', ?) "
        "ON CONFLICT (day) DO UPDATE SET at_us = excluded.at_us",
        (day, now_us),
    )
