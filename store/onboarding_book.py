"""The rows behind what is owed after a payment. Reading only, and no table: a console shows its first rows before the
tables' classes could be made.

Everything of all open onboardings comes in a handful of statements. An onboarding of a customer who was merged into
another one is the other one's.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver


class OnboardingRow(NamedTuple):
    """An onboarding with its customer, specialist and team ("": nobody's, none)."""

    onboarding_id: int
    payment_id: int
    customer_id: int
    ref: str
    company: str
    order_id: int | None
    package: str
    specialist_id: int | None
    specialist: str
    team: str
    assistant: str
    started_us: int
    live_us: int | None
    stopped_us: int | None
    stopped_why: str
    version: int


class StepRow(NamedTuple):
    """A step of an onboarding: see store.onboarding.OnboardingStep. `specialist_id`: of the specialist who holds it."""

    step_id: int
    onboarding_id: int
    code: str
    words: str
    role: str
    holder: str
    work_us: int
    after: tuple[str, ...]
    approves: str
    specialist_id: int | None = None


class RunRow(NamedTuple):
    """A time during which somebody held a step: see store.onboarding.StepRun. `who` ended it, "" while it runs."""

    run_id: int
    onboarding_id: int
    step_id: int
    round: int
    role: str
    holder: str
    specialist_id: int | None
    started_us: int
    ended_us: int | None
    outcome: str
    reason: str
    who: str


class ProdRow(NamedTuple):
    """A reminder, and the step it is about."""

    prod_id: int
    onboarding_id: int
    run_id: int
    at_us: int
    who: str
    note: str
    words: str
    role: str
    holder: str


_OPEN = "o.live_us IS NULL AND o.stopped_us IS NULL"
_ONE = "o.id = ?"
_ONBOARDINGS = """
SELECT o.id, o.payment_id, c.id, c.ref, c.company, o.order_id, o.package, o.specialist_id, coalesce(s.name, ''),
    coalesce(team.name, ''), o.assistant, o.started_us, o.live_us, o.stopped_us, o.stopped_why, o.version
FROM onboarding AS o JOIN customer AS named ON named.id = o.customer_id
JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
LEFT JOIN specialist AS s ON s.id = o.specialist_id LEFT JOIN team ON team.id = s.team_id
WHERE %s ORDER BY o.started_us, o.id
"""
_STEPS = """
SELECT t.id, t.onboarding_id, t.code, t.words, t.role, t.holder, t.work_ms, t.after, t.approves, s.id
FROM onboarding AS o JOIN onboarding_step AS t ON t.onboarding_id = o.id
LEFT JOIN specialist AS s ON t.role = 'specialist' AND s.name = t.holder
WHERE %s ORDER BY t.onboarding_id, t.place
"""
_RUNS = """
SELECT r.id, r.onboarding_id, r.step_id, r.round, r.role, r.holder, r.specialist_id, r.started_us, r.ended_us,
    r.outcome, r.reason, r.who
FROM onboarding AS o JOIN step_run AS r ON r.onboarding_id = o.id WHERE %s ORDER BY r.id
"""
_PRODS = """
SELECT p.id, p.onboarding_id, p.run_id, p.at_us, p.who, p.note, t.words, r.role, r.holder
FROM onboarding AS o JOIN prod AS p ON p.onboarding_id = o.id JOIN step_run AS r ON r.id = p.run_id
JOIN onboarding_step AS t ON t.id = r.step_id WHERE %s ORDER BY p.at_us, p.id
"""


def _read(connection: Connection, sql: str, onboarding_id: int | None) -> list[driver.Row]:
    """Return the rows of all open onboardings (None), or of one, open or ended."""
    if onboarding_id is None:
        return driver.rows(connection, sql % _OPEN)
    return driver.rows(connection, sql % _ONE, (onboarding_id,))


def onboardings(connection: Connection, onboarding_id: int | None = None) -> list[OnboardingRow]:
    """Return all open onboardings, or one, open or ended; the oldest first."""
    return list(map(OnboardingRow._make, _read(connection, _ONBOARDINGS, onboarding_id)))


def steps(connection: Connection, onboarding_id: int | None = None) -> list[StepRow]:
    """Return the steps of all open onboardings, or of one, each onboarding's in the order of its template."""
    told: dict[str, tuple[str, ...]] = {}
    found = []
    for id_, onboarding, code, words, role, holder, work_ms, after, approves, specialist in _read(
        connection, _STEPS, onboarding_id
    ):
        codes = told.get(after)
        if codes is None:
            codes = told[after] = tuple(after.split())
        found.append(
            StepRow(id_, onboarding, code, words, role, holder, work_ms * 1000, codes, approves, specialist)
        )  # fmt: skip
    return found


def runs(connection: Connection, onboarding_id: int | None = None) -> list[RunRow]:
    """Return the runs of all open onboardings, or of one, in the order they were written."""
    return list(map(RunRow._make, _read(connection, _RUNS, onboarding_id)))


def prods(connection: Connection, onboarding_id: int | None = None) -> list[ProdRow]:
    """Return the reminders of one onboarding, or those of all open ones that stand; the oldest first."""
    if onboarding_id is not None:
        return list(map(ProdRow._make, _read(connection, _PRODS, onboarding_id)))
    return list(map(ProdRow._make, driver.rows(connection, _PRODS % f"{_OPEN} AND r.ended_us IS NULL")))


def prodded(connection: Connection, run_ids: Collection[int]) -> bool:
    """Whether a reminder hangs on one of these runs."""
    sql = f"SELECT 1 FROM prod WHERE run_id IN {driver.any_of(connection, 'bigint')} LIMIT 1"
    return bool(driver.rows(connection, sql, (driver.given(connection, run_ids),)))


def stamp(connection: Connection) -> int:
    """Return what rises with every act of a person and every import: while it stays nothing here changed."""
    return int(driver.rows(connection, "SELECT coalesce(max(id), 0) FROM journal")[0][0])


def of_step(connection: Connection, step_id: int) -> int | None:
    """Return whose step it is; None: there is none."""
    found = driver.rows(connection, "SELECT onboarding_id FROM onboarding_step WHERE id = ?", (step_id,))
    return found[0][0] if found else None


def of_payment(connection: Connection, payment_id: int) -> int | None:
    """Return the onboarding that a payment started; None: it started none."""
    found = driver.rows(connection, "SELECT id FROM onboarding WHERE payment_id = ?", (payment_id,))
    return found[0][0] if found else None


def paid(connection: Connection, payment_id: int) -> tuple[int, int]:
    """Return cents and day of a payment."""
    ((cents, day),) = driver.rows(connection, "SELECT amount_cents, paid_day FROM payment WHERE id = ?", (payment_id,))
    return cents, day


def specialists(connection: Connection, today: int) -> list[tuple[int, str]]:
    """Return id and name of the specialists who are here on a day."""
    sql = 'SELECT id, name FROM specialist WHERE "left" IS NULL OR "left" >= ? ORDER BY name'
    return [(row[0], row[1]) for row in driver.rows(connection, sql, (today,))]


def specialist_id(connection: Connection, name: str) -> int | None:
    """Return the id of the specialist `name`; None: there is none."""
    found = driver.rows(connection, "SELECT id FROM specialist WHERE name = ?", (name,))
    return found[0][0] if found else None


def last_act(connection: Connection, onboarding_id: int) -> tuple[str, int] | None:
    """Return who acted last on an onboarding, undoing counts too, and when; None: it is not known."""
    found = driver.rows(
        connection,
        "SELECT who, coalesce(undone_us, at_us) FROM journal WHERE what LIKE ? AND detail LIKE ? "
        "ORDER BY 2 DESC, id DESC LIMIT 1",
        ("onboarding.%", f'{{"onboarding": {onboarding_id},%'),
    )
    return (found[0][0], found[0][1]) if found else None


# -- the floor's past ---------------------------------------------------------------------------------------------


class Held(NamedTuple):
    """A time during which a step of an onboarding was held."""

    onboarding_id: int
    code: str
    started_us: int
    ended_us: int


def past(connection: Connection, limit: int) -> list[Held]:
    """Return who held which step when, in the last `limit` onboardings that went live."""
    sql = """SELECT r.onboarding_id, t.code, r.started_us, r.ended_us FROM (SELECT id FROM onboarding
            WHERE live_us IS NOT NULL AND stopped_us IS NULL ORDER BY live_us DESC, id DESC LIMIT ?) AS o
        JOIN step_run AS r ON r.onboarding_id = o.id JOIN onboarding_step AS t ON t.id = r.step_id
        WHERE r.ended_us IS NOT NULL"""
    return list(map(Held._make, driver.rows(connection, sql, (limit,))))


# -- what a payment may start ------------------------------------------------------------------------------------


class Sale(NamedTuple):
    """What is known of a payment's sale: the specialist of the order, else the customer's owner, with name (""); the
    package of the order ("": there is none)."""

    customer_id: int
    root: int
    specialist_id: int | None
    specialist: str
    package: str


def sales(connection: Connection, payment_ids: Collection[int]) -> dict[int, Sale]:
    """Return by payment whose it is and who sold."""
    sql = f"""SELECT p.id, p.customer_id, c.id, s.id, coalesce(s.name, ''), coalesce(o.package, '')
        FROM payment AS p
        JOIN customer AS named ON named.id = p.customer_id
        JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
        LEFT JOIN sales_order AS o ON o.id = p.order_id
        LEFT JOIN specialist AS s ON s.id = coalesce(o.specialist_id, c.owner_id)
        WHERE p.id IN {driver.any_of(connection, "bigint")}"""
    rows = driver.rows(connection, sql, (driver.given(connection, payment_ids),))
    return {row[0]: Sale._make(row[1:]) for row in rows}


def ordered(connection: Connection, order_ids: Collection[int]) -> set[int]:
    """Return which of these orders have an onboarding, open or ended."""
    sql = f"SELECT order_id FROM onboarding WHERE order_id IN {driver.any_of(connection, 'bigint')}"
    return {row[0] for row in driver.rows(connection, sql, (driver.given(connection, order_ids),))}


def under_way(connection: Connection) -> list[tuple[int, str, str]]:
    """Return customer, package and assistant of every open onboarding."""
    sql = f"""SELECT coalesce(c.merged_into, c.id), o.package, o.assistant FROM onboarding AS o
        JOIN customer AS c ON c.id = o.customer_id WHERE {_OPEN}"""
    return [(row[0], row[1], row[2]) for row in driver.rows(connection, sql)]
