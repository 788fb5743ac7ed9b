"""The console on the terminal it is started on, over a floor made by hand that a pipe changes. Started by
test_terminal.py.

Each line on the pipe is an expression for the desk (`desk.change(...)`), or `clock SECONDS`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

gc.disable()

from screens.app import ConsoleApp  # noqa: E402
from screens.desk import Desk  # noqa: E402


def main(pipe: int, log: str) -> int:
    """Run the console; `pipe` is read for changes, `log` is the crash log. Return the exit status."""
    moment = [0]

    def open_desk() -> Desk:
        from tests.screens import handmade

        class Piped(handmade.HandmadeDesk):
            async def changes(self) -> AsyncIterator[None]:
                reader = asyncio.StreamReader()
                await asyncio.get_running_loop().connect_read_pipe(
                    lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb")
                )
                async for said in reader:
                    words = said.decode().split()
                    if words[0] == "clock":
                        moment[0] += round(float(words[1]) * 1e6)
                    elif words[0] != "same":
                        eval(said.decode(), {"desk": self, "handmade": handmade})
                    yield

        return Piped()

    from screens.floor.present import Limits
    from supervisor.settings import QuotaSettings

    now = 1_795_440_720_000_000
    console = ConsoleApp(open_desk, Limits(QuotaSettings()), clock=lambda: now + moment[0], crash_log=Path(log))
    return console.run(mouse=False) or console.return_code or 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
