"""Legs of a group -> its call: read, derived by the caller's rule, and written only where it differs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.contacts import Numbers
from store.ledger import (
    AGENT_OF_CALL,
    AGENT_OF_LEG,
    CALL_COLUMNS,
    LEG_COLUMNS,
    CallValues,
    LegValues,
)

Rule = Callable[[Sequence[LegValues]], CallValues | None]
"""Legs of a group -> their call; None where they tell of none."""


class Rules(NamedTuple):
    """What an ingest derives by: a call from its legs, contact numbers from the ledger."""

    call_of: Rule
    numbers: Numbers


_LEG = ", ".join(f"leg.{name}" if name != "identity_id" else "phone_identity.agent" for name in LEG_COLUMNS)
READ_LEGS = (
    f"SELECT {_LEG}, leg.id, leg.identity_id FROM leg LEFT JOIN phone_identity ON phone_identity.id = identity_id "
)
"""The values of legs, then id and identity."""

_READ_CALLS = f"SELECT id, {', '.join(CALL_COLUMNS)} FROM call WHERE source_id = ? AND group_id IN "
_KEY = slice(AGENT_OF_CALL, AGENT_OF_CALL + 2)  # identity and day stand side by side
_EFFECTIVE = CALL_COLUMNS.index("effective")
_UPDATE = f"UPDATE call SET {', '.join(f'{name} = ?' for name in CALL_COLUMNS)} WHERE id = ?"


class StoredLeg(NamedTuple):
    """A leg in the store."""

    values: LegValues
    id: int
    identity_id: int | None


def stored(row: Sequence[Any]) -> StoredLeg:
    """Return a row of `READ_LEGS` as a leg. SQLite keeps truth values as 0 and 1; Python compares them alike."""
    return StoredLeg(LegValues._make(row[:-2]), row[-2], row[-1])


def legs_where(connection: Connection, condition: str, parameters: Sequence[Any]) -> list[StoredLeg]:
    """Return the legs that meet `condition`."""
    return [stored(row) for row in driver.rows(connection, f"{READ_LEGS} WHERE {condition}", parameters)]


def in_order(legs: Iterable[LegValues]) -> list[LegValues]:
    """Return the legs of a group in the order in which a rule sees them."""
    return sorted(legs, key=lambda leg: (leg.started_us, leg.leg_id))


def identities(connection: Connection, source_id: int, agents: Collection[str]) -> dict[str, int]:
    """Return the identity of each agent; those never heard of before are made."""
    if not agents:
        return {}
    known = driver.rows(
        connection,
        "SELECT agent, id FROM phone_identity WHERE source_id = ? AND agent IN " + driver.any_of(connection, "text"),
        (source_id, driver.given(connection, agents)),
    )
    found: dict[str, int] = {agent: identity for agent, identity in known}  # noqa: C416  # dict() loses the types
    for agent in sorted(agents - found.keys()):
        ((found[agent],),) = driver.rows(
            connection, "INSERT INTO phone_identity (source_id, agent) VALUES (?, ?) RETURNING id", (source_id, agent)
        )
    return found


def leg_row(leg: LegValues, identity: dict[str, int]) -> tuple[Any, ...]:
    """Return the columns of `leg`, its agent replaced by the identity."""
    return (*leg[:AGENT_OF_LEG], None if leg.agent is None else identity[leg.agent], *leg[AGENT_OF_LEG + 1 :])


def call_row(call: CallValues, identity: dict[str, int]) -> tuple[Any, ...]:
    """Return the columns of `call`, its agent replaced by the identity."""
    return (*call[:AGENT_OF_CALL], None if call.agent is None else identity[call.agent], *call[AGENT_OF_CALL + 1 :])


class Rederived(NamedTuple):
    """The groups whose call changed, those of them whose call was effective or is now, and the (identity, day) keys it
    had before and has now."""

    changed: list[str]
    effective: list[str]
    touched: set[tuple[int, int]]
    left: set[tuple[int, int]]


def rederive(connection: Connection, source_id: int, groups: Collection[str], call_of: Rule) -> Rederived:
    """Derive the calls of `groups` from the legs in the store; write those that differ, drop those that are none."""
    done = Rederived([], [], set(), set())
    if not groups:
        return done
    these = (source_id, driver.given(connection, groups))
    of_groups = driver.any_of(connection, "text")
    legs: dict[str, list[LegValues]] = {}
    identity: dict[str, int] = {}
    for leg in legs_where(connection, f"leg.source_id = ? AND group_id IN {of_groups}", these):
        legs.setdefault(leg.values.group_id, []).append(leg.values)
        if leg.identity_id is not None and leg.values.agent is not None:
            identity[leg.values.agent] = leg.identity_id
    before = {row[1]: row for row in driver.rows(connection, _READ_CALLS + of_groups, these)}
    new, edited, gone = [], [], []
    for group in groups:
        old = before.get(group)
        call = call_of(in_order(legs[group])) if group in legs else None
        now = None if call is None else call_row(call, identity)
        if now == (old[1:] if old else None):
            continue
        done.changed.append(group)
        if (now and now[_EFFECTIVE]) or (old and old[1:][_EFFECTIVE]):
            done.effective.append(group)
        key = now[_KEY] if now else (None, 0)
        if key[0] is not None:
            done.touched.add(key)
        if old is not None:
            was = old[1:][_KEY]
            if was[0] is not None and was != key:
                done.left.add(was)
        if now is None:
            assert old is not None
            gone.append((old[0],))
        elif old is None:
            new.append((source_id, *now))
        else:
            edited.append((*now, old[0]))
    if gone:
        driver.many(connection, "DELETE FROM call WHERE id = ?", gone)
    if edited:
        driver.many(connection, _UPDATE, edited)
    if new:
        insert_calls(connection, new)
    return done


def insert_calls(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert new calls: the source's id, then the columns."""
    driver.insert(connection, "call", ("source_id", *CALL_COLUMNS), rows)
