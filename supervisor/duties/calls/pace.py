"""What is expected of whom by now: quotas, pace and forecast; wrap-up, who of several phones speaks, a source's health.

Pure: rows, the moment and the configuration's limits come in as arguments.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from integrations.provider import State
from supervisor.duties.calls.snapshots import Quota
from supervisor.settings import QuotaSettings

ABSENT = frozenset({"leave", "sick", "training"})
"""Attendance on which nothing is expected. Training counts: who is in training is not on the phone."""
HALF = "half"

_ACTIVITY = (State.TALKING, State.HELD, State.RINGING, State.WRAP_UP, State.IDLE, State.PAUSED, State.OFFLINE)
_RANK = {state: rank for rank, state in enumerate(_ACTIVITY)}


class QuotaRow(Protocol):
    """A quota that holds from the day `since` on: of a specialist, else of a team, else of the floor (both None)."""

    @property
    def specialist_id(self) -> int | None: ...
    @property
    def team_id(self) -> int | None: ...
    @property
    def since(self) -> int: ...
    @property
    def dials(self) -> int: ...
    @property
    def effective(self) -> int: ...
    @property
    def talk_minutes(self) -> int: ...


class Quotas:
    """The quotas that hold on one day, found by specialist, then team, then floor, then the configuration."""

    def __init__(self, rows: Iterable[QuotaRow], day: int, defaults: QuotaSettings) -> None:
        self._defaults = defaults
        self._found: dict[tuple[int | None, int | None], QuotaRow] = {}
        for row in sorted((row for row in rows if row.since <= day), key=lambda row: row.since):
            self._found[(None, row.specialist_id) if row.specialist_id is not None else (row.team_id, None)] = row

    def of(self, specialist_id: int, team_id: int | None, attendance: str) -> Quota:
        """Return what is expected of a specialist, scaled by `attendance`: half day 0.5 [half_day], absent 0."""
        row = self._found.get((None, specialist_id))
        if row is None and team_id is not None:
            row = self._found.get((team_id, None))
        told = row or self._found.get((None, None)) or self._defaults
        share = 0.0 if attendance in ABSENT else self._defaults.half_day if attendance == HALF else 1.0
        return Quota(told.dials * share, told.effective * share, told.talk_minutes * share)


NOTHING = Quota(0.0, 0.0, 0.0)
"""The quota of an unknown phone identity: nobody told what to expect of it."""


def expected(quota: Quota, elapsed: float) -> Quota:
    """Return what of `quota` should be done when the share `elapsed` of the shift has passed."""
    return Quota(quota.dials * elapsed, quota.effective * elapsed, quota.talk_minutes * elapsed)


def added(quotas: Iterable[Quota]) -> Quota:
    """Return the sum of `quotas`."""
    dials = effective = talk_minutes = 0.0
    for quota in quotas:
        dials += quota.dials
        effective += quota.effective
        talk_minutes += quota.talk_minutes
    return Quota(dials, effective, talk_minutes)


def pace(done: float, due: float) -> float | None:
    """Return done / (quota x shift elapsed), `due` being the latter; None before the shift begins or with a quota of 0.

    Rule: a pace below 0.8 is to be acted on, below 1.0 to be watched (`level`).
    """
    return done / due if due > 0 else None


def level(value: float | None, limits: QuotaSettings) -> str:
    """Return "act", "watch" or "" of a pace: below `act_below`, below `watch_below`, else quiet; None is not judged."""
    if value is None or value >= limits.watch_below:
        return ""
    return "act" if value < limits.act_below else "watch"


def forecast(done: int, elapsed: float, shown_from: float) -> int | None:
    """Return done / shift elapsed, what `done` will be at the end; None before the share `shown_from` of the shift."""
    return round(done / elapsed) if elapsed > 0 and elapsed >= shown_from else None


def shown_state(state: State, last_call_us: int | None, now_us: int, wrap_up_seconds: int) -> State:
    """Return wrap-up for idle at most `wrap_up_seconds` after the end of a call (0: never), other states as told."""
    if state is not State.IDLE or last_call_us is None or not wrap_up_seconds:
        return state
    return State.WRAP_UP if now_us - last_call_us <= wrap_up_seconds * 1_000_000 else state


def activity(state: State) -> int:
    """Return the rank of `state`, most active first: of several phones of a specialist the lowest rank speaks."""
    return _RANK[state]


def health(
    up: bool, since_us: int | None, seen_us: int | None, now_us: int, stale_seconds: int
) -> tuple[str, int | None]:
    """Return up, down, stale or never, and since when.

    never: nobody ever heard of it. down: its collector says so. stale: said to be up, but nothing was heard of it or
    its collector for `stale_seconds`, since the last time something was.
    """
    if not up and since_us is not None:
        return "down", since_us
    if seen_us is None:
        return "never", None
    if now_us - seen_us >= stale_seconds * 1_000_000:
        return "stale", seen_us
    return "up", since_us
