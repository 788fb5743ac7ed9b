"""What a payment starts: once a sale, when, whose, by which template; and a payment that is taken back."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Connection

from store import onboarding_book as book
from store.engine import Store
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.acting import undo
from supervisor.duties.calls import RefusedError
from supervisor.duties.onboarding.starting import began_us, is_history, least_busy
from supervisor.duties.orders import acts as orders
from supervisor.settings import Floor, Onboarding, Step
from tests.supervisor.duties.onboarding.owing import (
    BALTIC,
    CONFIG,
    HOUR,
    NOW,
    RUHR,
    TODAY,
    act,
    codes,
    doer,
    everything,
    floor_that_owes,
    pay,
)
from tests.supervisor.duties.selling import DAY_US, S, order

CALENDAR = Calendar(CONFIG.floor)


@pytest.fixture
def floor(store: Store) -> Store:
    with store.write() as connection:
        floor_that_owes(connection)
    return store


def rows(connection: Connection) -> list[book.OnboardingRow]:
    return sorted(book.onboardings(connection), key=lambda row: row.onboarding_id)


@pytest.mark.parametrize(
    ("paid", "today", "history"),
    [
        (20261123, 20261123, False),
        (20260826, 20261123, False),  # 89 days
        (20260825, 20261123, True),  # 90
        (20200101, 20261123, True),
        (20261124, 20261123, False),
    ],
)
def test_a_payment_of_long_ago_is_history(paid: int, today: int, history: bool) -> None:
    assert is_history(paid, today, 90) is history


def test_an_onboarding_begins_with_the_payment() -> None:
    assert began_us(TODAY, TODAY, NOW, CALENDAR) == NOW
    assert began_us(20261120, TODAY, NOW, CALENDAR) == CALENDAR.bounds(20261120)[0]


def test_a_new_one_goes_to_who_has_the_fewest_then_by_name() -> None:
    assert least_busy((), Counter()) == ""
    assert least_busy(("Mei", "Bo"), Counter()) == "Bo"
    assert least_busy(("Mei", "Bo"), Counter({"Bo": 1})) == "Mei"
    assert least_busy(("Zoe", "Émile", "Fay"), Counter({"": 3})) == "Émile"


def test_a_payment_of_today_starts_what_is_owed(floor: Store) -> None:
    with floor.write() as connection:
        pay(connection)
        (row,) = rows(connection)
        steps, runs = book.steps(connection), book.runs(connection)
    assert (row.customer_id, row.company, row.order_id, row.package) == (BALTIC, "Baltic Steel", 1, "Gold")
    assert (row.specialist, row.team, row.assistant) == ("Anna Weber", "North", "Bo")  # the order's, not the owner
    assert (row.started_us, row.live_us, row.stopped_us, row.version) == (NOW, None, None, 1)
    assert len(steps) == 13
    assert {(one.role, one.holder, one.specialist_id) for one in steps} == {
        ("specialist", "Anna Weber", 1), ("assistant", "Bo", None), ("customer", "", None), ("director", "", None),
    }  # fmt: skip
    assert [(one.step_id, one.round, one.holder, one.specialist_id, one.started_us) for one in runs] == [
        (1, 1, "Anna Weber", 1, NOW), (2, 1, "Bo", None, NOW), (4, 1, "Bo", None, NOW),
    ]  # fmt: skip


def test_a_payment_recorded_late_starts_with_its_day(floor: Store) -> None:
    with floor.write() as connection:
        pay(connection, day=20261120)
        (row,) = rows(connection)
        assert row.started_us == CALENDAR.bounds(20261120)[0]
        assert {run.started_us for run in book.runs(connection)} == {row.started_us}


def test_instalments_start_nothing_again(floor: Store) -> None:
    with floor.write() as connection:
        assert pay(connection) == pay(connection) == 1
        assert len(rows(connection)) == 1
        connection.exec_driver_sql("UPDATE onboarding SET stopped_us = 1, stopped_why = 'x'")
        pay(connection)
        assert connection.exec_driver_sql("SELECT count(*) FROM onboarding").scalar() == 1


def test_of_a_payment_without_an_order_one_a_customer_and_package(floor: Store) -> None:
    with floor.write() as connection:
        said = orders.pay(connection, doer(), 100, TODAY, customer_id=BALTIC, config=CONFIG)
        assert said == "Baltic Steel: 1 paid on 2026-11-23; the onboarding is begun"
        assert orders.pay(connection, doer(), 100, TODAY, customer_id=BALTIC, config=CONFIG) == (
            "Baltic Steel: 1 paid on 2026-11-23"
        )
        (row,) = rows(connection)
        assert (row.order_id, row.package, row.specialist) == (None, "", "Bob Klein")  # the customer's owner
        connection.exec_driver_sql("UPDATE onboarding SET live_us = 1")
        orders.pay(connection, doer(), 100, TODAY, customer_id=BALTIC, config=CONFIG)
        assert len(rows(connection)) == 1  # the next one, since that one is live


def test_a_payment_of_a_customer_who_was_merged_is_the_other_ones(floor: Store) -> None:
    with floor.write() as connection:
        orders.pay(connection, doer(), 100, TODAY, customer_id=BALTIC, config=CONFIG)
        connection.exec_driver_sql(f"UPDATE customer SET merged_into = {RUHR} WHERE id = {BALTIC}")
        (row,) = rows(connection)
        assert (row.customer_id, row.company, row.ref) == (RUHR, "Ruhr Pumpen", "c-2")
        orders.pay(connection, doer(), 100, TODAY, customer_id=RUHR, config=CONFIG)
        assert len(rows(connection)) == 1


def test_onboardings_are_shared_out(floor: Store) -> None:
    with floor.write() as connection:
        pay(connection, 1), pay(connection, 2)
        assert [row.assistant for row in rows(connection)] == ["Bo", "Mei"]
        assert rows(connection)[1].specialist == ""
        third = order(connection, "C", RUHR, None)
        connection.exec_driver_sql("UPDATE onboarding SET live_us = 1 WHERE id = 2")
        pay(connection, third)
        assert rows(connection)[-1].assistant == "Mei"  # who is done with hers


def test_nobody_is_named_where_no_assistants_are(floor: Store) -> None:
    with floor.write() as connection:
        pay(connection, config=Config(floor=Floor(holidays=False)))
        assert rows(connection)[0].assistant == ""


def test_a_package_has_its_own_template_and_a_changed_one_touches_nothing_under_way(floor: Store) -> None:
    short = (
        Step(code="open", holder="assistant", hours=0.5),
        Step(code="go", holder="director", hours=1, after=("open",)),
    )
    config = Config(
        floor=CONFIG.floor, onboarding=Onboarding(templates={"short": short}, packages={"sIlver ": "short"})
    )  # fmt: skip
    with floor.write() as connection:
        pay(connection, 2, config=config)
        (row,) = rows(connection)
        told = connection.exec_driver_sql("SELECT template FROM onboarding").scalar()
        steps = book.steps(connection)
        assert (row.package, told) == ("Silver", "short")
        assert [(one.code, one.words, one.work_us, one.after) for one in steps] == [
            ("open", "open", HOUR // 2, ()), ("go", "go", HOUR, ("open",)),
        ]  # fmt: skip
        act(connection, "done", "open", id_=row.onboarding_id, config=CONFIG)
        assert codes(connection, "running", row.onboarding_id) == ["go"]


def test_the_standard_template_can_be_replaced(floor: Store) -> None:
    only = (Step(code="live", holder="assistant", hours=1),)
    with floor.write() as connection:
        pay(connection, config=Config(floor=CONFIG.floor, onboarding=Onboarding(templates={"standard": only})))
        assert [one.code for one in book.steps(connection)] == ["live"]


# -- a payment that is taken back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [{"order_id": 1, "seen": 1}, {"customer_id": BALTIC}])
def test_undoing_a_payment_removes_what_it_started(floor: Store, of: dict[str, Any]) -> None:
    with floor.write() as connection:
        before = everything(connection)
        orders.pay(connection, doer(), 100, TODAY, config=CONFIG, **of)
        assert everything(connection) != before
        assert undo(connection, doer(later_us=S))
        assert everything(connection) == before
        assert connection.exec_driver_sql("SELECT count(*) FROM payment").scalar() == 0


@pytest.mark.parametrize("of", [{"order_id": 1, "seen": 1}, {"customer_id": BALTIC}])
def test_it_is_not_undone_where_somebody_worked_on_it_since(floor: Store, of: dict[str, Any]) -> None:
    with floor.write() as connection:
        orders.pay(connection, doer("Ann"), 100, TODAY, config=CONFIG, **of)
        act(connection, "done", "open_account", who=doer("Bo"))
        before = everything(connection)
        with pytest.raises(RefusedError, match="the onboarding of Baltic Steel is being worked on"):
            undo(connection, doer("Ann", S))
        assert everything(connection) == before
        assert undo(connection, doer("Bo", S))  # and once that is taken back, it is undone
        assert undo(connection, doer("Ann", S))
        assert rows(connection) == []


def test_a_second_instalment_is_undone_by_itself(floor: Store) -> None:
    with floor.write() as connection:
        pay(connection)
        pay(connection, doer_=doer(later_us=DAY_US))
        undo(connection, doer(later_us=DAY_US))
        assert len(rows(connection)) == 1
