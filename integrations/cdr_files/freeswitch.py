"""What FreeSWITCH's words mean in ours."""

from __future__ import annotations

from integrations.provider import Direction, Outcome

_CAUSES = {
    "USER_BUSY": Outcome.BUSY,
    "NO_ANSWER": Outcome.NO_ANSWER,
    "NO_USER_RESPONSE": Outcome.NO_ANSWER,
    "ALLOTTED_TIMEOUT": Outcome.NO_ANSWER,
    "PROGRESS_TIMEOUT": Outcome.NO_ANSWER,
    "ORIGINATOR_CANCEL": Outcome.CANCELLED,
    "LOSE_RACE": Outcome.CANCELLED,
    "PICKED_OFF": Outcome.CANCELLED,
    "NORMAL_CLEARING": Outcome.CANCELLED,
    "NORMAL_UNSPECIFIED": Outcome.CANCELLED,
}
"""Hang-up causes of legs that met nobody. Any other is a failure: a bad number, a refusal, a dead trunk."""


def outcome_of(cause: str, answered: bool, direction: Direction) -> Outcome:
    """Return what came of a leg. An inbound one that nobody took is missed, however the caller gave up."""
    if answered:
        return Outcome.ANSWERED
    outcome = _CAUSES.get(cause, Outcome.FAILED if cause else Outcome.UNKNOWN)
    if direction is Direction.INBOUND and outcome in (Outcome.NO_ANSWER, Outcome.CANCELLED):
        return Outcome.MISSED
    return outcome
