"""The summary of a week for the sales meeting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from store import roster
from store.engine import Store
from supervisor.calendar import Calendar, date_of
from supervisor.config import Config
from supervisor.duties.audit.summary import MEASURES, Summary, ends_of, read_week, week_of
from supervisor.duties.audit.told import Done, added
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups import acts as followups
from supervisor.duties.orders import acts as orders
from supervisor.settings import Floor, QuotaSettings
from tests.supervisor.duties.discipline.flagging import flagged
from tests.supervisor.duties.selling import call, customer, doer, order, specialist, version

S = 1_000_000
CONFIG = Config(floor=Floor(holidays=False), quota=QuotaSettings(effective=2))
CALENDAR = Calendar(CONFIG.floor)
MONDAY, FRIDAY, SUNDAY = 20261116, 20261120, 20261122


def at(day: int, hour: int = 10, minute: int = 0) -> int:
    return CALENDAR.moment(day, hour * 60 + minute)


def done(name: str = "Anna", **told: Any) -> Done:
    """Somebody who attended five days and did what was expected."""
    made = Done(
        specialist_id=1, name=name, team="North", people=1, days=5.0, dials=100, connected=40, effective=10,
        talk_ms=600_000, due=10.0, shortfall=0, contacts=5, signed=1, amount_cents=100, lost=0, live=0, flags=0,
        merits=0,
    )  # fmt: skip
    return replace(made, **told)


# -- rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (MONDAY, (MONDAY, SUNDAY)),
        (SUNDAY, (MONDAY, SUNDAY)),
        (20261123, (20261123, 20261129)),
        (20270101, (20261228, 20270103)),
    ],
)
def test_a_week_runs_from_monday_to_sunday(day: int, week: tuple[int, int]) -> None:
    assert week_of(day) == week
    assert date_of(week[0]).weekday() == 0


def ends(people: list[Done]) -> dict[str, tuple[float, tuple[str, ...], float, tuple[str, ...]]]:
    return {one.measure.code: (one.best, one.best_names, one.worst, one.worst_names) for one in ends_of(people)}


def test_the_best_and_the_worst() -> None:
    told = ends([done("Bo", effective=20), done("Anna"), done("Élodie", effective=5, dials=300)])
    assert told["plan"] == (2.0, ("Bo",), 0.5, ("Élodie",))
    assert told["dials_a_day"] == (60.0, ("Élodie",), 20.0, ("Anna", "Bo"))
    assert "signed" not in told, "nobody differs"


def test_who_was_away_is_not_the_worst() -> None:
    away = done("Zoe", days=0.0, due=0.0, effective=0, dials=0, signed=0)
    assert ends([away, done("Anna"), done("Bo", dials=50)])["dials_a_day"][3] == ("Bo",)
    assert ends([away, done("Anna")]) == {} == ends([done("Anna")]) == ends([])
    half = done("Half", days=2.5, dials=60)
    assert ends([half, done("Anna")])["dials_a_day"][:2] == (24.0, ("Half",)), "by the day attended"


def test_the_plan_where_nothing_was_due() -> None:
    assert done(due=0.0).plan is None
    assert MEASURES[0].value(done(due=0.0)) is None


_DONE = st.builds(
    lambda dials, effective, due, short: done(dials=dials, effective=effective, due=due / 2, shortfall=short),
    st.integers(0, 999),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
)


@given(st.lists(_DONE, max_size=8), st.integers(0, 8))
def test_teams_add_up_to_the_floor(people: list[Done], cut: int) -> None:
    both = added([added(people[:cut], "a"), added(people[cut:], "b")], "all")
    whole = added(people, "all")
    assert both == whole
    assert whole.people == len(people) and whole.shortfall == sum(one.shortfall for one in people)
    names = {field.name for field in fields(Done)} - {"specialist_id", "name", "team"}
    assert all(getattr(whole, name) == sum(getattr(one, name) for one in people) for name in names)


# -- the store ----------------------------------------------------------------------------------------------------


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """Anna (North), Boris (South) and a phone of nobody; the week of Monday 16 November."""
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        specialist(connection, "Boris Wu", "1002", "South")
        for number in range(1, 5):
            customer(connection, f"C{number}", f"Company {number}", f"+4911{number}")
        for day, agent, talks in (
            (MONDAY, "1001", [40, 50, 60]), (MONDAY, "1002", [10]), (FRIDAY, "1001", [40]), (FRIDAY, "7777", [99]),
            (20261115, "1001", [40]), (20261123, "1001", [40]),
        ):  # fmt: skip
            for number, talk_s in enumerate(talks):
                call(connection, f"{agent}-{day}-{number}", agent, "+49111", at(day, 10, number * 5), talk_s)
        yield connection


def later(day: int, hour: int = 12) -> Any:
    return doer(later_us=at(day, hour) - doer().now_us)


def read(connection: Connection, day: int = FRIDAY, now: tuple[int, int] = (20261123, 11), **told: Any) -> Summary:
    return read_week(connection, CONFIG, day, at(*now), **told)


def test_what_was_done_against_plan(connection: Connection) -> None:
    roster.put_attendance(connection, 2, FRIDAY, ("leave", None, None), False)
    followups.log_contact(connection, later(MONDAY), 1, "visit", "", "", 1)
    followups.log_contact(connection, later(SUNDAY, 23), 1, "visit", "", "", 1)
    followups.log_contact(connection, later(20261123, 0), 1, "visit", "", "", 1)
    flagged(connection, 1, "idle", FRIDAY)
    flagged(connection, 2, "merit", FRIDAY)
    summary = read(connection)
    anna, boris = summary.people
    assert (summary.first, summary.last) == (MONDAY, SUNDAY)
    assert (anna.days, anna.dials, anna.effective, anna.due, anna.shortfall) == (5, 4, 4, 10, 6)
    assert (anna.talk_ms, anna.contacts, anna.flags, anna.merits, anna.plan) == (190_000, 2, 1, 0, 0.4)
    assert (boris.days, boris.connected, boris.effective, boris.due, boris.merits) == (4, 1, 0, 8, 1)
    assert summary.nobody is not None and (summary.nobody.dials, summary.nobody.effective) == (1, 1)
    assert (summary.total.dials, summary.total.effective, summary.total.shortfall) == (6, 5, 14)
    assert [(one.name, one.dials) for one in summary.teams] == [("North", 4), ("South", 1)]


def test_only_days_that_are_over(connection: Connection) -> None:
    at_noon = read(connection, now=(FRIDAY, 12))
    assert (at_noon.last, at_noon.people[0].days, at_noon.people[0].effective) == (20261119, 4, 3)
    early = read(connection, now=(MONDAY, 12))
    assert early.last < early.first and early.total.dials == 0 and early.ends == ()
    with pytest.raises(RefusedError, match="the week of 2026-11-24 is still to come"):
        read(connection, day=20261124, now=(SUNDAY, 12))


def test_won_and_lost_orders_and_why(connection: Connection) -> None:
    for number, who in ((1, 1), (2, 2), (3, None), (4, 1)):
        order(connection, f"O{number}", number, who, amount_cents=number * 1_000, opened_day=MONDAY)
    friday = later(FRIDAY)
    for code, fact in (("payment_date", 1), ("contract", 2), ("feeling", 3), ("payment_date", 4)):
        connection.exec_driver_sql(
            "INSERT INTO evidence (order_id, code, heard_us, note, who, entered_us) "
            f"VALUES (1, '{code}', {fact}, '', 'x', 1)"
        )
    orders.sign(connection, friday, 1, version(connection, 1), FRIDAY, 900)
    orders.lose(connection, friday, 2, version(connection, 2), "too expensive")
    orders.lose(connection, friday, 3, version(connection, 3), "too expensive")
    summary = read(connection)
    (won,) = summary.won
    assert (won.ref, won.company, won.specialist, won.amount_cents) == ("O1", "Company 1", "Anna Weber", 900)
    assert won.why == "named a payment date; asked for the contract or the account to pay into", "no feelings"
    assert [(one.ref, one.specialist, one.why) for one in summary.lost] == [
        ("O2", "Boris Wu", "too expensive"), ("O3", "", "too expensive"),
    ]  # fmt: skip
    assert summary.reasons == (("too expensive", 2),)
    assert (summary.total.signed, summary.total.lost, summary.total.amount_cents) == (1, 2, 900)
    south = read(connection, team="South")
    assert [one.ref for one in south.lost] == ["O2"] and south.won == () and south.nobody is None
    assert (south.total.lost, south.total.dials) == (1, 1)
    assert read(connection, now=(FRIDAY, 12)).lost == ()


def test_onboardings_gone_live(connection: Connection) -> None:
    for number, (who, day) in enumerate(((1, MONDAY), (1, SUNDAY), (2, 20261123)), 1):
        connection.exec_driver_sql(
            "INSERT INTO payment (id, ref, customer_id, package, amount_cents, paid_day, who, entered_us) "
            f"VALUES ({number}, 'P{number}', 1, '', 1, {day}, 'x', 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO onboarding (payment_id, customer_id, package, template, specialist_id, assistant, started_us, "
            f"live_us, stopped_why, version) VALUES ({number}, 1, '', 'standard', {who}, '', 1, {at(day, 23)}, '', 1)"
        )
    assert [one.live for one in read(connection).people] == [2, 0]


def test_a_team_that_is_none(connection: Connection) -> None:
    with pytest.raises(RefusedError, match="there is no team 'East'; one of North, South"):
        read(connection, team="East")
