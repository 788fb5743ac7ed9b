"""What a month's missing effective calls come to, and fining it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from store import acts as store_acts
from store import roster
from store.engine import Store
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.acting import undo
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline import acts
from supervisor.duties.discipline.fines import (
    Worked,
    attended_share,
    last_over,
    month_before,
    month_days,
    proposed_cents,
    read_money,
    read_shortfalls,
    reckon,
)
from supervisor.duties.discipline.snapshots import FineProposal
from supervisor.settings import Discipline, Floor, QuotaSettings
from tests.supervisor.duties.discipline.flagging import CONFIG, doer, flag, flagged
from tests.supervisor.duties.selling import DAY_US, HOUR, NOW, TODAY, call, specialist

OCTOBER, NOVEMBER = 202610, 202611
S = 1_000_000


# -- the rule -----------------------------------------------------------------------------------------------------


def test_shortfall_is_quota_times_days_attended_less_effective_calls() -> None:
    days = [Worked(20261102, 1, 15, 10), Worked(20261103, 0.5, 7.5, 9), Worked(20261104, 0, 0, 2)]
    assert reckon(days) == (1.5, 22.5, 21, 1), "half a call is not missing"
    assert reckon([]) == (0, 0, 0, 0)


@pytest.mark.parametrize(("effective", "missing"), [(14, 1), (15, 0), (16, 0)])
def test_the_edge(effective: int, missing: int) -> None:
    assert reckon([Worked(20261102, 1, 15, effective)]).shortfall == missing


def test_a_good_day_makes_up_for_a_bad_one() -> None:
    assert reckon([Worked(20261102, 1, 15, 30), Worked(20261103, 1, 15, 0)]).shortfall == 0


def test_shares_leave_nothing_behind() -> None:
    thirds = [Worked(day, 0.1, 10 * 0.1, 0) for day in range(20261101, 20261131)]
    assert reckon(thirds).shortfall == 30


@pytest.mark.parametrize(
    ("status", "share"), [("present", 1), ("half", 0.4), ("leave", 0), ("sick", 0), ("training", 0)]
)
def test_a_day_counts_by_attendance(status: str, share: float) -> None:
    assert attended_share(status, 0.4) == share


def test_what_is_proposed() -> None:
    assert proposed_cents(10, 5, 0) == 5_000
    assert proposed_cents(10, 5, 2_000) == 3_000
    assert proposed_cents(10, 5, 6_000) == 0, "never below nothing"
    assert proposed_cents(10, 0, 0) == 0


_DAYS = st.lists(
    st.builds(
        lambda month, day, half, quota, effective: Worked(
            2026_00_00 + month * 100 + day, 0.5 if half else 1.0, quota * (0.5 if half else 1.0), effective
        ),
        st.integers(1, 12),
        st.integers(1, 28),
        st.booleans(),
        st.integers(0, 500),
        st.integers(0, 500),
    ),
    max_size=60,
)


@given(_DAYS, st.randoms())
def test_the_order_of_days_does_not_matter(days: list[Worked], random: Any) -> None:
    shuffled = list(days)
    random.shuffle(shuffled)
    assert reckon(shuffled) == reckon(days)
    assert reckon(days).shortfall >= 0


@given(_DAYS)
def test_months_add_up_to_their_days(days: list[Worked]) -> None:
    def added(told: Iterable[Iterable[Worked]]) -> tuple[float, float, int]:
        sums = [reckon(one) for one in told]
        return (sum(one.attended for one in sums), sum(one.due for one in sums), sum(one.effective for one in sums))

    months = [[day for day in days if day.day // 100 == month] for month in {day.day // 100 for day in days}]
    assert added(months) == added([one] for one in days) == reckon(days)[:3]


@given(_DAYS, st.integers(0, 100), st.integers(0, 10**6))
def test_a_fine_is_never_negative(days: list[Worked], per_missing: int, fined: int) -> None:
    missing = reckon(days).shortfall
    assert 0 <= proposed_cents(missing, per_missing, fined) <= missing * per_missing * 100


# -- days ---------------------------------------------------------------------------------------------------------


def test_months() -> None:
    assert month_days(202402) == (20240201, 20240229)
    assert [month_before(day) for day in (20261101, 20261130, 20260105)] == [202610, 202610, 202512]
    for wrong in (202613, 202600, 2026, 20261101):
        with pytest.raises(RefusedError, match="is no month"):
            month_days(wrong)


def test_a_day_is_over_when_its_shift_has_ended() -> None:
    calendar = Calendar(CONFIG.floor)
    assert last_over(calendar, NOW + 7 * HOUR - 1) == 20261122, "at 18:00 less a moment"
    assert last_over(calendar, NOW + 7 * HOUR) == TODAY
    assert last_over(calendar, NOW - 12 * HOUR) == 20261121, "Sunday itself is not over at 23:00"
    night = Calendar(Floor(holidays=False, working_hours=("20:00-04:00",)))
    assert last_over(night, NOW + 16 * HOUR) == 20261122, "at 03:00 of Tuesday Monday's shift goes on"
    assert last_over(night, NOW + 17 * HOUR) == TODAY


# -- the store ----------------------------------------------------------------------------------------------------


def config_of(per_missing: int = 0, effective: int = 2) -> Config:
    """A floor of which so many effective calls are expected a day."""
    return Config(
        floor=Floor(holidays=False), quota=QuotaSettings(effective=effective),
        discipline=Discipline(fine_per_missing=per_missing),
    )  # fmt: skip


@pytest.fixture
def connection(store: Store) -> Any:
    """Anna and Boris; the floor's first call is of Monday 2 November, by somebody who left."""
    with store.write() as connection:
        for name, agent in (("Anna Weber", "1001"), ("Boris Wu", "1002"), ("Carl", "1003")):
            specialist(connection, name, agent, "North")
        connection.exec_driver_sql("UPDATE specialist SET \"left\" = 20261031 WHERE name = 'Carl'")
        call(connection, "first", "1003", "+490", moment(20261102, 9))
        yield connection


