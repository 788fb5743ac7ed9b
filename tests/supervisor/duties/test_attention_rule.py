"""Which order a supervisor looks at first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from supervisor.duties.orders.attention import REST, Mark, Order, attention, marks, urgency

DAY_US = 24 * 3600 * 1_000_000
TODAY = 20261118  # a Wednesday
NOON_US = (datetime(2026, 11, 18, 12, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
BIG, STALE = 1_000_000, 7


def order(**told: Any) -> Order:
    calm = Order(1, None, False, False, None, 500_000, NOON_US - DAY_US, 20261101)
    return calm._replace(**told)


def looked_at(**told: Any) -> tuple[int, str]:
    return attention(order(**told), TODAY, NOON_US, BIG, STALE)


@pytest.mark.parametrize(
    ("told", "rank", "reason"),
    [
        ({}, REST, ""),
        ({"reviewed": True, "recheck_day": 20261117}, 0, "recheck overdue by 1 day"),
        ({"reviewed": True, "recheck_day": 20261030}, 0, "recheck overdue by 19 days"),
        ({"reviewed": True, "recheck_day": 20261118}, REST, ""),
        ({"reviewed": False, "recheck_day": 20261117}, REST, ""),
        ({"reviewed": True}, REST, ""),
        ({"feelings_only": True}, 1, "FEELINGS ONLY"),
        ({"claimed_by": 20261118}, 2, "claimed to sign today"),
        ({"claimed_by": 20261119}, 2, "claimed to sign in 1 day"),
        ({"claimed_by": 20261122}, 2, "claimed to sign in 4 days"),
        ({"claimed_by": 20261123}, REST, ""),
        ({"claimed_by": 20261115}, 2, "claimed to sign 3 days ago"),
        ({"amount_cents": BIG}, 3, "big: 10 000"),
        ({"amount_cents": BIG - 1}, REST, ""),
        ({"last_touch_us": NOON_US - 7 * DAY_US}, 4, "no touch for 7 days"),
        ({"last_touch_us": NOON_US - 7 * DAY_US + 1}, REST, ""),
        ({"last_touch_us": None, "opened_day": 20261111}, 4, "no touch for 7 days"),
        ({"last_touch_us": None, "opened_day": 20261112}, REST, ""),
        ({"last_touch_us": NOON_US + DAY_US}, REST, ""),
    ],
)
def test_why_an_order_is_looked_at(told: dict[str, Any], rank: int, reason: str) -> None:
    assert looked_at(**told) == (rank, reason)


def test_this_week_ends_on_sunday() -> None:
    for today, by_day, found in (
        (20261116, 20261122, True),
        (20261116, 20261123, False),
        (20261122, 20261122, True),
        (20261122, 20261123, False),
        (20261231, 20270103, True),
    ):
        assert (Mark.CLAIMED in marks(order(claimed_by=by_day), today, NOON_US, BIG, STALE)) is found


def test_every_mark_is_told_and_the_most_urgent_ranks() -> None:
    worst = {
        "reviewed": True, "recheck_day": 20261101, "feelings_only": True, "claimed_by": 20261110,
        "amount_cents": 2 * BIG, "last_touch_us": NOON_US - 30 * DAY_US,
    }  # fmt: skip
    assert marks(order(**worst), TODAY, NOON_US, BIG, STALE) == tuple(Mark)
    assert looked_at(**worst)[0] == 0
    assert looked_at(**worst | {"reviewed": False})[0] == 1
    assert looked_at(**worst | {"reviewed": False, "feelings_only": False})[0] == 2
    assert marks(order(), TODAY, NOON_US, BIG, STALE) == ()


def test_the_order_of_orders() -> None:
    wanted = [
        order(id=9, reviewed=True, recheck_day=20261101),
        order(id=8, reviewed=True, recheck_day=20261110, amount_cents=9 * BIG),
        order(id=7, reviewed=True, recheck_day=20261110),
        order(id=2, feelings_only=True, amount_cents=700_000),
        order(id=1, feelings_only=True, claimed_by=20261001),
        order(id=6, claimed_by=20261110),
        order(id=5, claimed_by=20261117, amount_cents=BIG),
        order(id=4, claimed_by=20261120, amount_cents=2 * BIG),
        order(id=11, claimed_by=20261118),
        order(id=3, amount_cents=3 * BIG),
        order(id=10, amount_cents=BIG),
        order(id=12, last_touch_us=None),
        order(id=13, amount_cents=600_000),
        order(id=14),
        order(id=15),
    ]
    found = list(reversed(wanted))
    found.sort(key=lambda one: urgency(one, TODAY, NOON_US, BIG, STALE))
    assert [one.id for one in found] == [one.id for one in wanted]
