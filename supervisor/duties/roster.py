"""Rosters and attendance lists: rows of a table into specialists, teams, phone identities and days."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import roster as store
from supervisor.tables import Cell, day_of, minute_of, text_of
from supervisor.text import storable

ROSTER = (("name",), ("team", "region", "hired", "identities"))
ATTENDANCE = (("date", "specialist", "status"), ("start", "end"))
"""Required and optional fields."""

STATUSES = ("present", "half", "leave", "sick", "training")
LONGEST_NAME = 120


class Outcome(Enum):
    """What a row came to."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


class Came(NamedTuple):
    """What each row came to, and the numbers of the rows that were refused, with the reason."""

    outcomes: list[Outcome]
    refused: list[tuple[int, str]]


class Member(NamedTuple):
    """A row of a roster. None: the table does not tell, so nothing changes. `identities`: (source, agent)."""

    name: str
    team: str | None
    region: str | None
    hired: int | None
    identities: tuple[tuple[str, str], ...]


class Attended(NamedTuple):
    """A row of an attendance list. `start`/`end`: minutes since midnight where they differ from the floor's."""

    day: int
    specialist: str
    status: str
    start: int | None
    end: int | None


def member(cells: Mapping[str, Cell]) -> Member:
    """Read a row of a roster. ValueError in words where it cannot be one."""
    name = _name(cells["name"], "name")
    if not name:
        raise ValueError("no name")
    hired = cells.get("hired", "")
    identities = [_identity(part) for part in text_of(cells.get("identities", "")).split(";") if part.strip()]
    return Member(
        name,
        _name(cells["team"], "team") if "team" in cells else None,
        _name(cells["region"], "region") if "region" in cells else None,
        day_of(hired) if text_of(hired) else None,
        tuple(dict.fromkeys(identities)),
    )


def _name(cell: Cell, field: str) -> str:
    text = " ".join(storable(text_of(cell)).split())
    if len(text) > LONGEST_NAME:
        raise ValueError(f"{field} has {len(text):,} characters, at most {LONGEST_NAME} are kept")
    return text


def _identity(text: str) -> tuple[str, str]:
    source, colon, agent = storable(text).strip().partition(":")
    if not (colon and source.strip() and agent.strip()) or len(text) > LONGEST_NAME:
        raise ValueError(f"{text.strip()[:40]!r} is not a phone identity; write source:agent, several separated by ;")
    return source.strip(), agent.strip()


def attended(cells: Mapping[str, Cell]) -> Attended:
    """Read a row of an attendance list. ValueError in words where it cannot be one."""
    specialist = _name(cells["specialist"], "specialist")
    if not specialist:
        raise ValueError("no specialist")
    status = text_of(cells["status"]).casefold()
    if status not in STATUSES:
        near = difflib.get_close_matches(status, STATUSES, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(STATUSES)}"
        raise ValueError(f"status is {status[:40]!r}; {hint}")
    start, end = minute_of(cells.get("start", "")), minute_of(cells.get("end", ""))
    if start is not None and end is not None and end <= start:
        raise ValueError(f"ends ({text_of(cells['end'])}) before it starts ({text_of(cells['start'])})")
    return Attended(day_of(cells["date"]), specialist, status, start, end)


def put_members(
    connection: Connection, members: Sequence[tuple[int, Member]], types: Mapping[str, str], today: int
) -> Came:
    """Write a roster's rows (with their numbers); return what each came to, and the rows that were refused with the
    reason.

    `types`: the configured sources' types by name; a source nobody configured yet is kept by its name. A phone that
    passes to another specialist passes `today`; one phone cannot be two specialists' in one roster.
    """
    known = store.specialists(connection)
    holders: dict[tuple[str, str], str] = {}
    outcomes: list[Outcome] = []
    refused: list[tuple[int, str]] = []
    seen: dict[str, tuple[int, Member]] = {}
    for number, row in members:
        first, told = seen.setdefault(row.name, (number, row))
        if told != row:
            refused.append((number, f"{row.name!r} stands in row {first} already, otherwise"))
            continue
        taken = next((it for it in row.identities if holders.setdefault(it, row.name) != row.name), None)
        if taken:
            refused.append((number, f"{':'.join(taken)} is the phone of {holders[taken]!r} in this roster"))
            continue
        before = known.get(row.name)
        values: dict[str, Any] = {}
        if row.team is not None and row.team != ((before and before.team) or ""):
            values["team_id"] = store.team(connection, row.team) if row.team else None
        if row.region is not None and row.region != (before.region if before else ""):
            values["region"] = row.region
        if row.hired is not None and row.hired != (before and before.hired):
            values["hired"] = row.hired
        specialist_id = store.put_specialist(connection, before, row.name, values)
        moved = [_assign(connection, it, specialist_id, types, today) for it in row.identities]
        known[row.name] = store.Known(
            specialist_id,
            row.name,
            row.team if row.team is not None else before.team if before else None,
            row.region if row.region is not None else before.region if before else "",
            row.hired if row.hired is not None else before.hired if before else None,
        )
        changed = bool(values) or any(moved)
        outcomes.append(Outcome.NEW if before is None else Outcome.CHANGED if changed else Outcome.KNOWN)
    return Came(outcomes, refused)


def _assign(
    connection: Connection, identity: tuple[str, str], specialist_id: int, types: Mapping[str, str], today: int
) -> bool:
    source, agent = identity
    source_id = store.source(connection, source, types.get(source, ""))
    return store.assign(connection, store.identity(connection, source_id, agent), specialist_id, today)


def put_attended(connection: Connection, rows: Sequence[tuple[int, Attended]]) -> Came:
    """Write an attendance list's rows (with their numbers); return what each came to, and the refused with the
    reason."""
    people = store.specialists(connection)
    days = [row.day for _, row in rows]
    known = store.attendance(connection, min(days), max(days)) if days else {}
    outcomes: list[Outcome] = []
    refused: list[tuple[int, str]] = []
    seen: dict[tuple[str, int], tuple[int, Attended]] = {}
    for number, row in rows:
        first, told = seen.setdefault((row.specialist, row.day), (number, row))
        if told != row:
            refused.append((number, f"{row.specialist!r} has that day in row {first} already, otherwise"))
            continue
        if row.specialist not in people:
            near = difflib.get_close_matches(row.specialist, people, 1, 0.6)
            hint = f"did you mean {near[0]!r}?" if near else "import the roster first"
            refused.append((number, f"there is no specialist {row.specialist!r}; {hint}"))
            continue
        at, values = (people[row.specialist].id, row.day), (row.status, row.start, row.end)
        before = known.get(at)
        if before != values:
            store.put_attendance(connection, *at, values, before is not None)
            known[at] = values
        outcomes.append(Outcome.NEW if before is None else Outcome.KNOWN if before == values else Outcome.CHANGED)
    return Came(outcomes, refused)
