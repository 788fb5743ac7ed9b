"""One discrepancy, call or log in full: what the phones say beside what the specialist says, why, what explains it,
what was decided, and the calls around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.audit import tables
from screens.audit.present import EXPLAINED, STATES, class_words, counted, decision, level
from screens.themes import MARKS
from screens.widgets.board import Board
from screens.widgets.cells import Cell, Column, fit
from screens.widgets.line import Lines
from screens.widgets.words import clock, hour
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import AuditedCall, AuditedLog, Correction, Discrepancy, SpecialistFigures

Row = tuple[list[Cell], list[Cell]]
RULE = Cell("─", "faint")
LABEL = 10
"""Columns of the words at the left."""
AROUND_US = 45 * 60_000_000
"""Calls so long before and after are around it."""
TITLES = 4
"""Lines of titles, and those left free."""


class Item(NamedTuple):
    """What is marked: a discrepancy, or a call or log that is none; and what is known beside it."""

    id: str
    at_us: int
    specialist: str
    team: str
    class_: str
    discrepancy: Discrepancy | None
    call: AuditedCall | None
    log: AuditedLog | None
    figures: SpecialistFigures | None
    ways: Sequence[Correction]
    around: Sequence[AuditedCall]


def head(item: Item, zone: tzinfo, width: int) -> list[Row]:
    """Return everything but the calls around it, in lines of `width` columns."""
    one = item.discrepancy
    why = one.why if one is not None else item.call.why if item.call is not None else item.log.why if item.log else ""
    rows: list[Row] = [([Cell(words, _loud(one) or "strong")], []) for words in wrap(safe(why, 400), max(20, width))]
    if rows:
        rows.append(([], []))
    rows += beside(item.call, item.log, item.class_, zone, width)
    if item.log is not None and item.log.note:
        rows += said("note", safe(item.log.note, 400), width, "text")
    if item.log is not None and item.log.accepted_by:
        rows += said("counts", f"accepted by {safe(item.log.accepted_by, 30)}", width, "quiet")
    rows.append(([], []))
    if one is not None:
        if one.explanation:
            rows += said("explained", f"{EXPLAINED} {safe(one.explanation, 400)}", width, "accent")
        else:
            rows += said("explained", "nothing explains it yet", width, "quiet")
        rows += said("decided", decision(one), width, "strong")
        if level(one) and item.ways:
            rows += said("correct", "; or ".join(safe(way.words, 120) for way in item.ways), width, "text")
    if item.figures is not None:
        rows += said("the day", day_words(item.figures), width, "quiet")
    return rows


def _loud(one: Discrepancy | None) -> str:
    return level(one) if one is not None else ""


def beside(call: AuditedCall | None, log: AuditedLog | None, class_: str, zone: tzinfo, width: int) -> list[Row]:
    """Return call and log side by side: what the phones say, what the specialist says."""
    half = max(10, (width - LABEL - 2) // 2)
    unlike = "act" if class_ == "duration_inflated" else "text"

    def row(label: str, phones: Cell, says: Cell) -> Row:
        left = Cell(fit(phones.text, half), phones.role)
        return [Cell(f"{label:<{LABEL}}", "quiet"), left, Cell("  "), Cell(fit(says.text, half), says.role)], []

    no_call = Cell("no call", "act" if class_ == "log_without_call" else "quiet")
    no_log = Cell("no log", "watch" if class_ == "unlogged" else "quiet")
    rows = [row("", Cell("the phones say", "title"), Cell("was logged", "title"))]
    rows.append(
        row(
            "at",
            no_call if call is None else Cell(_second(call.started_us, zone)),
            no_log if log is None else Cell(hour(log.at_us, zone)),
        )
    )
    rows.append(
        row(
            "with",
            Cell("") if call is None else Cell(safe(call.company) or "nobody's number", _known(call.company)),
            Cell("") if log is None else Cell(safe(log.company)),
        )
    )
    if call is not None:
        rows.append(row("number", Cell(safe(call.number) or "unknown", _known(call.number)), Cell("")))
    rows.append(
        row(
            "how",
            Cell("") if call is None else Cell(_how(call), "quiet"),
            Cell("") if log is None else Cell(safe(log.channel), "quiet"),
        )
    )
    rows.append(
        row(
            "talk",
            Cell("") if call is None else _length(call.talk_ms, "strong", "unknown" if call.connected else "–"),
            Cell("") if log is None else _length(log.claimed_ms, unlike, "not told"),
        )
    )
    rows.append(
        row(
            "outcome",
            Cell("") if call is None else Cell(safe(call.outcome).replace("_", " ")),
            Cell("") if log is None else Cell(safe(log.outcome) or "–"),
        )
    )
    return rows


def _second(us: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(us / 1e6, zone).strftime("%H:%M:%S")


def _known(text: str) -> str:
    return "text" if text else "quiet"


def _how(call: AuditedCall) -> str:
    reached = "effective" if call.effective else "connected" if call.connected else ""
    return ", ".join(word for word in (safe(call.direction), reached) if word)


def _length(ms: int | None, role: str, unknown: str = "unknown") -> Cell:
    return Cell(unknown, "quiet") if ms is None else Cell(clock(ms / 1000), role)


def said(label: str, words: str, width: int, role: str) -> list[Row]:
    """Return a label and its words, wrapped beside it; nothing where there are no words."""
    lines = wrap(words, max(12, width - LABEL), max_lines=4, placeholder=" …") if words else []
    return [
        ([Cell(f"{label if not at else '':<{LABEL}}", "quiet"), Cell(one, role)], []) for at, one in enumerate(lines)
    ]


def day_words(one: SpecialistFigures) -> str:
    """Return a specialist's day in a line."""
    quota = f" of {round(one.quota)}" if one.quota else ""
    parts = [
        safe(one.attendance), counted(one.dials, "dial"), f"{one.effective}{quota} effective",
        f"{one.contacts_matched} of {one.contacts_logged} logs matched",
    ]  # fmt: skip
    if one.open:
        parts.append(f"{one.open} open")
    return ", ".join(part for part in parts if part)


