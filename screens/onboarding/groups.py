"""Steps put together by who serves, by who is waited for, or by customer: a heading each, then its steps. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.onboarding.present import Heading, Row, level, step_text

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import OnboardingSnapshot, StepLine

URGENCY, ASSISTANT, PARTY, CUSTOMER = "", "assistant", "waiting party", "customer"
GROUPINGS = (URGENCY, ASSISTANT, PARTY, CUSTOMER)
"""What the steps can be grouped by, in the order of the key; the first: by nothing, the most urgent first."""
NOBODY = "nobody"


def steps(lines: Sequence[StepLine], team: str | None = None, *, inside: bool = False) -> dict[str, Row]:
    """Return the rows of steps by key, of one team or all; `inside`: they stand in groups."""
    return {line.key: Row(line, inside) for line in lines if team in (None, line.team)}


def rows(snapshot: OnboardingSnapshot, team: str | None, by: str) -> dict[str, Row]:
    """Return the rows of the list by key: steps of one team or all, the most urgent first; grouped `by` one of
    GROUPINGS, the group with the most urgent step first."""
    found = steps(snapshot.steps, team, inside=by != URGENCY)
    if by == URGENCY:
        return found
    grouped: dict[tuple[str, str], dict[str, Row]] = {}
    for key, row in found.items():
        if row.line is not None:
            grouped.setdefault(_group(row.line, by), {})[key] = row
    held = {(party.name or party.role, party.role): party.held_ms for party in snapshot.parties}
    shown: dict[str, Row] = {}
    for (name, role), members in grouped.items():
        lines = [row.line for row in members.values() if row.line is not None]
        held_ms = held.get((name, role), 0) if by == PARTY else 0
        shown[f"{by}:{role}:{name}"] = Row(None, heading=_heading(name, role, lines, held_ms, snapshot.day))
        shown |= members
    return shown


def _group(line: StepLine, by: str) -> tuple[str, str]:
    """Return the name of the group a step belongs to and, of a party, its role: of several that are waited for, the
    first."""
    if by == ASSISTANT:
        return line.assistant or NOBODY, ""
    if by == CUSTOMER:
        return line.company, ""
    role = line.waiting_roles[0] if line.waiting_roles else line.role
    return (line.waiting_on[0] if line.waiting_on else role), role


def _heading(name: str, role: str, lines: Sequence[StepLine], held_ms: int, today: int) -> Heading:
    levels = [level(line, today) for line in lines]
    return Heading(
        name,
        role if role != name else "",
        len(lines),
        levels.count("act"),
        levels.count("watch"),
        max(line.overdue_ms for line in lines),
        held_ms,
        " ".join((name, *map(step_text, lines))),
    )
