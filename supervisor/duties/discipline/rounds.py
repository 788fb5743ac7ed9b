"""Which days are to be judged, and judging one without keeping the writer: read, judge, then write what differs.

A day that is not over is looked at by the rules that judge what happens; one that is over is evaluated by all of them,
and again whenever something else becomes known of it: a call that came late, an attendance that was edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import evaluation as rows
from store import flag_keeping as keeping
from store import floor
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline.day import ALL, DayRows, Only, ends_us, read_day
from supervisor.duties.discipline.evaluate import Evaluation, Judged, differs, evaluate_day, judge, keep, uncollected
from supervisor.duties.discipline.findings import LIVE
from supervisor.duties.discipline.read import back, employed
from supervisor.duties.discipline.rules.working import MINUTE_US

DAYS_BACK = 7
"""So many days before today are evaluated by themselves; older ones are history, until somebody asks."""


WHOLE_US = 10 * MINUTE_US
"""A day that is not over is looked at as a whole so often; in between, only who did something or is quiet."""


class Known(NamedTuple):
    """What was known of a day that is not over when it was looked at: by what it is judged, what phones had done, and
    when all of it was looked at (epoch us)."""

    facts: str
    done: Mapping[int, tuple[Any, ...]]
    whole_us: int


class Seen(NamedTuple):
    """A day as it was read. `stamp`: what was known of it, "" where it is not over; `newest`: what had become of flags
    until then."""

    told: DayRows
    codes: frozenset[str]
    stamp: str
    newest: int
    known: Known | None = None


def over_us(connection: Connection, config: Config, day: int) -> int:
    """Return the moment (epoch us) from which all that belongs to `day` has happened: its last shift is over, by more
    than calls may lie outside of it."""
    people = [one for one in floor.people(connection, day) if employed(one.hired, one.left, day)]
    last_us = ends_us(config, day, rows.attendance(connection, day, day), people)
    return last_us + config.discipline.out_of_hours_minutes * MINUTE_US


def stamp_of(connection: Connection, config: Config, day: int) -> str:
    """Return what is another text once something else is known of `day`."""
    return rows.stamp(connection, *_extent(connection, config, day))


def _extent(connection: Connection, config: Config, day: int) -> tuple[int, tuple[int, int], int, int]:
    """The day, the days around it, and from when until when it lasts with its shifts."""
    begin_us, end_us = calendar_of(config.floor).bounds(day)
    return day, (back(day, 1), back(day, -1)), begin_us, max(end_us, over_us(connection, config, day))


def running_days(connection: Connection, config: Config, now_us: int) -> list[int]:
    """Return the days to look at as it happens: today, and yesterday while a night shift of it is not over."""
    today = calendar_of(config.floor).today(now_us)
    yesterday = back(today, 1)
    return [yesterday, today] if now_us < over_us(connection, config, yesterday) else [today]


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


def look(connection: Connection, config: Config, day: int, now_us: int, known: Known | None = None) -> Seen | None:
    """Read a day that is not over, for the rules that judge what happens: all of it, or where it was looked at lately
    (`known`) those who did something since or are quiet. None: nothing can have become of it."""
    facts = rows.facts_stamp(connection, *_extent(connection, config, day))
    done = rows.tallies(connection, day, back(day, -1))
    only, whole_us = None, now_us
    if known is not None and known.facts == facts and 0 <= now_us - known.whole_us < WHOLE_US:
        only, whole_us = _stirring(connection, config, day, now_us, known.done, done), known.whole_us
        if not any(only):
            return None
    told = read_day(connection, config, day, now_us, LIVE, only)
    return Seen(told, LIVE, "", keeping.newest(connection), Known(facts, done, whole_us))


def _stirring(
    connection: Connection, config: Config, day: int, now_us: int,
    before: Mapping[int, tuple[Any, ...]], done: Mapping[int, tuple[Any, ...]],
) -> Only:  # fmt: skip
    """Who did something since, and until the last shift is over who had no call for so long that they may be idle."""
    quiet_us = now_us - config.console.idle_act_minutes * MINUTE_US
    people = {one.specialist_id for one in floor.people(connection, day) if employed(one.hired, one.left, day)}
    stirring: set[int] = set()
    strangers: set[int] = set()
    busy: set[int] = set()
    for phone in rows.phones(connection, day):
        told = done.get(phone.identity_id)
        changed = told != before.get(phone.identity_id)
        if phone.specialist_id is None or phone.specialist_id not in people:
            strangers |= {phone.identity_id} if changed else set()
        elif changed:
            stirring.add(phone.specialist_id)
        elif told is not None and (told[0] or 0) > quiet_us:
            busy.add(phone.specialist_id)
    quiet = people - busy if now_us < over_us(connection, config, day) else set()
    return Only(frozenset(stirring | quiet), frozenset(strangers))


def look_back(connection: Connection, config: Config, day: int, now_us: int) -> Seen:
    """Read a day that is over, for all rules."""
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
