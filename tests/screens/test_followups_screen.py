"""Every key of the follow-ups, pressed on customers made by hand."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.app import ConsoleApp
from screens.followups.picture import points
from screens.followups.screen import FollowupsScreen
from screens.widgets.dialogs import Ask, Choice
from screens.widgets.help import Help
from screens.widgets.line import Lines
from screens.widgets.prompt import Prompt
from supervisor.duties.calls import CommandAnswer
from supervisor.duties.followups.window import Window
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk
from tests.screens.handmade_followups import ENTRIES, FOLLOWUPS, LONG, OWN, PAST, QUEUE, HandmadeFollowups, line


class Seen:
    """A console on customers made by hand, and what one sees of it."""

    def __init__(self, pilot: Pilot[int], desk: HandmadeDesk) -> None:
        self.pilot = pilot
        self.desk = desk
        self.app: Any = pilot.app

    @property
    def followups(self) -> HandmadeFollowups:
        return self.desk.followups

    @property
    def screen(self) -> FollowupsScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, FollowupsScreen))

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def page(self) -> str:
        return "\n".join(self.text())

    def row(self, name: str) -> str:
        return next(text for text in self.text() if name in text)

    def whole(self) -> str:
        """The whole text of what is marked in the story, as it stands below it."""
        left = self.screen.story.region.x
        return " ".join(" ".join(text[left:] for text in self.text()[-3:-1]).split())

    def says(self) -> str:
        return self.text()[-1]

    async def until(self, true: Callable[[], object]) -> None:
        for _ in range(300):
            if true():
                return
            await self.pilot.pause(0.01)
        pytest.fail(self.page())

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in self.page())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def asked(self, title: str) -> None:
        """Wait for a question."""
        await self.until(lambda: isinstance(self.app.screen, Prompt | Ask | Choice) and title in self.page())

    async def type(self, text: str) -> None:
        await self.press(*("space" if one == " " else one for one in text), "enter")

    async def did(self, *act: Any) -> None:
        await self.until(lambda: act in self.desk.asked)

    async def told(self, text: str) -> None:
        await self.until(lambda: text in self.says())


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40), desk: HandmadeDesk | None = None, *pressed: str, **options: Any
) -> AsyncIterator[Seen]:
    desk = desk or HandmadeDesk()
    app = ConsoleApp(lambda: desk, LIMITS, clock=lambda: NOW, **options)
    async with app.run_test(size=size) as pilot:
        seen = Seen(pilot, desk)
        await seen.shows("Chiara Rossi")
        await seen.press("2")
        await seen.until(lambda: isinstance(app.screen, FollowupsScreen) and "Reading" not in seen.page())
        await pilot.pause()
        await seen.press(*pressed)
        yield seen


# -- what one sees ------------------------------------------------------------------------------------------------


async def test_one_key_shows_who_stands_in_the_window_and_who_forgot_them() -> None:
    async with opened() as seen:
        page = seen.page()
        assert list(seen.screen.board.keys) == [one.key for one in QUEUE]
        assert "in the window 6   open next 2   overdue ✕ 2   b past ! 2   i calls wait ! 4   m doubles 1" in page
        assert "● " in seen.row("Baltic Steel OÜ") and "  9th  Baltic Steel OÜ" in seen.row("Baltic Steel OÜ")
        assert "major" in seen.row("Baltic Steel OÜ") and "Ivo T." in seen.row("Baltic Steel OÜ")
        assert "6 d  Fri 27" in seen.row("Baltic Steel OÜ")
        assert "! last, today" in seen.row("Ruhr Pumpen") and "! nobody" in seen.row("Nordsee Kräne")
        assert "you" in seen.row("Vogt & Söhne") and "✕ 3 d late" in seen.row("Vogt & Söhne")
        assert "by Klaus" in seen.row("Malmö") and "…" in seen.row("Malmö")
        assert "○" in seen.row("Brno Bearings") and "opens next" in seen.row("Brno Bearings")
        assert "✕ 12 d late" in seen.row("Hansa Filter") and "new  Zürich Zangen" in seen.row("Zürich Zangen")
        assert seen.screen.board.has_focus and "2 follow-ups" in seen.says()


async def test_the_picture_stands_beside_the_list_and_marks_the_windows() -> None:
    desk = HandmadeDesk()
    desk.followups.snapshot = OWN
    async with opened((120, 40), desk) as seen:
        page = seen.page()
        assert "Contact numbers  178 live" in page and "┃ window 9-12 own, from 63 signings" in page
        assert "┊ 8-11 as configured" in page
        by_number = {text[77:81].strip(): text[76:] for text in seen.text()}
        assert "┊" in by_number["8"] and "┃" not in by_number["8"]
        assert "┃┊" in by_number["9"] and "┃┊" in by_number["11"]
        assert "┃" in by_number["12"] and "┊" not in by_number["12"]
        assert "──●──" in by_number["9"] and "●" not in by_number["0"]
        assert "Dials outside the tiers  30 days" in page and "60 % " in seen.row("of 111")
        assert "Otto Kask" not in page, "of four dials a share tells nothing"


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window(8, 11, False, False, 23), "8-11 as configured"),
        (Window(9, 12, True, False, 63), "9-12 own, from 63 signings"),
        (Window(8, 8, False, True, 63), "8 pinned"),
    ],
)
async def test_it_says_which_window_holds(window: Window, words: str) -> None:
    desk = HandmadeDesk()
    desk.followups.snapshot = replace(FOLLOWUPS, window=window)
    async with opened((80, 24), desk) as seen:
        assert f"window {words}" in seen.page()
    async with opened((200, 60), desk) as seen:
        assert f"window {words}" in seen.text()[1] and "past the window ! 2" in seen.text()[1]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 15)])
async def test_no_line_is_wider_than_the_screen_and_the_footer_has_at_most_eight_keys(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        for pressed in ("enter", "J", "escape", "w", "escape", "b", "i", "m", "escape"):
            await seen.press(pressed)
            assert all(len(text) <= size[0] for text in seen.text()), pressed
            footer = seen.screen.query_one("#footer", Lines)._content[0]
            assert 2 <= len([cell for side in footer for cell in side if cell.role == "key"]) <= 8


async def test_wider_screens_get_more_columns() -> None:
    async with opened((200, 60)) as seen:
        assert "said last" in seen.page() and "asked for the contract" in seen.row("Baltic Steel OÜ")
        assert "Ivo Tamm" in seen.row("Baltic Steel OÜ") and "Estonia" in seen.row("Baltic Steel OÜ")


async def test_nothing_is_drawn_when_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as seen:
        drawn: list[object] = []
        await seen.press("enter")
        await seen.shows("Story · 10")
        for widget in seen.screen.query("Board, Lines"):
            monkeypatch.setattr(widget, "refresh", lambda *regions, **_: drawn.extend(regions))
        reads = seen.followups.reads
        seen.desk.put(seen.desk.snapshot)
        await seen.until(lambda: seen.followups.reads > reads)
        await seen.pilot.pause(0.2)
        assert drawn == []


async def test_an_empty_store_says_what_to_do() -> None:
    desk = HandmadeDesk()
    none = replace(FOLLOWUPS.counts, window=0, next=0, overdue=0, past=0, live=0, waiting=0, doubles=0)
    desk.followups.snapshot = replace(
        FOLLOWUPS, queue=(), past=(), counts=none, histogram=(), hazard=(), effort=(), teams=()
    )
    desk.followups.waiting = desk.followups.pairs = ()
    async with opened((120, 40), desk) as seen:
        assert "supervisor import customers FILE" in seen.page() and "8-11 as configured, 23 signings" in seen.page()
        await seen.press("enter", "n")
        assert "No customer is marked." in seen.says()
        for key, text in (("b", "Nobody stands past the window"), ("i", "No call waits"), ("m", "No two customers")):
            await seen.press(key)
            await seen.shows(text)
        await seen.press("enter", "x")
        assert seen.desk.asked == []


# -- keys of lists ------------------------------------------------------------------------------------------------


async def test_filter_team_sort_and_back() -> None:
    async with opened() as seen:
        await seen.press("slash", *"kask", "enter")
        assert "Nobody matches 'kask'." in seen.page()
        await seen.press("escape", "slash", *"holiday", "enter")
        assert list(seen.screen.board.keys) == ["2"]
        await seen.press("escape", "t")
        await seen.asked("Show which team?")
        await seen.type("sou")
        assert list(seen.screen.board.keys) == ["1", "10"] and "team South" in seen.page()
        await seen.press("escape", "s")
        assert [one.company for one in seen.screen.board.items][:2] == ["Baltic Steel OÜ", "Brno Bearings"]
        await seen.press("s", "s", "s")
        assert "sort last" in seen.page() and seen.screen.board.items[0].company == "Nordsee Kräne AG"
        await seen.press("S")
        assert seen.screen.board.items[-1].company == "Nordsee Kräne AG"
        for column in ("next", "contacts"):
            await seen.press("s")
            assert f"sort {column}" in seen.page()


async def test_copy_and_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(ConsoleApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    desk = HandmadeDesk()
    evil = replace(QUEUE[0], company="=cmd|'/c calc'!A0")
    desk.followups.snapshot = replace(FOLLOWUPS, queue=(evil, *QUEUE[1:]))
    async with opened((120, 40), desk, exports=tmp_path) as seen:
        await seen.press("y", "E")
        await seen.told("10 rows written")
        await seen.press("i", "j", "y", "E")
        await seen.told("2 rows written")
        await seen.press("m", "E")
        await seen.told("1 rows written")
        await seen.press("escape", "enter", "tab", "E")
        await seen.told("10 rows written")
    assert copied == ["+3725550001", "+4922170001"]
    names = sorted(path.name for path in tmp_path.iterdir())  # noqa: ASYNC240
    assert names == [f"followups{name}-20261123-143200.csv" for name in ("", "-doubles", "-inbox", "-story")]
    rows = list(csv.DictReader((tmp_path / "followups-20261123-143200.csv").open(encoding="utf-8")))
    assert rows[0]["company"] == "'=cmd|'/c calc'!A0" and rows[0]["contact_number"] == "9"
    assert rows[0]["next_day"] == "2026-11-27" and rows[0]["last_contact_at"] == "2026-11-17T14:32:00+01:00"
    story = list(csv.DictReader((tmp_path / "followups-story-20261123-143200.csv").open(encoding="utf-8")))
    assert [row["what"] for row in story][:2] == ["call", "log"] and story[1]["mark"] == "unproved"


async def test_exception_goes_to_who_is_overdue_then_to_the_last_in_the_window() -> None:
    async with opened() as seen:
        keys = []
        for _ in range(3):
            await seen.press("exclamation_mark")
            keys.append(seen.screen.board.key)
        assert keys == ["5", "9", "5"]
        await seen.press("b", "exclamation_mark")
        assert seen.screen.board.key in {"11", "12"}


async def test_each_list_has_a_key_and_esc_goes_back_to_the_queue() -> None:
    async with opened() as seen:
        for key, name, text in (
            ("b", "past", "Past the window · 2"),
            ("i", "inbox", "Whose call was this? · 2  4 calls"),
            ("m", "doubles", "Two that may be one · 1"),
        ):
            await seen.press(key)
            await seen.shows(text)
            assert seen.screen.list == name and seen.screen.board.has_focus
            await seen.press("escape")
            await seen.shows("Queue · 10")
            await seen.press(key, key)
            await seen.shows("Queue · 10")
        await seen.press("i", "t")
        await seen.told("There is no choice of teams here.")
        await seen.press("escape", "escape", "escape")
        assert seen.app.is_running and seen.screen.list == "queue"


async def test_the_picture_takes_the_place_of_the_list() -> None:
    async with opened((80, 24)) as seen:
        assert "Contact numbers" not in seen.page() and "w window" in seen.says()
        await seen.press("w")
        await seen.shows("Contact numbers")
        page = seen.page()
        assert "Queue" not in page and "12+" in page and "┃ window 8-11 as configured" in page
        await seen.press("n")
        assert "No customer is marked." in seen.says()
        await seen.press("escape")
        await seen.shows("Queue")
        assert seen.screen.board.has_focus
    async with opened() as seen:
        await seen.press("w")
        await seen.until(lambda: seen.screen.picture.region.width == 120)
        await seen.press("w")
        await seen.until(lambda: seen.screen.picture.region.width == 44)


# -- the story ----------------------------------------------------------------------------------------------------


async def test_the_story_stands_beside_the_list_and_has_everything() -> None:
    async with opened() as seen:
        await seen.press("enter")
        await seen.shows("Story · 10  ✕ 1 unproved  ✕ 1 inflated  ! 1 unlogged")
        page = seen.page()
        assert "Queue · 10" in page and "Baltic Steel OÜ  Estonia · trader  K001" in page
        assert (
            "9th contact   in the window" in page and "owner    Ivo Tamm  South   tier major   open, registered" in page
        )
        assert "next     Fri 27 Nov, in 4 days  send the offer" in page and "people   Anna Kask, Boris Wu" in page
        assert "numbers  +3725550001, +4940123456 ! shared" in page
        for found in (" 9th  call ", " 7th  visit ", "claim ", "fact ", "order ", "unproved: reached", "! unlogged"):
            assert found in page, found
        assert seen.screen.entry == ENTRIES[1], "what can be accepted is marked at once"
        assert "a accept  esc back" in seen.says()
        assert "unproved: reached: says she signs by Friday" in seen.whole()
        await seen.press("J")
        await seen.shows("鑫达机械有限公司  华东")
        await seen.shows("Nothing has happened yet.")
        await seen.press("K")
        await seen.shows("Story · 10")
        await seen.press("z")
        await seen.until(lambda: seen.screen.story.region.width == 120)
        await seen.press("z", "escape")
        await seen.shows("Contact numbers")
        assert seen.screen.board.has_focus


async def test_the_whole_text_of_what_is_marked_stands_below_the_story() -> None:
    async with opened() as seen:
        await seen.press("enter")
        await seen.shows("Story · 10")
        await seen.press("tab", "j", "j", "j")
        assert seen.whole().endswith(LONG)


def test_the_picture_keeps_both_windows_in_sight_however_little_room_there_is() -> None:
    names = [[point.label for point in points(OWN, room)] for room in (30, 17, 15, 13, 12)]
    assert names[0] == names[1] == [str(k) for k in range(17)]
    assert names[2] == [*map(str, range(14)), "14+"]
    assert names[3] == ["0-1", *map(str, range(2, 13)), "13+"] and names[4] == ["0-2", *map(str, range(3, 13)), "13+"]
    assert all(sum(point.live for point in points(OWN, room)) == sum(OWN.histogram) for room in range(8, 30))


async def test_the_story_is_full_at_80_columns() -> None:
    async with opened((80, 24)) as seen:
        await seen.press("enter")
        await seen.shows("Story · 10")
        assert "Queue" not in seen.page() and seen.screen.story.board.has_focus
        await seen.press("J")
        await seen.shows("鑫达机械有限公司  华东")
        await seen.press("w", "escape")
        await seen.shows("鑫达机械有限公司  华东")
        await seen.press("escape")
        await seen.shows("Queue · 10")
        assert seen.screen.board.has_focus and seen.screen.board.key == "2"


async def test_a_log_that_nothing_proves_is_accepted() -> None:
    async with opened() as seen:
        await seen.press("a")
        await seen.told("Enter opens the story, where a log can be accepted.")
        await seen.press("enter")
        await seen.until(lambda: seen.screen.entry is not None)
        await seen.press("a")
        await seen.did("accept", 77)
        await seen.told("● accept is done")
        await seen.press("tab", "j", "a")
        await seen.told("The marked line is no log that lacks a call.")


async def test_whoever_is_found_opens_its_story_and_acts_are_about_it() -> None:
    async with opened() as seen:
        await seen.press("f")
        await seen.asked("Find a customer")
        await seen.press(*"oslo")
        await seen.shows("Oslo Öl · Estonia · K014")
        await seen.press("enter")
        await seen.shows("── Oslo Öl")
        assert "12th contact" in seen.page() and "Queue · 10" in seen.page()
        await seen.press("e")
        await seen.did("reopen", 14)
        await seen.press("d")
        await seen.told("Of Oslo Öl no number is known.")
        await seen.press("J")
        await seen.shows("── 鑫达机械有限公司")
        await seen.press("f")
        await seen.asked("Find a customer")
        await seen.press(*"hansa")
        await seen.shows("Hansa Filter · ")
        await seen.press("enter")
        await seen.until(lambda: seen.screen.board.key == "9" and seen.screen.detail_open)


async def test_a_found_customer_stays_when_a_row_of_the_list_goes_away() -> None:
    async with opened() as seen:
        await seen.press("f")
        await seen.asked("Find a customer")
        await seen.press(*"oslo")
        await seen.shows("Oslo Öl · ")
        await seen.press("enter")
        await seen.shows("── Oslo Öl")
        seen.followups.snapshot = replace(FOLLOWUPS, queue=QUEUE[1:])
        seen.screen.wake()
        await seen.until(lambda: seen.screen.board.key == "2")
        await seen.shows("── Oslo Öl")
        assert seen.screen.customer is not None and seen.screen.customer.company == "Oslo Öl"


# -- acts on a customer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "how", "typed", "act"),
    [
        ("1", "enter", "reached: wants the offer", ("log", 1, "call", "reached", "wants the offer", 4)),
        ("1", "v", "met at 14:30", ("log", 1, "visit", "", "met at 14:30", 4)),
        ("5", "r", "", ("log", 5, "reply", "", "", None)),
    ],
)
async def test_a_contact_is_logged(row: str, how: str, typed: str, act: tuple[Any, ...]) -> None:
    async with opened() as seen:
        seen.screen.board.go(row)
        await seen.press("c")
        await seen.asked("how?")
        await seen.press(how)
        await seen.asked("what came of it?")
        await seen.type(typed)
        await seen.did(*act)
        await seen.told("● log is done")


@pytest.mark.parametrize(
    ("typed", "understood", "act"),
    [
        ("fri, send the offer", "Fri 27 Nov, in 4 days: send the offer", ("plan", 1, 20261127, "send the offer")),
        ("+2d", "Wed 25 Nov, in 2 days", ("plan", 1, 20261125, "")),
        ("", "no contact planned", ("plan", 1, None, "")),
    ],
)
async def test_the_next_contact_is_planned(typed: str, understood: str, act: tuple[Any, ...]) -> None:
    async with opened() as seen:
        await seen.press("n")
        await seen.asked("Next contact with Baltic Steel OÜ, now Fri 27 Nov: when, and what for?")
        await seen.press(*("space" if one == " " else one for one in typed))
        await seen.shows(understood)
        await seen.press("enter")
        await seen.did(*act)


async def test_a_day_that_is_none_is_said_and_not_taken() -> None:
    async with opened() as seen:
        await seen.press("n")
        await seen.asked("Next contact")
        await seen.type("soon")
        await seen.shows("'soon' is no day")
        await seen.press("escape")
        await seen.until(lambda: isinstance(seen.app.screen, FollowupsScreen))
        await seen.press("n")
        await seen.asked("Next contact")
        await seen.type(", why")
        await seen.shows("a day is wanted before the comma")
        await seen.press("escape")
        assert seen.desk.asked == []


async def test_hand_over_take_over_and_park() -> None:
    async with opened() as seen:
        await seen.press("o")
        await seen.asked("Baltic Steel OÜ, now Ivo Tamm's: hand over to whom?")
        await seen.type("greta")
        await seen.did("hand over", 1, 2)
        await seen.press("v")
        await seen.did("take over", 1)
        await seen.press("p")
        await seen.told("Baltic Steel OÜ is not past the window.")
        await seen.press("b")
        await seen.shows("Past the window")
        await seen.press("p")
        await seen.did("park", 11)
        await seen.told("● park is done")
        seen.followups.snapshot = replace(FOLLOWUPS, past=PAST[1:])
        seen.screen.wake()
        await seen.until(lambda: list(seen.screen.board.keys) == ["12"])
        await seen.press("escape")
        seen.screen.board.go("5")
        await seen.press("v")
        await seen.told("Vogt & Söhne GmbH is yours already.")


async def test_do_not_call_wants_a_reason_and_may_be_taken_back() -> None:
    async with opened() as seen:
        await seen.press("x")
        await seen.asked("Never call Baltic Steel OÜ again: why?")
        await seen.press("enter")
        assert isinstance(seen.app.screen, Prompt) and seen.desk.asked == []
        await seen.type("asked us not to")
        await seen.did("block", 1, "asked us not to")
        await seen.press("f")
        await seen.asked("Find a customer")
        await seen.press(*"wien")
        await seen.shows("Wien Waagen · ")
        await seen.press("enter")
        await seen.shows("✕ do-not-call since 12 Nov 2026 by Petra")
        await seen.shows("because  asked never to be called")
        await seen.press("x")
        await seen.asked("Call Wien Waagen again?")
        await seen.press("escape")
        await seen.press("x")
        await seen.asked("Call Wien Waagen again?")
        await seen.press("enter")
        await seen.did("may call", 13)


async def test_the_owners_phone_dials_and_the_answer_is_told() -> None:
    async with opened() as seen:
        await seen.press("d")
        await seen.told("● Dialling for Ivo Tamm to Baltic Steel OÜ: the phone rings")
        assert ("dial customer", 1) in seen.desk.asked
        seen.desk.answers = CommandAnswer(False, "the line is busy")
        await seen.press("d")
        await seen.told("✕ Dialling for Ivo Tamm to Baltic Steel OÜ: the line is busy")
        seen.screen.board.go("4")
        await seen.press("d")
        await seen.told("Nordsee Kräne AG has no owner whose phone could dial.")


async def test_what_the_duty_refuses_is_told_in_its_words() -> None:
    async with opened() as seen:
        seen.followups.refusal = ValueError("Baltic Steel OÜ was merged meanwhile")
        await seen.press("v")
        await seen.told("✕ Baltic Steel OÜ was merged meanwhile")


async def test_undo() -> None:
    async with opened() as seen:
        await seen.press("v", "u")
        await seen.did("undo")


async def test_help_says_why_a_key_can_do_nothing() -> None:
    async with opened() as seen:
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, Help)
        page = seen.page()
        assert "Keys of the follow-ups" in page and "log a contact: call, visit or reply" in page
        assert "Baltic Steel OÜ is not past the window" in page and "Baltic Steel OÜ is open" in page
        await seen.press("escape", "i")
        await seen.shows("Whose call was this?")
        await seen.press("question_mark")
        assert "no customer is marked" in seen.page() and "+4940123456 has customers" in seen.page()


# -- the inbox and the doubles ------------------------------------------------------------------------------------


async def test_a_call_to_a_shared_number_is_settled_among_those_who_have_it() -> None:
    async with opened((120, 40), None, "i") as seen:
        await seen.shows("! shared: Baltic Steel OÜ, Ruhr Pumpen GmbH")
        await seen.press("x")
        await seen.told("+4940123456 has customers: enter says whose call it was.")
        await seen.press("enter")
        await seen.asked("Whose was the call with +4940123456, by Hugo Marin?")
        await seen.type("ruhr")
        await seen.did("assign", 1, "c1", 3)


async def test_a_number_of_nobody_becomes_a_customers_a_new_ones_or_nobodys() -> None:
    async with opened((120, 40), None, "i") as seen:
        await seen.shows("nobody has it")
        await seen.press("j", "enter")
        await seen.asked("Whose number is +4922170001? 3 calls by Chiara Rossi, Greta Lind")
        await seen.press(*"hansa")
        await seen.shows("Hansa Filter · ")
        await seen.press("enter")
        await seen.did("give", "+4922170001", 9)
        await seen.press("enter")
        await seen.asked("Whose number is")
        await seen.press(*"Neu")
        await seen.shows("new customer: Neu")
        await seen.press("enter")
        await seen.did("new", "+4922170001", "Neu")
        await seen.press("x")
        await seen.did("nobody", "+4922170001")
        await seen.press("c")
        await seen.told("No customer is marked.")


async def test_doubles_are_merged_into_the_one_that_stays_or_said_to_be_two() -> None:
    async with opened((120, 40), None, "m") as seen:
        await seen.shows("both have +4940123456")
        row = seen.row("both have")
        assert "9th Baltic Steel OÜ" in row and "7th Brno Bearings" in row and "│" in row
        await seen.press("enter")
        await seen.asked("Which one stays? Contacts, numbers and orders of the other become its own.")
        await seen.press("escape")
        assert seen.desk.asked == []
        await seen.press("enter")
        await seen.asked("Which one stays?")
        await seen.type("brno")
        await seen.did("merge", 1, 8)
        await seen.press("x")
        await seen.did("distinct", 1, 8)


# -- the floor's panel --------------------------------------------------------------------------------------------


@asynccontextmanager
async def floor(size: tuple[int, int]) -> AsyncIterator[Seen]:
    desk = HandmadeDesk()
    async with ConsoleApp(lambda: desk, LIMITS, clock=lambda: NOW).run_test(size=size) as pilot:
        seen = Seen(pilot, desk)
        await seen.shows("in the window")
        await pilot.pause()
        yield seen


async def test_the_floors_panel_opens_a_customers_story_in_mode_2() -> None:
    async with floor((120, 40)) as seen:
        await seen.shows("── Follow-ups · 6 in the window  ✕ 2 overdue")
        row = seen.row("Ruhr Pumpen")
        assert row.endswith("! last") and " 4 d" in row and "Greta L." in row and "important" in row
        assert "● 11th Ruhr Pumpen" in row and "opens" in seen.row("Brno") and "✕ late" in seen.row("Hansa")
        await seen.press("f", "j", "j", "enter")
        await seen.shows("── Ruhr Pumpen GmbH  Estonia")
        await seen.shows("Story · 1")
        assert seen.app.current_mode == "followups" and seen.screen.board.key == "3"
        await seen.press("1", "f", "g", "enter")
        await seen.shows("── Baltic Steel OÜ  Estonia")
        await seen.press("escape")
        await seen.shows("Contact numbers")


async def test_the_floors_panel_is_a_line_of_counts_where_there_is_no_room() -> None:
    async with floor((80, 24)) as seen:
        assert " f 6 in the window  2 open next  ✕ 2 overdue" in seen.text()
        await seen.press("f")
        await seen.shows("6 d  Fri 27")
        await seen.press("enter")
        await seen.shows("── Baltic Steel OÜ  Estonia")
        await seen.shows("Story · 10")


# -- hostile texts ------------------------------------------------------------------------------------------------


async def test_hostile_texts_do_nothing() -> None:
    evil = "\x1b]52;c;aGk=\x07[@click=app.quit]x[/b] \u202eevil\nnext"
    desk = HandmadeDesk()
    one = line(
        1, evil, 9, 1, owner=evil, team=evil, tier=evil, region=evil, type=evil, said=evil, next_note=evil, number=evil,
        taken_by=evil, ref=evil, reason=evil, next_day=20261127,
    )  # fmt: skip
    desk.followups.snapshot = replace(FOLLOWUPS, queue=(one,), past=(one,), teams=(evil,), floor=evil)
    desk.followups.entries = tuple(
        replace(entry, who=evil, text=evil, channel=evil, kind=kind)
        for entry, kind in zip(ENTRIES, ("contact", evil) * 5, strict=True)
    )
    desk.followups.waiting = tuple(
        replace(entry, number=evil, who=evil, candidates=((1, evil),)) for entry in desk.followups.waiting
    )
    desk.followups.pairs = tuple(replace(pair, one=one, other=one, why=evil) for pair in desk.followups.pairs)
    async with opened((200, 60), desk) as seen:
        for keys in (
            ("enter",), ("question_mark",), ("escape",), ("n",), ("escape",), ("x",), ("escape",), ("o",), ("escape",),
            ("c",), ("escape",), ("v",), ("escape", "b"), ("i",), ("enter",), ("escape",), ("j", "enter"), ("escape",),
            ("m",), ("enter",), ("escape",), ("escape", "t"),
        ):  # fmt: skip
            await seen.press(*keys)
            await seen.pilot.pause(0.05)
            assert all(text.isprintable() for text in seen.text()), keys
