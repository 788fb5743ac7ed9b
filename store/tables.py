"""All tables, for those who need the whole: migrations, backup, check."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from store import (
    audit,
    calls,
    commands,
    contacts,
    customers,
    discipline,
    onboarding,
    orders,
    people,
    presence,
    sources,
)

__all__ = [
    "audit", "calls", "commands", "contacts", "customers", "discipline", "metadata", "onboarding", "orders", "people",
    "presence", "sources",
]  # fmt: skip

metadata: MetaData = SQLModel.metadata
