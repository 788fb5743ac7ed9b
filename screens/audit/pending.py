"""Decisions that were asked for and are not in what was read yet: they count at once, so that the next key is about the
next discrepancy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import DayAudit, Discrepancy

Place = tuple[int, str]
"""A discrepancy: its day and its id."""


class Pending:
    """What was asked for by discrepancy. An entry goes once it was refused, or is in a day read after it was kept."""

    def __init__(self) -> None:
        self._asked: dict[Place, str] = {}
        self._kept: list[Place] = []
        self._seen = 0
        self._gone: list[Place] = []

    def wished(self, one: Discrepancy, day: DayAudit) -> Discrepancy:
        """Return a discrepancy as it is once what was asked for is kept."""
        wish = self._asked.get((day.day, one.id))
        return one if wish is None else replace(one, state=wish, decided_by=day.who)

    def waiting(self, day: int) -> set[str]:
        """Return the ids of those of a day of which something was asked that is not read yet."""
        return {item for of, item in self._asked if of == day}

    def ask(self, place: Place, state: str) -> None:
        """Somebody decided `place`."""
        self._asked[place] = state

    def refused(self, place: Place) -> None:
        """It stands as it did."""
        self._asked.pop(place, None)

    def kept(self, place: Place) -> None:
        """It was kept; the next reading has it."""
        self._kept.append(place)
        self._gone.append(place)

    def begin_reading(self) -> None:
        """What was kept until now is in what is being read. It may be called in another thread."""
        self._seen = len(self._kept)

    def was_read(self) -> None:
        """Forget what is in what was read."""
        for place in self._kept[: self._seen]:
            self._asked.pop(place, None)
        del self._kept[: self._seen]
        self._seen = 0

    def undone(self) -> Place | None:
        """Return what was decided last, which is open again; None where nothing was."""
        return self._gone.pop() if self._gone else None
