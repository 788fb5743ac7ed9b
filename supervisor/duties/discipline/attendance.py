"""Attendance: the table of a day, and saying whether somebody was there. Flags of that day follow at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from store import flag_acts as store
from store import flag_book
from store import floor as floor_rows
from store.flag_acts import Attended
from supervisor.calendar import day_text, days_between
from supervisor.config import Config
from supervisor.duties.calls.floor import PRESENT, calendar_of
from supervisor.duties.calls.pace import ABSENT
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.read import employed, here
from supervisor.duties.discipline.snapshots import AttendanceLine, AttendanceTable
from supervisor.settings import minutes
from supervisor.text import alphabetical

if TYPE_CHECKING:
    from supervisor.duties.acting import Doer, Undo

BACK_DAYS, AHEAD_DAYS = 60, 366
"""How far from today attendance is written by hand."""
_DAY = 24 * 60


# -- reading ------------------------------------------------------------------------------------------------------


def read_attendance(connection: Connection, config: Config, day: int, now_us: int) -> AttendanceTable:
    """Return the attendance of a day with what the phones tell of it: everybody who is employed then, by team and
    name."""
    calendar = calendar_of(config.floor)
    hours = [minutes(span) for span in config.floor.working_hours]
    people = here(floor_rows.people(connection, day), day)
    called = flag_book.called(connection, day)
    lines = []
    for one in people:
        first_us, last_us, dials = called.get(one.specialist_id, (None, None, 0))
        lines.append(
            AttendanceLine(
                specialist_id=one.specialist_id,
                name=one.name,
                team=one.team or "",
                day=day,
                status=one.status or PRESENT,
                told=one.status is not None,
                start=one.start,
                end=one.end,
                first_us=first_us,
                last_us=last_us,
                dials=dials,
            )
        )
    return AttendanceTable(
        day=day,
        today=calendar.today(now_us),
        now_us=now_us,
        working=bool(calendar.shift(day)),
        begins=hours[0][0],
        ends=hours[-1][1],
        lines=tuple(lines),
        teams=tuple(sorted({line.team for line in lines if line.team}, key=alphabetical)),
    )


# -- acts ---------------------------------------------------------------------------------------------------------


def attend(
    connection: Connection,
    doer: Doer,
    config: Config,
    specialist_id: int,
    day: int,
    status: str,
    start: int | None = None,
    end: int | None = None,
) -> str:
    """Say whether somebody was there on a day, and their own hours where they differ from the floor's: `start`, `end`
    in minutes since midnight. The rules are applied anew to a day that is today or past.

    RefusedError where the day is more than `BACK_DAYS` ago or `AHEAD_DAYS` ahead, they are not employed on it, it is
    no status of a roster, or the hours are none.
    """
    from supervisor.duties.acting import note  # and the store's tables, which reading does without
    from supervisor.duties.roster import STATUSES

    found = store.specialist(connection, specialist_id)
    if found is None:
        raise RefusedError("there is no such specialist")
    name, hired, left = found
    if not employed(hired, left, day):
        raise RefusedError(f"{name} is not employed on {day_text(day)}")
    if days_between(day, doer.today) > BACK_DAYS:
        raise RefusedError(f"{day_text(day)} is more than {BACK_DAYS} days ago; attendance so old is imported")
    if days_between(doer.today, day) > AHEAD_DAYS:
        raise RefusedError(f"{day_text(day)} is more than {AHEAD_DAYS} days ahead")
    if status not in STATUSES:
        raise RefusedError(f"{status!r} is no attendance; one of {', '.join(STATUSES)}")
    if problem := hours_problem(config, status, start, end):
        raise RefusedError(problem)
    before, now = store.attendance(connection, specialist_id, day), (status, start, end)
    words = f"{name}: {told(now)} on {day_text(day)}"
    if before == now:
        return f"{words} already"
    store.put_attendance(connection, specialist_id, day, now)
    note(connection, doer, "attendance.set", specialist=specialist_id, day=day, was=before, now=now, words=words)
    return words + _judge(connection, config, specialist_id, day, doer)


def hours_problem(config: Config, status: str, start: int | None, end: int | None) -> str | None:
    """Return why somebody's own hours cannot be; None: they can. They end before they begin where the floor itself
    works past midnight."""
    if start is None and end is None:
        return None
    if status in ABSENT:
        return f"who is absent ({status}) has no hours"
    if not all(0 <= one <= _DAY for one in (start, end) if one is not None):
        return "a time of day is from 00:00 to 24:00"
    hours = [minutes(span) for span in config.floor.working_hours]
    begin, until = hours[0][0] if start is None else start, hours[-1][1] if end is None else end
    through_midnight = hours[-1][1] > _DAY
    if begin == until or (until < begin and not through_midnight):
        return f"{clock(until)} is not after {clock(begin)}"
    if until - begin > _DAY:
        return f"from {clock(begin)} until {clock(until)} of the next day is longer than a day"
    return None


def told(attended: Attended) -> str:
    """Return an attendance in words: "half, 09:00-12:00"."""
    status, start, end = attended
    if start is None and end is None:
        return status
    if start is None:
        return f"{status} until {clock(end or 0)}"
    return f"{status} from {clock(start)}" if end is None else f"{status}, {clock(start)}-{clock(end)}"


def clock(minute: int) -> str:
    """Return minutes since midnight as HH:MM; those past it are of the next day."""
    hour, rest = divmod(minute if minute == _DAY else minute % _DAY, 60)
    return f"{hour:02}:{rest:02}"


def _undo_attend(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    """Restore what was told before, nothing included. RefusedError where somebody told otherwise since."""
    specialist_id, day = detail["specialist"], detail["day"]
    if store.attendance(connection, specialist_id, day) != tuple(detail["now"]):
        raise RefusedError("this attendance was changed since; nothing is undone")
    store.put_attendance(connection, specialist_id, day, tuple(detail["was"]) if detail["was"] else None)
    flags = "" if doer.config is None else _judge(connection, doer.config, specialist_id, day, doer)
    return f"undone: {detail['words']}{flags}"


def _judge(connection: Connection, config: Config, specialist_id: int, day: int, doer: Doer) -> str:
    """Apply the rules anew to a day that is not to come, of them and of whoever is compared with them; return what
    became of flags, to be added to other words."""
    if day > doer.today:
        return ""
    from supervisor.duties.discipline.evaluate import evaluate_person

    done = evaluate_person(connection, config, day, specialist_id, doer.now_us)
    became = [f"{count} {word}" for count, word in ((done.raised, "raised"), (done.withdrawn, "withdrawn")) if count]
    flags = "flag" if done.raised + done.withdrawn == 1 else "flags"
    return f"; {flags}: {', '.join(became)}" if became else ""


UNDO: dict[str, Undo] = {"attendance.set": _undo_attend}
"""What takes back what the journal says."""
