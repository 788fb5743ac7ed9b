"""What a supervisor does with customers, and undoing it: exactly as before, ledger, counters and histogram."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from store import calls, matching, roster
from store.engine import Store
from supervisor.config import Config
from supervisor.duties.acting import Doer, undo
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups import acts, customers
from supervisor.duties.followups.counting import counting
from supervisor.duties.followups.read import find, read_inbox, read_queue
from supervisor.duties.followups.story import read_story
from supervisor.settings import Floor
from tests.store.customers_made import contacts, customer, waiting
from tests.store.records import RULES, leg

S = 1_000_000
TODAY = 20261128
NOW = int(datetime(2026, 11, 28, 14, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * S
DAY_US = 86_400 * S
NUMBERS = counting(1)
CONFIG = Config(floor=Floor(holidays=False))
ANNA = "+493023125001"


def doer(who: str = "boss") -> Doer:
    return Doer(who, NOW, TODAY, NUMBERS)


class World:
    """One source, Anna Weber with a phone, and customers to act on."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.source = roster.source(connection, "pbx", "files")
        self.anna = roster.put_specialist(connection, None, "Anna Weber", {})
        self.boris = roster.put_specialist(connection, None, "Boris Wu", {})
        roster.assign(connection, roster.identity(connection, self.source, "1001"), self.anna, TODAY)

    def call(self, name: str, number: str = ANNA, days_ago: int = 1, **said: Any) -> None:
        started = NOW - days_ago * DAY_US
        day = int(datetime.fromtimestamp(started / S, ZoneInfo("Europe/Berlin")).strftime("%Y%m%d"))
        values = leg(name, number=number, started_us=started, ended_us=started + 60 * S, day=day, **said)
        calls.ingest(self.connection, self.source, [values], RULES, None, NOW)


@pytest.fixture
def world(store: Store) -> Any:
    with store.write() as connection:
        yield World(connection)
        assert matching.recount(connection, NUMBERS, NOW) == (0, 0, 0, 0)


