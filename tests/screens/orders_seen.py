"""A console in mode 3 over orders made by hand, and what one sees of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from screens.app import ConsoleApp
from screens.floor.screen import FloorScreen
from screens.orders.review import ReviewScreen
from screens.orders.screen import OrdersScreen
from tests.screens.handmade import LIMITS, NOW
from tests.screens.handmade_orders import HandmadeOrders


class Console(ConsoleApp):
    """The console with no panel beside the calls."""

    def get_default_screen(self) -> FloorScreen:
        return FloorScreen(panels=())


class Orders:
    """What one sees and presses."""

    def __init__(self, pilot: Any, desk: HandmadeOrders) -> None:
        self.pilot = pilot
        self.desk = desk
        self.app: Any = pilot.app

    def text(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def says(self) -> str:
        return self.text()[-1]

    def row(self, name: str) -> str:
        return next(text for text in self.text() if name in text)

    @property
    def list(self) -> OrdersScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, OrdersScreen))

    @property
    def review(self) -> ReviewScreen:
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, ReviewScreen))

    async def until(self, true: Callable[[], object]) -> None:
        for _ in range(300):
            if true():
                return
            await self.pilot.pause(0.01)
        pytest.fail("\n".join(self.text()))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*({" ": "space", "%": "percent_sign", "+": "plus"}.get(one, one) for one in text))

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in "\n".join(self.text()))

    async def told(self, text: str) -> None:
        await self.until(lambda: text in self.says())

    async def reviewing(self, company: str) -> None:
        """Wait until the review of this order has been read and is in front."""
        await self.until(
            lambda: (
                isinstance(self.app.screen, ReviewScreen)
                and self.app.screen.line is not None
                and self.app.screen.line.company.startswith(company)
                and self.app.screen.review is not None
                and any(text.startswith(f" {company}") for text in self.text())
            )
        )


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40), desk: HandmadeOrders | None = None, **options: Any
) -> AsyncIterator[Orders]:
    desk = desk or HandmadeOrders()
    app = Console(lambda: desk, LIMITS, clock=lambda: NOW, **options)
    async with app.run_test(size=size) as pilot:
        seen = Orders(pilot, desk)
        await pilot.press("3")
        await seen.until(lambda: isinstance(app.screen, OrdersScreen) and app.screen.people)
        await pilot.pause()
        yield seen


async def begin(seen: Orders) -> None:
    """Begin a round at the first order."""
    await seen.press("r")
    await seen.reviewing("Ruhr Pumpen")
