"""The forecast: what open orders will bring, by how likely orders with such a score are signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import NamedTuple

BANDS = (0, 20, 40, 60, 80)
"""The scores at which the bands begin: 0-19, 20-39, 40-59, 60-79, 80-100."""
DEFAULTS = (0.05, 0.15, 0.35, 0.60, 0.80)
"""The share of orders signed in each band, until the floor knows its own."""
OWN_FROM = 50
"""Closed orders from which on a floor's own history is used."""

Probabilities = tuple[Fraction, ...]
"""The probability of each band, exact, so that rounding to cents is exact too."""


class Line(NamedTuple):
    """An open order: amount in hundredths, score 0..100, its stage and whose it is (an id, None: nobody's)."""

    amount_cents: int
    score: float
    stage: str
    specialist: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected, in hundredths. Each split adds up to `total`; the order is that of the lines."""

    total: int
    by_stage: dict[str, int]
    by_specialist: dict[int | None, int]


def band_of(score: float) -> int:
    """Return the place in `BANDS` of a `score`: 19.9 is still in the first band."""
    return max(sum(score >= begin for begin in BANDS) - 1, 0)


def probabilities(
    closed: Iterable[tuple[float, bool]], own_from: int = OWN_FROM, defaults: Sequence[float] = DEFAULTS
) -> Probabilities:
    """Return how likely an order of each band is signed. `closed`: (score when it was closed, whether it was signed).

    Rule: the floor's own share signed a band once `own_from` orders [50] were closed, the defaults before; a band in
    which none was closed keeps its default. ValueError where there is not one default a band, each within 0..1.
    """
    told = tuple(Fraction(repr(default)) for default in defaults)
    if len(told) != len(BANDS) or not all(0 <= one <= 1 for one in told):
        raise ValueError(f"{len(BANDS)} probabilities within 0..1 are expected, one a band of the score")
    count, signed = [0] * len(BANDS), [0] * len(BANDS)
    for score, won in closed:
        band = band_of(score)
        count[band] += 1
        signed[band] += won
    if sum(count) < own_from:
        return told
    return tuple(Fraction(s, n) if n else default for s, n, default in zip(signed, count, told, strict=True))


def expected_cents(amount_cents: int, score: float, probabilities: Probabilities) -> int:
    """Return the amount x the probability of the score's band, in hundredths, exact, a half rounded up."""
    return floor(amount_cents * probabilities[band_of(score)] + Fraction(1, 2))


def forecast(lines: Iterable[Line], probabilities: Probabilities) -> Forecast:
    """Return the sum over open orders of amount x probability of the score's band, in all, by stage and by specialist.
    Each order is rounded by itself, so that the parts add up to the total."""
    total = 0
    by_stage: dict[str, int] = {}
    by_specialist: dict[int | None, int] = {}
    for line in lines:
        cents = expected_cents(line.amount_cents, line.score, probabilities)
        total += cents
        by_stage[line.stage] = by_stage.get(line.stage, 0) + cents
        by_specialist[line.specialist] = by_specialist.get(line.specialist, 0) + cents
    return Forecast(total, by_stage, by_specialist)
