"""Make the pictures of README and guide: `python -m docs.picture` opens the console on the demo floor and writes
docs/console.svg, docs/followups.svg and docs/review.svg."""

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
    """Write the pictures: the floor while somebody talks, with a day beside it; follow-ups; an order under review."""
    begun = time.time_ns() // 1000

    def clock() -> int:
        return int(SHOWN_AT.timestamp()) * 1_000_000 + time.time_ns() // 1000 - begun

    with tempfile.TemporaryDirectory() as folder:
        floor = demo.make(Path(folder) / "floor", 1, 1, clock)
        with live(floor):
            for name, picture in asyncio.run(_taken(floor)).items():
                # the reader's own font: nothing is fetched
                picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
                Path(__file__).with_name(f"{name}.svg").write_text(picture, encoding="utf-8")


async def _taken(floor: demo.Demo) -> dict[str, str]:
    pictures: dict[str, str] = {}
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
        pictures["console"] = console.export_screenshot(title="supervisor demo")
        for name, keys in (("followups", "2"), ("review", "3r")):
            for key in keys:
                await pilot.press(key)
                await pilot.pause(2)
            pictures[name] = console.export_screenshot(title="supervisor demo")
        return pictures


if __name__ == "__main__":
    main()
