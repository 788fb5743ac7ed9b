"""What the further screens of mode 5 share: each stands on top of whatever opened it, over a snapshot of its own beside
that of the mode; esc goes back to what is below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from screens.live import LiveScreen
from screens.widgets.cells import Cell
from screens.widgets.line import Lines

if TYPE_CHECKING:
    from screens.widgets.header import About
    from supervisor.duties.discipline.snapshots import DisciplineSnapshot

P = TypeVar("P")

RULE = Cell("─", "faint")
Line = tuple[list[Cell], list[Cell]]


class Seen(NamedTuple, Generic[P]):
    """The floor as the mode sees it, and what this screen is about."""

    floor: DisciplineSnapshot
    it: P


class PushedScreen(LiveScreen[Seen[P]]):
    """A further screen: `HEAD` is the title of its list while nothing has been read."""

    MODE = "discipline"
    HEAD = ""
    CSS_PATH = Path(__file__).with_name("pages.tcss")

    def about(self, snapshot: Seen[P]) -> About:
        return snapshot.floor

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self.query_one("#title", Lines).show(([Cell("── ", "faint"), Cell(f"{self.HEAD} ", "title")], []))

    def step_back(self) -> None:
        if self.has_class("-zoomed") or self.listing.filtered or self.team is not None:
            super().step_back()
        else:
            self.app.pop_screen()
