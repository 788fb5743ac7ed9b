"""The schema's revisions: numbers with leading zeros, so that comparing tells older from newer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0005"
"""The revision this program needs. Written here so that opening a store does not import the migration machinery."""


def run(connection: Connection, revision: str = HEAD) -> None:
    """Bring the schema behind `connection` to `revision` within its transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
