"""What is owed to a customer after a payment: onboardings, their steps, who held each step when; prods and enquiries.

Moments are microseconds since 1970-01-01 UTC, days YYYYMMDD, working time milliseconds.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, column
from sqlmodel import Field, SQLModel, UniqueConstraint


def _big(nullable: bool = True) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class Onboarding(SQLModel, table=True):
    """All steps owed to one customer for one payment. `assistant`: the name of who serves the customer, "" nobody yet;
    `specialist_id`: whose customer it is. `live_us`: all steps done; `stopped_us`, `stopped_why`: ended without that.
    `version` rises with every change, so that of two who change it at once the later one is told."""

    __tablename__ = "onboarding"
    __table_args__ = (
        UniqueConstraint("payment_id"),
        Index("ix_onboarding_customer", "customer_id"),
        Index("ix_onboarding_order", "order_id"),
        Index(
            "ix_onboarding_open", "started_us",
            sqlite_where=column("live_us").is_(None) & column("stopped_us").is_(None),
            postgresql_where=column("live_us").is_(None) & column("stopped_us").is_(None),
        ),
        Index("ix_onboarding_live", "live_us"),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    payment_id: int = Field(foreign_key="payment.id")
    customer_id: int = Field(foreign_key="customer.id")
    order_id: int | None = Field(default=None, foreign_key="sales_order.id")
    package: str = ""
    template: str
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    assistant: str = ""
    started_us: int = Field(sa_column=_big(False))
    live_us: int | None = Field(default=None, sa_column=_big())
    stopped_us: int | None = Field(default=None, sa_column=_big())
    stopped_why: str = ""
    version: int = 1


class OnboardingStep(SQLModel, table=True):
    """One step, as its template was when the onboarding began. `role`: the party that holds it; `holder`: the name of
    who does, "" where the role alone is known; `after`: codes of the steps that must be done before, joined by blanks;
    `approves`: the code of the step whose work this one approves or sends back, ""."""

    __tablename__ = "onboarding_step"
    __table_args__ = (UniqueConstraint("onboarding_id", "code"),)
    id: int | None = Field(default=None, primary_key=True)
    onboarding_id: int = Field(foreign_key="onboarding.id")
    place: int
    code: str
    words: str
    role: str
    holder: str = ""
    work_ms: int = Field(sa_column=_big(False))
    after: str = ""
    approves: str = ""


class StepRun(SQLModel, table=True):
    """A time during which somebody held a step that could be done: its clock runs against them. `round` counts how
    often the step was begun; a step handed to somebody else is another run of the same round. `outcome`: "" runs, done,
    approved, sent_back (with `reason`), reassigned, stopped."""

    __tablename__ = "step_run"
    __table_args__ = (
        Index("ix_step_run_onboarding", "onboarding_id"),
        Index("ix_step_run_step", "step_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    onboarding_id: int = Field(foreign_key="onboarding.id")
    step_id: int = Field(foreign_key="onboarding_step.id")
    round: int
    role: str
    holder: str = ""
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    started_us: int = Field(sa_column=_big(False))
    ended_us: int | None = Field(default=None, sa_column=_big())
    outcome: str = ""
    reason: str = ""
    who: str = ""


class Prod(SQLModel, table=True):
    """A reminder to who holds a step. It stands until its run ends; of a specialist it is marked on the floor."""

    __tablename__ = "prod"
    __table_args__ = (Index("ix_prod_run", "run_id"), Index("ix_prod_onboarding", "onboarding_id"))
    id: int | None = Field(default=None, primary_key=True)
    onboarding_id: int = Field(foreign_key="onboarding.id")
    run_id: int = Field(foreign_key="step_run.id")
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    at_us: int = Field(sa_column=_big(False))
    who: str
    note: str = ""


class Enquiry(SQLModel, table=True):
    """Somebody who asked for something: an assistant answers, and hands who is interested to a specialist. `ref`: how
    it is named in files, unique; `assistant`: whose it is, "" nobody's yet."""

    __tablename__ = "enquiry"
    __table_args__ = (
        Index("ix_enquiry_at", "at_us"),
        Index(
            "ix_enquiry_open", "at_us",
            sqlite_where=column("answered_us").is_(None), postgresql_where=column("answered_us").is_(None),
        ),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    at_us: int = Field(sa_column=_big(False))
    company: str
    number: str = ""
    channel: str = ""
    note: str = ""
    assistant: str = ""
    answered_us: int | None = Field(default=None, sa_column=_big())
    answered_by: str = ""
    handed_us: int | None = Field(default=None, sa_column=_big())
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    version: int = 1
