"""A mode and a panel that nobody wants, for what holds of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from textual.app import ComposeResult

from screens.desk import Desk
from screens.floor.panels import Panel
from screens.floor.screen import FloorScreen
from screens.keys import Key
from screens.live import LiveScreen
from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell, Column
from screens.widgets.header import About
from screens.widgets.line import Lines
from supervisor.duties.calls import FloorSnapshot, SourceHealth

SHAPE: Shape[str] = Shape(
    lambda _: (Column("word", "word", 8, grow=40),),
    lambda item, _: {"word": Cell(item)},
    lambda item, _: item,
    lambda item: item,
    sorts=(None, "word"),
    level=lambda item, _: "act" if item == "pears" else "",
)


class MadeUp(LiveScreen[FloorSnapshot]):
    """Mode 2 of the tests: the names of the sources in one list."""

    MODE = "made-up"
    PLACE = "made-up"

    def read(self, desk: Desk) -> FloorSnapshot:
        return desk.calls.floor()

    def about(self, snapshot: FloorSnapshot) -> About:
        return snapshot

    def compose_body(self) -> ComposeResult:
        yield Lines(id="title")
        yield Board(SHAPE, id="board")

    def show(self, snapshot: FloorSnapshot, zone: tzinfo, now_us: int) -> None:
        self.board.show({one.name: one.name for one in snapshot.sources}, now_us)
        self.query_one("#title", Lines).show(self.title_line(self.board, [Cell("Sources", "title")], []))

    def footer_keys(self) -> Sequence[str]:
        return ("filter", "sort", "exception", "undo")


class Fruit(Panel[tuple[str, ...], str]):
    """A panel of a few fruits; enter says which."""

    id = "fruit"

    def __init__(self, letter: str = "f", id: str = "fruit") -> None:
        self.id = id  # type: ignore[misc]
        self._key = Key(f"panel-{id}", letter, f"panel('{id}')", id, f"go to the {id}", "move", "floor")
        self.failure: Exception | None = None
        self.fruits = ("apples", "pears", "plums")

    @property
    def key(self) -> Key:
        return self._key

    def shape(self) -> Shape[str]:
        return SHAPE

    def read(self, desk: Desk) -> tuple[str, ...]:
        if self.failure:
            raise self.failure
        return self.fruits

    def rows(self, snapshot: tuple[str, ...]) -> Mapping[str, str]:
        return {one: one for one in snapshot}

    def title(self, snapshot: tuple[str, ...] | None) -> Sequence[Cell]:
        return [Cell(f"{self.id.capitalize()} · {len(snapshot or ())} ripe", "title")]

    def counts(self, snapshot: tuple[str, ...] | None) -> Sequence[Cell]:
        return [Cell(f"{self.id} {len(snapshot or ())} ripe")]

    def empty(self) -> Sequence[str]:
        return ("No fruit yet.",)

    def choose(self, screen: FloorScreen, item: str) -> None:
        screen.tell(f"eaten: {item}")


def sources(*names: str) -> Any:
    """Sources that are up."""
    return tuple(SourceHealth(name, "up", None, 0.2, "") for name in names)
