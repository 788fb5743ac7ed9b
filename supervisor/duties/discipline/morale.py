"""Morale: the longest and the shortest of each team, the spread between best and worst on each measure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection

from store import examination, flag_book
from store import floor as floor_rows
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline.fines import read_worked
from supervisor.duties.discipline.read import back, here
from supervisor.duties.discipline.snapshots import DISMISSED, WITHDRAWN, MoraleSnapshot, Spread
from supervisor.text import alphabetical

MORALE_DAYS = 30
"""The days that are looked at, ending with yesterday."""
TEAM_LEAST = 2
"""People at work of whom one can be the best and one the worst."""


class Measure(NamedTuple):
    """What people are set side by side on. `more`: more of it is better; `daily`: it is by the days attended."""

    words: str
    unit: str
    more: bool = True
    daily: bool = True


DIALS = Measure("dials", "a day")
EFFECTIVE = Measure("effective calls", "a day")
TALK = Measure("talk", "minutes a day")
FOLLOWUPS = Measure("follow-ups done", "a day")
SIGNED = Measure("orders signed", "orders", daily=False)
FLAGS = Measure("flags", "flags", more=False, daily=False)
MEASURES = (DIALS, EFFECTIVE, TALK, FOLLOWUPS, SIGNED, FLAGS)


class AtWork(NamedTuple):
    """What somebody did: days attended (above 0), and by measure how much of it."""

    name: str
    team: str
    attended: float
    done: Mapping[Measure, float]


def spreads_of(people: Iterable[AtWork]) -> tuple[Spread, ...]:
    """Return the spread of each team with at least `TEAM_LEAST` people at work on each measure, teams by name. Of
    equals the first by name is named."""
    teams: dict[str, list[AtWork]] = defaultdict(list)
    for one in people:
        if one.team and one.attended > 0:
            teams[one.team].append(one)
    return tuple(
        _spread(team, measure, teams[team])
        for team in sorted(teams, key=alphabetical)
        if len(teams[team]) >= TEAM_LEAST
        for measure in MEASURES
    )


def _spread(team: str, measure: Measure, people: Sequence[AtWork]) -> Spread:
    told = [(one.done.get(measure, 0) / (one.attended if measure.daily else 1), one.name) for one in people]
    told.sort(key=lambda one: (-one[0] if measure.more else one[0], alphabetical(one[1])))
    (best_value, best), (worst_value, worst) = told[0], told[-1]
    return Spread(
        team=team,
        measure=measure.words,
        unit=measure.unit,
        best=best,
        best_value=best_value,
        worst=worst,
        worst_value=worst_value,
        median=median(value for value, _ in told),
        people=len(people),
    )


def read_morale(connection: Connection, config: Config, now_us: int) -> MoraleSnapshot:
    """Return the spreads of the last `MORALE_DAYS` days of everybody that is here at `now_us` (epoch us). At work is
    who attended; follow-ups are counted contacts; flags those that were neither withdrawn nor dismissed."""
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    first, last = back(today, MORALE_DAYS), back(today, 1)
    people = here(floor_rows.people(connection, today), today)
    ids = [one.specialist_id for one in people]
    done: dict[int, Counter[Measure]] = defaultdict(Counter)
    days = examination.done(connection, ids, first, last)
    for row in days:
        theirs = done[row.specialist_id]
        theirs[DIALS] += row.dials
        theirs[EFFECTIVE] += row.effective
        theirs[TALK] += row.talk_ms
    for touch in examination.touches(connection, ids, first, last, calendar.bounds(first)[0]):
        done[touch.specialist_id][FOLLOWUPS] += touch.number is not None
    for whose, (signed, _) in examination.closed(connection, ids, first, last).items():
        done[whose][SIGNED] += signed
    for flag in flag_book.seen(connection, ids, first, last):
        stands = flag.kind == "flag" and flag.state != WITHDRAWN and flag.decision != DISMISSED
        done[flag.specialist_id][FLAGS] += stands
    worked = read_worked(connection, config, people, days, first, last)
    return MoraleSnapshot(
        first,
        last,
        spreads_of(
            AtWork(
                one.name,
                one.team or "",
                sum(day.attended for day in worked.get(one.specialist_id, ())),
                {key: count / 60_000 if key is TALK else count for key, count in done[one.specialist_id].items()},
            )
            for one in people
        ),
    )
