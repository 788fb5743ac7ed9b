"""What is owed after a payment at the console's desk: reads and acts of supervisor.duties.onboarding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from store import onboarding_book as book
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.onboarding import enquiries, read

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from supervisor.cli.desks.room import Room
    from supervisor.duties.acting import Doer
    from supervisor.duties.onboarding.snapshots import (
        EnquiriesSnapshot,
        OnboardingFile,
        OnboardingPanel,
        OnboardingSnapshot,
    )

PANEL_US = 60 * 1_000_000
"""How old the panel may be while nobody does anything: what is due becomes overdue."""


class StoreOnboarding:
    """See screens.desks.onboarding.OnboardingDesk."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._panel: tuple[tuple[int, int], OnboardingPanel] | None = None

    # Reading

    def onboarding(self) -> OnboardingSnapshot:
        room = self._room
        with room.store.read() as connection:
            return replace(read.read_onboarding(connection, room.config, room.clock()), who=room.who)

    def panel(self) -> OnboardingPanel:
        """It is asked for after every commit, most of which are calls: then nothing is read."""
        room, now_us = self._room, self._room.clock()
        with room.store.read() as connection:
            stamp = book.stamp(connection), now_us // PANEL_US
            if self._panel is None or self._panel[0] != stamp:
                self._panel = stamp, read.read_panel(connection, room.config, now_us)
            return self._panel[1]

    def file(self, onboarding_id: int) -> OnboardingFile:
        room = self._room
        with room.store.read() as connection:
            return read.read_file(connection, room.config, onboarding_id, room.clock())

    def holders(self, role: str) -> list[str]:
        room = self._room
        today = calendar_of(room.config.floor).today(room.clock())
        with room.store.read() as connection:
            return read.holders(connection, room.config, today, role)

    def enquiries(self) -> EnquiriesSnapshot:
        room = self._room
        with room.store.read() as connection:
            return enquiries.read_enquiries(connection, room.config, room.clock())

    # Acts

    def _act(self, doing: Callable[[Connection, Doer], str]) -> str:
        room = self._room
        with room.store.write() as connection:
            return doing(connection, room.doer())

    def pay(self, customer_id: int, amount: str, package: str) -> str:
        from supervisor.duties.onboarding.payments import record

        config = self._room.config
        return self._act(lambda c, doer: record(c, doer, config, customer_id, amount, doer.today, package))

    def done(self, step_id: int, seen: int) -> str:
        from supervisor.duties.onboarding import acts

        return self._act(lambda c, doer: acts.done(c, doer, self._room.config, step_id, seen))

    def send_back(self, step_id: int, seen: int, to: str, reason: str) -> str:
        from supervisor.duties.onboarding import acts

        return self._act(lambda c, doer: acts.send_back(c, doer, self._room.config, step_id, seen, to, reason))

    def reassign(self, step_id: int, seen: int, holder: str) -> str:
        from supervisor.duties.onboarding import acts

        return self._act(lambda c, doer: acts.reassign(c, doer, self._room.config, step_id, seen, holder))

    def prod(self, step_id: int, note: str) -> str:
        from supervisor.duties.onboarding import acts

        return self._act(lambda c, doer: acts.prod(c, doer, step_id, note))

    def stop(self, onboarding_id: int, seen: int, why: str) -> str:
        from supervisor.duties.onboarding import acts

        return self._act(lambda c, doer: acts.stop(c, doer, onboarding_id, seen, why))

    def add_enquiry(self, company: str, number: str, channel: str, note: str, assistant: str) -> str:
        from supervisor.duties.onboarding import enquiry_acts

        country = self._room.config.floor.country
        return self._act(
            lambda c, doer: enquiry_acts.add(c, doer, company, number, channel, note, assistant, country=country)
        )

    def answer_enquiry(self, enquiry_id: int, seen: int, assistant: str) -> str:
        from supervisor.duties.onboarding import enquiry_acts

        return self._act(lambda c, doer: enquiry_acts.answer(c, doer, enquiry_id, seen, assistant))

    def hand_enquiry(self, enquiry_id: int, seen: int, specialist_id: int) -> str:
        from supervisor.duties.onboarding import enquiry_acts

        config = self._room.config
        return self._act(lambda c, doer: enquiry_acts.hand(c, doer, config, enquiry_id, seen, specialist_id))
