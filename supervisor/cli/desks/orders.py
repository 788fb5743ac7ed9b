"""Orders at the console's desk: reads and acts of supervisor.duties.orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from store import queue
from store import solutions as library
from supervisor.duties.orders import offers, read

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from supervisor.cli.desks.room import Room
    from supervisor.duties.acting import Doer
    from supervisor.duties.orders.examine import Examination
    from supervisor.duties.orders.snapshots import OrderReview, OrdersSnapshot, SolutionLine


class StoreOrders:
    """See screens.desks.orders.OrdersDesk."""

    def __init__(self, room: Room) -> None:
        self._room = room

    # Reading

    def orders(self) -> OrdersSnapshot:
        room = self._room
        with room.store.read() as connection:
            return read.read_orders(connection, room.config, room.clock())

    def order(self, order_id: int) -> OrderReview:
        room = self._room
        with room.store.read() as connection:
            try:
                return read.read_order(connection, room.config, order_id, room.clock())
            except KeyError:
                raise LookupError("this order does not exist any more") from None

    def stages(self) -> tuple[str, ...]:
        return self._room.config.orders.stages

    def examination(self, specialist_id: int) -> Examination:
        from supervisor.duties.orders.examination import read_examination

        room = self._room
        with room.store.read() as connection:
            try:
                return read_examination(connection, room.config, specialist_id, room.clock())
            except KeyError:
                raise LookupError("this specialist is in the roster no more") from None

    def solutions(self) -> list[SolutionLine]:
        with self._room.store.read() as connection:
            return list(map(offers.line_of_solution, library.standing(connection)))

    def solution_for(self, solution_id: int, customer_id: int | None, form: str) -> str:
        with self._room.store.read() as connection:
            row = library.by_id(connection, solution_id)
            if row is None:
                raise LookupError("this solution does not exist any more")
            customer = None if customer_id is None else queue.customers(connection, [customer_id]).get(customer_id)
            addressee = None if customer is None else library.addressee(connection, customer.ref)
        make = offers.as_html if form == "html" else offers.as_markdown
        return make(offers.line_of_solution(row), addressee)

    # Acts

    def _act(self, doing: Callable[[Connection, Doer], str]) -> str:
        room = self._room
        with room.store.write() as connection:
            return doing(connection, room.doer())

    def hear(self, order_id: int, seen: int, code: str, call: tuple[int, str] | None) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.hear(c, doer, order_id, seen, code, call=call))

    def withdraw(self, evidence_id: int, seen: int) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.withdraw(c, doer, evidence_id, seen))

    def feel(self, order_id: int, seen: int, note: str) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.feel(c, doer, order_id, seen, note))

    def claim(self, order_id: int, seen: int, by_day: int, percent: int) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.claim(c, doer, order_id, seen, by_day, percent))

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
        from supervisor.duties.orders import acts

        return self._act(
            lambda c, doer: acts.review(
                c,
                doer,
                self._room.config,
                order_id,
                seen,
                asked=asked,
                facts=facts,
                next_step=next_step,
                guidance=guidance,
                guidance_text=guidance_text,
                solution_id=solution_id,
                recheck_day=recheck_day,
            )
        )

    def stage(self, order_id: int, seen: int, stage: str) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.stage(c, doer, order_id, seen, stage))

    def amount(self, order_id: int, seen: int, cents: int) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.amount(c, doer, order_id, seen, cents))

    def create(self, customer_id: int, specialist_id: int | None, package: str, cents: int, stage: str) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.create(c, doer, customer_id, specialist_id, package, cents, stage))

    def sign(self, order_id: int, seen: int, day: int, cents: int, clauses: str, approved_by: str) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.sign(c, doer, order_id, seen, day, cents, clauses, approved_by))

    def lose(self, order_id: int, seen: int, why: str) -> str:
        from supervisor.duties.orders import acts

        return self._act(lambda c, doer: acts.lose(c, doer, order_id, seen, why))

    def save_solution(
        self, solution_id: int | None, title: str, customer_type: str, objection: str, body: str, version: int
    ) -> str:
        from supervisor.duties.orders import solutions

        return self._act(
            lambda c, doer: solutions.save(c, doer, solution_id, title, customer_type, objection, body, version)
        )

    def retire_solution(self, solution_id: int, version: int) -> str:
        from supervisor.duties.orders import solutions

        return self._act(lambda c, doer: solutions.retire(c, doer, solution_id, version))