def around(calls: Sequence[AuditedCall], specialist: str, at_us: int) -> list[AuditedCall]:
    """Return the calls of a specialist shortly before and after a moment, in the order of the clock."""
    found = [
        call for call in calls if call.specialist == specialist and abs(call.started_us - at_us) <= AROUND_US
    ]  # fmt: skip
    return sorted(found, key=lambda call: call.started_us)


def around_columns(width: int) -> Sequence[Column]:
    """Return the columns of the calls around it."""
    return (
        Column("mark", "", 1),
        Column("at", "", 5, gap=1),
        Column("way", "", 1, gap=1),
        Column("whom", "", 12, gap=1, grow=22),
        Column("talk", "", 6, gap=1, right=True),
        Column("class", "", 14, gap=2),
    )


class ItemView(Vertical):
    """The marked discrepancy, call or log beside its list, or instead of it."""

    def __init__(self, zone: Callable[[], tzinfo], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._here = self._shown = ""

    def compose(self) -> ComposeResult:
        shape = tables.calls_shape(self._zone, around_columns, lambda: self._here)
        yield Lines(fill=RULE, id="item-title")
        yield Lines(id="item-head")
        yield Lines(fill=RULE, id="item-around-title")
        yield Board(shape, heads=False, id="around")

    @property
    def board(self) -> Board[AuditedCall]:
        """The calls around it."""
        return self.query_one("#around", Board)

    def draw(self, item: Item | None, now_us: int) -> None:
        """Bring it up to date with the row of the list."""
        self.set_class(item is None, "-empty")
        if item is None:
            return
        one, width = item.discrepancy, max(20, self.content_size.width - 2)
        loud = _loud(one)
        mark = MARKS[loud] if loud else STATES.get(one.state, "") if one is not None else ""
        title = [Cell("── ", "faint"), Cell(f"{mark} " if mark else "", loud or "quiet")]
        title += [Cell(safe(item.specialist, 20) or "nobody", "title")]
        title += [Cell(f"  {safe(item.team, 16)}" if item.team else "", "quiet"), Cell(" ")]
        right = [Cell(f" {class_words(item.class_)}", loud or "text"), Cell(" ──", "faint")]
        self.query_one("#item-title", Lines).show((title, right))
        above = head(item, self._zone(), width)
        widget = self.query_one("#item-head", Lines)
        if widget.styles.height is None or widget.styles.height.value != len(above):
            widget.styles.height = len(above)
        widget.show(*above)
        self._here = item.call.id if item.call is not None else ""
        words = f"{_whose(item)} around {hour(item.at_us, self._zone())} · {len(item.around)} "
        self.query_one("#item-around-title", Lines).show(([Cell("── ", "faint"), Cell(words, "title")], []))
        self.board.say("No other call within 45 minutes.")
        self.board.show({call.id: call for call in item.around}, now_us)
        if self._shown != item.id:
            self._shown = item.id
            nearest = min(item.around, key=lambda call: abs(call.started_us - item.at_us), default=None)
            self.board.go(self._here or (nearest.id if nearest is not None else ""))


def _whose(item: Item) -> str:
    return f"Calls of {safe(item.specialist, 20)}" if item.specialist else "Calls"
