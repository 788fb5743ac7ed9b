"""What every duty of the desk works with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from store.engine import Store
    from supervisor.config import Config
    from supervisor.duties.acting import Doer


class Room(NamedTuple):
    """The configuration, the time (epoch us), the store, and in whose name acts are recorded."""

    config: Config
    clock: Callable[[], int]
    store: Store
    who: str

    def doer(self) -> Doer:
        """Return who acts, and when: now. It brings the store's tables."""
        from supervisor.duties.acting import doer_of

        return doer_of(self.config, self.who, self.clock())
