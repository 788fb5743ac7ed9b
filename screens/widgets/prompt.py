"""A question at the foot of the screen: a line to type, what it means while it is typed, and a list to take from.

It is put up and taken down within one key, and what was typed ahead of it, or behind its enter, is not lost: whoever
knows the keys may type faster than a slow line shows them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, cast

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.keys import BY_ID, bindings
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.dialogs import OPTIONS, Option
from screens.widgets.line import Lines
from screens.widgets.words import sentence

SEARCH_AFTER_S = 0.15
MOST_ROWS = 9


class TypedLine(Input):
    """The line of a Prompt: enter is the question's, at once and before the keys behind it."""

    async def _on_key(self, event: events.Key) -> None:
        prompt = cast("Prompt", self.screen)
        if prompt.over:
            event.stop()
            event.prevent_default()
            prompt.pass_on(event)
        elif event.key == "enter":
            event.stop()
            event.prevent_default()
            prompt.action_choose()
        elif by := prompt.steps(event.key):  # by a binding it would come after an enter behind it
            event.stop()
            event.prevent_default()
            prompt.action_step(by)
        elif prompt.took(event):
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)


class Prompt(ModalScreen[None]):
    """Asks for a line, or one of `options` (narrowed by what is typed), or of what `search` finds for it. `then` gets
    an option's value, or the text as typed.

    `meaning` says in safe words what the text means, or raises ValueError, and then enter does nothing. With options,
    what is typed is an answer itself only where `free`. `needed`: an empty line is none."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")
    DEFAULT_CSS = """
    Prompt { align: left bottom; background: transparent; }
    Prompt > Vertical { height: auto; width: 1fr; background: $panel; padding: 0 1; }
    Prompt Lines { height: 1; }
    Prompt #prompt-title { margin-bottom: 0; }
    Prompt TypedLine { width: 1fr; background: $background; }
    """

    def __init__(
        self,
        title: str,
        then: Callable[[str], None],
        *,
        typed: str = "",
        hint: str = "",
        meaning: Callable[[str], str] | None = None,
        options: Sequence[Option] = (),
        search: Callable[[str], Awaitable[Sequence[Option]]] | None = None,
        free: bool = False,
        needed: bool = True,
        marked: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._then = then
        self._typed = typed
        self._hint = hint
        self._meaning = meaning
        self._options = list(options)
        self._search = search
        self._free = free or (search is None and not options)
        self._needed = needed
        self._marked = marked
        self._searched, self._hurried = typed.strip(), False
        self._ahead: list[events.Key] = []
        self._ready = False
        self.over = False

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Lines(id="prompt-title")
            yield TypedLine(self._typed, compact=True, placeholder=self._hint, id="prompt-line")
            if self._options or self._search is not None:
                board: Board[Option] = Board(OPTIONS, heads=False, id="prompt-options")
                board.can_focus = False
                yield board
            yield Lines(id="prompt-meaning")

    @property
    def line(self) -> TypedLine:
        """What is typed into."""
        return self.query_one(TypedLine)

    @property
    def board(self) -> Board[Option] | None:
        """What is taken from, where there is something."""
        return next(iter(self.query("#prompt-options").results(Board)), None)

    def on_mount(self) -> None:
        if self.over or not self.query(TypedLine):
            return  # left before it was there
        self.line.focus()
        self._list()
        self._ready = True
        ahead, self._ahead = self._ahead, []
        for event in ahead:
            if event.key == "enter" and not self.over:
                self.action_choose()
            else:
                self.typed_ahead(event)
        self._say()

    def on_resize(self) -> None:
        if self._ready and not self.over:
            self.call_after_refresh(self._say)

    # What is typed before or behind

    def typed_ahead(self, event: events.Key) -> None:
        """Take a key that was meant for the line and came before it had the focus."""
        if self.over:
            self.pass_on(event)
        elif not self._ready:
            self._ahead.append(event)
        elif not self.took(event) and event.is_printable and event.character:
            line = self.line
            if line.select_on_focus and line.value == self._typed and self._typed:
                line.value = ""
            line.insert_text_at_cursor(event.character)

    def pass_on(self, event: events.Key) -> None:
        """Give a key that came behind the answer to whatever has the screen now."""
        self.app.post_message(events.Key(event.key, event.character))

    def steps(self, key: str) -> int:
        """Return by how many options a key goes: -1, 1 or, where it is none of those, 0."""
        remapped: Mapping[str, str] = getattr(self.app, "remapped", {})
        for name, by in (("choice-up", -1), ("choice-down", 1)):
            if key in remapped.get(name, BY_ID[name].key).split(","):
                return by
        return 0

    def took(self, event: events.Key) -> bool:
        """Whether a key was an answer by itself."""
        return False

    # Drawing

    def asking(self) -> Sequence[Cell]:
        """Return what is asked."""
        return [Cell(self._title, "title")]

    def _list(self) -> None:
        if (board := self.board) is not None:
            board.styles.height = max(1, min(len(self._options), MOST_ROWS, self.app.size.height - 6))
            board.say("type to find" if self._search is not None and not self.line.value else "nothing fits")
            board.show({option.value: option for option in self._options}, 0)
            if self._marked:
                board.go(self._marked)

    def _say(self) -> None:
        self.query_one("#prompt-title", Lines).show((self.asking(), []))
        take = [Cell("enter ", "key"), Cell("take it" if self.board is not None else "do it", "quiet")]
        keys = [*take, Cell("   esc ", "key"), Cell("leave it", "quiet")]
        text = self.line.value.strip()
        left: list[Cell] = []
        if self._meaning is not None and (text or not self._needed):
            try:
                left = [Cell(f"→ {self._meaning(text)}", "accent")]
            except ValueError as error:
                left = [Cell(sentence(error), "watch")]
        self.query_one("#prompt-meaning", Lines).show((left, keys) if left else (keys, []))

    def on_input_changed(self, event: Input.Changed) -> None:
        self._hurried = False
        if self._search is not None:
            self._find(event.value)
        elif (board := self.board) is not None:
            board.filter(event.value)
        self._say()

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _find(self, text: str) -> None:
        assert self._search is not None
        await asyncio.sleep(SEARCH_AFTER_S)
        found: Sequence[Option] = ()
        trouble = ""
        try:
            found = await self._search(text.strip())
        except Exception as error:
            trouble = sentence(error)
        self._options, self._marked, self._searched = list(found), "", text.strip()
        self._list()
        if trouble and (board := self.board) is not None:
            board.say(trouble)
        if self._hurried:
            self.action_choose()

    # Answers

    def action_choose(self) -> None:
        """Give the answer, where there is one."""
        if self.over:
            return
        if not self._ready:
            self._ahead.append(events.Key("enter", None))
            return
        text, board = self.line.value.strip(), self.board
        if self._search is not None and text != self._searched:
            self._hurried = True  # what is listed is of another text: it is taken once this one's is found
        elif board is not None and board.key is not None:
            self.answer(board.key)
        elif self._free and (text or not self._needed) and self._understood(text):
            self.answer(text)

    def _understood(self, text: str) -> bool:
        if self._meaning is None:
            return True
        try:
            self._meaning(text)
        except ValueError:
            return False
        return True

    def answer(self, value: str) -> None:
        """Close, and hand `value` on."""
        self.over = True
        self.dismiss(None)
        self._then(value)

    def action_step(self, by: int) -> None:
        if (board := self.board) is not None:
            board.step(by)

    def action_cancel(self) -> None:
        self.over = True
        self.dismiss(None)
