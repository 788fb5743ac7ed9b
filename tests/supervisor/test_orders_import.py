"""Orders and payments brought in: which order it is, what signing does to a customer, to which order money belongs."""

from __future__ import annotations

import pytest

from tests.supervisor.exchanging import DAY_US, NOW_US, Floor, floor, quick

__all__ = ["floor", "quick"]

CUSTOMERS = "ref,company,phones\nA,Acme,030 1234567\nB,Bolt,030 7654321\n"
HEADER = "customer,specialist,package,amount,stage,opened,expected_sign,status,closed,ref\n"
ORDERS = (
    "SELECT o.ref, c.ref, s.name, package, amount_cents, stage, o.status, opened_day, expected_day, closed_day, "
    "version, changed_us, changed_by FROM sales_order o JOIN customer c ON c.id = o.customer_id "
    "LEFT JOIN specialist s ON s.id = o.specialist_id ORDER BY o.id"
)
PAYMENTS = (
    "SELECT p.ref, c.ref, o.ref, p.package, p.amount_cents, paid_day, who FROM payment p JOIN customer c "
    "ON c.id = p.customer_id LEFT JOIN sales_order o ON o.id = p.order_id ORDER BY p.id"
)


def test_an_order_is_stored_once_and_its_changes_follow(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    table = (
        f'{HEADER}Acme,Anna,Gold,"9.800,50 €",offer,2025-11-03,2025-12-01,open,,\n030 7654321,,Silver,100,,,,,,R-1\n'
    )
    assert floor.bring("orders", table) == (2, 0, 0, 0)
    first = ("O-1", "A", "Anna", "Gold", 980_050, "offer", "open", 20251103, 20251201, None, 1, NOW_US, "sue")
    assert floor.rows(ORDERS) == [
        first, ("R-1", "B", None, "Silver", 10_000, "", "open", 20251128, None, None, 1, NOW_US, "sue"),
    ]  # fmt: skip
    before = floor.state()
    floor.at(NOW_US + DAY_US)
    assert floor.bring("orders", table) == (0, 0, 2, 0), "an opening that is not told is not today's every day"
    assert floor.state() == before
    assert floor.bring("orders", table.replace("9.800,50", "9900").replace("offer", "contract")) == (0, 1, 1, 0)
    now = NOW_US + DAY_US
    assert floor.rows(ORDERS)[0] == (*first[:4], 990_000, "contract", *first[6:10], 2, now, "sue")
    assert floor.bring("orders", "customer,package,amount,opened\nA,Gold,9900,3.11.2025\n") == (0, 0, 1, 0)
    assert floor.bring("orders", "customer,package,amount,opened\nA,Gold,9900,4.11.2025\n") == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Nobody,,Gold,1,,,,,,", "there is no customer 'Nobody'"),
        ("A,Ana,Gold,1,,,,,,", "did you mean 'Anna'?"),
        ("A,,Gold,,,,,,,", "no amount"),
        ("A,,Gold,1 $,,,,,,", "not in EUR"),
        ("A,,Gold,-5,,,,,,", "-5"),
        (f"A,,{'p' * 201},1,,,,,,", "package has 201 characters"),
        (f"A,,Gold,1,{'s' * 121},,,,,", "stage has 121 characters"),
        ("A,,Gold,1,,3/4/2025,,,,", "could be two days"),
        ("A,,Gold,1,,,soon,,,", "'soon' is not a date"),
        ("A,,Gold,1,,,,won,,", "status is 'won'; expected one of open, signed, lost"),
        ("A,,Gold,1,,2025-11-03,,open,2025-11-04,", "status is open, and yet it was closed on 2025-11-04"),
        ("A,,Gold,1,,2025-11-03,,signed,2025-11-02,", "closed (2025-11-02) before it was opened (2025-11-03)"),
        ("A,,Gold,1,,2025-11-03,,,2025-11-04,", "a day on which it was closed and no status"),
        (f"A,,Gold,1,,,,,,{'r' * 81}", "ref has 81 characters"),
        ("A,,Gold,1,,,,,,R-1", "'R-1' is another customer's"),
    ],
)
def test_an_order_that_does_not_do_is_refused_and_the_rest_goes_in(quick: Floor, row: str, words: str) -> None:
    quick.bring("customers", CUSTOMERS)
    assert quick.bring("orders", f"{HEADER}B,,Silver,1,,,,,,R-1\n{row}\n") == (1, 0, 0, 1)
    ((number, reason, *_),) = quick.rejects("orders")
    assert number == "3" and words in reason, reason
    assert len(quick.rows(ORDERS)) == 1


