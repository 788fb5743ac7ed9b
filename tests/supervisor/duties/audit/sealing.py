"""Audits made by hand, of a day that is over and explained, to be sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from supervisor.duties.audit.snapshots import (
    ACCEPTED,
    CALL_CLASSES,
    LOG_CLASSES,
    AuditedCall,
    AuditedLog,
    DayAudit,
    Discrepancy,
    SpecialistFigures,
    Totals,
)
from tests.supervisor.duties.selling import NOW, S

DAY = 20261120
BEGAN = NOW - 3 * 86_400 * S  # 11:00 on that day


def call(group: str = "a", **told: Any) -> AuditedCall:
    """An effective call of Anna's with Baltic, matched unless `told` otherwise."""
    made = AuditedCall(
        id=f"call:pbx:{group}", class_="matched", specialist_id=1, specialist="Anna", team="North", customer_id=7,
        company="Baltic", number="+491", direction="outbound", started_us=BEGAN, ended_us=BEGAN + 65 * S,
        talk_ms=60_000, outcome="answered", dial=True, connected=True, effective=True, entry_id=3, why="",
    )  # fmt: skip
    return replace(made, **told)


def log(entry_id: int = 3, **told: Any) -> AuditedLog:
    """The log of that call."""
    made = AuditedLog(
        id=f"log:{entry_id}", class_="matched", entry_id=entry_id, specialist_id=1, specialist="Anna", team="North",
        customer_id=7, company="Baltic", channel="call", at_us=BEGAN, claimed_ms=60_000, outcome="asked for the price",
        note="call again on Monday", accepted_by="", call_id="call:pbx:a", why="",
    )  # fmt: skip
    return replace(made, **told)


def figures(id_: int | None = 1, name: str = "Anna", **told: Any) -> SpecialistFigures:
    """What Anna did."""
    made = SpecialistFigures(
        specialist_id=id_, name=name, team="North", attendance="present", dials=2, connected=2, effective=2,
        talk_ms=120_000, quota=7.5, shortfall=5.5, contacts_logged=1, contacts_matched=1, first_us=BEGAN,
        last_us=BEGAN + 3600 * S, longest_gap_ms=3_000_000, flags=("idle", "behind_quota"), open=0,
    )  # fmt: skip
    return replace(made, **told)


def unlogged(group: str = "b", **told: Any) -> Discrepancy:
    """A call that nobody logged, accepted."""
    one = call(group, class_="unlogged", entry_id=None)
    made = Discrepancy(
        id=one.id, class_="unlogged", specialist_id=1, specialist="Anna", team="North", company="Baltic", number="+491",
        at_us=BEGAN, why="nobody wrote it down", call=one, log=None, state=ACCEPTED, decided_why="in a hurry",
        decided_by="boss",
    )  # fmt: skip
    return replace(made, **told)


def audit(**told: Any) -> DayAudit:
    """The audit of DAY: one call matched, one that nobody logged."""
    classes = dict.fromkeys(CALL_CLASSES, 0) | {"matched": 1, "unlogged": 1}
    made = DayAudit(
        day=DAY, now_us=NOW, floor="Floor", time_zone="Europe/Berlin", shift_elapsed=1.0, sources=(), over=True,
        balanced=True, residue=(),
        totals=Totals(legs=2, calls=2, dials=2, connected=2, effective=2, talk_ms=120_000, contacts=1),
        call_classes=classes, log_classes=dict.fromkeys(LOG_CLASSES, 0) | {"matched": 1},
        specialists=(figures(), figures(None, "pbx:1009", dials=0, effective=0, connected=0, flags=())),
        discrepancies=(unlogged(),), calls=(call(), call("b", class_="unlogged", entry_id=None)), logs=(log(),),
        signed=None, teams=("North",),
    )  # fmt: skip
    return replace(made, **told)
