"""Evidence: facts that a customer means to buy, and what they are worth. A feeling is kept, and is worth nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

HALF_LIFE_US = 14 * 24 * 3600 * 1_000_000
"""After so long a fact is worth half."""
TYPED = 0.5
"""What a fact that is only typed is worth, against one with a call or a file behind it."""
MOST = 100.0


class Fact(NamedTuple):
    """A kind of fact: its code, what it is worth when fresh, its letter on the keyboard, and what was heard."""

    code: str
    weight: int
    letter: str
    words: str


FACTS = (
    Fact("contract", 25, "c", "asked for the contract or the account to pay into"),
    Fact("payment_date", 25, "p", "named a payment date"),
    Fact("price", 15, "r", "asked about price or discount"),
    Fact("decision_maker", 15, "m", "the decision-maker spoke"),
    Fact("appointment", 10, "a", "agreed the next appointment"),
    Fact("material", 10, "h", "supplied material"),
)
"""Every kind of fact, the heaviest first. Any other code is a feeling."""
WEIGHTS = {fact.code: fact.weight for fact in FACTS}
LETTERS = {fact.letter: fact.code for fact in FACTS}


class Heard(NamedTuple):
    """What was heard of an order at `heard_us`, microseconds UTC. `linked`: a call or a file stands behind it."""

    code: str
    heard_us: int
    linked: bool


def points(heard: Heard, now_us: int) -> float:
    """Return what `heard` is worth at `now_us`: weight x 0.5 ^ (age / 14 days) x (1 linked, 0.5 only typed).

    What lies ahead is as good as fresh. A feeling is worth 0.
    """
    age_us = max(0, now_us - heard.heard_us)
    fresh = WEIGHTS.get(heard.code, 0) * (1.0 if heard.linked else TYPED)
    return float(fresh * 0.5 ** (age_us / HALF_LIFE_US))


def best(heards: Iterable[Heard], now_us: int) -> dict[str, Heard]:
    """Return by code, the heaviest first, what is worth most at `now_us`; of equals the one told first. No feelings."""
    found: dict[str, Heard] = {}
    for heard in heards:
        known = found.get(heard.code)
        if known is None or points(heard, now_us) > points(known, now_us):
            found[heard.code] = heard
    return {code: found[code] for code in WEIGHTS if code in found}


def score(heards: Iterable[Heard], now_us: int) -> float:
    """Return the evidence score 0..100 at `now_us`: the points of every kind of fact added up, each kind once, with its
    best. Rule: feelings count nothing, however many."""
    return min(MOST, sum((points(heard, now_us) for heard in best(heards, now_us).values()), 0.0))


def missing(heards: Iterable[Heard]) -> tuple[Fact, ...]:
    """Return the kinds of facts that were never heard, the heaviest first: what to ask for next."""
    known = {heard.code for heard in heards}
    return tuple(fact for fact in FACTS if fact.code not in known)


def feelings_only(heards: Iterable[Heard], likely: bool) -> bool:
    """Whether an order shows FEELINGS ONLY: somebody holds it for `likely` to sign (a feeling, a "signs by" claim, its
    stage or an expected date says so) and no fact was ever heard, however old."""
    return likely and not any(heard.code in WEIGHTS for heard in heards)
