"""One flag in full: why, the figures, how the team does, what was weighed for them, the reply, the calls, the trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.discipline.present import REPLIED, level, outcome, points, waits
from screens.themes import MARKS
from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell, Column
from screens.widgets.days import long, moment, moment_short
from screens.widgets.line import Lines
from screens.widgets.words import clock, hour
from supervisor.duties.discipline.findings import SEVERITIES
from supervisor.text import number_th, safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import FlagFile, FlagLine, ProofCall, TraceLine

Row = tuple[list[Cell], list[Cell]]
RULE = Cell("─", "faint")
LABEL = 9
"""Columns of the words at the left."""
DIRECTIONS = {"outbound": "→", "inbound": "←", "internal": "↔"}
OUTCOMES = {"no_answer": "no answer", "voicemail": "voicemail"}
TRACE_LINES = 6
"""The newest lines of the trace that are shown."""
TITLES = 5
"""Lines of titles, and those left free before them."""
ROOMY = 60
"""Width from which a moment has its day and its hour."""


def head(line: FlagLine, file: FlagFile | None, today: int, zone: tzinfo, width: int) -> list[Row]:
    """Return everything but calls and trace; what is not read yet is left out."""
    loud = level(line)
    wide = max(20, width)
    rows: list[Row] = [([Cell(one, loud or "strong")], []) for one in wrap(safe(line.words, 400), wide)]
    rows.append((_when(line, today, zone), []))
    if file is not None:
        rows.append((_before(line, file), []))
    rows.append(([], []))
    if file is not None:
        rows += _said("figures", figures(file.figures), wide, "text")
        rows += _said("team", safe(file.base, 400), wide, "text")
    if weighed := "; ".join(safe(one, 200) for one in line.excuses):
        rows += _said("excuses", weighed, wide, "text")
    elif not line.raised_by:
        rows += _said("excuses", "none was found", wide, "quiet")
    rows += _said("reply", f"{REPLIED} {safe(line.reply, 400)}" if line.reply else "", wide, "accent")
    rows += _decision(line, zone, today, wide)
    return rows


def _when(line: FlagLine, today: int, zone: tzinfo) -> list[Cell]:
    by = f"seen by {safe(line.raised_by, 20)}" if line.raised_by else "by rule"
    cells = [Cell(f"{long(line.day, today)} {hour(line.at_us, zone)}", "text")]
    if line.kind == "flag":
        word = SEVERITIES.get(line.severity, "")
        cells.append(Cell(f"   {word}", level(line) or "quiet"))
    return [*cells, Cell(f"   {by}", "quiet")]


def _before(line: FlagLine, file: FlagFile) -> list[Cell]:
    """Return how often it happened before, and the score."""
    if line.specialist_id is None:
        return [Cell("nobody knows whose phone this is: it has no score", "watch")]
    score = [Cell(", score ", "quiet"), Cell(str(file.score), "strong")]
    if line.kind != "flag":
        return [Cell("score ", "quiet"), Cell(str(file.score), "strong")]
    times = f"{number_th(file.before + 1)} {safe(line.rule_words)} in 90 days"
    return [Cell(times, "strong" if file.before else "text"), *score]


def figures(found: Mapping[str, int | float | str]) -> str:
    """Return what was measured, in the order in which it was."""
    return "   ".join(f"{safe(name).replace('_', ' ')} {_figure(value)}" for name, value in found.items())


def _figure(value: float | str) -> str:
    return safe(value) if isinstance(value, str) else f"{value:.10g}" if isinstance(value, int) else f"{value:.3g}"


def _said(label: str, words: str, width: int, role: str) -> list[Row]:
    """Return a label and its words, wrapped beside it; nothing where there are no words."""
    lines = wrap(words, max(12, width - LABEL), max_lines=4, placeholder=" …") if words else []
    return [
        ([Cell(f"{label if not at else '':<{LABEL}}", "quiet"), Cell(one, role)], []) for at, one in enumerate(lines)
    ]


def _decision(line: FlagLine, zone: tzinfo, today: int, width: int) -> list[Row]:
    if waits(line):
        return []
    by = f" by {safe(line.decided_by, 20)}" if line.decided_by else ""
    at = "" if line.decided_us is None else f"  {moment(line.decided_us, today, zone).strip()}"
    why = f": {safe(line.why, 300)}" if line.why else ""
    counts = f"  ({points(line)} points now)" if line.points else ""
    found = outcome(line)
    return _said("decided", f"{found.text}{by}{at}{why}{counts}", width, "strong")


# -- calls and trace ----------------------------------------------------------------------------------------------


def call_cells(call: ProofCall, today: int, day: int, zone: tzinfo) -> Mapping[str, Cell]:
    """Return the cells of a call behind a flag of the day `day`: in few columns, calls of that day have their hour."""
    known = bool(call.number)
    return {
        "at": Cell(moment(call.started_us, today, zone), "quiet"),
        "day": Cell(moment_short(call.started_us, day, zone), "quiet"),
        "way": Cell(DIRECTIONS.get(call.direction, "·"), "quiet"),
        "number": Cell(safe(call.number) or "unknown", "text" if known else "quiet"),
        "talk": Cell("" if not call.talk_ms else clock(call.talk_ms / 1000), "text"),
        "outcome": Cell(safe(OUTCOMES.get(call.outcome, call.outcome)), "quiet"),
        "company": Cell(safe(call.company) or "nobody's number", "text" if call.company else "quiet"),
    }


def call_columns(width: int) -> Sequence[Column]:
    """Return the columns of the calls behind a flag."""
    return (
        Column("at", "", 12) if width >= ROOMY else Column("day", "", 6),
        Column("way", "", 1),
        Column("number", "", 13, grow=3),
        Column("talk", "", 5, right=True),
        Column("outcome", "", 9, gap=1),
        Column("company", "", 8, gap=1, grow=40),
    )


def trace(lines: Sequence[TraceLine], today: int, zone: tzinfo, width: int) -> list[Row]:
    """Return the newest lines of what became of a flag, the oldest of them first."""
    when = moment if width >= ROOMY else moment_short
    rows: list[Row] = []
    for one in lines[-TRACE_LINES:]:
        detail = f"  {safe(one.detail, 200)}" if one.detail and one.what != "raised" else ""
        who = safe(one.who, 20) or "the rule"
        at = Cell(f"{when(one.at_us, today, zone):<6}  ", "quiet")
        rows.append(([at, Cell(safe(one.what), "text"), Cell(f" by {who}", "quiet"), Cell(detail, "text")], []))
    return rows


_EXPORTED = ("id", "started_at", "direction", "number", "company", "outcome", "talk_seconds")


def _table(calls: Sequence[ProofCall], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    def row(one: ProofCall) -> list[str]:
        at = datetime.fromtimestamp(one.started_us / 1e6, zone).isoformat("T", "seconds")
        talk = "" if one.talk_ms is None else f"{one.talk_ms / 1000:g}"
        return [one.id, at, one.direction, one.number, one.company, one.outcome, talk]

    return _EXPORTED, [row(one) for one in calls]


def _order(call: ProofCall, column: str) -> Any:
    return call.started_us


class FlagView(Vertical):
    """A flag beside its list, or instead of it. It shows at once what the list knows, and the rest when it is read."""

    def __init__(self, today: Callable[[], int], zone: Callable[[], tzinfo], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._today = today
        self._zone = zone
        self._file: FlagFile | None = None
        self._day = 0

    def compose(self) -> ComposeResult:
        shape: Shape[ProofCall] = Shape(
            columns=call_columns,
            cells=lambda call, _: call_cells(call, self._today(), self._day, self._zone()),
            order=_order,
            text=lambda call: f"{call.number} {call.company} {call.outcome}",
            copied=lambda call: call.number,
            table=_table,
        )
        yield Lines(fill=RULE, id="flag-title")
        yield Lines(id="flag-head")
        yield Lines(fill=RULE, id="flag-calls-title")
        yield Board(shape, heads=False, id="flag-calls")
        yield Lines(fill=RULE, id="flag-trace-title")
        yield Lines(id="flag-trace")

    @property
    def board(self) -> Board[ProofCall]:
        """The calls behind the flag."""
        return self.query_one("#flag-calls", Board)

    def show(self, file: FlagFile) -> None:
        """Take in a flag that was read."""
        self._file = file

    def file_of(self, line: FlagLine) -> FlagFile | None:
        """Return what was read of the flag `line`, None while that is of another one."""
        return self._file if self._file is not None and self._file.line.flag_id == line.flag_id else None

    def draw(self, line: FlagLine | None, now_us: int) -> None:
        """Bring it up to date with the row of the list."""
        width, today, zone = self.content_size.width, self._today(), self._zone()
        self.set_class(line is None, "-empty")
        if line is None:
            return
        self._day, file, loud = line.day, self.file_of(line), level(line)
        mark = [Cell(f"{MARKS[loud]} ", loud)] if loud else []
        title = [Cell("── ", "faint"), *mark, Cell(safe(line.specialist, 30), "title")]
        title += [Cell(f"  {safe(line.team, 16)}" if line.team else "", "quiet"), Cell(" ")]
        rule = [Cell(f" {safe(line.rule_words)}", "text"), Cell(" ──", "faint")]
        self.query_one("#flag-title", Lines).show((title, rule))
        above = head(line, file, today, zone, width - 2)
        calls, became = ((), []) if file is None else (file.calls, trace(file.trace, today, zone, width))
        self._set("flag-head", above)
        self._title("flag-calls-title", f"Calls behind it · {len(calls)}" if file is not None else "Calls behind it")
        self.board.say("No call is behind it." if file is not None else "")
        self.board.styles.height = max(2, min(len(calls), self.size.height - len(above) - len(became) - TITLES))
        self.board.show({call.id: call for call in calls}, now_us)
        self._title("flag-trace-title", "What became of it")
        self._set("flag-trace", became)

    def _title(self, name: str, words: str) -> None:
        self.query_one(f"#{name}", Lines).show(([Cell("── ", "faint"), Cell(f"{words} ", "title")], []))

    def _set(self, name: str, lines: list[Row]) -> None:
        widget = self.query_one(f"#{name}", Lines)
        if widget.styles.height is None or widget.styles.height.value != len(lines):
            widget.styles.height = len(lines)
        widget.show(*lines)
