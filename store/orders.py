"""Orders and what is known of them: evidence, claims, reviews, contract, payments, written solutions.

Money is whole hundredths of the floor's currency (cents), days are YYYYMMDD, moments microseconds UTC.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index
from sqlmodel import Field, SQLModel


def _big(nullable: bool = True) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


class SalesOrder(SQLModel, table=True):
    """A sale in progress with one customer. `status`: open, signed, lost. `version` rises with every change, so that of
    two who change it at once the later one is told. `closed_score`: what the evidence was worth when it was closed;
    `closed_why`: in words. `row_hash`: as of a customer."""

    __tablename__ = "sales_order"
    __table_args__ = (
        Index("ix_sales_order_status", "status", "closed_day"),
        Index("ix_sales_order_customer", "customer_id", "status"),
        Index("ix_sales_order_specialist", "specialist_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    customer_id: int = Field(foreign_key="customer.id")
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    package: str = ""
    amount_cents: int = Field(sa_column=_big(False))
    stage: str = ""
    status: str
    opened_day: int
    expected_day: int | None = None
    closed_day: int | None = None
    closed_score: int = 0
    closed_why: str = ""
    next_step: str = ""
    version: int = 1
    changed_us: int = Field(sa_column=_big(False))
    changed_by: str = ""
    row_hash: int | None = Field(default=None, sa_column=_big())


class Evidence(SQLModel, table=True):
    """What was heard of an order: a fact by its `code`, or a feeling (code "feeling"), which is worth nothing. `linked`
    where a call (`source_id`, `group_id`) or a `file` stands behind it. `withdrawn_us`: taken back."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_order", "order_id"),)
    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="sales_order.id")
    code: str
    heard_us: int = Field(sa_column=_big(False))
    note: str = ""
    source_id: int | None = Field(default=None, foreign_key="source.id")
    group_id: str | None = None
    file: str | None = None
    who: str
    entered_us: int = Field(sa_column=_big(False))
    withdrawn_us: int | None = Field(default=None, sa_column=_big())


class Claim(SQLModel, table=True):
    """ "Signs by `by_day`", said by `who` at `made_us` with a `probability` (percent)."""

    __tablename__ = "claim"
    __table_args__ = (Index("ix_claim_order", "order_id"),)
    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="sales_order.id")
    who: str
    by_day: int
    percent: int = 100
    made_us: int = Field(sa_column=_big(False))
    withdrawn_us: int | None = Field(default=None, sa_column=_big())


class Review(SQLModel, table=True):
    """One review of an order: what was asked, heard, decided, and when to look again. `facts`: the codes heard, joined
    by blanks; `guidance`: praise, correction or solution; `score` and `expected_cents` as they were then."""

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_order", "order_id", "at_us"),)
    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="sales_order.id")
    at_us: int = Field(sa_column=_big(False))
    day: int
    who: str
    asked: str = ""
    facts: str = ""
    next_step: str = ""
    guidance: str = ""
    guidance_text: str = ""
    solution_id: int | None = Field(default=None, foreign_key="solution.id")
    recheck_day: int | None = None
    score: int
    expected_cents: int = Field(sa_column=_big(False))
    withdrawn_us: int | None = Field(default=None, sa_column=_big())


class Contract(SQLModel, table=True):
    """What was signed. One an order. `clauses`: what differs from the standard; `approved_by`: who allowed that."""

    __tablename__ = "contract"
    order_id: int = Field(foreign_key="sales_order.id", primary_key=True)
    signed_day: int
    amount_cents: int = Field(sa_column=_big(False))
    clauses: str = ""
    approved_by: str = ""
    who: str
    entered_us: int = Field(sa_column=_big(False))


class Payment(SQLModel, table=True):
    """Money that came in. `ref`: unique, how it is named in files."""

    __tablename__ = "payment"
    __table_args__ = (Index("ix_payment_customer", "customer_id"), Index("ix_payment_day", "paid_day"))
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    customer_id: int = Field(foreign_key="customer.id")
    order_id: int | None = Field(default=None, foreign_key="sales_order.id")
    package: str = ""
    amount_cents: int = Field(sa_column=_big(False))
    paid_day: int
    who: str
    entered_us: int = Field(sa_column=_big(False))


class Solution(SQLModel, table=True):
    """A written solution, by type of customer and objection ("" of either: for all). `body` is Markdown."""

    __tablename__ = "solution"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(unique=True)
    customer_type: str = ""
    objection: str = ""
    body: str
    version: int = 1
    retired: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    who: str
    changed_us: int = Field(sa_column=_big(False))
