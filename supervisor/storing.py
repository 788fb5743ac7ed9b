"""Writing into a store that may refuse for a while: locked by an import, full, read-only, restarted.

What is to be written is kept and tried again until the store takes it; that it refuses, and why, is in the log once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection

from store.engine import Store, StoreError
from supervisor.text import safe

T = TypeVar("T")
RETRY_S = (0.05, 5.0)
"""Pause after the first refusal, and the longest one."""


class Storing:
    """One thread that writes for a whole process, so that a slow disk never keeps anybody from being listened to."""

    def __init__(self, store: Store, log: Any) -> None:
        self.store = store
        self._log = log
        self._refusal = ""
        self._writer = ThreadPoolExecutor(1, "store-writer")

    async def write(self, action: Callable[[Connection], T]) -> T:
        """Run `action` in a write transaction and return what it returns; again and again while the store refuses."""
        return await self._until_taken(self._writer, lambda: self._in(self.store.write(), action))

    async def read(self, action: Callable[[Connection], T]) -> T:
        """As `write`, in a read transaction."""
        return await self._until_taken(None, lambda: self._in(self.store.read(), action))

    @staticmethod
    def _in(transaction: AbstractContextManager[Connection], action: Callable[[Connection], T]) -> T:
        with transaction as connection:
            return action(connection)

    async def _until_taken(self, thread: ThreadPoolExecutor | None, work: Callable[[], T]) -> T:
        pause, longest = RETRY_S
        while True:
            try:
                done = await asyncio.get_running_loop().run_in_executor(thread, work)
            except StoreError as error:
                self._refused(safe(str(error)))
            else:
                self._took()
                return done
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 2, longest)

    def _refused(self, words: str) -> None:
        if words != self._refusal:
            self._refusal = words
            self._log.error("store refused", detail=words)

    def _took(self) -> None:
        if self._refusal:
            self._refusal = ""
            self._log.info("store takes again")

    def close(self) -> None:
        """Let go of the thread; a transaction that is under way is not waited for."""
        self._writer.shutdown(wait=False, cancel_futures=True)
