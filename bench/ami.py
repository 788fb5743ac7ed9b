"""From a hang-up on the manager's socket to the changed cell of a console: 1,000 specialists, 200 events a second.

The manager, the collector and the console are processes and a socket of their own, as on a floor.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.measure import Figure, percentile
from bench.terminal import Terminal, terminal
from store import roster
from store.engine import create_store
from supervisor.duties.roster import Member, put_members
from tests.peers.ami import AmiPeer

SPECIALISTS = 1_000
EVENTS_A_SECOND = 200
HANG_UPS = 30
FIRST = 2001
IN_SIGHT = 60
"""Rows of the console that only the measured specialist may change."""
MARK = b"wrap"
"""What the state of who hung up becomes."""

CONFIGURATION = """
[floor]
name = "Bench"
holidays = false
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[store]
url = "floor.db"
[log]
file = "collector.log"
[sources.pbx]
type = "asterisk"
port = {port}
username = "supervisor"
secret_env = "BENCH_SECRET"
trunks = ["PJSIP/carrier-*"]
"""


def event(name: str, **keys: str) -> bytes:
    """One event of the manager, now."""
    stamp = f"{time.time():.6f}"
    lines = {"Event": name, "Privilege": "call,all", "Timestamp": stamp, **keys}
    return "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode() + b"\r\n"


def call(number: int, agent: str) -> Iterator[bytes]:
    """The events of the `number`th call, each as it happens: dialled, answered, talked, hung up."""
    customer = f"0301{number:06}"
    phone, trunk = f"PJSIP/{agent}-{number * 2:08x}", f"PJSIP/carrier-{number * 2 + 1:08x}"
    ids = f"{int(time.time())}.{number * 2}", f"{int(time.time())}.{number * 2 + 1}"

    def side(which: int, state: str) -> dict[str, str]:
        return {
            "Channel": (phone, trunk)[which],
            "ChannelState": state,
            "CallerIDNum": (agent, customer)[which],
            "ConnectedLineNum": (customer, agent)[which],
            "Context": ("agents", "from-carrier")[which],
            "Exten": customer,
            "Priority": "1",
            "Uniqueid": ids[which],
            "Linkedid": ids[0],
        }

    dest = {f"Dest{key}": value for key, value in side(1, "0").items()}
    bridge = {"BridgeUniqueid": f"bridge-{number}", "BridgeType": "basic"}
    yield event("Newchannel", **side(0, "4"))
    yield event("DeviceStateChange", Device=f"PJSIP/{agent}", State="INUSE")
    yield event("Newchannel", **side(1, "0"))
    yield event("DialBegin", **side(0, "4"), **dest, DialString=f"{customer}@carrier")
    yield event("Newstate", **side(1, "5"))
    yield event("Newstate", **side(1, "6"))
    yield event("DialEnd", **side(0, "4"), **dest, DialStatus="ANSWER")
    yield event("Newstate", **side(0, "6"))
    yield event("BridgeEnter", **bridge, **side(1, "6"))
    yield event("BridgeEnter", **bridge, **side(0, "6"))
    yield event("BridgeLeave", **bridge, **side(1, "6"))
    yield event("BridgeLeave", **bridge, **side(0, "6"))
    yield event("Hangup", **side(1, "6"), Cause="16")
    yield event("Hangup", **side(0, "6"), Cause="16")
    yield event("DeviceStateChange", Device=f"PJSIP/{agent}", State="NOT_INUSE")


class Written:
    """What a terminal gets, and when."""

    def __init__(self, shown: Terminal) -> None:
        self._shown = shown
        self._parts: list[tuple[float, bytes]] = []
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self.stopped = False
        self._thread.start()

    def _follow(self) -> None:
        while not self.stopped:
            if part := self._shown.read(0.05):
                self._parts.append((time.perf_counter(), part))

    def since(self, moment: float, mark: bytes) -> float | None:
        """When `mark` was first written after `moment`; None: not yet."""
        seen = b""
        for at, part in self._parts:
            if at >= moment:
                seen += part
                if mark in seen:
                    return at
        return None

    async def wait(self, mark: bytes, moment: float, seconds: float) -> float:
        """When `mark` is written after `moment`. TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while (at := self.since(moment, mark)) is None:  # noqa: ASYNC110 - a thread finds it
                await asyncio.sleep(0.01)
        return at

    def stop(self) -> None:
        """Read no more."""
        self.stopped = True
        self._thread.join()


