"""The library of written solutions: every key pressed, and a real editor."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.app import ConsoleApp
from screens.orders import writing
from screens.orders.screen import OrdersScreen
from screens.widgets.dialogs import Ask
from screens.widgets.form import Form
from screens.widgets.prompt import Prompt
from supervisor.duties.calls.refusals import RefusedError
from tests.screens.handmade_orders import HandmadeOrders
from tests.screens.orders_seen import opened

SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture
def no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


async def test_the_library_lists_by_type_and_shows_the_text_beside(no_editor: None) -> None:
    for size in SIZES:
        async with opened(size) as seen:
            await seen.press("l")
            await seen.shows("Solutions · 2")
            assert "every type" in "\n".join(seen.text()) and "manufacturer" in "\n".join(seen.text())
            await seen.shows("Let us talk to both of you.")
            await seen.press("J")
            await seen.shows("Dear {person},")
            await seen.press("slash", *"both", "enter")
            assert list(seen.app.screen.board.keys) == ["2"]
            await seen.press("escape", "enter", "escape", "escape")
            assert isinstance(seen.app.screen, OrdersScreen)


async def test_writing_in_place_keeps_what_was_refused(no_editor: None) -> None:
    async with opened() as seen:
        await seen.press("l", "n")
        await seen.until(lambda: isinstance(seen.app.screen, Form))
        await seen.press("enter", "enter", "enter")
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, Form) and "needed" in "\n".join(seen.text())
        await seen.type("term")
        await seen.press("tab", "tab", "tab")
        await seen.type("yes")
        seen.desk.refuse = RefusedError("there is a solution 'term' already")
        await seen.press("ctrl+s")
        await seen.told("✕ there is a solution 'term' already")
        await seen.press("n")
        await seen.until(lambda: isinstance(seen.app.screen, Form))
        assert seen.app.screen.values()["title"] == "term"
        await seen.press("ctrl+s")
        await seen.told("● term: in the library now")
        assert seen.desk.did("save_solution")[-1] == ("save_solution", None, "term", "", "", "yes", 0)
        await seen.press("n", "escape")
        assert seen.app.screen.board.has_focus


async def test_editing_in_the_persons_editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "editor"
    monkeypatch.setenv("VISUAL", str(script))

    @contextlib.contextmanager
    def suspended(self: ConsoleApp) -> Iterator[None]:
        yield

    monkeypatch.setattr(ConsoleApp, "suspend", suspended)

    def edits(line: str) -> None:
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o700)

    async with opened() as seen:
        await seen.press("l")
        await seen.shows("Solutions · 2")
        edits("true")
        await seen.press("e")
        await seen.told("Nothing was changed.")
        edits('sed -i s/both/all/ "$1"')
        await seen.press("e")
        await seen.told("the boss decides: in the library now")
        assert seen.desk.did("save_solution")[-1][1:] == (2, "the boss decides", "", "decision",
                                                          "Let us talk to all of you.", 3)  # fmt: skip
        edits('sed -i s/title/headline/ "$1"')
        await seen.press("e")
        await seen.told("is none of title:")
        edits('sed -i "s/headline/title/" "$1"')
        await seen.press("e")
        await seen.until(lambda: len(seen.desk.did("save_solution")) == 2)
        edits("exit 3")
        await seen.press("e")
        await seen.told("the editor ended with 3")
        monkeypatch.setenv("VISUAL", "/no/such/editor")
        await seen.press("e")
        await seen.told("✕ /no/such/editor")


async def test_handing_a_solution_on(tmp_path: Path) -> None:
    async with opened(exports=tmp_path) as seen:
        await seen.press("l")
        await seen.shows("Solutions · 2")
        await seen.press("E")
        await seen.shows("HTML for Ruhr Pumpen GmbH")
        await seen.press("down", "enter")
        await seen.told("written to")
        await seen.press("E")
        await seen.until(lambda: isinstance(seen.app.screen, Prompt))
        await seen.type("markdown, the")
        await seen.press("enter")
        await seen.until(lambda: len(seen.desk.did("solution_for")) == 2)
        await seen.press("E")
        await seen.until(lambda: isinstance(seen.app.screen, Prompt))
        await seen.type("csv")
        await seen.press("enter")
        await seen.told("2 rows written to")
    assert seen.desk.did("solution_for") == [("solution_for", 2, 107, "html"), ("solution_for", 2, None, "markdown")]
    names = {path.name for path in tmp_path.iterdir()}  # noqa: ASYNC240
    assert {"ruhr-pumpen-gmbh-the-boss-decides.html", "the-boss-decides.md"} < names and len(names) == 3


async def test_retiring_asks() -> None:
    async with opened() as seen:
        await seen.press("l")
        await seen.shows("Solutions · 2")
        await seen.press("x")
        await seen.until(lambda: isinstance(seen.app.screen, Ask))
        await seen.press("escape")
        assert not seen.desk.did("retire_solution")
        await seen.press("x")
        await seen.until(lambda: isinstance(seen.app.screen, Ask))
        await seen.press("enter")
        await seen.told("offered no more")
        await seen.shows("Solutions · 1")
        await seen.press("u")
        await seen.told("There is nothing to undo.")


async def test_an_empty_library_says_what_to_do(no_editor: None) -> None:
    desk = HandmadeOrders()
    desk.library = []
    async with opened(desk=desk) as seen:
        await seen.press("l")
        await seen.shows("No solution is written yet.")
        for key in ("e", "x", "E"):
            await seen.press(key)
            assert "No solution is marked." in seen.says()


def test_names_of_files() -> None:
    assert writing.file_name("../../etc/passwd", "鑫达", "md") == "etc-passwd.md" and writing.file_name(
        "鑫", "", "html"
    ) == ("solution.html")
    assert writing.editor({"VISUAL": "", "EDITOR": "vim -n"}) == ["vim", "-n"] and not writing.editor({})
