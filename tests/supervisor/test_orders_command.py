"""`supervisor orders`, `forecast`, `solutions` and `examine`, as they are called."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from store.engine import Store
from supervisor.__main__ import run
from supervisor.cli import common
from supervisor.duties.orders import acts, solutions
from tests.supervisor.duties.selling import CONFIG, DAY_US, NOW, TODAY, call, customer, doer, order, specialist

STEERS = "Baltic\x1b]0;title\x07\u202e"


@pytest.fixture
def floor(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two open orders and a signed one; the commands run at NOW."""
    config = tmp_path / "supervisor.toml"
    config.write_text('[floor]\ntime_zone = "Europe/Berlin"\nholidays = false\n[console]\nwho = "boss"\n')
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: NOW)
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001", "North")
        customer(connection, "c-1", STEERS, "+491")
        customer(connection, "c-2", "Ruhr Pumpen", "+492")
        call(connection, "x", "1001", "+491", NOW - 2 * DAY_US)
        order(connection, "A-1", 1, 1, amount_cents=980_050)
        order(connection, "B-2", 2, None, amount_cents=40_000, expected_day=20261130)
        order(connection, "C-3", 2, 1)
        acts.hear(connection, doer(), 1, 1, "contract", call=(1, "x"), note="\x1b[31mred")
        acts.hear(connection, doer(), 1, 2, "price")
        acts.claim(connection, doer(), 1, 3, 20261127, 80)
        acts.feel(connection, doer(), 2, 1, "very interested\u202e")
        acts.review(connection, doer(), CONFIG, 1, 4, next_step="call", recheck_day=TODAY)
        acts.sign(connection, doer(), 3, 1, TODAY, 100_000)
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


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(said(capsys, *words, "--format", "json"))


def test_orders(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "orders") == [
        {
            "order": "B-2", "customer": "Ruhr Pumpen", "specialist": "", "amount": 400, "stage": "offer", "score": 0,
            "facts": [], "feelings_only": True, "claimed_by": None, "recheck": None, "overdue": False,
        },
        {
            "order": "A-1", "customer": "Baltic␛]0;title␇\ufffd", "specialist": "Anna Weber", "amount": 9800.5,
            "stage": "offer", "score": 30, "facts": ["contract", "price"], "feelings_only": False,
            "claimed_by": "2026-11-27", "recheck": "2026-11-23", "overdue": False,
        },
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(said(capsys, "orders", "--format", "csv"))))
    assert [row["order"] for row in rows] == ["B-2", "A-1"]
    assert (rows[1]["amount"], rows[1]["facts"], rows[0]["feelings_only"]) == ("9800.50", "contract price", "true")
    table = said(capsys, "orders")
    assert "2 open orders, 1 to review; forecast 1 490.08 EUR" in table
    assert "FEELINGS ONLY" in table and "claimed to sign in 4 days" in table


def test_one_order(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "orders", "show", "a-1")
    for words in ("9 800.50 EUR", "asked for the contract", "call 11:00", "only typed", "signs by 2026-11-27, 80 %",
                  "Score 30", "Next step: call", "Recheck: 2026-11-23", "missing: named a payment date"):  # fmt: skip
        assert words in told
    assert "Heard, worth nothing" in said(capsys, "orders", "show", "B-2")
    assert "Signed 2026-11-23, 1 000 EUR" in said(capsys, "orders", "show", "C-3")  # closed ones by their name
    assert "no order 'Z-9'" in said(capsys, "orders", "show", "Z-9", status=2)


