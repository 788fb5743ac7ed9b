"""What every phone is doing now, and the append-only events a floor replay reads."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint


class PresenceRow(SQLModel, table=True):
    """One row a phone identity: state, since when, with whom."""

    __tablename__ = "presence"
    identity_id: int = Field(foreign_key="phone_identity.id", primary_key=True)
    state: str
    since_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    with_whom: str | None = None
    direction: str | None = None
    group_id: str | None = None
    channel: str | None = None
    reason: str | None = None


class StateEvent(SQLModel, table=True):
    """One change of state. Append-only; the same change told twice is kept once."""

    __tablename__ = "state_event"
    __table_args__ = (
        UniqueConstraint("identity_id", "at_us", "state"),
        Index("ix_state_event_day", "day", "identity_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    identity_id: int = Field(foreign_key="phone_identity.id")
    day: int
    at_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    state: str
    with_whom: str | None = None
    group_id: str | None = None
