"""The collector as a process, with real sockets and real stores: what goes wrong is told, and stops nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store import calls, driver, sqlite
from store.engine import open_store
from supervisor.cli import common
from supervisor.config import Config, load
from supervisor.duties.calls import SpecialistLine, acts
from supervisor.duties.calls.floor import read_floor
from supervisor.duties.calls.rule import call_of
from tests.peers.ami import AmiPeer, until
from tests.peers.floor import EVENTS, FIRST_CALL, SECOND_CALL, TALKING
from tests.supervisor.running import FLOOR, collecting

MORE_SOURCES = """
[sources.dead]
type = "asterisk"
port = 1
username = "supervisor"
secret_env = "PBX_SECRET"
[sources.odd]
type = "exchange-of-nobody"
[sources.broken]
type = "files"
format = "asterisk-csv"
time_zone = "Nowhere/Atall"
[sources.file]
type = "files"
format = "csv"
path = "calls.csv"
"""


def asked(store: str, question: str) -> list[tuple[Any, ...]]:
    """What the store answers to `question`, read by a connection of its own."""
    with closing(open_store(store)) as opened, opened.read() as connection:
        return [tuple(row) for row in driver.rows(connection, question, ())]


def sources_of(store: str) -> dict[str, tuple[bool, str]]:
    return {name: (bool(up), detail) for name, up, detail in asked(store, "SELECT name, up, detail FROM source")}


def floor(folder: Path, peer: AmiPeer, store: str, more: str = "") -> Path:
    config = folder / "supervisor.toml"
    config.write_text(FLOOR.format(store=store, port=peer.port) + more)
    return config


async def test_sources_that_fail_are_told_and_stop_no_other(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(
        "id,group,agent,direction,from,to,started,answered,ended,talk_seconds,outcome\n"
        "1,1,1001,outbound,1001,+15551230001,2026-11-23T10:00:00Z,,2026-11-23T10:00:09Z,0,no_answer\n"
    )
    async with AmiPeer() as peer:
        config = floor(tmp_path, peer, store_url, MORE_SOURCES)
        async with collecting(config, peer) as collector:
            await until(lambda: len(sources_of(store_url)) == 5 and sources_of(store_url)["file"][0], 15)
            await peer.write(b"Oh: forged\r\n\r\n")
            await peer.replay(EVENTS[:FIRST_CALL])
            await until(lambda: asked(store_url, "SELECT 1 FROM leg WHERE progress = 3 AND to_raw = '15551050001'"), 15)
            await until(lambda: asked(store_url, "SELECT 1 FROM leg WHERE to_raw = '+15551230001'"), 15)
            seen = sources_of(store_url)
            assert seen["pbx"] == (True, "")
            assert "refuses connections" in seen["dead"][1]
            assert "'exchange-of-nobody' is not installed" in seen["odd"][1]
            assert "Nowhere/Atall" in seen["broken"][1]
            assert not any(seen[name][0] for name in ("dead", "odd", "broken"))
            await until(lambda: any("did not write" in line["event"] for line in collector.logged()))
            status, seconds = await collector.end()
        assert (status, seconds < 2) == (0, True)
        assert {name: up for name, (up, _) in sources_of(store_url).items() if up} == {}
        assert sources_of(store_url)["pbx"][1] == "the collector was stopped"
        lines = collector.stderr.read_text().splitlines()
        assert [line.split(":")[1] for line in lines] == [" source odd is left out", " source broken is left out"]


async def test_what_happens_while_the_store_refuses_is_kept_when_it_takes_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with AmiPeer() as peer, collecting(floor(tmp_path, peer, sqlite_url), peer) as collector:
        await until(lambda: sources_of(sqlite_url).get("pbx", (False,))[0], 10)
        with closing(sqlite.connect(Path(sqlite_url), "rw", 5)) as other:
            other.execute("BEGIN IMMEDIATE")
            await peer.replay(EVENTS[:SECOND_CALL])
            await until(lambda: collector.logged("store refused"), 10)
            assert "locked" in collector.logged("store refused")[0]["detail"]
            assert not asked(sqlite_url, "SELECT 1 FROM leg")
            other.execute("ROLLBACK")
        await until(lambda: len(asked(sqlite_url, "SELECT 1 FROM leg WHERE progress = 3 AND NOT approximate")) == 2, 15)
        assert len(collector.logged("store refused")) == len(collector.logged("store takes again")) == 1
        assert not collector.logged("source failed")
    with closing(open_store(sqlite_url)) as store, store.write() as connection:
        assert not any(calls.recount(connection, lambda legs: call_of(legs, 30_000)))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_told_to_stop_while_the_store_is_locked_and_the_source_does_not_answer(
    sqlite_url: str, tmp_path: Path, how: signal.Signals
) -> None:
    async with AmiPeer() as peer, collecting(floor(tmp_path, peer, sqlite_url), peer) as collector:
        await until(lambda: sources_of(sqlite_url).get("pbx", (False,))[0], 10)
        with closing(sqlite.connect(Path(sqlite_url), "rw", 5)) as other:
            other.execute("BEGIN IMMEDIATE")
            await peer.replay(EVENTS[:TALKING])
            peer.freeze()
            await until(lambda: collector.logged("store refused"), 10)
            status, seconds = await collector.end(how)
        assert (status, seconds < 2) == (0, True)
        assert not collector.stderr.read_text()


async def test_nothing_to_do_costs_nothing(store_url: str, tmp_path: Path) -> None:
    async with AmiPeer() as peer, collecting(floor(tmp_path, peer, store_url, MORE_SOURCES), peer) as collector:
        await until(lambda: sources_of(store_url).get("pbx", (False,))[0], 15)
        await asyncio.sleep(1.5)  # its start is over: backfills and lists
        before = worked_s(collector.process.pid)
        await asyncio.sleep(2)
        assert worked_s(collector.process.pid) - before < 0.25


def worked_s(pid: int) -> float:
    """The seconds a process has worked so far."""
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13])) / os.sysconf(
        "SC_CLK_TCK"
    )


def line_of(store: str, config: Config, agent: str) -> SpecialistLine | None:
    with closing(open_store(store)) as opened, opened.read() as connection:
        lines = read_floor(connection, config, common.now_us()).specialists
    return next((line for line in lines if line.agent == agent), None)


def ask(store: str, config: Config, line: SpecialistLine, action: str, now_us: int | None = None) -> int:
    """What the console does when a supervisor presses a key."""
    with closing(open_store(store)) as opened, opened.write() as connection:
        return acts.command(connection, config, line, action, None, "Ada", now_us or common.now_us())


async def answer_to(store: str, command_id: int) -> tuple[str, str]:
    """The command's state and answer, once it has one."""
    question = f"SELECT state, answer FROM command WHERE id = {command_id} AND state NOT IN ('waiting', 'taken')"
    await until(lambda: asked(store, question), 15)
    ((state, answer),) = asked(store, question)
    return state, answer


