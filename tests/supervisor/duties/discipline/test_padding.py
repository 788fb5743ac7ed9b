"""Padding: who stands out of a team, fixed limits in a small one, and bunching above the effective talk."""

from __future__ import annotations

from typing import Any

import pytest

from supervisor.config import Config, Discipline
from supervisor.duties.calls.snapshots import Quota
from supervisor.duties.discipline.findings import HIGH, MEDIUM, Finding
from supervisor.duties.discipline.rules.outliers import by_chance, spread, team_median
from supervisor.duties.discipline.seen import CallSeen, PersonDay
from tests.supervisor.duties.discipline.people import CONFIG, NIGHTS, at, call, every, found, only, person, phone, spans

RULE = "padding"


def team(*calls: list[CallSeen], **told: Any) -> list[PersonDay]:
    """A person for each list of calls."""
    return [person(specialist_id=place + 1, calls=theirs, **told) for place, theirs in enumerate(calls)]


def repeated(count: int, number: str = "+491701") -> list[CallSeen]:
    return every(count, "09:30", number=number)


def brief(count: int, talk_s: float = 10) -> list[CallSeen]:
    return every(count, "09:30", talk_s=talk_s)


def ending(count: int, begun: str = "17:30") -> list[CallSeen]:
    return every(count, begun, 20)


def colleagues(count: int) -> list[CallSeen]:
    return every(count, "13:00", direction="internal")


def told(findings: list[Finding]) -> list[tuple[str, str, int]]:
    return [(one.whose, one.subject, one.severity) for one in findings]


@pytest.mark.parametrize(
    ("subject", "made", "limit"),
    [("one_number", repeated, 8), ("short", brief, 12), ("burst", ending, 25), ("colleagues", colleagues, 12)],
)
def test_fixed_limits_hold_in_a_small_team(subject: str, made: Any, limit: int) -> None:
    quiet = every(3, "10:00")
    for count, severity in ((limit - 1, None), (limit, MEDIUM), (2 * limit - 1, MEDIUM), (2 * limit, HIGH)):
        findings = found(RULE, team(made(count), quiet, quiet, quiet))
        assert told(findings) == [("specialist:1", subject, severity)] * bool(severity), count
        for finding in findings:
            assert finding.evidence.words.endswith(f", limit {limit}")
            assert finding.at_us == made(count)[-1].started_us
            assert finding.evidence.calls[0] == made(count)[-1].id


def test_in_a_team_somebody_stands_out_from_the_z_score_on() -> None:
    # Dials to one number: median 2, absolute deviations 0 1 0 1 and theirs: their median is 1, z = (x - 2) / 1.4826.
    others = [repeated(count) for count in (1, 2, 3, 2, 3, 1)]
    for count, severity in ((7, None), (8, MEDIUM), (12, MEDIUM), (13, HIGH)):
        findings = found(RULE, team(repeated(count, "+491709"), *others))
        assert told(findings) == [("specialist:1", "one_number", severity)] * bool(severity), count
    finding = only(RULE, team(repeated(9, "+491709"), *others))
    assert finding.evidence.words == "9 dials to one number (+491709), team median 2"
    assert (finding.evidence.base, finding.evidence.figures["z"]) == ("team median 2", 4.72)


def test_a_z_score_accuses_nobody_under_half_of_the_limit() -> None:
    same = [repeated(1) for _ in range(9)]
    assert not found(RULE, team(repeated(3), *same))  # z is 8, and three against one are no accusation
    assert told(found(RULE, team(repeated(4), *same))) == [("specialist:1", "one_number", HIGH)]
    beside_another = team(repeated(9), repeated(3), *[repeated(1) for _ in range(20)])  # 3 has a z of 3.51
    assert told(found(RULE, beside_another)) == [("specialist:1", "one_number", HIGH)]


def test_twice_the_limit_is_grave_though_the_team_is_not_far() -> None:
    others = [repeated(count, f"+4917{place}") for place, count in enumerate((2, 4, 6, 4, 2, 6, 4))]
    assert told(found(RULE, team(repeated(16), *others))) == [("specialist:1", "one_number", HIGH)]
    assert told(found(RULE, team(repeated(15), *others))) == [("specialist:1", "one_number", MEDIUM)]


def test_where_all_are_alike_nobody_stands_out() -> None:
    assert not found(RULE, team(*[repeated(30) for _ in range(5)]))
    assert len(found(RULE, team(*[repeated(30) for _ in range(4)]))) == 4


def test_team_from_decides_what_holds() -> None:
    quiet = [repeated(count) for count in (7, 7, 6, 7)]
    assert told(found(RULE, team(repeated(8), *quiet[:3]))) == [("specialist:1", "one_number", MEDIUM)]
    assert not found(RULE, team(repeated(8), *quiet))


def test_teams_are_compared_each_by_itself_and_nobodys_is_one() -> None:
    ours = team(repeated(9), *[repeated(1) for _ in range(5)])
    theirs = [person(specialist_id=20 + place, team_id=None, calls=repeated(9)) for place in range(5)]
    assert told(found(RULE, ours + theirs)) == [("specialist:1", "one_number", MEDIUM)]


def test_who_is_away_or_has_no_duty_or_is_not_done_is_neither_judged_nor_compared() -> None:
    quiet = [repeated(1) for _ in range(4)]
    away = [person(specialist_id=30, attendance="leave", calls=repeated(20)), phone(repeated(20), team_id=7)]
    idle = person(specialist_id=31, quota=Quota(0, 0, 0))
    running = person(specialist_id=32, calls=repeated(20), until_us=at("17:59"))
    assert not found(RULE, [*team(*quiet), *away, idle, running])
    # With those four and somebody of eight dials they are five; without a fifth the fixed limit of 12 is not reached.
    assert told(found(RULE, [*team(colleagues(11), *[[]] * 4), *away, idle, running])) == [
        ("specialist:1", "colleagues", MEDIUM)
    ]
    assert not found(RULE, [*team(colleagues(11), *[[]] * 3), *away, idle, running])
    assert not found(RULE, [person(shift=(), calls=repeated(20))])


