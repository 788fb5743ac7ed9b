"""Further panels of the floor: each a list of its own beside the calls, or one line of counts where there is no room.

A panel is one class here or in the room of its duty, one line in `PANELS`, and the key of its letter in screens.keys.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.keys import Key, shown
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from screens.widgets.shape import Shape
from screens.widgets.words import sentence

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.floor.screen import FloorScreen

P = TypeVar("P")
T = TypeVar("T")

RULE = Cell("─", "faint")


class Panel(ABC, Generic[P, T]):
    """One panel: reads a frozen snapshot `P` and shows items `T`. It holds no state; a PanelView does.

    `id` names it; `key` is its letter, a line of screens.keys with the action panel('ID') and the place floor; `heads`
    says whether its columns have heads, `footer` which keys the last line names while it has the focus. `zone` is the
    floor's, known before the first rows are asked for."""

    id: ClassVar[str]
    heads: ClassVar[bool] = False
    footer: ClassVar[Sequence[str]] = ("open",)
    zone: tzinfo = UTC

    @property
    @abstractmethod
    def key(self) -> Key:
        """The key that goes to it."""

    @abstractmethod
    def shape(self) -> Shape[T]:
        """Return what its board shows of an item."""

    @abstractmethod
    def read(self, desk: Desk) -> P:
        """Return its snapshot of now. Called in a thread: it may block, and touches no widget."""

    @abstractmethod
    def rows(self, snapshot: P) -> Mapping[str, T]:
        """Return its items by key, in their order."""

    @abstractmethod
    def title(self, snapshot: P | None) -> Sequence[Cell]:
        """Return the words of its title with its count; None while nothing has been read."""

    @abstractmethod
    def counts(self, snapshot: P | None) -> Sequence[Cell]:
        """Return its line where there is no room for its list."""

    @abstractmethod
    def empty(self) -> Sequence[str]:
        """Return what stands where there is no row: what will be here and what to do."""

    @abstractmethod
    def choose(self, screen: FloorScreen, item: T) -> None:
        """Do what enter does on a row."""


PANELS: tuple[str, ...] = (
    "screens.followups.panel:FollowupsOnFloor",
    "screens.onboarding.panel:OnboardingOnFloor",
    "screens.discipline.panel:FlagsOnFloor",
)
"""The panels beside the calls, from above to below, as "module:class"."""


def made() -> tuple[Panel[Any, Any], ...]:
    """Return the panels of PANELS."""
    places = (name.partition(":") for name in PANELS)
    return tuple(getattr(import_module(module), name)() for module, _, name in places)


class PanelView(Vertical):
    """A panel on the screen: its title and its board, and the last snapshot it read."""

    def __init__(self, panel: Panel[Any, Any]) -> None:
        super().__init__(id=f"panel-{panel.id}", classes="panel")
        self.panel = panel
        self.snapshot: Any = None
        self._shown: Any = None
        self.failed = ""
        self.board: Board[Any] = Board(panel.shape(), heads=panel.heads, id=panel.id)

    def compose(self) -> ComposeResult:
        yield Lines(fill=RULE)
        self.board.say("Reading the store …")
        yield self.board

    async def read(self, desk: Desk) -> bool:
        """Read its snapshot and return whether it is another one; a failure is its own and is told in its title, and
        the last snapshot stays."""
        before = self.snapshot, self.failed
        try:
            self.snapshot, self.failed = await asyncio.to_thread(self.panel.read, desk), ""
        except Exception as error:
            self.failed = sentence(error)
        return self.snapshot is not before[0] or self.failed != before[1]

    def draw(self, screen: FloorScreen, now_us: int) -> None:
        """Bring it up to date."""
        self.panel.zone = screen.zone or UTC
        if self.snapshot is not self._shown:  # making the cells of a list anew costs more than all the rest
            self._shown = self.snapshot
            self.board.say(*self.panel.empty())
            self.board.show(self.panel.rows(self.snapshot), now_us)
        letter = [Cell(shown(self.panel.key, screen.console_app.remapped), "key")]
        self.query_one(Lines).show(
            screen.title_line(self.board, [*self.panel.title(self.snapshot), *self._trouble()], letter)
        )

    def counts(self, screen: FloorScreen) -> tuple[list[Cell], list[Cell]]:
        """Return its one line for a narrow screen."""
        letter = [Cell(shown(self.panel.key, screen.console_app.remapped), "key")]
        return [*letter, Cell(" "), *self.panel.counts(self.snapshot), *self._trouble()], []

    def _trouble(self) -> list[Cell]:
        return [Cell(f"  ✕ {self.failed}", "act")] if self.failed else []
