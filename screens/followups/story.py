"""A customer's whole story: who it is, and everything that happened on one line of time, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.followups.present import ROOMY, Frame, first_name, group_role, mark, owner, planned, th
from screens.themes import MARKS
from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell, Column
from screens.widgets.days import distance, long, moment, moment_short
from screens.widgets.line import Lines
from screens.widgets.words import clock
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.followups.snapshots import QueueLine, Story, StoryEntry

Row = tuple[list[Cell], list[Cell]]
RULE = Cell("─", "faint")
HEAD_LINES = 5
MARKED_LINES = 2
"""Lines under the line of time for the whole text of what is marked in it."""
KINDS = {
    "log": "log", "opened": "order", "evidence": "fact", "claim": "claim", "review": "review", "signed": "signed",
    "lost": "lost", "paid": "paid",
}  # fmt: skip
_KIND_ROLES = {"opened": "accent", "evidence": "accent", "signed": "good-bold", "paid": "good-bold", "lost": "act"}
CHANNELS = {"outbound": "call", "inbound": "call in", "internal": "internal", "unknown": "call"}
_MARKS = {"unproved": "act", "inflated": "act", "unlogged": "watch", "accepted": "good"}
"""What is special about an entry, the worst first, and how loud it is."""
UNPROVED = "unproved"


def head(line: QueueLine, story: Story | None, of: Frame, zone: tzinfo) -> list[Row]:
    """Return who the customer is, always in as many lines: what is not read yet is left blank."""

    def row(word: str, *cells: Cell) -> Row:
        return [Cell(f"{word:<8} ", "quiet"), *cells], []

    whose = owner(line, of.who)
    return [
        _stands(line, story, of, zone),
        row(
            "owner",
            Cell(safe(whose.text, 22), whose.role),
            *_said(line.team),
            Cell("   tier ", "quiet"),
            Cell(safe(line.tier)),
            *_status(line, story),
        ),
        row("because", Cell(safe(story.dnc_why, 200), "act"))
        if story is not None and story.dnc_us is not None
        else row("next", *_next(line, of)),
        row("people", Cell(safe(", ".join(story.people), 200) or "none known", "text" if story.people else "quiet"))
        if story
        else row("people"),
        row("numbers", *_numbers(story)) if story else row("numbers"),
    ]


def _stands(line: QueueLine, story: Story | None, of: Frame, zone: tzinfo) -> Row:
    """Return the contact number and why the customer stands where it does; a block before all."""
    number = Cell(f"{th(line.contacts)} contact " if line.contacts else "never contacted ", group_role(line))
    if story is not None and story.dnc_us is not None:
        since = datetime.fromtimestamp(story.dnc_us / 1e6, zone)
        by = f" by {safe(story.dnc_by, 20)}" if story.dnc_by else ""
        return [Cell(f"{MARKS['act']} do-not-call since {since.day} {since:%b %Y}{by}", "act")], []
    if line.past:
        return [number, Cell(f"  {MARKS['watch']} {safe(line.reason, 100)}", "watch")], []
    special = mark(line, of)
    found = [Cell(" "), special] if special.role == "watch" else []
    where = "in the window" if line.group == "window" else safe(line.reason, 100)
    return [number, *found, Cell(f"  {where}" if line.contacts else "", "quiet")], []


def _said(*words: str) -> list[Cell]:
    said = " · ".join(safe(word, 30) for word in words if word)
    return [Cell(f"  {said}", "quiet")] if said else []


def _status(line: QueueLine, story: Story | None) -> list[Cell]:
    cells = [Cell("   ", "quiet"), Cell(safe(line.status), "text")]
    if story is not None and story.registered:
        cells.append(Cell(", registered", "quiet"))
    if line.ordered:
        cells.append(Cell("   order open", "good"))
    return cells


def _next(line: QueueLine, of: Frame) -> list[Cell]:
    if line.next_day is None:
        return [Cell("nothing is planned", "quiet")]
    shown = planned(line, of.today)
    day = Cell(f"{long(line.next_day, of.today)}, {distance(line.next_day, of.today)}", shown.role)
    late = [Cell(f"{MARKS['act']} ", "act")] if shown.role == "act" else []
    return [*late, day, *([Cell(f"  {safe(line.next_note, 120)}", "text")] if line.next_note else [])]


def _numbers(story: Story) -> list[Cell]:
    cells: list[Cell] = []
    for one in story.numbers:
        cells += [Cell(", " if cells else "", "quiet"), Cell(safe(one.number, 24))]
        if one.shared:
            cells.append(Cell(f" {MARKS['watch']} shared", "watch"))
    return cells or [Cell("none known", "quiet")]


# -- the line of time ---------------------------------------------------------------------------------------------


def what(entry: StoryEntry) -> Cell:
    """Return in a word what happened: how the customer was touched, or what came of an order."""
    if entry.kind in ("contact", "call"):
        word = CHANNELS.get(entry.channel, entry.channel)
        return Cell(safe(word), "text" if entry.kind == "contact" else "quiet")
    return Cell(KINDS.get(entry.kind, safe(entry.kind)), _KIND_ROLES.get(entry.kind, "text"))


def entry_cells(entry: StoryEntry, today: int, zone: tzinfo) -> Mapping[str, Cell]:
    """Return the cells of one entry, by column id."""
    heard, loud = entry.kind != "call", _MARKS.get(entry.mark, "")
    said = ": ".join(safe(word) for word in (entry.mark, entry.text) if word)
    return {
        "at": Cell(moment(entry.at_us, today, zone), "quiet"),
        "day": Cell(moment_short(entry.at_us, today, zone), "quiet"),
        "th": Cell("" if entry.number is None else safe(th(entry.number)), "strong"),
        "what": what(entry),
        "who": Cell(safe(entry.who), "text" if heard else "quiet"),
        "first": Cell(safe(first_name(entry.who)), "text" if heard else "quiet"),
        "talk": Cell("" if not entry.talk_ms else clock(entry.talk_ms / 1000), "text" if heard else "quiet"),
        "mark": Cell(MARKS.get(loud, ""), loud or "text"),
        "text": Cell(said, loud or ("text" if heard else "quiet")),
    }


_COLUMNS = (
    Column("day", "", 6, gap=1),
    Column("at", "", 12, gap=1),
    Column("th", "", 4, right=True),
    Column("what", "", 7, gap=2),
    Column("first", "", 9),
    Column("who", "", 12, grow=8),
    Column("talk", "", 5, right=True),
    Column("mark", "", 1),
    Column("text", "", 8, gap=1, grow=300),
)


def entry_columns(width: int) -> Sequence[Column]:
    """Return the columns of the line of time: the text takes what is left."""
    without = ("day", "first") if width >= ROOMY else ("at", "who")
    return [column for column in _COLUMNS if column.id not in without]


def whole(entry: StoryEntry | None, today: int, zone: tzinfo, width: int) -> list[Row]:
    """Return when, who and the whole text of an entry, in a few lines."""
    if entry is None:
        return []
    said = ": ".join(safe(word, 1000) for word in (entry.mark, entry.text) if word)
    when = "  ".join(word for word in (moment(entry.at_us, today, zone).strip(), safe(entry.who, 22)) if word)
    lines = wrap(f"{when}  {said}", max(width, 20), max_lines=MARKED_LINES, placeholder=" …")
    cells = [[Cell(line)] for line in lines]
    if cells:
        cells[0] = [Cell(lines[0][: len(when)], "quiet"), Cell(lines[0][len(when) :])]
    return [(line, []) for line in cells]


def _order(entry: StoryEntry, column: str) -> Any:
    return {"what": entry.kind, "who": entry.who}.get(column, entry.at_us)


def _text(entry: StoryEntry) -> str:
    return f"{what(entry).text} {entry.kind} {entry.who} {entry.mark} {entry.text} {entry.number or ''}"


_EXPORTED = ("at", "what", "channel", "contact_number", "who", "talk_seconds", "mark", "text")


def _table(entries: Sequence[StoryEntry], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    def row(one: StoryEntry) -> list[str]:
        at = datetime.fromtimestamp(one.at_us / 1e6, zone).isoformat("T", "seconds")
        talk = "" if one.talk_ms is None else f"{one.talk_ms / 1000:g}"
        number = "" if one.number is None else str(one.number)
        return [at, one.kind, one.channel, number, one.who, talk, one.mark, one.text]

    return _EXPORTED, [row(one) for one in entries]


class StoryView(Vertical):
    """The story beside the list, or instead of it. It shows at once what the list knows, and the rest when it is
    read."""

    def __init__(self, of: Callable[[], Frame], zone: Callable[[], tzinfo], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._of = of
        self._zone = zone
        self.story: Story | None = None

    def compose(self) -> ComposeResult:
        shape: Shape[StoryEntry] = Shape(
            columns=entry_columns,
            cells=lambda entry, _: entry_cells(entry, self._of().today, self._zone()),
            order=_order,
            text=_text,
            sorts=(None, "what", "who"),
            table=_table,
        )
        yield Lines(fill=RULE, id="story-title")
        head = Lines(id="story-head")
        head.styles.height = HEAD_LINES
        yield head
        yield Lines(fill=RULE, id="story-entries-title")
        yield Board(shape, heads=False, id="story")
        marked = Lines(id="story-marked")
        marked.styles.height = MARKED_LINES
        yield marked

    @property
    def board(self) -> Board[StoryEntry]:
        """The line of time."""
        return self.query_one("#story", Board)

    def forget(self) -> None:
        """Show nothing of another customer while this one's story is read."""
        self.story = None

    def show(self, story: Story, now_us: int) -> None:
        """Take in a story. Of one that was not shown before, a log in sight that nothing proves is marked, since it can
        be accepted; else the newest entry."""
        before, self.story = self.story, story
        self.board.say("Nothing has happened yet.", "Effective calls to its numbers come here by themselves.")
        self.board.show({entry.key: entry for entry in story.entries}, now_us)
        if before is None and story.entries:
            in_sight = story.entries[: max(1, self.board.size.height)]
            self.board.go(next((entry.key for entry in in_sight if entry.mark == UNPROVED), story.entries[0].key))

    def draw(self, line: QueueLine, now_us: int) -> None:
        """Bring it up to date with the row of the list."""
        story = self.story
        if story is None:
            self.board.say()
            self.board.show({}, now_us)
        marked = whole(self.board.item, self._of().today, self._zone(), self.content_size.width - 2)
        self.query_one("#story-marked", Lines).show(*marked)
        facts = _said(line.region, line.type)
        title = [
            Cell("── ", "faint"),
            Cell(safe(line.company, 40), "title"),
            *facts,
            Cell(f"  {safe(line.ref, 16)} ", "quiet"),
        ]
        self.query_one("#story-title", Lines).show((title, []))
        self.query_one("#story-head", Lines).show(*head(line, story, self._of(), self._zone()))
        loud = [
            Cell(f"  {MARKS[role]} {count} {name}", role)
            for name, role in _MARKS.items()
            if role != "good" and story and (count := sum(entry.mark == name for entry in story.entries))
        ]
        many = f" · {len(story.entries)}" if story else ""
        words = [Cell("── ", "faint"), Cell(f"Story{many}", "title"), *loud, Cell(" ")]
        self.query_one("#story-entries-title", Lines).show((words, []))
