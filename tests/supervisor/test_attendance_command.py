"""`supervisor attendance` and `supervisor fines`, as they are called."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from store import flag_acts, roster
from store.engine import Store
from supervisor.__main__ import run
from supervisor.cli import common
from supervisor.duties.discipline import acts
from tests.supervisor.duties.discipline.flagging import CONFIG, doer, flagged
from tests.supervisor.duties.selling import DAY_US, NOW, TODAY, call, specialist

STEERS = "Boris\x1b]0;title\x07\u202e"
SETTINGS = """
[floor]
time_zone = "Europe/Berlin"
holidays = false
[quota]
effective = 2
[discipline]
fine_per_missing = 3
[console]
who = "boss"
"""


@pytest.fixture
def floor(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Anna called on Friday, and has half a day today; the commands run at NOW."""
    config = tmp_path / "supervisor.toml"
    config.write_text(SETTINGS)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: NOW)
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        specialist(connection, STEERS, "1002", "North")
        call(connection, "x", "1001", "+491", NOW - 3 * DAY_US)
        call(connection, "y", "1001", "+491", NOW)
        roster.put_attendance(connection, 1, TODAY, ("half", 540, 720), False)
        acts.fine(connection, doer(), CONFIG, flagged(connection, 1), 1, "12.50", "again\x1b[31m", "Anna Weber")
        acts.give_reward(connection, doer(), CONFIG, 2, "20", "thanks")
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


@pytest.mark.usefixtures("floor")
def test_attendance_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "attendance").splitlines()
    assert lines[0] == "2026-11-23: 09:00-18:00"
    assert lines[3].split() == ["Anna", "Weber", "North", "half", "09:00", "12:00", "11:00:00", "11:01:05", "1"]
    assert "(present)" in lines[4], "nobody told it"
    assert said(capsys, "attendance", "--day", "2026-11-22").startswith("2026-11-22, a day off:")


@pytest.mark.usefixtures("floor")
def test_attendance_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    anna, boris = json.loads(said(capsys, "attendance", "--format", "json"))
    assert anna == {
        "specialist": "Anna Weber", "team": "North", "status": "half", "told": True, "start": "09:00", "end": "12:00",
        "first_call": "2026-11-23T11:00:00+01:00", "last_call": "2026-11-23T11:01:05+01:00", "dials": 1,
    }  # fmt: skip
    assert (boris["status"], boris["told"], boris["start"], boris["first_call"]) == ("present", False, None, None)
    first, second = csv.DictReader(io.StringIO(said(capsys, "attendance", "--format", "csv")))
    assert (first["told"], first["start"], second["told"], second["start"]) == ("true", "09:00", "false", "")


def test_attendance_is_set(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("attendance", "set", "anna", "half", "--day", "2026-11-20", "--from", "09:00", "--to", "13:00")
    assert said(capsys, *words) == "Anna Weber: half, 09:00-13:00 on 2026-11-20; flags: 7 raised\n"
    with floor.read() as connection:
        assert flag_acts.attendance(connection, 1, 20261120) == ("half", 540, 780)
    said(capsys, "attendance", "set", "Anna Weber", "Sick", "--day", "2026-11-20")
    with floor.read() as connection:
        assert flag_acts.attendance(connection, 1, 20261120) == ("sick", None, None)
        assert connection.exec_driver_sql(
            "SELECT count(*) FROM flag WHERE rule = 'absent_but_calling' AND day = 20261120 AND state = 'open'"
        ).scalar_one() == 1  # fmt: skip


@pytest.mark.usefixtures("floor")
@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("carl", "sick"), "no specialist 'carl'"),
        (("anna", "late"), "'late' is no attendance; one of present, half, leave, sick, training"),
        (("anna", "half", "--from", "9"), "'9' is not a time of day; write HH:MM"),
        (("anna", "half", "--from", "13:00", "--to", "09:00"), "09:00 is not after 13:00"),
        (("anna", "sick", "--day", "2026-01-01"), "2026-01-01 is more than 60 days ago"),
        (("anna", "sick", "--day", "soon"), "'soon' is not a day"),
    ],
)
def test_attendance_that_is_not_set(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], because: str
) -> None:  # fmt: skip
    told = said(capsys, "attendance", "set", *words, status=2)
    assert because in told and len(told.splitlines()) == 1


@pytest.mark.usefixtures("floor")
def test_fines(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "fines", "--month", "2026-11")
    assert text.startswith("2026-11: 2 miss effective calls; 3 EUR a missing call\n")
    assert "taken back" not in text and "12.50" in text and "flag 1" in text
    assert said(capsys, "fines").startswith("2026-10: 0 miss effective calls;")
    found = json.loads(said(capsys, "fines", "--month", "2026-11", "--format", "json"))
    anna = next(one for one in found["missing"] if one["specialist"] == "Anna Weber")
    assert anna == {
        "specialist": "Anna Weber", "team": "North", "month": "2026-11", "days": 1, "due": 2, "effective": 1,
        "missing": 1, "proposed": 3, "fined": 0,
    }  # fmt: skip
    reward, fine = found["ledger"]
    assert (reward["kind"], reward["amount"], reward["flag"]) == ("reward", 20, None)
    assert (fine["kind"], fine["amount"], fine["flag"], fine["month"]) == ("fine", 12.5, 1, None)
    rows = list(csv.DictReader(io.StringIO(said(capsys, "fines", "--month", "2026-11", "--format", "csv"))))
    assert {row["proposed"] for row in rows} == {"3.00", "6.00"}


@pytest.mark.usefixtures("floor")
@pytest.mark.parametrize(
    ("month", "because"),
    [("2026-13", "'2026-13' is not a month; write it as YYYY-MM"), ("nov", "is not a month"), ("2026-12", "to come")],
)
def test_a_month_that_is_none(capsys: pytest.CaptureFixture[str], month: str, because: str) -> None:
    assert because in said(capsys, "fines", "--month", month, status=2)
