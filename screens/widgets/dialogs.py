"""Questions: choose one of several (or type something new), and yes or no. Escape always closes without doing
anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.keys import bindings
from screens.widgets.board import Board, Shape
from screens.widgets.cells import Cell, Column
from screens.widgets.line import Lines


class Option(NamedTuple):
    """One thing to choose: what is given back, what is shown (safe already), and a quiet word beside it."""

    value: str
    label: str
    hint: str = ""


def _cells(option: Option, now_us: int) -> Mapping[str, Cell]:
    return {"label": Cell(option.label), "hint": Cell(option.hint, "quiet")}


def _columns(width: int) -> Sequence[Column]:
    return (Column("label", "", 20, gap=1, grow=60), Column("hint", "", 12, gap=2, right=True))


OPTIONS: Shape[Option] = Shape(
    _columns, _cells, lambda option, _: option.label, lambda option: f"{option.label} {option.hint}"
)


class Choice(ModalScreen[str | None]):
    """One of `options`, narrowed by what is typed; with `new`, what is typed is an answer itself where nothing fits.

    Gives back an option's value, or the text typed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(
        self, title: str, options: Sequence[Option], *, new: str = "", typed: str = "", marked: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._options = options
        self._new = new
        self._typed = typed
        self._marked = marked

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Lines(id="question-title")
            yield Input(self._typed, placeholder=self._new or "type to narrow", compact=True, select_on_focus=False)
            if self._options:
                board: Board[Option] = Board(OPTIONS, heads=False)
                board.can_focus = False
                yield board
            yield Lines(id="question-keys")

    def on_mount(self) -> None:
        self.query_one("#question-title", Lines).show(([Cell(self._title, "title")], []))
        take = "take what is marked" if self._options else "do it"
        keys = [Cell("enter ", "key"), Cell(take, "quiet"), Cell("   esc ", "key"), Cell("leave", "quiet")]
        self.query_one("#question-keys", Lines).show((keys, []))
        for board in self.query(Board):
            board.styles.height = min(len(self._options), max(3, self.app.size.height - 12))
            board.say(self._new or "nothing fits")
            board.show({option.value: option for option in self._options}, 0)
            board.go(self._marked)
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        for board in self.query(Board):
            board.filter(event.value)

    def on_input_submitted(self) -> None:
        self.action_choose()

    def action_choose(self) -> None:
        for board in self.query(Board):
            if board.key is not None:
                self.dismiss(board.key)
                return
        typed = self.query_one(Input).value.strip()
        if self._new and typed:
            self.dismiss(typed)

    def action_step(self, by: int) -> None:
        for board in self.query(Board):
            board.step(by)

    def action_cancel(self) -> None:
        self.dismiss(None)


class Ask(ModalScreen[bool]):
    """Whether a dangerous act is meant. `consequence` says what it does, `verb` names it on its key."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("ask")

    def __init__(self, title: str, consequence: str, verb: str) -> None:
        super().__init__()
        self._title = title
        self._consequence = consequence
        self._verb = verb

    def compose(self) -> ComposeResult:
        with Vertical(id="question"):
            yield Lines(id="question-title")
            yield Lines(id="question-text")
            yield Lines(id="question-keys")

    def on_mount(self) -> None:
        self.query_one("#question-title", Lines).show(([Cell(self._title, "title")], []))
        self.query_one("#question-text", Lines).show(([], []), ([Cell(self._consequence)], []))
        keys = [Cell("enter ", "key"), Cell(self._verb, "quiet"), Cell("   esc ", "key"), Cell("leave it", "quiet")]
        self.query_one("#question-keys", Lines).show((keys, []))

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)
