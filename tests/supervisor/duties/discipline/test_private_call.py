"""Private calls: talk, calls a day and calls a week with a number that is no customer's."""

from __future__ import annotations

from typing import Any

import pytest

from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM
from supervisor.duties.discipline.seen import CallSeen
from tests.supervisor.duties.discipline.people import at, call, every, facts, found, only, person, phone

RULE = "private_call"
NUMBER = "+491701"


def private(begun: str, talk_s: float | None = 5, **told: Any) -> CallSeen:
    return call(begun, talk_s, NUMBER, **{"customers": (), **told})


@pytest.mark.parametrize(("talk_s", "severity"), [(599.999, None), (600, MEDIUM), (601, MEDIUM), (None, None)])
def test_a_long_talk(talk_s: float | None, severity: int | None) -> None:
    findings = found(RULE, person(calls=[private("09:00"), private("10:00", talk_s)]))
    assert [(one.severity, one.at_us, one.subject) for one in findings] == [(severity, at("10:00"), NUMBER)] * bool(
        severity
    )


@pytest.mark.parametrize(("calls", "severity"), [(2, None), (3, LOW), (4, LOW), (5, HIGH)])
def test_calls_of_a_day_whether_answered_or_not(calls: int, severity: int | None) -> None:
    clocks = ["09:00", "10:00", "11:00", "12:00", "13:00"][:calls]
    told = [private(clock, talk_s=0 if place % 2 else 5) for place, clock in enumerate(clocks)]
    findings = found(RULE, person(calls=told))
    assert [(one.severity, one.at_us) for one in findings] == [(severity, at("11:00"))] * bool(severity)


@pytest.mark.parametrize(
    ("before", "today", "severity", "since"),
    [
        (3, 1, None, ""), (4, 1, LOW, "09:00"), (5, 1, LOW, "09:00"), (3, 2, LOW, "10:00"), (2, 2, None, ""),
        (2, 3, HIGH, "11:00"), (9, 0, None, ""),
    ],
)  # fmt: skip
def test_calls_of_a_week_of_which_one_at_least_is_of_the_day(
    before: int, today: int, severity: int | None, since: str
) -> None:
    told = [private(clock) for clock in ("09:00", "10:00", "11:00")[:today]]
    findings = found(RULE, person(calls=told, week_calls={NUMBER: before, "+491702": 9}))
    assert [(one.severity, one.at_us) for one in findings] == [(severity, at(since))] if severity else not findings


def test_two_reasons_are_grave_and_it_happened_at_the_first() -> None:
    told = [private("09:00"), private("10:00", 720), private("11:00", direction="inbound")]
    finding = only(RULE, person(calls=told, week_calls={NUMBER: 2}))
    assert (finding.severity, finding.at_us) == (HIGH, at("10:00"))
    assert finding.evidence.words == (
        "12 min of talk, 3 calls that day, 5 calls in seven days with +491701, no customer's number"
    )
    assert finding.evidence.calls == (told[1].id, told[0].id, told[2].id)
    assert finding.evidence.figures == {"number": NUMBER, "calls": 3, "calls_in_seven_days": 5, "longest_min": 12}


def test_a_customers_number_an_internal_call_and_no_number_are_not_private() -> None:
    assert not found(RULE, person(calls=[call("09:00", 900)]))
    assert not found(RULE, person(calls=[private("09:00", 900, direction="internal")]))
    assert not found(RULE, person(calls=[private("09:00", 900, direction="unknown")]))
    assert not found(RULE, person(calls=every(9, number="", customers=())))


def test_without_a_customer_list_nobody_can_tell() -> None:
    seen = person(calls=[private("09:00", 900)])
    assert found(RULE, seen)
    assert not found(RULE, seen, facts(any_customers=False))


def test_numbers_are_told_apart_and_an_unknown_phone_has_them_too() -> None:
    told = [private("09:00", 900), call("10:00", 900, "+491702", customers=())]
    findings = found(RULE, phone(told))
    assert [(one.whose, one.subject) for one in findings] == [("phone:11", NUMBER), ("phone:11", "+491702")]


def test_an_endless_number_is_cut_in_the_words_alone() -> None:
    told = call("09:00", 900, "9" * 200, customers=())
    finding = only(RULE, person(calls=[told]))
    assert finding.subject == "9" * 200
    assert len(finding.evidence.words) <= 90
