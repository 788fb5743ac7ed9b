"""Every key of the floor, pressed on a floor made by hand."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from integrations.provider import State
from screens.app import ConsoleApp
from screens.floor.screen import FloorScreen
from screens.widgets.dialogs import Ask, Choice
from screens.widgets.help import Help
from screens.widgets.line import Lines
from supervisor.duties.calls import CommandAnswer
from tests.screens.handmade import FLOOR, LIMITS, MINUTE, NOW, PEOPLE, HandmadeDesk, line

Pressed = Pilot[int]


class Floor:
    """A console on the floor made by hand, and what one sees of it."""

    def __init__(self, pilot: Pressed, desk: HandmadeDesk) -> None:
        self.pilot = pilot
        self.desk = desk
        self.app: Any = pilot.app

    @property
    def screen(self) -> FloorScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, FloorScreen))

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def row(self, name: str) -> str:
        return next(text for text in self.text() if name in text)

    def says(self) -> str:
        return self.text()[-1]

    async def until(self, true: Callable[[], object]) -> None:
        for _ in range(200):
            if true():
                return
            await self.pilot.pause(0.01)
        pytest.fail("\n".join(self.text()))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()


class CallsAlone(ConsoleApp):
    """The console with no panel beside the calls."""

    def get_default_screen(self) -> FloorScreen:
        return FloorScreen(panels=())


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40), desk: HandmadeDesk | None = None, **options: Any
) -> AsyncIterator[Floor]:
    desk = desk or HandmadeDesk()
    app = CallsAlone(lambda: desk, LIMITS, clock=lambda: NOW, **options)
    async with app.run_test(size=size) as pilot:
        floor = Floor(pilot, desk)
        await floor.until(lambda: floor.screen.board.keys or "Reading" not in "\n".join(floor.text()))
        await pilot.pause()
        yield floor


async def test_the_floor_shows_everybody_and_what_needs_a_person() -> None:
    async with opened() as floor:
        assert len(floor.screen.board.keys) == len(PEOPLE)
        text = "\n".join(floor.text())
        assert "Nordlicht · Floor   Mon 23 Nov 14:32   shift 61 %" in text
        assert "✕ crm down since 13:58" in text and "! cdr 4 min" in text and "● pbx" in text
        assert "dials 612 / 960" in text and "→ 1 003" in text and "on the phone 4 of 10" in text
        assert "Calls · 11  ✕ 1  ! 2  ▲ 1" in text
        assert "22:39 idle  ✕ Hugo Marin" in text and "0.25 ✕" in floor.row("Hugo Marin")
        assert "sick" in floor.row("Otto Kask")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 15)])
async def test_no_line_is_wider_than_the_screen_and_the_footer_has_at_most_eight_keys(size: tuple[int, int]) -> None:
    async with opened(size) as floor:
        assert all(len(text) <= size[0] for text in floor.text())
        footer = floor.screen.query_one("#footer", Lines)._content[0]
        shown = [cell for side in footer for cell in side if cell.role == "key"]
        assert 2 <= len(shown) <= 8 and "? keys" in floor.says()
        assert "✕ crm" in floor.text()[0]


async def test_a_change_in_the_store_is_on_the_screen() -> None:
    async with opened() as floor:
        floor.desk.change("Pia Sand", state=State.TALKING, state_since_us=NOW, with_whom="+4955")
        await floor.until(
            lambda: "00:00 talk    Pia Sand" in floor.row("Pia Sand") and "+4955" in floor.row("Pia Sand")
        )


async def test_filter_as_you_type_and_back() -> None:
    async with opened() as floor:
        await floor.press("slash", "h", "u")
        assert list(floor.screen.board.keys) == ["Hugo Marin"]
        await floor.press("enter")
        assert floor.screen.board.has_focus and "/ hu" in "\n".join(floor.text())
        await floor.press("escape")
        assert len(floor.screen.board.keys) == len(PEOPLE)
        await floor.press("slash", "z", "q")
        assert "Nobody matches 'zq'." in "\n".join(floor.text())
        await floor.press("escape")
        assert len(floor.screen.board.keys) == len(PEOPLE) and floor.screen.board.has_focus


async def test_team() -> None:
    async with opened() as floor:
        await floor.press("t")
        assert isinstance(floor.app.screen, Choice)
        await floor.press(*"sou", "enter")
        assert {one.team for one in floor.screen.board.items} == {"South"}
        await floor.press("escape")
        assert len(floor.screen.board.keys) == len(PEOPLE)


async def test_sort_and_reverse_keep_the_cursor_on_its_row() -> None:
    async with opened() as floor:
        floor.screen.board.go("Lena Ott")
        await floor.press("s")
        judged = [one.pace for one in floor.screen.board.items if one.pace is not None]
        assert judged == sorted(judged) and "sort pace" in "\n".join(floor.text())
        await floor.press("S")
        judged = [one.pace for one in floor.screen.board.items if one.pace is not None]
        assert judged == sorted(judged, reverse=True)
        assert floor.screen.board.key == "Lena Ott"


async def test_the_detail_stands_beside_the_list_and_follows_it() -> None:
    async with opened() as floor:
        await floor.press("j", "j", "enter")
        await floor.until(lambda: "Calls today · 22" in "\n".join(floor.text()))
        text = "\n".join(floor.text())
        assert "Chiara Rossi" in text and "effective" in text and "states" in text
        assert floor.text()[3].count("──") >= 2 and "Hugo Marin  North" in floor.text()[3]
        await floor.press("J")
        assert floor.screen.board.key == "Ivo Tamm"
        await floor.until(lambda: "Ivo Tamm  South" in floor.text()[3])
        await floor.press("K")
        await floor.until(lambda: "Hugo Marin  North" in floor.text()[3])
        await floor.press("tab", "tab")
        await floor.press("escape")
        assert not floor.screen.detail.display and floor.screen.board.has_focus
        await floor.press("escape", "escape")
        assert floor.app.is_running


async def test_the_detail_is_full_at_80_columns() -> None:
    async with opened((80, 24)) as floor:
        await floor.press("enter")
        await floor.until(lambda: "Calls today" in "\n".join(floor.text()))
        assert not floor.screen.board.region.width or not floor.screen.query_one("#calls").display
        await floor.press("J")
        await floor.until(lambda: "Greta Lind" in floor.text()[3])
        await floor.press("escape")
        await floor.until(lambda: "Pia Sand" in "\n".join(floor.text()))


async def test_zoom_gives_the_screen_to_the_focus() -> None:
    async with opened() as floor:
        await floor.press("enter", "tab", "z")
        await floor.until(lambda: floor.screen.detail.region.width == 120)
        await floor.press("z")
        await floor.until(lambda: floor.screen.detail.region.width < 60)


async def test_exception_goes_from_one_to_the_next() -> None:
    async with opened() as floor:
        await floor.press("exclamation_mark")
        assert floor.screen.board.key == "Hugo Marin"
        await floor.press("exclamation_mark")
        assert floor.screen.board.key == "pbx:1019"
        await floor.press("exclamation_mark")
        assert floor.screen.board.key == "Hugo Marin"


async def test_no_exception_says_so() -> None:
    calm = replace(FLOOR, specialists=(line("Pia Sand", dials=60, effective_pace=1.2),))
    async with opened(desk=HandmadeDesk(calm)) as floor:
        await floor.press("exclamation_mark")
        assert "Nobody on the list needs you now." in floor.says()


@pytest.mark.parametrize(("key", "action"), [("l", "listen"), ("w", "whisper"), ("b", "barge"), ("д", "listen")])
async def test_acts_on_a_call_say_what_came_of_them(key: str, action: str) -> None:
    async with opened() as floor:
        await floor.press(key)
        await floor.until(lambda: "the phone rings" in floor.says())
        assert floor.desk.asked == [(action, "Chiara Rossi", None)]


async def test_a_refused_act_is_told_loudly() -> None:
    desk = HandmadeDesk()
    desk.answers = CommandAnswer(False, "the call is over")
    async with opened(desk=desk) as floor:
        await floor.press("l")
        await floor.until(lambda: "✕" in floor.says() and "the call is over" in floor.says())


async def test_hanging_up_asks_first() -> None:
    async with opened() as floor:
        await floor.press("x")
        await floor.until(lambda: isinstance(floor.app.screen, Ask))
        await floor.press("escape")
        assert floor.desk.asked == []
        await floor.press("x")
        await floor.until(lambda: isinstance(floor.app.screen, Ask))
        await floor.press("enter")
        await floor.until(lambda: floor.desk.asked == [("hang_up", "Chiara Rossi", None)])


async def test_dialling_takes_a_number_as_people_write_it() -> None:
    async with opened() as floor:
        floor.screen.board.go("Pia Sand")
        await floor.press("d")
        await floor.until(lambda: isinstance(floor.app.screen, Choice))
        await floor.press(*["plus", *"4930", "space", "minus", *"12"], "enter")
        await floor.until(lambda: floor.desk.asked == [("dial", "Pia Sand", "+493012")])
        await floor.press("d")
        await floor.until(lambda: isinstance(floor.app.screen, Choice))
        await floor.press(*"abc", "enter")
        await floor.until(lambda: "is not a number" in floor.says())


@pytest.mark.parametrize(
    ("row", "key", "why"),
    [
        ("Pia Sand", "l", "Pia Sand is not talking: there is nothing to listen to."),
        ("Chiara Rossi", "d", "Chiara Rossi is on a call."),
        ("Chiara Rossi", "a", "known already"),
    ],
)
async def test_a_key_that_cannot_act_says_why(row: str, key: str, why: str) -> None:
    async with opened() as floor:
        floor.screen.board.go(row)
        await floor.press(key)
        assert why in floor.says() and floor.desk.asked == []


async def test_without_the_capability_the_key_says_so() -> None:
    mute = replace(FLOOR, specialists=(line("Chiara Rossi", state=State.TALKING, actions=frozenset()),))
    async with opened(desk=HandmadeDesk(mute)) as floor:
        await floor.press("l")
        assert "pbx does not let us listen" in floor.says()
        assert "listen" not in floor.screen.query_one("#calls-title", Lines).render_line(0).text


async def test_adopting_an_unknown_phone_for_a_known_and_for_a_new_name() -> None:
    async with opened() as floor:
        floor.screen.board.go("pbx:1019")
        await floor.press("a")
        await floor.until(lambda: isinstance(floor.app.screen, Choice))
        await floor.press(*"lena", "enter")
        await floor.until(lambda: floor.desk.asked == [("adopt", (1,), "Lena Ott")])
        await floor.until(lambda: "pbx:1019 is the phone of Lena Ott now" in floor.says())
        await floor.press("a")
        await floor.until(lambda: isinstance(floor.app.screen, Choice))
        await floor.press(*"Zoe", "enter")
        await floor.until(lambda: floor.desk.asked[-1] == ("adopt", (1,), "Zoe"))


async def test_undo() -> None:
    async with opened() as floor:
        await floor.press("u")
        await floor.until(lambda: "adopting pbx:1019 is undone" in floor.says())


async def test_copy_takes_the_number_else_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(ConsoleApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    async with opened() as floor:
        await floor.press("y")
        floor.screen.board.go("Pia Sand")
        await floor.press("y")
    assert copied[0] == "+4930901820"
    assert copied[1].split("\t")[:3] == ["00:54", "idle", "Pia Sand"]


async def test_export_writes_what_is_shown_once_more_and_never_over(tmp_path: Path) -> None:
    hostile = replace(PEOPLE[0], name="=cmd|'/c calc'!A0", key="h")
    desk = HandmadeDesk(replace(FLOOR, specialists=(hostile, *PEOPLE[1:3])))
    async with opened(desk=desk, exports=tmp_path) as floor:
        await floor.press("E")
        await floor.until(lambda: "3 rows written" in floor.says())
        await floor.press("slash", *"greta", "enter", "E")
        await floor.until(lambda: "1 rows written" in floor.says() or "1 row written" in floor.says())
    first, second = sorted(tmp_path.iterdir(), key=lambda path: len(path.name))  # noqa: ASYNC240
    assert (first.name, second.name) == ("floor-20261123-143200.csv", "floor-20261123-143200-2.csv")
    rows = list(csv.DictReader(first.open(encoding="utf-8")))
    assert rows[0]["name"] == "'=cmd|'/c calc'!A0" and rows[0]["with"] == "+4930901820"
    assert rows[2]["talk_seconds"] == "840" and rows[2]["last_call_at"] == "2026-11-23T14:09:20+01:00"
    assert [row["name"] for row in csv.DictReader(second.open(encoding="utf-8"))] == ["Greta Lind"]


async def test_help_shows_the_keys_of_the_place_and_why_one_can_do_nothing() -> None:
    async with opened((80, 40)) as floor:
        await floor.press("question_mark")
        assert isinstance(floor.app.screen, Help)
        text = "\n".join(floor.text())
        assert "keep the rows that have what you type" in text and "Chiara Rossi is known already" in text
        await floor.press("escape")
        assert isinstance(floor.app.screen, FloorScreen)


async def test_palette_switches_the_theme() -> None:
    async with opened() as floor:
        await floor.press("ctrl+p")
        await floor.press(*"light")
        await floor.until(lambda: "Theme: light" in "\n".join(floor.text()))
        await floor.press("enter")
        await floor.until(lambda: floor.app.theme == "light")


async def test_keys_are_remapped() -> None:
    async with opened(remapped={"team": "T", "filter": "t"}) as floor:
        assert "T team" in "\n".join(floor.text()) and "t filter" in "\n".join(floor.text())
        await floor.press("t")
        assert isinstance(floor.app.focused, Input)


async def test_q_quits_and_asks_nothing() -> None:
    async with opened() as floor:
        await floor.press("q")
        assert floor.app.return_value == 0
    assert floor.desk.asked == [("close",)]


async def test_a_failing_store_is_told_in_words_and_tried_again() -> None:
    desk = HandmadeDesk()
    desk.failure = OSError("the store is locked")
    async with opened(desk=desk) as floor:
        await floor.until(lambda: "the store is locked" in "\n".join(floor.text()))
        desk.failure = None
        floor.screen.wake()
        await floor.until(lambda: floor.screen.board.keys)
        desk.failure = OSError("the store is locked")
        floor.screen.wake()
        await floor.until(lambda: "✕ not read since 14:32: the store is locked" in "\n".join(floor.text()))
        assert "Hugo Marin" in "\n".join(floor.text())


async def test_an_empty_store_says_what_to_do() -> None:
    async with opened(desk=HandmadeDesk(replace(FLOOR, specialists=(), sources=()))) as floor:
        assert "No source is connected yet." in "\n".join(floor.text())


async def test_hidden_screens_do_not_read() -> None:
    async with opened() as floor:
        await floor.press("question_mark")
        before = floor.desk.reads
        floor.desk.put(FLOOR)
        await floor.pilot.pause(0.3)
        assert floor.desk.reads <= before + 1
        await floor.press("escape")
        await floor.until(lambda: floor.desk.reads > before)


async def test_hostile_names_do_nothing() -> None:
    hostile = "\x1b]52;c;aGk=\x07[@click=app.quit]x[/b] \u202eevil"
    people = (line(hostile, state=State.TALKING, with_whom="\x1b[2J"), line("Pia Sand"))
    async with opened(
        desk=HandmadeDesk(replace(FLOOR, specialists=people, floor="\x1b[31m[b]", teams=(hostile,)))
    ) as floor:
        await floor.press("enter")
        await floor.until(lambda: "Calls today" in "\n".join(floor.text()))
        for key in ("question_mark", "escape", "t", "escape", "x"):
            await floor.press(key)
            assert all(text.isprintable() for text in floor.text())


async def test_the_clock_alone_redraws_only_durations() -> None:
    async with opened() as floor:
        floor.app.clock = lambda: NOW + 61 * MINUTE
        floor.screen._tick()
        await floor.pilot.pause()
        assert "1 h 04" in floor.row("Chiara Rossi")
