"""Writing what people decide in an audit, and the seals of days. In the caller's one writing transaction. Names of
columns come from our own code, never from outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from store import driver
from store.acts import Act


def _insert(connection: Connection, table: str, values: Mapping[str, Any]) -> int:
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id"
    return int(driver.rows(connection, sql, tuple(values.values()))[0][0])


def add_decision(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a decision, by column; return its id: see store.audit.AuditDecision."""
    return _insert(connection, "audit_decision", values)


def holding(connection: Connection, decisions: Collection[int]) -> list[int]:
    """Return which of `decisions` hold: neither taken back nor followed by another one of the same item."""
    sql = f"""SELECT d.id FROM audit_decision AS d WHERE d.id IN {driver.any_of(connection, "bigint")}
        AND d.withdrawn_us IS NULL AND NOT EXISTS (SELECT 1 FROM audit_decision AS n
            WHERE n.day = d.day AND n.item = d.item AND n.id > d.id AND n.withdrawn_us IS NULL) ORDER BY d.id"""
    return [row[0] for row in driver.rows(connection, sql, (driver.given(connection, decisions),))]


def withdraw(connection: Connection, decisions: Collection[int], at_us: int) -> None:
    """Take decisions back."""
    sql = f"UPDATE audit_decision SET withdrawn_us = ? WHERE id IN {driver.any_of(connection, 'bigint')}"
    driver.run(connection, sql, (at_us, driver.given(connection, decisions)))


def add_seal(connection: Connection, values: Mapping[str, Any]) -> int:
    """Append a sealed day, by column; return its id: see store.audit.SealedDay."""
    return _insert(connection, "sealed_day", values)


def last_noted(connection: Connection) -> int:
    """Return the id of the newest entry of the journal, 0 where it is empty."""
    return int(driver.rows(connection, "SELECT coalesce(max(id), 0) FROM journal")[0][0])


def noted_since(connection: Connection, journal_id: int) -> list[Act]:
    """Return what the journal was told after the entry `journal_id`, oldest first: in a writing transaction nobody but
    its own acts writes."""
    rows = driver.rows(connection, "SELECT id, what, detail FROM journal WHERE id > ? ORDER BY id", (journal_id,))
    return [Act(row[0], row[1], row[2]) for row in rows]


def source_id(connection: Connection, name: str) -> int | None:
    """Return the id of a source by its name; None: there is none."""
    found = driver.rows(connection, "SELECT id FROM source WHERE name = ?", (name,))
    return found[0][0] if found else None
