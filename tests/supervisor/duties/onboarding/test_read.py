"""What mode 4 and the floor's panel show, read from a real store."""

from __future__ import annotations

import pytest

from store.engine import Store
from supervisor.calendar import Calendar
from supervisor.cli.desks.onboarding import StoreOnboarding
from supervisor.cli.desks.room import Room
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.onboarding import acts, read
from supervisor.duties.onboarding.lines import is_due_today
from supervisor.duties.onboarding.snapshots import PartyLine
from supervisor.settings import Floor, Onboarding
from tests.supervisor.duties.onboarding.owing import (
    BALTIC,
    CONFIG,
    HOUR,
    NOW,
    RUHR,
    TODAY,
    act,
    doer,
    everything,
    file,
    floor_that_owes,
    line,
    pay,
    state,
)
from tests.supervisor.duties.selling import DAY_US, RULES, S, order

MS = 3_600_000
CALENDAR = Calendar(CONFIG.floor)


@pytest.fixture
def floor(store: Store) -> Store:
    """Both customers have paid on Monday at 11:00."""
    with store.write() as connection:
        floor_that_owes(connection)
        pay(connection, 1), pay(connection, 2)
    return store


def test_a_running_step(floor: Store) -> None:
    with floor.read() as connection:
        one = line(connection, "open_account")
    assert (one.company, one.package, one.team, one.assistant) == ("Baltic Steel", "Gold", "North", "Bo")
    assert (one.words, one.role, one.holder, one.specialist_id) == ("Open the account", "assistant", "Bo", None)
    assert (one.state, one.round, one.started_us) == ("running", 1, NOW)
    assert (one.due_us, one.due_day) == (NOW + 5 * HOUR, TODAY)  # 11 to 16, an hour of break
    assert (one.overdue_ms, one.waiting_on, one.waiting_roles, one.blocked_by) == (0, ("Bo",), ("assistant",), ())
    assert (one.prods, one.prodded_us, one.reason, one.version) == (0, None, "", 1)


