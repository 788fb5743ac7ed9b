"""The rows of a day, read from the store in few statements; `putting` makes of them what the rules look at.

A shift that runs past midnight has the calls made until its end; those are read of the day after, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from integrations.provider import Direction
from store import evaluation as rows
from store import floor
from supervisor.calendar import Calendar, Span
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.pace import HALF
from supervisor.duties.discipline.findings import AUTOMATIC
from supervisor.duties.discipline.read import back, employed
from supervisor.duties.followups.logs import WITHIN_US

ALL = frozenset(rule.code for rule in AUTOMATIC)
WEEK_DAYS = 6
"""The days before that calls with one number are counted on, besides the day itself."""
LONGEST_CALL_US = 3 * 3_600_000_000
"""A call that a log just after midnight speaks of began no longer before it."""

_INTERNAL = Direction.INTERNAL.value
_BY_LOGS = "logged_without_a_call"
_BY_WEEK = "private_call"


class Only(NamedTuple):
    """Some people: specialists, and phone identities that are nobody's."""

    specialists: frozenset[int]
    strangers: frozenset[int] = frozenset()

    @property
    def whose(self) -> frozenset[str]:
        """Whose their flags are, as those are kept."""
        return frozenset(f"specialist:{id_}" for id_ in self.specialists) | {f"phone:{id_}" for id_ in self.strangers}


class Standing(NamedTuple):
    """What of a day does not change with what happens on it: phones, everybody who is employed, quotas, attendance."""

    phones: Sequence[rows.PhoneHeld]
    people: Sequence[floor.Person]
    quotas: Sequence[floor.QuotaHeld]
    attendance: Sequence[rows.Attended]


@dataclass(frozen=True)
class DayRows:
    """What the store says of one day, read at one moment of it; `only`: of some people, None: of everybody.

    `night`: calls of the day after, made in shifts that began on the day; `near`: calls just before and after the day,
    where logs lie at its edges."""

    day: int
    now_us: int
    only: Only | None
    phones: Sequence[rows.PhoneHeld]
    people: Sequence[floor.Person]
    quotas: Sequence[floor.QuotaHeld]
    attendance: Sequence[rows.Attended]
    calls: Sequence[rows.Call]
    night: Sequence[rows.Call]
    near: Sequence[rows.Call]
    parts: Sequence[rows.PartTaken]
    owners: Sequence[rows.Owner]
    any_customers: bool
    week: Sequence[tuple[int, int | None, str, int]]
    pauses: Sequence[rows.Pause]
    outages: Sequence[rows.Out]
    logs: Sequence[rows.Written]
    first_call_us: int | None


@dataclass
class Shifts:
    """The shifts of everybody on the day before, the day and the day after, each looked up once."""

    calendar: Calendar
    day: int
    told: Mapping[tuple[int, int], rows.Attended]
    known: dict[tuple[int, int | None, int | None], tuple[Span, ...]] = field(default_factory=dict)

    def of(self, specialist_id: int, day: int) -> tuple[Span, ...]:
        """Return the shift of somebody that begins on `day`, by their own hours where attendance tells them."""
        told = self.told.get((specialist_id, day))
        key = (day, told.start, told.end) if told else (day, None, None)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.calendar.shift(*key)
        return found

    def around(self, specialist_id: int) -> tuple[Span, ...]:
        """Return begin and end of their shifts that begin on the day before, the day and the day after."""
        shifts = (self.of(specialist_id, day) for day in (back(self.day, 1), self.day, back(self.day, -1)))
        return tuple((spans[0][0], spans[-1][1]) for spans in shifts if spans)


def shifts_of(config: Config, day: int, attendance: Iterable[rows.Attended]) -> Shifts:
    """Return the shifts that `attendance` makes of the floor's hours."""
    return Shifts(calendar_of(config.floor), day, {(one.specialist_id, one.day): one for one in attendance})


