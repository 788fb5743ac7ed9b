"""Sources with their cursors and heartbeat: tables and the queries over them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class Source(SQLModel, table=True):
    """One configured telephony system. `cursor` is the provider's own; `seen_us` the last moment its collector was heard of,
    `event_us` the moment of its last record. `up` and `since_us`: down since when, and `detail` why."""

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
