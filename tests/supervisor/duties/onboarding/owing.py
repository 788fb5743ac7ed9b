"""A made-up floor that owes: customers who paid, and what is known of their steps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from store import onboarding_book as book
from store.onboarding_book import RunRow, StepRow
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.onboarding import acts, read
from supervisor.duties.onboarding.snapshots import OnboardingFile, StepLine
from supervisor.duties.onboarding.steps import Board, board
from supervisor.duties.onboarding.templates import STEPS
from supervisor.duties.orders import acts as orders
from supervisor.settings import Floor, Onboarding, Step
from tests.supervisor.duties.selling import HOUR, NOW, TODAY, customer, doer, order, specialist

__all__ = [
    "BALTIC", "CONFIG", "HOUR", "NOW", "RUHR", "TODAY", "act", "codes", "doer", "everything", "file", "floor_that_owes",
    "line", "pay", "rows_of", "state",
]  # fmt: skip

BALTIC, RUHR = 1, 2
CONFIG = Config(floor=Floor(holidays=False), onboarding=Onboarding(assistants=("Mei", "Bo")))


def rows_of(steps: tuple[Step, ...] = STEPS) -> list[StepRow]:
    """The steps of a template as rows, ids from 1."""
    return [
        StepRow(place, 1, step.code, step.words, step.holder, "", round(step.hours * HOUR), step.after, step.approves)
        for place, step in enumerate(steps, 1)
    ]


def floor_that_owes(connection: Connection) -> None:
    """Two customers with an order each, of Anna and of nobody; Baltic Steel is Bob's."""
    anna = specialist(connection, "Anna Weber", "1001", "North")
    bob = specialist(connection, "Bob Klein", "1002")
    assert customer(connection, "c-1", "Baltic Steel", "+491", owner_id=bob) == BALTIC
    assert customer(connection, "c-2", "Ruhr Pumpen", "+492") == RUHR
    order(connection, "A", BALTIC, anna)
    order(connection, "B", RUHR, None, package="Silver")


def pay(
    connection: Connection, order_id: int = 1, doer_: Doer | None = None, day: int | None = None, **told: Any
) -> int:
    """Let an order be paid (of 1); return the onboarding that it started."""
    who = doer_ or doer()
    config = told.get("config", CONFIG)
    version = connection.exec_driver_sql(f"SELECT version FROM sales_order WHERE id = {order_id}").scalar()
    orders.pay(connection, who, 100, day or who.today, order_id=order_id, seen=version, config=config)
    made = connection.exec_driver_sql(f"SELECT max(id) FROM onboarding WHERE order_id = {order_id}").scalar()
    assert isinstance(made, int)
    return made


def state(connection: Connection, onboarding_id: int = 1) -> Board:
    """How its steps stand."""
    return board(book.steps(connection, onboarding_id), book.runs(connection, onboarding_id))


def codes(connection: Connection, wanted: str, onboarding_id: int = 1) -> list[str]:
    """The codes of its steps that are running, blocked or done."""
    return [code for code, one in state(connection, onboarding_id).standings.items() if one.state == wanted]


def act(
    connection: Connection, what: str, code: str, *args: Any, who: Doer | None = None, id_: int = 1, **told: Any
) -> str:
    """Do something with a step as it is now."""
    (row,) = book.onboardings(connection, id_)
    step = state(connection, id_).standings[code].step
    config = told.get("config", CONFIG)
    doing = {"done": acts.done, "send_back": acts.send_back, "reassign": acts.reassign}[what]
    said: str = doing(connection, who or doer(), config, step.step_id, row.version, *args)
    return said


def line(connection: Connection, code: str, now_us: int = NOW, id_: int = 1, config: Config = CONFIG) -> StepLine:
    """A step as it is listed."""
    found = read.read_onboarding(connection, config, now_us)
    return next(one for one in found.steps if (one.onboarding_id, one.code) == (id_, code))


def file(connection: Connection, now_us: int = NOW, id_: int = 1, config: Config = CONFIG) -> OnboardingFile:
    """One in full."""
    return read.read_file(connection, config, id_, now_us)


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that acts change, without the version, which always rises."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in ("onboarding", "onboarding_step", "step_run", "prod"):
        rows = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id").mappings().all()
        found[table] = [tuple((key, row[key]) for key in row if key != "version") for row in rows]
    return found


def run(step_id: int, run_id: int, round_: int, outcome: str, started_us: int = 0, reason: str = "") -> RunRow:
    """A run, of an hour where it has ended."""
    ended = started_us + HOUR if outcome else None
    return RunRow(run_id, 1, step_id, round_, "assistant", "Mei", None, started_us, ended, outcome, reason, "")
