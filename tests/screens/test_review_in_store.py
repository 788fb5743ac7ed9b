"""A whole review at the console over a real store, on both databases, and taken back again."""

from __future__ import annotations

from typing import Any

from screens.orders.screen import OrdersScreen
from store.engine import Store
from supervisor.cli.desks import StoreDesk
from supervisor.duties.acting import Doer
from supervisor.duties.orders import acts, solutions
from tests.screens.handmade import LIMITS
from tests.screens.orders_seen import Console, Orders
from tests.supervisor.duties import selling
from tests.supervisor.duties.selling import CONFIG, DAY_US, HOUR, NOW


def fill(store: Store) -> None:
    """Three orders: one with a recheck that is overdue and a call of today, one of which somebody only feels, one."""
    earlier: Doer = selling.doer("boss", -5 * DAY_US)
    with store.write() as connection:
        greta = selling.specialist(connection, "Greta Lind", "1001", "North")
        ivo = selling.specialist(connection, "Ivo Tamm", "1002", "South")
        ruhr = selling.customer(connection, "K1", "Ruhr Pumpen", "+4930901820", type="maker")
        steel, vogt = (
            selling.customer(connection, ref, name) for ref, name in (("K2", "Baltic Steel"), ("K3", "Vogt"))
        )
        first = selling.order(connection, "O-1", ruhr, greta)
        second = selling.order(connection, "O-2", steel, ivo)
        selling.order(connection, "O-3", vogt, None)
        selling.call(connection, "g1", "1001", "+4930901820", NOW - HOUR)
        acts.review(connection, earlier, CONFIG, first, 1, recheck_day=20261120)
        acts.feel(connection, earlier, second, 1, "likes us")
        solutions.save(connection, earlier, None, "two steps", "maker", "price", "Dear {person}", 0)


async def test_a_round_written_and_undone(store: Store) -> None:
    fill(store)
    moment = [NOW]

    def clock() -> int:
        moment[0] += 1
        return moment[0]

    desk = StoreDesk(CONFIG, clock, store)
    async with Console(lambda: desk, LIMITS, clock=clock).run_test(size=(120, 40)) as pilot:
        seen: Any = Orders(pilot, desk)  # type: ignore[arg-type]
        await pilot.press("3")
        await seen.until(lambda: isinstance(seen.app.screen, OrdersScreen) and seen.app.screen.people)
        snapshot = seen.list.snapshot
        assert [line.ref for line in snapshot.orders] == ["O-1", "O-2", "O-3"] and snapshot.left == 3
        await seen.press("r")
        await seen.reviewing("Ruhr Pumpen")
        await seen.press("p", "r")
        await seen.told("asked about price or discount, linked to the call")
        assert "Score 39" in "\n".join(seen.text()) and "call 10:00" in "\n".join(seen.text())
        await seen.press("s", "enter", "d")
        await seen.type("fri")
        await seen.press("enter", "space")
        await seen.reviewing("Baltic Steel")
        await seen.told("O-1 Ruhr Pumpen: reviewed, score 39, recheck 2026-11-27")
        await seen.until(lambda: "2 left" in seen.text()[1])
        await seen.press("u")
        await seen.reviewing("Ruhr Pumpen")
        await seen.told("undone: O-1 Ruhr Pumpen: reviewed")
        await seen.press("p")
        await seen.told("taken back: named a payment date")
        await seen.press("space")
        await seen.reviewing("Baltic Steel")
        await seen.told("O-1 Ruhr Pumpen: reviewed, score 14")
        await seen.press("w")
        await seen.shows("→ Mon 23 Nov, today")
        await seen.press("ctrl+s")
        await seen.told("O-2 Baltic Steel: signed on 2026-11-23")
        await seen.reviewing("Vogt")
        await seen.press("x")
        await seen.type("closed down")
        await seen.press("enter")
        await seen.until(lambda: isinstance(seen.app.screen, OrdersScreen))
        await seen.until(lambda: list(seen.list.board.keys) == ["1"])
        first = desk.orders.order(1)
        assert [fact.code for fact in first.facts] == ["price"] and first.reviews[0].solution == "two steps"
        assert first.line.recheck_day == 20261127 and first.reviews[1].kept_in_time is False
        await seen.press("u", "u")
        await seen.until(lambda: sorted(seen.list.board.keys) == ["1", "2", "3"])


async def test_somebody_else_is_faster(store: Store) -> None:
    fill(store)
    desk = StoreDesk(CONFIG, lambda: NOW, store)
    async with Console(lambda: desk, LIMITS, clock=lambda: NOW).run_test(size=(80, 24)) as pilot:
        seen: Any = Orders(pilot, desk)  # type: ignore[arg-type]
        await pilot.press("3")
        await seen.until(lambda: isinstance(seen.app.screen, OrdersScreen) and seen.app.screen.people)
        await seen.press("r")
        await seen.reviewing("Ruhr Pumpen")
        await seen.press("f")
        await seen.type("nice")
        with store.write() as connection:
            acts.stage(connection, selling.doer("anna"), 1, 2, "contract")
        await seen.press("enter")
        await seen.told("✕ anna changed O-1")
        await seen.shows("EUR   contract")
        await seen.press("f")
        await seen.shows("nice")
        await seen.press("enter")
        await seen.told("a feeling is recorded")
