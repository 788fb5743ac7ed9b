"""The floor of an import: rows that are ready, upserted by the bare driver in one transaction. For `bench.importing`.

`python -m bench.bare ready STORE ROWS WHAT` writes what an import of WHAT (calls, customers) made of STORE to ROWS:
batches of (statement, rows) by marshal. `insert ROWS STORE` reads them one at a time into STORE, the store that the
import began with, with its schema and all its indexes.
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
    ("waiting_call", ("source_id", "group_id")),
    ("contact", ()),
    ("contact_histogram", ("contacts",)),
)
"""What an import of calls writes, and the key each row is known by; without one, rows are only ever added."""

COUNTERS = ("contacts", "last_us", "last_day", "on_last_day")
"""What an import of calls writes on customers."""

CUSTOMERS = (
    ("customer", ("id",)),
    ("customer_number", ("customer_id", "number")),
    ("customer_person", ("customer_id", "name")),
    ("contact_histogram", ("contacts",)),
)
"""What an import of customers writes."""

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
    upsert = f" ON CONFLICT ({', '.join(key)}) DO {f'UPDATE SET {rest}' if rest else 'NOTHING'}" if key else ""
    return (
        f"SELECT {columns} FROM {table} ORDER BY rowid",
        f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))}){upsert}",
    )


def counters() -> tuple[str, str]:
    """Return what reads the counters of customers that have contacts, and what writes them."""
    columns = ", ".join(COUNTERS)
    places = ", ".join(f"{name} = ?" for name in COUNTERS)
    return f"SELECT {columns}, id FROM customer WHERE last_us > 0", f"UPDATE customer SET {places} WHERE id = ?"


def ready(store: Path, rows: Path, what: str) -> None:
    """Write what `store` holds to the file `rows`, as batches ready to be upserted."""
    with contextlib.closing(sqlite.connect(store)) as connection, rows.open("wb") as file:
        tables = {"calls": TABLES, "customers": CUSTOMERS}[what]
        pairs = [statements(connection, table, key) for table, key in tables]
        for read, write in [*pairs, counters()] if what == "calls" else pairs:
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
    if sys.argv[1] == "ready":
        ready(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    else:
        insert(Path(sys.argv[2]), Path(sys.argv[3]))
