"""Working-time clocks, and when a customer is expected to be live."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.onboarding_book import Held
from supervisor.calendar import Calendar
from supervisor.duties.onboarding.clock import Clock
from supervisor.duties.onboarding.estimate import Past, estimate, promised
from supervisor.duties.onboarding.steps import board
from supervisor.settings import Floor, Step
from tests.supervisor.duties.onboarding.owing import HOUR, NOW, rows_of, run

FLOORS = {
    "Berlin": Floor(),
    "night": Floor(working_hours=("22:00-06:00",), days_off=("2026-10-27",)),
    "New York": Floor(time_zone="America/New_York", country="US"),
    "Lord Howe": Floor(time_zone="Australia/Lord_Howe", country="AU", working_hours=("13:00-14:00", "22:00-06:00")),
}
BEGIN = round(datetime(2026, 3, 1, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * 1_000_000
MOMENTS = st.integers(BEGIN, BEGIN + 300 * 24 * HOUR)


@pytest.mark.parametrize("name", FLOORS)
@settings(deadline=None)
@given(moments=st.lists(MOMENTS, min_size=2, max_size=8), work=st.integers(0, 100 * HOUR))
def test_the_clock_says_what_the_calendar_says(name: str, moments: list[int], work: int) -> None:
    calendar = Calendar(FLOORS[name])
    clock = Clock(calendar, min(moments))
    for one, other in pairwise(moments):
        assert clock.worked(one, other) == calendar.working_us(one, other)
        assert clock.due(one, work) == calendar.due(one, work)
        assert clock.day_of(other) == calendar.day_of(other)


def test_a_floor_that_works_a_minute_a_week_is_shown_all_the_same() -> None:
    clock = Clock(Calendar(Floor(working_hours=("09:00-09:01",), working_days=("mon",))), NOW)
    assert clock.due(NOW, 1000 * HOUR) > NOW + 9 * 365 * 24 * HOUR


def test_the_waiting_clock_adds_up_what_each_party_held() -> None:
    clock = Clock(Calendar(Floor(holidays=False)), NOW)
    runs = [
        run(1, 1, 1, "done", NOW),  # 11 to 12
        run(1, 2, 2, "done", NOW + HOUR),  # 12 to 13: the break
        run(2, 3, 1, "", NOW)._replace(role="customer", holder=""),
    ]
    held = clock.held_by(runs, NOW + 3 * HOUR)
    assert held == {("assistant", "Mei"): HOUR, ("customer", ""): 2 * HOUR}


# -- estimates --------------------------------------------------------------------------------------------------------

SHORT = (
    Step(code="a", holder="assistant", hours=2),
    Step(code="b", holder="assistant", hours=3, after=("a",)),
    Step(code="c", holder="customer", hours=4, after=("a",)),
    Step(code="d", holder="assistant", hours=1, after=("b", "c")),
)
ROWS = rows_of(SHORT)
CLOCK = Clock(Calendar(Floor(working_hours=("00:00-24:00",), working_days=("mon", "tue", "wed", "thu", "fri", "sat",
              "sun"), holidays=False)), NOW - 2000 * HOUR)  # fmt: skip


def past(*hours: dict[str, float]) -> Past:
    """Onboardings in which each step took so many hours."""
    began = NOW - 1000 * HOUR
    held = [
        Held(place, code, began, began + round(took * HOUR))
        for place, steps in enumerate(hours)
        for code, took in steps.items()
    ]
    return Past(held, CLOCK)


def hours(runs: list, known: Past, own_from: int = 1, now: int = NOW) -> tuple[float, float, bool]:  # type: ignore[type-arg]
    found = estimate(board(ROWS, runs), known, own_from, CLOCK, now)
    return found.p50 / HOUR, found.p80 / HOUR, found.own


def test_promised_is_the_longest_path_of_the_template() -> None:
    assert promised(board(ROWS, [])) == 7 * HOUR
    assert promised(board(rows_of(), [])) == (16 + 40 + 4) * HOUR


def test_without_a_past_it_is_the_template() -> None:
    begun = [run(1, 1, 1, "", NOW)]
    assert hours(begun, past()) == (7, 7, False)
    assert hours(begun, past(), now=NOW + HOUR) == (6, 6, False)
    assert hours(begun, past(), now=NOW + 9 * HOUR) == (5, 5, False)  # nothing is left of it, never less


def test_from_so_many_on_it_is_the_floors_own() -> None:
    took = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0}
    begun = [run(1, 1, 1, "", NOW)]
    assert hours(begun, past(*[took] * 9), 10) == (7, 7, False)
    assert hours(begun, past(*[took] * 10), 10) == (3, 3, True)


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    begun = [run(1, 1, 1, "", NOW)]
    known = past(*({"a": took, "b": 0, "c": 0, "d": 0} for took in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)))
    assert hours(begun, known) == (50, 80, True)
    assert hours(begun, past(*({"a": took, "b": 0, "c": 0, "d": 0} for took in (1, 2, 3)))) == (2, 3, True)


def test_the_longest_path_may_be_another_one_in_each() -> None:
    begun = [run(1, 1, 1, "", NOW)]
    assert hours(begun, past({"a": 1, "b": 5, "c": 1, "d": 1}, {"a": 1, "b": 1, "c": 9, "d": 1})) == (7, 11, True)


def test_what_runs_is_expected_to_take_what_is_left_of_it() -> None:
    begun = [run(1, 1, 1, "", NOW)]
    known = past({"a": 10, "b": 1, "c": 1, "d": 1})
    assert hours(begun, known, now=NOW + 4 * HOUR) == (8, 8, True)
    assert hours(begun, known, now=NOW + 40 * HOUR) == (2, 2, True)
    again = [run(1, 1, 1, "sent_back", NOW - 3 * HOUR), run(1, 2, 2, "", NOW)]  # all rounds together: an hour is gone
    assert hours(again, known, now=NOW + 4 * HOUR) == (7, 7, True)


def test_a_step_that_the_past_did_not_have_takes_what_the_template_says() -> None:
    begun = [run(1, 1, 1, "", NOW)]
    assert hours(begun, past({"a": 1, "x": 9})) == (1 + 4 + 1, 6, True)
    assert hours(begun, past({"c": 1}), now=NOW + HOUR) == (1 + 3 + 1, 5, True)


def test_what_is_done_takes_no_time() -> None:
    runs = [run(1, 1, 1, "done", NOW), run(2, 2, 1, "", NOW), run(3, 3, 1, "done", NOW)]
    assert hours(runs, past({"a": 9, "b": 2, "c": 9, "d": 1})) == (3, 3, True)
