"""What mode 2, the floor's panel and the command line show of follow-ups, each from one moment of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import accumulate

from sqlalchemy import Connection

from store import floor, queue, suspects
from supervisor.calendar import Calendar
from supervisor.config import Config, Followups
from supervisor.duties.calls.floor import calendar_of, sources_of
from supervisor.duties.followups.queue import OUTSIDE, line_of, pick, pick_past
from supervisor.duties.followups.snapshots import (
    DoublesLine,
    Effort,
    FollowupsPanel,
    FollowupsSnapshot,
    InboxLine,
    QueueCounts,
    QueueLine,
)
from supervisor.duties.followups.window import HazardPoint, Window, hazard, window_of
from supervisor.text import alphabetical

LINES = 1000
"""Lines of the queue that a console holds; who is further back is found by name."""
PANEL_LINES = 60
MOST = 1000
"""Counts that are not kept go so far: "1000" means at least so many."""
INBOX_LINES = 300
EFFORT_DAYS = 30
_DAY_US = 86_400_000_000

Histogram = Sequence[tuple[int, int, int, int]]
"""Contact number, customers, live ones, signed ones."""


@dataclass(frozen=True, slots=True)
class SlowFigures:
    """What takes too long to read after every commit, and need not be newer than a few minutes."""

    effort: tuple[Effort, ...] = ()
    doubles: int = 0


def read_slow(
    read: Callable[[], AbstractContextManager[Connection]],
    config: Config,
    now_us: int,
    days: dict[int, list[queue.EffortRow]],
) -> SlowFigures:
    """Return the figures that a console reads now and then, in several short reads (`read` begins one): long ones
    would keep the write-ahead log from being reused. `days` remembers the effort of past days for the next time."""
    calendar = calendar_of(config.floor)
    wanted = [calendar.day_of(now_us - ago * _DAY_US) for ago in range(EFFORT_DAYS)]
    for day in wanted:
        if day not in days or day == wanted[0]:
            with read() as connection:
                days[day] = queue.effort(connection, day, OUTSIDE)
    with read() as connection:
        doubles = len(suspects.pairs(connection, MOST))
    return SlowFigures(efforts(days[day] for day in dict.fromkeys(wanted)), doubles)


def efforts(days: Iterable[Sequence[queue.EffortRow]]) -> tuple[Effort, ...]:
    """Return the effort of several days together, a specialist each, the most outside the tiers first."""
    dials, outside = Counter[str](), Counter[str]()
    for rows in days:
        for row in rows:
            dials[row.specialist] += row.dials
            outside[row.specialist] += row.outside
    names = sorted(dials, key=lambda name: (-outside[name], name))
    return tuple(Effort(name, dials[name], outside[name]) for name in names)


def window_now(counted: Histogram, told: Followups) -> Window:
    """Return the window that holds, by the signings that the histogram counts."""
    first, last = told.window
    signed_at = {contacts: signed for contacts, _, _, signed in counted if signed}
    return window_of(
        signed_at, first=first, last=last, pinned=told.pinned, own_from=told.own_from_signings, share=told.own_share
    )


def hazard_now(counted: Histogram) -> tuple[HazardPoint, ...]:
    """Return h(k) for every contact number that a customer has reached. Whoever stands at a number has reached all
    before it; counting ends when a customer signs."""
    by_number = {contacts: (customers, signed) for contacts, customers, _, signed in counted}
    last = max(by_number, default=0)
    reached = list(accumulate(by_number.get(k, (0, 0))[0] for k in range(last, 0, -1)))[::-1]
    return hazard((k, reached[k - 1], by_number.get(k, (0, 0))[1]) for k in range(1, last + 1))


def read_window(connection: Connection, config: Config) -> tuple[Window, tuple[HazardPoint, ...]]:
    """Return the window and h(k)."""
    counted = queue.histogram(connection)
    return window_now(counted, config.followups), hazard_now(counted)


def read_queue(connection: Connection, config: Config, now_us: int, limit: int = queue.ALL) -> list[QueueLine]:
    """Return the first `limit` lines of the queue."""
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    window = window_now(queue.histogram(connection), config.followups)
    return lines_of(connection, pick(connection, window, today, limit), window, today, calendar)


def lines_of(
    connection: Connection, ids: Sequence[int], window: Window, today: int, calendar: Calendar
) -> list[QueueLine]:
    """Return the customers `ids` in that order as lines of the queue; those that there are not are left out."""
    found = queue.customers(connection, ids)
    return [line_of(found[one], window, today, calendar) for one in ids if one in found]


def read_followups(connection: Connection, config: Config, now_us: int, slow: SlowFigures) -> FollowupsSnapshot:
    """Return everything mode 2 shows."""
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    counted = queue.histogram(connection)
    window = window_now(counted, config.followups)
    lines = lines_of(connection, pick(connection, window, today, LINES), window, today, calendar)
    past = lines_of(connection, pick_past(connection, window, LINES), window, today, calendar)
    live = {contacts: many for contacts, _, many, _ in counted}
    return FollowupsSnapshot(
        day=today,
        now_us=now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        shift_elapsed=calendar.shift_elapsed(now_us, today),
        sources=sources_of(floor.source_states(connection), config, now_us),
        window=window,
        hazard=hazard_now(counted),
        histogram=tuple(live.get(k, 0) for k in range(max(live, default=-1) + 1)),
        counts=_counts(connection, counted, window, today, slow),
        queue=tuple(lines),
        past=tuple(past),
        effort=slow.effort,
        teams=_teams([*lines, *past]),
        fixed=config.followups.window,
    )


def read_panel(connection: Connection, config: Config, now_us: int) -> FollowupsPanel:
    """Return what the floor shows of follow-ups."""
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    counted = queue.histogram(connection)
    window = window_now(counted, config.followups)
    lines = lines_of(connection, pick(connection, window, today, PANEL_LINES), window, today, calendar)
    return FollowupsPanel(today, window, _counts(connection, counted, window, today, SlowFigures()), tuple(lines))


def _counts(connection: Connection, counted: Histogram, window: Window, today: int, slow: SlowFigures) -> QueueCounts:
    before = window.first - 1 if window.first > 1 else window.first
    return QueueCounts(
        window=sum(live for contacts, _, live, _ in counted if window.first <= contacts <= window.last),
        next=sum(live for contacts, _, live, _ in counted if contacts == window.first - 1 and window.first > 1),
        overdue=queue.count_overdue(connection, today, (before, window.last), MOST),
        past=queue.count_past(connection, window.last, MOST),
        live=sum(live for _, _, live, _ in counted),
        waiting=queue.count_waiting(connection, MOST),
        doubles=slow.doubles,
    )


def _teams(lines: Iterable[QueueLine]) -> tuple[str, ...]:
    return tuple(sorted({line.team for line in lines if line.team}, key=alphabetical))


def read_inbox(connection: Connection, limit: int = INBOX_LINES) -> list[InboxLine]:
    """Return the newest `limit` calls that wait, newest first: those to a number that nobody has as one line, those to
    a number that several have each by itself, since each may have been another customer's."""
    waiting = queue.waiting(connection, limit)
    who_has = queue.candidates(connection, [one.number for one in waiting if one.owners > 1])
    lines: dict[str, InboxLine] = {}
    for one in waiting:
        shared = one.owners > 1
        key = f"{one.source_id}:{one.group_id}" if shared else one.number
        before = lines.get(key)
        if before is None:
            theirs = tuple(who_has.get(one.number, ()))
            call = (one.source_id, one.group_id) if shared else (None, None)
            lines[key] = InboxLine(key, one.number, 1, one.at_us, one.who or "", shared, theirs, *call)
        else:
            names = dict.fromkeys([*filter(None, before.who.split(", ")), *filter(None, [one.who])])
            lines[key] = replace(before, calls=before.calls + 1, who=", ".join(names))
    return list(lines.values())


def read_doubles(connection: Connection, config: Config, now_us: int) -> list[DoublesLine]:
    """Return pairs of customers that may be one."""
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    window = window_now(queue.histogram(connection), config.followups)
    pairs = suspects.pairs(connection, MOST)
    ids = [one for pair in pairs for one in pair[:2]]
    lines = {line.customer_id: line for line in lines_of(connection, ids, window, today, calendar)}
    return [
        DoublesLine(f"{one}:{other}", lines[one], lines[other], why)
        for one, other, why in pairs
        if one in lines and other in lines
    ]


def find(connection: Connection, config: Config, text: str, now_us: int, limit: int = 50) -> list[QueueLine]:
    """Return customers by the beginning of their name, their reference or their number."""
    from supervisor.duties.followups.customers import company_key
    from supervisor.numbers import by_library

    calendar = calendar_of(config.floor)
    window = window_now(queue.histogram(connection), config.followups)
    number = by_library(text, config.floor.country)
    ids = queue.found(connection, number or company_key(text), limit)
    return lines_of(connection, ids, window, calendar.today(now_us), calendar)
