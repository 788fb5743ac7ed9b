"""`supervisor audit day`, as it is called: what it prints, its exit status, and the same figures in every format."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from store import driver
from store.engine import Store
from supervisor.__main__ import run
from supervisor.cli import common
from supervisor.duties.audit.snapshots import CALL_CLASSES, LOG_CLASSES
from tests.supervisor.duties.audit.test_audit_in_store import decide, wrote
from tests.supervisor.duties.selling import HOUR, NOW, S, call, customer, specialist

STEERS = "Ann\x1b]0;title\x07\u202e"
FORMULA = "=HYPERLINK(1)"
CONFIGURATION = """
[floor]
name = "Nordlicht"
time_zone = "Europe/Berlin"
holidays = false
"""
MINE, OTHER = "+4930111", "+4930222"


@pytest.fixture
def floor(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Ann of the North logged one of two calls, and one that was none; Boris of the South called once. It is Monday,
    eight in the evening."""
    config = tmp_path / "supervisor.toml"
    config.write_text(CONFIGURATION)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: NOW + 9 * HOUR)
    with store.write() as connection:
        ann = specialist(connection, STEERS, "1001", "North")
        specialist(connection, "李雷", "1002", "South")
        acme = customer(connection, "K1", "Acme", MINE)
        customer(connection, "K2", FORMULA, OTHER)
        call(connection, "a", "1001", MINE, NOW, 130)
        call(connection, "b", "1001", MINE, NOW + HOUR, 60)
        call(connection, "c", "1002", OTHER, NOW + 2 * HOUR, 90)
        wrote(connection, ann, acme, NOW + HOUR, claimed_ms=60_000)
        wrote(connection, ann, acme, NOW + 4 * HOUR)
        wrote(connection, ann, acme, NOW + 5 * HOUR, channel="visit")
    return store


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 1) -> str:
    try:
        ended = run(("audit", "day", *words))
    except SystemExit as end:
        assert isinstance(end.code, int)
        ended = end.code
    told = capsys.readouterr()
    assert ended == status, told.err
    text = told.err if status == 2 else told.out
    assert "\x1b" not in text and "\u202e" not in text
    return text


def as_json(capsys: pytest.CaptureFixture[str], *words: str, status: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, *words, "--format", "json", status=status))
    return found


def test_json(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, "2026-11-23")
    assert list(told) == [
        "day", "balanced", "totals", "classes", "specialists", "discrepancies", "signed", "revisions",
    ]  # fmt: skip
    assert (told["day"], told["balanced"], told["signed"], told["revisions"]) == ("2026-11-23", True, None, [])
    assert told["totals"] == {
        "legs": 3, "calls": 3, "dials": 3, "connected": 3, "effective": 3, "talk_seconds": 280, "contacts": 3,
    }  # fmt: skip
    assert told["classes"] == {
        "calls": {**dict.fromkeys(CALL_CLASSES, 0), "matched": 1, "unlogged": 2},
        "logs": {"matched": 1, "log_without_call": 1, "not_a_call": 1},
    }
    assert list(told["classes"]["calls"]) == list(CALL_CLASSES) and list(told["classes"]["logs"]) == list(LOG_CLASSES)
    ann, boris = told["specialists"]
    assert ann.pop("name").startswith("Ann")
    assert ann == {
        "team": "North", "attendance": "present", "dials": 2, "connected": 2, "effective": 2, "talk_seconds": 190,
        "quota": 15, "shortfall": 13, "contacts_logged": 3, "contacts_matched": 1,
        "first_call_at": "2026-11-23T11:00:00+01:00", "last_call_at": "2026-11-23T12:00:00+01:00",
        "longest_gap_minutes": 300, "flags": [],
    }  # fmt: skip
    assert (boris["name"], boris["contacts_logged"], boris["talk_seconds"]) == ("李雷", 0, 90)
    first, second, third = told["discrepancies"]
    assert first.pop("specialist").startswith("Ann")
    assert first == {
        "id": "call:pbx:a", "class": "unlogged", "customer": "Acme", "number": MINE,
        "at": "2026-11-23T11:00:00+01:00", "why": "talked 2 min 10 s with Acme, nothing logged", "state": "open",
    }  # fmt: skip
    assert (second["id"], second["customer"], second["specialist"]) == ("call:pbx:c", FORMULA, "李雷")
    assert (third["class"], third["at"], third["number"]) == ("log_without_call", "2026-11-23T15:00:00+01:00", "")


def test_the_default_is_today_and_days_have_names(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys)["day"] == as_json(capsys, "today")["day"] == "2026-11-23"
    assert as_json(capsys, "yesterday", status=0)["day"] == "2026-11-22"


def test_table(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys)
    lines = out.splitlines()
    assert lines[:4] == [
        "Monday 2026-11-23  Nordlicht",
        "balanced: 3 calls and 3 logs, each in exactly one class",
        "3 legs, 3 dials, 3 connected, 3 effective calls, 4 min 40 s of talk",
        "not signed",
    ]
    assert "calls  unlogged               2" in lines and "logs   not a call             1" in lines
    assert "Discrepancies: 3, 3 of them open" in lines
    assert any("talked 2 min 10 s with Acme, nothing logged" in line and line.endswith("open") for line in lines)


