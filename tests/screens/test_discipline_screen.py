"""Mode 5: every key of the list of flags, flags by hand, and the panel and the marks on the floor."""

from __future__ import annotations

import csv
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual import events

from screens import keys
from screens.app import ConsoleApp
from screens.discipline import detail, lists, present
from screens.discipline.screen import DisciplineScreen
from screens.floor import present as floor_present
from screens.widgets.dialogs import Choice
from screens.widgets.form import Form
from screens.widgets.prompt import Prompt
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.findings import WORDS
from supervisor.duties.discipline.snapshots import TraceLine
from tests.screens.discipline_seen import Flags, opened
from tests.screens.handmade import FLOOR, LIMITS, NOW, PEOPLE, HandmadeDesk, line
from tests.screens.handmade_discipline import DECIDED, MERITS, OPEN, TODAY, HandmadeDiscipline, flag
from tests.screens.handmade_followups import MINUTE

SIZES = [(80, 24), (120, 40), (200, 60)]
KEYS = [str(one.flag_id) for one in OPEN]


# -- the list -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_one_line_of_the_list_says_why_a_flag_was_raised(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        text = "\n".join(seen.text())
        assert list(seen.flags.board.keys) == KEYS
        assert "9 open" in seen.text()[1] and "✕ 4 high" in seen.text()[1] and "” 2 explained" in seen.text()[1]
        assert "6 raised today" in seen.text()[1] and "2 merits" in seen.text()[1] and "14:31" in seen.text()[1]
        assert "Flags that wait · 9  ✕ 4  ! 3" in text
        narrow = size[0] < 150
        first = seen.row("14:10 ")
        assert first.startswith(" ✕ 14:10") and "22 min without a call" in first
        assert ("Hugo M." if narrow else "Hugo Marin") in first and "idle" in first
        assert seen.row("13:28 ").count("”") == 1 and "”" not in seen.row("13:42 ")[:40]
        assert seen.row("20 Nov").startswith(" ✕ 20 Nov") and seen.row("11:12 ").startswith("   11:12")
        assert "pbx:1019" in text


async def test_at_80_columns_the_words_have_half_the_line() -> None:
    columns = {one.id: one for one in present.fitting(present.OPEN_COLUMNS)(80)}
    used = sum(one.width + one.gap for one in columns.values() if one.id != "words")
    assert 80 - used - columns["words"].gap >= 45


