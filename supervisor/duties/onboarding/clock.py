"""The working-time clock: by when a step is due, how long a party held it.

"The clock of a step runs against the party who holds it, not the party who waits". All of it is reckoned when it is
read: a new day off moves what was due. Moments and working time are microseconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import timedelta

from store.onboarding_book import RunRow
from supervisor.calendar import Calendar, date_of, day_number

_LONGEST = 3660
"""Days for which working time is looked for, as in supervisor.calendar."""
_NO_DAY = 10**8
"""Later than any day."""


class Clock:
    """The floor's working time since a day, summed up once: what `Calendar` tells of two moments, for very many."""

    def __init__(self, calendar: Calendar, since_us: int) -> None:
        """`since_us`: not later than any moment that is asked about."""
        self._calendar = calendar
        self._next = self._first = date_of(calendar.day_of(since_us))
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._worked: list[int] = []  # until the end of each span
        self._until = 0
        self._days: list[tuple[int, int]] = []
        self._grow(since_us)

    def due(self, from_us: int, work_us: int) -> int:
        """Return when `work_us` have been worked since `from_us`: see Calendar.due. On a floor that works so little
        that it never comes to that, the last moment that is known."""
        if work_us <= 0:
            return from_us
        wanted = self._at(from_us) + work_us
        while self._worked_in_all() < wanted and (self._next - self._first).days < _LONGEST:
            self._more()
        place = bisect_left(self._worked, wanted)
        if place == len(self._worked):
            return self._until
        return self._ends[place] - (self._worked[place] - wanted)

    def worked(self, from_us: int, until_us: int) -> int:
        """Return the working time between two moments; 0 where the second is not the later one."""
        return self._at(until_us) - self._at(from_us) if until_us > from_us else 0

    def day_of(self, moment_us: int) -> int:
        """Return the day on which a moment falls."""
        if moment_us >= self._until:
            self._grow(moment_us)
        return self._days[bisect_right(self._days, (moment_us, _NO_DAY)) - 1][1]

    def held(self, run: RunRow, now_us: int) -> int:
        """Return how long a run was held, or has been by now: the waiting clock of its party."""
        return self.worked(run.started_us, now_us if run.ended_us is None else run.ended_us)

    def held_by(self, runs: Iterable[RunRow], now_us: int) -> dict[tuple[str, str], int]:
        """Return how long each party (role, name) held these runs together."""
        parties: dict[tuple[str, str], int] = {}
        for run in runs:
            party = run.role, run.holder
            parties[party] = parties.get(party, 0) + self.held(run, now_us)
        return parties

    def _at(self, moment_us: int) -> int:
        """Working time until a moment, since the first day."""
        if moment_us > self._until:
            self._grow(moment_us)
        place = bisect_right(self._begins, moment_us) - 1
        if place < 0:
            return 0
        return self._worked[place] - max(0, self._ends[place] - moment_us)

    def _worked_in_all(self) -> int:
        return self._worked[-1] if self._worked else 0

    def _grow(self, moment_us: int) -> None:
        while self._until <= moment_us:
            self._more()

    def _more(self) -> None:
        day = day_number(self._next)
        for begin, end in self._calendar.spans(day):
            self._worked.append(self._worked_in_all() + end - begin)
            self._begins.append(begin)
            self._ends.append(end)
        begin, self._until = self._calendar.bounds(day)
        self._days.append((begin, day))
        self._next += timedelta(days=1)
