"""Acts on orders on a real store: what each does, who is told that somebody was faster, and undoing each exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from store import order_book
from store.contacts import HAND
from store.engine import Store
from store.matching import NewEntry, append_entries
from supervisor.duties.acting import Doer, undo
from supervisor.duties.calls import RefusedError
from supervisor.duties.orders import acts
from supervisor.duties.orders.read import read_order
from tests.supervisor.duties.selling import (
    CONFIG,
    DAY_US,
    HOUR,
    NOW,
    RULES,
    TODAY,
    S,
    assert_counted_right,
    call,
    customer,
    doer,
    everything,
    order,
    specialist,
    version,
)

BALTIC, RUHR = 1, 2
ANNA = 1
O1, O2, O3 = 1, 2, 3
CALL = (1, "c2")


@pytest.fixture
def floor(store: Store) -> Store:
    """Two customers with contacts; the first one has two open orders, the second one an order of nobody."""
    with store.write() as connection:
        assert specialist(connection, "Anna Weber", "1001") == ANNA
        assert customer(connection, "c-1", "Baltic Steel", "+491") == BALTIC
        assert customer(connection, "c-2", "Ruhr Pumpen", "+492") == RUHR
        for number, days in enumerate((9, 5, 2)):
            call(connection, f"c{number}", "1001", "+491", NOW - days * DAY_US)
        call(connection, "other", "1001", "+492", NOW - DAY_US)
        assert order(connection, "A", BALTIC, ANNA) == O1
        assert order(connection, "B", BALTIC, ANNA) == O2
        assert order(connection, "C", RUHR, None) == O3
    return store


Act = Callable[[Connection, Doer, int], str]

ACTS: dict[str, Act] = {
    "hear": lambda c, d, seen: acts.hear(c, d, O1, seen, "price", call=CALL, note="5 %?"),
    "hear, typed": lambda c, d, seen: acts.hear(c, d, O1, seen, "contract"),
    "feel": lambda c, d, seen: acts.feel(c, d, O1, seen, "the boss likes us"),
    "claim": lambda c, d, seen: acts.claim(c, d, O1, seen, TODAY, 80),
    "review": lambda c, d, seen: acts.review(c, d, CONFIG, O1, seen, next_step="send it", recheck_day=TODAY),
    "stage": lambda c, d, seen: acts.stage(c, d, O1, seen, "contract"),
    "amount": lambda c, d, seen: acts.amount(c, d, O1, seen, 5),
    "expect": lambda c, d, seen: acts.expect(c, d, O1, seen, 20261130),
    "sign": lambda c, d, seen: acts.sign(c, d, O1, seen, TODAY, 980_000, "no VAT", "Director"),
    "lose": lambda c, d, seen: acts.lose(c, d, O1, seen, "too dear"),
    "pay": lambda c, d, seen: acts.pay(c, d, 100, TODAY, order_id=O1, seen=seen),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_act_says_what_it_did_and_is_undone_exactly(floor: Store, name: str) -> None:
    with floor.write() as connection:
        before = everything(connection)
        said = ACTS[name](connection, doer(), 1)
        assert "Baltic Steel" in said and version(connection, O1) == 2
        assert everything(connection) != before
        assert undo(connection, doer(later_us=S)) == f"undone: {said}"
        assert everything(connection) == before
        assert version(connection, O1) == 3  # who saw it changed must not take it for unchanged
        assert_counted_right(connection)
        assert undo(connection, doer(later_us=S)) is None


@pytest.mark.parametrize("name", ACTS)
def test_of_two_who_change_an_order_the_later_one_is_told(floor: Store, name: str) -> None:
    with floor.write() as connection:
        acts.stage(connection, doer("Mei"), O1, 1, "negotiation")
        before = everything(connection)
        with pytest.raises(RefusedError, match="Mei changed A 5 min ago"):
            ACTS[name](connection, doer("Bo", 5 * 60 * S), 1)
        assert everything(connection) == before


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_undone_that_somebody_changed_since(floor: Store, name: str) -> None:
    with floor.write() as connection:
        ACTS[name](connection, doer("Mei"), 1)
        if name in ("sign", "lose"):
            acts.pay(connection, doer("Bo", HOUR), 100, TODAY, order_id=O1, seen=2)
        else:
            acts.stage(connection, doer("Bo", HOUR), O1, 2, "contract")
        before = everything(connection)
        with pytest.raises(RefusedError, match="Bo changed A 1 h ago, after you"):
            undo(connection, doer("Mei", 2 * HOUR))
        assert everything(connection) == before
        assert undo(connection, doer("Bo", 2 * HOUR))  # and once that is taken back, it is undone
        assert undo(connection, doer("Mei", 2 * HOUR))


def test_many_acts_are_undone_one_after_the_other(floor: Store) -> None:
    with floor.write() as connection:
        states = []
        for seen, act in enumerate((ACTS["hear"], ACTS["feel"], ACTS["stage"], ACTS["review"], ACTS["sign"]), 1):
            states.append(everything(connection))
            act(connection, doer(), seen)
        while states:
            undo(connection, doer())
            assert everything(connection) == states.pop()
        assert_counted_right(connection)


def test_who_saw_a_change_that_was_undone_is_told_too(floor: Store) -> None:
    with floor.write() as connection:
        acts.stage(connection, doer(), O1, 1, "contract")
        undo(connection, doer())
        acts.stage(connection, doer("Mei"), O1, 3, "negotiation")
        with pytest.raises(RefusedError, match="Mei changed A just now"):
            acts.amount(connection, doer(), O1, 2, 5)


def test_evidence_is_taken_back_and_stands_again(floor: Store) -> None:
    with floor.write() as connection:
        acts.hear(connection, doer(), O1, 1, "price")
        acts.withdraw(connection, doer("Mei"), 1, 2)
        assert order_book.evidence(connection, O1) == []
        with pytest.raises(RefusedError, match="already"):
            acts.withdraw(connection, doer("Mei"), 1, 3)
        with pytest.raises(RefusedError, match="Mei changed"):
            acts.withdraw(connection, doer(), 1, 2)
        undo(connection, doer("Mei"))
        assert [piece.code for piece in order_book.evidence(connection, O1)] == ["price"]
        with pytest.raises(RefusedError, match="no such"):
            acts.withdraw(connection, doer(), 99, 4)


def test_a_fact_is_linked_to_a_call_with_that_customer_alone(floor: Store) -> None:
    with floor.write() as connection:
        for wrong in ((1, "other"), (1, "nothing"), (7, "c2")):
            with pytest.raises(RefusedError, match="no such call with Baltic Steel"):
                acts.hear(connection, doer(), O1, 1, "price", call=wrong)
        with pytest.raises(RefusedError, match="'feeling' is no fact"):
            acts.hear(connection, doer(), O1, 1, "feeling")
        with pytest.raises(RefusedError, match="the file is needed"):
            acts.hear(connection, doer(), O1, 1, "price", file="  ")
        acts.hear(connection, doer(), O1, 1, "price", call=CALL)
        acts.hear(connection, doer(), O1, 2, "material", file="offer.pdf")
        acts.hear(connection, doer(), O1, 3, "contract")
        told = [(piece.code, piece.linked, piece.heard_us) for piece in order_book.evidence(connection, O1)]
    assert told == [("price", True, NOW - 2 * DAY_US), ("material", True, NOW), ("contract", False, NOW)]


def test_texts_are_kept_as_a_store_can_keep_them_or_refused(floor: Store) -> None:
    with floor.write() as connection:
        acts.feel(connection, doer(), O1, 1, " very\n interested\0 \ud800")
        assert order_book.evidence(connection, O1)[0].note == "very interested ?"
        with pytest.raises(RefusedError, match="is needed"):
            acts.feel(connection, doer(), O1, 2, " \0 ")
        acts.feel(connection, doer(), O1, 2, "x" * 500)
        with pytest.raises(RefusedError, match="501 characters; at most 500"):
            acts.feel(connection, doer(), O1, 3, "x" * 501)
        with pytest.raises(RefusedError, match="a stage is needed"):
            acts.stage(connection, doer(), O1, 3, "")


def test_days_and_amounts_have_limits(floor: Store) -> None:
    yesterday, tomorrow = 20261122, 20261124
    with floor.write() as connection:
        with pytest.raises(RefusedError, match="2026-11-22 is past"):
            acts.claim(connection, doer(), O1, 1, yesterday)
        for percent in (0, 101):
            with pytest.raises(RefusedError, match="1 to 100"):
                acts.claim(connection, doer(), O1, 1, TODAY, percent)
        with pytest.raises(RefusedError, match="is past"):
            acts.review(connection, doer(), CONFIG, O1, 1, recheck_day=yesterday)
        with pytest.raises(RefusedError, match="is past"):
            acts.expect(connection, doer(), O1, 1, yesterday)
        with pytest.raises(RefusedError, match="still to come"):
            acts.sign(connection, doer(), O1, 1, tomorrow, 5)
        with pytest.raises(RefusedError, match="still to come"):
            acts.pay(connection, doer(), 5, tomorrow, order_id=O1, seen=1)
        for cents in (-1, 10**15):
            with pytest.raises(RefusedError, match="amount"):
                acts.amount(connection, doer(), O1, 1, cents)
        with pytest.raises(RefusedError, match="above 0"):
            acts.pay(connection, doer(), 0, TODAY, customer_id=BALTIC)
        acts.amount(connection, doer(), O1, 1, 0)
        acts.expect(connection, doer(), O1, 2, None)
        acts.claim(connection, doer(), O1, 3, TODAY, 1)


def test_a_claim_is_said_by_the_specialist_of_the_order(floor: Store) -> None:
    with floor.write() as connection:
        acts.claim(connection, doer(), O1, 1, TODAY)
        acts.claim(connection, doer(), O3, 1, TODAY)
        assert [order_book.claims(connection, id_)[0].who for id_ in (O1, O3)] == ["Anna Weber", "boss"]


def test_a_review_keeps_what_was_then(floor: Store) -> None:
    with floor.write() as connection:
        acts.hear(connection, doer(), O1, 1, "contract", call=(1, "c2"))
        acts.hear(connection, doer(), O1, 2, "payment_date", file="letter.pdf")
        acts.review(
            connection, doer(), CONFIG, O1, 3, asked="when?", facts=["payment_date", "contract"], next_step=" call ",
            guidance="praise", guidance_text="well\ndone", recheck_day=TODAY,
        )  # fmt: skip
        seen = read_order(connection, CONFIG, O1, NOW)
        assert (seen.line.score, seen.line.expected_cents, seen.line.next_step) == (47, 343_000, "call")
        acts.withdraw(connection, doer(), 1, 4)
        acts.review(connection, doer(), CONFIG, O1, 5, facts="")
        seen = read_order(connection, CONFIG, O1, NOW)
        row = connection.exec_driver_sql("SELECT facts, asked, day FROM review ORDER BY id").all()
    assert [tuple(one) for one in row] == [("contract payment_date", "when?", TODAY), ("", "", TODAY)]
    assert [(one.score, one.next_step) for one in seen.reviews] == [(25, "call"), (47, "call")]
    assert (seen.line.expected_before_cents, seen.line.expected_cents) == (147_000, 147_000)


def test_guidance_is_checked(floor: Store) -> None:
    with floor.write() as connection:
        with pytest.raises(RefusedError, match="'x' is no fact"):
            acts.review(connection, doer(), CONFIG, O1, 1, facts="price x")
        with pytest.raises(RefusedError, match="praise, correction or solution"):
            acts.review(connection, doer(), CONFIG, O1, 1, guidance="scold")
        with pytest.raises(RefusedError, match="which solution"):
            acts.review(connection, doer(), CONFIG, O1, 1, guidance="solution")
        with pytest.raises(RefusedError, match="no more"):
            acts.review(connection, doer(), CONFIG, O1, 1, solution_id=4)
        acts.review(connection, doer(), CONFIG, O1, 1, guidance="solution", guidance_text="two payments")


def state(connection: Connection, customer_id: int) -> tuple[str, int | None, int]:
    sql = f"SELECT status, closed_us, contacts FROM customer WHERE id = {customer_id}"
    status, closed_us, contacts = connection.exec_driver_sql(sql).one()
    return status, closed_us, contacts


def test_own_clauses_need_an_approval(floor: Store) -> None:
    with floor.write() as connection:
        for nobody in ("", "  "):
            with pytest.raises(RefusedError, match="approval"):
                acts.sign(connection, doer(), O1, 1, TODAY, 5, "net 60 days", nobody)
        acts.sign(connection, doer(), O1, 1, TODAY, 5, " \n", "")
        acts.sign(connection, doer(), O2, 1, 20261120, 6, "net 60 days", "Director")
        assert order_book.contract(connection, O2) == (20261120, 6, "net 60 days", "Director")


def test_signing_closes_the_counting_and_leaves_other_orders_open(floor: Store) -> None:
    with floor.write() as connection:
        acts.hear(connection, doer(), O1, 1, "contract", call=CALL)
        acts.sign(connection, doer(), O1, 2, 20261120, 900_000)
        assert state(connection, BALTIC) == ("signed", NOW, 3)
        signed, other = order_book.order(connection, O1), order_book.order(connection, O2)
        assert signed and other
        assert (signed.status, signed.closed_day, signed.closed_score) == ("signed", 20261120, 22)
        assert (other.status, other.version) == ("open", 1)
        call(connection, "late", "1001", "+491", NOW + DAY_US)
        assert state(connection, BALTIC)[2] == 3
        assert_counted_right(connection)
        with pytest.raises(RefusedError, match="A is signed already"):
            acts.lose(connection, doer(), O1, 3, "x")
        assert undo(connection, doer())
        assert state(connection, BALTIC) == ("open", None, 4)  # what was contacted since counts again
        assert_counted_right(connection)


def test_a_second_signing_moves_the_customer_no_more(floor: Store) -> None:
    with floor.write() as connection:
        acts.sign(connection, doer("Mei"), O1, 1, TODAY, 5)
        acts.sign(connection, doer("Bo", HOUR), O2, 1, TODAY, 5)
        assert state(connection, BALTIC)[1] == NOW
        with pytest.raises(RefusedError, match="another order of Baltic Steel was signed since"):
            undo(connection, doer("Mei", HOUR))
        undo(connection, doer("Bo", HOUR))
        assert state(connection, BALTIC)[0] == "signed"
        undo(connection, doer("Mei", HOUR))
        assert state(connection, BALTIC) == ("open", None, 3)
        assert_counted_right(connection)


def test_a_customer_is_lost_with_the_last_order(floor: Store) -> None:
    with floor.write() as connection:
        with pytest.raises(RefusedError, match="why it is lost is needed"):
            acts.lose(connection, doer(), O1, 1, "")
        acts.lose(connection, doer("Mei"), O1, 1, "too dear")
        assert state(connection, BALTIC)[0] == "open"
        acts.lose(connection, doer("Bo"), O2, 1, "bankrupt")
        assert state(connection, BALTIC) == ("lost", None, 3)
        assert_counted_right(connection)
        with pytest.raises(RefusedError, match="Baltic Steel is lost since"):
            undo(connection, doer("Mei"))
        undo(connection, doer("Bo"))
        assert state(connection, BALTIC)[0] == "open"
        assert undo(connection, doer("Mei"))
        assert_counted_right(connection)


@pytest.mark.parametrize("before", ["signed", "sign"])
def test_a_customer_who_signed_is_not_lost(floor: Store, before: str) -> None:
    with floor.write() as connection:
        if before == "sign":
            acts.sign(connection, doer(), O2, 1, TODAY, 5)
        else:
            connection.exec_driver_sql("UPDATE customer SET status = 'signed' WHERE id = 1")
            connection.exec_driver_sql("UPDATE sales_order SET status = 'lost' WHERE id = 2")
        acts.lose(connection, doer(), O1, 1, "x")
        assert state(connection, BALTIC)[0] == "signed"


def test_an_order_is_made_and_unmade(floor: Store) -> None:
    with floor.write() as connection:
        acts.lose(connection, doer("Mei"), O3, 1, "x")
        assert state(connection, RUHR)[0] == "lost"
        before = everything(connection)
        said = acts.create(connection, doer(), RUHR, ANNA, "Portal Gold", 980_050, "interest")
        assert said == "O-4 Ruhr Pumpen: a new order, Portal Gold, 9 800.50"
        made = order_book.order(connection, 4)
        assert made and (made.opened_day, made.specialist, made.status) == (TODAY, "Anna Weber", "open")
        assert state(connection, RUHR)[0] == "open"
        with pytest.raises(RefusedError, match="Ruhr Pumpen was changed since"):
            undo(connection, doer("Mei"))
        acts.stage(connection, doer("Bo", HOUR), 4, 1, "offer")
        with pytest.raises(RefusedError, match="Bo changed O-4"):
            undo(connection, doer())
        undo(connection, doer("Bo", HOUR))
        undo(connection, doer())
        assert everything(connection) == before
        assert_counted_right(connection)
        with pytest.raises(RefusedError, match="no such customer"):
            acts.create(connection, doer(), 99, None, "x", 1, "x")
        with pytest.raises(RefusedError, match="no such specialist"):
            acts.create(connection, doer(), RUHR, 99, "x", 1, "x")


def test_an_order_of_a_merged_customer_is_the_other_ones(floor: Store) -> None:
    with floor.write() as connection:
        twin = customer(connection, "c-3", "Baltic Steal", merged_into=BALTIC)
        acts.create(connection, doer(), twin, ANNA, "x", 1, "x")
        assert order_book.order(connection, 4)[2:4] == (BALTIC, "Baltic Steel")  # type: ignore[index]
        order(connection, "O-5", twin, ANNA)
        acts.sign(connection, doer(), 5, 1, TODAY, 5)
        assert state(connection, BALTIC)[0] == "signed"
        assert_counted_right(connection)
        acts.create(connection, doer(), BALTIC, ANNA, "x", 1, "x")
        assert order_book.order(connection, 6).ref == "O-6"  # type: ignore[union-attr]


def test_a_payment_of_a_customer_and_of_a_closed_order(floor: Store) -> None:
    with floor.write() as connection:
        before = everything(connection)
        assert acts.pay(connection, doer(), 100, TODAY, customer_id=RUHR) == "Ruhr Pumpen: 1 paid on 2026-11-23"
        undo(connection, doer())
        assert everything(connection) == before
        acts.sign(connection, doer(), O1, 1, TODAY, 500)
        acts.pay(connection, doer(), 200, TODAY, order_id=O1, seen=2)
        acts.pay(connection, doer(), 300, 20261122, order_id=O1, seen=3)
        assert order_book.paid_cents(connection, O1) == 500
        with pytest.raises(RefusedError, match="no such customer"):
            acts.pay(connection, doer(), 1, TODAY, customer_id=77)
        with pytest.raises(RefusedError, match="no such customer"):
            acts.pay(connection, doer(), 1, TODAY)


def test_a_visit_after_signing_does_not_count_either(floor: Store) -> None:
    with floor.write() as connection:
        acts.sign(connection, doer(), O1, 1, TODAY, 5)
        visit = NewEntry(BALTIC, NOW + HOUR, TODAY, "visit", HAND, specialist_id=ANNA)
        append_entries(connection, [visit], RULES.numbers, NOW + HOUR)
        assert state(connection, BALTIC)[2] == 3
        assert_counted_right(connection)
