"""Mode 5, Discipline: the flags that wait for a decision, and the ways from there. It holds lists and turns keys into
acts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, tzinfo
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from screens import keys
from screens.discipline import acts, lists, present
from screens.discipline.by_hand import by_hand, of_whom
from screens.discipline.detail import FlagView
from screens.discipline.lists import DECIDED, LISTS, MERITS, OPEN
from screens.live import LiveScreen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.desks.discipline import DisciplineDesk
    from screens.widgets.header import About
    from supervisor.duties.discipline.snapshots import DisciplineSnapshot, FlagLine

RULE = Cell("─", "faint")


class DisciplineScreen(LiveScreen["DisciplineSnapshot"]):
    """One of three lists, in the place of one another, and the marked flag beside it, or instead of it below 120
    columns.

    A flag that is being decided leaves the list at once, so that the cursor is on the next; one that is refused is
    back. What was typed for it is kept by flag in `drafts`."""

    MODE = PLACE = "discipline"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("discipline"), *keys.bindings("people")]
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    FILTER = "filter: specialist, team, rule, any words"
    CALM = "No flag of high or medium severity waits."

    def __init__(self) -> None:
        super().__init__()
        self.list = OPEN
        self.drafts: dict[int, dict[str, str]] = {}
        self._leaving: set[tuple[int, int]] = set()
        self._gone: list[str] = []
        self._wanted: str | None = None

    # What is in front

    @property
    def board(self) -> Board[FlagLine]:
        return self.query_one("#board" if self.list == OPEN else f"#{self.list}", Board)

    @property
    def boards(self) -> Sequence[Board[Any]]:
        return (self.board, self.detail.board)

    @property
    def detail(self) -> FlagView:
        return self.query_one(FlagView)

    @property
    def marked(self) -> FlagLine | None:
        """The flag under the cursor of the list."""
        return self.board.item

    @property
    def today(self) -> int:
        """The floor's day."""
        return self.snapshot.day if self.snapshot is not None else 19700101

    @property
    def floor_zone(self) -> tzinfo:
        """The floor's zone, UTC before anything was read."""
        return self.zone or UTC

    @property
    def currency(self) -> str:
        """The floor's one currency."""
        return self.snapshot.currency if self.snapshot is not None else ""

    @property
    def detail_open(self) -> bool:
        """Where there is room, the marked flag stands beside the list always."""
        return super().detail_open or not (self.has_class("-narrow") or self.has_class("-zoomed"))

    def compose_body(self) -> ComposeResult:
        today, zone = lambda: self.today, lambda: self.floor_zone
        shape, fitting = present.shape, present.fitting
        yield Lines(id="totals")
        with Horizontal(id="flags-body"):
            with Vertical(id="flags-lists"):
                yield Lines(fill=RULE, id="title")
                yield Board(shape(fitting(present.OPEN_COLUMNS), today, zone), id="board")
                yield Board(shape(fitting(present.DECIDED_COLUMNS), today, zone, present.DECIDED_SORTS), id=DECIDED)
                yield Board(shape(fitting(present.MERIT_COLUMNS), today, zone, present.DECIDED_SORTS), id=MERITS)
            yield FlagView(today, zone, id="detail")

    # Keeping fresh

    def read(self, desk: Desk) -> DisciplineSnapshot:
        return desk.discipline.discipline()

    def about(self, snapshot: DisciplineSnapshot) -> About:
        return snapshot

    async def after_read(self, desk: Desk) -> None:
        if self.detail_open:
            await self._tell_flag(desk)

    def forget_detail(self) -> None:
        """What is shown of another flag goes by itself; read the one now marked at once."""
        self._read_flag()

    @work(group="flag", exclusive=True, exit_on_error=False)
    async def _read_flag(self) -> None:
        if self.desk is not None:
            await self._tell_flag(self.desk)

    async def _tell_flag(self, desk: Desk) -> None:
        if (line := self.marked) is None:
            return
        file = await asyncio.to_thread(desk.discipline.flag, line.flag_id)
        if (now := self.marked) is not None and now.flag_id == line.flag_id:
            self.detail.show(file)
            self.draw()

    # Drawing

    def show(self, snapshot: DisciplineSnapshot, zone: tzinfo, now_us: int) -> None:
        every = (*snapshot.open, *snapshot.decided)
        self._leaving &= {(line.flag_id, line.version) for line in every}
        lines = lists.flags(snapshot, self.list)
        shown = {
            line.key: line
            for line in lines
            if self.team in (None, line.team) and (line.flag_id, line.version) not in self._leaving
        }
        board = self.board
        board.say(*lists.empty(self.list, snapshot, self.team, board.filtered, zone))
        board.show(shown, now_us)
        if self._wanted is not None and self._wanted in board.keys:
            key, self._wanted = self._wanted, None
            board.go(key)
        self.query_one("#totals", Lines).show(lists.totals(snapshot, zone, self.size.width - 2))
        self._show_title()
        if self.detail.region.width:
            self.detail.draw(self.marked, now_us)

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self._show_title()

    def _show_title(self) -> None:
        board = self.board
        words = [Cell(f"{lists.NAMES[self.list]} · {len(board.keys)}", "title"), *lists.needs(board.items)]
        right = self.hints(*lists.HINTS[self.list])
        self.query_one("#title", Lines).show(self.title_line(board, words, right))

    def word(self, key: keys.Key) -> str:
        return lists.following(self.list) if key.id == "flag-lists" else super().word(key)

    def footer_keys(self) -> Sequence[str]:
        first = ("back",) if self.has_class("-narrow") and self.detail_open else ()
        opens = ("open",) if self.has_class("-narrow") and not self.detail_open else ()
        reasons = self.reasons()
        return [*first, *opens, *(name for name in lists.FOOTER[self.list] if name not in reasons)]

    def reasons(self) -> Mapping[str, str]:
        return lists.why_not(self.marked)

    # Moving about

    def teams(self, snapshot: DisciplineSnapshot) -> Mapping[str, int]:
        return lists.teams(snapshot, self.list)

    def on_resize(self) -> None:
        """What stands beside the list is read once there is room for it."""
        self.call_after_refresh(self._put_beside)
        self.call_after_refresh(self.forget_detail)

    def chosen(self, board: Board[Any], key: str) -> None:
        """Enter opens the flag where it does not stand beside the list; where it does, goes to the calls behind it."""
        if board is self.board and self.detail_open:
            self.detail.board.focus()
        elif board is self.board:
            self.open_detail()

    def open_detail(self) -> None:
        super().open_detail()
        self.call_after_refresh(self.detail.board.focus)

    def step_back(self) -> None:
        """From zoom, from the detail, from the filter, from the team, last to the flags that wait."""
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
            self._put_beside()
        elif self.has_class("-detail") or self.detail.board.has_focus:
            self.remove_class("-detail")
            self.board.focus()
        elif self.board.filtered:
            self.board.filter("")
        elif self.team is not None:
            self.team = None
        elif self.list != OPEN:
            self._go_to(OPEN)

    def action_zoom(self) -> None:
        if not self.has_class("-zoomed") and self.detail.board.has_focus:
            self.add_class("-detail")
        super().action_zoom()
        self._put_beside()

    def _put_beside(self) -> None:
        """Where there is room beside the list, nothing but zoom has the detail instead of it."""
        if not self.has_class("-narrow") and not self.has_class("-zoomed"):
            self.remove_class("-detail")

    def action_lists(self) -> None:
        """Show the next of the lists in the place of this one."""
        self._go_to(lists.following(self.list))

    def _go_to(self, name: str) -> None:
        self.list = name
        self.remove_class("-detail", "-zoomed")
        for one in LISTS:
            self.query_one("#board" if one == OPEN else f"#{one}").display = one == name
        self.board.focus()
        self.draw()
        self.forget_detail()

    def open_flag(self, key: str) -> None:
        """Mark a flag that waits. It may be called before anything has been read."""
        self._wanted = key
        if self.is_mounted:
            self.team = None
            self._go_to(OPEN)
            self.board.filter("")
            self.wake()

    # Acts

    def action_decide(self, name: str) -> None:
        acts.act(self, name)

    def decided(self, line: FlagLine, doing: Callable[[DisciplineDesk], str]) -> None:
        """Decide the flag `line` as it was seen: one that waits leaves the list at once. Where that is refused, it is
        back."""
        seen = (line.flag_id, line.version)
        if present.waits(line):
            self._leaving.add(seen)
            self.draw()

        async def run(_: Desk) -> None:
            try:
                await self.done(lambda desk: doing(desk.discipline))
            except Exception:
                self._leaving.discard(seen)
                self._wanted = line.key
                self.wake()
                raise
            self.drafts.pop(line.flag_id, None)
            self._gone.append(line.key)

        self.beside(run)

    def action_undo(self) -> None:
        """As everywhere; the cursor goes to the flag that is back."""

        async def run(_: Desk) -> None:
            if await self.done(lambda desk: desk.undo(), "There is nothing to undo.") and self._gone:
                self._wanted = self._gone.pop()

        self.beside(run)

    def action_by_hand(self, rule: str) -> None:
        """Write a flag or a merit down for the marked flag's specialist; where none is marked, ask whose."""
        line = self.marked
        if line is None:
            of_whom(self, self.snapshot.people if self.snapshot is not None else (), rule)
        elif line.specialist_id is None:
            self.tell(f"Nobody knows whose phone {safe(line.specialist, 30)} is: adopt it on the floor.", "watch")
        else:
            by_hand(self, line.specialist_id, line.specialist, rule)

    # The ways from here

    def action_page(self) -> None:
        """Open the page of the marked flag's specialist; next and previous are the others of the list."""
        from screens.discipline.page import open_page

        line = self.marked
        if line is None or line.specialist_id is None:
            why = self.reasons().get("open-page", "no flag is marked")
            self.tell(f"{why[0].upper()}{why[1:]}.", "watch")
            return
        ids = dict.fromkeys(one.specialist_id for one in self.board.items if one.specialist_id is not None)
        open_page(self, list(ids), line.specialist_id)

    def action_go(self, name: str) -> None:
        """Open one of the further screens of this mode: attendance, money, tryout, morale."""
        getattr(import_module(f"screens.discipline.{name}"), f"open_{name}")(self)
