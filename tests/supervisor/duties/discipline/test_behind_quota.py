"""Behind quota: at the end of the shift, scaled by attendance and excuses, graded by the worse ratio."""

from __future__ import annotations

from typing import Any

import pytest

from supervisor.duties.calls.snapshots import Quota
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM
from supervisor.duties.discipline.seen import CallSeen, Excuse
from tests.supervisor.duties.discipline.people import (
    NIGHTS,
    S,
    at,
    call,
    every,
    excuse,
    facts,
    found,
    next_day,
    only,
    person,
    spans,
)

RULE = "behind_quota"


def done(dials: int, effective: int) -> list[CallSeen]:
    """So many dials, the first of them effective."""
    calls = every(dials, talk_s=0, step_s=60)
    return [one._replace(effective=True) if place < effective else one for place, one in enumerate(calls)]


@pytest.mark.parametrize(
    ("dials", "effective", "severity"),
    [
        (80, 15, None),
        (79, 15, LOW),
        (80, 14, LOW),
        (64, 15, LOW),
        (63, 15, MEDIUM),
        (80, 12, LOW),
        (80, 11, MEDIUM),
        (40, 15, MEDIUM),
        (39, 15, HIGH),
        (80, 8, MEDIUM),
        (80, 7, HIGH),
        (0, 0, HIGH),
        (200, 100, None),
    ],
)
def test_the_worse_ratio_grades_it(dials: int, effective: int, severity: int | None) -> None:
    assert [one.severity for one in found(RULE, person(calls=done(dials, effective)))] == [severity] * bool(severity)


def test_it_says_both_at_the_end_of_the_shift() -> None:
    finding = only(RULE, person(calls=done(52, 9)))
    assert finding.evidence.words == "52 of 80 dials, 9 of 15 effective"
    assert (finding.at_us, finding.subject, finding.whose) == (at("18:00"), "", "specialist:1")
    assert finding.evidence.figures["worse_ratio"] == 0.6
    assert finding.excuses == ()


def test_nothing_before_the_shift_is_over() -> None:
    assert not found(RULE, person(until_us=at("18:00") - 1))
    assert only(RULE, person(until_us=at("18:00"))).severity == HIGH


def test_a_quota_that_no_float_hits_is_reached() -> None:
    exact = person(quota=Quota(80 * 0.65, 15 * 0.2, 0), calls=done(52, 3))
    assert 80 * 0.65 == 52.0
    assert not found(RULE, exact)
    assert 100 * 1.1 > 110
    assert not found(RULE, person(quota=Quota(100 * 1.1, 0, 0), calls=done(110, 0)))
    assert found(RULE, person(quota=Quota(100 * 1.1, 0, 0), calls=done(109, 0)))


def test_seven_are_short_of_seven_and_a_half_and_it_says_so() -> None:
    half = person(attendance="half", quota=Quota(40.0, 7.5, 30.0), calls=done(40, 7))
    assert only(RULE, half).evidence.words == "40 of 40 dials, 7 of 8 effective"
    assert not found(RULE, person(attendance="half", quota=Quota(40.0, 7.5, 30.0), calls=done(40, 8)))


def test_a_quota_of_0_is_never_missed() -> None:
    assert not found(RULE, person(quota=Quota(0, 0, 0)))
    assert only(RULE, person(quota=Quota(10, 0, 0))).evidence.words == "0 of 10 dials"
    for absent in ("leave", "sick", "training"):
        assert not found(RULE, person(attendance=absent))
    assert not found(RULE, person(shift=()))


@pytest.mark.parametrize(("dials", "missed"), [(60, False), (59, True)])
def test_excuses_scale_it_and_overlapping_ones_count_once(dials: int, missed: bool) -> None:
    # Two of the eight hours: 10-12, of which an hour is told twice; the break is no working time.
    told = (
        excuse("10:00-11:30"),
        excuse("10:30-12:30", "pause: training"),
        excuse("12:40-12:50", "lunch"),
        excuse("20:00-21:00"),
    )
    findings = found(RULE, person(calls=done(dials, 12), excuses=told))
    assert bool(findings) is missed
    if missed:
        assert findings[0].excuses == ("pbx was down 10:00-11:30 left out", "pause: training 10:30-12:30 left out")
        assert findings[0].evidence.figures["dials_due"] == 60
        assert findings[0].evidence.words == "59 of 60 dials, 12 of 12 effective"


def test_a_shift_that_was_excused_as_a_whole_is_never_raised() -> None:
    assert not found(RULE, person(excuses=(excuse("09:00-12:00"), excuse("13:00-18:00"))))
    all_but_a_moment = Excuse(at("09:00"), at("18:00") - 80 * S, "pbx was down")
    assert only(RULE, person(excuses=(all_but_a_moment,))).evidence.words == "0 of 1 dials, 0 of 1 effective"


def test_the_team_stands_beside_it() -> None:
    team = [person(specialist_id=place + 1, calls=done(70 + place, 15)) for place in range(3)]
    away = person(specialist_id=8, attendance="leave", quota=Quota(0, 0, 0))
    running = person(specialist_id=10, calls=[], until_us=at("17:00"))
    other = person(specialist_id=9, team_id=8, calls=done(3, 3))
    bases = {one.specialist_id: one.evidence.base for one in found(RULE, [*team, away, running, other])}
    assert bases == dict.fromkeys((1, 2, 3), "team median 71 dials, team median 15 effective") | {9: ""}


def test_a_night_counts_what_was_dialled_in_it() -> None:
    tuesday = 20261124
    night: dict[str, Any] = {"config": NIGHTS, "day": tuesday, "quota": Quota(10, 0, 0)}
    before = every(10, at("03:00", tuesday))  # of the night that began on Monday, which has them
    after = every(10, at("03:00", next_day(tuesday)))
    assert only(RULE, person(calls=before, **night)).evidence.words == "0 of 10 dials"
    assert not found(RULE, person(calls=[*before, *after], **night))
    assert not found(RULE, person(until_us=at("05:59", next_day(tuesday)), **night))


def test_on_a_day_of_25_hours_the_shares_are_right() -> None:
    day = 20261025  # the clock goes back at three
    shift = spans("01:00-05:00", day=day)
    assert shift[0][1] - shift[0][0] == 5 * 3600 * S
    two_of_five = Excuse(at("02:00", day), at("02:00", day, fold=0) + 2 * 3600 * S, "pbx was down")
    asked = person(day=day, shift=shift, quota=Quota(10, 0, 0), excuses=(two_of_five,), calls=[])
    assert only(RULE, asked, facts(day)).evidence.words == "0 of 6 dials"


def test_calls_that_are_no_dials_count_nothing() -> None:
    calls = [call("10:00", direction="inbound"), call("11:00", direction="internal")]
    assert only(RULE, person(calls=calls)).evidence.words == "0 of 80 dials, 0 of 15 effective"
