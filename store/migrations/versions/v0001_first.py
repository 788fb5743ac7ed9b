"""The first schema."""

from __future__ import annotations

from alembic import op

from store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables, and guard those that are append-only."""
    metadata.create_all(op.get_bind())
