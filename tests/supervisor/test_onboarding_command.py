"""`supervisor onboarding`, as it is called, and payments that are brought in and start something."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from store.engine import Store
from supervisor.__main__ import run
from supervisor.cli import common
from tests.supervisor.duties.onboarding.owing import HOUR, NOW, act, pay
from tests.supervisor.duties.selling import customer, order, specialist
from tests.supervisor.exchanging import DAY_US, NOW_US, Floor, quick
from tests.supervisor.exchanging import floor as importing

__all__ = ["importing", "quick"]

STEERS = "Baltic\x1b]0;title\x07\u202e"


@pytest.fixture
def floor(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two customers who paid at NOW; the commands run seven hours later, at 18:00."""
    config = tmp_path / "supervisor.toml"
    config.write_text(
        '[floor]\ntime_zone = "Europe/Berlin"\nholidays = false\n[console]\nwho = "boss"\n'
        '[onboarding]\nassistants = ["Bo", "Mei"]\n'
    )
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: NOW + 7 * HOUR)
    with store.write() as connection:
        anna = specialist(connection, "Anna Weber", "1001", "North")
        specialist(connection, "Bob Klein", "1002")
        customer(connection, "c-1", STEERS, "+491")
        customer(connection, "c-2", "Ruhr Pumpen", "+492")
        order(connection, "A", 1, anna)
        order(connection, "B", 2, None, package="Silver")
        pay(connection, 1), pay(connection, 2)
        act(connection, "done", "open_account", id_=2)
    return store


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    try:
        ended = run(words)
    except SystemExit as end:
        assert isinstance(end.code, int)
        ended = end.code
    told = capsys.readouterr()
    assert ended == status, told.err
    text = told.out if status == 0 else told.err
    assert "\x1b" not in text and "\u202e" not in text
    return text


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said(capsys, "onboarding", "--format", "json", *words))
    return found


def test_json(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys)
    assert len(found) == 25
    assert found[0] == {
        "customer": "Baltic\u241b]0;title\u2407\ufffd",
        "step": "open_account",
        "holder": "Bo",
        "waiting_on": "Bo",
        "started": "2026-11-23T11:00:00+01:00",
        "due": "2026-11-23T16:00:00+01:00",
        "overdue_minutes": 120,
        "blocked_by": [],
        "package": "Gold",
        "round": 1,
    }
    assert [one for one in found if one["customer"] == "Ruhr Pumpen" and one["step"] == "upload"] == [
        {
            "customer": "Ruhr Pumpen",
            "step": "upload",
            "holder": "Mei",
            "waiting_on": "specialist",
            "started": None,
            "due": None,
            "overdue_minutes": 0,
            "blocked_by": ["material"],
            "package": "Silver",
            "round": 1,
        }
    ]
    live = next(one for one in found if one["step"] == "live" and one["package"] == "Gold")
    assert live["waiting_on"] == "Anna Weber, Bo"
    assert all((one["due"] is None) == bool(one["blocked_by"]) for one in found)


def test_filters(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["step"] for one in rows(capsys, "--overdue")] == ["open_account"]
    assert {one["customer"] for one in rows(capsys, "--customer", "PUMP")} == {"Ruhr Pumpen"}
    assert rows(capsys, "--overdue", "--customer", "PUMP") == []


