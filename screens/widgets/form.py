"""A form: a few lines to fill in, and one text of many lines where it is wanted. Escape leaves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from screens.keys import bindings
from screens.widgets.cells import Cell
from screens.widgets.line import Lines
from screens.widgets.words import sentence


class Field(NamedTuple):
    """One line: its id, what it is called, what it holds at first, what to write, and what it means (ValueError in
    words where it means nothing). `area`: many lines."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    meaning: Callable[[str], str] | None = None
    area: bool = False


class Form(ModalScreen[None]):
    """Gives what was filled in to `then`, by field. `consequence` says what comes of it, `verb` names that on its key;
    `check` raises ValueError where the fields do not go together."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("form")
    DEFAULT_CSS = """
    Form #form { background: $panel; padding: 1 2; width: 76; max-width: 100%; height: auto; max-height: 100%; }
    Form Lines { height: 1; }
    Form #form-title { margin-bottom: 1; }
    Form .field { height: 1; }
    Form .field Lines { width: 16; }
    Form .field Input { width: 1fr; background: $background; }
    Form .meaning { padding-left: 16; }
    Form TextArea { height: 1fr; min-height: 5; max-height: 60vh; border: none; padding: 0 1; background: $background; }
    Form #form-keys { margin-top: 1; }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        then: Callable[[Mapping[str, str]], None],
        *,
        consequence: str = "",
        verb: str = "do it",
        check: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._then = then
        self._consequence = consequence
        self._verb = verb
        self._check = check
        self._trouble = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="form"):
            yield Lines(id="form-title")
            for field in self._fields:
                if field.area:
                    area = TextArea(
                        field.value,
                        id=f"field-{field.id}",
                        tab_behavior="focus",
                        soft_wrap=True,
                        show_line_numbers=False,
                    )
                    area.styles.height = max(5, min(18, self.app.size.height - len(self._fields) * 2 - 8))
                    yield area
                    continue
                with Horizontal(classes="field"):
                    yield Lines(id=f"label-{field.id}")
                    yield Input(field.value, placeholder=field.hint, compact=True, id=f"field-{field.id}")
                yield Lines(id=f"meaning-{field.id}", classes="meaning")
            yield Lines(id="form-consequence")
            yield Lines(id="form-keys")

    def on_mount(self) -> None:
        for field in self._fields:
            if not field.area:
                self.query_one(f"#label-{field.id}", Lines).show(([Cell(field.label, "quiet")], []))
        self._inputs()[0].focus()
        self._say()

    def on_resize(self) -> None:
        self.call_after_refresh(self._say)

    def _inputs(self) -> list[Input | TextArea]:
        found = [self.query_one(f"#field-{field.id}") for field in self._fields]
        return [one for one in found if isinstance(one, Input | TextArea)]

    def values(self) -> dict[str, str]:
        """Return what is filled in, by field."""
        texts = [one.value if isinstance(one, Input) else one.text for one in self._inputs()]
        return {field.id: text.strip() for field, text in zip(self._fields, texts, strict=True)}

    def _say(self) -> None:
        self.query_one("#form-title", Lines).show(([Cell(self._title, "title")], []))
        values = self.values()
        for field in self._fields:
            if field.area:
                continue
            cells: list[Cell] = []
            if field.meaning is not None:
                try:
                    meant = field.meaning(values[field.id])
                    cells = [Cell(f" → {meant}", "accent")] if meant else []
                except ValueError as error:
                    cells = [Cell(f" {sentence(error)}", "watch")]
            self.query_one(f"#meaning-{field.id}", Lines).show((cells, []))
        trouble = [Cell(self._trouble, "act")] if self._trouble else [Cell(self._consequence, "quiet")]
        self.query_one("#form-consequence", Lines).show((trouble, []))
        keys = [("ctrl+s ", "key"), (self._verb, "quiet"), ("   tab ", "key"), ("next line", "quiet")]
        keys += [("   esc ", "key"), ("leave it", "quiet")]
        self.query_one("#form-keys", Lines).show(([Cell(*key) for key in keys], []))

    def on_input_changed(self) -> None:
        self._trouble = ""
        if self.is_mounted:
            self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next line; on the last one it does it."""
        inputs = self._inputs()
        at = next(place for place, one in enumerate(inputs) if one is event.input)
        if at + 1 < len(inputs):
            inputs[at + 1].focus()
        else:
            self.action_save()

    def action_save(self) -> None:
        """Hand everything on, where it can be understood; else go to what cannot."""
        values = self.values()
        for field, widget in zip(self._fields, self._inputs(), strict=True):
            try:
                if field.meaning is not None:
                    field.meaning(values[field.id])
            except ValueError as error:
                self._trouble = sentence(error)
                widget.focus()
                self._say()
                return
        try:
            if self._check is not None:
                self._check(values)
        except ValueError as error:
            self._trouble = sentence(error)
            self._say()
            return
        self.dismiss(None)
        self._then(values)

    def action_cancel(self) -> None:
        self.dismiss(None)
