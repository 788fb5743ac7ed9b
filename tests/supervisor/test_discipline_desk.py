"""The console's desk for discipline on a real store: what it shows, does and takes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.engine import Store
from supervisor.cli.desks import StoreDesk
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.evaluate import evaluate_day
from tests.supervisor.duties.discipline.flagging import CONFIG, flagged
from tests.supervisor.duties.selling import DAY_US, NOW, TODAY, call, specialist

MINUTE_US = 60_000_000
ANNA, BORIS = 1, 2


class Clock:
    """A time that a test moves on."""

    now_us = NOW

    def __call__(self) -> int:
        return self.now_us


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Iterator[StoreDesk]:
    """Anna and Boris of the North; Anna called on Friday, and has a flag of today."""
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        specialist(connection, "Boris Wu", "1002", "North")
        call(connection, "x", "1001", "+491", NOW - 3 * DAY_US)
        flagged(connection, ANNA)
    yield StoreDesk(CONFIG, clock, store)


def test_the_panel_is_not_read_anew_while_nothing_became_of_flags(desk: StoreDesk, store: Store, clock: Clock) -> None:
    first = desk.discipline.panel()
    assert [line.specialist for line in first.open] == ["Anna Weber"]
    with store.write() as connection:
        call(connection, "y", "1001", "+492", NOW)
    assert desk.discipline.panel() is first, "a call is no flag"
    with store.write() as connection:
        flagged(connection, BORIS)
    second = desk.discipline.panel()
    assert second.counts.open == 2
    desk.discipline.decide(1, 1, "talked", "")
    third = desk.discipline.panel()
    assert third.counts.open == 1 and desk.discipline.panel() is third
    clock.now_us += MINUTE_US
    assert desk.discipline.panel() is not third, "idling grows by minutes"
    clock.now_us = NOW + DAY_US
    assert desk.discipline.panel().counts.today == 0


def test_acts_and_undoing_them(desk: StoreDesk) -> None:
    duty = desk.discipline
    said = duty.reply(1, 1, "my headset broke")
    assert duty.flag(1).line.reply == "my headset broke"
    duty.fine(1, 2, "5", "the third time", "anna weber")
    duty.raise_by_hand(BORIS, "merit", "won back Kaiser")
    duty.reward(2, 1, "50", "thank you")
    duty.give_reward(ANNA, "10", "best of the month")
    assert [(one.kind, one.amount_cents) for one in duty.money(None).ledger] == [
        ("reward", 1_000), ("reward", 5_000), ("fine", 500),
    ]  # fmt: skip
    assert duty.page(BORIS).score == 0 and duty.page(ANNA).score == 2
    for _ in range(4):
        assert desk.undo()
    assert all(one.withdrawn for one in duty.money(None).ledger)
    assert desk.undo() == f"undone: {said}"
    assert duty.flag(1).line.state == "open" and desk.undo() is None


def test_what_the_mode_shows(desk: StoreDesk) -> None:
    snapshot = desk.discipline.discipline()
    assert snapshot.who and not snapshot.may_read_talks
    assert snapshot.people == ((ANNA, "Anna Weber", "North"), (BORIS, "Boris Wu", "North"))
    assert [line.flag_id for line in snapshot.open] == [1]
    assert {one.team for one in desk.discipline.morale().spreads} == {"North"}
    with pytest.raises(LookupError):
        desk.discipline.page(99)
    with pytest.raises(LookupError):
        desk.discipline.flag(99)
    for act in (lambda: desk.discipline.talks(ANNA), lambda: desk.discipline.log_talk(ANNA, "doubt", "x")):
        with pytest.raises(RefusedError, match="private to directors"):
            act()


def test_attendance_is_judged_anew_by_an_act_and_by_undoing_it(desk: StoreDesk, store: Store) -> None:
    friday = 20261120
    with store.write() as connection:
        evaluate_day(connection, CONFIG, friday, NOW)
    before = {line.flag_id for line in desk.discipline.discipline().open}
    desk.discipline.attend(ANNA, friday, "leave", None, None)
    rules = [line.rule for line in desk.discipline.discipline().open if line.specialist_id == ANNA]
    assert "absent_but_calling" in rules and "behind_quota" not in rules
    assert desk.discipline.attendance(friday).lines[0].status == "leave"
    assert desk.discipline.attendance(None).day == TODAY
    desk.undo()
    assert {line.flag_id for line in desk.discipline.discipline().open} == before
    assert not desk.discipline.attendance(friday).lines[0].told


def test_fining_a_month(desk: StoreDesk, clock: Clock) -> None:
    clock.now_us = NOW + 10 * DAY_US
    snapshot = desk.discipline.money(None)
    assert snapshot.month == 202611 and [one.specialist for one in snapshot.proposals] == ["Boris Wu", "Anna Weber"]
    desk.discipline.fine_month(BORIS, 202611, "20", "agreed", "Boris Wu")
    assert desk.discipline.money(202611).proposals[0].fined_cents == 2_000


def test_thresholds_are_tried_out(desk: StoreDesk) -> None:
    one = desk.discipline.thresholds()[0]
    assert desk.discipline.try_out(one.key, one.value + 5).instead_of == one.value
