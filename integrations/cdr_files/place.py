"""Where reading stopped, and which files to go on with when a log was rotated meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from integrations.provider import Batch, SourceError

HEAD = 512
"""Bytes by which a file is known again: call records begin with their times and ids, so no two begin alike."""


REJECTS = ".rejects.csv"
"""What is added to a file's name for the records of it that could not be read."""


class Place(msgspec.Struct, frozen=True):
    """A byte of a file at which a record begins, its line, and a digest of the file's first bytes (at most HEAD, at
    most `offset`; of `known` bytes where that is told): the same file still, if it begins like this and is no shorter.
    Its name and inode may have changed."""

    offset: int
    line: int
    head: str
    known: int = 0

    @property
    def digested(self) -> int:
        """How many bytes `head` is the digest of; 0: the file cannot be known again."""
        return self.known or min(HEAD, self.offset)

    def text(self) -> str:
        """Return the place as a cursor."""
        return msgspec.json.encode(self).decode()


def place_after(beginning: bytes, offset: int, line: int) -> Place:
    """Return the place at byte `offset`, line `line`, of the file that begins with `beginning` (HEAD bytes or all)."""
    known = 0 if offset else min(HEAD, len(beginning))
    return Place(offset, line, _digest(beginning[: known or min(HEAD, offset)]), known)


def place_in(cursor: str | None) -> Place | None:
    """Return the place of a cursor; None where there is none, or where it is another format's."""
    if not cursor:
        return None
    try:
        return msgspec.json.decode(cursor, type=Place)
    except msgspec.DecodeError:
        return None


def in_turn(
    path: Path, place: Place | None, read: Callable[[Path, Place | None], Iterator[Batch]], hint: str = ""
) -> Iterator[Batch]:
    """Yield what `read` tells of each file that is to be read after `place`, oldest first.

    Ends early where a file is rotated before it is open: under its name stands another then, and what is left is for
    the next reading. SourceError where there is no file, ending in `hint`.
    """
    files = to_read(path, place)
    if not files:
        raise SourceError(f"{path}: there is no such file{hint}")
    for file, begin in files:
        batches = read(file, begin)
        first = next(batches, None)  # from here on the file is open
        if to_read(path, place) != files:
            return
        if first is not None:
            yield first
            yield from batches


def holds(path: Path, place: Place) -> bool:
    """Whether `place` is in the file at `path`."""
    from integrations.cdr_files.reading import opened

    try:
        with opened(path) as file:
            beginning = file.read(place.digested)
            if _digest(beginning) != place.head:
                return False
            file.seek(max(place.offset - 1, 0))
            return place.offset == 0 or len(file.read(1)) == 1
    except (OSError, EOFError):
        return False


def to_read(path: Path, place: Place | None) -> list[tuple[Path, Place | None]]:
    """Return the files to read, oldest first, each from a place (None: its beginning), so that nothing is left out
    after rotation.

    Rotated files stand beside `path` under its name with something added (Master.csv.1, Master.csv-20261123.gz),
    however they got there: renamed, or copied before `path` was cut to nothing.
    """
    now = [(path, None)] if path.exists() else []
    if place is None or not place.digested:
        return list(now)
    if now and holds(path, place):
        return [(path, place)]
    beside = path.parent.glob(f"{_literal(path.name)}?*")
    older = sorted((file for file in beside if file.is_file() and not file.name.endswith(REJECTS)), key=_age)
    for index, file in enumerate(older):
        if holds(file, place):
            return [(file, place), *((later, None) for later in older[index + 1 :]), *now]
    return list(now)


def _literal(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _age(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()
