"""Make the README picture: `python -m docs.picture` opens the console on the demo floor and writes docs/console.svg."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from screens.widgets.board import Board
from supervisor import demo
from supervisor.cli.console import make_console
from supervisor.cli.demo import live

SHOWN_AT = datetime(2026, 11, 23, 13, 48, 40, tzinfo=UTC)
"""Three are on the phone."""
SIZE = (120, 32)
PATIENCE_S = 30


def main() -> None:
    """Write the picture: the list with a specialist's day beside it, while somebody talks."""
    begun = time.time_ns() // 1000

    def clock() -> int:
        return int(SHOWN_AT.timestamp()) * 1_000_000 + time.time_ns() // 1000 - begun

    with tempfile.TemporaryDirectory() as folder:
        floor = demo.make(Path(folder) / "floor", 1, 1, clock)
        with live(floor):
            picture = asyncio.run(_taken(floor))
    picture = re.sub(
        r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL
    )  # the reader's own font: nothing is fetched
    Path(__file__).with_name("console.svg").write_text(picture, encoding="utf-8")


async def _taken(floor: demo.Demo) -> str:
    console = make_console(floor.config, floor.clock)
    async with console.run_test(size=SIZE) as pilot:
        board = console.screen.query_one("#board", Board)
        async with asyncio.timeout(PATIENCE_S):
            while not any(str(line.state) == "talking" for line in board.items):
                await pilot.pause(0.1)
        await pilot.press("enter")
        async with asyncio.timeout(PATIENCE_S):
            while not console.screen.query("#day-calls"):
                await pilot.pause(0.1)
        await pilot.pause(1)
        return console.export_screenshot(title="supervisor demo")


if __name__ == "__main__":
    main()
