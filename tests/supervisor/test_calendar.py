"""Working time: breaks, nights, holidays, and days of 23 and 25 hours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.calendar import Calendar
from supervisor.config import parse

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3_600_000_000
MINUTE = 60_000_000


def calendar(**keys: object) -> Calendar:
    told = "".join(f"{key} = {value if isinstance(value, list) else repr(value)}\n" for key, value in keys.items())
    return Calendar(parse(f"[floor]\n{told}".replace("False", "false").replace("True", "true"), "f").floor)


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()) * 1_000_000


def clock(spans: tuple[tuple[int, int], ...], zone: ZoneInfo = BERLIN) -> list[str]:
    return [
        "-".join(datetime.fromtimestamp(moment / 1e6, zone).strftime("%d %H:%M") for moment in span) for span in spans
    ]


def test_a_day_is_two_spans_with_a_break() -> None:
    assert clock(calendar().spans(20261123)) == ["23 09:00-23 12:00", "23 13:00-23 18:00"]


@pytest.mark.parametrize(
    ("now", "share"),
    [
        ("2026-11-23 08:59", 0),
        ("2026-11-23 09:00", 0),
        ("2026-11-23 11:00", 2 / 8),
        ("2026-11-23 12:00", 3 / 8),
        ("2026-11-23 12:59", 3 / 8),
        ("2026-11-23 14:00", 4 / 8),
        ("2026-11-23 18:00", 1),
        ("2026-11-24 09:30", 1),
    ],
)
def test_shift_elapsed_leaves_out_breaks(now: str, share: float) -> None:
    assert calendar().shift_elapsed(at(now), 20261123) == pytest.approx(share)


def test_nothing_elapses_on_a_day_off() -> None:
    assert calendar().shift_elapsed(at("2026-11-22 15:00"), 20261122) == 0
    assert calendar().spans(20261122) == ()


@pytest.mark.parametrize(
    ("start", "end", "spans"),
    [
        (11 * 60, None, ["23 11:00-23 12:00", "23 13:00-23 18:00"]),
        (12 * 60 + 30, None, ["23 13:00-23 18:00"]),
        (None, 12 * 60 + 30, ["23 09:00-23 12:00"]),
        (None, 11 * 60, ["23 09:00-23 11:00"]),
        (7 * 60, 20 * 60, ["23 07:00-23 12:00", "23 13:00-23 20:00"]),
        (12 * 60, 13 * 60, []),
    ],
)
def test_attendance_gives_a_specialist_other_hours(start: int | None, end: int | None, spans: list[str]) -> None:
    assert clock(calendar().spans(20261123, start, end)) == spans


def test_who_is_marked_with_hours_on_a_day_off_works() -> None:
    assert clock(calendar().spans(20261122, 10 * 60, 14 * 60)) == ["22 10:00-22 12:00", "22 13:00-22 14:00"]


def test_own_hours_count_for_shift_elapsed() -> None:
    assert calendar().shift_elapsed(at("2026-11-23 14:00"), 20261123, 13 * 60, 17 * 60) == pytest.approx(1 / 4)


def test_public_holidays_and_own_days_off_are_not_worked() -> None:
    assert not calendar().is_working_day(20261225)
    assert calendar(holidays=False).is_working_day(20261225)
    assert not calendar(days_off=["2026-11-23"]).is_working_day(20261123)
    assert calendar(country="FR").is_working_day(20261003) is False  # a Saturday
    assert calendar(country="FR").is_working_day(20260714) is False
    assert calendar(country="DE").is_working_day(20260714) is True
    assert calendar(country="AQ").is_working_day(20261123) is True  # no holidays known there


def test_a_night_falls_on_the_days_it_is_worked_on() -> None:
    night = calendar(working_hours=["22:00-06:00"])
    assert clock(night.spans(20261123)) == ["23 22:00-24 00:00"]  # Monday: Sunday night is not worked
    assert clock(night.spans(20261124)) == ["24 00:00-24 06:00", "24 22:00-25 00:00"]
    assert clock(night.spans(20261128)) == ["28 00:00-28 06:00"]  # Saturday: the end of Friday's night
    assert night.is_working_day(20261128)
    assert night.working_us(at("2026-11-23 12:00"), at("2026-11-24 12:00")) == 8 * HOUR
    assert night.is_working(at("2026-11-24 03:00"))
    assert not night.is_working(at("2026-11-23 03:00"))


def test_a_night_is_longer_and_shorter_when_the_clock_changes() -> None:
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    night = calendar(working_hours=["22:00-06:00"], working_days=week, holidays=False)
    assert night.working_us(at("2026-03-28 22:00"), at("2026-03-29 06:00")) == 7 * HOUR
    assert night.working_us(at("2026-10-24 22:00"), at("2026-10-25 06:00")) == 9 * HOUR


def test_days_of_23_and_25_hours() -> None:
    floor = calendar(working_hours=["00:00-24:00"], working_days=["sun"], holidays=False)
    assert [b - a for a, b in floor.spans(20260329)] == [23 * HOUR]
    assert [b - a for a, b in floor.spans(20261025)] == [25 * HOUR]
    begin, end = floor.bounds(20261025)
    assert (end - begin, floor.day_of(end - 1), floor.day_of(end)) == (25 * HOUR, 20261025, 20261026)
    assert floor.shift_elapsed(begin + 5 * HOUR, 20261025) == pytest.approx(5 / 25)


def test_a_wall_clock_time_that_is_skipped_or_comes_twice() -> None:
    floor = calendar()
    assert floor.moment(20260329, 150) == at("2026-03-29 03:30")  # 02:30 does not exist: 2 h 30 after midnight
    assert floor.moment(20261025, 150) == at("2026-10-25 02:30", fold=0)  # the first of two


def test_a_midnight_that_does_not_exist() -> None:
    beirut = calendar(time_zone="Asia/Beirut", country="LB")
    begin, end = beirut.bounds(20260329)
    assert end - begin == 23 * HOUR
    assert (beirut.day_of(begin - 1), beirut.day_of(begin)) == (20260328, 20260329)


def test_day_of_follows_the_floors_zone() -> None:
    moment = at("2026-11-23 23:30")
    assert calendar().day_of(moment) == 20261123
    assert calendar(time_zone="Asia/Shanghai", country="CN").day_of(moment) == 20261124
    assert calendar(time_zone="America/New_York", country="US").today(moment) == 20261123


@given(st.lists(st.integers(0, at("2099-01-01")), min_size=1, max_size=20))
def test_day_of_agrees_with_the_zone_whatever_was_asked_before(moments: list[int]) -> None:
    floor = calendar()
    for moment in moments:
        local = datetime.fromtimestamp(moment // 1_000_000, BERLIN)
        assert floor.day_of(moment) == int(local.strftime("%Y%m%d"))


def test_working_time_between_two_moments() -> None:
    floor = calendar(days_off=["2026-11-25"])
    assert floor.working_us(at("2026-11-23 11:30"), at("2026-11-23 13:30")) == HOUR
    assert floor.working_us(at("2026-11-20 17:00"), at("2026-11-23 10:00")) == 2 * HOUR  # over a weekend
    assert floor.working_us(at("2026-11-24 17:00"), at("2026-11-26 10:00")) == 2 * HOUR  # over a day off
    assert floor.working_us(at("2026-11-23 13:30"), at("2026-11-23 11:30")) == 0
    assert floor.working_us(at("2026-11-01 00:00"), at("2026-12-01 00:00")) == 20 * 8 * HOUR


@given(st.lists(st.integers(at("2026-10-20 00:00"), at("2026-11-10 00:00")), min_size=3, max_size=3))
def test_working_time_adds_up(moments: list[int]) -> None:
    a, b, c = sorted(moments)
    floor = calendar(working_hours=["06:00-09:00", "20:00-03:00"], working_days=["mon", "wed", "sat", "sun"])
    assert floor.working_us(a, c) == floor.working_us(a, b) + floor.working_us(b, c)


def test_is_working_at_the_edges() -> None:
    floor = calendar()
    assert floor.is_working(at("2026-11-23 09:00"))
    assert not floor.is_working(at("2026-11-23 09:00") - 1)
    assert floor.is_working(at("2026-11-23 12:00") - 1)
    assert not floor.is_working(at("2026-11-23 12:00"))
    assert not floor.is_working(at("2026-11-23 12:30"))


# -- when work is due -------------------------------------------------------------------------------------------------

NEW_YORK, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("begun", "hours", "due"),
    [
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),  # the end of a span, not the beginning of the next
        ("2026-11-23 09:00", 8, "2026-11-23 18:00"),
        ("2026-11-23 12:00", 5, "2026-11-23 18:00"),
        ("2026-11-23 12:30", 1, "2026-11-23 14:00"),  # begun in a break
        ("2026-11-23 18:00", 1, "2026-11-24 10:00"),
        ("2026-11-23 10:00", 4, "2026-11-23 15:00"),
        ("2026-11-20 16:00", 4, "2026-11-23 11:00"),  # over a weekend
        ("2026-11-22 11:00", 8, "2026-11-23 18:00"),  # begun on a day off
        ("2026-12-23 17:00", 2, "2026-12-24 10:00"),
        ("2026-12-24 17:00", 2, "2026-12-28 10:00"),  # over Christmas
        ("2026-11-23 10:30", 0, "2026-11-23 10:30"),
        ("2026-11-22 10:30", 0, "2026-11-22 10:30"),  # nothing to do is done at once, also on a Sunday
        ("2026-11-23 09:00", 40, "2026-11-27 18:00"),
    ],
)
def test_when_work_is_due(begun: str, hours: int, due: str) -> None:
    assert calendar().due(at(begun), hours * HOUR) == at(due)


def test_a_new_day_off_moves_what_is_due() -> None:
    assert calendar(days_off=["2026-11-24"]).due(at("2026-11-23 17:00"), 2 * HOUR) == at("2026-11-25 10:00")


def test_work_that_is_due_in_a_night_in_which_the_clock_changes() -> None:
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    night = calendar(working_hours=["22:00-06:00"], working_days=week, holidays=False)
    assert night.due(at("2026-03-28 22:00"), 5 * HOUR) == at("2026-03-29 04:00")  # one hour is skipped
    assert night.due(at("2026-10-24 22:00"), 5 * HOUR) == at("2026-10-25 02:00", fold=1)  # one comes twice
    assert night.due(at("2026-10-24 22:00"), 9 * HOUR) == at("2026-10-25 06:00")


def test_a_clock_that_changes_by_half_an_hour() -> None:
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    told = {"time_zone": "Australia/Lord_Howe", "country": "AU", "working_days": week, "holidays": False}
    night = calendar(working_hours=["22:00-06:00"], **told)
    assert night.due(at("2026-10-03 22:00", LORD_HOWE), 7 * HOUR + HOUR // 2) == at("2026-10-04 06:00", LORD_HOWE)
    assert night.due(at("2026-04-04 22:00", LORD_HOWE), 8 * HOUR + HOUR // 2) == at("2026-04-05 06:00", LORD_HOWE)


def test_work_that_nobody_ever_does_is_never_due() -> None:
    with pytest.raises(OverflowError, match="which days are worked"):
        calendar(working_hours=["09:00-09:01"]).due(at("2026-11-23 09:00"), 1000 * HOUR)


FLOORS = {
    "Berlin": calendar(),
    "Berlin, own days off": calendar(days_off=["2026-03-30", "2026-10-26", "2026-10-27", "2026-11-25"]),
    "Berlin at night": calendar(working_hours=["22:00-06:00"]),
    "Berlin around the clock": calendar(
        working_hours=["00:00-24:00"], working_days=["sat", "sun", "mon"], holidays=False
    ),
    "New York": calendar(time_zone="America/New_York", country="US"),
    "New York at night": calendar(
        time_zone="America/New_York", country="US", working_hours=["22:00-06:00"], days_off=["2026-11-02"]
    ),
    "Lord Howe at night": calendar(
        time_zone="Australia/Lord_Howe", country="AU", working_hours=["13:00-14:30", "22:00-06:00"],
        working_days=["sat", "sun", "tue"],
    ),
}  # fmt: skip
MOMENTS = st.integers(at("2026-03-01"), at("2026-04-30")) | st.integers(at("2026-09-25"), at("2026-12-31"))
WORK = st.integers(1, 90 * HOUR) | st.integers(1, 90).map(lambda hours: hours * HOUR)


@pytest.mark.parametrize("name", FLOORS)
@settings(deadline=None)
@given(MOMENTS, WORK)
def test_due_and_working_time_are_inverse(name: str, begun: int, work: int) -> None:
    floor = FLOORS[name]
    due = floor.due(begun, work)
    assert floor.working_us(begun, due) == work
    assert floor.working_us(begun, due - 1) == work - 1  # and no sooner: due is the end of a span, not the next begin


@pytest.mark.parametrize("name", FLOORS)
@settings(deadline=None)
@given(MOMENTS, WORK, WORK)
def test_work_that_is_done_in_two_parts_is_due_as_in_one(name: str, begun: int, one: int, other: int) -> None:
    floor = FLOORS[name]
    assert floor.due(floor.due(begun, one), other) == floor.due(begun, one + other)


# -- the shift of a day -----------------------------------------------------------------------------------------------


def test_a_shift_goes_on_past_midnight() -> None:
    night = calendar(working_hours=["20:00-23:00", "23:30-06:00"])
    assert clock(night.shift(20261123)) == ["23 20:00-23 23:00", "23 23:30-24 06:00"]
    assert clock(night.shift(20261127)) == ["27 20:00-27 23:00", "27 23:30-28 06:00"]  # Friday's, into Saturday
    assert night.shift(20261128) == ()
    assert clock(calendar().shift(20261123)) == ["23 09:00-23 12:00", "23 13:00-23 18:00"]


def test_a_shift_with_hours_of_ones_own() -> None:
    assert clock(calendar().shift(20261123, 11 * 60, None)) == ["23 11:00-23 12:00", "23 13:00-23 18:00"]
    assert clock(calendar().shift(20261122, 10 * 60, 14 * 60)) == ["22 10:00-22 12:00", "22 13:00-22 14:00"]
    assert clock(calendar(working_hours=["22:00-06:00"]).shift(20261123, None, 4 * 60)) == ["23 22:00-24 04:00"]


@pytest.mark.parametrize("name", FLOORS)
@settings(deadline=None)
@given(MOMENTS)
def test_the_shifts_of_two_days_hold_all_that_is_worked_on_the_second(name: str, moment: int) -> None:
    floor = FLOORS[name]
    day, before = floor.day_of(moment), floor.day_of(floor.bounds(floor.day_of(moment))[0] - 1)
    begin, end = floor.bounds(day)
    shifts = (*floor.shift(before), *floor.shift(day))
    worked = sum(max(0, min(b, end) - max(a, begin)) for a, b in shifts)
    assert worked == sum(b - a for a, b in floor.spans(day))
