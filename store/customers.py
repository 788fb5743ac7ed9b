"""Customers: the table, their people and numbers, and which of them are one and the same.

Several numbers a customer, and one number may be several customers'. A customer that was merged into another one stays,
points to it and shows nowhere; whatever refers to it is the other one's, so that a merge can be taken back.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Computed, Index, SmallInteger, column
from sqlmodel import Field, SQLModel, UniqueConstraint

LIVE = "CASE WHEN status IN ('prospect', 'open', 'parked') AND dnc_us IS NULL AND merged_into IS NULL THEN 1 ELSE 0 END"
"""Whether somebody may be asked to contact the customer: not signed, not lost, not do-not-call, not merged."""

ROOT = "coalesce(c.merged_into, c.id)"
"""Of a row `c` of customer: the customer it is."""


def _moment(nullable: bool = True, default: int | None = None) -> Column[int]:
    return Column(BigInteger, nullable=nullable, default=default)


class Customer(SQLModel, table=True):
    """A customer. `ref`: how they are named in files, unique; `company_key`: the name as names are compared; `tier`: 0
    is the highest, see duties.followups.

    `contacts` is the contact number: what was counted from `opened_us` until `closed_us` (None: goes on); `last_us` the
    last contact that is proved (0: none yet), `last_day` the day of the last one that counted, `on_last_day` how many
    counted on it. `next_day` is the day of the next planned contact, `next_note` what for. `taken_by`: the supervisor
    who took the customer over; `past_until`: decided past the window until this contact number. `row_hash`: of the
    row of a table that changed it last, so that the same row again does not take back what was done since.
    """

    __tablename__ = "customer"
    __table_args__ = (
        Index(
            "ix_customer_window", "contacts", "tier", "last_us",
            sqlite_where=column("live") == 1, postgresql_where=column("live") == 1,
        ),
        Index(
            "ix_customer_due", "tier", "next_day", "last_us",
            sqlite_where=(column("live") == 1) & column("next_day").is_not(None),
            postgresql_where=(column("live") == 1) & column("next_day").is_not(None),
        ),
        Index(
            "ix_customer_rest", "tier", "last_us",
            sqlite_where=column("live") == 1, postgresql_where=column("live") == 1,
        ),
        Index("ix_customer_company", "company_key", "region"),
        Index(
            "ix_customer_merged", "merged_into",
            sqlite_where=column("merged_into").is_not(None), postgresql_where=column("merged_into").is_not(None),
        ),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    company: str
    company_key: str
    region: str = ""
    type: str = ""
    tier: int = Field(sa_column=Column(SmallInteger, nullable=False))
    registered: bool = False
    owner_id: int | None = Field(default=None, foreign_key="specialist.id", index=True)
    status: str
    time_zone: str = ""
    dnc_us: int | None = Field(default=None, sa_column=_moment())
    dnc_why: str = ""
    dnc_by: str = ""
    opened_us: int = Field(default=0, sa_column=_moment(False, 0))
    closed_us: int | None = Field(default=None, sa_column=_moment())
    contacts: int = 0
    last_us: int = Field(default=0, sa_column=_moment(False, 0))
    last_day: int = 0
    on_last_day: int = 0
    next_day: int | None = None
    next_note: str = ""
    taken_by: str = ""
    past_until: int | None = None
    merged_into: int | None = Field(default=None, foreign_key="customer.id")
    row_hash: int | None = Field(default=None, sa_column=_moment())
    live: int | None = Field(default=None, sa_column=Column(SmallInteger, Computed(LIVE, persisted=True)))


class CustomerNumber(SQLModel, table=True):
    """A number of a customer: `number` in E.164 where it can be told, else as it is dialled; `raw` as it was given."""

    __tablename__ = "customer_number"
    __table_args__ = (UniqueConstraint("customer_id", "number"), Index("ix_customer_number_number", "number"))
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    number: str
    raw: str


class CustomerPerson(SQLModel, table=True):
    """Somebody at a customer."""

    __tablename__ = "customer_person"
    __table_args__ = (UniqueConstraint("customer_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    name: str


class DistinctPair(SQLModel, table=True):
    """Two customers that look like one and are not: a person said so. `one_id` is the smaller id."""

    __tablename__ = "distinct_pair"
    one_id: int = Field(foreign_key="customer.id", primary_key=True)
    other_id: int = Field(foreign_key="customer.id", primary_key=True)


class NoCustomer(SQLModel, table=True):
    """A number that is nobody's customer, as a person said: nobody is asked whose its calls were."""

    __tablename__ = "no_customer"
    number: str = Field(primary_key=True)
    at_us: int = Field(sa_column=_moment(False))
    who: str
