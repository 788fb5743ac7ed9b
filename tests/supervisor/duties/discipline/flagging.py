"""Flags as the rules leave them, on the made-up floor of tests.supervisor.duties.selling."""

from __future__ import annotations

from sqlalchemy import Connection

from store import flag_book, flag_keeping
from store.flag_keeping import Found, Key
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.discipline.findings import MEDIUM, Evidence
from supervisor.duties.discipline.kept import evidence_text, excuses_text
from supervisor.duties.discipline.read import line_of
from supervisor.duties.discipline.snapshots import FlagLine
from supervisor.settings import Floor, Orders
from tests.supervisor.duties import selling
from tests.supervisor.duties.selling import NOW, TODAY

CONFIG = Config(floor=Floor(holidays=False), orders=Orders(currency="EUR"))
PROOF = Evidence("22 min without a call", ("pbx:x", "pbx:gone"), {"minutes": 22}, "the team's median is 3")


def doer(who: str = "boss", later_us: int = 0) -> Doer:
    """Somebody who acts, so long after NOW, by CONFIG."""
    return selling.doer(who, later_us)._replace(config=CONFIG)


def flagged(
    connection: Connection,
    specialist_id: int | None,
    rule: str = "idle",
    day: int = TODAY,
    severity: int = MEDIUM,
    identity_id: int | None = None,
    evidence: Evidence = PROOF,
    at_us: int = NOW,
) -> int:
    """A flag that a rule raised, open; its id."""
    whose = f"specialist:{specialist_id}" if specialist_id is not None else f"phone:{identity_id}"
    made = len(connection.exec_driver_sql("SELECT id FROM flag").all())
    found = Found(
        Key(rule, whose, str(made)), specialist_id, identity_id, at_us, severity, evidence_text(evidence),
        excuses_text(["lunch from 12:00 to 13:00"]),
    )  # fmt: skip
    flag_keeping.raise_new(connection, day, [found], [evidence.words], NOW)
    return int(connection.exec_driver_sql("SELECT max(id) FROM flag").scalar_one())


def flag(connection: Connection, flag_id: int) -> flag_book.FlagRow:
    """The flag as it is."""
    found = flag_book.flag(connection, flag_id)
    assert found is not None
    return found


def listed(connection: Connection, day: int | None = None) -> list[FlagLine]:
    """The flags that wait (None), or all of a day, as they are listed at NOW."""
    rows = flag_book.waiting(connection) if day is None else flag_book.of_day(connection, day)
    return [line_of(row, TODAY, CONFIG.discipline.expires_days) for row in rows]


def traced(connection: Connection, flag_id: int) -> list[tuple[str, str, str]]:
    """Who, what and detail of a flag's trace."""
    return [row[1:] for row in flag_book.trace(connection, flag_id)]
