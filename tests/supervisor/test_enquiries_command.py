"""Enquiries brought in and out, and `supervisor enquiries`, as they are called."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervisor import exchange
from supervisor.config import load
from supervisor.duties.acting import undo
from supervisor.duties.onboarding import enquiry_acts as acts
from tests.supervisor.exchanging import DAY_US, NOW_US, Floor, floor, make_roster, quick

__all__ = ["floor", "quick"]

HEADER = "company,number,channel,received,assistant,note,ref,answered\n"
TABLE = HEADER + (
    "Acme,030 1234567,web,2025-11-27 16:00,Mei,a price,,\n"
    "Bolt,4711,fair,2025-11-24,,,Q-7,2025-11-24 18:00\n"
    '"Cog; Sons",,,24.11.2025 09:00,Li,"two\nlines",,2025-11-24 18:01\n'
)
KEPT = (
    "SELECT ref, company, number, channel, note, assistant, at_us, answered_us, answered_by, version FROM enquiry "
    "ORDER BY id"
)
HOUR = 3_600_000_000
CAME = NOW_US - 21 * HOUR
"""Thursday 2025-11-27, 16:00 in Berlin."""


def test_enquiries_are_stored_once(floor: Floor) -> None:
    assert floor.bring("enquiries", TABLE) == (3, 0, 0, 0)
    monday = NOW_US - 4 * DAY_US - 13 * HOUR
    stored = [
        ("E-1", "Acme", "+49301234567", "web", "a price", "Mei", CAME, None, "", 1),
        ("Q-7", "Bolt", "4711", "fair", "", "", monday, monday + 18 * HOUR, "", 1),
        ("E-3", "Cog; Sons", "", "", "two lines", "Li", monday + 9 * HOUR, monday + 18 * HOUR + HOUR // 60, "Li", 1),
    ]
    assert floor.rows(KEPT) == stored
    journal = "SELECT who, what, detail FROM journal ORDER BY id DESC LIMIT 1"
    assert floor.rows(journal) == [("sue", "imported enquiries", "3 new, 0 changed")]
    floor.at(NOW_US + DAY_US)
    assert floor.bring("enquiries", TABLE) == (0, 0, 3, 0)
    assert floor.rows(KEPT) == stored
    assert floor.bring("enquiries", "company,received,note\nAcme,2025-11-27 16:00,call\n") == (0, 1, 0, 0)
    assert floor.rows(KEPT)[0] == (*stored[0][:4], "call", *stored[0][5:9], 2), "what is not told stays"
    assert floor.bring("enquiries", "company,received,ref\nBolt AG,2025-11-24,Q-7\n") == (0, 1, 0, 0)
    assert floor.rows(KEPT)[1][:2] == ("Q-7", "Bolt AG")


def test_what_was_done_since_is_not_taken_back_by_the_same_file(floor: Floor) -> None:
    floor.bring("enquiries", TABLE)
    with floor.writing() as connection:
        acts.hand(connection, floor.doer(), load(), 1, 1, 1)
    before = floor.rows("SELECT * FROM enquiry ORDER BY id")
    assert floor.bring("enquiries", TABLE) == (0, 0, 3, 0)
    assert floor.rows("SELECT * FROM enquiry ORDER BY id") == before


def test_a_reference_of_theirs_takes_the_place_of_ours(floor: Floor) -> None:
    plain = "company,received,ref\nAcme,2025-11-27 16:00,\n"
    floor.bring("enquiries", plain)
    theirs = plain.replace("16:00,", "16:00,W-1")
    assert floor.bring("enquiries", theirs) == (0, 1, 0, 0)
    assert floor.rows("SELECT ref FROM enquiry") == [("W-1",)]
    assert floor.bring("enquiries", theirs) == (0, 0, 1, 0)
    assert floor.bring("enquiries", plain) == (0, 0, 1, 0)
    assert floor.bring("enquiries", plain.replace("16:00,", "16:00,W-2")) == (1, 0, 0, 0), "that is another one"


def test_rows_about_one_enquiry_must_agree(floor: Floor) -> None:
    table = (
        "company,number,received,note\nA,030 1234567,2025-11-27,x\nA,030 1234567,2025-11-27,y\nA,4711,2025-11-27,y\n"
    )
    assert floor.bring("enquiries", table) == (2, 0, 0, 1)
    ((row, reason, *_),) = floor.rejects("enquiries")
    assert (row, reason) == ("3", "it is what row 2 told of, otherwise: note; name a ref each")
    assert floor.bring("enquiries", table) == (0, 0, 2, 1)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",,,2025-11-27,,,,", "no company"),
        ("A,,,,,,,", "no moment at which it came in"),
        ("A,,,soon,,,,", "'soon' is not a date"),
        ("A,,,3/4/2025,,,,", "could be two days"),
        ("A,,,2025-12-27,,,,", "received is 2025-12-27 00:00:00+01:00, which is still to come"),
        ("A,,,2025-11-27,,,,2026-01-01", "answered is 2026-01-01 00:00:00+01:00, which is still to come"),
        ("A,,,2025-11-27,,,,2025-11-26", "answered before it was received"),
        ("B,,,2025-11-29 09:00,,,X-1,", "answered before it was received"),
        ("A,call me,,2025-11-27,,,,", "is no telephone number"),
        ("A,4711;4712,,2025-11-27,,,,", "one number is expected"),
        (f"{'x' * 201},,,2025-11-27,,,,", "company has 201 characters"),
        (f"A,,{'x' * 121},2025-11-27,,,,", "channel has 121 characters"),
        (f"A,,,2025-11-27,{'x' * 121},,,", "assistant has 121 characters"),
        (f"A,,,2025-11-27,,{'x' * 2001},,", "note has 2,001 characters"),
        (f"A,,,2025-11-27,,,{'r' * 81},", "ref has 81 characters"),
    ],
)
def test_a_row_that_does_not_do_is_kept_aside_and_the_rest_goes_in(quick: Floor, row: str, words: str) -> None:
    quick.bring("enquiries", f"{HEADER}B,,,2025-11-27 09:00,,,X-1,2025-11-27 10:00\n")
    assert quick.bring("enquiries", f"{HEADER}Cog,,,2025-11-27,,,,\n{row}\n") == (1, 0, 0, 1)
    ((number, reason, *_),) = quick.rejects("enquiries")
    assert number == "3" and words in reason, reason
    assert len(quick.rows(KEPT)) == 2


def test_nothing_of_use_and_missing_columns(quick: Floor) -> None:
    assert "nothing in" in quick.refusal("enquiries", f"{HEADER},,,2025-11-27,,,,\n")
    assert "received" in quick.refusal("enquiries", "company,number\nA,1\n")
    german = "Firma;Telefon;Kanal;Eingang;Assistenz;Notiz;Anfrage;Beantwortet\nA;030 1234567;Web;27.11.2025;Mei;x;N1;\n"
    assert quick.bring("enquiries", german) == (1, 0, 0, 0)
    assert quick.rows("SELECT ref, number, assistant FROM enquiry") == [("N1", "+49301234567", "Mei")]


def test_it_is_said_who_answered_and_not_when(quick: Floor) -> None:
    told = quick.refusal("enquiries", "company,received,answered by\nA,2025-11-27,Mei\n")
    assert "it is said who answered it and not when" in told


# -- out ----------------------------------------------------------------------------------------------------------


def test_what_is_brought_out_is_found_again(floor: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.bring("enquiries", TABLE)
    with floor.writing() as connection:
        acts.add(connection, floor.doer(), "=Dent", "+1 212 555 0123", "@web", "-1", "Mei", country="DE")
        acts.answer(connection, floor.doer(), 4, 1, "Li")
    table = floor.out("enquiries")
    assert floor.bring("enquiries", table) == (0, 0, 4, 0)
    monkeypatch.setattr(exchange, "PAGE", 1)
    assert floor.out("enquiries") == table
    path = tmp_path / "enquiries.xlsx"
    assert floor.run("export", "enquiries", "--output", str(path))[1] == f"4 enquiries in {path}\n"
    assert floor.summary("enquiries", str(path))["known"] == 4
    listed = floor.listed("enquiries")
    assert (listed[3]["company"], listed[3]["assistant"], listed[3]["answered_by"]) == ("=Dent", "Mei", "Li")
    floor.use(str(tmp_path / "new.db"))
    make_roster(str(tmp_path / "new.db"))
    assert floor.bring("enquiries", table) == (4, 0, 0, 0)
    assert floor.out("enquiries") == table


def test_to_whom_one_was_handed_is_brought_out(floor: Floor) -> None:
    floor.bring("enquiries", TABLE)
    with floor.writing() as connection:
        acts.hand(connection, floor.doer(), load(), 1, 1, 2)
    first = floor.listed("enquiries")[0]
    assert (first["handed"], first["specialist"]) == ("2025-11-28 13:00:00+01:00", "Bob")
    assert floor.bring("enquiries", floor.out("enquiries")) == (0, 0, 3, 0)


NASTY = st.text(
    st.one_of(
        st.sampled_from("=+-@'\t\r\n\x00\x1b\x7f\x85\u202e\u200b\ufe0f\u0301\u2028\ud800 ;,\"|é한👩…0123456789E-"),
        st.characters(exclude_categories=()),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NASTY, NASTY, NASTY, NASTY, NASTY, st.booleans()), min_size=1, max_size=4))
def test_whatever_the_texts_are_they_are_found_again(
    quick: Floor, tmp_path: Path, rows: list[tuple[str, str, str, str, str, bool]]
) -> None:
    (tmp_path / "one.db").unlink(missing_ok=True)
    (tmp_path / "other.db").unlink(missing_ok=True)
    quick.use(str(tmp_path / "one.db"))
    make_roster(str(tmp_path / "one.db"))
    table = io.StringIO()
    table.write(HEADER)
    csv.writer(table).writerows(
        (company, number, channel, f"2025-11-2{at}", channel, note, ref, "2025-11-27" if answered else "")
        for at, (company, number, channel, note, ref, answered) in enumerate(rows)
    )
    path = quick.file("nasty.csv", table.getvalue().encode("utf-8", "surrogatepass"))
    quick.run("import", "enquiries", path)
    brought = quick.out("enquiries")
    if brought.count("\n") == 1:
        return
    new, changed, _, rejected = quick.bring("enquiries", brought)
    assert (new, changed, rejected) == (0, 0, 0), brought
    quick.use(str(tmp_path / "other.db"))
    make_roster(str(tmp_path / "other.db"))
    quick.bring("enquiries", brought)
    assert quick.out("enquiries") == brought


# -- the command --------------------------------------------------------------------------------------------------


def test_they_are_listed_unanswered_ones_first(floor: Floor) -> None:
    floor.bring("enquiries", TABLE + "Dent,,,2025-11-26 16:00,,,,\n")
    with floor.writing() as connection:
        acts.hand(connection, floor.doer(), load(), 2, 1, 1)
    status, out, err = floor.run("enquiries", "--format", "json")
    assert status == 0, err
    assert json.loads(out) == [
        {
            "ref": "E-4", "company": "Dent", "number": None, "received": "2025-11-26T16:00:00+01:00", "assistant": None,
            "answered": None, "answered_by": None, "handed": None, "specialist": None,
            "due": "2025-11-27T16:00:00+01:00", "late": True,
        },
        {
            "ref": "E-1", "company": "Acme", "number": "+49301234567", "received": "2025-11-27T16:00:00+01:00",
            "assistant": "Mei", "answered": None, "answered_by": None, "handed": None, "specialist": None,
            "due": "2025-11-28T16:00:00+01:00", "late": False,
        },
        {
            "ref": "E-3", "company": "Cog; Sons", "number": None, "received": "2025-11-24T09:00:00+01:00",
            "assistant": "Li", "answered": "2025-11-24T18:01:00+01:00", "answered_by": "Li", "handed": None,
            "specialist": None, "due": "2025-11-24T18:00:00+01:00", "late": True,
        },
        {
            "ref": "Q-7", "company": "Bolt", "number": "4711", "received": "2025-11-24T00:00:00+01:00",
            "assistant": None, "answered": "2025-11-24T18:00:00+01:00", "answered_by": None,
            "handed": "2025-11-28T13:00:00+01:00", "specialist": "Anna", "due": "2025-11-24T18:00:00+01:00",
            "late": False,
        },
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(floor.run("enquiries", "--format", "csv")[1])))
    assert [(row["ref"], row["late"], row["number"]) for row in rows] == [
        ("E-4", "true", ""), ("E-1", "false", "+49301234567"), ("E-3", "true", ""), ("Q-7", "false", "4711"),
    ]  # fmt: skip
    table = floor.run("enquiries")[1].splitlines()
    assert table[0] == "2 unanswered, 1 of them late"
    assert table[3].split() == ["E-4", "Dent", "2025-11-26", "16:00", "2025-11-27", "16:00", "late"]
    assert [line.split() for line in table[-2:]] == [
        ["Li", "1", "1", "0", "0", "0", "0"], ["Mei", "1", "0", "0", "0", "0", "0"],
    ]  # fmt: skip


def test_a_floor_without_any(floor: Floor) -> None:
    assert floor.run("enquiries") == (0, "0 unanswered, 0 of them late\n", "")
    assert json.loads(floor.run("enquiries", "--format", "json")[1]) == []
    assert floor.run("export", "enquiries")[1].splitlines() == [
        "company,received,number,channel,assistant,note,ref,answered,answered_by,handed,specialist"
    ]


def test_undoing_of_the_console_finds_these_acts(floor: Floor) -> None:
    with floor.writing() as connection:
        acts.add(connection, floor.doer(), "Acme", "", "", "", "")
        assert undo(connection, floor.doer()) == "undone: E-1 Acme: kept"
