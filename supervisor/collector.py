"""Sources -> store: what telephony systems say is written as it is said, what consoles ask of phones is carried out.

Each source runs by itself: one that fails is shown as down and tried again while the others go on. Events that have
piled up meanwhile share a transaction. A record is acknowledged (its cursor moves) only in the transaction that keeps
it; killed at any moment, the collector reads again what it had not kept.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
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
from store.calls import CallValues, Counts, LegValues
from store.commands import Claimed
from store.engine import Store, StoreError
from supervisor.storing import Storing
from supervisor.text import safe

T = TypeVar("T")
HEARTBEAT_S = 5.0
BACKFILL_S = 60.0
LATE_S = 1.0
"""A record may reach its file so long after the call is over, beyond what the source says of itself."""
SNAPSHOT_S = 15.0
ACT_S = 30.0
FAREWELL_S = 0.5
RETRY_S = (1.0, 30.0)
BATCH = 500
PIECE = 2_000
"""Finished records a transaction: live events of all sources wait for it."""


@dataclass(frozen=True)
class Rules:
    """What the collector does to records on the way in: make them storable, and derive a call from its legs."""

    normalise: Callable[[Leg], LegValues]
    call_of: Callable[[Sequence[LegValues]], CallValues | None]
    day_of: Callable[[int], int]


@dataclass
class _Source:
    """One source at work. Only its own task group touches it."""

    name: str
    type: str
    provider: Provider
    storing: Storing
    rules: Rules
    clock: Callable[[], int]
    log: Any
    me: str
    heartbeat_s: float
    id: int = 0
    up: bool = False
    acting: set[int] = field(default_factory=set)
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)
    group: asyncio.TaskGroup | None = None

    async def write(self, action: Callable[[Connection], T]) -> T:
        """Run `action` in one write transaction."""
        return await self.storing.write(action)

    def start(self, work: Any) -> None:
        """Let `work` run as a part of this source: it ends with it, and its failure is the source's."""
        assert self.group is not None
        self.group.create_task(work)


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
) -> None:
    """Collect from all `providers` (by source name) until cancelled; `me` names this process in what it takes on.

    `left_out`: sources that are configured and cannot be used, and why; they are shown as down. `speed`: how many times
    as fast as time `clock` runs.
    """
    storing = Storing(store, log)
    at_work = [
        _Source(name, types[name], provider, storing, rules, clock, log.bind(source=name), me, HEARTBEAT_S / speed)
        for name, provider in providers.items()
    ]
    try:
        async with asyncio.TaskGroup() as group:
            for source in at_work:
                group.create_task(_keep_running(source))
            group.create_task(_show_left_out(storing, left_out or {}, types, clock))
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


async def _part_from(source: _Source) -> None:
    try:
        await source.provider.close()
    except Exception as error:
        source.log.error("source could not be closed", detail=_words(error))
    if source.id:
        await _tell_down(source, "the collector was stopped")


async def _keep_running(source: _Source) -> None:
    """Run one source for ever; after a failure show it as down and try again, ever more slowly up to 30 seconds."""
    wait = RETRY_S[0]
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        try:
            await _run(source)
        except Exception as error:
            one = _innermost(error)
            words = _words(one)
            source.log.error("source failed", detail=words, exc_info=None if _is_told(one) else one)
            await _tell_down(source, words)
        if loop.time() - begun > RETRY_S[1]:
            wait = RETRY_S[0]
        await asyncio.sleep(wait * random.uniform(0.8, 1.2))
        wait = min(wait * 2, RETRY_S[1])


async def _tell_down(source: _Source, words: str) -> None:
    """Show the source as down, and what was being done on its phones as not known to be done."""
    source.up = False

    def down(connection: Connection) -> None:
        sources.set_down(connection, source.id, source.clock(), words)
        for command_id in source.acting:
            answer = f"{words}; look at the phone before you try again"
            commands.answer(connection, command_id, False, answer, source.clock())

    await source.write(down)
    source.acting.clear()


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _is_told(error: BaseException) -> bool:
    return isinstance(error, SourceError | StoreError)


def _words(error: BaseException) -> str:
    """Say what happened in one line, for a person and without a traceback's locals."""
    return safe(str(error) if _is_told(error) else f"{type(error).__name__}: {error}", 300)


async def _run(source: _Source) -> None:
    source.id = await source.write(
        lambda c: sources.ensure(c, source.name, source.type, sorted(source.provider.capabilities))
    )
    async with asyncio.TaskGroup() as group:
        source.group = group
        source.start(_heartbeat(source))
        source.start(_act(source))
        source.start(_fill_now_and_then(source))
        source.start(_listen(source))


async def _heartbeat(source: _Source) -> None:
    """Show that the source is looked after, although nothing may happen; it is up as long as one collector says so."""

    def beat(connection: Connection) -> None:
        if source.up:
            sources.set_up(connection, source.id, source.clock())
        commands.fail_stale(connection, source.id, source.clock())

    while True:
        await source.write(beat)
        await asyncio.sleep(source.heartbeat_s)


# -- what the source says -----------------------------------------------------------------------------------------


async def _listen(source: _Source) -> None:
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
        await _backfill(source)


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


