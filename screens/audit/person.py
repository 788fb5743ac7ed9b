"""A specialist's day as a picture: hours, calls and states on one scale, the figures above, the calls below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.audit.item import RULE, Row, said
from screens.audit.people import person_level
from screens.audit.present import counted, iso
from screens.floor.detail import HEAD, block, call_cells, call_columns, picture, scale
from screens.themes import MARKS
from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from screens.widgets.words import clock, hour
from supervisor.duties.discipline.findings import WORDS
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import SpecialistFigures
    from supervisor.duties.calls import DayCall, SpecialistDay

HOUR_US = 3_600_000_000
STATES_AT, HOURS_AT = 3, 4
"""Where in the picture of the floor's detail the line of states and that of hours stand."""


def figures(one: SpecialistFigures, zone: tzinfo, width: int) -> list[Row]:
    """Return what the day came to, in words."""
    quota = f" of {round(one.quota)}" if one.quota else ""
    short = f", {one.shortfall:.3g} short" if one.shortfall else ""
    talk = f"{counted(one.dials, 'dial')}, {one.connected} connected, {one.effective}{quota} effective{short}"
    gap = f", longest gap {clock(one.longest_gap_ms / 1000)}" if one.longest_gap_ms else ""
    span = "no call"
    if one.first_us is not None and one.last_us is not None:
        span = f"from {hour(one.first_us, zone)} to {hour(one.last_us, zone)}, talk {clock(one.talk_ms / 1000)}{gap}"
    logs = f"{one.contacts_matched} of {one.contacts_logged} with a call"
    flags = ", ".join(WORDS.get(code, safe(code)) for code in one.flags)
    opened = f"{counted(one.open, 'discrepancy')} without a decision" if one.open else ""
    return [
        *said("was", safe(one.attendance) or "not told", width, "act" if person_level(one) == "act" else "text"),
        *said("phones", talk, width, "watch" if one.shortfall else "text"),
        *said("", span, width, "text"),
        *said("logs", logs, width, "text"),
        *said("flags", flags, width, "watch"),
        *said("open", opened, width, "watch"),
        ([], []),
    ]


def timeline(day: SpecialistDay, zone: tzinfo, now_us: int, width: int) -> list[Row]:
    """Return the picture of the floor's detail with a line of calls above that of the states, or instead of it: every
    day has calls, not every source tells states."""
    rows = picture(day, zone, now_us, width)
    if not rows:
        return []
    begin, wide = scale(day, zone, width)
    strip = calls_strip(day, begin, now_us, len(day.hours) * wide, HOUR_US // wide)
    calls: Row = ([Cell(f"{'calls':<{HEAD}}", "quiet"), *strip], [])
    if not day.states:
        return [*rows[:STATES_AT], calls, rows[HOURS_AT], ([], [])]
    return [*rows[:STATES_AT], calls, *rows[STATES_AT:]]


def calls_strip(day: SpecialistDay, begin_us: int, now_us: int, width: int, each_us: int) -> list[Cell]:
    """Return the timeline of calls: a column for each `each_us`, as high as the share of it that was spent on the
    phone, in the colour of talk where there was some; "·" where working time passed without a call."""
    cells: list[Cell] = []
    for column in range(width):
        begin, end = begin_us + column * each_us, begin_us + (column + 1) * each_us
        sign, role = " ", "quiet"
        met = [call for call in day.calls if call.started_us < end and _until(call) > begin]
        if met:
            spent = sum(min(_until(call), end) - max(call.started_us, begin) for call in met)
            sign = block(min(spent, each_us), each_us)
            role = "good" if any(call.talk_ms for call in met) else "text"
        elif begin < now_us and any(since < end and until > begin for since, until in day.shift):
            sign = "·"
        if cells and cells[-1].role == role:
            cells[-1] = Cell(cells[-1].text + sign, role)
        else:
            cells.append(Cell(sign, role))
    return cells


def _until(call: DayCall) -> int:
    """Return when a call ended; one whose end is unknown is a moment."""
    return call.started_us + 1 if call.ended_us is None else max(call.ended_us, call.started_us + 1)


def _table(calls: Sequence[DayCall], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    heads = ("id", "started_at", "direction", "number", "outcome", "talk_seconds", "effective")
    return heads, [
        [
            call.id, iso(call.started_us, zone), call.direction, call.number, call.outcome,
            "" if call.talk_ms is None else f"{call.talk_ms / 1000:g}", str(int(call.effective)),
        ]
        for call in calls
    ]  # fmt: skip


class PersonView(Vertical):
    """A specialist's day beside the list of specialists, or instead of it. It holds the last day read, and shows
    nothing of it once another row is marked."""

    def __init__(self, zone: Callable[[], tzinfo], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._read: tuple[int, SpecialistDay] | None = None

    def compose(self) -> ComposeResult:
        shape: Shape[DayCall] = Shape(
            call_columns,
            lambda call, now_us: call_cells(self._zone())(call, now_us),
            lambda call, _: call.started_us,
            lambda call: f"{call.number} {call.outcome}",
            copied=lambda call: call.number,
            table=_table,
        )
        yield Lines(fill=RULE, id="person-title")
        yield Lines(id="person-head")
        yield Lines(fill=RULE, id="person-calls-title")
        yield Board(shape, heads=False, id="person-calls")

    @property
    def board(self) -> Board[DayCall]:
        """The calls of the day."""
        return self.query_one("#person-calls", Board)

    def show(self, specialist_id: int, day: SpecialistDay) -> None:
        """Take in a day that was read."""
        self._read = (specialist_id, day)

    def draw(self, one: SpecialistFigures | None, day: int, now_us: int) -> None:
        """Bring it up to date with the row of the list; `day`: the one audited."""
        self.set_class(one is None, "-empty")
        if one is None:
            return
        width, zone, loud = max(20, self.content_size.width - 2), self._zone(), person_level(one)
        title = [Cell("── ", "faint"), Cell(f"{MARKS[loud]} " if loud else "", loud or "text")]
        title += [Cell(safe(one.name, 30), "title"), Cell(f"  {safe(one.team, 20)} " if one.team else " ", "quiet")]
        self.query_one("#person-title", Lines).show((title, []))
        read = self._read[1] if self._read is not None and self._read[0] == one.specialist_id else None
        if read is not None and read.day != day:
            read = None
        rows = figures(one, zone, width)
        rows += timeline(read, zone, now_us, width) if read is not None else []
        widget = self.query_one("#person-head", Lines)
        if widget.styles.height is None or widget.styles.height.value != len(rows):
            widget.styles.height = len(rows)
        widget.show(*rows)
        calls = read.calls if read is not None else ()
        words = f"Calls of the day · {len(calls)} " if read is not None else "Calls of the day "
        self.query_one("#person-calls-title", Lines).show(([Cell("── ", "faint"), Cell(words, "title")], []))
        if one.specialist_id is None:
            self.board.say("Nobody knows whose phone this is: adopt it on the floor.")
        else:
            self.board.say("No call on this day." if read is not None else "Reading the day …")
        self.board.show({call.id: call for call in calls}, now_us)
