"""Pictures of few screens, so that a change of looks is seen. `pytest --snapshot-update` takes them anew."""

from __future__ import annotations

import re
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from screens.app import ConsoleApp
from tests.screens.audit_seen import opened as opened_audit
from tests.screens.discipline_seen import opened as opened_discipline
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk
from tests.screens.handmade_followups import FOLLOWUPS, OWN
from tests.screens.orders_seen import opened as opened_orders
from tests.screens.test_discipline_pages import OPENED
from tests.screens.test_discipline_pages import opened as opened_pages
from tests.screens.test_discipline_screen import floor as floor_with_flags
from tests.screens.test_followups_screen import opened as opened_followups
from tests.screens.test_onboarding_screen import opened as opened_onboarding


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


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    ("keys", "shows"),
    [
        ((), "Flags that wait · 9"),
        (("enter",), "3rd idle in 90 days"),
        (("o",), "Decided in 30 days"),
        (("o", "o"), "Merits of 30 days"),
        (("j", "j", "d"), "explained: it was"),
        (("f",), "type Hugo Marin"),
    ],
    ids=["flags", "flag", "decided", "merits", "dismiss", "fine"],
)
async def test_discipline_looks_as_it_did(
    size: tuple[int, int], keys: tuple[str, ...], shows: str, snapshot: SnapshotAssertion
) -> None:
    assert await discipline(size, keys, shows) == snapshot(extension_class=Picture)


async def test_flags_use_a_large_screen(snapshot: SnapshotAssertion) -> None:
    assert await discipline((200, 60), (), "3rd idle in 90 days") == snapshot(extension_class=Picture)


async def discipline(size: tuple[int, int], keys: tuple[str, ...], shows: str) -> str:
    """Mode 5 as an SVG after `keys`, once it `shows` something."""
    async with opened_discipline(size) as seen:
        await seen.press(*keys)
        await seen.shows(shows)
        await seen.pilot.pause(0.2)
        shown = seen.app.export_screenshot(title="supervisor")
    return re.sub(r"terminal-\d+", "terminal", shown)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [(), ("r",)], ids=["marks", "panel"])
async def test_the_floor_with_flags_looks_as_it_did(
    size: tuple[int, int], keys: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    async with floor_with_flags(size) as seen:
        await seen.press(*keys)
        await seen.pilot.pause(0.2)
        shown = seen.app.export_screenshot(title="supervisor")
    assert re.sub(r"terminal-\d+", "terminal", shown) == snapshot(extension_class=Picture)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    ("name", "keys", "shows"),
    [
        ("page", (), "Flags and merits"),
        ("page", ("l", "j"), "Christmas"),
        ("attendance", (), "away but calling"),
        ("money", (), "still proposed 173"),
        ("money", ("f",), "to confirm"),
        ("tryout", (), "Thresholds · 7"),
        ("tryout", ("enter", "1", "5", "enter"), "41 flags instead of 17"),
        ("morale", (), "talk, minutes a day"),
    ],
    ids=["page", "talks", "attendance", "money", "fine", "thresholds", "tried", "morale"],
)
async def test_the_further_screens_of_discipline_look_as_they_did(
    size: tuple[int, int], name: str, keys: tuple[str, ...], shows: str, snapshot: SnapshotAssertion
) -> None:
    async with opened_pages(OPENED[name], size) as seen:
        await seen.press(*keys)
        await seen.shows(shows)
        await seen.pilot.pause(0.2)
        shown = seen.app.export_screenshot(title="supervisor")
    assert re.sub(r"terminal-\d+", "terminal", shown) == snapshot(extension_class=Picture)


_OWED = [
    ("80x24", (), "Steps · 13"),
    ("80x24", ("o", "o"), "by waiting party"),
    ("80x24", ("enter",), "Material from the specialist"),
    ("80x24", ("c",), "Customers under way · 5"),
    ("80x24", ("i",), "Enquiries · 5"),
    ("120x40", (), "Reminders · 2"),
    ("120x40", ("o", "o"), "by waiting party"),
    ("120x40", ("enter",), "Reminders · 2"),
    ("120x40", ("c",), "Customers under way · 5"),
    ("120x40", ("w",), "Who is waited for · 5"),
    ("120x40", ("i",), "Enquiries · 5"),
    ("120x40", ("1",), "Onboarding · 3 overdue"),
    ("200x60", (), "Reminders · 2"),
]
_CALLED = {
    (): "list", ("o", "o"): "by-party", ("enter",): "detail", ("c",): "customers", ("w",): "waiting",
    ("i",): "enquiries", ("1",): "floor",
}  # fmt: skip


@pytest.mark.parametrize(("size", "keys", "shows"), _OWED, ids=[f"{_CALLED[keys]}-{size}" for size, keys, _ in _OWED])
async def test_what_is_owed_looks_as_it_did(
    size: str, keys: tuple[str, ...], shows: str, snapshot: SnapshotAssertion
) -> None:
    width, height = map(int, size.split("x"))
    async with opened_onboarding((width, height), None, *keys) as seen:
        await seen.shows(shows)
        await seen.pilot.pause(0.2)
        shown = seen.app.export_screenshot(title="supervisor")
    assert re.sub(r"terminal-\d+", "terminal", shown) == snapshot(extension_class=Picture)


_AUDITED = [
    ("80x24", (), "11 of 13 discrepancies open"),
    ("80x24", ("j", "j", "j", "enter"), "write the true duration"),
    ("80x24", ("o",), "Specialists · 9"),
    ("80x24", ("o", "j", "j", "enter"), "Calls of the day · 22"),
    ("80x24", ("left", "left", "left"), "4 revisions"),
    ("80x24", ("j", "y"), "the customer asked for the call"),
    ("120x40", (), "these were their own hours"),
    ("120x40", ("o",), "Specialists · 9"),
    ("120x40", ("o", "j", "j", "enter"), "Calls of the day · 22"),
    ("120x40", ("o", "o"), "All calls · 608"),
    ("120x40", ("o", "o", "o", "o"), "the chain holds"),
    ("120x40", ("left", "left", "left"), "4 revisions"),
    ("120x40", ("left", "left", "left", "n"), "Sign Fri 20 Nov as anna"),
    ("200x60", ("j", "j", "j"), "write the true duration"),
]
_AUDITS = {
    (): "list", ("j", "j", "j", "enter"): "detail", ("o",): "specialists", ("o", "j", "j", "enter"): "day",
    ("left", "left", "left"): "signed", ("j", "y"): "accept", ("o", "o"): "calls", ("o", "o", "o", "o"): "seals",
    ("left", "left", "left", "n"): "sign", ("j", "j", "j"): "large",
}  # fmt: skip


@pytest.mark.parametrize(
    ("size", "keys", "shows"), _AUDITED, ids=[f"{_AUDITS[keys]}-{size}" for size, keys, _ in _AUDITED]
)
async def test_the_audit_looks_as_it_did(
    size: str, keys: tuple[str, ...], shows: str, snapshot: SnapshotAssertion
) -> None:
    width, height = map(int, size.split("x"))
    async with opened_audit((width, height)) as seen:
        for key in keys:
            if key == "n":
                await seen.shows("4 revisions")
            await seen.press(key)
        await seen.shows(shows)
        await seen.pilot.pause(0.5)
        shown = seen.app.export_screenshot(title="supervisor")
    assert re.sub(r"terminal-\d+", "terminal", shown) == snapshot(extension_class=Picture)
