"""The driver's own cursor inside a transaction of SQLAlchemy, for the paths on which a statement's overhead counts.

Statements are written with `?`. Sets of values go in as one parameter (`any_of`), so their size never meets a limit.
Every cursor is read to its end; errors are those of SQLAlchemy, as everywhere in the store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Row = tuple[Any, ...]


def is_sqlite(connection: Connection) -> bool:
    """Whether the store is a SQLite file."""
    return connection.dialect.name == "sqlite"


def any_of(connection: Connection, kind: str) -> str:
    """Return SQL for `IN` that reads a set of `kind` (bigint, text) from one parameter made by `given`."""
    return "(SELECT value FROM json_each(?))" if is_sqlite(connection) else f"(SELECT unnest(CAST(? AS {kind}[])))"


def given(connection: Connection, values: Iterable[Any]) -> Any:
    """Return the parameter for `any_of`."""
    return json.dumps(list(values)) if is_sqlite(connection) else list(values)


def rows(connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Run `sql` and return all its rows."""

    def work(driver: Any) -> list[Row]:
        cursor = driver.execute(_spelled(sql, is_sqlite(connection)), parameters)
        found: list[Row] = cursor.fetchall()
        cursor.close()
        return found

    return _told(connection, sql, work)


def run(connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run `sql`; return how many rows it changed."""

    def work(driver: Any) -> int:
        cursor = driver.execute(_spelled(sql, is_sqlite(connection)), parameters)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    return _told(connection, sql, work)


def many(connection: Connection, sql: str, parameters: Iterable[Sequence[Any]]) -> int:
    """Run `sql` once for each of `parameters`; return how many rows were changed."""

    def work(driver: Any) -> int:
        cursor = driver.cursor()
        cursor.executemany(_spelled(sql, is_sqlite(connection)), parameters)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    return _told(connection, sql, work)


def insert(connection: Connection, table: str, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Insert rows that are known to be new."""
    names = ", ".join(columns)
    if is_sqlite(connection) or len(values) < 50:
        many(connection, f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", values)
        return
    sql = f"COPY {table} ({names}) FROM STDIN"

    def work(driver: Any) -> None:
        with driver.cursor() as cursor, cursor.copy(sql) as copy:
            for row in values:
                copy.write_row(row)

    _told(connection, sql, work)


@cache
def _spelled(sql: str, sqlite: bool) -> str:
    return sql if sqlite else sql.replace("?", "%s")


def _told(connection: Connection, sql: str, work: Callable[[Any], T]) -> T:
    driver = connection.connection.driver_connection
    try:
        return work(driver)
    except connection.dialect.loaded_dbapi.Error as error:
        told = DBAPIError.instance(sql, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True)
        raise told from error