async def _others(peer: AmiPeer) -> None:
    """Calls of everyone out of sight, an event each 1/200 s, for ever; forty calls at a time."""
    number = 1_000_000
    under_way: list[Iterator[bytes]] = []
    begun, sent = time.monotonic(), 0
    while True:
        while len(under_way) < 40:
            number += 1
            agent = str(FIRST + IN_SIGHT + number % (SPECIALISTS - IN_SIGHT))
            under_way.append(call(number, agent))
        one = under_way.pop(0)
        if (raw := next(one, None)) is not None:
            under_way.append(one)
            await peer.broadcast(raw)
            sent += 1
            await asyncio.sleep(max(0, begun + sent / EVENTS_A_SECOND - time.monotonic()))


async def _hang_ups(peer: AmiPeer, written: Written) -> list[float]:
    taken = []
    for number in range(HANG_UPS):
        begun = time.perf_counter()
        events = list(call(number, str(FIRST)))
        for raw in events[:10]:
            await peer.broadcast(raw)
        await written.wait(b"talk", begun, 10)
        await asyncio.sleep(0.3)
        for raw in events[10:13]:
            await peer.broadcast(raw)
        moment = time.perf_counter()
        for raw in events[13:]:
            await peer.broadcast(raw)
        taken.append(await written.wait(MARK, moment, 10) - moment)
        await asyncio.sleep(0.1)
    return taken


async def _measured(folder: Path) -> list[float]:
    async with AmiPeer() as peer:
        peer.clock = time.time
        configuration = folder / "supervisor.toml"
        configuration.write_text(CONFIGURATION.format(port=peer.port))
        agents = [str(FIRST + number) for number in range(SPECIALISTS)]
        peer.world.devices |= {f"PJSIP/{agent}": "NOT_INUSE" for agent in agents}
        with closing(create_store(str(folder / "floor.db"))) as store, store.write() as connection:
            roster.source(connection, "pbx", "asterisk")
            people = [Member(f"Specialist {agent}", "Team", "", None, (("pbx", agent),)) for agent in agents]
            put_members(connection, list(enumerate(people)), {"pbx": "asterisk"}, 20_200_101)
        program = [str(Path(sys.executable).parent / "supervisor"), "--config", str(configuration)]
        environment = {**os.environ, "BENCH_SECRET": "test-secret"}
        collector = subprocess.Popen(  # noqa: ASYNC220 - before anything is measured
            [*program, "collect"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            await peer.listening()
            with terminal([*program, "console"], 120, IN_SIGHT - 10) as shown:
                shown.until(b"Specialist 2001")
                written = Written(shown)
                others = asyncio.create_task(_others(peer))
                await asyncio.sleep(2)
                try:
                    return await _hang_ups(peer, written)
                finally:
                    others.cancel()
                    written.stop()
        finally:
            collector.terminate()
            collector.wait()


def figures() -> list[Figure]:
    """The median and the 95th percentile, without a goal."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        taken = asyncio.run(_measured(Path(name)))
    late = percentile(taken, 0.95) * 1000
    shown = f"p50 {statistics.median(taken) * 1000:.0f} ms", f"p95 {late:.0f} ms"
    what = f"hang-up on the socket to changed cell, {SPECIALISTS:,} specialists, {EVENTS_A_SECOND} events/s: p50, p95"
    return [Figure(what, *shown, late, None, "ms")]
