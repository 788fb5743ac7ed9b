"""The whole way, each part a process: a manager on a socket, `supervisor collect`, and what `supervisor calls` says."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integrations.asterisk.recordings import DATA, TrueCall, true_calls
from tests.peers.ami import AmiPeer, until
from tests.peers.world import recorded_events

EVENTS = recorded_events(DATA / "main.ami.raw.gz")
TRUE = true_calls()
ZONE = ZoneInfo("Europe/Berlin")
NO_NUMBER_IN_CDR = {"dialler-answered", "dialler-busy", "dialler-no-answer", "dialler-abandoned"}
"""Calls to the customer first: their call records name nobody who was called."""
TALK_FROM_SPECIALIST = {"c2c-answered", "c2c-sync", "dialler-local"}
"""Their call records count from the specialist's answer, some seconds before the customer's."""
SUPERVISOR = [sys.executable, "-m", "supervisor"]


class Floor:
    """A configuration in a folder, the manager it names, and the CDR file with what had ended by the manager's time."""

    def __init__(self, folder: Path, peer: AmiPeer, store: str, whole_file: bool) -> None:
        self.peer = peer
        self.cdr = folder / "Master.csv"
        self.config = folder / "supervisor.toml"
        self.store = store
        self._rows = list(
            csv.reader((DATA / "main.Master.csv").read_text(errors="surrogateescape").splitlines(keepends=True))
        )
        self._written = 0
        self._whole = whole_file
        self.config.write_text(
            f"""
[floor]
time_zone = "Europe/Berlin"
country = "US"
[store]
url = "{store}"
[log]
file = "collector.log"
[sources.pbx]
type = "asterisk"
port = {peer.port}
username = "supervisor"
secret_env = "PBX_SECRET"
time_zone = "Europe/Berlin"
trunks = ["PJSIP/carrier-*", "PJSIP/deadtrunk-*"]
dial_prefixes = ["9", "8", "6", "5"]
cdr_file = "Master.csv"
settle_seconds = 0
"""
        )
        if whole_file:
            shutil.copy(DATA / "main.Master.csv", self.cdr)
        else:
            self.cdr.touch()

    async def play(self, begin: int, end: int) -> None:
        """Let the recorded events from `begin` to `end` happen, and write the call records that they end."""
        for start in range(begin, end, 50):
            await self.peer.replay(EVENTS[start : min(start + 50, end)])
            self._append()

    def _append(self) -> None:
        if self._whole:
            return
        with self.cdr.open("a", encoding="utf-8", errors="surrogateescape", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
            while self._written < len(self._rows) and _ended(self._rows[self._written]) <= self.peer.world.now:
                writer.writerow(self._rows[self._written])
                self._written += 1

    @asynccontextmanager
    async def collecting(self) -> AsyncIterator[subprocess.Popen[bytes]]:
        """A collector at work: it has turned events on and taken stock."""
        before = len(self.peer.actions)
        collector = subprocess.Popen(  # noqa: ASYNC220 - it is to be killed, not talked to
            [*SUPERVISOR, "--config", str(self.config), "collect"], env={**os.environ, "PBX_SECRET": "test-secret"}
        )
        try:
            await until(lambda: any(a.get("Action") == "Status" for a in self.peer.actions[before:]), 20)
            yield collector
        finally:
            collector.kill()
            collector.wait()

    async def calls(self) -> list[dict[str, Any]]:
        """What the command line says of the day."""
        words = [*SUPERVISOR, "--config", str(self.config), "calls", "--day", "2026-11-23", "--format", "json"]
        process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
        out, _ = await process.communicate()
        return json.loads(out) if process.returncode == 0 else []

    async def calls_when(self, condition: Any) -> list[dict[str, Any]]:
        """The calls as soon as `condition` holds of them; as they are after 40 seconds otherwise."""
        end = asyncio.get_running_loop().time() + 40
        while not condition(found := await self.calls()) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.3)
        return found


