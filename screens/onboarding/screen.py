"""Mode 4, onboarding: what is overdue, who holds it up, what is due today, what is blocked. It holds lists and turns
keys into acts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from screens import keys
from screens.fresh import BESIDE
from screens.live import LiveScreen
from screens.onboarding import acts, counts, customers, enquiries, groups, lists, present, waiting
from screens.onboarding.acts import Versions
from screens.onboarding.board import StepsBoard
from screens.onboarding.going import GoingOn
from screens.onboarding.lists import CUSTOMERS, ENQUIRIES, LISTS, OF_CUSTOMERS, STEPS, WAITING, Seen
from screens.onboarding.page import RULE, PageView
from screens.onboarding.present import Frame
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.widgets.header import About
    from supervisor.duties.onboarding.snapshots import CustomerLine, EnquiryLine, OnboardingSnapshot, StepLine


class OnboardingScreen(LiveScreen[Seen]):
    """One of four lists, in the place of one another, and beside it the onboarding of what is marked.

    -whole says that a list has nothing beside it, -enquiries that the assistants' figures stand there."""

    MODE = PLACE = "onboarding"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("onboarding")
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    FILTER = "filter: customer, step, holder, assistant, team, package"
    CALM = "Nothing is overdue or due today."

    def __init__(self) -> None:
        super().__init__()
        self.list = STEPS
        self.by = groups.URGENCY
        self.versions = Versions()
        self._wanted: int | None = None
        self.going = GoingOn()

    # What is in front

    @property
    def onboarding(self) -> OnboardingSnapshot | None:
        """What is owed, as it was last read."""
        return self.snapshot.onboarding if self.snapshot is not None else None

    @property
    def frame(self) -> Frame:
        """What lines are looked at from."""
        found = self.onboarding
        return Frame(found.day, self.zone or UTC) if found is not None else Frame()

    @property
    def board(self) -> Board[Any]:
        return self._board_of(self.list)

    def _board_of(self, name: str) -> Board[Any]:
        return self.query_one("#board" if name == STEPS else f"#{name}", Board)

    @property
    def page(self) -> PageView:
        return self.query_one(PageView)

    @property
    def step(self) -> StepLine | None:
        """The marked step; none of another list."""
        item = self.board.item if self.list == STEPS else None
        return item.line if isinstance(item, present.Row) else None

    @property
    def enquiry(self) -> EnquiryLine | None:
        """The marked enquiry; none of another list."""
        line: EnquiryLine | None = self.board.item if self.list == ENQUIRIES else None
        return line

    @property
    def onboarding_id(self) -> int | None:
        """The onboarding of what is marked."""
        if self.list == CUSTOMERS and self.board.item is not None:
            marked: int = self.board.item.onboarding_id
            return marked
        return self.step.onboarding_id if self.step is not None else None

    @property
    def customer(self) -> CustomerLine | None:
        """The customer of what is marked."""
        found, one = self.onboarding, self.onboarding_id
        if found is None or one is None:
            return None
        return next((line for line in found.customers if line.onboarding_id == one), None)

    def compose_body(self) -> ComposeResult:
        yield Lines(id="totals")
        with Horizontal(id="body"):
            with Vertical(id="lists"):
                yield Lines(fill=RULE, id="title")
                yield StepsBoard(present.shape(lambda: self.frame), id="board")
                yield Board(customers.shape(lambda: self.frame), id=CUSTOMERS)
                yield Board(waiting.shape(self._longest), id=WAITING)
                yield Board(enquiries.shape(lambda: self.frame), id=ENQUIRIES)
            yield PageView(lambda: self.frame, id="page")
            with Vertical(id="beside"):
                yield Lines(fill=RULE, id="beside-title")
                yield Lines(id="asked")
                yield Lines(fill=RULE, id="figures-title")
                yield Lines(id="figures")

    def _longest(self) -> int:
        found = self.onboarding
        return max((one.held_ms for one in found.parties), default=0) if found is not None else 0

    # Keeping fresh

    def read(self, desk: Desk) -> Seen:
        return lists.read(desk, self.list)

    def about(self, snapshot: Seen) -> About:
        return snapshot.onboarding

    async def after_read(self, desk: Desk) -> None:
        await self._read_page(desk)

    async def _read_page(self, desk: Desk) -> None:
        one = self.onboarding_id
        if one is None or not self.page.region.width:
            return
        file = await asyncio.to_thread(desk.onboarding.file, one)
        if one == self.onboarding_id:
            self.page.file = file
            self.draw()

    @work(group="page", exclusive=True, exit_on_error=False)
    async def _read_marked(self) -> None:
        """Read the onboarding now marked at once, before everything else is read anew."""
        if self.desk is not None:
            await self._read_page(self.desk)

    # Drawing

    def show(self, snapshot: Seen, zone: tzinfo, now_us: int) -> None:
        board, here, found = self.board, self.list, snapshot.onboarding
        rows = lists.rows(snapshot, here, self.team, self.by)
        if rows is None:
            board.say("Reading the store …")
        else:
            board.say(*counts.empty(here, found, self.team, board.filtered))
            if here == STEPS:
                self.going.on(board, rows)
            board.show(rows, now_us)
            if here == STEPS:
                self.going.back(board, rows)
        if self._wanted is not None and str(self._wanted) in board.keys:
            board.go(str(self._wanted))
            self._wanted = None
        letters = {name: keys.shown(keys.BY_ID[name], self.console_app.remapped) for name in LISTS if name != STEPS}
        self.query_one("#totals", Lines).show(counts.totals(found, letters, here, self.size.width - 2))
        self._show_title()
        if self.page.region.width:
            code = self.step.code if self.step is not None else ""
            self.page.draw(self.customer, code, () if self.detail_open else self.hints("open"))
        if here == ENQUIRIES:
            self._show_beside(snapshot)

    def _show_beside(self, snapshot: Seen) -> None:
        line, read = self.enquiry, snapshot.enquiries
        head = [Cell("Enquiry ", "title")] if line is not None else []
        self.query_one("#beside-title", Lines).show(([Cell("── ", "faint"), *head], []))
        title = [Cell("── ", "faint"), Cell("Assistants, last 30 days ", "title")]
        self.query_one("#figures-title", Lines).show((title, []))
        asked, figures = self.query_one("#asked", Lines), self.query_one("#figures", Lines)
        asked.show(*enquiries.marked(line, self.frame, asked.content_size.width))
        figures.show(*enquiries.figures(read.assistants if read is not None else (), figures.content_size.width))

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self._show_title()

    def _show_title(self) -> None:
        board = self.board
        many = sum(row.line is not None for row in board.items) if self.list == STEPS else len(board.keys)
        words = counts.title(self.list, self.onboarding, many, self.by)
        right = self.hints(*lists.HINTS[self.list])
        self.query_one("#title", Lines).show(self.title_line(board, words, right))

    def word(self, key: keys.Key) -> str:
        if key.id == "step-done" and self.step is not None and self.step.approves:
            return "approve"
        return lists.WORDS[self.list].get(key.id, super().word(key))

    def footer_keys(self) -> Sequence[str]:
        if self.detail_open and self.list == CUSTOMERS:
            return ("back", "next", "previous", "stop", "undo")
        found = lists.FOOTER[self.list]
        if self.detail_open:
            found = ("back", *(name for name in found if name not in ("exception", "open")))
        return found[: lists.MOST_NARROW] if self.has_class("-narrow") else found

    def reasons(self) -> Mapping[str, str]:
        found = dict(acts.reasons(self))
        if self.list == STEPS and self.by != groups.URGENCY:
            found |= dict.fromkeys(("sort", "reverse"), "groups stand with the most urgent first")
        return found

    # Moving about

    def teams(self, snapshot: Seen) -> Mapping[str, int]:
        return lists.teams(snapshot, self.list)

    def forget_detail(self) -> None:
        self._read_marked()

    def on_board_moved(self, event: Board.Moved) -> None:
        if event.board is self.board and not self.detail_open:  # it stands beside the list though nobody opened it
            self._read_marked()

    def chosen(self, board: Board[Any], key: str) -> None:
        if board is not self.board or board.item is None:
            return
        if self.list == WAITING:
            self._show_party(board.item.name or board.item.role)
        elif self.list == ENQUIRIES:
            acts.act(self, "step-done" if board.item.answered_us is None else "hand-enquiry")
        else:
            self.open_detail()

    def _show_party(self, name: str) -> None:
        """Go to the steps that wait on a party."""
        self._go_to(STEPS)
        self._group_by(groups.PARTY)
        for key, row in zip(self.board.keys, self.board.items, strict=True):
            if row.heading is not None and row.heading.name == name:
                self.board.go(key)
                self.board.step(1)
                return

    def open_step(self, step_id: int) -> None:
        """Mark a step. It may be called before anything has been read."""
        self._wanted, self.team = step_id, None
        if self.is_mounted:
            self.board.filter("")
            self._go_to(STEPS)

    def open_detail(self) -> None:
        super().open_detail()
        if self.size.width < BESIDE:
            self.call_after_refresh(self.page.scroll.focus)

    def step_back(self) -> None:
        if self.has_class("-zoomed") or self.detail_open or self.listing.filtered or self.team is not None:
            super().step_back()
        elif self.list != STEPS:
            self._go_to(STEPS)
        elif self.by != groups.URGENCY:
            self._group_by(groups.URGENCY)

    def action_list(self, name: str) -> None:
        """Show another list in the place of the steps; its own key goes back."""
        self._go_to(STEPS if self.list == name else name)

    def _go_to(self, name: str) -> None:
        self.list = name
        self.remove_class("-detail", "-zoomed")
        self.set_class(name not in OF_CUSTOMERS, "-whole")
        self.set_class(name == ENQUIRIES, "-enquiries")
        for one in LISTS:
            self._board_of(one).display = one == name
        self.board.focus()
        self.wake()
        self.call_after_refresh(self.draw)

    def action_group(self) -> None:
        """Group by the next way there is; from another list, go to the steps first."""
        if self.list != STEPS:
            self._go_to(STEPS)
        else:
            self._group_by(groups.GROUPINGS[(groups.GROUPINGS.index(self.by) + 1) % len(groups.GROUPINGS)])

    def _group_by(self, by: str) -> None:
        self.by = by
        board = self._board_of(STEPS)
        if by != groups.URGENCY:
            board.sort(None)
        self.draw()
        if board.key is not None:
            board.step(0)

    def action_sort(self) -> None:
        self._sorting(super().action_sort)

    def action_reverse(self) -> None:
        self._sorting(super().action_reverse)

    def _sorting(self, doing: Callable[[], None]) -> None:
        if why := self.reasons().get("sort"):
            self.tell(
                f"{why[0].upper()}{why[1:]}; {keys.shown(keys.BY_ID['group'], self.console_app.remapped)} ungroups."
            )
        else:
            doing()

    # Acts

    def action_undo(self) -> None:
        def undo(desk: Desk) -> str | None:
            if said := desk.undo():
                self.going.undone()
            return said

        self.act(undo, "There is nothing to undo.")

    def action_do(self, key: str) -> None:
        """Do what the key with this id does."""
        if key == "new-enquiry" and self.list != ENQUIRIES:
            self._go_to(ENQUIRIES)
        acts.act(self, key)
