"""`supervisor collect`: all configured sources at once, until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Mapping

import typer

from integrations.provider import Provider, SourceError
from store.engine import Store
from supervisor import collector, log
from supervisor.calendar import Calendar
from supervisor.cli import common
from supervisor.config import Config, ConfigError
from supervisor.duties.calls import call_of
from supervisor.ingest import normaliser
from supervisor.sources import make_provider

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def collect() -> None:
    """Follow every configured source and keep what it says in the store, until SIGTERM or ctrl+c."""
    config = common.load()
    if not config.sources:
        common.fail(
            "no source is configured yet: add a [sources.NAME] table to the configuration, see docs/connecting.md"
        )
    with common.store_or_new(config) as store:
        logger = log.open_log(config)
        providers = _providers(config, logger)
        asyncio.run(_until_told_to_stop(run(config, store, providers, common.now_us, logger)))
        logger.info("stopped")


def _providers(config: Config, logger: log.Logger) -> dict[str, Provider]:
    """Make every provider that can be made; the others are named on stderr and left out. Fails when none is left."""
    providers: dict[str, Provider] = {}
    for name in config.sources:
        try:
            providers[name] = make_provider(config, name)
        except (ConfigError, SourceError) as error:
            logger.error("source left out", source=name, detail=str(error))
            common.warn(f"source {name} is left out: {error}")
    if not providers:
        common.fail("no source can be used: see above, or try: supervisor doctor")
    return providers


async def run(
    config: Config, store: Store, providers: Mapping[str, Provider], clock: Callable[[], int], logger: log.Logger
) -> None:
    """Collect from `providers` into `store` until cancelled."""
    effective_ms = config.calls.effective_seconds * 1000
    rules = collector.Rules(normaliser(config), lambda legs: call_of(legs, effective_ms), Calendar(config.floor).day_of)
    types = {name: str(config.sources[name].get("type", "")) for name in providers}
    await collector.collect(store, providers, types, rules, clock, logger, f"{socket.gethostname()}:{os.getpid()}")


async def _until_told_to_stop(work: object) -> None:
    """Run `work` until it ends or SIGTERM, SIGINT or SIGHUP arrives; then let it close what it holds."""
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return
