"""Days, claims and amounts as a person types them. Pure.

What cannot be understood raises ValueError in words. Days are integers YYYYMMDD.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from supervisor.calendar import date_of, day_number

_CLAIM = re.compile(r"(?P<day>.*?)(?:\s+(?P<percent>\d{1,3})\s*%?)?\s*\Z")
_BACK = re.compile(r"-\s*(\d{1,3})\s*d?\Z")
_NEAR = {"": 0, "today": 0, "heute": 0, "yesterday": -1, "gestern": -1}


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
