"""Mode 3, Orders: the open orders by what needs attention, and the ways from there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from screens import keys
from screens.live import LiveScreen
from screens.orders import adding, present, totals
from screens.orders.library import LibraryScreen
from screens.orders.present import Row
from screens.orders.review import ReviewScreen
from screens.orders.rounds import Draft, Round
from screens.orders.sheet import SheetScreen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.dialogs import Option
from screens.widgets.line import Lines
from screens.widgets.prompt import Prompt
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.widgets.header import About
    from supervisor.duties.orders.snapshots import OrderLine, OrderReview, OrdersSnapshot

RULE = Cell("─", "faint")
SIDE = 36


class OrdersScreen(LiveScreen["OrdersSnapshot"]):
    """The list. What was typed in a review and is not written yet is kept here, by order."""

    MODE = PLACE = "orders"
    FILTER = "filter: company, specialist, package, stage, why"
    CALM = "No order on the list needs a review now."
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("orders")

    def __init__(self) -> None:
        super().__init__()
        self.drafts: dict[int, Draft] = {}
        self.stages: tuple[str, ...] = ()
        self.people: list[tuple[int, str, str]] = []
        self._ahead: dict[int, OrderReview] = {}

    def compose_body(self) -> ComposeResult:
        yield Lines(id="totals")
        with Horizontal(id="orders-body"):
            with Vertical(id="orders-list"):
                yield Lines(fill=RULE, id="title")
                yield Board(present.shape(lambda: self.currency), id="board")
            with Vertical(id="orders-side"):
                yield Lines(fill=RULE, id="side-title")
                yield Lines(id="forecast")

    @property
    def board(self) -> Board[Row]:
        return self.query_one("#board", Board)

    @property
    def currency(self) -> str:
        """The floor's one currency."""
        return self.snapshot.currency if self.snapshot is not None else ""

    @property
    def marked(self) -> OrderLine | None:
        """The order under the cursor."""
        return self.board.item.line if self.board.item is not None else None

    # Keeping fresh

    def read(self, desk: Desk) -> OrdersSnapshot:
        self.stages = desk.orders.stages()
        return desk.orders.orders()

    def about(self, snapshot: OrdersSnapshot) -> About:
        return snapshot

    async def after_read(self, desk: Desk) -> None:
        """Read ahead what is likely to be opened next, and who there is."""
        first = next((row.line.order_id for row in self.board.items if row.wanted), None)
        ids = dict.fromkeys(one for one in (first, self.marked.order_id if self.marked else None) if one is not None)

        def ahead() -> dict[int, OrderReview]:
            if not self.people:
                self.people = desk.followups.specialists()
            return {one: desk.orders.order(one) for one in ids}

        self._ahead = await asyncio.to_thread(ahead)

    # Drawing

    @property
    def _beside(self) -> bool:
        """Whether the forecast stands beside the list."""
        return not self.has_class("-narrow") and not self.has_class("-zoomed")

    def show(self, snapshot: OrdersSnapshot, zone: tzinfo, now_us: int) -> None:
        rows = present.rows(snapshot, self.team, zone)
        board = self.board
        board.say(*totals.empty(len(snapshot.orders), self.team, board.filtered))
        board.show(rows, now_us)
        if board.columns != board.shape.columns(board.size.width):
            board.lay_out()  # the currency stands in a head
        every = list(rows.values())
        self.query_one("#totals", Lines).show(
            totals.totals(every, self.stages, snapshot.currency, self.size.width - 2, beside=self._beside)
        )
        words = [Cell(f"Orders · {len(board.keys)}", "title"), *totals.needs(board.items, present.level)]
        self.query_one("#title", Lines).show(self.title_line(board, words, self.hints("filter", "team", "sort")))
        side = [Cell("── ", "faint"), Cell(f"Forecast, {snapshot.currency} ", "title")]
        source = "the floor's own odds" if snapshot.own_probabilities else "default odds"
        self.query_one("#side-title", Lines).show((side, [Cell(f" {source}", "quiet"), Cell(" ──", "faint")]))
        forecast = self.query_one("#forecast", Lines)
        forecast.show(*totals.panel(every, self.stages, SIDE - 2, forecast.content_size.height))

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self.query_one("#title", Lines).show(([Cell("── ", "faint"), Cell("Orders ", "title")], []))

    def word(self, key: keys.Key) -> str:
        return {"open": "review", "review": "round"}.get(key.id, key.short)

    def footer_keys(self) -> Sequence[str]:
        return ("review", "open", "add-order", "solutions", "sheet", "exception", "undo")

    def reasons(self) -> Mapping[str, str]:
        if self.marked is None:
            return {"open": "no order is marked", "review": "no order is open"}
        return {}

    def teams(self, snapshot: OrdersSnapshot) -> Mapping[str, int]:
        lines = snapshot.orders
        return {"": len(lines)} | {team: sum(line.team == team for line in lines) for team in snapshot.teams}

    # Reviewing

    def chosen(self, board: Board[Any], key: str) -> None:
        self._review(int(key))

    def action_round(self) -> None:
        shown = set(self.board.keys)
        orders = self.snapshot.orders if self.snapshot is not None else ()
        wanted = {row.line.order_id for row in self.board.items if row.wanted}
        first = next((line.order_id for line in orders if line.order_id in wanted), None)
        if first is not None:
            self._review(first)
        elif shown:
            self.tell("● Every order on the list is reviewed; enter reviews the marked one again.", "good")
        else:
            self.tell("There is no order on the list.", "watch")

    def _review(self, order_id: int) -> None:
        """Open the review at an order: the round are the orders of the list, in the order of attention."""
        snapshot, zone = self.snapshot, self.zone
        if snapshot is None or zone is None:
            return
        shown = set(self.board.keys)
        ids = [line.order_id for line in snapshot.orders if line.key in shown]
        tour = Round(ids, ids.index(order_id))
        self.app.push_screen(ReviewScreen(tour, self.drafts, snapshot, zone, self._ahead, self._reviewed))

    def _reviewed(self, order_id: int, words: str) -> None:
        self.board.go(str(order_id))
        self.wake()
        if words:
            self.tell(words, "good")

    # The ways from here

    def action_add(self) -> None:
        adding.add(self)

    def action_library(self) -> None:
        self.app.push_screen(LibraryScreen(self.marked))

    def action_sheet(self) -> None:
        line = self.marked
        if line is not None and line.specialist_id is not None:
            self._sheet(line.specialist_id)
        elif self.people:
            options = [Option(str(one), safe(name), safe(team)) for one, name, team in self.people]
            self.app.push_screen(Prompt("Whose sheet?", lambda value: self._sheet(int(value)), options=options))
        else:
            self.tell("Nobody is in the roster: supervisor import roster FILE", "watch")

    def _sheet(self, specialist_id: int) -> None:
        ids = [one for one, *_ in self.people] or [specialist_id]
        if specialist_id not in ids:
            ids = [specialist_id, *ids]
        self.app.push_screen(SheetScreen(ids, specialist_id))
