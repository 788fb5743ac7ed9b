"""The board draws what it should, and nothing else; the cursor stays on its row whatever happens around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region

from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell, Column, changed, fit, line, sides, spread

Item = tuple[str, int]
COLUMNS = (Column("count", "count", 6, right=True), Column("name", "name", 8, grow=10))


def cells(item: Item, now_us: int) -> Mapping[str, Cell]:
    return {"name": Cell(item[0]), "count": Cell(str(item[1] + now_us), "act" if item[1] < 0 else "text")}


SHAPE: Shape[Item] = Shape(lambda _: COLUMNS, cells, lambda item, column: item[column == "count"], lambda item: item[0])


class OneBoard(App[None]):
    def compose(self) -> ComposeResult:
        yield Board(SHAPE)

    @property
    def board(self) -> Board[Item]:
        return self.query_one(Board)


def texts(board: Board[Any]) -> list[str]:
    return [board.render_line(y).text for y in range(board.size.height)]


def items(*names: str) -> dict[str, Item]:
    return {name: (name, index) for index, name in enumerate(names)}


def watch(board: Board[Any], monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """Every region the board asks to be drawn from now on."""
    drawn: list[Region] = []
    refresh = board.refresh
    monkeypatch.setattr(
        board, "refresh", lambda *regions, **more: (drawn.extend(regions), refresh(*regions, **more))[1]
    )
    return drawn


async def test_nothing_changed_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = OneBoard()
    async with app.run_test(size=(40, 10)) as pilot:
        app.board.show(items("a", "b", "c"), 0)
        await pilot.pause()
        drawn = watch(app.board, monkeypatch)
        app.board.show(items("a", "b", "c"), 0)
        app.board.redraw(0)
        assert drawn == []


async def test_one_changed_cell_draws_its_part_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    app = OneBoard()
    async with app.run_test(size=(40, 10)) as pilot:
        app.board.show(items("a", "b", "c"), 0)
        await pilot.pause()
        drawn = watch(app.board, monkeypatch)
        app.board.show(items("a", "b", "c") | {"b": ("b", -5)}, 0)
        assert [(region.y, region.height) for region in drawn] == [(2, 1)]
        assert drawn[0].right < 30


async def test_rows_out_of_sight_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    app = OneBoard()
    many = {f"{n:03}": (f"{n:03}", n) for n in range(500)}
    async with app.run_test(size=(40, 10)) as pilot:
        app.board.show(many, 0)
        await pilot.pause()
        drawn = watch(app.board, monkeypatch)
        app.board.show(many | {"400": ("400", -1)}, 0)
        assert drawn == []


names = st.dictionaries(st.text("abcdefg", min_size=1, max_size=3), st.integers(-3, 99), max_size=14).map(
    lambda found: {name: (name, count) for name, count in found.items()}
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("show"), names),
        st.tuples(st.just("sort"), st.sampled_from([None, "name", "count"]), st.booleans()),
        st.tuples(st.just("filter"), st.sampled_from(["", "a", "b c"])),
        st.tuples(st.just("step"), st.integers(-20, 20)),
        st.tuples(st.just("time"), st.integers(0, 5)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
async def test_what_is_drawn_is_what_a_full_drawing_gives(steps: list[tuple[Any, ...]]) -> None:
    app = OneBoard()
    async with app.run_test(size=(30, 7)) as pilot:
        board = app.board
        board.focus()
        await pilot.pause()
        for step in steps:
            before = board.key
            match step:
                case ("show", found):
                    board.show(found, 0)
                case ("sort", column, reverse):
                    board.sort(column, reverse=reverse)
                case ("filter", text):
                    board.filter(text)
                case ("step", by):
                    board.step(by)
                case ("time", us):
                    board.redraw(us)
            if step[0] != "step" and before in board.keys:
                assert board.key == before
            assert (board.key in board.keys) if board.keys else board.key is None
        await pilot.pause()
        on_screen = [strip.text for strip in app.screen._compositor.render_strips()]
        assert on_screen == texts(board)
        if board.keys:
            shown = [key for key in board.keys if any(f" {key} " in f"{text} " for text in on_screen)]
            assert board.key in shown


async def test_the_cursor_keeps_its_line_when_rows_come_above_it() -> None:
    app = OneBoard()
    async with app.run_test(size=(30, 6)) as pilot:
        app.board.show(items(*"hijklmnop"), 0)
        app.board.go("n")
        await pilot.pause()
        at = next(y for y, text in enumerate(texts(app.board)) if " n " in text)
        app.board.show(items(*"abcdefghijklmnop"), 0)
        assert app.board.key == "n"
        assert next(y for y, text in enumerate(texts(app.board)) if " n " in text) == at


async def test_a_row_that_went_leaves_the_cursor_in_its_place() -> None:
    app = OneBoard()
    async with app.run_test(size=(30, 6)):
        app.board.show(items("a", "b", "c"), 0)
        app.board.go("b")
        app.board.show({"a": ("a", 0), "c": ("c", 2)}, 0)
        assert app.board.key == "c"
        app.board.show({}, 0)
        assert app.board.key is None


async def test_keys_move_and_choose() -> None:
    app = OneBoard()
    async with app.run_test(size=(30, 6)) as pilot:
        app.board.show(items(*"abcdefghij"), 0)
        app.board.focus()
        for key, expected in (
            ("down", "b"),
            ("j", "c"),
            ("up", "b"),
            ("end", "j"),
            ("home", "a"),
            ("pagedown", "e"),
            ("pageup", "a"),
        ):
            await pilot.press(key)
            assert app.board.key == expected, key


async def test_a_value_that_changed_is_bright_and_fades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.widgets.board.FRESH_SECONDS", 0.05)
    fresh: Shape[Item] = Shape(lambda _: COLUMNS, cells, SHAPE.order, SHAPE.text, frozenset({"count"}))

    class Fresh(App[None]):
        def compose(self) -> ComposeResult:
            yield Board(fresh)

    app = Fresh()
    async with app.run_test(size=(30, 6)) as pilot:
        board = app.query_one(Board)
        board.show({"a": ("a", 1)}, 0)
        await pilot.pause()

        def bold() -> bool:
            return any(s.style is not None and bool(s.style.bold) for s in board.render_line(1) if "2" in s.text)

        board.show({"a": ("a", 2)}, 0)
        assert bold()
        await pilot.pause(0.15)
        assert not bold()


wide = st.text(st.sampled_from("ab é李明🚀👩\u200d💻\u0301"), max_size=12)


@given(wide, st.integers(0, 14), st.booleans())
def test_fit_takes_exactly_its_columns(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(text, width, right)) == width


@given(st.lists(wide, min_size=2, max_size=2), st.integers(1, 40))
def test_a_line_takes_exactly_its_columns(row: list[str], width: int) -> None:
    widths = spread(COLUMNS, width)
    pieces = line([Cell(text) for text in row], COLUMNS, widths, width)
    assert sum(cell_len(text) for text, _ in pieces) == width


@given(st.lists(wide, max_size=3), st.lists(wide, max_size=3), st.integers(1, 40))
def test_both_sides_of_a_line_take_exactly_its_columns(left: Sequence[str], right: Sequence[str], width: int) -> None:
    pieces = sides([Cell(text) for text in left], [Cell(text) for text in right], width)
    assert sum(cell_len(text) for text, _ in pieces) == width


pieces = st.lists(
    st.tuples(st.sampled_from(["a", "bb", "李"]), st.sampled_from(["text", "act"])), min_size=1, max_size=6
)


@given(pieces, pieces)
def test_changed_spans_every_column_that_differs(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    def columns(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(letter, role) for text, role in parts for letter in text for _ in range(cell_len(letter))]

    if len(columns(old)) != len(columns(new)):
        return
    span = changed(old, new)
    differing = [at for at, (was, now) in enumerate(zip(columns(old), columns(new), strict=True)) if was != now]
    assert not differing or (span is not None and span[0] <= differing[0] and differing[-1] < span[1])


def test_wide_names_stay_aligned_and_long_ones_end_in_an_ellipsis() -> None:
    assert fit("鑫达机械", 6) == "鑫达… "
    assert fit("👩\u200d💻 Ada", 8) == "👩💻 Ada"
    assert fit("Maximiliane", 6) == "Maxim…"
    assert fit("7", 3, True) == "  7"
