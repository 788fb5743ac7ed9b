"""The examination of a specialist, read from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import median

from sqlalchemy import Connection

from store import examination as rows
from store import floor
from supervisor.calendar import date_of
from supervisor.config import Config
from supervisor.duties.calls.floor import PRESENT, calendar_of
from supervisor.duties.calls.pace import ABSENT, HALF, Quotas, added
from supervisor.duties.followups.queue import OUTSIDE
from supervisor.duties.followups.window import Window, window_of
from supervisor.duties.orders import examine as rules
from supervisor.duties.orders.examine import Examination, Work, trend
from supervisor.text import alphabetical


def read_examination(connection: Connection, config: Config, specialist_id: int, now_us: int) -> Examination:
    """Return the examination of a specialist at `now_us` (epoch us) beside their team, or beside the floor where they
    are in none; KeyError where there is no such specialist."""
    today = calendar_of(config.floor).today(now_us)
    people = floor.people(connection, today)
    own = next((person for person in people if person.specialist_id == specialist_id), None)
    if own is None:
        raise KeyError(specialist_id)
    team = [
        person
        for person in people
        if person.specialist_id == specialist_id
        or (
            (own.team_id is None or person.team_id == own.team_id)
            and (person.hired is None or person.hired <= today)
            and (person.left is None or person.left >= today)
        )
    ]
    works = _works(connection, config, team, now_us, today)
    return Examination(
        specialist_id=specialist_id,
        specialist=own.name,
        team=own.team or "",
        day=today,
        members=len(team),
        causes=rules.examine(works[specialist_id], list(works.values()), _trends(connection, specialist_id, today)),
    )


def _back(day: int, days: int) -> int:
    local = date_of(day) - timedelta(days=days)
    return local.year * 10_000 + local.month * 100 + local.day


def _trends(connection: Connection, specialist_id: int, today: int) -> list[rules.Trend]:
    """The trends of the types of customers that a specialist has."""
    last, middle, first = _back(today, 1), _back(today, rules.TYPE_DAYS), _back(today, 2 * rules.TYPE_DAYS)
    now = rows.closed_by_type(connection, middle, last)
    before = rows.closed_by_type(connection, first, _back(middle, 1))
    types = sorted(rows.types_of(connection, specialist_id, first), key=alphabetical)

    def of(found: dict[str, rows.TypeDone], type_: str) -> tuple[int, int]:
        return (found[type_].signed, found[type_].closed) if type_ in found else (0, 0)

    return [trend(type_, of(now, type_), of(before, type_)) for type_ in types]


def _works(
    connection: Connection, config: Config, team: Sequence[floor.Person], now_us: int, today: int
) -> dict[int, Work]:
    """What the figures of each of `team` are made of, from a handful of statements for all of them."""
    ids = [person.specialist_id for person in team]
    last, recent = _back(today, 1), _back(today, rules.RECENT_DAYS)
    first = _back(recent, rules.BEFORE_DAYS)
    skill = _back(today, rules.SKILL_DAYS)
    calendar = calendar_of(config.floor)
    done: dict[int, list[rows.DayDone]] = defaultdict(list)
    for one in rows.done(connection, ids, min(first, skill), last):
        done[one.specialist_id].append(one)
    talks: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for specialist_id, day, talk_ms in rows.talks(connection, ids, first, last):
        talks[specialist_id, day >= recent].append(talk_ms)
    touches: dict[int, list[rows.Touch]] = defaultdict(list)
    for touch in rows.touches(connection, ids, recent, last, calendar.bounds(recent)[0]):
        touches[touch.specialist_id].append(touch)
    attendance = rows.attendance(connection, ids, recent, last)
    quotas = floor.quotas(connection, last)
    opened = rows.opened(connection, ids, skill, last)
    closed = rows.closed(connection, ids, _back(today, rules.CLOSED_DAYS), last)
    solutions = rows.newest_solutions(connection, ids)
    window = _window(connection, config)
    span = [_back(today, back) for back in range(rules.RECENT_DAYS, 0, -1)]
    quota_of = {day: Quotas(quotas, day, config.quota) for day in span}
    found = {}
    for person in team:
        their = person.specialist_id
        now_done = [one for one in done[their] if one.day >= recent]
        before_done = [one for one in done[their] if first <= one.day < recent]
        called = {one.day for one in now_done if one.calls}
        days = [
            (day, status)
            for day in span
            if (status := attendance.get((their, day), PRESENT if day in called else "")) and status not in ABSENT
        ]
        now_talks, before_talks = talks[their, True], talks[their, False]
        signed, count = closed.get(their, (0, 0))
        newest = solutions.get(their)
        found[their] = Work(
            attended=sum(config.quota.half_day if status == HALF else 1.0 for _, status in days),
            quota=added(quota_of[day].of(their, person.team_id, status) for day, status in days),
            dials=sum(one.dials for one in now_done),
            connected=sum(one.connected for one in now_done),
            effective=sum(one.effective for one in now_done),
            talk_ms=sum(one.talk_ms for one in now_done),
            connected_before=sum(one.connected for one in before_done),
            effective_before=sum(one.effective for one in before_done),
            effective_skill=sum(one.effective for one in done[their] if one.day >= skill),
            orders=opened.get(their, 0),
            signed=signed,
            closed=count,
            talks=len(now_talks),
            talk_median_ms=median(now_talks) if now_talks else None,
            talks_before=len(before_talks),
            talk_median_before_ms=median(before_talks) if before_talks else None,
            solution_days=None if newest is None else max(0, now_us - newest) // 86_400_000_000,
            **_directions(touches[their], window),
        )
    return found


def _directions(touches: Iterable[rows.Touch], window: Window) -> dict[str, int]:
    told = list(touches)
    numbers = [(touch.number, touch.ordered) for touch in told if touch.number is not None]
    return {
        "first_contacts": sum(number == 1 for number, _ in numbers),
        "contacts": len(told),
        "outside": sum(touch.tier >= OUTSIDE for touch in told),
        "counted": len(numbers),
        "in_window": sum(window.first <= number <= window.last for number, _ in numbers),
        "past": sum(number > window.last and not ordered for number, ordered in numbers),
    }


def _window(connection: Connection, config: Config) -> Window:
    told = config.followups
    return window_of(
        rows.signed_at(connection),
        first=told.window[0],
        last=told.window[1],
        pinned=told.pinned,
        own_from=told.own_from_signings,
        share=told.own_share,
    )
