"""Out of hours: outside one's own shifts by more than the margin, or outside the hours of the customer."""

from __future__ import annotations

import pytest

from supervisor.config import Config, Discipline
from supervisor.duties.discipline.findings import LOW, MEDIUM, Finding
from supervisor.duties.discipline.seen import CustomerSeen
from tests.supervisor.duties.discipline.people import (
    CONFIG,
    NIGHTS,
    at,
    call,
    every,
    facts,
    found,
    only,
    person,
    phone,
)

RULE = "out_of_hours"


def subjects(findings: list[Finding]) -> list[str]:
    return [one.subject for one in findings]


@pytest.mark.parametrize(
    ("begun", "outside"),
    [
        ("08:44:59", True), ("08:45", False), ("09:00", False), ("12:30", False), ("18:00", False),
        ("18:15", False), ("18:15:01", True),
    ],
)  # fmt: skip
def test_the_margin_of_the_shift_is_in(begun: str, outside: bool) -> None:
    assert subjects(found(RULE, person(calls=[call(begun)]))) == ["shift"] * outside


def test_it_says_how_many_and_when() -> None:
    calls = [call("08:10"), call("12:00"), call("18:30"), call("19:00", direction="inbound")]
    finding = only(RULE, person(calls=calls))
    assert finding.evidence.words == "2 outbound calls outside the shift 09:00-18:00: 08:10-18:30"
    assert finding.evidence.calls == (calls[0].id, calls[2].id)
    assert (finding.at_us, finding.severity) == (at("08:10"), LOW)


@pytest.mark.parametrize(("count", "severity"), [(1, LOW), (4, LOW), (5, MEDIUM), (6, MEDIUM)])
def test_five_are_more_than_a_slip(count: int, severity: int) -> None:
    assert only(RULE, person(calls=every(count, "18:30", 60))).severity == severity
    assert only(RULE, phone(every(count, "20:30", 60))).severity == severity


def test_on_a_day_off_every_call_is_out_of_hours() -> None:
    sunday = person(day=20261122, calls=[call(at("11:00", 20261122))])
    assert sunday.shift == ()
    finding = only(RULE, sunday, facts(20261122))
    assert finding.evidence.words == "1 outbound call on a day off: 11:00"
    christmas = person(Config(), 20261225, calls=[call(at("11:00", 20261225))])
    assert subjects(found(RULE, christmas, facts(20261225))) == ["shift"]


def test_a_night_holds_its_calls_on_both_days() -> None:
    tuesday = 20261124
    clocks = {"05:59": 0, "06:15": 0, "06:16": 1, "21:44": 1, "21:45": 0, "23:59": 0}
    for clock, outside in clocks.items():
        calls = [call(at(clock, tuesday), customers=())]
        assert len(found(RULE, person(NIGHTS, tuesday, calls=calls), facts(tuesday))) == outside, clock
    after_midnight = [call(at("05:00", 20261125), customers=())]
    assert not found(RULE, person(NIGHTS, tuesday, calls=after_midnight), facts(tuesday))


@pytest.mark.parametrize(
    ("begun", "outside"), [("07:59:59", True), ("08:00", False), ("19:59:59", False), ("20:00", True)]
)
@pytest.mark.parametrize("zone", ["", "Europe/Berlin", "No/Where"])
def test_a_customer_may_be_called_from_eight_until_before_eight(begun: str, outside: bool, zone: str) -> None:
    seen = facts(customers={1: CustomerSeen(1, "Acme", zone)})
    assert subjects(found(RULE, phone([call(begun)]), seen)) == ["customer"] * outside


@pytest.mark.parametrize(
    ("zone", "begun", "outside"),
    [
        ("Europe/Lisbon", "08:59", True), ("Europe/Lisbon", "09:00", False), ("Europe/Lisbon", "20:59", False),
        ("America/Los_Angeles", "16:59", True), ("America/Los_Angeles", "17:00", False),
        ("Asia/Tokyo", "11:59", False), ("Asia/Tokyo", "12:00", True), ("Pacific/Kiritimati", "18:30", True),
        ("Pacific/Kiritimati", "19:00", False),
    ],
)  # fmt: skip
def test_the_customers_own_clock_holds(zone: str, begun: str, outside: bool) -> None:
    seen = facts(customers={1: CustomerSeen(1, "Acme", zone)})
    assert subjects(found(RULE, phone([call(begun)]), seen)) == ["customer"] * outside


def test_each_customer_has_the_clock_of_their_own() -> None:
    seen = facts(customers={1: CustomerSeen(1, "Acme", "Europe/Lisbon"), 2: CustomerSeen(2, "Beta", "")})
    calls = [call("20:30"), call("20:40", customers=(2,)), call("20:50"), call("08:10", customers=(2,)), call("08:50")]
    finding = only(RULE, phone(calls), seen)
    assert set(finding.evidence.calls) == {calls[1].id, calls[4].id}


def test_it_names_the_customer_and_their_time() -> None:
    seen = facts(customers={1: CustomerSeen(1, "Acme", "Europe/Lisbon")})
    finding = only(RULE, phone([call("08:30"), call("10:00"), call("08:50")]), seen)
    assert finding.evidence.words == "2 calls outside customers' hours 08:00-20:00: Acme at 07:30 (Europe/Lisbon)"
    assert finding.evidence.figures["first"] == "08:30"
    ours = only(RULE, phone([call("20:12")]))
    assert ours.evidence.words == "1 call outside customers' hours 08:00-20:00: Acme at 20:12"


def test_a_number_of_several_is_outside_only_for_all() -> None:
    customers = {1: CustomerSeen(1, "Acme", "Europe/Lisbon"), 2: CustomerSeen(2, "Beta", "")}
    both = [call("08:30", customers=(1, 2))]
    assert not found(RULE, phone(both), facts(customers=customers))
    assert found(RULE, phone([call("07:30", customers=(1, 2))]), facts(customers=customers))
    assert not found(RULE, phone([call("07:30", customers=(1, 3))]), facts(customers=customers))
    assert not found(RULE, phone([call("07:30", customers=())]), facts(customers=customers))


def test_a_call_can_be_outside_of_both() -> None:
    assert subjects(found(RULE, person(calls=[call("20:30")]))) == ["customer", "shift"]


def test_customers_hours_follow_the_clock_when_it_is_changed() -> None:
    day = 20260329
    for clock, outside in (("07:59", True), ("08:00", False), ("19:59", False), ("20:00", True)):
        assert bool(found(RULE, phone([call(at(clock, day))], day=day), facts(day))) is outside


def test_hours_of_the_night_are_permitted_past_midnight() -> None:
    config = Config(floor=CONFIG.floor, discipline=Discipline(customer_hours="18:00-02:00"))
    for clock, outside in (("01:59", False), ("02:00", True), ("17:59", True), ("18:00", False)):
        assert bool(found(RULE, phone([call(clock)]), None, config)) is outside
