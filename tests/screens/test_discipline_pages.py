"""The further screens of mode 5: every key pressed, over a floor of forty made by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from screens.app import ConsoleApp
from screens.discipline import attendance_present, money_present, morale_present, typed
from screens.discipline.attendance import AttendanceScreen, open_attendance
from screens.discipline.money import MoneyScreen, open_money
from screens.discipline.morale import MoraleScreen, open_morale
from screens.discipline.page import PageScreen, open_page
from screens.discipline.screen import DisciplineScreen
from screens.discipline.tryout import TryoutScreen, open_tryout
from screens.floor.screen import FloorScreen
from screens.widgets.form import Form
from screens.widgets.prompt import Prompt
from supervisor.duties.calls.refusals import RefusedError
from tests.screens.handmade import LIMITS, NOW
from tests.screens.handmade_followups import TODAY
from tests.screens.handmade_pages import FORTY, MORALE, PROPOSALS, PagesDesk

SIZES = [(80, 24), (120, 40), (200, 60)]


class Console(ConsoleApp):
    """The console with no panel beside the calls."""

    def get_default_screen(self) -> FloorScreen:
        return FloorScreen(panels=())


class Pages:
    """What one sees and presses."""

    def __init__(self, pilot: Any, desk: PagesDesk) -> None:
        self.pilot = pilot
        self.desk = desk
        self.app: Any = pilot.app

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def row(self, name: str) -> str:
        return next(text for text in self.text() if name in text)

    async def until(self, true: Callable[[], object]) -> None:
        for _ in range(300):
            if true():
                return
            await self.pilot.pause(0.01)
        pytest.fail("\n".join(self.text()))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        names = {" ": "space", "-": "minus", ":": "colon", ".": "full_stop"}
        await self.press(*(names.get(one, one) for one in text))

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in "\n".join(self.text()))

    async def told(self, text: str) -> None:
        await self.until(lambda: text in self.text()[-1])

    async def on(self, screen: type) -> None:
        await self.until(lambda: isinstance(self.app.screen, screen))

    def did(self, *names: str) -> list[tuple[Any, ...]]:
        return [one for one in self.desk.asked if one[0] in names]


@asynccontextmanager
async def opened(
    open_it: Callable[[Any], None],
    size: tuple[int, int] = (120, 40),
    desk: PagesDesk | None = None,
    **options: Any,
) -> AsyncIterator[Pages]:
    """One of the further screens on top of mode 5, once it has been read."""
    desk = desk or PagesDesk()
    app: Any = Console(lambda: desk, LIMITS, clock=lambda: NOW, **options)
    async with app.run_test(size=size) as pilot:
        seen = Pages(pilot, desk)
        await pilot.press("5")
        await seen.until(lambda: isinstance(app.screen, DisciplineScreen) and app.screen.snapshot is not None)
        open_it(app.screen)
        await seen.until(lambda: getattr(app.screen, "PLACE", "") != "discipline" and app.screen.snapshot is not None)
        await pilot.pause()
        yield seen


def exported(folder: Path) -> list[str]:
    """Return the lines of the one file in the folder of exports."""
    (file,) = folder.iterdir()
    return file.read_text(encoding="utf-8").splitlines()


def hugo(screen: Any) -> None:
    open_page(screen, [one for one, *_ in FORTY], 3)


OPENED = {
    "page": hugo, "attendance": open_attendance, "money": open_money, "tryout": open_tryout, "morale": open_morale,
}  # fmt: skip


@pytest.mark.parametrize("name", OPENED)
async def test_each_is_left_with_escape_and_fits_every_size(name: str) -> None:
    for size in SIZES:
        async with opened(OPENED[name], size) as seen:
            assert all(len(text) <= size[0] for text in seen.text())
            await seen.press("question_mark", "escape", "escape")
            await seen.on(DisciplineScreen)


# -- the page -----------------------------------------------------------------------------------------------------


async def test_the_page_shows_the_essentials_on_a_small_screen() -> None:
    async with opened(hugo, (80, 24)) as seen:
        shown = "\n".join(seen.text())
        for essential in ("Hugo Marin   North   ! 8 points   the team 1.2 each, 12 people", "3 of 40", "○ leave 2",
                          "week of", "behind quota", "fined 42.50   rewarded 50", "Flags and merits · 9",
                          "22 min without a call since 14:10"):  # fmt: skip
            assert essential in shown
        assert "▆3" in seen.row("flags ") and "▂0.8" in seen.row("team  ")
        await seen.press("j", "j", "j")
        await seen.shows("talked by anna, 21 Nov 15:32: headset broken   ” my headset was broken")


async def test_next_and_previous_specialist() -> None:
    async with opened(hugo) as seen:
        await seen.press("J")
        await seen.shows("Ivo Tamm   South   ● 0 points")
        await seen.press("K", "K")
        await seen.shows("Greta Lind   North")
        await seen.press("K")
        await seen.shows("Chiara Rossi")
        await seen.press("K")
        await seen.told("This is the first specialist.")


async def test_a_flag_by_hand_is_for_whom_the_page_is() -> None:
    async with opened(hugo) as seen:
        await seen.press("W")
        await seen.told("● Hugo Marin: irrelevant web pages")
        await seen.shows("Flags and merits · 10")
        await seen.press("plus")
        await seen.on(Prompt)
        await seen.type("helped")
        await seen.press("enter")
        await seen.told("merit")
        assert [one[1:3] for one in seen.did("raise_by_hand")] == [(3, "irrelevant_web_pages"), (3, "merit")]
        await seen.press("u", "u")
        await seen.shows("Flags and merits · 9")


async def test_nothing_is_done_while_another_page_is_being_read() -> None:
    async with opened(hugo) as seen:
        screen: PageScreen = seen.app.screen
        screen.action_record(1)
        screen.action_by_hand("noise")
        screen.action_new_talk()
        await seen.told("still being read")
        await seen.shows("Ivo Tamm   South")
        assert not seen.did("raise_by_hand")


async def test_talks_stand_in_the_place_of_the_flags() -> None:
    async with opened(hugo) as seen:
        await seen.press("l")
        await seen.shows("he asks himself whether selling is for him")
        assert "Talks · 2  private to directors" in "\n".join(seen.text()) and "Flags and merits" not in seen.text()
        await seen.press("j")
        await seen.shows("Christmas")
        await seen.press("n")
        await seen.on(Prompt)
        await seen.type("doubt")
        await seen.press("enter")
        await seen.shows("Doubt, Hugo Marin: what was said?")
        await seen.type("too few leads")
        await seen.press("enter")
        await seen.shows("too few leads")
        assert seen.did("log_talk") == [("log_talk", 3, "doubt", "too few leads")]
        await seen.press("E")
        await seen.told("Talks are private: they are not exported.")
        await seen.press("escape")
        await seen.shows("Flags and merits · 9")


async def test_talks_are_refused_to_who_is_no_director() -> None:
    desk = PagesDesk()
    desk.discipline.may_read_talks = False
    async with opened(hugo, desk=desk) as seen:
        await seen.press("n")
        await seen.told("✕ talks are private to directors")
        await seen.press("l")
        await seen.shows("talks are private to directors")
        await seen.shows("l goes back to the flags.")
        assert "selling is for him" not in "\n".join(seen.text())
        await seen.press("l")
        await seen.shows("Flags and merits · 9")
        assert not seen.did("log_talk")


async def test_a_page_of_somebody_who_is_gone_says_so() -> None:
    async with opened(hugo) as seen:
        seen.desk.discipline.people = FORTY[:3]
        await seen.press("J")
        await seen.shows("nobody in the roster is this specialist")


# -- attendance ---------------------------------------------------------------------------------------------------


async def test_forty_people_are_forty_keys() -> None:
    async with opened(open_attendance) as seen:
        await seen.shows("Attendance · 40")
        await seen.press(*"ppphlirpppp", *"p" * 29)
        await seen.until(lambda: len(seen.did("attend")) == 40)
        told = ["present"] * 3 + ["half", "leave", "sick", "training"] + ["present"] * 33
        assert [(one[1], one[3]) for one in seen.did("attend")] == [
            (one, status) for (one, *_), status in zip(FORTY, told, strict=True)
        ]
        await seen.shows("● present 36   ◐ half 1   ○ leave 1   ✚ sick 1   ◇ training 1   not told 0")
        assert seen.app.screen.board.key == "40"


async def test_who_is_away_and_calls_is_seen_at_once() -> None:
    for size in SIZES:
        async with opened(open_attendance, size) as seen:
            assert "1 away but calling" in "\n".join(seen.text())
            row = seen.row("Otto Kask")
            assert "✕" in row and "sick" in row and "but calls" in row and "09:10" in row
            assert "✕" not in seen.row("Lena Ott") and "leave" in seen.row("Lena Ott")
            await seen.press("exclamation_mark")
            assert seen.app.screen.board.key == "8"


async def test_what_was_asked_for_is_shown_at_once_and_taken_back_where_it_is_refused() -> None:
    async with opened(open_attendance) as seen:
        seen.desk.discipline.refuse = RefusedError("Chiara Rossi is not employed on that day")
        await seen.press("l")
        await seen.told("✕ Chiara Rossi is not employed on that day")
        await seen.until(lambda: "not told" in seen.row("Chiara Rossi"))
        assert seen.app.screen.board.key == "2"
        await seen.press("i")
        await seen.told("● Greta Lind: sick on 2026-11-23; 1 flag withdrawn")
        await seen.until(lambda: "sick" in seen.row("Greta Lind"))
        assert seen.did("attend")[-1] == ("attend", 2, TODAY, "sick", None, None)
        await seen.press("u")
        await seen.until(lambda: "+45 min" in seen.row("Greta Lind"))


async def test_hours_are_typed_leniently_and_stay_with_a_present_person() -> None:
    async with opened(open_attendance) as seen:
        await seen.press("e")
        await seen.on(Prompt)
        await seen.type("18-9")
        await seen.shows("9 is not after 18")
        await seen.press("enter")
        assert isinstance(seen.app.screen, Prompt)
        await seen.press(*["backspace"] * 4)
        await seen.type("10:30-")
        await seen.shows("→ 10:30-   +90 min")
        await seen.press("enter")
        await seen.until(lambda: "+90 min" in seen.row("Chiara Rossi"))
        assert seen.did("attend") == [("attend", 1, TODAY, "present", 630, None)]
        await seen.press("k", "p", "k", "i")
        await seen.until(lambda: len(seen.did("attend")) == 3)
        assert [one[3:] for one in seen.did("attend")[1:]] == [("present", 630, None), ("sick", None, None)]
        await seen.press("k", "e")
        await seen.on(Prompt)
        await seen.shows("→ the floor's hours, 09:00-18:00")
        await seen.press("enter")
        await seen.until(lambda: len(seen.did("attend")) == 4)
        assert seen.did("attend")[-1][3:] == ("present", None, None)


async def test_other_days() -> None:
    async with opened(open_attendance) as seen:
        await seen.press("left")
        await seen.shows("Sun 22 Nov   ● present 0")
        assert "Attendance · 40  a day off" in "\n".join(seen.text()) and "· day off" in seen.row("Chiara Rossi")
        await seen.press("comma", "comma")
        await seen.shows("Fri 20 Nov   ● present 0")
        await seen.press("p")
        await seen.until(lambda: seen.did("attend"))
        assert seen.did("attend") == [("attend", 1, 20261120, "present", None, None)]
        await seen.press("full_stop", "right", "right", "right")
        await seen.shows("Tue 24 Nov")
        await seen.press("d")
        await seen.on(Prompt)
        await seen.type("-6d")
        await seen.shows("Tue 17 Nov, 6 days ago")
        await seen.press("enter")
        await seen.shows("Tue 17 Nov   ●")


async def test_a_key_before_the_other_day_was_read_changes_nothing() -> None:
    async with opened(open_attendance) as seen:
        screen: AttendanceScreen = seen.app.screen
        screen.action_day(-1)
        screen.action_attend("leave")
        await seen.told("The other day is still being read: nothing was changed.")
        await seen.shows("Sun 22 Nov")
        assert not seen.did("attend")


async def test_attendance_is_exported_as_it_is_imported(tmp_path: Path) -> None:
    async with opened(open_attendance, exports=tmp_path) as seen:
        await seen.press("E")
        await seen.told("40 rows written")
        lines = exported(tmp_path)
        assert lines[0] == "date,specialist,team,status,told,start,end,dials,first,last"
        assert lines[2] == "2026-11-23,Greta Lind,North,present,yes,09:45,,58,09:04,14:30"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10:30-", (630, None)), ("9-13", (540, 780)), ("-16:00", (None, 960)), ("", (None, None)),
        (" 9.15 – 17 Uhr ", (555, 1020)), ("0930-1745", (570, 1065)), ("-24", (None, 1440)), ("0-1", (0, 60)),
    ],
)  # fmt: skip
def test_hours_as_they_are_typed(text: str, meant: tuple[int | None, int | None]) -> None:
    assert typed.hours(text, 1080) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10:30", "does not say from when until when"), ("-", "does not say"), ("9-10-11", "does not say"),
        ("13-9", "9 is not after 13"), ("9-9", "9 is not after 9"), ("late-", "'late' is not a time of day"),
        ("25-", "not a time of day"), ("9:60-", "not a time of day"),
    ],
)  # fmt: skip
def test_hours_that_are_none_are_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        typed.hours(text, 1080)


def test_hours_past_midnight_where_the_floor_works_past_midnight() -> None:
    assert typed.hours("20-4", 1800) == (1200, 240)
    with pytest.raises(ValueError, match="not after"):
        typed.hours("20-4", 1440)
    table = PagesDesk().discipline.attendance(None)
    night = attendance_present.Row(replace(table.lines[0], start=1260, end=240), 1200, 1800, True, None)  # type: ignore[arg-type]
    assert attendance_present.off(night) == ["+60 min", "-2 h 00"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("fri", 20261120), ("-1d", 20261122), ("today", TODAY), ("27.11", 20261127), ("20.11", 20261120),
     ("tomorrow", 20261124), ("+2d", 20261125), ("2026-10-01", 20261001), ("2026-12-24", 20261224), ("mon", 20261123)],
)  # fmt: skip
def test_days_as_they_are_typed(text: str, day: int) -> None:
    assert typed.day(text, TODAY) == day


def test_days_that_are_none_are_refused_in_words() -> None:
    for text in ("soon", "32.1.", "99"):
        with pytest.raises(ValueError, match=r"day|date"):
            typed.day(text, TODAY)


# -- money --------------------------------------------------------------------------------------------------------


async def test_a_fine_needs_the_typed_name() -> None:
    async with opened(open_money) as seen:
        await seen.shows("October 2026   still proposed 173   fined 12 EUR   ! 3 to decide")
        await seen.press("f")
        await seen.on(Form)
        form: Form = seen.app.screen
        assert form.values()["amount"] == "118.00"
        assert form.values()["why"] == "shortfall of 118 effective calls in 2026-10"
        await seen.press("ctrl+s")
        await seen.shows("type Hugo Marin to confirm")
        assert isinstance(seen.app.screen, Form) and not seen.did("fine_month")
        await seen.type("Hugo Mari")
        await seen.press("ctrl+s")
        assert isinstance(seen.app.screen, Form) and not seen.did("fine_month")
        await seen.type("n")
        await seen.press("ctrl+s")
        await seen.told("● Hugo Marin: fine of 118.00 EUR")
        why = "shortfall of 118 effective calls in 2026-10"
        assert seen.did("fine_month") == [("fine_month", 3, 202610, "118.00", why, "Hugo Marin")]
        await seen.shows("Ledger of a year, EUR · 7")
        await seen.press("u")
        await seen.shows("Ledger of a year, EUR · 6")


async def test_what_was_typed_for_a_fine_that_was_refused_is_there_again() -> None:
    async with opened(open_money) as seen:
        await seen.press("f")
        await seen.on(Form)
        await seen.press(*["backspace"] * 6)
        await seen.type("9 kg")
        await seen.press("ctrl+s")
        await seen.shows("is not an amount")
        await seen.press(*["backspace"] * 4)
        await seen.type("90")
        await seen.press("tab", "tab")
        await seen.type("Hugo Marin")
        seen.desk.discipline.refuse = RefusedError("a director decides fines")
        await seen.press("ctrl+s")
        await seen.told("✕ a director decides fines")
        await seen.press("f")
        await seen.on(Form)
        assert seen.app.screen.values() == {
            "amount": "90", "why": "shortfall of 118 effective calls in 2026-10", "typed": "",
        }  # fmt: skip


async def test_a_reward_asks_whom_how_much_and_what_for() -> None:
    async with opened(open_money) as seen:
        await seen.press("r")
        await seen.on(Prompt)
        await seen.type("Greta")
        await seen.press("enter")
        await seen.on(Form)
        await seen.type("50")
        await seen.press("ctrl+s")
        await seen.shows("a few words are needed")
        await seen.type("thanks")
        await seen.press("enter")
        await seen.told("● Greta Lind: reward of 50 EUR")
        assert seen.did("give_reward") == [("give_reward", 2, "50", "thanks")]


async def test_months_and_a_rule_that_proposes_nothing() -> None:
    async with opened(open_money) as seen:
        await seen.press("left")
        await seen.shows("September 2026")
        await seen.shows("Nobody missed an effective call in September 2026.")
        await seen.press("f")
        await seen.told("No proposal is marked.")
        await seen.press("right")
        await seen.shows("October 2026   still")
        await seen.press("right")
        await seen.shows("November 2026")
        await seen.press("right")
        await seen.told("December 2026 has not begun.")
    desk = PagesDesk()
    desk.discipline.per_missing, desk.discipline.months = 0, {}
    async with opened(open_money, (80, 24), desk) as seen:
        shown = "\n".join(seen.text())
        assert "the rule proposes no fine: discipline.fine_per_missing is 0" in shown
        assert "No fine is proposed for October 2026." in shown


async def test_enter_opens_the_page_of_whose_row_it_is() -> None:
    async with opened(open_money) as seen:
        await seen.press("j", "j", "enter")
        await seen.on(PageScreen)
        await seen.shows("Ivo Tamm   South")
        await seen.press("escape")
        await seen.on(MoneyScreen)
        await seen.press("tab", "end", "enter")
        await seen.shows("Otto Kask   East")


def test_months_and_reasons() -> None:
    assert [money_present.other_month(202601, by) for by in (-1, 0, 12)] == [202512, 202601, 202701]
    assert money_present.why(PROPOSALS[3]) == "shortfall of 1 effective call in 2026-10"
    assert [money_present.level(line) for line in PROPOSALS] == ["watch", "watch", "", "watch"]


# -- trying out ---------------------------------------------------------------------------------------------------


async def test_a_threshold_is_tried_while_the_screen_stays_alive() -> None:
    async with opened(open_tryout, (80, 24)) as seen:
        seen.desk.discipline.hold.clear()
        await seen.press("enter")
        await seen.on(Prompt)
        await seen.type("20")
        await seen.shows("it is 20 now; write another value")
        await seen.press("enter", "backspace", "backspace")
        await seen.type("many")
        await seen.shows("'many' is not a number")
        await seen.press(*["backspace"] * 4)
        await seen.type("15")
        await seen.press("enter")
        await seen.shows("Reckoning the last 30 days with 15 instead of 20")
        await seen.press("question_mark", "escape")
        await seen.shows("It takes some seconds")
        seen.desk.discipline.hold.set()
        await seen.shows("With 15 instead of 20: 41 flags instead of 17")
        await seen.shows("+ 26 come in   - 0 fall away")
        assert seen.did("try_out") == [("try_out", "console.idle_act_minutes", 15.0)]
        assert "+ in" in seen.row("Chiara R.") and "idle" in seen.row("Chiara R.")
        assert len(seen.app.screen.changes.keys) == 26
        await seen.shows("Chiara Rossi, idle: 15 min without a call since 10:31")
        await seen.press("end", "escape")
        await seen.shows("Thresholds · 7")
        await seen.press("escape")
        await seen.on(DisciplineScreen)


async def test_what_falls_away_is_listed_beside_the_thresholds_where_there_is_room(tmp_path: Path) -> None:
    async with opened(open_tryout, exports=tmp_path) as seen:
        await seen.press("j", "enter")
        await seen.on(Prompt)
        await seen.type("30")
        await seen.press("enter")
        await seen.shows("With 30 instead of 10: 15 flags instead of 17")
        shown = "\n".join(seen.text())
        assert "Thresholds · 7" in shown and "- away" in shown and "discipline.private_talk_minutes" in shown
        await seen.press("E")
        await seen.told("2 rows written")
        lines = exported(tmp_path)
        assert lines[0].startswith("change,id,kind") and lines[1].startswith("falls away,")


async def test_a_trial_that_is_left_or_refused() -> None:
    async with opened(open_tryout, (80, 24)) as seen:
        seen.desk.discipline.hold.clear()
        await seen.press("enter")
        await seen.on(Prompt)
        await seen.type("15")
        await seen.press("enter")
        await seen.shows("Reckoning")
        await seen.press("escape")
        await seen.shows("Thresholds · 7")
        seen.desk.discipline.hold.set()
        await seen.pilot.pause(0.1)
        assert seen.app.screen.outcome is None
        await seen.press("enter")
        await seen.on(Prompt)
        await seen.type("2000")
        await seen.press("enter")
        await seen.told("✕ a threshold of more than 1000 finds nothing")
        await seen.shows("Thresholds · 7")


@pytest.mark.parametrize(("text", "value"), [("15", 15.0), ("0,5", 0.5), (" 0.01 ", 0.01), ("0", 0.0)])
def test_thresholds_as_they_are_typed(text: str, value: float) -> None:
    assert typed.threshold(text, 20) == value


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1e999", "20", "20.0", "ten"])
def test_thresholds_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|now"):
        typed.threshold(text, 20)


# -- morale -------------------------------------------------------------------------------------------------------


async def test_the_best_and_the_worst_of_a_team_and_their_pages() -> None:
    async with opened(open_morale) as seen:
        row = seen.row("talk, minutes a day")
        assert "5.6 x" in row and "李明" in row and "Otto Kask" in row
        await seen.press("enter")
        await seen.shows("Otto Kask   East")
        await seen.press("K")
        await seen.shows("李明   East")
        await seen.press("escape")
        await seen.on(MoraleScreen)
        await seen.press("b")
        await seen.shows("李明   East")
        await seen.press("escape")
        await seen.on(MoraleScreen)
        await seen.press("t")
        await seen.type("North")
        await seen.press("enter")
        await seen.shows("The longest and the shortest · 6  team North")
        await seen.press("escape")
        await seen.shows("The longest and the shortest · 18")
        await seen.press("s")
        assert next(iter(seen.app.screen.board.keys)).endswith("follow-ups done")


def test_spreads_as_they_are_shown() -> None:
    by_measure = {one.measure: one for one in MORALE.spreads}
    words = {measure: morale_present.ratio_words(one) for measure, one in by_measure.items()}
    assert words == {
        "dials": "3.5 x", "effective calls": "4.2 x", "talk": "5.6 x", "follow-ups done": "from 0",
        "orders signed": "alike", "flags": "9.0 x",
    }  # fmt: skip
    assert morale_present.scale(by_measure["flags"], 10) == "─━┃━━━━━━━"
    assert morale_present.scale(by_measure["orders signed"], 4) == "───┃"
    assert [morale_present.measured(one) for one in MORALE.spreads[:6]] == [
        "dials a day", "effective calls a day", "talk, minutes a day", "follow-ups done a day", "orders signed",
        "flags",
    ]  # fmt: skip


async def test_a_reader_that_fails_is_told_and_the_screen_lives_on() -> None:
    async with opened(open_morale) as seen:
        seen.desk.discipline.failure = RuntimeError("the store is locked")
        seen.app.screen.wake()
        await seen.shows("not read since")
        seen.desk.discipline.failure = None
        await asyncio.sleep(0)
        seen.app.screen.wake()
        await seen.until(lambda: "not read since" not in "\n".join(seen.text()))
        assert isinstance(seen.app.screen, MoraleScreen) and not isinstance(seen.app.screen, TryoutScreen)