def test_csv(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(csv.DictReader(io.StringIO(said(capsys, "onboarding", "--format", "csv", "--customer", "ruhr"))))
    assert len(found) == 12
    live = next(one for one in found if one["step"] == "live")
    assert (live["due"], live["blocked_by"]) == ("", "upload contract_check ad_tracked article_audit")


def test_table(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "onboarding").splitlines()
    assert lines[0] == "25 steps owed to 2 customers: 1 overdue, 20 blocked"
    assert "open_account" in lines[3] and "2026-11-23 16:00" in lines[3] and "2 h 00 min" in lines[3]
    none = said(capsys, "onboarding", "--customer", "x y z")
    assert none == "0 steps owed to 0 customers: 0 overdue, 0 blocked\n"


def test_acting(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "onboarding", "done", "C-2", "mater").startswith(
        "Ruhr Pumpen: Material from the specialist: done; now Upload the information (Mei)"
    )
    assert said(capsys, "onboarding", "send-back", "ruhr", "upload", "material", "--reason", "no logo").strip() == (
        "Ruhr Pumpen: Upload the information sent back to Material from the specialist (specialist), round 2: no logo"
    )
    assert said(capsys, "onboarding", "assign", "ruhr", "material", "bob").strip() == (
        "Ruhr Pumpen: Material from the specialist is Bob Klein's, and 2 more of the specialist's"
    )
    material = next(one for one in rows(capsys, "--customer", "ruhr") if one["step"] == "material")
    assert (material["holder"], material["round"], material["started"]) == (
        "Bob Klein", 2, "2026-11-23T18:00:00+01:00",
    )  # fmt: skip
    with floor.read() as connection:
        who = {row[0] for row in connection.exec_driver_sql("SELECT who FROM step_run WHERE outcome = 'reassigned'")}
    assert who == {"boss"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("done", "Ruhr", "live"), "Live is blocked: it waits for Upload the information"),
        (("done", "Ruhr", "open_account"), "Open the account is done already"),
        (("done", "Nobody", "live"), "no customer under way 'Nobody'"),
        (("done", "Ruhr", "lunch"), "no step 'lunch'"),
        (("done", "Ruhr", "ad"), "step 'ad' is not one alone: ad_plan, ad_make"),
        (("done", "Ruhr", "material", "--package", "Gold"), "no package 'Gold'"),
        (("send-back", "Ruhr", "contract_check", "material", "--reason", "x"), "Check the contract comes first"),
        (("assign", "Ruhr", "material", "Carl"), "no specialist 'Carl'"),
        (("assign", "Ruhr", "upload", "Carl"), "no assistant 'Carl'"),
    ],
)
def test_what_is_refused(
    floor: Store, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    told = said(capsys, "onboarding", *words, status=2)
    assert complaint in told and told.count("\n") == 1


def test_a_customer_with_two_under_way(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with floor.write() as connection:
        pay(connection, order(connection, "C", 2, None, package="Gold"))
    assert "several under way; say --package: Silver, Gold" in said(
        capsys, "onboarding", "done", "ruhr", "contract_check", status=2
    )
    assert "done" in said(capsys, "onboarding", "done", "ruhr", "contract_check", "--package", "gold")


# -- payments that are brought in -------------------------------------------------------------------------------------

CUSTOMERS = "ref,company,owner\nA,Acme,Anna\nB,Bolt,\n"
ORDERS = "customer,specialist,package,amount,status,closed\nA,Bob,Gold,100,signed,2025-11-20\nB,,Silver,50,open,\n"
STARTED = (
    "SELECT c.ref, p.ref, o.ref, b.package, coalesce(s.name, ''), b.assistant, b.started_us FROM onboarding b "
    "JOIN customer c ON c.id = b.customer_id JOIN payment p ON p.id = b.payment_id "
    "LEFT JOIN sales_order o ON o.id = b.order_id LEFT JOIN specialist s ON s.id = b.specialist_id ORDER BY p.ref"
)
PAYMENTS = (
    "customer,package,amount,paid,ref\n"
    "A,Gold,60,2025-11-28,p-1\n"  # today: from now on
    "A,Gold,40,2025-11-27,p-2\n"  # the earlier instalment of the same order: it is the one that starts
    "B,Bronze,5,2025-11-26,p-3\n"  # of no order
    "B,bronze,5,2025-11-27,p-4\n"  # the same package: under way
    "B,Iron,5,2025-08-31,p-5\n"  # 89 days ago
    "B,Wood,5,2025-08-30,p-6\n"  # 90: history
)


def day(number: int) -> int:
    """The beginning of the day so many days before the tests' present, 13:00 in Berlin."""
    return NOW_US - 13 * HOUR - number * DAY_US


def test_payments_that_are_brought_in_start_what_is_owed_once(importing: Floor) -> None:
    importing.bring("customers", CUSTOMERS)
    importing.bring("orders", ORDERS)
    assert importing.bring("payments", PAYMENTS) == (6, 0, 0, 0)
    found = importing.rows(STARTED)
    assert found == [
        ("A", "p-2", "O-1", "Gold", "Bob", "", day(1)),
        ("B", "p-3", None, "Bronze", "", "", day(2)),
        ("B", "p-5", None, "Iron", "", "", day(89) - HOUR),  # summer time
    ]
    assert importing.rows("SELECT count(*) FROM onboarding_step") == [(39,)]
    assert importing.rows("SELECT count(*) FROM step_run") == [(9,)]
    importing.at(NOW_US + DAY_US)
    assert importing.bring("payments", PAYMENTS) == (0, 0, 6, 0)
    assert importing.rows(STARTED) == found
    assert importing.bring("payments", "customer,package,amount,paid\nA,Gold,1,2025-11-29\n") == (1, 0, 0, 0)
    assert importing.rows(STARTED) == found, "another instalment of the same order"


def test_a_payment_of_today_starts_when_it_is_recorded(importing: Floor) -> None:
    importing.bring("customers", CUSTOMERS)
    importing.bring("payments", "customer,package,amount,paid,ref\nA,Gold,60,2025-11-28,p-1\n")
    assert importing.rows(STARTED) == [("A", "p-1", None, "Gold", "Anna", "", NOW_US)]


def test_an_onboarding_learns_of_the_order_that_came_later(importing: Floor) -> None:
    importing.bring("customers", CUSTOMERS)
    payments = "customer,package,amount,paid,ref\nA,Gold,60,2025-11-28,p-1\n"
    importing.bring("payments", payments)
    importing.bring("orders", ORDERS)
    assert importing.bring("payments", payments) == (0, 1, 0, 0)
    assert [row[:3] for row in importing.rows(STARTED)] == [("A", "p-1", "O-1")]
    importing.bring("payments", "customer,package,amount,paid,ref\nA,Gold,40,2025-11-28,p-2\n")
    assert [row[:3] for row in importing.rows(STARTED)] == [("A", "p-1", "O-1")]


def test_the_package_of_the_order_counts_where_the_payment_names_none(quick: Floor) -> None:
    quick.bring("customers", CUSTOMERS)
    quick.bring("orders", ORDERS)
    quick.bring("payments", "customer,package,amount,paid,ref\nA,,60,2025-11-28,p-1\n")
    assert [row[:4] for row in quick.rows(STARTED)] == [("A", "p-1", "O-1", "Gold")]


def test_many_are_shared_out_among_the_assistants(quick: Floor) -> None:
    path = quick.folder / "supervisor.toml"
    path.write_text(path.read_text() + '[onboarding]\nassistants = ["Mei", "Bo", "Al"]\n')
    quick.bring("customers", "ref,company\n" + "".join(f"C{n},Company {n}\n" for n in range(100)))
    table = "customer,package,amount,paid\n" + "".join(f"C{n},Gold,1,2025-11-28\n" for n in range(100))
    assert quick.bring("payments", table)[0] == 100
    assert quick.rows("SELECT assistant, count(*) FROM onboarding GROUP BY assistant ORDER BY assistant") == [
        ("Al", 34), ("Bo", 33), ("Mei", 33),
    ]  # fmt: skip
