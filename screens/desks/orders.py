"""Mode 3: orders. What the console reads and does there: see screens.desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.orders.examine import Examination
    from supervisor.duties.orders.snapshots import OrderReview, OrdersSnapshot, SolutionLine


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