def test_forecast(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    whole = as_json(capsys, "forecast")
    assert whole == {
        "month": None,
        "currency": "EUR",
        "total": 1490.08,
        "signed": 0,
        "open": 1490.08,
        "by_stage": [{"stage": "offer", "orders": 2, "amount": 10200.5, "expected": 1490.08}],
        "by_specialist": [
            {"specialist": None, "orders": 1, "amount": 400, "expected": 20},
            {"specialist": "Anna Weber", "orders": 1, "amount": 9800.5, "expected": 1470.08},
        ],
        "moved": {"before": 1490.08, "now": 1490.08, "orders": 0},
        "own_probabilities": False,
    }
    month = as_json(capsys, "forecast", "--month", "2026-11")
    assert (month["month"], month["total"], month["signed"], month["open"]) == ("2026-11", 1020, 1000, 20)
    rows = list(csv.reader(io.StringIO(said(capsys, "forecast", "--month", "2026-11", "--format", "csv"))))
    assert rows[-2:] == [["signed", "", "1", "1000.00", "1000.00"], ["total", "", "2", "1400.00", "1020.00"]]
    assert "nobody" in said(capsys, "forecast")
    for wrong in ("2026-13", "2026", "11.2026", "2026-1", "٢٠٢٦-11"):
        assert "is not a month" in said(capsys, "forecast", "--month", wrong, status=2)


def test_examine(floor: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, "examine", "anna")
    assert (told["specialist"], told["team"], told["members"], told["day"]) == ("Anna Weber", "North", 1, "2026-11-23")
    assert [cause["word"] for cause in told["causes"]] == ["unknown"] * 6
    assert set(told["causes"][0]["figures"][0]) == {"figure", "value", "team", "quota", "before"}
    assert "wrong direction" in said(capsys, "examine", "Anna Weber")
    assert "no specialist 'Zoe'" in said(capsys, "examine", "Zoe", status=2)


SOLUTION = "---\ntitle: Two payments\ntype: steel\nobjection: price\n---\n\nDear {person} of **{company}**\x1b[31m\n"


@pytest.fixture
def library(floor: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A library of one solution, and a folder."""
    file = tmp_path / "two.md"
    file.write_text(SOLUTION)
    assert said(capsys, "solutions", "add", str(file)) == "Two payments: in the library now\n"
    return tmp_path


def test_solutions_are_added_listed_and_shown(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "solutions") == said(capsys, "solutions", "list")
    listed = said(capsys, "solutions", "list").splitlines()[1]
    assert listed.split() == ["Two", "payments", "steel", "price", "boss", "2026-11-23"]
    assert said(capsys, "solutions", "show", "two") == SOLUTION.replace("\x1b", "␛")
    assert "already" in said(capsys, "solutions", "add", str(library / "two.md"), status=2)
    (library / "bad.md").write_text("---\ntitle: A\ncolour: red\n---\nx")
    assert "bad.md, line 3: 'colour: red'" in said(capsys, "solutions", "add", str(library / "bad.md"), status=2)
    (library / "bytes.md").write_bytes(b"---\ntitle: \xff\n---\nx")
    assert "line 2: not UTF-8" in said(capsys, "solutions", "add", str(library / "bytes.md"), status=2)
    assert "cannot be read" in said(capsys, "solutions", "add", str(library / "none.md"), status=2)
    assert "no solution 'x'" in said(capsys, "solutions", "show", "x", status=2)


def test_a_solution_is_handed_to_a_customer(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "solutions", "export", "two", "--customer", "c-2")
    assert told == "Dear Ruhr Pumpen of **Ruhr Pumpen**␛[31m\n"
    out = library / "out.html"
    said(capsys, "solutions", "export", "two", "--customer", "c-2", "--format", "html", "--output", str(out))
    assert "<strong>Ruhr Pumpen</strong>" in out.read_text()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    link = library / "link.html"
    link.symlink_to(library / "elsewhere.html")
    for there in (out, link):
        assert "there already" in said(capsys, "solutions", "export", "two", "--output", str(there), status=2)
    assert not (library / "elsewhere.html").exists()
    folder = str(library / "no" / "out.md")
    assert "cannot be written" in said(capsys, "solutions", "export", "two", "--output", folder, status=2)
    assert "no customer 'c-9'" in said(capsys, "solutions", "export", "two", "--customer", "c-9", status=2)


def editor(folder: Path, script: str) -> str:
    file = folder / "editor"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)
    return str(file)


def test_a_solution_is_changed_in_an_editor(
    floor: Store, library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(library))
    monkeypatch.setattr("tempfile.tempdir", None)
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    assert "set VISUAL or EDITOR" in said(capsys, "solutions", "edit", "two", status=2)
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv(
        "VISUAL", editor(library, f'stat -c %a "$2" > {library}/mode; sed -i s/Dear/Hello/ "$2"') + " -x"
    )
    assert said(capsys, "solutions", "edit", "two") == "Two payments: changed\n"
    assert "Hello {person}" in said(capsys, "solutions", "show", "two")
    assert (library / "mode").read_text() == "600\n"
    monkeypatch.setenv("VISUAL", "true")
    assert "nothing was changed" in said(capsys, "solutions", "edit", "two")
    assert not list(library.glob("solution-*"))
    monkeypatch.setenv("VISUAL", editor(library, 'echo nothing > "$1"'))
    assert "what you wrote, line 1" in said(capsys, "solutions", "edit", "two", status=2)
    (kept,) = library.glob("solution-*")
    assert kept.read_text() == "nothing\n"  # what was written is not lost
    kept.unlink()
    monkeypatch.setenv("VISUAL", "false")
    assert "ended with status 1" in said(capsys, "solutions", "edit", "two", status=2)
    monkeypatch.setenv("VISUAL", "no-such-editor")
    assert "cannot be started" in said(capsys, "solutions", "edit", "two", status=2)


def test_who_was_faster_is_named_and_the_text_kept(
    floor: Store, library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(words: list[str], check: bool) -> Any:
        with floor.write() as connection:
            solutions.save(connection, doer("Mei"), 1, "Two payments", "", "", "hers", 1)
        Path(words[-1]).write_text(SOLUTION.replace("Dear", "Hello"))
        return type("Ended", (), {"returncode": 0})

    monkeypatch.setenv("VISUAL", "any")
    monkeypatch.setattr("supervisor.cli.solutions.subprocess.run", meanwhile)
    told = said(capsys, "solutions", "edit", "two", status=2)
    assert "Mei changed Two payments just now" in told
    draft = Path(told.rpartition(" is in ")[2].strip())
    assert "Hello" in draft.read_text()
    draft.unlink()
    assert "hers" in said(capsys, "solutions", "show", "two")


def test_a_solution_is_retired(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "solutions", "retire", "two") == "Two payments: offered no more\n"
    assert "no solution" in said(capsys, "solutions", "show", "Two payments", status=2)
    assert said(capsys, "solutions", "add", str(library / "two.md")) == "Two payments: in the library again\n"
