"""The audit of a month: its rules at their edges, and the figures of a made-up floor against plain SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from store import audit_month as rows
from store import calls, driver, roster
from store.calls import LegValues
from store.engine import Store
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.audit.month import (
    Candidate,
    draw_calls,
    draw_people,
    needed_a_day,
    read_month,
    risk,
    suspicion,
)
from supervisor.duties.audit.snapshots import MonthAudit, MonthFigures, Totals
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline import acts as discipline
from supervisor.duties.discipline.fines import read_shortfalls
from supervisor.duties.followups import acts as followups
from supervisor.duties.orders import acts as orders
from supervisor.settings import Discipline, Floor, QuotaSettings
from tests.supervisor.duties.discipline.flagging import flagged
from tests.supervisor.duties.selling import RULES, call, customer, doer, order, specialist, version

NOVEMBER = 202611
S = 1_000_000
MINUTE = 60 * S
CONFIG = Config(
    floor=Floor(holidays=False), quota=QuotaSettings(effective=2), discipline=Discipline(fine_per_missing=3)
)
CALENDAR = Calendar(CONFIG.floor)


def at(day: int, hour: int = 10, minute: int = 0) -> int:
    return CALENDAR.moment(day, hour * 60 + minute)


# -- rules --------------------------------------------------------------------------------------------------------


def test_risk_is_made_of_three_parts() -> None:
    assert risk(0, 100, 0, 50, 50) == 0
    assert risk(100, 100, 10, 50, 0) == pytest.approx(1)
    assert risk(50, 100, 0, 0, 0) == pytest.approx(0.25)
    assert risk(0, 100, 5, 0, 0) == pytest.approx(0.15)
    assert risk(0, 0, 0, 10, 5) == pytest.approx(0.1), "nothing was due: nothing is missing"
    assert risk(0, 100, 99, 0, 0) == pytest.approx(0.3), "a score counts in full from 10"


@given(st.integers(0, 500), st.floats(0, 500), st.integers(0, 100), st.integers(0, 100), st.integers(0, 200))
def test_risk_is_between_0_and_1(shortfall: int, due: float, score: int, connected: int, effective: int) -> None:
    assert 0 <= risk(shortfall, due, score, connected, effective) <= 1 + 1e-9


@pytest.mark.parametrize(
    ("target", "done", "left", "needed"),
    [(30, 10, 5, 4), (30, 10, 0.5, 40), (30, 30, 5, 0), (30, 40, 5, 0), (30, 10, 0, None), (22.5, 22, 1, 0.5)],
)
def test_what_is_needed_a_day(target: float, done: int, left: float, needed: float | None) -> None:
    assert needed_a_day(target, done, left) == needed


def found(**told: Any) -> rows.Candidate:
    made = rows.Candidate(1, "Anna", 1, "pbx", "g", 1000 * MINUTE, 1002 * MINUTE, 60_000, "+491")
    return made._replace(**told)


@pytest.mark.parametrize(
    ("talk_ms", "above"), [(29_999, False), (30_000, True), (34_999, True), (35_000, False), (None, False)]
)
def test_talk_just_above_what_is_effective(talk_ms: int | None, above: bool) -> None:
    assert suspicion(found(talk_ms=talk_ms), {7}, [1000 * MINUTE], 30_000, 5_000).just_above is above


@pytest.mark.parametrize("minute", [995, 1001, 1007])
def test_a_log_within_five_minutes_speaks_of_it(minute: int) -> None:
    assert not suspicion(found(), {7}, [minute * MINUTE], 30_000, 5_000).unlogged


def test_what_no_log_speaks_of() -> None:
    for logs in ([], [995 * MINUTE - 1], [1007 * MINUTE + 1]):
        assert suspicion(found(), {7}, logs, 30_000, 5_000).unlogged
    assert suspicion(found(), set(), [1001 * MINUTE], 30_000, 5_000).unlogged, "a number of nobody"
    assert not suspicion(found(ended_us=None), {7}, [1005 * MINUTE], 30_000, 5_000).unlogged


def test_suspicion_weighs_and_is_told() -> None:
    told = {one: Candidate(found(), *one) for one in ((False, False), (True, False), (False, True), (True, True))}
    assert [one.weight for one in told.values()] == [1, 3, 2, 6]
    assert told[False, False].words == ""
    assert told[True, True].words == "talk just above what is effective; nobody logged it"


_PEOPLE = st.lists(st.tuples(st.integers(1, 99), st.floats(0, 1), st.integers(0, 6)), unique_by=lambda one: one[0])


@given(_PEOPLE, st.integers(0, 30), st.integers())
def test_nobody_is_drawn_more_often_than_they_called(
    people: list[tuple[int, float, int]], many: int, seed: int
) -> None:
    drawn = draw_people(Random(seed), people, many)
    called = {id_: count for id_, _, count in people}
    assert sum(drawn.values()) == min(many, sum(called.values()))
    assert all(0 < count <= called[id_] for id_, count in drawn.items())
    assert draw_people(Random(seed), people, many) == drawn


def test_who_is_at_risk_is_drawn_more_often() -> None:
    drawn: Counter[int] = Counter()
    for seed in range(200):
        drawn.update(draw_people(Random(seed), [(1, 0.0, 1000), (2, 0.9, 1000)], 12))
    assert 8 < drawn[2] / drawn[1] < 12.5, "1.0 against 0.1"
    alike: Counter[int] = Counter()
    for seed in range(200):
        alike.update(draw_people(Random(seed), [(1, 0.5, 100_000), (2, 0.5, 100)], 12))
    assert 0.85 < alike[1] / alike[2] < 1.18, "however many calls somebody has"


@given(st.integers(0, 40), st.integers(0, 20), st.integers())
def test_no_call_is_drawn_twice(calls: int, many: int, seed: int) -> None:
    told = [Candidate(found(group_id=str(number)), number % 2 == 0, number % 3 == 0) for number in range(calls)]
    drawn = draw_calls(Random(seed), told, many)
    groups = [one.call.group_id for one in drawn]
    assert len(groups) == len(set(groups)) == min(calls, many)
    assert draw_calls(Random(seed), told, many) == drawn


def test_what_is_suspicious_is_drawn_more_often() -> None:
    told = [Candidate(found(group_id=str(number)), number < 10, number < 10) for number in range(20)]
    drawn = [one.just_above for seed in range(400) for one in draw_calls(Random(seed), told, 1)]
    assert 0.8 < sum(drawn) / len(drawn) < 0.92, "6 against 1"


# -- the store ----------------------------------------------------------------------------------------------------


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """Anna (North) and Boris (South); the floor's first call is of Monday 2 November."""
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        specialist(connection, "Boris Wu", "1002", "South")
        customer(connection, "C1", "Baltic", "+4911")
        call(connection, "first", "1001", "+4911", at(20261102, 9), 40)
        yield connection


