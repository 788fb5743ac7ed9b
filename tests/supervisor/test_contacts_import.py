"""Contacts brought in: whose they are, what is known, what replaces what, and how they count."""

from __future__ import annotations

from datetime import datetime

import pytest
from openpyxl import Workbook

from supervisor import exchange
from tests.supervisor.exchanging import DAY_US, NOW_US, Floor, floor, quick

__all__ = ["floor", "quick"]

CUSTOMERS = "ref,company,phones\nA,Acme,030 1234567\nB,Bolt,030 7654321;4711\nC,Bolt,030 7654321\n"
HEADER = "customer,at,specialist,channel,outcome,note,minutes\n"
ENTRIES = (
    "SELECT c.ref, e.at_us, e.day, s.name, e.channel, e.origin, e.outcome, e.note, e.claimed_ms, e.entered_by, "
    "e.number, e.counters IS NOT NULL FROM contact e JOIN customer c ON c.id = e.customer_id "
    "LEFT JOIN specialist s ON s.id = e.specialist_id ORDER BY e.id"
)
TEN_US = NOW_US - 3 * 3_600_000_000
"""10:00 of that day."""


def test_a_contact_is_a_written_entry_and_the_same_file_again_changes_nothing(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    table = (
        f'{HEADER}A,2025-11-28 10:00,Anna,Call,interested,"said ""yes"", soon",3.5\n4711,28.11.2025 10:00,,visit,,,\n'
    )
    assert floor.bring("contacts", table) == (2, 0, 0, 0)
    assert sorted(floor.rows(ENTRIES)) == [
        ("A", TEN_US, 20251128, "Anna", "call", "hand", "interested", 'said "yes", soon', 210_000, "sue", 1, 0),
        ("B", TEN_US, 20251128, None, "visit", "hand", "", "", None, "sue", 1, 0),
    ]
    before = floor.state(), floor.rows("SELECT count(*) FROM journal")
    floor.at(NOW_US + DAY_US)
    assert floor.bring("contacts", table) == (0, 0, 2, 0)
    assert (floor.state(), floor.rows("SELECT count(*) FROM journal")) == before
    assert floor.histogram() == [(0, 1, 1, 0), (1, 2, 2, 0)]


@pytest.mark.parametrize(
    ("customer", "ref"),
    [("A", "A"), ("ACME", "A"), (" ａcme ", "A"), ("030/1234567", "A"), ("+49301234567", "A"), ("47-11", "B")],
)
def test_a_customer_is_named_by_reference_number_or_company(quick: Floor, customer: str, ref: str) -> None:
    quick.bring("customers", CUSTOMERS)
    assert quick.bring("contacts", f"customer,at\n{customer},2025-11-28 10:00\n") == (1, 0, 0, 0)
    assert quick.rows(ENTRIES)[0][0] == ref


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",2025-11-28 10:00,,,,,", "no customer; expected a reference, a number or a company"),
        ("Nobody,2025-11-28 10:00,,,,,", "there is no customer 'Nobody'"),
        ("bolt,2025-11-28 10:00,,,,,", "two customers are called 'bolt'; name a number"),
        ("030 7654321,2025-11-28 10:00,,,,,", "2 customers have the number '030 7654321'; name the reference"),
        ("A,,,,,,", "no at; write YYYY-MM-DD HH:MM"),
        ("A,3/4/2025 10:00,,,,,", "could be two days"),
        ("A,2025-11-28 25:00,,,,,", "is not a moment"),
        ("A,1969-12-31 10:00,,,,,", "expected a moment from 1970"),
        ("A,2025-11-29 13:01,,,,,", "still to come"),
        ("A,2025-11-28 10:00,Ana,,,,", "did you mean 'Anna'?"),
        ("A,2025-11-28 10:00,,cal,,,", "channel is 'cal'; did you mean 'call'?"),
        (f"A,2025-11-28 10:00,,,{'x' * 201},,", "outcome has 201 characters"),
        (f"A,2025-11-28 10:00,,,,{'x' * 2001},", "note has 2,001 characters"),
        ("A,2025-11-28 10:00,,,,,3:25", "minutes is '3:25'; expected a number like 3.5"),
        ("A,2025-11-28 10:00,,,,,-1", "minutes is '-1'"),
        ("A,2025-11-28 10:00,,,,,1441", "at most 1440"),
    ],
)
def test_a_row_that_does_not_do_is_refused_and_the_rest_goes_in(quick: Floor, row: str, words: str) -> None:
    quick.bring("customers", CUSTOMERS)
    assert quick.bring("contacts", f"{HEADER}{row}\nA,2025-11-28 11:00,,,,,\n") == (1, 0, 0, 1)
    ((number, reason, *_),) = quick.rejects("contacts")
    assert number == "2" and words in reason, reason
    assert len(quick.rows(ENTRIES)) == 1


def test_up_to_a_day_ahead_a_clock_may_be_wrong(quick: Floor) -> None:
    quick.bring("customers", CUSTOMERS)
    assert quick.bring("contacts", "customer,at\nA,2025-11-29 13:00\n") == (1, 0, 0, 0)


