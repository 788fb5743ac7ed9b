"""What is known of a day beside each of its rows: the other half, the decision, the specialist, the calls around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from screens.audit.item import Item, around
from screens.audit.lists import CALLS, DISCREPANCIES, LOGS, PEOPLE, REVISIONS, SEALS
from screens.audit.people import person_key
from supervisor.duties.audit.snapshots import AuditedCall, AuditedLog, Discrepancy

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import Correction, DayAudit, Link, SpecialistFigures

Row = Discrepancy | AuditedCall | AuditedLog
"""A row of a list of which call and log stand side by side."""


def rows(
    here: str, day: DayAudit, found: Sequence[Discrepancy], links: Sequence[Link], team: str | None
) -> dict[str, Any]:
    """Return the rows of the list `here` by key, those of one team or all: `found` are the day's discrepancies in
    their order, `links` all seals, the oldest first."""
    revisions = day.signed.revisions if day.signed is not None else ()
    all_of: dict[str, Callable[[], dict[str, Any]]] = {
        DISCREPANCIES: lambda: {one.key: one for one in found if team in (None, one.team)},
        PEOPLE: lambda: {person_key(one): one for one in day.specialists if team in (None, one.team)},
        CALLS: lambda: {one.id: one for one in day.calls if team in (None, one.team)},
        LOGS: lambda: {one.id: one for one in day.logs if team in (None, one.team)},
        SEALS: lambda: {str(at): links[at] for at in range(len(links) - 1, -1, -1)},
        REVISIONS: lambda: {str(at): one for at, one in enumerate(revisions)},
    }
    return all_of[here]()


class Known:
    """One audited day by ids, made once for each that is read: a day has tens of thousands of calls, and is drawn
    every second."""

    def __init__(self, day: DayAudit) -> None:
        self.day = day
        self._calls = {one.id: one for one in day.calls}
        self._log_of = {one.call_id: one for one in day.logs if one.call_id}
        self._discrepancies = {one.id: one for one in day.discrepancies}
        self._people: dict[str, SpecialistFigures] = {one.name: one for one in day.specialists}
        self._around: tuple[str, Sequence[AuditedCall]] = ("", ())

    def discrepancy(self, item: str) -> Discrepancy | None:
        """Return the discrepancy about a call or a log, None where it is none."""
        return self._discrepancies.get(item)

    def item(self, row: Row, one: Discrepancy | None, ways: Sequence[Correction]) -> Item:
        """Return a row with all that is known beside it; `one`: its discrepancy as it stands now."""
        call: AuditedCall | None
        log: AuditedLog | None
        if isinstance(row, AuditedCall):
            call, log, at_us = row, self._log_of.get(row.id), row.started_us
        elif isinstance(row, AuditedLog):
            call, log, at_us = self._calls.get(row.call_id or ""), row, row.at_us
        else:
            call, log, at_us = row.call, row.log, row.at_us
        if self._around[0] != row.id:
            self._around = (row.id, around(self.day.calls, row.specialist, at_us))
        figures = self._people.get(row.specialist)
        return Item(
            row.id, at_us, row.specialist, row.team, row.class_, one, call, log, figures, ways, self._around[1]
        )  # fmt: skip
