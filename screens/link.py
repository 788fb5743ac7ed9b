"""The console's one way to what is kept: the desk, opened once for all screens, and the watch that wakes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App

if TYPE_CHECKING:
    from screens.desk import Desk

Listener = Callable[["Exception | None"], None]
"""Called after each burst of commits with None, and with the error where the watch of them failed."""

RETRY_S = 1.0


class Link:
    """Opens the desk when it is first wanted, in a thread, and closes it with the console.

    Acts of one person are done one after the other, in the order of the keys: `one_by_one` is held while one is."""

    def __init__(self, app: App[int], open_desk: Callable[[], Desk]) -> None:
        self._app = app
        self._open = open_desk
        self._opening = asyncio.Lock()
        self._listeners: list[Listener] = []
        self.one_by_one = asyncio.Lock()
        self.desk: Desk | None = None

    async def opened(self) -> Desk:
        """Return the desk, opened now where it is not yet; whoever fails to open it may try again."""
        async with self._opening:
            if self.desk is None:
                self.desk = await asyncio.to_thread(self._open)
                self._app.run_worker(
                    self._watch(self.desk), name="watch", group="watch", exclusive=True, exit_on_error=False
                )
            return self.desk

    def listen(self, listener: Listener) -> None:
        """Have `listener` called from now on."""
        self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        """Call `listener` no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def close(self) -> None:
        """Let go of the store, where it was opened."""
        if self.desk is not None:
            self.desk.close()

    async def _watch(self, desk: Desk) -> None:
        """Tell of each commit. Where the watch itself fails, screens still read on their own time."""
        while True:
            try:
                async for _ in desk.changes():
                    self._tell(None)
            except Exception as error:
                self._tell(error)
            await asyncio.sleep(RETRY_S)

    def _tell(self, error: Exception | None) -> None:
        for listener in tuple(self._listeners):
            listener(error)
