"""The floor of an import: rows that are ready, upserted by the bare driver in one transaction. For `bench.importing`.

`python -m bench.bare ready STORE ROWS` writes what an import made of STORE to ROWS: batches of (statement, rows) by
marshal. `insert ROWS STORE` reads them one at a time into STORE, an empty store with its schema and all its indexes.
"""

from __future__ import annotations

import contextlib
import marshal
import sys
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

TABLES = (
    ("source", ("id",)),
    ("phone_identity", ("id",)),
    ("leg", ("source_id", "leg_id")),
    ("call", ("source_id", "group_id")),
    ("tally", ("identity_id", "day")),
)
"""What an import writes, and the key each row is known by."""

AT_ONCE = 10_000
PRAGMAS = (
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    "journal_size_limit=67108864",
    "cache_size=-32768",
    "wal_autocheckpoint=50000",
)
"""Those of an import: store.sqlite."""


def statements(connection: sqlite.Connection, table: str, key: tuple[str, ...]) -> tuple[str, str]:
    """Return what reads all rows of `table`, less an id that means nothing, and what upserts them."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id" or "id" in key]
    columns = ", ".join(f'"{name}"' for name in names)
    rest = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
    return (
        f"SELECT {columns} FROM {table} ORDER BY rowid",
        f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {rest}",
    )


def ready(store: Path, rows: Path) -> None:
    """Write what `store` holds to the file `rows`, as batches ready to be upserted."""
    with contextlib.closing(sqlite.connect(store)) as connection, rows.open("wb") as file:
        for table, key in TABLES:
            read, write = statements(connection, table, key)
            cursor = connection.execute(read)
            while batch := cursor.fetchmany(AT_ONCE):
                marshal.dump((write, batch), file)


def insert(rows: Path, store: Path) -> None:
    """Upsert the batches of `rows` into `store` in one transaction."""
    with contextlib.closing(sqlite.connect(store, isolation_level=None)) as connection, rows.open("rb") as file:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        with contextlib.suppress(EOFError):
            while True:
                statement, batch = marshal.load(file)
                connection.executemany(statement, batch)
        connection.execute("COMMIT")


if __name__ == "__main__":
    {"ready": ready, "insert": insert}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
