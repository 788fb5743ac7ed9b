"""Times, counts and long texts in the words of an evidence. Pure; what came from outside stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from supervisor.calendar import Span
from supervisor.duties.discipline.rules.working import MINUTE_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(moment_us: int, time_zone: str) -> datetime:
    """Return a moment as the clock of `time_zone` shows it."""
    return (_EPOCH + timedelta(microseconds=moment_us)).astimezone(ZoneInfo(time_zone))


def clock(moment_us: int, time_zone: str) -> str:
    """Return the time of day of a moment: 13:48."""
    return f"{local(moment_us, time_zone):%H:%M}"


def span(begin_us: int, end_us: int, time_zone: str) -> str:
    """Return a time from one moment to another: 13:48-14:10; 13:48 where they are the same."""
    begin, end = clock(begin_us, time_zone), clock(end_us, time_zone)
    return begin if begin_us == end_us else f"{begin}-{end}"


def minutes(length_us: int) -> int:
    """Return the whole minutes of a length in us."""
    return length_us // MINUTE_US


def counted(count: int, one: str) -> str:
    """Return a count and what is counted: 1 dial, 2 dials."""
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def short(text: str, longest: int) -> str:
    """Return `text` in at most `longest` characters, cut where it has more."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def without(left_out: Iterable[tuple[Span, str]], time_zone: str) -> tuple[str, ...]:
    """Return what was left out in somebody's favour, a line each: "break 12:00-13:00 left out"."""
    return tuple(f"{words} {span(begin, end, time_zone)} left out" for (begin, end), words in left_out)
