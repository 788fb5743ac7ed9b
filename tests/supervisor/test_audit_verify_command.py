"""`supervisor audit sign` and `supervisor audit verify`, as they are called."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from store.engine import Store
from supervisor.__main__ import run
from supervisor.cli import common
from tests.supervisor.duties.selling import DAY_US, NOW, S, call, customer, specialist

SETTINGS = """
[floor]
time_zone = "Europe/Berlin"
holidays = false
[console]
who = "{who}"
"""
THURSDAY, FRIDAY = "2026-11-19", "2026-11-20"


@pytest.fixture
def floor(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Anna tried to reach Baltic on Thursday and Friday, in vain; the commands run on Monday, in a shy boss's name."""
    config = tmp_path / "supervisor.toml"
    config.write_text(SETTINGS.format(who="Bo\\u202ess"))
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: NOW)
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        customer(connection, "C1", "Baltic", "+4911")
        call(connection, "x", "1001", "+4911", NOW - 3 * DAY_US, 5)
        call(connection, "y", "1001", "+4911", NOW - 4 * DAY_US, 5)
    return store


Capture = pytest.CaptureFixture[str]


def said(capsys: Capture, *words: str, status: int = 0) -> tuple[str, str]:
    """What `supervisor audit WORDS` puts on stdout and on stderr."""
    try:
        ended = run(("audit", *words))
    except SystemExit as end:
        assert isinstance(end.code, int)
        ended = end.code
    told = capsys.readouterr()
    assert ended == status, told.err
    return told.out, told.err


def sign(capsys: Capture, *words: str, status: int = 0) -> tuple[str, str]:
    return said(capsys, "sign", *words, status=status)


def tamper(store: Store, statement: str) -> None:
    """Change the chain as somebody would who may do everything in the database."""
    with store.write() as connection:
        if connection.dialect.name == "sqlite":
            for event in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER sealed_day_no_{event}")
        else:
            connection.exec_driver_sql("ALTER TABLE sealed_day DISABLE TRIGGER ALL")
        connection.exec_driver_sql(statement)


def test_an_empty_chain_holds(floor: Store, capsys: Capture) -> None:
    assert said(capsys, "verify") == ("no day was signed yet: there is nothing to prove\n", "")
    told = json.loads(said(capsys, "verify", "--format", "json")[0])
    assert told == {"holds": True, "first_fault": None, "seals": []}


def test_signing_and_proving(floor: Store, capsys: Capture) -> None:
    out, err = sign(capsys, THURSDAY, "--sentence", "all heard", "--yes")
    assert out == "2026-11-19 is signed and sealed; a signature is not undone\n" and err == ""
    sign(capsys, FRIDAY, "--sentence", "all heard", "--yes")
    out, _ = said(capsys, "verify")
    lines = out.splitlines()
    assert lines[0].split() == ["day", "signed", "at", "who", "hash", "holds", "why", "not"]
    assert lines[1].startswith("2026-11-19  2026-11-23 11:00  Bo\ufffdss  ") and lines[1].endswith("  yes")
    assert lines[-1] == "the chain holds: 2 seals, the last of 2026-11-20"
    told = json.loads(said(capsys, "verify", "--format", "json")[0])
    assert told["holds"] and [seal["day"] for seal in told["seals"]] == [THURSDAY, FRIDAY]
    assert told["seals"][0]["signed_at"] == "2026-11-23T11:00:00+01:00" and len(told["seals"][0]["hash"]) == 64
    rows = list(csv.DictReader(io.StringIO(said(capsys, "verify", "--format", "csv")[0])))
    assert [(row["day"], row["holds"], row["fault"]) for row in rows] == [(THURSDAY, "yes", ""), (FRIDAY, "yes", "")]


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", f"{THURSDAY}\n"])
def test_who_does_not_type_the_day_signs_nothing(
    floor: Store, capsys: Capture, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    _, err = sign(capsys, FRIDAY, "--sentence", "all heard", status=2)
    first, last = err.splitlines()
    assert "2026-11-20 is sealed as signed by Bo\ufffdss, and a signature is not undone; type the day" in first
    assert last == "supervisor: nothing is signed"
    assert said(capsys, "verify")[0].startswith("no day was signed yet")


def test_who_types_the_day_signs_it(floor: Store, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f" {FRIDAY} \n"))
    assert "is signed and sealed" in sign(capsys, FRIDAY, "--sentence", "all heard")[0]


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ((FRIDAY, "--sentence", " "), "a sentence is needed"),
        (("today", "--sentence", "x"), "2026-11-23 is not over"),
        (("2026-11-24", "--sentence", "x"), "2026-11-24 is still to come"),
        (("Friday", "--sentence", "x"), "'Friday' is not a day"),
        ((FRIDAY,), "--sentence"),
    ],
)
def test_what_is_not_signed(floor: Store, capsys: Capture, words: tuple[str, ...], because: str) -> None:
    assert because in sign(capsys, *words, "--yes", status=2)[1]
    assert said(capsys, "verify")[0].startswith("no day was signed yet")


def test_what_wants_an_explanation_is_not_signed(floor: Store, capsys: Capture) -> None:
    with floor.write() as connection:
        call(connection, "z", "1001", "+4911", NOW - 3 * DAY_US + 300 * S)
    assert "1 discrepancy wants an explanation" in sign(capsys, FRIDAY, "--sentence", "x", "--yes", status=2)[1]


def test_the_first_day_that_does_not_hold_is_named(floor: Store, capsys: Capture) -> None:
    for day in (THURSDAY, FRIDAY):
        sign(capsys, day, "--sentence", "all heard", "--yes")
    tamper(floor, "UPDATE sealed_day SET sentence = 'most heard' WHERE day = 20261119")
    out, _ = said(capsys, "verify", status=1)
    assert out.splitlines()[-1] == "the chain does not hold from 2026-11-19 on: its hash does not fit what it says"
    told = json.loads(said(capsys, "verify", "--format", "json", status=1)[0])
    assert told["first_fault"] == {"day": THURSDAY, "fault": "its hash does not fit what it says"}
    assert [seal["holds"] for seal in told["seals"]] == [False, True] and not told["holds"]


def test_a_seal_that_was_taken_away_is_named(floor: Store, capsys: Capture) -> None:
    for day in (THURSDAY, FRIDAY):
        sign(capsys, day, "--sentence", "all heard", "--yes")
    tamper(floor, "DELETE FROM sealed_day WHERE day = 20261120")
    out, _ = said(capsys, "verify", status=1)
    assert out.splitlines()[-1] == "the chain does not hold from 2026-11-20 on: the chain has lost its seal"


def test_a_store_that_is_not_there_is_unusable(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "supervisor.toml"
    config.write_text(SETTINGS.format(who="boss"))
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", str(tmp_path / "none.db"))
    out, err = said(capsys, "verify", status=2)
    assert out == "" and len(err.splitlines()) == 1
