"""`supervisor flags`, as it is called: lists, applying the rules to past days, trying out thresholds."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from store import driver, roster
from store.engine import Store
from supervisor.__main__ import run
from supervisor.cli import common
from tests.supervisor.duties.discipline.test_evaluate import EVENING, HOUR, NINE, calling
from tests.supervisor.duties.selling import DAY_US, TODAY, specialist

STEERS = "Ann\x1b]0;title\x07\u202e"
CONFIGURATION = """
[floor]
time_zone = "Europe/Berlin"
holidays = false
[quota]
dials = 0
effective = 0
"""


@pytest.fixture
def floor(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Ann, who did not call for half an hour on Monday; it is Tuesday, six in the evening."""
    config = tmp_path / "supervisor.toml"
    config.write_text(CONFIGURATION)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: EVENING + DAY_US)
    with store.write() as connection:
        specialist(connection, STEERS, "1001", "North")
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
    return store


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    try:
        ended = run(("flags", *words))
    except SystemExit as end:
        assert isinstance(end.code, int)
        ended = end.code
    told = capsys.readouterr()
    assert ended == status, told.err
    text = told.out if status == 0 else told.err
    assert "\x1b" not in text and "\u202e" not in text
    return text


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said(capsys, *words, "--format", "json"))
    return found


def test_a_day_is_evaluated_and_its_flags_are_listed(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys) == []
    out = said(capsys, "evaluate", "--day", "2026-11-23")
    assert out == "2026-11-23  1 raised, 0 changed, 0 withdrawn, 0 as they were\n"
    (flag,) = listed(capsys)
    evidence = flag.pop("evidence")
    assert flag.pop("specialist").startswith("Ann")
    assert flag == {
        "id": 1,
        "rule": "idle",
        "at": "2026-11-23T09:58:00+01:00",
        "severity": "low",
        "excuses": [],
        "state": "open",
    }
    assert evidence == {
        "words": "32 min without a call, 09:58-10:30",
        "calls": ["pbx:1001-50", "pbx:1001-90"],
        "figures": {"minutes": 32, "limit": 20},
        "base": "",
    }
    before = listed(capsys)
    assert "0 raised, 0 changed, 0 withdrawn, 1 as they were" in said(capsys, "evaluate", "--day", "yesterday")
    assert listed(capsys) == before


def test_tables_and_csv(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "evaluate", "--day", "yesterday")
    lines = said(capsys, "--day", "yesterday").splitlines()
    assert lines[0].split() == ["id", "rule", "specialist", "at", "severity", "evidence", "excuses", "state"]
    assert "2026-11-23 09:58  low       32 min without a call, 09:58-10:30" in lines[1] and lines[1].endswith("open")
    (row,) = csv.DictReader(io.StringIO(said(capsys, "--format", "csv")))
    assert (row["rule"], row["evidence"]) == ("idle", "32 min without a call, 09:58-10:30")


def test_those_that_wait_those_of_a_day_and_all(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "evaluate", "--day", "yesterday")
    with floor.write() as connection:
        roster.put_attendance(connection, 1, TODAY, ("leave", None, None), False)
    assert "1 raised, 0 changed, 1 withdrawn" in said(capsys, "evaluate", "--day", "yesterday")
    states = {"idle": "withdrawn", "absent_but_calling": "open"}
    assert [flag["rule"] for flag in listed(capsys)] == ["absent_but_calling"]
    assert {flag["rule"]: flag["state"] for flag in listed(capsys, "--day", "yesterday")} == states
    assert {flag["rule"]: flag["state"] for flag in listed(capsys, "--all")} == states
    assert listed(capsys, "--day", "today") == []


def test_many_days(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "evaluate", "--from", "2026-11-21", "--to", "2026-11-23")
    assert [line[:10] for line in out.splitlines()] == ["2026-11-21", "2026-11-22", "2026-11-23"]
    with floor.read() as connection:
        done = driver.rows(connection, "SELECT day, stamp <> '' FROM evaluated_day ORDER BY day")
    assert [(day, bool(stamped)) for day, stamped in done] == [(20261121, True), (20261122, True), (20261123, True)]


