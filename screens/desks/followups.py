"""Mode 2: follow-ups. What the console reads and does there: see screens.desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.followups.snapshots import (
        DoublesLine,
        FollowupsPanel,
        FollowupsSnapshot,
        InboxLine,
        QueueLine,
        Story,
    )


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
