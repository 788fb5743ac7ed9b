"""Morale: the longest and the shortest of each team on each measure, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from screens import keys
from screens.discipline import morale_present as present
from screens.discipline.page import open_page
from screens.discipline.pushed import RULE, PushedScreen, Seen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.duties.discipline.snapshots import MoraleSnapshot, Spread


def open_morale(screen: Screen[Any]) -> None:
    """Show how far apart the teams are on top of `screen`."""
    screen.app.push_screen(MoraleScreen())


class MoraleScreen(PushedScreen["MoraleSnapshot"]):
    """The spreads, those of a team together."""

    PLACE = "morale"
    HEAD = "The longest and the shortest"
    FILTER = "filter: team, measure, name"
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("morale")

    def compose_body(self) -> ComposeResult:
        yield Lines(id="morale-note")
        yield Lines(fill=RULE, id="title")
        yield Board(present.SHAPE, id="board")

    def read(self, desk: Desk) -> Seen[MoraleSnapshot]:
        return Seen(desk.discipline.discipline(), desk.discipline.morale())

    def show(self, snapshot: Seen[MoraleSnapshot], zone: tzinfo, now_us: int) -> None:
        morale, board = snapshot.it, self.board
        spreads = [one for one in morale.spreads if self.team in (None, one.team)]
        if morale.spreads:
            board.say("Nothing here matches what narrows the list.", "esc shows every team again.")
        else:
            board.say("No team has two people to set side by side.", "Who was at work in the last 30 days counts.")
        board.show({present.key(one): one for one in spreads}, now_us)
        self.query_one("#morale-note", Lines).show(present.note(morale))
        words = [Cell(f"The longest and the shortest · {len(board.keys)}", "title")]
        self.query_one("#title", Lines).show(self.title_line(board, words, self.hints("team", "sort", "best-page")))

    def word(self, key: keys.Key) -> str:
        return "the worst" if key.id == "open" else key.short

    def footer_keys(self) -> Sequence[str]:
        return ("back", "open", "best-page", "team", "sort", "filter", "export")

    def reasons(self) -> Mapping[str, str]:
        return dict.fromkeys(("open", "best-page"), "no row is marked") if self.board.item is None else {}

    def teams(self, snapshot: Seen[MoraleSnapshot]) -> Mapping[str, int]:
        found = [one.team for one in snapshot.it.spreads]
        return {"": len(found)} | {team: found.count(team) for team in dict.fromkeys(found)}

    def chosen(self, board: Board[Any], key: str) -> None:
        one: Spread | None = self.board.item
        if one is not None:
            self._open(one.worst)

    def action_best(self) -> None:
        one: Spread | None = self.board.item
        if one is None:
            self.tell("No row is marked.", "watch")
        else:
            self._open(one.best)

    def _open(self, name: str) -> None:
        """Open somebody's page; J and K go to the others of the team. No two specialists have one name."""
        people = self.snapshot.floor.people if self.snapshot is not None else ()
        found = next(((one, team) for one, known, team in people if known == name), None)
        if found is None:
            self.tell(f"{safe(name, 40)} is not here any more.", "watch")
            return
        open_page(self, [one for one, _, team in people if team == found[1]], found[0])
