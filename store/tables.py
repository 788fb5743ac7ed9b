"""All tables, for those who need the whole: migrations, backup, check."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from store import calls, commands, people, presence, sources

__all__ = ["calls", "commands", "metadata", "people", "presence", "sources"]

metadata: MetaData = SQLModel.metadata
