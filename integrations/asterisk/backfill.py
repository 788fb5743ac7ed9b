"""The CDR file as the calls that were missed: read from where it was left, up to the last row that has settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from integrations.asterisk.cdr import WIDTHS, Cdr, parser, unsettled
from integrations.asterisk.naming import RowNaming
from integrations.asterisk.reconstruct import reconstructed
from integrations.cdr_files.asterisk_csv import TOGETHER_US
from integrations.cdr_files.place import HEAD, Place, in_turn, place_after, place_in
from integrations.cdr_files.reading import opened
from integrations.cdr_files.records import Form, chunks
from integrations.cdr_files.text import SAMPLE, written_by_program
from integrations.cdr_files.times import local_reader
from integrations.provider import Batch, Direction, Rejected, SourceError


class _Row(NamedTuple):
    """A row, and where it stands: its line, and the byte and the line at which the piece it was read in begins."""

    cdr: Cdr
    line: int
    piece: tuple[int, int]


def backfill(path: Path, naming: RowNaming, zone: ZoneInfo, cursor: str | None, until_us: int) -> Iterator[Batch]:
    """Yield the calls that the CDR file at `path`, and those it was rotated into, tell of after `cursor`.

    Calls with a row that ended after `until_us` are left for the next time: other rows of theirs may not be written
    yet. The same rows read again tell the same legs. SourceError where there is no file.
    """
    parse = parser(local_reader(zone))

    def records(file: Path, place: Place | None) -> Iterator[Batch]:
        try:
            with opened(file) as stream:
                yield from _read(stream, place, max(file.stat().st_size, 1), naming, parse, until_us)
        except (OSError, EOFError, ValueError) as error:
            raise SourceError(f"{file} cannot be read: {error}") from None

    yield from in_turn(path, place_in(cursor), records, "; see cdr_file")


def _read(
    file: BinaryIO,
    place: Place | None,
    size: int,
    naming: RowNaming,
    parse: Callable[[Sequence[str], str], Cdr],
    until_us: int,
) -> Iterator[Batch]:
    sample = file.read(SAMPLE)
    if not sample:
        return
    head, encoding = sample[:HEAD], written_by_program(sample)
    begin = (place.offset, place.line) if place else (encoding.bom, 1)
    held: list[_Row] = []
    after = begin
    for chunk in chunks(file, Form(encoding, ",", WIDTHS, take_open=False), *begin):
        rows, rejected = list(held), list(chunk.rejected)
        for fields, raw, line in zip(chunk.rows, chunk.raws, chunk.lines, strict=True):
            try:
                rows.append(_Row(parse(fields, raw), line, after))
            except ValueError as error:
                rejected.append(Rejected(line, str(error), tuple(fields)))
        after = chunk.offset, chunk.line
        newest = max((row.cdr.end_us for row in rows), default=0)
        held = _held(rows, min(until_us, newest - TOGETHER_US), until_us)
        yield _batch(file, head, rows, held, rejected, after, naming, size)
    if held:
        yield _batch(file, head, held, _held(held, until_us, until_us), [], after, naming, size)


def _batch(
    file: BinaryIO,
    head: bytes,
    rows: Sequence[_Row],
    held: Sequence[_Row],
    rejected: list[Rejected],
    after: tuple[int, int],
    naming: RowNaming,
    size: int,
) -> Batch:
    """Return the calls of `rows` but those `held`, and the cursor before the first one held."""
    waiting = {row.line for row in held}
    told = [row.cdr for row in rows if row.line not in waiting]
    offset, line = after
    if held:
        first = min(held, key=lambda row: row.line)
        offset, line = _offset(file, first), first.line
    legs = [
        leg._replace(approximate=True)
        for leg in reconstructed(told, naming)
        if leg.direction is not Direction.UNKNOWN  # a gap is filled with calls: the other rows tell nothing of one
    ]
    return Batch(legs, place_after(head, offset, line).text(), rejected, len(told) + len(rejected), offset / size)


def _held(rows: Sequence[_Row], settled_us: int, now_us: int) -> list[_Row]:
    waiting = unsettled((row.cdr for row in rows), settled_us, now_us)
    return [row for row in rows if row.cdr.call in waiting]


def _offset(file: BinaryIO, row: _Row) -> int:
    """Return the byte that `row` begins at, leaving `file` where it is."""
    here = file.tell()
    offset, line = row.piece
    file.seek(offset)
    for _ in range(row.line - line):
        offset += len(file.readline())
    file.seek(here)
    return offset
