"""Master.csv imported: its calls are the true ones as far as rows can tell, beside live ones too."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from integrations.asterisk.derive import Derivation
from integrations.asterisk.message import parse
from integrations.provider import Leg
from store import calls, roster
from store.engine import open_store
from supervisor import __main__ as command_line
from supervisor.config import Config, load
from supervisor.ingest import normaliser, rules_of
from tests.integrations.asterisk.recordings import DATA, TrueCall, events, settings, true_calls

TRUE = true_calls()
MASTER = DATA / "main.Master.csv"
DAY = "2026-11-23"

NO_NUMBER_IN_CDR = {"dialler-answered", "dialler-busy", "dialler-no-answer", "dialler-abandoned"}
"""The customer was rung first: no column has the number. Where it met an agent the row reads like an arrival's."""
TALK_FROM_SPECIALIST = {"c2c-answered", "c2c-sync"}
"""Click-to-call: the row counts from the specialist's answer, two seconds before the customer's."""
DEAD_TRUNK = {"trunk-down"}
"""Nothing was dialled after it: the row is that of a customer who does not answer."""

PATTERNS = """
agents = ["PJSIP/{agent}-*"]
trunks = ["PJSIP/carrier-*", "PJSIP/deadtrunk-*"]
dial_prefixes = ["9", "8", "6", "5"]
"""
SOURCES = {
    "files": f'[sources.pbx]\ntype = "files"\nformat = "asterisk-csv"\n{PATTERNS}',
    "asterisk": f'[sources.pbx]\ntype = "asterisk"\nusername = "supervisor"\n{PATTERNS}',
    "files without patterns": '[sources.pbx]\ntype = "files"\n',
    "asterisk without patterns": '[sources.pbx]\ntype = "asterisk"\nusername = "supervisor"\n',
    "none": "",
}


