"""Who stands out of a team, and what chance would bring: robust z-scores and the binomial test. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from statistics import fmean, median

TEAM_FROM = 3
"""People from which a team has a median worth telling somebody who is one of them."""
_MAD = 1.4826
"""What makes a median absolute deviation comparable to a standard deviation, with a normal distribution."""
_MEAN = 1.2533
"""What makes a mean absolute deviation so."""


def spread(values: Sequence[float]) -> float:
    """Return how far `values` (not empty) lie about their median, as a standard deviation would: by the median absolute
    deviation, where that is 0 by the mean one. 0: they are all alike."""
    middle = median(values)
    away = [abs(value - middle) for value in values]
    return _MAD * median(away) or _MEAN * fmean(away)


def by_chance(hits: int, of: int) -> float:
    """Return the probability of at least `hits` heads when `of` coins are tossed, exact."""
    return sum(comb(of, k) for k in range(hits, of + 1)) / (1 << of)


def team_median(values: Sequence[float], words: str = "") -> str:
    """Return the median of a team as it stands beside a finding: "team median 71 dials"; "" of so few people that it
    tells nothing."""
    return f"team median {median(values):g} {words}".rstrip() if len(values) >= TEAM_FROM else ""
