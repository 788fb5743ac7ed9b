"""Finished records: what a gap is filled from, and what proves the live ones."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from integrations.provider import Gap, Leg, Rejected, Snapshot
from store import calls, sources
from store.calls import Counts
from supervisor.collector.source import Source, ingest, is_told, log_refused, words_of
from supervisor.text import safe

BACKFILL_S = 60.0
LATE_S = 1.0
"""A record may reach its file so long after the call is over, beyond what the source says of itself."""
PIECE = 2_000
"""Finished records a transaction: live events of all sources wait for it."""


async def fill_gap(source: Source, gap: Gap, taken: Snapshot | None) -> None:
    """Read the finished records of the gap, twice because a record may be written late; then close the calls whose end
    nobody tells."""
    await backfill(source)
    await asyncio.sleep(gap.settle_seconds + LATE_S)
    await backfill(source)
    if taken is not None:
        closed = await source.write(
            lambda c: calls.close_open(c, source.id, taken.alive, gap.until_us, source.rules.derive, source.clock())
        )
        if closed:
            source.log.warning("calls whose end is unknown", calls=closed)


async def fill_now_and_then(source: Source) -> None:
    """Read new finished records on a timer: they prove the live ones, and tell what those missed."""
    while True:
        await asyncio.sleep(BACKFILL_S)
        await backfill(source)


async def backfill(source: Source) -> None:
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
            source.log.warning("no backfill", detail=words_of(error), exc_info=None if is_told(error) else error)


async def _keep(source: Source, legs: Sequence[Leg], cursor: str) -> Counts:
    """Write finished records piece by piece, and the cursor after them with the last one."""
    new = changed = 0
    for start in range(0, max(len(legs), 1), PIECE):
        piece = legs[start : start + PIECE]
        to = cursor if start + PIECE >= len(legs) else None
        try:
            counts = await source.write(lambda c, piece=piece, to=to: ingest(source, c, piece, to))  # type: ignore[misc]
        except Exception as error:  # as with live ones: what nobody foresaw in a record loses that record alone
            if not piece:
                raise
            counts = await _keep_each(source, piece, to, error)
        new, changed = new + counts.new, changed + counts.changed
    return Counts(new, changed, len(legs) - new - changed)


async def _keep_each(source: Source, legs: Sequence[Leg], cursor: str | None, error: Exception) -> Counts:
    """Write `legs` by halves, until the one that made `error` is alone and left out; then the cursor."""
    new = changed = 0
    if len(legs) == 1:
        log_refused(source, error)
    else:
        for half in (legs[: len(legs) // 2], legs[len(legs) // 2 :]):
            try:
                counts = await source.write(lambda c, half=half: ingest(source, c, half, None))  # type: ignore[misc]
            except Exception as again:
                counts = await _keep_each(source, half, None, again)
            new, changed = new + counts.new, changed + counts.changed
    if cursor is not None:
        await source.write(lambda c: ingest(source, c, [], cursor))
    return Counts(new, changed, len(legs) - new - changed)


def _log_rejected(source: Source, rejected: Sequence[Rejected]) -> None:
    for record in rejected:
        source.log.warning("record rejected", row=record.row, reason=safe(record.reason))
