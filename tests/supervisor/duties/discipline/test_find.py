"""All rules together: what holds of every finding, whatever the day was like."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.calls.snapshots import Quota
from supervisor.duties.discipline.findings import AUTOMATIC, SEVERITIES, Finding
from supervisor.duties.discipline.rules import find
from supervisor.duties.discipline.rules.working import counted, midnight, overlap, stretches, union
from supervisor.duties.discipline.seen import CallSeen, CustomerSeen, DayFacts, Excuse, PersonDay, WrittenLog
from supervisor.settings import Floor
from tests.supervisor.duties.discipline.people import (
    CONFIG,
    DAY,
    FULL,
    HOUR,
    MIN,
    NIGHTS,
    S,
    at,
    barred,
    call,
    excuse,
    facts,
    person,
    phone,
    spans,
)

CODES = [rule.code for rule in AUTOMATIC]
WHILE_AT_WORK = {"behind_quota", "idle", "present_but_silent"}
HOLIDAY, FORWARD, BACK = 20261225, 20260329, 20261025  # a Friday; the Sundays on which the clock is changed
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CONFIGS = (
    CONFIG,
    NIGHTS,
    Config(),
    Config(floor=Floor(holidays=False, working_days=EVERY_DAY, working_hours=("00:30-06:00", "22:00-24:00"))),
)
FACTS = facts(
    customers={
        1: CustomerSeen(1, "Acme", ""),
        2: CustomerSeen(2, "Beta", "Europe/Lisbon"),
        3: CustomerSeen(3, "C", ""),
    },
    blocked={3: barred(3)},
)


@st.composite
def calls_of(draw: st.DrawFn, day: int) -> list[CallSeen]:
    """Calls around a day, a few of which began at the same time; each with an id of its own."""
    begins = midnight(day, "Europe/Berlin")
    made = []
    for place in range(draw(st.integers(0, 14))):
        started = begins + draw(st.integers(0, 30 * 12)) * 5 * MIN
        told = {"id": f"pbx:{draw(st.integers(0, 9))}{place}", "direction": draw(st.sampled_from(DIRECTIONS))}
        told["customers"] = draw(st.sampled_from([(), (1,), (2,), (1, 2), (3,), (3, 1)]))
        made.append(call(started, draw(st.sampled_from(TALKS)), draw(st.sampled_from(NUMBERS)), **told))
    return made


DIRECTIONS = ("outbound", "outbound", "outbound", "inbound", "internal", "unknown")
TALKS = (0, 10, 28, 31, 60, 700, 7200, None)
NUMBERS = ("+491701", "+491702", "")


@st.composite
def people_of(draw: st.DrawFn, day: int) -> list[PersonDay]:
    config = draw(st.sampled_from(CONFIGS))
    begins = midnight(day, "Europe/Berlin")
    moments = st.integers(0, 30 * 60).map(lambda minute: begins + minute * MIN)
    made = []
    for place in range(draw(st.integers(1, 7))):
        excuses = draw(st.lists(st.tuples(moments, st.integers(1, 300)), max_size=3))
        logs = draw(st.lists(moments, max_size=4))
        told = {
            "calls": sorted(draw(calls_of(day)), key=lambda one: (one.started_us, one.id)),
            "excuses": tuple(Excuse(begin, begin + length * MIN, "pbx was down") for begin, length in excuses),
            "logs": tuple(WrittenLog(number, 1, "Acme", moment, None) for number, moment in enumerate(logs)),
            "until_us": draw(moments),
        }
        if draw(st.booleans()) and draw(st.booleans()):
            made.append(phone(told["calls"], identity_id=place + 1, day=day, until_us=told["until_us"]))
            continue
        attendance = draw(st.sampled_from(("present", "present", "half", "leave", "sick", "training")))
        made.append(
            person(
                config,
                day,
                specialist_id=place + 1,
                team_id=draw(st.sampled_from((7, None))),
                attendance=attendance,
                quota=FULL if attendance == "present" else Quota(40.0, 7.5, 30.0),
                hours_known=attendance != "half" or draw(st.booleans()),
                **told,
            )
        )
    return made


days = st.sampled_from((DAY, 20261124, HOLIDAY, FORWARD, BACK))
teams = days.flatmap(people_of)
often = settings(max_examples=80, deadline=timedelta(seconds=5), suppress_health_check=[HealthCheck.too_slow])


def judged(people: list[PersonDay]) -> list[Finding]:
    return find(people, on(people[0].day), CONFIG, CODES)


def on(day: int) -> DayFacts:
    return replace(FACTS, day=day)


@often
@given(teams)
def test_every_finding_has_words_and_proof(people: list[PersonDay]) -> None:
    findings = judged(people)
    for one in findings:
        assert one.evidence.words.strip()
        assert "\n" not in one.evidence.words
        assert len(one.evidence.words) <= 110
        assert one.evidence.figures
        assert len(one.evidence.calls) <= 20
        assert one.severity in SEVERITIES
        assert one.day == people[0].day
        theirs = {call.id for person in people for call in person.calls if same(one, person)}
        assert set(one.evidence.calls) <= theirs
    names = [(one.rule, one.whose, one.subject) for one in findings]
    assert len(names) == len(set(names))
    assert findings == sorted(findings, key=lambda one: (one.at_us, one.rule, one.whose, one.subject))


def same(finding: Finding, person: PersonDay) -> bool:
    return (finding.specialist_id, finding.identity_id) == (person.specialist_id, person.identity_id)


@often
@given(teams, st.randoms(use_true_random=False))
def test_order_does_not_matter(people: list[PersonDay], chance: Random) -> None:
    shuffled = [
        replace(
            one,
            calls=chance.sample(list(one.calls), len(one.calls)),
            excuses=chance.sample(list(one.excuses), len(one.excuses)),
            logs=chance.sample(list(one.logs), len(one.logs)),
        )
        for one in chance.sample(people, len(people))
    ]
    findings = judged(people)
    assert judged(shuffled) == findings
    assert judged(people) == findings


@often
@given(teams)
def test_who_is_away_is_not_asked_for_calls_and_a_phone_not_for_a_shift(people: list[PersonDay]) -> None:
    away = {one.specialist_id for one in people if one.attendance in ("leave", "sick", "training")} | {None}
    for one in judged(people):
        if one.rule in WHILE_AT_WORK | {"padding"}:
            assert one.specialist_id not in away
        if one.specialist_id is None:
            assert one.rule in {"private_call", "do_not_call_dialled"} or one.subject == "customer"


@often
@given(teams)
def test_what_is_wholly_excused_is_never_raised(people: list[PersonDay]) -> None:
    begins = midnight(people[0].day, "Europe/Berlin")
    all_day = (Excuse(begins, begins + 20 * HOUR, "pbx was down"), Excuse(begins + 20 * HOUR, begins + 48 * HOUR, "so"))
    excused = [replace(one, excuses=all_day) for one in people]
    assert not {one.rule for one in judged(excused)} & (WHILE_AT_WORK | {"logged_without_a_call"})


@often
@given(teams, st.integers(0, 1500))
def test_an_excuse_never_makes_it_worse(people: list[PersonDay], minute: int) -> None:
    begin = midnight(people[0].day, "Europe/Berlin") + minute * MIN
    eased = [replace(one, excuses=(*one.excuses, Excuse(begin, begin + HOUR, "training"))) for one in people]
    before = {(one.rule, one.whose, one.subject): one.severity for one in judged(people)}
    for one in judged(eased):
        assert before[one.rule, one.whose, one.subject] >= one.severity


@often
@given(teams, st.integers(1, 600))
def test_stretches_keep_their_names_while_the_day_goes_on(people: list[PersonDay], more: int) -> None:
    # Calls that nobody knows the end of are under way until a later moment, so they are left out here.
    known = [replace(one, calls=[call for call in one.calls if call.ended_us is not None]) for one in people]
    later = [replace(one, until_us=one.until_us + more * MIN) for one in known]
    now = [one for one in judged(known) if one.rule in ("idle", "present_but_silent")]
    then = {(one.rule, one.whose, one.subject): one.at_us for one in judged(later)}
    for one in now:
        assert then[one.rule, one.whose, one.subject] == one.at_us


@often
@given(teams)
def test_the_rules_do_not_know_of_each_other(people: list[PersonDay]) -> None:
    seen = on(people[0].day)
    apart = [one for code in CODES for one in find(people, seen, CONFIG, (code,))]
    together = find(people, seen, CONFIG, CODES)
    assert sorted(map(repr, apart)) == sorted(map(repr, together))


def test_there_is_a_rule_for_every_code_and_for_no_other() -> None:
    assert find([], FACTS, CONFIG, CODES) == []
    assert find([person()], FACTS, CONFIG, ()) == []
    with pytest.raises(ValueError, match=r"'noise' is no automatic rule; there are absent_but_calling, behind_quota,"):
        find([], FACTS, CONFIG, ("idle", "noise"))


def test_working_time_is_the_shift_less_excuses() -> None:
    told = (
        excuse("11:30-13:30"),
        excuse("13:15-14:00"),
        excuse("17:50-20:00"),
        Excuse(at("15:00"), at("15:00"), "nothing"),
    )
    assert counted(person(excuses=told)) == [*spans("09:00-11:30", "14:00-17:50")]
    assert counted(person(excuses=(excuse("09:00-18:00"),))) == []
    assert overlap(spans("09:00-12:00", "13:00-18:00"), at("11:00"), at("13:30")) == 90 * MIN
    assert union([(5, 7), (1, 3), (3, 4), (6, 9), (2, 2), (12, 12)]) == [(1, 4), (5, 9)]


def test_a_night_over_the_change_of_the_clock_is_an_hour_longer_or_shorter() -> None:
    for day, hours in ((20261024, 9), (20260328, 7), (20261120, 8)):
        floor = Floor(holidays=False, working_days=EVERY_DAY, working_hours=("22:00-06:00",))
        shift = Calendar(floor).shift(day)
        (whole,) = stretches(person(day=day, shift=shift), (), 20 * MIN)
        assert whole.worked_us == hours * HOUR
        assert whole.begin_us == at("22:00", day)
    assert midnight(BACK, "Europe/Berlin") + 25 * HOUR == midnight(20261026, "Europe/Berlin")
    assert S * 60 == MIN
