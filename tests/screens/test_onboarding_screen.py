"""Every key of the onboarding, pressed on customers made by hand."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.pilot import Pilot

from screens.app import ConsoleApp
from screens.floor.screen import FloorScreen
from screens.onboarding import groups, page, present
from screens.onboarding.panel import OnboardingOnFloor
from screens.onboarding.screen import OnboardingScreen
from screens.widgets.dialogs import Ask
from screens.widgets.form import Form
from screens.widgets.help import Help
from screens.widgets.prompt import Prompt
from supervisor.duties.calls.refusals import RefusedError
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk
from tests.screens.handmade_onboarding import ENQUIRIES, STEPS_OWED, TODAY, HandmadeOnboarding, step

SIZES = [(80, 24), (120, 40), (200, 60)]


class Console(ConsoleApp):
    """The console with the panel of the onboarding alone beside the calls."""

    def get_default_screen(self) -> FloorScreen:
        return FloorScreen(panels=(OnboardingOnFloor(),))


class Seen:
    """A console on what is owed, and what one sees of it. `pressed` counts keys."""

    def __init__(self, pilot: Pilot[int], desk: HandmadeDesk) -> None:
        self.pilot = pilot
        self.desk = desk
        self.app: Any = pilot.app
        self.pressed = 0

    @property
    def onboarding(self) -> HandmadeOnboarding:
        return self.desk.onboarding

    @property
    def screen(self) -> OnboardingScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, OnboardingScreen))

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def page(self) -> str:
        return "\n".join(self.text())

    def row(self, name: str) -> str:
        return next(text for text in self.text() if name in text)

    def listed(self, step: str) -> str:
        """The first row of the list that begins with a step."""
        return next(text for text in self.text() if text[2:].startswith(f"{step} "))

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
        self.pressed += len(keys)
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def asked(self, title: str) -> None:
        """Wait for a question."""
        await self.until(lambda: isinstance(self.app.screen, Prompt | Ask | Form) and title in self.page())

    async def type(self, text: str) -> None:
        """Type prose: it is no key of a budget."""
        await self.pilot.press(*("space" if one == " " else one for one in text))
        await self.pilot.pause()

    async def did(self, *act: Any) -> None:
        await self.until(lambda: act in self.desk.asked)

    async def told(self, text: str) -> None:
        await self.until(lambda: text in self.says())

    async def marks(self, step_id: int) -> None:
        await self.until(lambda: self.screen.step is not None and self.screen.step.step_id == step_id)


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40), desk: HandmadeDesk | None = None, *pressed: str, **options: Any
) -> AsyncIterator[Seen]:
    desk = desk or HandmadeDesk()
    app = Console(lambda: desk, LIMITS, clock=lambda: NOW, **options)
    async with app.run_test(size=size) as pilot:
        seen = Seen(pilot, desk)
        await seen.shows("Chiara Rossi")
        await seen.press("4")
        await seen.until(lambda: isinstance(app.screen, OnboardingScreen) and "due, or waits on" in seen.page())
        await pilot.pause()
        await seen.press(*pressed)
        seen.pressed = 0
        yield seen


# -- what one sees ------------------------------------------------------------------------------------------------


async def test_one_key_says_what_is_overdue_who_holds_it_up_what_is_due_today_and_what_is_blocked() -> None:
    async with opened((80, 24)) as seen:
        assert "✕ 3 overdue  ! 3 due today  5 blocked  c 5 customers  i 3 enquiries ✕ 1 late" in seen.text()[1]
        assert "Steps · 13" in seen.text()[3]
        worst = seen.row("5 h 00")
        assert worst.startswith("✕ material") and "Vogt GmbH" in worst and "Hugo Marin »2 5 h 00 overdue" in worst
        assert seen.row("article audit").startswith("!") and seen.row("article audit").endswith("due 15:30")
        assert seen.row("Wed 25").startswith("  open account")
        assert seen.row("upload").endswith("waits on Hugo: material")
        assert seen.says().startswith(" 1 2 3 4 onboarding") and "v done" in seen.says() and "? keys" in seen.says()


async def test_beside_stands_the_onboarding_of_the_marked_step() -> None:
    async with opened() as seen:
        await seen.shows("Reminders · 2")
        page = seen.page()
        assert "promised  Wed 25 Nov  ✕ 11 h 00 late" in page and "expected  Thu 26 – Fri 27  own past" in page
        assert "✓ open account" in page and "· upload" in page and "2 of 13" in page
        assert "20 h 00" in page and "photographs are" in page
        files = seen.onboarding.files
        await seen.press("j")
        await seen.shows("sent back by petra Sun 22 14:32:")
        assert seen.onboarding.files > files and "Reminders" not in seen.page()


async def test_at_80_columns_enter_opens_it_instead_of_the_list_and_acts_go_on() -> None:
    async with opened((80, 24)) as seen:
        await seen.press("enter")
        await seen.shows("Material from the specialist")
        assert "waited for Hugo Marin 20 h 00" in seen.page() and "customer              holder" not in seen.page()
        await seen.press("J")
        await seen.shows("鑫达机械有限公司  Portal Gold")
        await seen.press("v")
        await seen.did("done", 31, 3)
        await seen.press("escape")
        await seen.shows("Steps · 12")


@pytest.mark.parametrize("size", SIZES)
async def test_no_line_is_wider_than_the_screen(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        for key in ("o", "o", "o", "c", "w", "i", "escape", "enter", "z", "escape", "question_mark"):
            await seen.press(key)
            assert all(len(text) <= size[0] for text in seen.text())


async def test_a_wide_screen_adds_columns() -> None:
    async with opened((200, 60)) as seen:
        heads = seen.row("due, or waits on")
        assert all(head in heads for head in ("assistant", "package", "round", "team"))
        assert "2nd" in seen.row("article brief") and "waits on Hugo Marin: material" in seen.listed("upload")
        await seen.press("z")
        await seen.shows("sent back because")
        assert "the logo is the old one" in seen.row("Article: brief")


async def test_nothing_owed_says_so_and_what_brings_it() -> None:
    desk = HandmadeDesk()
    desk.onboarding.steps = ()
    desk.onboarding.customers = ()
    async with opened((80, 24), desk) as seen:
        assert "Nothing is owed" in seen.page() and "supervisor import payments FILE" in seen.page()
        await seen.press("v")
        await seen.told("No step is marked.")
        await seen.press("w")
        await seen.shows("Nobody is waited for.")


async def test_a_store_that_cannot_be_read_is_told_and_the_list_stays() -> None:
    async with opened() as seen:
        seen.onboarding.failure = OSError("no such store")
        seen.screen.wake()
        await seen.shows("✕ not read since 14:32: no such store")
        assert "material" in seen.page()


# -- steps --------------------------------------------------------------------------------------------------------


async def test_done_is_two_keys_and_the_cursor_goes_on_to_the_next() -> None:
    async with opened() as seen:
        await seen.press("exclamation_mark", "v")
        assert seen.pressed <= 3
        await seen.did("done", 31, 3)
        await seen.told("● 鑫达机械有限公司: Article: brief, done")
        await seen.marks(21)
        assert "✕ 2 overdue" in seen.page()


async def test_prod_is_three_keys_without_a_note_and_marks_the_row() -> None:
    async with opened() as seen:
        await seen.press("exclamation_mark", "p", "enter")
        assert seen.pressed <= 3
        await seen.did("prod", 31, "")
        await seen.until(lambda: "Hugo Marin »1" in seen.row("article brief"))
        await seen.marks(31)


async def test_send_back_asks_only_why_where_there_is_one_way_and_is_three_keys() -> None:
    async with opened() as seen:
        seen.onboarding.steps = tuple(replace(one, back_to=(("ad_make", "Advertisement: make"),))
                                      if one.step_id == 41 else one for one in STEPS_OWED)  # fmt: skip
        seen.screen.wake()
        await seen.until(lambda: seen.screen.board.items[3].line.back_to[0][0] == "ad_make")
        seen.screen.board.go("31")
        await seen.press("exclamation_mark", "exclamation_mark")
        await seen.marks(11)  # round and round, overdue ones first
        seen.screen.board.go("41")
        seen.pressed = 1  # going there
        await seen.press("x")
        await seen.asked("back to Advertisement: make: why?")
        await seen.pilot.press("enter")  # no reason is none
        assert isinstance(seen.app.screen, Prompt)
        await seen.type("wrong logo")
        await seen.press("enter")
        assert seen.pressed <= 3
        await seen.did("send back", 41, 3, "ad_make", "wrong logo")
        await seen.told("sent back")
        await seen.marks(22)


async def test_send_back_with_a_choice_offers_the_likeliest_first() -> None:
    async with opened() as seen:
        seen.screen.board.go("21")
        await seen.press("x")
        await seen.asked("back to which step?")
        assert seen.page().index("Advertisement: make") < seen.page().index("Advertisement: plan")
        await seen.press("enter")
        await seen.asked("back to Advertisement: make: why?")
        await seen.type("no")
        await seen.press("enter")
        await seen.did("send back", 21, 3, "ad_make", "no")


async def test_reassign_offers_names_and_takes_a_new_one_of_assistants_only() -> None:
    async with opened() as seen:
        await seen.press("a")
        await seen.asked("Material from the specialist of Vogt GmbH: who does it?")
        assert "Greta Lind" in seen.page() and any(text.split() == ["Hugo", "Marin", "now"] for text in seen.text())
        await seen.type("nobody")
        await seen.press("enter")
        assert isinstance(seen.app.screen, Prompt)
        await seen.press("escape", "a")
        await seen.asked("who does it?")
        await seen.press("enter")
        await seen.did("reassign", 11, 3, "Greta Lind")
        seen.screen.board.go("51")
        await seen.press("a")
        await seen.asked("Open the account of Kaiser Logistik")
        await seen.type("Zoe New")
        await seen.press("enter")
        await seen.did("reassign", 51, 3, "Zoe New")


async def test_keys_may_be_faster_than_the_list_but_what_somebody_else_changed_is_told() -> None:
    async with opened() as seen:
        seen.screen.board.go("22")
        await seen.press("v", "v")  # the second one is of the row that came in its place, or of one that is gone
        await seen.did("done", 22, 3)
        board = seen.screen.board
        await seen.until(lambda: "22" not in board.keys)
        board.go("21")
        line = seen.screen.step
        assert line is not None and line.version == 4
        seen.onboarding.steps = tuple(replace(one, version=9) for one in seen.onboarding.steps)
        await seen.press("v")
        await seen.told("✕ Anna changed Baltic Steel OÜ; look at it again")
        assert "21" in board.keys


async def test_two_steps_of_one_customer_at_once_are_both_done() -> None:
    async with opened() as seen:
        board = seen.screen.board
        board.go("51")
        await seen.pilot.press("v")
        board.go("52")
        await seen.pilot.press("v")
        await seen.did("done", 51, 3)
        await seen.did("done", 52, 4)
        await seen.told("Material from the specialist, done")


@pytest.mark.parametrize(
    ("step_id", "key", "why"),
    [
        (12, "v", "Upload the information waits on Hugo Marin."),
        (12, "x", "Upload the information waits on Hugo Marin."),
        (11, "x", "Nothing comes before Material from the specialist that could be done again."),
        (41, "v", "Article: director audits is a director's: floor.directors names them."),
        (41, "x", "Article: director audits is a director's: floor.directors names them."),
        (11, "h", "The enquiries are another list."),
    ],
)
async def test_a_key_that_cannot_act_says_why(step_id: int, key: str, why: str) -> None:
    desk = HandmadeDesk()
    desk.onboarding.may_audit = False
    async with opened((120, 40), desk) as seen:
        seen.screen.board.go(str(step_id))
        await seen.press(key)
        await seen.told(why)
        assert desk.asked == []
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, Help)
        await seen.shows(f"{why[0].lower()}{why[1:-1]}"[:30] if why[0] == "T" or why[0] == "N" else why[:30])


async def test_a_refusal_is_told_in_words_and_undo_takes_an_act_back() -> None:
    async with opened() as seen:
        seen.onboarding.refusal = RefusedError("Vogt GmbH is live already")
        await seen.press("v")
        await seen.told("✕ Vogt GmbH is live already")
        seen.onboarding.refusal = None
        await seen.press("v")
        await seen.until(lambda: "Steps · 12" in seen.page())
        await seen.marks(31)
        await seen.press("u")
        await seen.told("undone: Vogt GmbH: Material from the specialist, done")
        await seen.shows("Steps · 13")
        await seen.marks(11)  # it goes back to what was undone


async def test_ending_asks_why_and_once_more() -> None:
    async with opened() as seen:
        await seen.press("e")
        await seen.asked("Why does Vogt GmbH not go live?")
        await seen.type("insolvent")
        await seen.press("enter")
        await seen.asked("End the onboarding of Vogt GmbH?")
        assert "11 steps are owed no more. insolvent" in seen.page()
        await seen.press("escape")
        assert not [one for one in seen.desk.asked if one[0] == "stop"]
        await seen.press("e")
        await seen.asked("Why does")
        await seen.type("insolvent")
        await seen.press("enter")
        await seen.asked("End the onboarding")
        await seen.press("enter")
        await seen.did("stop", 1, 3, "insolvent")
        await seen.until(lambda: "Vogt" not in seen.page())


# -- groups -------------------------------------------------------------------------------------------------------


async def test_one_glance_says_who_is_waited_for_how_much_and_how_long() -> None:
    async with opened((80, 24)) as seen:
        await seen.press("o")
        await seen.shows("by assistant")
        assert "Mei Tan" in seen.text()[5] and "7 · 2 overdue" in seen.text()[5]
        await seen.press("o")
        await seen.shows("by waiting party")
        assert seen.text()[5].split() == ["▾", "Hugo", "Marin", "5", "·", "2", "overdue", "specialist", "worst", "5",
                                          "h", "00"]  # fmt: skip
        await seen.press("o")
        await seen.shows("by customer")
        assert "Vogt GmbH" in seen.text()[5] and "4 · 1 overdue" in seen.text()[5] and "Steps · 13" in seen.page()
        await seen.press("o")
        await seen.until(lambda: "by customer" not in seen.page())


async def test_the_cursor_passes_over_headings_and_keeps_its_step() -> None:
    async with opened((120, 40), None, "j", "j", "o", "o") as seen:
        await seen.marks(21)
        board = seen.screen.board
        await seen.press("g")
        await seen.marks(11)
        for _ in range(4):
            await seen.press("j")
        await seen.marks(14)
        await seen.press("j")
        await seen.marks(21)  # over the heading of the customer
        await seen.press("k")
        await seen.marks(14)
        await seen.press("g", "k")
        await seen.marks(11)
        assert all(row.heading is None for row in [board.item])
        await seen.press("G", "exclamation_mark", "v")
        await seen.did("done", 11, 3)
        await seen.until(lambda: board.item.heading is None)


async def test_groups_stand_by_urgency_and_escape_ungroups() -> None:
    async with opened((120, 40), None, "s", "o") as seen:
        assert seen.screen.board.sorted_by == (None, False)
        await seen.press("s")
        await seen.told("Groups stand with the most urgent first; o ungroups.")
        await seen.press("slash", *"kaiser", "enter")
        await seen.until(lambda: "Steps · 2" in seen.page())
        assert "nobody" in seen.page()
        await seen.press("escape", "escape")
        await seen.until(lambda: "Steps · 13" in seen.page() and "▾" not in seen.page())


async def test_filter_team_and_sort_work_on_steps() -> None:
    async with opened() as seen:
        await seen.press("t")
        await seen.shows("Show which team?")
        await seen.type("south")
        await seen.press("enter")
        await seen.shows("Steps · 3  team South")
        await seen.press("escape", "s")
        await seen.shows("sort step")
        assert [row.line.code for row in seen.screen.board.items][:2] == ["ad_customer_approves", "ad_plan"]
        await seen.press("s", "s", "s", "s")
        await seen.shows("sort assistant")
        assert seen.screen.board.items[-1].line.company == "Kaiser Logistik"


# -- the other lists ----------------------------------------------------------------------------------------------


async def test_customers_say_when_each_is_live_and_who_is_late() -> None:
    async with opened((80, 24), None, "c") as seen:
        await seen.shows("Customers under way · 5")
        late = seen.row("Vogt GmbH")
        assert late.startswith("✕ Vogt") and "2/13" in late and "Wed 25" in late and "Thu 26 – Fri 27  11 h 00" in late
        await seen.press("v")
        await seen.told("No step is marked.")
        await seen.press("enter")
        await seen.shows("Material from the specialist")
        await seen.press("escape", "s", "s")
        await seen.shows("sort promised")
        await seen.press("c")
        await seen.shows("Steps · 13")


async def test_a_customer_can_be_ended_from_its_list() -> None:
    async with opened((120, 40), None, "c", "j", "e") as seen:
        await seen.asked("Why does Baltic Steel OÜ not go live?")
        await seen.type("paid back")
        await seen.press("enter")
        await seen.asked("End the onboarding of Baltic Steel OÜ?")
        await seen.press("y")
        await seen.did("stop", 2, 3, "paid back")


async def test_who_is_waited_for_and_enter_goes_to_their_steps() -> None:
    async with opened((120, 40), None, "w") as seen:
        await seen.shows("Who is waited for · 5")
        worst = seen.row("Hugo Marin")
        assert worst.startswith("✕ Hugo") and "5 h 00" in worst and "31 h 00" in worst and "━━━━" in worst
        await seen.press("j", "enter")
        await seen.shows("by waiting party")
        await seen.marks(21)
        await seen.press("w", "escape")
        await seen.shows("Steps · 13")


async def test_enquiries_are_answered_and_handed_over() -> None:
    async with opened((80, 24), None, "i") as seen:
        await seen.shows("Enquiries · 5")
        assert seen.row("Tallinn").startswith("✕") and "late since Sun 22 10:32" in seen.row("Tallinn")
        assert "answer by Tue 24 11:32" in seen.row("Sigma") and "handed to Greta Lind, late" in seen.row("Oder")
        assert "11/12" in seen.row("Mei Tan      ") and "✕ 1" in seen.row("Ana Ruiz      ")
        assert "v answered  h hand over  n new" in seen.says() and seen.says().startswith(" 1 2 3 4 onboarding")
        await seen.press("v")
        await seen.did("answer", 7, 1, "")
        await seen.told("E-7 Tallinn Tools: answered")
        await seen.press("h")
        await seen.asked("Tallinn Tools: whose customer?")
        await seen.press("enter")
        await seen.until(lambda: any(one[:3] == ("hand", 7, 2) for one in seen.desk.asked))
        await seen.shows("handed to Ivo Tamm")
        await seen.press("h")
        await seen.told("Tallinn Tools is handed over already.")
        await seen.press("v")
        await seen.told("Tallinn Tools is answered already.")
        await seen.press("p")
        await seen.told("An enquiry is no step.")


async def test_who_answered_is_asked_where_an_enquiry_is_nobodys() -> None:
    async with opened((120, 40), None, "i") as seen:
        await seen.shows("Enquiries · 5")
        assert "prices of the portal" in seen.page() and "Assistants, last 30 days" in seen.page()
        await seen.press("j", "v")
        await seen.asked("Sigma Optik: who answered?")
        await seen.type("mei")
        await seen.press("enter")
        await seen.did("answer", 8, 1, "Mei Tan")


async def test_an_enquiry_is_written_down_from_anywhere() -> None:
    async with opened((80, 24), None, "n") as seen:
        await seen.asked("A new enquiry")
        await seen.press("ctrl+s")
        await seen.shows("Who asked: a company, or a name.")
        await seen.type("Elbe AG")
        await seen.press("enter")
        await seen.type("+4940")
        await seen.press("enter", "enter")
        await seen.type("prices")
        await seen.press("ctrl+s")
        await seen.did("add enquiry", "Elbe AG", "+4940", "", "prices", "")
        await seen.told("E-40 Elbe AG: to be answered within a day")
        await seen.shows("Enquiries · 6")


async def test_a_refused_enquiry_is_told() -> None:
    async with opened((120, 40), None, "i") as seen:
        await seen.shows("Enquiries · 5")
        seen.onboarding.enquired = (replace(ENQUIRIES[0], version=5), *ENQUIRIES[1:])
        await seen.press("v")
        await seen.told("✕ Anna changed E-7; look at it again")


# -- everywhere ---------------------------------------------------------------------------------------------------


async def test_exports_give_exact_values(tmp_path: Path) -> None:
    async with opened((120, 40), None, "o", exports=tmp_path) as seen:
        await seen.press("E")
        await seen.told("rows written to")
        await seen.press("c")
        await seen.shows("Customers under way")
        await seen.press("E")
        await seen.told("5 rows written to")
        await seen.press("i")
        await seen.shows("Enquiries · 5")
        await seen.press("E")
        await seen.until(lambda: len(list(tmp_path.iterdir())) == 3)
    name = "onboarding-20261123-143200.csv"
    rows = list(csv.DictReader((tmp_path / name).open(encoding="utf-8")))
    assert len(rows) == len(STEPS_OWED)
    late = next(one for one in rows if one["step"] == "material" and one["customer"] == "Vogt GmbH")
    assert late["due"] == "2026-11-23T09:32:00+01:00" and late["overdue_minutes"] == "300" and late["prods"] == "2"
    blocked = next(one for one in rows if one["step"] == "upload")
    assert (blocked["due"], blocked["blocked_by"], blocked["waiting_on"]) == ("", "material", "Hugo Marin")
    names = {path.name.split("-2026")[0] for path in tmp_path.iterdir()}  # noqa: ASYNC240
    assert names == {"onboarding", "onboarding-customers", "onboarding-enquiries"}


async def test_the_palette_lists_what_can_be_done() -> None:
    async with opened() as seen:
        titles = {command.title for command in seen.app.get_system_commands(seen.app.screen)}
        assert {"Done", "Send back", "Prod", "Reassign", "Group", "Customers", "Waiting", "Enquiries"} <= titles


# -- the panel on the floor ---------------------------------------------------------------------------------------


async def test_the_panel_says_what_is_overdue_and_enter_goes_to_the_step() -> None:
    async with opened((120, 40), None, "1") as seen:
        await seen.shows("Onboarding · 3 overdue  ! 3 today")
        assert "✕ material" in seen.page() and "5 h 00, waits on Hugo" in seen.page() and "due 15:30" in seen.page()
        await seen.press("o", "j", "j", "enter")
        await seen.until(lambda: isinstance(seen.app.screen, OnboardingScreen))
        await seen.marks(21)


async def test_the_panel_opens_a_mode_that_was_not_open_yet() -> None:
    desk = HandmadeDesk()
    app = Console(lambda: desk, LIMITS, clock=lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        seen = Seen(pilot, desk)
        await seen.shows("Onboarding · 3 overdue")
        await seen.press("o", "j", "enter")
        await seen.until(lambda: isinstance(app.screen, OnboardingScreen))
        await seen.marks(31)


async def test_at_80_columns_the_panel_is_a_line_of_counts_and_opens_full() -> None:
    async with opened((80, 24), None, "1") as seen:
        await seen.shows("o onboarding  ✕ 3 overdue  ! 3 due today  5 blocked  5 under way")
        await seen.press("o")
        await seen.until(lambda: "waits on Hugo: material" in seen.page())
        assert "Hugo Marin »2" in seen.page()


async def test_a_quiet_panel_is_not_loud() -> None:
    desk = HandmadeDesk()
    desk.onboarding.steps = ()
    async with opened((120, 40), desk, "1") as seen:
        await seen.shows("Onboarding · 0 overdue")
        assert "Nothing is overdue or due today." in seen.page()


# -- cells, without a screen --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ms", "said"),
    [(-1, "0 min"), (0, "0 min"), (59_999, "0 min"), (59 * 60_000, "59 min"), (3_600_000, "1 h 00"),
     (101 * 3_600_000 + 65_000, "101 h 01")],
)  # fmt: skip
def test_working_time_is_minutes_below_an_hour(ms: int, said: str) -> None:
    assert present.worked(ms) == said


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({"overdue_ms": 1}, "act"),
        ({"overdue_ms": 0, "due_day": TODAY}, "watch"),
        ({"overdue_ms": 0, "due_day": 20261122}, "watch"),  # due when yesterday ended: no working time has passed
        ({"overdue_ms": 0, "due_day": 20261124}, ""),
        ({"state": "blocked", "due_day": None}, ""),
    ],
)
def test_a_step_needs_somebody_from_the_day_it_is_due_on(values: dict[str, Any], level: str) -> None:
    assert present.level(replace(step(1, 1, "material"), **values), TODAY) == level


def test_why_a_step_was_sent_back_is_told_once_though_two_steps_know_it() -> None:
    desk = HandmadeOnboarding([])
    whose, file = desk.customers[2], desk.file(3)
    brief = next(one for one in file.steps if one.code == "article_brief")
    twice = replace(file, steps=tuple(replace(one, runs=brief.runs) for one in file.steps))
    frame = present.Frame(TODAY, ZoneInfo("Europe/Berlin"))
    found = ["".join(cell.text for cell in left) for left, _ in page.lines(whose, twice, "", frame, 100)]
    assert sum("the logo is the old one" in text for text in found) == 1


def test_a_filter_keeps_the_heading_of_what_it_finds() -> None:
    rows = groups.rows(HandmadeOnboarding([]).onboarding(), None, groups.PARTY)
    headings = [row for row in rows.values() if row.heading is not None]
    assert [row.heading.name for row in headings if "Kaiser" in present.text(row)] == ["assistant", "specialist"]
    assert sum(row.heading.steps for row in headings) == len(STEPS_OWED)


async def test_a_payment_is_recorded_from_the_list_and_starts_the_steps() -> None:
    async with opened() as seen:
        await seen.press("m")
        await seen.asked("A payment: of which customer?")
        await seen.type("Kai")
        await seen.shows("Kaiser Logistik")
        await seen.press("enter")
        await seen.asked("A payment of Kaiser Logistik")
        await seen.type("nothing")
        await seen.press("ctrl+s")
        await seen.shows("is not an amount")
        assert not [one for one in seen.desk.asked if one[0] == "pay"]
        await seen.press("home", "ctrl+k")
        await seen.type("9.800,50")
        await seen.press("ctrl+s")
        await seen.until(lambda: [one[2:] for one in seen.desk.asked if one[0] == "pay"] == [("9.800,50", "")])
        await seen.told("the onboarding is begun")
