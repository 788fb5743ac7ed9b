"""What is kept of calls: the tables, and the plain values that are written into them.

A leg is kept as its source reported it; a call is derived from all legs of one group by a rule the caller brings; a
tally is a sum over calls and legs a phone identity a day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Index, SmallInteger, column
from sqlmodel import Field, SQLModel, UniqueConstraint

ENDED = 3
"""The progress of a leg that is over; see integrations.provider.Progress."""


def _moment(nullable: bool = True) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class LegRow(SQLModel, table=True):
    """One row a source reported, keyed by (source, leg id). `day` is the floor's local day of `started_us`; `number`
    the customer's in E.164 where it can be told. `completed_by`: of a live leg whose end was not seen, the leg id
    of the approximate record that told it, "" where none did; None for every leg that is as its own record says."""

    __tablename__ = "leg"
    __table_args__ = (
        UniqueConstraint("source_id", "leg_id"),
        Index("ix_leg_group", "source_id", "group_id"),
        Index("ix_leg_identity_day", "identity_id", "day", "direction", "talk_ms"),
        Index(
            "ix_leg_line", "source_id", "line", "started_us",
            sqlite_where=column("line").is_not(None), postgresql_where=column("line").is_not(None),
        ),
        Index(
            "ix_leg_open", "source_id", "progress",
            sqlite_where=column("progress") < ENDED, postgresql_where=column("progress") < ENDED,
        ),
    )  # fmt: skip
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
    talk_ms: int | None = Field(default=None, sa_column=_moment())
    ring_ms: int | None = Field(default=None, sa_column=_moment())
    hold_ms: int | None = Field(default=None, sa_column=_moment())
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
    completed_by: str | None = None


class CallRow(SQLModel, table=True):
    """All legs of one group. `dial`, `connected`, `effective` are 0/1 as the rule of duties.calls says."""

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("source_id", "group_id"),
        Index("ix_call_identity_day", "identity_id", "day", "dial", "connected", "effective", "ended_us"),
        Index("ix_call_number_day", "number", "day"),
        Index("ix_call_day", "day", "started_us"),
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
    talk_ms: int | None = Field(default=None, sa_column=_moment())
    outcome: str
    progress: int = Field(sa_column=Column(SmallInteger, nullable=False))
    dial: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    connected: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    effective: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    legs: int = 1
    line: str | None = None
    approximate: bool = False


class Tally(SQLModel, table=True):
    """Sums a phone identity a day; `talk_ms` of outbound and inbound legs, `last_call_us` when the last call ended."""

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
    """What a leg said before its source said otherwise, as JSON. Append-only."""

    __tablename__ = "revision"
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    leg_id: str = Field(index=True)
    at_us: int = Field(sa_column=_moment(nullable=False))
    before: str


class LegValues(NamedTuple):
    """A leg as it is stored: times in microseconds UTC, durations in milliseconds (None: unknown), `day` YYYYMMDD.

    `agent` is the specialist's phone as the source names it; the store makes its identity. `raw_hash` is the same for
    the same record, and another for an edited one.
    """

    leg_id: str
    group_id: str
    agent: str | None
    day: int
    direction: str
    from_raw: str
    to_raw: str
    number: str | None
    started_us: int
    ringing_us: int | None
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None
    ring_ms: int | None
    hold_ms: int | None
    outcome: str
    progress: int
    parent_id: str | None
    queue: str | None
    line: str | None
    recording: str | None
    ambiguous: bool
    approximate: bool
    raw: str
    raw_hash: int
    completed_by: str | None = None


class CallValues(NamedTuple):
    """A call as it is derived from its legs: `agent` is whose call it is (None: nobody's), `dial`, `connected` and
    `effective` are 0 or 1, `legs` their number, `talk_ms` None where no leg tells it."""

    group_id: str
    agent: str | None
    day: int
    direction: str
    number: str | None
    number_raw: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None
    outcome: str
    progress: int
    dial: int
    connected: int
    effective: int
    legs: int
    line: str | None
    approximate: bool


class Counts(NamedTuple):
    """What came of a batch of records; the sum is their number."""

    new: int = 0
    changed: int = 0
    known: int = 0


LEG_COLUMNS = tuple("identity_id" if name == "agent" else name for name in LegValues._fields)
CALL_COLUMNS = tuple("identity_id" if name == "agent" else name for name in CallValues._fields)
AGENT_OF_LEG = LegValues._fields.index("agent")
AGENT_OF_CALL = CallValues._fields.index("agent")

Row = tuple[Any, ...]
