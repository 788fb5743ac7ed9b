"""The flags of the day that had happened by the minute shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.discipline.panel import FlagsOnFloor
from screens.themes import MARKS
from screens.widgets.cells import Cell
from screens.widgets.words import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.floor.screen import FloorScreen
    from supervisor.duties.discipline.snapshots import FlagLine, FlagsPanel


class FlagsThen(FlagsOnFloor):
    """As on the floor; enter goes to the minute of the flag, and marks whose it is."""

    footer = ("replay-flag", "replay-flag-before", "open")

    def __init__(self, open_flag: Callable[[FlagLine], None]) -> None:
        super().__init__()
        self._open = open_flag

    def title(self, snapshot: FlagsPanel | None) -> Sequence[Cell]:
        return [Cell("Flags", "title"), *self._so_far(snapshot, " · ")]

    def counts(self, snapshot: FlagsPanel | None) -> Sequence[Cell]:
        return [Cell("flags", "quiet"), *self._so_far(snapshot, " ")]

    def _so_far(self, snapshot: FlagsPanel | None, gap: str) -> Sequence[Cell]:
        if snapshot is None:
            return []
        counts = snapshot.counts
        loud = [Cell(f"  {MARKS['act']} {counts.high} high", "act")] if counts.high else []
        return [Cell(f"{gap}{number(counts.open)} so far", "title"), *loud]

    def empty(self) -> Sequence[str]:
        return ("No flag so far. n goes to the first one.",)

    def choose(self, screen: FloorScreen, item: FlagLine) -> None:
        self._open(item)
