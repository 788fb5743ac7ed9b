"""Why a specialist sells little: six causes, each with its figures beside the team's median. Pure.

Periods end with yesterday. A figure of which there is too little data is unknown, and nothing is concluded from it; the
team's median is of all its members, the specialist included, and is unknown of fewer than `TEAM_LEAST`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from supervisor.duties.calls.snapshots import Quota

RECENT_DAYS = 30
"""The days that are examined."""
BEFORE_DAYS = 90
"""The days before them against which a change is seen."""
TYPE_DAYS = 90
"""The days of which signings by type of customer are compared with as many before."""
SKILL_DAYS = 90
"""The days of which orders are counted against effective calls."""
CLOSED_DAYS = 180
"""The days of which closed orders are counted."""

NEW_BELOW = 0.5
"""Few new customers: fewer first contacts than this share of the team's median."""
EFFORT_BELOW = 0.8
"""Low effort: less than this share of the quota of the days attended."""
SKILL_BELOW = 0.8
"""Low skill: less than this share of the team's median."""
TYPE_BELOW = 0.7
"""Industry change: less than this share of the signings per closed order of the days before."""
SCRIPT_BELOW = 0.8
"""Stale script: less than this share of what it was before."""
SCRIPT_DAYS = 90
"""Stale script: the newest solution attached is older than this, or none was."""
OUTSIDE_ABOVE = 0.3
"""Wrong direction: a larger share of contacts outside the tiers than this and than the team's median."""
WINDOW_BELOW = 0.5
"""Wrong direction: a smaller share of contacts in the window than this share of the team's median."""
PAST_ABOVE = 0.2
"""Wrong direction: a larger share past the window without an order than this and than the team's median."""

TEAM_LEAST = 3
"""Members with a figure of whom a median is taken."""
ATTENDED_LEAST = 5
"""Days attended from which effort and new customers are judged."""
CONNECTED_LEAST = 30
"""Connected calls of which a share that was effective is taken."""
EFFECTIVE_LEAST = 30
"""Effective calls of which a median talk, and orders per 100, are taken."""
CLOSED_LEAST = 5
"""Closed orders of which a share that was signed is taken; of a type of customer, in either period."""
CONTACTS_LEAST = 20
"""Contacts of which shares are taken."""

_ROUNDING = 1e-9
"""What reckoning with shares may leave behind is no difference."""

SEEN, NOT_SEEN, UNKNOWN = "seen", "not seen", "unknown"


@dataclass(frozen=True, slots=True)
class Work:
    """What the figures of one specialist are made of. `attended`: days, a half one 0.5; `quota`: the sum over them;
    talk medians in ms; `contacts`: all, of them `outside` the tiers; `counted`: those with a contact number, of them
    `in_window`, and `past` it without an order. `solution_days`: age of the newest solution attached, None: none."""

    first_contacts: int
    attended: float
    quota: Quota
    dials: int
    connected: int
    effective: int
    talk_ms: int
    connected_before: int
    effective_before: int
    effective_skill: int
    orders: int
    signed: int
    closed: int
    talks: int
    talk_median_ms: float | None
    talks_before: int
    talk_median_before_ms: float | None
    solution_days: int | None
    contacts: int
    outside: int
    counted: int
    in_window: int
    past: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Signings per closed order of a type of customer, the floor's: now and before; None: too few were closed."""

    type: str
    now: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; None where it is unknown or there is no such thing. `team`: the team's median; `quota`: what is
    expected a day; `before`: what it was in the days before."""

    name: str
    value: float | None
    team: float | None = None
    quota: float | None = None
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the six causes: seen, not seen or unknown."""

    name: str
    word: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """A specialist under examination. `team` "": beside the whole floor."""

    specialist_id: int
    specialist: str
    team: str
    day: int
    members: int
    causes: tuple[Cause, ...]


def share(part: float, whole: float, least: float) -> float | None:
    """Return part / whole; None where the whole is less than `least`, or nothing."""
    return part / whole if whole and whole >= least else None


def trend(type_: str, now: tuple[int, int], before: tuple[int, int]) -> Trend:
    """Return the trend of a type of customer, from (signed, closed) in either period."""
    return Trend(type_, share(*now, CLOSED_LEAST), share(*before, CLOSED_LEAST))


Measure = Callable[[Work], float | None]


def _new(work: Work) -> float | None:
    return float(work.first_contacts) if work.attended >= ATTENDED_LEAST else None


def _a_day(done: Callable[[Work], float]) -> Measure:
    return lambda work: share(done(work), work.attended, ATTENDED_LEAST)


def _conversion(work: Work) -> float | None:
    return share(work.effective, work.connected, CONNECTED_LEAST)


