"""Tells consoles and the collector that something was committed, within milliseconds, and never when nothing was.

SQLite: the kernel tells of writes beside the file (inotify), `PRAGMA data_version` proves that one was a commit; where
the kernel cannot tell, the proof is asked for every 50 ms. PostgreSQL: writers NOTIFY at commit. No transaction is
held, no writer waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

from store import postgresql, sqlite
from store.engine import Store

RECHECK_S = 0.001
"""Pages reach the WAL a moment before the commit can be seen."""
REST_S = 1.0
"""How often the proof is asked for although the kernel told of nothing."""
POLL_S = 0.05
"""How often where the kernel cannot tell."""
BEAT_S, ANSWER_S = 10.0, 5.0
"""A PostgreSQL that is silent for BEAT_S is asked whether it is there, and has ANSWER_S to say so."""
RETRY_S, LONGEST_RETRY_S = 0.1, 5.0


def changes(store: Store) -> AsyncGenerator[None]:
    """Yield once as soon as the watch is set, then after each burst of commits, this program's own too.

    What is read after a yield holds everything committed before it. While the consumer is busy commits add up to one
    yield. A PostgreSQL that went away is tried again for ever; there is a yield when it is back. Stop by cancelling the
    consumer or by `aclose()`.
    """
    return _of_file(store.place.path) if store.place.path else _of_database(store.place.url)


async def _of_file(path: Path) -> AsyncGenerator[None]:
    with contextlib.ExitStack() as stack:
        connection = await asyncio.to_thread(sqlite.connect, path, sqlite.reading_mode(path), 0)
        stack.callback(connection.close)
        inotify = await asyncio.to_thread(_inotify, path)
        if inotify:
            stack.callback(inotify.close)
        rest = REST_S if inotify else POLL_S
        changed = _proof(connection)
        yield
        delay = rest
        while True:
            told = await _told(inotify, f"{path.name}-wal", delay)
            proof = changed()
            if told and not proof:
                await asyncio.sleep(RECHECK_S)  # also keeps a long transaction from waking us for each of its pages
                proof = changed()
            delay = RECHECK_S if told or proof else min(delay * 2, rest)
            if proof:
                yield


def _proof(connection: Any) -> Callable[[], bool]:
    """Return a function that says whether something was committed since it was last asked."""
    seen = None

    def changed() -> bool:
        nonlocal seen
        try:
            before, seen = seen, connection.execute("PRAGMA data_version").fetchall()[0][0]
        except sqlite.driver().OperationalError:
            return False  # locked for a moment by a recovery; asked again
        return bool(before != seen)

    changed()
    return changed


def _inotify(path: Path) -> Any:
    """Return a watch of the folder of `path` (its -wal file comes and goes); None: the system has none to give."""
    try:
        from inotify_simple import INotify, flags

        watch = INotify()
        watch.add_watch(path.parent, flags.MODIFY | flags.CREATE | flags.DELETE | flags.MOVED_TO)
    except (ImportError, AttributeError, OSError):  # not Linux, or the user's limit of watches is reached
        return None
    return watch


async def _told(inotify: Any, name: str, seconds: float) -> bool:
    """Wait at most `seconds`; whether the kernel told of a write to the file `name`, or lost count."""
    if inotify is None:
        await asyncio.sleep(seconds)
        return False
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(inotify.fd, readable.set)
    try:
        async with asyncio.timeout(seconds):
            await readable.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(inotify.fd)
    return any(event.name in (name, "") for event in inotify.read(timeout=0))


async def _of_database(url: str) -> AsyncGenerator[None]:
    import psycopg

    conninfo = psycopg.conninfo.make_conninfo(postgresql.plain(url), connect_timeout=10, **postgresql.KEEPALIVE)
    retry = RETRY_S
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
        except psycopg.OperationalError:
            await asyncio.sleep(retry)
            retry = min(retry * 2, LONGEST_RETRY_S)
            continue
        try:
            await connection.execute(f"LISTEN {postgresql.CHANNEL}")
            yield  # whatever was committed before, or while nobody listened
            retry = RETRY_S
            while True:
                if [heard async for heard in connection.notifies(timeout=BEAT_S, stop_after=1)]:
                    yield
                    continue
                async with asyncio.timeout(ANSWER_S):
                    await connection.execute("SELECT 1")
        except (psycopg.OperationalError, TimeoutError):
            await asyncio.sleep(retry)
        finally:
            await connection.close()
