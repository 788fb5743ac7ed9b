"""The change watch: a wake for each burst of commits, soon, and none for anything else."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from store.engine import Store, attach, open_store
from store.watch import changes

SOON_S = 10.0


def _add(store: Store, name: str) -> None:
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES (:name)"), {"name": name})


def _names(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(text("SELECT name FROM team")).scalars())


@asynccontextmanager
async def _watch(store: Store) -> AsyncIterator[AsyncIterator[None]]:
    """A watch that is set."""
    async with aclosing(changes(store)) as wakes:
        await asyncio.wait_for(anext(wakes), SOON_S)
        yield wakes


async def _woken(wakes: AsyncIterator[None]) -> None:
    await asyncio.wait_for(anext(wakes), SOON_S)


async def test_each_commit_wakes(store: Store) -> None:
    async with _watch(store) as wakes:
        for name in ("North", "South", "East"):
            await asyncio.to_thread(_add, store, name)
            await _woken(wakes)
            assert name in _names(store)


async def test_the_wake_comes_soon(store: Store) -> None:
    """Far sooner than by asking now and then; how soon exactly is measured in bench/."""
    took = []
    async with _watch(store) as wakes:
        for number in range(20):
            waiting = asyncio.ensure_future(_woken(wakes))
            await asyncio.to_thread(_add, store, str(number))
            committed = time.monotonic()
            await waiting
            took.append(time.monotonic() - committed)
    assert statistics.median(took) < 0.02


async def test_a_commit_of_another_process_wakes_where_no_wal_file_was_yet(sqlite_url: str) -> None:
    program = (
        "import sys; from store.engine import open_store\n"
        "with open_store(sys.argv[1]).write() as connection: connection.exec_driver_sql(sys.argv[2])"
    )
    store = attach(sqlite_url)
    assert not await asyncio.to_thread(os.path.lexists, f"{sqlite_url}-wal")
    async with _watch(store) as wakes:
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, sqlite_url, "INSERT INTO team (name) VALUES ('North')"
        )
        await _woken(wakes)
        assert _names(store) == {"North"}
        assert await other.wait() == 0
    store.close()


async def test_what_is_not_a_commit_does_not_wake(store: Store) -> None:
    """A transaction rolled back after it spilled, an empty one, reads: the first wake is the real commit's."""

    class Refused(Exception):
        pass

    def noise() -> None:
        with pytest.raises(Refused), store.write() as connection:
            if store.place.path:
                connection.exec_driver_sql("PRAGMA cache_size = 10")
            row = {"name": "x" * 2000}
            connection.execute(
                text("INSERT INTO journal (at_us, who, what, detail) VALUES (0, :name, '', '')"), [row] * 500
            )
            raise Refused
        with store.write() as connection:
            connection.execute(text("SELECT 1"))
        _names(store)

    async with _watch(store) as wakes:
        first = asyncio.ensure_future(_woken(wakes))
        await asyncio.to_thread(noise)
        await asyncio.to_thread(_names, store)
        assert not first.done()
        await asyncio.to_thread(_add, store, "North")
        await first
        assert _names(store) == {"North"}


async def test_commits_while_the_consumer_is_busy_are_one_wake(store: Store) -> None:
    async with _watch(store) as wakes:
        for number in range(50):
            await asyncio.to_thread(_add, store, str(number))
        await _woken(wakes)
        assert len(_names(store)) == 50
        last = asyncio.ensure_future(_woken(wakes))
        await asyncio.to_thread(_add, store, "last")
        await last
        assert "last" in _names(store)


async def test_without_inotify_it_asks_now_and_then(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inotify_simple", None)  # what importing it is like on other systems
    store = open_store(sqlite_url)
    async with _watch(store) as wakes:
        await asyncio.sleep(0.1)  # so that the asking has slowed down
        began = time.monotonic()
        await asyncio.to_thread(_add, store, "North")
        await _woken(wakes)
        assert time.monotonic() - began < 0.5
    store.close()


async def test_a_watch_holds_nothing_a_writer_needs(sqlite_url: str) -> None:
    """A consumer that does not come back for its next wake leaves writers and checkpoints alone."""
    store = open_store(sqlite_url, patience_s=0.2)
    async with _watch(store):
        _add(store, "North")
        with store.write() as connection:
            connection.execute(text("DELETE FROM team"))
        raw = open_store(sqlite_url, patience_s=0.2)._writer.raw_connection()
        assert raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall() == [(0, 0, 0)]
        raw.close()
    store.close()


async def test_cancelling_ends_it_and_leaves_nothing_open(store: Store) -> None:
    def handles() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def consume() -> None:
        async for _ in changes(store):
            set_.set()

    _names(store)
    left = []
    for _ in range(4):
        set_ = asyncio.Event()
        task = asyncio.create_task(consume())
        await asyncio.wait_for(set_.wait(), SOON_S)
        during = handles()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        left.append(handles())
        assert left[-1] < during
    assert left[-1] == left[0]  # SQLite itself keeps one handle for later while the file is in use
    _add(store, "North")


async def test_a_server_that_went_away_is_listened_to_again(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    async with _watch(store) as wakes:
        back = asyncio.ensure_future(_woken(wakes))
        with store.read() as connection:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            assert connection.execute(text(ended)).scalars().all() == [True]
        await back
        waiting = asyncio.ensure_future(_woken(wakes))
        await asyncio.to_thread(_add, store, "North")
        await waiting
        assert _names(store) == {"North"}
    store.close()
