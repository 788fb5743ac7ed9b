"""Looks whether a store is well. Each finding says ok, or what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, inspect

from store import StoreError, sqlite
from store.engine import Store, revision
from store.migrations import HEAD
from store.place import MOUNTS, file_system_of

LARGE_WAL = 256 << 20
LITTLE_DISK, VERY_LITTLE_DISK = 1 << 30, 64 << 20


class Line(NamedTuple):
    """What was looked at; `ok`, `warn` or `fail`; what was found, and what to do where it is not ok."""

    subject: str
    level: str
    detail: str


def state(store: Store) -> Iterator[Line]:
    """Look at what can be told at once: place, schema, permissions, disk, WAL."""
    try:
        found = revision(store)
    except StoreError as error:
        yield Line("schema", "fail", str(error))
        return
    if found == HEAD:
        yield Line("schema", "ok", f"{found}, as this program needs")
    elif found is None or found < HEAD:
        yield Line("schema", "fail", f"{found or 'none'}, this program needs {HEAD}; run `supervisor store upgrade`")
    else:
        yield Line("schema", "fail", f"{found} is newer than this program's {HEAD}; install the newer version")
    if store.place.path:
        yield from _file(store.place.path)
    else:
        yield from _server(store)


def contents(store: Store) -> Iterator[Line]:
    """Read everything: damage, references that lead nowhere, tallies against the ledger. Takes seconds a GB."""
    try:
        if store.place.path:
            yield from _sqlite(store)
        else:
            yield from _readable(store)
        with store.read() as connection:
            yield from _tallies(connection)
    except StoreError as error:
        yield Line("contents", "fail", str(error))


def _file(path: Path) -> Iterator[Line]:
    kind = file_system_of(path, MOUNTS.read_text(errors="replace")) if MOUNTS.exists() else None
    version = ".".join(map(str, sqlite.driver().sqlite_version_info))
    yield Line("place", "ok", f"{path} (SQLite {version}" + (f", {kind})" if kind else ")"))
    yield _permissions(path)
    yield _disk(path)
    wal = Path(f"{path}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > LARGE_WAL:
        yield Line("WAL", "warn", f"{size >> 20} MiB: a program keeps an old reading open; end consoles that hang")
    else:
        yield Line("WAL", "ok", f"{size / (1 << 20):.1f} MiB")


def _permissions(path: Path) -> Line:
    if not os.access(path, os.W_OK, effective_ids=True) or not os.access(path.parent, os.W_OK, effective_ids=True):
        return Line("permissions", "warn", "read-only for this user: the console shows, but nothing can be recorded")
    mode, folder = path.stat().st_mode, path.parent.stat().st_mode
    if mode & 0o007:
        return Line("permissions", "warn", f"everyone on this machine may open customers' data; run: chmod o= {path}")
    if folder & 0o2020 == 0o2020 and mode & 0o060 != 0o060:
        return Line(
            "permissions", "warn", f"the folder is shared with a group but the store is not; run: chmod g+rw {path}"
        )
    return Line("permissions", "ok", "shared with the folder's group" if mode & 0o060 else "its owner's alone")


def _disk(path: Path) -> Line:
    free = shutil.disk_usage(path.parent).free
    level = "fail" if free < VERY_LITTLE_DISK else "warn" if free < LITTLE_DISK else "ok"
    return Line("disk", level, f"{free / (1 << 30):.1f} GiB free" + ("" if level == "ok" else "; make room"))


def _server(store: Store) -> Iterator[Line]:
    with store.read() as connection:
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        waiting = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state = 'idle in transaction' AND xact_start < now() - interval '1 minute'"
        ).scalar_one()
        writable = connection.exec_driver_sql(
            "SELECT has_table_privilege(to_regclass('leg'), 'INSERT') AND NOT pg_is_in_recovery()"
        ).scalar()
    yield Line("place", "ok", f"{store.place.shown} (PostgreSQL {version})")
    if writable is False:
        yield Line("permissions", "warn", "read-only for this user or a standby: nothing can be recorded")
    if waiting:
        yield Line(
            "transactions", "warn", f"{waiting} left open for more than a minute; end the programs that hold them"
        )


def _sqlite(store: Store) -> Iterator[Line]:
    with store.read() as connection:
        damage = [found for (found,) in connection.exec_driver_sql("PRAGMA integrity_check(5)").all() if found != "ok"]
        astray = {str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check").all()}
    if damage:
        yield Line(
            "contents",
            "fail",
            f"damaged ({'; '.join(damage)}); restore the last backup and import again what came after",
        )
    else:
        yield Line("contents", "ok", "every page read, no damage found")
    if astray:
        yield Line(
            "references",
            "fail",
            f"{', '.join(sorted(astray))} refer to rows that are not there",
        )
    else:
        yield Line("references", "ok", "all found")


def _readable(store: Store) -> Iterator[Line]:
    """PostgreSQL keeps references itself; damage shows when rows are read."""
    with store.read() as connection:
        tables = inspect(connection).get_table_names()
        rows = sum(connection.exec_driver_sql(f'SELECT count(t) FROM "{table}" t').scalar_one() for table in tables)
    yield Line("contents", "ok", f"{rows} rows in {len(tables)} tables read")


def _tallies(connection: Connection) -> Iterator[Line]:
    """A hint, cheap enough for each day; `supervisor store recount` compares each number."""
    kept = connection.exec_driver_sql("SELECT sum(dials), sum(connected), sum(effective) FROM tally").one()
    ledger = connection.exec_driver_sql(
        "SELECT sum(dial), sum(connected), sum(effective) FROM call WHERE identity_id IS NOT NULL"
    ).one()
    if [int(value or 0) for value in kept] == [int(value or 0) for value in ledger]:
        yield Line("tallies", "ok", f"{int(kept[0] or 0)} dials, as the calls say")
    else:
        yield Line(
            "tallies",
            "fail",
            f"{kept[0] or 0} dials kept, the calls say {ledger[0] or 0}; run `supervisor store recount`",
        )