async def test_a_command_is_carried_out_once_or_refused_and_never_replayed(store_url: str, tmp_path: Path) -> None:
    async with AmiPeer() as peer:
        file = floor(tmp_path, peer, store_url)
        config = load({"SUPERVISOR_CONFIG": str(file)})

        def originated() -> int:
            return [action["Action"] for action in peer.actions].count("Originate")

        await peer.replay(EVENTS[:TALKING])
        async with collecting(file, peer) as collector:
            await until(lambda: (line := line_of(store_url, config, "1003")) and line.state == "talking", 15)
            line = line_of(store_url, config, "1003")
            assert line is not None
            assert (await answer_to(store_url, ask(store_url, config, line, "listen")))[0] == "done"
            assert originated() == 1
            (spying,) = (action for action in peer.actions if action["Action"] == "Originate")
            assert spying["Channel"] == "PJSIP/1010" and spying["Data"].startswith("PJSIP/1003-00000000,")

            late = ask(store_url, config, line, "whisper", common.now_us() - 3_600_000_000)
            assert (await answer_to(store_url, late))[0] == "expired"
            assert originated() == 1

            peer.replies["Originate"] = None
            claimed = ask(store_url, config, line, "barge")
            await until(lambda: originated() == 2, 15)
            collector.process.kill()
            await collector.process.wait()
        del peer.replies["Originate"]
        with closing(open_store(store_url)) as opened, opened.write() as connection:  # a minute passes
            driver.run(
                connection, "UPDATE command SET expires_us = ? WHERE id = ?", (common.now_us() - 61_000_000, claimed)
            )
        async with collecting(file, peer):
            state, answer = await answer_to(store_url, claimed)
            assert state == "failed" and "look at the phone" in answer
            await until(lambda: (again := line_of(store_url, config, "1003")) and again.state == "talking", 15)
            await peer.replay(EVENTS[TALKING : FIRST_CALL + 20])
            # On another day than the recorded one a phone nobody has is no line once its call is over.
            await until(lambda: not (over := line_of(store_url, config, "1003")) or over.group_id is None, 15)
            state, answer = await answer_to(store_url, ask(store_url, config, line, "listen"))
            assert state == "failed" and "the call is over" in answer
            await peer.stop()
            await until(lambda: not sources_of(store_url)["pbx"][0], 15)
            state, answer = await answer_to(store_url, ask(store_url, config, line, "listen"))
            assert state == "failed" and "not connected" in answer
        assert originated() == 2
