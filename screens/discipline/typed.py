"""Hours, days and thresholds as a person types them. Pure: what cannot be understood raises ValueError in words."""

from __future__ import annotations

import re
from math import isfinite

from screens.orders.words import coming, past
from supervisor.calendar import days_between
from supervisor.cells import minute_of

HOURS = "10:30-, 9-13, -16:00; nothing: the floor's hours"
DAYS = "fri, -1d, 27.11, tomorrow"

DAY = 24 * 60

_DASHES = re.compile("[‐‑‒–—−]")
_HOUR = re.compile(r"\d{1,2}\Z")
_DAY_MONTH = re.compile(r"\d{1,2}\.\s*\d{1,2}\.?\Z")
_BARE = re.compile(r"(\d{1,2})(\d\d)\Z")


def hours(text: str, floor_ends: int) -> tuple[int | None, int | None]:
    """Return from when and until when somebody was there, minutes since midnight, None where the floor's hours hold:
    "10:30-" late, "-16:00" early, "9-13" both; "" as the floor. It ends before it begins only where the floor itself
    works past midnight: where `floor_ends` is past 24:00."""
    words = _DASHES.sub("-", text).strip()
    if not words:
        return None, None
    first, dash, last = words.partition("-")
    if not dash or "-" in last or not (first.strip() or last.strip()):
        raise ValueError(f"{text.strip()[:20]!r} does not say from when until when; write 10:30-, 9-13 or -16:00")
    start, end = _minute(first), _minute(last)
    if start is not None and end is not None and (end == start or (end < start and floor_ends <= DAY)):
        raise ValueError(f"{last.strip()} is not after {first.strip()}")
    return start, end


def _minute(text: str) -> int | None:
    words = text.strip().casefold().removesuffix("uhr").removesuffix("h").strip()
    if _HOUR.match(words):
        words = f"{words}:00"
    elif found := _BARE.match(words):
        words = f"{found[1]}:{found[2]}"
    return minute_of(words)


def day(text: str, today: int) -> int:
    """Return the day that `text` means, on `today`: a past one, as attendance mostly is, unless it says otherwise
    (+1d, tomorrow, a whole date); a day and a month are the nearest such day."""
    words = text.strip().casefold()
    if words.startswith("+") or words in ("tomorrow", "morgen"):
        return coming(words, today)
    if _DAY_MONTH.match(words):
        return min(past(text, today), coming(text, today), key=lambda one: abs(days_between(today, one)))
    try:
        return past(text, today)
    except ValueError:
        if not any(character.isdigit() for character in words):
            raise ValueError(f"{text.strip()[:20]!r} is no day; write fri, -1d, 27.11 or tomorrow") from None
        return coming(text, today)


def threshold(text: str, now: float) -> float:
    """Return another value of a threshold that is `now`: 15, 0.5, 0,5."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise ValueError(f"{text.strip()[:20]!r} is not a number; write another value than {now:g}") from None
    if not isfinite(value) or value < 0:
        raise ValueError("a threshold is a number of 0 or more")
    if value == now:
        raise ValueError(f"it is {now:g} now; write another value")
    return value
