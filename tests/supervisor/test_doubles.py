"""Customers that may be one: which pairs are shown, joining two with all they have, and taking it back."""

from __future__ import annotations

import json

import pytest

from store import doubles, suspects
from supervisor.duties import acting
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups import customers as duty
from tests.supervisor.exchanging import DAY_US, NOW_US, Floor, floor, quick

__all__ = ["floor", "quick"]


@pytest.fixture(autouse=True)
def only_customers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo knows the acts on customers alone."""
    monkeypatch.setattr(acting, "MODULES", ("supervisor.duties.followups.customers",))


def pairs(floor: Floor, limit: int | None = None) -> list[tuple[str, str, str]]:
    with floor.writing() as connection:
        found = suspects.pairs(connection, limit)
        names = {one.id: one.ref for one in doubles.named(connection, range(1, 100)).values()}
    return [(names[one], names[other], why) for one, other, why in found]


def act(floor: Floor, what: str, *refs: str) -> str:
    with floor.writing() as connection:
        ids = []
        for ref in refs:
            named = doubles.of_ref(connection, ref)
            assert named is not None
            ids.append(named.id)
        return str(getattr(duty, what)(connection, floor.doer(), *ids))


def undo(floor: Floor) -> str | None:
    with floor.writing() as connection:
        return acting.undo(connection, floor.doer())


TABLE = (
    "ref,company,phones,region\nA,Acme,030 1111111,Berlin\nB,ACME,030 2222222,Berlin\nC,Acme,030 2222222,Hamburg\n"
    "D,Bolt,030 3333333;030 2222222,\nE,Cog,,\n"
)
SAME = "the same company in the same region"


def test_pairs_have_company_and_region_or_a_number_in_common(floor: Floor) -> None:
    floor.bring("customers", TABLE)
    number = "both have +49302222222"
    assert pairs(floor) == [("A", "B", SAME), ("B", "C", number), ("B", "D", number), ("C", "D", number)]
    assert pairs(floor, 2) == [("A", "B", SAME), ("B", "C", number)]
    act(floor, "distinct", "D", "B")
    assert pairs(floor) == [("A", "B", SAME), ("B", "C", number), ("C", "D", number)]
    act(floor, "merge", "B", "C")
    assert pairs(floor) == [], "who is another one's double is none any more; C is B now, and B and D are two"
    assert undo(floor) == "undone: ACME (B) and Acme (C) are two"
    assert undo(floor) == "undone: they may be one"
    assert len(pairs(floor)) == 4


def test_both_reasons_are_told_and_a_double_counts_with_its_root(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones\nA,Acme,030 1111111\nB,Acme,030 1111111\nC,Cog,030 2222222\n")
    assert pairs(floor) == [("A", "B", f"{SAME}; both have +49301111111")]
    act(floor, "merge", "B", "C")
    assert pairs(floor) == [("A", "C", "both have +49301111111")]


def test_a_crowd_is_not_compared_with_itself(quick: Floor) -> None:
    rows = "".join(f"R{n:02},Company {n},0800 0000000\n" for n in range(1, 41))
    quick.bring("customers", f"ref,company,phones\n{rows}")
    found = pairs(quick)
    assert len(found) == 39 and {one for one, _, _ in found} == {"R01"}


def test_merging_joins_contacts_orders_and_calls_and_undoing_parts_them_exactly(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones\nA,Acme,030 1111111\nB,Acme,030 1111111;030 2222222\n")
    floor.bring("contacts", "customer,at,channel\nA,2025-11-10 10:00,visit\nA,2025-11-11 10:00,visit\n")
    floor.bring("contacts", "customer,at,channel\nB,2025-11-11 11:00,visit\nB,2025-11-12 10:00,visit\n")
    floor.bring("orders", "customer,package,amount,opened,ref\nA,Gold,1,2025-11-01,R\n")
    floor.bring("payments", "customer,package,amount,paid,ref\nA,Gold,1,2025-11-01,P\n")
    floor.call("shared", "+49301111111", NOW_US - 3 * DAY_US)
    floor.call("own", "+49302222222", NOW_US - 2 * DAY_US)
    assert floor.rows("SELECT group_id FROM waiting_call") == [("shared",)]
    before, listed = floor.state(), floor.everything()
    entries = floor.rows("SELECT count(*) FROM contact")[0][0]

    assert act(floor, "merge", "A", "B") == "Acme (A) is Acme (B) now"
    (row,) = floor.listed("customers")
    assert (row["ref"], row["contacts"], row["phones"]) == ("B", "5", "+49301111111; +49302222222")
    assert floor.rows("SELECT count(*) FROM waiting_call") == [(0,)]
    assert [row["number"] for row in floor.listed("contacts")] == ["1", "2", "", "3", "4", "5"]
    assert {row["customer"] for what in ("contacts", "orders", "payments") for row in floor.listed(what)} == {"B"}
    assert floor.rows("SELECT customer_id FROM sales_order") == [(1,)], "the order stays where it is"
    assert floor.histogram() == [(5, 1, 1, 0)]

    assert undo(floor) == "undone: Acme (A) and Acme (B) are two"
    assert floor.state() == before and floor.everything() == listed
    assert floor.rows("SELECT count(*) FROM contact")[0][0] == entries + 2, "the ledger keeps what was taken back"


def test_what_came_while_they_were_one_goes_where_it_belongs(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones\nA,Acme,030 1111111;030 3333333\nB,Acme,030 1111111;030 2222222\n")
    act(floor, "merge", "A", "B")
    for place, number in enumerate(("+49301111111", "+49302222222", "+49303333333")):
        floor.call(f"g{place}", number, NOW_US + place * DAY_US)
    assert floor.listed("customers")[0]["contacts"] == "3"
    undo(floor)
    assert floor.rows("SELECT group_id FROM waiting_call") == [("g0",)]
    assert [(row["ref"], row["contacts"]) for row in floor.listed("customers")] == [("A", "1"), ("B", "1")]
    assert floor.histogram() == [(1, 2, 2, 0)]


def test_doubles_of_doubles_go_along_and_come_back(floor: Floor) -> None:
    floor.bring("customers", "ref,company\nA,Acme\nB,Bolt\nC,Cog\nD,Dot\n")
    act(floor, "merge", "A", "B")
    after_one = floor.state()
    act(floor, "merge", "B", "C")
    assert floor.rows("SELECT ref, merged_into FROM customer ORDER BY id") == [
        ("A", 3), ("B", 3), ("C", None), ("D", None),
    ]  # fmt: skip
    assert floor.histogram() == [(0, 2, 2, 0)]
    undo(floor)
    assert floor.state() == after_one
    undo(floor)
    assert [row["ref"] for row in floor.listed("customers")] == ["A", "B", "C", "D"]


def test_what_others_built_on_is_not_undone(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.bring("customers", "ref,company\nA,Acme\nB,Bolt\nC,Cog\n")
    act(floor, "merge", "A", "B")
    monkeypatch.setenv("SUPERVISOR_CONSOLE_WHO", "sam")
    act(floor, "merge", "B", "C")
    monkeypatch.setenv("SUPERVISOR_CONSOLE_WHO", "sue")
    before = floor.state()
    with pytest.raises(RefusedError, match="merged on since"):
        undo(floor)
    assert floor.state() == before


@pytest.mark.parametrize(
    ("what", "refs", "words"),
    [
        ("merge", ("A", "A"), "one and the same"),
        ("merge", ("D", "B"), "D was merged into C; name that one"),
        ("merge", ("B", "D"), "D was merged into C; name that one"),
        ("distinct", ("D", "B"), "D was merged into C; name that one"),
        ("distinct", ("A", "A"), "one and the same"),
        ("distinct", ("B", "A"), "are known as two"),
    ],
)
def test_what_cannot_be_is_refused(floor: Floor, what: str, refs: tuple[str, str], words: str) -> None:
    floor.bring("customers", "ref,company\nA,Acme\nB,Acme\nC,Cog\nD,Dot\n")
    act(floor, "merge", "D", "C")
    act(floor, "distinct", "A", "B")
    before = floor.state()
    with pytest.raises(RefusedError, match=words):
        act(floor, what, *refs)
    assert floor.state() == before


def test_a_block_holds_for_the_other_one_too_and_goes_with_the_undo(floor: Floor) -> None:
    floor.bring("customers", "ref,company,do_not_call\nA,Acme,their lawyer wrote\nB,Bolt,\nC,Cog,yes\n")
    before = floor.state()
    assert act(floor, "merge", "A", "B") == "Acme (A) is Bolt (B) now, do-not-call"
    assert {row["ref"]: row["do_not_call"] for row in floor.listed("customers")} == {
        "B": "their lawyer wrote",
        "C": "yes",
    }
    assert floor.histogram() == [(0, 2, 0, 0)]
    undo(floor)
    assert floor.state() == before
    act(floor, "merge", "A", "C")
    assert floor.rows("SELECT dnc_why FROM customer WHERE ref = 'C'") == [("",)], "it is blocked by itself"


def test_the_commands(floor: Floor) -> None:
    floor.bring("customers", "ref,company,phones\nA,=Acme,030 1111111\nB,=Acme,030 1111111\n")
    why = f"{SAME}; both have +49301111111"
    status, out, _ = floor.run("customers", "doubles")
    assert status == 0 and out.splitlines()[1].split() == ["A", "=Acme", "B", "=Acme", *why.split()]
    assert floor.run("customers", "doubles", "--format", "csv")[1].splitlines() == [
        "ref,company,other_ref,other_company,why", f"A,'=Acme,B,'=Acme,{why}",
    ]  # fmt: skip
    assert json.loads(floor.run("customers", "doubles", "--format", "json")[1]) == [
        {"ref": "A", "company": "=Acme", "other_ref": "B", "other_company": "=Acme", "why": why}
    ]
    assert floor.run("customers", "distinct", "A", "B")[1] == "=Acme (A) and =Acme (B) are two\n"
    assert floor.run("customers", "doubles", "--format", "json")[1] == "[]\n"
    assert floor.run("customers", "undo")[1] == "undone: they may be one\n"
    assert floor.run("customers", "merge", "A", "B")[1] == "=Acme (A) is =Acme (B) now\n"
    status, _, err = floor.run("customers", "merge", "A", "X")
    assert status == 2 and "no customer with the reference 'X'" in err
    assert floor.run("customers", "undo")[1] == "undone: =Acme (A) and =Acme (B) are two\n"
    assert floor.run("customers", "undo")[1] == "there is nothing to undo\n"
