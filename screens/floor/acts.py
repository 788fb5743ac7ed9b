"""What a supervisor does from the floor alone: acts on phones, and adopting unknown ones.

Each says what came of it, or why it cannot be done. Questions are imported when one is asked, the first frame needs
none.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desks.calls import CallsDesk
    from screens.floor.screen import FloorScreen
    from supervisor.duties.calls import SpecialistLine

PHONE_KEYS = {"listen": "listen", "whisper": "whisper", "barge": "barge", "hang-up": "hang_up", "dial": "dial"}
"""Binding id -> the action as a source names it."""

VERBS = {
    "listen": "Listening to",
    "whisper": "Whispering to",
    "barge": "Joining",
    "hang_up": "Hanging up",
    "dial": "Dialling for",
}
_NUMBER = re.compile(r"\+?[0-9*#]{2,20}\Z")
_WRITTEN = re.compile(r"[\s()/.\-]")


def reasons(screen: FloorScreen) -> Mapping[str, str]:
    """Return by binding id why a key can do nothing on the marked row now."""
    line, desk = screen.marked, screen.desk
    if line is None or desk is None:
        return dict.fromkeys((*PHONE_KEYS, "adopt"), "no row is marked")
    found = {name: safe(why) for name, action in PHONE_KEYS.items() if (why := desk.calls.refusal(line, action))}
    if line.specialist_id is not None:
        found["adopt"] = f"{safe(line.name)} is known already"
    return found


def phone(screen: FloorScreen, action: str) -> None:
    """Ask the collector for an act on the phone of the marked row, and tell what came of it."""
    line, desk = screen.marked, screen.desk
    if line is None or desk is None:
        screen.tell("No row is marked.", "watch")
    elif why := desk.calls.refusal(line, action):
        screen.tell(f"{safe(why)}.", "watch")
    else:
        screen.beside(lambda desk: _phone(screen, desk.calls, line, action))


async def _phone(screen: FloorScreen, desk: CallsDesk, line: SpecialistLine, action: str) -> None:
    from screens import phones
    from screens.widgets.dialogs import Ask, Choice

    name, number = safe(line.name, 40), None
    if action == "hang_up":
        whom = f" with {safe(line.with_whom, 30)}" if line.with_whom else ""
        if not await screen.app.push_screen_wait(
            Ask("Hang up?", f"Ends at once: the call of {name}{whom}.", "hang up")
        ):
            return
    if action == "dial":
        typed = await screen.app.push_screen_wait(Choice(f"Dial from the phone of {name}", (), new="number to dial"))
        if typed is None:
            return
        number = _WRITTEN.sub("", typed)
        if not _NUMBER.match(number):
            screen.tell(f"{safe(typed, 30)} is not a number: digits, with + before a country.", "watch")
            return
    command = await asyncio.to_thread(desk.command, line, action, number)
    await phones.follow(screen, desk, command, f"{VERBS[action]} {name}")


def flag(screen: FloorScreen, rule: str) -> None:
    """Write a flag or a merit down for the specialist of the marked row; where none is marked, ask whose."""
    from screens.discipline.by_hand import by_hand, of_whom

    line = screen.marked
    if line is None:
        lines = screen.snapshot.specialists if screen.snapshot else ()
        people = [(one.specialist_id, one.name, one.team) for one in lines if one.specialist_id is not None]
        of_whom(screen, people, rule)
    elif line.specialist_id is None:
        screen.tell(f"Nobody knows whose phone {safe(line.name, 30)} is: a says whose.", "watch")
    else:
        by_hand(screen, line.specialist_id, line.name, rule)


def adopt(screen: FloorScreen) -> None:
    """Ask whose phone the marked unknown identity is: a specialist, or a new name."""
    line = screen.marked
    if line is None:
        screen.tell("No row is marked.", "watch")
    elif line.specialist_id is not None:
        screen.tell(f"{safe(line.name)} is known already; only rows marked ▲ are adopted.", "watch")
    else:
        screen.beside(lambda desk: _adopt(screen, desk.calls, line))


async def _adopt(screen: FloorScreen, desk: CallsDesk, line: SpecialistLine) -> None:
    from screens.widgets.dialogs import Choice, Option

    names = await asyncio.to_thread(desk.names)
    teams = {known.name: known.team for known in screen.snapshot.specialists} if screen.snapshot else {}
    options = [Option(name, safe(name), safe(teams.get(name, ""))) for name in names]
    question = Choice(f"Whose phone is {safe(line.name, 30)}?", options, new="a specialist's name, or a new one")
    name = await screen.app.push_screen_wait(question)
    if name is not None:
        await screen.done(lambda desk: desk.calls.adopt(line.identity_ids, name))
