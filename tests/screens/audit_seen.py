"""A console in mode 8 over days made by hand, and what one sees of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from screens.audit.screen import AuditScreen
from tests.screens.discipline_seen import Console
from tests.screens.handmade import LIMITS, NOW, HandmadeDesk
from tests.screens.handmade_audit import HandmadeAudit
from tests.screens.test_floor_screen import Floor


class Audit(Floor):
    """What one sees and presses in mode 8."""

    @property
    def audit(self) -> AuditScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, AuditScreen))

    @property
    def book(self) -> HandmadeAudit:
        return self.desk.audit

    @property
    def key(self) -> str | None:
        """The key of the marked row."""
        return self.audit.board.key

    def asked(self, *names: str) -> list[tuple[Any, ...]]:
        """The acts with these names that were asked of the desk."""
        return [one for one in self.desk.asked if one[0] in names]

    async def type(self, text: str) -> None:
        await self.press(*({" ": "space", ",": "comma", ".": "full_stop"}.get(one, one) for one in text))

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in "\n".join(self.text()))

    async def told(self, text: str) -> None:
        await self.until(lambda: text in self.says())


@asynccontextmanager
async def opened(
    size: tuple[int, int] = (120, 40), desk: HandmadeDesk | None = None, **options: Any
) -> AsyncIterator[Audit]:
    desk = desk or HandmadeDesk()
    app = Console(lambda: desk, LIMITS, clock=lambda: NOW, **options)
    async with app.run_test(size=size) as pilot:
        seen = Audit(pilot, desk)
        await pilot.press("8")
        await seen.until(lambda: isinstance(app.screen, AuditScreen) and app.screen.snapshot is not None)
        await pilot.pause()
        yield seen
