"""The audit of a day on the screen, without any act: the day at a glance, its lists, what is marked, another day."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from screens import keys
from screens.audit import lists, people, present, tables
from screens.audit.glance import Hints, glance
from screens.audit.item import ItemView
from screens.audit.known import Known, Row, rows
from screens.audit.lists import CALLS, DISCREPANCIES, LISTS, LOGS, PAIRED, PEOPLE, REVISIONS, SEALS, board_id
from screens.audit.pending import Pending, Place
from screens.audit.person import PersonView
from screens.live import LiveScreen
from screens.widgets import days
from screens.widgets.board import Board
from screens.widgets.cells import Cell, columns_of
from screens.widgets.line import Lines
from screens.widgets.words import sentence
from supervisor.calendar import date_of, day_number
from supervisor.duties.audit.snapshots import OPEN, Discrepancy

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.widgets.header import About
    from supervisor.duties.audit.snapshots import Correction, DayAudit, Link, SpecialistFigures

RULE = Cell("─", "faint")
RESTS_S = 0.25
"""The ways to correct are read once the cursor has rested on a row so long: each takes an audit of the day."""


class AuditView(LiveScreen["DayAudit"]):
    """The day at a glance above one of six lists, in the place of one another, and the marked row beside it.

    `day`: the one asked for, None today; `pending`: what was decided and is not read yet; `wanted`: the key of a row to
    be marked as soon as it is there; `links`: the seals, None while they were not proved."""

    MODE = PLACE = "audit"
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    FILTER = "filter: class, specialist, customer, number, state"
    CALM = "Nothing here is open."

    def __init__(self) -> None:
        super().__init__()
        self.add_class("-pair")
        self.list = DISCREPANCIES
        self.day: int | None = None
        self.links: Sequence[Link] | None = None
        self.pending = Pending()
        self.wanted: str | None = None
        self._reading = False
        self._known: Known | None = None
        self._ways: tuple[Place, Sequence[Correction]] | None = None

    # What is in front

    @property
    def board(self) -> Board[Any]:
        return self.query_one(f"#{board_id(self.list)}", Board)

    @property
    def boards(self) -> Sequence[Board[Any]]:
        side = self.person.board if self.list == PEOPLE else self.item.board
        return (self.board, side)

    @property
    def item(self) -> ItemView:
        """The marked discrepancy, call or log in full."""
        return self.query_one(ItemView)

    @property
    def person(self) -> PersonView:
        """The marked specialist's day."""
        return self.query_one(PersonView)

    @property
    def side(self) -> ItemView | PersonView:
        """What stands beside the list in front."""
        return self.person if self.list == PEOPLE else self.item

    @property
    def floor_zone(self) -> tzinfo:
        """The floor's zone, UTC before anything was read."""
        return self.zone or UTC

    @property
    def today(self) -> int:
        """The floor's day."""
        if self.snapshot is None:
            return 19700101
        return days.day_at(self.snapshot.now_us, self.floor_zone)

    @property
    def shown_day(self) -> int:
        """The day that is shown."""
        return self.snapshot.day if self.snapshot is not None else 19700101

    @property
    def found(self) -> Sequence[Discrepancy]:
        """The discrepancies of the day as they stand once what was asked for is kept, open ones first."""
        day = self.snapshot
        if day is None:
            return ()
        found = [self.pending.wished(one, day) for one in day.discrepancies]
        return [*(one for one in found if one.state == OPEN), *(one for one in found if one.state != OPEN)]

    @property
    def open_count(self) -> int:
        """How many discrepancies are open."""
        return sum(one.state == OPEN for one in self.found)

    @property
    def marked(self) -> Discrepancy | None:
        """The discrepancy under the cursor, or that of the call or log under it."""
        row: Row | None = self.board.item if self.list in PAIRED else None
        if row is None or self.snapshot is None or isinstance(row, Discrepancy):
            return row if isinstance(row, Discrepancy) else None
        one = self._of(self.snapshot).discrepancy(row.id)
        return None if one is None else self.pending.wished(one, self.snapshot)

    @property
    def detail_open(self) -> bool:
        """Where there is room, what is marked stands beside the lists of calls and logs always."""
        return super().detail_open or (
            self.list in PAIRED and not (self.has_class("-narrow") or self.has_class("-zoomed"))
        )

    def compose_body(self) -> ComposeResult:
        zone, today = lambda: self.floor_zone, lambda: self.today
        yield Lines(id="glance")
        with Horizontal(id="audit-body"):
            with Vertical(id="audit-lists"):
                yield Lines(fill=RULE, id="title")
                yield Board(present.shape(zone, self._waiting), id="board")
                yield Board(people.people_shape(zone), id=PEOPLE)
                yield Board(tables.calls_shape(zone), id=CALLS)
                yield Board(tables.logs_shape(zone), id=LOGS)
                yield Board(tables.seals_shape(today, zone), id=SEALS)
                yield Board(tables.REVISIONS, id=REVISIONS)
            yield ItemView(zone, id="detail")
            yield PersonView(zone, id="person")

    def _waiting(self) -> set[str]:
        return self.pending.waiting(self.shown_day)

    # Keeping fresh

    def read(self, desk: Desk) -> DayAudit:
        self.pending.begin_reading()
        return desk.audit.day(self.day)

    def about(self, snapshot: DayAudit) -> About:
        return snapshot

    async def after_read(self, desk: Desk) -> None:
        self.pending.was_read()
        if self._reading and (self.day or self.today) == self.shown_day:
            self._reading = False
            self._say_nothing()
        self.draw()
        await self._tell_more(desk)

    def forget_detail(self) -> None:
        """What is shown of another row goes by itself; read what belongs to the one now marked at once."""
        self._read_more()

    @work(group="more", exclusive=True, exit_on_error=False)
    async def _read_more(self) -> None:
        if self.list in PAIRED:
            await asyncio.sleep(RESTS_S)
        if self.desk is not None:
            await self._tell_more(self.desk)

    @work(group="chain", exclusive=True, exit_on_error=False)
    async def prove(self) -> None:
        """Have all seals proved anew, where they are in front; it may take seconds."""
        if self.list != SEALS or self.desk is None:
            return
        try:
            self.links = await asyncio.to_thread(self.desk.audit.chain)
        except Exception as error:
            self.tell(f"✕ {sentence(error)}", "act")
        self.draw()

    async def _tell_more(self, desk: Desk) -> None:
        """Read what is shown beside the marked row; where that fails, the day is there all the same."""
        try:
            await self._more(desk)
        except Exception as error:
            self.tell(f"✕ {sentence(error)}", "act")

    async def _more(self, desk: Desk) -> None:
        """Read the ways to correct the marked discrepancy, or the day of the marked specialist."""
        day = self.shown_day
        if self.list == PEOPLE and self.detail_open:
            row: SpecialistFigures | None = self.board.item
            if row is not None and row.specialist_id is not None:
                told = await asyncio.to_thread(desk.audit.picture, row.specialist_id, day)
                self.person.show(row.specialist_id, told)
                self.draw()
        elif (one := self.marked) is not None and one.state == OPEN and self.ways_of(one) is None:
            ways = await asyncio.to_thread(desk.audit.corrections, day, one.id)
            self._ways = ((day, one.id), ways)
            self.draw()

    def ways_of(self, one: Discrepancy) -> Sequence[Correction] | None:
        """Return the ways to correct a discrepancy of the day shown, None while they are not read."""
        return self._ways[1] if self._ways is not None and self._ways[0] == (self.shown_day, one.id) else None

    # Drawing

    def show(self, snapshot: DayAudit, zone: tzinfo, now_us: int) -> None:
        found, board = self.found, self.board
        if self.list == SEALS and self.links is None:
            board.say("Proving the seals …")
        else:
            board.say(*lists.empty(self.list, snapshot, self.team, board.filtered))
        board.show(rows(self.list, snapshot, found, self.links or (), self.team), now_us)
        if self.wanted is not None and self.wanted in board.keys:
            key, self.wanted = self.wanted, None
            board.go(key)
        reasons = lists.why_not(None, found, snapshot)
        hints = Hints(*(self.hints(name) if name not in reasons else () for name in ("audit-explained", "audit-sign")))
        above = glance(snapshot, found, self.today, zone, self.size.width - 2, hints)
        lines = self.query_one("#glance", Lines)
        if lines.styles.height is None or lines.styles.height.value != len(above):
            lines.styles.height = len(above)
        lines.show(*above)
        self._show_title()
        if self.list == PEOPLE:
            self.person.draw(board.item, snapshot.day, now_us)
        elif self.list in PAIRED:
            row: Row | None = board.item
            one = self.marked
            ways = (self.ways_of(one) or ()) if one is not None else ()
            self.item.draw(None if row is None else self._of(snapshot).item(row, one, ways), now_us)

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self._show_title()

    def _show_title(self) -> None:
        board = self.board
        words = [Cell(f"{lists.NAMES[self.list]} · {len(board.keys)}", "title")]
        if self.list == DISCREPANCIES:
            words += lists.needs(board.items)
        elif self.list == SEALS:
            words += lists.chain(self.links or ())
        line, room = self.query_one("#title", Lines), board.size.width
        for names in (("audit-lists", "audit-day", "filter"), ("audit-lists", "audit-day"), ("audit-lists",)):
            left, right = self.title_line(board, words, self.hints(*names))
            if columns_of(*left, *right) < room:
                break
        line.show((left, right))

    def _of(self, day: DayAudit) -> Known:
        if self._known is None or self._known.day is not day:
            self._known = Known(day)
        return self._known

    def word(self, key: keys.Key) -> str:
        if key.id == "audit-lists":
            return lists.FOLLOWING[lists.following(self.list, self.snapshot)]
        if key.id == "open" and self.list == SEALS:
            return "its day"
        again = key.id == "audit-sign" and self.snapshot is not None and self.snapshot.signed is not None
        return "sign again" if again else key.short

    def footer_keys(self) -> Sequence[str]:
        narrow, shown = self.has_class("-narrow"), self.has_class("-detail")
        first = ("back",) if shown and (narrow or self.list == PEOPLE) else ()
        apart = self.list in (PEOPLE, SEALS) or (narrow and self.list != REVISIONS)
        opens = ("open",) if apart and not shown else ()
        reasons = self.reasons()
        return [*first, *opens, *(name for name in lists.FOOTER[self.list] if name not in reasons)]

    def reasons(self) -> Mapping[str, str]:
        return lists.why_not(self.marked, self.found, self.snapshot)

    # Moving about

    def teams(self, snapshot: DayAudit) -> Mapping[str, int]:
        return lists.teams(snapshot, self.list)

    def on_resize(self) -> None:
        """What stands beside the list is read once there is room for it."""
        self.call_after_refresh(self._put_beside)
        self.call_after_refresh(self.forget_detail)

    def chosen(self, board: Board[Any], key: str) -> None:
        """Enter opens what is marked where it does not stand beside the list; where it does, goes into it. On a seal it
        goes to that day."""
        if board is not self.board or self.list == REVISIONS:
            return
        if self.list == SEALS:
            link: Link | None = board.item
            if link is not None:
                self._go_to(DISCREPANCIES)
                self.go_to_day(link.day)
        elif self.detail_open:
            self.side.board.focus()
        else:
            self.open_detail()

    def open_detail(self) -> None:
        super().open_detail()
        self.call_after_refresh(lambda: self.side.board.focus())

    def step_back(self) -> None:
        """From zoom, from the detail, from the filter, from the team, last to the discrepancies."""
        if self.has_class("-zoomed"):
            self.remove_class("-zoomed")
            self._put_beside()
        elif self.has_class("-detail") or self.side.board.has_focus:
            self.remove_class("-detail")
            self.board.focus()
        elif self.board.filtered:
            self.board.filter("")
        elif self.team is not None:
            self.team = None
        elif self.list != DISCREPANCIES:
            self._go_to(DISCREPANCIES)

    def action_zoom(self) -> None:
        if not self.has_class("-zoomed") and self.side.board.has_focus:
            self.add_class("-detail")
        super().action_zoom()
        self._put_beside()

    def _put_beside(self) -> None:
        """Where there is room beside calls and logs, nothing but zoom has the detail instead of them."""
        if self.list in PAIRED and not self.has_class("-narrow") and not self.has_class("-zoomed"):
            self.remove_class("-detail")

    def action_lists(self) -> None:
        """Show the next of the lists in the place of this one."""
        self._go_to(lists.following(self.list, self.snapshot))

    def _go_to(self, name: str) -> None:
        self.list = name
        self.remove_class("-detail", "-zoomed")
        self.set_class(name in PAIRED, "-pair")
        self.set_class(name == PEOPLE, "-people")
        for one in LISTS:
            self.query_one(f"#{board_id(one)}").display = one == name
        self.board.focus()
        self.draw()
        self.call_after_refresh(self.draw)
        if name == SEALS:
            self.prove()
        self.forget_detail()

    # Days

    def action_day(self, by: int) -> None:
        if self.snapshot is not None:
            self.go_to_day(day_number(date_of(self.day or self.snapshot.day) + timedelta(days=by)))

    def go_to_day(self, day: int) -> None:
        """Audit another day; what has not begun is none."""
        today = self.today
        if day > today:
            self.tell(f"{days.long(day, today)} has not begun.", "watch")
            return
        self.day = None if day == today else day
        if self.has_class("-narrow") or self.list == REVISIONS:
            self._go_to(self.list if self.list != REVISIONS else DISCREPANCIES)
        self.wake()
        if day != self.shown_day:
            self._reading = True
            self.tell(f"Reading {days.long(day, today)} …", "quiet")

    def still_reading(self) -> bool:
        """Whether another day than the one shown was asked for; it is told."""
        if self.snapshot is None or (self.day or self.today) == self.snapshot.day:
            return False
        self.tell("The other day is still being read: nothing was done.", "watch")
        return True
