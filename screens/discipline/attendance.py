"""The attendance of a day, a row a specialist and one key each: forty people are forty keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from screens import keys
from screens.discipline import attendance_present as present
from screens.discipline import typed
from screens.discipline.attendance_present import Asked, Row
from screens.discipline.page import open_page
from screens.discipline.pushed import RULE, PushedScreen, Seen
from screens.widgets import days
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from screens.widgets.prompt import Prompt
from supervisor.calendar import date_of, day_number
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.duties.discipline.snapshots import AttendanceTable

ACTS = ("attend-present", "attend-half", "attend-leave", "attend-sick", "attend-training", "attend-hours")


def open_attendance(screen: Screen[Any]) -> None:
    """Show the attendance of today on top of `screen`."""
    screen.app.push_screen(AttendanceScreen())


class AttendanceScreen(PushedScreen["AttendanceTable"]):
    """The table of a day. `day`: the one asked for, None today; what is asked for and not kept yet is shown at once."""

    PLACE = "attendance"
    HEAD = "Attendance"
    FILTER = "filter: name, team, status, not told"
    CALM = "Nobody who is away called on this day."
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("attendance")

    def __init__(self) -> None:
        super().__init__()
        self.day: int | None = None
        self._asked: dict[tuple[int, str], list[Asked]] = {}
        self._kept: list[tuple[int, str]] = []
        self._read_anew = 0

    def compose_body(self) -> ComposeResult:
        yield Lines(id="attendance-day")
        yield Lines(fill=RULE, id="title")
        yield Board(present.SHAPE, id="board")

    @property
    def board(self) -> Board[Row]:
        return self.query_one("#board", Board)

    # Keeping fresh

    def read(self, desk: Desk) -> Seen[AttendanceTable]:
        self._read_anew = len(self._kept)
        return Seen(desk.discipline.discipline(), desk.discipline.attendance(self.day))

    async def after_read(self, desk: Desk) -> None:
        """What was kept before this reading began is in it."""
        for place in self._kept[: self._read_anew]:
            self._forget(place)
        del self._kept[: self._read_anew]
        self.draw()

    def show(self, snapshot: Seen[AttendanceTable], zone: tzinfo, now_us: int) -> None:
        table, board = snapshot.it, self.board
        asked = {key: wishes[-1] for (day, key), wishes in self._asked.items() if day == table.day}
        rows = present.rows(table, self.team, zone, asked)
        if table.lines:
            board.say("Nobody here matches what narrows the list.", "esc shows everybody again.")
        else:
            board.say("Nobody is in the roster yet.", "supervisor import roster FILE brings the specialists in.")
        board.show(rows, now_us)
        day = [
            Cell(f"{days.long(table.day, table.today)}   ", "title"),
            *present.counts(list(rows.values()), self.size.width),
        ]
        hours = [Cell(f"the floor: {present.span(table.begins, table.ends)}", "quiet")] if table.working else []
        self.query_one("#attendance-day", Lines).show((day, hours))
        loud = sum(row.absent_but_calling for row in board.items)
        words = [Cell(f"Attendance · {len(board.keys)}", "title")]
        if not table.working:
            words.append(Cell("  a day off", "text"))
        if loud:
            words.append(Cell(f"  ✕ {loud} away but calling", "act"))
        self.query_one("#title", Lines).show(self.title_line(board, words, self.hints(*ACTS)))

    def footer_keys(self) -> Sequence[str]:
        if self.has_class("-narrow"):  # where the title has no room for them
            return (*ACTS, "undo")
        return ("back", "attend-day", "attend-before", "attend-after", "exception", "team", "undo")

    def reasons(self) -> Mapping[str, str]:
        return dict.fromkeys(ACTS, "nobody is marked") if self.board.item is None else {}

    def teams(self, snapshot: Seen[AttendanceTable]) -> Mapping[str, int]:
        lines = snapshot.it.lines
        return {"": len(lines)} | {team: sum(line.team == team for line in lines) for team in snapshot.it.teams}

    def chosen(self, board: Board[Any], key: str) -> None:
        open_page(self, [row.line.specialist_id for row in self.board.items], int(key))

    # Days

    def action_day(self, by: int) -> None:
        if self.snapshot is not None:
            self._go(day_number(date_of(self.day or self.snapshot.it.today) + timedelta(days=by)))

    def action_which_day(self) -> None:
        if self.snapshot is None:
            return
        today = self.snapshot.it.today
        self.app.push_screen(
            Prompt(
                "Which day?",
                lambda text: self._go(typed.day(text, today)),
                hint=typed.DAYS,
                meaning=lambda text: days.told(typed.day(text, today), today),
            )
        )

    def _go(self, day: int) -> None:
        self.day = day
        self.wake()

    # Acts

    def _marked(self) -> Row | None:
        """The row that keys work on; None, which is told, where there is none or another day is still being read."""
        row, snapshot = self.board.item, self.snapshot
        if snapshot is None or row is None:
            self.tell("Nobody is marked.", "watch")
            return None
        if (self.day or snapshot.it.today) != snapshot.it.day:
            self.tell("The other day is still being read: nothing was changed.", "watch")
            return None
        return row

    def action_attend(self, status: str) -> None:
        """Say what somebody was; hours that were told stay, where there can be any."""
        if (row := self._marked()) is not None:
            kept = (None, None) if status in present.ABSENT else (row.line.start, row.line.end)
            self._attend(row, Asked(status, *kept))

    def action_hours(self) -> None:
        if (row := self._marked()) is None:
            return
        line = row.line
        status = "present" if line.status in present.ABSENT else line.status
        floor = present.span(row.begins, row.ends)

        def meaning(text: str) -> str:
            start, end = typed.hours(text, row.ends)
            if start is None and end is None:
                return f"the floor's hours, {floor}"
            told = row._replace(line=present.wished(row.line, Asked(status, start, end)))
            return "   ".join([present.span(start, end), *present.off(told)])

        self.app.push_screen(
            Prompt(
                f"From when until when was {safe(line.name, 30)} there?",
                lambda text: self._attend(row, Asked(status, *typed.hours(text, row.ends))),
                typed=present.span(line.start, line.end),
                hint=typed.HOURS,
                meaning=meaning,
                needed=False,
            )
        )

    def _attend(self, row: Row, asked: Asked) -> None:
        """Have it kept, in the order of the keys, and go on to the next row at once."""
        line, place = row.line, (row.line.day, row.line.key)
        self._asked.setdefault(place, []).append(asked)

        async def doing(_: Desk) -> None:
            try:
                await self.done(
                    lambda desk: desk.discipline.attend(line.specialist_id, line.day, asked.status, *asked[1:])
                )
            except Exception:
                self._forget(place)
                raise
            self._kept.append(place)

        self.beside(doing)
        if self.board.key == line.key:
            self.board.step(1)
        self.draw()

    def _forget(self, place: tuple[int, str]) -> None:
        """An act is over: acts on one row end in the order in which they were asked for."""
        wishes = self._asked[place]
        del wishes[0]
        if not wishes:
            del self._asked[place]
