"""A made-up floor that sells: specialists with phones, customers with numbers, calls, orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from store import calls, matching, order_book, order_changes, roster
from store.calls import LegValues
from store.counting import histogram, histogram_grown
from store.customers import Customer, CustomerNumber
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.ingest import rules_of
from supervisor.settings import Floor, Orders

S = 1_000_000
HOUR, DAY_US = 3600 * S, 86_400 * S
TODAY = 20261123  # a Monday
NOW = round(datetime(2026, 11, 23, 11, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * S
CONFIG = Config(floor=Floor(holidays=False), orders=Orders(big_amount=10_000))
RULES = rules_of(CONFIG)
DAY_OF = Calendar(CONFIG.floor).day_of


def doer(who: str = "boss", later_us: int = 0) -> Doer:
    """Somebody who acts, so long after NOW."""
    now_us = NOW + later_us
    return Doer(who, now_us, DAY_OF(now_us), RULES.numbers)


def specialist(connection: Connection, name: str, agent: str, team: str | None = None) -> int:
    """A specialist with a phone of the source pbx, theirs from the beginning."""
    source_id = roster.source(connection, "pbx", "asterisk")
    team_id = roster.team(connection, team) if team else None
    made = roster.put_specialist(connection, None, name, {"team_id": team_id})
    roster.assign(connection, roster.identity(connection, source_id, agent), made, TODAY)
    return made


def customer(connection: Connection, ref: str, company: str = "", number: str = "", **told: Any) -> int:
    """A customer, open since the beginning unless `told` otherwise, with one number."""
    company = company or ref
    values = {"company": company, "company_key": company.casefold(), "region": "", "type": "", "tier": 1}
    values |= {"registered": False, "status": "open", "time_zone": "", "dnc_why": "", "dnc_by": "", "opened_us": 0}
    values |= {"contacts": 0, "last_us": 0, "last_day": 0, "on_last_day": 0, "next_note": "", "taken_by": ""}
    values |= {"ref": ref, **told}
    table: Any = Customer.__table__  # type: ignore[attr-defined]
    made = int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())
    if number:
        connection.execute(insert(CustomerNumber).values(customer_id=made, number=number, raw=number))
    histogram_grown(connection, [made])
    return made


def call(connection: Connection, id_: str, agent: str, number: str, at_us: int, talk_s: int = 60) -> tuple[int, str]:
    """A call that was answered; returns its key."""
    source_id = roster.source(connection, "pbx", "asterisk")
    leg = LegValues(
        leg_id=id_, group_id=id_, agent=agent, day=DAY_OF(at_us), direction="outbound", from_raw=agent, to_raw=number,
        number=number, started_us=at_us, ringing_us=None, answered_us=at_us + 5 * S, ended_us=at_us + (5 + talk_s) * S,
        talk_ms=talk_s * 1000, ring_ms=None, hold_ms=None, outcome="answered", progress=3, parent_id=None, queue=None,
        line=None, recording=None, ambiguous=False, approximate=False, raw="", raw_hash=1,
    )  # fmt: skip
    calls.ingest(connection, source_id, [leg], RULES, None, at_us)
    return source_id, id_


def order(connection: Connection, ref: str, customer_id: int, specialist_id: int | None, **told: Any) -> int:
    """An order, open since ten days unless `told` otherwise."""
    values = {"package": "Gold", "amount_cents": 980_000, "stage": "offer", "status": "open", "opened_day": 20261113}
    values |= {"closed_score": 0, "closed_why": "", "next_step": "", "version": 1, "changed_us": NOW - DAY_US}
    values |= {"changed_by": "import", "ref": ref, "customer_id": customer_id, "specialist_id": specialist_id}
    return order_changes.insert_order(connection, values | told)


def version(connection: Connection, order_id: int) -> int:
    """The version of an order as it is."""
    found = order_book.order(connection, order_id)
    assert found is not None
    return found.version


def everything(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that acts on orders change, without the version, which always rises."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in ("sales_order", "evidence", "claim", "review", "contract", "payment", "customer", "contact"):
        rows = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").mappings().all()
        found[table] = [tuple((key, row[key]) for key in row if key != "version") for row in rows]
    found["histogram"] = list(histogram(connection))
    return found


def assert_counted_right(connection: Connection) -> None:
    """Whatever was done, a recount finds nothing to put right."""
    assert not any(matching.recount(connection, RULES.numbers, NOW))
