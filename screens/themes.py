"""How the console is coloured: three themes, one set of roles.

Three meanings have colour - good, watch, act - and each has a mark beside it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.style import Style
from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

MARKS = {"good": "●", "watch": "!", "act": "✕", "unknown": "▲"}
"""The mark that stands beside a colour, so that it survives without it."""


class Palette(NamedTuple):
    """The colours of a theme. `quiet` is for what need not be read, `faint` for lines and empty bars."""

    dark: bool
    back: str
    raised: str
    cursor: str
    text: str
    strong: str
    quiet: str
    faint: str
    good: str
    watch: str
    act: str
    accent: str
    bar: str


PALETTES = {
    "dark": Palette(
        True, "#14171c", "#1d222a", "#2b3a4d", "#c3c9d2", "#f2f4f7", "#7e8794",
        "#3a424e", "#7fb685", "#e0b25a", "#ff6f61", "#7fb0dd", "#6f8eab",
    ),
    "light": Palette(
        False, "#fafaf7", "#efefea", "#d3e0ee", "#33383f", "#0c0e11", "#6a717b",
        "#c9ccd0", "#2f7d3b", "#8f5f00", "#c1121f", "#1b5fa6", "#5f7f9f",
    ),
    # Blue, yellow and vermilion of Okabe and Ito: told apart by protan, deutan and tritan eyes, and by brightness.
    "colour-blind": Palette(
        True, "#14171c", "#1d222a", "#2b3a4d", "#c3c9d2", "#f2f4f7", "#7e8794",
        "#3a424e", "#56b4e9", "#f0e442", "#ff7f2a", "#9fb8d6", "#7f93ad",
    ),
}  # fmt: skip


def themes() -> list[Theme]:
    """Return the console's themes as Textual takes them."""
    return [
        Theme(
            name=name,
            dark=palette.dark,
            primary=palette.accent,
            secondary=palette.quiet,
            accent=palette.accent,
            foreground=palette.text,
            background=palette.back,
            surface=palette.back,
            panel=palette.raised,
            success=palette.good,
            warning=palette.watch,
            error=palette.act,
            variables={
                "border": palette.faint,
                "block-cursor-background": palette.cursor,
                "block-cursor-foreground": palette.strong,
                "block-cursor-text-style": "none",
                "input-cursor-background": palette.strong,
                "quiet": palette.quiet,
                "faint": palette.faint,
                "strong": palette.strong,
            },
        )
        for name, palette in PALETTES.items()
    ]


COLOURLESS = "colourless"
"""The name `style` takes where the user wants no colour (NO_COLOR)."""


def name_of(app: App[Any]) -> str:
    """Return the name of the theme in use, or COLOURLESS."""
    return COLOURLESS if app.no_color else app.theme


@cache
def style(theme: str, role: str, cursor: str = "") -> Style:
    """Return how `role` looks in `theme`; `cursor` is "", "row" (of a board without the focus) or "focus".

    Without colour (`COLOURLESS`) the cursor is reversed or underlined, and what is loud is bold.
    """
    if theme == COLOURLESS:
        loud = role.endswith("-bold") or role in ("act", "watch", "title", "fresh", "strong", "key")
        return Style(bold=loud, reverse=cursor == "focus", underline=cursor == "row")
    palette = PALETTES.get(theme) or PALETTES["dark"]
    name = role.removesuffix("-bold")
    colour = {
        "head": palette.quiet, "key": palette.accent, "title": palette.strong, "fresh": palette.strong,
    }.get(name) or getattr(palette, name, palette.text)  # fmt: skip
    bold = role.endswith("-bold") or name in ("act", "title", "fresh", "strong")
    if cursor == "focus":
        if name == "text":
            colour = palette.strong
        return Style(color=colour, bgcolor=palette.cursor, bold=bold)
    if cursor == "row":
        return Style(color=colour, bgcolor=palette.raised, bold=bold)
    return Style(color=colour, bold=bold)
