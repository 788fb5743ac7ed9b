"""Deciding discrepancies of a day: accepted, flagged, corrected in the books, and every bit of it taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Connection

from store import flag_book, matching, roster
from store.engine import Store
from store.matching import NewEntry
from supervisor.config import Config
from supervisor.duties.acting import undo
from supervisor.duties.audit import acts
from supervisor.duties.audit.one import read_discrepancy
from supervisor.duties.audit.read import read_audit
from supervisor.duties.audit.seal import sign, signed_of
from supervisor.duties.audit.snapshots import DayAudit, Discrepancy
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline import acts as flag_acts
from supervisor.duties.discipline.evaluate import evaluate_day
from supervisor.settings import Floor
from tests.supervisor.duties.discipline.flagging import CONFIG, doer, traced
from tests.supervisor.duties.selling import DAY_US, HOUR, NOW, RULES, S, call, customer, specialist

DAY = 20261120
ELEVEN = NOW - 3 * DAY_US  # 11:00 on that Friday
MINUTE = 60 * S
ANNA, BORIS, CEM = 1, 2, 3


def log(connection: Connection, customer_id: int, whose: int, at_us: int, claimed_ms: int, note: str = "") -> None:
    """A call that a specialist wrote down."""
    entry = NewEntry(customer_id, at_us, DAY, "call", "hand", specialist_id=whose, claimed_ms=claimed_ms, note=note)
    matching.append_entries(connection, [entry], RULES.numbers, NOW)


@pytest.fixture
def connection(store: Store) -> Any:
    """A Friday with a discrepancy of each class: Anna's, but Boris was sick, and Cem began early by his own hours."""
    with store.write() as connection:
        for name, agent in (("Anna", "1001"), ("Boris", "1002"), ("Cem", "1003")):
            specialist(connection, name, agent, "North")
        roster.put_attendance(connection, BORIS, DAY, ("sick", None, None), False)
        roster.put_attendance(connection, CEM, DAY, ("present", 360, 1080), False)
        baltic = customer(connection, "C1", "Baltic", "+4911")
        customer(connection, "C2", "Kaiser", "+4912", dnc_us=NOW - 30 * DAY_US, dnc_why="asked us", dnc_by="eva")
        customer(connection, "C3", "Delta", "+4913")
        customer(connection, "C4", "Delta South", "+4913")
        customer(connection, "C5", "Echo", "+4915")
        call(connection, "dnc", "1001", "+4912", ELEVEN)
        call(connection, "sick", "1002", "+4911", ELEVEN)
        call(connection, "late", "1001", "+4911", ELEVEN + 7 * HOUR + 45 * MINUTE)
        call(connection, "early", "1003", "+4911", ELEVEN - 4 * HOUR)
        call(connection, "private", "1001", "+4999", ELEVEN + HOUR, 700)
        call(connection, "shared", "1001", "+4913", ELEVEN + 3 * HOUR)
        call(connection, "short", "1001", "+4913", ELEVEN + 3 * HOUR + 20 * MINUTE, 5)
        call(connection, "inflated", "1001", "+4911", ELEVEN + 4 * HOUR)
        log(connection, baltic, ANNA, ELEVEN + 4 * HOUR, 300_000, "a long talk")
        call(connection, "unlogged", "1001", "+4915", ELEVEN + 5 * HOUR)
        log(connection, baltic, ANNA, ELEVEN - HOUR, 60_000, "from my mobile")
        yield connection


def audited(connection: Connection, config: Config = CONFIG) -> DayAudit:
    return read_audit(connection, config, DAY, NOW)


def of(connection: Connection, item: str) -> Discrepancy:
    """A discrepancy by the name of its call, or "log" the log without a call."""
    wanted = next(
        one
        for one in audited(connection).discrepancies
        if one.id == f"call:pbx:{item}" or (item == "log" and one.class_ == "log_without_call")
    )
    assert isinstance(wanted, Discrepancy)
    return wanted


def classes(connection: Connection) -> dict[str, str]:
    """The class of each call, by its name."""
    return {one.id.removeprefix("call:pbx:"): one.class_ for one in audited(connection).calls}