class Floor:
    """A configuration and a store of their own, and the command line on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], sources: str) -> None:
        self.config = folder / "supervisor.toml"
        self.capsys = capsys
        self.config.write_text(f'[floor]\ntime_zone = "Europe/Berlin"\ncountry = "US"\n{sources}')

    def run(self, *words: str) -> str:
        self.capsys.readouterr()
        assert command_line.run(("--config", str(self.config), *words)) == 0, self.capsys.readouterr().err
        return self.capsys.readouterr().out

    def imported(self, file: Path = MASTER) -> dict[str, Any]:
        words = ("import", "calls", str(file), "--source", "pbx", "--format", "asterisk-csv", "--json")
        found: dict[str, Any] = json.loads(self.run(*words))
        return found

    def calls(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("calls", "--day", DAY, "--format", "json"))
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        store = open_store(os.environ["SUPERVISOR_STORE"])
        try:
            with store.read() as connection:
                return [tuple(row) for row in connection.execute(text(query)).all()]
        finally:
            store.close()

    def live(self) -> None:
        """Let the recorded session happen: each state of each leg is written as the collector writes it."""
        config = load({"SUPERVISOR_CONFIG": str(self.config)})
        normalise = normaliser(config)
        derivation = Derivation(settings())
        legs = [
            normalise(fact)
            for raw in events("main.ami.raw.gz")
            for fact in derivation.feed(parse(raw))
            if isinstance(fact, Leg)
        ]
        store = open_store(os.environ["SUPERVISOR_STORE"])
        try:
            with store.write() as connection:
                source_id = roster.source(connection, "pbx", "asterisk")
            for start in range(0, len(legs), 20):
                with store.write() as connection:
                    some = legs[start : start + 20]
                    calls.ingest(connection, source_id, some, rules_of(Config()), None, 0)
        finally:
            store.close()


@pytest.fixture
def floor(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Floor:
    monkeypatch.setenv("SUPERVISOR_STORE", sqlite_url)
    return Floor(tmp_path, capsys, SOURCES[getattr(request, "param", "files")])


def talk_of(call: dict[str, Any]) -> dict[str, float]:
    return {segment["specialist"].removeprefix("pbx:"): segment["talk_seconds"] for segment in call["segments"]}


def told_of(found: list[dict[str, Any]]) -> list[tuple[TrueCall, dict[str, Any]]]:
    """What was told of each true call that can be told: all of them, as often as they were, and no other dial."""
    true, told = defaultdict(list), defaultdict(list)
    for one in TRUE:
        if one.scenario not in NO_NUMBER_IN_CDR:
            true[one.number].append(one)
    for call in found:
        if call["direction"] == "outbound":
            told[call["number"].removeprefix("+")].append(call)
    nameless = told.pop("", [])
    assert {call["outcome"] for call in nameless} == {"busy", "no_answer"}  # rung by the dialler, nobody knows who
    assert {call["specialist"] for call in nameless} == {None} and len(nameless) == 2
    assert {number: len(those) for number, those in told.items()} == {n: len(those) for n, those in true.items()}
    return [pair for number, those in true.items() for pair in zip(those, told[number], strict=True)]


@pytest.mark.parametrize("floor", SOURCES, indirect=True)
def test_the_true_calls_are_imported_whatever_is_known_of_the_source(floor: Floor) -> None:
    new = {"rows": 152, "new": 152, "changed": 0, "known": 0, "rejected": 0, "rejects_file": None}
    assert floor.imported() == new, "every row is one leg"
    found = floor.calls()
    for true, call in told_of(found):
        assert call["specialist"] == f"pbx:{true.specialist or next(iter(true.talk))}", true
        assert call["outcome"] == ("no_answer" if true.scenario in DEAD_TRUNK else true.outcome), true
        if true.scenario in TALK_FROM_SPECIALIST:
            assert sum(true.talk.values()) < call["talk_seconds"] <= sum(true.talk.values()) + 3
        else:
            assert talk_of(call) == pytest.approx(true.talk, abs=1.01), true
    counted = "SELECT count(*), sum(dial), sum(identity_id IS NOT NULL AND dial) FROM call"
    assert floor.rows(counted) == [(len(found), len(TRUE) - 2, len(TRUE) - 4)]
    assert floor.imported() == new | {"new": 0, "known": 152}
    assert floor.calls() == found


@pytest.mark.parametrize("floor", ["files", "files without patterns"], indirect=True)
def test_what_is_no_dial_counts_for_nobody(floor: Floor) -> None:
    floor.imported()
    found = floor.calls()
    assert not {"1011", "1012"} & {call["specialist"] for call in found}, "phones that only rang"
    spies = floor.rows("SELECT count(*) FROM leg WHERE raw LIKE '%ChanSpy%' AND direction = 'unknown'")
    assert spies == [(5,)]
    assert not [call for call in found if call["direction"] == "unknown"]
    internal = [call for call in found if call["direction"] == "internal"]
    assert [(call["specialist"], call["number"], call["outcome"]) for call in internal] == [
        ("pbx:1007", "1008", "answered"),
        ("pbx:1007", "1012", "busy"),
    ]
    queued = [call for call in found if call["number"] in ("15550001111", "15550002222", "15550003333")]
    assert [(call["direction"], call["outcome"], call["specialist"]) for call in queued] == [
        ("inbound", "answered", "pbx:1001"),
        ("inbound", "missed", None),
        ("inbound", "missed", None),
    ]


LEDGER = (
    "SELECT * FROM call WHERE direction <> 'unknown' ORDER BY group_id",
    "SELECT * FROM tally ORDER BY identity_id, day",
    "SELECT * FROM leg WHERE NOT approximate ORDER BY id",
)


@pytest.mark.parametrize("floor", ["asterisk", "asterisk without patterns"], indirect=True)
def test_an_import_after_a_live_session_doubles_and_changes_nothing(floor: Floor) -> None:
    floor.live()
    found, ledger = floor.calls(), [floor.rows(query) for query in LEDGER]
    assert sum(call["direction"] == "outbound" for call in found) == len(TRUE)
    assert floor.imported()["rejected"] == 0
    assert floor.calls() == found
    assert [floor.rows(query) for query in LEDGER] == ledger
    assert floor.imported() == {"rows": 152, "new": 0, "changed": 0, "known": 152, "rejected": 0, "rejects_file": None}
    assert floor.calls() == found


@pytest.mark.parametrize("floor", ["asterisk"], indirect=True)
def test_live_wins_over_what_was_imported_before(floor: Floor) -> None:
    floor.imported()
    assert all(call["approximate"] for call in floor.calls())
    floor.live()
    found = floor.calls()
    assert not any(call["approximate"] for call in found)
    outbound = [call for call in found if call["direction"] == "outbound"]
    assert sorted(call["number"].removeprefix("+") for call in outbound) == sorted(one.number for one in TRUE)
    for one in TRUE:
        same = [call for call in outbound if call["number"].removeprefix("+") == one.number]
        assert any(talk_of(call) == pytest.approx(one.talk, abs=0.02) for call in same), one
    assert floor.imported()["changed"] == 0
    assert floor.calls() == found


def test_rows_of_one_call_on_both_sides_of_a_block_are_one_call(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.imported()
    found = [call | {"id": ""} for call in floor.calls()]
    for block in (300, 1_000, 5_000):
        monkeypatch.setattr("integrations.cdr_files.records.BLOCK", block)
        assert floor.imported()["known"] == 152, block
        assert [call | {"id": ""} for call in floor.calls()] == found