def moment(day: int, hour: int = 10) -> int:
    return Calendar(CONFIG.floor).moment(day, hour * 60)


def called(connection: Connection, agent: str, day: int, count: int) -> None:
    for number in range(count):
        call(connection, f"{agent}-{day}-{number}", agent, f"+49{number}", moment(day) + number * 120 * S)


def short(connection: Connection, config: Config, month: int = NOVEMBER, now_us: int = NOW) -> dict[str, FineProposal]:
    return {one.specialist: one for one in read_shortfalls(connection, config, month, now_us)}


def test_days_up_to_the_last_that_is_over(connection: Connection) -> None:
    called(connection, "1001", 20261102, 7)
    found = short(connection, config_of(), now_us=moment(20261106, 17))
    assert (found["Anna Weber"].attended, found["Anna Weber"].due, found["Anna Weber"].effective) == (4, 8, 7)
    assert (found["Anna Weber"].shortfall, found["Boris Wu"].shortfall, found["Boris Wu"].team) == (1, 8, "North")
    assert list(found) == ["Boris Wu", "Anna Weber"], "the most first; who left is expected nothing of"
    assert short(connection, config_of(), now_us=moment(20261106, 18))["Anna Weber"].due == 10
    assert short(connection, config_of(), now_us=moment(20261109, 9))["Anna Weber"].due == 10, "no weekend"


def test_nothing_is_expected_before_the_first_call_was_recorded(connection: Connection) -> None:
    assert short(connection, config_of(), OCTOBER) == {}
    assert short(connection, config_of(), now_us=moment(20261103, 9))["Boris Wu"].due == 2


def test_attendance_scales_it(connection: Connection) -> None:
    told = {3: ("half", None, None), 4: ("leave", None, None), 5: ("sick", None, None), 6: ("training", None, None)}
    for day, values in told.items():
        roster.put_attendance(connection, 1, 20261100 + day, values, False)
    roster.put_attendance(connection, 1, 20261107, ("present", 540, 720), False)  # a Saturday
    roster.put_attendance(connection, 1, 20261108, ("leave", None, None), False)
    found = short(connection, config_of(effective=3), now_us=moment(20261109, 9))["Anna Weber"]
    assert (found.attended, found.due, found.shortfall) == (2.5, 7, 7), "3 + 1.5 + 3"


def test_calls_count_on_whatever_day(connection: Connection) -> None:
    roster.put_attendance(connection, 1, 20261103, ("leave", None, None), False)
    called(connection, "1001", 20261103, 1)
    called(connection, "1001", 20261107, 1)  # a Saturday
    assert short(connection, config_of(), now_us=moment(20261109, 9))["Anna Weber"].effective == 2


def test_only_who_is_employed(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE specialist SET hired = 20261104, \"left\" = 20261105 WHERE name = 'Anna Weber'")
    found = short(connection, config_of(), now_us=moment(20261109, 9))["Anna Weber"]
    assert (found.attended, found.due) == (2, 4)


