"""A far side with a record of its own: an Asterisk whose specialists call all the time, and a file that grows.

Every call has a number of its own, so that in the end each can be counted in the store.
"""

from __future__ import annotations

import asyncio
import csv
import io
import random
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.peers.ami import AmiPeer
from tests.peers.floor import EVENTS, FIRST_CALL
from tests.peers.world import headers_of

ZONE = ZoneInfo("Europe/Berlin")
OLD = {"agent": "1795454949.0", "line": "1795454949.1", "bridge": "369bbb31-04e6-4f7d-91e0-cf2bf72dd4ed"}
NUMBER = "15551050001"
VARIABLES = (b"Variable: DIALEDPEERNUMBER", b"Variable: BRIDGEPEER")
NOISE = ("CEL", "RTCPSent", "RTCPReceived", "Newexten")


def _of_first_call() -> Iterator[tuple[str, bytes]]:
    """Yield the recorded first call's events, each with the stage of the call it belongs to."""
    stage = "dial"
    for raw in EVENTS[: FIRST_CALL + 60]:
        event = headers_of(raw)
        ids = {event.get("Uniqueid"), event.get("DestUniqueid"), event.get("BridgeUniqueid")}
        if not ids & set(OLD.values()) or event["Event"] in NOISE:
            continue
        if event["Event"] == "VarSet" and not any(name in raw for name in VARIABLES):
            continue
        if event["Event"] == "Newstate" and event.get("ChannelState") == "6" and stage == "dial":
            stage = "talk"
        elif event["Event"] in ("BridgeLeave", "HangupRequest"):
            stage = "end"
        yield stage, raw


SCRIPT = list(_of_first_call())


class FarSide:
    """Calls without end, in `folder`: an Asterisk with its CDR file, and a file of records that is rotated.

    `asterisk` and `file` are what it knows of them: numbers, each dialled once.
    """

    def __init__(self, folder: Path, peer: AmiPeer, seed: int) -> None:
        self.asterisk: list[str] = []
        self.file: list[str] = []
        self.cdr = folder / "Master.csv"
        self.followed = folder / "followed.csv"
        self.may_rotate = False
        self._peer = peer
        self._random = random.Random(seed)
        self._channels = 0
        self._rotations = 0
        self._calling = True
        self.cdr.touch()
        self.followed.touch()

    async def run(self, specialists: int = 4) -> None:
        """Call until `stop`; all calls are over then, and on record."""
        callers = (self._calls(f"10{n:02}") for n in range(1, specialists + 1))
        await asyncio.gather(self._grow(), *callers)

    def stop(self) -> None:
        """Begin no more calls."""
        self._calling = False

    async def _calls(self, agent: str) -> None:
        while self._calling:
            await asyncio.sleep(self._random.uniform(0, 0.25))
            await self._call(agent)

    async def _call(self, agent: str) -> None:
        """One call, answered or not, told live and written to the CDR file when it is over."""
        answered = self._random.random() < 0.6
        number = f"1555{len(self.asterisk):07}"
        self.asterisk.append(number)
        born = int(time.time())
        first, second = self._channels, self._channels + 1
        self._channels += 2
        new = {
            OLD["agent"]: f"{born}.{first}",
            OLD["line"]: f"{born}.{second}",
            OLD["bridge"]: f"bridge-{first}",
            "PJSIP/1003-00000000": f"PJSIP/{agent}-{first:08x}",
            "PJSIP/carrier-00000001": f"PJSIP/carrier-{second:08x}",
            NUMBER: number,
            "1003": agent,
        }
        moments: dict[str, float] = {}
        for stage in ("dial", "talk", "end"):
            moments[stage] = time.time()
            if stage != "talk" or answered:
                await self._tell(
                    [raw for which, raw in SCRIPT if which == stage and (answered or b"Bridge" not in raw)], new
                )
            await asyncio.sleep(self._random.choice((0, 0.02, 0.3)) * self._random.random())
        self._write_cdr(agent, number, moments if answered else {**moments, "talk": None}, new)

    async def _tell(self, events: list[bytes], new: dict[str, str]) -> None:
        old = re.compile("|".join(map(re.escape, new)))
        for raw in events:
            stamp = headers_of(raw)["Timestamp"]
            text = old.sub(lambda found: new[found[0]], raw.decode())
            await self._peer.broadcast(text.replace(f"Timestamp: {stamp}", f"Timestamp: {time.time():.6f}").encode())

    def _write_cdr(self, agent: str, number: str, moments: dict[str, float | None], new: dict[str, str]) -> None:
        talk, begin, end = moments["talk"], moments["dial"], time.time()
        assert begin is not None
        row = (
            f"spec-{agent}", agent, f"9{number}", "agents", f'"Somebody" <{agent}>', new["PJSIP/1003-00000000"],
            new["PJSIP/carrier-00000001"], "Dial", f"PJSIP/{number}@carrier,25,TKg", _local(begin),
            _local(talk) if talk else "", _local(end), int(end) - int(begin), int(end) - int(talk) if talk else 0,
            "ANSWERED" if talk else "NO ANSWER", "DOCUMENTATION", new[OLD["agent"]], "", "", new[OLD["agent"]],
            len(self.asterisk),
        )  # fmt: skip
        with self.cdr.open("a", newline="") as out:
            out.write(_line(row))

    async def _grow(self) -> None:
        """Add records to the followed file, sometimes by halves, and rotate it now and then."""
        while self._calling:
            await asyncio.sleep(self._random.uniform(0, 0.1))
            number = f"1444{len(self.file):07}"
            now = time.time()
            unique = f"{int(now)}.{len(self.file)}"
            row = (
                "", "1001", f"9{number}", "agents", "Somebody", f"PJSIP/1001-{len(self.file):08x}",
                "PJSIP/carrier-00000001", "Dial", f"PJSIP/{number}@carrier", _local(now - 40), _local(now - 36),
                _local(now), 40, 36, "ANSWERED", "DOCUMENTATION", unique, "", "", unique, len(self.file),
            )  # fmt: skip
            line = _line(row)
            cut = self._random.choice((0, self._random.randrange(len(line))))
            for part in (line[:cut], line[cut:]):
                with self.followed.open("a", newline="") as out:
                    out.write(part)
                await asyncio.sleep(self._random.choice((0, 0.01)))
            self.file.append(number)
            if self.may_rotate and self._random.random() < 0.02:
                self._rotations += 1
                self.followed.rename(self.followed.with_name(f"followed.csv.{self._rotations:04}"))
                self.followed.touch()
                await asyncio.sleep(0.02)


def _local(moment: float) -> str:
    return datetime.fromtimestamp(int(moment), ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _line(row: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    return out.getvalue()


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel `task` and wait until it has."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
