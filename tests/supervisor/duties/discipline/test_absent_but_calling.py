"""Absent but calling: on leave or sick, and an outbound call."""

from __future__ import annotations

import pytest

from supervisor.duties.discipline.findings import HIGH, MEDIUM
from tests.supervisor.duties.discipline.people import NIGHTS, at, call, every, found, only, person, phone

RULE = "absent_but_calling"


@pytest.mark.parametrize(("count", "severity"), [(0, None), (1, MEDIUM), (9, MEDIUM), (10, HIGH), (11, HIGH)])
@pytest.mark.parametrize("attendance", ["leave", "sick"])
def test_one_call_is_one_and_ten_are_grave(attendance: str, count: int, severity: int | None) -> None:
    findings = found(RULE, person(attendance=attendance, calls=every(count, "10:00")))
    assert [(one.severity, one.at_us, one.subject) for one in findings] == [(severity, at("10:00"), "")] * bool(
        severity
    )


def test_it_says_how_many_and_when() -> None:
    calls = every(3, "10:00", 3600)
    finding = only(RULE, person(attendance="leave", calls=calls))
    assert finding.evidence.words == "3 outbound calls while on leave, 10:00-12:00"
    assert finding.evidence.calls == tuple(one.id for one in calls)
    assert only(RULE, person(attendance="sick", calls=calls[:1])).evidence.words == "1 outbound call while sick, 10:00"


def test_not_more_than_twenty_calls_are_named() -> None:
    finding = only(RULE, person(attendance="sick", calls=every(30)))
    assert (len(finding.evidence.calls), finding.evidence.figures["calls"]) == (20, 30)


def test_only_outbound_calls_of_those_who_are_away() -> None:
    other = [call("10:00", direction="inbound"), call("11:00", direction="internal")]
    assert not found(RULE, person(attendance="leave", calls=other))
    for there in ("present", "half", "training"):
        assert not found(RULE, person(attendance=there, calls=every(3)))
    assert not found(RULE, phone(every(3), attendance="leave"))


def test_the_end_of_last_night_is_of_the_day_before() -> None:
    calls = [call(at("05:59", 20261124))]
    assert not found(RULE, person(NIGHTS, 20261124, attendance="leave", calls=calls))
    assert found(RULE, person(NIGHTS, 20261124, attendance="leave", calls=[call(at("06:00", 20261124))]))
