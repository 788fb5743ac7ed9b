"""FreeSWITCH's records imported: both sides of a call are one call, and a customer's side alone is none."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from supervisor import __main__ as command_line

DATA = Path(__file__).parents[1] / "data" / "freeswitch"
CONFIGURATION = """
[floor]
time_zone = "UTC"
country = "US"
[sources.csv]
type = "files"
format = "freeswitch-csv"
agents = ["spec-{agent}"]
dial_prefixes = ["9"]
[sources.json]
type = "files"
format = "freeswitch-json"
agents = ["loopback/{agent}-a"]
trunks = ["loopback/1555*"]
dial_prefixes = ["9"]
"""
ROUND = [
    ("1003", "15551050001", "answered", 7),
    ("1003", "15553000001", "busy", 0),
    ("1003", "15554000001", "failed", 0),
    ("1003", "15555000001", "failed", 0),
    ("1003", "15552000001", "no_answer", 0),
    ("1004", "15552000002", "cancelled", 0),
    *(("1005", "15551010009", "answered", 3),) * 4,
]
"""What each of the two recorded rounds dialled. Talk is A's billsec: the phone of a click-to-call was lifted first."""


@pytest.fixture
def command(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    (tmp_path / "supervisor.toml").write_text(CONFIGURATION)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(tmp_path / "supervisor.toml"))
    monkeypatch.setenv("SUPERVISOR_STORE", sqlite_url)

    def run(*words: str) -> Any:
        capsys.readouterr()
        assert command_line.run(words) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return run


def called(command: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = command("calls", "--day", "2026-11-23", "--format", "json")
    return found


def facts(call: dict[str, Any]) -> tuple[str, str, str, float]:
    return call["specialist"].partition(":")[2], call["number"], call["outcome"], call["talk_seconds"]


def test_both_sides_of_a_call_in_a_csv_are_one_call_and_talked_once(command: Any) -> None:
    words = ("import", "calls", str(DATA / "Master.csv"), "--source", "csv", "--json")
    assert command(*words)["new"] == 88
    found = called(command)
    assert [facts(call) for call in found] == ROUND * 2, "no phone rung for its own user, no customer's side alone"
    assert {call["direction"] for call in found} == {"outbound"}
    assert command(*words)["known"] == 88
    assert called(command) == found


def test_both_sides_of_a_call_in_a_folder_are_one_call_and_talked_once(command: Any) -> None:
    words = ("import", "calls", str(DATA / "json_cdr"), "--source", "json", "--json")
    assert command(*words)["new"] == 40
    found = called(command)
    assert {call["direction"] for call in found} == {"outbound"}
    dials = Counter(facts(call)[:3] for call in found)
    assert dials == {
        ("1003", "15551050001", "answered"): 1,
        ("1003", "15552000001", "no_answer"): 1,
        ("1003", "15555000001", "failed"): 2,
        ("1005", "15551010009", "answered"): 3,
    }
    talk = {call["number"]: call["talk_seconds"] for call in found if call["outcome"] == "answered"}
    assert talk == pytest.approx({"15551050001": 4.5, "15551010009": 0.5}, abs=0.01)
    assert command(*words)["known"] == 40
    assert called(command) == found
