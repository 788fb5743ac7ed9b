"""What the console reads and does: snapshots in, acts out. It works in threads; screens know only these interfaces.

One small protocol a duty, put together in `Desk`. Every method may block and is called in a thread, unless it says
otherwise; errors are for people.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.calls import CommandAnswer, FloorSnapshot, SpecialistDay, SpecialistLine
    from supervisor.duties.followups.snapshots import (
        DoublesLine,
        FollowupsPanel,
        FollowupsSnapshot,
        InboxLine,
        QueueLine,
        Story,
    )
    from supervisor.duties.orders.examine import Examination
    from supervisor.duties.orders.snapshots import OrderReview, OrdersSnapshot, SolutionLine


class CallsDesk(Protocol):
    """Calls against quota, and acts on phones."""

    def floor(self) -> FloorSnapshot:
        """Return the floor as it is now."""
        ...

    def specialist(self, key: str) -> SpecialistDay:
        """Return the day of the specialist whose row of the floor has `key`."""
        ...

    def names(self) -> list[str]:
        """Return the names of all specialists, for adopting a phone."""
        ...

    def adopt(self, identity_ids: tuple[int, ...], name: str) -> str:
        """Give unknown phones to the specialist `name`, made where there is none; return what was done, in words."""
        ...

    def refusal(self, line: SpecialistLine, action: str) -> str | None:
        """Return why `action` cannot be done on the phone of `line`, None where it can. It never blocks."""
        ...

    def command(self, line: SpecialistLine, action: str, number: str | None) -> int:
        """Ask the collector for an act on the phone of `line`; return the command's id."""
        ...

    def answer(self, command_id: int) -> CommandAnswer | None:
        """Return what came of a command, None while nothing has."""
        ...


class FollowupsDesk(Protocol):
    """Follow-ups: the queue, customers' stories, the inbox, doubles. Every act returns in words what was done; refused
    ones raise, saying why."""

    def followups(self) -> FollowupsSnapshot:
        """Return what mode 2 shows now."""
        ...

    def panel(self) -> FollowupsPanel:
        """Return what the floor's panel shows now."""
        ...

    def story(self, customer_id: int) -> Story:
        """Return a customer's whole story."""
        ...

    def inbox(self) -> list[InboxLine]:
        """Return the calls of which nobody knows whose customer they were with."""
        ...

    def doubles(self) -> list[DoublesLine]:
        """Return pairs of customers that may be one."""
        ...

    def find(self, text: str) -> list[QueueLine]:
        """Return customers by the beginning of their name, their reference or their number."""
        ...

    def specialists(self) -> list[tuple[int, str, str]]:
        """Return id, name and team of all specialists, by name."""
        ...

    def day(self, text: str) -> int:
        """Return the coming day that `text` means ("fri", "+2d"). ValueError in words. It never blocks."""
        ...

    def log_contact(self, customer_id: int, channel: str, outcome: str, note: str, specialist_id: int | None) -> str:
        """Write a contact of now into the ledger: by `channel` (call, visit, reply)."""
        ...

    def accept(self, entry_id: int) -> str:
        """Let a written call count that no call is behind."""
        ...

    def plan(self, customer_id: int, day: int | None, what_for: str) -> str:
        """Plan the next contact; None: none."""
        ...

    def do_not_call(self, customer_id: int, why: str) -> str:
        """Block a customer."""
        ...

    def may_call(self, customer_id: int) -> str:
        """Unblock a customer."""
        ...

    def hand_over(self, customer_id: int, specialist_id: int) -> str:
        """Make a specialist the owner."""
        ...

    def take_over(self, customer_id: int) -> str:
        """Make this person look after a customer."""
        ...

    def park(self, customer_id: int) -> str:
        """Put a customer past the window aside."""
        ...

    def reopen(self, customer_id: int) -> str:
        """Open a parked, lost or signed customer again."""
        ...

    def dial(self, customer_id: int) -> int:
        """Have the owner's phone dial the customer; return the command's id, for `CallsDesk.answer`."""
        ...

    def assign_call(self, source_id: int, group_id: str, customer_id: int) -> str:
        """Say that a call to a shared number was this customer's."""
        ...

    def give_number(self, number: str, customer_id: int) -> str:
        """Say that a number nobody has is this customer's."""
        ...

    def new_customer(self, number: str, company: str) -> str:
        """Make a customer of a number that nobody has."""
        ...

    def no_customer(self, number: str) -> str:
        """Say that a number is no customer's."""
        ...

    def merge(self, customer_id: int, into_id: int) -> str:
        """Merge a customer into another one."""
        ...

    def distinct(self, one_id: int, other_id: int) -> str:
        """Say that two customers are not one."""
        ...