def test_a_blocked_step_is_never_due_and_waits_for_whoever_blocks_it(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "done", "contract_check")
        one = line(connection, "live", NOW + 60 * DAY_US)
        assert (one.state, one.due_us, one.due_day, one.started_us, one.overdue_ms) == ("blocked", None, None, None, 0)
        assert one.blocked_by == ("upload", "ad_tracked", "article_audit")
        assert (one.waiting_on, one.waiting_roles) == (("Anna Weber", "Bo"), ("specialist", "assistant"))
        assert (one.holder, one.back_to) == ("Bo", ())
        for code in ("material", "ad_plan", "ad_make"):
            act(connection, "done", code)
        assert line(connection, "ad_tracked").waiting_on == ("customer",)  # nobody is named
        assert line(connection, "ad_tracked").holder == "director"
        assert line(connection, "ad_specialist_approves").specialist_id == 1
        asked = line(connection, "ad_customer_approves")
        assert asked.back_to == (
            ("ad_make", "Advertisement: make"), ("ad_plan", "Advertisement: plan"),
            ("material", "Material from the specialist"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("later", "overdue_ms", "overdue", "due_today"),
    [
        (0, 0, 0, 2),  # both accounts are due today at 16:00
        (5 * HOUR, 0, 0, 2),
        (5 * HOUR + S, 1_000, 2, 0),
        (7 * HOUR, 2 * MS, 2, 0),
        (9 * HOUR, 2 * MS, 2, 0),  # after work nothing is added
        (22 * HOUR, 2 * MS, 2, 4),  # Tuesday 9:00: contract_check is due at 11:00, two customers, and material not yet
    ],
)
def test_overdue_is_working_time(floor: Store, later: int, overdue_ms: int, overdue: int, due_today: int) -> None:
    with floor.read() as connection:
        found = read.read_onboarding(connection, CONFIG, NOW + later)
    account = next(one for one in found.steps if one.code == "open_account")
    assert account.overdue_ms == overdue_ms
    assert found.counts.overdue == overdue
    assert (found.counts.running, found.counts.blocked, found.counts.customers) == (6, 20, 2)
    if later < 10 * HOUR:
        assert found.counts.due_today == due_today
    else:
        assert {one.code for one in found.steps if is_due_today(one, found.day)} == {"contract_check"}


def test_what_was_due_when_work_ended_is_due_until_work_begins(floor: Store) -> None:
    config = Config(floor=Floor(holidays=False, working_hours=("09:00-12:00", "13:00-16:00")))
    with floor.read() as connection:
        for later, due_today, overdue in ((5, 2, 0), (6, 2, 0), (21, 2, 0), (23, 0, 2)):
            found = read.read_onboarding(connection, config, NOW + later * HOUR)
            codes = {one.code for one in found.steps if is_due_today(one, found.day)}
            assert (("open_account" in codes), found.counts.overdue) == (bool(due_today), overdue), later


def test_a_new_day_off_moves_what_is_due(floor: Store) -> None:
    config = Config(floor=Floor(holidays=False, days_off=("2026-11-24",)))
    with floor.read() as connection:
        assert line(connection, "contract_check").due_day == 20261124
        assert line(connection, "contract_check", config=config).due_day == 20261125


def test_the_most_urgent_steps_come_first(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "done", "open_account", id_=2)
        third = order(connection, "C", RUHR, None)
        pay(connection, third, day=20261119)  # on Thursday
        found = read.read_onboarding(connection, CONFIG, NOW + 6 * HOUR)
    assert [(one.onboarding_id, one.code) for one in found.steps[:4]] == [
        (3, "open_account"), (3, "contract_check"), (3, "material"), (1, "open_account"),
    ]  # fmt: skip
    states = [one.state for one in found.steps]
    assert states == sorted(states, reverse=True)  # running, then blocked
    due = [one.due_us or 0 for one in found.steps if one.state == "running" and not one.overdue_ms]
    assert due == sorted(due)


def test_parties_and_their_waiting_clocks(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "done", "open_account", who=doer(later_us=3 * HOUR))  # two hours, less the break
        found = read.read_onboarding(connection, CONFIG, NOW + 7 * HOUR)  # 18:00: six hours
    assert found.parties == (
        PartyLine("assistant", "Mei", 2, 1, 2 * MS, 12 * MS),
        PartyLine("specialist", "", 1, 0, 0, 6 * MS),  # nobody's order
        PartyLine("specialist", "Anna Weber", 1, 0, 0, 6 * MS),
        PartyLine("assistant", "Bo", 1, 0, 0, (2 + 6) * MS),
    )


def test_customers_and_what_they_were_promised(floor: Store) -> None:
    with floor.read() as connection:
        found = read.read_onboarding(connection, CONFIG, NOW)
        late = read.read_onboarding(connection, CONFIG, NOW + 30 * DAY_US)
    baltic = next(one for one in found.customers if one.onboarding_id == 1)
    assert (baltic.company, baltic.specialist, baltic.assistant, baltic.done, baltic.steps) == (
        "Baltic Steel", "Anna Weber", "Bo", 0, 13,
    )  # fmt: skip
    assert baltic.promised_us == baltic.p50_us == baltic.p80_us == CALENDAR.due(NOW, 60 * HOUR)
    assert (baltic.own, baltic.late_ms, baltic.overdue) == (False, 0, 0)
    baltic = next(one for one in late.customers if one.onboarding_id == 1)
    assert baltic.p50_us == CALENDAR.due(NOW + 30 * DAY_US, 44 * HOUR)  # nothing is left of the material
    assert baltic.late_ms == CALENDAR.working_us(baltic.promised_us, baltic.p50_us) // 1000
    assert baltic.overdue == 3


def test_the_floors_own_past_is_what_is_expected(floor: Store) -> None:
    """Ten customers went live, all steps of each at once but for the material, which took 1, 2 ... 10 hours."""
    with floor.write() as connection:
        for number in range(1, 11):
            began = NOW - 20 * DAY_US
            sold = order(connection, f"past {number}", RUHR, None)
            id_ = pay(connection, sold, Doer("x", began, CALENDAR.day_of(began), RULES.numbers))
            ends = CALENDAR.due(began, number * HOUR)
            while running := [one for one in state(connection, id_).standings.values() if one.run]:
                codes = [one.step.code for one in running]
                code = next((code for code in codes if code != "material"), "material")
                when = began if code in ("open_account", "contract_check") else ends
                act(connection, "done", code, who=Doer("x", when, 0, RULES.numbers), id_=id_)
        told = file(connection, NOW)
        assert (told.customer.own, told.customer.p50_us) == (True, CALENDAR.due(NOW, 5 * HOUR))
        assert told.customer.p80_us == CALENDAR.due(NOW, 8 * HOUR)
        more = Config(floor=CONFIG.floor, onboarding=Onboarding(own_from_live=11))
        assert not file(connection, NOW, config=more).customer.own
        found = read.read_onboarding(connection, CONFIG, NOW)
        assert next(one for one in found.customers if one.onboarding_id == 1) == told.customer


def test_one_in_full(floor: Store) -> None:
    with floor.write() as connection:
        act(connection, "done", "material", who=doer("Sue", HOUR))
        told = file(connection, NOW + 3 * HOUR)
        assert (told.paid_cents, told.paid_day, told.version) == (100, TODAY, 2)
        assert [step.code for step in told.steps][:4] == ["material", "open_account", "upload", "contract_check"]
        material = told.steps[0]
        assert (material.state, material.holder, material.rounds, material.line) == ("done", "Anna Weber", 1, None)
        (run,) = material.runs
        assert (run.held_ms, run.outcome, run.who, run.ended_us) == (MS, "done", "Sue", NOW + HOUR)
        assert told.steps[1].line is not None and told.steps[1].rounds == 1
        assert (told.steps[2].state, told.steps[2].rounds, told.steps[2].after) == (
            "blocked", 0, ("material", "open_account"),
        )  # fmt: skip
        waited = {(role, name): ms for role, name, ms in told.waiting}
        assert waited == {("assistant", "Bo"): 5 * MS, ("specialist", "Anna Weber"): 2 * MS}
        assert [ms for _, _, ms in told.waiting] == sorted(waited.values(), reverse=True)
        with pytest.raises(LookupError, match="does not exist any more"):
            file(connection, id_=99)


def test_a_customer_who_was_merged_is_listed_as_the_other_one(floor: Store) -> None:
    with floor.write() as connection:
        connection.exec_driver_sql(f"UPDATE customer SET merged_into = {BALTIC} WHERE id = {RUHR}")
        found = read.read_onboarding(connection, CONFIG, NOW)
    assert {(one.customer_id, one.company) for one in found.steps} == {(BALTIC, "Baltic Steel")}


def test_a_floor_that_owes_nothing(store: Store) -> None:
    with store.read() as connection:
        found = read.read_onboarding(connection, CONFIG, NOW)
        panel = read.read_panel(connection, CONFIG, NOW)
    assert (found.steps, found.customers, found.parties, found.teams) == ((), (), (), ())
    assert panel.steps == () and panel.counts == found.counts


def test_the_panel_has_what_is_overdue_or_due_today(floor: Store) -> None:
    with floor.read() as connection:
        panel = read.read_panel(connection, CONFIG, NOW + 22 * HOUR)
        found = read.read_onboarding(connection, CONFIG, NOW + 22 * HOUR)
    assert [one.code for one in panel.steps] == ["open_account", "open_account", "contract_check", "contract_check"]
    assert panel.counts == found.counts and panel.steps == found.steps[:4]


# -- the desk ---------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def test_the_desk_does_what_the_duty_does(floor: Store) -> None:
    clock = Clock()
    desk = StoreOnboarding(Room(CONFIG, clock, floor, "sue"))
    found = desk.onboarding()
    assert (found.who, found.may_audit, found.counts.customers) == ("sue", True, 2)
    step = next(one for one in found.steps if (one.onboarding_id, one.code) == (1, "material"))
    assert desk.done(step.step_id, 1).startswith("Baltic Steel: Material")
    upload = next(one for one in desk.onboarding().steps if (one.onboarding_id, one.code) == (1, "open_account"))
    desk.done(upload.step_id, 2)
    upload = next(one for one in desk.onboarding().steps if (one.onboarding_id, one.code) == (1, "upload"))
    desk.send_back(upload.step_id, 3, "material", "no logo")
    contract = next(one for one in desk.onboarding().steps if (one.onboarding_id, one.code) == (1, "contract_check"))
    desk.reassign(contract.step_id, 4, "Mei")
    desk.prod(contract.step_id, "please")
    assert desk.file(1).customer.assistant == "Mei"
    assert desk.holders("assistant") == ["Mei", "Bo"]
    assert desk.holders("specialist") == ["Anna Weber", "Bob Klein"]
    assert desk.holders("customer") == desk.holders("director") == []
    desk.stop(1, 5, "paid back")
    assert desk.onboarding().counts.customers == 1


def test_the_panel_is_read_anew_when_something_was_done_and_every_minute(floor: Store) -> None:
    clock = Clock()
    desk = StoreOnboarding(Room(CONFIG, clock, floor, "sue"))
    first = desk.panel()
    clock.now += 30 * S
    assert desk.panel() is first
    with floor.write() as connection:
        before = everything(connection)
        acts.prod(connection, doer(), 1, "")
        assert everything(connection) != before
    second = desk.panel()
    assert second is not first
    clock.now += 30 * S
    assert desk.panel() is not second
    clock.now = NOW + 6 * HOUR
    assert desk.panel().counts.overdue == 2
