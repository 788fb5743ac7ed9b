"""Flags and merits by hand: one key writes one, from any row that is a specialist's."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.fresh import FreshScreen

ASKED = {"other": "what was seen?", "merit": "what was done well?"}
"""What is asked of the rules that say nothing by themselves; the others are written down at once."""


def by_hand(screen: FreshScreen[Any], specialist_id: int, name: str, rule: str) -> None:
    """Write a flag of `rule` (a code of findings.BY_HAND, or merit) down for a specialist, and tell it; the last act
    undone takes it back."""
    if rule not in ASKED:
        _write(screen, specialist_id, rule, "")
        return
    from screens.widgets.prompt import Prompt  # as dialogs, not wanted for the first frame

    title = f"{safe(name, 40)}: {ASKED[rule]}"
    screen.app.push_screen(Prompt(title, lambda text: _write(screen, specialist_id, rule, text)))


def _write(screen: FreshScreen[Any], specialist_id: int, rule: str, note: str) -> None:
    async def doing(_: Desk) -> None:
        said = await screen.done(lambda desk: desk.discipline.raise_by_hand(specialist_id, rule, note))
        if said:
            key = screen.hints("undo")[0].text.strip()
            screen.tell(f"● {safe(said, 160)}   {key} undoes it", "good")

    screen.beside(doing)


def of_whom(screen: FreshScreen[Any], people: Collection[tuple[int, str, str]], rule: str) -> None:
    """Ask who of `people` (specialist id, name, team) it is about, where no row says so."""
    from screens.widgets.dialogs import Option
    from screens.widgets.prompt import Prompt
    from supervisor.duties.discipline.findings import WORDS

    names = {str(one): name for one, name, _ in people}
    if not names:
        screen.tell("Nobody is in the roster: supervisor import roster FILE", "watch")
        return
    options = [Option(str(one), safe(name, 40), safe(team, 30)) for one, name, team in people]
    title = f"{WORDS[rule].capitalize()}: whose?"
    screen.app.push_screen(Prompt(title, lambda one: by_hand(screen, int(one), names[one], rule), options=options))