def _ended(row: list[str]) -> float:
    return datetime.fromisoformat(row[11]).replace(tzinfo=ZONE).timestamp()


def outbound(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [call for call in calls if call["direction"] == "outbound"]


def over(calls: list[dict[str, Any]]) -> bool:
    """Whether every call that can be told was told to its end."""
    told = {call["number"].lstrip("+") for call in outbound(calls) if call["outcome"] != "unknown"}
    return {one.number for one in TRUE if one.scenario not in NO_NUMBER_IN_CDR} <= told


def told_of(calls: list[dict[str, Any]]) -> list[tuple[TrueCall, dict[str, Any]]]:
    """What was told of each true call: attempts at one number in the order of time, none told that never was."""
    true, told = defaultdict(list), defaultdict(list)
    for one in TRUE:
        true[one.number].append(one)
    for call in sorted(outbound(calls), key=lambda call: call["dialled_at"]):
        told[call["number"].lstrip("+")].append(call)
    nameless = told.pop("", [])
    assert set(told) <= set(true)
    assert all(len(found) == len(true[number]) for number, found in told.items())
    missing = [one for number in true.keys() - told.keys() for one in true[number]]
    assert {one.scenario for one in missing} <= NO_NUMBER_IN_CDR
    assert len(nameless) <= len(missing)
    return [pair for number, found in told.items() for pair in zip(true[number], found, strict=True)]


def talk_of(call: dict[str, Any]) -> dict[str, float]:
    return {segment["specialist"].removeprefix("pbx:"): segment["talk_seconds"] for segment in call["segments"]}


async def test_the_recorded_session_gives_exactly_its_calls(store_url: str, tmp_path: Path) -> None:
    async with AmiPeer() as peer:
        floor = Floor(tmp_path, peer, store_url, whole_file=False)
        async with floor.collecting() as collector:
            await floor.play(0, len(EVENTS))
            calls = await floor.calls_when(over)
            collector.send_signal(signal.SIGTERM)
            assert collector.wait(10) == 0
    told = told_of(calls)
    assert len(told) == len(TRUE)
    for true, call in told:
        assert call["outcome"] == true.outcome, true
        assert talk_of(call) == pytest.approx(true.talk, abs=0.02), true
        who = true.specialist or next(iter(true.talk), None)
        assert call["specialist"] == (f"pbx:{who}" if who else None), true
        assert call["approximate"] is False


@pytest.mark.parametrize("whole_file", [False, True], ids=["growing file", "whole file from the start"])
@pytest.mark.parametrize(("killed", "back"), [(900, 2600), (2150, 2400), (3000, 6100)])
async def test_killed_and_started_again_it_loses_and_doubles_nothing(
    sqlite_url: str, tmp_path: Path, killed: int, back: int, whole_file: bool
) -> None:
    async with AmiPeer() as peer:
        floor = Floor(tmp_path, peer, sqlite_url, whole_file)
        async with floor.collecting() as collector:
            await floor.play(0, killed)
            await peer.drained()
            collector.kill()
            collector.wait()
        await floor.play(killed, back)
        async with floor.collecting():
            await floor.play(back, len(EVENTS))
            calls = await floor.calls_when(over)
    told = told_of(calls)
    filled = [true for true, call in told if call["approximate"]]
    for true, call in told:
        assert call["specialist"] == f"pbx:{true.specialist or next(iter(true.talk), '')}" or true.specialist is None
        if not call["approximate"]:
            assert call["outcome"] == true.outcome, true
            assert talk_of(call) == pytest.approx(true.talk, abs=0.02), true
        else:
            dead = {"no_answer", "failed"} if "trunk-down" in true.scenario or "failover" in true.scenario else set()
            assert call["outcome"] in {true.outcome, *dead}, true
            late = 3 if true.scenario in TALK_FROM_SPECIALIST else 1.01
            assert talk_of(call) == pytest.approx(true.talk, abs=late), true
    assert 0 < len(filled) < len(TRUE)
