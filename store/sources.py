"""Sources with their cursors and heartbeat: tables and the queries over them.

When nothing is heard of a source, an outage is kept (store.discipline.Outage): what nobody could see is held against
nobody. While a source is up, telling so costs one small statement and writes no outage.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Table, insert
from sqlmodel import Field, SQLModel

from store import driver


class Source(SQLModel, table=True):
    """One configured telephony system. `cursor` is the provider's own; `seen_us` the last moment it was heard
    of, `event_us` the moment of its last record. `up`, `since_us`: down since when, and `detail` why."""

    __tablename__ = "source"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    type: str = ""
    cursor: str | None = None
    up: bool = False
    since_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    seen_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    event_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    detail: str = ""
    capabilities: str = ""


_TABLE: Table = Source.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_COLUMN = _TABLE.c

SILENT_US = 60_000_000
"""A source that is up and of which nothing was heard for longer was not watched: its collector was killed, or slept."""


def ensure(connection: Connection, name: str, type_: str, capabilities: Sequence[str]) -> int:
    """Return the id of the source `name`; make it, or note its type and capabilities where they are news."""
    can = " ".join(capabilities)
    found = driver.rows(connection, "SELECT id, type, capabilities FROM source WHERE name = ?", (name,))
    if not found:
        made: int = connection.execute(
            insert(_TABLE).values(name=name, type=type_, capabilities=can, up=False, detail="").returning(_COLUMN.id)
        ).scalar_one()
        return made
    ((source_id, *known),) = found
    if known != [type_, can]:
        driver.run(connection, "UPDATE source SET type = ?, capabilities = ? WHERE id = ?", (type_, can, source_id))
    return int(source_id)


def cursor(connection: Connection, source_id: int) -> str | None:
    """Return up to where the source was read, in the provider's own words; None: nothing yet."""
    ((found,),) = driver.rows(connection, "SELECT cursor FROM source WHERE id = ?", (source_id,))
    return None if found is None else str(found)


_STILL_UP = "up AND since_us IS NOT NULL AND seen_us >= ?"
_BEGIN = """
INSERT INTO outage (source_id, from_us, until_us, why)
SELECT id, CASE WHEN since_us IS NULL THEN 0 WHEN seen_us < ? THEN seen_us ELSE CAST(? AS BIGINT) END,
    CAST(? AS BIGINT), ? FROM source
"""
"""From the beginning of time where nothing was ever heard of it; from when it was last heard of where it was silent."""


def set_up(connection: Connection, source_id: int, at_us: int, silent_us: int = SILENT_US) -> None:
    """Note that the source is up since `at_us`; where it was up already, only that it was heard of. An outage ends;
    one that nobody told of, longer than `silent_us`, is kept."""
    heard_us = at_us - silent_us
    if driver.run(
        connection,
        f"UPDATE source SET seen_us = ?, detail = '' WHERE id = ? AND {_STILL_UP}",
        (at_us, source_id, heard_us),
    ):
        return
    _silence(connection, source_id, at_us, heard_us, "since_us IS NULL OR")
    driver.run(
        connection, "UPDATE outage SET until_us = ? WHERE source_id = ? AND until_us IS NULL", (at_us, source_id)
    )
    driver.run(
        connection,
        "UPDATE source SET since_us = CASE WHEN up AND since_us IS NOT NULL THEN since_us ELSE ? END, seen_us = ?, "
        "up = ?, detail = '' WHERE id = ?",
        (at_us, at_us, True, source_id),
    )


def set_down(connection: Connection, source_id: int, at_us: int, detail: str, silent_us: int = SILENT_US) -> None:
    """Note that the source is down since `at_us`, and why; where it was down already, only the newest why. An outage
    begins where it was up, or was never heard of before."""
    driver.run(
        connection,
        f"{_BEGIN} WHERE id = ? AND (up OR since_us IS NULL)",
        (at_us - silent_us, at_us, None, detail, source_id),
    )
    driver.run(
        connection,
        "UPDATE source SET since_us = CASE WHEN NOT up AND since_us IS NOT NULL THEN since_us ELSE ? END, up = ?, "
        "detail = ? WHERE id = ?",
        (at_us, False, detail, source_id),
    )


def heard(connection: Connection, source_id: int, at_us: int, silent_us: int = SILENT_US) -> None:
    """Note that the source told something at `at_us`. An outage that nobody told of is kept, as of `set_up`."""
    values = (at_us, at_us, source_id)
    told = "UPDATE source SET seen_us = ?, event_us = ? WHERE id = ?"
    if not driver.run(connection, f"{told} AND {_STILL_UP}", (*values, at_us - silent_us)):
        _silence(connection, source_id, at_us, at_us - silent_us)
        driver.run(connection, told, values)


def alive(connection: Connection, source_id: int, at_us: int) -> None:
    """Note that the source's collector is at work at `at_us`, though nothing may happen."""
    driver.run(connection, "UPDATE source SET seen_us = ? WHERE id = ?", (at_us, source_id))


def _silence(connection: Connection, source_id: int, at_us: int, heard_us: int, or_where: str = "") -> None:
    """Keep an outage until `at_us` of a source that was up and last heard of before `heard_us`, or that is so."""
    driver.run(
        connection,
        f"{_BEGIN} WHERE id = ? AND ({or_where} (up AND seen_us < ?))",
        (heard_us, at_us, at_us, "", source_id, heard_us),
    )
