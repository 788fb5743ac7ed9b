"""The floor, fed by a day that is over. It is the floor's own screen; what acts says why it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from screens import keys
from screens.floor.acts import PHONE_KEYS
from screens.floor.screen import FloorScreen
from screens.replay import present
from screens.replay.panel import FlagsThen
from screens.replay.tape import MINUTE_US, Tape
from screens.widgets.cells import Cell

if TYPE_CHECKING:
    from screens.widgets.header import About
    from supervisor.duties.calls.replay import FlagThen
    from supervisor.duties.discipline.snapshots import FlagLine

LOOK_EVERY_S = 0.2
"""How often it is looked whether the tape is at another minute: one lasts a second."""


def _first(place: str) -> list[BindingType]:
    """Return the bindings of a place, asked before those of the list that has the focus: it has a use for space too."""
    return [replace(one, priority=True) if isinstance(one, Binding) else one for one in keys.bindings(place)]


class ReplayScreen(FloorScreen):
    """The floor at the minute of `tape`. `flags`: those of the whole day in the order of time."""

    PLACE = "replay"
    BINDINGS: ClassVar[list[BindingType]] = _first("replay")

    def __init__(self, tape: Tape, flags: Sequence[FlagThen]) -> None:
        super().__init__(panels=[FlagsThen(self.open_flag)])
        self.tape = tape
        self._flags = flags

    def on_mount(self) -> None:
        self.set_interval(LOOK_EVERY_S, self.look)

    def look(self) -> None:
        """Have the floor read where the tape is at another minute by now."""
        if self.snapshot is not None and self.snapshot.now_us != self.tape():
            self.wake()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is typed into the filter is not meant for the tape."""
        return not (action in ("play", "go", "flag") and isinstance(self.focused, Input))

    # Drawing

    def top_line(self, about: About, now_us: int, zone: tzinfo) -> tuple[list[Cell], list[Cell]]:
        return present.top_line(about, now_us, zone, self.tape.plays, self.size.width - 2)

    def modes_line(self) -> tuple[list[Cell], list[Cell]]:
        return [], []

    def word(self, key: keys.Key) -> str:
        return "stop" if key.id == "replay-play" and self.tape.plays else key.short

    def footer_keys(self) -> Sequence[str]:
        return [
            "replay-play", "replay-flag", "replay-on", "replay-back", "replay-on-ten", "replay-back-ten",
            "replay-flag-before",
        ]  # fmt: skip

    def reasons(self) -> Mapping[str, str]:
        acts = [*PHONE_KEYS, "adopt", "undo", "panel-followups", "panel-onboarding"]
        acts += [key.id for key in keys.KEYS if key.place == "people" or key.id.startswith("mode-")]
        return dict.fromkeys(acts, self.tape.why_not)

    # The tape

    def action_play(self) -> None:
        if self.tape.plays:
            self.tape.stop()
        else:
            self.tape.play()
        self._moved()

    def action_go(self, minutes: int) -> None:
        self.tape.go(self.tape() + minutes * MINUTE_US)
        self._moved()

    def action_flag(self, by: int) -> None:
        """Go to the next minute at which something was flagged, or the one before, and mark whose it was."""
        found = present.following(self._flags, self.tape(), by)
        if not found:
            self.tell(f"No flag {'after' if by > 0 else 'before'} this minute of the day.")
            return
        self._show_flags(found)

    def open_flag(self, line: FlagLine) -> None:
        """Go to the minute of a flag, and mark whose it was."""
        self._show_flags([flag for flag in self._flags if flag.line.flag_id == line.flag_id])

    def _show_flags(self, flags: Sequence[FlagThen]) -> None:
        self.tape.stop()
        self.tape.go(present.shown_from_us(flags[0]))
        self.board.go(flags[0].whose)
        if self.zone is not None:
            self.tell(present.told(flags, self.zone))
        self._moved()

    def _moved(self) -> None:
        self.draw()
        self.wake()

    # What acts on the floor of now

    def refuse(self) -> None:
        """Say why nothing can be done here."""
        self.tell(f"Not here: {self.tape.why_not}.", "watch")

    def action_phone(self, action: str) -> None:
        self.refuse()

    def action_adopt(self) -> None:
        self.refuse()

    def action_by_hand(self, rule: str) -> None:
        self.refuse()

    def action_undo(self) -> None:
        self.refuse()

    def action_panel(self, name: str) -> None:
        if name in ("calls", *(view.panel.id for view in self.views)):
            super().action_panel(name)
        else:
            self.refuse()
