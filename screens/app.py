"""The console: modes, themes and the wiring between screens and the desk. It knows no duty and no rule."""

from __future__ import annotations

import asyncio
import contextlib
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from screens import crash, keys, modes, themes
from screens.filters import Colourless, Neutral
from screens.link import Link
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.floor.present import Limits

HERE = Path(__file__).parent


class ConsoleApp(App[int]):
    """The console on a terminal. `open_desk` is called in a thread after the first frame; `clock` gives epoch us.

    Exits with 0; with 1 after a failure of its own, of which `crash_log` then says where it happened.
    """

    TITLE = "supervisor"
    # The home is made, and its sheet read, with the console: as one of MODES it would have all sheets parsed twice
    # before the first frame. Other modes name their own sheet in their screen's CSS_PATH.
    CSS_PATH: ClassVar[list[str | PurePath]] = [HERE / "widgets" / "widgets.tcss", HERE / "floor" / "screen.tcss"]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = dict(modes.others())
    DEFAULT_MODE: ClassVar[str] = modes.HOME
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("console")
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        open_desk: Callable[[], Desk],
        limits: Limits,
        *,
        theme: str = "dark",
        remapped: Mapping[str, str] | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
        exports: Path | None = None,
        crash_log: Path | None = None,
    ) -> None:
        super().__init__()
        self.link = Link(self, open_desk)
        self.limits = limits
        self.clock = clock
        self.remapped = dict(remapped or {})
        self._exports = exports
        self._crash_log = crash_log
        for one in themes.themes():
            self.register_theme(one)
        self.theme = theme
        self.set_keymap(keys.keymap(self.remapped))
        self._backstop = Neutral()
        self._hung_up = select.poll()
        self._colourless = Colourless()

    def get_default_screen(self) -> Screen[None]:
        return modes.by_id(modes.HOME).make()

    def get_line_filters(self) -> Sequence[LineFilter]:
        colour = [self._colourless] if self.no_color else super().get_line_filters()
        return [*colour, self._backstop]

    def exports(self) -> Path:
        """The folder exports are written to."""
        from screens import export

        return self._exports or export.folder()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers: the keys of the place, the modes, and the themes."""
        places = keys.TOGETHER.get(getattr(screen, "PLACE", ""), ("console",))
        for key in keys.held(places):
            if key.place not in ("board", "paging") and key.id not in ("palette", "focus"):
                hint = f"{keys.shown(key, self.remapped)}   {key.help}"
                yield SystemCommand(key.short.capitalize(), hint, partial(self._do, key))
        for name in themes.PALETTES:
            if name != self.theme:
                yield SystemCommand(
                    f"Theme: {name}",
                    "until the console is left; console.theme keeps it",
                    partial(setattr, self, "theme", name),
                )

    async def _do(self, key: keys.Key) -> None:
        await self.run_action(key.action, self if key.place == "console" else self.screen)

    def on_key(self, event: events.Key) -> None:
        """A key that came before a question had the focus is the question's: keys may be faster than a line is slow."""
        taker = getattr(self.screen, "typed_ahead", None)
        if taker is not None and event.is_printable:
            event.prevent_default()
            taker(event)

    async def action_quit(self) -> None:
        self.exit(0)

    def on_unmount(self) -> None:
        self.link.close()

    def on_mount(self) -> None:
        """Know the home as a mode to come back to; leave the terminal as it was found when told to stop."""
        self.add_mode(modes.HOME, self.get_default_screen)
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGHUP):
            with contextlib.suppress(
                ValueError, RuntimeError
            ):  # not the main thread: whoever runs us there, handles them
                loop.add_signal_handler(signal_number, self.exit, 128 + signal_number)
        self._hung_up.register(sys.__stdin__ or 0, 0)
        self.set_interval(1.0, self._leave_a_terminal_that_is_gone)

    def _leave_a_terminal_that_is_gone(self) -> None:
        """End where the terminal went without a signal: its end of input would be read again and again, for ever."""
        if self._hung_up.poll(0):
            self.exit(128 + signal.SIGHUP)

    def _fatal_error(self) -> None:
        """End with one sentence; where it happened goes to the crash log, without locals: no customer is in either."""
        where = crash.write(self._exception, self._crash_log)
        self._exit_renderables.append(Text(safe(f"The console stopped after a failure of its own. {where}", 2000)))
        self._close_messages_no_wait()
