"""A console in mode 5 over flags made by hand, and what one sees of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from screens.app import ConsoleApp
from screens.discipline.screen import DisciplineScreen
from screens.floor.screen import FloorScreen
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk
from tests.screens.handmade_discipline import HandmadeDiscipline
from tests.screens.test_floor_screen import Floor


class Console(ConsoleApp):
    """The console with no panel beside the calls."""

    def get_default_screen(self) -> FloorScreen:
        return FloorScreen(panels=())


class Flags(Floor):
    """What one sees and presses in mode 5."""

    @property
    def flags(self) -> DisciplineScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, DisciplineScreen))

    @property
    def book(self) -> HandmadeDiscipline:
        return self.desk.discipline

    @property
    def key(self) -> str | None:
        """The key of the marked flag."""
        return self.flags.board.key

    async def type(self, text: str) -> None:
        await self.press(*({" ": "space", ",": "comma", ".": "full_stop"}.get(one, one) for one in text))

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in "\n".join(self.text()))

    async def told(self, text: str) -> None:
        await self.until(lambda: text in self.says())


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40), desk: HandmadeDesk | None = None, **options: Any
) -> AsyncIterator[Flags]:
    desk = desk or HandmadeDesk()
    app = Console(lambda: desk, LIMITS, clock=lambda: NOW, **options)
    async with app.run_test(size=size) as pilot:
        seen = Flags(pilot, desk)
        await pilot.press("5")
        await seen.until(lambda: isinstance(app.screen, DisciplineScreen) and app.screen.snapshot is not None)
        await pilot.pause()
        yield seen