def test_a_short_dial_is_one_that_was_answered_and_known_to_be_short() -> None:
    assert not found(RULE, person(calls=brief(12, 15)))
    assert only(RULE, person(calls=brief(12, 14.999))).subject == "short"
    assert not found(RULE, person(calls=brief(12, 0)))  # nobody answered
    assert not found(RULE, person(calls=every(12, talk_s=None)))
    assert not found(RULE, person(calls=every(12, talk_s=10, direction="inbound")))
    words = only(RULE, person(calls=brief(14))).evidence.words
    assert words == "14 answered dials under 15 s, limit 12"


def test_a_burst_is_looked_for_in_the_last_working_time_of_the_shift() -> None:
    assert told(found(RULE, person(calls=ending(25)))) == [("specialist:1", "burst", MEDIUM)]
    assert not found(RULE, person(calls=[*ending(1, "17:29:59"), *ending(24, "17:30:20")]))
    assert not found(RULE, person(calls=[*ending(24), call("18:00")]))
    # Where the last ten minutes come after a break, twenty of before it belong to the half hour, the break does not.
    late = {"shift": spans("09:00-17:00", "17:30-17:40")}
    assert found(RULE, person(calls=[*ending(15, "16:40"), *ending(10, "17:30")], **late))
    assert not found(RULE, person(calls=[*ending(15, "16:40"), *ending(9, "17:30"), *ending(3, "17:10")], **late))
    sooner = [*ending(1, "16:39:40"), *ending(14, "16:40"), *ending(10, "17:30")]
    assert not found(RULE, person(calls=sooner, **late))
    words = only(RULE, person(calls=ending(26))).evidence.words
    assert words == "26 dials in the last 30 min of the shift, limit 25"


def test_of_a_half_day_nobody_knows_there_is_no_end_to_look_at() -> None:
    assert not found(RULE, person(attendance="half", hours_known=False, calls=ending(40)))


def test_a_burst_at_the_end_of_a_night() -> None:
    calls = every(25, at("05:31", 20261124), 20)
    assert only(RULE, person(NIGHTS, calls=calls)).subject == "burst"
    assert not found(RULE, person(NIGHTS, calls=calls, until_us=at("05:59", 20261124)))


def bunched(above: int, below: int, high_s: float = 30, low_s: float = 29.999) -> list[CallSeen]:
    first = every(above, "09:00", 120, talk_s=high_s)
    return [*first, *every(below, "14:00", 120, talk_s=low_s)]


@pytest.mark.parametrize(
    ("above", "below", "severity"),
    [(6, 0, None), (7, 0, MEDIUM), (13, 0, MEDIUM), (14, 0, HIGH), (9, 1, None), (10, 1, MEDIUM), (0, 20, None)],
)
def test_bunching_is_what_chance_would_not_bring(above: int, below: int, severity: int | None) -> None:
    # 1/64 is above 0.01 and 1/128 below; 1/8192 above 0.0001 and 1/16384 below; 11/1024 above and 12/2048 below 0.01.
    findings = found(RULE, person(calls=bunched(above, below)))
    assert told(findings) == [("specialist:1", "bunching", severity)] * bool(severity)


def test_bunching_looks_at_five_seconds_on_both_sides() -> None:
    assert only(RULE, person(calls=bunched(10, 9, 34.999, 24.999))).evidence.figures["below"] == 0
    assert not found(RULE, person(calls=bunched(10, 9, 34.999, 25)))
    assert not found(RULE, person(calls=bunched(10, 0, 35)))


def test_a_short_call_may_be_longer_than_what_bunching_looks_at() -> None:
    config = Config(floor=CONFIG.floor, discipline=Discipline(short_seconds=60))
    assert [one.subject for one in found(RULE, person(calls=bunched(12, 0, 35)), config=config)] == ["short"]


def test_dials_without_a_number_went_to_nobody() -> None:
    assert not found(RULE, person(calls=repeated(20, "")))
    assert only(RULE, person(calls=[*repeated(20, ""), *repeated(8)])).evidence.figures["count"] == 8


def test_bunching_says_both_counts_and_those_of_the_team() -> None:
    finding = only(RULE, team(bunched(14, 2), bunched(3, 4)))
    assert finding.evidence.words == "14 talks of 30-35 s against 2 of 25-30 s, by chance p = 0.002"
    assert finding.evidence.base == "team 17 against 6"
    assert finding.at_us == every(14, "09:00", 120)[-1].started_us
    assert finding.evidence.figures == {"above": 14, "below": 2, "p": 0.00209}


def test_chance_is_exact() -> None:
    assert (by_chance(0, 0), by_chance(0, 5), by_chance(5, 5), by_chance(3, 5)) == (1.0, 1.0, 1 / 32, 0.5)
    assert by_chance(1500, 2000) < 1e-100


def test_spread_is_robust_and_falls_back() -> None:
    assert spread([1, 2, 3, 4, 100]) == pytest.approx(1.4826)
    assert spread([0, 0, 0, 0, 9]) == pytest.approx(1.2533 * 1.8)
    assert spread([4, 4, 4]) == 0
    assert (team_median([1, 2]), team_median([1, 2, 9], "dials"), team_median([1, 2, 3, 9])) == (
        "", "team median 2 dials", "team median 2.5",
    )  # fmt: skip
