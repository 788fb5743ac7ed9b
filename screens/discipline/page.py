"""A specialist's page: flags and merits with their weeks and rates beside the team's, money, days, and the talks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen

from screens import keys
from screens.discipline import page_present, present
from screens.discipline.pushed import RULE, PushedScreen, Seen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.dialogs import Option
from screens.widgets.line import Lines
from screens.widgets.prompt import Prompt
from screens.widgets.words import hour
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.duties.discipline.snapshots import FlagLine, PersonPage, TalkLine

AIRY = 30
"""Lines of the screen from which a blank one parts the weeks from the rates."""
BESIDES = 12
"""Lines of everything on the page but the rates and the flags."""


class Person(NamedTuple):
    """The page; the talks where they are open, and why they cannot be read."""

    page: PersonPage
    talks: tuple[TalkLine, ...] | None
    refused: str


def open_page(screen: Screen[Any], ids: list[int], specialist_id: int) -> None:
    """Show the page of a specialist on top of `screen`; J and K go to the others of `ids`, in their order."""
    screen.app.push_screen(PageScreen(ids if specialist_id in ids else [specialist_id, *ids], specialist_id))


class PageScreen(PushedScreen[Person]):
    """The page. The log of talks stands in the place of the flags."""

    PLACE = "page"
    HEAD = "Flags and merits"
    FILTER = "filter: rule, words, decision"
    CALM = "No flag of theirs needs you now."
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("page"), *keys.bindings("people")]

    def __init__(self, ids: list[int], specialist_id: int) -> None:
        super().__init__()
        self._ids = list(dict.fromkeys(ids))
        self._at = self._ids.index(specialist_id)
        self._talking = False

    def compose_body(self) -> ComposeResult:
        yield Lines(id="page-head")
        yield Lines(id="page-days")
        yield Lines(id="page-weeks")
        yield Lines(id="page-sides")
        with Vertical(id="page-list"):
            yield Lines(fill=RULE, id="title")
            yield Board(present.shape(page_present.columns, self._today, self._zone, page_present.SORTS), id="board")
            yield Board(page_present.talk_shape(self._today, self._zone), id="talks")
            yield Lines(id="page-mark")

    @property
    def boards(self) -> Sequence[Board[Any]]:
        flags, talks = self.query_one("#board", Board), self.query_one("#talks", Board)
        return (talks, flags) if self._talking else (flags, talks)

    @property
    def listing(self) -> Board[Any]:
        return self.boards[0]

    def _today(self) -> int:
        return self.snapshot.it.page.day if self.snapshot is not None else 0

    def _zone(self) -> tzinfo:
        return self.zone or UTC

    # Keeping fresh

    def read(self, desk: Desk) -> Seen[Person]:
        from supervisor.duties.calls.refusals import RefusedError

        specialist_id, talking = self._ids[self._at], self._talking
        talks, refused = None, ""
        if talking:
            try:
                talks = desk.discipline.talks(specialist_id)
            except RefusedError as error:
                refused = safe(error)
        return Seen(desk.discipline.discipline(), Person(desk.discipline.page(specialist_id), talks, refused))

    def show(self, snapshot: Seen[Person], zone: tzinfo, now_us: int) -> None:
        page = snapshot.it.page
        head, right = page_present.head(page, self._ids.index(page.specialist_id) + 1, len(self._ids))
        if self.failed is not None:
            head = [Cell(f"✕ not read since {hour(self.failed[0], zone)}: {self.failed[1]}", "act")]
        self.query_one("#page-head", Lines).show((head, right))
        days, weeks = self.query_one("#page-days", Lines), self.query_one("#page-weeks", Lines)
        days.show(page_present.attendance(page, days.content_size.width))
        weeks.set_class(self.size.height >= AIRY, "-airy")
        weeks.show(*page_present.weeks(page, weeks.content_size.width))
        sides = self.query_one("#page-sides", Lines)
        room = max(page_present.FEW + 1, min(page_present.needed(page), (self.size.height - BESIDES) // 2))
        if sides.styles.height is None or sides.styles.height.value != room:
            sides.styles.height = room
        sides.show(*page_present.sides(page, snapshot.floor.currency, sides.content_size.width, room))
        if self._talking:
            self._show_talks(snapshot.it, now_us)
        else:
            self._show_flags(page, zone, now_us)

    def _show_flags(self, page: PersonPage, zone: tzinfo, now_us: int) -> None:
        board: Board[FlagLine] = self.query_one("#board", Board)
        if page.flags:
            board.say(f"Nothing matches {safe(board.filtered, 20)!r}.", "esc goes back to all of them.")
        else:
            board.say("No flag and no merit in the last 90 days.", "+ writes a merit down; W C N M O raise a flag.")
        board.show({line.key: line for line in page.flags}, now_us)
        words = [Cell(f"Flags and merits · {len(board.keys)}", "title")]
        self.query_one("#title", Lines).show(self.title_line(board, words, self.hints("talk-log", "merit")))
        self.query_one("#page-mark", Lines).show(*page_present.marked(board.item, page.day, zone))

    def _show_talks(self, person: Person, now_us: int) -> None:
        board: Board[TalkLine] = self.query_one("#talks", Board)
        talks = person.talks or ()
        if person.refused:
            board.say(person.refused, "l goes back to the flags.")
        elif person.talks is None:
            board.say("Reading the talks …")
        elif talks:
            board.say(f"Nothing matches {safe(board.filtered, 20)!r}.", "esc goes back to all of them.")
        else:
            board.say("No talk is written down.", "n writes one: encouragement, a doubt, or something else.")
        board.show({str(talk.talk_id): talk for talk in talks}, now_us)
        words = [Cell(f"Talks · {len(board.keys)}", "title"), Cell("  private to directors", "quiet")]
        self.query_one("#title", Lines).show(self.title_line(board, words, self.hints("talk-new", "talk-log")))
        mark = self.query_one("#page-mark", Lines)
        mark.show(*page_present.said(board.item, mark.content_size.width, mark.content_size.height))

    def word(self, key: keys.Key) -> str:
        return "flags" if key.id == "talk-log" and self._talking else key.short

    def footer_keys(self) -> Sequence[str]:
        return ("back", "next", "previous", "talk-log", "talk-new", "flag-web", "merit")

    def reasons(self) -> Mapping[str, str]:
        if self.snapshot is not None and not self.snapshot.floor.may_read_talks:
            return dict.fromkeys(("talk-log", "talk-new"), "talks are private to directors")
        return {}

    # Moving about

    def action_record(self, by: int) -> None:
        at = max(0, min(len(self._ids) - 1, self._at + by))
        if at == self._at:
            self.tell(f"This is the {'last' if by > 0 else 'first'} specialist.")
            return
        self._at = at
        self.wake()

    def chosen(self, board: Board[Any], key: str) -> None:
        """A flag's words stand below the list already."""

    def step_back(self) -> None:
        if self._talking and not self.listing.filtered:
            self.action_talks()
        else:
            super().step_back()

    def action_export(self) -> None:
        """Write the flags to a CSV file; the talks are private and stay where they are."""
        if self._talking:
            self.tell("Talks are private: they are not exported.", "watch")
        else:
            super().action_export()

    # Flags by hand

    def _person(self) -> PersonPage | None:
        """Whose page it is; None, which is told, while another one is being read."""
        page = self.snapshot.it.page if self.snapshot is not None else None
        if page is None or page.specialist_id != self._ids[self._at]:
            self.tell("The page is still being read: nothing was done.", "watch")
            return None
        return page

    def action_by_hand(self, rule: str) -> None:
        from screens.discipline.by_hand import by_hand

        if (page := self._person()) is not None:
            by_hand(self, page.specialist_id, page.name, rule)

    # Talks

    def action_talks(self) -> None:
        self._talking = not self._talking
        self.set_class(self._talking, "-talks")
        self.listing.focus()
        self.wake()
        self.call_after_refresh(self.draw)

    def action_new_talk(self) -> None:
        """Ask what the talk was and what was said; whoever may not read talks is told so before."""
        if (page := self._person()) is None:
            return

        def note(kind: str) -> None:
            title = f"{kind.capitalize()}, {safe(page.name, 30)}: what was said?"
            then = lambda text: self.act(  # noqa: E731
                lambda desk: desk.discipline.log_talk(page.specialist_id, kind, text)
            )
            self.app.push_screen(Prompt(title, then, hint="in a few words; directors alone read it"))

        async def doing(desk: Desk) -> None:
            await asyncio.to_thread(desk.discipline.talks, page.specialist_id)
            from supervisor.duties.discipline.talks import KINDS

            options = [Option(kind, kind) for kind in KINDS]
            self.app.push_screen(Prompt(f"What was the talk with {safe(page.name, 30)}?", note, options=options))

        self.beside(doing)
