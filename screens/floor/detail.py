"""The detail of one specialist: the day in numbers, hour by hour, the timeline of states, and today's calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from textual.containers import Vertical

from screens.floor import present
from screens.floor.present import Limits
from screens.themes import MARKS
from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell, Column
from screens.widgets.line import Lines
from screens.widgets.words import bar, clock
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.calls import DayCall, SpecialistDay, SpecialistLine

Row = tuple[list[Cell], list[Cell]]
RULE = Cell("─", "faint")
BLOCKS = " ▁▂▃▄▅▆▇█"
DIRECTIONS = {"outbound": "→", "inbound": "←", "internal": "↔"}
OUTCOMES = {"no_answer": "no answer", "voicemail": "voicemail"}
STRIP = {"talking": "█", "held": "▓", "ringing": "▄", "wrap_up": "▂", "idle": "·", "paused": "░", "offline": " "}
STRIP_ROLES = {"talking": "good", "held": "watch", "ringing": "text", "paused": "quiet", "idle": "quiet"}


def block(value: int, most: int) -> str:
    """Return one block as high as `value` of `most`; anything above 0 is seen."""
    return BLOCKS[0 if not value or not most else max(1, round(value / most * 8))]


def picture(day: SpecialistDay, zone: tzinfo, now_us: int, width: int) -> list[Row]:
    """Return the day on one scale of hours: dials as bars and numbers, effective calls, and the states below them."""
    counts = day.hours
    if not counts:
        return []
    begin, wide = scale(day, zone, width)
    most = max(count.dials for count in counts)

    def numbers(head: str, values: Sequence[int], role: str) -> Row:
        cells = [Cell((f"{value:>2}" if value else " ·").ljust(wide), role if value else "quiet") for value in values]
        return [Cell(f"{head:<{HEAD}}", "quiet"), *cells], []

    bars = [Cell((block(count.dials, most) * 2).ljust(wide), "bar") for count in counts]
    hours = "".join(f"{count.hour:02}".ljust(wide) for count in counts)
    return [
        ([Cell(" " * HEAD), *bars], []),
        numbers("dials", [count.dials for count in counts], "text"),
        numbers("effective", [count.effective for count in counts], "good"),
        (
            [
                Cell(f"{'states':<{HEAD}}", "quiet"),
                *strip(day, begin, now_us, len(counts) * wide, int(3600e6) // wide),
            ],
            [],
        ),
        ([Cell(" " * HEAD + hours, "quiet")], []),
        ([Cell(" " * HEAD), Cell("█", "good"), Cell(" talk  ▄ ring  ▂ wrap  · idle  ░ pause", "quiet")], []),
        ([], []),
    ]


HEAD = 10
"""Columns of the words at the left of the picture."""


def scale(day: SpecialistDay, zone: tzinfo, width: int) -> tuple[int, int]:
    """Return when the picture of a day begins, epoch us, and how many of `width` columns an hour has; the day has at
    least one hour."""
    return _start(day, zone, day.hours[0].hour), max(3, min(7, (width - HEAD) // len(day.hours)))


def _start(day: SpecialistDay, zone: tzinfo, hour: int) -> int:
    moment = datetime(day.day // 10000, day.day // 100 % 100, day.day % 100, hour, tzinfo=zone)
    return int(moment.timestamp()) * 1_000_000


def strip(day: SpecialistDay, begin_us: int, now_us: int, width: int, each_us: int) -> list[Cell]:
    """Return the timeline of states from `begin_us` on: a column for each `each_us`, with the state that filled most
    of it."""
    cells: list[Cell] = []
    for column in range(width):
        begin = begin_us + column * each_us
        state = _mostly(day, begin, min(begin + each_us, now_us))
        sign, role = STRIP.get(state, " "), STRIP_ROLES.get(state, "text")
        if cells and cells[-1].role == role:
            cells[-1] = Cell(cells[-1].text + sign, role)
        else:
            cells.append(Cell(sign, role))
    return cells


def _mostly(day: SpecialistDay, begin: int, end: int) -> str:
    spent: dict[str, int] = {}
    for span in day.states:
        if (both := min(span.end_us, end) - max(span.begin_us, begin)) > 0:
            spent[str(span.state)] = spent.get(str(span.state), 0) + both
    return max(spent, key=lambda state: spent[state]) if spent else ""


def summary(line: SpecialistLine, now_us: int, limits: Limits) -> list[Row]:
    """Return what stands at the top of the detail: the state, and each count against its quota."""
    shown = present.cells(line, now_us, limits)
    state = [shown["state"], Cell(" "), shown["mark"], Cell(" "), shown["since"]]
    if shown["with"].text:
        state += [Cell("  with ", "quiet"), Cell(shown["with"].text, "text")]
    quota = line.quota

    def counted(head: str, done: str, of: float, share: float, pace: float | None) -> Row:
        found = present.pace_level(pace, limits)
        cells = [
            Cell(f"{head:<10}", "quiet"),
            Cell(f"{done:>4}", "strong"),
            Cell(f" / {round(of):<4}" if of else "       ", "quiet"),
        ]
        if of:
            cells.append(Cell(f" {bar(share / of, 16)} ", found or "bar"))
        if pace is not None:
            cells.append(Cell(f" {pace:.2f} {MARKS.get(found, '')}", found or "quiet"))
        return cells, []

    minutes = line.talk_ms / 60_000
    return [
        (state, [Cell(safe(f"{line.source}:{line.agent}", 24), "quiet")]),
        ([], []),
        counted("dials", str(line.dials), quota.dials, line.dials, line.pace),
        counted("effective", str(line.effective), quota.effective, line.effective, line.effective_pace),
        counted("talk", f"{round(minutes)}m", quota.talk_minutes, minutes, None),
        *([(waiting, [])] if (waiting := present.waiting_words(line)) else []),
        ([], []),
    ]


def call_cells(zone: tzinfo) -> Any:
    """Return the function from one of today's calls to its cells, for a floor in `zone`."""

    def cells(call: DayCall, now_us: int) -> Mapping[str, Cell]:
        outcome = "~" * call.approximate + OUTCOMES.get(call.outcome, call.outcome)
        if call.ended_us is None and call.outcome == "unknown":
            outcome = "now"
        talk = "" if not call.talk_ms else clock(call.talk_ms / 1000)
        good = call.effective
        return {
            "at": Cell(datetime.fromtimestamp(call.started_us / 1e6, zone).strftime("%H:%M"), "quiet"),
            "way": Cell(DIRECTIONS.get(call.direction, "·"), "quiet"),
            "number": Cell(safe(call.number or "unknown"), "text" if call.number else "quiet"),
            "talk": Cell(talk, "good" if good else "text"),
            "outcome": Cell(safe(outcome), "text" if good or outcome == "now" else "quiet"),
        }

    return cells


