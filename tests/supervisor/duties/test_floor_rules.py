"""The floor put together from rows: quotas, pace, forecast, wrap-up, several phones, unknown ones, sources' health."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from store.floor import Person, Phone, QuotaHeld, SourceState
from supervisor.config import Config
from supervisor.duties.calls.floor import FloorRows, floor_of
from supervisor.duties.calls.pace import forecast, health, level, pace
from supervisor.duties.calls.snapshots import FloorSnapshot, SpecialistLine
from supervisor.settings import Floor, QuotaSettings

ZONE = ZoneInfo("Europe/Berlin")
CONFIG = Config(floor=Floor(holidays=False), sources={"pbx": {"type": "asterisk"}})
DAY = 20261123
S = 1_000_000


def at(clock: str, day: str = "2026-11-23") -> int:
    return round(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE).timestamp()) * S


def person(**told: Any) -> Person:
    return Person(1, "Anna Weber", 7, "North", None, None, None, None, None)._replace(**told)


def phone(**told: Any) -> Phone:
    nothing = Phone(11, 5, "pbx", "1001", 1, None, None, None, None, None, 0, 0, 0, 0, 0, None)
    return nothing._replace(**told)


UP = SourceState(5, "pbx", True, at("08:00:00"), at("12:59:58"), at("12:59:50"), "", "listen dial")


def floor(
    now_us: int, *phones: Phone, people: tuple[Person, ...] = (person(),), quotas: Any = (), **told: Any
) -> FloorSnapshot:
    return floor_of(FloorRows(phones, people, quotas, (UP,)), told.get("config", CONFIG), now_us)


def line(now_us: int, *phones: Phone, **told: Any) -> SpecialistLine:
    (only,) = floor(now_us, *phones, **told).specialists
    return only


# At 13:00 three of the eight hours have passed: 30 of 80 dials are due, 5.625 of 15 effective calls.


@pytest.mark.parametrize(("dials", "found"), [(23, "act"), (24, "watch"), (29, "watch"), (30, "")])
def test_pace_is_done_by_what_is_due_and_judged_at_its_limits(dials: int, found: str) -> None:
    shown = line(at("13:00:00"), phone(dials=dials))
    assert shown.pace == pytest.approx(dials / 30)
    assert level(shown.pace, CONFIG.quota) == found


def test_pace_limits_are_exact() -> None:
    limits = QuotaSettings()
    assert (level(0.8, limits), level(1.0, limits), level(None, limits)) == ("watch", "", "")
    assert (level(0.7999, limits), level(0.9999, limits)) == ("act", "watch")


def test_nothing_is_expected_before_the_shift_nor_by_a_quota_of_0() -> None:
    assert line(at("09:00:00"), phone(dials=5)).pace is None
    assert line(at("09:00:01"), phone(dials=5)).pace is not None
    assert pace(5, 0) is None


def test_breaks_do_not_count_and_after_the_shift_all_is_due() -> None:
    assert line(at("12:30:00"), phone(dials=30)).pace == pytest.approx(1.0)
    assert line(at("21:00:00"), phone(dials=40)).pace == pytest.approx(0.5)


def test_forecast_from_exactly_a_tenth_of_the_shift() -> None:
    assert forecast(8, 0.1, 0.1) == 80
    assert forecast(8, 0.0999, 0.1) is None
    before, then = floor(at("09:47:59"), phone(dials=9)), floor(at("09:48:00"), phone(dials=9))
    assert (before.totals.dials_forecast, then.totals.dials_forecast) == (None, 90)
    assert floor(at("22:00:00"), phone(dials=9)).totals.dials_forecast == 9


def test_a_day_without_working_hours_expects_nothing_by_now() -> None:
    sunday = floor(at("13:00:00", "2026-11-22"), phone(dials=3))
    assert (sunday.shift_elapsed, sunday.totals.pace, sunday.totals.dials_forecast) == (0, None, None)
    assert sunday.totals.dials == 3


def test_the_day_on_which_the_clock_changes_has_its_eight_hours() -> None:
    config = msgspec.structs.replace(
        CONFIG, floor=Floor(holidays=False, working_days=("sun",), working_hours=("01:00-05:00",))
    )
    spring = floor(at("03:30:00", "2026-03-29"), phone(), config=config)
    assert spring.shift_elapsed == pytest.approx(1.5 / 3)
    autumn = floor(at("04:00:00", "2026-10-25"), phone(), config=config)
    assert autumn.shift_elapsed == pytest.approx(4 / 5)


@pytest.mark.parametrize(
    ("status", "dials"), [(None, 80), ("present", 80), ("half", 40), ("leave", 0), ("sick", 0), ("training", 0)]
)
def test_quota_is_scaled_by_attendance(status: str | None, dials: float) -> None:
    shown = line(at("13:00:00"), phone(), people=(person(status=status),))
    assert shown.quota.dials == dials
    assert (shown.pace is None) == (dials == 0)


def test_own_hours_of_a_specialist_are_the_shift_that_elapses() -> None:
    late = person(status="present", start=13 * 60, end=18 * 60)
    assert line(at("13:00:00"), phone(dials=1), people=(late,)).pace is None
    assert line(at("15:30:00"), phone(dials=40), people=(late,)).pace == pytest.approx(1.0)


def test_quota_of_the_specialist_before_the_team_before_the_floor_from_its_day() -> None:
    def held(specialist: int | None, team: int | None, since: int, dials: int) -> QuotaHeld:
        return QuotaHeld(specialist, team, since, dials, 1, 1)

    def dials(*quotas: QuotaHeld) -> float:
        return line(at("13:00:00"), phone(), quotas=quotas).quota.dials

    of_floor, of_team, own = held(None, None, 0, 50), held(None, 7, 0, 60), held(1, None, 0, 70)
    assert dials() == 80
    assert dials(of_floor) == 50
    assert dials(of_team, of_floor) == 60
    assert dials(own, of_floor, of_team) == 70
    assert dials(held(2, None, 0, 1), held(None, 8, 0, 2)) == 80
    assert dials(held(None, None, DAY, 55), of_floor) == 55
    assert dials(held(None, None, DAY + 1, 55), of_floor) == 50
    assert dials(held(1, None, DAY + 1, 55), of_floor) == 50


@pytest.mark.parametrize(
    ("ended", "configured", "state"),
    [("12:59:30", 30, "wrap_up"), ("12:59:29", 30, "idle"), ("12:59:59", 0, "idle"), (None, 30, "idle")],
)
def test_idle_soon_after_a_call_is_wrap_up(ended: str | None, configured: int, state: str) -> None:
    config = msgspec.structs.replace(CONFIG, calls=msgspec.structs.replace(CONFIG.calls, wrap_up_seconds=configured))
    last = at(ended) if ended else None
    assert line(at("13:00:00"), phone(state="idle", last_call_us=last), config=config).state == state


def test_the_most_active_of_several_phones_speaks_and_all_add_up() -> None:
    desk = phone(state="idle", since_us=at("12:00:00"), dials=3, talk_ms=1_000)
    mobile = phone(identity_id=12, agent="2001", state="talking", since_us=at("12:58:00"), with_whom="+4930", dials=4)
    for phones in ((desk, mobile), (mobile, desk)):
        shown = line(at("13:00:00"), *phones)
        assert (shown.state, shown.agent, shown.with_whom, shown.dials, shown.talk_ms) == (
            "talking",
            "2001",
            "+4930",
            7,
            1_000,
        )
        assert shown.actions == {"listen", "dial"}


def test_a_specialist_without_a_phone_shows_and_one_who_left_does_not() -> None:
    assert line(at("13:00:00")).state == "offline"
    assert line(at("13:00:00"), people=(person(left=DAY),)).name == "Anna Weber"
    assert not floor(at("13:00:00"), people=(person(left=DAY - 1),)).specialists
    assert not floor(at("13:00:00"), people=(person(hired=DAY + 1),)).specialists


def test_an_unknown_phone_shows_when_it_calls_or_called_and_its_calls_count() -> None:
    unknown = phone(identity_id=13, agent="1099", specialist_id=None)
    now = at("13:00:00")
    assert not floor(now, unknown, people=()).specialists
    assert not floor(now, unknown._replace(state="offline"), people=()).specialists
    assert not floor(now, unknown._replace(state="idle"), people=()).specialists
    assert not floor(now, unknown._replace(state="ringing"), people=()).specialists  # rung to listen in
    there = line(now, unknown._replace(state="talking", group_id="1.1"), people=())
    called = line(now, unknown._replace(calls=2, dials=2), people=())
    assert (there.name, there.specialist_id, there.pace, called.dials) == ("pbx:1099", None, None, 2)
    left = floor(now, phone(calls=1, dials=1), people=(person(left=DAY - 1),))
    assert [one.name for one in left.specialists] == ["pbx:1001"]
    assert left.totals.dials == 1


def test_idle_is_never_longer_than_since_the_last_call() -> None:
    now = at("13:00:00")
    idle = phone(state="idle", since_us=at("12:00:00"))
    assert line(now, idle).state_since_us == at("12:00:00")
    assert line(now, idle._replace(last_call_us=at("12:30:00"))).state_since_us == at("12:30:00")
    paused = idle._replace(state="paused", last_call_us=at("12:30:00"))
    assert line(now, paused).state_since_us == at("12:00:00")


def test_totals_add_up_and_pace_is_against_what_is_due_of_everybody() -> None:
    people = (person(), person(specialist_id=2, name="Boris Wu", status="half"))
    shown = floor(
        at("13:00:00"), phone(dials=30, state="talking"), phone(identity_id=12, specialist_id=2, dials=6), people=people
    )
    assert (shown.totals.dials, shown.totals.quota.dials) == (36, 120)
    assert shown.totals.pace == pytest.approx(36 / 45)
    assert (shown.totals.on_the_phone, shown.totals.present) == (1, 1)


def test_health_of_a_source() -> None:
    now, since = at("13:00:00"), at("08:00:00")
    assert health(False, None, None, now, 60) == ("never", None)
    assert health(False, since, now, now, 60) == ("down", since)
    assert health(True, since, now - 60 * S + 1, now, 60) == ("up", since)
    assert health(True, since, now - 60 * S, now, 60) == ("stale", now - 60 * S)


def test_configured_sources_come_first_though_nobody_heard_of_them() -> None:
    config = msgspec.structs.replace(CONFIG, sources={"new": {"type": "files"}, "pbx": {"type": "asterisk"}})
    shown = floor(at("13:00:00"), config=config)
    assert [(one.name, one.state, one.lag_seconds) for one in shown.sources] == [
        ("new", "never", None),
        ("pbx", "up", 2.0),
    ]
