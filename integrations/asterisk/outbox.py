"""What was read and is not yet fetched: bounded: a slow store costs records that can be read again, never memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from integrations.provider import Event, Gap, Health, Leg, Presence

RECORDS_CAP = 100_000


class Outbox:
    """Events in order. Past `cap` waiting legs and presences they are dropped, counted, and replaced by one Gap."""

    def __init__(self, clock: Callable[[], int], cap: int = RECORDS_CAP) -> None:
        self.dropped = 0
        self._clock = clock
        self._cap = cap
        self._events: deque[Event] = deque()
        self._filled = asyncio.Event()
        self._error: BaseException | None = None

    def put(self, *events: Event) -> None:
        """Add `events` at the end, at once."""
        self._events.extend(events)
        if len(self._events) > self._cap:
            self._spill()
        if self._events:
            self._filled.set()

    def fail(self, error: BaseException) -> None:
        """Let the next who finds the outbox empty have `error`."""
        self._error = error
        self._filled.set()

    async def get(self) -> Event:
        """Return the oldest event; wait for one where there is none."""
        while not self._events:
            if (error := self._error) is not None:
                self._error = None
                raise error
            self._filled.clear()
            await self._filled.wait()
        return self._events.popleft()

    def _spill(self) -> None:
        lost = [event for event in self._events if isinstance(event, Leg | Presence)]
        self.dropped += len(lost)
        since = [event.started_us if isinstance(event, Leg) else event.since_us for event in lost]
        since += [event.since_us for event in self._events if isinstance(event, Gap) and event.since_us is not None]
        kept = [event for event in self._events if isinstance(event, Health)]
        self._events.clear()
        self._events.extend((*kept[-1:], Gap(min(since), self._clock())))
