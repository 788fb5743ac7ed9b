"""Events that a caller's name cut in two, put together again, and what was forged in between dropped.

A CRLF in a name ends the event it stands in; what follows in the name reads as events of their own, and the rest of
the real event begins in mid-air, with neither Event nor Response. So between a piece without its end and that rest
nothing is believed, and the two together are the event that Asterisk wrote.
"""

from __future__ import annotations

from integrations.asterisk.message import Message

PATIENCE = 32
"""Messages between the pieces of one event. A name has a few hundred bytes; more than this is not a name."""


class Mender:
    """Holds at most one piece of an event, until its rest comes."""

    def __init__(self) -> None:
        self._piece: Message | None = None
        self._waited = 0

    def feed(self, message: Message) -> Message | None:
        """Return the event to believe, if `message` is or completes one."""
        if message.kind == "other":
            if self._piece is None:
                return None
            message = Message(self._piece.items + message.items)
        elif message.kind != "event":
            return None
        elif self._piece is not None and self._waited < PATIENCE:
            self._waited += 1
            return None
        self._piece = message if is_cut(message) else None
        self._waited = 0
        return message if self._piece is None and written_by_asterisk(message) else None


def written_by_asterisk(event: Message) -> bool:
    """Whether it has what every event of a running system has second: the privilege it is told under."""
    return len(event.items) > 1 and event.items[1][0] == "Privilege"


def is_cut(event: Message) -> bool:
    """Whether the end is missing: each description of a channel in an event ends in its Linkedid."""
    if event.event == "CEL":
        return not event.get("LinkedID")
    return any(
        not event.get(f"{name[: -len('ChannelState')]}Linkedid")
        for name, _ in event.items
        if name.endswith("ChannelState")
    )
