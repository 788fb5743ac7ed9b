"""What the console reads and does: snapshots in, acts out. It works in threads; screens know only these interfaces.

One small protocol a duty, put together in `Desk`. Every method may block and is called in a thread, unless it says
otherwise; errors are for people.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from screens.desks.audit import AuditDesk
    from screens.desks.calls import CallsDesk
    from screens.desks.discipline import DisciplineDesk
    from screens.desks.followups import FollowupsDesk
    from screens.desks.onboarding import OnboardingDesk
    from screens.desks.orders import OrdersDesk


class Desk(Protocol):
    """All duties, and what they share."""

    @property
    def calls(self) -> CallsDesk:
        """Mode 1."""
        ...

    @property
    def followups(self) -> FollowupsDesk:
        """Mode 2."""
        ...

    @property
    def orders(self) -> OrdersDesk:
        """Mode 3."""
        ...

    @property
    def onboarding(self) -> OnboardingDesk:
        """Mode 4."""
        ...

    @property
    def discipline(self) -> DisciplineDesk:
        """Mode 5."""
        ...

    @property
    def audit(self) -> AuditDesk:
        """Mode 8."""
        ...

    def undo(self) -> str | None:
        """Undo this person's last act that can be undone, of whatever duty; return it in words, None where there is
        none."""
        ...

    def changes(self) -> AsyncIterator[None]:
        """Yield after each burst of commits."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...
