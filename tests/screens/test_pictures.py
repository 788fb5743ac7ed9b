"""Pictures of few screens, so that a change of looks is seen. `pytest --snapshot-update` takes them anew."""

from __future__ import annotations

import re
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from screens.app import ConsoleApp
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk
from tests.screens.handmade_followups import FOLLOWUPS, OWN
from tests.screens.orders_seen import opened as opened_orders
from tests.screens.test_followups_screen import opened as opened_followups


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
            if app.screen.board.keys and all(view.snapshot is not None for view in app.screen.views):
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


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [(), ("r", "p", "r"), ("l",), ("w",)], ids=["orders", "review", "solutions", "sheet"])
async def test_orders_look_as_they_did(
    size: tuple[int, int], keys: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    async with opened_orders(size) as seen:
        for key in keys:
            await seen.press(key)
            await seen.pilot.pause(0.2)
        if "p" in keys:
            await seen.told("price, linked")
        shown = seen.app.export_screenshot(title="supervisor")
    assert re.sub(r"terminal-\d+", "terminal", shown) == snapshot(extension_class=Picture)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        ((), "Queue · 10"),
        (("enter",), "Story · 10"),
        (("w",), "Contact numbers"),
        (("b",), "Past the window"),
        (("i",), "shared: "),
        (("m",), "both have"),
    ],
    ids=["queue", "story", "window", "past", "inbox", "doubles"],
)
async def test_follow_ups_look_as_they_did(
    size: tuple[int, int], keys: tuple[str, ...], shows: str, snapshot: SnapshotAssertion
) -> None:
    desk = HandmadeDesk()
    desk.followups.snapshot = OWN if "w" in keys else FOLLOWUPS
    async with opened_followups(size, desk, *keys) as seen:
        await seen.shows(shows)
        await seen.pilot.pause(0.2)
        shown = seen.app.export_screenshot(title="supervisor")
    assert re.sub(r"terminal-\d+", "terminal", shown) == snapshot(extension_class=Picture)
