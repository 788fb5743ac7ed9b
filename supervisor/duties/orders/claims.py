""" "Signs by" claims: what became of them, and how well those who make them know their customers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Claim(NamedTuple):
    """Somebody's word of `made_us` (microseconds UTC) that an order is signed on or before `by_day` (YYYYMMDD), and the
    `probability` 0..1 that was given with it."""

    by_day: int
    made_us: int
    probability: float


class Fate(StrEnum):
    """What became of a claim."""

    KEPT = "kept"
    MISSED = "missed"
    OPEN = "open"


class Record(NamedTuple):
    """How somebody's claims came out. `brier`: 0 is foresight, 0.25 a coin, 1 always wrong; None: none came out yet."""

    kept: int
    missed: int
    open: int
    brier: float | None


def resolve(claim: Claim, signed_day: int | None, lost_day: int | None, today: int) -> Fate:
    """Return what became of `claim` as of `today` (days YYYYMMDD, None: not signed, not lost).

    Kept: signed on or before its day. Missed: its day has passed, the order was signed later, or it was lost. Open: all
    of its day included, it can still be kept.
    """
    if signed_day is not None:
        return Fate.KEPT if signed_day <= claim.by_day else Fate.MISSED
    return Fate.MISSED if lost_day is not None or today > claim.by_day else Fate.OPEN


def brier(resolved: Iterable[tuple[float, bool]]) -> float | None:
    """Return the mean squared error of (probability given, whether it was kept), 0..1; None of none. ValueError where
    a probability is not within 0..1."""
    errors: list[float] = []
    for probability, kept in resolved:
        if not 0 <= probability <= 1:
            raise ValueError(f"a probability of {probability} is not within 0..1")
        errors.append((probability - kept) ** 2)
    return sum(errors) / len(errors) if errors else None


def record(claims: Iterable[tuple[Claim, int | None, int | None]], today: int) -> Record:
    """Return how one person's claims came out as of `today`; each with the day its order was signed and lost."""
    fates = [(claim, resolve(claim, signed_day, lost_day, today)) for claim, signed_day, lost_day in claims]
    count = {fate: sum(found is fate for _, found in fates) for fate in Fate}
    told = brier((claim.probability, fate is Fate.KEPT) for claim, fate in fates if fate is not Fate.OPEN)
    return Record(count[Fate.KEPT], count[Fate.MISSED], count[Fate.OPEN], told)
