"""The attendance of a day as cells. Loud is only who is absent and calls all the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import hour
from supervisor.calendar import date_of
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import AttendanceLine, AttendanceTable

SIGNS = {"present": "●", "half": "◐", "leave": "○", "sick": "✚", "training": "◇"}
"""The mark of each status, in the order in which they are counted."""
AWAY = ("leave", "sick")
"""Who is this and calls all the same is absent but calling."""
ABSENT = (*AWAY, "training")
"""Who is this has no hours of their own."""
DAY = 24 * 60
NOT_TOLD = "not told"


class Asked(NamedTuple):
    """What was asked for a row and is not kept yet."""

    status: str
    start: int | None
    end: int | None


class Row(NamedTuple):
    """A specialist on a day, the floor's first and last working minute of it, and whether an act is under way."""

    line: AttendanceLine
    begins: int
    ends: int
    working: bool
    zone: tzinfo
    waits: bool = False

    @property
    def absent_but_calling(self) -> bool:
        """Whether somebody is on leave or ill and called."""
        return self.line.status in AWAY and self.line.dials > 0


def rows(table: AttendanceTable, team: str | None, zone: tzinfo, asked: Mapping[str, Asked]) -> dict[str, Row]:
    """Return the rows by key, those of one team or all; what was `asked` for is shown at once."""
    found: dict[str, Row] = {}
    for line in table.lines:
        if team in (None, line.team):
            wish = asked.get(line.key)
            shown = line if wish is None else wished(line, wish)
            found[line.key] = Row(shown, table.begins, table.ends, table.working, zone, wish is not None)
    return found


def wished(line: AttendanceLine, wish: Asked) -> AttendanceLine:
    """Return a line as it is once what was asked for is kept."""
    return replace(line, status=wish.status, start=wish.start, end=wish.end, told=True)


def clock(minute: int) -> str:
    """Return a minute as a time of day; those past midnight are of the next one."""
    hours, rest = divmod(minute if minute == DAY else minute % DAY, 60)
    return f"{hours:02}:{rest:02}"


def span(start: int | None, end: int | None) -> str:
    """Return from when until when, as it is typed: "10:30-", "-16:00"; "" where the floor's hours hold."""
    if start is None and end is None:
        return ""
    return f"{clock(start) if start is not None else ''}-{clock(end) if end is not None else ''}"


def off(row: Row) -> list[str]:
    """Return how late somebody began and how early they ended against the floor's hours: "+45 min", "-2 h 00"."""
    line = row.line
    found: list[str] = []
    if not row.working or line.status in ABSENT:
        return found
    if line.start is not None and line.start > row.begins:
        found.append(f"+{_length(line.start - row.begins)}")
    if line.end is not None:
        begin = row.begins if line.start is None else line.start
        end = line.end + DAY if line.end <= begin and row.ends > DAY else line.end
        if end < row.ends:
            found.append(f"-{_length(row.ends - end)}")
    return found


def _length(minutes: int) -> str:
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"


def counts(found: Sequence[Row], width: int) -> list[Cell]:
    """Return how many are what, and of how many nobody said anything; without the marks where they do not fit."""
    wide = width >= 100
    told = [row.line.status for row in found if row.line.told]
    cells: list[Cell] = []
    for status, sign in SIGNS.items():
        count = told.count(status)
        name = f"{sign} {status} " if wide else f"{status} "
        gap = Cell("   " if wide else "  ")
        cells += [Cell(name, "quiet"), Cell(f"{count}", "strong" if count else "quiet"), gap]
    untold = len(found) - len(told)
    cells += [Cell(f"{NOT_TOLD} ", "quiet"), Cell(f"{untold}", "strong" if untold else "quiet")]
    return cells


def level(row: Row, now_us: int = 0) -> str:
    """Return whether a row needs a person."""
    return "act" if row.absent_but_calling else ""


def cells(row: Row, now_us: int) -> Mapping[str, Cell]:
    """Return the cells of a row, by column id."""
    line, loud = row.line, row.absent_but_calling
    normal = line.status == "present"
    free = not line.told and not row.working
    sign = "…" if row.waits else "·" if free else SIGNS.get(line.status, "?")
    if loud:
        told = Cell("but calls", "act")
    else:
        told = Cell(span(line.start, line.end)) if line.told else Cell(NOT_TOLD, "quiet")
    return {
        "mark": Cell(MARKS["act"] if loud else "", "act"),
        "name": Cell(safe(line.name), "text"),
        "team": Cell(safe(line.team), "quiet"),
        "sign": Cell(sign, "quiet" if not line.told else "good" if normal else "strong"),
        "status": Cell("day off" if free else line.status, "quiet" if normal else "strong"),
        "hours": told,
        "off": Cell("  ".join(off(row)), "quiet" if line.status == "half" else "watch"),
        "dials": Cell(str(line.dials), "act" if loud else "text" if line.dials else "quiet"),
        "first": _call(line.first_us, row.zone, loud),
        "last": _call(line.last_us, row.zone, loud),
    }


def _call(us: int | None, zone: tzinfo, loud: bool) -> Cell:
    return Cell("–", "quiet") if us is None else Cell(hour(us, zone), "act" if loud else "text")


def columns(width: int) -> Sequence[Column]:
    """Return the columns, which fit 80."""
    return (
        Column("mark", "", 1, gap=1),
        Column("name", "specialist", 16, gap=1, grow=14),
        Column("team", "team", 8, gap=1, grow=10),
        Column("sign", "", 1, gap=1),
        Column("status", "status", 8, gap=1),
        Column("hours", "from-to", 11, gap=1),
        Column("off", "off", 7, gap=1, grow=11),
        Column("dials", "dials", 5, gap=1, right=True),
        Column("first", "first", 5, gap=1, right=True),
        Column("last", "last", 5, gap=1, right=True),
    )


def order(row: Row, column: str) -> Any:
    """Return what a row is sorted by: the most, the latest or the first in the alphabet first."""
    line, name = row.line, alphabetical(row.line.name)
    match column:
        case "team":
            return (alphabetical(line.team), name)
        case "status":
            return (list(SIGNS).index(line.status) if line.status in SIGNS else 9, not line.told, name)
        case "dials":
            return (-line.dials, name)
        case "first":
            return (line.first_us is not None, -(line.first_us or 0), name)
        case _:
            return name


def text(row: Row) -> str:
    """Return what the filter looks through."""
    line = row.line
    return f"{line.name} {line.team} {line.status} {'' if line.told else NOT_TOLD}"


def table(found: Sequence[Row], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: as `supervisor import attendance` reads it, and what the phones tell."""
    heads = ("date", "specialist", "team", "status", "told", "start", "end", "dials", "first", "last")
    return heads, [
        [
            date_of(line.day).isoformat(), line.name, line.team, line.status, "yes" if line.told else "no",
            "" if line.start is None else clock(line.start), "" if line.end is None else clock(line.end),
            str(line.dials), "" if line.first_us is None else hour(line.first_us, zone),
            "" if line.last_us is None else hour(line.last_us, zone),
        ]
        for line, *_ in found
    ]  # fmt: skip


SHAPE: Shape[Row] = Shape(
    columns, cells, order, text, fresh=frozenset({"status"}), sorts=(None, "name", "team", "status", "dials", "first"),
    level=level, table=table,
)  # fmt: skip
