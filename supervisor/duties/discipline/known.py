"""What is remembered of a day that is not over between two looks at it, so that what is new can be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from integrations.provider import Direction, Progress
from store import evaluation as rows
from store import recent
from supervisor.calendar import Span
from supervisor.config import Config
from supervisor.duties.calls.floor import PRESENT
from supervisor.duties.calls.pace import ABSENT
from supervisor.duties.discipline.day import DayRows, Standing, hours_known, shifts_of
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.rules.working import MINUTE_US, overlap

_INBOUND = Direction.INBOUND.value
ENDED = int(Progress.ENDED)
NOBODY_KNOWS = rows.END_OF_TIME
"""When somebody was last on a call whose end nobody knows: it lasts until the next one."""

Piece = tuple[int, int, int]
"""A time on a call: the call's id, whose phone, since when (epoch us)."""


@dataclass(frozen=True)
class Floor:
    """What does not change with what happens. `whose`: specialists by phone identity; `shifts`: of those who must be
    on the phone; `live`: those of whom a source tells what they are doing; `ends`: until when calls are of the day."""

    standing: Standing
    whose: Mapping[int, int]
    shifts: Mapping[int, tuple[Span, ...]]
    live: frozenset[int]
    ends: Mapping[int, int]
    outages: Sequence[rows.Out]


@dataclass(frozen=True)
class Known:
    """What was known of a day that is not over when it was looked at, at `now_us`; as a whole at `whole_us`.

    `facts`: by what it is judged, `customers` what of them, at `customers_us`; `tallies`: what phones had done; `last`:
    when specialists were last on a call that is over; `gaps`: who had a gap before that, as long as idle is; `quiet`:
    who has one, judged at `quiet_us`; `calls`, `legs`: those under way; `busy`: who was on them until when (None:
    still); `plain`: those (with their number) with a customer who may be called."""

    facts: str
    customers: tuple[int, ...]
    customers_us: int
    marks: recent.Marks
    floor: Floor
    tallies: Mapping[int, tuple[Any, ...]]
    last: Mapping[int, int]
    gaps: frozenset[int]
    quiet: frozenset[int]
    quiet_us: int
    calls: Mapping[int, recent.Changed]
    legs: frozenset[int]
    busy: Mapping[Piece, int | None]
    plain: frozenset[tuple[int, str]]
    now_us: int
    whole_us: int


def known_of(connection: Connection, config: Config, told: DayRows, standing: Standing, facts: str) -> Known:
    """Return what is known of a day after all of it was read as `told`."""
    marks = recent.marks(connection)
    days = told.day, back(told.day, -1)
    floor = _floor_of(config, told, standing)
    legs = recent.under_way(connection, days)
    changed = recent.changed(connection, days, marks, {call for _, call in legs}, ())
    last, gaps = _last(told, floor, config)
    times = times_of(changed, recent.parts(connection, [call.call_id for call in changed if call.legs > 1]))
    return Known(
        facts=facts,
        customers=recent.customers_told(connection, marks),
        customers_us=told.now_us,
        marks=marks,
        floor=floor,
        tallies=rows.tallies(connection, *days),
        last=last,
        gaps=gaps,
        quiet=frozenset(),
        quiet_us=told.now_us,
        calls={call.call_id: call for call in changed},
        legs=frozenset(leg for leg, _ in legs),
        busy=dict(times),
        plain=frozenset(),
        now_us=told.now_us,
        whole_us=told.now_us,
    )


def _floor_of(config: Config, told: DayRows, standing: Standing) -> Floor:
    shifts = shifts_of(config, told.day, told.attendance)
    day_end_us = shifts.calendar.bounds(told.day)[1]
    here = {person.specialist_id: shifts.of(person.specialist_id, told.day) for person in told.people}
    judged = {
        person.specialist_id
        for person in told.people
        if (person.status or PRESENT) not in ABSENT and hours_known(person)
    }
    whose = {
        phone.identity_id: phone.specialist_id
        for phone in standing.phones
        if phone.specialist_id is not None and phone.specialist_id in here
    }
    return Floor(
        standing=standing,
        whose=whose,
        shifts={id_: shift for id_, shift in here.items() if id_ in judged and shift},
        live=frozenset(whose[one.identity_id] for one in standing.phones if one.live and one.identity_id in whose),
        ends={id_: max(day_end_us, shift[-1][1] if shift else 0) for id_, shift in here.items()},
        outages=told.outages,
    )


def _last(told: DayRows, floor: Floor, config: Config) -> tuple[dict[int, int], frozenset[int]]:
    """Return when specialists were last on a call that is over; those under way are not in it. And who had a gap
    before, as it seems by calls alone."""
    whose, limit_us = floor.whose, config.console.idle_act_minutes * MINUTE_US
    found: dict[int, int] = {}
    gaps: set[int] = set()
    for call in (*told.calls, *told.night):
        whom = whose.get(call[1])
        if whom is None:
            continue
        _, _, direction, _, started_us, answered_us, ended_us, _, _, _, _, progress, legs, _ = call
        before = found.get(whom, 0)
        if before == NOBODY_KNOWS:
            found[whom] = started_us
        elif started_us - before >= limit_us and worked(floor, whom, before, started_us) >= limit_us:
            gaps.add(whom)
        if legs == 1 and progress >= ENDED and (direction != _INBOUND or answered_us is not None):
            found[whom] = max(found.get(whom, 0), NOBODY_KNOWS if ended_us is None else ended_us)
    for part in told.parts:
        if part.identity_id in whose and part.progress >= ENDED and _is_activity(part):
            whom = whose[part.identity_id]
            found[whom] = max(found.get(whom, 0), _part_end(part))
    return found, frozenset(gaps)


def _is_activity(one: recent.Changed | recent.Part | rows.PartTaken) -> bool:
    """A phone that rang and was not answered was no activity."""
    return one.direction != _INBOUND or one.answered_us is not None


def _part_end(part: recent.Part | rows.PartTaken) -> int:
    return part.ended_us or part.answered_us or part.started_us


def times_of(changed: Iterable[recent.Changed], parts: Iterable[recent.Part]) -> list[tuple[Piece, int | None]]:
    """Return who is or was on calls, in the order they began, and until when (None: still)."""
    found: list[tuple[Piece, int | None]] = [
        (
            (call.call_id, call.identity_id, call.started_us),
            None if call.progress < ENDED else NOBODY_KNOWS if call.ended_us is None else call.ended_us,
        )
        for call in changed
        if call.legs == 1 and call.identity_id is not None and _is_activity(call)
    ]
    found += [
        ((part.call_id, part.identity_id, part.started_us), _part_end(part) if part.progress >= ENDED else None)
        for part in parts
        if _is_activity(part)
    ]
    return sorted(found, key=lambda one: one[0][2])


def seen_anew(config: Config, told: DayRows, known: Known) -> Known:
    """Return what is known after some people were read as `told`."""
    last, gaps = _last(told, known.floor, config)
    read = {person.specialist_id for person in told.people}
    return replace(known, last={**known.last, **last}, gaps=(known.gaps - read) | gaps)


def worked(floor: Floor, whom: int, from_us: int, until_us: int) -> int:
    """How long somebody worked between two moments; none who need not be on the phone."""
    return overlap(floor.shifts.get(whom, ()), from_us, until_us)
