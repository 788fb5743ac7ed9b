"""The collector killed at random moments, against the far side's own record: nothing lost, nothing doubled.

How often: the environment's FAULT_KILLS, 12 where it says nothing; `make faults` kills a thousand times.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from store import calls, driver, matching
from store.engine import open_store
from supervisor.duties.calls.rule import call_of
from supervisor.duties.followups.counting import counting
from tests.faults.farside import FarSide
from tests.peers.ami import AmiPeer
from tests.store.customers_made import customer

KILLS = int(os.environ.get("FAULT_KILLS", "12"))
EFFECTIVE_MS = 30_000
CONFIGURATION = """
[floor]
time_zone = "Europe/Berlin"
country = "US"
[store]
url = "{store}"
[log]
file = "collector.log"
[sources.pbx]
type = "asterisk"
port = {port}
username = "supervisor"
secret_env = "PBX_SECRET"
time_zone = "Europe/Berlin"
trunks = ["PJSIP/carrier-*"]
dial_prefixes = ["9"]
cdr_file = "Master.csv"
settle_seconds = 0
[sources.dead]
type = "asterisk"
port = 1
username = "supervisor"
secret_env = "PBX_SECRET"
[sources.file]
type = "files"
format = "asterisk-csv"
path = "followed.csv"
time_zone = "Europe/Berlin"
agents = ["PJSIP/{{agent}}-*"]
trunks = ["PJSIP/carrier-*"]
dial_prefixes = ["9"]
poll_seconds = 0.05
"""


class Collectors:
    """Collectors of one configuration, started and killed."""

    def __init__(self, starter: asyncio.subprocess.Process) -> None:
        self._starter = starter

    async def start(self) -> int:
        """Start one; its process id."""
        assert self._starter.stdin is not None and self._starter.stdout is not None
        self._starter.stdin.write(b"\n")
        return int(await self._starter.stdout.readline())

    async def end(self, pid: int, how: signal.Signals) -> float:
        """Send it `how` and wait until it is gone; how many seconds that took."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        os.kill(pid, how)
        with suppress(ProcessLookupError):
            while loop.time() - begun < 10:
                os.kill(pid, 0)
                await asyncio.sleep(0.002)
        return loop.time() - begun


@asynccontextmanager
async def collectors_of(config: Path) -> AsyncIterator[Collectors]:
    environment = {**os.environ, "PBX_SECRET": "test-secret", "SUPERVISOR_CONFIG": str(config)}
    starter = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.starter", stdin=-1, stdout=-1, env=environment
    )
    try:
        yield Collectors(starter)
    finally:
        starter.kill()
        await starter.wait()


def dialled(store: str, source: str) -> Counter[str]:
    """How often the store has each number dialled through `source`: once a call."""
    with closing(open_store(store)) as opened, opened.read() as connection:
        rows = driver.rows(
            connection,
            "SELECT DISTINCT leg.to_raw, call.group_id FROM call JOIN source ON source.id = call.source_id "
            "JOIN leg ON leg.source_id = call.source_id AND leg.group_id = call.group_id WHERE source.name = ?",
            (source,),
        )
    return Counter(str(number) for number, _ in rows)


def open_calls(store: str) -> int:
    with closing(open_store(store)) as opened, opened.read() as connection:
        ((found,),) = driver.rows(connection, "SELECT count(*) FROM leg WHERE progress < 3", ())
    return int(found)


def has_cursors(store: str) -> bool:
    with closing(open_store(store)) as opened, opened.read() as connection:
        rows = driver.rows(connection, "SELECT name FROM source WHERE cursor IS NOT NULL", ())
    return {name for (name,) in rows} == {"pbx", "file"}


async def when(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether `condition` holds within `seconds`."""
    end = asyncio.get_running_loop().time() + seconds
    while not (held := await asyncio.to_thread(condition)) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    return held


@pytest.mark.parametrize("at_once", [1, 2], ids=["alone", "two at once"])
async def test_nothing_is_lost_and_nothing_doubled(
    store_url: str, tmp_path: Path, at_once: int, capsys: pytest.CaptureFixture[str]
) -> None:
    kills = max(KILLS // 4, 1)
    dice = random.Random(kills)
    async with AmiPeer() as peer:
        config = tmp_path / "supervisor.toml"
        config.write_text(CONFIGURATION.format(store=store_url, port=peer.port))
        with closing(open_store(store_url)) as store, store.write() as connection:
            for number in range(0, 2_000, 2):  # every other number is a customer's: its effective calls are contacts
                customer(connection, *(f"{first}{number:07}" for first in ("1555", "1444")))
        far = FarSide(tmp_path, peer, seed=at_once)
        calling = asyncio.create_task(far.run())
        async with collectors_of(config) as collectors:
            running = [await collectors.start() for _ in range(at_once)]
            assert await when(lambda: has_cursors(store_url))
            far.may_rotate = True
            for _ in range(kills):
                await asyncio.sleep(dice.choice((0.05, 0.3, 1.2)) * dice.random())
                await collectors.end(running.pop(0), signal.SIGKILL)
                await asyncio.sleep(dice.choice((0, 0, 0.4)) * dice.random())
                running.append(await collectors.start())
            far.stop()
            await calling
            await when(
                lambda: (
                    len(dialled(store_url, "pbx")) >= len(far.asterisk)
                    and len(dialled(store_url, "file")) >= len(far.file)
                    and not open_calls(store_url)
                )
            )
            took = [await collectors.end(pid, signal.SIGTERM) for pid in running]
    told = {"pbx": dialled(store_url, "pbx"), "file": dialled(store_url, "file")}
    record = {"pbx": far.asterisk, "file": far.file}
    lost = {name: sorted(set(record[name]) - set(told[name])) for name in record}
    doubled = {name: sorted(number for number, count in told[name].items() if count > 1) for name in record}
    invented = {name: sorted(set(told[name]) - set(record[name])) for name in record}
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{store_url.split(':')[0][:10]}: {kills} kills, {at_once} at once; calls {len(far.asterisk)}, "
            f"records {len(far.file)}: lost {sum(map(len, lost.values()))}, doubled {sum(map(len, doubled.values()))}"
        )
    assert (lost, doubled, invented) == ({"pbx": [], "file": []},) * 3
    assert not open_calls(store_url)
    assert max(took) < 2
    with closing(open_store(store_url)) as store, store.write() as connection:
        assert not any(calls.recount(connection, lambda legs: call_of(legs, EFFECTIVE_MS)))
        assert not any(matching.recount(connection, counting(1), 0))
        ((contacts, waiting),) = driver.rows(
            connection, "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM waiting_call)"
        )
        ((effective,),) = driver.rows(connection, "SELECT count(*) FROM call WHERE effective = 1")
        assert contacts + waiting == effective > 0  # nothing was counted and taken back, nothing twice
