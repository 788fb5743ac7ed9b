"""the list of orders, the sheet: every key pressed, over orders made by hand."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from screens.app import ConsoleApp
from screens.orders import present, sheet, totals, words
from screens.orders.library import LibraryScreen
from screens.orders.screen import OrdersScreen
from screens.orders.sheet import SheetScreen
from screens.widgets import days
from screens.widgets.dialogs import Choice
from screens.widgets.prompt import Prompt
from supervisor.duties.orders.attention import Mark
from tests.screens.handmade_orders import ORDERS, TODAY, HandmadeOrders
from tests.screens.orders_seen import opened

SIZES = [(80, 24), (120, 40), (200, 60)]


async def test_the_list_says_what_needs_a_look_and_what_it_brings() -> None:
    async with opened() as seen:
        text = "\n".join(seen.text())
        assert list(seen.list.board.keys) == ["7", "3", "5", "9", "2", "4", "6"]
        assert "6 of 7 to review" in text and "forecast 8 770 → 3 870 EUR ▼" in text
        assert "Orders · 7  ✕ 3  ! 1" in text and "FEELINGS ONLY 1" in seen.text()[1]
        assert seen.row("Ruhr Pumpen").startswith(" ✕ recheck 3 d late") and "9 800" in seen.row("Ruhr Pumpen")
        assert seen.row("Baltic Steel").startswith(" ✕ FEELINGS ONLY")
        assert "claim 3 d over" in seen.row("鑫达机械") and "never reviewed" in seen.row("Vogt")
        assert seen.row("Kaiser").startswith(" ! stale") and "nobody" in seen.row("Kaiser")
        assert seen.row("Hansa").startswith(" ✓")
        assert "EUR" in seen.row("company") and "Fri 27" in seen.row("Ruhr Pumpen")
        assert "by stage" in text and "by specialist" in text and "default odds" in text


@pytest.mark.parametrize("size", [*SIZES, (60, 15)])
async def test_no_line_is_wider_than_the_screen_and_the_footer_has_at_most_eight_keys(size: tuple[int, int]) -> None:
    async with opened(size) as seen:
        for pressed in ("z", "z", "r", "escape", "l", "escape", "w", "escape"):
            await seen.press(pressed)
            await seen.pilot.pause(0.05)
            assert all(len(text) <= size[0] for text in seen.text()), pressed
            footer = seen.app.screen.query_one("#footer")._content[0]
            assert 1 <= sum(cell.role == "key" for side in footer for cell in side) <= 8


async def test_columns_fit_and_wider_screens_get_more() -> None:
    ids = {width: [column.id for column in present.columns(width)] for width in (60, 80, 120, 160, 200)}
    assert ids[80][:6] == ["mark", "reason", "company", "amount", "score", "bar"] and "specialist" in ids[80]
    assert {"signs", "stage", "recheck"} <= set(ids[120]) and {"kept", "contact", "package"} <= set(ids[160])
    assert len(ids[60]) < len(ids[80]) < len(ids[120]) < len(ids[160]) < len(ids[200])
    for width in ids:
        assert sum(column.width + column.gap for column in present.columns(width)) <= width


async def test_at_80_columns_the_stages_stand_in_the_totals() -> None:
    async with opened((80, 24)) as seen:
        assert "interest 490" in seen.text()[1] and "by specialist" not in "\n".join(seen.text())


async def test_filter_team_sort_copy_and_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(ConsoleApp, "copy_to_clipboard", lambda self, text: copied.append(text))
    async with opened(exports=tmp_path) as seen:
        board = seen.list.board
        await seen.press("slash", *"ivo", "enter")
        assert list(board.keys) == ["3", "5"]
        await seen.press("escape", "t")
        await seen.until(lambda: isinstance(seen.app.screen, Choice))
        await seen.press(*"north", "enter")
        await seen.until(lambda: list(board.keys) == ["7", "9", "4", "6"])
        assert "of 4 to review" in seen.text()[1]
        await seen.press("escape")
        for column in present.SORTS[1:]:
            await seen.press("s")
            orders = [present.order(row, column or "") for row in board.items]
            assert orders == sorted(orders) and f"sort {column}" in "\n".join(seen.text())
        await seen.press("S", "s")
        assert board.sorted_by == (None, False)
        board.go("7")
        await seen.press("y", "E")
        await seen.told("7 rows written to")
        await seen.press("exclamation_mark")
        assert board.key == "3"
    assert "Ruhr Pumpen GmbH" in copied[0]
    (file,) = tmp_path.iterdir()  # noqa: ASYNC240
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert rows[0]["order"] == "O-7" and rows[0]["amount"] == "9800.00" and rows[0]["claimed_by"] == "2026-11-27"
    assert rows[3]["amount"] == "18600.50" and rows[5]["expected_before"] == ""


async def test_an_empty_list_says_what_to_do() -> None:
    async with opened(desk=HandmadeOrders(())) as seen:
        assert "No order is open." in "\n".join(seen.text()) and "a adds one" in "\n".join(seen.text())
        await seen.press("r")
        assert "There is no order on the list." in seen.says()
        await seen.press("enter", "l")
        await seen.until(lambda: isinstance(seen.app.screen, LibraryScreen))
        await seen.press("escape")
        await seen.press("slash", "x", "enter")


async def test_r_says_so_where_everything_is_reviewed() -> None:
    async with opened(desk=HandmadeOrders(ORDERS[-1:])) as seen:
        assert "● all 1 reviewed" in seen.text()[1]
        await seen.press("r")
        assert "Every order on the list is reviewed" in seen.says()
        await seen.press("exclamation_mark")
        assert "No order on the list needs a review now." in seen.says()


async def test_a_failing_store_is_told_in_words() -> None:
    async with opened() as seen:
        seen.desk.failure = OSError("the store is locked")
        seen.list.wake()
        await seen.shows("✕ not read since 14:32: the store is locked")


async def test_adding_an_order_is_four_lines() -> None:
    async with opened() as seen:
        await seen.press("a")
        await seen.until(lambda: isinstance(seen.app.screen, Prompt))
        await seen.type("tal")
        await seen.shows("Tallinn Tools")
        await seen.press("enter")
        await seen.shows("Tallinn Tools: whose order is it?")
        assert seen.app.screen.board.key == "2"  # the owner's
        await seen.press("enter")
        await seen.shows("which package?")
        await seen.type("Banner")
        await seen.press("enter")
        await seen.shows("worth how much, in EUR?")
        await seen.type("abc")
        await seen.shows("is not an amount")
        await seen.press("enter")
        assert isinstance(seen.app.screen, Prompt)
        await seen.press("backspace", "backspace", "backspace")
        await seen.type("4 800")
        await seen.shows("→ 4 800 EUR")
        await seen.press("enter")
        await seen.told("O-50 Tallinn Tools: a new order")
        assert seen.desk.did("create") == [("create", 101, 2, "Banner", 480_000, "interest")]
        await seen.press("a", "escape")
        assert isinstance(seen.app.screen, OrdersScreen)


async def test_the_sheet_shows_six_causes_beside_the_team_on_one_page() -> None:
    for size in SIZES:
        async with opened(size) as seen:
            await seen.press("w")
            await seen.shows("first contacts in 30 days")
            text = "\n".join(seen.text())
            assert "Greta Lind   ✕ 2 of 6 causes" in text
            assert size[0] == 80 or "beside team North, 5 people" in text
            for cause in ("few new customers", "low effort", "low skill", "industry change", "stale script"):
                assert cause in text
            assert "? low skill" in text and "41 %" in text and "too little is known" in text and "31 %" in text
            await seen.press("J")
            await seen.shows("Ivo Tamm   ✕")
            await seen.press("J")
            assert "This is the last specialist." in seen.says()
            await seen.press("K")
            await seen.shows("Greta Lind   ✕")
            await seen.press("escape")
            assert isinstance(seen.app.screen, OrdersScreen)


async def test_the_sheet_asks_whose_where_the_order_is_nobodys() -> None:
    async with opened() as seen:
        seen.list.board.go("2")
        await seen.press("w")
        await seen.until(lambda: isinstance(seen.app.screen, Prompt))
        await seen.type("ivo")
        await seen.press("enter")
        await seen.until(lambda: isinstance(seen.app.screen, SheetScreen))
        await seen.shows("Ivo Tamm")


def test_a_page_that_is_too_short_says_how_much_more_there_is() -> None:
    from supervisor.duties.orders.examine import Cause, Examination, Figure

    figures = tuple(Figure(f"signed per closed order, type {n}", 0.5, before=0.6) for n in range(9))
    causes = tuple(Cause(f"cause {n}", "seen", figures if n == 3 else figures[:3]) for n in range(6))
    page = sheet.lines(Examination(1, "Greta", "", TODAY, 3, causes), 78, 20)
    shown = ["".join(cell.text for cell in left) for left, _ in page]
    assert len(page) == 20 and any("and 6 more" in line for line in shown) and "cause 5" in shown[-3]
    assert sheet.value("dials a day", 7.25) == "7.2" and sheet.value("signed per closed order", 0.456) == "46 %"


# -- pure ---------------------------------------------------------------------------------------------------------


def test_marks_are_called_as_the_duty_calls_them() -> None:
    assert [str(m) for m in Mark] == [present.RECHECK, present.FEELINGS, present.CLAIMED, present.BIG, present.STALE]


@pytest.mark.parametrize(
    ("text", "day"),
    [("", 20261123), ("today", 20261123), ("yesterday", 20261122), ("-2", 20261121), ("-2d", 20261121),
     ("fri", 20261120), ("mon", 20261123), ("20.11", 20261120), ("24.11.", 20251124), ("2026-11-02", 20261102)],
)  # fmt: skip
def test_days_that_are_past(text: str, day: int) -> None:
    assert words.past(text, TODAY) == day


@pytest.mark.parametrize("text", ["2026-11-24", "abc", "31.02"])
def test_days_that_are_not(text: str) -> None:
    with pytest.raises(ValueError):
        words.past(text, TODAY)


def test_claims_and_days_in_words() -> None:
    assert words.claim("fri", TODAY) == (20261127, 100) and words.claim("fri 80%", TODAY) == (20261127, 80)
    assert words.claim("+2d 60", TODAY) == (20261125, 60)
    with pytest.raises(ValueError, match="percentage"):
        words.claim("fri 0%", TODAY)
    assert days.told(20261127, TODAY) == "Fri 27 Nov, in 4 days" and days.distance(20261122, TODAY) == "yesterday"
    assert [days.short(day, TODAY) for day in (20261123, 20261127, 20261212, 20280101)] == [
        "today", "Fri 27", "12 Dec", "Jan 28",
    ]  # fmt: skip


def test_the_forecast_by_specialist_ends_in_a_sum_where_it_is_long() -> None:
    lines: Any = [present.Row(line, True, TODAY) for line in ORDERS]
    page = totals.panel(lines, ("interest", "offer"), 34, 9)
    shown = ["".join(cell.text for cell in left) for left, _ in page]
    assert len(page) <= 9 and "2 more" in shown[-1]
    assert all(len(line) <= 34 for line in shown)
