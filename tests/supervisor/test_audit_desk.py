"""The console's desk for the audit on a real store: what it shows, does and takes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.engine import Store
from supervisor.cli.desks import StoreDesk
from supervisor.duties.calls.refusals import RefusedError
from tests.supervisor.duties.discipline.flagging import CONFIG
from tests.supervisor.duties.selling import DAY_US, NOW, call, customer, specialist

FRIDAY = 20261120
MINUTE_US = 60_000_000
ITEM = "call:pbx:0"


@pytest.fixture
def desk(store: Store) -> Iterator[StoreDesk]:
    """Anna had three calls with Baltic on Friday and logged none; it is Monday."""
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        customer(connection, "C1", "Baltic", "+4911")
        for number in range(3):
            call(connection, str(number), "1001", "+4911", NOW - 3 * DAY_US + number * 10 * MINUTE_US)
    yield StoreDesk(CONFIG, lambda: NOW, store)


def test_working_through_a_day(desk: StoreDesk) -> None:
    duty = desk.audit
    assert duty.day(None).day == 20261123 and duty.day(FRIDAY).open == 3
    assert [way.code for way in duty.corrections(FRIDAY, ITEM)] == ["log", "log_note"]
    duty.correct(FRIDAY, ITEM, "log", "")
    duty.accept(FRIDAY, "call:pbx:1", "")
    with pytest.raises(RefusedError, match="no open discrepancy"):
        duty.accept_explained(FRIDAY)
    with pytest.raises(RefusedError, match="1 discrepancy wants"):
        duty.sign(FRIDAY, "all heard")
    duty.flag(FRIDAY, "call:pbx:2", "never logs")
    duty.sign(FRIDAY, "all heard")
    signed = duty.day(FRIDAY).signed
    assert signed is not None and signed.sentence == "all heard" and signed.revisions == ()
    assert [(link.day, link.fault) for link in duty.chain()] == [(FRIDAY, "")]
    for _ in range(3):
        assert desk.undo()
    audit = duty.day(FRIDAY)
    assert audit.open == 3 and audit.signed is not None and audit.signed.revisions


def test_the_picture_of_a_day(desk: StoreDesk) -> None:
    day = desk.audit.picture(1, FRIDAY)
    assert (day.name, day.day, len(day.calls)) == ("Anna Weber", FRIDAY, 3)
    with pytest.raises(LookupError):
        desk.audit.picture(99, FRIDAY)


def test_a_refused_act_leaves_nothing(desk: StoreDesk, store: Store) -> None:
    with pytest.raises(RefusedError):
        desk.audit.correct(FRIDAY, ITEM, "hours", "")
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM audit_decision").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM journal").scalar_one() == 0
