"""The list of steps: a board whose cursor passes over the headings of groups."""

from __future__ import annotations

from collections.abc import Iterator

from screens.onboarding.present import Row
from screens.widgets.board import Board


class StepsBoard(Board[Row]):
    """Steps and headings; a heading stays in sight above its first step."""

    def step(self, by: int) -> None:
        if not self.keys:
            return
        here = self.keys.index(self.key) if self.key is not None else 0
        self._to(max(0, min(len(self.keys) - 1, here + by)), 1 if by > 0 else -1)

    def redraw(self, now_us: int, *, arrange: bool = False) -> None:
        super().redraw(now_us, arrange=arrange)
        item = self.item
        if arrange and item is not None and item.heading is not None and self.key is not None:
            self._to(self.keys.index(self.key), 1)

    def _to(self, wanted: int, by: int) -> None:
        """Put the cursor on the step nearest to the row `wanted`: on it, else further `by`, else the other way."""
        items = self.items
        at = next((index for index in self._ways(wanted, by) if items[index].heading is None), None)
        if at is None:
            return
        if at > 0 and items[at - 1].heading is not None:
            self.go(self.keys[at - 1])
        self.go(self.keys[at])

    def _ways(self, wanted: int, by: int) -> Iterator[int]:
        count = len(self.keys)
        onward, back = range(wanted, count), range(wanted, -1, -1)
        yield from onward if by > 0 else back
        yield from back if by > 0 else onward