@pytest.mark.parametrize("size", [*SIZES, (60, 15)])
async def test_no_line_is_wider_than_the_screen_and_the_footer_has_at_most_eight_keys(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        for pressed in ("enter", "escape", "z", "z", "o", "o", "o", "d", "escape", "f", "escape"):
            await seen.press(pressed)
            await seen.pilot.pause(0.05)
            assert all(len(text) <= size[0] for text in seen.text()), pressed
        footer = seen.flags.query_one("#footer")._content[0]
        assert 1 <= sum(cell.role == "key" for side in footer for cell in side) <= 8


@pytest.mark.parametrize("sets", [present.OPEN_COLUMNS, present.DECIDED_COLUMNS, present.MERIT_COLUMNS])
def test_columns_fit_and_wider_screens_get_more(sets: Any) -> None:
    widths = (66, 80, 120, 200)
    found = {width: present.fitting(sets)(width) for width in widths}
    for width, columns in found.items():
        assert sum(one.width + one.gap for one in columns) <= width
    assert len(found[80]) <= len(found[120]) < len(found[200])


async def test_o_goes_from_open_to_decided_to_merits_and_back() -> None:
    async with opened((80, 24)) as seen:
        await seen.press("o")
        assert "Decided in 30 days · 5" in seen.text()[3] and "o merits" in seen.text()[3]
        assert "talked" in seen.row("Hugo M.") and "anna" in seen.row("Hugo M.") and "headset" in seen.row("Hugo M.")
        assert "withdrawn" in seen.row("Lena O.") and "the source was down" in seen.row("Lena O.")
        await seen.press("o")
        assert "Merits of 30 days · 2" in seen.text()[3]
        assert "noted" in seen.row("Chiara R.") and "won back Kaiser Logistik" in seen.row("Chiara R.")
        assert "rewarded" in seen.row("Greta L.") and "-2" in seen.row("Greta L.")
        await seen.press("o")
        assert list(seen.flags.board.keys) == KEYS
        await seen.press("o", "escape")
        assert list(seen.flags.board.keys) == KEYS


def test_decided_flags_stand_by_when_they_were_decided_and_merits_by_when_they_happened() -> None:
    snapshot = HandmadeDiscipline([]).discipline()
    late = replace(DECIDED[3], decided_us=NOW)
    shuffled = replace(snapshot, decided=(*MERITS, *DECIDED[:3], late, *DECIDED[4:]))
    assert [one.flag_id for one in lists.flags(shuffled, lists.DECIDED)] == [19, 22, 21, 20, 18]
    assert [one.flag_id for one in lists.flags(shuffled, lists.MERITS)] == [17, 16]


async def test_filter_team_sort_copy_export_and_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(ConsoleApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    async with opened(exports=tmp_path) as seen:
        board = seen.flags.board
        await seen.press("slash", *"hugo", "enter")
        assert list(board.keys) == ["31", "23"]
        await seen.press("escape", "t")
        await seen.until(lambda: isinstance(seen.app.screen, Choice))
        await seen.press(*"south", "enter")
        await seen.until(lambda: list(board.keys) == ["30", "28", "25"])
        await seen.press("escape")
        for column in present.SORTS[1:]:
            await seen.press("s")
            orders = [present.order(one, column or "") for one in board.items]
            assert orders == sorted(orders) and f"sort {column}" in "\n".join(seen.text())
        await seen.press("s")
        board.go("31")
        await seen.press("exclamation_mark")
        assert board.key == "28"
        await seen.press("y", "E")
        await seen.until(lambda: "9 rows written to" in seen.says())
    assert "Ivo T." in copied[0]
    (file,) = tmp_path.iterdir()  # noqa: ASYNC240
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert rows[0]["rule"] == "idle" and rows[0]["severity"] == "high" and rows[0]["at"] == "2026-11-23T14:10:00+01:00"
    assert rows[0]["excuses"] == "the break from 12:00 to 13:00" and rows[2]["reply"] == "it was the school of my son"


@pytest.mark.parametrize("column", [one for one in present.DECIDED_SORTS if one is not None])
def test_decided_flags_sort_by_each_column(column: str) -> None:
    orders = sorted(present.order(one, column) for one in (*DECIDED, *MERITS))
    assert len(orders) == 7


async def test_empty_lists_say_what_will_be_here() -> None:
    desk = HandmadeDesk()
    desk.discipline = HandmadeDiscipline(desk.asked, ())
    async with opened(desk=desk) as seen:
        assert "● No flag waits for a decision." in "\n".join(seen.text())
        assert "The rules were last applied: 14:31." in "\n".join(seen.text()) and "0 open" in seen.text()[1]
        await seen.press("d")
        assert "No flag is marked." in seen.says()
        await seen.press("p")
        assert "No flag is marked." in seen.says()
        await seen.press("exclamation_mark")
        assert "No flag of high or medium severity waits." in seen.says()
        seen.book.evaluated_us = None
        seen.flags.wake()
        await seen.shows("The rules have never been applied.")
        assert "! rules never applied" in seen.text()[1]
        seen.book.lines.clear()
        seen.flags.wake()
        await seen.press("o")
        await seen.shows("Nothing was decided in the last 30 days.")
        await seen.press("o")
        await seen.shows("No merit was written down in the last 30 days.")
        await seen.press("slash", "x", "enter")
        await seen.shows("Nothing matches 'x'.")


def test_the_line_of_counts_says_when_the_rules_were_applied_at_any_width() -> None:
    snapshot = HandmadeDiscipline([]).discipline()
    counts = replace(snapshot.counts, open=1234, high=120, explained=34, today=120)
    zone = ZoneInfo("Europe/Berlin")
    for evaluated_us, said in ((None, "! rules never"), (NOW - 1440 * MINUTE, "22 Nov"), (NOW, "14:32")):
        of = replace(snapshot, counts=counts, evaluated_us=evaluated_us)
        for width in (78, 118, 198):
            left, right = lists.totals(of, zone, width)
            assert said in "".join(one.text for one in right) and "120 raised today" in "".join(c.text for c in left)
            assert sum(len(one.text) for one in (*left, *right)) < width


async def test_a_failing_store_is_told_in_words() -> None:
    async with opened((80, 24)) as seen:
        seen.book.failure = OSError("the store is locked")
        seen.flags.wake()
        await seen.shows("✕ not read since 14:32: the store is locked")


# -- the detail ---------------------------------------------------------------------------------------------------


async def test_the_detail_stands_beside_the_list_and_follows_it() -> None:
    async with opened() as seen:
        await seen.shows("3rd idle in 90 days, score 4")
        text = "\n".join(seen.text())
        assert "22 min without a call since 14:10, in working time" in text and "Hugo Marin  North" in text
        assert "figures  minutes 22   from 14:10" in text and "team     North, 9 people" in text
        assert "excuses  the break from 12:00 to 13:00" in text and "Calls behind it · 4" in text
        assert "03:12 answered  Ruhr" in text and "raised by the rule" in text and "high   by rule" in text
        await seen.press("J", "J")
        await seen.shows("3rd private call in 90 days")
        assert "reply    ” it was the school of my son" in "\n".join(seen.text())
        assert "explained by anna" in "\n".join(seen.text()) and "excuses  none was found" in "\n".join(seen.text())
        await seen.press("K")
        await seen.shows("3rd padding in 90 days")
        await seen.press("enter")
        assert seen.flags.detail.board.has_focus
        await seen.press("escape")
        assert seen.flags.board.has_focus and seen.key == "30"


async def test_at_80_columns_enter_opens_the_detail_instead_of_the_list() -> None:
    async with opened((80, 24)) as seen:
        assert "Calls behind it" not in "\n".join(seen.text())
        await seen.press("enter")
        await seen.shows("3rd idle in 90 days, score 4")
        text = "\n".join(seen.text())
        assert "Flags that wait" not in text and "What became of it" in text and "Baltic Steel OÜ" in text
        await seen.press("J")
        await seen.shows("3rd padding in 90 days")
        await seen.press("l", "enter")
        await seen.shows("3rd private call in 90 days")  # the next one, the detail stays open
        await seen.press("escape")
        await seen.shows("Flags that wait · 8")
        assert seen.flags.board.has_focus and seen.key == "29"


async def test_the_number_of_a_call_behind_it_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(ConsoleApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    async with opened() as seen:
        await seen.shows("Calls behind it · 4")
        await seen.press("enter", "j", "y")
        assert copied == ["+37255512345"]


async def test_zoom_gives_the_screen_to_the_list_or_to_the_flag() -> None:
    async with opened() as seen:
        await seen.press("z")
        await seen.until(lambda: seen.flags.board.region.width == 120)
        assert "private call" in seen.row("13:28 ") and "no customer's number" in seen.row("13:28 ")
        await seen.press("enter")
        await seen.until(lambda: seen.flags.detail.region.width == 120)
        await seen.press("escape")
        await seen.until(lambda: 40 < seen.flags.detail.region.width < 60)
        await seen.press("z")
        await seen.until(lambda: seen.flags.detail.region.width == 120)
        await seen.press("z")
        await seen.until(lambda: 40 < seen.flags.detail.region.width < 60)


async def test_a_detail_that_was_open_on_a_narrow_screen_stands_beside_on_a_wide_one() -> None:
    async with opened((80, 24)) as seen:
        await seen.press("enter")
        await seen.until(lambda: seen.flags.detail.region.width == 80)
        await seen.pilot.resize_terminal(120, 40)
        await seen.until(lambda: 40 < seen.flags.detail.region.width < 60 and seen.flags.board.region.width > 60)
        await seen.shows("3rd idle in 90 days")
        await seen.pilot.resize_terminal(80, 24)
        await seen.until(lambda: seen.flags.board.region.width == 80)


async def test_of_an_unknown_phone_and_of_what_is_decided() -> None:
    async with opened() as seen:
        seen.flags.board.go("27")
        await seen.shows("nobody knows whose phone this is")
        await seen.press("o")
        await seen.shows("decided  talked by anna")
        assert "headset broken" in "\n".join(seen.text()) and "(2 points now)" in "\n".join(seen.text())
        await seen.press("o")
        await seen.shows("noted by anna")
        assert "No call is behind it." in "\n".join(seen.text())


def test_a_long_trace_shows_its_newest_lines() -> None:
    told = [TraceLine(NOW - n * MINUTE, "", f"changed {n}", "") for n in range(20, 0, -1)]
    rows = detail.trace(told, TODAY, ZoneInfo("Europe/Berlin"), 80)
    assert len(rows) == detail.TRACE_LINES and "changed 1" in rows[-1][0][1].text
    assert (
        detail.figures({"share": 0.12345, "team_median": 12, "from": "9:00"})
        == "share 0.123   team median 12   from 9:00"
    )


# -- decisions ----------------------------------------------------------------------------------------------------


async def test_a_talk_is_two_keys_and_the_cursor_is_on_the_next_flag() -> None:
    async with opened() as seen:
        for at, key in enumerate(KEYS[:3]):
            assert seen.key == key
            await seen.press("l", "enter")  # the budget: two keys an exception
            await seen.until(lambda at=at: seen.key == KEYS[at + 1])
        await seen.until(lambda: len(seen.book.did("decide")) == 3)
        versions = {one.flag_id: one.version for one in OPEN}
        assert seen.book.did("decide") == [
            ("decide", int(key), versions[int(key)], "talked", "") for key in KEYS[:3]
        ]  # fmt: skip
        await seen.until(lambda: list(seen.flags.board.keys) == KEYS[3:])
        await seen.told("● Greta Lind, private call: talked")


async def test_whoever_types_ahead_decides_one_flag_after_the_other() -> None:
    async with opened() as seen:
        await seen.press("l", "enter", "d", "enter", "l", "enter")
        await seen.until(lambda: list(seen.flags.board.keys) == KEYS[3:])
        assert [one[1] for one in seen.book.did("decide")] == [31, 30, 29]


async def test_what_was_talked_about_is_kept() -> None:
    async with opened() as seen:
        await seen.press("l")
        await seen.shows("Talked with Hugo Marin, idle 14:10: what about?")
        await seen.type("new headset")
        await seen.press("enter")
        await seen.told("talked")
        assert seen.book.did("decide") == [("decide", 31, 1, "talked", "new headset")]


async def test_a_dismissal_takes_a_likely_reason_with_enter_or_any_other() -> None:
    async with opened() as seen:
        await seen.press("d", "enter")  # the budget: two keys an exception
        await seen.told("Hugo Marin, idle: dismissed")
        assert seen.key == "30"
        await seen.press("d", "down", "enter")
        await seen.told("Lena Ott")
        await seen.press("d")
        await seen.shows("explained: it was the school of my son")
        await seen.press("enter")
        await seen.told("Greta Lind")
        await seen.press("d")
        await seen.type("he could not know")
        await seen.press("enter")
        await seen.told("Ivo Tamm")
        assert [(one[1], one[4]) for one in seen.book.did("decide")] == [
            (31, "excused"), (30, "measured wrongly"), (29, "explained: it was the school of my son"),
            (28, "he could not know"),
        ]  # fmt: skip


async def test_a_warning_says_why_and_escape_leaves_it() -> None:
    async with opened() as seen:
        await seen.press("w")
        await seen.shows("Warn Hugo Marin, idle 14:10: why?")
        await seen.press("escape")
        assert seen.book.did("decide") == [] and seen.key == "31"
        await seen.press("w", "enter")
        await seen.told("warned")
        assert seen.book.did("decide") == [("decide", 31, 1, "warned", "again after a talk")]


async def test_the_last_of_the_list_leaves_the_cursor_on_the_one_above() -> None:
    async with opened() as seen:
        await seen.press("G", "l", "enter")
        await seen.until(lambda: seen.key == KEYS[-2])


async def test_a_fine_needs_amount_reason_and_the_name_typed() -> None:
    async with opened() as seen:
        await seen.press("f")
        await seen.until(lambda: isinstance(seen.app.screen, Form))
        await seen.shows("Fine Hugo Marin, idle 14:10")
        await seen.shows("type Hugo Marin to confirm")
        await seen.press("ctrl+s")
        await seen.shows("no amount; write 9800.00")
        await seen.type("0")
        await seen.shows("an amount above 0 is expected")
        await seen.press("backspace")
        await seen.type("25,50")
        await seen.shows("→ 25.50 EUR")
        await seen.press("enter", "ctrl+s")
        await seen.shows("say why: it is kept")
        await seen.type("third time")
        await seen.press("enter")
        await seen.type("Hugo")
        await seen.press("enter")
        await seen.pilot.pause(0.05)
        assert isinstance(seen.app.screen, Form) and seen.book.did("fine") == []
        await seen.type(" marin")
        await seen.shows("→ confirmed")
        await seen.press("enter")
        await seen.told("Hugo Marin, idle: fined 25,50 EUR")
        assert seen.book.did("fine") == [("fine", 31, 1, "25,50", "third time", "Hugo marin")]
        assert seen.key == "30"


async def test_a_refused_fine_is_told_the_flag_is_back_and_what_was_typed_is_there_again() -> None:
    async with opened() as seen:
        await seen.press("f")
        await seen.until(lambda: isinstance(seen.app.screen, Form))
        await seen.type("25")
        await seen.press("enter")
        await seen.type("third time")
        await seen.press("enter")
        await seen.type("Hugo Marin")
        seen.book.refuse = RefusedError("fines are a director's")
        await seen.press("enter")
        await seen.told("✕ fines are a director's")
        await seen.until(lambda: seen.key == "31")
        await seen.press("f")
        await seen.until(lambda: isinstance(seen.app.screen, Form))
        await seen.shows("third time")
        values = seen.app.screen.values()
        assert values == {"amount": "25", "why": "third time", "name": ""}  # the name is typed each time
        await seen.press("escape")


async def test_a_flag_that_somebody_changed_meanwhile_is_refused_and_read_anew() -> None:
    async with opened() as seen:
        seen.book.lines[31] = replace(seen.book.lines[31], version=5, words="31 min without a call")
        await seen.press("l", "enter")
        await seen.told("✕ Hugo Marin's flag was changed meanwhile: look again")
        await seen.until(lambda: seen.key == "31" and "31 min" in seen.row("14:10 "))
        await seen.press("l", "enter")
        await seen.told("talked")
        assert seen.book.did("decide")[-1] == ("decide", 31, 5, "talked", "")


async def test_undo_brings_a_decided_flag_back() -> None:
    async with opened() as seen:
        await seen.press("d", "enter")
        await seen.told("dismissed")
        await seen.press("u")
        await seen.told("undone: Hugo Marin, idle")
        await seen.until(lambda: list(seen.flags.board.keys) == KEYS and seen.key == "31")


async def test_keys_that_come_in_one_burst_take_the_option_that_was_meant() -> None:
    async with opened() as seen:
        await seen.press("d")
        await seen.until(lambda: isinstance(seen.app.screen, Prompt))
        for key in ("down", "down", "up", "enter"):
            seen.app.post_message(events.Key(key, None))
        await seen.until(lambda: seen.book.did("decide"))
        assert seen.book.did("decide")[0][4] == "measured wrongly"


async def test_the_reply_explains_a_flag_which_waits_on() -> None:
    async with opened() as seen:
        await seen.press("e")
        await seen.shows("Hugo Marin, idle 14:10: what do they say to it?")
        await seen.type("my headset broke")
        await seen.press("enter")
        await seen.told("explained")
        assert seen.book.did("reply") == [("reply", 31, 1, "my headset broke")] and seen.key == "31"
        await seen.until(lambda: "”" in seen.row("14:10 ") and "3 explained" in seen.text()[1])
        await seen.press("e")
        await seen.until(lambda: isinstance(seen.app.screen, Prompt))
        assert seen.app.screen.line.value == "my headset broke"


async def test_a_merit_is_rewarded_by_an_amount_or_thanks_and_nothing_else() -> None:
    async with opened() as seen:
        await seen.press("r")
        assert "Only a merit is rewarded" in seen.says()
        await seen.press("o", "o")
        for pressed in "dlwfe":
            await seen.press(pressed)
            assert "A merit is rewarded, not judged." in seen.says()
        await seen.press("r")
        await seen.until(lambda: isinstance(seen.app.screen, Form))
        await seen.shows("→ thanks alone")
        await seen.type("50")
        await seen.press("ctrl+s")
        await seen.told("Chiara Rossi, merit: rewarded 50 EUR")
        assert seen.book.did("reward") == [("reward", 17, 1, "50", "won back Kaiser Logistik")]
        await seen.until(lambda: "rewarded" in seen.row("Chiara R."))
        await seen.press("r")
        await seen.told("This merit is rewarded already.")


async def test_what_is_decided_or_an_unknown_phones_is_refused_in_words() -> None:
    async with opened() as seen:
        seen.flags.board.go("27")
        for pressed in ("f", "p"):
            await seen.press(pressed)
            assert "Nobody knows whose phone this is: adopt it on the floor." in seen.says()
        await seen.press("W")
        assert "Nobody knows whose phone pbx:1019 is" in seen.says()
        await seen.press("o")
        for pressed in "dlwfe":
            await seen.press(pressed)
            assert "This flag is talked already; an act of yours is undone with u." in seen.says()
        assert seen.book.asked == []


async def test_the_help_says_why_a_key_can_do_nothing() -> None:
    async with opened() as seen:
        await seen.press("o", "question_mark")
        await seen.shows("this flag is talked already")
        assert "A flag or a merit by hand" in "\n".join(seen.text())


# -- the ways from here -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "name"), [("a", "attendance"), ("m", "money"), ("v", "tryout"), ("b", "morale"), ("p", "page")]
)
async def test_letters_open_the_further_screens(key: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[tuple[Any, ...]] = []
    module = ModuleType(f"screens.discipline.{name}")
    setattr(module, f"open_{name}", lambda screen, *more: went.append((screen, *more)))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    async with opened() as seen:
        await seen.press("j", key)
        assert went == [(seen.flags, *(([3, 5, 2, 4, 7, 6, 8], 5) if name == "page" else ()))]


# -- by hand ------------------------------------------------------------------------------------------------------

AT_ONCE = {"W": "irrelevant_web_pages", "C": "private_chat", "N": "noise", "M": "mobile_phone"}


@pytest.mark.parametrize(("key", "rule"), AT_ONCE.items())
async def test_one_key_writes_a_flag_down_for_the_marked_flags_specialist(key: str, rule: str) -> None:
    async with opened() as seen:
        await seen.press(key)
        await seen.told(f"● Hugo Marin: {WORDS[rule]}   u undoes it")
        assert seen.book.did("raise_by_hand") == [("raise_by_hand", 3, rule, "")]
        await seen.until(lambda: len(seen.flags.board.keys) == 10)
        await seen.press("u")
        await seen.told("undone: Hugo Marin")
        await seen.until(lambda: list(seen.flags.board.keys) == KEYS)


async def test_any_other_breach_and_a_merit_ask_what() -> None:
    async with opened() as seen:
        await seen.press("O", "enter")
        await seen.shows("Hugo Marin: what was seen?")
        assert seen.book.asked == []  # nothing said, nothing kept
        await seen.type("slept")
        await seen.press("enter")
        await seen.told("Hugo Marin: other")
        await seen.press("plus")
        await seen.shows("what was done well?")
        await seen.type("stayed late")
        await seen.press("enter")
        await seen.told("Hugo Marin: merit")
        assert [one[2:] for one in seen.book.did("raise_by_hand")] == [("other", "slept"), ("merit", "stayed late")]


async def test_where_no_flag_is_marked_it_is_asked_whose() -> None:
    desk = HandmadeDesk()
    desk.discipline = HandmadeDiscipline(desk.asked, ())
    async with opened(desk=desk) as seen:
        await seen.press("N")
        await seen.shows("Noise: whose?")
        await seen.type("ivo")
        await seen.press("enter")
        await seen.told("Ivo Tamm: noise")
        await seen.until(lambda: len(seen.flags.board.keys) == 1)


async def test_a_refused_flag_by_hand_is_told() -> None:
    async with opened() as seen:
        seen.book.refuse = RefusedError("Hugo Marin does not work here today")
        await seen.press("N")
        await seen.told("✕ Hugo Marin does not work here today")


# -- on the floor -------------------------------------------------------------------------------------------------

MARKED = {"Hugo Marin": (2, 1), "Greta Lind": (1, 0), "Ivo Tamm": (0, 1), "Lena Ott": (12, 0)}


def marked_floor() -> HandmadeDesk:
    """A floor on which something waits of four people."""
    marks = {one.name: MARKED.get(one.name, (0, 0)) for one in PEOPLE}
    people = (replace(one, flags=marks[one.name][0], prods=marks[one.name][1]) for one in PEOPLE)
    return HandmadeDesk(replace(FLOOR, specialists=tuple(people)))


@asynccontextmanager
async def floor(size: tuple[int, int], **options: Any) -> AsyncIterator[Flags]:
    desk = marked_floor()
    async with ConsoleApp(lambda: desk, LIMITS, clock=lambda: NOW, **options).run_test(size=size) as pilot:
        seen = Flags(pilot, desk)
        await seen.until(lambda: seen.screen.board.keys and all(view.snapshot for view in seen.screen.views))
        await pilot.pause()
        yield seen


@pytest.mark.parametrize("size", SIZES)
async def test_rows_of_the_floor_tell_of_flags_and_reminders(size: tuple[int, int]) -> None:
    async with floor(size) as seen:
        rows = {name: next(text for text in seen.text() if f" {name} " in text) for name in MARKED}
        assert "⚑2»" in rows["Hugo Marin"] and "⚑1 " in rows["Greta Lind"] and "⚑+" in rows["Lena Ott"]
        assert "»" in rows["Ivo Tamm"] and "⚑" not in rows["Ivo Tamm"] and "⚑" not in seen.row("Chiara Rossi")


async def test_the_detail_of_a_row_says_the_marks_in_words_and_s_sorts_by_them() -> None:
    async with floor((120, 40)) as seen:
        seen.screen.board.sort("flags")
        assert seen.screen.board.items[0].name == "Lena Ott"
        seen.screen.board.go("Hugo Marin")
        await seen.press("enter")
        await seen.shows("⚑ 2 flags wait   » 1 reminder of a step they hold")
    assert floor_present.waiting_words(line("Pia Sand")) == []
    assert floor_present.waiting(line("Pia Sand", flags=1)).text == "⚑1"


async def test_the_panel_of_flags_and_the_way_to_one_of_them() -> None:
    async with floor((120, 40)) as seen:
        text = "\n".join(seen.text())
        assert "Flags · 9 open  ✕ 4 high" in text and "✕ blocked  Ivo T.    12:57  dialled Vogt" in text
        await seen.press("r", "j", "j", "j", "enter")
        await seen.until(lambda: isinstance(seen.app.screen, DisciplineScreen))
        await seen.until(lambda: seen.key == "28")
        await seen.press("o", "1", "r", "K", "enter")
        await seen.until(lambda: isinstance(seen.app.screen, DisciplineScreen) and seen.key == "29")
        assert seen.flags.list == lists.OPEN


async def test_at_80_columns_the_panel_is_a_line_of_counts_and_opens_full() -> None:
    async with floor((80, 24)) as seen:
        assert any("r flags 9 open  ✕ 4 high  ” 2 explained" in text for text in seen.text())
        await seen.press("r")
        await seen.shows("11 min with +49 171 5550199, no customer's")
        await seen.press("c")
        await seen.shows("Calls · 11")


async def test_flags_by_hand_on_the_floor() -> None:
    async with floor((120, 40)) as seen:
        seen.screen.board.go("Greta Lind")
        await seen.press("M")
        await seen.until(lambda: seen.book.did("raise_by_hand") == [("raise_by_hand", 1, "mobile_phone", "")])
        await seen.told("u undoes it")
        seen.screen.board.go("pbx:1019")
        await seen.press("C")
        assert "Nobody knows whose phone pbx:1019 is: a says whose." in seen.says()
        await seen.press("r", "N")
        await seen.shows("Noise: whose?")  # a panel has the focus: no row of the calls is marked
        await seen.press("escape")
        assert len(seen.book.did("raise_by_hand")) == 1


async def test_an_empty_panel_and_one_that_was_not_read() -> None:
    from screens.discipline.panel import FlagsOnFloor

    panel = FlagsOnFloor()
    assert panel.key is keys.BY_ID["panel-discipline"]
    assert [one.text for one in (*panel.title(None), *panel.counts(None))] == ["Flags", "flags"]
    calm = HandmadeDiscipline([], (flag(1, 3, "noise", 5, "noise"),)).panel()
    assert "".join(one.text for one in panel.title(calm)) == "Flags · 1 open"
    assert "".join(one.text for one in panel.counts(calm)) == "flags 1 open  0 high  ” 0 explained"
    assert "No flag waits" in panel.empty()[0]