class OrdersDesk(Protocol):
    """Orders: the list, one order under review, written solutions, the sheet of a specialist. Every act returns in
    words what was done; refused ones raise, saying why. `seen` is the version of the order that the person saw."""

    def orders(self) -> OrdersSnapshot:
        """Return what mode 3 lists now."""
        ...

    def order(self, order_id: int) -> OrderReview:
        """Return one order under review."""
        ...

    def stages(self) -> tuple[str, ...]:
        """Return the stages of the configuration, in their order. It never blocks."""
        ...

    def examination(self, specialist_id: int) -> Examination:
        """Return the sheet of a specialist: six causes with their figures."""
        ...

    def solutions(self) -> list[SolutionLine]:
        """Return the library of written solutions, by title."""
        ...

    def solution_for(self, solution_id: int, customer_id: int | None, form: str) -> str:
        """Return a solution as it is handed to a customer (None: to nobody yet), as "markdown" or "html"."""
        ...

    def hear(self, order_id: int, seen: int, code: str, call: tuple[int, str] | None) -> str:
        """Keep a fact that was heard: linked to a call (source id, group id), or only typed."""
        ...

    def withdraw(self, evidence_id: int, seen: int) -> str:
        """Take a piece of evidence back."""
        ...

    def feel(self, order_id: int, seen: int, note: str) -> str:
        """Record a feeling: kept, and worth nothing."""
        ...

    def claim(self, order_id: int, seen: int, by_day: int, percent: int) -> str:
        """Keep the specialist's word that the order is signed by a day."""
        ...

    def review(
        self,
        order_id: int,
        seen: int,
        *,
        asked: str,
        facts: tuple[str, ...],
        next_step: str | None,
        guidance: str,
        guidance_text: str,
        solution_id: int | None,
        recheck_day: int | None,
    ) -> str:
        """Keep a review."""
        ...

    def stage(self, order_id: int, seen: int, stage: str) -> str:
        """Move an order to a stage."""
        ...

    def amount(self, order_id: int, seen: int, cents: int) -> str:
        """Set the amount of an order."""
        ...

    def create(self, customer_id: int, specialist_id: int | None, package: str, cents: int, stage: str) -> str:
        """Open an order with a customer."""
        ...

    def sign(self, order_id: int, seen: int, day: int, cents: int, clauses: str, approved_by: str) -> str:
        """Sign an order."""
        ...

    def lose(self, order_id: int, seen: int, why: str) -> str:
        """Close an order that will not be signed."""
        ...

    def save_solution(
        self, solution_id: int | None, title: str, customer_type: str, objection: str, body: str, version: int
    ) -> str:
        """Write a solution: a new one (None), or one of which the person saw `version`."""
        ...

    def retire_solution(self, solution_id: int, version: int) -> str:
        """Take a solution out of the library."""
        ...


class Desk(Protocol):
    """All duties, and what they share."""

    @property
    def calls(self) -> CallsDesk:
        """Mode 1."""
        ...

    @property
    def followups(self) -> FollowupsDesk:
        """Mode 2."""
        ...

    @property
    def orders(self) -> OrdersDesk:
        """Mode 3."""
        ...

    def undo(self) -> str | None:
        """Undo this person's last act that can be undone, of whatever duty; return it in words, None where there is
        none."""
        ...

    def changes(self) -> AsyncIterator[None]:
        """Yield after each burst of commits."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...
