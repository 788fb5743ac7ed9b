"""Files of call records as a source: imported from, or followed through rotation."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from integrations.cdr_files import folder
from integrations.cdr_files.place import Place, in_turn, place_in
from integrations.cdr_files.reading import end, read
from integrations.cdr_files.settings import FilesSettings, Format
from integrations.provider import (
    Action,
    Answer,
    Batch,
    Command,
    Context,
    Event,
    Finding,
    Gap,
    Health,
    Level,
    SecretReader,
    Snapshot,
    SourceError,
)


def wall_clock_us() -> int:
    """Now, in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


class FilesProvider:
    """Reads the file or folder at `path` from a cursor to its end, and tells when there is more."""

    Settings: ClassVar[type[FilesSettings]] = FilesSettings

    def __init__(
        self,
        name: str,
        settings: FilesSettings,
        secret: SecretReader,
        context: Context,
        clock: Callable[[], int] = wall_clock_us,
    ) -> None:
        self.name = name
        self.capabilities: frozenset[Action] = frozenset()
        if isinstance(settings.mapping, str) and settings.mapping in context.mappings:
            settings = replace(settings, mapping=context.mappings[settings.mapping])
        self._settings = settings
        self._zone = ZoneInfo(settings.time_zone or context.time_zone)
        self._path = Path(context.base) / Path(settings.path).expanduser() if settings.path else None
        self._clock = clock

    async def check(self) -> list[Finding]:
        """Whether what is followed is there and can be read."""
        if self._path is None:
            return [Finding(self.name, Level.OK, "no path: files are imported by hand")]
        try:
            first = await asyncio.to_thread(lambda: next(self._batches(None), None))
        except SourceError as error:
            return [Finding(self.name, Level.FAIL, str(error))]
        if first is None:
            return [Finding(self.name, Level.WARN, f"{self._path}: no record yet")]
        if first.rejected and not first.legs:
            return [
                Finding(
                    self.name,
                    Level.FAIL,
                    f"{self._path}: no row reads as {self._settings.format}: {first.rejected[0].reason}",
                )
            ]
        return [Finding(self.name, Level.OK, f"{self._path} reads as {self._settings.format}")]

    async def backfill(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield the records after `cursor`, through the files it was rotated into, to the last whole one."""
        if self._path is None:
            return
        batches = self._batches(cursor)
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            yield batch

    def _batches(self, cursor: str | None) -> Iterator[Batch]:
        assert self._path is not None
        if self._settings.format == Format.FREESWITCH_JSON:
            yield from folder.read(self._path, self._settings, cursor)
            return

        def records(path: Path, place: Place | None) -> Iterator[Batch]:
            return read(path, self._settings, self._zone, place, following=True)

        yield from in_turn(self._path, place_in(cursor), records)

    async def live(self) -> AsyncIterator[Event]:
        """Yield what is added to the file or folder from now on, through rotation. What is there already is the
        backfill's, which the gap asks for."""
        if self._path is None:
            return
        up: bool | None = None
        seen: object = None
        cursor: str | None = None
        while True:
            state = await asyncio.to_thread(_state, self._path)
            if (state is not None) is not up:
                up = state is not None
                yield Health(up, self._clock(), "" if up else f"{self._path}: there is no such file or folder")
            if state is not None and cursor is None and state != seen:
                cursor, seen = await asyncio.to_thread(self._end, self._path), state
                yield Gap(None, self._clock())
            elif state is not None and state != seen:
                async for batch in self.backfill(cursor):
                    for leg in batch.legs:
                        yield leg
                    cursor = batch.cursor
                seen = state
            await asyncio.sleep(self._settings.poll_seconds)

    def _end(self, path: Path) -> str | None:
        """Return the cursor of the end; None where there is no record yet to go on from after a rotation."""
        if self._settings.format == Format.FREESWITCH_JSON:
            return folder.end(path)
        found = end(path)
        place = place_in(found)
        return found if place is not None and place.digested else None

    async def snapshot(self) -> Snapshot:
        """Files tell what was, not what is."""
        raise SourceError(f"{self.name}: files do not tell who is on the phone now")

    async def act(self, command: Command) -> Answer:
        """Nothing can be done through a file."""
        return Answer(False, f"{self.name} is a source of files: it cannot {command.action}")

    async def close(self) -> None:
        """Nothing stays open between two readings."""


def _state(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when `path` does; None where it is not there."""
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_ino, now.st_size, now.st_mtime_ns
