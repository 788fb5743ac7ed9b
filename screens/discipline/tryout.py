"""Trying a threshold out before it is changed: what the last 30 days would have had with another value."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from screens import keys
from screens.discipline import tryout_present as present
from screens.discipline import typed
from screens.discipline.pushed import RULE, PushedScreen, Seen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from screens.widgets.prompt import Prompt
from screens.widgets.words import hour, sentence
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.duties.discipline.snapshots import Threshold, TryOut


def open_tryout(screen: Screen[Any]) -> None:
    """Show the thresholds that can be tried out on top of `screen`."""
    screen.app.push_screen(TryoutScreen())


class TryoutScreen(PushedScreen["tuple[Threshold, ...]"]):
    """The thresholds, and beside them (or instead, below 120 columns) what came of the last one tried."""

    PLACE = "tryout"
    HEAD = "Thresholds"
    FILTER = "filter: any word of a row"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self) -> None:
        super().__init__()
        self.outcome: TryOut | None = None
        self._trying: tuple[Threshold, float, int] | None = None

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="tryout-body"):
            with Vertical(id="tryout-list"):
                yield Lines(fill=RULE, id="title")
                yield Board(present.THRESHOLDS, id="board")
                yield Lines(id="tryout-where")
            with Vertical(id="tryout-side"):
                yield Lines(fill=RULE, id="tryout-title")
                yield Lines(id="tryout-words")
                yield Board(present.change_shape(self._today, self._floor_zone), id="changes")
                yield Lines(id="tryout-mark")

    @property
    def changes(self) -> Board[present.Change]:
        """The flags that come in or fall away."""
        return self.query_one("#changes", Board)

    @property
    def boards(self) -> Sequence[Board[Any]]:
        return (self.board, self.changes)

    def _today(self) -> int:
        return self.snapshot.floor.day if self.snapshot is not None else 0

    def _floor_zone(self) -> tzinfo:
        return self.zone or UTC

    # Keeping fresh

    def read(self, desk: Desk) -> Seen[tuple[Threshold, ...]]:
        return Seen(desk.discipline.discipline(), desk.discipline.thresholds())

    def show(self, snapshot: Seen[tuple[Threshold, ...]], zone: tzinfo, now_us: int) -> None:
        board, changes = self.board, self.changes
        board.say(f"No threshold matches {safe(board.filtered, 20)!r}.", "esc goes back to all of them.")
        board.show({one.key: one for one in snapshot.it}, now_us)
        words = [Cell(f"Thresholds · {len(board.keys)}", "title")]
        hints = [Cell("enter ", "key"), Cell("try another value", "quiet")]
        self.query_one("#title", Lines).show(self.title_line(board, words, hints))
        self.query_one("#tryout-where", Lines).show(present.where(board.item))
        lines = present.outcome_lines(self.outcome, self._trying, now_us)
        self.query_one("#tryout-words", Lines).show(*lines)
        if self.outcome is not None and self._trying is None:
            changes.say("No flag comes in, and none falls away.")
        changes.show(present.changes(self.outcome if self._trying is None else None), now_us)
        self.query_one("#tryout-mark", Lines).show(present.marked(changes.item))
        one = self._trying[0].words if self._trying else self._tried(snapshot.it)
        words = [Cell(safe(one[:1].upper() + one[1:], 60) or "What it would have been", "title")]
        if self.failed and self.has_class("-narrow"):
            words.append(Cell(f"  ✕ not read since {hour(self.failed[0], zone)}", "act"))
        self.query_one("#tryout-title", Lines).show(self.title_line(changes, words, self.hints("export")))

    def _tried(self, thresholds: Sequence[Threshold]) -> str:
        key = self.outcome.key if self.outcome is not None else ""
        return next((one.words for one in thresholds if one.key == key), key)

    def word(self, key: keys.Key) -> str:
        return "another value" if key.id == "open" else key.short

    def footer_keys(self) -> Sequence[str]:
        return ("back", "open", "focus", "sort", "filter", "export")

    # Trying

    def chosen(self, board: Board[Any], key: str) -> None:
        """Enter on a threshold asks for another value."""
        one: Threshold | None = self.board.item
        if board is not self.board or one is None:
            return
        self.app.push_screen(
            Prompt(
                f"{safe(one.words, 60)}: which value instead of {one.value:g}?",
                lambda text: self._begin_trying(one, typed.threshold(text, one.value)),
                hint="a number; nothing is changed by trying",
                meaning=lambda text: f"{typed.threshold(text, one.value):g} instead of {one.value:g}",
            )
        )

    def _begin_trying(self, one: Threshold, value: float) -> None:
        self._trying = (one, value, self.console_app.clock())
        self.add_class("-detail")
        self.draw()
        self.try_out(one, value)

    @work(group="tryout", exclusive=True, exit_on_error=False)
    async def try_out(self, one: Threshold, value: float) -> None:
        """Have it reckoned in a thread: the screen goes on meanwhile. What was left or asked anew is not shown."""
        try:
            desk = await self.link.opened()
            self.outcome = await asyncio.to_thread(desk.discipline.try_out, one.key, value)
        except Exception as error:
            self.outcome = None
            self.remove_class("-detail")
            self.tell(f"✕ {sentence(error)}", "act")
        else:
            self.changes.go(next(iter(self.changes.keys), ""))
            if self.has_class("-detail"):
                self.changes.focus()
        self._trying = None
        self.draw()

    def step_back(self) -> None:
        """From the outcome to the thresholds; what is still being reckoned is left."""
        if self.detail_open and not self.listing.filtered:
            if self._trying is not None:
                self.workers.cancel_group(self, "tryout")
                self._trying = None
            self.remove_class("-detail")
            self.board.focus()
        else:
            super().step_back()

    def action_record(self, by: int) -> None:
        self.listing.step(by)
