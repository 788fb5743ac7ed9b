"""Mode 1, Floor: the home screen. It holds the panels and turns keys into acts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from screens import keys
from screens.floor import acts, overview, present
from screens.floor.detail import Detail
from screens.floor.panels import RULE, Panel, PanelView, made
from screens.floor.present import Limits
from screens.fresh import BESIDE
from screens.live import LiveScreen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.widgets.header import About
    from supervisor.duties.calls import FloorSnapshot, SpecialistLine


class FloorScreen(LiveScreen["FloorSnapshot"]):
    """Calls against quota, live, and `panels` of other duties beside them.

    -side says that one of the further panels, the one that is -alone, has the screen: zoomed, or opened where there is
    no room beside the calls."""

    MODE = PLACE = "floor"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("floor"), *keys.bindings("people")]
    AUTO_FOCUS = "#calls Board"
    FILTER = "filter: name, team, state, number"
    CALM = "Nobody on the list needs you now."

    def __init__(self, panels: Sequence[Panel[Any, Any]] | None = None) -> None:
        super().__init__()
        self.views: Sequence[PanelView] = tuple(map(PanelView, made() if panels is None else panels))

    @property
    def limits(self) -> Limits:
        """From where on rows are marked today."""
        shift = self.snapshot.shift if self.snapshot is not None else ()
        return replace(self.console_app.limits, shift=shift)

    @property
    def board(self) -> Board[SpecialistLine]:
        return self.query_one("#board", Board)

    @property
    def boards(self) -> Sequence[Board[Any]]:
        return (self.board, *(view.board for view in self.views))

    @property
    def marked(self) -> SpecialistLine | None:
        """The row of the calls that acts are about; none while a further panel has the focus."""
        return self.board.item if self._at is None else None

    @property
    def detail(self) -> Detail:
        return self.query_one(Detail)

    def compose_body(self) -> ComposeResult:
        yield Lines(id="totals")
        with Horizontal(id="panels"):
            with Vertical(id="calls", classes="panel"):
                yield Lines(fill=RULE, id="calls-title")
                yield Board(present.shape(lambda: self.limits), id="board")
            if self.views:
                yield Vertical(*self.views, id="side")
            yield Detail(lambda: self.limits, id="detail")
        if self.views:
            counts = Lines(id="counts")
            counts.styles.height = len(self.views)
            yield counts

    # Keeping fresh

    def read(self, desk: Desk) -> FloorSnapshot:
        return desk.calls.floor()

    def about(self, snapshot: FloorSnapshot) -> About:
        return snapshot

    async def after_read(self, desk: Desk) -> None:
        if self.detail_open and self.zone is not None and (key := self.board.key) is not None:
            day = await asyncio.to_thread(desk.calls.specialist, key)
            if key == self.board.key:
                self.detail.show(day, self.board.item, self.zone, self.console_app.clock())
        if any([await view.read(desk) for view in self.views]):
            self.draw()

    # Drawing

    def show(self, snapshot: FloorSnapshot, zone: tzinfo, now_us: int) -> None:
        board = self.board
        lines = {line.key: line for line in snapshot.specialists if self.team in (None, line.team)}
        board.say(*overview.empty(snapshot, self.team, board.filtered))
        board.show(lines, now_us)
        self.query_one("#totals", Lines).show(overview.totals(snapshot, self.limits, self.size.width - 2))
        if self.detail_open:
            self.detail.tick(board.item, now_us)
        self._show_titles(now_us)

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self._show_titles(self.console_app.clock())

    def _show_titles(self, now_us: int) -> None:
        board = self.board
        words = [Cell(f"Calls · {len(board.keys)}", "title"), *overview.needs(board.items, now_us, self.limits)]
        self.query_one("#calls-title", Lines).show(self.title_line(board, words, self.hints("filter", "team", "sort")))
        for view in self.views:
            view.draw(self, now_us)
        if self.views:
            self.query_one("#counts", Lines).show(*(view.counts(self) for view in self.views))

    def footer_keys(self) -> Sequence[str]:
        if (view := self._at) is not None:
            return [*view.panel.footer, "calls", "exception", "undo"]
        here = ["back", "next", "previous"] if self.detail_open else ["open"]
        reasons = self.reasons()
        if "adopt" not in reasons:
            here.append("adopt")
        if self.marked is not None:
            here += [name for name in acts.PHONE_KEYS if name not in reasons]
        return [*here, "exception", "undo"]

    def reasons(self) -> Mapping[str, str]:
        return acts.reasons(self)

    # Moving about

    def on_resize(self) -> None:
        """A panel that has the focus and no room any more has the screen; what was opened for want of room closes."""
        narrow = self.has_class("-narrow")
        view = next((view for view in self.views if view.board.has_focus), None)
        if narrow != (self.size.width < BESIDE):
            self._alone(None if narrow else view)

    def on_descendant_focus(self) -> None:
        """Which keys there are depends on the panel with the focus; the calls alone have it always."""
        if self.views:
            self.draw()

    def chosen(self, board: Board[Any], key: str) -> None:
        view = next((view for view in self.views if view.board is board), None)
        if view is None:
            super().chosen(board, key)
        elif (item := board.item) is not None:
            view.panel.choose(self, item)

    def forget_detail(self) -> None:
        self.detail.forget()

    def teams(self, snapshot: FloorSnapshot) -> Mapping[str, int]:
        lines = snapshot.specialists
        return {"": len(lines)} | {team: sum(line.team == team for line in lines) for team in snapshot.teams}

    def action_panel(self, name: str) -> None:
        """Go to a panel; where there is no room for it beside the calls, it gets the screen."""
        view = next((view for view in self.views if view.panel.id == name), None)
        full = self.has_class("-narrow") or self.has_class("-side")
        if view is not None or full:
            self.remove_class("-detail")
        self.remove_class("-zoomed")
        self._alone(view if full else None)
        self._focus(view)

    def _alone(self, view: PanelView | None) -> None:
        """Give the screen to a further panel; with None take it back."""
        for one in self.views:
            one.set_class(one is view, "-alone")
        self.set_class(view is not None, "-side")

    def _focus(self, view: PanelView | None) -> None:
        self.call_after_refresh((self.board if view is None else view.board).focus)
        self.call_after_refresh(self.draw)

    @property
    def _at(self) -> PanelView | None:
        """The further panel that has the focus or the screen."""
        return next((view for view in self.views if view.board.has_focus or view.has_class("-alone")), None)

    def action_focus_next(self) -> None:
        """Go to the next panel; of panels that do not stand beside each other, the next gets the screen."""
        full = self.has_class("-narrow") or self.has_class("-side")
        if full and self.views and not self.detail_open:
            names = ["calls", *(view.panel.id for view in self.views)]
            at = self._at
            here = 0 if at is None else names.index(at.panel.id)
            self.action_panel(names[(here + 1) % len(names)])
        else:
            super().action_focus_next()

    def action_zoom(self) -> None:
        if (view := self._at) is None:
            super().action_zoom()
        elif self.has_class("-side") and self.has_class("-narrow"):
            self.action_panel("calls")
        else:
            self._alone(None if self.has_class("-side") else view)
            self._focus(view)

    def step_back(self) -> None:
        """As everywhere; from a further panel, first from its zoom, last to the calls."""
        view = self._at
        if view is not None and self.has_class("-side") and not self.has_class("-narrow"):
            self.action_zoom()
        elif view is not None and not view.board.filtered:
            self.action_panel("calls")
        else:
            super().step_back()

    # Acts

    def action_phone(self, action: str) -> None:
        acts.phone(self, action)

    def action_adopt(self) -> None:
        acts.adopt(self)

    def action_by_hand(self, rule: str) -> None:
        acts.flag(self, rule)
