"""THE table of modes: digit, id, word and screen. A mode is one line here; one that is not built does not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.widgets.cells import Cell

if TYPE_CHECKING:
    from textual.screen import Screen


class Mode(NamedTuple):
    """One mode: the digit that opens it, its id, the word it is called by, and its screen as "module:class", imported
    when the mode is first opened."""

    digit: str
    id: str
    word: str
    screen: str

    def make(self) -> Screen[None]:
        """Return a new screen of this mode."""
        module, _, name = self.screen.partition(":")
        made: Screen[None] = getattr(import_module(module), name)()
        return made


MODES: tuple[Mode, ...] = (
    Mode("1", "floor", "floor", "screens.floor.screen:FloorScreen"),
    Mode("2", "followups", "follow-ups", "screens.followups.screen:FollowupsScreen"),
    Mode("3", "orders", "orders", "screens.orders.screen:OrdersScreen"),
    Mode("4", "onboarding", "onboarding", "screens.onboarding.screen:OnboardingScreen"),
    Mode("5", "discipline", "discipline", "screens.discipline.screen:DisciplineScreen"),
    Mode("8", "audit", "audit", "screens.audit.screen:AuditScreen"),
)
HOME = "floor"
"""The mode the console opens with."""


def by_id(mode: str) -> Mode:
    """Return the mode called `mode`."""
    return next(one for one in MODES if one.id == mode)


def others() -> Mapping[str, Callable[[], Screen[Any]]]:
    """Return what makes the screen of each mode but the home, by id."""
    return {mode.id: mode.make for mode in MODES if mode.id != HOME}


def named(here: str) -> list[Cell]:
    """Return the modes for the footer, the present one brighter; nothing while there is but one."""
    if len(MODES) < 2:
        return []
    cells = [Cell(f"{mode.digit} {mode.word}", "strong" if mode.id == here else "quiet") for mode in MODES]
    return [part for cell in cells for part in (Cell("  "), cell)][1:]


def digits(here: str) -> list[Cell]:
    """Return the modes for the footer of a narrow screen: only the present one by its word; nothing while there is but
    one."""
    if len(MODES) < 2:
        return []
    cells = [
        Cell(f"{mode.digit} {mode.word}", "strong") if mode.id == here else Cell(mode.digit, "quiet") for mode in MODES
    ]
    return [part for cell in cells for part in (Cell(" "), cell)][1:]