def test_today_is_evaluated_up_to_now_and_again_when_it_is_over(
    floor: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "now_us", lambda: NINE + 4 * HOUR)
    said(capsys, "evaluate", "--day", "today")
    with floor.read() as connection:
        assert driver.rows(connection, "SELECT stamp FROM evaluated_day")[0][0] == ""
    assert [flag["rule"] for flag in listed(capsys)] == ["idle"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("evaluate", "--day", "2026-11-25"), "2026-11-25 is still to come; today is 2026-11-24"),
        (("evaluate", "--day", "monday"), "'monday' is not a day; write it as YYYY-MM-DD, today or yesterday"),
        (("evaluate",), "name a day, --day D, or many, --from D --to D"),
        (("evaluate", "--from", "2026-11-20"), "name a day, --day D, or many, --from D --to D"),
        (("evaluate", "--day", "today", "--from", "today"), "name a day, --day D, or many, --from D --to D"),
        (
            ("evaluate", "--from", "2026-11-23", "--to", "2026-11-20"),
            "2026-11-23 is after 2026-11-20; --from names the first day, --to the last",
        ),
        (("--day", "32"), "'32' is not a day; write it as YYYY-MM-DD, today or yesterday"),
        (("try", "console.idle_act_minutes", "ten"), "'ten' is not a number"),
        (("try", "console.theme", "1"), "console.theme is no threshold; there are console.idle_act_minutes,"),
        (
            ("try", "console.idle_act_minutes", "0"),
            "console.idle_act_minutes cannot be 0: expected a whole number >= 1",
        ),
        (("try", "console.idle_act_minutes", "12.5"), "console.idle_act_minutes cannot be 12.5: expected a whole"),
        (
            ("try", "console.idle_act_minutes", "9"),
            "console.idle_act_minutes cannot be 9: console.idle_watch_minutes is above console.idle_act_minutes, 9",
        ),
        (("try", "discipline.z_score", "nan"), "discipline.z_score cannot be nan: expected a number"),
        (("try", "discipline.z_score", "inf"), "discipline.z_score cannot be inf: expected a number"),
        (("try", "discipline.z_score", "0"), "discipline.z_score cannot be 0: expected a number > 0"),
        (
            ("try", "discipline.bunching_probability", "1"),
            "discipline.bunching_probability cannot be 1: expected a number < 1",
        ),
    ],
)
def test_what_cannot_be_done_is_one_clear_sentence(
    floor: Store, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], complaint: str
) -> None:
    err = said(capsys, *words, status=2)
    assert err.startswith(f"supervisor: {complaint}") and err.count("\n") == 1


def test_a_threshold_is_tried_out_and_nothing_is_changed(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with floor.write() as connection:
        calling(connection, "1001", (-30, -20))  # before the shift: the gap at nine stays as it is
    lines = said(capsys, "try", "console.idle_act_minutes", "33").splitlines()
    assert lines[:2] == [
        "console.idle_act_minutes, 2026-10-25 to 2026-11-23",
        "with 33 instead of 20: 0 flags instead of 1",
    ]
    assert lines[3] == "These fall away"
    assert "32 min without a call, 09:58-10:30" in lines[5]
    lines = said(capsys, "try", "discipline.silent_minutes", "30").splitlines()
    assert lines[1] == "with 30 instead of 60: 1 flags instead of 0"
    assert lines[3] == "These come in" and "32 min without an outbound call" in lines[5]
    assert said(capsys, "try", "discipline.silent_minutes", "60").splitlines()[1:] == [
        "with 60 instead of 60: 0 flags instead of 0"
    ]
    with floor.read() as connection:
        assert driver.rows(connection, "SELECT count(*) FROM flag")[0][0] == 0
