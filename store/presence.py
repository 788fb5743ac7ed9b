"""What every phone is doing now, and the append-only events a floor replay reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import BigInteger, Column, Connection, Index
from sqlmodel import Field, SQLModel, UniqueConstraint

from store import driver
from store.groups import identities


class PresenceRow(SQLModel, table=True):
    """One row a phone identity: state, since when, with whom."""

    __tablename__ = "presence"
    identity_id: int = Field(foreign_key="phone_identity.id", primary_key=True)
    state: str
    since_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    with_whom: str | None = None
    direction: str | None = None
    group_id: str | None = None
    channel: str | None = None
    reason: str | None = None


class StateEvent(SQLModel, table=True):
    """One change of state. Append-only; the same change told twice is kept once."""

    __tablename__ = "state_event"
    __table_args__ = (
        UniqueConstraint("identity_id", "at_us", "state"),
        Index("ix_state_event_day", "day", "identity_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    identity_id: int = Field(foreign_key="phone_identity.id")
    day: int
    at_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    state: str
    with_whom: str | None = None
    group_id: str | None = None
    reason: str | None = None


class Told(Protocol):
    """What a phone is doing, as a source tells it; see integrations.provider.Presence."""

    @property
    def agent(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def since_us(self) -> int: ...
    @property
    def with_whom(self) -> str | None: ...
    @property
    def direction(self) -> str | None: ...
    @property
    def group_id(self) -> str | None: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...


_FACTS = ("state", "since_us", "with_whom", "direction", "group_id", "channel", "reason")
_KEEP = f"""
INSERT INTO presence (identity_id, {", ".join(_FACTS)}) VALUES (?{", ?" * len(_FACTS)})
ON CONFLICT (identity_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _FACTS)}
"""
_APPEND = """
INSERT INTO state_event (identity_id, day, at_us, state, with_whom, group_id, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (identity_id, at_us, state) DO NOTHING
"""


def tell(connection: Connection, source_id: int, told: Sequence[Told], day_of: Callable[[int], int]) -> int:
    """Keep what phones are doing now and append each change of state; return how many told something new.

    Of two states the later one stands, whatever the order in which they are told; what says nothing new is not written.
    A state told again (after a reconnect, with another beginning) is no change. `day_of`: the floor's day of a moment.
    """
    identity = identities(connection, source_id, {one.agent for one in told})
    now = {
        row[0]: tuple(row[1:])
        for row in driver.rows(
            connection,
            f"SELECT identity_id, {', '.join(_FACTS)} FROM presence WHERE identity_id IN "
            + driver.any_of(connection, "bigint"),
            (driver.given(connection, sorted(identity.values())),),
        )
    }
    kept: dict[int, tuple[object, ...]] = {}
    events = []
    for one in told:
        this = identity[one.agent]
        before = now.get(this)
        facts = (
            str(one.state), one.since_us, one.with_whom, None if one.direction is None else str(one.direction),
            one.group_id, one.channel, one.reason,
        )  # fmt: skip
        if before == facts:
            continue
        if before is None or (before[0], before[2], before[4]) != (facts[0], facts[2], facts[4]):
            events.append((this, day_of(one.since_us), one.since_us, facts[0], one.with_whom, one.group_id, one.reason))
        if before is None or one.since_us >= before[1]:
            now[this] = kept[this] = facts
    if kept:
        driver.many(connection, _KEEP, [(this, *facts) for this, facts in sorted(kept.items())])
    if events:
        driver.many(connection, _APPEND, events)
    return len(kept)
