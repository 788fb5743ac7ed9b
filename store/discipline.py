"""Observed breaches of discipline and merits: flags with their trace, fines and rewards, talks, what was evaluated.

Moments are microseconds since 1970-01-01 UTC, days YYYYMMDD, money whole hundredths (cents) of the floor's currency.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger, column
from sqlmodel import Field, SQLModel, UniqueConstraint


def _big(nullable: bool = True) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class Flag(SQLModel, table=True):
    """One observed breach (`kind` flag) or merit. `whose`: "specialist:12", or "phone:5" for an unknown phone identity;
    `subject` tells flags of one rule, one person and one day apart, so that finding the same thing again is known.

    `at_us`: when it happened; `severity` 1..3; `evidence`, `excuses`: JSON, see duties.discipline. `raised_by`: ""
    where a rule raised it. `state`: open, explained, decided, withdrawn. `decision`: dismissed, talked, warned, fined,
    rewarded; `points` count from `decided_day` on until they expire."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("rule", "whose", "day", "subject"),
        Index("ix_flag_state", "state", "at_us"),
        Index("ix_flag_day", "day"),
        Index("ix_flag_specialist", "specialist_id", "day"),
        Index(
            "ix_flag_waiting", "at_us",
            sqlite_where=column("state").in_(("open", "explained")),
            postgresql_where=column("state").in_(("open", "explained")),
        ),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    rule: str
    kind: str = "flag"
    whose: str
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    identity_id: int | None = Field(default=None, foreign_key="phone_identity.id")
    day: int
    at_us: int = Field(sa_column=_big(False))
    subject: str = ""
    severity: int = Field(sa_column=Column(SmallInteger, nullable=False))
    evidence: str
    excuses: str = "[]"
    state: str
    raised_us: int = Field(sa_column=_big(False))
    raised_by: str = ""
    reply: str = ""
    replied_us: int | None = Field(default=None, sa_column=_big())
    decision: str = ""
    decided_us: int | None = Field(default=None, sa_column=_big())
    decided_day: int | None = None
    decided_by: str = ""
    why: str = ""
    points: int = 0
    version: int = 1


class FlagEvent(SQLModel, table=True):
    """What became of a flag, when, and by whom ("": a rule). Append-only. `what`: raised, changed, withdrawn, raised
    again, explained, decided, taken back; `detail` in words."""

    __tablename__ = "flag_event"
    __table_args__ = (Index("ix_flag_event_flag", "flag_id"),)
    id: int | None = Field(default=None, primary_key=True)
    flag_id: int = Field(foreign_key="flag.id")
    at_us: int = Field(sa_column=_big(False))
    who: str = ""
    what: str
    detail: str = ""


class Money(SQLModel, table=True):
    """A fine or a reward (`kind`) of a specialist. `flag_id`: for which flag; None: for `month` (YYYYMM), by the rule
    of missing effective calls. `withdrawn_us`: taken back."""

    __tablename__ = "money"
    __table_args__ = (Index("ix_money_specialist", "specialist_id", "day"), Index("ix_money_month", "month"))
    id: int | None = Field(default=None, primary_key=True)
    flag_id: int | None = Field(default=None, foreign_key="flag.id")
    specialist_id: int = Field(foreign_key="specialist.id")
    day: int
    month: int | None = None
    kind: str
    amount_cents: int = Field(sa_column=_big(False))
    why: str
    who: str
    entered_us: int = Field(sa_column=_big(False))
    withdrawn_us: int | None = Field(default=None, sa_column=_big())


class Talk(SQLModel, table=True):
    """A talk with a specialist, private to directors. `kind`: encouragement, doubt, other."""

    __tablename__ = "talk"
    __table_args__ = (Index("ix_talk_specialist", "specialist_id", "at_us"),)
    id: int | None = Field(default=None, primary_key=True)
    specialist_id: int = Field(foreign_key="specialist.id")
    day: int
    at_us: int = Field(sa_column=_big(False))
    who: str
    kind: str
    note: str
    withdrawn_us: int | None = Field(default=None, sa_column=_big())


class EvaluatedDay(SQLModel, table=True):
    """A day whose rules were evaluated, when, and from what (`stamp`: another one means that it is to be done anew)."""

    __tablename__ = "evaluated_day"
    day: int = Field(primary_key=True)
    stamp: str
    at_us: int = Field(sa_column=_big(False))


class Outage(SQLModel, table=True):
    """A time during which nothing was heard of a source (`until_us` None: still), and why."""

    __tablename__ = "outage"
    __table_args__ = (Index("ix_outage_source", "source_id", "from_us"),)
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    from_us: int = Field(sa_column=_big(False))
    until_us: int | None = Field(default=None, sa_column=_big())
    why: str = ""
