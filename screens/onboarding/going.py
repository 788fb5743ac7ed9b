"""Where the cursor goes after an act: on to the step that was next, once the one acted on does not run any more; and
back to it once the act is undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from screens.onboarding.present import RUNNING, Row
from screens.widgets.board import Board

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import StepLine


class GoingOn:
    """Remembers the steps acted on, and which stood below the last one that was left."""

    def __init__(self) -> None:
        self._left: tuple[str, Sequence[str]] | None = None
        self._acted: list[str] = []
        self._back: str | None = None

    def acting(self, line: StepLine) -> Callable[[], None]:
        """Return what is called once an act on a step was done after which the cursor stays."""

        def acted() -> None:
            self._acted.append(line.key)
            self._back = None

        return acted

    def leaving(self, board: Board[Row], line: StepLine) -> Callable[[], None]:
        """Return what is called once an act on a step was done: the cursor then goes to the step that is next now."""
        at = board.keys.index(line.key) if line.key in board.keys else -1
        following = [key for key in board.keys[at + 1 :] if not is_heading(key)]
        acted = self.acting(line)

        def leave() -> None:
            acted()
            self._left = line.key, following

        return leave

    def undone(self) -> None:
        """The last act was undone."""
        self._left = None
        if self._acted:
            self._back = self._acted.pop()

    def on(self, board: Board[Row], rows: Mapping[str, Row]) -> None:
        """Go on where `rows`, about to be shown, have the outcome of an act. Whoever went elsewhere in the meantime
        stays there."""
        if self._left is None:
            return
        key, following = self._left
        row = rows.get(key)
        if row is not None and row.line is not None and row.line.state == RUNNING:
            return
        self._left = None
        after = next((one for one in following if one in rows and one in board.keys), None)
        if board.key == key and after is not None:
            board.go(after)

    def back(self, board: Board[Row], rows: Mapping[str, Row]) -> None:
        """Go back to the step of which an act was undone, once it is among the `rows` now shown."""
        if self._back is not None and self._back in rows:
            board.go(self._back)
            self._back = None


def is_heading(key: str) -> bool:
    """Whether a key is that of the heading of a group."""
    return ":" in key
