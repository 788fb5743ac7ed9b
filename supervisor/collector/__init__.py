"""Sources -> store: what telephony systems say is written as it is said, what consoles ask of phones is carried out.

Each source runs by itself: one that fails is shown as down and tried again while the others go on. Events that have
piled up meanwhile share a transaction. A record is acknowledged (its cursor moves) only in the transaction that keeps
it; killed at any moment, the collector reads again what it had not kept.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from integrations.provider import Provider
from store import commands, sources
from store.engine import Store
from supervisor.collector.acting import act
from supervisor.collector.finished import fill_now_and_then
from supervisor.collector.live import listen
from supervisor.collector.source import Rules, Source, innermost, is_told, words_of
from supervisor.collector.watching import watch
from supervisor.config import Config
from supervisor.storing import Storing
from supervisor.text import safe

__all__ = ["Rules", "collect"]

HEARTBEAT_S = 5.0
FAREWELL_S = 0.5
RETRY_S = (1.0, 30.0)


async def collect(
    store: Store,
    providers: Mapping[str, Provider],
    types: Mapping[str, str],
    rules: Rules,
    clock: Callable[[], int],
    log: Any,
    me: str,
    left_out: Mapping[str, str] | None = None,
    speed: float = 1,
    config: Config | None = None,
) -> None:
    """Collect from all `providers` (by source name) until cancelled; `me` names this process in what it takes on.

    `left_out`: sources that are configured and cannot be used, and why; they are shown as down. `speed`: how many times
    as fast as time `clock` runs. `config`: by which discipline is watched; None: it is not.
    """
    storing = Storing(store, log)
    silent_us = round(sources.SILENT_US * speed)
    at_work = [
        Source(
            name, types[name], provider, storing, rules, clock, log.bind(source=name), me, HEARTBEAT_S / speed,
            silent_us,
        )
        for name, provider in providers.items()
    ]  # fmt: skip
    try:
        async with asyncio.TaskGroup() as group:
            for source in at_work:
                group.create_task(_keep_running(source))
            group.create_task(_show_left_out(storing, left_out or {}, types, clock))
            if config is not None:
                group.create_task(watch(storing, config, clock, log, speed))
    finally:
        parting = [asyncio.create_task(_part_from(source)) for source in at_work]
        _, unheard = await asyncio.wait(parting, timeout=FAREWELL_S)
        if unheard:
            log.warning("stopped without a farewell: the store or a source did not answer in time")
        storing.close()


async def _show_left_out(
    storing: Storing, left_out: Mapping[str, str], types: Mapping[str, str], clock: Callable[[], int]
) -> None:
    for name, why in left_out.items():

        def down(connection: Connection, name: str = name, why: str = why) -> None:
            sources.set_down(connection, sources.ensure(connection, name, types[name], []), clock(), safe(why))

        await storing.write(down)


async def _part_from(source: Source) -> None:
    try:
        await source.provider.close()
    except Exception as error:
        source.log.error("source could not be closed", detail=words_of(error))
    if source.id:
        await _tell_down(source, "the collector was stopped")


async def _keep_running(source: Source) -> None:
    """Run one source for ever; after a failure show it as down and try again, ever more slowly up to 30 seconds."""
    wait = RETRY_S[0]
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        try:
            await _run(source)
        except Exception as error:
            one = innermost(error)
            words = words_of(one)
            source.log.error("source failed", detail=words, exc_info=None if is_told(one) else one)
            await _tell_down(source, words)
        if loop.time() - begun > RETRY_S[1]:
            wait = RETRY_S[0]
        await asyncio.sleep(wait * random.uniform(0.8, 1.2))
        wait = min(wait * 2, RETRY_S[1])


async def _tell_down(source: Source, words: str) -> None:
    """Show the source as down, and what was being done on its phones as not known to be done."""
    source.up = False

    def down(connection: Connection) -> None:
        sources.set_down(connection, source.id, source.clock(), words, source.silent_us)
        for command_id in source.acting:
            answer = f"{words}; look at the phone before you try again"
            commands.answer(connection, command_id, False, answer, source.clock())

    await source.write(down)
    source.acting.clear()


async def _run(source: Source) -> None:
    source.id = await source.write(
        lambda c: sources.ensure(c, source.name, source.type, sorted(source.provider.capabilities))
    )
    async with asyncio.TaskGroup() as group:
        source.group = group
        source.start(_heartbeat(source))
        source.start(act(source))
        source.start(fill_now_and_then(source))
        source.start(listen(source))


async def _heartbeat(source: Source) -> None:
    """Show that the source is looked after, although nothing may happen; it is up as long as one collector says so."""

    def beat(connection: Connection) -> None:
        if source.up:
            sources.set_up(connection, source.id, source.clock(), source.silent_us)
        commands.fail_stale(connection, source.id, source.clock())

    while True:
        await source.write(beat)
        await asyncio.sleep(source.heartbeat_s)
