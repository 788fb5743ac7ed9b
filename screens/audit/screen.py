"""Mode 8, Audit: whether what people say is what the phones say, worked through by keyboard and signed. It turns keys
into acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from screens import keys
from screens.audit import acts
from screens.audit.pending import Place
from screens.audit.view import AuditView
from supervisor.duties.audit.snapshots import OPEN, Discrepancy

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.desks.audit import AuditDesk


class AuditScreen(AuditView):
    """The audit of a day and what is done with it.

    What is decided and not kept yet counts as decided at once, so that the cursor is on the next open one; what is
    refused is open again. `sentences`: what was typed to sign a day and was refused, by day."""

    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("audit")

    def __init__(self) -> None:
        super().__init__()
        self.sentences: dict[int, str] = {}

    def action_which_day(self) -> None:
        if self.snapshot is not None:
            acts.which_day(self)

    def _do(self, name: str) -> None:
        """Do with the marked discrepancy what a key does, or say why it cannot."""
        one, why = self.marked, self.reasons().get(name)
        if self.still_reading():
            return
        if why:
            self.tell(f"{why[0].upper()}{why[1:]}.", "watch")
        elif one is not None:
            acts.ACTS[name](self, one, self.shown_day)

    def action_accept(self) -> None:
        self._do("audit-accept")

    def action_correct(self) -> None:
        self._do("audit-correct")

    def action_flag(self) -> None:
        self._do("audit-flag")

    def action_explained(self) -> None:
        self._day_act("audit-explained", acts.accept_explained)

    def action_sign(self) -> None:
        self._day_act("audit-sign", acts.sign)

    def _day_act(self, name: str, doing: Callable[[AuditScreen], None]) -> None:
        if self.still_reading():
            return
        if why := self.reasons().get(name):
            self.tell(f"{why[0].upper()}{why[1:]}.", "watch")
        else:
            doing(self)

    def decided(self, one: Discrepancy, day: int, state: str, doing: Callable[[AuditDesk], str]) -> None:
        """Decide a discrepancy of `day`: it counts as `state` at once, and the cursor goes to the next open one. Where
        it is refused, it is open again."""
        place: Place = (day, one.id)
        following = self._next_open(one.id)
        self.pending.ask(place, state)
        self.draw()
        if following is not None:
            self.board.go(following)

        async def run(_: Desk) -> None:
            try:
                await self.done(lambda desk: doing(desk.audit))
            except Exception:
                self.pending.refused(place)
                self.wanted = one.key
                self.wake()
                raise
            self.pending.kept(place)

        self.beside(run)

    def _next_open(self, item: str) -> str | None:
        """Return the key of the next open row after the one of `item`, from the top again after the last."""
        opened = {one.id for one in self.found if one.state == OPEN and one.id != item}
        rows = list(self.board.keys)
        at = rows.index(item) if item in rows else -1
        return next((key for key in (*rows[at + 1 :], *rows[: at + 1]) if key in opened), None)

    def action_undo(self) -> None:
        """As everywhere; the cursor goes to the discrepancy that is open again."""

        async def run(_: Desk) -> None:
            said = await self.done(lambda desk: desk.undo(), "There is nothing to undo.")
            if said and (place := self.pending.undone()) is not None and place[0] == self.shown_day:
                self.wanted = place[1]

        self.beside(run)
