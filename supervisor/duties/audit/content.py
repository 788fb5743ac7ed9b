"""What of an audit is sealed: its canonical content. Pure.

The same day is always the same text, in whatever order it was read and whenever. Of people and customers it says which
ones; their names are there for words alone, and another name is no revision. Words of rules are left out: a better
sentence is none either. So are flags, which go on living after a day is signed and keep their own trace.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from supervisor.duties.audit.snapshots import (
    AuditedCall,
    AuditedLog,
    DayAudit,
    Discrepancy,
    SpecialistFigures,
    Totals,
)

TABLES: dict[str, tuple[str, ...]] = {
    "specialists": (
        "id", "name", "attendance", "dials", "connected", "effective", "talk_ms", "quota_thousandths",
        "shortfall_thousandths", "contacts_logged", "contacts_matched", "first_us", "last_us", "longest_gap_ms",
    ),
    "discrepancies": ("id", "class", "state", "decided_by", "decided_why"),
    "calls": (
        "id", "class", "whose", "customer_id", "number", "direction", "started_us", "ended_us", "talk_ms", "outcome",
        "dial", "connected", "effective", "entry_id",
    ),
    "logs": (
        "id", "class", "whose", "customer_id", "channel", "at_us", "claimed_ms", "outcome", "note", "accepted_by",
        "call_id",
    ),
}  # fmt: skip
"""The tables of the content and their columns; a row's first column tells it apart. `whose`: the id of a specialist,
source:agent of an unknown phone, "" nobody."""


def canonical(audit: DayAudit) -> str:
    """Return what is sealed of a whole day as JSON in ASCII: keys sorted, rows by their ids, whole numbers alone (ms,
    us, thousandths). Independent of the moment it is asked at, and of every order."""
    return json.dumps(content_of(audit), sort_keys=True, separators=(",", ":"))


def content_of(audit: DayAudit) -> dict[str, Any]:
    """Return what `canonical` writes, as reading that text anew gives it."""
    return {
        "day": audit.day,
        "totals": {name: getattr(audit.totals, name) for name in Totals.__slots__},
        "classes": {"calls": dict(audit.call_classes), "logs": dict(audit.log_classes)},
        "columns": {name: list(columns) for name, columns in TABLES.items()},
        "specialists": _rows([_specialist(one) for one in audit.specialists]),
        "discrepancies": _rows([_discrepancy(one) for one in audit.discrepancies]),
        "calls": _rows([_call(one) for one in audit.calls]),
        "logs": _rows([_log(one) for one in audit.logs]),
    }


def _rows(rows: list[list[Any]]) -> list[list[Any]]:
    return sorted(rows, key=lambda row: str(row[0]))


def _whose(specialist_id: int | None, name: str) -> int | str:
    return name if specialist_id is None else specialist_id


def _specialist(one: SpecialistFigures) -> list[Any]:
    return [
        _whose(one.specialist_id, one.name), one.name, one.attendance, one.dials, one.connected, one.effective,
        one.talk_ms, _thousandths(one.quota), _thousandths(one.shortfall), one.contacts_logged, one.contacts_matched,
        one.first_us, one.last_us, one.longest_gap_ms,
    ]  # fmt: skip


def _thousandths(value: float) -> int:
    return round(value * 1000)


def _discrepancy(one: Discrepancy) -> list[Any]:
    return [one.id, one.class_, one.state, one.decided_by, one.decided_why]


def _call(one: AuditedCall) -> list[Any]:
    return [
        one.id, one.class_, _whose(one.specialist_id, one.specialist), one.customer_id, one.number, one.direction,
        one.started_us, one.ended_us, one.talk_ms, one.outcome, one.dial, one.connected, one.effective, one.entry_id,
    ]  # fmt: skip


def _log(one: AuditedLog) -> list[Any]:
    return [
        one.id, one.class_, _whose(one.specialist_id, one.specialist), one.customer_id, one.channel, one.at_us,
        one.claimed_ms, one.outcome, one.note, one.accepted_by, one.call_id,
    ]  # fmt: skip


def read_table(content: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """Return a table of a content by the ids of its rows, each by column."""
    columns: Sequence[str] = content["columns"][name]
    return {str(row[0]): dict(zip(columns, row, strict=True)) for row in content[name]}
