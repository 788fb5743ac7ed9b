"""The CDR file as the calls that were missed: read from where it was left, up to the last row that has settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from integrations.asterisk.cdr import WIDTHS, Cdr, parser
from integrations.asterisk.naming import Naming
from integrations.asterisk.reconstruct import reconstructed
from integrations.cdr_files.place import HEAD, Place, place_after, place_in, to_read
from integrations.cdr_files.reading import opened
from integrations.cdr_files.records import Form, chunks
from integrations.cdr_files.text import Encoding
from integrations.cdr_files.times import local_reader
from integrations.provider import Batch, Rejected, SourceError

TOGETHER_US = 10_000_000
"""Rows of one call that ended by then are written by now. What a call does later - handed on, it may last for hours -
is told by rows that stand for themselves."""

SKEWED_US = 3_600_000_000
"""A row that ended so long after now was written by a wrong clock: waiting for it to settle would wait for ever."""

_BYTES = Form(Encoding("latin-1", "bytes"), ",", WIDTHS, take_open=False)
"""A character a byte, so that a place in the text is a place in the file; what is UTF-8 is decoded field by field."""

_BOM = b"\xef\xbb\xbf"


class _Row(NamedTuple):
    """A row, and where it stands: its line, and the byte and the line at which the piece it was read in begins."""

    cdr: Cdr
    line: int
    piece: tuple[int, int]


def backfill(path: Path, naming: Naming, zone: ZoneInfo, cursor: str | None, until_us: int) -> Iterator[Batch]:
    """Yield the calls that the CDR file at `path`, and those it was rotated into, tell of after `cursor`.

    Calls with a row that ended after `until_us` are left for the next time: other rows of theirs may not be written
    yet. The same rows read again tell the same legs. SourceError where there is no file.
    """
    files = to_read(path, place_in(cursor))
    if not files:
        raise SourceError(f"{path}: there is no such file; see cdr_file")
    parse = parser(local_reader(zone))
    for file, place in files:
        try:
            with opened(file) as stream:
                yield from _read(stream, place, max(file.stat().st_size, 1), naming, parse, until_us)
        except (OSError, EOFError) as error:
            raise SourceError(f"{file} cannot be read: {error}") from None


def _read(
    file: BinaryIO,
    place: Place | None,
    size: int,
    naming: Naming,
    parse: Callable[[Sequence[str]], Cdr],
    until_us: int,
) -> Iterator[Batch]:
    head = file.read(HEAD)
    begin = (place.offset, place.line) if place else (len(_BOM) if head.startswith(_BOM) else 0, 1)
    held: list[_Row] = []
    after = begin
    for chunk in chunks(file, _BYTES, *begin):
        rows, rejected = list(held), list(chunk.rejected)
        for fields, line in zip(chunk.rows, chunk.lines, strict=True):
            fields = [_text(value) for value in fields]
            try:
                rows.append(_Row(parse(fields), line, after))
            except ValueError as error:
                rejected.append(Rejected(line, str(error), tuple(fields)))
        after = chunk.offset, chunk.line
        newest = max((row.cdr.end_us for row in rows), default=0)
        held = _unsettled(rows, min(until_us, newest - TOGETHER_US), until_us)
        yield _batch(file, head, rows, held, rejected, after, naming, size)
    if held:
        yield _batch(file, head, held, _unsettled(held, until_us, until_us), [], after, naming, size)


def _batch(
    file: BinaryIO,
    head: bytes,
    rows: Sequence[_Row],
    held: Sequence[_Row],
    rejected: list[Rejected],
    after: tuple[int, int],
    naming: Naming,
    size: int,
) -> Batch:
    """Return the calls of `rows` but those `held`, and the cursor before the first one held."""
    waiting = {row.line for row in held}
    told = [row.cdr for row in rows if row.line not in waiting]
    offset, line = after
    if held:
        first = min(held, key=lambda row: row.line)
        offset, line = _offset(file, first), first.line
    legs = reconstructed(told, naming)
    return Batch(legs, place_after(head, offset, line).text(), rejected, len(told) + len(rejected), offset / size)


def _unsettled(rows: Sequence[_Row], settled_us: int, now_us: int) -> list[_Row]:
    """Return the rows of the calls that have a row which ended after `settled_us`."""
    recent = range(settled_us + 1, max(now_us, settled_us) + SKEWED_US)
    calls = {row.cdr.linked or row.cdr.unique for row in rows if row.cdr.end_us in recent}
    return [row for row in rows if (row.cdr.linked or row.cdr.unique) in calls]


def _offset(file: BinaryIO, row: _Row) -> int:
    """Return the byte that `row` begins at, leaving `file` where it is."""
    here = file.tell()
    offset, line = row.piece
    file.seek(offset)
    for _ in range(row.line - line):
        offset += len(file.readline())
    file.seek(here)
    return offset


def _text(field: str) -> str:
    return field if field.isascii() else field.encode("latin-1").decode("utf-8", "replace")
