"""The desk of a replay: a day that was read once, told as it was at the minute its clock gives. Nothing acts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from supervisor.duties.calls.replay import flags_at, floor_at, specialist_at

if TYPE_CHECKING:
    from supervisor.config import Config
    from supervisor.duties.calls import FloorSnapshot, SpecialistDay
    from supervisor.duties.calls.replay import ReplayDay
    from supervisor.duties.discipline.snapshots import FlagsPanel


class ReplayDesk:
    """What the floor's screen asks of a desk to show the calls and the flags; the replay has no more of one."""

    def __init__(self, replay: ReplayDay, config: Config, clock: Callable[[], int]) -> None:
        self._replay = replay
        self._config = config
        self._clock = clock

    @property
    def calls(self) -> ReplayDesk:
        return self

    @property
    def discipline(self) -> ReplayDesk:
        return self

    def floor(self) -> FloorSnapshot:
        return floor_at(self._replay, self._config, self._clock())

    def specialist(self, key: str) -> SpecialistDay:
        return specialist_at(self._replay, self._config, key, self._clock())

    def panel(self) -> FlagsPanel:
        return flags_at(self._replay, self._clock())

    async def changes(self) -> AsyncIterator[None]:
        """What was stays as it was."""
        await asyncio.Event().wait()
        yield

    def close(self) -> None:
        """Nothing is held."""
