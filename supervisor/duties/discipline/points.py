"""Points: what a decided flag counts, from when, and until when. Pure.

Rule: a decided flag counts by its severity (discipline.points [1, 2, 3]), a dismissed or withdrawn one nothing, a merit
takes discipline.merit_points [2] away; each from the day of its decision, for discipline.expires_days [90] days. A
score is their sum, never below 0.
"""

from __future__ import annotations

from collections.abc import Iterable

from supervisor.calendar import days_between
from supervisor.duties.discipline.snapshots import FINED, TALKED, WARNED
from supervisor.settings import Discipline

COUNTING = frozenset({TALKED, WARNED, FINED})
"""Decisions by which a flag has points: what is rewarded was no breach after all."""


def points_of(decision: str, severity: int, told: Discipline) -> int:
    """Return what a flag of `severity` 1..3 counts that was decided so."""
    return told.points[severity - 1] if decision in COUNTING else 0


def points_of_merit(told: Discipline) -> int:
    """Return what a merit counts: nothing or less."""
    return -told.merit_points


def points_on(points: int, decided_day: int | None, day: int, expires_days: int) -> int:
    """Return what `points` count on `day`: 0 before `decided_day`, and from so many days after it on (with 90: on the
    89th day after it they count, on the 90th no more). None: not decided."""
    if decided_day is None or day < decided_day:
        return 0
    return points if days_between(decided_day, day) < expires_days else 0


def score(told: Iterable[tuple[int, int | None]], day: int, expires_days: int) -> int:
    """Return the score on `day` of (points, decided day) of all flags and merits of somebody."""
    return max(0, sum(points_on(points, decided_day, day, expires_days) for points, decided_day in told))
