"""Asterisk's Master.csv, of any of its widths: what its rows tell together, a leg a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from integrations.asterisk.cdr import WIDTHS as WIDTHS
from integrations.asterisk.cdr import Cdr, parser, unsettled
from integrations.asterisk.naming import RowNaming
from integrations.asterisk.reconstruct import reconstructed
from integrations.cdr_files.records import Chunk
from integrations.cdr_files.settings import FilesSettings
from integrations.cdr_files.times import local_reader
from integrations.provider import Leg, Rejected

TOGETHER_US = 10_000_000
"""Rows of one call are written when it ends, at most so far apart. What a call does later - handed on, it may last for
hours - is told by rows that stand for themselves."""


def told(
    chunks: Iterable[Chunk], offset: int, line: int, settings: FilesSettings, zone: ZoneInfo
) -> Iterator[tuple[list[Leg], Chunk]]:
    """Yield the legs of each chunk's rows, and the chunk: rows that are none among its rejected. The first chunk begins
    at byte `offset`, line `line`.

    Rows of a call may stand on both sides of a chunk's end: the last ones wait for the next chunk. Until they are told
    reading goes on from the beginning of the chunk they stand in.
    """
    parse = parser(local_reader(zone))
    naming = RowNaming(settings.agents, settings.trunks, settings.dial_prefixes)
    settled: list[Cdr] = []
    held: list[Cdr] = []
    since = begin = offset, line  # where the oldest row held stands, and where the chunk begins
    after: Chunk | None = None
    for chunk in chunks:
        rows, rejected = list(held), chunk.rejected
        keep = rows.append
        for fields, raw, number in zip(chunk.rows, chunk.raws, chunk.lines, strict=True):
            try:
                keep(parse(fields, raw))
            except ValueError as error:
                rejected.append(Rejected(number, str(error), tuple(fields)))
        newest = max([row.end_us for row in rows], default=0)
        waiting = unsettled(rows, newest - TOGETHER_US, newest)
        if not any(row.call in waiting for row in held):
            since = begin
        settled, held = [], []
        for row in rows:
            (held if row.call in waiting else settled).append(row)
        after, begin = chunk, (chunk.offset, chunk.line)
        yield (
            reconstructed(settled, naming),
            chunk._replace(offset=since[0], line=since[1]) if held else chunk,
        )
    if held and after:
        yield reconstructed(held, naming), after._replace(rows=[], raws=[], lines=[], rejected=[])
