"""The console's desk on a store: one class a duty, each act and each read in a transaction of its own.

A duty's module is imported when the duty is first asked for something, and what its acts need once somebody acts: it
brings the store's tables, which take as long as all the first reading.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import cached_property
from typing import TYPE_CHECKING

from supervisor.cli import common
from supervisor.cli.desks.room import Room
from supervisor.config import Config

if TYPE_CHECKING:
    from screens.desk import Desk
    from store.engine import Store
    from supervisor.cli.desks.audit import StoreAudit
    from supervisor.cli.desks.calls import StoreCalls
    from supervisor.cli.desks.discipline import StoreDiscipline
    from supervisor.cli.desks.followups import StoreFollowups
    from supervisor.cli.desks.onboarding import StoreOnboarding
    from supervisor.cli.desks.orders import StoreOrders


def open_desk(config: Config, clock: Callable[[], int]) -> Desk:
    """Open the store for the console. Called in a thread: everything slow is imported here."""
    from store.engine import open_store

    return StoreDesk(config, clock, open_store(config.store.url))


class StoreDesk:
    """All duties on one store."""

    def __init__(self, config: Config, clock: Callable[[], int], store: Store) -> None:
        from store import watch

        self._watch = watch
        self._room = Room(config, clock, store, common.who(config))

    @cached_property
    def calls(self) -> StoreCalls:
        from supervisor.cli.desks.calls import StoreCalls

        return StoreCalls(self._room)

    @cached_property
    def followups(self) -> StoreFollowups:
        from supervisor.cli.desks.followups import StoreFollowups

        return StoreFollowups(self._room)

    @cached_property
    def orders(self) -> StoreOrders:
        from supervisor.cli.desks.orders import StoreOrders

        return StoreOrders(self._room)

    @cached_property
    def onboarding(self) -> StoreOnboarding:
        from supervisor.cli.desks.onboarding import StoreOnboarding

        return StoreOnboarding(self._room)

    @cached_property
    def discipline(self) -> StoreDiscipline:
        from supervisor.cli.desks.discipline import StoreDiscipline

        return StoreDiscipline(self._room)

    @cached_property
    def audit(self) -> StoreAudit:
        from supervisor.cli.desks.audit import StoreAudit

        return StoreAudit(self._room)

    def undo(self) -> str | None:
        from supervisor.duties.acting import undo

        with self._room.store.write() as connection:
            said = undo(connection, self._room.doer())
        self.followups.read_all_anew()
        return said

    def changes(self) -> AsyncIterator[None]:
        return self._watch.changes(self._room.store)

    def close(self) -> None:
        self._room.store.close()