async def _write_facts(source: _Source, legs: Sequence[Leg], presences: Sequence[Presence]) -> None:
    if not legs and not presences:
        return

    def facts(connection: Connection) -> None:
        if legs:
            _ingest(source, connection, legs, None)
        if presences:
            presence.tell(connection, source.id, presences, source.rules.day_of)
        sources.heard(connection, source.id, source.clock())

    try:
        await source.write(facts)
    except Exception as error:  # something nobody foresaw in one of them: it alone must be lost
        if len(legs) + len(presences) == 1:
            _log_refused(source, error)
            return
        for leg in legs:
            await _write_facts(source, [leg], [])
        for one in presences:
            await _write_facts(source, [], [one])


def _ingest(source: _Source, connection: Connection, legs: Sequence[Leg], cursor: str | None) -> Counts:
    rows = [source.rules.normalise(leg) for leg in legs]
    return calls.ingest(connection, source.id, rows, source.rules.call_of, cursor, source.clock())


def _log_refused(source: _Source, error: Exception) -> None:
    source.log.error("record could not be kept", detail=type(error).__name__, exc_info=error)


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
        async with asyncio.timeout(SNAPSHOT_S):
            taken = await source.provider.snapshot()
    except (SourceError, TimeoutError) as error:
        source.log.info("no snapshot", detail=_words(error))
    if taken is not None:
        await _write_facts(source, taken.legs, taken.presences)
    source.start(_fill_gap(source, gap, taken))


async def _fill_gap(source: _Source, gap: Gap, taken: Snapshot | None) -> None:
    """Read the finished records of the gap, twice because a record may be written late; then close the calls whose end
    nobody tells."""
    await _backfill(source)
    await asyncio.sleep(gap.settle_seconds + LATE_S)
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
    """Read what is after the source's cursor. That it cannot be read is no reason to stop listening."""
    async with source.filling:
        cursor = await source.storing.read(lambda c: sources.cursor(c, source.id))
        try:
            async for batch in source.provider.backfill(cursor):
                counts = await _keep(source, batch.legs, batch.cursor)
                _log_rejected(source, batch.rejected)
                if counts.new or counts.changed:
                    source.log.info("backfilled", rows=batch.rows, new=counts.new, changed=counts.changed)
        except Exception as error:
            source.log.warning("no backfill", detail=_words(error), exc_info=None if _is_told(error) else error)


async def _keep(source: _Source, legs: Sequence[Leg], cursor: str) -> Counts:
    """Write finished records piece by piece, and the cursor after them with the last one."""
    new = changed = 0
    for start in range(0, max(len(legs), 1), PIECE):
        piece = legs[start : start + PIECE]
        to = cursor if start + PIECE >= len(legs) else None
        try:
            counts = await source.write(lambda c, piece=piece, to=to: _ingest(source, c, piece, to))  # type: ignore[misc]
        except Exception as error:  # as with live ones: what nobody foresaw in a record loses that record alone
            if not piece:
                raise
            counts = await _keep_each(source, piece, to, error)
        new, changed = new + counts.new, changed + counts.changed
    return Counts(new, changed, len(legs) - new - changed)


async def _keep_each(source: _Source, legs: Sequence[Leg], cursor: str | None, error: Exception) -> Counts:
    """Write `legs` by halves, until the one that made `error` is alone and left out; then the cursor."""
    new = changed = 0
    if len(legs) == 1:
        _log_refused(source, error)
    else:
        for half in (legs[: len(legs) // 2], legs[len(legs) // 2 :]):
            try:
                counts = await source.write(lambda c, half=half: _ingest(source, c, half, None))  # type: ignore[misc]
            except Exception as again:
                counts = await _keep_each(source, half, None, again)
            new, changed = new + counts.new, changed + counts.changed
    if cursor is not None:
        await source.write(lambda c: _ingest(source, c, [], cursor))
    return Counts(new, changed, len(legs) - new - changed)


def _log_rejected(source: _Source, rejected: Sequence[Rejected]) -> None:
    for record in rejected:
        source.log.warning("record rejected", row=record.row, reason=safe(record.reason))


# -- what consoles ask of phones ----------------------------------------------------------------------------------


async def _act(source: _Source) -> None:
    """Carry out each command once: claimed in one transaction, answered in another, never replayed."""
    if not source.provider.capabilities:
        return
    async with aclosing(watch.changes(source.storing.store)) as changes:
        async for _ in changes:
            if await source.storing.read(lambda c: commands.waits(c, source.id)):
                for claimed in await source.write(lambda c: commands.claim(c, source.id, source.me, source.clock())):
                    source.acting.add(claimed.id)
                    source.start(_carry_out(source, claimed))


async def _carry_out(source: _Source, claimed: Claimed) -> None:
    command = Command(**claimed._asdict() | {"action": Action(claimed.action)})
    try:
        async with asyncio.timeout(ACT_S):
            answer = await source.provider.act(command)
        done, detail = answer.done, safe(answer.detail)
    except TimeoutError:
        done, detail = False, "no answer in time; look at the phone before you try again"
    except Exception as error:  # one act that fails must not stop the source
        done, detail = False, _words(error)
    source.log.info("command", id=command.id, action=str(command.action), done=done)
    await source.write(lambda c: commands.answer(c, command.id, done, detail, source.clock()))
    source.acting.discard(command.id)
