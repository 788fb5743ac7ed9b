"""What every rule ends with: a finding about a person, its evidence kept short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from supervisor.duties.discipline.findings import Evidence, Finding
from supervisor.duties.discipline.seen import CallSeen, PersonDay

_CALLS = 20
"""Calls that an evidence names at most."""


def raised(
    person: PersonDay, rule: str, at_us: int, severity: int, evidence: Evidence, subject: str = "",
    excuses: tuple[str, ...] = (),
) -> Finding:  # fmt: skip
    """Return what `rule` found of `person`."""
    whose = (person.specialist_id, person.identity_id)
    return Finding(rule, *whose, person.day, subject, at_us, severity, evidence, excuses)


def proof(words: str, calls: Iterable[CallSeen], figures: Mapping[str, int | float | str], base: str = "") -> Evidence:
    """Return an evidence with the ids of the first 20 of `calls`, the most telling one first."""
    return Evidence(words, tuple(call.id for call in calls)[:_CALLS], figures, base)
