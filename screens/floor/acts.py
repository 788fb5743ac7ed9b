"""What a supervisor does from the floor: acts on phones, adopting, undoing, copying, exporting.

Each says what came of it, or why it cannot be done.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from screens import export
from screens.floor import overview, present
from screens.widgets.dialogs import Ask, Choice, Option
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
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
ANSWER_EVERY_S = 0.2
PATIENCE_S = 30.0
"""How long the console waits for an answer at most; the command itself has expired long before."""


def reasons(screen: FloorScreen) -> Mapping[str, str]:
    """Return by binding id why a key can do nothing on the marked row now."""
    line, desk = screen.board.item, screen.desk
    if line is None or desk is None:
        return dict.fromkeys((*PHONE_KEYS, "adopt"), "no row is marked")
    found = {name: safe(why) for name, action in PHONE_KEYS.items() if (why := desk.refusal(line, action))}
    if line.specialist_id is not None:
        found["adopt"] = f"{safe(line.name)} is known already"
    return found


def _act(screen: FloorScreen, doing: Callable[[Desk], Awaitable[None]]) -> None:
    """Run an act beside the screen; a failure is told in words and ends nothing."""
    desk = screen.desk
    if desk is None:
        screen.tell("The store is not open yet.", "watch")
        return

    async def run() -> None:
        try:
            await doing(desk)
        except Exception as error:
            screen.tell(f"✕ {overview.sentence(error)}", "act")

    screen.run_worker(run(), name="act", group="acts", exit_on_error=False)


def phone(screen: FloorScreen, action: str) -> None:
    """Ask the collector for an act on the phone of the marked row, and tell what came of it."""
    line, desk = screen.board.item, screen.desk
    if line is None or desk is None:
        screen.tell("No row is marked.", "watch")
    elif why := desk.refusal(line, action):
        screen.tell(f"{safe(why)}.", "watch")
    else:
        _act(screen, lambda desk: _phone(screen, desk, line, action))


async def _phone(screen: FloorScreen, desk: Desk, line: SpecialistLine, action: str) -> None:
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
    screen.tell(f"{VERBS[action]} {name} …")
    waited = 0.0
    while waited < PATIENCE_S:
        if (answer := await asyncio.to_thread(desk.answer, command)) is not None:
            done = answer.done
            screen.tell(
                f"{'●' if done else '✕'} {VERBS[action]} {name}: {safe(answer.detail, 200)}", "good" if done else "act"
            )
            return
        await asyncio.sleep(ANSWER_EVERY_S)
        waited += ANSWER_EVERY_S
    screen.tell("✕ No collector answered: is `supervisor collect` running?", "act")


def adopt(screen: FloorScreen) -> None:
    """Ask whose phone the marked unknown identity is: a specialist, or a new name."""
    line = screen.board.item
    if line is None:
        screen.tell("No row is marked.", "watch")
    elif line.specialist_id is not None:
        screen.tell(f"{safe(line.name)} is known already; only rows marked ▲ are adopted.", "watch")
    else:
        _act(screen, lambda desk: _adopt(screen, desk, line))


async def _adopt(screen: FloorScreen, desk: Desk, line: SpecialistLine) -> None:
    names = await asyncio.to_thread(desk.names)
    teams = {known.name: known.team for known in screen.snapshot.specialists} if screen.snapshot else {}
    options = [Option(name, safe(name), safe(teams.get(name, ""))) for name in names]
    question = Choice(f"Whose phone is {safe(line.name, 30)}?", options, new="a specialist's name, or a new one")
    name = await screen.app.push_screen_wait(question)
    if name is not None:
        screen.tell(f"● {safe(await asyncio.to_thread(desk.adopt, line.identity_ids, name))}", "good")
        screen.wake()


def undo(screen: FloorScreen) -> None:
    """Undo this person's last act."""

    async def doing(desk: Desk) -> None:
        done = await asyncio.to_thread(desk.undo)
        screen.tell(f"● {safe(done)}" if done else "There is nothing to undo.", "good" if done else "text")
        screen.wake()

    _act(screen, doing)


def copy(screen: FloorScreen) -> None:
    """Copy the number of the call, else the whole row, to the terminal's clipboard (OSC 52)."""
    line = screen.board.item
    if line is None:
        screen.tell("No row is marked.", "watch")
        return
    if line.with_whom and str(line.state) in present.ALIVE:
        text = safe(line.with_whom)
    else:
        shown = screen.board.cells(line)
        text = "\t".join(
            shown[column.id].text.strip() for column in screen.board.columns if shown[column.id].text.strip()
        )
    screen.app.copy_to_clipboard(text)
    screen.tell(f"Copied: {safe(text.replace(chr(9), '  '), 80)}")


def export_shown(screen: FloorScreen) -> None:
    """Write the rows shown, in their order, to a CSV file."""
    board, zone = screen.board, screen.zone
    if zone is None or not board.keys:
        screen.tell("There is nothing to export.", "watch")
        return
    heads, rows = overview.table(board.items, zone)
    name = datetime.fromtimestamp(screen.console_app.clock() / 1e6, zone).strftime("floor-%Y%m%d-%H%M%S.csv")

    async def doing(_: Desk) -> None:
        path = await asyncio.to_thread(
            lambda: export.write(screen.console_app.exports(), name, export.csv_text(heads, rows))
        )
        screen.tell(f"● {len(rows)} rows written to {safe(path)}", "good")

    _act(screen, doing)