def everything(connection: Connection) -> list[Any]:
    """What acts change: the books, what stands of the ledger, what was decided and holds."""
    tables = ("customer", "customer_number", "waiting_call", "attendance")
    found = [[tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {one} ORDER BY 1, 2").all()]
             for one in tables]  # fmt: skip
    found[3] = [row[1:] for row in found[3]]
    standing = (
        "SELECT customer_id, at_us, channel, origin, group_id, accepted_by, claimed_ms, note, number, entered_by "
        "FROM contact AS e WHERE counters IS NULL AND NOT EXISTS (SELECT 1 FROM contact AS t WHERE t.counters = e.id) "
        "ORDER BY 1, 2, 3, 4"
    )
    decided = "SELECT item, class_, state, why, who, flag_id FROM audit_decision WHERE withdrawn_us IS NULL ORDER BY id"
    live = "SELECT rule, whose, subject FROM flag WHERE state <> 'withdrawn' ORDER BY 1, 2, 3"
    for sql in (standing, decided, live):
        found.append([tuple(row) for row in connection.exec_driver_sql(sql).all()])
    return found


def test_the_day_has_one_of_each(connection: Connection) -> None:
    audit = audited(connection)
    assert audit.over and audit.balanced, audit.residue
    assert classes(connection) == {
        "early": "out_of_hours", "dnc": "do_not_call", "sick": "absent_but_calling", "private": "private_candidate",
        "shared": "shared_number", "short": "shared_number", "inflated": "duration_inflated", "unlogged": "unlogged",
        "late": "out_of_hours",
    }  # fmt: skip
    assert audit.open == len(audit.discrepancies) == 10


def test_one_alone_is_as_it_is_in_the_whole_day(connection: Connection) -> None:
    """Of people, of an unknown phone, of nobody, of who is not employed any more, and decided ones."""
    evaluate_day(connection, CONFIG, DAY, NOW)
    call(connection, "strange", "1099", "+4915", ELEVEN + HOUR)
    gone = specialist(connection, "Dora", "1004")
    call(connection, "gone", "1004", "+4912", ELEVEN + HOUR)
    log(connection, 1, gone, ELEVEN, 60_000, "the last one")
    connection.exec_driver_sql("UPDATE specialist SET \"left\" = 20261101 WHERE name = 'Dora'")
    call(connection, "nobody", "1001", "+4912", ELEVEN + HOUR)
    connection.exec_driver_sql("UPDATE call SET identity_id = NULL WHERE group_id = 'nobody'")
    acts.accept(connection, doer(), CONFIG, DAY, "call:pbx:strange", "a guest")
    whole = audited(connection).discrepancies
    assert {"call:pbx:strange", "call:pbx:gone", "call:pbx:nobody"} < {one.id for one in whole}
    assert [read_discrepancy(connection, CONFIG, DAY, one.id, NOW) for one in whole] == list(whole)
    for item in ("call:pbx:none", "call:none:x", "call:", "log:", "log:x", "log:999999999999999999999", "visit:1"):
        assert read_discrepancy(connection, CONFIG, DAY, item, NOW) is None


# -- accepting ----------------------------------------------------------------------------------------------------


def test_accepting_and_taking_it_back(connection: Connection) -> None:
    before = everything(connection)
    item = of(connection, "unlogged").id
    said = acts.accept(connection, doer(), CONFIG, DAY, item, " was  in a hurry ")
    assert said == "Anna, unlogged, Echo: accepted"
    one = of(connection, "unlogged")
    assert (one.state, one.decided_why, one.decided_by) == ("accepted", "was in a hurry", "boss")
    assert audited(connection).open == 9
    with pytest.raises(RefusedError, match="boss accepted it already"):
        acts.accept(connection, doer("eva"), CONFIG, DAY, item)
    assert undo(connection, doer()) == f"undone: {said}"
    assert everything(connection) == before and of(connection, "unlogged").state == "open"


def test_without_a_reason_what_is_known_is_the_reason(connection: Connection) -> None:
    item = of(connection, "inflated")
    assert item.explanation == "a long talk"
    acts.accept(connection, doer(), CONFIG, DAY, item.id)
    assert of(connection, "inflated").decided_why == "a long talk"


def test_all_that_are_explained_are_accepted_as_one(connection: Connection) -> None:
    evaluate_day(connection, CONFIG, DAY, NOW)
    row = next(one for one in flag_book.of_day(connection, DAY) if one.rule == "absent_but_calling")
    flag_acts.reply(connection, doer("eva"), row.flag_id, row.version, "called from the bed")
    before = everything(connection)
    said = acts.accept_explained(connection, doer(), CONFIG, DAY)
    assert said == "2 explained ones accepted, 8 left"
    assert {one.id for one in audited(connection).discrepancies if one.state == "accepted"} == {
        "call:pbx:sick", "call:pbx:inflated",
    }  # fmt: skip
    with pytest.raises(RefusedError, match="no open discrepancy of 2026-11-20 is explained"):
        acts.accept_explained(connection, doer(), CONFIG, DAY)
    assert undo(connection, doer()) == f"undone: {said}"
    assert everything(connection) == before


@pytest.mark.parametrize("item", ["call:pbx:nothing", "call:pbx:dn", "log:99", ""])
def test_what_is_no_discrepancy_is_not_decided(connection: Connection, item: str) -> None:
    with pytest.raises(RefusedError, match="is no discrepancy of 2026-11-20"):
        acts.accept(connection, doer(), CONFIG, DAY, item)


def test_nothing_is_taken_back_after_somebody_elses_decision(connection: Connection) -> None:
    item = of(connection, "unlogged").id
    acts.accept(connection, doer(), CONFIG, DAY, item)
    acts.flag(connection, doer("eva"), CONFIG, DAY, item)
    with pytest.raises(RefusedError, match="somebody decided otherwise since"):
        undo(connection, doer())
    undo(connection, doer("eva"))
    assert of(connection, "unlogged").state == "accepted"
    undo(connection, doer())
    assert of(connection, "unlogged").state == "open"


# -- flagging -----------------------------------------------------------------------------------------------------

LINKED = {
    "dnc": "do_not_call_dialled", "sick": "absent_but_calling", "late": "out_of_hours", "early": "out_of_hours",
    "private": "private_call", "log": "logged_without_a_call",
}  # fmt: skip


@pytest.mark.parametrize("name", LINKED)
def test_what_a_rule_flagged_already_is_linked(connection: Connection, name: str) -> None:
    evaluate_day(connection, CONFIG, DAY, NOW)
    before = everything(connection)
    found = of(connection, name)
    said = acts.flag(connection, doer(), CONFIG, DAY, found.id, "twice this week")
    assert "that the rule" in said and "raised already" in said
    ((flag_id, why),) = connection.exec_driver_sql("SELECT flag_id, why FROM audit_decision").all()
    row = flag_book.flag(connection, flag_id)
    assert row is not None and (row.rule, row.specialist) == (LINKED[name], found.specialist)
    assert why == "twice this week" and of(connection, name).state == "flagged"
    assert everything(connection)[-1] == before[-1], "no flag is raised"
    undo(connection, doer())
    assert everything(connection) == before


@pytest.mark.parametrize("name", ["shared", "inflated", "unlogged", "log"])
def test_what_no_rule_flagged_is_flagged_by_hand(connection: Connection, name: str) -> None:
    before = everything(connection)
    found = of(connection, name)
    said = acts.flag(connection, doer(), CONFIG, DAY, found.id)
    assert said.startswith("flagged, Anna: other, ")
    (flag_id,) = connection.exec_driver_sql("SELECT flag_id FROM audit_decision").one()
    row = flag_book.flag(connection, flag_id)
    assert row is not None and (row.rule, row.specialist, row.state) == ("other", "Anna", "open")
    kind = found.class_.replace("_", " ")
    assert json.loads(row.evidence)["words"] == f"{kind} on 2026-11-20: {found.why}"
    assert of(connection, name).decided_why == found.why
    assert undo(connection, doer()) == f"undone: {said}"
    assert everything(connection) == before and traced(connection, flag_id)[-1][1] == "taken back"
    assert undo(connection, doer()) is None, "the flag itself is taken back with it"


def test_a_flag_that_was_dismissed_is_no_flag_of_it(connection: Connection) -> None:
    evaluate_day(connection, CONFIG, DAY, NOW)
    row = next(one for one in flag_book.of_day(connection, DAY) if one.rule == "do_not_call_dialled")
    flag_acts.decide(connection, doer("eva"), CONFIG, row.flag_id, row.version, "dismissed", "they had called us")
    acts.flag(connection, doer(), CONFIG, DAY, of(connection, "dnc").id, "no, they had not")
    (flag_id,) = connection.exec_driver_sql("SELECT flag_id FROM audit_decision").one()
    made = flag_book.flag(connection, flag_id)
    assert made is not None and made.rule == "other"


def test_who_has_no_specialist_is_not_flagged_by_hand(connection: Connection) -> None:
    call(connection, "strange", "1099", "+4915", ELEVEN + HOUR)
    found = of(connection, "strange")
    with pytest.raises(RefusedError, match="nobody knows whose phone pbx:1099 is: a flag is a specialist's"):
        acts.flag(connection, doer(), CONFIG, DAY, found.id)
    assert acts.ways(connection, CONFIG, DAY, found.id, NOW) == ()
    with pytest.raises(RefusedError, match="nobody knows whose phone pbx:1099 is: adopt it"):
        acts.correct(connection, doer(), CONFIG, DAY, found.id, "log")


# -- correcting ---------------------------------------------------------------------------------------------------

CORRECTIONS = [
    ("dnc", "may_call", "", "corrected: Kaiser MAY BE CALLED AGAIN, by everybody, from now on", "unlogged"),
    ("sick", "present", "", "corrected: Boris: present on 2026-11-20", "unlogged"),
    ("late", "hours", "09:00-19:00", "corrected: Anna: present, 09:00-19:00 on 2026-11-20", "unlogged"),
    ("late", "hours", "-18:30", "corrected: Anna: present until 18:30 on 2026-11-20", "unlogged"),
    ("private", "customer", "C5", "corrected: +4999 is Echo's now: 1 contact", "unlogged"),
    ("private", "customer", "echo", "corrected: +4999 is Echo's now: 1 contact", "unlogged"),
    ("private", "new_customer", " Neu  GmbH ", "corrected: Neu GmbH is a customer now: 1 contact", "unlogged"),
    ("shared", "assign", "C4", "corrected: the call was Delta South's", "unlogged"),
    ("inflated", "duration", "", "corrected: Baltic: the log claims what was talked now", "matched"),
    ("unlogged", "log", "", "corrected: Echo: the missing log is written", "matched"),
    ("unlogged", "log_note", "wants a catalogue", "corrected: Echo: the missing log is written", "matched"),
    ("log", "count", "", "corrected: Baltic: the logged call counts now", None),
]


@pytest.mark.parametrize(("name", "code", "value", "words", "becomes"), CORRECTIONS)
def test_each_correction_and_its_undoing(
    connection: Connection, name: str, code: str, value: str, words: str, becomes: str | None
) -> None:
    evaluate_day(connection, CONFIG, DAY, NOW)
    before, were = everything(connection), classes(connection)
    found = of(connection, name)
    assert code in [way.code for way in acts.ways(connection, CONFIG, DAY, found.id, NOW)]
    said = acts.correct(connection, doer(), CONFIG, DAY, found.id, code, value)
    assert said.partition("; flag")[0] == words
    decided = connection.exec_driver_sql("SELECT item, class_, state, why, who FROM audit_decision").one()
    assert tuple(decided) == (found.id, found.class_, "corrected", said.removeprefix("corrected: "), "boss")
    audit = audited(connection)
    assert audit.balanced, audit.residue
    if becomes is not None:
        assert classes(connection)[name] == becomes
    left = {one.id: one.state for one in audit.discrepancies}
    assert left.get(found.id, "corrected") == "corrected" and audit.open == 9
    assert everything(connection)[:5] != before[:5]
    assert undo(connection, doer()) == f"undone: {said}"
    assert classes(connection) == were and of(connection, name).state == "open"
    after = everything(connection)
    if code == "new_customer":  # the ledger keeps what was taken back: the customer stays, and shows nowhere
        made = after[0].pop()
        assert "lost" in made
    assert after[:5] == before[:5] and after[6] == before[6]
    assert undo(connection, doer()) is None, "no part of it is left to be undone by itself"
    assert not any(matching.recount(connection, RULES.numbers, NOW))


def test_the_missing_log_says_what_the_phones_do(connection: Connection) -> None:
    item = of(connection, "unlogged").id
    acts.correct(connection, doer(), CONFIG, DAY, item, "log_note", "wants a catalogue")
    written = next(one for one in audited(connection).logs if one.company == "Echo")
    assert (written.class_, written.call_id, written.specialist, written.claimed_ms, written.note) == (
        "matched", item, "Anna", 60_000, "wants a catalogue",
    )  # fmt: skip


def test_the_true_duration_is_a_new_entry_beside_the_old_one(connection: Connection) -> None:
    item = of(connection, "inflated")
    assert item.log is not None
    acts.correct(connection, doer(), CONFIG, DAY, item.id, "duration")
    written = next(one for one in audited(connection).logs if one.call_id == item.id)
    assert (written.claimed_ms, written.note) == (60_000, "a long talk") and written.entry_id != item.log.entry_id
    kept = "SELECT claimed_ms, entered_by FROM contact WHERE id = ?".replace("?", str(item.log.entry_id))
    assert tuple(connection.exec_driver_sql(kept).one()) == (300_000, ""), "nothing in the ledger is changed"


def test_a_call_of_a_number_of_whom_two_are_barred_frees_both(connection: Connection) -> None:
    customer(connection, "C6", "Kaiser North", "+4912", dnc_us=NOW - 30 * DAY_US)
    said = acts.correct(connection, doer(), CONFIG, DAY, "call:pbx:dnc", "may_call")
    assert said == "corrected: Kaiser and Kaiser North MAY BE CALLED AGAIN, by everybody, from now on"
    blocked = "SELECT count(*) FROM customer WHERE dnc_us IS NOT NULL"
    assert connection.exec_driver_sql(blocked).scalar_one() == 0
    undo(connection, doer())
    assert connection.exec_driver_sql(blocked).scalar_one() == 2


def test_attendance_corrects_all_calls_of_that_day_but_one_is_told_so(connection: Connection) -> None:
    call(connection, "sick2", "1002", "+4911", ELEVEN + HOUR)
    acts.correct(connection, doer(), CONFIG, DAY, "call:pbx:sick", "present")
    assert (of(connection, "sick").state, of(connection, "sick2").state) == ("corrected", "open")
    assert of(connection, "sick2").class_ == "unlogged", "it wants an explanation of its own now"


REFUSED = [
    ("dnc", "present", "", "'present' does not correct what is do not call; one of may_call"),
    ("late", "hours", "", "'' is no hours; write HH:MM-HH:MM"),
    ("late", "hours", "-", "'-' is no hours"),
    ("late", "hours", "late", "'late' is no hours"),
    ("late", "hours", "09:00-25:00", "'09:00-25:00' is no hours"),
    ("late", "hours", "09:00-18:15", "the call does not lie within 09:00-18:15"),
    ("late", "hours", "19:15-20:00", "the call does not lie within 19:15-20:00"),
    ("late", "hours", "19:00-10:00", "10:00 is not after 19:00"),
    ("early", "hours", "06:00-18:00", "outside of the customer's hours"),
    ("private", "customer", "", "a customer is needed"),
    ("private", "customer", "C99", "'C99' is no customer"),
    ("private", "customer", "9999", "'9999' is no customer"),
    ("private", "new_customer", " ", "a name is needed"),
    ("shared", "assign", "C1", r"\+4913 is not that customer's; it is Delta or Delta South's"),
    ("short", "assign", "C3", "a call that was not effective is no contact of anybody"),
    ("unlogged", "log", "x" * 501, "what is told has 501 characters; at most 500 are kept"),
]


@pytest.mark.parametrize(("name", "code", "value", "because"), REFUSED)
def test_what_is_not_corrected_says_why(
    connection: Connection, name: str, code: str, value: str, because: str
) -> None:  # fmt: skip
    before = everything(connection)
    with pytest.raises(RefusedError, match=because):
        acts.correct(connection, doer(), CONFIG, DAY, of(connection, name).id, code, value)
    assert everything(connection) == before


@pytest.mark.parametrize("name", ["early", "short"])
def test_nothing_in_the_books_would_put_it_right(connection: Connection, name: str) -> None:
    assert acts.ways(connection, CONFIG, DAY, of(connection, name).id, NOW) == ()


def test_two_of_one_name_are_told_apart_by_reference(connection: Connection) -> None:
    customer(connection, "C7", "Echo")
    with pytest.raises(RefusedError, match="2 customers are called Echo: name one by the reference"):
        acts.correct(connection, doer(), CONFIG, DAY, "call:pbx:private", "customer", "Echo")


def test_what_is_corrected_is_not_decided_again(connection: Connection) -> None:
    acts.correct(connection, doer(), CONFIG, DAY, "call:pbx:sick", "present")
    for again in (acts.accept, acts.flag):
        with pytest.raises(RefusedError, match="boss corrected it already"):
            again(connection, doer(), CONFIG, DAY, "call:pbx:sick")


def test_a_correction_that_somebody_built_on_is_not_taken_back(connection: Connection) -> None:
    acts.correct(connection, doer(), CONFIG, DAY, "call:pbx:sick", "present")
    roster.put_attendance(connection, BORIS, DAY, ("half", None, None), True)
    with pytest.raises(RefusedError, match="this attendance was changed since"):
        undo(connection, doer())


def test_past_midnight_it_is_the_attendance_of_the_day_before(store: Store) -> None:
    config = Config(floor=Floor(holidays=False, working_hours=("20:00-04:00",)))
    with store.write() as connection:
        specialist(connection, "Boris", "1001")
        customer(connection, "C1", "Baltic", "+4911")
        roster.put_attendance(connection, 1, DAY - 1, ("sick", None, None), False)
        call(connection, "night", "1001", "+4911", ELEVEN - 9 * HOUR)
        actor = doer()._replace(config=config)
        found = next(iter(audited(connection, config).discrepancies))
        assert found.class_ == "absent_but_calling"
        said = acts.correct(connection, actor, config, DAY, found.id, "present")
        assert said.startswith("corrected: Boris: present on 2026-11-19")
        assert audited(connection, config).calls[0].class_ != "absent_but_calling"
        undo(connection, actor)
        assert audited(connection, config).calls[0].class_ == "absent_but_calling"


# -- a day that is signed -----------------------------------------------------------------------------------------


def explained(connection: Connection) -> None:
    """Everything of the day is accepted."""
    for one in audited(connection).discrepancies:
        acts.accept(connection, doer(), CONFIG, DAY, one.id, "seen")


def test_a_day_with_open_discrepancies_is_not_signed(connection: Connection) -> None:
    with pytest.raises(RefusedError, match="10 discrepancies want an explanation"):
        sign(connection, doer(), CONFIG, DAY, "all heard")
    with pytest.raises(RefusedError, match="2026-11-23 is not over"):
        sign(connection, doer(), CONFIG, 20261123, "all heard")


def test_a_signed_day_may_be_corrected_and_that_shows(connection: Connection) -> None:
    explained(connection)
    sign(connection, doer(), CONFIG, DAY, "all heard")
    signed = audited(connection).signed
    assert signed is not None and signed.revisions == ()
    said = acts.correct(connection, doer(), CONFIG, DAY, "call:pbx:unlogged", "log")
    assert said.endswith("; the day is signed: this will show as a revision")
    signed = audited(connection).signed
    assert signed is not None
    told = [(one.what, one.signed, one.now) for one in signed.revisions]
    assert told[:4] == [
        ("contacts", "2", "3"), ("calls matched", "0", "1"), ("calls unlogged", "1", "0"), ("logs matched", "1", "2"),
    ]  # fmt: skip
    assert ("decision on call pbx:unlogged", "unlogged, accepted", "not there") in told
    assert (undo(connection, doer()) or "").endswith("; the day is signed: this will show as a revision")
    signed = audited(connection).signed
    assert signed is not None and signed.revisions == (), "it is as it was signed"


def test_late_edits_of_the_phones_show_as_revisions(connection: Connection) -> None:
    explained(connection)
    sign(connection, doer(), CONFIG, DAY, "all heard")
    call(connection, "lost", "1001", "+4911", ELEVEN + 2 * HOUR)
    audit = audited(connection)
    assert audit.signed is not None
    told = {one.what: (one.signed, one.now) for one in audit.signed.revisions}
    assert told["calls"] == ("9", "10") and told["talk"] == ("0:18:45", "0:19:45")
    assert told["call pbx:lost of Anna at 13:00:00"] == ("not there", "unlogged")
    assert audit.open == 1, "and wants an explanation before the day is signed again"
    with pytest.raises(RefusedError, match="1 discrepancy wants"):
        sign(connection, doer(), CONFIG, DAY, "with the late one")
    acts.accept(connection, doer(), CONFIG, DAY, "call:pbx:lost", "late")
    sign(connection, doer(), CONFIG, DAY, "with the late one")
    signed = signed_of(connection, audited(connection))
    assert signed is not None and signed.sentence == "with the late one" and signed.revisions == ()
