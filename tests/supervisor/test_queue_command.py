"""`supervisor queue` and `supervisor window`, from a table of customers to what scripts read."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from store.engine import open_store
from supervisor.__main__ import run
from tests.store.customers_made import customer

ZONE = ZoneInfo("Europe/Berlin")
KEYS = [
    "customer",
    "contact_number",
    "in_window",
    "owner",
    "tier",
    "last_contact_at",
    "days_since",
    "next_due",
    "reason",
]


@pytest.fixture
def floor(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configured floor with an empty store; commands find it by the environment."""
    file = tmp_path / "floor.toml"
    file.write_text(f'[floor]\ntime_zone = "Europe/Berlin"\n[store]\nurl = "{sqlite_url}"\n')
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(file))
    (tmp_path / "roster.csv").write_text("name,team\nIvo Tamm,North\nGreta Lind,South\n")
    assert run(["import", "roster", str(tmp_path / "roster.csv")]) == 0
    return tmp_path


def bring(floor: Path, what: str, text: str) -> int:
    path = floor / f"{what}.csv"
    path.write_text(text)
    return run(["import", what, str(path)])


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run(list(words)) == 0
    return json.loads(capsys.readouterr().out)


def history(company: str, contacts: int, specialist: str = "Ivo Tamm", until: int = 1) -> str:
    """Rows of `contacts` calls on as many days, the last one `until` days ago."""
    now = datetime.now(ZONE).replace(hour=10, minute=0, second=0, microsecond=0)
    days = [now - timedelta(days=until + n) for n in range(contacts)]
    return "".join(f"{company},{day.isoformat()},{specialist},call,,\n" for day in days)


HEAD = "customer,at,specialist,channel,outcome,note\n"


def test_the_queue_of_imported_customers(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    customers = (
        "company,phones,tier,owner,status,do_not_call\n"
        "Baltic Steel,+493023125001,major,Ivo Tamm,open,\n"
        "Ruhr Pumpen,+493023125002,target,Greta Lind,open,\n"
        "Kaiser Logistik,+493023125003,other,,open,\n"
        "Vogt,+493023125004,major,,open,asked us not to\n"
        "Hansa,+493023125005,important,,prospect,\n"
    )
    assert bring(floor, "customers", customers) == 0
    rows = history("Baltic Steel", 9, until=6) + history("Ruhr Pumpen", 11, "Greta Lind", 4)
    assert bring(floor, "contacts", HEAD + rows + history("Kaiser Logistik", 7) + history("Vogt", 9)) == 0
    queue = told(capsys, "queue", "--format", "json")
    assert [list(line) for line in queue] == [KEYS] * 4
    assert [(q["customer"], q["contact_number"], q["in_window"], q["owner"], q["tier"]) for q in queue] == [
        ("Baltic Steel", 9, True, "Ivo Tamm", "major"),
        ("Ruhr Pumpen", 11, True, "Greta Lind", "target"),
        ("Kaiser Logistik", 7, False, None, "other"),
        ("Hansa", 0, False, None, "important"),
    ]
    assert [line["days_since"] for line in queue] == [6, 4, 1, None]
    assert datetime.fromisoformat(queue[0]["last_contact_at"]).tzinfo is not None
    assert queue[2]["reason"] == "opens next"
    assert [line["next_due"] for line in queue] == [None] * 4
    assert len(told(capsys, "queue", "--limit", "2", "--format", "json")) == 2
    assert run(["queue"]) == run(["queue", "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert "in the window, 11th contact; the last one in it" in out and "Ruhr Pumpen,11,true,Greta Lind,target" in out


def test_the_window_before_and_after_fifty_signings(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_store(str(floor / "store.db"))) as store, store.write() as connection:
        for _ in range(49):
            customer(connection, contacts=5, status="signed")
        customer(connection, contacts=6)
    window = told(capsys, "window", "--format", "json")
    assert list(window) == ["pinned", "signings", "window", "hazard"]
    assert (window["pinned"], window["signings"], window["window"]) == (False, 49, [8, 11])
    assert [(p["k"], p["at_risk"], p["signed"]) for p in window["hazard"]] == [
        (1, 50, 0), (2, 50, 0), (3, 50, 0), (4, 50, 0), (5, 50, 49), (6, 1, 0),
    ]  # fmt: skip
    assert window["hazard"][4]["rate"] == 0.98
    assert window["hazard"][4]["low"] < 0.98 < window["hazard"][4]["high"] < 1
    with closing(open_store(str(floor / "store.db"))) as store, store.write() as connection:
        customer(connection, contacts=4, status="signed")
    assert told(capsys, "window", "--format", "json")["window"] == [5, 5]
    with (floor / "floor.toml").open("a") as file:
        file.write("[followups]\npinned = true\nwindow = [3, 9]\n")
    pinned = told(capsys, "window", "--format", "json")
    assert (pinned["pinned"], pinned["window"]) == (True, [3, 9])
    assert run(["window"]) == 0
    assert "window 3-9, pinned; 50 signings" in capsys.readouterr().out


def test_an_empty_store_has_an_empty_queue(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "queue", "--format", "json") == []
    assert told(capsys, "window", "--format", "json") == {
        "pinned": False, "signings": 0, "window": [8, 11], "hazard": []
    }  # fmt: skip
    assert run(["queue"]) == run(["window"]) == 0
