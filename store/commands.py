"""Acts on phones that consoles ask for and the collector carries out once."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel


class CommandRow(SQLModel, table=True):
    """Who asked for what, on whose phone, until when, and what came of it.

    `state`: waiting -> taken (by one collector) -> done | failed; waiting -> expired; taken by a collector that died -> failed,
    never replayed."""

    __tablename__ = "command"
    __table_args__ = (Index("ix_command_waiting", "state", "source_id"),)
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    action: str
    agent: str
    phone: str | None = None
    number: str | None = None
    group_id: str | None = None
    who: str
    asked_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    expires_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    state: str = "waiting"
    taken_by: str | None = None
    answered_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    answer: str = ""
