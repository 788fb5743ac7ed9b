"""Days, integers YYYYMMDD, in the words of every screen. Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo

from supervisor.calendar import date_of, day_number, days_between


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


def day_at(us: int, zone: tzinfo) -> int:
    """Return the day of a moment on the floor."""
    return day_number(datetime.fromtimestamp(us / 1e6, zone).date())


def moment(us: int, today: int, zone: tzinfo) -> str:
    """Return a moment in twelve columns: its day and its time, or its year where it is another one."""
    local = datetime.fromtimestamp(us / 1e6, zone)
    if local.year != today // 10_000:
        return f"{local.day:>2} {local:%b %Y}"
    return f"{local.day:>2} {local:%b %H:%M}"


def moment_short(us: int, today: int, zone: tzinfo) -> str:
    """Return a moment in six columns: its time where it is of `today`, else its day, or its year."""
    local = datetime.fromtimestamp(us / 1e6, zone)
    if local.date() == date_of(today):
        return f"{local:%H:%M}"
    return f"{local.day:>2} {local:%b}" if local.year == today // 10_000 else f"{local:%b %y}"