def test_rows_about_one_order_must_agree(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    table = "customer,package,amount,opened\nA,Gold,1,2025-11-03\nA,Gold,2,2025-11-03\nA,Gold,1,2025-11-03\n"
    assert floor.bring("orders", table) == (1, 0, 1, 1)
    assert floor.rejects("orders")[0][1] == "it is what row 2 told of, otherwise: amount_cents"
    assert floor.bring("orders", table) == (0, 0, 2, 1)


def test_orders_that_differ_by_reference_alone_are_two(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    table = "customer,package,amount,opened,ref\nA,Gold,1,2025-11-03,R-1\nA,Gold,1,2025-11-03,R-2\n"
    assert floor.bring("orders", table) == (2, 0, 0, 0)
    assert floor.bring("orders", table) == (0, 0, 2, 0)
    floor.bring("orders", "customer,package,amount,opened\nB,Gold,1,2025-11-03\n")
    theirs = "customer,package,amount,opened,ref\nB,Gold,1,2025-11-03,R-3\n"
    assert floor.bring("orders", theirs) == (0, 1, 0, 0), "their reference takes the place of ours"
    assert [row["ref"] for row in floor.listed("orders")] == ["R-1", "R-2", "R-3"]
    assert floor.bring("orders", theirs) == (0, 0, 1, 0)


def test_a_signed_order_signs_its_customer_until_the_end_of_that_day(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    rows = "".join(f"A,2025-11-{day} 18:00,visit\n" for day in (10, 12, 14))
    floor.bring("contacts", f"customer,at,channel\n{rows}")
    signed = f"{HEADER}A,,Silver,1,,2025-11-01,,signed,2025-11-20,\nA,,Gold,1,,2025-11-01,,signed,2025-11-12,\n"
    assert floor.bring("orders", signed) == (2, 0, 0, 0)
    midnight = NOW_US - 16 * DAY_US + 11 * 3_600_000_000
    state = "SELECT status, closed_us, contacts FROM customer WHERE ref = 'A'"
    assert floor.rows(state) == [("signed", midnight, 2)], "by the first of them"
    assert floor.histogram() == [(0, 1, 1, 0), (2, 1, 0, 1)]
    before = floor.state()
    assert floor.bring("orders", signed) == (0, 0, 2, 0) and floor.state() == before
    floor.bring("orders", f"{HEADER}A,,Tin,1,,2025-10-01,,signed,2025-10-02,\n")
    assert floor.rows(state) == [("signed", midnight, 2)], "who was signed before stays as it was"


def test_a_lost_customer_stays_lost_and_one_opened_again_stays_open(floor: Floor) -> None:
    floor.bring("customers", "ref,company,status,opened\nA,Acme,lost,\nB,Bolt,open,2025-11-20 09:00\n")
    floor.bring("orders", f"{HEADER}A,,G,1,,2025-11-01,,signed,2025-11-02,\nB,,G,1,,2025-11-01,,signed,2025-11-02,\n")
    assert floor.rows("SELECT status, closed_us FROM customer ORDER BY ref") == [("lost", None), ("open", None)]
    floor.bring("orders", f"{HEADER}B,,H,1,,2025-11-01,,signed,2025-11-20,\n")
    assert floor.rows("SELECT status FROM customer ORDER BY ref") == [("lost",), ("signed",)]


def test_an_order_that_becomes_signed_or_open_again(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    floor.bring("orders", f"{HEADER}A,,Gold,1,,2025-11-01,,,,\n")
    assert floor.bring("orders", "customer,package,amount,status\nA,Gold,1,signed\n") == (0, 1, 0, 0)
    assert floor.rows("SELECT status, closed_day, version FROM sales_order") == [("signed", 20251101, 2)]
    assert floor.rows("SELECT status FROM customer WHERE ref = 'A'") == [("signed",)]
    assert floor.bring("orders", f"{HEADER}A,,Gold,1,,2025-11-01,,signed,,\n") == (0, 0, 1, 0)
    assert floor.bring("orders", f"{HEADER}A,,Gold,1,,2025-11-01,,open,,\n") == (0, 1, 0, 0)
    assert floor.rows("SELECT status, closed_day, version FROM sales_order") == [("open", None, 3)]


# -- payments ---------------------------------------------------------------------------------------------------------


def test_a_payment_is_stored_once_and_belongs_to_the_one_signed_order(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    floor.bring(
        "orders",
        f"{HEADER}A,,Gold,1,,2025-11-01,,signed,,S\nA,,Gold,1,,2025-11-02,,open,,T\nA,,Tin,1,,2025-11-02,,open,,U\n",
    )
    table = "customer,package,amount,paid,ref\nA,gold,10,2025-11-20,\nA,Tin,20,2025-11-20,X\nB,Gold,30,20.11.2025,\n"
    assert floor.bring("payments", table) == (3, 0, 0, 0)
    assert floor.rows(PAYMENTS) == [
        ("P-1", "A", "S", "gold", 1_000, 20251120, "sue"),
        ("X", "A", "U", "Tin", 2_000, 20251120, "sue"),
        ("P-3", "B", None, "Gold", 3_000, 20251120, "sue"),
    ]
    before = floor.state()
    assert floor.bring("payments", table) == (0, 0, 3, 0) and floor.state() == before
    floor.bring("orders", f"{HEADER}A,,Gold,1,,2025-11-02,,signed,2025-11-03,T\nB,,Gold,1,,2025-11-02,,,,V\n")
    assert floor.bring("payments", table) == (0, 1, 2, 0), "it finds the order that came later; the other one stays"
    assert [row[2] for row in floor.rows(PAYMENTS)] == ["S", "U", "V"]
    assert floor.bring("payments", "customer,package,amount,paid\nA,Gold,11,2025-11-20\n") == (1, 0, 0, 0)
    assert floor.rows(PAYMENTS)[3][2] is None, "two signed orders come into question"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",Gold,1,2025-11-20,", "no customer"),
        ("A,Gold,,2025-11-20,", "no amount"),
        ("A,Gold,1.234.5,2025-11-20,", "1.234.5"),
        ("A,Gold,1,,", "no day on which it was paid"),
        ("A,Gold,1,1/2/2025,", "could be two days"),
        (f"A,{'p' * 201},1,2025-11-20,", "package has 201 characters"),
        ("A,Gold,1,2025-11-20,X", "'X' is another customer's"),
    ],
)
def test_a_payment_that_does_not_do_is_refused(quick: Floor, row: str, words: str) -> None:
    quick.bring("customers", CUSTOMERS)
    table = f"customer,package,amount,paid,ref\nB,Gold,1,2025-11-20,X\n{row}\n"
    assert quick.bring("payments", table) == (1, 0, 0, 1)
    assert words in quick.rejects("payments")[0][1]


def test_orders_and_payments_of_a_double_are_whom_it_was_merged_into(floor: Floor) -> None:
    floor.bring("customers", CUSTOMERS)
    orders = f"{HEADER}B,,Gold,1,,2025-11-01,,,,R\n"
    payments = "customer,package,amount,paid,ref\nB,Gold,1,2025-11-20,P\n"
    floor.bring("orders", orders)
    floor.bring("payments", payments)
    floor.run("customers", "merge", "B", "A")
    before = floor.state()
    assert floor.bring("orders", orders + orders.splitlines()[1].replace("B,", "A,", 1)) == (0, 0, 2, 0)
    assert floor.bring("payments", payments) == (0, 0, 1, 0)
    assert floor.state() == before
    assert [floor.listed(what)[0]["customer"] for what in ("orders", "payments")] == ["A", "A"]
