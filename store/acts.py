"""What people do from a console: journal, commands asked of phones, adopted phones, quotas. All in the caller's
transaction."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, insert, or_, select, update
from sqlmodel import SQLModel

from store.commands import CommandRow
from store.people import Assignment, Attendance, Journal, Quota, Specialist, Team
from store.sources import Source
from store.tables import metadata


def _table(model: type[SQLModel]) -> Table:
    return model.__table__  # type: ignore[attr-defined,no-any-return]


_command, _journal, _source = _table(CommandRow), _table(Journal), _table(Source)
_assignment, _attendance, _quota = _table(Assignment), _table(Attendance), _table(Quota)
_specialist, _team = _table(Specialist), _table(Team)
_OF_A_SPECIALIST = [key.parent for table in metadata.tables.values() for key in table.foreign_keys
                    if key.column is _specialist.c.id]  # fmt: skip


class Act(NamedTuple):
    """A row of the journal: what was done, and in `detail` what undoes it."""

    id: int
    what: str
    detail: str


class CommandState(NamedTuple):
    """A command as it stands: waiting, taken, done, failed or expired; `answer` in words."""

    state: str
    answer: str
    expires_us: int


def note(connection: Connection, who: str, what: str, detail: str, now_us: int) -> int:
    """Write an act into the journal; return its id."""
    row = {"at_us": now_us, "who": who, "what": what, "detail": detail}
    return int(connection.execute(insert(_journal).values(row).returning(_journal.c.id)).scalar_one())


def last_act(connection: Connection, who: str, kinds: tuple[str, ...]) -> Act | None:
    """Return the last act of `who` of one of `kinds` that is not undone."""
    row = connection.execute(
        select(_journal.c.id, _journal.c.what, _journal.c.detail)
        .where(_journal.c.who == who, _journal.c.what.in_(kinds), _journal.c.undone_us.is_(None))
        .order_by(_journal.c.id.desc())
        .limit(1)
    ).first()
    return Act._make(row) if row else None


def mark_undone(connection: Connection, act_id: int, now_us: int) -> None:
    """Mark an act of the journal as undone."""
    connection.execute(update(_journal).where(_journal.c.id == act_id).values(undone_us=now_us))


def ask(connection: Connection, source: str, values: dict[str, Any]) -> int | None:
    """Write a command, `values` by column, for the collector of `source`; return its id, None: no such source."""
    source_id = connection.execute(select(_source.c.id).where(_source.c.name == source)).scalar()
    if source_id is None:
        return None
    row = {"source_id": source_id, "state": "waiting", "answer": "", **values}
    return int(connection.execute(insert(_command).values(row).returning(_command.c.id)).scalar_one())


def command_state(connection: Connection, command_id: int) -> CommandState | None:
    """Return how the command stands; None: there is none."""
    row = connection.execute(
        select(_command.c.state, _command.c.answer, _command.c.expires_us).where(_command.c.id == command_id)
    ).first()
    return CommandState._make(row) if row else None


def is_assigned(connection: Connection, identity_id: int, day: int) -> bool:
    """Whether a phone identity is somebody's on `day`."""
    holds = (_assignment.c.since <= day) & (or_(_assignment.c.until.is_(None), _assignment.c.until > day))
    of_it = select(_assignment.c.id).where(_assignment.c.identity_id == identity_id, holds)
    return connection.execute(of_it).first() is not None


def unassign(connection: Connection, identity_id: int, specialist_id: int) -> None:
    """Take back the assignment of a phone identity to a specialist that is still open."""
    connection.execute(
        delete(_assignment).where(
            _assignment.c.identity_id == identity_id,
            _assignment.c.specialist_id == specialist_id,
            _assignment.c.until.is_(None),
        )
    )


def remove_specialist_without_trace(connection: Connection, specialist_id: int) -> None:
    """Remove a specialist to whom nothing refers: no phone, no attendance, no customer, order, step or flag."""
    for column in _OF_A_SPECIALIST:
        if connection.execute(select(column).where(column == specialist_id).limit(1)).first():
            return
    connection.execute(delete(_specialist).where(_specialist.c.id == specialist_id))


def teams(connection: Connection) -> dict[int, str]:
    """Return the names of all teams by id."""
    return {row[0]: row[1] for row in connection.execute(select(_team.c.id, _team.c.name)).all()}


def put_quota(
    connection: Connection,
    whose: tuple[int | None, int | None],
    since: int,
    figures: tuple[int, int, int] | None,
) -> tuple[int, int, int] | None:
    """Set dials, effective and talk minutes (None: remove) from `since` on, of (specialist id, team id), both None: of
    the floor. Return what held from that very day before."""
    names = ("dials", "effective", "talk_minutes")
    specialist, team = whose
    at = (
        _quota.c.since == since,
        _quota.c.specialist_id.is_(None) if specialist is None else _quota.c.specialist_id == specialist,
        _quota.c.team_id.is_(None) if team is None else _quota.c.team_id == team,
    )
    row = connection.execute(select(*(_quota.c[name] for name in names)).where(*at)).first()
    before = (int(row[0]), int(row[1]), int(row[2])) if row else None
    if figures is None:
        connection.execute(delete(_quota).where(*at))
    elif before is not None:
        connection.execute(update(_quota).where(*at).values(dict(zip(names, figures, strict=True))))
    else:
        told = dict(zip(names, figures, strict=True))
        connection.execute(insert(_quota).values(specialist_id=specialist, team_id=team, since=since, **told))
    return before
