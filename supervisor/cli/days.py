"""Days as people write them, and moments and durations as scripts read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from supervisor.calendar import day_text
from supervisor.cli import common

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(written: str, today: int) -> int:
    """Return YYYY-MM-DD, `today` or `yesterday` as a day YYYYMMDD; fails with one line where it is none."""
    if written == "today":
        return today
    try:
        local = date.fromisoformat(day_text(today)) - timedelta(days=1) if written == "yesterday" else _date(written)
    except ValueError:
        common.fail(f"{written!r} is not a day; write it as YYYY-MM-DD, today or yesterday")
    return local.year * 10000 + local.month * 100 + local.day


def month_of(written: str) -> int:
    """Return YYYY-MM as a month YYYYMM; fails with one line where it is none."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", written, re.ASCII):
        common.fail(f"{written!r} is not a month; write it as YYYY-MM")
    return int(written[:4] + written[5:])


def _date(written: str) -> date:
    if len(written) != 10:
        raise ValueError
    return date.fromisoformat(written)


def moment(us: int | None, zone: ZoneInfo) -> str | None:
    """Return epoch microseconds as ISO 8601 with the offset of `zone`; None stays None."""
    return None if us is None else _local(us, zone).isoformat()


def clock(us: int | None, zone: ZoneInfo) -> str | None:
    """Return epoch microseconds as HH:MM:SS in `zone`; None stays None."""
    return None if us is None else _local(us, zone).strftime("%H:%M:%S")


def _local(us: int, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(microseconds=us)).astimezone(zone)


def seconds(ms: int | None) -> int | float | None:
    """Return milliseconds as seconds, whole ones as an integer; None (unknown) stays None."""
    return None if ms is None else plain(ms / 1000)


def plain(value: float) -> int | float:
    """Return `value` with at most 3 decimals, a whole number as an integer."""
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded
