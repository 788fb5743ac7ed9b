"""Working time: days, shifts, breaks and holidays of the floor, in its zone, right across changes of the clock.

A day is an integer YYYYMMDD; a moment is microseconds since 1970-01-01 UTC. A span that runs through midnight is
worked partly on the next day: each day holds what falls on it, as the tallies do.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from supervisor.settings import Floor, minutes

Span = tuple[int, int]
"""Begin and end of a piece of working time, microseconds UTC."""

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = 24 * 60
_LONGEST_WAIT = 3660  # days
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Calendar:
    """The floor's working time. Cheap to make; holidays are looked up when first asked for."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._zone = ZoneInfo(floor.time_zone)
        self._hours = [minutes(span) for span in floor.working_hours]
        self._days_off = {date.fromisoformat(day) for day in floor.days_off}
        self._spans: dict[int, tuple[Span, ...]] = {}
        self._last: tuple[int, int, int] = (0, 0, 0)

    def day_of(self, moment_us: int) -> int:
        """Return the day on which `moment_us` falls."""
        begin, end, day = self._last
        if not begin <= moment_us < end:
            local = (_EPOCH + timedelta(microseconds=moment_us)).astimezone(self._zone).date()
            day = day_number(local)
            self._last = (self._at(local, 0), self._at(local, _MIDNIGHT), day)
        return day

    def today(self, now_us: int) -> int:
        """Return the day that it is on the floor at `now_us`."""
        return self.day_of(now_us)

    def bounds(self, day: int) -> Span:
        """Return the moments at which `day` begins and ends: 23, 24 or 25 hours apart."""
        local = date_of(day)
        return self._at(local, 0), self._at(local, _MIDNIGHT)

    def moment(self, day: int, minute: int) -> int:
        """Return the moment of `minute` (since local midnight) on `day`. A minute that occurs twice is the first one;
        one that the clock skips is as long after midnight as if it did not."""
        return self._at(date_of(day), minute)

    def is_working_day(self, day: int) -> bool:
        """Whether any working time falls on `day`."""
        return bool(self.spans(day))

    def spans(self, day: int, start: int | None = None, end: int | None = None) -> tuple[Span, ...]:
        """Return the working time of `day` in order; what lies between two spans is a break.

        `start` and `end` are a specialist's own (minutes since local midnight, as in attendance) and replace the first
        begin and the last end; the floor's breaks stay. With one of them given it is worked even on a day off.
        """
        if start is None and end is None:
            known = self._spans.get(day)
            if known is None:
                known = self._spans[day] = self._spans_of(date_of(day))
            return known
        local = date_of(day)
        hours = self._own(start, end)
        return tuple((self._at(local, a), self._at(local, min(b, _MIDNIGHT))) for a, b in hours if a < _MIDNIGHT)

    def shift(self, day: int, start: int | None = None, end: int | None = None) -> tuple[Span, ...]:
        """Return the working time of the shift that begins on `day`, in order, past midnight where it runs so long;
        nothing on a day off. `start` and `end` as of `spans`."""
        local = date_of(day)
        if start is None and end is None and not self._is_worked(local):
            return ()
        spans = ((self._at(local, a), self._at(local, b)) for a, b in self._own(start, end))
        return tuple(span for span in spans if span[0] < span[1])

    def due(self, from_us: int, work_us: int) -> int:
        """Return the moment at which `work_us` of working time have passed since `from_us`: the end of a span rather
        than the beginning of the next. Without any, `from_us`.

        OverflowError where there is not so much working time within ten years.
        """
        if work_us <= 0:
            return from_us
        local = first = date_of(self.day_of(from_us))
        left = work_us
        while (local - first).days < _LONGEST_WAIT:
            for begin, end in self.spans(day_number(local)):
                begin = max(begin, from_us)
                if begin + left <= end:
                    return begin + left
                left -= max(0, end - begin)
            local += timedelta(days=1)
        raise OverflowError(f"there is no such working time within {_LONGEST_WAIT} days: which days are worked?")

    def shift_elapsed(self, now_us: int, day: int, start: int | None = None, end: int | None = None) -> float:
        """Return the share 0..1 of the working time of `day` that has passed at `now_us`; 0 where nothing is worked.

        "Shift elapsed: share of the working time of the day (working hours less breaks) that has passed for that
        specialist."
        """
        spans = self.spans(day, start, end)
        whole = sum(b - a for a, b in spans)
        return sum(max(0, min(b, now_us) - a) for a, b in spans) / whole if whole else 0.0

    def working_us(self, from_us: int, until_us: int) -> int:
        """Return the microseconds of working time between two moments; 0 where the second is not the later one."""
        if until_us <= from_us:
            return 0
        local, last = date_of(self.day_of(from_us)), self.day_of(until_us)
        worked = 0
        while (day := day_number(local)) <= last:
            worked += sum(max(0, min(b, until_us) - max(a, from_us)) for a, b in self.spans(day))
            local += timedelta(days=1)
        return worked

    def is_working(self, moment_us: int) -> bool:
        """Whether `moment_us` lies in working time."""
        spans = self.spans(self.day_of(moment_us))
        place = bisect_right(spans, (moment_us, 1 << 63)) - 1
        return place >= 0 and moment_us < spans[place][1]

    def _own(self, start: int | None, end: int | None) -> list[Span]:
        """The floor's hours with a specialist's own first begin and last end, in minutes; the breaks stay."""
        first, last = self._hours[0][0], self._hours[-1][1]
        begin = first if start is None else start
        until = last if end is None else end if end > begin else end + _MIDNIGHT
        return _between(self._hours, begin, until)

    def _spans_of(self, local: date) -> tuple[Span, ...]:
        """The pieces of yesterday's and today's spans that fall on `local`; those that touch across midnight become
        one."""
        pieces: list[Span] = []
        yesterday = local - timedelta(days=1)
        if self._hours[-1][1] > _MIDNIGHT and self._is_worked(yesterday):
            pieces.append((self._at(local, 0), self._at(local, self._hours[-1][1] - _MIDNIGHT)))
        if self._is_worked(local):
            pieces += [(self._at(local, a), self._at(local, min(b, _MIDNIGHT))) for a, b in self._hours]
        return tuple(piece for piece in pieces if piece[0] < piece[1])

    def _is_worked(self, local: date) -> bool:
        if _WEEK[local.weekday()] not in self._floor.working_days or local in self._days_off:
            return False
        return not (self._floor.holidays and local in _holidays(self._floor.country))

    def _at(self, local: date, minute: int) -> int:
        """The moment of `minute` since midnight of `local` by the wall clock of the zone."""
        day, within = divmod(minute, _MIDNIGHT)
        wall = datetime(local.year, local.month, local.day, tzinfo=self._zone) + timedelta(days=day, minutes=within)
        return (wall.astimezone(UTC) - _EPOCH) // _MICROSECOND


def _between(hours: list[Span], begin: int, until: int) -> list[Span]:
    """Return begin..until less the breaks between `hours`, in minutes."""
    cuts = [(end, following) for (_, end), (following, _) in pairwise(hours)]
    worked: list[Span] = []
    for a, b in cuts:
        worked.append((begin, min(a, until)))
        begin = max(begin, b)
    worked.append((begin, until))
    return [(a, b) for a, b in worked if a < b]


@cache
def _holidays(country: str) -> Any:
    """The public holidays of `country`, a set-like of dates; empty where none are known. The library is slow to
    import."""
    from holidays import country_holidays

    try:
        return country_holidays(country)
    except NotImplementedError:
        return frozenset()


def day_number(local: date) -> int:
    """Return a date as the day YYYYMMDD."""
    return local.year * 10000 + local.month * 100 + local.day


def date_of(day: int) -> date:
    """Return the day YYYYMMDD as a date."""
    return date(day // 10000, day // 100 % 100, day % 100)


def days_between(day: int, later: int) -> int:
    """Return the days from one day YYYYMMDD to a later one."""
    return (date_of(later) - date_of(day)).days


def day_text(day: int) -> str:
    """Return the day YYYYMMDD as YYYY-MM-DD."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