def test_another_outcome_note_or_length_replaces_the_written_entry(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    floor.bring("contacts", f"{HEADER}A,2025-11-28 10:00,Anna,visit,met,nobody there,\n")
    assert floor.bring("contacts", f"{HEADER}A,2025-11-28 10:00,Anna,visit,met,the director,20\n") == (0, 1, 0, 0)
    told = [(row[7], row[8], row[11]) for row in floor.rows(ENTRIES)]
    assert sorted(told) == [("nobody there", None, 0), ("nobody there", None, 1), ("the director", 1_200_000, 0)]
    assert [row["note"] for row in floor.listed("contacts")] == ["the director"]
    assert floor.bring("contacts", f"{HEADER}A,2025-11-28 10:00,Anna,visit,met,the director,20\n") == (0, 0, 1, 0)
    assert floor.bring("contacts", f"{HEADER}A,2025-11-28 10:00,Bob,visit,met,the director,20\n") == (1, 0, 0, 0)
    assert floor.bring("contacts", f"{HEADER}A,2025-11-28 10:00,Anna,reply,met,,\n") == (1, 0, 0, 0)
    assert floor.histogram() == [(0, 2, 2, 0), (1, 1, 1, 0)], "of one day one contact counts"


def test_columns_that_are_not_there_change_nothing(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    floor.bring("contacts", f"{HEADER}A,2025-11-28 10:00,Anna,visit,met,the director,20\n")
    before = floor.state()
    assert floor.bring("contacts", "customer,at\nA,2025-11-28 10:00\n") == (0, 0, 1, 0)
    assert floor.state() == before
    assert floor.bring("contacts", "customer,at,outcome\nA,2025-11-28 10:00,signed soon\n") == (0, 1, 0, 0)
    (row,) = floor.listed("contacts")
    assert (row["specialist"], row["channel"], row["outcome"], row["note"], row["minutes"]) == (
        "Anna", "visit", "signed soon", "the director", "20",
    )  # fmt: skip


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_two_entries_of_one_moment_stand_side_by_side(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(exchange, "BATCH", batch)
    floor.bring("customers", CUSTOMERS)
    table = HEADER + "A,2025-11-28 10:00,Anna,call,,first,\nA,2025-11-28 10:00,Anna,call,,second,\n" * 2
    assert floor.bring("contacts", table) == (2, 0, 2, 0)
    assert floor.bring("contacts", table) == (0, 0, 4, 0)
    assert floor.bring("contacts", table.replace("first", "third")) == (0, 1, 3, 0)
    assert sorted(row["note"] for row in floor.listed("contacts")) == ["second", "third"]


def test_an_entry_of_the_phones_is_known_by_whose_phone_it_was_and_its_talk(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    floor.call("g1", "+49301234567", TEN_US, talk_ms=100_000)
    exported = floor.out("contacts")
    assert exported.splitlines()[1] == "A,2025-11-28 10:00:00+01:00,Anna,call,,,1.66667,Acme,1,yes,phone"
    before = floor.state()
    assert floor.bring("contacts", exported) == (0, 0, 1, 0)
    assert floor.state() == before
    assert floor.bring("contacts", f"{HEADER}A,2025-11-28 10:00,Anna,call,interested,,\n") == (1, 0, 0, 0)
    assert [(row["source"], row["counted"]) for row in floor.listed("contacts")] == [("phone", "yes"), ("hand", "no")]
    assert floor.bring("contacts", floor.out("contacts")) == (0, 0, 2, 0), "the phones' entry is never taken back"


def test_written_calls_count_while_they_are_history(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    rows = "".join(f"A,2025-11-{day} 10:00,Anna,call,,,\n" for day in range(10, 20))
    floor.bring("contacts", HEADER + rows)
    assert floor.rows("SELECT contacts FROM customer WHERE ref = 'A'") == [(10,)]
    floor.call("g1", "+4930999", NOW_US - 10 * DAY_US)  # the 18th, 13:00
    assert floor.rows("SELECT contacts FROM customer WHERE ref = 'A'") == [(9,)]
    assert floor.bring("contacts", f"{HEADER}A,2025-11-20 10:00,,call,,,\nA,2025-11-09 10:00,,call,,,\n") == (
        2,
        0,
        0,
        0,
    )
    assert floor.rows("SELECT contacts FROM customer WHERE ref = 'A'") == [(10,)]
    assert [row["number"] for row in floor.listed("contacts")] == [*map(str, range(1, 11)), "", ""]


def test_contacts_of_a_double_are_whom_it_was_merged_into(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    floor.bring("contacts", f"{HEADER}B,2025-11-27 10:00,,visit,,before,\n")
    floor.run("customers", "merge", "B", "A")
    table = f"{HEADER}B,2025-11-27 10:00,,visit,,before,\nB,2025-11-28 10:00,,visit,,after,\n"
    assert floor.bring("contacts", table) == (1, 0, 1, 0)
    assert [(row["customer"], row["note"], row["number"]) for row in floor.listed("contacts")] == [
        ("A", "before", "1"),
        ("A", "after", "2"),
    ]
    assert floor.bring("contacts", f"{HEADER}A,2025-11-27 10:00,,visit,,changed,\n") == (0, 1, 0, 0)


def test_a_sheets_moments_and_numbers(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    ten = datetime(2025, 11, 28, 10, 0)  # noqa: DTZ001  # a sheet's moments have no zone
    book = Workbook()
    book.active.append(["customer", "at", "channel", "minutes"])
    book.active.append(["A", ten, "visit", 2.5])
    book.active.append([4711, ten, "reply", 3])
    path = floor.folder / "contacts.xlsx"
    book.save(path)
    assert floor.summary("contacts", str(path))["new"] == 2
    assert sorted((row[0], row[1], row[8]) for row in floor.rows(ENTRIES)) == [
        ("A", TEN_US, 150_000),
        ("B", TEN_US, 180_000),
    ]
    assert floor.summary("contacts", str(path))["known"] == 2
