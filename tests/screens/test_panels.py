"""Further panels beside the calls: in a column where there is room, else a line of counts each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.binding import Binding

from screens.app import ConsoleApp
from screens.floor.screen import FloorScreen
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk
from tests.screens.made_up import Fruit
from tests.screens.test_floor_screen import Floor


class WithPanels(FloorScreen):
    BINDINGS: ClassVar[list[Any]] = [Binding("f", "panel('fruit')"), Binding("v", "panel('vegetables')")]


@asynccontextmanager
async def opened(size: tuple[int, int] = (120, 40), *panels: Fruit, **options: Any) -> AsyncIterator[Floor]:
    found = panels or (Fruit(), Fruit("v", "vegetables"))

    class Console(ConsoleApp):
        def get_default_screen(self) -> FloorScreen:
            return WithPanels(found)

    desk = HandmadeDesk()
    async with Console(lambda: desk, LIMITS, clock=lambda: NOW, **options).run_test(size=size) as pilot:
        floor = Floor(pilot, desk)
        await floor.until(lambda: "3 ripe" in "\n".join(floor.text()))
        await pilot.pause()
        yield floor


def widths(floor: Floor) -> dict[str, int]:
    """How wide each panel is that is seen."""
    found = {"calls": floor.screen.query_one("#calls"), "detail": floor.screen.detail}
    found |= {view.panel.id: view for view in floor.screen.views}
    return {name: widget.region.width for name, widget in found.items() if widget.region.width}


async def shown(floor: Floor, **wanted: int) -> None:
    await floor.until(lambda: widths(floor) == wanted)


def focused(floor: Floor) -> str:
    return floor.app.focused.id


async def test_the_column_stands_at_the_right_and_the_detail_takes_its_place() -> None:
    async with opened() as floor:
        await shown(floor, calls=65, fruit=54, vegetables=54)
        fruit, vegetables = floor.screen.views
        assert fruit.region.x == vegetables.region.x == 66 and fruit.region.bottom == vegetables.region.y
        assert "── Fruit · 3 ripe ─" in floor.text()[3] and floor.text()[3].endswith("─ f ──")
        assert "apples" in floor.text()[4] and not floor.screen.query_one("#counts").display
        await floor.press("enter")
        await shown(floor, calls=65, detail=54)
        await floor.press("escape")
        await shown(floor, calls=65, fruit=54, vegetables=54)
        await floor.press("enter", "v")
        await shown(floor, calls=65, fruit=54, vegetables=54)
        assert focused(floor) == "vegetables"


async def test_letters_and_tab_move_between_panels_and_enter_is_the_panels_own() -> None:
    async with opened() as floor:
        assert focused(floor) == "board"
        await floor.press("tab")
        assert focused(floor) == "fruit"
        await floor.press("j", "enter")
        assert "eaten: pears" in floor.says() and not floor.screen.detail_open
        await floor.press("tab")
        assert focused(floor) == "vegetables"
        await floor.press("tab")
        assert focused(floor) == "board"
        await floor.press("f")
        assert focused(floor) == "fruit"
        await floor.press("c")
        assert focused(floor) == "board"
        await floor.press("v", "escape")
        assert focused(floor) == "board"


async def test_zoom_gives_the_screen_to_the_panel_with_the_focus() -> None:
    async with opened() as floor:
        await floor.press("v", "z")
        await shown(floor, vegetables=120)
        await floor.press("tab")
        await shown(floor, calls=65, fruit=54, vegetables=54)
        await floor.press("f", "z")
        await shown(floor, fruit=120)
        await floor.press("v")
        await shown(floor, vegetables=120)
        await floor.press("escape")
        await shown(floor, calls=65, fruit=54, vegetables=54)
        await floor.press("c", "z")
        await shown(floor, calls=120)
        await floor.press("z")
        await shown(floor, calls=65, fruit=54, vegetables=54)


async def test_at_80_columns_each_is_a_line_of_counts_and_opens_full() -> None:
    async with opened((80, 24)) as floor:
        await shown(floor, calls=80)
        assert floor.text()[-3:-1] == [" f fruit 3 ripe", " v vegetables 3 ripe"]
        await floor.press("v")
        await shown(floor, vegetables=80)
        assert focused(floor) == "vegetables" and "plums" in "\n".join(floor.text())
        await floor.press("tab")
        await shown(floor, calls=80)
        await floor.press("tab")
        await shown(floor, fruit=80)
        await floor.press("escape")
        await shown(floor, calls=80)
        assert focused(floor) == "board"
        await floor.press("enter")
        await shown(floor, detail=80)
        await floor.press("f")
        await shown(floor, fruit=80)
        await floor.press("c")
        await shown(floor, calls=80)


async def test_a_panel_with_the_focus_keeps_the_screen_when_it_gets_narrow() -> None:
    async with opened() as floor:
        await floor.press("f")
        await floor.pilot.resize_terminal(80, 24)
        await shown(floor, fruit=80)
        assert focused(floor) == "fruit"
        await floor.pilot.resize_terminal(120, 40)
        await shown(floor, calls=65, fruit=54, vegetables=54)


async def test_keys_of_lists_work_on_the_panel_with_the_focus(tmp_path: Path) -> None:
    async with opened(exports=tmp_path) as floor:
        fruit = floor.screen.views[0].board
        await floor.press("f", "slash", "p", "l", "enter")
        assert list(fruit.keys) == ["apples", "plums"] and fruit.has_focus and len(floor.screen.board.keys) == 11
        assert "Fruit · 3 ripe  / pl" in floor.text()[3]
        await floor.press("E")
        await floor.until(lambda: "2 rows written" in floor.says())
        await floor.press("slash")
        assert floor.app.focused.value == "pl"
        await floor.press("enter", "escape")
        assert list(fruit.keys) == ["apples", "pears", "plums"] and fruit.has_focus
        await floor.press("s", "S", "exclamation_mark")
        assert list(fruit.keys) == ["plums", "pears", "apples"] and fruit.key == "pears"
        await floor.press("c", "slash")
        assert floor.app.focused.value == ""
    assert [file.name for file in tmp_path.iterdir()] == ["floor-fruit-20261123-143200.csv"]  # noqa: ASYNC240


async def test_no_phone_is_touched_while_a_panel_has_the_focus() -> None:
    async with opened() as floor:
        assert "l listen" in floor.says()
        await floor.press("f")
        assert "l listen" not in floor.says() and "c calls" in floor.says()
        await floor.press("l")
        assert "No row is marked." in floor.says() and floor.desk.asked == []


async def test_a_panel_that_cannot_be_read_says_so_and_the_others_go_on() -> None:
    broken, well = Fruit(), Fruit("v", "vegetables")
    async with opened((120, 40), broken, well) as floor:
        broken.failure, well.fruits = OSError("no fruit store"), ("beans",)
        floor.screen.wake()
        await floor.until(lambda: "✕ no fruit store" in floor.text()[3])
        await floor.until(lambda: "Vegetables · 1 ripe" in "\n".join(floor.text()))
        assert "apples" in "\n".join(floor.text()) and not floor.screen.failed


async def test_an_empty_panel_says_what_will_be_here() -> None:
    empty, well = Fruit(), Fruit("v", "vegetables")
    empty.fruits = ()
    async with opened((120, 40), empty, well) as floor:
        assert "No fruit yet." in "\n".join(floor.text())


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_no_line_is_wider_than_the_screen(size: tuple[int, int]) -> None:
    async with opened(size) as floor:
        for pressed in ("f", "z", "v", "c", "enter"):
            await floor.press(pressed)
            assert all(len(text) <= size[0] for text in floor.text())
