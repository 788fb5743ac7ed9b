"""Queries that a roster and an attendance list are written with."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select, update

from store.people import Assignment, Attendance, PhoneIdentity, Specialist, Team
from store.sources import Source

_TEAM: Table = Team.__table__  # type: ignore[attr-defined]
_SPECIALIST: Table = Specialist.__table__  # type: ignore[attr-defined]
_IDENTITY: Table = PhoneIdentity.__table__  # type: ignore[attr-defined]
_ASSIGNMENT: Table = Assignment.__table__  # type: ignore[attr-defined]
_ATTENDANCE: Table = Attendance.__table__  # type: ignore[attr-defined]
_SOURCE: Table = Source.__table__  # type: ignore[attr-defined]


class Known(NamedTuple):
    """A specialist as the store has them. `hired`: YYYYMMDD or None."""

    id: int
    name: str
    team: str | None
    region: str
    hired: int | None


def specialists(connection: Connection) -> dict[str, Known]:
    """Return all specialists by name."""
    rows = connection.execute(
        select(_SPECIALIST.c.id, _SPECIALIST.c.name, _TEAM.c.name, _SPECIALIST.c.region, _SPECIALIST.c.hired).join_from(
            _SPECIALIST, _TEAM, _TEAM.c.id == _SPECIALIST.c.team_id, isouter=True
        )
    )
    return {row[1]: Known(*row) for row in rows.all()}


def put_specialist(connection: Connection, known: Known | None, name: str, values: dict[str, Any]) -> int:
    """Write a specialist (`known`: as it is now) with `values` of columns; return its id."""
    if known is None:
        return _inserted(connection, _SPECIALIST, {"name": name, "region": "", **values})
    if values:
        connection.execute(update(_SPECIALIST).where(_SPECIALIST.c.id == known.id).values(values))
    return known.id


def team(connection: Connection, name: str) -> int:
    """Return the id of the team `name`; it is made where there is none."""
    return _found(connection, _TEAM, {"name": name}, {})


def source(connection: Connection, name: str, type_: str) -> int:
    """Return the id of the source `name`; it is made where nothing was heard of it yet."""
    return _found(connection, _SOURCE, {"name": name}, {"type": type_, "up": False, "detail": "", "capabilities": ""})


def identity(connection: Connection, source_id: int, agent: str) -> int:
    """Return the id of a phone identity; it is made where nothing was heard of it yet."""
    return _found(connection, _IDENTITY, {"source_id": source_id, "agent": agent}, {})


def assign(connection: Connection, identity_id: int, specialist_id: int, today: int) -> bool:
    """Make a phone identity the specialist's; return whether it was not yet.

    Nobody's until now: from the beginning, so that the calls already there are theirs. Somebody else's: from `today`.
    """
    of_it = _ASSIGNMENT.c.identity_id == identity_id
    held = connection.execute(select(_ASSIGNMENT).where(of_it).order_by(_ASSIGNMENT.c.since)).all()
    current = next((row for row in held if row.until is None), None)
    if current is not None and current.specialist_id == specialist_id:
        return False
    if current is not None and current.since >= today:
        connection.execute(
            update(_ASSIGNMENT).where(_ASSIGNMENT.c.id == current.id).values(specialist_id=specialist_id)
        )
        return True
    if current is not None:
        connection.execute(update(_ASSIGNMENT).where(_ASSIGNMENT.c.id == current.id).values(until=today))
    since = max([row.until or today for row in held] + ([today] if current else []), default=0)
    connection.execute(
        insert(_ASSIGNMENT).values(identity_id=identity_id, specialist_id=specialist_id, since=since, until=None)
    )
    return True


def attendance(
    connection: Connection, first: int, last: int
) -> dict[tuple[int, int], tuple[str, int | None, int | None]]:
    """Return status, start and end (minutes since midnight) by specialist id and day, for the days from `first` to
    `last`."""
    rows = connection.execute(
        select(
            _ATTENDANCE.c.specialist_id, _ATTENDANCE.c.day, _ATTENDANCE.c.status, _ATTENDANCE.c.start, _ATTENDANCE.c.end
        ).where(_ATTENDANCE.c.day.between(first, last))
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows.all()}


def put_attendance(
    connection: Connection, specialist_id: int, day: int, values: tuple[str, int | None, int | None], known: bool
) -> None:
    """Write status, start and end of a specialist's day; `known`: there is one already."""
    told = dict(zip(("status", "start", "end"), values, strict=True))
    if known:
        at = (_ATTENDANCE.c.specialist_id == specialist_id) & (_ATTENDANCE.c.day == day)
        connection.execute(update(_ATTENDANCE).where(at).values(told))
    else:
        connection.execute(insert(_ATTENDANCE).values(specialist_id=specialist_id, day=day, **told))


def _found(connection: Connection, table: Table, key: dict[str, Any], otherwise: dict[str, Any]) -> int:
    where = [table.c[name] == value for name, value in key.items()]
    found: int | None = connection.execute(select(table.c.id).where(*where)).scalar()
    return _inserted(connection, table, key | otherwise) if found is None else found


def _inserted(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    made: int = connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
    return made
