"""Tables brought out: safe to open, whole, and found again as they were."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from store.engine import open_store
from supervisor import exchange
from supervisor.cli import exports
from supervisor.cli.imports import terms
from supervisor.config import load
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.fields import shown
from supervisor.spreadsheets import guarded, guarded_text, unguarded
from tests.supervisor.exchanging import DAY_US, KINDS, NOW_US, Floor, floor, make_roster, quick

__all__ = ["floor", "quick"]

NASTY = st.text(
    st.one_of(
        st.sampled_from("=+-@'\t\r\n\x00\x1b\x7f\x85\u202e\u200b\ufe0f\u0301\u2028\ud800 ;,\"|é한👩…0123456789"),
        st.characters(exclude_categories=()),
    ),
    max_size=40,
)


def fill(floor: Floor) -> None:
    """Two of everything, among them a double, a signed customer and doubles that nobody has settled."""
    floor.bring(
        "customers",
        "ref,company,person,phones,region,type,tier,registered,owner,status,do_not_call,time_zone,next_contact,"
        "next_note,opened\n"
        "A,Acme,Ada;Bo,030 1234567;4711,Berlin,trade,major,yes,Anna,open,no,Europe/Vienna,2025-12-01,ring,\n"
        "B,=Bolt,@Cy,+1 212 555 0123,Berlin,,target,no,Bob,prospect,asked us to stop,,,,2025-01-02 03:04:05.678901\n"
        "C,Acme,,030 1234567,Berlin,,,,,,yes,,,,\n"
        ",Cog,Di,030 1234567,Hamburg,,,,,,,,,,\n"
        "D,Acme,Ed,030 7777777,Bremen,,,,,lost,,,,,\n",
    )
    floor.bring(
        "contacts",
        "customer,at,specialist,channel,outcome,note,minutes\n"
        "A,2025-11-02 10:00,Anna,call,ok,+49 is no formula,1.01667\n"
        "A,2025-11-03 10:00,,visit,,,\nA,2025-11-04 10:00,Bob,reply,=1+1,'quoted,\nB,2025-10-26 02:30,,call,,,0\n"
        "D,2025-11-02 10:00:00.000001,,call,,,\nA,2025-11-02 10:00,Anna,call,ok,twice,1\n",
    )
    floor.bring(
        "orders",
        "customer,specialist,package,amount,stage,opened,expected_sign,status,closed,ref\n"
        "A,Anna,Gold,9800.5,offer,2025-11-01,2025-12-01,signed,2025-11-03,\nB,,Gold,1,,2025-11-01,,open,,R-2\n"
        "B,,Gold,1,,2025-11-01,,lost,2025-11-02,R-1\n",
    )
    floor.bring("payments", "customer,package,amount,paid,ref\nA,Gold,9800.5,2025-11-04,\nA,Gold,0.01,2025-11-04,X\n")
    assert floor.run("customers", "merge", "D", "B")[0] == 0


def bring_all(floor: Floor, tables: dict[str, str]) -> dict[str, tuple[int, int, int, int]]:
    return {what: floor.bring(what, tables[what]) for what in KINDS}


def test_what_is_brought_out_is_found_again(floor: Floor, tmp_path: Path) -> None:
    fill(floor)
    tables, before = floor.everything(), floor.state()
    assert bring_all(floor, tables) == {
        "customers": (0, 0, 4, 0), "contacts": (0, 0, 6, 0), "orders": (0, 0, 3, 0), "payments": (0, 0, 2, 0),
    }  # fmt: skip
    assert floor.state() == before
    floor.use(str(tmp_path / "new.db"))
    make_roster(str(tmp_path / "new.db"))
    floor.at(NOW_US + DAY_US)
    assert bring_all(floor, tables) == {
        "customers": (4, 0, 0, 0), "contacts": (6, 0, 0, 0), "orders": (3, 0, 0, 0), "payments": (2, 0, 0, 0),
    }  # fmt: skip
    assert floor.everything() == tables


def test_a_sheet_holds_the_same(quick: Floor, tmp_path: Path) -> None:
    fill(quick)
    tables, before = quick.everything(), quick.state()
    for what in KINDS:
        assert quick.run("export", what, "--output", str(tmp_path / f"{what}.xlsx"))[0] == 0
        found = quick.summary(what, str(tmp_path / f"{what}.xlsx"))
        assert found["known"] == found["rows"] > 0, what
    assert quick.state() == before
    sheet = load_workbook(tmp_path / "customers.xlsx").active
    assert sheet is not None and (sheet["A3"].value, sheet["A3"].data_type) == ("=Bolt", "s"), "a text, no formula"
    amount = load_workbook(tmp_path / "orders.xlsx").active
    assert amount is not None and amount["C2"].value == 9800.5
    quick.use(str(tmp_path / "new.db"))
    make_roster(str(tmp_path / "new.db"))
    for what in KINDS:
        quick.summary(what, str(tmp_path / f"{what}.xlsx"))
    assert quick.everything() == tables


def test_of_the_phones_the_plain_columns_are_found_again(quick: Floor, tmp_path: Path) -> None:
    quick.bring("customers", "ref,company,phones\nA,Acme,030 1234567\n")
    for day in range(3):
        quick.call(f"g{day}", "+49301234567", NOW_US - (3 - day) * DAY_US, talk_ms=31_000 + day * 7_001)
    tables = quick.everything()
    quick.use(str(tmp_path / "new.db"))
    make_roster(str(tmp_path / "new.db"))
    bring_all(quick, tables)
    plain = [[row[:9] for row in csv.reader(text.splitlines())] for text in (tables["contacts"], quick.out("contacts"))]
    assert plain[0] == plain[1]
    assert bring_all(quick, tables)["contacts"] == (0, 0, 3, 0)


@given(NASTY)
@example("'=1")
@example("''+1")
@example("a \ufe0f b")
@example("\ufe0f=1")
@example("\t=1")
@settings(max_examples=500, deadline=None)
def test_a_text_comes_back_as_it_is_shown(text: str) -> None:
    told = shown(text)
    assert shown(told) == told
    for written in (guarded(told), guarded_text(told)):
        assert unguarded(written) == told
        assert fields.line(written, "note", 10_000) == told
    assert guarded(told)[:1] not in ("=", "+", "-", "@", "\t", "\r") or guarded(told)[1:].isdigit()


@given(st.lists(st.tuples(NASTY, NASTY, NASTY, NASTY), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nasty_texts_make_the_round(quick: Floor, tmp_path: Path, rows: list[tuple[str, str, str, str]]) -> None:
    names = iter(range(10_000))
    for place in ("one.db", "other.db"):
        for path in tmp_path.glob(f"{place}*"):
            path.unlink()
        make_roster(str(tmp_path / place))
    quick.use(str(tmp_path / "one.db"))
    customers, contacts, orders = io.StringIO(), io.StringIO(), io.StringIO()
    csv.writer(customers).writerows(
        [("ref", "company", "person", "phones", "next_note", "do_not_call")]
        + [(f"R{next(names)}", f"x{a}", b, f"{c};123{d}", c, d) for a, b, c, d in rows]
    )
    csv.writer(contacts).writerows(
        [("customer", "at", "outcome", "note")] + [("R0", "2025-11-20 10:00", a, b) for a, b, _, _ in rows]
    )
    csv.writer(orders).writerows(
        [("customer", "package", "amount", "stage", "ref")] + [("R0", a, "1", b, f"{c}1") for a, b, c, _ in rows]
    )
    for what, table in (("customers", customers), ("contacts", contacts), ("orders", orders)):
        path = quick.file(f"{what}.csv", table.getvalue().encode("utf-8", "surrogatepass"))
        quick.run("import", what, path)
    tables = quick.everything()
    before = quick.state()
    for what in KINDS:
        if tables[what].count("\n") > 1:
            new, changed, _, rejected = quick.bring(what, tables[what])
            assert (new, changed, rejected) == (0, 0, 0), (what, tables[what])
    assert quick.state() == before
    quick.use(str(tmp_path / "other.db"))
    for what in KINDS:
        if tables[what].count("\n") > 1:
            quick.bring(what, tables[what])
    assert quick.everything() == tables


def test_a_file_is_new_its_owners_alone_and_follows_no_link(quick: Floor, tmp_path: Path) -> None:
    fill(quick)
    target = tmp_path / "out.csv"
    status, out, _ = quick.run("export", "customers", "--output", str(target))
    assert (status, out) == (0, f"4 customers in {target}\n")
    assert target.read_text() == quick.out("customers") and target.stat().st_mode & 0o777 == 0o600
    status, _, err = quick.run("export", "customers", "--output", str(target))
    assert status == 2 and "is there already" in err
    (tmp_path / "link.csv").symlink_to(tmp_path / "victim.csv")
    assert quick.run("export", "customers", "--output", str(tmp_path / "link.csv"))[0] == 2
    assert not (tmp_path / "victim.csv").exists()
    status, _, err = quick.run("export", "customers", "--output", str(tmp_path / "out.pdf"))
    assert status == 2 and ".csv or .xlsx" in err
    assert quick.run("export", "customers", "--output", str(tmp_path / "no" / "out.csv"))[0] == 2


def test_a_sheet_that_is_too_long_is_refused_and_leaves_nothing(
    quick: Floor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(quick)
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    status, _, err = quick.run("export", "customers", "--output", str(tmp_path / "out.xlsx"))
    assert status == 2 and "a sheet has at most 2 rows; write a .csv" in err
    assert not (tmp_path / "out.xlsx").exists()


def test_pages_make_no_difference(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(floor)
    tables = floor.everything()
    monkeypatch.setattr(exchange, "PAGE", 1)
    assert floor.everything() == tables


def test_no_reader_is_open_while_somebody_takes_their_time(floor: Floor) -> None:
    fill(floor)
    store = open_store(os.environ["SUPERVISOR_STORE"])
    try:
        rows = exchange.lines(store, exchange.KINDS["customers"], terms(load()))
        next(rows)
        for engine in (store._reader,):
            assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    finally:
        store.close()


def test_a_number_that_is_none_is_not_brought_out_since_it_would_not_come_in_again(quick: Floor) -> None:
    fill(quick)
    with quick.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO customer_number (customer_id, number, raw) VALUES (1, 'sip:x@y', ''), (1, '1;ext=2', ''), "
            "(1, '030 555 1234', '')"
        )
    assert quick.listed("customers")[0]["phones"] == "+49301234567; 4711"
    assert quick.bring("customers", quick.out("customers")) == (0, 0, 4, 0)
