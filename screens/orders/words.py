"""Days, claims and amounts as a person types them, and days as the screens of orders show them. Pure.

What cannot be understood raises ValueError in words. Days are integers YYYYMMDD.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

_CLAIM = re.compile(r"(?P<day>.*?)(?:\s+(?P<percent>\d{1,3})\s*%?)?\s*\Z")
_BACK = re.compile(r"-\s*(\d{1,3})\s*d?\Z")
_NEAR = {"": 0, "today": 0, "heute": 0, "yesterday": -1, "gestern": -1}


def date_of(day: int) -> date:
    """Return a day as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def day_number(day: date) -> int:
    """Return a date as a day."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_at(us: int, zone: tzinfo) -> int:
    """Return the day of a moment on the floor."""
    return day_number(datetime.fromtimestamp(us / 1e6, zone).date())


def days_between(begin: int, end: int) -> int:
    """Return how many days `end` lies after `begin`."""
    return (date_of(end) - date_of(begin)).days


def short(day: int, today: int) -> str:
    """Return a day in six columns: its weekday within a week of `today`, else its month, else its year."""
    local, away = date_of(day), days_between(today, day)
    if away == 0:
        return "today"
    if -7 < away < 7:
        return f"{local:%a} {local.day:>2}"
    return f"{local.day:>2} {local:%b}" if abs(away) < 300 else f"{local:%b} {local:%y}"


def long(day: int, today: int) -> str:
    """Return a day with its weekday and its month, and its year where it is another one."""
    local = date_of(day)
    return f"{local:%a} {local.day} {local:%b}" + ("" if local.year == today // 10_000 else f" {local.year}")


def distance(day: int, today: int) -> str:
    """Return how far away a day is."""
    away = days_between(today, day)
    if abs(away) <= 1:
        return ("yesterday", "today", "tomorrow")[away + 1]
    return f"in {away} days" if away > 0 else f"{-away} days ago"


def told(day: int, today: int) -> str:
    """Return a day, and how far away it is."""
    return f"{long(day, today)}, {distance(day, today)}"


def coming(text: str, today: int) -> int:
    """Return the coming day that `text` means: fri, +2d, 27.11."""
    from supervisor.dates import day_in_words

    return day_in_words(text, today)


def claim(text: str, today: int) -> tuple[int, int]:
    """Return day and percent of a claim: fri, fri 80%. Without a percentage it is 100."""
    found = _CLAIM.match(text.strip())
    assert found is not None
    if found["percent"] is None or not found["day"]:
        return coming(text, today), 100
    percent = int(found["percent"])
    if not 1 <= percent <= 100:
        raise ValueError("how sure is a percentage from 1 to 100")
    return coming(found["day"], today), percent


def past(text: str, today: int) -> int:
    """Return the day, not after `today`, that `text` means: nothing or today, yesterday, -2d, fri (the last one),
    27.11, 2026-11-27."""
    words, now = " ".join(text.casefold().split()), date_of(today)
    if words in _NEAR:
        return day_number(now + timedelta(days=_NEAR[words]))
    if back := _BACK.match(words):
        return day_number(now - timedelta(days=int(back[1])))
    if not any(character.isdigit() for character in words):
        return day_number(date_of(coming(words, today)) - timedelta(days=7))
    if re.match(r"\d{1,2}\.\s*\d{1,2}\.?\Z", words):
        found = date_of(coming(words, today))
        while day_number(found) > today:
            found = date(found.year - 1, found.month, found.day)
        return day_number(found)
    from supervisor.cells import day_of

    if (day := day_of(words)) > today:
        raise ValueError(f"{text.strip()[:40]} is still to come")
    return day


def cents(text: str, currency: str) -> int:
    """Return an amount in hundredths: 9800, 9 800.50."""
    from supervisor.money import cents_of

    return cents_of(text, currency)
