"""Present but silent: stretches of a shift without an outbound call."""

from __future__ import annotations

import pytest

from supervisor.duties.discipline.findings import HIGH, LOW
from tests.supervisor.duties.discipline.people import (
    NIGHTS,
    S,
    at,
    call,
    every,
    excuse,
    facts,
    found,
    only,
    person,
    phone,
    spans,
)

RULE = "present_but_silent"


@pytest.mark.parametrize(("seconds", "found_"), [(3599, False), (3600, True), (3601, True)])
def test_a_stretch_of_the_limit_is_one(seconds: int, found_: bool) -> None:
    calls = [*every(40, "09:00"), *every(30, at("13:00") + seconds * S)]
    silent = found(RULE, person(calls=calls, until_us=at("13:00") + seconds * S, shift=spans("13:00-18:00")))
    assert bool(silent) is found_
    if found_:
        assert (silent[0].severity, silent[0].at_us, silent[0].subject) == (LOW, at("13:00"), str(at("13:00")))


def test_it_says_how_long_and_when_and_between_which_calls() -> None:
    before, after = call("13:14", talk_s=60), call("14:30", talk_s=12600)
    calls = [call("09:00", talk_s=4 * 3600 + 60), before, call("13:40", direction="inbound"), after]
    finding = only(RULE, person(calls=calls))
    assert finding.evidence.words == "75 min without an outbound call, 13:15-14:30"
    assert finding.evidence.calls == (before.id, after.id)


def test_breaks_and_excuses_are_left_out_and_a_stretch_goes_on_over_them() -> None:
    calls = [call("09:00", talk_s=2 * 3600 + 1800), call("14:00", talk_s=4 * 3600)]
    assert not found(RULE, person(calls=calls, excuses=(excuse("13:00-13:31", "pause: training"),)))
    finding = only(RULE, person(calls=calls, excuses=(excuse("13:00-13:30", "pause: training"),)))
    assert finding.evidence.words == "60 min without an outbound call, 11:30-14:00"
    assert finding.excuses == ("break 12:00-13:00 left out", "pause: training 13:00-13:30 left out")


def test_a_whole_shift_without_one_is_grave_once_it_is_over() -> None:
    inbound = [call("10:00", direction="inbound"), call("11:00", direction="internal")]
    finding = only(RULE, person(calls=inbound))
    assert (finding.severity, finding.evidence.words) == (HIGH, "no outbound call in the whole shift, 09:00-18:00")
    running = only(RULE, person(calls=inbound, until_us=at("17:59")))
    assert (running.severity, running.subject) == (LOW, finding.subject)
    assert only(RULE, person(calls=[call("08:00")])).severity == HIGH
    at_its_beginning = call("09:00", talk_s=0)
    assert only(RULE, person(calls=[at_its_beginning])).severity == LOW


def test_a_call_under_way_is_no_silence_and_one_of_unknown_end_lasts_until_the_next() -> None:
    assert not found(RULE, person(calls=[call("09:00", talk_s=9 * 3600)]))
    assert not found(RULE, person(calls=[call("09:00", talk_s=None)], until_us=at("12:00")))
    stuck = [call("09:00", talk_s=None), call("11:00", talk_s=60)]
    assert only(RULE, person(calls=stuck, shift=spans("09:00-13:00"))).at_us == at("11:01")


def test_what_an_excuse_covers_is_never_raised() -> None:
    assert not found(RULE, person(excuses=(excuse("08:00-19:00"),)))


@pytest.mark.parametrize(
    ("attendance", "known"), [("leave", True), ("sick", True), ("training", True), ("half", False)]
)
def test_only_who_is_there_is_judged(attendance: str, known: bool) -> None:
    assert not found(RULE, person(attendance=attendance, hours_known=known))


def test_a_half_day_is_judged_where_it_is_known_and_a_phone_never() -> None:
    assert only(RULE, person(attendance="half", shift=spans("14:00-18:00"))).severity == HIGH
    assert not found(RULE, phone([], shift=spans("14:00-18:00")))
    assert not found(RULE, person(shift=()))


def test_a_night_and_a_day_of_23_hours() -> None:
    assert "22:00-06:00" in only(RULE, person(NIGHTS)).evidence.words
    clock_forward = person(day=20260329, shift=spans("01:30-03:45", day=20260329), until_us=at("03:29", 20260329))
    assert not found(RULE, clock_forward, facts(20260329))
    later = person(day=20260329, shift=spans("01:30-03:45", day=20260329), until_us=at("03:30", 20260329))
    assert only(RULE, later, facts(20260329)).evidence.figures["minutes"] == 60


def test_a_stretch_keeps_its_name_while_it_grows() -> None:
    calls = [call("09:00", talk_s=4 * 3600)]
    names = {only(RULE, person(calls=calls, until_us=at(until))).subject for until in ("14:00", "15:30", "23:00")}
    assert names == {str(at("13:00"))}
