"""What is kept of contacts: the append-only ledger, calls that wait for a person, customers counted by contact number.

An entry is a touch of a customer, told by the phones or written by hand. Nothing in it is ever changed but `number`,
which is derived: what is no longer so gets a counter-entry. How entries are counted is a rule that the caller brings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Index, Integer, column
from sqlmodel import Field, SQLModel

PHONE, HAND = "phone", "hand"
"""Who tells of a contact."""


def _moment(nullable: bool = True) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


_REAL = column("counters").is_(None)


class Contact(SQLModel, table=True):
    """One entry of the ledger. `counters`: the entry that this one takes back; it says nothing else then.

    `origin`: phone (the call `source_id`, `group_id` is behind it; `identity_id` dialled `dialled`) or hand (written of
    `specialist_id`, who says it took `claimed_ms`). `accepted_by`: the supervisor who lets a written call count.
    `entered_by` of an entry of the phones: the person who said whose call it was, "" where the number alone told.
    `number` is the contact number, None where it does not count: derived, and the one column that may change.
    """

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_customer", "customer_id", "at_us"),
        Index(
            "ix_contact_call", "source_id", "group_id",
            sqlite_where=column("group_id").is_not(None), postgresql_where=column("group_id").is_not(None),
        ),
        Index(
            "ix_contact_counters", "counters", unique=True,
            sqlite_where=column("counters").is_not(None), postgresql_where=column("counters").is_not(None),
        ),
        Index(
            "ix_contact_written", "at_us",
            sqlite_where=(column("origin") == HAND) & _REAL, postgresql_where=(column("origin") == HAND) & _REAL,
        ),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    at_us: int = Field(sa_column=_moment(nullable=False))
    day: int
    channel: str
    origin: str
    identity_id: int | None = Field(default=None, foreign_key="phone_identity.id")
    specialist_id: int | None = Field(default=None, foreign_key="specialist.id")
    outcome: str = ""
    note: str = ""
    claimed_ms: int | None = Field(default=None, sa_column=_moment())
    source_id: int | None = Field(default=None, foreign_key="source.id")
    group_id: str | None = None
    dialled: str = ""
    accepted_by: str = ""
    entered_us: int = Field(sa_column=_moment(nullable=False))
    entered_by: str = ""
    counters: int | None = Field(default=None, foreign_key="contact.id")
    number: int | None = None


class WaitingCall(SQLModel, table=True):
    """An effective call of which nobody knows whose customer it was: the number is several customers' or nobody's."""

    __tablename__ = "waiting_call"
    __table_args__ = (Index("ix_waiting_call_number", "number", "at_us"),)
    source_id: int = Field(foreign_key="source.id", primary_key=True)
    group_id: str = Field(primary_key=True)
    number: str
    at_us: int = Field(sa_column=_moment(nullable=False))
    day: int
    identity_id: int | None = Field(default=None, foreign_key="phone_identity.id")


class ContactHistogram(SQLModel, table=True):
    """How many customers stand at a contact number: all, those that are live, those that have signed. Kept in the
    transaction of whatever moves one, so that nobody counts a million customers."""

    __tablename__ = "contact_histogram"
    contacts: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    customers: int = 0
    live: int = 0
    signed: int = 0


class Entry(NamedTuple):
    """An entry of the ledger as it is counted. `accepted`: a supervisor lets this written call count."""

    at_us: int
    day: int
    channel: str
    origin: str
    accepted: bool


class Tail(NamedTuple):
    """Where the counting of a customer stands: see Customer."""

    contacts: int = 0
    last_us: int = 0
    last_day: int = 0
    on_last_day: int = 0


class Bounds(NamedTuple):
    """From when until when (None: for ever) a customer's contacts count, and when the floor's first call was (None:
    there is none yet)."""

    opened_us: int
    closed_us: int | None
    first_call_us: int | None


Numbers = Callable[[Tail, Sequence[Entry], Bounds], tuple[list[int | None], Tail]]
"""The rule of counting: from where the counting stands, the entries that follow in the order of their time, and the
bounds -> each entry's contact number (None: does not count), and where the counting stands then."""


class ProvedCall(NamedTuple):
    """An effective call. `number` is the customer's, in E.164 where it can be told."""

    group_id: str
    identity_id: int | None
    day: int
    number: str
    started_us: int
