"""Which days are to be judged, and judging one without keeping the writer: read, judge, then write what differs.

A day that is not over is looked at by the rules that judge what happens; one that is over is evaluated by all of them,
and again whenever something else becomes known of it: a call that came late, an attendance that was edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from store import evaluation as rows
from store import flag_keeping as keeping
from store import floor
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline.day import ALL, DayRows, Standing, ends_us, read_day, read_standing, shifts_of
from supervisor.duties.discipline.evaluate import Evaluation, Judged, differs, evaluate_day, judge, keep, uncollected
from supervisor.duties.discipline.findings import LIVE
from supervisor.duties.discipline.known import Known, known_of, seen_anew
from supervisor.duties.discipline.read import back, employed
from supervisor.duties.discipline.rules.working import MINUTE_US
from supervisor.duties.discipline.stirring import stirring

DAYS_BACK = 7
"""So many days before today are evaluated by themselves; older ones are history, until somebody asks."""


WHOLE_US = 240 * MINUTE_US
"""A day that is not over is looked at as a whole so often, lest something was overlooked; in between, only those of
whom something can have become."""


class Seen(NamedTuple):
    """A day as it was read. `stamp`: what was known of it, "" where it is not over; `newest`: what had become of flags
    until then."""

    told: DayRows
    codes: frozenset[str]
    stamp: str
    newest: int


def over_us(connection: Connection, config: Config, day: int) -> int:
    """Return the moment (epoch us) from which all that belongs to `day` has happened: its last shift is over, by more
    than calls may lie outside of it."""
    people = [one for one in floor.people(connection, day) if employed(one.hired, one.left, day)]
    return _over_us(config, day, rows.attendance(connection, day, day), people)


def _over_us(config: Config, day: int, attendance: Iterable[rows.Attended], people: Iterable[floor.Person]) -> int:
    return ends_us(config, day, attendance, people) + config.discipline.out_of_hours_minutes * MINUTE_US


def stamp_of(connection: Connection, config: Config, day: int) -> str:
    """Return what is another text once something else is known of `day`."""
    return rows.stamp(connection, *_extent(connection, config, day))


def _extent(
    connection: Connection, config: Config, day: int, standing: Standing | None = None
) -> tuple[int, tuple[int, int], int, int]:
    """The day, the days around it, and from when until when it lasts with its shifts."""
    begin_us, end_us = calendar_of(config.floor).bounds(day)
    if standing is None:
        last_us = over_us(connection, config, day)
    else:
        last_us = _over_us(config, day, standing.attendance, standing.people)
    return day, (back(day, 1), back(day, -1)), begin_us, max(end_us, last_us)


def running_days(connection: Connection, config: Config, now_us: int) -> list[int]:
    """Return the days to look at as it happens: today, and yesterday while a night shift of it is not over."""
    today = calendar_of(config.floor).today(now_us)
    yesterday = back(today, 1)
    return [yesterday, today] if not _is_over(connection, config, yesterday, now_us) else [today]


def _is_over(connection: Connection, config: Config, day: int, now_us: int) -> bool:
    """Whether all that belongs to `day` has happened. Nobody is asked for who cannot have worked so long."""
    attendance = rows.attendance(connection, day, day)
    shifts = shifts_of(config, day, attendance)
    ends = [shifts.calendar.bounds(day)[1]]
    for start, end in {(one.start, one.end) for one in attendance} | {(None, None)}:
        ends += [until_us for _, until_us in shifts.calendar.shift(day, start, end)]
    if now_us >= max(ends) + config.discipline.out_of_hours_minutes * MINUTE_US:
        return True
    return now_us >= over_us(connection, config, day)


def due_days(connection: Connection, config: Config, now_us: int) -> list[int]:
    """Return the days to evaluate, oldest first: of the last 7 and today those that are over and of which something
    else is known than when they were evaluated; none before the floor's first call."""
    first_us = floor.first_call_us(connection)
    if first_us is None:
        return []
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    first = max(back(today, DAYS_BACK), calendar.day_of(first_us))
    done = rows.evaluated(connection, first)
    days = (back(today, ago) for ago in range(DAYS_BACK, -1, -1))
    return [
        day
        for day in days
        if day >= first
        and now_us >= over_us(connection, config, day)
        and done.get(day) != stamp_of(connection, config, day)
    ]


def look(
    connection: Connection, config: Config, day: int, now_us: int, known: Known | None = None
) -> tuple[Seen | None, Known]:
    """Read a day that is not over, for the rules that judge what happens: all of it, or where it was looked at lately
    (`known`) those of whom something can have become since. Return that, None where it is nobody, and what is known
    of the day then."""
    with uncollected():
        if known is not None and 0 <= now_us - known.whole_us < WHOLE_US:
            facts = rows.facts_stamp(connection, *_extent(connection, config, day, known.floor.standing))
            found = stirring(connection, config, day, now_us, known) if facts == known.facts else None
            if found is not None:
                only, known = found
                if not any(only):
                    return None, known
                told = read_day(connection, config, day, now_us, LIVE, only, known.floor.standing)
                return _seen(connection, told), seen_anew(config, told, known)
        standing = read_standing(connection, day)
        facts = rows.facts_stamp(connection, *_extent(connection, config, day, standing))
        told = read_day(connection, config, day, now_us, LIVE, standing=standing)
        return _seen(connection, told), known_of(connection, config, told, standing, facts)


def _seen(connection: Connection, told: DayRows) -> Seen:
    return Seen(told, LIVE, "", keeping.newest(connection))


def look_back(connection: Connection, config: Config, day: int, now_us: int) -> Seen:
    """Read a day that is over, for all rules."""
    with uncollected():
        stamp = stamp_of(connection, config, day)
        return Seen(read_day(connection, config, day, now_us, ALL), ALL, stamp, keeping.newest(connection))


def judged_of(seen: Seen, config: Config) -> Judged:
    """Return what the rules find. Pure; of a big floor it takes a second or two."""
    with uncollected():
        return judge(seen.told, config, seen.codes)


def is_news(connection: Connection, seen: Seen, judged: Judged) -> bool:
    """Whether anything is to be written."""
    done = rows.evaluated(connection, judged.day)
    return judged.day not in done or bool(seen.stamp and done[judged.day] != seen.stamp) or differs(connection, judged)


def settle(connection: Connection, config: Config, seen: Seen, judged: Judged, now_us: int) -> Evaluation | None:
    """Keep what was found, in the caller's writing transaction. None: something else became known, or of a flag, since
    the day was read - by another collector or a person -, and nothing is kept; the next round judges anew."""
    if keeping.newest(connection) != seen.newest:
        return None
    if seen.stamp and stamp_of(connection, config, judged.day) != seen.stamp:
        return None
    done = keep(connection, judged, now_us)
    _note(connection, judged.day, seen.stamp, now_us)
    return done


def evaluate_now(connection: Connection, config: Config, day: int, now_us: int) -> Evaluation:
    """Evaluate `day` because somebody asks for it, and note that it was, in the caller's writing transaction."""
    done = evaluate_day(connection, config, day, now_us)
    is_over = now_us >= over_us(connection, config, day)
    _note(connection, day, stamp_of(connection, config, day) if is_over else "", now_us)
    return done


def _note(connection: Connection, day: int, stamp: str, now_us: int) -> None:
    if stamp:
        rows.put_evaluated(connection, day, stamp, now_us)
    else:
        rows.put_looked_at(connection, day, now_us)
