"""The sheet of a specialist: six causes of weak results, each with its figures beside the team's, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType

from screens.fresh import FreshScreen
from screens.widgets import days
from screens.widgets.cells import Cell, fit
from screens.widgets.line import Lines
from screens.widgets.words import hour
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.widgets.header import About
    from supervisor.duties.orders.examine import Cause, Examination, Figure
    from supervisor.duties.orders.snapshots import OrdersSnapshot

Line = tuple[list[Cell], list[Cell]]
HEADS = ("now", "team", "quota", "before")
_SHARES = ("effective per connected", "signed per", "contacts ", "past it")
_WORDS = {"seen": ("✕", "act"), "not seen": ("●", "good"), "unknown": ("?", "quiet")}


def value(name: str, figure: float | None) -> str:
    """Return a figure as it is shown: a share in percent, everything else as few digits as somebody acts on."""
    if figure is None:
        return "–"
    if name.startswith(_SHARES):
        return f"{round(figure * 100)} %"
    return f"{figure:.0f}" if abs(figure) >= 10 or figure == int(figure) else f"{figure:.1f}"


def lines(sheet: Examination, width: int, height: int) -> list[Line]:
    """Return the page: a cause with its verdict at the left, its figures at its right, a blank line between causes
    where there is room."""
    rows = sum(max(1, len(cause.figures)) for cause in sheet.causes)
    air = height - 2 >= rows + len(sheet.causes)
    spare = height - 1 - rows
    name = 18 if width < 100 else 30
    number = 7 if width < 100 else 10
    figure = min(44, width - name - number * len(HEADS) - 2)
    heads = "".join(f"{head:>{number}}" for head in HEADS)
    found: list[Line] = [([Cell(" " * (name + 2 + figure) + heads, "head")], [])]
    for cause in sheet.causes:
        most = max(1, len(cause.figures) + min(0, spare)) if len(cause.figures) > 3 else len(cause.figures)
        found += _cause(cause, name, figure, number, most)
        if air:
            found.append(([], []))
    return found[:height]


def _cause(cause: Cause, name: int, figure: int, number: int, most: int) -> list[Line]:
    mark, role = _WORDS.get(cause.word, ("?", "quiet"))
    role_of_name = {"✕": "strong", "●": "text"}.get(mark, "quiet")
    first = [Cell(f"{mark} ", role), Cell(fit(safe(cause.name), name), role_of_name)]
    if not cause.figures:
        return [([*first, Cell("too little is known", "quiet")], [])]
    found: list[Line] = []
    for at, one in enumerate(cause.figures[:most]):
        begin = first if not at else [Cell(" " * (name + 2))]
        found.append(([*begin, *_figure(one, figure, number, mark == "✕")], []))
    if len(cause.figures) > most:
        more = f"and {len(cause.figures) - most + 1} more"
        found[-1] = ([*(first if most == 1 else [Cell(" " * (name + 2))]), Cell(more, "quiet")], [])
    return found


def _texts(one: Figure) -> list[str]:
    """Return a figure's numbers in the order of HEADS; only its own is told where it is unknown."""
    beside = [value(one.name, figure) if figure is not None else "" for figure in (one.team, one.quota, one.before)]
    return [value(one.name, one.value), *beside]


def _figure(one: Figure, wide: int, number: int, loud: bool) -> list[Cell]:
    name = safe(one.name).replace("signed per closed order, ", "signed of closed, ")
    own, *beside = (f"{text:>{number}}" for text in _texts(one))
    return [Cell(fit(name, wide)), Cell(own, "strong" if loud else "text"), Cell("".join(beside), "quiet")]


class Sheet(NamedTuple):
    """What the page is drawn of."""

    orders: OrdersSnapshot
    sheet: Examination


class SheetScreen(FreshScreen[Sheet]):
    """The sheet of one specialist; J and K go to the others."""

    MODE = "orders"
    PLACE = "sheet"
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, ids: Sequence[int], specialist_id: int) -> None:
        super().__init__()
        self._ids = ids
        self._at = ids.index(specialist_id)

    def read(self, desk: Desk) -> Sheet:
        return Sheet(desk.orders.orders(), desk.orders.examination(self._ids[self._at]))

    def about(self, snapshot: Sheet) -> About:
        return snapshot.orders

    def compose_body(self) -> ComposeResult:
        yield Lines(id="sheet-head")
        yield Lines(id="sheet-page")

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def show(self, snapshot: Sheet, zone: tzinfo, now_us: int) -> None:
        sheet = snapshot.sheet
        beside = f"team {safe(sheet.team, 20)}" if sheet.team else "the floor"
        seen = sum(cause.word == "seen" for cause in sheet.causes)
        found = (
            Cell(f"   ✕ {seen} of {len(sheet.causes)} causes", "act") if seen else Cell("   ● no cause seen", "good")
        )
        head = [Cell(safe(sheet.specialist, 40), "title"), found]
        if self.failed is not None:
            head = [Cell(f"✕ not read since {hour(self.failed[0], zone)}: {self.failed[1]}", "act")]
        mine = [line for line in snapshot.orders.orders if line.specialist_id == sheet.specialist_id]
        day = days.long(sheet.day, sheet.day)
        right = [Cell(f"beside {beside}, {sheet.members} people, until {day}   {len(mine)} open orders", "quiet")]
        self.query_one("#sheet-head", Lines).show((head, right))
        page = self.query_one("#sheet-page", Lines)
        page.show(*lines(sheet, page.content_size.width, page.content_size.height))

    def show_nothing(self, *said: str) -> None:
        if said:
            self.query_one("#sheet-page", Lines).show(*(([Cell(f"  {one}", "watch")], []) for one in said))

    def footer_keys(self) -> Sequence[str]:
        return ("back", "next", "previous")

    def action_record(self, by: int) -> None:
        at = max(0, min(len(self._ids) - 1, self._at + by))
        if at == self._at:
            self.tell(f"This is the {'last' if by > 0 else 'first'} specialist.")
            return
        self._at = at
        self.wake()

    def action_back(self) -> None:
        self.app.pop_screen()
