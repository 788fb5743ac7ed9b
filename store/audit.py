"""What people decided about discrepancies of a day, and days that were signed off.

Moments are microseconds since 1970-01-01 UTC, days YYYYMMDD.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint


def _big(nullable: bool = True) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class AuditDecision(SQLModel, table=True):
    """What was decided about one discrepancy of a day: `item` is its id in the audit ("call:SOURCE:GROUP", "log:ID"),
    `class_` its class then, `state` accepted, corrected or flagged, `why` in words. The newest that was not taken back
    holds."""

    __tablename__ = "audit_decision"
    __table_args__ = (Index("ix_audit_decision_day", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    day: int
    item: str
    class_: str
    state: str
    why: str = ""
    who: str
    at_us: int = Field(sa_column=_big(False))
    flag_id: int | None = Field(default=None, foreign_key="flag.id")
    withdrawn_us: int | None = Field(default=None, sa_column=_big())


class SealedDay(SQLModel, table=True):
    """A day that a named person signed with a sentence. `content`: the audit then, as canonical JSON; `hash`: SHA-256
    (hex) over `previous`, day, who, sentence, moment and content; `previous`: the hash of the one sealed before, "" for
    the first. Append-only; a day signed again is another row."""

    __tablename__ = "sealed_day"
    __table_args__ = (UniqueConstraint("previous"), Index("ix_sealed_day_day", "day"))
    id: int | None = Field(default=None, primary_key=True)
    day: int
    at_us: int = Field(sa_column=_big(False))
    who: str
    sentence: str
    content: str
    previous: str
    hash: str
