"""THE table of keys: every binding of the console, with its id, help text and group.

Bindings of screens and widgets, the footer, the help screen and docs/keys.md all come from here. `console.keys` of the
configuration remaps by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from textual.binding import Binding, BindingType


class Key(NamedTuple):
    """One key: `id` is what the configuration remaps, `place` where it holds (console, board, floor, dialog), `help`
    what it does, `short` its word in the footer; `group` orders the help screen."""

    id: str
    key: str
    action: str
    short: str
    help: str
    group: str
    place: str


KEYS: tuple[Key, ...] = (
    Key("quit", "q", "quit", "quit", "leave the console", "console", "console"),
    Key("help", "question_mark", "keys", "keys", "the keys of this place", "console", "floor"),
    Key("palette", "ctrl+p", "command_palette", "commands", "find any command by its name", "console", "console"),
    Key("back", "escape", "back", "back", "one step back, never out", "console", "floor"),
    Key("undo", "u", "undo", "undo", "undo your last act", "console", "floor"),
    Key("up", "up,k", "step(-1)", "up", "row up", "move", "board"),
    Key("down", "down,j", "step(1)", "down", "row down", "move", "board"),
    Key("page-up", "pageup", "page(-1)", "page up", "page up", "move", "board"),
    Key("page-down", "pagedown,space", "page(1)", "page down", "page down", "move", "board"),
    Key("first", "home,g", "end(-1)", "first", "first row", "move", "board"),
    Key("last", "end,G", "end(1)", "last", "last row", "move", "board"),
    Key("open", "enter", "choose", "detail", "open the row's detail", "move", "board"),
    Key("next", "J", "record(1)", "next", "next specialist, the detail stays open", "move", "floor"),
    Key("previous", "K", "record(-1)", "previous", "previous specialist, the detail stays open", "move", "floor"),
    Key("exception", "exclamation_mark", "exception", "exception", "next row that needs you", "move", "floor"),
    Key("focus", "tab", "focus_next", "focus", "move between list and detail", "move", "floor"),
    Key("filter", "slash", "filter", "filter", "keep the rows that have what you type", "list", "floor"),
    Key("team", "t", "team", "team", "show one team", "list", "floor"),
    Key("sort", "s", "sort", "sort", "sort by the next column", "list", "floor"),
    Key("reverse", "S", "reverse", "reverse", "turn the order round", "list", "floor"),
    Key("zoom", "z", "zoom", "zoom", "give the whole screen to what has the focus", "list", "floor"),
    Key("copy", "y", "copy", "copy", "copy the number, or else the row", "list", "floor"),
    Key("export", "E", "export", "export", "write what is shown to a CSV file", "list", "floor"),
    Key("listen", "l", "phone('listen')", "listen", "listen in, unheard", "phone", "floor"),
    Key("whisper", "w", "phone('whisper')", "whisper", "speak to the specialist alone", "phone", "floor"),
    Key("barge", "b", "phone('barge')", "barge", "join the call, heard by both", "phone", "floor"),
    Key("hang-up", "x", "phone('hang_up')", "hang up", "end the call (asks)", "phone", "floor"),
    Key("dial", "d", "phone('dial')", "dial", "have the specialist's phone dial a number", "phone", "floor"),
    Key("adopt", "a", "adopt", "adopt", "say whose phone an unknown identity is", "phone", "floor"),
    Key("choose", "enter", "choose", "choose", "take what is marked", "dialog", "dialog"),
    Key("cancel", "escape", "cancel", "back", "close without doing anything", "dialog", "dialog"),
    Key("choice-up", "up", "step(-1)", "up", "one up", "dialog", "dialog"),
    Key("yes", "enter,y", "yes", "yes", "do it", "dialog", "ask"),
    Key("no", "escape,n", "no", "no", "leave it", "dialog", "ask"),
    Key("close", "escape,question_mark,q,enter", "close", "close", "close the help", "dialog", "help"),
    Key("choice-down", "down", "step(1)", "down", "one down", "dialog", "dialog"),
)

BY_ID = {key.id: key for key in KEYS}

GROUPS = {
    "move": "Moving about",
    "list": "The list",
    "phone": "Phones",
    "console": "The console",
    "dialog": "A question",
}
"""What the groups are called on the help screen and in docs/keys.md."""

_CYRILLIC = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))


def on_cyrillic(key: str) -> str:
    """Return `key` and the letter that its cap gives on a Cyrillic layout, as Textual takes them ("q" -> "q,й")."""
    keys: list[str] = []
    for one in key.split(","):
        keys.append(one)
        if len(one) == 1 and (letter := _CYRILLIC.get(one.lower())):
            keys.append(letter if one.islower() else letter.upper())
    return ",".join(keys)


def bindings(place: str) -> list[BindingType]:
    """Return the bindings of a place for a widget's BINDINGS."""
    return [Binding(on_cyrillic(k.key), k.action, k.short, id=k.id, tooltip=k.help) for k in KEYS if k.place == place]


_NAMES = {
    "question_mark": "?", "exclamation_mark": "!", "slash": "/", "escape": "esc", "pageup": "pgup", "pagedown": "pgdn",
}  # fmt: skip


def shown(key: Key, remapped: Mapping[str, str]) -> str:
    """Return the key as a person knows it, after the configuration's remapping: "/", "esc", "ctrl+p"."""
    first, *more = remapped.get(key.id, key.key).split(",")
    names = [_NAMES.get(one, one) for one in (first, *more)]
    return " ".join(names)


def keymap(remapped: Mapping[str, str]) -> dict[str, str]:
    """Return `console.keys` as Textual's keymap. ValueError names an unknown id, or two ids of one place on one key."""
    for name in remapped:
        if name not in BY_ID:
            raise ValueError(f"console.keys: no binding is called {name!r}; docs/keys.md lists them")
    for place in {key.place for key in KEYS}:
        _no_clash(place, remapped)
    return {name: on_cyrillic(key) for name, key in remapped.items()}


def _no_clash(place: str, remapped: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for key in _of(place):
        for one in remapped.get(key.id, key.key).split(","):
            if one in taken:
                raise ValueError(f"console.keys: {key.id!r} and {taken[one]!r} are both on {one!r}")
            taken[one] = key.id


def _of(place: str) -> Iterable[Key]:
    return (key for key in KEYS if key.place == place)