def _orders(work: Work) -> float | None:
    found = share(work.orders, work.effective_skill, EFFECTIVE_LEAST)
    return None if found is None else 100 * found


def _signed(work: Work) -> float | None:
    return share(work.signed, work.closed, CLOSED_LEAST)


def _seconds(ms: float | None, calls: int) -> float | None:
    return None if ms is None or calls < EFFECTIVE_LEAST else ms / 1000


def _talk(work: Work) -> float | None:
    return _seconds(work.talk_median_ms, work.talks)


def examine(own: Work, team: Sequence[Work], trends: Iterable[Trend]) -> tuple[Cause, ...]:
    """Return the six causes of a specialist's work beside that of the `team` (of whom they are one). Rule: "a weak
    performer is examined for six causes, each with its figures"."""

    def figure(name: str, measure: Measure, quota: float | None = None, before: float | None = None) -> Figure:
        told = [value for value in map(measure, team) if value is not None]
        return Figure(name, measure(own), median(told) if len(told) >= TEAM_LEAST else None, quota, before)

    return (
        _few_new(figure),
        _low_effort(own, figure),
        _low_skill(figure),
        _industry(trends),
        _stale_script(own, figure),
        _wrong_direction(figure),
    )


_Figures = Callable[..., Figure]


def _few_new(figure: _Figures) -> Cause:
    found = figure(f"first contacts in {RECENT_DAYS} days", _new)
    return _cause("few new customers", [found], [_below(found.value, found.team, NEW_BELOW)])


def _low_effort(own: Work, figure: _Figures) -> Cause:
    days = own.attended or None
    dials, effective, talk = (
        None if days is None else due / days for due in (own.quota.dials, own.quota.effective, own.quota.talk_minutes)
    )
    figures = [
        figure("dials a day", _a_day(lambda work: work.dials), dials),
        figure("effective a day", _a_day(lambda work: work.effective), effective),
        figure("talk minutes a day", _a_day(lambda work: work.talk_ms / 60_000), talk),
    ]
    return _cause("low effort", figures, [_below(one.value, one.quota, EFFORT_BELOW) for one in figures])


def _low_skill(figure: _Figures) -> Cause:
    figures = [
        figure("effective per connected", _conversion),
        figure("orders per 100 effective", _orders),
        figure("signed per closed order", _signed),
    ]
    return _cause("low skill", figures, [_below(one.value, one.team, SKILL_BELOW) for one in figures])


def _industry(trends: Iterable[Trend]) -> Cause:
    figures = [
        Figure(f"signed per closed order, {one.type or 'no type'}", one.now, before=one.before) for one in trends
    ]
    return _cause("industry change", figures, [_below(one.value, one.before, TYPE_BELOW) for one in figures])


def _stale_script(own: Work, figure: _Figures) -> Cause:
    """Calls became shorter or less often effective, and no new solution was tried."""
    talk = figure("median talk, seconds", _talk, before=_seconds(own.talk_median_before_ms, own.talks_before))
    before = share(own.effective_before, own.connected_before, CONNECTED_LEAST)
    conversion = figure("effective per connected", _conversion, before=before)
    age = figure("days since the newest solution", lambda work: work.solution_days)
    old = own.solution_days is None or own.solution_days > SCRIPT_DAYS
    fell = [_below(one.value, one.before, SCRIPT_BELOW) for one in (talk, conversion)]
    return _cause("stale script", [talk, conversion, age], [None if one is None else one and old for one in fell])


def _wrong_direction(figure: _Figures) -> Cause:
    outside = figure("contacts outside the tiers", lambda work: share(work.outside, work.contacts, CONTACTS_LEAST))
    window = figure("contacts in the window", lambda work: share(work.in_window, work.counted, CONTACTS_LEAST))
    past = figure("past it without an order", lambda work: share(work.past, work.counted, CONTACTS_LEAST))
    judged = [
        _above(outside.value, outside.team, OUTSIDE_ABOVE),
        _below(window.value, window.team, WINDOW_BELOW),
        _above(past.value, past.team, PAST_ABOVE),
    ]
    return _cause("wrong direction", [outside, window, past], judged)


def _below(value: float | None, beside: float | None, part: float) -> bool | None:
    return None if value is None or beside is None else value < beside * part * (1 - _ROUNDING)


def _above(value: float | None, team: float | None, limit: float) -> bool | None:
    return None if value is None else value > limit and (team is None or value > team)


def _cause(name: str, figures: Sequence[Figure], judged: Iterable[bool | None]) -> Cause:
    """Seen where one figure says so; not seen where none does, and one could."""
    told = [one for one in judged if one is not None]
    return Cause(name, SEEN if any(told) else NOT_SEEN if told else UNKNOWN, tuple(figures))
