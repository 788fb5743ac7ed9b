"""Which open order a supervisor looks at first, and why."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from supervisor.calendar import date_of
from supervisor.money import shown

_DAY_US = 24 * 3600 * 1_000_000


class Order(NamedTuple):
    """What of an open order decides how urgent it is. Days are YYYYMMDD in the floor's zone.

    `recheck_day`: when the last review wants the order looked at again; `reviewed`: there was one, and nobody has
    rechecked since. `claimed_by`: the day by which somebody says it is signed. `last_touch_us`: the last contact,
    review or evidence, microseconds UTC; None: nothing since `opened_day`.
    """

    id: int
    recheck_day: int | None
    reviewed: bool
    feelings_only: bool
    claimed_by: int | None
    amount_cents: int
    last_touch_us: int | None
    opened_day: int


class Mark(StrEnum):
    """Why an order needs attention, the most urgent first."""

    RECHECK = "recheck"
    FEELINGS = "FEELINGS ONLY"
    CLAIMED = "claimed"
    BIG = "big"
    STALE = "stale"


RANKS = {mark: rank for rank, mark in enumerate(Mark)}
REST = len(RANKS)
"""The rank of an order that nothing is the matter with."""


def marks(order: Order, today: int, now_us: int, big_cents: int, stale_days: int) -> tuple[Mark, ...]:
    """Return everything that calls for attention, the most urgent first.

    Recheck: reviewed, and the day to look again has passed without that. FEELINGS ONLY: held for likely without a fact.
    Claimed: said to be signed by a day of this week (until Sunday), or by one that has passed. Big: from `big_cents`
    (hundredths) on. Stale: no touch for `stale_days`.
    """
    found = {
        Mark.RECHECK: order.reviewed and order.recheck_day is not None and order.recheck_day < today,
        Mark.FEELINGS: order.feelings_only,
        Mark.CLAIMED: order.claimed_by is not None and order.claimed_by <= _sunday(today),
        Mark.BIG: order.amount_cents >= big_cents,
        Mark.STALE: _untouched(order, today, now_us) >= stale_days,
    }
    return tuple(mark for mark in Mark if found[mark])


def attention(order: Order, today: int, now_us: int, big_cents: int, stale_days: int) -> tuple[int, str]:
    """Return the rank of an order (0 first, `REST` last) by its most urgent mark, and the reason in words ("": none).

    Rule: overdue rechecks come back to the top, then FEELINGS ONLY, then signings claimed for this week, then big, then
    stale, then the rest.
    """
    found = marks(order, today, now_us, big_cents, stale_days)
    return (RANKS[found[0]], _reason(found[0], order, today, now_us)) if found else (REST, "")


def urgency(order: Order, today: int, now_us: int, big_cents: int, stale_days: int) -> tuple[int, int, int, int]:
    """Return what orders are sorted by: rank, then longest overdue (rechecks and claims), larger amount, id."""
    rank, _ = attention(order, today, now_us, big_cents, stale_days)
    due = {RANKS[Mark.RECHECK]: order.recheck_day, RANKS[Mark.CLAIMED]: order.claimed_by}.get(rank)
    overdue = max(_days(due, today), 0) if due is not None else 0
    return rank, -overdue, -order.amount_cents, order.id


def _reason(mark: Mark, order: Order, today: int, now_us: int) -> str:
    match mark:
        case Mark.RECHECK:
            assert order.recheck_day is not None
            return f"recheck overdue by {_counted(_days(order.recheck_day, today))}"
        case Mark.CLAIMED:
            assert order.claimed_by is not None
            left = _days(today, order.claimed_by)
            if left < 0:
                return f"claimed to sign {_counted(-left)} ago"
            return f"claimed to sign in {_counted(left)}" if left else "claimed to sign today"
        case Mark.BIG:
            return f"big: {shown(order.amount_cents)}"
        case Mark.STALE:
            return f"no touch for {_counted(_untouched(order, today, now_us))}"
    return str(mark)


def _counted(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


def _untouched(order: Order, today: int, now_us: int) -> int:
    """Whole days without a touch: of 24 hours since the last one, else of the calendar since it was opened."""
    if order.last_touch_us is None:
        return _days(order.opened_day, today)
    return (now_us - order.last_touch_us) // _DAY_US


def _sunday(day: int) -> int:
    """The last day of the week (Monday to Sunday) in which `day` lies."""
    local = date_of(day)
    last = date.fromordinal(local.toordinal() + 6 - local.weekday())
    return last.year * 10_000 + last.month * 100 + last.day


def _days(begin: int, end: int) -> int:
    return date_of(end).toordinal() - date_of(begin).toordinal()
