"""Records out of a growing CSV file, block by block: whole ones only, each with its line and its text, the broken
ones apart.

A quoted field may hold line ends, a file may end in the middle of a record, and a name from outside may hold a
quote that is never closed: none of these may swallow what stands after it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from integrations.cdr_files.text import Encoding
from integrations.provider import Rejected

BLOCK = 1 << 17
"""Bytes read at once: eight times as many are no faster, and the records made of them take 30 MB more."""

LONGEST_LINE = 4 << 20
LINES = 64
"""Lines of the longest record. A quote that stays open for longer is taken as never closed."""

_END = "\x1e\x1e"
"""A line that no record is: what is parsed last tells whether the record before it was whole."""


class Chunk(NamedTuple):
    """Some records: their fields, their text, the line (from 1) each begins on, those that are none, and where it
    ends."""

    rows: list[list[str]]
    raws: list[str]
    lines: Sequence[int]
    rejected: list[Rejected]
    offset: int
    line: int


class Form(NamedTuple):
    """How the records of a file are written. `take_open`: the last line counts though nothing ends it."""

    encoding: Encoding
    delimiter: str
    widths: range
    take_open: bool


def chunks(file: BinaryIO, form: Form, offset: int, line: int) -> Iterator[Chunk]:
    """Yield the records of `file` from byte `offset`, where line `line` begins, to its last whole one."""
    newline = "\n".encode(form.encoding.codec)
    file.seek(offset)
    carry = b""
    while True:
        block = file.read(BLOCK)
        data = carry + block
        cut = len(data) if form.take_open and not block else _after_newline(data, len(data), newline)
        if not cut and len(data) > LONGEST_LINE:
            rejected = Rejected(line, f"a line of more than {LONGEST_LINE:,} bytes", (repr(data[:80]),))
            offset, line, carry = _skip_line(file, offset, newline), line + 1, b""
            yield Chunk([], [], [], [rejected], offset, line)
            continue
        lines = list(io.StringIO(data[:cut].decode(form.encoding.codec, "backslashreplace"), newline="\n"))
        chunk, used = _parsed(lines, form, line, final=not block)
        for _ in lines[used:]:
            cut = _after_newline(data, cut - 1, newline)
        offset, line, carry = offset + cut, line + used, data[cut:]
        if used:
            yield chunk._replace(offset=offset, line=line)
        if not block:
            return


def header(sample: bytes, encoding: Encoding, delimiter: str) -> tuple[list[str], int, int]:
    """Return the first record of a file that begins with `sample`, and the byte and the line after it; no fields
    where it is empty."""
    newline = "\n".encode(encoding.codec)
    text = sample[encoding.bom :].decode(encoding.codec, "backslashreplace")
    lines = list(io.StringIO(text, newline="\n"))
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        fields = next((row for row in reader if row), [])
    except csv.Error as error:
        raise ValueError(f"its header cannot be read: {error}") from None
    at = encoding.bom
    for _ in range(reader.line_num):
        at = _line_end(sample, at, newline)
    return fields, at, 1 + reader.line_num


def _line_end(data: bytes, start: int, newline: bytes) -> int:
    """Return the place after the first line end from `start`, where a line begins; the end of `data` where there is
    none."""
    found = data.find(newline, start)
    while found >= 0 and (found - start) % len(newline):
        found = data.find(newline, found + 1)
    return found + len(newline) if found >= 0 else len(data)


def _skip_line(file: BinaryIO, offset: int, newline: bytes) -> int:
    """Return where the line after the one at `offset` begins, or the file's end, and set `file` there."""
    file.seek(offset)
    at = offset
    while block := file.read(BLOCK):
        end = _line_end(block, 0, newline)
        at += end
        if block[:end].endswith(newline):
            break
    file.seek(at)
    return at


def _after_newline(data: bytes, end: int, newline: bytes) -> int:
    """Return the place after the last line end that stands wholly before `end`; 0 where there is none."""
    at = data.rfind(newline, 0, end)
    while at > 0 and at % len(newline):  # in UTF-16 half of one character and half of the next may look like one
        at = data.rfind(newline, 0, at + len(newline) - 1)
    return at + len(newline) if at >= 0 else 0


def _parsed(lines: list[str], form: Form, first: int, final: bool) -> tuple[Chunk, int]:
    """Return the records of `lines` and how many lines they take. Fast where every record is one line, as nearly
    always."""
    try:
        rows = list(csv.reader([*lines, _END], delimiter=form.delimiter))
    except csv.Error:
        return _one_by_one(lines, form, first, final)
    if rows.pop() != [_END] or len(rows) != len(lines):
        return _one_by_one(lines, form, first, final)
    if all(width in form.widths for width in set(map(len, rows))):
        return Chunk(rows, lines, range(first, first + len(rows)), [], 0, 0), len(lines)
    return _one_by_one(lines, form, first, final)


def _one_by_one(lines: list[str], form: Form, first: int, final: bool) -> tuple[Chunk, int]:
    chunk = Chunk([], [], [], [], 0, 0)
    starts: list[int] = []
    at = 0
    while at < len(lines):
        row, used, reason = _record(lines[at : at + LINES], form.delimiter)
        if reason is _OPEN and at + used >= len(lines) and used < LINES and _may_go_on(lines[at + 1 :], form, final):
            break
        if reason is None and row and len(row) not in form.widths:
            reason = f"{len(row)} columns, expected {_span(form.widths)}"
        if reason is None:
            if row:
                chunk.rows.append(row)
                chunk.raws.append("".join(lines[at : at + used]))
                starts.append(first + at)
        else:
            # Whatever follows the first line may be good: only that line is lost to a quote in the wrong place.
            chunk.rejected.append(Rejected(first + at, reason, (lines[at].rstrip("\r\n"),)))
            used = 1
        at += used
    return chunk._replace(lines=starts), min(at, len(lines))


_OPEN = "a quote is never closed"


def _record(lines: list[str], delimiter: str) -> tuple[list[str], int, str | None]:
    """Return the first record of `lines`, how many lines it takes, and why it is none."""
    reader = csv.reader([*lines, _END], delimiter=delimiter)
    try:
        row = next(reader)
    except csv.Error as error:
        return [], 1, str(error)
    if reader.line_num > len(lines):
        return [], len(lines), _OPEN
    return row, reader.line_num, None


def _may_go_on(following: list[str], form: Form, final: bool) -> bool:
    """Whether an open record at the end of what was read is still being written, rather than broken: no line after its
    first one is a record by itself."""
    if not final:
        return True
    return not form.take_open and not any(
        len(next(csv.reader([line], delimiter=form.delimiter), [])) in form.widths for line in following
    )


def _span(widths: range) -> str:
    return str(widths[0]) if len(widths) == 1 else f"{widths[0]} to {widths[-1]}"
