"""The classes of calls and logs, each at its edge, and which of several comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from store.audit_book import LogRow
from supervisor.duties.audit.classes import Audited, Theirs, Told, audited
from supervisor.duties.audit.snapshots import AuditedCall, AuditedLog
from supervisor.duties.audit.words import lasted
from supervisor.duties.discipline.seen import CallSeen, CustomerSeen, DayFacts, PersonDay
from tests.supervisor.duties.discipline.people import (
    CONFIG,
    DAY,
    MIN,
    NIGHTS,
    S,
    at,
    barred,
    call,
    facts,
    next_day,
    person,
    phone,
)

NOBODY = {"customers": ()}
SHARED = {"customers": (1, 2)}
BOTH = facts(customers={1: CustomerSeen(1, "Acme", ""), 2: CustomerSeen(2, "Baltic Steel", "")})


def log(begun: str | int, entry_id: int = 1, customer_id: int = 1, **told: Any) -> LogRow:
    """A call with Acme of two minutes that Anna wrote down."""
    at_us = at(begun) if isinstance(begun, str) else begun
    made = LogRow(entry_id, 1, "Anna Weber", "North", customer_id, "Acme", "call", at_us, 120_000, "", "", "")
    return made._replace(**told)


def audit(
    calls: Sequence[CallSeen],
    logs: Sequence[LogRow] = (),
    who: PersonDay | None = None,
    seen: DayFacts | None = None,
    settled: Mapping[str, tuple[int, str]] | None = None,
    outcomes: Mapping[str, str] | None = None,
    **more: Any,
) -> Audited:
    """Anna's day; a call has been answered where it tells when, unless `outcomes` says otherwise."""
    who = who or person(calls=calls)
    known = [*calls, *more.get("near", ())]
    told = Told(
        facts=seen or facts(),
        config=more.pop("config", CONFIG),
        now_us=more.pop("now_us", at("20:00")),
        outcomes={one.id: "no_answer" if one.answered_us is None else "answered" for one in known} | (outcomes or {}),
        under_way=more.pop("under_way", set()),
        settled=settled or {},
    )
    before = more.pop("before", "present")
    return audited(Theirs(who, "North", before, calls, logs, **more), told)


def one(*told: Any, **more: Any) -> AuditedCall:
    """The one call of a day."""
    (found,) = audit(*told, **more).calls
    return found


def written(*told: Any, **more: Any) -> AuditedLog:
    """The one log of a day."""
    (found,) = audit(*told, **more).logs
    return found


def class_of(made: CallSeen, *told: Any, **more: Any) -> str:
    return one([made], *told, **more).class_


# -- calls, in the order of the classes ---------------------------------------------------------------------------


def test_internal_comes_before_all_else() -> None:
    made = call("03:00", direction="internal", number="1002", **NOBODY)
    sick = person(calls=[made], attendance="sick")
    assert class_of(made, who=sick) == "internal"


def test_a_call_to_who_must_not_be_called_comes_before_an_absence() -> None:
    made = call("10:00", 0)
    dont = facts(blocked={1: barred()})
    found = one([made], who=person(calls=[made], attendance="sick"), seen=dont)
    assert found.class_ == "do_not_call"
    assert found.why == "called Acme at 10:00, do-not-call since 2026-11-01: asked by mail"
    assert class_of(made._replace(direction="inbound", dial=False), seen=dont) == "not_connected"
    late = facts(blocked={1: barred(since="10:01", day=DAY)})
    assert class_of(made, seen=late) == "not_connected"


@pytest.mark.parametrize(
    ("attendance", "class_"),
    [
        ("leave", "absent_but_calling"),
        ("sick", "absent_but_calling"),
        ("training", "unlogged"),
        ("half", "unlogged"),
        ("present", "unlogged"),
    ],
)
def test_an_outbound_call_of_who_is_away(attendance: str, class_: str) -> None:
    made = call("10:00")
    assert class_of(made, who=person(calls=[made], attendance=attendance)) == class_


