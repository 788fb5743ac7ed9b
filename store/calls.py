"""Legs, calls, revisions and tallies: tables and the queries over them.

A leg is kept as its source reported it; a call is derived from all legs of one group by the rule the caller passes in; tallies
are sums over calls and legs a phone identity a day. All three are written in one transaction with the source's cursor.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger
from sqlmodel import Field, SQLModel, UniqueConstraint


def _moment(nullable: bool = True) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class LegRow(SQLModel, table=True):
    """One row a source reported, keyed by (source, leg id). `day` is the floor's local day of `started_us`; `number` the
    customer's in E.164 where it can be told."""

    __tablename__ = "leg"
    __table_args__ = (
        UniqueConstraint("source_id", "leg_id"),
        Index("ix_leg_group", "source_id", "group_id"),
        Index("ix_leg_identity_day", "identity_id", "day"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    leg_id: str
    group_id: str
    identity_id: int | None = Field(default=None, foreign_key="phone_identity.id")
    day: int
    direction: str
    from_raw: str
    to_raw: str
    number: str | None = None
    started_us: int = Field(sa_column=_moment(nullable=False))
    ringing_us: int | None = Field(default=None, sa_column=_moment())
    answered_us: int | None = Field(default=None, sa_column=_moment())
    ended_us: int | None = Field(default=None, sa_column=_moment())
    talk_ms: int | None = None
    ring_ms: int | None = None
    hold_ms: int | None = None
    outcome: str
    progress: int = Field(sa_column=Column(SmallInteger, nullable=False))
    parent_id: str | None = None
    queue: str | None = None
    line: str | None = None
    recording: str | None = None
    ambiguous: bool = False
    approximate: bool = False
    raw: str = ""
    raw_hash: int = Field(sa_column=Column(BigInteger, nullable=False))


class CallRow(SQLModel, table=True):
    """All legs of one group. `dial`, `connected`, `effective` are 0/1 as the rule of duties.calls says; a tally is their sum."""

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("source_id", "group_id"),
        Index("ix_call_identity_day", "identity_id", "day", "dial", "connected", "effective", "ended_us"),
        Index("ix_call_number_day", "number", "day"),
        Index("ix_call_day", "day", "started_us"),
        Index("ix_call_line", "source_id", "line", "started_us"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    group_id: str
    identity_id: int | None = Field(default=None, foreign_key="phone_identity.id")
    day: int
    direction: str
    number: str | None = None
    number_raw: str = ""
    started_us: int = Field(sa_column=_moment(nullable=False))
    answered_us: int | None = Field(default=None, sa_column=_moment())
    ended_us: int | None = Field(default=None, sa_column=_moment())
    talk_ms: int | None = None
    outcome: str
    progress: int = Field(sa_column=Column(SmallInteger, nullable=False))
    dial: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    connected: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    effective: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    legs: int = 1
    line: str | None = None
    approximate: bool = False


class Tally(SQLModel, table=True):
    """Sums a phone identity a day. Rebuilt by `recount`; `hour` pictures come from calls, not from here."""

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_day", "day"),)
    identity_id: int = Field(foreign_key="phone_identity.id", primary_key=True)
    day: int = Field(primary_key=True)
    dials: int = 0
    connected: int = 0
    effective: int = 0
    talk_ms: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    calls: int = 0
    last_call_us: int | None = Field(default=None, sa_column=_moment())


class Revision(SQLModel, table=True):
    """What a leg said before its source said otherwise. Append-only."""

    __tablename__ = "revision"
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    leg_id: str = Field(index=True)
    at_us: int = Field(sa_column=_moment(nullable=False))
    before: str