def call_columns(width: int) -> Sequence[Column]:
    """Return the columns of today's calls."""
    return (
        Column("at", "at", 5),
        Column("way", "", 1),
        Column("number", "number", 14, grow=10),
        Column("talk", "talk", 6, right=True),
        Column("outcome", "outcome", 10, gap=2, grow=4),
    )


class Detail(Vertical):
    """The detail beside the list, or instead of it. It holds the last day read and says so while the next is read."""

    def __init__(self, limits: Callable[[], Limits], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._limits = limits
        self._day: SpecialistDay | None = None
        self._zone: tzinfo | None = None

    def forget(self) -> None:
        """Show nothing of another specialist while this one's day is read."""
        self._day = None
        if not self.query(Lines):  # opened for the first time: the first frame does without
            self.mount(
                Lines(fill=RULE, id="detail-title"),
                Lines(id="detail-summary"),
                Lines(id="detail-hours"),
                Lines(fill=RULE, id="detail-calls"),
            )

    def show(self, day: SpecialistDay, line: SpecialistLine | None, zone: tzinfo, now_us: int) -> None:
        """Show a specialist's day."""
        self._day, self._zone = day, zone
        if not self.query(Board):
            shape: Shape[DayCall] = Shape(
                call_columns,
                call_cells(zone),
                lambda call, _: call.started_us,
                lambda call: call.number or "",
                copied=lambda call: call.number or "",
            )
            board: Board[DayCall] = Board(shape, heads=False, id="day-calls")
            board.say("No call today.")
            self.mount(board)
        self.tick(line, now_us)
        self.query_one("#day-calls", Board).show({call.id: call for call in reversed(day.calls)}, now_us)

    def tick(self, line: SpecialistLine | None, now_us: int) -> None:
        """Bring the lines up to date with the row of the list and with the clock."""
        width = max(20, self.content_size.width)
        if line is None:
            return
        title = [
            Cell("── ", "faint"),
            Cell(safe(line.name, 30), "title"),
            Cell(f"  {safe(line.team, 20)} " if line.team else " ", "quiet"),
        ]
        self._set("detail-title", [(title, [])])
        self._set("detail-summary", summary(line, now_us, self._limits()))
        day, zone = self._day, self._zone
        if day is None or zone is None:
            return
        self._set("detail-hours", picture(day, zone, now_us, width))
        self._set("detail-calls", [([Cell("── ", "faint"), Cell(f"Calls today · {len(day.calls)} ", "title")], [])])

    def _set(self, name: str, lines: list[Row]) -> None:
        widget = self.query_one(f"#{name}", Lines)
        if widget.styles.height is None or widget.styles.height.value != len(lines):
            widget.styles.height = len(lines)
        widget.show(*lines)
