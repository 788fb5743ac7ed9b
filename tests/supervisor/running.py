"""`supervisor collect` as a process of its own, and what can be seen of it: its log, its stderr, the store."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.peers.ami import AmiPeer, until

SECRETS = {"PBX_SECRET": "test-secret", "CONTROL_SECRET": "control-secret"}
FLOOR = """
[floor]
time_zone = "Europe/Berlin"
country = "US"
[store]
url = "{store}"
[log]
file = "collector.log"
[console]
my_phone = "1010"
[sources.pbx]
type = "asterisk"
port = {port}
username = "supervisor"
secret_env = "PBX_SECRET"
trunks = ["PJSIP/carrier-*", "PJSIP/deadtrunk-*"]
dial_prefixes = ["9", "8", "6", "5"]
settle_seconds = 0
control_username = "control"
control_secret_env = "CONTROL_SECRET"
dial_context = "agents"
retry_seconds = 0.2
"""


class Collector:
    """A running collector."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self.process = process
        self.stderr = folder / "stderr"
        self._log = folder / "collector.log"

    def logged(self, event: str = "") -> list[dict[str, Any]]:
        """The lines of its log, of one event or of all."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines()] if self._log.exists() else []
        return [line for line in lines if not event or line["event"] == event]

    async def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send it `how`; its exit status and how many seconds it took to end."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), 10), loop.time() - begun


@asynccontextmanager
async def collecting(config: Path, peer: AmiPeer | None = None) -> AsyncIterator[Collector]:
    """A collector of `config`, killed in the end; it has taken stock of `peer`, where one is given."""
    before = len(peer.actions) if peer else 0
    with (config.parent / "stderr").open("ab") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "supervisor", "--config", str(config), "collect",
            stderr=stderr, env={**os.environ, **SECRETS},
        )  # fmt: skip
    try:
        if peer:
            await until(lambda: any(a.get("Action") == "Status" for a in peer.actions[before:]), 30)
        yield Collector(process, config.parent)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