def test_csv_has_a_row_for_everything(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys)
    rows = list(csv.DictReader(io.StringIO(said(capsys, "--format", "csv"))))
    for kind in ("call", "log"):
        counts = Counter(row["class"] for row in rows if row["kind"] == kind)
        assert {name: counts[name] for name in told["classes"][f"{kind}s"]} == told["classes"][f"{kind}s"]
    assert sum(float(row["talk_seconds"] or 0) for row in rows) == told["totals"]["talk_seconds"]
    by_id = {row["id"]: row for row in rows}
    assert by_id["call:pbx:b"]["other_half"].startswith("log:")
    assert by_id[by_id["call:pbx:b"]["other_half"]]["other_half"] == "call:pbx:b"
    assert by_id["call:pbx:b"]["claimed_seconds"] == "60"
    assert by_id["call:pbx:c"]["customer"] == f"'{FORMULA}"
    assert {row["id"]: row["state"] for row in rows if row["state"]} == {
        one["id"]: one["state"] for one in told["discrepancies"]
    }


def test_a_workbook_has_the_same_figures(floor: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told = as_json(capsys)
    file = tmp_path / "day.xlsx"
    assert said(capsys, "--format", "xlsx", "--output", str(file)) == f"the audit of 2026-11-23 in {file}\n"
    book = load_workbook(file)
    tables = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    totals = dict(zip(*tables["Totals"][:2], strict=True))
    for name in ("legs", "calls", "dials", "connected", "effective", "contacts"):
        assert totals[name] == told["totals"][name]
    by_class = {row[0].replace(" ", "_"): row[1] for row in tables["Calls by class"][1:13]}
    assert by_class == told["classes"]["calls"]
    by_class = {row[0].replace(" ", "_"): row[1] for row in tables["Logs by class"][1:4]}
    assert by_class == told["classes"]["logs"]
    head, *rows = tables["Specialists"]
    people = [dict(zip(head, row, strict=True)) for row in rows if row[0]]
    for one, row in zip(told["specialists"], people, strict=True):
        assert [row[name] for name in ("specialist", "dials", "effective", "logged", "matched")] == [
            one[name] for name in ("name", "dials", "effective", "contacts_logged", "contacts_matched")
        ]
    head, *rows = tables["Discrepancies"]
    assert [row[head.index("why")] for row in rows[:3]] == [one["why"] for one in told["discrepancies"]]
    for name in ("Totals", "Calls by class", "Specialists", "Discrepancies"):
        assert book[name].tables
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_page_and_files(floor: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = said(capsys, "--format", "html")
    assert page.startswith("<!DOCTYPE html>") and "talked 2 min 10 s with Acme, nothing logged" in page
    for shape in ("table", "json", "csv", "html"):
        printed = said(capsys, "--format", shape)
        file = tmp_path / f"day.{shape}"
        assert said(capsys, "--format", shape, "--output", str(file)) == f"the audit of 2026-11-23 in {file}\n"
        assert file.read_text(encoding="utf-8") == printed
        assert "is there already" in said(capsys, "--format", shape, "-o", str(file), status=2)


def test_a_team_alone(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    north, south = as_json(capsys, "--team", "North"), as_json(capsys, "--team", "South")
    whole = as_json(capsys)
    assert north["balanced"] and south["balanced"]
    assert [one["team"] for one in north["specialists"]] == ["North"]
    assert {name: north["totals"][name] + south["totals"][name] for name in whole["totals"]} == whole["totals"]
    assert north["classes"]["calls"]["unlogged"] == south["classes"]["calls"]["unlogged"] == 1
    assert said(capsys, "--team", "North").splitlines()[0] == "Monday 2026-11-23  Nordlicht, North"
    assert said(capsys, "--team", "West", status=2) == (
        "supervisor: there is no team 'West' on 2026-11-23; there are North, South\n"
    )


def test_what_is_decided_is_left_alone(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys)
    with floor.write() as connection:
        for one in told["discrepancies"]:
            decide(connection, one["id"], one["class"], "accepted")
    now = as_json(capsys, status=0)
    assert {one["state"] for one in now["discrepancies"]} == {"accepted"}
    assert said(capsys, status=0).count("accepted") == 3


def test_a_day_that_does_not_add_up_says_so(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with floor.write() as connection:
        driver.run(connection, "UPDATE tally SET effective = 9 WHERE dials = 1")
    assert as_json(capsys)["balanced"] is False
    assert "NOT BALANCED: 李雷: calls / dials / connected / effective are 1 / 1 / 1 / 1, their" in said(capsys)


def test_a_day_that_is_not_over_says_so(
    floor: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "now_us", lambda: NOW + 3 * HOUR + 5 * S)
    assert said(capsys).splitlines()[0] == "Monday 2026-11-23  Nordlicht, so far: it is 14:00:05"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("2026-11-24",), "2026-11-24 is still to come; today is 2026-11-23"),
        (("monday",), "'monday' is not a day; write it as YYYY-MM-DD, today or yesterday"),
        (("--format", "xlsx"), "a workbook needs a file: --output NAME.xlsx"),
        (("--format", "pdf"), "Invalid value for '--format': Value error, 'pdf' is not one of"),
        (("--output", "/nowhere/day.txt"), "/nowhere/day.txt cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_one_clear_sentence(
    floor: Store, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    err = said(capsys, *words, status=2)
    assert err.startswith(f"supervisor: {complaint}") and err.count("\n") == 1


def test_a_store_that_is_none_cannot_be_read(
    floor: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUPERVISOR_STORE", str(tmp_path / "none.db"))
    assert said(capsys, status=2).count("\n") == 1
