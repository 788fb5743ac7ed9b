"""`supervisor collect`: all configured sources at once, until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing

import typer

from integrations.provider import Provider, SourceError
from store.engine import Store, create_store
from supervisor import collector, log
from supervisor.calendar import Calendar
from supervisor.cli import common
from supervisor.config import Config, ConfigError
from supervisor.ingest import normaliser, rules_of
from supervisor.sources import make_provider

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

PATIENCE_S = 0.3
"""Seconds to wait for another writer at a time: what waits is tried again, but nobody waits for the end of it."""
STOP_S = 1.2
"""A stop takes no longer, whatever is under way: a write that is given up is rolled back and read again."""


@app.command()
def collect() -> None:
    """Follow every configured source and keep what it says in the store, until SIGTERM or ctrl+c."""
    config = common.load()
    if not config.sources:
        common.fail(
            "no source is configured yet: add a [sources.NAME] table to the configuration, see docs/connecting.md"
        )
    logger = log.open_log(config)
    providers, left_out = _providers(config, logger)
    with closing(create_store(config.store.url, PATIENCE_S)) as store:
        asyncio.run(_until_told_to_stop(run(config, store, providers, common.now_us, logger, left_out), logger))
        logger.info("stopped")


def _providers(config: Config, logger: log.Logger) -> tuple[dict[str, Provider], dict[str, str]]:
    """Make every provider that can be made; the others are named on stderr, and returned with why. Fails when none is
    left."""
    providers: dict[str, Provider] = {}
    left_out: dict[str, str] = {}
    for name in config.sources:
        try:
            providers[name] = make_provider(config, name)
        except Exception as error:  # a third party's constructor may raise anything: the other sources go on
            told = isinstance(error, ConfigError | SourceError)
            left_out[name] = str(error) if told else f"{type(error).__name__}: {error}"
            logger.error("source left out", source=name, detail=left_out[name], exc_info=None if told else error)
            common.warn(f"source {name} is left out: {left_out[name]}")
    if not providers:
        common.fail("no source can be used: see above, or try: supervisor doctor")
    return providers, left_out


async def run(
    config: Config,
    store: Store,
    providers: Mapping[str, Provider],
    clock: Callable[[], int],
    logger: log.Logger,
    left_out: Mapping[str, str] | None = None,
    speed: float = 1,
) -> None:
    """Collect from `providers` into `store` until cancelled; show those `left_out` as down, for the reason given.

    `speed`: how many times as fast as time `clock` runs.
    """
    rules = collector.Rules(normaliser(config), rules_of(config), Calendar(config.floor).day_of)
    types = {name: str(source.get("type", "")) for name, source in config.sources.items()}
    me = f"{socket.gethostname()}:{os.getpid()}"
    await collector.collect(store, providers, types, rules, clock, logger, me, left_out, speed, config)


async def _until_told_to_stop(work: Coroutine[None, None, None], logger: log.Logger) -> None:
    """Run `work` until SIGTERM, SIGINT or SIGHUP arrives; then let it close what it holds, within STOP_S seconds."""
    task = asyncio.create_task(work)

    def stop() -> None:
        if not task.cancelling():
            task.cancel()
            deadline = threading.Timer(STOP_S, _give_up, (logger,))
            deadline.daemon = True
            deadline.start()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        return


def _give_up(logger: log.Logger) -> None:
    """End at once. A thread that waits for a disk, a lock or a network cannot be told to stop."""
    logger.warning("stopped in the middle of a transaction: what it held will be read again")
    os._exit(0)
