"""Mode 8: every key of the audit, the day at a glance, the lists, another day, and signing."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from screens import keys, modes
from screens.app import ConsoleApp
from screens.audit import acts, glance, item, lists, people, person, present, tables
from screens.audit.known import Known
from screens.audit.pending import Pending
from screens.widgets.cells import columns_of
from screens.widgets.dialogs import Ask, Choice
from screens.widgets.form import Form
from screens.widgets.help import Help
from screens.widgets.prompt import Prompt
from supervisor.duties.audit.snapshots import ACCEPTED, CORRECTED, DISCREPANCIES, FLAGGED, OPEN, Correction
from supervisor.duties.calls.refusals import RefusedError
from tests.screens.audit_seen import Audit, opened
from tests.screens.handmade import NOW, HandmadeDesk, day
from tests.screens.handmade_audit import (
    ALONE,
    AWAY,
    BLOCKED,
    EARLY,
    FOUND,
    FRIDAY,
    INFLATED,
    INFLATED_LOG,
    MINUTE,
    NINE,
    PRIVATE,
    REVISIONS,
    SHARED,
    THURSDAY,
    TODAY,
    UNLOGGED,
    audited,
    nothing,
    signed,
)

SIZES = [(80, 24), (120, 40), (200, 60)]
BERLIN = ZoneInfo("Europe/Berlin")
OPEN_KEYS = [one.id for one in FOUND if one.state == OPEN]


async def go(seen: Audit, item: str) -> None:
    """Mark the row with the key `item`, and let what belongs to it be read."""
    seen.audit.board.go(item)
    await seen.pilot.pause(0.4)


# -- the day at a glance ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_the_day_adds_up_at_a_glance(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        text = "\n".join(seen.text())
        assert "Mon 23 Nov, today so far" in seen.text()[1]
        assert "dials 594" in seen.text()[1] and "talk 8 h 26" in seen.text()[1]
        assert "● balanced  608 calls = internal 14 · ✕ do-not-call 1" in text and "not connected 338" in text
        assert "105 logs  = matched 97 · ✕ log, no call 3 · not a call 5" in text
        assert "✕ 11 of 13 discrepancies open   ” 2 explained" in text
        assert "private? 1" in text and "! private?" not in text  # all of its class are decided
        assert list(seen.audit.board.keys)[: len(OPEN_KEYS)] == OPEN_KEYS
        assert all(len(line) <= size[0] for line in seen.text())


def test_the_classes_of_the_glance_are_those_of_the_day_and_none_is_cut() -> None:
    zone = BERLIN
    for width in (78, 118, 198):
        lines = glance.glance(audited(), FOUND, TODAY, zone, width, glance.Hints())
        assert all(columns_of(*left, *right) <= width for left, right in lines)
        text = " ".join("".join(cell.text for cell in left) for left, _ in lines)
        for name, count in audited().call_classes.items():
            assert f"{present.class_words(name)} {count}" in text
    unknown = replace(audited(), call_classes={"internal": 1, "of_a_later_version": 2})
    text = str(glance.glance(unknown, (), TODAY, zone, 118, glance.Hints()))
    assert "of a later version" in text


def test_one_of_something_is_not_many() -> None:
    assert [present.counted(count, "discrepancy") for count in (0, 1, 1003)] == [
        "0 discrepancies", "1 discrepancy", "1 003 discrepancies",
    ]  # fmt: skip
    assert present.counted(1, "call") == "1 call" and present.counted(2, "log") == "2 logs"


def test_a_residue_is_loud() -> None:
    bad = replace(audited(), balanced=False, residue=("612 calls, 611 in classes", "b", "c", "d", "e"))
    lines = glance.glance(bad, FOUND, TODAY, BERLIN, 118, glance.Hints())
    cells = [cell for left, _ in lines for cell in left]
    assert ("✕ NOT BALANCED  ", "act") in cells and ("✕ 612 calls, 611 in classes", "act") in cells
    assert ("✕ and 2 more", "act") in cells and "● balanced" not in str(cells)


def test_a_day_without_anything_says_so() -> None:
    lines = glance.glance(nothing(TODAY), (), TODAY, BERLIN, 78, glance.Hints())
    text = str(lines)
    assert "no discrepancy" in text and text.count("'none'") == 2


async def test_a_signed_day_shows_by_whom_and_when_and_its_revisions_loud() -> None:
    async with opened((80, 24)) as seen:
        await seen.press("left", "left", "left")
        await seen.shows("Fri 20 Nov, 3 days ago")
        text = "\n".join(seen.text())
        assert "● signed by anna 21 Nov 14:32  All looked at; Hugo brings his logs up to date." in text
        assert "✕ 4 revisions since it was signed" in text and "Hugo Marin, effective: 9 → 10" in text
        assert "and 2 more" in text and "● all of 13 discrepancies decided" in text
        await seen.press(*"ooooo")
        assert "Revisions · 4" in "\n".join(seen.text())
        assert "nothing" in seen.row("call:pbx:991") and "unlogged" in seen.row("call:pbx:991")
        await seen.press("left")
        await seen.shows("Thu 19 Nov, 4 days ago")
        text = "\n".join(seen.text())
        assert "revision" not in text and "Discrepancies · 13" in text


def test_few_revisions_are_all_told() -> None:
    told = str(glance.glance(signed(FRIDAY, REVISIONS[:3]), (), TODAY, BERLIN, 118, glance.Hints()))
    assert "3 revisions" in told and "call:pbx:77" in told and "more" not in told
    told = str(glance.glance(signed(FRIDAY, REVISIONS[:1]), (), TODAY, BERLIN, 118, glance.Hints()))
    assert "1 revision since" in told


# -- the list and the detail --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_one_line_says_what_whose_with_whom_when_and_why(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        row = seen.row("09:12")
        assert row.startswith(" ✕ do-not-call") and ("Ivo Tamm" if size[0] == 200 else "Ivo T.") in row
        assert "Vogt & S" in row and "called V" in row
        assert "08:22 ”" in "\n".join(seen.text()) and "”" not in row[:60]
        decided = seen.row("11:21")
        assert decided.startswith(" ● unlogged") and "accepted" in decided
        assert seen.row("12:20").startswith(" ⚑ private?")
        assert "Discrepancies · 13  ✕ 6  ! 5" in "\n".join(seen.text())


@pytest.mark.parametrize("size", [*SIZES, (60, 15)])
async def test_no_line_is_wider_than_the_screen_and_the_footer_has_at_most_eight_keys(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        for pressed in ("enter", "escape", "z", "z", *"ooooo", "y", "escape", "left", "f", "escape", "d", "escape"):
            await seen.press(pressed)
            await seen.pilot.pause(0.05)
            assert all(len(line) <= size[0] for line in seen.text()), pressed
        footer = seen.audit.query_one("#footer")._content[0]
        assert 1 <= sum(cell.role == "key" for side in footer for cell in side) <= 8


def test_columns_fit_and_wider_screens_get_more() -> None:
    shapes = (present.columns, people.person_columns, tables.call_columns, tables.log_columns)
    for columns in shapes:
        for width in (66, 80, 120, 200):
            assert sum(one.width + one.gap for one in columns(width)) <= width, columns
        assert len(columns(66)) <= len(columns(80)) <= len(columns(120))


async def test_at_80_enter_opens_call_and_log_side_by_side_and_j_stays_in_it() -> None:
    async with opened((80, 24)) as seen:
        await go(seen, INFLATED.id)
        await seen.press("enter")
        await seen.shows("the phones say")
        await seen.shows("write the true duration into the log")
        assert seen.row("at  ").split() == ["at", "10:36:00", "10:39"]
        assert seen.row("talk  ").split() == ["talk", "03:10", "12:00"]
        assert seen.row("outcome  ").split() == ["outcome", "answered", "interested"]
        assert "two-step payment" in "\n".join(seen.text()) and "Discrepancies" not in "\n".join(seen.text())
        assert seen.row("▸").split()[1] == "10:36"
        await seen.press("J")
        await seen.shows("no log")
        assert seen.key == UNLOGGED[0].id and "unlogged" in seen.text()[1]
        await seen.press("K", "escape")
        assert seen.key == INFLATED.id and "Discrepancies" in "\n".join(seen.text())


async def test_the_detail_stands_beside_the_list_and_enter_goes_into_the_calls_around() -> None:
    async with opened() as seen:
        await go(seen, ALONE[0].id)
        text = "\n".join(seen.text())
        assert (
            "no call" in text and "” reached on his mobile phone" in text and "Calls of Hugo Marin around 11:10" in text
        )
        await seen.press("enter")
        assert seen.audit.item.board.has_focus
        await seen.press("escape")
        assert seen.audit.board.has_focus


def test_what_is_not_known_of_a_call_or_a_log_is_said() -> None:
    bare = replace(UNLOGGED[0], talk_ms=None, company="", number="", effective=False)
    rows = item.beside(bare, replace(INFLATED_LOG, claimed_ms=None, outcome=""), "matched", BERLIN, 60)
    text = [" ".join(cell.text.strip() for cell in left) for left, _ in rows]
    assert "talk unknown  not told" in text and "number unknown" in str(text) and "nobody's number" in str(text)


def test_calls_around_are_of_the_same_specialist_within_three_quarters_of_an_hour() -> None:
    def at(minutes: float, name: str = "Hugo Marin") -> Any:
        return replace(INFLATED, id=f"call:{name}{minutes}", specialist=name, started_us=NINE + int(minutes * MINUTE))

    calls = [at(90), at(15), at(14.9), at(60, "Ivo Tamm"), at(105), at(105.1)]
    found = item.around(calls, "Hugo Marin", NINE + 60 * MINUTE)
    assert [(one.started_us - NINE) / MINUTE for one in found] == [15, 90, 105]


# -- deciding: at most two keys each ------------------------------------------------------------------------------


async def test_y_accepts_at_once_what_is_explained_and_goes_to_the_next_open_one() -> None:
    async with opened() as seen:
        assert seen.key == EARLY.id
        await seen.press("y")
        assert seen.key == BLOCKED.id and not isinstance(seen.app.screen, Prompt)
        await seen.until(lambda: seen.asked("accept"))
        assert seen.asked("accept") == [("accept", TODAY, EARLY.id, "the customer asked for a call before nine")]
        await seen.until(lambda: seen.audit.snapshot is not None and seen.audit.snapshot.open == 10)
        assert "10 of 13 discrepancies open" in "\n".join(seen.text())
        assert list(seen.audit.board.keys)[10] == EARLY.id  # behind those that are open


async def test_y_asks_why_otherwise_and_enter_takes_the_likeliest() -> None:
    async with opened() as seen:
        await seen.press("j", "y")
        assert isinstance(seen.app.screen, Prompt) and "the customer asked for the call" in "\n".join(seen.text())
        await seen.press("enter")
        await seen.until(lambda: seen.asked("accept"))
        assert seen.asked("accept")[-1][2:] == (BLOCKED.id, acts.LIKELY["do_not_call"][0]) and seen.key == AWAY.id
        await seen.press("y")
        await seen.type("came at noon")
        await seen.press("enter")
        await seen.until(lambda: len(seen.asked("accept")) == 2)
        assert seen.asked("accept")[-1][2:] == (AWAY.id, "came at noon")


@pytest.mark.parametrize("class_", DISCREPANCIES)
def test_every_class_has_words_a_level_and_likely_reasons(class_: str) -> None:
    assert acts.LIKELY[class_] and present.LEVELS[class_] in ("act", "watch") and class_ in present.WORDS


async def test_c_does_the_one_way_at_once() -> None:
    async with opened() as seen:
        await go(seen, INFLATED.id)
        await seen.press("c")
        await seen.until(lambda: seen.asked("correct"))
        assert seen.asked("correct") == [("correct", TODAY, INFLATED.id, "duration", "")]
        assert seen.key == UNLOGGED[0].id
        await seen.until(lambda: seen.book.found(INFLATED.id).state == CORRECTED)


async def test_c_asks_which_of_several_ways_and_what_it_needs() -> None:
    async with opened() as seen:
        await go(seen, UNLOGGED[0].id)
        await seen.press("c")
        assert "write the missing log, of other minutes" in "\n".join(seen.text())
        await seen.press("enter")
        await seen.until(lambda: seen.asked("correct"))
        assert seen.asked("correct")[-1] == ("correct", TODAY, UNLOGGED[0].id, "log", "")
        await go(seen, UNLOGGED[3].id)
        await seen.press("c", "down", "enter")
        assert "how many minutes?" in "\n".join(seen.text()) and "3.2 minutes of talk" in "\n".join(seen.text())
        await seen.press(*["backspace"] * 3, *"many", "enter")
        assert "'many' is no number of minutes" in "\n".join(seen.text())
        await seen.press(*["backspace"] * 4, *"4", "comma", *"5", "enter")
        await seen.until(lambda: len(seen.asked("correct")) == 2)
        assert seen.asked("correct")[-1] == ("correct", TODAY, UNLOGGED[3].id, "log_minutes", "4.5")
        await go(seen, UNLOGGED[2].id)
        await seen.press("c", "down", "down", "enter", *"wrong", "enter")
        await seen.until(lambda: len(seen.asked("correct")) == 3)
        assert seen.asked("correct")[-1][3:] == ("log_note", "wrong")


async def test_c_finds_the_customer_as_mode_2_does() -> None:
    async with opened() as seen:
        await go(seen, SHARED.id)
        await seen.press("c")
        assert "which customer?" in "\n".join(seen.text())
        await seen.press(*"ruhr")
        await seen.shows("Ruhr Pumpen GmbH · Estonia")
        await seen.press("enter")
        await seen.until(lambda: seen.asked("correct"))
        assert seen.asked("correct")[-1] == ("correct", TODAY, SHARED.id, "assign", "K003")


async def test_c_asks_for_hours_and_for_a_company() -> None:
    async with opened() as seen:
        await go(seen, EARLY.id)
        await seen.press("c")
        assert "from when until when?" in "\n".join(seen.text())
        await seen.press("enter")
        assert isinstance(seen.app.screen, Prompt) and not seen.asked("correct")
        await seen.press(*"8-17", "enter")
        await seen.until(lambda: seen.asked("correct"))
        assert seen.asked("correct")[-1] == ("correct", TODAY, EARLY.id, "hours", "08:00-17:00")
        seen.book.ways["absent_but_calling"] = (Correction("new_customer", "the number is a new one's", "company"),)
        await go(seen, AWAY.id)
        await seen.press("c", "enter")
        await seen.until(lambda: len(seen.asked("correct")) == 2)
        assert seen.asked("correct")[-1] == ("correct", TODAY, AWAY.id, "new_customer", AWAY.company)


async def test_c_asks_before_a_customer_may_be_called_again() -> None:
    async with opened() as seen:
        await go(seen, BLOCKED.id)
        await seen.press("c")
        await seen.until(lambda: isinstance(seen.app.screen, Ask))
        await seen.press("escape")
        assert not seen.asked("correct") and seen.key == BLOCKED.id
        await seen.press("c")
        await seen.until(lambda: isinstance(seen.app.screen, Ask))
        await seen.press("enter")
        await seen.until(lambda: seen.asked("correct"))
        assert seen.asked("correct") == [("correct", TODAY, BLOCKED.id, "may_call", "")]


async def test_c_says_where_there_is_no_way() -> None:
    async with opened() as seen:
        await go(seen, ALONE[1].id)
        await seen.press("c")
        await seen.told("There is no way to correct this (log, no call): accept it or flag it.")


async def test_c_works_before_the_ways_are_read() -> None:
    async with opened() as seen:
        seen.audit.board.go(AWAY.id)
        assert seen.audit.ways_of(FOUND[2]) is None
        await seen.press("c")
        await seen.until(lambda: seen.asked("correct"))
        assert seen.asked("correct") == [("correct", TODAY, AWAY.id, "present", "")]


async def test_f_suggests_why_and_enter_takes_it() -> None:
    async with opened() as seen:
        await go(seen, AWAY.id)
        await seen.press("f", "enter")
        await seen.until(lambda: seen.asked("flag"))
        assert seen.asked("flag") == [("flag", TODAY, AWAY.id, AWAY.why)] and seen.key == INFLATED.id


async def test_all_open_ones_are_done_with_at_most_two_keys_each() -> None:
    async with opened() as seen:
        pressed = 0
        while seen.audit.open_count:
            explained = bool(seen.audit.marked and seen.audit.marked.explanation)
            await seen.press(*(["y"] if explained else ["y", "enter"]))
            pressed += 1 if explained else 2
        assert pressed == 2 * 9 + 2
        await seen.until(lambda: len(seen.asked("accept")) == 11)
        await seen.until(lambda: seen.book.states()[OPEN] == 0)
        await seen.shows("● all of 13 discrepancies decided")
        await seen.press("y")
        await seen.told("already; an act of yours is undone with u.")
        assert len(seen.asked("accept")) == 11


async def test_a_accepts_all_that_are_explained_and_asks_first() -> None:
    async with opened() as seen:
        await seen.press("A")
        await seen.until(lambda: isinstance(seen.app.screen, Ask))
        assert "Accept 2 explained discrepancies?" in "\n".join(seen.text())
        await seen.press("n")
        assert not seen.asked("accept_explained")
        await seen.press("A")
        await seen.until(lambda: isinstance(seen.app.screen, Ask))
        await seen.press("y")
        await seen.until(lambda: seen.asked("accept_explained"))
        await seen.until(lambda: seen.audit.open_count == 9)
        await seen.press("A")
        await seen.told("No open discrepancy has an explanation.")


async def test_what_is_refused_is_told_and_open_again_under_the_cursor() -> None:
    async with opened() as seen:
        seen.book.refuse = RefusedError("paul accepted it already")
        await seen.press("y")
        await seen.told("✕ paul accepted it already")
        await seen.until(lambda: seen.key == EARLY.id)
        assert seen.audit.open_count == 11 and not seen.asked("accept")


async def test_u_brings_the_cursor_back() -> None:
    async with opened() as seen:
        await seen.press("y", "y", "enter")
        await seen.until(lambda: len(seen.asked("accept")) == 2)
        await seen.press("u")
        await seen.until(lambda: seen.key == BLOCKED.id and seen.audit.open_count == 10)
        await seen.press("u")
        await seen.until(lambda: seen.key == EARLY.id and seen.audit.open_count == 11)


async def test_what_is_accepted_can_be_flagged_and_what_is_flagged_accepted_with_a_reason() -> None:
    async with opened() as seen:
        await go(seen, PRIVATE.id)
        await seen.press("f")
        await seen.told("It is flagged by anna already; an act of yours is undone with u.")
        await seen.press("y")
        assert isinstance(seen.app.screen, Prompt)
        await seen.press("enter")
        await seen.until(lambda: seen.book.found(PRIVATE.id).state == ACCEPTED)
        await go(seen, UNLOGGED[1].id)
        await seen.press("f", "enter")
        await seen.until(lambda: seen.book.found(UNLOGGED[1].id).state == FLAGGED)


async def test_an_explanation_does_not_change_a_decision_without_a_question() -> None:
    async with opened() as seen:
        flagged = replace(FOUND[0], state=FLAGGED)
        seen.book.days[TODAY] = replace(seen.book.days[TODAY], discrepancies=(flagged, *FOUND[1:]))
        seen.audit.wake()
        await seen.until(lambda: seen.audit.open_count == 10)
        await go(seen, EARLY.id)
        await seen.press("y")
        assert isinstance(seen.app.screen, Prompt) and not seen.asked("accept")


# -- lists --------------------------------------------------------------------------------------------------------


async def test_o_goes_through_the_lists_and_esc_back() -> None:
    async with opened() as seen:
        for title in ("Specialists · 9", "All calls · 608", "All logs · 105", "Seals · 2", "Discrepancies · 13"):
            await seen.press("o")
            await seen.shows(title)
        await seen.press("o", "o", "escape")
        assert "Discrepancies · 13" in "\n".join(seen.text())


async def test_specialists_have_their_figures_and_enter_shows_the_day_as_a_picture() -> None:
    async with opened() as seen:
        await seen.press("o")
        row = seen.row("Hugo Marin")
        assert row.split()[:2] == ["!", "Hugo"] and "21/15" in row and "13/16" in row and "idle, padding" in row
        assert "28m" in row and seen.row("Otto Kask").startswith(" ✕") and "sick" in seen.row("Otto Kask")
        await seen.press("j", "j", "enter")
        await seen.shows("Calls of the day · 22")
        text = "\n".join(seen.text())
        assert "5 discrepancies without a decision" in text and "longest gap 28:00" in text
        strip = next(line for line in seen.text() if "  calls    " in line)
        assert "▂▂" in strip and "states" in text and "09" in text
        assert seen.asked("picture")[-1] == ("picture", 3, TODAY)
        await seen.press("J")
        await seen.until(lambda: seen.asked("picture")[-1] == ("picture", 4, TODAY))
        await seen.press("escape")
        assert "Calls of the day" not in "\n".join(seen.text()) and seen.audit.board.has_focus


async def test_the_day_of_an_unknown_phone_says_why_there_is_no_picture() -> None:
    async with opened() as seen:
        await seen.press("o", "G", "enter")
        await seen.shows("Nobody knows whose phone this is")
        assert not seen.asked("picture")


def test_the_line_of_calls_is_as_high_as_the_time_on_the_phone_and_shows_gaps() -> None:
    made = day("Hugo Marin")
    strip = person.calls_strip(made, NINE, NOW, 9 * 4, 15 * MINUTE)
    assert strip[0] == ("▂▂▂", "text") and strip[1] == ("▂", "good")  # three minutes of fifteen, the fourth with talk
    whole = replace(made.calls[0], ended_us=NINE + 15 * MINUTE)
    assert person.calls_strip(replace(made, calls=(whole,)), NINE, NOW, 2, 15 * MINUTE) == [
        ("█", "text"),
        ("·", "quiet"),
    ]
    endless = replace(made.calls[0], ended_us=None)
    assert person.calls_strip(replace(made, calls=(endless,)), NINE, NOW, 1, 15 * MINUTE) == [("▁", "text")]
    quiet = replace(made, calls=())
    (cell,) = person.calls_strip(quiet, NINE, NOW, 9 * 4, 15 * MINUTE)
    assert cell.text == "·" * 12 + " " * 4 + "·" * 7 + " " * 13  # the break, and what is to come


def test_a_day_without_states_has_its_calls_in_their_place() -> None:
    made = day("Hugo Marin")
    whole, bare = (str(person.timeline(one, BERLIN, NOW, 60)) for one in (made, replace(made, states=())))
    assert "states" in whole and "wrap" in whole and "states" not in bare and "wrap" not in bare
    assert all("calls" in one and "09  " in one for one in (whole, bare))
    assert person.timeline(replace(made, hours=()), BERLIN, NOW, 60) == []


async def test_in_the_list_of_calls_the_same_keys_decide() -> None:
    async with opened() as seen:
        await seen.press("o", "o")
        await go(seen, "call:pbx:14")
        await seen.press("y")
        await seen.told("No discrepancy is marked.")
        await go(seen, INFLATED.id)
        assert "12:00" in "\n".join(seen.text())
        await seen.press("c")
        await seen.until(lambda: seen.asked("correct"))
        assert seen.key == UNLOGGED[0].id  # the next that is open


async def test_in_the_list_of_logs_the_call_stands_beside() -> None:
    async with opened() as seen:
        await seen.press("o", "o", "o")
        await go(seen, INFLATED_LOG.id)
        text = "\n".join(seen.text())
        assert "10:36:00" in text and "03:10" in text and "12:00" in text


async def test_seals_are_proved_and_enter_goes_to_the_day() -> None:
    desk = HandmadeDesk()
    desk.audit.fault = "its content was changed after it was signed"
    async with opened(desk=desk) as seen:
        await seen.press("o", "o", "o", "o")
        await seen.shows("✕ 1 seal does not hold")
        assert seen.row("Thu 19 Nov").startswith(" ✕") and "its content was changed" in seen.row("Thu 19 Nov")
        await seen.press("j", "enter")
        await seen.shows("Thu 19 Nov, 4 days ago")
        assert seen.audit.day == THURSDAY and "Discrepancies · 13" in "\n".join(seen.text())


async def test_filter_team_sort_exception_copy_and_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(ConsoleApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    async with opened(exports=tmp_path) as seen:
        board = seen.audit.board
        await seen.press("slash", *"unlogged", "enter")
        assert set(board.keys) == {one.id for one in UNLOGGED}
        await seen.press("slash", *"hugo", "space", *"unlogged", "enter")
        assert list(board.keys) == [UNLOGGED[0].id, UNLOGGED[3].id]
        await seen.press("escape", "t")
        await seen.until(lambda: isinstance(seen.app.screen, Choice))
        await seen.press(*"south", "enter")
        await seen.until(lambda: set(board.keys) == {EARLY.id, BLOCKED.id, SHARED.id})
        await seen.press("escape")
        for column in present.SORTS[1:]:
            await seen.press("s")
            orders = [present.order(one, column or "") for one in board.items]
            assert orders == sorted(orders) and f"sort {column}" in "\n".join(seen.text())
        await seen.press("s")
        board.go(EARLY.id)
        await seen.press("exclamation_mark")
        assert board.key == BLOCKED.id  # the loudest first
        await seen.press("Y", "E")
        await seen.until(lambda: "13 rows written to" in seen.says())
        assert copied == ["+498912345678"]
        await seen.press("o", "E")
        await seen.until(lambda: "9 rows written to" in seen.says())
    rows = [csv.DictReader(file.open(encoding="utf-8")) for file in sorted(tmp_path.iterdir())]  # noqa: ASYNC240
    days, figures = (list(found) for found in rows)
    assert days[0]["class"] == "out_of_hours" and days[0]["at"] == "2026-11-23T08:22:00+01:00"
    assert days[-1]["state"] == "flagged" and days[-1]["decided_by"] == "anna"
    hugo = next(row for row in figures if row["specialist"] == "Hugo Marin")
    assert hugo["quota"] == "15" and hugo["longest_gap_minutes"] == "28.0" and hugo["flags"] == "idle padding"


@pytest.mark.parametrize("here", [lists.CALLS, lists.LOGS, lists.SEALS])
def test_every_list_exports_exact_values(here: str) -> None:
    shapes: dict[str, Any] = {
        lists.CALLS: (tables.calls_shape(lambda: BERLIN), [INFLATED, UNLOGGED[0]], "190"),
        lists.LOGS: (tables.logs_shape(lambda: BERLIN), [INFLATED_LOG], "720"),
        lists.SEALS: (tables.seals_shape(lambda: TODAY, lambda: BERLIN), HandmadeDesk().audit.chain(), "2026-11-19"),
    }
    shape, found, value = shapes[here]
    heads, rows = shape.table(found, BERLIN)
    assert all(len(row) == len(heads) for row in rows) and value in rows[0]
    for column in (column for column in shape.sorts if column is not None):
        assert len({shape.order(one, column) for one in found}) >= 1


@pytest.mark.parametrize("column", ["name", "open", "dials", "effective", "short", "talk", "logs", "gap", "flags"])
def test_specialists_sort_by_each_column(column: str) -> None:
    found = sorted(audited().specialists, key=lambda one: people.person_order(one, column))
    if column == "open":
        assert found[0].name == "Hugo Marin"
    assert len(found) == 9


def test_empty_lists_say_what_will_be_here() -> None:
    quiet = nothing(TODAY)
    for here, words in (
        (lists.DISCREPANCIES, "There is no call and no log on this day."),
        (lists.PEOPLE, "Nobody is in the roster yet."),
        (lists.CALLS, "No call was made on this day."),
        (lists.LOGS, "Nothing was logged on this day."),
        (lists.SEALS, "No day was ever signed."),
    ):
        assert lists.empty(here, quiet, None, "")[0] == words
    clean = replace(audited(()), over=True)
    assert "No discrepancy" in lists.empty(lists.DISCREPANCIES, clean, None, "")[0]
    assert "in South matches 'x'" in lists.empty(lists.CALLS, quiet, "South", "x")[0]


# -- days ---------------------------------------------------------------------------------------------------------


async def test_another_day_by_arrows_and_by_words() -> None:
    async with opened() as seen:
        await seen.press("right")
        await seen.told("Tue 24 Nov has not begun.")
        await seen.press("left")
        await seen.shows("Sun 22 Nov, yesterday")
        await seen.shows("There is no call and no log on this day.")
        await seen.press("d", *"fri", "enter")
        await seen.shows("Fri 20 Nov, 3 days ago")
        await seen.press("d", *"-1d", "enter")
        await seen.shows("Sun 22 Nov, yesterday")
        await seen.press("d", *"+1d", "enter")
        await seen.told("Tue 24 Nov has not begun.")
        await seen.press("full_stop")
        await seen.shows("Mon 23 Nov, today so far")
        assert seen.audit.day is None


async def test_nothing_is_done_while_another_day_is_still_being_read() -> None:
    async with opened() as seen:
        seen.audit.day = FRIDAY
        await seen.press("y")
        await seen.told("The other day is still being read: nothing was done.")
        await seen.press("A")
        assert not seen.asked("accept", "accept_explained")


async def test_a_failure_to_read_is_told_and_the_day_stays() -> None:
    async with opened() as seen:
        seen.book.failure = RuntimeError("the store is locked")
        seen.audit.wake()
        await seen.shows("✕ not read since 14:32: the store")
        assert "Maximilia" in "\n".join(seen.text())


# -- signing ------------------------------------------------------------------------------------------------------


async def test_n_signs_a_day_that_is_over_with_name_and_sentence() -> None:
    desk = HandmadeDesk()
    async with opened(desk=desk) as seen:
        await seen.press("n")
        await seen.told("The day is not over")
        desk.audit.end()
        seen.audit.wake()
        await seen.shows("not signed   n sign")
        await seen.press("n")
        assert isinstance(seen.app.screen, Form)
        text = "\n".join(seen.text())
        assert "Sign Mon 23 Nov as anna" in text and "The day is sealed: a signature is not undone." in text
        await seen.press("enter")
        assert isinstance(seen.app.screen, Form) and not seen.asked("sign")
        await seen.type("all looked at")
        await seen.press("enter")
        await seen.shows("● signed by anna 23 Nov 14:32  all looked at")
        assert seen.asked("sign") == [("sign", TODAY, "all looked at")]
        await seen.press("n")
        await seen.told("It is signed by anna already, and nothing was revised since.")


async def test_a_revised_day_is_signed_again() -> None:
    async with opened() as seen:
        await seen.press("d", *"fri", "enter")
        await seen.shows("n sign again")
        await seen.press("n")
        await seen.shows("Signed by anna before: it is sealed again, as revised, for good.")
        await seen.type("the late call is in")
        await seen.press("enter")
        await seen.shows("the late call is in")
        assert seen.asked("sign") == [("sign", FRIDAY, "the late call is in")]
        assert "revisions since" not in "\n".join(seen.text())


async def test_a_refused_signature_is_told_and_the_sentence_is_kept() -> None:
    desk = HandmadeDesk()
    desk.audit.end()
    async with opened(desk=desk) as seen:
        desk.audit.refuse = RefusedError("the clock of this machine stands before the last signature")
        await seen.press("n")
        await seen.type("all well")
        await seen.press("enter")
        await seen.told("✕ the clock of this machine stands before")
        await seen.press("n")
        await seen.shows("all well")
        await seen.press("escape")
        assert not seen.asked("sign")


def test_why_a_day_cannot_be_signed() -> None:
    def why(**more: Any) -> str | None:
        made = replace(signed(FRIDAY), signed=None, **more)
        return lists.why_not(None, made.discrepancies, made).get("audit-sign")

    assert why() is None
    assert "not over" in (why(over=False) or "") and "does not add up" in (why(balanced=False) or "")
    assert why(discrepancies=FOUND[:1]) == "1 discrepancy wants a decision first"
    assert why(discrepancies=FOUND) == "11 discrepancies want a decision first"
    assert lists.why_not(None, (), None)["audit-sign"] == "the day has not been read yet"


# -- the place ----------------------------------------------------------------------------------------------------


async def test_the_footer_names_six_modes_at_80_columns_where_there_is_room() -> None:
    async with opened((80, 24)) as seen:
        await seen.press("o")
        assert seen.says().startswith(" 1 2 3 4 5 8 audit") and len(seen.says()) <= 80
    assert columns_of(*modes.named("audit")) + 30 < 120


async def test_the_help_says_why_a_key_can_do_nothing_and_that_copying_is_elsewhere() -> None:
    async with opened() as seen:
        await seen.press("o", "question_mark")
        await seen.until(lambda: isinstance(seen.app.screen, Help))
        text = "\n".join(seen.text())
        assert "no discrepancy is marked" in text and "the day is not over" in text
        assert "Y  copy the number" in text


def test_the_key_that_copies_elsewhere_accepts_here_and_can_be_remapped() -> None:
    here = {key.id: key for key in keys.held(keys.TOGETHER["audit"])}
    assert here["audit-accept"].key == "y" and here["audit-copy"].key == "Y" and "copy" not in here
    assert "copy" in {key.id for key in keys.held(keys.TOGETHER["discipline"])}
    assert keys.keymap({"audit-accept": "v", "copy": "Y"})["audit-accept"] == "v,м"
    with pytest.raises(ValueError, match="are both on 'f'"):
        keys.keymap({"audit-accept": "f"})


# -- what is pending ----------------------------------------------------------------------------------------------


def test_a_decision_counts_until_a_day_was_read_that_has_it() -> None:
    pending, today = Pending(), audited()
    place = (TODAY, EARLY.id)
    pending.ask(place, ACCEPTED)
    assert pending.wished(FOUND[0], today).state == ACCEPTED and pending.waiting(TODAY) == {EARLY.id}
    pending.begin_reading()
    pending.kept(place)
    pending.was_read()  # what was read began before it was kept
    assert pending.wished(FOUND[0], today).state == ACCEPTED
    pending.begin_reading()
    pending.was_read()
    assert pending.wished(FOUND[0], today).state == OPEN and pending.waiting(TODAY) == set()
    assert pending.undone() == place and pending.undone() is None
    pending.ask(place, FLAGGED)
    pending.refused(place)
    assert pending.wished(FOUND[0], today) is FOUND[0] and pending.waiting(FRIDAY) == set()


def test_a_row_of_calls_finds_its_log_and_of_logs_its_call() -> None:
    known = Known(audited())
    assert known.item(INFLATED, None, ()).log == INFLATED_LOG
    assert known.item(INFLATED_LOG, None, ()).call == INFLATED
    made = known.item(ALONE[0], FOUND[5], ())
    assert made.call is None and made.log == ALONE[0] and made.figures is not None
    assert made.figures.name == "Hugo Marin" and known.discrepancy("call:none") is None


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("4,5", 4.5), (" 0 ", 0)])
def test_minutes(text: str, value: float) -> None:
    assert acts.minutes(text) == value


@pytest.mark.parametrize("text", ["", "three", "-1", "1441", "nan", "inf"])
def test_no_minutes(text: str) -> None:
    with pytest.raises(ValueError, match="minutes"):
        acts.minutes(text)


@pytest.mark.parametrize(("text", "value"), [("9-13", "09:00-13:00"), ("10:30-", "10:30-"), ("-16:00", "-16:00")])
def test_hours(text: str, value: str) -> None:
    assert acts.hours(text) == value


def test_no_hours() -> None:
    for text in ("", "  ", "noon", "13-9"):
        with pytest.raises(ValueError):
            acts.hours(text)
