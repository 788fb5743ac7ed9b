"""What a report is made of: sections, each a table of columns that know their kind, and perhaps a chart of it.

Values are as everywhere: moments epoch us, days YYYYMMDD, money cents, durations ms, shares 1.0 for all of it. None is
nothing known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from supervisor.calendar import day_text
from supervisor.money import shown
from supervisor.text import safe

Value = str | int | float | None
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING = "–"


class Kind(StrEnum):
    """What the values of a column are; a code (a number to dial, the time of day, a reference) is never broken."""

    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    TALK = "talk"
    DAY = "day"
    MOMENT = "moment"


NUMERIC = frozenset({Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.MONEY, Kind.TALK})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `wide`: its texts are sentences and may be broken."""

    title: str
    kind: Kind = Kind.COUNT
    wide: bool = False


class Shape(StrEnum):
    """How a chart is drawn: `bars` lie, one a row; `against` too, with what was expected beside what was done;
    `columns` stand."""

    BARS = "bars"
    AGAINST = "against"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the first rows of its section, at most `MOST_BARS`: `label` and `values` are places of columns; of
    `against` the first is what was done, the second what was expected."""

    title: str
    shape: Shape
    label: int
    values: tuple[int, ...]


MOST_BARS = 40
"""More bars than that are no picture any more, and no page."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table under a title; `total`: its last line; `note` stands above it; `empty` instead of it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    note: str = ""
    empty: str = "None."
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `name`: of its file, without its ending; `lines` stand under the title; `sealed`: who signed it in the
    console, and how that is proved, "" nobody; `signatures`: who signs it on paper."""

    name: str
    title: str
    lines: tuple[str, ...]
    time_zone: str
    sections: tuple[Section, ...]
    sealed: str = ""
    signatures: tuple[str, ...] = ()


def section(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    total: Sequence[Value] | None = None,
    note: str = "",
    empty: str = "None.",
    chart: Chart | None = None,
) -> Section:
    """Return a section of rows of any kind; a table without rows has neither chart nor total."""
    told = tuple(map(tuple, rows))
    return Section(
        title, tuple(columns), told, tuple(total) if total is not None and told else None, note, empty,
        chart if told else None,
    )  # fmt: skip


def local(us: int, zone: ZoneInfo) -> datetime:
    """Return epoch microseconds as the wall clock of `zone`, to the second and without a zone."""
    return (_EPOCH + timedelta(microseconds=us)).astimezone(zone).replace(tzinfo=None, microsecond=0)


def moment_text(us: int, zone: ZoneInfo) -> str:
    """Return epoch microseconds as YYYY-MM-DD HH:MM:SS in `zone`."""
    return local(us, zone).isoformat(" ")


def text(value: Value, kind: Kind, zone: ZoneInfo) -> str:
    """Return a value as people read it, safe to show: 1 234, 22.5, 87 %, 9 800.50, 1:02:03, 2026-11-23."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return safe(value)
    if kind is Kind.SHARE:
        return f"{value:.0%}".replace("%", " %")
    if kind is Kind.NUMBER:
        return f"{value:,.1f}".replace(",", " ").removesuffix(".0")
    whole = int(value)
    if kind is Kind.MONEY:
        return shown(whole)
    if kind is Kind.TALK:
        minutes, seconds = divmod(whole // 1000, 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if kind is Kind.DAY:
        return day_text(whole)
    if kind is Kind.MOMENT:
        return moment_text(whole, zone)
    return f"{whole:,}".replace(",", " ")
