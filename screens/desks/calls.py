"""Mode 1: calls against quota, and acts on phones. What the console reads and does there: see screens.desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.calls import CommandAnswer, FloorSnapshot, SpecialistDay, SpecialistLine


class CallsDesk(Protocol):
    """Calls against quota, and acts on phones."""

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
        """Return why `action` cannot be done on the phone of `line`, None where it can. It never blocks."""
        ...

    def command(self, line: SpecialistLine, action: str, number: str | None) -> int:
        """Ask the collector for an act on the phone of `line`; return the command's id."""
        ...

    def answer(self, command_id: int) -> CommandAnswer | None:
        """Return what came of a command, None while nothing has."""
        ...
