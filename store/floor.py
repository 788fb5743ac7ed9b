"""The rows behind the floor's snapshot, a specialist's day and the list of calls. Reading only.

Sums come from tallies, one row a phone identity a day, so that the floor is read as fast on ten million legs as on
none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver  # and no table: a console shows its first rows before the tables' classes could be made


class Phone(NamedTuple):
    """A phone identity on a day: whose it is (None: nobody's), what it is doing, and what it did as sums."""

    identity_id: int
    source_id: int
    source: str
    agent: str
    specialist_id: int | None
    state: str | None
    since_us: int | None
    with_whom: str | None
    reason: str | None
    group_id: str | None
    dials: int
    connected: int
    effective: int
    talk_ms: int
    calls: int
    last_call_us: int | None


class Person(NamedTuple):
    """A specialist on a day. `status` None: attendance tells nothing; `start`/`end` in minutes since local midnight."""

    specialist_id: int
    name: str
    team_id: int | None
    team: str | None
    hired: int | None
    left: int | None
    status: str | None
    start: int | None
    end: int | None


class QuotaHeld(NamedTuple):
    """A quota that holds from `since` on, of a specialist, else a team, else the floor (both None)."""

    specialist_id: int | None
    team_id: int | None
    since: int
    dials: int
    effective: int
    talk_minutes: int


class SourceState(NamedTuple):
    """A source as its collector last told: see store.sources.Source."""

    source_id: int
    name: str
    up: bool
    since_us: int | None
    seen_us: int | None
    event_us: int | None
    detail: str
    capabilities: str


class CallFound(NamedTuple):
    """A call with its source's name, the phone whose call it is (None: nobody's) and whose that was on its day."""

    source_id: int
    source: str
    group_id: str
    identity_id: int | None
    agent: str | None
    specialist: str | None
    direction: str
    number: str | None
    number_raw: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None
    outcome: str
    dial: int
    connected: int
    effective: int
    approximate: bool


class Talk(NamedTuple):
    """Milliseconds that one phone identity talked in one call, and whose it was on that day."""

    source_id: int
    source: str
    group_id: str
    identity_id: int
    agent: str
    specialist: str | None
    talk_ms: int


class Change(NamedTuple):
    """One change of state of a phone identity."""

    identity_id: int
    at_us: int
    state: str
    with_whom: str | None


_THEIRS = "assignment.since <= ? AND (assignment.until IS NULL OR assignment.until > ?)"
"""The assignment that holds on a day: since inclusive, until exclusive."""

_PHONES = f"""
SELECT i.id, source.id, source.name, i.agent, assignment.specialist_id,
    p.state, coalesce((SELECT max(at_us) FROM state_event WHERE identity_id = p.identity_id), p.since_us),
    p.with_whom, p.reason, p.group_id,
    coalesce(t.dials, 0), coalesce(t.connected, 0), coalesce(t.effective, 0), coalesce(t.talk_ms, 0),
    coalesce(t.calls, 0), t.last_call_us
FROM phone_identity AS i JOIN source ON source.id = i.source_id
LEFT JOIN assignment ON assignment.identity_id = i.id AND {_THEIRS}
LEFT JOIN presence AS p ON p.identity_id = i.id
LEFT JOIN tally AS t ON t.identity_id = i.id AND t.day = ?
ORDER BY i.id
"""
_PEOPLE = """
SELECT s.id, s.name, s.team_id, team.name, s.hired, s."left", a.status, a.start, a."end"
FROM specialist AS s LEFT JOIN team ON team.id = s.team_id
LEFT JOIN attendance AS a ON a.specialist_id = s.id AND a.day = ?
"""
_QUOTAS = "SELECT specialist_id, team_id, since, dials, effective, talk_minutes FROM quota WHERE since <= ?"
_SOURCES = "SELECT id, name, up, since_us, seen_us, event_us, detail, capabilities FROM source"


_FLAGS = """
SELECT whose, count(*) FROM flag WHERE state IN ('open', 'explained') AND kind = 'flag' GROUP BY whose
"""
_PRODS = """
SELECT p.specialist_id, count(*) FROM onboarding AS o CROSS JOIN step_run AS r CROSS JOIN prod AS p
WHERE o.live_us IS NULL AND o.stopped_us IS NULL AND r.onboarding_id = o.id AND r.ended_us IS NULL
    AND p.run_id = r.id AND p.specialist_id IS NOT NULL GROUP BY p.specialist_id
"""


def flags_waiting(connection: Connection) -> dict[str, int]:
    """Return how many flags wait for a decision, by whose they are: see store.discipline.Flag."""
    return {whose: int(many) for whose, many in driver.rows(connection, _FLAGS)}


def prods(connection: Connection) -> dict[int, int]:
    """Return how many reminders of steps that are not done yet specialists have, by specialist id."""
    return {specialist_id: int(many) for specialist_id, many in driver.rows(connection, _PRODS)}


def phones(connection: Connection, day: int) -> list[Phone]:
    """Return every phone identity as it is on `day`. A state holds since it was first told: after a reconnect a source
    tells it anew, with that moment for a beginning."""
    return [Phone._make(row) for row in driver.rows(connection, _PHONES, (day, day, day))]


def people(connection: Connection, day: int) -> list[Person]:
    """Return every specialist, those who left too, with the attendance of `day`."""
    return [Person._make(row) for row in driver.rows(connection, _PEOPLE, (day,))]


def quotas(connection: Connection, day: int) -> list[QuotaHeld]:
    """Return all quotas that began on or before `day`."""
    return [QuotaHeld._make(row) for row in driver.rows(connection, _QUOTAS, (day,))]


def source_states(connection: Connection) -> list[SourceState]:
    """Return every source the store knows."""
    return [SourceState._make(row) for row in driver.rows(connection, _SOURCES)]


_CALLS = f"""
SELECT c.source_id, source.name, c.group_id, c.identity_id, i.agent, s.name, c.direction, c.number, c.number_raw,
    c.started_us, c.answered_us, c.ended_us, c.talk_ms, c.outcome, c.dial, c.connected, c.effective, c.approximate
FROM call AS c JOIN source ON source.id = c.source_id
LEFT JOIN phone_identity AS i ON i.id = c.identity_id
LEFT JOIN assignment ON assignment.identity_id = c.identity_id AND {_THEIRS}
LEFT JOIN specialist AS s ON s.id = assignment.specialist_id
WHERE c.day = ? %s
ORDER BY c.started_us, source.name, c.group_id
"""
_TALKS = f"""
SELECT leg.source_id, source.name, leg.group_id, leg.identity_id, i.agent, s.name, sum(leg.talk_ms)
FROM call AS c JOIN leg ON leg.source_id = c.source_id AND leg.group_id = c.group_id
JOIN source ON source.id = leg.source_id
JOIN phone_identity AS i ON i.id = leg.identity_id
LEFT JOIN assignment ON assignment.identity_id = leg.identity_id AND {_THEIRS}
LEFT JOIN specialist AS s ON s.id = assignment.specialist_id
WHERE c.day = ? AND leg.talk_ms > 0 AND leg.direction = c.direction %s
GROUP BY leg.source_id, source.name, leg.group_id, leg.identity_id, i.agent, s.name
ORDER BY min(leg.started_us), i.agent
"""
_TOOK_PART = """AND (c.identity_id IN {these} OR EXISTS (SELECT 1 FROM leg AS part WHERE part.source_id = c.source_id
    AND part.group_id = c.group_id AND part.identity_id IN {these}))"""
_CHANGES = """
SELECT identity_id, at_us, state, with_whom FROM state_event WHERE day = ? AND identity_id IN {these} ORDER BY at_us, id
"""


def _of(connection: Connection, sql: str, day: int, identity_ids: Sequence[int] | None) -> list[driver.Row]:
    """Return the rows of `sql` for calls in which one of `identity_ids` dialled, or took part by a leg; None: all."""
    if identity_ids is None:
        return driver.rows(connection, sql % "", (day, day, day))
    took_part = _TOOK_PART.format(these=driver.any_of(connection, "bigint"))
    these = driver.given(connection, identity_ids)
    return driver.rows(connection, sql % took_part, (day, day, day, these, these))


def calls(connection: Connection, day: int, identity_ids: Sequence[int] | None = None) -> list[CallFound]:
    """Return the calls of `day` in the order they were dialled; of `identity_ids`, those they took part in."""
    return [CallFound._make(row) for row in _of(connection, _CALLS, day, identity_ids)]


def talks(connection: Connection, day: int, identity_ids: Sequence[int] | None = None) -> list[Talk]:
    """Return who talked how long with the other party in the calls that `calls` returns, in the order they began to.

    Consulting a colleague within a call with a customer is not talk with the customer and is left out.
    """
    return [Talk._make((*row[:6], int(row[6]))) for row in _of(connection, _TALKS, day, identity_ids)]


def first_call_us(connection: Connection) -> int | None:
    """Return when the floor's first call was dialled; None: there is no call yet."""
    found = driver.rows(connection, "SELECT started_us FROM call ORDER BY day, started_us LIMIT 1")
    return found[0][0] if found else None


def changes(connection: Connection, day: int, identity_ids: Sequence[int]) -> list[Change]:
    """Return the changes of state of `identity_ids` on `day`, in the order they happened."""
    sql = _CHANGES.format(these=driver.any_of(connection, "bigint"))
    return [Change._make(row) for row in driver.rows(connection, sql, (day, driver.given(connection, identity_ids)))]
