"""One discrepancy, without all the rest of its day: whoever works through a list waits for none of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from store import audit_book as book
from supervisor.config import Config
from supervisor.duties.audit.joined import classified
from supervisor.duties.audit.read import read_rows
from supervisor.duties.audit.snapshots import Discrepancy
from supervisor.duties.discipline.day import Only
from supervisor.duties.discipline.evaluate import uncollected


def read_discrepancy(connection: Connection, config: Config, day: int, item: str, now_us: int) -> Discrepancy | None:
    """Return a discrepancy of `day` by its id as `read_audit` tells it; None: there is none.

    A class follows from the calls, logs and flags of one person, so they are read of that person alone; of all where
    nobody knows whose it is.
    """
    only = _whose(connection, day, item)
    with uncollected():
        found = _of(item, classified(read_rows(connection, config, day, now_us, only), config).discrepancies)
        if found is None and only is not None:  # of somebody who is not employed on that day
            found = _of(item, classified(read_rows(connection, config, day, now_us), config).discrepancies)
    return found


def _of(item: str, discrepancies: Iterable[Discrepancy]) -> Discrepancy | None:
    return next((one for one in discrepancies if one.id == item), None)


def _whose(connection: Connection, day: int, item: str) -> Only | None:
    """Whose the call or log is; None: nobody's."""
    kind, _, rest = item.partition(":")
    specialist_id, identity_id = None, None
    if kind == "call":
        source, _, group = rest.partition(":")
        specialist_id, identity_id = book.whose_call(connection, source, group, day)
    elif kind == "log" and rest.isascii() and rest.isdecimal() and len(rest) < 16:
        specialist_id = book.whose_log(connection, int(rest))
    if specialist_id is not None:
        return Only(frozenset({specialist_id}))
    return None if identity_id is None else Only(frozenset(), frozenset({identity_id}))
