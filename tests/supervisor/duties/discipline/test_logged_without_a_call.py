"""Logged without a call: written logs behind which no call stands."""

from __future__ import annotations

import pytest

from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM
from tests.supervisor.duties.discipline.people import at, excuse, found, log, only, person

RULE = "logged_without_a_call"
CLOCKS = [f"{9 + place // 60:02}:{place % 60:02}" for place in range(0, 120, 10)]


@pytest.mark.parametrize(
    ("count", "severity"), [(0, None), (1, LOW), (2, LOW), (3, MEDIUM), (9, MEDIUM), (10, HIGH), (11, HIGH)]
)
def test_the_count_grades_it(count: int, severity: int | None) -> None:
    findings = found(RULE, person(logs=[log(clock) for clock in CLOCKS[:count]]))
    assert [(one.severity, one.at_us, one.subject) for one in findings] == [(severity, at("09:00"), "")] * bool(
        severity
    )


def test_it_names_the_first_ones() -> None:
    logs = [log("11:30", "Beta", 1), log("10:05", "Acme", 2)]
    finding = only(RULE, person(logs=logs))
    assert finding.evidence.words == "2 logs without a call: Acme 10:05, Beta 11:30"
    assert finding.evidence.figures == {"logs": 2, "claimed_min": 4}
    more = only(RULE, person(logs=[*logs, log("12:00", "C", 3), log("12:10", "D", 4, None)]))
    assert more.evidence.words == "4 logs without a call: Acme 10:05, Beta 11:30, 2 more"
    assert only(RULE, person(logs=[log("10:05")])).evidence.words == "1 log without a call: Acme 10:05"


def test_long_names_leave_it_one_line() -> None:
    finding = only(RULE, person(logs=[log(clock, "Maschinenbau und Hydraulik Süd GmbH & Co. KG") for clock in CLOCKS]))
    assert len(finding.evidence.words) <= 100


@pytest.mark.parametrize(("clock", "excused"), [("09:59", False), ("10:00", True), ("10:59", True), ("11:00", False)])
def test_a_log_of_a_time_that_is_excused_is_left_out(clock: str, excused: bool) -> None:
    seen = person(logs=[log(clock)], excuses=(excuse("10:00-11:00"),))
    assert bool(found(RULE, seen)) is not excused


def test_what_was_left_out_is_told() -> None:
    logs = [log("10:00", entry_id=1), log("10:30", entry_id=2), log("12:00", "Beta", 3)]
    finding = only(RULE, person(logs=logs, excuses=(excuse("10:00-11:00"), excuse("08:00-08:30"))))
    assert (finding.evidence.words, finding.at_us) == ("1 log without a call: Beta 12:00", at("12:00"))
    assert finding.excuses == ("pbx was down 10:00-11:00: 2 logs left out",)