def called(connection: Connection, agent: str, day: int, talks: list[int]) -> None:
    for number, talk_s in enumerate(talks):
        call(connection, f"{agent}-{day}-{number}", agent, f"+492{number}", at(day, 10, number * 5), talk_s)


def audited(connection: Connection, day: int = 20261106, hour: int = 18, **told: Any) -> MonthAudit:
    return read_month(connection, told.pop("config", CONFIG), told.pop("month", NOVEMBER), at(day, hour), **told)


def of(audit: MonthAudit, name: str) -> MonthFigures:
    return next(one for one in audit.specialists if one.name == name)


def test_statistics_joined_with_attendance(connection: Connection) -> None:
    called(connection, "1001", 20261103, [40, 10, 32])
    called(connection, "1002", 20261104, [60])
    for day, status in ((3, "half"), (4, "leave"), (5, "sick")):
        roster.put_attendance(connection, 2, 20261100 + day, (status, None, None), False)
    audit = audited(connection)
    anna, boris = of(audit, "Anna Weber"), of(audit, "Boris Wu")
    assert (audit.first, audit.last, audit.month) == (20261101, 20261106, NOVEMBER)
    assert (anna.days, anna.due, anna.dials, anna.connected, anna.effective) == (5, 10, 4, 4, 3)
    assert (anna.shortfall, anna.proposed_cents, anna.talk_ms) == (7, 2_100, 122_000)
    assert (boris.days, boris.leave, boris.sick, boris.due, boris.effective) == (2.5, 1, 1, 5, 1)
    assert [one.name for one in audit.below] == ["Anna Weber", "Boris Wu"], "the most missing first"


