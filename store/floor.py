"""The rows behind the floor's snapshot, a specialist's day and the list of calls. Reading only.

Sums come from tallies, one row a phone identity a day, so that the floor is read as fast on ten million legs as on
none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, func, or_, select
from sqlmodel import SQLModel

from store.calls import CallRow, LegRow, Tally
from store.people import Assignment, Attendance, PhoneIdentity, Quota, Specialist, Team
from store.presence import PresenceRow, StateEvent
from store.sources import Source


def _table(model: type[SQLModel]) -> Table:
    return model.__table__  # type: ignore[attr-defined,no-any-return]


_call, _leg, _tally = _table(CallRow), _table(LegRow), _table(Tally)
_assignment, _attendance, _identity = _table(Assignment), _table(Attendance), _table(PhoneIdentity)
_quota, _specialist, _team = _table(Quota), _table(Specialist), _table(Team)
_presence, _event, _source = _table(PresenceRow), _table(StateEvent), _table(Source)


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


_DAY: ColumnElement[Any] = bindparam("day")


def _theirs(day: ColumnElement[Any]) -> ColumnElement[bool]:
    """The assignment that holds on `day`: since inclusive, until exclusive."""
    return and_(_assignment.c.since <= day, or_(_assignment.c.until.is_(None), _assignment.c.until > day))


_PHONES = select(
    _identity.c.id, _source.c.id, _source.c.name, _identity.c.agent, _assignment.c.specialist_id,
    _presence.c.state, _presence.c.since_us, _presence.c.with_whom, _presence.c.reason, _presence.c.group_id,
    func.coalesce(_tally.c.dials, 0), func.coalesce(_tally.c.connected, 0), func.coalesce(_tally.c.effective, 0),
    func.coalesce(_tally.c.talk_ms, 0), func.coalesce(_tally.c.calls, 0), _tally.c.last_call_us,
).select_from(
    _identity.join(_source, _source.c.id == _identity.c.source_id)
    .outerjoin(_assignment, and_(_assignment.c.identity_id == _identity.c.id, _theirs(_DAY)))
    .outerjoin(_presence, _presence.c.identity_id == _identity.c.id)
    .outerjoin(_tally, and_(_tally.c.identity_id == _identity.c.id, _tally.c.day == _DAY))
).order_by(_identity.c.id)  # fmt: skip

_PEOPLE = select(
    _specialist.c.id, _specialist.c.name, _specialist.c.team_id, _team.c.name, _specialist.c.hired, _specialist.c.left,
    _attendance.c.status, _attendance.c.start, _attendance.c.end,
).select_from(
    _specialist.outerjoin(_team, _team.c.id == _specialist.c.team_id)
    .outerjoin(_attendance, and_(_attendance.c.specialist_id == _specialist.c.id, _attendance.c.day == _DAY))
)  # fmt: skip

_QUOTAS = select(
    _quota.c.specialist_id, _quota.c.team_id, _quota.c.since, _quota.c.dials, _quota.c.effective, _quota.c.talk_minutes
).where(_quota.c.since <= _DAY)

_SOURCES = select(
    _source.c.id, _source.c.name, _source.c.up, _source.c.since_us, _source.c.seen_us, _source.c.event_us,
    _source.c.detail, _source.c.capabilities,
)  # fmt: skip


def phones(connection: Connection, day: int) -> list[Phone]:
    """Return every phone identity as it is on `day`."""
    return [Phone._make(row) for row in connection.execute(_PHONES, {"day": day})]


def people(connection: Connection, day: int) -> list[Person]:
    """Return every specialist, those who left too, with the attendance of `day`."""
    return [Person._make(row) for row in connection.execute(_PEOPLE, {"day": day})]


def quotas(connection: Connection, day: int) -> list[QuotaHeld]:
    """Return all quotas that began on or before `day`."""
    return [QuotaHeld._make(row) for row in connection.execute(_QUOTAS, {"day": day})]


def source_states(connection: Connection) -> list[SourceState]:
    """Return every source the store knows."""
    return [SourceState._make(row) for row in connection.execute(_SOURCES)]


_CALLS = (
    select(
        _call.c.source_id, _source.c.name, _call.c.group_id, _call.c.identity_id, _identity.c.agent, _specialist.c.name,
        _call.c.direction, _call.c.number, _call.c.number_raw, _call.c.started_us, _call.c.answered_us,
        _call.c.ended_us, _call.c.talk_ms, _call.c.outcome, _call.c.dial, _call.c.connected, _call.c.effective,
        _call.c.approximate,
    )
    .select_from(
        _call.join(_source, _source.c.id == _call.c.source_id)
        .outerjoin(_identity, _identity.c.id == _call.c.identity_id)
        .outerjoin(_assignment, and_(_assignment.c.identity_id == _call.c.identity_id, _theirs(_DAY)))
        .outerjoin(_specialist, _specialist.c.id == _assignment.c.specialist_id)
    )
    .where(_call.c.day == _DAY)
    .order_by(_call.c.started_us, _source.c.name, _call.c.group_id)
)  # fmt: skip

_TALKS = (
    select(
        _leg.c.source_id, _source.c.name, _leg.c.group_id, _leg.c.identity_id, _identity.c.agent, _specialist.c.name,
        func.sum(_leg.c.talk_ms),
    )
    .select_from(
        _call.join(_leg, and_(_leg.c.source_id == _call.c.source_id, _leg.c.group_id == _call.c.group_id))
        .join(_source, _source.c.id == _leg.c.source_id)
        .join(_identity, _identity.c.id == _leg.c.identity_id)
        .outerjoin(_assignment, and_(_assignment.c.identity_id == _leg.c.identity_id, _theirs(_DAY)))
        .outerjoin(_specialist, _specialist.c.id == _assignment.c.specialist_id)
    )
    .where(_call.c.day == _DAY, _leg.c.talk_ms > 0, _leg.c.direction == _call.c.direction)
    .group_by(
        _leg.c.source_id, _source.c.name, _leg.c.group_id, _leg.c.identity_id, _identity.c.agent, _specialist.c.name
    )
    .order_by(func.min(_leg.c.started_us), _identity.c.agent)
)  # fmt: skip


def _with(identity_ids: Sequence[int] | None) -> ColumnElement[bool]:
    """Calls in which one of `identity_ids` dialled, or took part by a leg; None: all calls."""
    if identity_ids is None:
        return _call.c.id.is_not(None)
    took_part = _table(LegRow).alias("part")
    part = select(took_part.c.id).where(
        took_part.c.source_id == _call.c.source_id,
        took_part.c.group_id == _call.c.group_id,
        took_part.c.identity_id.in_(identity_ids),
    )
    return or_(_call.c.identity_id.in_(identity_ids), part.exists())


def calls(connection: Connection, day: int, identity_ids: Sequence[int] | None = None) -> list[CallFound]:
    """Return the calls of `day` in the order they were dialled; of `identity_ids`, those they took part in."""
    return list(map(CallFound._make, connection.execute(_CALLS.where(_with(identity_ids)), {"day": day})))


def talks(connection: Connection, day: int, identity_ids: Sequence[int] | None = None) -> list[Talk]:
    """Return who talked how long with the other party in the calls that `calls` returns, in the order they began to.

    Consulting a colleague within a call with a customer is not talk with the customer and is left out.
    """
    rows = connection.execute(_TALKS.where(_with(identity_ids)), {"day": day})
    return [Talk._make((*row[:6], int(row[6]))) for row in rows]


def changes(connection: Connection, day: int, identity_ids: Sequence[int]) -> list[Change]:
    """Return the changes of state of `identity_ids` on `day`, in the order they happened."""
    rows = connection.execute(
        select(_event.c.identity_id, _event.c.at_us, _event.c.state, _event.c.with_whom)
        .where(_event.c.day == day, _event.c.identity_id.in_(identity_ids))
        .order_by(_event.c.at_us, _event.c.id)
    )
    return [Change._make(row) for row in rows]
