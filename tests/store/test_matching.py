"""Effective calls become contacts, in whatever order calls, edits and customers come; and everything can be proved."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from store import calls, matching
from store.contacts import HAND
from store.engine import Store
from store.matching import NewEntry
from supervisor.duties.followups.counting import counting
from tests.store.customers_made import contacts, customer, ledger, naive, waiting
from tests.store.records import DAY, RULES, SECOND, at, leg, new_source

ANNA, BORIS = "+49301111111", "+49302222222"
NUMBERS = counting(1)


def ingest(connection: Connection, source: int, *legs: calls.LegValues) -> None:
    calls.ingest(connection, source, legs, RULES, None, 0)


def call(name: str, number: str = ANNA, **said: object) -> calls.LegValues:
    return leg(name, number=number, **said)


def prove(connection: Connection) -> None:
    """Nothing is to be put right."""
    assert matching.recount(connection, NUMBERS, 0) == (0, 0, 0, 0)


def test_an_effective_call_to_a_known_number_is_a_contact_at_once(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("a"))
        assert contacts(connection, anna) == 1
        assert ledger(connection, anna) == [(10 * DAY, 20260110, "phone", "a", 1)]
        assert waiting(connection) == []
        prove(connection)


def test_a_call_that_is_not_effective_or_comes_in_is_no_contact(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("short", talk_ms=29_999), call("in", direction="inbound"))
        assert contacts(connection, anna) == 0
        assert ledger(connection, anna) == waiting(connection) == []


def test_redialling_on_one_local_day_counts_once(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("a"), call("b", started_us=10 * DAY + 3600 * SECOND, day=20260110))
        ingest(connection, source, call("c", started_us=11 * DAY))
        assert contacts(connection, anna) == 2
        assert [row[3:] for row in ledger(connection, anna)] == [("a", 1), ("b", None), ("c", 2)]
        prove(connection)


def test_a_live_call_becomes_a_contact_when_it_has_become_effective(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        for progress in (0, 1, 2):
            ingest(connection, source, at(call("a"), progress))
            assert contacts(connection, anna) == 0
        ingest(connection, source, call("a"))
        assert contacts(connection, anna) == 1
        prove(connection)


def test_a_late_edit_is_corrected_by_a_counter_entry(store: Store) -> None:
    with store.write() as connection:
        source, anna, boris = new_source(connection), customer(connection, ANNA), customer(connection, BORIS)
        ingest(connection, source, call("a"), call("b", started_us=11 * DAY), call("c", started_us=12 * DAY))
        assert contacts(connection, anna) == 3
        ingest(connection, source, call("a", talk_ms=3_000))  # the first was too short after all
        assert contacts(connection, anna) == 2
        assert [row[3:] for row in ledger(connection, anna)] == [("b", 1), ("c", 2)]
        ingest(connection, source, call("b", BORIS, started_us=11 * DAY))  # and the second went to somebody else
        assert (contacts(connection, anna), contacts(connection, boris)) == (1, 1)
        assert connection.exec_driver_sql("SELECT count(*) FROM contact").scalar_one() == 6  # nothing is removed
        prove(connection)


def test_when_the_first_of_a_day_falls_the_second_takes_its_number(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("a"), call("b", started_us=10 * DAY + SECOND, day=20260110))
        ingest(connection, source, call("a", talk_ms=1))
        assert [row[3:] for row in ledger(connection, anna)] == [("b", 1)]
        assert contacts(connection, anna) == 1


def test_an_older_call_that_comes_later_is_counted_where_it_belongs(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("late", started_us=12 * DAY))
        ingest(connection, source, call("early", started_us=9 * DAY))
        assert [row[3:] for row in ledger(connection, anna)] == [("early", 1), ("late", 2)]


def test_the_same_records_again_change_nothing(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        records = [call("a"), call("b", started_us=11 * DAY), call("c", "+49305555555")]
        ingest(connection, source, *records)
        before = connection.exec_driver_sql("SELECT * FROM contact ORDER BY id").all()
        ingest(connection, source, *records)
        assert connection.exec_driver_sql("SELECT * FROM contact ORDER BY id").all() == before
        assert waiting(connection) == ["c"]
        assert contacts(connection, anna) == 2


def test_a_shared_number_matches_nobody_and_waits(store: Store) -> None:
    with store.write() as connection:
        source = new_source(connection)
        anna, other = customer(connection, ANNA), customer(connection, ANNA)
        ingest(connection, source, call("a"), call("b", "+49305555555"))
        assert waiting(connection) == ["a", "b"]
        assert contacts(connection, anna) == contacts(connection, other) == 0
        prove(connection)


def test_calls_that_wait_become_contacts_when_their_number_is_somebodys(store: Store) -> None:
    with store.write() as connection:
        source = new_source(connection)
        ingest(connection, source, call("a"), call("b", started_us=11 * DAY))
        assert waiting(connection) == ["a", "b"]
        anna = customer(connection, ANNA)
        assert matching.keep_of_numbers(connection, [ANNA], NUMBERS, 0) == 2
        assert waiting(connection) == []
        assert contacts(connection, anna) == 2
        prove(connection)


def test_a_number_that_becomes_shared_leaves_what_was_counted(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("a"))
        other = customer(connection, ANNA)
        matching.keep_of_numbers(connection, [ANNA], NUMBERS, 0)
        ingest(connection, source, call("b", started_us=11 * DAY))
        assert (contacts(connection, anna), contacts(connection, other)) == (1, 0)
        assert waiting(connection) == ["b"]
        prove(connection)


def test_a_number_that_cannot_be_told_is_matched_as_it_was_dialled(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, "4711")
        ingest(connection, source, leg("a", number=None, to_raw="4711"))
        assert contacts(connection, anna) == 1


def test_what_is_written_by_hand_counts_by_the_rule(store: Store) -> None:
    def written(at_us: int, channel: str, accepted: str = "") -> NewEntry:
        day = 20260100 + at_us // DAY
        return NewEntry(anna, at_us, day, channel, HAND, entered_by="ann", accepted_by=accepted)

    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("a"))
        entries = [
            written(9 * DAY, "call"),  # before the floor's first call: history
            written(10 * DAY + SECOND, "call"),  # no call behind it
            written(11 * DAY, "visit"),
            written(12 * DAY, "reply"),
            written(13 * DAY, "call", "ann"),
        ]
        matching.append_entries(connection, entries, NUMBERS, 0)
        assert [row[4] for row in ledger(connection, anna)] == [1, 2, None, 3, 4, 5]
        prove(connection)


def test_history_ends_where_older_call_records_come_in(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        for at_us, day in ((5 * DAY, 20260105), (9 * DAY, 20260109)):
            matching.append_entries(connection, [NewEntry(anna, at_us, day, "call", HAND)], NUMBERS, 0)
        assert contacts(connection, anna) == 2  # no call is known at all
        ingest(connection, source, call("a"))
        assert contacts(connection, anna) == 3
        ingest(connection, source, call("old", BORIS, started_us=7 * DAY))
        assert [row[4] for row in ledger(connection, anna)] == [1, None, 2]
        prove(connection)


def test_counting_ends_where_the_customer_is_closed_and_begins_where_it_was_opened(store: Store) -> None:
    with store.write() as connection:
        source = new_source(connection)
        anna = customer(connection, ANNA, opened_us=10 * DAY, closed_us=12 * DAY)
        for number, at_us in enumerate((9 * DAY, 10 * DAY, 12 * DAY - 1, 12 * DAY)):
            ingest(connection, source, call(f"c{number}", started_us=at_us, day=20260100 + at_us // DAY))
        assert [row[4] for row in ledger(connection, anna)] == [None, 1, 2, None]
        prove(connection)


def test_the_ledger_cannot_be_changed_but_for_its_derived_number(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("a"))
    for statement in (
        "DELETE FROM contact",
        "UPDATE contact SET at_us = 1",
        f"UPDATE contact SET customer_id = {anna}",
        "UPDATE contact SET counters = id",
    ):
        with pytest.raises(IntegrityError, match="append-only"), store.write() as connection:
            connection.execute(text(statement))
    with store.write() as connection:
        connection.execute(text("UPDATE contact SET number = 7"))
        assert matching.recount(connection, NUMBERS, 0) == (0, 1, 0, 0)


def test_a_recount_puts_right_what_was_damaged(store: Store) -> None:
    with store.write() as connection:
        source, anna = new_source(connection), customer(connection, ANNA)
        ingest(connection, source, call("a"), call("b", started_us=11 * DAY), call("c", "+49305555555"))
        connection.execute(text("UPDATE customer SET contacts = 9, last_us = 0"))
        connection.execute(text("UPDATE call SET effective = 0 WHERE group_id = 'a'"))
        connection.execute(text("DELETE FROM waiting_call"))
        connection.execute(text("UPDATE contact_histogram SET live = 5"))
        found = matching.recount(connection, NUMBERS, 0)
        assert found.entries == 1 and found.histogram
        assert contacts(connection, anna) == 1
        assert waiting(connection) == ["c"]
        prove(connection)


STEP = st.tuples(
    st.sampled_from(["call", "edit", "customer"]), st.integers(0, 5), st.integers(0, 3), st.integers(8, 12)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=14), seed=st.integers(0, 9))
def test_in_whatever_order_things_come_the_ledger_is_what_a_naive_count_says(
    store: Store, steps: list[tuple[str, int, int, int]], seed: int
) -> None:
    numbers = [ANNA, BORIS, "+49303333333", "+49304444444"]
    chance = random.Random(seed)
    with store.write() as connection:
        connection.execute(text("SAVEPOINT here"))
        source = new_source(connection)
        pending: list[calls.LegValues] = []
        for what, which, number, day in steps:
            if what == "customer":
                ingest(connection, source, *pending)
                pending.clear()
                # each number is given once, so that no call was ever told whose it was and is shared later
                if not connection.execute(
                    text("SELECT 1 FROM customer_number WHERE number = :n"), {"n": numbers[number]}
                ).first():
                    customer(connection, numbers[number])
                    matching.keep_of_numbers(connection, [numbers[number]], NUMBERS, 0)
            else:
                talk = 60_000 if what == "call" else chance.choice([1_000, 45_000])
                pending.append(call(f"c{which}", numbers[number], started_us=day * DAY + which, talk_ms=talk))
        ingest(connection, source, *pending)
        counted, waits = naive(connection)
        found = {
            row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, contacts FROM customer").all() if row[1]
        }
        assert found == counted
        assert waiting(connection) == waits
        prove(connection)
        connection.execute(text("ROLLBACK TO SAVEPOINT here"))
