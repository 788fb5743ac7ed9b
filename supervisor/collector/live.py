"""What a source says as it happens: written in the order it comes, gaps closed on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from sqlalchemy import Connection

from integrations.provider import Event, Gap, Health, Leg, Presence, Snapshot, SourceError
from store import presence, sources
from supervisor.collector.finished import backfill, fill_gap
from supervisor.collector.source import Source, ingest, log_refused, words_of
from supervisor.text import safe

SNAPSHOT_S = 15.0
BATCH = 500
"""Live events a transaction, at most."""


async def listen(source: Source) -> None:
    """Write live events in the order they come; those that are waiting share one transaction."""
    # Past its size the provider keeps what comes, and drops with a Gap.
    queue: asyncio.Queue[Event | None] = asyncio.Queue(4 * BATCH)

    async def pump() -> None:
        live = source.provider.live()
        try:
            async for event in live:
                await queue.put(event)
        finally:
            if isinstance(live, AsyncGenerator):
                await live.aclose()
        await queue.put(None)

    async with asyncio.TaskGroup() as group:
        group.create_task(pump())
        while True:
            events = [await queue.get()]
            while len(events) < BATCH and not queue.empty():
                events.append(queue.get_nowait())
            if not await _write_events(source, events):
                break
    if not source.up:  # a source without live events: what it has is all in its records
        await _set_up(source, Health(True, source.clock()))
        await backfill(source)


async def _write_events(source: Source, events: Sequence[Event | None]) -> bool:
    """Write `events`; False when the stream has ended."""
    legs: list[Leg] = []
    presences: list[Presence] = []
    for event in events:
        if isinstance(event, Leg):
            legs.append(event)
        elif isinstance(event, Presence):
            presences.append(event)
        else:
            await _write_facts(source, legs, presences)
            legs, presences = [], []
            if isinstance(event, Health):
                await _set_up(source, event)
            elif isinstance(event, Gap):
                await _close_gap(source, event)
            else:
                return False
    await _write_facts(source, legs, presences)
    return True


async def _write_facts(source: Source, legs: Sequence[Leg], presences: Sequence[Presence]) -> None:
    if not legs and not presences:
        return

    def facts(connection: Connection) -> None:
        if legs:
            ingest(source, connection, legs, None)
        if presences:
            presence.tell(connection, source.id, presences, source.rules.day_of)
        sources.heard(connection, source.id, source.clock(), source.silent_us)

    try:
        await source.write(facts)
    except Exception as error:  # something nobody foresaw in one of them: it alone must be lost
        if len(legs) + len(presences) == 1:
            log_refused(source, error)
            return
        for leg in legs:
            await _write_facts(source, [leg], [])
        for one in presences:
            await _write_facts(source, [], [one])


async def _set_up(source: Source, health: Health) -> None:
    source.up = health.up
    if health.up:
        source.log.info("source up", detail=safe(health.detail))
        await source.write(lambda c: sources.set_up(c, source.id, health.at_us, source.silent_us))
    else:
        source.log.warning("source down", detail=safe(health.detail))
        words = safe(health.detail)
        await source.write(lambda c: sources.set_down(c, source.id, health.at_us, words, source.silent_us))


async def _close_gap(source: Source, gap: Gap) -> None:
    """Take stock of who does what now, then read what was missed, while live events go on."""
    source.log.info("gap", since_us=gap.since_us, until_us=gap.until_us)
    taken: Snapshot | None = None
    try:
        async with asyncio.timeout(SNAPSHOT_S):
            taken = await source.provider.snapshot()
    except (SourceError, TimeoutError) as error:
        source.log.info("no snapshot", detail=words_of(error))
    if taken is not None:
        await _write_facts(source, taken.legs, taken.presences)
    source.start(fill_gap(source, gap, taken))
