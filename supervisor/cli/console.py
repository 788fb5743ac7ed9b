"""`supervisor console`: opens the console. What it needs to paint its first frame is all that is imported before."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supervisor import config as configuration
from supervisor.cli import common
from supervisor.config import Config, ConfigError
from supervisor.text import alphabetical

if TYPE_CHECKING:
    from screens.app import ConsoleApp
    from screens.desk import Desk
    from store.engine import Store
    from supervisor.duties.calls import CommandAnswer, FloorSnapshot, SpecialistDay, SpecialistLine

USAGE = """Usage: supervisor console

Open the console. Its keys are behind `?` and in docs/keys.md; the theme, the keys and your own phone are in [console]
of the configuration.
"""


def app(args: Sequence[str], prog_name: str, standalone_mode: bool) -> int:
    """Run the command and return its exit status; typer would cost as much time as the whole console does."""
    if list(args) in (["--help"], ["-h"]):
        for line in USAGE.splitlines():
            common.say(line)
        return 0
    if args:
        common.fail(f"{prog_name} takes no arguments, not {' '.join(args)!r}")
    return open_console(common.load())


def open_console(config: Config, clock: Callable[[], int] = common.now_us) -> int:
    """Open the console on the store of `config`, with `clock` (epoch us) as its time; return the exit status."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # an ended stdin would be read without end
        common.fail("the console needs a terminal; over SSH: ssh -t. For scripts: supervisor status")
    console = make_console(config, clock)
    return console.run(mouse=False) or console.return_code or 0


def make_console(config: Config, clock: Callable[[], int]) -> ConsoleApp:
    """Return the console on the store of `config`, not yet on a terminal."""
    # 15 frames a second are what SSH carries without falling behind; animations and smooth scrolling only cost bytes.
    for name, value in (("TEXTUAL_ANIMATIONS", "none"), ("TEXTUAL_SMOOTH_SCROLL", "0")):
        os.environ.setdefault(name, value)
    # Frames are drawn only when something changed: at Textual's own 60 a second a change would wait for up to 16 ms.
    os.environ.setdefault("TEXTUAL_FPS", "15" if "SSH_CONNECTION" in os.environ else "500")
    gc.disable()  # until the first data is shown: screens.floor.screen turns it on again
    from screens.app import ConsoleApp
    from screens.floor.present import Limits

    wanted = config.console
    limits = Limits(config.quota, wanted.idle_watch_minutes * 60, wanted.idle_act_minutes * 60)
    log = Path(config.log.file) if config.log.file else configuration.default_log()
    try:
        return ConsoleApp(
            lambda: open_desk(config, clock),
            limits,
            theme=wanted.theme,
            remapped=wanted.keys,
            clock=clock,
            crash_log=log.with_name("console.log"),
        )
    except ValueError as error:
        raise ConfigError(str(error)) from None


def open_desk(config: Config, clock: Callable[[], int]) -> Desk:
    """Open the store for the console. Called in a thread: everything slow is imported here."""
    from store.engine import open_store

    return StoreDesk(config, clock, open_store(config.store.url))


class StoreDesk:
    """The console's desk on a store: reads and acts of supervisor.duties.calls, each in a transaction of its own.

    What acts is imported once somebody acts: it brings the store's tables, which take as long as all the first reading.
    """

    def __init__(self, config: Config, clock: Callable[[], int], store: Store) -> None:
        from store import floor, watch
        from supervisor.calendar import Calendar
        from supervisor.duties import calls

        self._config = config
        self._clock = clock
        self._store = store
        self._calls = calls
        self._rows = floor
        self._watch = watch
        self._calendar = Calendar(config.floor)
        self._who = common.who(config)

    def floor(self) -> FloorSnapshot:
        with self._store.read() as connection:
            return self._calls.read_floor(connection, self._config, self._clock())

    def specialist(self, key: str) -> SpecialistDay:
        now_us = self._clock()
        with self._store.read() as connection:
            return self._calls.read_specialist(connection, self._config, key, None, now_us)

    def names(self) -> list[str]:
        with self._store.read() as connection:
            return sorted((person.name for person in self._rows.people(connection, 0)), key=alphabetical)

    def adopt(self, identity_ids: tuple[int, ...], name: str) -> str:
        from supervisor.duties.calls import acts

        now_us = self._clock()
        today = self._calendar.today(now_us)
        with self._store.write() as connection:
            return acts.adopt(connection, identity_ids, name, self._who, today, now_us)

    def refusal(self, line: SpecialistLine, action: str) -> str | None:
        return self._calls.refusal(line, action, "asked later", self._config.console.my_phone)

    def command(self, line: SpecialistLine, action: str, number: str | None) -> int:
        from supervisor.duties.calls import acts

        with self._store.write() as connection:
            return acts.command(connection, self._config, line, action, number, self._who, self._clock())

    def answer(self, command_id: int) -> CommandAnswer | None:
        from supervisor.duties.calls import acts

        with self._store.read() as connection:
            return acts.answer(connection, command_id, self._clock())

    def undo(self) -> str | None:
        from supervisor.duties.calls import acts

        with self._store.write() as connection:
            return acts.undo(connection, self._who, self._clock())

    def changes(self) -> AsyncIterator[None]:
        return self._watch.changes(self._store)

    def close(self) -> None:
        self._store.close()
