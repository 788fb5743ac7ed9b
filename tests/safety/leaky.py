"""A console with widgets that forgot to make their text safe: what the backstop is for. Ends by itself."""

from __future__ import annotations

import sys
from pathlib import Path, PurePath
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import DataTable, Input, Static

from screens.app import ConsoleApp
from screens.desk import Desk
from screens.floor.present import Limits
from supervisor.settings import QuotaSettings
from tests.safety.hostile import PAYLOADS


class Leaky(Screen[None]):
    """Every text, as it came, in widgets that the program does not use."""

    def compose(self) -> ComposeResult:
        for text in PAYLOADS.values():
            yield Static(text.replace("\n", " "), markup=False)
        yield Input(" ".join(PAYLOADS.values()))
        yield DataTable()

    def on_mount(self) -> None:
        self.title = PAYLOADS["K01"]
        table = self.query_one(DataTable)
        table.add_columns("text")
        for text in PAYLOADS.values():
            table.add_row(Text(text))
        self.app.notify(PAYLOADS["K05"], markup=False)
        self.set_timer(1, lambda: self.app.exit(0))


class LeakyApp(ConsoleApp):
    CSS_PATH: ClassVar[list[str | PurePath]] = []

    def get_default_screen(self) -> Screen[None]:
        return Leaky()


def no_desk() -> Desk:
    raise NotImplementedError


if __name__ == "__main__":
    leaky = LeakyApp(no_desk, Limits(QuotaSettings()), crash_log=Path(sys.argv[1]))
    sys.exit(leaky.run(mouse=False) or leaky.return_code)
