"""Sources -> store: what telephony systems say is written as it is said, what consoles ask of phones is carried out.

Each source runs by itself: one that fails is shown as down and tried again while the others go on. All writes of the
process go through one thread, so that a slow disk never keeps a source from being read; events that have piled up
meanwhile share a transaction. A record is acknowledged (its cursor moves) only in the transaction that keeps it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from integrations.provider import (
    Action,
    Command,
    Event,
    Gap,
    Health,
    Leg,
    Presence,
    Provider,
    Rejected,
    Snapshot,
    SourceError,
)
from store import calls, commands, presence, sources, watch
from store.calls import CallValues, LegValues
from store.commands import Claimed
from store.engine import Store, StoreError
from supervisor.text import safe

T = TypeVar("T")
HEARTBEAT_S = 5.0
BACKFILL_S = 60.0
SETTLE_S = 6.0
ACT_S = 30.0
RETRY_S = (1.0, 30.0)
BATCH = 500


@dataclass(frozen=True)
class Rules:
    """What the collector does to records on the way in: make them storable, and derive a call from its legs."""

    normalise: Callable[[Leg], LegValues]
    call_of: Callable[[Sequence[LegValues]], CallValues]
    day_of: Callable[[int], int]


@dataclass
class _Source:
    """One source at work. Only its own task group touches it."""

    provider: Provider
    id: int
    store: Store
    rules: Rules
    clock: Callable[[], int]
    log: Any
    writer: ThreadPoolExecutor
    me: str
    up: bool = False
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)
    group: asyncio.TaskGroup | None = None

    async def write(self, action: Callable[[Connection], T]) -> T:
        """Run `action` in one write transaction on the writer's thread."""

        def transaction() -> T:
            with self.store.write() as connection:
                return action(connection)

        return await asyncio.get_running_loop().run_in_executor(self.writer, transaction)


async def collect(
    store: Store,
    providers: Mapping[str, Provider],
    types: Mapping[str, str],
    rules: Rules,
    clock: Callable[[], int],
    log: Any,
    me: str,
) -> None:
    """Collect from all `providers` (by source name) until cancelled; `me` names this process in what it takes on."""
    with ThreadPoolExecutor(1, "store-writer") as writer:
        at_work: list[_Source] = []
        for name, provider in providers.items():
            with store.write() as connection:
                source_id = sources.ensure(connection, name, types[name], sorted(provider.capabilities))
            at_work.append(_Source(provider, source_id, store, rules, clock, log.bind(source=name), writer, me))
        try:
            await asyncio.gather(*(_keep_running(source) for source in at_work))
        finally:
            for source in at_work:
                await source.provider.close()
                await source.write(lambda c, s=source: sources.set_down(c, s.id, clock(), "the collector was stopped"))  # type: ignore[misc]


async def _keep_running(source: _Source) -> None:
    """Run one source for ever; after a failure show it as down and try again, ever more slowly up to 30 seconds."""
    wait = RETRY_S[0]
    while True:
        begun = source.clock()
        try:
            await _run(source)
            return
        except Exception as error:
            words = _words(error)
            source.log.error("source failed", detail=words)
            source.up = False
            await _tell_down(source, words)
        if source.clock() - begun > 60_000_000:
            wait = RETRY_S[0]
        await asyncio.sleep(wait * random.uniform(0.8, 1.2))
        wait = min(wait * 2, RETRY_S[1])


async def _tell_down(source: _Source, words: str) -> None:
    try:
        await source.write(lambda c: sources.set_down(c, source.id, source.clock(), words))
    except Exception as error:  # the store itself may be what failed: the log is then the only witness
        source.log.error("store refused", detail=_words(error))


def _words(error: BaseException) -> str:
    """Say what happened in one line, for a person and without a traceback's locals."""
    if isinstance(error, BaseExceptionGroup):
        return _words(error.exceptions[0])
    told = isinstance(error, SourceError | StoreError)
    return safe(str(error) if told else f"{type(error).__name__}: {error}", 300)


async def _run(source: _Source) -> None:
    await source.write(lambda c: commands.fail_stale(c, source.id, source.clock()))
    async with asyncio.TaskGroup() as group:
        source.group = group
        group.create_task(_heartbeat(source))
        group.create_task(_act(source))
        group.create_task(_fill_now_and_then(source))
        group.create_task(_listen(source))


# -- what the source says -----------------------------------------------------------------------------------------


async def _listen(source: _Source) -> None:
    """Write live events in the order they come; those that are waiting share one transaction."""
    queue: asyncio.Queue[Event | None] = asyncio.Queue(
        4 * BATCH
    )  # past that the provider keeps them, and drops with a Gap

    async def pump() -> None:
        try:
            async for event in source.provider.live():
                await queue.put(event)
        finally:
            await queue.put(None)

    pumping = asyncio.create_task(pump())
    try:
        while True:
            events = [await queue.get()]
            while len(events) < BATCH and not queue.empty():
                events.append(queue.get_nowait())
            if not await _write_events(source, events):
                break
        await pumping
    finally:
        pumping.cancel()
    if not source.up:
        await _set_up(source, Health(True, source.clock()))


