"""The contact window: the contact numbers at which customers sign, computed from the floor's own signings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, sqrt
from typing import NamedTuple

FIRST, LAST = 8, 11
"""The window until the floor has signings enough for its own."""
OWN_FROM = 50
"""Signings from which on a floor has a window of its own."""
SHARE = 0.6
"""The share of all signings that a floor's own window holds."""
Z_90 = 1.6448536269514722
"""The normal quantile that leaves a tenth outside, half of it on either side."""


class HazardPoint(NamedTuple):
    """How likely an open customer signs at contact number `k`: `signed` of `at_risk`, the rate and its 90 % band, all
    within 0..1."""

    k: int
    at_risk: int
    signed: int
    rate: float
    low: float
    high: float


class Window(NamedTuple):
    """Contact numbers `first`..`last`. `own`: computed from the floor's `signings`; `pinned`: set by a person."""

    first: int
    last: int
    own: bool
    pinned: bool
    signings: int


def hazard(rows: Iterable[tuple[int, int, int]]) -> tuple[HazardPoint, ...]:
    """Return h(k), by k, of `rows`: (contact number k, customers that reached it while open, those that signed at it).

    Rule "own window": h(k) = signed at contact k / open customers that reached k, with a Wilson band of 90 %. A number
    that nobody reached tells nothing and is left out. ValueError where more signed than reached it.
    """
    return tuple(HazardPoint(k, n, signed, signed / n, *wilson(signed, n)) for k, n, signed in sorted(rows) if n)


def wilson(hits: int, of: int, z: float = Z_90) -> tuple[float, float]:
    """Return the Wilson band of the share `hits` / `of`, within 0..1. ValueError where it is no share."""
    if not 0 <= hits <= of or not of:
        raise ValueError(f"{hits} of {of} is no share")
    share, square = hits / of, z * z
    middle = share + square / (2 * of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    scale = 1 + square / of
    low = (middle - half) / scale if hits else 0.0
    high = (middle + half) / scale if hits < of else 1.0
    return max(0.0, low), min(1.0, high)


def shortest_run(signed_at: Mapping[int, int], share: float = SHARE) -> tuple[int, int]:
    """Return the first and the last contact number of the shortest run that holds at least `share` (above 0, up to 1)
    of all signings; `signed_at`: contact number -> signings.

    Of equally short runs it is the one with more signings, then the earlier one. Customers who signed without a counted
    contact (number 0) lie in no window whatever it is: they are left out, of the run and of what it is a share of.
    ValueError where nobody signed at a contact.
    """
    counts = sorted((k, count) for k, count in signed_at.items() if k >= 1 and count > 0)
    if not counts or not 0 < share <= 1:
        raise ValueError(f"no run of contact numbers holds {share} of {sum(count for _, count in counts)} signings")
    needed = ceil(Fraction(repr(share)) * sum(count for _, count in counts))
    runs: list[tuple[int, int, int, int]] = []
    begin = held = 0
    for last, count in counts:
        held += count
        while held - counts[begin][1] >= needed:
            held -= counts[begin][1]
            begin += 1
        if held >= needed:
            first = counts[begin][0]
            runs.append((last - first, -held, first, last))
    _, _, first, last = min(runs)
    return first, last


def window_of(
    signed_at: Mapping[int, int],
    *,
    first: int = FIRST,
    last: int = LAST,
    pinned: bool = False,
    own_from: int = OWN_FROM,
    share: float = SHARE,
) -> Window:
    """Return the window that holds: `first`..`last` until there are `own_from` signings [50], then the floor's own, the
    shortest run with `share` of them; never the own one where a person `pinned` it.

    `signed_at`: contact number -> signings. Only those at a contact count; without a counted contact (number 0) a
    signing tells nothing of the window.
    """
    signings = sum(count for k, count in signed_at.items() if k >= 1)
    own = not pinned and signings >= max(own_from, 1)
    if own:
        first, last = shortest_run(signed_at, share)
    return Window(first, last, own, pinned, signings)
