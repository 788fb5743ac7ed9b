"""Writing what people do in discipline: flags by hand, replies and decisions, money, talks, attendance. In the caller's
one writing transaction. Names of columns come from our own code, never from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from store import driver

Attended = tuple[str, int | None, int | None]
"""Status, start and end of a specialist's day: see store.people.Attendance."""


def _insert(connection: Connection, table: str, values: Mapping[str, Any]) -> int:
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id"
    return int(driver.rows(connection, sql, tuple(values.values()))[0][0])


def add_flag(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a new flag or merit; return its id."""
    return _insert(connection, "flag", values)


def raised(connection: Connection, rule: str, whose: str, day: int) -> int:
    """Return how many flags of a rule, a person and a day there are, withdrawn ones too."""
    sql = "SELECT count(*) FROM flag WHERE rule = ? AND whose = ? AND day = ?"
    return int(driver.rows(connection, sql, (rule, whose, day))[0][0])


def columns(connection: Connection, flag_id: int, names: tuple[str, ...]) -> dict[str, Any]:
    """Return columns of a flag as they are."""
    rows = driver.rows(connection, f"SELECT {', '.join(names)} FROM flag WHERE id = ?", (flag_id,))
    return dict(zip(names, rows[0], strict=True))


def put(connection: Connection, flag_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of a flag; its version rises."""
    told = "".join(f"{name} = ?, " for name in values)
    driver.run(
        connection, f"UPDATE flag SET {told}version = version + 1 WHERE id = ?", (*values.values(), flag_id)
    )  # fmt: skip


def tell(connection: Connection, flag_id: int, at_us: int, who: str, what: str, detail: str) -> None:
    """Append to the trace of a flag: see store.discipline.FlagEvent."""
    driver.insert(
        connection, "flag_event", ("flag_id", "at_us", "who", "what", "detail"), [(flag_id, at_us, who, what, detail)]
    )


def specialist(connection: Connection, specialist_id: int) -> tuple[str, int | None, int | None] | None:
    """Return name, hired and left of a specialist; None: there is none."""
    rows = driver.rows(connection, 'SELECT name, hired, "left" FROM specialist WHERE id = ?', (specialist_id,))
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def add_money(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a fine or a reward; return its id."""
    return _insert(connection, "money", values)


def withdraw_money(connection: Connection, money_id: int, at_us: int) -> bool:
    """Take a fine or a reward back; return whether it still stood."""
    sql = "UPDATE money SET withdrawn_us = ? WHERE id = ? AND withdrawn_us IS NULL"
    return driver.run(connection, sql, (at_us, money_id)) > 0


def add_talk(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a talk down; return its id."""
    return _insert(connection, "talk", values)


def withdraw_talk(connection: Connection, talk_id: int, at_us: int) -> bool:
    """Take a talk back; return whether it still stood."""
    sql = "UPDATE talk SET withdrawn_us = ? WHERE id = ? AND withdrawn_us IS NULL"
    return driver.run(connection, sql, (at_us, talk_id)) > 0


def attendance(connection: Connection, specialist_id: int, day: int) -> Attended | None:
    """Return the attendance of a specialist on a day; None: nobody told."""
    sql = 'SELECT status, start, "end" FROM attendance WHERE specialist_id = ? AND day = ?'
    rows = driver.rows(connection, sql, (specialist_id, day))
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def put_attendance(connection: Connection, specialist_id: int, day: int, told: Attended | None) -> None:
    """Write the attendance of a specialist on a day; None: nobody told."""
    if told is None:
        driver.run(connection, "DELETE FROM attendance WHERE specialist_id = ? AND day = ?", (specialist_id, day))
        return
    driver.run(
        connection,
        'INSERT INTO attendance (specialist_id, day, status, start, "end") VALUES (?, ?, ?, ?, ?) '
        "ON CONFLICT (specialist_id, day) DO UPDATE SET status = excluded.status, start = excluded.start, "
        '"end" = excluded."end"',
        (specialist_id, day, *told),
    )
