"""The review: one order at a time, in the order in which attention wanted them when the round began.

Whoever knows the keys may be faster than the store: what a key is about is settled when it is pressed, acts are done in
the order of the keys, and `space` goes on at once. Where the store then refuses, the order comes back and says why.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from screens import keys
from screens.fresh import FreshScreen
from screens.orders import acts, asking, card, lay, present
from screens.orders.rounds import Draft, Round, wanted
from screens.orders.seen import Mark, Memory
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from screens.widgets.words import hour, sentence
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.desks.orders import OrdersDesk
    from screens.widgets.header import About
    from supervisor.duties.orders.snapshots import OrderLine, OrderReview, OrdersSnapshot


class Reading(NamedTuple):
    """All open orders, and the one under review; None until it was read."""

    orders: OrdersSnapshot
    review: OrderReview | None


Doing = Callable[["OrdersDesk", int], str]
"""An act on an order, given the version that the person saw."""


class ReviewScreen(FreshScreen[Reading]):
    """Reviews the orders of `tour`. `drafts` are kept by the list: what was typed and not written yet outlives this
    screen. `left` is told in words how the round ended."""

    MODE = "orders"
    PLACE = "review"
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("review")

    def __init__(
        self,
        tour: Round,
        drafts: dict[int, Draft],
        orders: OrdersSnapshot,
        zone: tzinfo,
        ahead: Mapping[int, OrderReview],
        left: Callable[[int, str], None],
    ) -> None:
        super().__init__()
        self.tour = tour
        self.drafts = drafts
        self.memory = Memory(ahead)
        self.snapshot = Reading(orders, ahead.get(tour.now))
        self.zone = zone
        self._left = left
        self._stages: tuple[str, ...] = ()

    # What is under review

    @property
    def draft(self) -> Draft:
        """What the review of this order has so far."""
        return self.drafts.setdefault(self.tour.now, Draft())

    @property
    def review(self) -> OrderReview | None:
        """The order under review as it was last read; None until it was."""
        return self.memory.of(self.tour.now)

    @property
    def line(self) -> OrderLine | None:
        """The row of the order under review."""
        if (review := self.review) is not None:
            return review.line
        lines = self.snapshot.orders.orders if self.snapshot is not None else ()
        return next((line for line in lines if line.order_id == self.tour.now), None)

    @property
    def today(self) -> int:
        """The floor's day."""
        assert self.snapshot is not None
        return self.snapshot.orders.day

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages of the configuration."""
        return self._stages

    def wanting(self) -> list[int]:
        """The orders of the round that still want a review, the next one first."""
        assert self.snapshot is not None
        return self.tour.left(wanted(self.snapshot.orders))

    # Keeping fresh

    def read(self, desk: Desk) -> Reading:
        self._stages = desk.orders.stages()
        return Reading(desk.orders.orders(), desk.orders.order(self.tour.now))

    async def after_read(self, desk: Desk) -> None:
        """Read ahead what `J` and `space` open: the next order stands on the screen before it could be read."""
        here = self.tour.at + 1
        ahead = dict.fromkeys([*self.tour.ids[here : here + 1], *self.wanting()[:1]])
        unknown = [order_id for order_id in ahead if self.memory.of(order_id) is None]

        def read() -> list[OrderReview]:
            found = []
            for order_id in unknown:
                with contextlib.suppress(LookupError):  # it exists no more: who goes there is told
                    found.append(desk.orders.order(order_id))
            return found

        for review in await asyncio.to_thread(read) if unknown else ():
            self.memory.take(review)

    def about(self, snapshot: Reading) -> About:
        return snapshot.orders

    def compose_body(self) -> ComposeResult:
        yield Lines(id="review-head")
        yield Lines(id="review-who")
        with Horizontal(id="review-body"):
            yield Lines(id="review-main")
            yield Lines(id="review-beside")

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def show(self, snapshot: Reading, zone: tzinfo, now_us: int) -> None:
        if snapshot.review is not None:
            self.memory.take(snapshot.review)
        review, line, orders = self.review, self.line, snapshot.orders
        if line is None:
            return
        width, height = self.size.width - 2, max(1, self.size.height - 6)
        where, whose = card.head(line, self.tour, len(self.wanting()), orders.orders, orders.currency, width)
        if self.failed is not None:
            where, whose = [Cell(f"✕ not read since {hour(self.failed[0], zone)}: {self.failed[1]}", "act")], []
        self.query_one("#review-head", Lines).show((where, whose))
        if review is None:
            return
        self.memory.heard(self.tour.now, self.draft)
        sight = card.Sight(review, self.draft, zone, orders.day, orders.currency, self._letters())
        rows = {row.line.order_id: row for row in present.rows(orders, None, zone).values()}
        laid = lay.lay(sight, self.tour, rows, width, height)
        self.query_one("#review-who", Lines).show(*card.who(sight, width))
        main, beside = self.query_one("#review-main", Lines), self.query_one("#review-beside", Lines)
        main.styles.width = lay.width_of(width)
        main.show(*laid.main)
        beside.display = bool(laid.beside)
        beside.show(*laid.beside)

    def _letters(self) -> dict[str, str]:
        remapped = self.console_app.remapped
        return {key.id: keys.shown(key, remapped).split()[0] for key in keys.held(("review",))}

    def show_nothing(self, *words: str) -> None:
        if words:
            self.query_one("#review-who", Lines).show(*(([Cell(f"  {word}", "watch")], []) for word in words))

    def footer_keys(self) -> Sequence[str]:
        return ("review-done", "recheck", "next-step", "attach", "next", "sign", "lose")

    def reasons(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        if (review := self.review) is not None and not review.solutions:
            found["attach"] = "the library has no solution yet"
        return found

    # Moving about

    def go(self, order_id: int) -> None:
        """Put an order of the round under review."""
        self.tour.go(order_id)
        self.wake()
        self.draw()

    def action_record(self, by: int) -> None:
        if self.tour.step(by):
            self.go(self.tour.now)
        else:
            self.tell(f"This is the {'last' if by > 0 else 'first'} order of the round.")

    def action_back(self) -> None:
        """Back to the list, once the acts before are done."""
        self.beside(lambda _: self._leave(""))

    async def _leave(self, words: str) -> None:
        async with self.link.one_by_one:
            pass
        order_id = self.tour.now
        if self.is_attached and self in self.app.screen_stack:
            self.app.pop_screen()  # not awaited: this worker ends with the screen
            self._left(order_id, words)

    # Acts

    def mark(self) -> Mark:
        """Return what the person sees now: the order, and how it is."""
        return self.memory.mark(self.tour.now)

    def turn(
        self,
        seen: Mark,
        doing: Doing,
        *,
        done: Callable[[OrderReview], None] = lambda review: None,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        """Do an act on the order of `seen` after the acts before it, read the order anew, and tell what was done, or
        why it was not."""
        self.beside(lambda _: self._turn(seen, doing, done, refused))

    async def _turn(
        self, seen: Mark, doing: Doing, done: Callable[[OrderReview], None], refused: Callable[[], None]
    ) -> None:
        desk = await self.link.opened()

        def work() -> tuple[str, OrderReview]:
            if self.memory.of(seen.order_id) is None:
                self.memory.take(desk.orders.order(seen.order_id))
            said = doing(desk.orders, self.memory.version(seen))
            return said, desk.orders.order(seen.order_id)

        async with self.link.one_by_one:
            try:
                said, review = await asyncio.to_thread(work)
            except Exception as error:
                refused()
                self.tell(f"✕ {sentence(error)}", "act")
                self.wake()
                return
            self.memory.take(review, own=True)
            done(review)
        self.tell(f"● {safe(said, 200)}", "good")
        self.wake()

    def action_undo(self) -> None:
        self.beside(lambda _: self._undo())

    async def _undo(self) -> None:
        """Undo the last act; what was reviewed, signed or lost in this round comes back as it was."""
        desk = await self.link.opened()

        def work() -> tuple[str | None, list[OrderReview]]:
            said = desk.undo()
            ids = dict.fromkeys([self.tour.now, *([last.order_id] if last else [])])
            return said, [desk.orders.order(one) for one in ids] if said else []

        async with self.link.one_by_one:
            last = self.memory.last
            said, reviews = await asyncio.to_thread(work)
            for review in reviews:
                self.memory.take(review, own=True)
            if said and last is not None:
                self.memory.undone()
                acts.restore(self, last, said)
        self.tell(f"● {safe(said, 200)}" if said else "There is nothing to undo.", "good" if said else "text")
        self.wake()

    def action_done(self) -> None:
        acts.finish(self)

    def ended(self, words: str) -> None:
        """Leave the round: nothing is left of it."""
        self.beside(lambda _: self._leave(words))

    def action_hear(self, code: str) -> None:
        acts.hear(self, code)

    def action_nothing(self) -> None:
        acts.nothing(self)

    def action_ask(self, what: str) -> None:
        asking.ASK[what](self)
