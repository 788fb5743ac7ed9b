"""The library of written solutions: a list by type of customer and objection, the marked one's text beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll

from screens import keys
from screens.live import LiveScreen
from screens.orders import card, writing
from screens.widgets.board import Board
from screens.widgets.cells import Cell, Column
from screens.widgets.dialogs import Ask
from screens.widgets.line import Lines
from screens.widgets.shape import Shape
from screens.widgets.words import ago
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.widgets.header import About
    from supervisor.duties.orders.snapshots import OrderLine, OrdersSnapshot, SolutionLine

RULE = Cell("─", "faint")
ALL_TYPES, ANY = "every type", "any"


class Library(NamedTuple):
    """The floor as it is, and every solution."""

    orders: OrdersSnapshot
    solutions: Sequence[SolutionLine]


def cells(one: SolutionLine, now_us: int) -> Mapping[str, Cell]:
    """Return the cells of a solution, by column id."""
    return {
        "type": Cell(safe(one.customer_type) or ALL_TYPES, "text" if one.customer_type else "quiet"),
        "objection": Cell(safe(one.objection) or ANY, "text" if one.objection else "quiet"),
        "title": Cell(safe(one.title), "strong"),
        "who": Cell(safe(one.who), "quiet"),
        "changed": Cell(ago(one.changed_us, now_us), "quiet"),
    }


def columns(width: int) -> Sequence[Column]:
    """Return the columns that fit."""
    more = (Column("who", "by", 8, gap=2, grow=8),) if width >= 66 else ()
    return (
        Column("title", "title", 20, gap=1, grow=14),
        Column("type", "type", 12, gap=2, grow=8),
        Column("objection", "objection", 11, gap=2, grow=14),
        *more,
        Column("changed", "age", 4, gap=1, right=True),
    )


def order(one: SolutionLine, column: str) -> Any:
    """Return what a solution is sorted by."""
    title = alphabetical(one.title)
    match column:
        case "type":
            return (alphabetical(one.customer_type), alphabetical(one.objection), title)
        case "objection":
            return (alphabetical(one.objection), alphabetical(one.customer_type), title)
        case "changed":
            return (-one.changed_us, title)
        case _:
            return title


def text(one: SolutionLine) -> str:
    """Return what the filter looks through."""
    return f"{one.title} {one.customer_type} {one.objection} {one.body}"


def table(found: Sequence[SolutionLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export of the list."""
    heads = ("title", "type", "objection", "by", "text")
    return heads, [[one.title, one.customer_type, one.objection, one.who, one.body] for one in found]


SHAPE: Shape[SolutionLine] = Shape(
    columns, cells, order, text, sorts=("type", "objection", "title", "changed"), table=table
)


def folded(body: str, width: int) -> list[tuple[list[Cell], list[Cell]]]:
    """Return a text as lines of `width` columns: as it is written where it fits, else wrapped at its words."""
    lines: list[str] = []
    for line in writing.safe_lines(body).split("\n"):
        lines += [line] if cell_len(line) <= width else card.wrapped(line, width, writing.LONGEST)
    return [([Cell(line)], []) for line in lines]


class LibraryScreen(LiveScreen[Library]):
    """The library. `order` is the order from whose list it was opened: its customer is offered for an export."""

    MODE = "orders"
    PLACE = "library"
    FILTER = "filter: title, type, objection, any word of the text"
    CALM = "Nothing in the library needs you now."
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("library")

    def __init__(self, order: OrderLine | None) -> None:
        super().__init__()
        self.order = order
        self.unsaved: dict[int | None, str] = {}
        self.unsaved_fields: dict[int | None, dict[str, str]] = {}
        self._shown: int | None = None

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="library-body"):
            with Vertical(id="library-list"):
                yield Lines(fill=RULE, id="title")
                yield Board(SHAPE, id="board")
            with Vertical(id="library-side"):
                yield Lines(fill=RULE, id="library-head")
                with VerticalScroll(id="library-text"):
                    yield Lines(id="library-lines")

    def on_mount(self) -> None:
        self.board.sort("type")

    @property
    def marked(self) -> SolutionLine | None:
        """The solution under the cursor."""
        item: SolutionLine | None = self.board.item
        return item

    def read(self, desk: Desk) -> Library:
        return Library(desk.orders.orders(), desk.orders.solutions())

    def about(self, snapshot: Library) -> About:
        return snapshot.orders

    def show(self, snapshot: Library, zone: tzinfo, now_us: int) -> None:
        board = self.board
        if snapshot.solutions:
            board.say(f"No solution matches {safe(board.filtered, 20)!r}.", "esc goes back to all of them.")
        else:
            board.say("No solution is written yet.", "n writes the first: a type of customer, an objection, an answer.")
        board.show({str(one.solution_id): one for one in snapshot.solutions}, now_us)
        words = [Cell(f"Solutions · {len(board.keys)}", "title")]
        self.query_one("#title", Lines).show(self.title_line(board, words, self.hints("filter", "sort")))
        self._preview()

    def _preview(self) -> None:
        one = self.marked
        head = [Cell("── ", "faint"), Cell(f"{safe(one.title, 60)} " if one else "", "title")]
        self.query_one("#library-head", Lines).show((head, []))
        frame, text = self.query_one("#library-text", VerticalScroll), self.query_one("#library-lines", Lines)
        lines = folded(one.body, frame.content_size.width - 1) if one is not None else []
        if text.styles.height is None or text.styles.height.value != len(lines):
            text.styles.height = len(lines)
        text.show(*lines)
        shown = one.solution_id if one is not None else None
        if shown != self._shown:
            self._shown = shown
            frame.scroll_home(animate=False)

    def show_nothing(self, *words: str) -> None:
        super().show_nothing(*words)
        self.query_one("#title", Lines).show(([Cell("── ", "faint"), Cell("Solutions ", "title")], []))

    def footer_keys(self) -> Sequence[str]:
        return ("back", "new-solution", "edit-solution", "export", "retire-solution", "filter", "undo")

    def reasons(self) -> Mapping[str, str]:
        if self.marked is None:
            return dict.fromkeys(("edit-solution", "retire-solution", "export"), "no solution is marked")
        return {}

    # Moving about

    def chosen(self, board: Board[Any], key: str) -> None:
        """Enter goes to the text, to scroll in it."""
        self.query_one("#library-text").focus()

    def step_back(self) -> None:
        if not self.board.has_focus:
            self.board.focus()
        elif self.board.filtered:
            self.board.filter("")
        else:
            self.app.pop_screen()

    # Acts

    def action_new(self) -> None:
        writing.begin(self, None)

    def action_edit(self) -> None:
        if self.marked is None:
            self.tell("No solution is marked.", "watch")
        else:
            writing.begin(self, self.marked)

    def action_export(self) -> None:
        if self.marked is None:
            self.tell("No solution is marked.", "watch")
        else:
            writing.export_one(self, self.marked)

    def export_list(self) -> None:
        """Write the list to a CSV file, as everywhere."""
        super().action_export()

    def action_retire(self) -> None:
        one = self.marked
        if one is None:
            self.tell("No solution is marked.", "watch")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.act(lambda desk: desk.orders.retire_solution(one.solution_id, one.version))

        consequence = f"{safe(one.title, 50)}: offered no more; reviews that have it keep it."
        self.app.push_screen(Ask("Retire?", consequence, "retire"), answered)
