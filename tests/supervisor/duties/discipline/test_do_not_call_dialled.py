"""Do-not-call dialled: outbound calls to customers who were not to be called when they began."""

from __future__ import annotations

import pytest

from supervisor.duties.discipline.findings import HIGH, MEDIUM
from supervisor.duties.discipline.seen import CustomerSeen
from tests.supervisor.duties.discipline.people import DAY, at, barred, call, facts, found, only, person, phone

RULE = "do_not_call_dialled"
TWO = {1: CustomerSeen(1, "Acme", ""), 2: CustomerSeen(2, "Beta", "")}


@pytest.mark.parametrize(("begun", "is_found"), [("09:59:59", False), ("10:00", True), ("10:01", True)])
def test_from_the_moment_on_that_it_holds(begun: str, is_found: bool) -> None:
    seen = facts(blocked={1: barred(1, "10:00", day=DAY)})
    assert bool(found(RULE, person(calls=[call(begun)]), seen)) is is_found


def test_it_says_whom_when_and_why() -> None:
    made = call("14:05", talk_s=0)
    finding = only(RULE, person(calls=[made]), facts(blocked={1: barred()}))
    assert finding.evidence.words == "called Acme at 14:05, do-not-call since 2026-11-01: asked by mail"
    assert (finding.severity, finding.subject, finding.at_us) == (HIGH, made.id, at("14:05"))
    assert finding.evidence.calls == (made.id,)
    assert finding.evidence.figures == {"number": "+4930111", "since": "2026-11-01", "why": "asked by mail"}


def test_each_call_is_one_and_an_unknown_phones_too() -> None:
    calls = [call("10:00"), call("11:00"), call("12:00", customers=(2,)), call("13:00", direction="inbound")]
    findings = found(RULE, phone(calls), facts(blocked={1: barred()}))
    assert [(one.subject, one.whose) for one in findings] == [(one.id, "phone:11") for one in calls[:2]]
    assert not found(RULE, phone(calls))


def test_a_number_that_is_another_customers_too_is_less_grave() -> None:
    seen = facts(customers=TWO, blocked={1: barred()})
    finding = only(RULE, person(calls=[call("10:00", customers=(2, 1))]), seen)
    assert (finding.severity, finding.excuses) == (MEDIUM, ("also the number of Beta, who may be called",))
    assert finding.evidence.words.startswith("called Acme ")


def test_a_number_of_two_who_are_barred_is_as_grave_as_ever() -> None:
    both = facts(customers=TWO, blocked={1: barred(), 2: barred(2, company="Beta")})
    assert only(RULE, person(calls=[call("10:00", customers=(1, 2))]), both).severity == HIGH
    later = facts(customers=TWO, blocked={1: barred(), 2: barred(2, "12:00", "Beta", DAY)})
    finding = only(RULE, person(calls=[call("10:00", customers=(1, 2))]), later)
    assert (finding.severity, finding.excuses) == (MEDIUM, ("also the number of Beta, who may be called",))


def test_long_names_and_reasons_leave_it_one_line() -> None:
    told = barred(company="Maschinenbau und Hydraulik Süd GmbH & Co. KG")._replace(why="wrote a very long mail " * 9)
    finding = only(RULE, person(calls=[call("10:00")]), facts(blocked={1: told}))
    assert len(finding.evidence.words) <= 100
    assert finding.evidence.figures["why"] == told.why
