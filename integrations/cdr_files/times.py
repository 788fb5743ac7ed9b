"""Moments as files write them: local times without a zone, ISO 8601 with an offset, epoch seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000
_KEPT = 8192
"""Ten-minute spans remembered at once: two months of a file in order of time, about 1 MB."""

_SPAN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d", re.ASCII)
_WITHIN = {f"{minute}:{second:02}": (minute * 60 + second) * SECOND for minute in range(10) for second in range(60)}
"""What is left of a time after its ten minutes, in microseconds."""

_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\Z", re.IGNORECASE)
_EPOCH = re.compile(r"\d{9,11}(?:\.\d{1,6})?\Z")
_EPOCH_US = re.compile(r"\d{15,17}\Z")

Moment = tuple[int, bool]
"""Microseconds since 1970-01-01 UTC, and whether the local time it was read from occurs twice."""


def local_reader(zone: ZoneInfo) -> Callable[[str], Moment]:
    """Return a reader of "YYYY-MM-DD HH:MM:SS" local to `zone`.

    A time that occurs twice is the first of the two, and is marked. The reader raises ValueError in words for a
    person where a time does not exist (the clock skipped it) or is none. Zone changes happen on multiples of ten
    minutes, so the span of ten minutes a time lies in is resolved once and remembered.
    """
    spans: dict[str, Moment] = {}

    def read(text: str) -> Moment:
        try:
            begin, twice = spans[text[:15]]
            return begin + _WITHIN[text[15:]], twice
        except KeyError:
            pass
        if text[15:] not in _WITHIN or not _SPAN.match(text):
            raise ValueError(f"{text[:40]!r} is not a time YYYY-MM-DD HH:MM:SS")
        if len(spans) >= _KEPT:
            spans.clear()
        begin, twice = spans[text[:15]] = resolve(datetime.fromisoformat(f"{text[:15]}0:00"), zone)
        return begin + _WITHIN[text[15:]], twice

    return read


def resolve(local: datetime, zone: ZoneInfo) -> Moment:
    """Return the moment of the naive time `local` in `zone`. ValueError where the clock skipped it."""
    first = local.replace(tzinfo=zone, fold=0)
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back != local:
        raise ValueError(f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clock was put forward")
    twice = first.utcoffset() != first.replace(fold=1).utcoffset()
    return microseconds(first), twice


def microseconds(moment: datetime) -> int:
    """Return the aware `moment` in microseconds since 1970-01-01 UTC, exactly."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def any_reader(zone: ZoneInfo) -> Callable[[str], Moment]:
    """Return a reader of ISO 8601 with or without an offset (without: local to `zone`) and of epoch seconds or
    microseconds."""
    local = local_reader(zone)

    def read(text: str) -> Moment:
        if len(text) == 19:
            return local(text)
        if _EPOCH.match(text):
            whole, _, part = text.partition(".")
            return int(whole) * SECOND + int(part.ljust(6, "0") if part else 0), False
        if _EPOCH_US.match(text):
            return int(text), False
        try:
            moment = datetime.fromisoformat(_OFFSET.sub(lambda found: found[0].upper(), text))
        except ValueError:
            raise ValueError(f"{text[:40]!r} is not a time: write YYYY-MM-DD HH:MM:SS") from None
        if len(text) < 16:
            raise ValueError(f"{text!r} is not a time: write YYYY-MM-DD HH:MM:SS")
        return (microseconds(moment), False) if moment.tzinfo else resolve(moment, zone)

    return read