def test_who_is_away_may_be_called() -> None:
    made = call("10:00", direction="inbound")
    assert class_of(made, who=person(calls=[made], attendance="leave")) == "unlogged"


def test_an_absence_comes_before_the_hours() -> None:
    made = call("03:00")
    found = one([made], who=person(calls=[made], attendance="leave"))
    assert (found.class_, found.why) == ("absent_but_calling", "called Acme at 03:00 while on leave")


def test_the_rest_of_a_night_goes_by_the_attendance_of_the_day_it_began_on() -> None:
    tuesday = next_day(DAY)
    early, late = call(at("02:00", tuesday)), call(at("23:00", tuesday))
    night = person(NIGHTS, tuesday, calls=[early, late], attendance="leave")
    seen = facts(tuesday, customers={})  # nobody told when they may be called
    told = {"seen": seen, "config": NIGHTS}
    assert [one.class_ for one in audit([early, late], who=night, **told).calls] == ["unlogged", "absent_but_calling"]
    night = replace(night, attendance="present")
    found = audit([early, late], who=night, before="sick", **told).calls
    assert [one.class_ for one in found] == ["absent_but_calling", "unlogged"]


def test_out_of_hours_by_more_than_the_margin() -> None:
    assert class_of(call("18:15", 0)) == "not_connected"
    found = one([call("18:15:01", 0)])
    assert found.class_ == "out_of_hours"
    assert found.why == "called Acme at 18:15, outside the shift 09:00-18:00"
    assert class_of(call("08:45", 0)) == "not_connected"
    assert class_of(call("08:44:59", 0)) == "out_of_hours"
    assert class_of(call("03:00", 0, direction="inbound")) == "not_connected"


def test_out_of_hours_on_a_day_off_and_by_the_customers_clock() -> None:
    made = call("10:00")
    off = person(calls=[made], shift=())
    assert one([made], who=replace(off, around=())).why == "called Acme at 10:00, on a day off"
    far = facts(customers={1: CustomerSeen(1, "Acme", "America/New_York")})
    found = one([made], seen=far)
    assert found.class_ == "out_of_hours"
    assert found.why == "called Acme at 04:00 (America/New_York), outside customers' hours 08:00-20:00"


def test_an_unknown_phone_has_no_shift_and_no_leave() -> None:
    made = call("18:30")
    assert class_of(made, who=phone([made], attendance="leave")) == "unlogged"
    assert class_of(call("20:00"), who=phone([call("20:00")])) == "out_of_hours"


@pytest.mark.parametrize(
    ("told", "outcome", "class_"),
    [
        ({"talk_s": 0}, "no_answer", "not_connected"),
        ({"talk_s": 0}, "busy", "not_connected"),
        ({"talk_s": 0, "ended_us": None, "talk_ms": None}, "unknown", "not_connected"),
        ({"talk_s": 0, "direction": "inbound"}, "missed", "not_connected"),
        ({"talk_s": 40, "direction": "inbound"}, "voicemail", "not_connected"),
        ({"talk_s": 40, "effective": False}, "voicemail", "short"),
        ({"talk_s": 40, "effective": False}, "machine", "short"),
        ({"talk_s": 29}, "answered", "short"),
        ({"talk_s": 30}, "answered", "unlogged"),
        ({"talk_s": 29, "direction": "inbound"}, "answered", "short"),
        ({"talk_s": 30, "direction": "inbound"}, "answered", "unlogged"),
        ({"talk_s": None}, "answered", "short"),
        ({"talk_s": None, "direction": "inbound"}, "answered", "short"),
        ({"talk_s": 40, "direction": "unknown"}, "answered", "unlogged"),
    ],
)
def test_answered_or_not_long_or_short(told: dict[str, Any], outcome: str, class_: str) -> None:
    made = call("10:00", **told)
    assert class_of(made, outcomes={made.id: outcome}) == class_


