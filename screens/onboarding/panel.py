"""Panel c of the floor: what is owed and most urgent, and who is waited for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from screens.floor.panels import Panel
from screens.keys import BY_ID, Key
from screens.onboarding import counts, groups, present
from screens.onboarding.present import Frame, Row
from screens.themes import MARKS
from screens.widgets.cells import Cell
from screens.widgets.shape import Shape
from screens.widgets.words import number

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.floor.screen import FloorScreen
    from supervisor.duties.onboarding.snapshots import OnboardingPanel

MODE = "onboarding"


class OnboardingOnFloor(Panel["OnboardingPanel", Row]):
    """Steps overdue and due; enter opens mode 4 with the step marked."""

    id = MODE

    def __init__(self) -> None:
        self._day = 19700101

    @property
    def key(self) -> Key:
        return BY_ID["panel-onboarding"]

    @property
    def _frame(self) -> Frame:
        return Frame(self._day, self.zone)

    def shape(self) -> Shape[Row]:
        return present.shape(lambda: self._frame)

    def read(self, desk: Desk) -> OnboardingPanel:
        return desk.onboarding.panel()

    def rows(self, snapshot: OnboardingPanel) -> Mapping[str, Row]:
        self._day = snapshot.day
        return groups.steps(snapshot.steps)

    def title(self, snapshot: OnboardingPanel | None) -> Sequence[Cell]:
        if snapshot is None:
            return [Cell("Onboarding", "title")]
        late, today = snapshot.counts.overdue, snapshot.counts.due_today
        loud = [Cell(f"  {MARKS['watch']} {number(today)} today", "watch")] if today else []
        return [Cell("Onboarding · ", "title"), Cell(f"{number(late)} overdue", "act" if late else "title"), *loud]

    def counts(self, snapshot: OnboardingPanel | None) -> Sequence[Cell]:
        if snapshot is None:
            return [Cell("onboarding", "quiet")]
        found = snapshot.counts
        blocked = [Cell("  "), Cell(number(found.blocked), "strong"), Cell(" blocked  ", "quiet")]
        under_way = [Cell(number(found.customers), "strong"), Cell(" under way", "quiet")]
        return [Cell("onboarding  ", "quiet"), *counts.urgent(found, "  "), *blocked, *under_way]

    def empty(self) -> Sequence[str]:
        return ("Nothing is overdue or due today.", "Steps come with a payment; mode 4 shows all of them.")

    def choose(self, screen: FloorScreen, item: Row) -> None:
        """Go to mode 4 with the step marked."""

        async def go() -> None:
            from screens.onboarding.screen import OnboardingScreen

            await screen.app.switch_mode(MODE)
            if isinstance(there := screen.app.screen, OnboardingScreen) and item.line is not None:
                there.open_step(item.line.step_id)

        screen.run_worker(go(), name="go", group="go", exclusive=True)
