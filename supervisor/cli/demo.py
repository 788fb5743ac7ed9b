"""`supervisor demo`: a simulated floor in a store of its own, live in the console."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections.abc import Iterator
from typing import Annotated

import typer

from store.engine import open_store
from supervisor import config as configuration
from supervisor import demo as floor
from supervisor import log
from supervisor.cli import collect, common
from supervisor.cli.console import open_console

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def demo(
    seed: Annotated[int, typer.Option(help="The same seed gives the same floor.")] = 1,
    speed: Annotated[
        float, typer.Option(min=1, help="Play the day from its beginning so many times as fast, until it is now.")
    ] = 1.0,
    no_console: Annotated[bool, typer.Option("--no-console", help="Only make the floor and say where it is.")] = False,
) -> None:
    """Open the console on a simulated floor of twelve specialists with a history of ninety days.

    The floor is made anew each time, in a folder of its own; every other command can be tried on it with --config.
    """
    gc.disable()  # a hundred thousand records are made, none of them in circles
    try:
        made = floor.make(configuration.default_store().parent / "demo", seed, speed, common.now_us)
    finally:
        gc.enable()
    _say_where(made)
    if no_console:
        common.say(f"to go on       supervisor --config {made.configuration} collect")
        return
    with live(made):
        status = open_console(made.config, made.clock)
    raise typer.Exit(status)


def _say_where(made: floor.Demo) -> None:
    common.say(f"configuration  {made.configuration}")
    common.say(f"store          {made.store}")
    common.say(f"try            supervisor --config {made.configuration} status")


@contextlib.contextmanager
def live(made: floor.Demo) -> Iterator[None]:
    """Collect from the simulated source in a thread, as `supervisor collect` does in a process."""
    loop = asyncio.new_event_loop()
    logger = log.open_log(made.config)
    store = open_store(made.store)
    provider = floor.simulated(made.config, made.clock)
    work = loop.create_task(
        collect.run(made.config, store, {floor.SOURCE: provider}, made.clock, logger, speed=made.speed)
    )

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(work)

    thread = threading.Thread(target=run, name="collector")
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(work.cancel)
        thread.join()
        loop.close()
        store.close()
