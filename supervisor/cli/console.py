"""`supervisor console`: opens the console. What it needs to paint its first frame is all that is imported before."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from supervisor import config as configuration
from supervisor.cli import common
from supervisor.config import Config, ConfigError

if TYPE_CHECKING:
    from screens.app import ConsoleApp
    from screens.desk import Desk

    App = TypeVar("App", bound=ConsoleApp)

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
    need_terminal()
    return shown(make_console(config, clock))


def need_terminal() -> None:
    """End in one line where there is no terminal to show the console on."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # an ended stdin would be read without end
        common.fail("the console needs a terminal; over SSH: ssh -t. For scripts: supervisor status")


def shown(console: ConsoleApp) -> int:
    """Show a console until it is left; return the exit status."""
    return console.run(mouse=False) or console.return_code or 0


def make_console(config: Config, clock: Callable[[], int]) -> ConsoleApp:
    """Return the console on the store of `config`, not yet on a terminal."""
    prepare()
    from screens.app import ConsoleApp

    return made(ConsoleApp, config, lambda: _open_desk(config, clock), clock)


def prepare() -> None:
    """Say to Textual, before it is imported, what the console wants of it."""
    # 15 frames a second are what SSH carries without falling behind; animations and smooth scrolling only cost bytes.
    for name, value in (("TEXTUAL_ANIMATIONS", "none"), ("TEXTUAL_SMOOTH_SCROLL", "0")):
        os.environ.setdefault(name, value)
    # Frames are drawn only when something changed: at Textual's own 60 a second a change would wait for up to 16 ms.
    os.environ.setdefault("TEXTUAL_FPS", "15" if "SSH_CONNECTION" in os.environ else "500")
    gc.disable()  # until the first data is shown: screens.fresh turns it on again


def made(kind: Callable[..., App], config: Config, open_desk: Callable[[], Desk], clock: Callable[[], int]) -> App:
    """Return a console of a `kind` (class) with what `config` says of it. ConfigError where it cannot be."""
    from screens.floor.present import Limits

    wanted = config.console
    limits = Limits(config.quota, wanted.idle_watch_minutes * 60, wanted.idle_act_minutes * 60)
    log = Path(config.log.file) if config.log.file else configuration.default_log()
    try:
        return kind(
            open_desk,
            limits,
            theme=wanted.theme,
            remapped=wanted.keys,
            clock=clock,
            crash_log=log.with_name("console.log"),
        )
    except ValueError as error:
        raise ConfigError(str(error)) from None


def _open_desk(config: Config, clock: Callable[[], int]) -> Desk:
    """Open the store, after the first frame and in a thread: what that needs is imported here."""
    from supervisor.cli.desks import open_desk

    return open_desk(config, clock)
