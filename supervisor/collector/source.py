"""One source at work, and what goes wrong with it in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from integrations.provider import Leg, Provider, SourceError
from store import calls
from store.calls import Counts, LegValues
from store.engine import StoreError
from supervisor.storing import Storing
from supervisor.text import safe

T = TypeVar("T")


@dataclass(frozen=True)
class Rules:
    """What the collector does to records on the way in: make them storable, and derive calls and contacts."""

    normalise: Callable[[Leg], LegValues]
    derive: calls.Rules
    day_of: Callable[[int], int]


@dataclass
class Source:
    """One source at work. Only its own task group touches it. `silent_us`: nobody watched it where nothing was heard of
    it for longer."""

    name: str
    type: str
    provider: Provider
    storing: Storing
    rules: Rules
    clock: Callable[[], int]
    log: Any
    me: str
    heartbeat_s: float
    silent_us: int
    id: int = 0
    up: bool = False
    acting: set[int] = field(default_factory=set)
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)
    group: asyncio.TaskGroup | None = None

    async def write(self, action: Callable[[Connection], T]) -> T:
        """Run `action` in one write transaction."""
        return await self.storing.write(action)

    def start(self, work: Any) -> None:
        """Let `work` run as a part of this source: it ends with it, and its failure is the source's."""
        assert self.group is not None
        self.group.create_task(work)


def ingest(source: Source, connection: Connection, legs: Sequence[Leg], cursor: str | None) -> Counts:
    """Write `legs`, and the cursor after them (None: leave it), in the transaction of `connection`."""
    rows = [source.rules.normalise(leg) for leg in legs]
    return calls.ingest(connection, source.id, rows, source.rules.derive, cursor, source.clock())


def log_refused(source: Source, error: Exception) -> None:
    """Log that one record was left out; what it says is customers' data and is not told."""
    source.log.error("record could not be kept", detail=type(error).__name__, exc_info=error)


def innermost(error: BaseException) -> BaseException:
    """Return the first error within groups of them."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def is_told(error: BaseException) -> bool:
    """Whether `error` is told in words for a person; any other is the program's own failure."""
    return isinstance(error, SourceError | StoreError)


def words_of(error: BaseException) -> str:
    """Say what happened in one line, for a person and without a traceback's locals."""
    return safe(str(error) if is_told(error) else f"{type(error).__name__}: {error}", 300)
