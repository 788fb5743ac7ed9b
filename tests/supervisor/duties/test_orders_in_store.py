"""The list of orders, one order under review and the forecast, read from a real store."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from store import order_changes
from store.engine import Store
from supervisor.duties.orders import acts
from supervisor.duties.orders.claims import Record
from supervisor.duties.orders.outlook import Outlook, Share, read_outlook
from supervisor.duties.orders.read import read_order, read_orders
from supervisor.duties.orders.snapshots import OrderLine, OrdersSnapshot
from supervisor.settings import Orders
from tests.supervisor.duties.selling import (
    CONFIG,
    DAY_US,
    HOUR,
    NOW,
    TODAY,
    S,
    call,
    customer,
    doer,
    order,
    specialist,
    version,
)


@pytest.fixture
def floor(store: Store) -> Store:
    """Anna (of North) and Boris, two customers, no order yet."""
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        specialist(connection, "Boris Wu", "1002")
        customer(connection, "c-1", "Baltic Steel", "+491", type="steel")
        customer(connection, "c-2", "Ruhr Pumpen", "+492", type="pumps")
    return store


def snapshot(store: Store, config: Any = CONFIG, now_us: int = NOW) -> OrdersSnapshot:
    with store.read() as connection:
        return read_orders(connection, config, now_us)


def lines(store: Store) -> dict[str, OrderLine]:
    return {line.ref: line for line in snapshot(store).orders}


def evidence(connection: Connection, order_id: int, code: str, days_ago: int = 0, linked: bool = True) -> None:
    values = {"order_id": order_id, "code": code, "heard_us": NOW - days_ago * DAY_US, "note": "", "who": "boss"}
    order_changes.add(connection, "evidence", values | {"entered_us": NOW, "file": "f" if linked else None})


def reviewed(connection: Connection, order_id: int, day: int, recheck_day: int | None, **told: Any) -> None:
    values = {"order_id": order_id, "at_us": NOW - (TODAY - day) * DAY_US, "day": day, "who": "boss", "asked": ""}
    values |= {"facts": "", "next_step": "", "guidance": "", "guidance_text": "", "recheck_day": recheck_day}
    order_changes.add(connection, "review", values | {"score": 0, "expected_cents": 0} | told)


def test_no_orders_are_no_orders(store: Store) -> None:
    found = snapshot(store)
    assert (found.orders, found.left, found.forecast.total, found.forecast_before_cents) == ((), 0, 0, 0)
    assert (found.day, found.currency, found.own_probabilities, found.teams) == (TODAY, "EUR", False, ())


def test_an_order_shows_its_customer_its_specialist_and_its_evidence(floor: Store) -> None:
    with floor.write() as connection:
        call(connection, "x", "1001", "+491", NOW - 2 * DAY_US)
        order(connection, "A", 1, 1, expected_day=20261130, next_step="call")
        evidence(connection, 1, "price", 14)
        evidence(connection, 1, "payment_date")
        evidence(connection, 1, "contract", 0, linked=False)
        evidence(connection, 1, "appointment", 28, linked=False)
    line = lines(floor)["A"]
    assert (line.company, line.specialist, line.team, line.contacts) == ("Baltic Steel", "Anna Weber", "North", 1)
    assert line.facts == ("payment_date", "contract", "price", "appointment")
    assert line.score == 46  # 25 + 12.5 + 7.5 + 1.25
    assert line.expected_cents == 343_000  # 0.35 of it
    assert (line.last_us, line.expected_day, line.next_step) == (NOW - 2 * DAY_US, 20261130, "call")
    assert snapshot(floor).teams == ("North",)


def test_the_score_shown_and_its_band_agree(floor: Store) -> None:
    """19.98 is shown as 19, which is of the first band."""
    with floor.write() as connection:
        order(connection, "A", 1, 1, amount_cents=100)
        evidence(connection, 1, "appointment")
        evidence(connection, 1, "material")
    assert (lines(floor)["A"].score, lines(floor)["A"].expected_cents) == (20, 15)
    later = snapshot(floor, now_us=NOW + HOUR).orders[0]
    assert (later.score, later.expected_cents) == (19, 5)


@pytest.mark.parametrize(
    ("feeling", "claimed", "fact", "shown"),
    [(True, False, False, True), (False, True, False, True), (False, False, False, False), (True, True, True, False)],
)
def test_feelings_only(floor: Store, feeling: bool, claimed: bool, fact: bool, shown: bool) -> None:
    with floor.write() as connection:
        order(connection, "A", 1, 1)
        if feeling:
            acts.feel(connection, doer(), 1, version(connection, 1), "very interested")
        if claimed:
            acts.claim(connection, doer(), 1, version(connection, 1), 20261231)
        if fact:
            evidence(connection, 1, "material", 300, linked=False)
    assert lines(floor)["A"].feelings_only is shown
    assert ("FEELINGS ONLY" in lines(floor)["A"].marks) is shown


def test_those_that_need_attention_come_first(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "rest", 1, 1)
        order(connection, "stale", 1, 1, opened_day=20261101)
        order(connection, "big", 1, 1, amount_cents=1_000_000)
        order(connection, "claimed", 1, 1)
        acts.claim(connection, doer(), 4, 1, 20261129)  # Sunday
        order(connection, "feelings", 1, 1)
        acts.feel(connection, doer(), 5, 1, "x")
        order(connection, "recheck", 1, 1)
        reviewed(connection, 6, 20261120, 20261122)
        order(connection, "longer overdue", 1, 1)
        reviewed(connection, 7, 20261119, 20261120)
        order(connection, "next week", 1, 1)
        acts.claim(connection, doer(), 8, 1, 20261130)
        for id_ in (4, 8):
            evidence(connection, id_, "material")
        order(connection, "closed", 1, 1, status="lost", closed_day=TODAY)
    found = snapshot(floor)
    told = [line.ref for line in found.orders]
    assert told == ["longer overdue", "recheck", "feelings", "claimed", "big", "stale", "rest", "next week"]
    assert [line.reason for line in found.orders[:3]] == [
        "recheck overdue by 3 days",
        "recheck overdue by 1 day",
        "FEELINGS ONLY",
    ]


def test_a_contact_before_the_order_is_no_touch_of_it(floor: Store) -> None:
    with floor.write() as connection:
        call(connection, "x", "1001", "+491", NOW - 60 * DAY_US)
        order(connection, "A", 1, 1, opened_day=20261110)
        order(connection, "B", 1, 1, opened_day=20261109)
    assert (lines(floor)["A"].marks, lines(floor)["B"].marks) == ((), ("stale",))


def test_what_is_left_to_review(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "never reviewed", 1, 1)
        order(connection, "reviewed, nothing is the matter", 1, 1)
        reviewed(connection, 2, 20261120, TODAY)
        order(connection, "recheck overdue", 1, 1)
        reviewed(connection, 3, 20261120, 20261122)
        order(connection, "big, reviewed today", 1, 1, amount_cents=1_000_000)
        reviewed(connection, 4, TODAY, None)
        order(connection, "big, reviewed on another day", 1, 1, amount_cents=1_000_000)
        reviewed(connection, 5, 20261122, None)
    assert snapshot(floor).left == 3
    with floor.write() as connection:
        acts.review(connection, doer(), CONFIG, 3, 1, recheck_day=TODAY)
    assert snapshot(floor).left == 2
    assert not lines(floor)["recheck overdue"].overdue


def test_the_forecast_adds_up_and_tells_what_moved(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "A", 1, 1, amount_cents=33)  # 1.65 -> 2
        order(connection, "B", 1, 2, amount_cents=33)
        order(connection, "C", 2, None, amount_cents=100, stage="contract")
        reviewed(connection, 3, 20261120, None, expected_cents=60)
    found = snapshot(floor)
    assert found.forecast.total == 9 == sum(line.expected_cents for line in found.orders)
    assert found.forecast.by_stage == {"offer": 4, "contract": 5}
    assert found.forecast.by_specialist == {1: 2, 2: 2, None: 5}
    assert found.forecast_before_cents == 64  # never reviewed: nothing from which they moved


def test_probabilities_are_the_floors_own_from_enough_closed_orders(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "A", 1, 1, amount_cents=100)
        for number in range(3):
            status = "signed" if number else "lost"
            order(connection, f"old {number}", 1, 1, status=status, closed_day=20260101, closed_score=19)
    few, enough = (replace(CONFIG, orders=Orders(own_from_closed=closed)) for closed in (4, 3))
    assert (snapshot(floor, few).own_probabilities, snapshot(floor, few).forecast.total) == (False, 5)
    assert (snapshot(floor, enough).own_probabilities, snapshot(floor, enough).forecast.total) == (True, 67)
    told = replace(CONFIG, orders=Orders(probabilities=(0.1, 0.15, 0.35, 0.6, 0.8)))
    assert snapshot(floor, told).forecast.total == 10


def test_claims_are_scored_for_who_made_them(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "kept", 1, 1, status="signed", closed_day=20261110)
        order(connection, "signed late", 1, 1, status="signed", closed_day=20261111)
        order(connection, "lost", 1, 2, status="lost", closed_day=20261101)
        order(connection, "A", 1, 1)
        order(connection, "B", 1, 2)
        for order_id, who, by_day, percent in (
            (1, "Anna Weber", 20261110, 80),
            (2, "Anna Weber", 20261110, 60),
            (3, "Anna Weber", 20261201, 50),  # the order was hers when she said so
            (4, "Anna Weber", 20261122, 100),
            (4, "Anna Weber", TODAY, 90),
        ):
            values = {"order_id": order_id, "who": who, "by_day": by_day, "percent": percent, "made_us": NOW - by_day}
            order_changes.add(connection, "claim", values)
        values = {"order_id": 4, "who": "Anna Weber", "by_day": 20270101, "percent": 1, "made_us": NOW}
        order_changes.add(connection, "claim", values | {"withdrawn_us": NOW})
    found = lines(floor)
    assert (found["A"].kept, found["A"].claims) == (1, 4)
    assert (found["B"].kept, found["B"].claims, found["B"].claimed_by) == (0, 0, None)
    with floor.read() as connection:
        record = read_order(connection, CONFIG, 4, NOW).record
    assert record == Record(1, 3, 1, pytest.approx((0.2**2 + 0.6**2 + 0.5**2 + 1) / 4))


def test_one_order_under_review(floor: Store) -> None:
    with floor.write() as connection:
        source_id, _ = call(connection, "old", "1001", "+491", NOW - 3 * DAY_US)
        call(connection, "new", "1002", "+491", NOW - DAY_US)
        call(connection, "theirs", "1001", "+492", NOW - HOUR)
        call(connection, "short", "1001", "+491", NOW - HOUR, talk_s=29)
        order(connection, "A", 1, 1)
        acts.hear(connection, doer(), 1, 1, "price", call=(source_id, "old"), note="5 %")
        acts.hear(connection, doer(later_us=S), 1, 2, "price")
        acts.feel(connection, doer(later_us=S), 1, 3, "the boss likes us")
        acts.review(connection, doer(later_us=S), CONFIG, 1, 4, guidance="praise", recheck_day=TODAY)
    with floor.read() as connection:
        found = read_order(connection, CONFIG, 1, NOW + HOUR)
        with pytest.raises(KeyError):
            read_order(connection, CONFIG, 2, NOW)
    assert [(fact.linked, fact.behind, fact.counts, fact.note) for fact in found.facts] == [
        (False, "", False, ""),
        (True, "call 11:00", True, "5 %"),
    ]
    assert found.line.score == int(sum(fact.points for fact in found.facts if fact.counts))
    assert found.missing == ("contract", "payment_date", "decision_maker", "appointment", "material")
    assert [feeling.note for feeling in found.feelings] == ["the boss likes us"]
    assert found.linkable and (found.linkable.group_id, found.linkable.who) == ("new", "Boris Wu")
    assert (found.customer_type, found.contract, found.paid_cents) == ("steel", None, 0)
    assert [(one.guidance, one.kept_in_time) for one in found.reviews] == [("praise", None)]


def test_rechecks_kept_in_time(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "A", 1, 1)
        reviewed(connection, 1, 20261110, 20261112)
        reviewed(connection, 1, 20261112, 20261113)
        reviewed(connection, 1, 20261114, None)
        reviewed(connection, 1, 20261120, 20261122)
        reviewed(connection, 1, 20261121, 20261125, withdrawn_us=NOW)
    with floor.read() as connection:
        found = read_order(connection, CONFIG, 1, NOW)
    assert [one.kept_in_time for one in found.reviews] == [False, None, False, True]


def test_a_closed_order_can_be_looked_at(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "A", 1, 1)
        acts.hear(connection, doer(), 1, 1, "contract", file="letter.pdf")
        acts.sign(connection, doer(), 1, 2, TODAY, 900_000, "net 60", "Director")
        acts.pay(connection, doer(), 5, TODAY, order_id=1, seen=3)
    with floor.read() as connection:
        found = read_order(connection, CONFIG, 1, NOW + 300 * DAY_US)
    assert (found.line.status, found.line.score, found.line.marks) == ("signed", 25, ())
    assert (found.contract, found.paid_cents) == ((TODAY, 900_000, "net 60", "Director"), 5)


def test_an_order_of_a_merged_customer_has_the_calls_of_both(floor: Store) -> None:
    with floor.write() as connection:
        customer(connection, "c-3", "Baltic Steal", "+493", merged_into=1)
        call(connection, "x", "1001", "+493", NOW - DAY_US)
        order(connection, "A", 3, 1)
    with floor.read() as connection:
        found = read_order(connection, CONFIG, 1, NOW)
    assert (found.line.company, found.line.contacts) == ("Baltic Steel", 1)
    assert found.linkable and found.linkable.group_id == "x"


def outlook(store: Store, month: int | None = None) -> Outlook:
    with store.read() as connection:
        return read_outlook(connection, CONFIG, NOW, month)


def test_a_month_has_what_is_expected_in_it_and_what_was_signed_in_it(floor: Store) -> None:
    with floor.write() as connection:
        order(connection, "first", 1, 1, amount_cents=1000, expected_day=20261101)
        order(connection, "last", 1, 2, amount_cents=2000, expected_day=20261130, stage="own")
        order(connection, "next month", 1, 1, amount_cents=9000, expected_day=20261201)
        order(connection, "nobody knows", 1, 1, amount_cents=9000)
        order(connection, "signed", 1, 1, amount_cents=1)
        acts.sign(connection, doer(), 5, 1, TODAY, 700)
        order(connection, "imported", 1, 1, amount_cents=30, status="signed", closed_day=20261101)
        order(connection, "before", 1, 1, amount_cents=30, status="signed", closed_day=20261031)
        order(connection, "lost", 1, 1, amount_cents=30, status="lost", closed_day=TODAY)
        reviewed(connection, 1, 20261120, None, expected_cents=50)
        reviewed(connection, 2, 20261120, None, expected_cents=99)
    found = outlook(floor, 202611)
    assert (found.total_cents, found.signed, found.signed_cents, found.open_cents) == (880, 2, 730, 150)
    assert found.by_stage == (Share("offer", 1, 1000, 50), Share("own", 1, 2000, 100))
    assert found.by_specialist == (Share("Anna Weber", 1, 1000, 50), Share("Boris Wu", 1, 2000, 100))
    assert (found.before_cents, found.moved) == (149, 1)
    whole = outlook(floor)
    assert (whole.signed_cents, whole.open_cents, whole.total_cents) == (0, 1050, 1050)
    assert [share.name for share in whole.by_stage] == ["offer", "own"]
    assert outlook(floor, 202701).total_cents == 0
