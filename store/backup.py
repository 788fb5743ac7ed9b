"""Copies a store while it is in use, and proves by the rows of every table that the copy is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect

from store import StoreError, postgresql, sqlite
from store.engine import Store


def backup(store: Store, target: Path) -> dict[str, int]:
    """Copy the store as it is at one moment to the new file `target`; return the rows of each table.

    SQLite: a SQLite file, copied in one step. PostgreSQL: an archive for pg_restore, made by pg_dump. StoreError where
    `target` exists, cannot be written, or does not hold the very rows of the store; nothing is left behind then.
    """
    with _new_file(target) as unfinished, store.read() as connection:
        rows = _rows(connection)
        copied = _sqlite(connection, unfinished) if store.place.path else _postgresql(connection, store, unfinished)
        wrong = [
            f"{table} ({copied.get(table, 0)} of {count} rows)"
            for table, count in rows.items()
            if copied.get(table, 0) != count
        ]
        if wrong:
            raise StoreError(
                f"the backup of {store.place.shown} is not whole: {', '.join(wrong)}; look at the disks and try again"
            )
    return rows


@contextlib.contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """Give a file beside `target` that only its owner can read; it gets its name when finished and on the disk."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        if os.path.lexists(target):
            raise StoreError(f"{target} exists and is not overwritten; name another file for the backup")
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        os.link(unfinished, target)  # unlike a rename it never replaces what another made meanwhile
    except FileExistsError as error:
        raise StoreError(
            f"{error.filename2 or error.filename} exists and is not overwritten; name another file for the backup"
        ) from error
    except OSError as error:
        raise StoreError(f"the backup {target} cannot be written: {error.strerror}; choose another place") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _rows(connection: Connection) -> dict[str, int]:
    tables = sorted(inspect(connection).get_table_names())
    return {table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one() for table in tables}


def _sqlite(connection: Connection, target: Path) -> dict[str, int]:
    driver = sqlite.driver()
    try:
        with contextlib.closing(driver.connect(target, isolation_level=None)) as copy:
            connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]  # within the reader's moment
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, readable on read-only media too
            problems = [found for (found,) in copy.execute("PRAGMA integrity_check(3)") if found != "ok"]
            if problems:
                raise StoreError(f"the store is damaged, so that its backup is too: {'; '.join(problems)}")
            tables = [
                name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            ]
            return {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0] for table in tables}
    except driver.Error as error:
        raise StoreError(f"the backup {sqlite.in_words(error) or f'failed: {error}'}") from error


def _postgresql(connection: Connection, store: Store, target: Path) -> dict[str, int]:
    from psycopg import conninfo

    missing = [tool for tool in ("pg_dump", "pg_restore") if not shutil.which(tool)]
    if missing:
        raise StoreError(
            f"{missing[0]} is needed to back up {store.place.shown} and is not installed here; install PostgreSQL's "
            "client programs (Debian: postgresql-client), or back up on the server"
        )
    where = conninfo.conninfo_to_dict(postgresql.plain(store.place.url))
    secret = {"PGPASSWORD": str(where.pop("password"))} if "password" in where else {}  # never on a command line
    moment = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    dump = [
        "pg_dump",
        "--format=custom",
        f"--snapshot={moment}",
        f"--file={target}",
        f"--dbname={conninfo.make_conninfo('', **where)}",
    ]
    done = subprocess.run(dump, env={**os.environ, **secret}, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise StoreError(f"the backup of {store.place.shown} failed: {' '.join(done.stderr.split())[:500]}")
    return _rows_of_archive(target)


def _rows_of_archive(archive: Path) -> dict[str, int]:
    """Count the rows of each table by reading the archive to its end, as a restore would."""
    rows: Counter[str] = Counter()
    table = None
    with subprocess.Popen(
        ["pg_restore", "--data-only", "--file=-", archive], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as read:
        assert read.stdout is not None
        for line in read.stdout:
            if table is None and line.startswith(b"COPY "):
                table = line.split(b" ", 2)[1].rpartition(b".")[2].decode().strip('"')
            elif line == b"\\.\n":
                table = None
            elif table is not None:
                rows[table] += 1
    if read.returncode:
        raise StoreError(f"the backup {archive} cannot be read back; look at the disks and try again")
    return dict(rows)
