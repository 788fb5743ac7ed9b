"""Panel b of the floor: the first of the follow-up queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from screens.floor.panels import Panel
from screens.followups import present
from screens.followups.counts import counted
from screens.followups.present import Frame
from screens.keys import BY_ID, Key
from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import number

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.floor.screen import FloorScreen
    from supervisor.duties.followups.snapshots import FollowupsPanel, QueueLine

MODE = "followups"

_NARROW = (
    Column("sign", "", 1, gap=0),
    Column("th", "", 4, right=True),
    Column("company", "", 14, grow=20),
    Column("tier", "", 9),
    Column("who", "", 9),
    Column("days", "", 5, right=True),
    Column("word", "", 6),
)


def columns(width: int) -> Sequence[Column]:
    """Return the panel's columns; where it has the screen, those of the mode."""
    return present.columns(width) if width >= 78 else _NARROW


class FollowupsOnFloor(Panel["FollowupsPanel", "QueueLine"]):
    """Who stands in the window; enter opens the customer's story."""

    id = MODE

    def __init__(self) -> None:
        self._frame = Frame()

    @property
    def key(self) -> Key:
        return BY_ID["panel-followups"]

    def shape(self) -> Shape[QueueLine]:
        return present.shape(lambda: self._frame, columns)

    def read(self, desk: Desk) -> FollowupsPanel:
        return desk.followups.panel()

    def rows(self, snapshot: FollowupsPanel) -> Mapping[str, QueueLine]:
        self._frame = present.frame(snapshot)
        return {line.key: line for line in snapshot.queue}

    def title(self, snapshot: FollowupsPanel | None) -> Sequence[Cell]:
        if snapshot is None:
            return [Cell("Follow-ups", "title")]
        counts = snapshot.counts
        return [Cell(f"Follow-ups · {number(counts.window)} in the window", "title"), *_overdue(counts.overdue, "  ")]

    def counts(self, snapshot: FollowupsPanel | None) -> Sequence[Cell]:
        if snapshot is None:
            return [Cell("follow-ups", "quiet")]
        counts = snapshot.counts
        cells = [Cell(number(counts.window), "good-bold"), Cell(" in the window  ", "quiet")]
        cells += [Cell(number(counts.next), "strong"), Cell(" open next  ", "quiet")]
        late = _overdue(counts.overdue, "")
        return [*cells, *(late or [Cell("0 overdue", "quiet")])]

    def empty(self) -> Sequence[str]:
        return ("No customers yet.", "supervisor import customers FILE")

    def choose(self, screen: FloorScreen, item: QueueLine) -> None:
        """Go to mode 2 with the customer's story open."""

        async def go() -> None:
            from screens.followups.screen import FollowupsScreen

            await screen.app.switch_mode(MODE)
            if isinstance(there := screen.app.screen, FollowupsScreen):
                there.open_customer(item)

        screen.run_worker(go(), name="go", group="go", exclusive=True)


def _overdue(count: int, gap: str) -> list[Cell]:
    """Return how many are overdue, loud; nothing where none is."""
    return [Cell(f"{gap}{MARKS['act']} {counted(count)} overdue", "act")] if count else []
