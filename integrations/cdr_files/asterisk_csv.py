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


def told(chunks: Iterable[Chunk], settings: FilesSettings, zone: ZoneInfo) -> Iterator[tuple[list[Leg], Chunk]]:
    """Yield the legs of each chunk's rows, and the chunk: rows that are none among its rejected.

    Rows of a call may stand on both sides of a chunk's end: the last ones wait for the next chunk, and it is their
    chunk's beginning that reading would have to go on from.
    """
    parse = parser(local_reader(zone))
    naming = RowNaming(settings.agents, settings.trunks, settings.dial_prefixes)
    held: list[Cdr] = []
    begin: tuple[int, int] | None = None
    after: Chunk | None = None
    for chunk in chunks:
        rows, rejected = held, chunk.rejected
        keep = rows.append
        for fields, raw, line in zip(chunk.rows, chunk.raws, chunk.lines, strict=True):
            try:
                keep(parse(fields, raw))
            except ValueError as error:
                rejected.append(Rejected(line, str(error), tuple(fields)))
        newest = max((row.end_us for row in rows), default=0)
        waiting = unsettled(rows, newest - TOGETHER_US, newest)
        held = [row for row in rows if row.call in waiting]
        settled = [row for row in rows if row.call not in waiting]
        before, after = after, chunk
        begin = (before.offset, before.line) if before and held else None
        yield (
            reconstructed(settled, naming),
            chunk._replace(offset=begin[0], line=begin[1]) if begin else chunk,
        )
    if held and after:
        yield reconstructed(held, naming), after._replace(rows=[], raws=[], lines=[], rejected=[])
