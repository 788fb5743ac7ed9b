"""What every live mode shares: one list or more, a detail beside it, and the keys that work on lists."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from screens import keys
from screens.fresh import BESIDE, FreshScreen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from screens.widgets.words import hour
from supervisor.text import safe

S = TypeVar("S")

LOUD = (("act", "unknown"), ("watch",))
"""The levels of rows that need a person, the worst first."""


class LiveScreen(FreshScreen[S]):
    """A mode: `#board` is its main list, `#detail` (where it has one) stands beside it, or instead of it below 120
    columns. Classes say which: -narrow, -detail, -zoomed.

    A list's shape says how it is sorted, exported and copied; a subclass gives what FreshScreen asks for, and `chosen`
    and `forget_detail` where enter opens a detail."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("live"), *keys.bindings("copy")]
    AUTO_FOCUS = "#board"
    FILTER: ClassVar[str] = "filter: any words of a row"
    CALM: ClassVar[str] = "Nothing on the list needs you now."

    def __init__(self) -> None:
        super().__init__()
        self.team: str | None = None
        self._filtering: Board[Any] | None = None

    # What a subclass may give

    @property
    def board(self) -> Board[Any]:
        """The main list."""
        return self.query_one("#board", Board)

    @property
    def boards(self) -> Sequence[Board[Any]]:
        """The lists that can be filtered and sorted, the main one first."""
        return (self.board,)

    def teams(self, snapshot: S) -> Mapping[str, int]:
        """Return how many rows each team has, "" being all; nothing where there is no choice of teams."""
        return {}

    def chosen(self, board: Board[Any], key: str) -> None:
        """Do what enter does on a row."""
        if board is self.board:
            self.open_detail()

    def forget_detail(self) -> None:
        """Show nothing of another record while the one now marked is read."""

    # Lists

    @property
    def listing(self) -> Board[Any]:
        """The list that keys work on: the one with the focus, else the main one."""
        return next((board for board in self.boards if board.has_focus), self.board)

    @property
    def detail_open(self) -> bool:
        """Whether the detail of the marked row is open."""
        return self.has_class("-detail")

    def compose(self) -> ComposeResult:
        yield Lines(id="header")
        yield from self.compose_body()
        yield Input(id="filter", placeholder=self.FILTER, compact=True)
        yield Lines(id="footer")

    def on_mount(self) -> None:
        self.query_one("#filter").can_focus = False
        self.board.say("Reading the store …")

    def on_resize(self) -> None:
        self.set_class(self.size.width < BESIDE, "-narrow")
        self.call_after_refresh(self.draw)

    def show_nothing(self, *words: str) -> None:
        if words:
            self.board.say(*words)

    def title_line(
        self, board: Board[Any], words: Sequence[Cell], right: Sequence[Cell]
    ) -> tuple[list[Cell], list[Cell]]:
        """Return the title of a list: `words`, then what narrows and sorts it, and `right` at its right edge."""
        left, (column, turned) = [Cell("── ", "faint"), *words], board.sorted_by
        if self.team is not None and board is self.board:
            left.append(Cell(f"  team {safe(self.team, 20)}", "accent"))
        if board.filtered:
            left.append(Cell(f"  / {safe(board.filtered, 20)}", "accent"))
        if column is not None or turned:
            left.append(Cell(f"  sort {column or 'list'} {'↑' if turned else '↓'}", "accent"))
        if self.failed and self.zone is not None and board is self.board:
            left.append(Cell(f"  ✕ not read since {hour(self.failed[0], self.zone)}: {self.failed[1]}", "act"))
        return [*left, Cell(" ")], [Cell(" "), *right, Cell(" ──", "faint")]

    # Moving about

    def on_board_chosen(self, event: Board.Chosen) -> None:
        event.stop()
        self.chosen(event.board, event.key)

    def on_board_moved(self, event: Board.Moved) -> None:
        event.stop()
        if event.board is self.board and self.detail_open:
            self.forget_detail()
            self.wake()
        self.call_after_refresh(self.draw)

    def open_detail(self) -> None:
        """Open the detail of the row under the cursor: beside the list where there is room, else instead of it."""
        self.add_class("-detail")
        self.forget_detail()
        self.wake()
        self.call_after_refresh(self.draw)

    def action_record(self, by: int) -> None:
        (self.board if self.detail_open else self.listing).step(by)

    def action_back(self) -> None:
        """One step back: from what is being typed, else `step_back`."""
        if self.query_one("#filter", Input).has_class("-open"):
            self.query_one("#filter", Input).value = ""
            self.close_filter()
        else:
            self.step_back()
        self.call_after_refresh(self.draw)

    def step_back(self) -> None:
        """One step back: from zoom, from the detail, from the filter, from the team, never out."""
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif self.detail_open:
            self.remove_class("-detail")
            self.board.focus()
        elif self.listing.filtered:
            self.listing.filter("")
        elif self.team is not None:
            self.team = None

    def action_zoom(self) -> None:
        self.toggle_class("-zoomed")
        self.call_after_refresh(self.draw)

    def action_focus_next(self) -> None:
        self.focus_next()

    def action_exception(self) -> None:
        """Go to the next row that needs a person, the worst first."""
        board, now_us = self.listing, self.console_app.clock()
        level = board.shape.level
        levels = (
            {}
            if level is None
            else {key: level(item, now_us) for key, item in zip(board.keys, board.items, strict=True)}
        )
        at = board.keys.index(board.key) if board.key is not None else 0
        for wanted in LOUD:
            for key in (*board.keys[at + 1 :], *board.keys[: at + 1]):
                if levels.get(key) in wanted:
                    board.go(key)
                    return
        self.tell(self.CALM)

    # The list

    def action_filter(self) -> None:
        box, self._filtering = self.query_one("#filter", Input), self.listing
        with box.prevent(Input.Changed):
            box.value = self._filtering.filtered
        box.cursor_position = len(box.value)
        box.add_class("-open")
        self.query_one("#footer").display = False
        box.can_focus = True
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "filter" and self._filtering is not None:
            self._filtering.filter(event.value)
            self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "filter":
            self.close_filter()

    def close_filter(self) -> None:
        """Go back to the list; the filter stays as it is."""
        box = self.query_one("#filter", Input)
        box.remove_class("-open")
        box.can_focus = False
        self.query_one("#footer").display = True
        (self._filtering or self.board).focus()
        self.call_after_refresh(self.draw)

    def action_sort(self) -> None:
        board = self.listing
        sorts = board.shape.sorts
        board.sort(sorts[(sorts.index(board.sorted_by[0]) + 1) % len(sorts)])
        self.draw()

    def action_reverse(self) -> None:
        column, turned = self.listing.sorted_by
        self.listing.sort(column, reverse=not turned)
        self.draw()

    @work(group="question", exclusive=True)
    async def action_team(self) -> None:
        """Ask which team to show."""
        from screens.widgets.dialogs import Choice, Option

        if self.snapshot is None:
            return
        counts = self.teams(self.snapshot)
        if not counts:
            self.tell("There is no choice of teams here.", "watch")
            return
        options = [Option(team, safe(team) or "All teams", str(count)) for team, count in counts.items()]
        chosen = await self.app.push_screen_wait(Choice("Show which team?", options, marked=self.team or ""))
        if chosen is not None:
            self.team = chosen or None
            self.draw()

    @property
    def _in_focus(self) -> Board[Any]:
        """Any list with the focus, that of a detail too; else the main one."""
        return self.focused if isinstance(self.focused, Board) else self.board

    def action_copy(self) -> None:
        """Copy what the list says of the marked row, else the whole row, to the terminal's clipboard (OSC 52)."""
        board = self._in_focus
        item = board.item
        if item is None:
            self.tell("No row is marked.", "watch")
            return
        text = safe(board.shape.copied(item)) if board.shape.copied is not None else ""
        text = text or "\t".join(found for found in _row(board, item) if found)
        self.app.copy_to_clipboard(text)
        self.tell(f"Copied: {safe(text.replace(chr(9), '  '), 80)}")

    def action_export(self) -> None:
        """Write the rows of the list with the focus, in their order, to a CSV file."""
        from screens import export

        board, zone = self._in_focus, self.zone
        if zone is None or not board.keys:
            self.tell("There is nothing to export.", "watch")
            return
        if board.shape.table is not None:
            heads, rows = board.shape.table(board.items, zone)
        else:
            heads = [column.head.strip() or column.id for column in board.columns]
            rows = [_row(board, item) for item in board.items]
        stem = self.MODE if board.id == "board" else f"{self.MODE}-{board.id}"
        at = datetime.fromtimestamp(self.console_app.clock() / 1e6, zone).strftime("%Y%m%d-%H%M%S")
        text, folder = export.csv_text(heads, rows), self.console_app.exports

        async def doing(_: object) -> None:
            path = await asyncio.to_thread(lambda: export.write(folder(), f"{stem}-{at}.csv", text))
            self.tell(f"● {len(rows)} rows written to {safe(path)}", "good")

        self.beside(doing)


def _row(board: Board[Any], item: object) -> list[str]:
    """Return the cells of a row as they are shown."""
    shown = board.cells(item)
    return [shown[column.id].text.strip() if column.id in shown else "" for column in board.columns]
