"""Mode 1, Floor: the home screen. It holds the panels, keeps them fresh and turns keys into acts."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from screens import keys
from screens.floor import acts, overview, present
from screens.floor.detail import Detail
from screens.floor.present import Limits
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.dialogs import Choice, Option
from screens.widgets.help import Help
from screens.widgets.line import Lines
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.app import ConsoleApp
    from screens.desk import Desk
    from supervisor.duties.calls import FloorSnapshot, SpecialistLine

RULE = Cell("─", "faint")
READ_EVERY_S = 5.0
"""The store is read so often even when nothing was committed: a source that fell silent commits nothing."""
BESIDE = 120
"""Width from which the detail stands beside the list."""
RETRY_S, LONGEST_RETRY_S = 1.0, 15.0
TELL_S = 8.0
"""How long the outcome of an act stays in the last line."""


def collect_rubbish() -> None:
    """Turn the collector of rubbish on again, once everything that stays is here: it would cost a fifth of the
    start."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


class FloorScreen(Screen[None]):
    """Calls against quota, live. Later duties add their panels to `#panels`."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("floor")
    AUTO_FOCUS = "#calls Board"

    def __init__(self) -> None:
        super().__init__()
        self.desk: Desk | None = None
        self.snapshot: FloorSnapshot | None = None
        self.zone: tzinfo | None = None
        self.team: str | None = None
        self.sort_at = 0
        self.reverse = False
        self.failed: tuple[int, str] | None = None
        self.told: Cell | None = None
        self._wake = asyncio.Event()
        self._in_sight = asyncio.Event()
        self._in_sight.set()
        self._untell: Timer | None = None

    @property
    def console_app(self) -> ConsoleApp:
        return cast("ConsoleApp", self.app)

    @property
    def limits(self) -> Limits:
        """From where on rows are marked today."""
        shift = self.snapshot.shift if self.snapshot is not None else ()
        return replace(self.console_app.limits, shift=shift)

    @property
    def board(self) -> Board[SpecialistLine]:
        return self.query_one("#board", Board)

    @property
    def detail(self) -> Detail:
        return self.query_one(Detail)

    def compose(self) -> ComposeResult:
        yield Lines(id="header")
        yield Lines(id="totals")
        with Horizontal(id="panels"):
            with Vertical(id="calls", classes="panel"):
                yield Lines(fill=RULE, id="calls-title")
                yield Board(present.shape(lambda: self.limits), id="board")
            yield Detail(lambda: self.limits, id="detail")
        yield Input(id="filter", placeholder="filter: name, team, state, number", compact=True)
        yield Lines(id="footer")

    def on_mount(self) -> None:
        self.query_one("#filter").can_focus = False
        self.board.say("Reading the store …")
        self.draw()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The first frame is on the terminal: now the store may be imported."""
        self.follow()
        self.set_interval(1.0, self._tick)

    # Keeping fresh

    @work(group="desk", exclusive=True, exit_on_error=False)
    async def follow(self) -> None:
        """Read the floor after every change, for ever; a failure is told and tried again ever more slowly."""
        wait = RETRY_S
        while True:
            try:
                if self.desk is None:
                    self.desk = await asyncio.to_thread(self.console_app.open_desk)
                    self.watch_changes(self.desk)
                await self._read(self.desk)
                wait = RETRY_S
                collect_rubbish()
                await self._woken(READ_EVERY_S)
            except Exception as error:
                self._fail(error)
                collect_rubbish()
                await self._woken(wait)
                wait = min(wait * 2, LONGEST_RETRY_S)

    @work(group="watch", exclusive=True, exit_on_error=False)
    async def watch_changes(self, desk: Desk) -> None:
        """Wake the reader after each commit. Where the watch itself fails, the reader still reads on its own time."""
        while True:
            try:
                async for _ in desk.changes():
                    self._wake.set()
            except Exception as error:
                self._fail(error)
            await asyncio.sleep(RETRY_S)

    async def _woken(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
        await self._in_sight.wait()
        self._wake.clear()

    async def _read(self, desk: Desk) -> None:
        snapshot = await asyncio.to_thread(desk.floor)
        if self.zone is None:
            from zoneinfo import ZoneInfo

            self.zone = ZoneInfo(snapshot.time_zone)
        self.failed = None
        self.snapshot = snapshot
        self.draw()
        if self.detail.display and (key := self.board.key) is not None:
            day = await asyncio.to_thread(desk.specialist, key)
            if key == self.board.key:
                self.detail.show(day, self.board.item, self.zone, self.console_app.clock())

    def _fail(self, error: Exception) -> None:
        since = self.failed[0] if self.failed else self.console_app.clock()
        self.failed = (since, overview.sentence(error))
        self.draw()

    def wake(self) -> None:
        """Have the floor read now."""
        self._wake.set()

    def on_screen_suspend(self) -> None:
        self._in_sight.clear()

    def on_screen_resume(self) -> None:
        self._in_sight.set()
        self._wake.set()
        self.draw()

    def on_unmount(self) -> None:
        if self.desk is not None:
            self.desk.close()

    def _tick(self) -> None:
        if self._in_sight.is_set():
            self.draw()

    # Drawing

    def draw(self) -> None:
        """Bring every line up to date; the widgets put on the terminal only what changed."""
        now_us, limits, width = self.console_app.clock(), self.limits, self.size.width
        board = self.board
        if self.snapshot is not None and self.zone is not None:
            lines = {line.key: line for line in self.snapshot.specialists if self.team in (None, line.team)}
            board.say(*overview.empty(self.snapshot, self.team, self.filter_text))
            board.show(lines, now_us)
            self.query_one("#header", Lines).show(overview.header(self.snapshot, now_us, self.zone, width - 2))
            self.query_one("#totals", Lines).show(overview.totals(self.snapshot, limits, width - 2))
            if self.detail.display:
                self.detail.tick(board.item, now_us)
        else:
            self.query_one("#header", Lines).show(([Cell("Floor", "title")], []))
            if self.failed:
                board.say(
                    "The floor cannot be read.",
                    self.failed[1],
                    "supervisor doctor tells more. It is tried again by itself.",
                )
        self.query_one("#calls-title", Lines).show(self._title(now_us))
        self.query_one("#footer", Lines).show(self._footer())

    def _title(self, now_us: int) -> tuple[list[Cell], list[Cell]]:
        board = self.board
        left = [Cell("── ", "faint"), Cell(f"Calls · {len(board.keys)}", "title")]
        left += overview.needs(board.items, now_us, self.limits)
        if self.team is not None:
            left.append(Cell(f"  team {safe(self.team, 20)}", "accent"))
        if self.filter_text:
            left.append(Cell(f"  / {safe(self.filter_text, 20)}", "accent"))
        if (column := present.SORTS[self.sort_at]) is not None or self.reverse:
            left.append(Cell(f"  sort {column or 'list'} {'↑' if self.reverse else '↓'}", "accent"))
        if self.failed and self.zone is not None:
            left.append(Cell(f"  ✕ not read since {overview.hour(self.failed[0], self.zone)}: {self.failed[1]}", "act"))
        left.append(Cell(" "))
        right = [Cell(" "), *self._hints("filter", "team", "sort"), Cell(" ──", "faint")]
        return left, right

    def _hints(self, *names: str) -> list[Cell]:
        hints: list[Cell] = []
        for name in names:
            key = keys.BY_ID[name]
            hints += [Cell(f"{keys.shown(key, self.console_app.remapped)} ", "key"), Cell(f"{key.short}  ", "quiet")]
        return [*hints[:-1], Cell(hints[-1].text.rstrip(), "quiet")]

    def _footer(self) -> tuple[list[Cell], list[Cell]]:
        if self.told is not None:
            return [self.told], self._hints("help")
        line = self.board.item
        here = ["open"] if not self.detail.display else ["back", "next", "previous"]
        reasons = acts.reasons(self)
        if "adopt" not in reasons:
            here.append("adopt")
        if line is not None:
            here += [name for name in acts.PHONE_KEYS if name not in reasons]
        here += ["exception", "undo"]
        here, last = here[:7], self._hints("help")
        while overview.columns_of(*self._hints(*here), *last) > self.size.width - 4:
            here.pop()
        return self._hints(*here), last

    def tell(self, text: str, role: str = "text") -> None:
        """Put the outcome of an act into the last line for a while. `text` is safe already."""
        if self._untell is not None:
            self._untell.stop()
        self.told = Cell(text, role)
        self._untell = self.set_timer(TELL_S, self._say_nothing)
        self.draw()

    def _say_nothing(self) -> None:
        self.told = None
        self.draw()

    def on_resize(self) -> None:
        self.set_class(self.size.width < BESIDE, "-narrow")
        self.call_after_refresh(self.draw)

    # Moving about

    def on_board_chosen(self, event: Board.Chosen) -> None:
        event.stop()
        if event.board is self.board:
            self.open_detail()

    def on_board_moved(self, event: Board.Moved) -> None:
        event.stop()
        if event.board is self.board and self.detail.display:
            self.detail.forget()
            self.wake()
        self.call_after_refresh(self.draw)

    def open_detail(self) -> None:
        """Open the detail of the row under the cursor: beside the list where there is room, else instead of it."""
        self.set_class(True, "-detail")
        self.detail.forget()
        self.wake()
        self.call_after_refresh(self.draw)

    def action_record(self, by: int) -> None:
        self.board.step(by)

    def action_back(self) -> None:
        """One step back: from zoom, from the detail, from the filter, from the team, never out."""
        if self.query_one("#filter", Input).has_class("-open"):
            self.query_one("#filter", Input).value = ""
            self.close_filter()
        elif self.has_class("-zoomed"):
            self.remove_class("-zoomed")
        elif self.detail.display:
            self.remove_class("-detail")
            self.board.focus()
        elif self.filter_text:
            self.query_one("#filter", Input).value = ""
        elif self.team is not None:
            self.team = None
        self.call_after_refresh(self.draw)

    def action_zoom(self) -> None:
        self.toggle_class("-zoomed")
        self.call_after_refresh(self.draw)

    def action_exception(self) -> None:
        limits, now_us = self.limits, self.console_app.clock()
        board = self.board
        at = board.keys.index(board.key) if board.key is not None else 0
        turned = [*board.keys[at + 1 :], *board.keys[: at + 1]]
        levels = {key: present.level(line, now_us, limits) for key, line in zip(board.keys, board.items, strict=True)}
        for wanted in (("act", "unknown"), ("watch",)):
            for key in turned:
                if levels[key] in wanted:
                    board.go(key)
                    return
        self.tell("Nobody on the list needs you now.")

    # The list

    @property
    def filter_text(self) -> str:
        return self.query_one("#filter", Input).value

    def action_filter(self) -> None:
        box = self.query_one("#filter", Input)
        box.add_class("-open")
        self.query_one("#footer").display = False
        box.can_focus = True
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.board.filter(event.value)
        self.draw()

    def on_input_submitted(self) -> None:
        self.close_filter()

    def close_filter(self) -> None:
        """Go back to the list; the filter stays as it is."""
        box = self.query_one("#filter", Input)
        box.remove_class("-open")
        box.can_focus = False
        self.query_one("#footer").display = True
        self.board.focus()
        self.call_after_refresh(self.draw)

    def action_sort(self) -> None:
        self.sort_at = (self.sort_at + 1) % len(present.SORTS)
        self.reverse = False
        self._sort()

    def action_reverse(self) -> None:
        self.reverse = not self.reverse
        self._sort()

    def _sort(self) -> None:
        self.board.sort(present.SORTS[self.sort_at] or ("list" if self.reverse else None), reverse=self.reverse)
        self.draw()

    @work(group="question", exclusive=True)
    async def action_team(self) -> None:
        """Ask which team to show."""
        if self.snapshot is None:
            return
        lines = self.snapshot.specialists
        options = [Option("", "All teams", str(len(lines)))]
        for team in self.snapshot.teams:
            options.append(Option(team, safe(team), str(sum(line.team == team for line in lines))))
        chosen = await self.app.push_screen_wait(Choice("Show which team?", options, marked=self.team or ""))
        if chosen is not None:
            self.team = chosen or None
            self.draw()

    def action_copy(self) -> None:
        acts.copy(self)

    def action_export(self) -> None:
        acts.export_shown(self)

    def action_keys(self) -> None:
        reasons = acts.reasons(self)
        self.app.push_screen(
            Help("Keys of the floor", ("floor", "board", "console"), self.console_app.remapped, reasons)
        )

    # Acts

    def action_phone(self, action: str) -> None:
        acts.phone(self, action)

    def action_adopt(self) -> None:
        acts.adopt(self)

    def action_undo(self) -> None:
        acts.undo(self)