def test_the_rule_is_that_of_the_fines(connection: Connection) -> None:
    called(connection, "1001", 20261103, [40] * 8)
    called(connection, "1002", 20261104, [60] * 3)
    discipline.fine_month(
        connection, doer(later_us=10 * 86_400 * S)._replace(config=CONFIG), CONFIG, 2, NOVEMBER, "6", "x", "Boris Wu"
    )
    shortfalls = read_shortfalls(connection, CONFIG, NOVEMBER, at(20261119))
    told = [
        (one.name, one.team, one.days, one.due, one.effective, one.shortfall, one.proposed_cents)
        for one in audited(connection, 20261119, 10).below
    ]
    assert told == [
        (one.specialist, one.team, one.attended, one.due, one.effective, one.shortfall, one.proposed_cents)
        for one in shortfalls
    ]
    assert told


def test_totals_are_what_plain_sql_counts(connection: Connection) -> None:
    called(connection, "1001", 20261103, [40, 10])
    called(connection, "7777", 20261103, [50, 5])  # nobody's phone
    nobodys = LegValues(
        leg_id="n", group_id="n", agent=None, day=20261104, direction="inbound", from_raw="+499", to_raw="x",
        number="+499", started_us=at(20261104), ringing_us=None, answered_us=None, ended_us=at(20261104) + S,
        talk_ms=7_000, ring_ms=None, hold_ms=None, outcome="missed", progress=3, parent_id=None, queue=None, line=None,
        recording=None, ambiguous=False, approximate=False, raw="", raw_hash=1,
    )  # fmt: skip
    calls.ingest(connection, 1, [nobodys], RULES, None, at(20261104))
    followups.log_contact(connection, doer(later_us=at(20261104) - doer().now_us), 1, "visit", "there", "", 1)
    total = audited(connection).totals
    ((legs, talk),) = driver.rows(
        connection,
        "SELECT count(*), sum(CASE WHEN direction IN ('outbound', 'inbound') THEN talk_ms ELSE 0 END) FROM leg",
    )
    ((many, dials, connected, effective),) = driver.rows(
        connection, "SELECT count(*), sum(dial), sum(connected), sum(effective) FROM call"
    )
    assert total == Totals(legs, many, dials, connected, effective, int(talk), 1)
    assert (total.legs, total.effective) == (6, 3)
    north = audited(connection, team="North")
    assert (north.totals.legs, north.totals.calls, north.totals.dials, north.totals.contacts) == (3, 3, 3, 1)
    assert [one.name for one in north.specialists] == ["Anna Weber"]


def test_orders_flags_and_merits(connection: Connection) -> None:
    for ref, amount in (("A", 100), ("B", 200), ("C", 400)):
        order(connection, ref, 1, 1, amount_cents=amount, opened_day=20261101)
    later = doer(later_us=at(20261106) - doer().now_us)
    orders.sign(connection, later, 1, version(connection, 1), 20261106, 150)
    orders.lose(connection, later, 2, version(connection, 2), "too expensive")
    for rule, day, what in (("idle", 20261105, ""), ("idle", 20261104, "withdrawn"), ("idle", 20261103, "dismissed"),
                            ("merit", 20261105, ""), ("idle", 20261031, "")):  # fmt: skip
        made = flagged(connection, 1, rule, day)
        if what == "withdrawn":
            connection.exec_driver_sql(f"UPDATE flag SET state = 'withdrawn' WHERE id = {made}")
        if what == "dismissed":
            connection.exec_driver_sql(f"UPDATE flag SET state = 'decided', decision = 'dismissed' WHERE id = {made}")
    anna = of(audited(connection), "Anna Weber")
    assert (anna.signed, anna.lost, anna.amount_cents) == (1, 1, 150)
    assert (anna.flags, anna.merits) == (1, 1)


def test_the_score_of_flags_is_a_risk(connection: Connection) -> None:
    before = of(audited(connection), "Anna Weber").risk
    made = flagged(connection, 1, "idle", 20261103)
    connection.exec_driver_sql(
        f"UPDATE flag SET state = 'decided', decision = 'warned', points = 5, decided_day = 20261104 WHERE id = {made}"
    )
    assert of(audited(connection), "Anna Weber").risk == pytest.approx(before + 0.15)


def test_the_sales_statistics_form(connection: Connection) -> None:
    called(connection, "1001", 20261103, [40] * 6)
    roster.put_attendance(connection, 1, 20261109, ("leave", None, None), False)
    roster.put_attendance(connection, 1, 20261110, ("half", None, None), False)
    anna = of(audited(connection), "Anna Weber")
    assert (anna.due, anna.effective) == (10, 7)
    assert (anna.target, anna.days_left) == (39, 14.5), "16 working days to come, one off and one half"
    assert anna.needed == pytest.approx((39 - 7) / 14.5)
    over = of(audited(connection, 20261201, 9), "Anna Weber")
    assert (over.target, over.days_left, over.needed) == (over.due, 0, None)