def test_a_private_number_comes_before_an_unknown_one() -> None:
    talks = [call("10:00", 600, "+49157", **NOBODY), call("11:00", 20, "+49157", **NOBODY)]
    found = audit([*talks, call("12:00", 599, "+49158", **NOBODY), call("13:10", 0, "+49157", **NOBODY)]).calls
    assert [one.class_ for one in found] == [
        "private_candidate", "private_candidate", "unknown_number", "not_connected",
    ]  # fmt: skip
    assert found[0].why == "10 min of talk, 3 calls that day with +49157, no customer's number"


def test_without_any_customer_no_number_is_private() -> None:
    made = call("10:00", 900, **NOBODY)
    assert class_of(made, seen=facts(any_customers=False)) == "unknown_number"


def test_nobodys_calls_have_no_person_whose_private_ones_they_were() -> None:
    made = call("10:00", 900, "+49157", **NOBODY)
    nobody = phone([made], identity_id=None, name="")
    assert class_of(made, who=nobody) == "unknown_number"


def test_a_call_without_a_number() -> None:
    assert class_of(call("10:00", 40, "", **NOBODY)) == "unknown_number"


def test_a_shared_number_until_the_ledger_knows_whose_call_it_was() -> None:
    made = call("10:00", 130, **SHARED)
    found = one([made], seen=BOTH)
    assert (found.class_, found.customer_id, found.company) == ("shared_number", None, "")
    assert found.why == (
        "talked 2 min 10 s on +4930111, the number of Acme and Baltic Steel; nobody said whose call it was"
    )
    found = one([made], seen=BOTH, settled={made.id: (2, "Baltic Steel")})
    assert (found.class_, found.customer_id, found.company) == ("unlogged", 2, "Baltic Steel")
    assert class_of(call("10:00", 20, **SHARED), seen=BOTH) == "shared_number"
    assert class_of(call("10:00", 0, **SHARED), seen=BOTH) == "not_connected"


def test_a_call_that_a_person_gave_to_a_customer_without_the_number() -> None:
    made = call("10:00", 60, "+49158", **NOBODY)
    found = one([made], settled={made.id: (9, "Corvus")})
    assert (found.class_, found.company) == ("unlogged", "Corvus")


@pytest.mark.parametrize(
    ("talk_s", "claimed_s", "class_"),
    [
        (242, 25 * 60, "duration_inflated"),
        (200, 300, "matched"),  # 1.5 times
        (200, 301, "duration_inflated"),
        (60, 120, "matched"),  # 60 s more
        (60, 121, "duration_inflated"),
        (60, None, "matched"),
        (60, 0, "matched"),
    ],
)
def test_what_its_log_claims(talk_s: int, claimed_s: int | None, class_: str) -> None:
    claimed = None if claimed_s is None else claimed_s * 1000
    found = one([call("10:00", talk_s)], [log("10:01", claimed_ms=claimed)])
    assert found.class_ == class_
    assert found.entry_id == 1
    if claimed_s == 1500:
        assert found.why == "log claims 25 min, the phones say 4 min 2 s"


def test_a_log_of_a_short_call_is_joined_to_it_and_the_call_stays_short() -> None:
    found = audit([call("10:00", 20)], [log("10:00", claimed_ms=900_000)])
    assert (found.calls[0].class_, found.calls[0].entry_id) == ("short", 1)
    assert (found.logs[0].class_, found.logs[0].call_id) == ("matched", found.calls[0].id)


def test_what_nobody_wrote_of() -> None:
    found = one([call("10:00", 130)])
    assert (found.class_, found.why) == ("unlogged", "talked 2 min 10 s with Acme, nothing logged")


# -- logs ---------------------------------------------------------------------------------------------------------


def test_visits_and_replies_speak_of_no_call() -> None:
    for channel in ("visit", "reply"):
        found = audit([call("10:00")], [log("10:00", channel=channel)])
        assert (found.calls[0].class_, found.logs[0].class_) == ("unlogged", "not_a_call")


