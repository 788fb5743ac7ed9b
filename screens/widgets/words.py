"""Durations, moments, shares, numbers and errors in the words of every screen. Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo

from supervisor.text import safe


def clock(seconds: float) -> str:
    """Return a duration as "03:12" up to an hour, then "2 h 05"; nothing negative."""
    whole = max(0, int(seconds))
    return f"{whole // 60:02}:{whole % 60:02}" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60:02}"


def ago(us: int | None, now_us: int) -> str:
    """Return how long ago in one unit, "now" within a minute; "" where unknown."""
    if us is None:
        return ""
    minutes = max(0, now_us - us) // 60_000_000
    if minutes < 1:
        return "now"
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h" if minutes < 1440 else f"{minutes // 1440}d"


def bar(share: float, width: int) -> str:
    """Return a bar of `width` columns, heavy for what is done, light for what is left, to half a column."""
    halves = round(max(0.0, min(1.0, share)) * width * 2)
    full, half = divmod(halves, 2)
    return ("━" * full + "╸" * half).ljust(width, "─")


def number(value: float) -> str:
    """Return a whole number with thin groups: 1 003."""
    return f"{round(value):,}".replace(",", " ")


def hour(us: int, zone: tzinfo) -> str:
    """Return the time of day of a moment."""
    return datetime.fromtimestamp(us / 1e6, zone).strftime("%H:%M")


def sentence(error: Exception) -> str:
    """Return an error as one safe sentence for a person."""
    return safe(error, 200).strip() or type(error).__name__
