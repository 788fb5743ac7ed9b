"""Panel d of the floor: the newest flags that wait for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from screens.discipline import present
from screens.discipline.lists import counted
from screens.floor.panels import Panel
from screens.keys import BY_ID, Key
from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import number

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.floor.screen import FloorScreen
    from supervisor.duties.discipline.snapshots import FlagLine, FlagsPanel

MODE = "discipline"
WIDE = 78

_NARROW = (
    Column("mark", "", 1, gap=0),
    Column("short", "", 8),
    Column("who", "", 9),
    Column("at", "", 6),
    Column("words", "", 8, grow=60),
)


def columns(width: int) -> Sequence[Column]:
    """Return the panel's columns; where it has the screen, those of the mode."""
    return present.fitting(present.OPEN_COLUMNS)(width) if width >= WIDE else _NARROW


class FlagsOnFloor(Panel["FlagsPanel", "FlagLine"]):
    """The flags that wait, newest first; enter goes to mode 5 with the flag marked."""

    id = MODE

    def __init__(self) -> None:
        self._today = 19700101

    @property
    def key(self) -> Key:
        return BY_ID["panel-discipline"]

    def shape(self) -> Shape[FlagLine]:
        return present.shape(columns, lambda: self._today, lambda: self.zone)

    def read(self, desk: Desk) -> FlagsPanel:
        return desk.discipline.panel()

    def rows(self, snapshot: FlagsPanel) -> Mapping[str, FlagLine]:
        self._today = snapshot.day
        return {line.key: line for line in snapshot.open if line.kind == "flag"}

    def title(self, snapshot: FlagsPanel | None) -> Sequence[Cell]:
        if snapshot is None:
            return [Cell("Flags", "title")]
        counts = snapshot.counts
        loud = [Cell(f"  {MARKS['act']} {counts.high} high", "act")] if counts.high else []
        return [Cell(f"Flags · {number(counts.open)} open", "title"), *loud]

    def counts(self, snapshot: FlagsPanel | None) -> Sequence[Cell]:
        if snapshot is None:
            return [Cell("flags", "quiet")]
        return [Cell("flags ", "quiet"), *counted(snapshot.counts, "  ")]

    def empty(self) -> Sequence[str]:
        return (f"{MARKS['good']} No flag waits for a decision.",)

    def choose(self, screen: FloorScreen, item: FlagLine) -> None:
        """Go to mode 5 with the flag marked."""

        async def go() -> None:
            from screens.discipline.screen import DisciplineScreen

            await screen.app.switch_mode(MODE)
            if isinstance(there := screen.app.screen, DisciplineScreen):
                there.open_flag(item.key)

        screen.run_worker(go(), name="go", group="go", exclusive=True)
