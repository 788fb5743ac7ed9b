"""Specialists, teams, phone identities, quotas and attendance: tables and the queries over them.

Days are integers YYYYMMDD in the floor's zone; moments are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel, UniqueConstraint


class Team(SQLModel, table=True):
    """A team of specialists."""

    __tablename__ = "team"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Specialist(SQLModel, table=True):
    """A salesperson who calls customers. `hired` and `left` are days; None: unknown, still here."""

    __tablename__ = "specialist"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    region: str = ""
    hired: int | None = None
    left: int | None = None


class PhoneIdentity(SQLModel, table=True):
    """A phone as a source names it (extension, agent id). Made when first heard of; nothing is thrown away."""

    __tablename__ = "phone_identity"
    __table_args__ = (UniqueConstraint("source_id", "agent"),)
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    agent: str


class Assignment(SQLModel, table=True):
    """Whose phone it is, from `since` (inclusive) until `until` (exclusive; None: still). A phone that passes to a
    colleague leaves its history with the one who called then. An identity without a row for a day is an unknown phone
    identity."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("identity_id", "since"),)
    id: int | None = Field(default=None, primary_key=True)
    identity_id: int = Field(foreign_key="phone_identity.id", index=True)
    specialist_id: int = Field(foreign_key="specialist.id", index=True)
    since: int = 0
    until: int | None = None


class Quota(SQLModel, table=True):
    """What is expected a day from `since` on: of a specialist, else of a team, else of the floor (both None)."""

    __tablename__ = "quota"
    __table_args__ = (UniqueConstraint("team_id", "specialist_id", "since"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    since: int = 0
    dials: int
    effective: int
    talk_minutes: int


class Attendance(SQLModel, table=True):
    """Whether a specialist was there on a day. `start`/`end`: minutes since local midnight where they differ from the
    floor's."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("specialist_id", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    specialist_id: int = Field(foreign_key="specialist.id")
    day: int = Field(index=True)
    status: str
    start: int | None = None
    end: int | None = None


class Journal(SQLModel, table=True):
    """Every act of a person: who, when, what, and what undoes it."""

    __tablename__ = "journal"
    id: int | None = Field(default=None, primary_key=True)
    at_us: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    who: str
    what: str
    detail: str = ""
    undone_us: int | None = Field(default=None, sa_column=Column(BigInteger))
