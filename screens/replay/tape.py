"""The clock of a replay: it stands on a minute of the day, or plays a minute a second."""

from __future__ import annotations

import time
from collections.abc import Callable

MINUTE_US = 60_000_000


class Tape:
    """Called, it gives the minute of the day that is shown (epoch us), never before `first_us` nor after `last_us`.

    `at_us` is where it begins; `words` name the day ("Fri 27 Nov"); `real` gives the seconds that really pass."""

    def __init__(
        self, words: str, first_us: int, last_us: int, at_us: int, real: Callable[[], float] = time.monotonic
    ) -> None:
        self.words = words
        self.first_us = first_us
        self.last_us = last_us
        self._real = real
        self._since: float | None = None
        self._at_us = first_us
        self.go(at_us)

    def __call__(self) -> int:
        passed = 0 if self._since is None else int(self._real() - self._since)
        return min(self._at_us + passed * MINUTE_US, self.last_us)

    @property
    def plays(self) -> bool:
        """Whether it plays: at the end of the day it stops."""
        return self._since is not None and self() < self.last_us

    @property
    def why_not(self) -> str:
        """Why nothing can be done about what it shows."""
        return f"this is a replay of {self.words}"

    def go(self, at_us: int) -> None:
        """Go to the minute of a moment, or the nearest one there is. It goes on playing from there."""
        minute = at_us - (at_us - self.first_us) % MINUTE_US
        self._at_us = max(self.first_us, min(minute, self.last_us))
        self._since = None if self._since is None else self._real()

    def stop(self) -> None:
        """Stand still."""
        self._at_us, self._since = self(), None

    def play(self) -> None:
        """Play from here."""
        self._at_us, self._since = self(), self._real()