def test_a_month_of_which_no_day_is_over(connection: Connection) -> None:
    audit = audited(connection, 20261201, 9, month=202612)
    assert audit.last < audit.first and audit.days == () and audit.sample == () and audit.below == ()
    assert audit.totals.legs == audit.totals.calls == 0
    assert of(audit, "Anna Weber").target == 46 and of(audit, "Anna Weber").needed == 2


def test_what_is_refused(connection: Connection) -> None:
    for month, because in ((202612, "2026-12 is still to come"), (202613, "is no month")):
        with pytest.raises(RefusedError, match=because):
            audited(connection, month=month)
    with pytest.raises(RefusedError, match="there is no team 'Nort'; one of North, South"):
        audited(connection, team="Nort")


def seal(connection: Connection, number: int, day: int, who: str) -> None:
    driver.insert(
        connection, "sealed_day", ("day", "at_us", "who", "sentence", "content", "previous", "hash"),
        [(day, at(day), who, "all heard", "{}", "" if number == 1 else f"hash{number - 1}", f"hash{number}")],
    )  # fmt: skip


def test_the_newest_seal_of_a_day_holds(connection: Connection) -> None:
    called(connection, "1001", 20261107, [40])  # a Saturday
    for number, (day, who) in enumerate(((20261103, "Ina"), (20261104, "Ina"), (20261103, "Jo")), 1):
        seal(connection, number, day, who)
    audit = audited(connection, 20261109, 9)
    assert dict(audit.days) == {
        20261102: "", 20261103: "Jo", 20261104: "Ina", 20261105: "", 20261106: "", 20261107: "",
    }  # fmt: skip
    assert audit.hashes == {20261103: "hash3", 20261104: "hash2"}


# -- the sample ---------------------------------------------------------------------------------------------------


def test_the_sample_is_that_of_its_seed(connection: Connection) -> None:
    for day in (20261103, 20261104, 20261105):
        called(connection, "1001", day, [31] * 10)
        called(connection, "1002", day, [31] * 10)
    one = audited(connection, seed=7).sample
    assert one == audited(connection, seed=7).sample
    assert len({call.id for call in one}) == len(one) == 12
    assert one != audited(connection, seed=8).sample
    assert len(audited(connection, many=3).sample) == 3 and audited(connection, many=0).sample == ()
    assert {call.specialist for call in audited(connection, team="South").sample} == {"Boris Wu"}
    assert len(audited(connection, many=100).sample) == 61, "all there are"


def test_a_call_of_the_sample_in_full(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE leg SET recording = 'rec/first.wav' WHERE leg_id = 'first'")
    (one,) = audited(connection).sample
    assert (one.id, one.specialist, one.number, one.talk_ms) == ("call:pbx:first", "Anna Weber", "+4911", 40_000)
    assert (one.recording, one.at_us) == ("rec/first.wav", at(20261102, 9))
    assert one.company == "Baltic" and one.why == "risk 0.45; nobody logged it"
    followups.log_contact(connection, doer(later_us=at(20261102, 9, 4) - doer().now_us), 1, "call", "", "", 1)
    assert audited(connection).sample[0].why == "risk 0.45"


# -- days of 23 and 25 hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("month", "first", "last"), [(202603, 20260301, 20260331), (202610, 20261001, 20261031)])
def test_a_month_in_which_the_clock_changes(store: Store, month: int, first: int, last: int) -> None:
    begin, end = CALENDAR.bounds(first)[0], CALENDAR.bounds(last)[1]
    hours = (end - begin) // (60 * MINUTE)
    assert hours == 31 * 24 + (1 if month == 202610 else -1)
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        customer(connection, "C1", "Baltic", "+4911")
        for number, moment in enumerate((begin - S, begin, end - S, end)):
            call(connection, str(number), "1001", "+4911", moment)
            who = doer(later_us=moment - doer().now_us)
            followups.log_contact(connection, who, 1, "visit", "", "", 1)
        audit = read_month(connection, CONFIG, month, end + 86_400 * S)
    anna = of(audit, "Anna Weber")
    assert (anna.dials, anna.contacts) == (audit.totals.dials, audit.totals.contacts) == (2, 2)
