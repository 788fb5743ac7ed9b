"""Why an act is not done: known before it is asked for, without the store."""

from __future__ import annotations

from integrations.provider import Action, State
from supervisor.duties.calls.snapshots import SpecialistLine

ON_A_CALL = frozenset({Action.LISTEN, Action.WHISPER, Action.BARGE, Action.HANG_UP})
"""Acts on one call: meant for that call alone."""
NEEDS_PHONE = frozenset({Action.LISTEN, Action.WHISPER, Action.BARGE})
"""Acts for which the supervisor's own phone rings."""
_ALIVE = frozenset({State.RINGING, State.TALKING, State.HELD})
_TALKING = frozenset({State.TALKING, State.HELD})


class RefusedError(Exception):
    """An act that is not done. The message says why, in words for the person who asked."""


def refusal(line: SpecialistLine, action: str, number: str | None, my_phone: str) -> str | None:
    """Return why `action` cannot be done on the phone of `line`; None where it can be tried."""
    doing = action.replace("_", " ")
    if not line.agent:
        return f"{line.name} has no phone"
    if action not in line.actions:
        return f"{line.source} does not let us {doing}: no control account is configured, or it cannot do it"
    if action in NEEDS_PHONE and not my_phone:
        return f"to {doing}, your own phone must be known: set console.my_phone in the configuration"
    if action in NEEDS_PHONE and line.state not in _TALKING:
        return f"{line.name} is not talking: there is nothing to {doing} to"
    if action == Action.HANG_UP and line.state not in _ALIVE:
        return f"{line.name} is not on a call"
    if action == Action.DIAL and not number:
        return "a number to dial is needed"
    if action == Action.DIAL and line.state in _ALIVE:
        return f"{line.name} is on a call"
    return None
