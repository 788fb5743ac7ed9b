"""Files into batches: any format, from any place, with the place after each batch."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from integrations.cdr_files import asterisk_csv, freeswitch_csv, plain_csv
from integrations.cdr_files.place import HEAD, Place, place_after
from integrations.cdr_files.records import LONGEST_LINE, Chunk, Form, chunks, header
from integrations.cdr_files.settings import FilesSettings, Format
from integrations.cdr_files.text import SAMPLE, delimiter_of, encoding_of, written_by_program
from integrations.provider import Batch, Leg, Rejected, SourceError

RowReader = Callable[[list[str], str], Leg]
Told = Callable[[Iterable[Chunk], int, int], Iterator[tuple[list[Leg], Chunk]]]
"""Chunks, and the byte and line at which the first begins, into what they tell: each chunk's legs and the chunk, with
the rows that are none among its rejected."""


def opened(path: Path) -> BinaryIO:
    """Open `path` for reading, unpacked where it is a gzip file. SourceError in words where it cannot be read."""
    try:
        if path.is_dir():
            raise SourceError(f"{path} is a folder; name a file")
        if not path.is_file():
            raise SourceError(f"{path} is not a file" if path.exists() else f"{path}: there is no such file")
        file = path.open("rb")
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    if packed:
        file.close()
        return cast(BinaryIO, gzip.open(path))
    return file


def read(path: Path, settings: FilesSettings, zone: ZoneInfo, place: Place | None, following: bool) -> Iterator[Batch]:
    """Yield the records of the CSV file at `path` from `place` to its last whole one.

    `following`: the file is being written, so that its last line counts only once it is ended. SourceError where
    the file is no such file at all; a record that is none goes to `rejected` with its line.
    """
    with opened(path) as file:
        size = max(path.stat().st_size, 1)
        try:
            yield from _read(file, settings, zone, place, following, size)
        except (ValueError, EOFError, OSError) as error:
            raise _unusable(path, settings, error) from None


def look(path: Path, settings: FilesSettings) -> tuple[str, list[str], dict[str, int]]:
    """Return how the file at `path` is written, its header and its mapping (both empty where the format fixes them).

    SourceError where it is empty, or no such file at all.
    """
    with opened(path) as file:
        try:
            sample = file.read(SAMPLE)
            if not sample:
                raise ValueError("it is empty")
            if settings.format != Format.CSV:
                return written_by_program(sample).shown, [], {}
            encoding = encoding_of(sample, len(sample) < SAMPLE)
            delimiter = delimiter_of(sample[encoding.bom :].decode(encoding.codec, "backslashreplace"))
            names, _, _ = header(sample, encoding, delimiter)
            return encoding.shown, names, plain_csv.columns_of(names, _mapping(settings))
        except (ValueError, EOFError, OSError) as error:
            raise _unusable(path, settings, error) from None


def _unusable(path: Path, settings: FilesSettings, error: Exception) -> SourceError:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceError(f"{path} cannot be read as {settings.format}: {words}")


def end(path: Path) -> str:
    """Return the cursor of the end of the file at `path`: after the last line that is ended."""
    with opened(path) as file:
        head = file.read(HEAD)
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - LONGEST_LINE, 0))
        tail = file.read()
        return place_after(head, size - len(tail) + tail.rfind(b"\n") + 1, 1).text()


def _read(
    file: BinaryIO, settings: FilesSettings, zone: ZoneInfo, place: Place | None, following: bool, size: int
) -> Iterator[Batch]:
    sample = file.read(SAMPLE)
    if not sample:
        return
    told, form, offset, line = _form(sample, settings, zone, following)
    if place and place.offset > offset:
        offset, line = place.offset, place.line
    for legs, chunk in told(chunks(file, form, offset, line), offset, line):
        chunk.rejected.sort(key=lambda record: record.row)
        after = place_after(sample, chunk.offset, chunk.line)
        rows = len(legs) + len(chunk.rejected)
        yield Batch(legs, after.text(), chunk.rejected, rows, min(_position(file) / size, 1.0))


def _row_by_row(
    leg_of: RowReader, chunks: Iterable[Chunk], _offset: int, _line: int
) -> Iterator[tuple[list[Leg], Chunk]]:
    for chunk in chunks:
        legs: list[Leg] = []
        keep = legs.append
        for row, raw, number in zip(chunk.rows, chunk.raws, chunk.lines, strict=True):
            try:
                keep(leg_of(row, raw))
            except ValueError as error:
                chunk.rejected.append(Rejected(number, str(error), tuple(row)))
        yield legs, chunk


def _form(sample: bytes, settings: FilesSettings, zone: ZoneInfo, following: bool) -> tuple[Told, Form, int, int]:
    """Return how the file that begins with `sample` is to be read, and the byte and the line its records begin at."""
    if settings.format == Format.CSV:
        encoding = encoding_of(sample, len(sample) < SAMPLE)
        text = sample[encoding.bom :].decode(encoding.codec, "backslashreplace")
        delimiter = delimiter_of(text)
        names, offset, line = header(sample, encoding, delimiter)
        leg_of = plain_csv.row_reader(plain_csv.columns_of(names, _mapping(settings)), settings, zone)
        form = Form(encoding, delimiter, range(len(names), len(names) + 1), not following)
        return partial(_row_by_row, leg_of), form, offset, line
    encoding = written_by_program(sample)
    if settings.format == Format.FREESWITCH_CSV:
        told: Told = partial(_row_by_row, freeswitch_csv.row_reader(settings, zone))
        return told, Form(encoding, ",", freeswitch_csv.WIDTHS, False), encoding.bom, 1
    told = partial(asterisk_csv.told, settings=settings, zone=zone)
    return told, Form(encoding, ",", asterisk_csv.WIDTHS, False), encoding.bom, 1


def _mapping(settings: FilesSettings) -> Mapping[str, str]:
    if isinstance(settings.mapping, str):
        raise ValueError(
            f"there is no mapping {settings.mapping!r}: add a [mappings.{settings.mapping}] to the configuration"
        )
    return settings.mapping


def _position(file: BinaryIO) -> int:
    """Return how many bytes of the file on the disk have been read."""
    return (file.fileobj if isinstance(file, gzip.GzipFile) else file).tell()
