"""How a SQLite file is opened: which library, which pragmas, and its errors in words for a person."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import quote
from weakref import WeakSet

from sqlalchemy import Connection, Engine, QueuePool, create_engine

from store import StoreError
from store.place import refuse_network

WAL_FIX = (3, 51, 3)
"""Older SQLite can lose a commit when a checkpoint resets the WAL while another process begins to write."""

_HELD_WHILE_OPEN = 128
"""The byte of the -shm file that every connection of a WAL database keeps a shared lock on."""

STATEMENTS = 1_000
"""Prepared statements kept a connection. The driver's own 100 are fewer than a migration and the live writes have; once
full it forgets the newest, and prepares every statement of every event anew."""

SMALLEST = 512
"""Bytes of the smallest page; a file that is smaller, yet not empty, is somebody else's."""


class Tuning(NamedTuple):
    """What a connection is tuned for: pages of 4 KiB in the WAL before a checkpoint, and KiB of page cache."""

    autocheckpoint: int
    cache_kib: int


LIVE = Tuning(autocheckpoint=1_000, cache_kib=8_192)
BULK = Tuning(autocheckpoint=50_000, cache_kib=32_768)


def driver() -> ModuleType:
    """Return the SQLite module to use: pysqlite3, else the standard one. StoreError where it is too old."""
    try:
        import pysqlite3.dbapi2 as found
    except ImportError:
        found = sqlite3
    if found.sqlite_version_info < WAL_FIX:
        raise StoreError(
            f"the SQLite library here is {found.sqlite_version} and may lose data; "
            f"{'.'.join(map(str, WAL_FIX))} or newer is needed: install the package pysqlite3, or use PostgreSQL"
        )
    module: ModuleType = found
    return module


def create_file(path: Path) -> None:
    """Make an empty store at `path`, its folder too. Only its owner may read it; in a folder shared with a group (mode
    2770) the group may too, and SQLite makes its -wal and -shm files alike."""
    refuse_network(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = 0o660 if path.parent.stat().st_mode & 0o2020 == 0o2020 else 0o600
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, mode)
    except FileExistsError:
        if path.parent.is_dir():
            return  # whatever it is, `look_at` says so
        raise StoreError(f"the store {path} cannot be made: {path.parent} is not a folder") from None
    except OSError as error:
        raise StoreError(
            f"the store {path} cannot be made: {error.strerror}; choose another place with --store"
        ) from error
    os.fchmod(handle, mode)
    os.close(handle)


def look_at(path: Path) -> None:
    """StoreError where there is no file at `path` that can be opened as a store. The file itself is not opened: closing
    any handle of it would drop the locks this process holds on it (POSIX)."""
    if not path.exists():
        raise StoreError(f"there is no store at {path}; make one with `supervisor init`, or name another with --store")
    if not path.is_file():
        raise StoreError(f"{path} is not a file; name a file for the store")
    if 0 < path.stat().st_size < SMALLEST:  # SQLite would take it for empty and write over it
        raise StoreError(f"the store {path} {_WORDS[26]}")
    if not os.access(path, os.R_OK, effective_ids=True):
        raise StoreError(f"the store {path} cannot be read by this user; ask its owner to let your group in")
    refuse_network(path)


def in_use(path: Path) -> bool:
    """Whether a program, this one or another, has the store at `path` open: each holds a lock beside it for as long.

    Not to be asked by a program that has it open itself: asking would drop its locks (POSIX).
    """
    beside = Path(f"{path}-shm")
    try:
        with beside.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _HELD_WHILE_OPEN)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def engines(path: Path, patience_s: float, tuning: Tuning) -> tuple[Engine, Engine]:
    """Return the writing and the reading engine of the file. Both wait `patience_s` seconds for a lock."""
    return _engine(path, "rw", patience_s, tuning, 1), _engine(path, reading_mode(path), patience_s, tuning, 8)


def reading_mode(path: Path) -> str:
    """Return how to open `path` for reading. Readers write beside it too, but not on read-only media."""
    if os.statvfs(path.parent).f_flag & os.ST_RDONLY and not Path(f"{path}-wal").exists():
        return "ro&immutable=1"
    return "rw" if os.access(path, os.W_OK, effective_ids=True) else "ro"


@cache
def _tidy() -> type[Any]:
    """Return the driver's connection, made to close its cursors with each transaction: one that was not read to its end
    would keep the WAL from being reused although the transaction is over."""
    base: type[Any] = driver().Connection

    class Tidy(base):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.open: WeakSet[Any] = WeakSet()

        def cursor(self, *arguments: Any) -> Any:
            made = super().cursor(*arguments)
            self.open.add(made)
            return made

        def tidy(self) -> None:
            for cursor in tuple(self.open):
                cursor.close()
            self.open.clear()

        def commit(self) -> None:
            self.tidy()
            super().commit()

        def rollback(self) -> None:
            self.tidy()
            super().rollback()

    return Tidy


def connect(path: Path, mode: str, patience_s: float, kind: type[Any] | None = None) -> Any:
    """Return a connection in autocommit (of the driver's own kind where None): transactions are begun by name, never by
    the driver. `mode`: rw, ro, or what `reading_mode` says."""
    connection = driver().connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=patience_s,
        factory=kind or driver().Connection,
        cached_statements=STATEMENTS,
    )
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _wal(connection: Any, patience_s: float) -> None:
    """Turn WAL on. SQLite does not wait for a lock here, so that two that open a new file at once would collide."""
    deadline = monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
            return
        except driver().OperationalError as error:
            if error.sqlite_errorcode & 0xFF != 5 or monotonic() > deadline:
                raise
        sleep(0.01)


def begin(connection: Connection, how: str) -> None:
    """Begin a transaction by name: "BEGIN IMMEDIATE" to write, "BEGIN" to read."""
    driven: Any = connection.connection.driver_connection
    driven.execute(how)


def _engine(path: Path, mode: str, patience_s: float, tuning: Tuning, connections: int) -> Engine:
    writes = connections == 1

    def opened() -> Any:
        connection = connect(path, mode, patience_s, _tidy())
        connection.execute(f"PRAGMA cache_size=-{tuning.cache_kib}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")
            return connection
        _wal(connection, patience_s)
        for pragma in ("synchronous=FULL", "journal_size_limit=67108864"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute(f"PRAGMA wal_autocheckpoint={tuning.autocheckpoint}").fetchall()
        return connection

    return create_engine(
        f"sqlite:///{path}",
        module=driver(),
        creator=opened,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience_s,
    )


_READ_ONLY = "cannot be opened or written: the file, its folder or its file system is read-only or closed to this user"
_LOCKED = "is locked by another program; try again, and look for one that keeps it open for writing"
_WORDS = {
    5: _LOCKED,
    6: _LOCKED,
    8: _READ_ONLY,
    10: "could not be read or written by the system; look at the disk",
    11: "is damaged; restore the last backup (`supervisor store backup` made it), then import again what came after",
    13: "could not grow: the disk is full; nothing stored is lost, make room and try again",
    14: _READ_ONLY,  # neither can the -wal and -shm files be made
    26: "is not a store of this program (not a database); name another file with --store",
}


def in_words(error: BaseException) -> str | None:
    """Return what a driver's error means for the store, as the end of a sentence; None: it is no fault of the store."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _WORDS.get(code & 0xFF)
