"""What a specialist, a team and the floor did in a week or a month, against plan: for the regular sales meeting.

Plan is the quota of effective calls x days attended, as of the fines. Only days whose work is over are summed: what is
still being worked is not yet missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from supervisor.calendar import date_of, day_number
from supervisor.config import Config
from supervisor.duties.audit.told import ClosedOrder, Done, Told, added, anything, read_told
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.orders.lines import SIGNED
from supervisor.text import alphabetical


class Measure(NamedTuple):
    """What people are compared by: its code, its words, how it is told (count, share, duration, money), and the value
    of somebody, None where they have none."""

    code: str
    words: str
    kind: str
    value: Callable[[Done], float | None]


@dataclass(frozen=True, slots=True)
class Ends:
    """The best and the worst of a measure, and who: all of those who share it."""

    measure: Measure
    best: float
    best_names: tuple[str, ...]
    worst: float
    worst_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A time in one sight. `last` before `first`: no day of it is over. `people` and `teams` by name; `nobody`: what
    belongs to no specialist, None: nothing does; `total`: all together; `won` and `lost` in the order of their days;
    `reasons`: why orders were lost and how many, the most frequent first."""

    first: int
    last: int
    now_us: int
    floor: str
    time_zone: str
    currency: str
    people: tuple[Done, ...]
    nobody: Done | None
    teams: tuple[Done, ...]
    total: Done
    ends: tuple[Ends, ...]
    won: tuple[ClosedOrder, ...]
    lost: tuple[ClosedOrder, ...]
    reasons: tuple[tuple[str, int], ...]


def _a_day(value: Callable[[Done], float]) -> Callable[[Done], float | None]:
    return lambda one: value(one) / one.days if one.days else None


MEASURES = (
    Measure("plan", "share of the plan", "share", lambda one: one.plan),
    Measure("dials_a_day", "dials a day attended", "count", _a_day(lambda one: one.dials)),
    Measure("effective_a_day", "effective calls a day attended", "count", _a_day(lambda one: one.effective)),
    Measure("talk_a_day", "talk a day attended", "duration", _a_day(lambda one: one.talk_ms)),
    Measure("contacts_a_day", "contacts written a day attended", "count", _a_day(lambda one: one.contacts)),
    Measure("signed", "orders signed", "count", lambda one: float(one.signed)),
    Measure("amount", "amount signed", "money", lambda one: float(one.amount_cents)),
)
"""Activity is compared by the day attended, so that nobody is behind for having been ill; orders as they are."""


def week_of(day: int) -> tuple[int, int]:
    """Return the Monday and the Sunday of the week of a day."""
    monday = date_of(day) - timedelta(days=date_of(day).weekday())
    return day_number(monday), day_number(monday + timedelta(days=6))


def ends_of(people: Iterable[Done], measures: Sequence[Measure] = MEASURES) -> tuple[Ends, ...]:
    """Return the best and the worst of each measure, of those who attended at all; a measure by which nobody differs,
    or that only one has, is left out."""
    here = [one for one in people if one.days]
    found = []
    for measure in measures:
        told = [(value, one.name) for one in here if (value := measure.value(one)) is not None]
        if not told or (best := max(told)[0]) == (worst := min(told)[0]):
            continue
        named = [
            tuple(sorted((name for value, name in told if value == end), key=alphabetical)) for end in (best, worst)
        ]
        found.append(Ends(measure, best, named[0], worst, named[1]))
    return tuple(found)


def checked_team(people: Iterable[Done], team: str | None) -> tuple[Done, ...]:
    """Return those of a team (None: all), by name. RefusedError where nobody is in it."""
    told = sorted(people, key=lambda one: (alphabetical(one.name), one.name))
    if team is None:
        return tuple(told)
    found = tuple(one for one in told if one.team == team)
    if not found:
        known = sorted({one.team for one in told if one.team}, key=alphabetical)
        raise RefusedError(f"there is no team {team!r}; " + (f"one of {', '.join(known)}" if known else "no teams"))
    return found


def summary_of(told: Told, config: Config, now_us: int, team: str | None = None) -> Summary:
    """Return the summary of what was told, of a team or of all (None). Orders of nobody are among those of the floor.
    RefusedError where there is no such team."""
    people = checked_team(told.people, team)
    everything = people if team is not None else (*people, told.nobody)
    by_team: dict[str, list[Done]] = defaultdict(list)
    for one in people:
        by_team[one.team].append(one)
    orders = [order for order in told.orders if team is None or order.team == team]
    won = tuple(order for order in orders if order.status == SIGNED)
    lost = tuple(order for order in orders if order.status != SIGNED)
    reasons = Counter(order.why or "no reason was said" for order in lost)
    return Summary(
        first=told.first,
        last=told.last,
        now_us=now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        currency=config.orders.currency,
        people=people,
        nobody=told.nobody if team is None and anything(told.nobody) else None,
        teams=tuple(added(by_team[name], name, name) for name in sorted(by_team, key=alphabetical) if name),
        total=added(everything, "all" if team is None else team, team or ""),
        ends=ends_of(people),
        won=won,
        lost=lost,
        reasons=tuple(sorted(reasons.items(), key=lambda one: (-one[1], alphabetical(one[0])))),
    )


def read_week(connection: Connection, config: Config, day: int, now_us: int, team: str | None = None) -> Summary:
    """Return the summary of the week of a day, up to the last day whose work is over at `now_us`. RefusedError where
    the week is still to come, or there is no such team."""
    first, until = week_of(day)
    today = calendar_of(config.floor).today(now_us)
    if first > today:
        raise RefusedError(f"the week of {date_of(day).isoformat()} is still to come")
    return summary_of(read_told(connection, config, first, until, now_us), config, now_us, team)
