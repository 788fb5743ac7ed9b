"""Pictures of few screens, so that a change of looks is seen. `pytest --snapshot-update` takes them anew."""

from __future__ import annotations

import re
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from screens.app import ConsoleApp
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk


class Picture(SingleFileSnapshotExtension):
    """One SVG file a picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


async def picture(size: tuple[int, int], *keys: str) -> str:
    """The console as an SVG after `keys`, without the numbers that differ from run to run."""
    desk = HandmadeDesk()
    app: Any = ConsoleApp(lambda: desk, LIMITS, clock=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        for _ in range(200):
            if app.screen.board.keys:
                break
            await pilot.pause(0.01)
        await pilot.press(*keys)
        if "enter" in keys:
            for _ in range(200):
                if app.screen.query("#day-calls"):
                    break
                await pilot.pause(0.01)
        await pilot.pause(0.1)
        return re.sub(r"terminal-\d+", "terminal", app.export_screenshot(title="supervisor"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [(), ("j", "j", "enter")], ids=["floor", "detail"])
async def test_the_console_looks_as_it_did(
    size: tuple[int, int], keys: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    assert await picture(size, *keys) == snapshot(extension_class=Picture)
