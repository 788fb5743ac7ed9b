"""Several modes over one desk: digits go from one to the other, and what is hidden does nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.binding import Binding

from screens import keys, modes
from screens.app import ConsoleApp
from screens.modes import Mode
from screens.widgets.dialogs import Choice
from screens.widgets.help import Help
from tests.screens.handmade import FLOOR, LIMITS, NOW, HandmadeDesk
from tests.screens.made_up import MadeUp, sources

NINE = Mode("9", "made-up", "made up", "tests.screens.made_up:MadeUp")


class TwoModes:
    """A console with two modes, and what one sees of it."""

    def __init__(self, pilot: Any, desk: HandmadeDesk) -> None:
        self.pilot = pilot
        self.desk = desk
        self.app = pilot.app

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    async def until(self, true: Callable[[], object]) -> None:
        for _ in range(200):
            if true():
                return
            await self.pilot.pause(0.01)
        pytest.fail("\n".join(self.text()))

    async def press(self, *pressed: str) -> None:
        await self.pilot.press(*pressed)
        await self.pilot.pause()

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in "\n".join(self.text()))


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    home, key = modes.by_id(modes.HOME), keys.of_mode(NINE)
    monkeypatch.setattr(modes, "MODES", (home, NINE))
    others = [one for one in keys.KEYS if not one.id.startswith("mode-")]
    monkeypatch.setattr(keys, "KEYS", (keys.of_mode(home), key, *others))
    monkeypatch.setitem(keys.TOGETHER, "made-up", keys.LIVE)

    class Console(ConsoleApp):
        MODES: ClassVar[dict[str, Any]] = dict(modes.others())
        BINDINGS: ClassVar[list[Any]] = [Binding(key.key, key.action, id=key.id)]

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (120, 40), **options: Any) -> AsyncIterator[TwoModes]:
        desk = HandmadeDesk(replace(FLOOR, sources=sources("pears", "apples")))
        opens: list[int] = []
        app = Console(lambda: (opens.append(1), desk)[1], LIMITS, clock=lambda: NOW, **options)
        async with app.run_test(size=size) as pilot:
            seen = TwoModes(pilot, desk)
            await seen.shows("Chiara Rossi")
            yield seen
        assert opens == [1] and desk.asked.count(("close",)) == 1

    return opened


async def test_digits_switch_and_the_header_and_the_footer_say_where_one_is(console: Any) -> None:
    async with console() as seen:
        assert seen.text()[-1].startswith(" 1 floor  9 made up ") and "enter detail" in seen.text()[-1]
        assert seen.text()[-1].endswith("? keys")
        await seen.press("9")
        assert isinstance(seen.app.screen, MadeUp)
        await seen.shows("apples")
        assert seen.text()[0].startswith(" Nordlicht · Made up   Mon 23 Nov 14:32   shift 61 %")
        await seen.press("9", "1")
        assert "Nordlicht · Floor" in seen.text()[0] and seen.app.current_mode == "floor"


async def test_at_80_columns_the_keys_of_the_place_matter_more(console: Any) -> None:
    async with console((80, 24)) as seen:
        assert "1 floor" not in seen.text()[-1] and "x hang up" in seen.text()[-1]
        await seen.press("9")
        await seen.shows("1 floor  9 made up")
        assert "! exception  u undo   ? keys" in seen.text()[-1]


def test_one_mode_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modes, "MODES", (modes.by_id(modes.HOME),))
    assert modes.named("floor") == []


async def test_a_digit_is_a_letter_where_one_types_and_nothing_in_a_dialog(console: Any) -> None:
    async with console() as seen:
        await seen.press("slash", "9")
        assert seen.app.current_mode == "floor" and seen.app.screen.board.filtered == "9"
        await seen.press("escape", "t")
        assert isinstance(seen.app.screen, Choice)
        await seen.press("9")
        assert isinstance(seen.app.screen, Choice)
        await seen.press("escape", "question_mark", "9")
        assert isinstance(seen.app.screen, Help)
        await seen.press("escape", "9")
        assert seen.app.current_mode == "made-up"


async def test_a_hidden_mode_does_not_read_and_catches_up_when_it_is_shown(console: Any) -> None:
    async with console() as seen:
        floor = seen.app.screen
        await seen.press("9")
        await seen.shows("apples")
        await seen.until(lambda: not floor._in_sight.is_set())
        asked = seen.desk.reads
        drawn: list[object] = []
        floor.draw = lambda: drawn.append(1)
        seen.desk.put(replace(seen.desk.snapshot, floor="Südlicht"))
        await seen.shows("Südlicht · Made up")
        assert seen.desk.reads == asked + 1 and drawn == []
        del floor.draw
        await seen.press("1")
        await seen.shows("Südlicht · Floor")


async def test_each_mode_keeps_its_own_filter_and_cursor(console: Any) -> None:
    async with console() as seen:
        await seen.press("slash", *"hugo", "enter", "9")
        await seen.shows("pears")
        assert seen.app.screen.board.filtered == ""
        await seen.press("1")
        assert list(seen.app.screen.board.keys) == ["Hugo Marin"] and seen.app.screen.board.has_focus


async def test_a_mode_has_the_keys_of_lists_without_writing_any(
    console: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    monkeypatch.setattr(ConsoleApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    async with console(exports=tmp_path) as seen:
        await seen.press("9")
        await seen.shows("apples")
        board = seen.app.screen.board
        assert list(board.keys) == ["pears", "apples"]
        await seen.press("s")
        assert list(board.keys) == ["apples", "pears"] and "sort word ↓" in seen.text()[1]
        await seen.press("s", "S")
        assert list(board.keys) == ["apples", "pears"] and "sort list ↑" in seen.text()[1]
        await seen.press("S", "J", "y", "exclamation_mark")
        assert copied == ["apples"] and board.key == "pears"
        await seen.press("E")
        await seen.shows("2 rows written to")
        await seen.press("u")
        await seen.shows("adopting pbx:1019 is undone")
        await seen.press("t")
        await seen.shows("There is no choice of teams here.")
        await seen.press("question_mark")
        await seen.shows("Keys of the made up")
        shown = "\n".join(seen.text())
        assert "go to the floor" in shown and "listen in" not in shown
    (file,) = tmp_path.iterdir()  # noqa: ASYNC240
    assert file.name == "made-up-20261123-143200.csv" and file.read_text() == "word\npears\napples\n"


async def test_acts_are_done_one_after_the_other_and_tell_what_came_of_them(console: Any) -> None:
    async with console() as seen:
        screen, done = seen.app.screen, []

        def slow(desk: object) -> str:
            seen.app.call_from_thread(seen.pilot.pause, 0.05)
            done.append("slow")
            return "slow"

        def fast(desk: object) -> None:
            done.append("fast")

        def broken(desk: object) -> str:
            raise OSError("the store is locked")

        reads = seen.desk.reads
        screen.act(slow)
        screen.act(fast, "nothing came of it")
        await seen.until(lambda: "nothing came of it" in seen.text()[-1])
        assert done == ["slow", "fast"]
        await seen.until(lambda: seen.desk.reads > reads)
        screen.act(broken)
        await seen.until(lambda: "✕ the store is locked" in seen.text()[-1])


async def test_the_palette_offers_the_modes_and_the_keys_of_the_place(console: Any) -> None:
    async with console() as seen:
        titles = {command.title for command in seen.app.get_system_commands(seen.app.screen)}
        assert {"Floor", "Made up", "Filter", "Hang up", "Theme: light"} <= titles
        await seen.press("9")
        titles = {command.title for command in seen.app.get_system_commands(seen.app.screen)}
        assert {"Floor", "Filter", "Undo"} <= titles and "Hang up" not in titles
        await seen.press("ctrl+p", *"floor")
        await seen.shows("go to the floor")
        await seen.press("enter")
        await seen.until(lambda: seen.app.current_mode == "floor")


def test_the_first_frame_needs_no_store() -> None:
    code = "import sys, screens.app; from screens import modes; modes.by_id(modes.HOME).make(); print(*sys.modules)"
    words, folder = [sys.executable, "-c", code], Path(__file__).parents[2]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=folder)
    assert not {name.partition(".")[0] for name in told.stdout.split()} & {"sqlalchemy", "sqlmodel", "store", "httpx"}
