"""Writing what is owed after a payment, in the caller's one writing transaction. Names of columns come from our own
code, never from outside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from store import driver

ONBOARDING = (
    "payment_id", "customer_id", "order_id", "package", "template", "specialist_id", "assistant", "started_us",
    "stopped_why", "version",
)  # fmt: skip
STEP = ("onboarding_id", "place", "code", "words", "role", "holder", "work_ms", "after", "approves")
RUN = ("onboarding_id", "step_id", "round", "role", "holder", "specialist_id", "started_us", "outcome", "reason", "who")


def insert_onboardings(connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
    """Insert onboardings: id, and the values of `ONBOARDING`."""
    driver.insert(connection, "onboarding", ("id", *ONBOARDING), rows)


def insert_steps(connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
    """Insert steps: id, and the values of `STEP`."""
    driver.insert(connection, "onboarding_step", ("id", *STEP), rows)


def insert_runs(connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
    """Insert runs that go on: the values of `RUN`."""
    driver.insert(connection, "step_run", RUN, rows)


def of_orders(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Tell onboardings the order of their payments (order, payment): those that knew none."""
    driver.many(connection, "UPDATE onboarding SET order_id = ? WHERE payment_id = ? AND order_id IS NULL", list(pairs))


def remove(connection: Connection, onboarding_id: int) -> None:
    """Remove an onboarding with its steps and runs."""
    for table in ("prod", "step_run", "onboarding_step"):
        driver.run(connection, f"DELETE FROM {table} WHERE onboarding_id = ?", (onboarding_id,))
    driver.run(connection, "DELETE FROM onboarding WHERE id = ?", (onboarding_id,))


# -- acts ---------------------------------------------------------------------------------------------------------


def put(connection: Connection, onboarding_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of an onboarding; its version rises."""
    told = "".join(f"{name} = ?, " for name in values)
    sql = f"UPDATE onboarding SET {told}version = version + 1 WHERE id = ?"
    driver.run(connection, sql, (*values.values(), onboarding_id))


def put_run(connection: Connection, run_id: int, ended_us: int | None, outcome: str, reason: str, who: str) -> None:
    """Write how a run ended; None and "": it goes on."""
    sql = "UPDATE step_run SET ended_us = ?, outcome = ?, reason = ?, who = ? WHERE id = ?"
    driver.run(connection, sql, (ended_us, outcome, reason, who, run_id))


def put_holder(connection: Connection, step_id: int, holder: str) -> None:
    """Write who holds a step."""
    driver.run(connection, "UPDATE onboarding_step SET holder = ? WHERE id = ?", (holder, step_id))


def _add(connection: Connection, table: str, values: Mapping[str, Any]) -> int:
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id"
    return int(driver.rows(connection, sql, tuple(values.values()))[0][0])


def add_run(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a run; return its id."""
    return _add(connection, "step_run", values)


def remove_runs(connection: Connection, run_ids: Collection[int]) -> None:
    """Remove runs."""
    sql = f"DELETE FROM step_run WHERE id IN {driver.any_of(connection, 'bigint')}"
    driver.run(connection, sql, (driver.given(connection, run_ids),))


def add_prod(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write a reminder; return its id."""
    return _add(connection, "prod", values)


def remove_prods(connection: Connection, prod_ids: Collection[int]) -> int:
    """Remove reminders; return how many there were."""
    sql = f"DELETE FROM prod WHERE id IN {driver.any_of(connection, 'bigint')}"
    return driver.run(connection, sql, (driver.given(connection, prod_ids),))
