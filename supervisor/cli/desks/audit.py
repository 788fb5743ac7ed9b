"""The audit at the console's desk: reads and acts of supervisor.duties.audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from store import flag_book, floor
from supervisor.duties.audit.read import read_audit
from supervisor.duties.calls.floor import calendar_of, sources_of
from supervisor.duties.discipline.rounds import over_us, stamp_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from supervisor.cli.desks.room import Room
    from supervisor.duties.acting import Doer
    from supervisor.duties.audit.snapshots import Correction, DayAudit, Link
    from supervisor.duties.calls import SpecialistDay


CALLS_US = 15 * 1_000_000
"""How old what is shown of a day may be while nothing but calls becomes of it."""


class StoreAudit:
    """See screens.desks.audit.AuditDesk."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._seen: tuple[DayAudit, str, tuple[int, ...]] | None = None

    # Reading

    def day(self, day: int | None) -> DayAudit:
        """It is asked for after every commit, and a day of a big floor takes a second: it is read anew where something
        became of it, and while all of that is calls at most every `CALLS_US`."""
        room, now_us = self._room, self._room.clock()
        calendar = calendar_of(room.config.floor)
        today = calendar.today(now_us)
        day = today if day is None else day
        elapsed = calendar.shift_elapsed(now_us, today)
        with room.store.read() as connection:
            known, acts = stamp_of(connection, room.config, day), flag_book.stamp(connection)
            if self._seen is not None:
                audit, before, then = self._seen
                over = now_us >= over_us(connection, room.config, day)
                recent = 0 <= now_us - audit.now_us < CALLS_US
                if (audit.day, audit.over, then) == (day, over, acts) and (before == known or recent):
                    sources = sources_of(floor.source_states(connection), room.config, now_us)
                    return replace(audit, shift_elapsed=elapsed, sources=sources)
            audit = read_audit(connection, room.config, day, now_us)
            audit = replace(audit, shift_elapsed=elapsed, who=room.who)
            self._seen = audit, known, acts
            return audit

    def corrections(self, day: int, item: str) -> tuple[Correction, ...]:
        from supervisor.duties.audit import acts

        room = self._room
        with room.store.read() as connection:
            return acts.ways(connection, room.config, day, item, room.clock())

    def chain(self) -> tuple[Link, ...]:
        from supervisor.duties.audit.seal import chain

        with self._room.store.read() as connection:
            return chain(connection)

    def picture(self, specialist_id: int, day: int) -> SpecialistDay:
        from supervisor.duties import calls

        room = self._room
        with room.store.read() as connection:
            return calls.read_specialist(connection, room.config, f"specialist:{specialist_id}", day, room.clock())

    # Acts

    def _act(self, doing: Callable[[Connection, Doer], str]) -> str:
        room = self._room
        with room.store.write() as connection:
            return doing(connection, room.doer())

    def accept(self, day: int, item: str, why: str) -> str:
        from supervisor.duties.audit import acts

        return self._act(lambda c, doer: acts.accept(c, doer, self._room.config, day, item, why))

    def accept_explained(self, day: int) -> str:
        from supervisor.duties.audit import acts

        return self._act(lambda c, doer: acts.accept_explained(c, doer, self._room.config, day))

    def correct(self, day: int, item: str, code: str, value: str) -> str:
        from supervisor.duties.audit import acts

        return self._act(lambda c, doer: acts.correct(c, doer, self._room.config, day, item, code, value))

    def flag(self, day: int, item: str, note: str) -> str:
        from supervisor.duties.audit import acts

        return self._act(lambda c, doer: acts.flag(c, doer, self._room.config, day, item, note))

    def sign(self, day: int, sentence: str) -> str:
        from supervisor.duties.audit.seal import sign

        return self._act(lambda c, doer: sign(c, doer, self._room.config, day, sentence))
