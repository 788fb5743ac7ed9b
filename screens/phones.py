"""What came of an act on a phone, told in the last line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desks.calls import CallsDesk
    from screens.fresh import FreshScreen

ANSWER_EVERY_S = 0.2
PATIENCE_S = 30.0
"""How long the console waits for an answer at most; the command itself has expired long before."""


async def follow(screen: FreshScreen[Any], desk: CallsDesk, command: int, doing: str) -> None:
    """Tell what the collector answers to a command; `doing` says in safe words what is being done."""
    screen.tell(f"{doing} …")
    waited = 0.0
    while waited < PATIENCE_S:
        if (answer := await asyncio.to_thread(desk.answer, command)) is not None:
            done = answer.done
            screen.tell(f"{'●' if done else '✕'} {doing}: {safe(answer.detail, 200)}", "good" if done else "act")
            return
        await asyncio.sleep(ANSWER_EVERY_S)
        waited += ANSWER_EVERY_S
    screen.tell("✕ No collector answered: is `supervisor collect` running?", "act")
