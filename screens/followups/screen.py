"""Mode 2, follow-ups: who is to be contacted first, and everything about each. It holds lists and turns keys into
acts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from screens import keys
from screens.followups import acts, counts, doubles, inbox, lists, present
from screens.followups.counts import DOUBLES, INBOX, LISTS, PAST, QUEUE
from screens.followups.lists import OF_CUSTOMERS, Seen
from screens.followups.picture import RULE, Picture
from screens.followups.present import Frame
from screens.followups.story import UNPROVED, StoryView
from screens.fresh import BESIDE
from screens.live import LiveScreen
from screens.widgets.board import Board
from screens.widgets.line import Lines

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.widgets.header import About
    from supervisor.duties.followups.snapshots import (
        FollowupsSnapshot,
        InboxLine,
        QueueLine,
        StoryEntry,
    )


class FollowupsScreen(LiveScreen[Seen]):
    """One of four lists, in the place of one another, and beside it the window as a picture, or a customer's story.

    -whole says that a list has no picture beside it, -picture that the picture has the screen."""

    MODE = PLACE = "followups"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("followups")
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    FILTER = "filter: company, owner, tier, region, what was said"
    CALM = "Nobody is overdue, past the window or about to leave it."

    def __init__(self) -> None:
        super().__init__()
        self.list = QUEUE
        self._found: QueueLine | None = None
        self._anchor: str | None = None

    # What is in front

    @property
    def followups(self) -> FollowupsSnapshot | None:
        """The customers as they were last read."""
        return self.snapshot.followups if self.snapshot is not None else None

    @property
    def frame(self) -> Frame:
        """What lines are looked at from."""
        return present.frame(self.followups) if self.followups is not None else Frame()

    @property
    def board(self) -> Board[Any]:
        return self.query_one("#board" if self.list == QUEUE else f"#{self.list}", Board)

    @property
    def boards(self) -> Sequence[Board[Any]]:
        return (self.board, self.story.board)

    @property
    def story(self) -> StoryView:
        return self.query_one(StoryView)

    @property
    def picture(self) -> Picture:
        return self.query_one(Picture)

    @property
    def customer(self) -> QueueLine | None:
        """The customer that acts are about: whose story is open, or who is marked; none where none is in sight."""
        if (self.list not in OF_CUSTOMERS and self._found is None) or self.has_class("-picture"):
            return None
        line: QueueLine | None = self._found if self._found is not None else self.board.item
        return line

    @property
    def entry(self) -> StoryEntry | None:
        """The marked line of the story that is open."""
        return self.story.board.item if self.detail_open and self.story.story is not None else None

    def compose_body(self) -> ComposeResult:
        yield Lines(id="totals")
        with Horizontal(id="body"):
            with Vertical(id="lists"):
                yield Lines(fill=RULE, id="title")
                yield Board(present.shape(lambda: self.frame), id="board")
                yield Board(present.shape(lambda: self.frame._replace(past=False)), id=PAST)
                yield Board(inbox.shape(lambda: self.frame.today, lambda: self.zone or UTC), id=INBOX)
                yield Board(doubles.shape(lambda: self.frame), id=DOUBLES)
            yield Picture(id="picture")
            yield StoryView(lambda: self.frame, lambda: self.zone or UTC, id="detail")

    # Keeping fresh

    def read(self, desk: Desk) -> Seen:
        return lists.read(desk, self.list)

    def about(self, snapshot: Seen) -> About:
        return snapshot.followups

    async def after_read(self, desk: Desk) -> None:
        if self.detail_open:
            await self._tell_story(desk)

    def forget_detail(self) -> None:
        self.story.forget()
        self._read_story()

    @work(group="story", exclusive=True, exit_on_error=False)
    async def _read_story(self) -> None:
        """Read the story now open at once, before everything else is read anew."""
        if self.desk is not None:
            await self._tell_story(self.desk)

    async def _tell_story(self, desk: Desk) -> None:
        if (line := self.customer) is None:
            return
        story = await asyncio.to_thread(desk.followups.story, line.customer_id)
        if (now := self.customer) is not None and now.customer_id == line.customer_id:
            if self._found is not None:
                self._found = story.line
            self.story.show(story, self.console_app.clock())
            self.draw()

    # Drawing

    def show(self, snapshot: Seen, zone: tzinfo, now_us: int) -> None:
        board, here, followups = self.board, self.list, snapshot.followups
        rows = lists.rows(snapshot, here, self.team)
        if rows is None:
            board.say("Reading the store …")
        else:
            board.say(*counts.empty(here, followups, self.team, board.filtered))
            board.show(rows, now_us)
        if self._found is not None and self._found.key in board.keys:
            key, self._found = self._found.key, None
            board.go(key)
        letters = {name: keys.shown(keys.BY_ID[id_], self.console_app.remapped) for name, id_ in lists.LETTERS.items()}
        self.query_one("#totals", Lines).show(counts.totals(followups, letters, here, self.size.width - 2))
        self._show_title()
        if self.picture.region.width:
            self.picture.show(followups, self.hints("window"))
        if self.detail_open and (line := self.customer) is not None:
            self.story.draw(line, now_us)

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self._show_title()

    def _show_title(self) -> None:
        words = counts.title(self.list, self.followups, len(self.board.keys), self.has_class("-narrow"))
        right = self.hints(*lists.HINTS[self.list])
        self.query_one("#title", Lines).show(self.title_line(self.board, words, right))

    def word(self, key: keys.Key) -> str:
        here = {} if self.detail_open else lists.WORDS[self.list]
        return here.get(key.id, super().word(key))

    def footer_keys(self) -> Sequence[str]:
        if self.has_class("-picture"):
            return ("back",)
        if self.detail_open:
            accept = self.entry is not None and self.entry.mark == UNPROVED
            first = ("accept",) if accept else ()
            return (*first, "back", "next", "previous", "contact", "plan", "hand-over", "undo")
        found = list(lists.FOOTER[self.list])
        if self.list == QUEUE and self.has_class("-narrow"):
            found.insert(5, "window")
        return found

    def reasons(self) -> Mapping[str, str]:
        found = dict(acts.reasons(self))
        if self.list == INBOX:
            line: InboxLine | None = self.board.item
            why = "no call is marked" if line is None else inbox.why_not_nobody(line)
            return {key: said for key, said in found.items() if key != "block"} | ({"block": why} if why else {})
        if self.list == DOUBLES and self.board.item is not None:
            found.pop("block", None)
        return found

    # Moving about

    def teams(self, snapshot: Seen) -> Mapping[str, int]:
        return lists.teams(snapshot, self.list)

    def chosen(self, board: Board[Any], key: str) -> None:
        line = board.item
        if board is not self.board or line is None:
            return
        if self.list == INBOX:
            self.beside(lambda desk: inbox.settle(self, desk, line))
        elif self.list == DOUBLES:
            self.beside(lambda desk: doubles.merge(self, desk, line))
        else:
            self.open_detail()

    def open_customer(self, line: QueueLine) -> None:
        """Open a customer's story, whether it is in a list or not. It may be called before anything has been read."""
        if not self.is_mounted:
            self._found = line
            self.add_class("-detail")
            return
        self._go_to(self.list if self.list in OF_CUSTOMERS else QUEUE)
        self._found, self._anchor = line, self.board.key
        self.open_detail()

    def open_detail(self) -> None:
        super().open_detail()
        if self.size.width < BESIDE:
            self.call_after_refresh(self.story.board.focus)

    def on_board_moved(self, event: Board.Moved) -> None:
        """Whoever moves in the list leaves the customer that was found; one whose row was taken away does not."""
        if event.board is self.board and self._found is not None:
            if self._anchor in self.board.keys:
                self._found = None
            self._anchor = event.key

    def step_back(self) -> None:
        if self.has_class("-picture"):
            self.action_picture()
        elif self.has_class("-zoomed") or self.detail_open or self.listing.filtered or self.team is not None:
            if not self.has_class("-zoomed"):
                self._found = None
            super().step_back()
        elif self.list != QUEUE:
            self._go_to(QUEUE)

    def action_list(self, name: str) -> None:
        """Show another list in the place of the queue; its own key goes back."""
        self._go_to(QUEUE if self.list == name else name)

    def _go_to(self, name: str) -> None:
        self.list, self._found = name, None
        self.remove_class("-detail", "-picture", "-zoomed")
        self.set_class(name not in OF_CUSTOMERS, "-whole")
        for one in LISTS:
            self.query_one("#board" if one == QUEUE else f"#{one}").display = one == name
        self.board.focus()
        self.wake()
        self.call_after_refresh(self.draw)

    def action_picture(self) -> None:
        """Give the screen to the picture, or take it back."""
        self.toggle_class("-picture")
        if not self.has_class("-picture"):
            (self.story.board if self.detail_open and self.has_class("-narrow") else self.board).focus()
        self.call_after_refresh(self.draw)

    # Acts

    def action_find(self) -> None:
        self.beside(lambda desk: acts.find(self, desk))

    def action_do(self, key: str) -> None:
        """Do with the marked customer what the key with this id does."""
        acts.act(self, key)

    def action_block(self) -> None:
        """Do-not-call; in the inbox: the number is nobody's; of doubles: they are two."""
        line: Any = self.board.item
        if self.detail_open or self.list in OF_CUSTOMERS:
            acts.act(self, "block")
        elif why := self.reasons().get("block"):
            self.tell(f"{why[0].upper()}{why[1:]}.", "watch")
        elif self.list == INBOX:
            self.beside(lambda desk: inbox.nobody(self, desk, line))
        else:
            self.beside(lambda desk: doubles.distinct(self, desk, line))
