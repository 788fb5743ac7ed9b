"""Sources with their cursors and heartbeat: tables and the queries over them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Table, and_, case, insert, update
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


def set_up(connection: Connection, source_id: int, at_us: int) -> None:
    """Note that the source is up since `at_us`; where it was up already, only that it was heard of."""
    _turn(connection, source_id, True, at_us, "")


def set_down(connection: Connection, source_id: int, at_us: int, detail: str) -> None:
    """Note that the source is down since `at_us`, and why; where it was down already, only the newest why."""
    _turn(connection, source_id, False, at_us, detail)


def _turn(connection: Connection, source_id: int, up: bool, at_us: int, detail: str) -> None:
    connection.execute(
        update(_TABLE)
        .where(_COLUMN.id == source_id)
        .values(
            since_us=case((and_(_COLUMN.up == up, _COLUMN.since_us.is_not(None)), _COLUMN.since_us), else_=at_us),
            seen_us=at_us if up else _COLUMN.seen_us,
            up=up,
            detail=detail,
        )
    )


def heard(connection: Connection, source_id: int, at_us: int) -> None:
    """Note that the source told something at `at_us`."""
    driver.run(connection, "UPDATE source SET seen_us = ?, event_us = ? WHERE id = ?", (at_us, at_us, source_id))


def alive(connection: Connection, source_id: int, at_us: int) -> None:
    """Note that the source's collector is at work at `at_us`, though nothing may happen."""
    driver.run(connection, "UPDATE source SET seen_us = ? WHERE id = ?", (at_us, source_id))
