"""The rows of a day with the moments at which each came to be, for a replay of the floor. Reading only, and no table.

Moments are epoch us, days YYYYMMDD, durations ms.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from store import driver


class Doing(NamedTuple):
    """What a phone does from `at_us` on."""

    identity_id: int
    at_us: int
    state: str
    with_whom: str | None
    group_id: str | None
    reason: str | None


class Part(NamedTuple):
    """A leg that a phone of the floor took part in."""

    source_id: int
    group_id: str
    identity_id: int
    direction: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None


class Out(NamedTuple):
    """A time during which nothing was heard of a source: from 0 where nothing ever was; `until_us` None: still."""

    source_id: int
    from_us: int
    until_us: int | None
    why: str


_DOING = "e.identity_id, e.at_us, e.state, e.with_whom, e.group_id, e.reason"
_STATES = f"SELECT {_DOING} FROM state_event AS e WHERE e.day = ? ORDER BY e.at_us, e.id"
_BEFORE = f"""
SELECT {_DOING} FROM phone_identity AS i CROSS JOIN state_event AS e
WHERE e.identity_id = i.id AND e.at_us = (
    SELECT max(b.at_us) FROM state_event AS b WHERE b.identity_id = i.id AND b.at_us < ?)
ORDER BY e.at_us, e.id
"""
_PARTS = """
SELECT leg.source_id, leg.group_id, leg.identity_id, leg.direction, leg.started_us, leg.answered_us, leg.ended_us,
    leg.talk_ms
FROM phone_identity AS i CROSS JOIN leg WHERE leg.identity_id = i.id AND leg.day = ?
ORDER BY leg.started_us, leg.leg_id
"""
_OUTAGES = """
SELECT source_id, from_us, until_us, why FROM outage
WHERE from_us < ? AND (until_us IS NULL OR until_us > ?) ORDER BY from_us, id
"""


def states(connection: Connection, day: int, begin_us: int) -> list[Doing]:
    """Return what phones were told to do on `day`, which begins at `begin_us`, in that order; before it the last thing
    that was told of each: it holds until the next."""
    found = driver.rows(connection, _BEFORE, (begin_us,)) + driver.rows(connection, _STATES, (day,))
    return [Doing._make(row) for row in found]


def parts(connection: Connection, day: int) -> list[Part]:
    """Return the legs of `day` that have a phone of the floor in them, in the order in which they began."""
    return [Part._make(row) for row in driver.rows(connection, _PARTS, (day,))]


def outages(connection: Connection, begin_us: int, end_us: int) -> list[Out]:
    """Return the outages that lie between two moments, wholly or partly, in the order in which they began."""
    return [Out._make(row) for row in driver.rows(connection, _OUTAGES, (end_us, begin_us))]
