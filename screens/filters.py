"""What every line goes through on its way to the terminal."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

from supervisor.text import safe

if TYPE_CHECKING:
    from textual.color import Color


class Neutral(LineFilter):
    """The backstop: whatever a line holds, nothing in it steers the terminal. Screens neutralise before it comes
    here."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if all(segment.text.isprintable() for segment in segments if not segment.control):
            return segments
        return [s if s.control or s.text.isprintable() else Segment(_neutral(s.text), s.style) for s in segments]


class Colourless(LineFilter):
    """Takes every colour away and leaves bold, reverse and underline: what NO_COLOR asks for."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, _without_colour(style), control) for text, style, control in segments]


@lru_cache(1024)
def _without_colour(style: Style | None) -> Style | None:
    return style and style.without_color


def _neutral(text: str) -> str:
    return safe(text, max(len(text), 1))
