"""The console of a replay: one screen, whose clock is the tape's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen

from screens.app import ConsoleApp
from screens.replay.screen import ReplayScreen
from screens.replay.tape import Tape

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.floor.present import Limits
    from supervisor.duties.calls.replay import FlagThen


class ReplayApp(ConsoleApp):
    """As the console. `clock` is the tape, `flags` those of its whole day in the order of time."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*ConsoleApp.CSS_PATH, Path(__file__).with_name("screen.tcss")]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {}

    def __init__(
        self, open_desk: Callable[[], Desk], limits: Limits, *, clock: Tape, flags: Sequence[FlagThen], **more: Any
    ) -> None:
        super().__init__(open_desk, limits, clock=clock, **more)
        self._tape = clock
        self._flags = flags

    def get_default_screen(self) -> Screen[None]:
        return ReplayScreen(self._tape, self._flags)

    async def action_switch_mode(self, mode: str) -> None:
        """There is but one mode."""
        if isinstance(self.screen, ReplayScreen):
            self.screen.refuse()
