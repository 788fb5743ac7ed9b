"""The frozen snapshots of the calls duty: what screens and the command line show. Times are epoch us, durations ms."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.provider import State


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call of a specialist's day. `talk_ms` is that specialist's own share, None where unknown; `number` is E.164
    where it can be told, else as the source has it. `ended_us` None: under way, or its end is unknown."""

    id: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    direction: str
    number: str
    outcome: str
    talk_ms: int | None
    approximate: bool
    effective: bool


@dataclass(frozen=True, slots=True)
class HourCount:
    """What a specialist did in the hour that begins at `hour` o'clock (0..23) of the floor's zone."""

    hour: int
    dials: int
    effective: int
    connected: int


@dataclass(frozen=True, slots=True)
class StateSpan:
    """What a specialist's phone was doing from `begin_us` until `end_us`."""

    begin_us: int
    end_us: int
    state: State
    with_whom: str | None


@dataclass(frozen=True, slots=True)
class SpecialistDay:
    """One specialist's day in detail. `calls` newest last; `hours` without holes, from the first to the last hour of
    the shift or of a dial; `states` without overlaps, until now; `shift` is the working time as spans of epoch us."""

    key: str
    name: str
    day: int
    calls: tuple[DayCall, ...]
    hours: tuple[HourCount, ...]
    states: tuple[StateSpan, ...]
    shift: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What came of an act on a phone, in words; an expired or refused one is not done."""

    done: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Quota:
    """What is expected of a specialist a day, already scaled by attendance (half day 0.5, leave 0)."""

    dials: float
    effective: float
    talk_minutes: float


@dataclass(frozen=True, slots=True)
class SpecialistLine:
    """One specialist's row of the calls panel. `specialist_id` is None for an unknown phone identity, whose `name` is
    `source:agent`. `pace` is done / (quota x shift elapsed) of dials; None where nothing is expected yet. `flags`: how
    many wait for a decision; `prods`: reminders of steps they hold."""

    key: str
    specialist_id: int | None
    identity_ids: tuple[int, ...]
    name: str
    team: str
    state: State
    state_since_us: int | None
    with_whom: str | None
    reason: str | None
    dials: int
    connected: int
    effective: int
    talk_ms: int
    quota: Quota
    pace: float | None
    effective_pace: float | None
    last_call_us: int | None
    attendance: str
    source: str
    agent: str
    group_id: str | None
    actions: frozenset[str]
    flags: int = 0
    prods: int = 0


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Whether a source is up, since when it is not, and how old its data is."""

    name: str
    state: str  # up | down | stale | never
    since_us: int | None
    lag_seconds: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The floor's sums and what they will be at the end of the shift (None before 10 % of it)."""

    dials: int
    connected: int
    effective: int
    talk_ms: int
    quota: Quota
    pace: float | None
    effective_pace: float | None
    dials_forecast: int | None
    effective_forecast: int | None
    talk_forecast_ms: int | None
    on_the_phone: int
    present: int


@dataclass(frozen=True, slots=True)
class FloorSnapshot:
    """Everything the calls panel shows, at one moment of the store. `shift` is the floor's working time of the day as
    spans of epoch us: idling is judged within it alone."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    totals: Totals
    specialists: tuple[SpecialistLine, ...]
    teams: tuple[str, ...]
    shift: tuple[tuple[int, int], ...] = ()