def everything(connection: Connection) -> list[Any]:
    """What is kept of customers, and what stands of the ledger."""
    tables = ("customer", "customer_number", "waiting_call", "no_customer", "distinct_pair")
    found = [connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2").all() for table in tables]
    counted = "SELECT * FROM contact_histogram WHERE customers > 0 ORDER BY 1"
    standing = (
        "SELECT customer_id, at_us, channel, origin, group_id, accepted_by, number FROM contact AS e WHERE counters "
        "IS NULL AND NOT EXISTS (SELECT 1 FROM contact AS t WHERE t.counters = e.id) ORDER BY 1, 2, 3, 4"
    )
    return [*found, *(connection.exec_driver_sql(sql).all() for sql in (counted, standing))]


Doing = Callable[[World, int], str]

SIMPLE: dict[str, tuple[dict[str, Any], Doing]] = {
    "plan": ({}, lambda w, c: acts.plan(w.connection, doer(), c, TODAY, "send the offer")),
    "plan nothing": ({"next_day": TODAY}, lambda w, c: acts.plan(w.connection, doer(), c, None, "")),
    "do not call": ({}, lambda w, c: acts.do_not_call(w.connection, doer(), c, "asked us not to")),
    "may call": ({"dnc_us": 5, "dnc_why": "x"}, lambda w, c: acts.may_call(w.connection, doer(), c)),
    "hand over": ({}, lambda w, c: acts.hand_over(w.connection, doer(), c, w.boris, 4)),
    "take over": ({}, lambda w, c: acts.take_over(w.connection, doer(), c, 4)),
    "park": ({"contacts": 12}, lambda w, c: acts.park(w.connection, doer(), c, 11)),
    "reopen": (
        {"status": "lost", "closed_us": NOW - DAY_US // 2},
        lambda w, c: acts.reopen(w.connection, doer(), c),
    ),
    "visit": ({}, lambda w, c: acts.log_contact(w.connection, doer(), c, "visit", "met", "at the fair", None)),
    "call": ({}, lambda w, c: acts.log_contact(w.connection, doer(), c, "call", "", "rang", w.anna)),
}


@pytest.mark.parametrize("act", SIMPLE)
def test_each_act_changes_something_and_its_undoing_leaves_nothing_of_it(world: World, act: str) -> None:
    said, doing = SIMPLE[act]
    if said.get("contacts"):
        one = customer(world.connection, ANNA)
        for day in range(1, 13):
            world.call(f"c{day}", days_ago=day)
    else:
        one = customer(world.connection, ANNA, **said)
        world.call("a")
    before = everything(world.connection)
    words = doing(world, one)
    assert "Baltic Steel" in words
    assert everything(world.connection) != before
    assert (undo(world.connection, doer()) or "").startswith("undone: ")
    assert everything(world.connection) == before
    assert undo(world.connection, doer()) is None


def test_nothing_is_undone_where_somebody_changed_it_since(world: World) -> None:
    one = customer(world.connection, ANNA)
    acts.plan(world.connection, doer("ann"), one, TODAY, "")
    acts.plan(world.connection, doer("bob"), one, TODAY, "first the price")
    with pytest.raises(RefusedError, match="was changed since; nothing is undone"):
        undo(world.connection, doer("ann"))


@pytest.mark.parametrize(
    ("doing", "why"),
    [
        (lambda w, c: acts.plan(w.connection, doer(), c, TODAY - 1, ""), "2026-11-27 is past"),
        (lambda w, c: acts.do_not_call(w.connection, doer(), c, "  "), "a reason is needed"),
        (lambda w, c: acts.park(w.connection, doer(), c, 11), "not past the window: 0 of 11"),
        (lambda w, c: acts.reopen(w.connection, doer(), c), "is open"),
        (lambda w, c: acts.log_contact(w.connection, doer(), c, "fax", "", "", None), "one of call, visit, reply"),
        (lambda w, c: acts.log_contact(w.connection, doer(), c, "visit", "", "x" * 2001, None), "at most 2,000"),
        (lambda w, c: acts.plan(w.connection, doer(), c + 99, TODAY, ""), "no such customer"),
        (lambda w, c: acts.hand_over(w.connection, doer(), c, 99, 4), "no such specialist"),
        (lambda w, c: acts.accept(w.connection, doer(), 99), "only a written call"),
        (lambda w, c: acts.assign_call(w.connection, doer(), w.source, "none", c), "waits no more"),
        (lambda w, c: acts.give_number(w.connection, doer(), ANNA, c), "is Baltic Steel's already"),
        (lambda w, c: acts.new_customer(w.connection, doer(), "+49301", " ", None), "a name is needed"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(world: World, doing: Doing, why: str) -> None:
    one = customer(world.connection, ANNA)
    before = everything(world.connection)
    with pytest.raises(RefusedError, match=why):
        doing(world, one)
    assert everything(world.connection) == before


def test_who_is_decided_on_is_past_the_window_again_after_as_many_contacts(world: World) -> None:
    one = customer(world.connection, ANNA)
    for day in range(30, 18, -1):
        world.call(f"c{day}", days_ago=day)
    assert read_queue(world.connection, CONFIG, NOW)[0].past
    acts.take_over(world.connection, doer(), one, 4)
    line = read_queue(world.connection, CONFIG, NOW)[0]
    assert (line.past, line.taken_by) == (False, "boss")
    for day in (18, 17, 16):
        world.call(f"c{day}", days_ago=day)
    assert not read_queue(world.connection, CONFIG, NOW)[0].past
    world.call("c15", days_ago=15)
    assert read_queue(world.connection, CONFIG, NOW)[0].past


def test_do_not_call_takes_a_customer_out_of_the_queue(world: World) -> None:
    one = customer(world.connection, ANNA)
    acts.do_not_call(world.connection, doer(), one, "asked us not to")
    assert read_queue(world.connection, CONFIG, NOW) == []
    story = read_story(world.connection, CONFIG, one, NOW)
    assert (story.dnc_us, story.dnc_why, story.dnc_by) == (NOW, "asked us not to", "boss")
    assert (story.line.group, story.line.reason) == ("nowhere", "do-not-call")


def test_a_reopened_customer_is_counted_from_one_again(world: World) -> None:
    one = customer(world.connection, ANNA)
    world.call("a", days_ago=2)
    world.connection.exec_driver_sql(f"UPDATE customer SET status = 'signed', closed_us = {NOW - DAY_US}")
    matching.recount(world.connection, NUMBERS, NOW)
    acts.reopen(world.connection, doer(), one)
    assert contacts(world.connection, one) == 0
    acts.log_contact(world.connection, doer(), one, "reply", "", "asks for the price", world.anna)
    assert contacts(world.connection, one) == 1


def test_a_written_call_counts_once_it_is_accepted(world: World) -> None:
    one = customer(world.connection, ANNA)
    world.call("a", days_ago=9)
    acts.log_contact(world.connection, doer(), one, "call", "", "rang from the car", world.anna)
    assert contacts(world.connection, one) == 1
    entry = read_story(world.connection, CONFIG, one, NOW).entries[0]
    assert (entry.kind, entry.mark, entry.number) == ("log", "unproved", None)
    assert entry.entry_id is not None
    before = everything(world.connection)
    acts.accept(world.connection, doer(), entry.entry_id)
    assert contacts(world.connection, one) == 2
    assert read_story(world.connection, CONFIG, one, NOW).entries[0].mark == "accepted"
    undo(world.connection, doer())
    assert everything(world.connection) == before


def test_a_call_to_a_shared_number_is_settled_by_a_person(world: World) -> None:
    one = customer(world.connection, ANNA)
    other = customer(world.connection, ANNA, company="Ruhr Pumpen", company_key="ruhr pumpen")
    world.call("a")
    world.call("b", days_ago=2)
    inbox = read_inbox(world.connection)
    assert [(line.number, line.calls, line.shared, line.who) for line in inbox] == [(ANNA, 1, True, "Anna Weber")] * 2
    assert inbox[0].candidates == ((one, "Baltic Steel"), (other, "Ruhr Pumpen"))
    before = everything(world.connection)
    acts.assign_call(world.connection, doer(), world.source, "a", other)
    assert (contacts(world.connection, one), contacts(world.connection, other)) == (0, 1)
    assert waiting(world.connection) == ["b"]
    undo(world.connection, doer())
    assert everything(world.connection) == before


def test_a_settled_call_stays_settled_when_its_source_edits_it(world: World) -> None:
    customer(world.connection, ANNA)
    other = customer(world.connection, ANNA)
    world.call("a")
    acts.assign_call(world.connection, doer(), world.source, "a", other)
    world.call("a", days_ago=2, raw="edited")
    assert contacts(world.connection, other) == 1
    assert waiting(world.connection) == []


@pytest.mark.parametrize("new", [True, False])
def test_a_number_that_nobody_has_becomes_somebodys(world: World, new: bool) -> None:
    one = customer(world.connection)
    world.call("a", "+493023125555")
    world.call("b", "+493023125555", days_ago=2)
    (line,) = read_inbox(world.connection)
    assert (line.calls, line.shared, line.group_id) == (2, False, None)
    standing = everything(world.connection)[-1]
    if new:
        words = acts.new_customer(world.connection, doer(), "+493023125555", "Vogt GmbH", None)
        one = find(world.connection, CONFIG, "vogt", NOW)[0].customer_id
    else:
        words = acts.give_number(world.connection, doer(), "+493023125555", one)
    assert words.endswith("2 contacts")
    assert contacts(world.connection, one) == 2
    assert read_inbox(world.connection) == []
    undo(world.connection, doer())
    assert len(read_inbox(world.connection)) == 1
    assert everything(world.connection)[-1] == standing
    assert contacts(world.connection, one) == 0


def test_a_number_that_is_no_customers_is_asked_about_no_more(world: World) -> None:
    world.call("a", "+493023125555")
    acts.no_customer(world.connection, doer(), "+493023125555")
    world.call("b", "+493023125555", days_ago=2)
    assert read_inbox(world.connection) == []
    undo(world.connection, doer())
    assert read_inbox(world.connection)[0].calls == 2


def test_customers_are_found_by_the_beginning_of_their_name_their_reference_and_their_number(world: World) -> None:
    one = customer(world.connection, ANNA, ref="C1")
    customer(world.connection, company="Other", company_key="other")
    for wanted in ("balt", "Baltic  STEEL", "c1", "030 23125001", ANNA):
        assert [line.customer_id for line in find(world.connection, CONFIG, wanted, NOW)] == [one], wanted
    assert find(world.connection, CONFIG, "nobody", NOW) == []


def test_a_story_tells_each_thing_once(world: World) -> None:
    one = customer(world.connection, ANNA)
    world.call("effective", days_ago=3)
    world.call("missed", days_ago=2, outcome="no_answer", talk_ms=0, answered_us=None)
    world.call("logged", days_ago=1)
    at = NOW - DAY_US + 90 * S  # within five minutes of the call
    entry = matching.NewEntry(one, at, TODAY - 1, "call", "hand", specialist_id=world.anna, note="wants the contract")
    matching.append_entries(world.connection, [entry], NUMBERS, NOW)
    acts.log_contact(world.connection, doer(), one, "visit", "met", "", world.boris)
    story = read_story(world.connection, CONFIG, one, NOW)
    assert [(e.kind, e.number, e.mark, e.text, e.who) for e in story.entries] == [
        ("contact", 3, "", "met", "Boris Wu"),
        ("contact", 2, "", "wants the contract", "Anna Weber"),
        ("call", None, "", "no answer", "Anna Weber"),
        ("contact", 1, "unlogged", "", "Anna Weber"),
    ]


def test_a_log_that_claims_much_more_than_was_talked_is_marked(world: World) -> None:
    one = customer(world.connection, ANNA)
    world.call("a")
    entry = matching.NewEntry(
        one, NOW - DAY_US, TODAY - 1, "call", "hand", specialist_id=world.anna, note="long", claimed_ms=20 * 60_000
    )
    matching.append_entries(world.connection, [entry], NUMBERS, NOW)
    assert [e.mark for e in read_story(world.connection, CONFIG, one, NOW).entries] == ["inflated"]


def test_the_story_of_a_merged_customer_is_that_of_the_one_it_is(world: World) -> None:
    one = customer(world.connection, ANNA)
    other = customer(world.connection, "+493023125002", company="Baltic Steel OÜ", company_key="baltic steel oü")
    world.call("a", days_ago=3)
    world.call("b", "+493023125002")
    before = everything(world.connection)
    customers.merge(world.connection, doer(), other, one)
    story = read_story(world.connection, CONFIG, other, NOW)
    assert story.line.customer_id == one
    assert [entry.number for entry in story.entries] == [2, 1]
    assert [number.number for number in story.numbers] == [ANNA, "+493023125002"]
    undo(world.connection, doer())
    assert everything(world.connection) == before
