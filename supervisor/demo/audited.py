"""The demo's days that were audited and signed, by the acts that people use."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from store.contacts import Numbers
from supervisor.calendar import Calendar, date_of, day_number
from supervisor.config import Config
from supervisor.demo.past import SUPERVISOR
from supervisor.duties.acting import Doer
from supervisor.duties.audit import acts
from supervisor.duties.audit.read import read_audit
from supervisor.duties.audit.seal import sign
from supervisor.duties.audit.snapshots import OPEN

DAYS = 2
"""Working days that are signed; the one before today is not yet."""
HOUR = 3_600_000_000
_WHY = {"unlogged": "logged on paper, seen", "shared_number": "both belong to one group", "do_not_call": "talked about"}


def audit(connection: Connection, config: Config, numbers: Numbers, now_us: int) -> None:
    """Accept what was found on the last days, and sign them, in the caller's writing transaction."""
    calendar = Calendar(config.floor)
    today = date_of(calendar.today(now_us))
    back = (day_number(today - timedelta(days=ago)) for ago in range(1, 20))
    worked = [day for day in back if calendar.spans(day)][1 : DAYS + 1]
    for day in reversed(worked):
        at_us = min(calendar.spans(day)[-1][1] + HOUR, now_us)
        doer = Doer(SUPERVISOR, at_us, calendar.day_of(at_us), numbers, config)
        found = read_audit(connection, config, day, at_us).discrepancies
        for one in (one for one in found if one.state == OPEN):
            acts.accept(connection, doer, config, day, one.id, _WHY.get(one.class_, "explained to me"))
        sign(connection, doer, config, day, "Looked through with the team.")
