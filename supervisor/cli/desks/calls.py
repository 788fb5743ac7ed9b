"""Calls against quota at the console's desk: reads and acts of supervisor.duties.calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import floor as rows
from supervisor.calendar import Calendar
from supervisor.duties import calls
from supervisor.text import alphabetical

if TYPE_CHECKING:
    from supervisor.cli.desks.room import Room
    from supervisor.duties.calls import CommandAnswer, FloorSnapshot, SpecialistDay, SpecialistLine


class StoreCalls:
    """See screens.desks.calls.CallsDesk."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._calendar = Calendar(room.config.floor)

    def floor(self) -> FloorSnapshot:
        room = self._room
        with room.store.read() as connection:
            return calls.read_floor(connection, room.config, room.clock())

    def specialist(self, key: str) -> SpecialistDay:
        room = self._room
        now_us = room.clock()
        with room.store.read() as connection:
            return calls.read_specialist(connection, room.config, key, None, now_us)

    def names(self) -> list[str]:
        with self._room.store.read() as connection:
            return sorted((person.name for person in rows.people(connection, 0)), key=alphabetical)

    def adopt(self, identity_ids: tuple[int, ...], name: str) -> str:
        from supervisor.duties.calls import acts

        room = self._room
        now_us = room.clock()
        today = self._calendar.today(now_us)
        with room.store.write() as connection:
            return acts.adopt(connection, identity_ids, name, room.who, today, now_us)

    def refusal(self, line: SpecialistLine, action: str) -> str | None:
        return calls.refusal(line, action, "asked later", self._room.config.console.my_phone)

    def command(self, line: SpecialistLine, action: str, number: str | None) -> int:
        from supervisor.duties.calls import acts

        room = self._room
        with room.store.write() as connection:
            return acts.command(connection, room.config, line, action, number, room.who, room.clock())

    def answer(self, command_id: int) -> CommandAnswer | None:
        from supervisor.duties.calls import acts

        with self._room.store.read() as connection:
            return acts.answer(connection, command_id, self._room.clock())
