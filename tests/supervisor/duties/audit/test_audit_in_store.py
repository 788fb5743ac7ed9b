"""The audit of a day in a real store: whatever the day, each call and log is of one class and all sums are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from store import calls, driver, roster
from store.calls import LegValues
from store.engine import Store
from store.flag_keeping import Found, Key, raise_new
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.acting import undo
from supervisor.duties.audit.read import read_audit
from supervisor.duties.audit.snapshots import ACCEPTED, CALL_CLASSES, DISCREPANCIES, LOG_CLASSES, OPEN, DayAudit
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.findings import MEDIUM, Evidence
from supervisor.duties.discipline.kept import evidence_text, excuses_text
from supervisor.duties.followups import acts as followups
from supervisor.ingest import rules_of
from supervisor.settings import Floor
from tests.supervisor.duties.selling import DAY_US, HOUR, NOW, TODAY, S, call, customer, doer, specialist

MINUTE = 60 * S
WEEK = ("mon", "tue", "wed", "thu", "fri", "sun")
CONFIG = Config(floor=Floor(holidays=False, working_days=WEEK))
RULES = rules_of(CONFIG)
CALENDAR = Calendar(CONFIG.floor)
EVENING = NOW + 9 * HOUR
DAYS = (20261123, 20260329, 20261025, 20261121)
"""A Monday, the Sundays with 23 and with 25 hours, a Saturday."""
MINE, SHARED, BARRED, STRANGE, NONE = "+4930111", "+4930222", "+4930333", "+4915700", ""


def wrote(connection: Connection, who: int | None, customer_id: int, at_us: int, **told: Any) -> int:
    """Write a contact by hand; its id."""
    values = {
        "customer_id": customer_id, "at_us": at_us, "day": CALENDAR.day_of(at_us), "channel": "call", "origin": "hand",
        "specialist_id": who, "outcome": "", "note": "", "claimed_ms": None, "dialled": "", "accepted_by": "",
        "entered_us": at_us, "entered_by": "",
    } | told  # fmt: skip
    sql = f"INSERT INTO contact ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) RETURNING id"
    return int(driver.rows(connection, sql, tuple(values.values()))[0][0])


# -- any day ------------------------------------------------------------------------------------------------------


class Log(NamedTuple):
    who: int
    customer: int
    at_us: int
    channel: str
    claimed_ms: int | None


class Plan(NamedTuple):
    """What happens on a day and around it: legs as they are told first, and in the end."""

    day: int
    legs: list[LegValues]
    edited: list[LegValues]
    order: list[LegValues]
    logs: list[Log]
    attendance: dict[int, str]


def _leg(number: int, at_us: int, told: tuple[Any, ...]) -> LegValues:
    group, agent, direction, other, outcome, talk_s, ended = told
    answered = outcome in ("answered", "voicemail", "machine")
    inbound = direction == "inbound"
    made = LegValues(
        leg_id=f"leg{number}", group_id=f"group{group}" if group < 4 else f"group-of-{number}", agent=agent,
        day=CALENDAR.day_of(at_us), direction=direction, from_raw=other if inbound else agent or "",
        to_raw=agent or "" if inbound else other,
        number=other or None if direction in ("outbound", "inbound") else None, started_us=at_us, ringing_us=None,
        answered_us=at_us + 5 * S if answered else None,
        ended_us=at_us + (5 + (talk_s or 0)) * S if ended else None,
        talk_ms=talk_s * 1000 if answered and talk_s is not None and ended else None, ring_ms=None, hold_ms=None,
        outcome=outcome if ended else "unknown", progress=3 if ended else 2 if answered else 1,
        parent_id=None if group >= 4 or number % 2 else "leg0", queue=None, line=None, recording=None,
        ambiguous=False, approximate=False, raw="", raw_hash=0,
    )  # fmt: skip
    return made._replace(raw_hash=hash(made) >> 1)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    day = draw(st.sampled_from(DAYS))
    begin_us, end_us = CALENDAR.bounds(day)
    ten_us = CALENDAR.moment(day, 600)
    edges = st.sampled_from((ten_us, ten_us, ten_us, begin_us, ten_us + 8 * HOUR + 15 * MINUTE, end_us))
    moments = st.builds(lambda edge, off: edge + off * 30 * S, edges, st.integers(-14, 14))
    told = st.tuples(
        st.integers(0, 7),
        st.sampled_from(("1001", "1001", "1001", "1002", "1003", None)),
        st.sampled_from(("outbound", "outbound", "outbound", "outbound", "inbound", "internal", "unknown")),
        st.sampled_from((MINE, MINE, MINE, SHARED, BARRED, STRANGE, NONE)),
        st.sampled_from(("answered", "answered", "answered", "no_answer", "voicemail", "unknown")),
        st.sampled_from((90, 90, 700, 29, 30, 0, None)),
        st.sampled_from((True, True, True, False)),
    )
    rows = draw(st.lists(st.tuples(moments, told), min_size=6, max_size=16))
    legs = [_leg(number, at_us, one) for number, (at_us, one) in enumerate(rows)]
    edited = list(legs)
    for place, talk_s in draw(st.lists(st.tuples(st.integers(0, 13), st.sampled_from((5, 45))), max_size=3)):
        if place < len(rows):  # its source tells more of it later
            at_us, one = rows[place]
            edited[place] = _leg(place, at_us, (*one[:4], "answered", talk_s, True))
    logs = draw(
        st.lists(
            st.builds(
                Log, st.sampled_from((0, 0, 1, 2)), st.sampled_from((0, 0, 1, 2)), moments,
                st.sampled_from(("call", "call", "call", "visit")), st.sampled_from((60_000, 900_000, None)),
            ),
            max_size=8,
        )
    )  # fmt: skip
    for place, claimed_ms in draw(
        st.lists(st.tuples(st.integers(0, 5), st.sampled_from((60_000, 900_000, None))), max_size=5)
    ):
        (at_us, one), owner = rows[place], {MINE: 0, SHARED: 1, BARRED: 2}.get(rows[place][1][3], 0)
        logs.append(Log({"1001": 0, "1002": 1}.get(one[1] or "", 2), owner, at_us + MINUTE, "call", claimed_ms))
    attendance = st.sampled_from(("", "", "", "present", "half", "leave", "sick"))
    return Plan(
        day, legs, edited, draw(st.permutations(edited)), logs, {0: draw(attendance), 1: draw(attendance)}
    )  # fmt: skip


class _BackError(Exception):
    """Takes a transaction back."""


def _happened(connection: Connection, plan: Plan, *batches: Sequence[LegValues]) -> None:
    """Let a plan happen, with its legs told in `batches`."""
    people = [specialist(connection, "Anna", "1001", "North"), specialist(connection, "Boris", "1002", "South"), None]
    driver.run(connection, "UPDATE assignment SET since = 20250101")
    customers = [
        customer(connection, "K1", "Acme", MINE), customer(connection, "K2", "Baltic", SHARED),
        customer(connection, "K3", "Corvus", BARRED, dnc_us=1),
    ]  # fmt: skip
    sql = "INSERT INTO customer_number (customer_id, number, raw) VALUES (?, ?, ?)"
    driver.run(connection, sql, (customers[0], SHARED, SHARED))
    source_id = roster.source(connection, "pbx", "asterisk")
    for batch in batches:
        calls.ingest(connection, source_id, list(batch), RULES, None, 0)
    for log in plan.logs:
        wrote(
            connection, people[log.who], customers[log.customer], log.at_us, channel=log.channel,
            claimed_ms=log.claimed_ms,
        )  # fmt: skip
    for place, status in plan.attendance.items():
        if status:
            roster.put_attendance(connection, people[place] or 0, plan.day, (status, None, None), False)


def _audits(connection: Connection, day: int) -> dict[str | None, DayAudit]:
    now_us = CALENDAR.bounds(day)[1] + DAY_US
    return {team: read_audit(connection, CONFIG, day, now_us, team) for team in (None, "North", "South")}


def _number(connection: Connection, sql: str, *given: object) -> int:
    return int(driver.rows(connection, sql, given)[0][0] or 0)


def _assert_adds_up(connection: Connection, day: int, audit: DayAudit) -> None:
    """Everything is of exactly one class, and another recount in plain SQL agrees with every sum."""
    assert audit.balanced and audit.residue == ()
    span = CALENDAR.bounds(day)
    calls_there = driver.rows(
        connection, "SELECT 'call:' || s.name || ':' || c.group_id FROM call c JOIN source s ON s.id = c.source_id "
        "WHERE c.day = ?", (day,),
    )  # fmt: skip
    logs_there = driver.rows(
        connection, "SELECT 'log:' || CAST(id AS varchar(20)) FROM contact WHERE origin = 'hand' AND at_us >= ? "
        "AND at_us < ?", span,
    )  # fmt: skip
    assert sorted(one.id for one in audit.calls) == sorted(row[0] for row in calls_there)
    assert sorted(one.id for one in audit.logs) == sorted(row[0] for row in logs_there)
    assert tuple(audit.call_classes) == CALL_CLASSES and tuple(audit.log_classes) == LOG_CLASSES
    assert audit.call_classes == {**dict.fromkeys(CALL_CLASSES, 0), **Counter(one.class_ for one in audit.calls)}
    assert sum(audit.call_classes.values()) == audit.totals.calls == len(calls_there)
    assert sum(audit.log_classes.values()) == audit.totals.contacts == len(logs_there)
    for flag in ("dial", "connected", "effective"):
        counted = _number(connection, f"SELECT count(*) FROM call WHERE day = ? AND {flag} = 1", day)
        assert getattr(audit.totals, {"dial": "dials"}.get(flag, flag)) == counted
    outside = "direction IN ('outbound', 'inbound')"
    assert audit.totals.talk_ms == _number(
        connection, f"SELECT sum(talk_ms) FROM call WHERE day = ? AND {outside}", day
    )
    grouped = (
        "SELECT count(*) FROM leg WHERE EXISTS (SELECT 1 FROM call WHERE call.group_id = leg.group_id AND day = ?)"
    )
    assert audit.totals.legs == _number(connection, grouped, day)
    internal = "SELECT count(*) FROM call WHERE day = ? AND direction = 'internal'"
    assert audit.call_classes["internal"] == _number(connection, internal, day)
    visits = "SELECT count(*) FROM contact WHERE channel <> 'call' AND at_us >= ? AND at_us < ?"
    assert audit.log_classes["not_a_call"] == _number(connection, visits, *span)
    nobodys = _number(connection, "SELECT sum(dial) FROM call WHERE day = ? AND identity_id IS NULL", day)
    assert sum(one.dials for one in audit.specialists) + nobodys == audit.totals.dials
    theirs = f"SELECT sum(talk_ms) FROM leg WHERE day = ? AND {outside} AND identity_id IS NOT NULL"
    told = [one for one in audit.specialists if one.specialist_id is not None]
    strangers = f"{theirs} AND identity_id IN (SELECT id FROM phone_identity WHERE agent = '1003')"
    assert sum(one.talk_ms for one in told) == _number(connection, theirs, day) - _number(connection, strangers, day)


def _assert_halves_agree(audit: DayAudit) -> None:
    """A call has one log, a log one call, and each says the same of the other."""
    of_calls = {one.entry_id: one.id for one in audit.calls if one.entry_id is not None}
    assert len(of_calls) == sum(one.entry_id is not None for one in audit.calls)
    of_logs = {one.entry_id: one.call_id for one in audit.logs if one.call_id is not None}
    assert len(set(of_logs.values())) == len(of_logs)
    here = {one.id for one in audit.calls}
    logs = {one.entry_id for one in audit.logs}
    assert {entry: call for entry, call in of_logs.items() if call in here} == {
        entry: call for entry, call in of_calls.items() if entry in logs
    }
    assert all((one.class_ == "matched") == (one.call_id is not None) for one in audit.logs)


def _assert_discrepancies(audit: DayAudit) -> None:
    wanting = [one for one in (*audit.calls, *audit.logs) if one.class_ in DISCREPANCIES]
    assert sorted(one.id for one in audit.discrepancies) == sorted(one.id for one in wanting)
    assert all(one.why and "\n" not in one.why for one in audit.discrepancies)
    assert not any(one.why for one in (*audit.calls, *audit.logs) if one.class_ not in DISCREPANCIES)
    nobodys = sum(one.state == OPEN for one in audit.discrepancies if not one.specialist)
    assert sum(one.open for one in audit.specialists) + nobodys == audit.open


def _plainly(audit: DayAudit) -> tuple[Any, ...]:
    """An audit without what is numbered in the order it came."""
    figures = sorted((replace(one, specialist_id=0) for one in audit.specialists), key=repr)
    items = [replace(one, specialist_id=0, entry_id=0, customer_id=0) for one in audit.calls]
    logs = Counter((one.class_, one.specialist, one.at_us, one.channel, one.call_id is None) for one in audit.logs)
    return audit.totals, audit.call_classes, audit.log_classes, figures, items, logs


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans())
def test_any_day_adds_up_in_whatever_order_it_was_told(store: Store, plan: Plan) -> None:
    told = []
    for batches in ((plan.legs, plan.edited), (plan.order,)):
        with suppress(_BackError), store.write() as connection:
            _happened(connection, plan, *batches)
            audits = _audits(connection, plan.day)
            whole = audits[None]
            _assert_adds_up(connection, plan.day, whole)
            for audit in audits.values():
                assert audit.balanced, audit.residue
                _assert_halves_agree(audit)
                _assert_discrepancies(audit)
            for team in ("North", "South"):
                assert audits[team].calls == tuple(one for one in whole.calls if one.team == team)
                assert audits[team].logs == tuple(one for one in whole.logs if one.team == team)
            tomorrow = CALENDAR.day_of(CALENDAR.bounds(plan.day)[1])
            next_day = read_audit(connection, CONFIG, tomorrow, CALENDAR.bounds(plan.day)[1] + 2 * DAY_US)
            assert next_day.balanced
            pairs = {one.entry_id: one.call_id for one in next_day.logs if one.call_id}
            mine = {one.entry_id: one.id for one in whole.calls if one.entry_id}
            assert all(mine[entry] == call for entry, call in pairs.items() if entry in mine)
            told.append(_plainly(whole))
            raise _BackError
    assert told[0] == told[1]


# -- what the store adds to the classes ---------------------------------------------------------------------------


@pytest.fixture
def connection(store: Store) -> Any:
    with store.write() as opened:
        yield opened


def audited(connection: Connection, team: str | None = None, config: Config = CONFIG) -> DayAudit:
    return read_audit(connection, config, TODAY, EVENING, team)


def test_a_residue_is_told_in_words(connection: Connection) -> None:
    specialist(connection, "Anna", "1001", "North")
    customer(connection, "K1", "Acme", MINE)
    call(connection, "a", "1001", MINE, NOW)
    assert audited(connection).balanced
    driver.run(connection, "UPDATE tally SET dials = 3")
    found = audited(connection)
    assert not found.balanced
    assert found.residue == (
        "Anna: calls / dials / connected / effective are 1 / 1 / 1 / 1, their sums say 1 / 3 / 1 / 1",
    )
    driver.run(connection, "UPDATE tally SET dials = 1")
    driver.run(connection, "DELETE FROM leg")
    assert audited(connection, "North").residue == (
        "legs: 1 classified, 0 in the store", "talk_ms: 60,000 classified, 0 in the store",
    )  # fmt: skip


def test_a_specialists_figures(connection: Connection) -> None:
    anna = specialist(connection, "Anna", "1001", "North")
    specialist(connection, "Boris", "1002", "South")
    acme = customer(connection, "K1", "Acme", MINE)
    for place in range(4):
        call(connection, f"a{place}", "1001", MINE, NOW + place * HOUR, 20 if place == 3 else 60)
    call(connection, "x", "1099", MINE, NOW)
    wrote(connection, anna, acme, NOW)
    wrote(connection, anna, acme, NOW, channel="visit")
    roster.put_attendance(connection, anna, TODAY, ("half", 9 * 60, 15 * 60), False)
    found = audited(connection)
    one, boris, stranger = found.specialists
    assert (one.name, one.team, one.attendance, one.dials, one.connected, one.effective) == (
        "Anna", "North", "half", 4, 4, 3,
    )  # fmt: skip
    assert (one.talk_ms, one.quota, one.shortfall, one.contacts_logged, one.contacts_matched) == (
        200_000,
        7.5,
        4.5,
        2,
        1,
    )
    assert (one.first_us, one.last_us, one.open) == (NOW, NOW + 3 * HOUR, 2)
    assert one.longest_gap_ms == 2 * 3_600_000  # from nine to eleven; lunch lies in none
    assert (boris.dials, boris.first_us, boris.quota, boris.shortfall, boris.longest_gap_ms) == (
        0, None, 15.0, 15.0, 8 * 3_600_000,
    )  # fmt: skip
    assert (stranger.name, stranger.team, stranger.attendance, stranger.quota) == ("pbx:1099", "", "", 0.0)
    north = audited(connection, "North")
    assert [one.name for one in north.specialists] == ["Anna"]
    assert (north.totals.calls, north.totals.contacts, north.balanced) == (4, 2, True)
    assert (found.totals.calls, found.teams) == (5, ("North", "South"))


def test_nothing_is_expected_on_a_day_off(connection: Connection) -> None:
    specialist(connection, "Anna", "1001")
    (anna,) = read_audit(connection, CONFIG, 20261121, EVENING).specialists
    assert (anna.quota, anna.shortfall, anna.attendance, anna.longest_gap_ms) == (0, 0, "", 0)
    assert read_audit(connection, CONFIG, 20261121, EVENING).over


def test_a_call_whose_customer_a_person_settled(connection: Connection) -> None:
    specialist(connection, "Anna", "1001")
    acme, baltic = customer(connection, "K1", "Acme", SHARED), customer(connection, "K2", "Baltic", SHARED)
    key = call(connection, "a", "1001", SHARED, NOW)
    assert [one.class_ for one in audited(connection).calls] == ["shared_number"]
    followups.assign_call(connection, doer(), *key, baltic)
    (found,) = audited(connection).calls
    assert (found.class_, found.customer_id, found.company) == ("unlogged", baltic, "Baltic")
    wrote(connection, 1, acme, NOW)
    assert [one.class_ for one in audited(connection).logs] == ["log_without_call"]
    undo(connection, doer())
    assert [one.class_ for one in audited(connection).calls] == ["shared_number"]


def test_a_log_after_midnight_of_a_call_before_it(connection: Connection) -> None:
    anna = specialist(connection, "Anna", "1001")
    acme = customer(connection, "K1", "Acme", MINE)
    midnight = CALENDAR.bounds(TODAY)[1]
    call(connection, "a", "1001", MINE, midnight - 2 * MINUTE, 60)
    entry = wrote(connection, anna, acme, midnight + 2 * MINUTE, note="late")
    today = audited(connection)
    assert ([one.entry_id for one in today.calls], today.logs) == ([entry], ())
    (one,) = today.discrepancies
    assert (one.class_, one.explanation) == ("out_of_hours", "late")
    assert one.log is not None and one.log.call_id == "call:pbx:a"
    tomorrow = read_audit(connection, CONFIG, 20261124, EVENING + DAY_US)
    assert ([one.call_id for one in tomorrow.logs], tomorrow.calls) == (["call:pbx:a"], ())


def test_a_customer_who_was_merged_is_the_other_one(connection: Connection) -> None:
    anna = specialist(connection, "Anna", "1001")
    acme, twin = customer(connection, "K1", "Acme", MINE), customer(connection, "K2", "Acme Ltd", "+4930999")
    driver.run(connection, "UPDATE customer SET merged_into = ? WHERE id = ?", (acme, twin))
    call(connection, "a", "1001", MINE, NOW)
    wrote(connection, anna, twin, NOW)
    found = audited(connection)
    assert [one.class_ for one in found.calls] == ["matched"]
    assert [(one.customer_id, one.company) for one in found.logs] == [(acme, "Acme")]


def test_accepted_logs_and_history_are_no_open_discrepancies(connection: Connection) -> None:
    anna = specialist(connection, "Anna", "1001")
    acme = customer(connection, "K1", "Acme", MINE)
    wrote(connection, anna, acme, NOW - MINUTE, note="by mobile phone")
    call(connection, "a", "1001", "+4930999", NOW, 0)
    entry = wrote(connection, anna, acme, NOW + HOUR, note="by mobile phone")
    before, after = audited(connection).discrepancies
    assert (before.class_, before.state, before.explanation) == (
        "log_without_call", ACCEPTED, "history: dated before the floor's first call",
    )  # fmt: skip
    assert (after.state, after.explanation, audited(connection).open) == (OPEN, "", 1)
    followups.accept(connection, doer(later_us=2 * HOUR), entry)
    _, after = audited(connection).discrepancies
    assert (after.class_, after.state, after.decided_by, after.explanation) == (
        "log_without_call", ACCEPTED, "boss", "accepted by boss",
    )  # fmt: skip
    assert audited(connection).open == 0


def decide(connection: Connection, item: str, class_: str, state: str, **told: Any) -> None:
    values = {"day": TODAY, "item": item, "class_": class_, "state": state, "why": "asked", "who": "boss", "at_us": NOW}
    values |= told
    sql = f"INSERT INTO audit_decision ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
    driver.run(connection, sql, tuple(values.values()))


def test_the_newest_decision_that_holds(connection: Connection) -> None:
    specialist(connection, "Anna", "1001")
    customer(connection, "K1", "Acme", MINE)
    call(connection, "a", "1001", MINE, NOW)

    def now() -> tuple[str, str, str]:
        (one,) = audited(connection).discrepancies
        return one.state, one.decided_by, one.decided_why

    decide(connection, "call:pbx:a", "unlogged", "flagged", who="ann")
    decide(connection, "call:pbx:a", "unlogged", "accepted")
    decide(connection, "call:pbx:a", "unlogged", "corrected", withdrawn_us=NOW)
    assert now() == ("accepted", "boss", "asked")
    decide(connection, "call:pbx:a", "duration_inflated", "accepted")  # of what it is no more
    assert now() == ("open", "", "")
    decide(connection, "call:pbx:a", "duration_inflated", "corrected")
    assert now() == ("corrected", "boss", "asked")


def raised(connection: Connection, rule: str, figures: dict[str, Any], *ids: str, **told: Any) -> None:
    found = Found(
        Key(rule, "specialist:1", f"{ids}"), 1, None, NOW, MEDIUM, evidence_text(Evidence("found", ids, figures)),
        excuses_text([]),
    )  # fmt: skip
    raise_new(connection, TODAY, [found], ["found"], NOW)
    sets = ", ".join(f"{name} = ?" for name in told)
    if told:
        driver.run(connection, f"UPDATE flag SET {sets} WHERE id = (SELECT max(id) FROM flag)", tuple(told.values()))


def test_what_is_known_in_favour_of_a_discrepancy(connection: Connection) -> None:
    anna = specialist(connection, "Anna", "1001")
    acme = customer(connection, "K1", "Acme", MINE)
    customer(connection, "K3", "Corvus", BARRED, dnc_us=1)
    call(connection, "barred", "1001", BARRED, NOW)
    call(connection, "private", "1001", STRANGE, NOW + HOUR, 700)
    call(connection, "long", "1001", MINE, NOW + 2 * HOUR)
    wrote(connection, anna, acme, NOW + 2 * HOUR, claimed_ms=900_000, note="held for long")
    raised(connection, "do_not_call_dialled", {}, "pbx:other", state="explained", reply="of another call")
    raised(
        connection,
        "private_call",
        {"number": STRANGE},
        state="decided",
        decision="dismissed",
        decided_by="boss",
        why="a lead",
    )
    raised(connection, "idle", {}, "pbx:long")
    found = audited(connection)
    assert [(one.class_, one.explanation) for one in found.discrepancies] == [
        ("do_not_call", ""), ("private_candidate", "dismissed by boss: a lead"), ("duration_inflated", "held for long"),
    ]  # fmt: skip
    assert found.specialists[0].flags == ("do_not_call_dialled", "idle")
    raised(connection, "do_not_call_dialled", {}, "pbx:barred", state="explained", reply="they asked me to")
    assert audited(connection).discrepancies[0].explanation == "they asked me to"
    one = audited(connection).discrepancies[2]
    assert one.call is not None and one.log is not None and one.log.call_id == one.call.id


def test_a_day_is_over_when_nothing_more_is_to_come(connection: Connection) -> None:
    specialist(connection, "Anna", "1001")
    six = NOW + 7 * HOUR
    assert not read_audit(connection, CONFIG, TODAY, six + 15 * MINUTE - 1).over
    assert read_audit(connection, CONFIG, TODAY, six + 15 * MINUTE).over


def test_a_day_to_come_and_a_team_that_is_none(connection: Connection) -> None:
    specialist(connection, "Anna", "1001", "North")
    with pytest.raises(RefusedError, match="2026-11-24 is still to come; today is 2026-11-23"):
        read_audit(connection, CONFIG, 20261124, NOW)
    with pytest.raises(RefusedError, match="there is no team 'West' on 2026-11-23; there are North"):
        audited(connection, "West")