async def _write_events(source: _Source, events: Sequence[Event | None]) -> bool:
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


async def _write_facts(source: _Source, legs: list[Leg], presences: list[Presence]) -> None:
    if not legs and not presences:
        return

    def facts(connection: Connection) -> None:
        if legs:
            rows = [source.rules.normalise(leg) for leg in legs]
            calls.ingest(connection, source.id, rows, source.rules.call_of, None, source.clock())
        if presences:
            presence.tell(connection, source.id, presences, source.rules.day_of)
        sources.heard(connection, source.id, source.clock())

    await source.write(facts)


async def _set_up(source: _Source, health: Health) -> None:
    source.up = health.up
    if health.up:
        source.log.info("source up", detail=safe(health.detail))
        await source.write(lambda c: sources.set_up(c, source.id, health.at_us))
    else:
        source.log.warning("source down", detail=safe(health.detail))
        await source.write(lambda c: sources.set_down(c, source.id, health.at_us, safe(health.detail)))


async def _close_gap(source: _Source, gap: Gap) -> None:
    """Take stock of who does what now, then read what was missed, while live events go on."""
    source.log.info("gap", since_us=gap.since_us, until_us=gap.until_us)
    taken: Snapshot | None = None
    try:
        taken = await source.provider.snapshot()
    except SourceError as error:
        source.log.warning("no snapshot", detail=safe(str(error)))
    if taken is not None:
        await _write_facts(source, taken.legs, taken.presences)
    assert source.group is not None
    source.group.create_task(_fill_gap(source, gap, taken))


async def _fill_gap(source: _Source, gap: Gap, taken: Snapshot | None) -> None:
    """Read the finished records of the gap, twice because a record may be written late; then close the calls whose end
    nobody tells."""
    await _backfill(source)
    await asyncio.sleep(SETTLE_S)
    await _backfill(source)
    if taken is not None:
        closed = await source.write(
            lambda c: calls.close_open(c, source.id, taken.alive, gap.until_us, source.rules.call_of, source.clock())
        )
        if closed:
            source.log.warning("calls whose end is unknown", calls=closed)


async def _fill_now_and_then(source: _Source) -> None:
    """Read new finished records on a timer: they prove the live ones, and tell what those missed."""
    while True:
        await asyncio.sleep(BACKFILL_S)
        await _backfill(source)


async def _backfill(source: _Source) -> None:
    async with source.filling:
        with source.store.read() as connection:
            cursor = sources.cursor(connection, source.id)
        try:
            async for batch in source.provider.backfill(cursor):
                rows = [source.rules.normalise(leg) for leg in batch.legs]
                counts = await source.write(
                    lambda c, rows=rows, to=batch.cursor: calls.ingest(  # type: ignore[misc]
                        c, source.id, rows, source.rules.call_of, to, source.clock()
                    )
                )
                _log_rejected(source, batch.rejected)
                if counts.new or counts.changed:
                    source.log.info("backfilled", rows=batch.rows, new=counts.new, changed=counts.changed)
        except SourceError as error:
            source.log.warning("no backfill", detail=safe(str(error)))


def _log_rejected(source: _Source, rejected: Sequence[Rejected]) -> None:
    for record in rejected:
        source.log.warning("record rejected", row=record.row, reason=safe(record.reason))


async def _heartbeat(source: _Source) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        if source.up:
            await source.write(lambda c: sources.alive(c, source.id, source.clock()))


# -- what consoles ask of phones ----------------------------------------------------------------------------------


async def _act(source: _Source) -> None:
    """Carry out each command once: claimed in one transaction, answered in another, never replayed."""
    if not source.provider.capabilities:
        return
    async for _ in watch.changes(source.store):
        for command in await source.write(lambda c: commands.claim(c, source.id, source.me, source.clock())):
            answer = await _carry_out(source, command)
            await source.write(lambda c, i=command.id, a=answer: commands.answer(c, i, a[0], a[1], source.clock()))  # type: ignore[misc]


async def _carry_out(source: _Source, claimed: Claimed) -> tuple[bool, str]:
    command = Command(**claimed._asdict() | {"action": Action(claimed.action)})
    try:
        async with asyncio.timeout(ACT_S):
            answer = await source.provider.act(command)
        done, detail = answer.done, safe(answer.detail)
    except (SourceError, OSError, TimeoutError) as error:
        done, detail = False, _words(error) or "no answer in time"
    source.log.info("command", id=command.id, action=str(command.action), done=done)
    return done, detail
