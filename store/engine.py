"""The store's door: open it, read, write, upgrade.

Readers see one moment of the store and cannot write; writers come one at a time, on SQLite and on PostgreSQL alike, so
that who reads and then writes loses no update. Imported by workers, never on the way to the first painted frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from store import StoreError as StoreError
from store import postgresql, sqlite
from store.migrations import HEAD
from store.place import Place, place_of
from store.sqlite import BULK, LIVE, Tuning

__all__ = [
    "BULK",
    "LIVE",
    "Store",
    "StoreError",
    "Tuning",
    "attach",
    "create_store",
    "open_store",
    "revision",
    "upgrade",
]

PATIENCE_S = 10.0
"""Seconds to wait for another writer. One batch of an import takes one or two."""


@dataclass(frozen=True)
class Store:
    """An open store. Share one between threads; close it when done."""

    place: Place
    patience_s: float
    _writer: Engine = field(repr=False)
    _reader: Engine = field(repr=False)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in the one writing transaction: committed at the end, rolled back where an error is raised.

        StoreError where the store is locked, full, read-only, damaged or gone; nothing of the transaction is kept then.
        """
        with self._told(), self._writer.begin() as connection:
            if self.place.path:
                sqlite.begin(connection, "BEGIN IMMEDIATE")
                yield connection
                return
            connection.exec_driver_sql(postgresql.TAKE_TURN)
            yield connection
            connection.exec_driver_sql(postgresql.TELL)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store and cannot write. Fetch all and leave within 250 ms: an open
        reader keeps the WAL from being reused."""
        with self._told(), self._reader.begin() as connection:
            if self.place.path:
                sqlite.begin(connection, "BEGIN")
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except NoConnection as error:
            shown = self.place.shown
            raise StoreError(
                f"the store {shown} is busy: all connections of this program are in use; try again"
            ) from error
        except Exception as error:
            cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
            words = (sqlite if self.place.path else postgresql).in_words(cause)
            if words is None:
                raise
            raise StoreError(f"the store {self.place.shown} {words}") from error


def attach(url: str, patience_s: float = PATIENCE_S, tuning: Tuning = LIVE) -> Store:
    """Return the store at `url` whatever its schema, for upgrade, check and backup; all others call `open_store`."""
    place = place_of(url)
    if place.path:
        sqlite.look_at(place.path)
        return Store(place, patience_s, *sqlite.engines(place.path, patience_s, tuning))
    return Store(place, patience_s, *postgresql.engines(place.url, patience_s))


def attach_or_create(url: str, patience_s: float = PATIENCE_S, tuning: Tuning = LIVE) -> Store:
    """As `attach`; an empty file is made first where there is none."""
    place = place_of(url)
    if place.path:
        sqlite.create_file(place.path)
    return attach(url, patience_s, tuning)


def open_store(url: str, patience_s: float = PATIENCE_S, tuning: Tuning = LIVE) -> Store:
    """Return the store at `url`: a path, sqlite:///path or postgresql://...

    `patience_s`: seconds to wait for a lock. `tuning`: BULK for an import. StoreError where there is none, where it is
    not a store, or where its schema is older or newer than this program's.
    """
    store = attach(url, patience_s, tuning)
    try:
        _agree(store)
    except BaseException:
        store.close()
        raise
    return store


def create_store(url: str, patience_s: float = PATIENCE_S, tuning: Tuning = LIVE) -> Store:
    """Return the store at `url` as `open_store` does; make it first where it is missing or empty."""
    store = attach_or_create(url, patience_s, tuning)
    try:
        if revision(store) is None:
            upgrade(store)
        _agree(store)
    except BaseException:
        store.close()
        raise
    return store


def revision(store: Store) -> str | None:
    """Return the revision of the store's schema; None: empty. StoreError where it is someone else's database."""
    with store.read() as connection:
        return _revision(connection, store.place)


def _revision(connection: Connection, place: Place) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables and "leg" in tables:
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found
    if tables:
        raise StoreError(f"{place.shown} is a database, but not a store of this program; name another with --store")
    return None


def _agree(store: Store) -> None:
    found = revision(store)
    if found is None:
        raise StoreError(f"the store {store.place.shown} is empty; run `supervisor store upgrade`")
    if found > HEAD:
        raise StoreError(
            f"the store {store.place.shown} was made by a newer version of this program (schema {found}, this one "
            f"knows {HEAD}); install the newer version"
        )
    if found < HEAD:
        raise StoreError(
            f"the store {store.place.shown} has an older schema ({found}, needed {HEAD}); "
            "run `supervisor store upgrade`"
        )


def upgrade(store: Store) -> tuple[str | None, str]:
    """Bring the store's schema to this program's, in one transaction; return the revisions before and after.

    Two at once do no harm: the second finds it done. StoreError where the schema is newer than the program.
    """
    from store.migrations import run

    with store.write() as connection:
        before = _revision(connection, store.place)
        if before is None or before < HEAD:
            run(connection)
    _agree(store)
    return before, HEAD