def test_the_quota_of_each_day_holds(connection: Connection) -> None:
    store_acts.put_quota(connection, (1, None), 20261104, (80, 10, 60))
    store_acts.put_quota(connection, (None, 1), 20261103, (80, 5, 60))
    found = short(connection, config_of(), now_us=moment(20261105, 9))
    assert found["Anna Weber"].due == 2 + 5 + 10, "the floor's, the team's, her own"
    assert found["Boris Wu"].due == 2 + 5 + 5


def test_calls_are_whose_the_phone_was_then(connection: Connection) -> None:
    called(connection, "1001", 20261102, 1)
    called(connection, "1001", 20261104, 1)
    phone = roster.identity(connection, 1, "1001")
    roster.assign(connection, phone, 2, 20261104)
    found = short(connection, config_of(), now_us=moment(20261105, 9))
    assert (found["Anna Weber"].effective, found["Boris Wu"].effective) == (1, 1)


def test_a_month_to_come_is_refused(connection: Connection) -> None:
    with pytest.raises(RefusedError, match="2026-12 is still to come"):
        read_money(connection, CONFIG, 202612, NOW)
    assert read_money(connection, CONFIG, None, NOW).month == OCTOBER


def test_without_a_fine_the_missing_are_told_all_the_same(connection: Connection) -> None:
    snapshot = read_money(connection, config_of(), NOVEMBER, NOW)
    assert snapshot.per_missing == 0 and snapshot.proposals[0].shortfall > 0
    assert {one.proposed_cents for one in snapshot.proposals} == {0}


# -- fining -------------------------------------------------------------------------------------------------------


def test_fining_a_month(connection: Connection) -> None:
    config, later = config_of(per_missing=3), doer(later_us=10 * DAY_US)
    missing = short(connection, config, NOVEMBER, later.now_us)["Anna Weber"]
    assert (missing.shortfall, missing.proposed_cents, missing.fined_cents) == (42, 12_600, 0)
    said = acts.fine_month(connection, later, config, 1, NOVEMBER, "100", "agreed", " anna weber")
    assert said == "Anna Weber: fined 100 EUR for 42 missing effective calls in 2026-11"
    snapshot = read_money(connection, config, None, later.now_us)
    left = next(one for one in snapshot.proposals if one.specialist == "Anna Weber")
    assert (left.proposed_cents, left.fined_cents) == (2_600, 10_000)
    (entry,) = snapshot.ledger
    assert (entry.kind, entry.month, entry.flag_id, entry.day, entry.why) == (
        "fine", NOVEMBER, None, later.today, "agreed",
    )  # fmt: skip
    assert undo(connection, later) == f"undone: {said}"
    assert short(connection, config, NOVEMBER, later.now_us)["Anna Weber"] == missing
    assert [one.withdrawn for one in read_money(connection, config, None, later.now_us).ledger] == [True]


def test_the_fine_of_a_flag_is_not_of_a_month(connection: Connection) -> None:
    one = flagged(connection, 1)
    acts.fine(connection, doer(), CONFIG, one, 1, "10", "again", "Anna Weber")
    assert flag(connection, one).decision == "fined"
    assert short(connection, config_of(3))["Anna Weber"].fined_cents == 0


@pytest.mark.parametrize(
    ("specialist_id", "month", "amount", "why", "typed", "because"),
    [
        (3, NOVEMBER, "5", "x", "Carl", "Carl misses no effective call in 2026-11"),
        (1, OCTOBER, "5", "x", "Anna Weber", "Anna Weber misses no effective call in 2026-10"),
        (1, 202612, "5", "x", "Anna Weber", "2026-12 is still to come"),
        (1, NOVEMBER, "0", "x", "Anna Weber", "an amount above 0"),
        (1, NOVEMBER, "5", "", "Anna Weber", "the reason is needed"),
        (1, NOVEMBER, "5", "x", "Boris Wu", "type the name Anna Weber to confirm"),
        (9, NOVEMBER, "5", "x", "Nobody", "there is no such specialist"),
    ],
)
def test_what_is_not_fined(
    connection: Connection, specialist_id: int, month: int, amount: str, why: str, typed: str, because: str
) -> None:
    with pytest.raises(RefusedError, match=because):
        acts.fine_month(connection, doer(), config_of(3), specialist_id, month, amount, why, typed)
    assert not read_money(connection, CONFIG, None, NOW).ledger


def test_the_ledger_is_of_a_year(connection: Connection) -> None:
    for days in (366, 365, 0):
        acts.give_reward(connection, doer(later_us=-days * DAY_US), CONFIG, 1, str(days + 1), "x")
    assert [one.amount_cents for one in read_money(connection, CONFIG, None, NOW).ledger] == [100, 36_600]
