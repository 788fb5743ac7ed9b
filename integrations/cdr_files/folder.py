"""Call records of one file each (mod_json_cdr), alone or in a folder that grows."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from integrations.cdr_files.freeswitch_json import file_reader
from integrations.cdr_files.settings import FilesSettings
from integrations.provider import Batch, Leg, Rejected, SourceError

BATCH = 2_000
LARGEST = 4 << 20
SETTLE_S = 5.0
"""A file that is no JSON and younger than this is still being written."""

_OVERLAP_NS = 2_000_000_000
"""How far the times of two files may be out of order on the way into a folder."""


class _Mark(msgspec.Struct, frozen=True):
    """The modification time (ns) up to which a folder's files have been read."""

    modified_ns: int


class _File(NamedTuple):
    modified_ns: int
    name: str


def read(path: Path, settings: FilesSettings, cursor: str | None) -> Iterator[Batch]:
    """Yield the records of the file `path`, or of the files *.json in the folder `path` that are newer than
    `cursor`, oldest first.

    SourceError where there is no such place, or nothing in it that could be a record. A file that is none goes to
    `rejected` with its place in the order; one that is still being written is left, and the cursor stays before it.
    """
    leg_of = file_reader(settings)
    files = list(_files(path, _mark(cursor)))
    for begin in range(0, len(files), BATCH):
        legs: list[Leg] = []
        rejected: list[Rejected] = []
        after = _mark(cursor)
        for number, file in enumerate(files[begin : begin + BATCH], begin + 1):
            place = path / file.name if file.name else path
            try:
                legs.append(leg_of(_content(place)))
            except ValueError as error:
                if time.time_ns() - file.modified_ns < SETTLE_S * 1e9 and cursor is not None:
                    break
                rejected.append(Rejected(number, f"{place.name}: {error}", (place.name,)))
            after = max(after, file.modified_ns)
        cursor = msgspec.json.encode(_Mark(after)).decode()
        done = min((begin + BATCH) / len(files), 1.0)
        yield Batch(legs, cursor, rejected, len(legs) + len(rejected), done)


def end(path: Path) -> str:
    """Return the cursor after the newest file of the folder."""
    return msgspec.json.encode(_Mark(max((file.modified_ns for file in _files(path, 0)), default=0))).decode()


def _mark(cursor: str | None) -> int:
    try:
        return msgspec.json.decode(cursor, type=_Mark).modified_ns if cursor else 0
    except msgspec.DecodeError:
        return 0


def _files(path: Path, mark: int) -> list[_File]:
    try:
        if path.is_file():
            return [_File(path.stat().st_mtime_ns, "")]
        with os.scandir(path) as entries:
            found = [
                _File(entry.stat().st_mtime_ns, entry.name)
                for entry in entries
                if entry.name.endswith(".json") and entry.is_file()
            ]
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    return sorted(file for file in found if file.modified_ns >= mark - _OVERLAP_NS)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"larger than {LARGEST:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
