"""Follow-ups at the console's desk: reads and acts of supervisor.duties.followups."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from store import floor as floor_rows
from store import queue
from supervisor import dates
from supervisor.duties import calls
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.followups import read
from supervisor.text import alphabetical

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from supervisor.cli.desks.room import Room
    from supervisor.duties.acting import Doer
    from supervisor.duties.followups.snapshots import (
        DoublesLine,
        FollowupsPanel,
        FollowupsSnapshot,
        InboxLine,
        QueueLine,
        Story,
    )
    from supervisor.duties.followups.window import Window

SLOW_US = 300 * 1_000_000
"""How old figures may be that take long to read."""


class StoreFollowups:
    """See screens.desks.followups.FollowupsDesk."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._slow: read.SlowFigures | None = None
        self._slow_us = 0
        self._panel: tuple[tuple[int, ...], FollowupsPanel] | None = None
        self._days: dict[int, list[queue.EffortRow]] = {}
        self._reading = threading.Lock()

    # Reading

    def followups(self) -> FollowupsSnapshot:
        room, now_us = self._room, self._room.clock()
        with self._reading:
            slow = self._slow
            if slow is None or now_us - self._slow_us > SLOW_US:
                slow = self._slow = read.read_slow(room.store.read, room.config, now_us, self._days)
                self._slow_us = now_us
        with room.store.read() as connection:
            return replace(read.read_followups(connection, room.config, now_us, slow), who=room.who)

    def panel(self) -> FollowupsPanel:
        """It is asked for after every commit, most of which are calls that are no contact: then nothing is read."""
        room, now_us = self._room, self._room.clock()
        with room.store.read() as connection:
            stamp = (*queue.stamp(connection), calendar_of(room.config.floor).today(now_us))
            if self._panel is None or self._panel[0] != stamp:
                self._panel = stamp, replace(read.read_panel(connection, room.config, now_us), who=room.who)
            return self._panel[1]

    def story(self, customer_id: int) -> Story:
        from supervisor.duties.followups.story import read_story

        with self._room.store.read() as connection:
            return read_story(connection, self._room.config, customer_id, self._room.clock())

    def inbox(self) -> list[InboxLine]:
        with self._room.store.read() as connection:
            return read.read_inbox(connection)

    def doubles(self) -> list[DoublesLine]:
        with self._room.store.read() as connection:
            return read.read_doubles(connection, self._room.config, self._room.clock())

    def find(self, text: str) -> list[QueueLine]:
        with self._room.store.read() as connection:
            return read.find(connection, self._room.config, text, self._room.clock())

    def specialists(self) -> list[tuple[int, str, str]]:
        room = self._room
        today = calendar_of(room.config.floor).today(room.clock())
        with room.store.read() as connection:
            people = floor_rows.people(connection, today)
        here = [one for one in people if one.left is None or one.left >= today]
        return [(p.specialist_id, p.name, p.team or "") for p in sorted(here, key=lambda one: alphabetical(one.name))]

    def day(self, text: str) -> int:
        return dates.day_in_words(text, calendar_of(self._room.config.floor).today(self._room.clock()))

    # Acts

    def _act(self, doing: Callable[[Connection, Doer], str]) -> str:
        room = self._room
        with room.store.write() as connection:
            said = doing(connection, room.doer())
        self.read_all_anew()
        return said

    def read_all_anew(self) -> None:
        """Have figures that take long read with the next reading: an act, or its undoing, may have settled a double."""
        self._slow = None

    def log_contact(self, customer_id: int, channel: str, outcome: str, note: str, specialist_id: int | None) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.log_contact(c, doer, customer_id, channel, outcome, note, specialist_id))

    def accept(self, entry_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.accept(c, doer, entry_id))

    def plan(self, customer_id: int, day: int | None, what_for: str) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.plan(c, doer, customer_id, day, what_for))

    def do_not_call(self, customer_id: int, why: str) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.do_not_call(c, doer, customer_id, why))

    def may_call(self, customer_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.may_call(c, doer, customer_id))

    def hand_over(self, customer_id: int, specialist_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(
            lambda c, doer: acts.hand_over(c, doer, customer_id, specialist_id, _span(self._window(c)))
        )  # fmt: skip

    def take_over(self, customer_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.take_over(c, doer, customer_id, _span(self._window(c))))

    def park(self, customer_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.park(c, doer, customer_id, self._window(c).last))

    def reopen(self, customer_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.reopen(c, doer, customer_id))

    def dial(self, customer_id: int) -> int:
        from supervisor.duties.calls import acts
        from supervisor.duties.calls.refusals import RefusedError

        room, now_us = self._room, self._room.clock()
        with room.store.write() as connection:
            customer = queue.customers(connection, [customer_id]).get(customer_id)
            if customer is None or not customer.number:
                raise RefusedError("there is no number to dial")
            if not customer.live:
                raise RefusedError(f"{customer.company} is not to be called")
            floor = calls.read_floor(connection, room.config, now_us)
            lines = [line for line in floor.specialists if line.specialist_id == customer.owner_id]
            if customer.owner_id is None or not lines:
                raise RefusedError(f"{customer.company} has no owner with a phone here; o gives it one")
            return acts.command(connection, room.config, lines[0], "dial", customer.number, room.who, now_us)

    def assign_call(self, source_id: int, group_id: str, customer_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.assign_call(c, doer, source_id, group_id, customer_id))

    def give_number(self, number: str, customer_id: int) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.give_number(c, doer, number, customer_id))

    def new_customer(self, number: str, company: str) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.new_customer(c, doer, number, company, None))

    def no_customer(self, number: str) -> str:
        from supervisor.duties.followups import acts

        return self._act(lambda c, doer: acts.no_customer(c, doer, number))

    def merge(self, customer_id: int, into_id: int) -> str:
        from supervisor.duties.followups import customers

        return self._act(lambda c, doer: customers.merge(c, doer, customer_id, into_id))

    def distinct(self, one_id: int, other_id: int) -> str:
        from supervisor.duties.followups import customers

        return self._act(lambda c, doer: customers.distinct(c, doer, one_id, other_id))

    def _window(self, connection: Connection) -> Window:
        return read.window_now(queue.histogram(connection), self._room.config.followups)


def _span(window: Window) -> int:
    """For how many further contacts somebody is decided on: as many as the window has."""
    return window.last - window.first + 1
