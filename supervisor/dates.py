"""A coming day as a person types it. A day is an integer YYYYMMDD."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from itertools import islice

from supervisor.calendar import day_number
from supervisor.cells import day_of

_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_GERMAN = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SHORTEST = 2
"""Letters by which a day of the week is told from every other, in either language."""
_NEAR = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1}

_STEP = re.compile(r"\+?\s*(\d{1,3})\s*([dwm])\Z")
_DAY = re.compile(r"(\d{1,2})\.?\Z")
_DAY_MONTH = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.?\Z")
_SHORT_YEAR = re.compile(r"(\d{1,2}\.\d{1,2}\.)(\d\d)\Z")
_LEAP = 8
"""Years between two 29ths of February at most."""


def day_in_words(text: str, today: int) -> int:
    """Return the coming day that `text` means on the day `today`, never one before it.

    A day of the week, in English or German, by its first two letters or more: the next one after today. "+2d", "2d",
    "+1w", "+1m": so many days, weeks or months on; a month that is too short ends it. "27": the next 27th after today.
    "27.11": the next one, today included. With its year, as in a table: that day. "today", "tomorrow".

    ValueError in words where it is none of these, could be two days, does not exist or is past.
    """
    words = " ".join(text.casefold().split())
    now = date(today // 10_000, today // 100 % 100, today % 100)
    try:
        day = _named(words, now) or _stepped(words, now) or _numbered(words, now)
    except OverflowError:
        raise ValueError(f"{words!r} is too far away") from None
    if day is not None:
        return day_number(day)
    if found := _SHORT_YEAR.match(words):
        words = f"{found[1]}20{found[2]}"
    if not any(character.isdigit() for character in words):
        raise ValueError(f"{text.strip()[:40]!r} is no day; write fri, tomorrow, +2d, 27, 27.11 or 2026-11-27")
    told = day_of(words)
    if told < today:
        raise ValueError(f"{text.strip()[:40]} is past; a day from today on is expected")
    return told


def _named(words: str, now: date) -> date | None:
    if words in _NEAR:
        return now + timedelta(days=_NEAR[words])
    beginning = words.removesuffix(".")
    if len(beginning) < _SHORTEST:
        return None
    for names in (_ENGLISH, _GERMAN):
        for weekday, name in enumerate(names):
            if name.startswith(beginning):
                return now + timedelta(days=(weekday - now.weekday() - 1) % 7 + 1)
    return None


def _stepped(words: str, now: date) -> date | None:
    found = _STEP.match(words)
    if not found:
        return None
    count = int(found[1])
    if found[2] != "m":
        return now + timedelta(days=count * (7 if found[2] == "w" else 1))
    years, month = divmod(now.month - 1 + count, 12)
    year = now.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(now.day, monthrange(year, month + 1)[1]))


def _numbered(words: str, now: date) -> date | None:
    """The next such day of a month, or of a year. ValueError where there never is one."""
    if found := _DAY.match(words):
        day = int(found[1])
        months = (divmod(now.year * 12 + now.month - 1 + ahead, 12) for ahead in range(3))  # of two, one has 31 days
        days = (_day(year, month + 1, day) for year, month in months)
        coming = (one for one in days if one is not None and one > now)
    elif found := _DAY_MONTH.match(words):
        day, month = int(found[1]), int(found[2])
        days = (_day(now.year + ahead, month, day) for ahead in range(_LEAP + 1))
        coming = (one for one in days if one is not None and one >= now)
    else:
        return None
    for one in islice(coming, 1):
        return one
    raise ValueError(f"{words!r} is a day that does not exist")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
