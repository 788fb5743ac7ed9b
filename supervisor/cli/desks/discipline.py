"""Discipline at the console's desk: reads and acts of supervisor.duties.discipline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from store import flag_book
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline import read

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from supervisor.cli.desks.room import Room
    from supervisor.duties.acting import Doer
    from supervisor.duties.discipline.snapshots import (
        AttendanceTable,
        DisciplineSnapshot,
        FlagFile,
        FlagsPanel,
        MoneySnapshot,
        MoraleSnapshot,
        PersonPage,
        TalkLine,
        Threshold,
        TryOut,
    )

MINUTE_US = 60 * 1_000_000
"""How old words may be: what is judged as it happens grows by minutes, and leaves no trace by each."""


class Stamp(NamedTuple):
    """While it stays, so do flags: the last that became of one, the last act of a person, the day, the minute."""

    event: int
    act: int
    today: int
    minute: int


class StoreDiscipline:
    """See screens.desks.discipline.DisciplineDesk."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._panel: tuple[Stamp, FlagsPanel] | None = None
        self._lists: tuple[Stamp, read.Lists] | None = None

    # Reading

    def discipline(self) -> DisciplineSnapshot:
        """Its lists are as long as a month; they are read when something became of a flag."""
        room, now_us = self._room, self._room.clock()
        with room.store.read() as connection:
            stamp = self._stamp(connection, now_us)
            if self._lists is None or self._lists[0] != stamp:
                self._lists = stamp, read.read_lists(connection, room.config, stamp.today)
            found = read.read_discipline(connection, room.config, now_us, self._lists[1])
        return replace(found, who=room.who)

    def panel(self) -> FlagsPanel:
        """It is asked for after every commit, of which most are calls that are no flag: then nothing is read."""
        room, now_us = self._room, self._room.clock()
        with room.store.read() as connection:
            stamp = self._stamp(connection, now_us)
            if self._panel is None or self._panel[0] != stamp:
                self._panel = stamp, read.read_panel(connection, room.config, now_us)
            return self._panel[1]

    def _stamp(self, connection: Connection, now_us: int) -> Stamp:
        today = calendar_of(self._room.config.floor).today(now_us)
        return Stamp(*flag_book.stamp(connection), today, now_us // MINUTE_US)

    def flag(self, flag_id: int) -> FlagFile:
        room = self._room
        with room.store.read() as connection:
            return read.read_flag(connection, room.config, flag_id, room.clock())

    def page(self, specialist_id: int) -> PersonPage:
        from supervisor.duties.discipline.page import read_page

        room = self._room
        with room.store.read() as connection:
            return read_page(connection, room.config, specialist_id, room.clock())

    def money(self, month: int | None) -> MoneySnapshot:
        from supervisor.duties.discipline.fines import read_money

        room = self._room
        with room.store.read() as connection:
            return read_money(connection, room.config, month, room.clock())

    def thresholds(self) -> tuple[Threshold, ...]:
        from supervisor.duties.discipline.tryout import thresholds

        return thresholds(self._room.config)

    def try_out(self, key: str, value: float) -> TryOut:
        from supervisor.duties.discipline.tryout import try_out

        room = self._room
        return try_out(room.store.read, room.config, key, value, room.clock())

    def attendance(self, day: int | None) -> AttendanceTable:
        from supervisor.duties.discipline.attendance import read_attendance

        room, now_us = self._room, self._room.clock()
        day = calendar_of(room.config.floor).today(now_us) if day is None else day
        with room.store.read() as connection:
            return read_attendance(connection, room.config, day, now_us)

    def morale(self) -> MoraleSnapshot:
        from supervisor.duties.discipline.morale import read_morale

        room = self._room
        with room.store.read() as connection:
            return read_morale(connection, room.config, room.clock())

    def talks(self, specialist_id: int) -> tuple[TalkLine, ...]:
        from supervisor.duties.discipline.talks import read_talks

        room = self._room
        with room.store.read() as connection:
            return read_talks(connection, room.config, specialist_id)

    # Acts

    def _act(self, doing: Callable[[Connection, Doer], str]) -> str:
        room = self._room
        with room.store.write() as connection:
            return doing(connection, room.doer())

    def raise_by_hand(self, specialist_id: int, rule: str, note: str) -> str:
        from supervisor.duties.discipline import acts

        return self._act(lambda c, doer: acts.raise_by_hand(c, doer, self._room.config, specialist_id, rule, note))

    def reply(self, flag_id: int, seen: int, text: str) -> str:
        from supervisor.duties.discipline import acts

        return self._act(lambda c, doer: acts.reply(c, doer, flag_id, seen, text))

    def decide(self, flag_id: int, seen: int, decision: str, why: str) -> str:
        from supervisor.duties.discipline import acts

        return self._act(lambda c, doer: acts.decide(c, doer, self._room.config, flag_id, seen, decision, why))

    def fine(self, flag_id: int, seen: int, amount: str, why: str, typed: str) -> str:
        from supervisor.duties.discipline import acts

        return self._act(lambda c, doer: acts.fine(c, doer, self._room.config, flag_id, seen, amount, why, typed))

    def reward(self, flag_id: int, seen: int, amount: str, why: str) -> str:
        from supervisor.duties.discipline import acts

        return self._act(lambda c, doer: acts.reward(c, doer, self._room.config, flag_id, seen, amount, why))

    def fine_month(self, specialist_id: int, month: int, amount: str, why: str, typed: str) -> str:
        from supervisor.duties.discipline import acts

        config = self._room.config
        return self._act(lambda c, doer: acts.fine_month(c, doer, config, specialist_id, month, amount, why, typed))

    def give_reward(self, specialist_id: int, amount: str, why: str) -> str:
        from supervisor.duties.discipline import acts

        return self._act(lambda c, doer: acts.give_reward(c, doer, self._room.config, specialist_id, amount, why))

    def attend(self, specialist_id: int, day: int, status: str, start: int | None, end: int | None) -> str:
        from supervisor.duties.discipline.attendance import attend

        config = self._room.config
        return self._act(lambda c, doer: attend(c, doer, config, specialist_id, day, status, start, end))

    def log_talk(self, specialist_id: int, kind: str, note: str) -> str:
        from supervisor.duties.discipline.talks import log_talk

        return self._act(lambda c, doer: log_talk(c, doer, self._room.config, specialist_id, kind, note))
