"""Acts on phones that consoles ask for and the collector carries out once."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Index
from sqlmodel import Field, SQLModel

from store import driver


class CommandRow(SQLModel, table=True):
    """Who asked for what, on whose phone, until when, and what came of it.

    `state`: waiting -> taken (by one collector) -> done | failed; waiting -> expired; taken by a collector that died ->
    failed, never replayed."""

    __tablename__ = "command"
    __table_args__ = (Index("ix_command_waiting", "state", "source_id"),)
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    action: str
    agent: str
    phone: str | None = None
    number: str | None = None
    group_id: str | None = None
    who: str
    asked_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    expires_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    state: str = "waiting"
    taken_by: str | None = None
    answered_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    answer: str = ""


class Claimed(NamedTuple):
    """A command that its claimer, and nobody else, carries out."""

    id: int
    action: str
    agent: str
    phone: str | None
    number: str | None
    group_id: str | None


ANSWER_WITHIN_US = 60_000_000
"""How long a collector may take over a command; it gives up by itself long before."""


def waits(connection: Connection, source_id: int) -> bool:
    """Whether a command waits for the source. Asked after every change of the store, without the writer's turn."""
    return bool(
        driver.rows(connection, "SELECT 1 FROM command WHERE state = 'waiting' AND source_id = ? LIMIT 1", (source_id,))
    )


def claim(connection: Connection, source_id: int, taken_by: str, now_us: int) -> list[Claimed]:
    """Take all waiting commands of the source for `taken_by`, oldest first; those that ran out are refused as expired.
    Nothing is written where nothing waits. The write transaction makes it atomic: each command is claimed once."""
    waiting = driver.rows(
        connection,
        f"SELECT expires_us, {', '.join(Claimed._fields)} FROM command WHERE state = 'waiting' AND source_id = ? "
        "ORDER BY id",
        (source_id,),
    )
    if any(row[0] <= now_us for row in waiting):
        driver.run(
            connection,
            "UPDATE command SET state = 'expired', answered_us = ?, answer = 'it was not taken up in time' "
            "WHERE state = 'waiting' AND source_id = ? AND expires_us <= ?",
            (now_us, source_id, now_us),
        )
    taken = [Claimed._make(row[1:]) for row in waiting if row[0] > now_us]
    if taken:
        driver.many(
            connection,
            "UPDATE command SET state = 'taken', taken_by = ? WHERE id = ?",
            [(taken_by, command.id) for command in taken],
        )
    return taken


def answer(connection: Connection, command_id: int, done: bool, detail: str, now_us: int) -> None:
    """Write what came of a command that was claimed; one that was given up meanwhile stays as it is."""
    driver.run(
        connection,
        "UPDATE command SET state = ?, answered_us = ?, answer = ? WHERE id = ? AND state = 'taken'",
        ("done" if done else "failed", now_us, detail, command_id),
    )


def fail_stale(connection: Connection, source_id: int, now_us: int) -> int:
    """Give up the source's commands that a collector took and did not answer: it died, and nobody knows whether it
    acted. They are never replayed. Returns how many. A living collector has a minute from when they expired."""
    return driver.run(
        connection,
        "UPDATE command SET state = 'failed', answered_us = ?, "
        "answer = 'the collector ended before it told what came of this; look at the phone before you try again' "
        "WHERE state = 'taken' AND source_id = ? AND expires_us <= ?",
        (now_us, source_id, now_us - ANSWER_WITHIN_US),
    )
