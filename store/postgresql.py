"""How a PostgreSQL database is opened, and its errors in words for a person."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Engine, create_engine

CHANNEL = "supervisor_store"
"""The channel on which writers tell that something was committed."""

_WRITER = 0x53757056  # the advisory lock of the one writer; any constant will do
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}

TAKE_TURN = f"SELECT pg_advisory_xact_lock({_WRITER})"
"""One writer at a time, first come first served, as on SQLite: who reads and then writes loses no update."""

TELL = f"SELECT pg_notify('{CHANNEL}', '') WHERE pg_current_xact_id_if_assigned() IS NOT NULL"
"""Told at commit, and only by a transaction that wrote."""


def plain(url: str) -> str:
    """Return SQLAlchemy's `url` as PostgreSQL's own tools read it."""
    return url.replace("+psycopg", "", 1)


def engines(url: str, patience_s: float) -> tuple[Engine, Engine]:
    """Return the writing and the reading engine of the database. A reader sees one moment of it, as on SQLite."""
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "pool_timeout": patience_s,
        "connect_args": {
            **KEEPALIVE,
            "connect_timeout": 10,
            "application_name": "supervisor",
            "options": f"-c lock_timeout={round(patience_s * 1000)} -c timezone=UTC",
        },
    }
    writer = create_engine(url, pool_size=1, max_overflow=0, **options)
    reader = create_engine(url, pool_size=8, max_overflow=0, isolation_level="REPEATABLE READ", **options)
    return writer, reader.execution_options(postgresql_readonly=True)


_WORDS = {
    "08": "cannot be reached or went away; look whether the server runs, then try again",
    "28": "lets this user not in; look at the user and the password",
    "3D": "does not exist; make it with `createdb`",
    "53": "has run out of disk, memory or connections; nothing stored is lost, make room and try again",
    "57": "was shut down or restarted; try again",
    "58": "had a system error; look at the server's log",
    "XX": "is damaged; look at the server's log and restore the last backup",
    "25006": "is read-only (a standby?); name the primary server",
    "42501": "lets this user not write; grant it the rights on the schema",
    "55P03": "is locked by another program; try again, and look for one that keeps a transaction open",
    "57014": "took too long and was told to stop; try again",
}

# A refused connection carries no SQLSTATE, only the server's words.
_REFUSALS = (
    ("3D", re.compile(r'FATAL: +database ".*" does not exist')),
    ("28", re.compile(r'role ".*" does not exist|authentication failed|no password supplied|no pg_hba.conf entry')),
)


def in_words(error: BaseException) -> str | None:
    """Return what a driver's error means for the store, as the end of a sentence; None: it is no fault of the store."""
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is None:
        if not isinstance(error, psycopg.OperationalError):
            return None
        first = " ".join(str(error).split())
        for state, sign in _REFUSALS:
            if sign.search(first):
                return _WORDS[state]
        return f"{_WORDS['08']} ({first})"
    return _WORDS.get(state) or _WORDS.get(state[:2])