def ends_us(config: Config, day: int, attendance: Iterable[rows.Attended], people: Iterable[floor.Person]) -> int:
    """Return the moment at which the last shift that begins on `day` ends; on a day off the end of the day."""
    shifts = shifts_of(config, day, attendance)
    found = [spans[-1][1] for one in people if (spans := shifts.of(one.specialist_id, day))]
    return max(found, default=shifts.calendar.bounds(day)[1])


def hours_known(person: floor.Person) -> bool:
    """Whether attendance tells the hours of somebody on a day: of half a day it may not tell which half."""
    return person.status != HALF or person.start is not None or person.end is not None


def read_standing(connection: Connection, day: int) -> Standing:
    """Return what of `day` does not change with what happens on it."""
    return Standing(
        rows.phones(connection, day),
        [one for one in floor.people(connection, day) if employed(one.hired, one.left, day)],
        floor.quotas(connection, day),
        rows.attendance(connection, back(day, 1), back(day, -1)),
    )


def read_day(
    connection: Connection, config: Config, day: int, now_us: int, codes: Collection[str] = ALL,
    only: Only | None = None, standing: Standing | None = None,
) -> DayRows:  # fmt: skip
    """Return what the rules with `codes` look at on `day`, as it is known at `now_us` (epoch us).

    `only`: of these people alone. Rules that compare with a team want all of it. `standing`: where it is known already.
    """
    begin_us, end_us = calendar_of(config.floor).bounds(day)
    phones, people, quotas, attendance = standing or read_standing(connection, day)
    identities = None
    if only is not None:
        people = [one for one in people if one.specialist_id in only.specialists]
        theirs = {one.specialist_id for one in people}
        phones = [one for one in phones if one.specialist_id in theirs or one.identity_id in only.strangers]
        identities = [phone.identity_id for phone in phones]
    after = back(day, -1)
    last_us = max(end_us, ends_us(config, day, attendance, people))
    calls = rows.calls(connection, day, identities=identities)
    night = rows.calls(connection, after, end_us, last_us, identities) if last_us > end_us else []
    parts = rows.parts(connection, day, identities=identities)
    if last_us > end_us:
        parts += rows.parts(connection, after, end_us, last_us, identities)
    logs = rows.written(connection, begin_us, end_us) if _BY_LOGS in codes else []
    near = []
    if any(log.at_us < begin_us + WITHIN_US for log in logs):
        near += rows.calls(connection, back(day, 1), begin_us - LONGEST_CALL_US, begin_us, identities)
    if any(log.at_us >= end_us - WITHIN_US for log in logs):
        near += rows.calls(connection, after, end_us, end_us + WITHIN_US, identities)
    any_customers = rows.any_customers(connection)
    numbers = {call[3] for kind in (calls, night, near) for call in kind if call[3] and call[2] != _INTERNAL}
    owners = rows.owners(connection, numbers) if any_customers and numbers else []
    week: list[tuple[int, int | None, str, int]] = []
    if _BY_WEEK in codes and any_customers:
        strange = numbers - {owner.number for owner in owners}
        if strange:
            # Of few people it is faster to ask first which numbers can be told.
            untold = strange if only is None else strange - rows.told_numbers(connection, (day, after), strange)
            week = rows.called_before(connection, back(day, WEEK_DAYS), back(day, 1), strange, untold)
    return DayRows(
        day=day,
        now_us=now_us,
        only=only,
        phones=phones,
        people=people,
        quotas=quotas,
        attendance=attendance,
        calls=calls,
        night=night,
        near=near,
        parts=parts,
        owners=owners,
        any_customers=any_customers,
        week=week,
        pauses=rows.pauses(connection, begin_us, last_us, identities),
        outages=rows.outages(connection, (day, after), begin_us, min(now_us, last_us)),
        logs=logs,
        first_call_us=floor.first_call_us(connection) if logs else None,
    )
