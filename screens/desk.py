"""What the console reads and does: snapshots in, acts out. It works in threads; screens know only this interface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.calls import CommandAnswer, FloorSnapshot, SpecialistDay, SpecialistLine


class Desk(Protocol):
    """Reads of the store and acts on it. Every method may block and is called in a thread; errors are for people."""

    def floor(self) -> FloorSnapshot:
        """Return the floor as it is now."""
        ...

    def specialist(self, key: str) -> SpecialistDay:
        """Return the day of the specialist whose row of the floor has `key`."""
        ...

    def names(self) -> list[str]:
        """Return the names of all specialists, for adopting a phone."""
        ...

    def adopt(self, identity_ids: tuple[int, ...], name: str) -> str:
        """Give unknown phones to the specialist `name`, made where there is none; return what was done, in words."""
        ...

    def refusal(self, line: SpecialistLine, action: str) -> str | None:
        """Return why `action` cannot be done on the phone of `line`, None where it can. The one method that never
        blocks."""
        ...

    def command(self, line: SpecialistLine, action: str, number: str | None) -> int:
        """Ask the collector for an act on the phone of `line`; return the command's id."""
        ...

    def answer(self, command_id: int) -> CommandAnswer | None:
        """Return what came of a command, None while nothing has."""
        ...

    def undo(self) -> str | None:
        """Undo this person's last act that can be undone; return it in words, None where there is none."""
        ...

    def changes(self) -> AsyncIterator[None]:
        """Yield after each burst of commits."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...