@pytest.mark.parametrize(
    ("begun", "class_"),
    [
        ("09:55", "matched"),
        ("09:54:59", "log_without_call"),
        ("10:06", "matched"),
        ("10:06:01", "log_without_call"),
    ],
)
def test_a_log_lies_within_five_minutes_of_its_call(begun: str, class_: str) -> None:
    assert written([call("10:00", 60)], [log(begun)]).class_ == class_


def test_a_log_of_another_customer_or_without_any_call() -> None:
    found = audit([call("10:00")], [log("10:00", customer_id=3)])
    assert (found.calls[0].class_, found.logs[0].class_) == ("unlogged", "log_without_call")
    assert found.logs[0].why == "logged a call of 2 min with Acme at 10:00, the phones have none"


def test_a_log_of_a_call_that_nobody_answered_says_so() -> None:
    found = audit([call("10:00", 0)], [log("10:00", claimed_ms=None)])
    assert (found.calls[0].class_, found.logs[0].class_) == ("not_connected", "log_without_call")
    assert found.logs[0].why == "logged a call with Acme at 10:00, the phones have only one that nobody answered"


def test_one_call_of_a_shared_number_has_one_log() -> None:
    found = audit([call("10:00", 60, **SHARED)], [log("10:01"), log("10:00", 2, 2)], seen=BOTH)
    assert sorted(one.class_ for one in found.logs) == ["log_without_call", "matched"]
    assert found.calls[0].entry_id == 1 or found.calls[0].entry_id == 2


def test_as_many_pairs_as_can_be() -> None:
    calls = [call("10:00", 30), call("10:04", 30)]
    found = audit(calls, [log("10:03"), log("10:08", 2)])
    assert [one.entry_id for one in found.calls] == [1, 2]
    assert {one.class_ for one in found.logs} == {"matched"}


def test_a_call_under_way_lasts_until_now() -> None:
    made = call("10:00", ended_us=None, talk_ms=None, effective=False)
    for under_way, class_ in (({made.id}, "matched"), (set(), "log_without_call")):
        found = audit([made], [log("10:20")], under_way=under_way, now_us=at("10:25"))
        assert (found.calls[0].class_, found.logs[0].class_) == ("short", class_)


def test_across_midnight_each_half_belongs_to_its_own_day() -> None:
    made = call("23:58", 60)
    after = log(at("00:02", next_day(DAY)))
    found = audit(
        [made], near_logs=[after], seen=facts(customers={}), who=replace(person(calls=[made]), around=((0, 1 << 60),))
    )
    assert (found.calls[0].class_, found.calls[0].entry_id, found.logs) == ("matched", 1, [])
    assert [one.entry_id for one in found.beside] == [1]
    before = call(at("00:00") - 3 * MIN, 60)
    found = audit([], [log("00:02")], near=[before])
    assert (found.calls, found.logs[0].class_, found.logs[0].call_id) == ([], "matched", f"call:{before.id}")
    assert found.beside == []


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 s"),
        (999, "0 s"),
        (47_000, "47 s"),
        (60_000, "1 min"),
        (130_000, "2 min 10 s"),
        (3_600_000, "1 h"),
        (3_905_000, "1 h 5 min"),
    ],
)
def test_durations_in_words(ms: int, words: str) -> None:
    assert lasted(ms) == words


def test_the_order_in_which_calls_are_told_of_does_not_matter() -> None:
    calls = [call(at("10:00") + place * S, 40, f"+4930{place}") for place in range(5)]
    logs = [log(at("10:00") + place * 20 * S, place) for place in range(7)]
    told = audit(calls, logs)
    turned = audit(calls, logs[::-1])
    assert told.calls == turned.calls
    assert sorted(told.logs, key=lambda one: one.id) == sorted(turned.logs, key=lambda one: one.id)
