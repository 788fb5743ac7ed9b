"""Mode 8: the audit. What the console reads and does there: see screens.desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import Correction, DayAudit, Link
    from supervisor.duties.calls import SpecialistDay


class AuditDesk(Protocol):
    """The audit of a day. Acts return in words what was done; refused ones raise, saying why."""

    def day(self, day: int | None) -> DayAudit:
        """Return the audit of a day (None: today) as it is now."""
        ...

    def accept(self, day: int, item: str, why: str) -> str:
        """Accept a discrepancy as it is."""
        ...

    def accept_explained(self, day: int) -> str:
        """Accept all open discrepancies of a day for which an explanation is known."""
        ...

    def corrections(self, day: int, item: str) -> tuple[Correction, ...]:
        """Return the ways in which a discrepancy can be corrected, the likeliest first."""
        ...

    def correct(self, day: int, item: str, code: str, value: str) -> str:
        """Correct a discrepancy in the way `code`, with what it needs to be told."""
        ...

    def flag(self, day: int, item: str, note: str) -> str:
        """Make a discrepancy a flag of its specialist."""
        ...

    def sign(self, day: int, sentence: str) -> str:
        """Sign a day that is over: it is sealed."""
        ...

    def chain(self) -> tuple[Link, ...]:
        """Return all seals, oldest first, each proved anew."""
        ...

    def picture(self, specialist_id: int, day: int) -> SpecialistDay:
        """Return a specialist's day in detail: calls, states, shift. LookupError where there is none."""
        ...
