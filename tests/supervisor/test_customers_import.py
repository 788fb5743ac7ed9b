"""Customers brought in: who is the same, what changes, what is refused, and calls that waited for them."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from supervisor import exchange
from supervisor.duties.followups import acts
from supervisor.duties.orders import acts as order_acts
from tests.supervisor.exchanging import DAY_US, NOW_US, Floor, floor, quick

__all__ = ["floor", "quick"]

CUSTOMER = (
    "SELECT ref, company, company_key, region, type, tier, registered, status, dnc_us, dnc_why, dnc_by, time_zone, "
    "next_day, next_note FROM customer ORDER BY id"
)
NUMBERS = "SELECT c.ref, n.number, n.raw FROM customer_number n JOIN customer c ON c.id = n.customer_id ORDER BY n.id"
FULL = (
    "Company,Person,Phones,Region,Type,Tier,Registered,Owner,Status,Do not call,Time zone,Ref,Next contact,Next note\n"
    "Acme  GmbH,Ada; Bo,030 1234567;0171-2345678,Berlin,trade,Major,x,Anna,open,no,Europe/Vienna,A-1,1.12.2025,ring\n"
    "=Evil,,4711,,,,,,,asked us to stop,,,,\n"
)


def test_every_column_is_kept_and_the_same_file_again_changes_nothing(floor: Floor) -> None:
    assert floor.bring("customers", FULL) == (2, 0, 0, 0)
    assert floor.rows(CUSTOMER) == [
        ("A-1", "Acme GmbH", "acme gmbh", "Berlin", "trade", 0, 1, "open", None, "", "", "Europe/Vienna", 20251201,
         "ring"),
        ("C000002", "=Evil", "=evil", "", "", 3, 0, "prospect", NOW_US, "asked us to stop", "sue", "", None, ""),
    ]  # fmt: skip
    assert floor.rows(NUMBERS) == [
        ("A-1", "+49301234567", "030 1234567"),
        ("A-1", "+491712345678", "0171-2345678"),
        ("C000002", "4711", "4711"),
    ]
    assert floor.rows("SELECT name FROM customer_person ORDER BY id") == [("Ada",), ("Bo",)]
    before, journal = floor.state(), floor.rows("SELECT count(*) FROM journal")
    floor.at(NOW_US + DAY_US)
    assert floor.bring("customers", FULL) == (0, 0, 2, 0)
    assert floor.state() == before and floor.rows("SELECT count(*) FROM journal") == journal
    assert floor.histogram() == [(0, 2, 1, 0)]


def test_what_a_row_does_not_tell_stays_and_an_empty_cell_empties(floor: Floor) -> None:
    floor.bring("customers", FULL)
    before = floor.state()
    assert floor.bring("customers", "ref,company\nA-1,Acme GmbH\n") == (0, 0, 1, 0)
    assert floor.state() == before
    told = "ref,company,person,phones,region,type,tier,registered,owner,status,time_zone,next_contact,next_note\n"
    assert floor.bring("customers", f"{told}A-1,Acme GmbH,Cy,,,,,,,,,,\n") == (0, 1, 0, 0)
    row = floor.rows(CUSTOMER)[0]
    assert row[3:8] == ("", "", 3, 0, "open") and row[11:] == ("", None, ""), "a status is never empty: it stays"
    assert floor.rows("SELECT owner_id FROM customer WHERE ref = 'A-1'") == [(None,)]
    assert len(floor.rows(NUMBERS)) == 3, "numbers and people are added, never removed"
    assert floor.rows("SELECT name FROM customer_person ORDER BY id") == [("Ada",), ("Bo",), ("Cy",)]


def test_a_block_keeps_its_beginning_and_is_lifted_by_no(floor: Floor) -> None:
    floor.bring("customers", "ref,company,do_not_call\nA,Acme,yes\nB,Bolt,\n")
    blocked = "SELECT ref, dnc_us, dnc_why, dnc_by FROM customer ORDER BY ref"
    assert floor.rows(blocked) == [("A", NOW_US, "", "sue"), ("B", None, "", "")]
    floor.at(NOW_US + DAY_US)
    assert floor.bring("customers", "ref,company,do_not_call\nA,Acme,their lawyer wrote\n") == (0, 1, 0, 0)
    assert floor.rows(blocked)[0] == ("A", NOW_US, "their lawyer wrote", "sue")
    assert floor.bring("customers", "ref,company,do_not_call\nA,Acme,ja\n") == (0, 0, 1, 0), "a reason is not lost"
    assert floor.histogram() == [(0, 2, 1, 0)]
    assert floor.bring("customers", "ref,company,do_not_call\nA,Acme,nein\n") == (0, 1, 0, 0)
    assert floor.rows(blocked)[0] == ("A", None, "", "")
    assert floor.histogram() == [(0, 2, 2, 0)]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("company", "", "no company"),
        ("company", "x" * 201, "company has 201 characters, at most 200"),
        ("person", "y" * 201, "person has 201 characters"),
        ("phones", "030 1234567;ab", "'ab' is no telephone number"),
        ("phones", "12", "at least 3 digits"),
        ("region", "z" * 121, "region has 121 characters"),
        ("type", "z" * 121, "type has 121 characters"),
        ("tier", "mayor", "tier is 'mayor'; did you mean 'major'?"),
        ("registered", "maybe", "registered is 'maybe'; expected yes or no"),
        ("owner", "Ana", "there is no specialist 'Ana'; did you mean 'Anna'?"),
        ("status", "sold", "status is 'sold'; expected one of prospect, open, signed, lost, parked"),
        ("status", "opened", "did you mean 'open'?"),
        ("do_not_call", "w" * 501, "do_not_call has 501 characters"),
        ("time_zone", "Europe/Berlinn", "did you mean 'Europe/Berlin'?"),
        ("ref", "r" * 81, "ref has 81 characters"),
        ("next_contact", "3/4/2026", "could be two days"),
        ("next_contact", "31.2.2026", "does not exist"),
        ("next_note", "n" * 2001, "next_note has 2,001 characters, at most 2,000"),
        ("opened", "soon", "is not a date"),
        ("closed", "1969-12-31", "expected a moment from 1970"),
    ],
)
def test_a_cell_that_does_not_do_is_refused_by_name_and_the_rest_goes_in(
    quick: Floor, column: str, cell: str, words: str
) -> None:
    header = ["company", column] if column != "company" else ["company", "region"]
    bad = ["Acme", cell] if column != "company" else [cell, "north"]
    assert quick.bring("customers", f"{','.join(header)}\n{','.join(bad)}\nGood,\n") == (1, 0, 0, 1)
    ((row, reason, *record),) = quick.rejects("customers")
    assert row == "2" and words in reason, reason
    assert record == [value if len(value) < 500 else record[place] for place, value in enumerate(bad)]
    assert quick.rows("SELECT company FROM customer") == [("Good",)]


def test_a_file_of_which_nothing_can_be_used_stores_nothing(quick: Floor) -> None:
    assert "nothing is stored; row 2: tier is 'gold'" in quick.refusal("customers", "company,tier\nAcme,gold\n")
    assert "no column for company" in quick.refusal("customers", "tier\nmajor\n")
    assert quick.rows("SELECT count(*) FROM customer") == [(0,)]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("030 1234567", "+49301234567"),
        ("(030) 123-45.67", "+49301234567"),
        ("+49 (0)30 / 1234567", "+49301234567"),
        ("0049 30 1234567", "+49301234567"),
        ("+1 212 555 0123", "+12125550123"),
        ("12 3", "123"),
        ("ext. 123", "ext123"),
        ("１２３", "１２３"),
    ],
)
def test_numbers_are_found_as_calls_tell_them(quick: Floor, cell: str, number: str) -> None:
    quick.bring("customers", f'company,phones\nAcme,"{cell};{cell}"\n')
    assert quick.rows("SELECT number, raw FROM customer_number") == [(number, cell)]


# -- who is the same --------------------------------------------------------------------------------------------------


def of(*rows: str) -> str:
    return "\n".join(("company,phones,region", *rows, ""))


def test_the_same_company_with_a_number_in_common_is_one_customer(floor: Floor) -> None:
    assert floor.bring("customers", of("Acme,030 1234567,Berlin")) == (1, 0, 0, 0)
    assert floor.bring("customers", of("ＡＣＭＥ ,030 1234567;030 7654321,Berlin")) == (0, 1, 0, 0)
    assert floor.bring("customers", of("Acme,030 7654321,Berlin")) == (0, 1, 0, 0), "the name is as it was told last"
    assert floor.bring("customers", of("Acme,030 9999999,Berlin")) == (1, 0, 0, 0), "no number in common: another one"
    assert floor.bring("customers", of("Acne,030 1234567,Berlin")) == (1, 0, 0, 0), "another company: another one"
    assert [row["company"] for row in floor.listed("customers")] == ["Acme", "Acme", "Acne"]


def test_without_numbers_company_and_region_tell(floor: Floor) -> None:
    floor.bring("customers", of("Acme,,Berlin"))
    assert floor.bring("customers", of("Acme,,Berlin")) == (0, 0, 1, 0)
    assert floor.bring("customers", of("Acme,,Hamburg")) == (1, 0, 0, 0), "another region: another one"
    assert floor.bring("customers", of("Acme,030 1234567,Berlin")) == (0, 1, 0, 0), "that one has no number yet"
    assert floor.bring("customers", of("Acme,,Berlin")) == (0, 0, 1, 0), "the row has none, and there is one alone"
    assert floor.bring("customers", of("Acme,030 7654321,Berlin")) == (1, 0, 0, 0), "each has a number, not the same"
    assert floor.bring("customers", of("Acme,,Berlin")) == (1, 0, 0, 0), "which of the two? it is kept as a third"
    assert floor.bring("customers", of("Acme,,Berlin")) == (0, 0, 1, 0)
    assert floor.bring("customers", "company\nAcme\n") == (0, 0, 1, 0), "no region is told: any does"


def test_rows_of_one_file_about_one_customer_add_up_and_must_agree(floor: Floor) -> None:
    table = (
        "company,person,phones,region,type\nAcme,Ada,030 1234567,Berlin,trade\nAcme,Bo,030 1234567,Berlin,trade\n"
        "Acme,Cy,030 1234567,Berlin,crafts\nAcme,Bo,030 1234567,Berlin,trade\n"
    )
    assert floor.bring("customers", table) == (1, 1, 1, 1)
    assert floor.rejects("customers")[0][1] == "it is the customer of row 2, which says otherwise: type"
    before = floor.state()
    assert floor.bring("customers", table) == (0, 0, 3, 1)
    assert floor.state() == before
    assert floor.listed("customers")[0]["person"] == "Ada; Bo"


def test_a_known_reference_tells_whatever_else_is_said(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones,region\nA,Acme,030 1234567,Berlin\n")
    assert floor.bring("customers", "ref,company,phones,region\nA,Bolt AG,030 7654321,Hamburg\n") == (0, 1, 0, 0)
    (row,) = floor.listed("customers")
    assert (row["company"], row["region"], row["phones"]) == ("Bolt AG", "Hamburg", "+49301234567; +49307654321")
    assert floor.bring("customers", of("bolt ag,030 1234567,Hamburg")) == (0, 1, 0, 0), "it is found by its new name"


def test_a_reference_of_theirs_takes_the_place_of_ours_and_of_no_other(floor: Floor) -> None:
    floor.bring("customers", of("Acme,030 1234567,Berlin"))
    assert floor.listed("customers")[0]["ref"] == "C000001"
    assert floor.bring("customers", "ref,company,phones\nK-7,Acme,030 1234567\n") == (0, 1, 0, 0)
    assert floor.listed("customers")[0]["ref"] == "K-7"
    assert floor.bring("customers", "ref,company,phones\nK-8,Acme,030 1234567\n") == (1, 0, 0, 0), "they say: another"
    assert floor.bring("customers", "ref,company,phones\nK-7,Acme,030 1234567\nK-8,Acme,\n") == (0, 0, 2, 0)
    assert floor.bring("customers", of("Acme,030 1234567,Berlin")) == (0, 0, 1, 0)


def test_references_of_our_making_clash_with_none(floor: Floor) -> None:
    floor.bring("customers", "ref,company\nC000002,Taken\n")
    assert floor.bring("customers", "ref,company\n,Acme\nC000004,Bolt\n,Cog\n") == (3, 0, 0, 0)
    refs = {row["company"]: row["ref"] for row in floor.listed("customers")}
    assert refs == {"Taken": "C000002", "Acme": "C000002-2", "Bolt": "C000004", "Cog": "C000004-2"}


def test_a_reference_that_a_later_batch_claims_was_not_ours_to_give(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "BATCH", 1)
    assert floor.bring("customers", "ref,company\n,Acme\nC000001,Bolt\n") == (2, 0, 0, 0)
    refs = {row["company"]: row["ref"] for row in floor.listed("customers")}
    assert refs == {"Acme": "C000001-2", "Bolt": "C000001"}


def test_a_row_of_a_merged_customer_is_known_and_changes_nothing(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones,type\nA,Acme,030 1234567,trade\nB,Acme Ltd,030 7654321,\n")
    floor.run("customers", "merge", "A", "B")
    before = floor.state()
    assert floor.bring("customers", "ref,company,phones,type\nA,Acme Inc,030 5555555,x\n") == (0, 0, 1, 0)
    assert floor.bring("customers", "company,phones,type\nAcme,030 1234567,y\n") == (0, 0, 1, 0)
    assert floor.bring("customers", "ref,company,phones\nB,Acme Ltd,030 1234567\n") == (0, 0, 1, 0), "it has it already"
    assert floor.state() == before


# -- calls ------------------------------------------------------------------------------------------------------------


def test_calls_that_waited_become_contacts_when_their_customer_arrives(floor: Floor) -> None:
    for day in range(3):
        floor.call(f"g{day}", "+49301234567", NOW_US - (3 - day) * DAY_US)
    floor.call("short", "+49301234567", NOW_US, talk_ms=5_000)
    floor.call("extension", "4711", NOW_US - DAY_US)
    assert floor.rows("SELECT count(*) FROM waiting_call") == [(4,)]
    assert floor.bring("customers", of("Acme,030-1234567,", "Bolt,47 11,")) == (2, 0, 0, 0)
    assert floor.rows("SELECT count(*) FROM waiting_call") == [(0,)]
    assert [(row["company"], row["contacts"]) for row in floor.listed("customers")] == [("Acme", "3"), ("Bolt", "1")]
    assert floor.histogram() == [(1, 1, 1, 0), (3, 1, 1, 0)]
    assert [row["number"] for row in floor.listed("contacts")] == ["1", "2", "3", "1"]


def test_a_number_that_a_second_customer_brings_leaves_the_contacts_of_the_first(floor: Floor) -> None:
    floor.bring("customers", of("Acme,030 1234567,"))
    floor.call("g1", "+49301234567", NOW_US - DAY_US)
    assert floor.bring("customers", of("Bolt,030 1234567,")) == (1, 0, 0, 0)
    floor.call("g2", "+49301234567", NOW_US)
    assert floor.rows("SELECT group_id FROM waiting_call") == [("g2",)]
    assert [row["contacts"] for row in floor.listed("customers")] == ["1", "0"]
    assert floor.histogram() == [(0, 1, 1, 0), (1, 1, 1, 0)]


def test_opened_and_closed_bound_what_counts(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones\nA,Acme,030 1234567\n")
    for day in range(4):
        floor.call(f"g{day}", "+49301234567", NOW_US - (4 - day) * DAY_US)
    assert floor.listed("customers")[0]["contacts"] == "4"
    table = "ref,company,opened,closed\nA,Acme,2025-11-25,2025-11-27 00:00\n"
    assert floor.bring("customers", table) == (0, 1, 0, 0)
    assert floor.listed("customers")[0]["contacts"] == "2"
    assert floor.bring("customers", table) == (0, 0, 1, 0)
    reason = floor.refusal("customers", "ref,company,opened,closed\nA,Acme,2025-11-25,2025-11-20\n")
    assert "closed (2025-11-20) before it was opened (2025-11-25)" in reason


def test_who_is_told_to_be_signed_is_closed_from_then_on(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones\nA,Acme,030 1234567\n")
    assert floor.bring("customers", "ref,company,status\nA,Acme,signed\n") == (0, 1, 0, 0)
    floor.call("late", "+49301234567", NOW_US + 3_600_000_000)
    assert floor.rows("SELECT status, closed_us, contacts FROM customer") == [("signed", NOW_US, 0)]
    assert floor.histogram() == [(0, 1, 0, 1)]
    assert floor.bring("customers", "ref,company,status\nA,Acme,open\n") == (0, 1, 0, 0)
    assert floor.rows("SELECT status, closed_us, contacts FROM customer") == [("open", None, 1)]


# -- files ------------------------------------------------------------------------------------------------------------


def test_columns_of_other_names_are_guessed_told_or_mapped(floor: Floor) -> None:
    table = "Firma;Telefon;Ansprechpartner;Betreuer\nAcme;030 1234567;Ada;Anna\n"
    assert floor.bring("customers", table) == (1, 0, 0, 0)
    assert floor.listed("customers")[0]["owner"] == "Anna"
    table = "name;tel\nBolt;030 7654321\n"
    assert floor.bring("customers", table, "--map", "company=name", "--map", "phones=tel") == (1, 0, 0, 0)
    with (floor.folder / "supervisor.toml").open("a") as file:
        file.write('[mappings.crm]\ncompany = "name"\nphones = "tel"\n')
    assert floor.bring("customers", table, "--mapping", "crm") == (0, 0, 1, 0)
    assert "no column 'nome'" in floor.refusal("customers", table, "--map", "company=nome")


def test_a_sheet_is_read_as_a_text_is(floor: Floor) -> None:
    book = Workbook()
    book.active.append(["company", "phones", "registered", "tier"])
    book.active.append(["Acme", 493012345670, True, "important"])
    book.active.append(["=1+1", 4711, False, None])
    book.active["A3"].data_type = "s"
    path = floor.folder / "customers.xlsx"
    book.save(path)
    assert floor.summary("customers", str(path))["new"] == 2
    assert floor.rows("SELECT company, registered, tier FROM customer ORDER BY id") == [("Acme", 1, 1), ("=1+1", 0, 3)]
    assert [number for _, number, _ in floor.rows(NUMBERS)] == ["+493012345670", "4711"]
    assert floor.summary("customers", str(path))["known"] == 2


def test_batches_make_no_difference_and_an_interrupted_file_goes_on(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "BATCH", 7)
    rows = [f"Company {n % 40},030 {2000000 + n % 40},R{n % 3}" for n in range(40)]
    table = of(*rows, "Bad,1,")
    broken = of(*rows[:20])
    assert floor.bring("customers", broken) == (20, 0, 0, 0), "what an import that was stopped had stored"
    assert floor.bring("customers", table) == (20, 0, 20, 1)
    assert floor.bring("customers", table) == (0, 0, 40, 1)
    assert floor.histogram() == [(0, 40, 40, 0)]
    assert [row[0] for row in floor.rows("SELECT detail FROM journal WHERE what = 'imported customers'")] == [
        "7 new, 0 changed", "7 new, 0 changed", "6 new, 0 changed", "1 new, 0 changed", "7 new, 0 changed",
        "7 new, 0 changed", "5 new, 0 changed",
    ]  # fmt: skip


def test_the_same_list_again_does_not_take_back_what_was_done_since(floor: Floor) -> None:
    floor.bring("customers", FULL)
    floor.bring("orders", "customer,package,amount,status,closed\nA-1,Gold,100,signed,2025-11-20\n")
    with floor.writing() as connection:
        acts.hand_over(connection, floor.doer(), 1, 1, 4)
        acts.may_call(connection, floor.doer(), 2)
    before = floor.rows(CUSTOMER)
    assert floor.bring("customers", FULL) == (0, 0, 2, 0)
    assert floor.rows(CUSTOMER) == before
    assert before[0][7] == "signed" and before[1][8] is None
    other = FULL.replace("Acme  GmbH,Ada", "Acme GmbH,Ada; Cy").replace("1.12.2025", "2.12.2025")
    assert floor.bring("customers", other) == (0, 1, 1, 0)  # another row is another word


def test_the_same_orders_again_do_not_take_back_what_was_done_since(floor: Floor) -> None:
    floor.bring("customers", FULL)
    orders = "customer,package,amount,stage,opened\nA-1,Gold,100,offer,2025-11-01\n"
    floor.bring("orders", orders)
    with floor.writing() as connection:
        order_acts.stage(connection, floor.doer(), 1, 1, "contract")
    assert floor.bring("orders", orders) == (0, 0, 1, 0)
    assert floor.rows("SELECT stage, version FROM sales_order") == [("contract", 2)]
    assert floor.bring("orders", orders.replace("100", "120")) == (0, 1, 0, 0)
    assert floor.rows("SELECT stage, amount_cents, version FROM sales_order") == [("offer", 12000, 3)]
