"""Idle: gaps in the activity of a shift, without breaks and excuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM, Finding
from supervisor.duties.discipline.seen import Excuse, PersonDay
from tests.supervisor.duties.discipline.people import (
    CONFIG,
    MIN,
    NIGHTS,
    S,
    at,
    call,
    excuse,
    facts,
    found,
    only,
    person,
    phone,
    spans,
)

RULE = "idle"


def busy(*clocks: str, **told: object) -> PersonDay:
    """Somebody on the phone all day but between these: "13:48-14:10"."""
    free = sorted(spans(*clocks))
    ends = [at("09:00"), *(end for _, end in free)]
    begins = [*(begin for begin, _ in free), at("18:00")]
    return person(activity=[pair for pair in zip(ends, begins, strict=True) if pair[0] < pair[1]], **told)


def gaps(findings: list[Finding]) -> list[tuple[int, int]]:
    return [(one.at_us, one.severity) for one in findings]


@pytest.mark.parametrize(
    ("seconds", "severity"),
    [(1199, None), (1200, LOW), (2399, LOW), (2400, MEDIUM), (3599, MEDIUM), (3600, HIGH), (9000, HIGH)],
)
def test_a_gap_is_graded_by_how_often_it_holds_the_limit(seconds: int, severity: int | None) -> None:
    begin = at("13:30")
    activity = [(at("09:00"), begin), (begin + seconds * S, at("18:00"))]
    assert gaps(found(RULE, person(activity=activity))) == [(begin, severity)] * bool(severity)


def test_it_says_how_long_and_when() -> None:
    finding = only(RULE, busy("13:48-14:10"))
    assert finding.evidence.words == "22 min without a call, 13:48-14:10"
    assert (finding.subject, finding.at_us) == (str(at("13:48")), at("13:48"))
    assert finding.evidence.figures == {"minutes": 22, "limit": 20}
    assert finding.excuses == ()


def test_the_calls_on_both_sides_are_its_proof() -> None:
    before, after = call("13:47"), call("14:10")
    seen = person(calls=[call("13:00"), before, after], activity=[*spans("09:00-13:48", "14:10-18:00")])
    assert only(RULE, seen).evidence.calls == (before.id, after.id)


def test_a_break_neither_counts_nor_ends_a_gap() -> None:
    assert not found(RULE, busy("11:50-13:09"))
    finding = only(RULE, busy("11:50-13:10"))
    assert finding.evidence.words == "20 min without a call, 11:50-13:10"
    assert finding.excuses == ("break 12:00-13:00 left out",)


def test_an_excuse_neither_counts_nor_ends_a_gap() -> None:
    told = (excuse("14:00-14:20"), excuse("14:10-14:40", "pause: training"))
    assert not found(RULE, busy("13:50-14:49", excuses=told))
    finding = only(RULE, busy("13:50-14:50", excuses=told))
    assert finding.evidence.words == "20 min without a call, 13:50-14:50"
    assert finding.excuses == ("pbx was down 14:00-14:20 left out", "pause: training 14:10-14:40 left out")


def test_what_an_excuse_covers_is_never_raised() -> None:
    assert not found(RULE, person(excuses=(excuse("08:00-19:00"),)))


def test_from_the_beginning_of_the_shift_and_to_its_end() -> None:
    seen = person(activity=[*spans("08:00-08:30", "09:25-17:30", "18:30-18:40")])
    assert gaps(found(RULE, seen)) == [(at("09:00"), LOW), (at("17:30"), LOW)]
    assert not found(RULE, person(activity=[(at("08:00"), at("19:00"))]))


def test_nothing_is_known_after_until() -> None:
    seen = {"activity": [*spans("09:00-13:30", "15:00-16:00")]}
    assert not found(RULE, person(until_us=at("13:49"), **seen))
    finding = only(RULE, person(until_us=at("13:50"), **seen))
    assert finding.evidence.words == "20 min without a call, 13:30-13:50"
    assert not found(RULE, person(until_us=at("08:00")))


@pytest.mark.parametrize(
    ("attendance", "known"), [("leave", True), ("sick", True), ("training", True), ("half", False)]
)
def test_who_is_away_or_half_there_nobody_knows_when_is_not_judged(attendance: str, known: bool) -> None:
    assert not found(RULE, person(attendance=attendance, hours_known=known))


def test_who_is_there_for_a_known_half_is_judged_in_it() -> None:
    half = person(attendance="half", shift=spans("09:00-12:00"))
    assert only(RULE, half).evidence.words == "180 min without a call, 09:00-12:00"


def test_an_unknown_phone_is_never_idle() -> None:
    assert not found(RULE, phone([call("09:00")]))
    assert not found(RULE, phone([call("09:00")], shift=spans("09:00-18:00")))


def test_a_holiday_has_no_gap() -> None:
    christmas = 20261225
    assert not found(RULE, person(Config(), christmas), facts(christmas))
    assert found(RULE, person(CONFIG, christmas), facts(christmas))


def test_a_night_goes_on_past_midnight() -> None:
    activity = [*spans("22:00-23:50"), (at("00:15", 20261124), at("06:00", 20261124))]
    finding = only(RULE, person(NIGHTS, activity=activity))
    assert finding.evidence.words == "25 min without a call, 23:50-00:15"


@pytest.mark.parametrize(("day", "words"), [(20260329, "180 min"), (20261025, "300 min")])
def test_hours_are_those_that_passed_when_the_clock_was_changed(day: int, words: str) -> None:
    finding = only(RULE, person(day=day, shift=spans("01:00-05:00", day=day)), facts(day))
    assert finding.evidence.words == f"{words} without a call, 01:00-05:00"


moments = st.integers(at("08:00") // MIN, at("19:00") // MIN).map(lambda minute: minute * MIN)
pieces = st.tuples(moments, st.integers(1, 120)).map(lambda told: (told[0], told[0] + told[1] * MIN))


@given(st.lists(pieces, max_size=8), st.lists(pieces, max_size=3), moments, moments)
def test_a_gap_keeps_its_name_while_it_grows(
    activity: list[tuple[int, int]], out: list[tuple[int, int]], one: int, other: int
) -> None:
    sooner, later = sorted((one, other))
    told = tuple(Excuse(*span, "pbx was down") for span in out)
    known = [(begin, min(end, sooner)) for begin, end in activity if begin < sooner]
    before = found(RULE, person(activity=known, excuses=told, until_us=sooner))
    after = found(RULE, person(activity=sorted(activity), excuses=told, until_us=later))
    assert {finding.subject for finding in before} <= {finding.subject for finding in after}


@given(st.lists(pieces, max_size=8), st.lists(pieces, max_size=4), moments)
def test_minutes_are_those_of_the_shift_that_nothing_covers(
    activity: list[tuple[int, int]], out: list[tuple[int, int]], until_us: int
) -> None:
    told = tuple(Excuse(*span, "pbx was down") for span in out)
    findings = found(RULE, person(activity=sorted(activity), excuses=told, until_us=until_us))
    # Minute by minute: runs of minutes without activity, of which those that count are counted.
    shift = Calendar(CONFIG.floor).shift(20261123)
    run, begins, expected = 0, at("09:00"), {}
    for minute in range(at("09:00"), min(at("18:00"), until_us), MIN):
        if any(begin <= minute < end for begin, end in activity):
            run, begins = 0, minute + MIN
            continue
        worked = any(b <= minute < e for b, e in shift) and not any(b <= minute < e for b, e in out)
        run += worked
        if run >= 20:
            expected[str(begins)] = run
    assert {one.subject: one.evidence.figures["minutes"] for one in findings} == expected
