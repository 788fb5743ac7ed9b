"""One message of the Asterisk manager interface, read from bytes.

Header names repeat and are sometimes dynamic; a caller's name can carry whole forged messages. Hence two rules: what a
message is, its *first* header decides, and where a name repeats, its first value counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Kind = Literal["event", "response", "other"]


class Message:
    """Headers in the order they came. `kind` is "other" where the first header is neither Event nor Response: such a
    message was not made by Asterisk's own code, or was cut."""

    __slots__ = ("_first", "items", "kind")

    kind: Kind

    def __init__(self, items: Sequence[tuple[str, str]]) -> None:
        self.items = tuple(items)
        self._first: dict[str, str] = {}
        for key, value in self.items:
            self._first.setdefault(key.lower(), value)
        opening = self.items[0][0].lower() if self.items else ""
        self.kind = "event" if opening == "event" else "response" if opening == "response" else "other"

    def get(self, key: str, default: str = "") -> str:
        """Return the first value of `key`, whatever its case."""
        return self._first.get(key.lower(), default)

    def all(self, key: str) -> list[str]:
        """Return every value of `key`, in order."""
        wanted = key.lower()
        return [value for name, value in self.items if name.lower() == wanted]

    @property
    def event(self) -> str:
        """The event's name; empty for everything that is not an event."""
        return self.items[0][1] if self.kind == "event" else ""

    def __repr__(self) -> str:
        opening = ": ".join(self.items[0]) if self.items else "empty"
        return f"<Message {opening[:60]!r}, {len(self.items)} headers>"


def parse(raw: bytes) -> Message:
    """Return the message in `raw`, with or without the empty line that ends it.

    Bytes that are not UTF-8 become U+FFFD, NUL is dropped; a line without a colon is kept under an empty name: it
    can never be taken for a header.
    """
    items = []
    for line in raw.replace(b"\0", b"").decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            items.append((name.strip(" \t"), value.strip(" \t")))
        elif line:
            items.append(("", line))
    return Message(items)


def microseconds(stamp: str) -> int | None:
    """Return an AMI Timestamp (seconds with six decimals) in microseconds; None where it is not one."""
    seconds, _, fraction = stamp.partition(".")
    if not (seconds.isascii() and seconds.isdigit()) or not (fraction or "0").isdigit():
        return None
    return int(seconds) * 1_000_000 + int(f"{fraction:0<6}"[:6])
