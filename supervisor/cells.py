"""What stands in a cell of a table: a text, a number, a day, a time or a moment, as people write them.

A day is an integer YYYYMMDD, a moment microseconds since 1970 in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

Cell = str | date | datetime | time | Decimal
"""What stands in a cell: a text (of a sheet also its whole numbers), or a sheet's date, time or number that is not
whole."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 60
"""Characters of the longest moment that anybody writes."""


def text_of(cell: Cell) -> str:
    """Return `cell` as text, without blanks around it; a number with a point, never with an exponent."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.strip() if isinstance(cell, str) else cell.isoformat()


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?\Z")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\Z")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})\Z")
_BARE = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")


def day_of(cell: Cell) -> int:
    """Return the day in `cell` as YYYYMMDD.

    A sheet's date, ISO, other forms with the year first, D.M.YYYY, and D/M/YYYY or M/D/YYYY where one of the two is
    above 12. ValueError in words where it is no day, or could be two.
    """
    if isinstance(cell, date):
        return cell.year * 10_000 + cell.month * 100 + cell.day
    text = text_of(cell)
    if found := _YEAR_FIRST.match(text) or _CHINESE.match(text) or _BARE.match(text):
        year, month, day = map(int, found.groups())
    elif found := _YEAR_LAST.match(text):
        first, mark, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
        if mark != "." and first <= 12 and second <= 12 and first != second:
            raise ValueError(f"{text!r} could be two days; write YYYY-MM-DD")
        day, month = (second, first) if mark != "." and second > 12 else (first, second)
    else:
        raise ValueError(f"{text[:40]!r} is not a date; write YYYY-MM-DD")
    try:
        date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r} is a day that does not exist") from None
    return year * 10_000 + month * 100 + day


_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?::00)?\Z")


def minute_of(cell: Cell) -> int | None:
    """Return the time of day in `cell` in minutes since midnight; None where it is empty. ValueError in words where
    it is none: a sheet's number is none, since 9.5 may be half past nine and 9.30 has become 9.3."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    text = text_of(cell)
    if not text:
        return None
    found = None if isinstance(cell, Decimal) else _CLOCK.match(text)
    if not found or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > 24 * 60:
        raise ValueError(f"{text[:40]!r} is not a time of day; write HH:MM")
    return int(found[1]) * 60 + int(found[2])


_MOMENT = re.compile(
    r"(?P<day>.+?)(?:\s*[T,]\s*|\s+|(?<=日))"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,](?P<part>\d+))?)?"
    r"\s*(?P<half>[ap]m)?\s*(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?\Z",
    re.IGNORECASE,
)


def moment_of(cell: Cell, zone: ZoneInfo) -> int:
    """Return the moment in `cell`, microseconds UTC: a sheet's, or a date (as `day_of` reads it), and a time after it
    with or without seconds, their fraction, am or pm, and an offset.

    Without an offset it is by the clock of `zone`: a time that occurs twice is the first one. A date alone is the
    beginning of that day.

    ValueError in words where it is none, could be two days, or is a time that the clock skips.
    """
    if isinstance(cell, datetime):
        if cell.tzinfo is not None:
            return _us(cell, text_of(cell))
        whole_day = not (cell.hour or cell.minute or cell.second or cell.microsecond)  # how a sheet keeps a date
        return _local(cell.replace(tzinfo=zone, fold=0), text_of(cell), skipped=whole_day)
    if isinstance(cell, date):
        return _local(datetime(cell.year, cell.month, cell.day, tzinfo=zone), text_of(cell), skipped=True)
    text = text_of(cell)
    if not isinstance(cell, str) or not text:
        what = "a number" if isinstance(cell, Decimal) else "a time without a day"
        raise ValueError(f"{text} is {what}; write YYYY-MM-DD HH:MM" if text else "no moment; write YYYY-MM-DD HH:MM")
    found = _MOMENT.match(text) if len(text) <= _LONGEST else None
    day = day_of(found["day"] if found else text)
    midnight = datetime(day // 10_000, day // 100 % 100, day % 100, tzinfo=zone)
    if not found:
        return _local(midnight, text, skipped=True)
    try:
        since = _clock(found)
        wall = midnight + since
        if found["offset"]:
            return _us(wall.replace(tzinfo=_offset(found["offset"])), text)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a moment; write YYYY-MM-DD HH:MM") from None
    return _local(wall, text)


def _clock(found: re.Match[str]) -> timedelta:
    """The time since midnight, 24:00 included. ValueError where a clock does not show it."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if found["half"].casefold() == "pm" else 0)
    part = int(f"{found['part'] or '':0<6.6}")
    since = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=part)
    if minute > 59 or second > 59 or since > timedelta(days=1):
        raise ValueError
    return since


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].removeprefix(":") or 0)
    if minutes > 59:
        raise ValueError
    east = timedelta(hours=hours, minutes=minutes)
    return timezone(-east if text[0] == "-" else east)


def _local(wall: datetime, said: str, *, skipped: bool = False) -> int:
    """The moment of `wall` by its zone's clock. ValueError where the clock skips it, unless `skipped`: then it is the
    moment at which the clock does."""
    moment_us = _us(wall, said)
    shown = (_EPOCH + timedelta(microseconds=moment_us)).astimezone(wall.tzinfo)
    if not skipped and shown.replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise ValueError(f"{said} is a time that the clock skipped in {wall.tzinfo}")
    return moment_us


def _us(moment: datetime, said: str) -> int:
    try:
        return (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND
    except OverflowError:
        raise ValueError(f"{said} is no moment that can be kept") from None
