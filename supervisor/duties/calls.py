"""Calls against quota: what a call is, what counts, pace, forecast, and the frozen snapshot of the floor's calls panel."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.provider import State


@dataclass(frozen=True, slots=True)
class Quota:
    """What is expected of a specialist a day, already scaled by attendance (half day 0.5, leave 0)."""

    dials: float
    effective: float
    talk_minutes: float


@dataclass(frozen=True, slots=True)
class SpecialistLine:
    """One specialist's row of the calls panel. `specialist_id` is None for an unknown phone identity, whose `name` is
    `source:agent`. `pace` is done / (quota x shift elapsed) of dials; None where nothing is expected yet. Times: epoch us."""

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
    """Everything the calls panel shows, at one moment of the store."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    totals: Totals
    specialists: tuple[SpecialistLine, ...]
    teams: tuple[str, ...]
