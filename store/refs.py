"""Ids and references of rows that are about to be written."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from sqlalchemy import Connection

from store import driver

_SHAPES = {"customer": "C{:06}", "sales_order": "O-{}", "payment": "P-{}", "enquiry": "E-{}"}
"""How references look that are made here, by table, made of the id."""

_OWN = re.compile(r"(?:C\d{6,}|[OP]-\d+)(?:-\d+)?\Z")


def is_own(ref: str) -> bool:
    """Whether a reference looks as those do that are made here: not one that people gave."""
    return _OWN.match(ref) is not None


def new_ids(connection: Connection, table: str, many: int) -> list[int]:
    """Return ids for `many` new rows of `table`."""
    if driver.is_sqlite(connection):
        ((last,),) = driver.rows(connection, f"SELECT coalesce(max(id), 0) FROM {table}")
        return list(range(last + 1, last + 1 + many))
    found = driver.rows(
        connection, f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, ?)", (many,)
    )
    return [id_ for (id_,) in found]


def new_refs(connection: Connection, table: str, ids: Sequence[int], without: Container[str]) -> list[str]:
    """Return a reference for each of the new rows `ids` of `table`: none that is there, or in `without`."""
    refs = [_SHAPES[table].format(id_) for id_ in ids]
    for attempt in range(2, 1_000):
        taken = {
            ref
            for (ref,) in driver.rows(
                connection,
                f"SELECT ref FROM {table} WHERE ref IN {driver.any_of(connection, 'text')}",
                (driver.given(connection, refs),),
            )
        }
        clash = [place for place, ref in enumerate(refs) if ref in taken or ref in without]
        if not clash:
            break
        for place in clash:
            refs[place] = f"{_SHAPES[table].format(ids[place])}-{attempt}"
    return refs
