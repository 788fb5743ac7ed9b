"""A floor made by hand, and a desk that hands it out: no store, no clock, no telephony."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from integrations.provider import State
from screens.floor.present import Limits
from supervisor.duties.calls import (
    CommandAnswer,
    DayCall,
    FloorSnapshot,
    HourCount,
    Quota,
    SourceHealth,
    SpecialistDay,
    SpecialistLine,
    StateSpan,
    Totals,
)
from supervisor.duties.calls.acts import refusal
from supervisor.settings import QuotaSettings
from tests.screens.handmade_audit import HandmadeAudit
from tests.screens.handmade_discipline import HandmadeDiscipline
from tests.screens.handmade_followups import HandmadeFollowups
from tests.screens.handmade_onboarding import HandmadeOnboarding

MINUTE = 60_000_000
NOW = 1_795_440_720_000_000  # Mon 23 Nov 2026 14:32 in Berlin
BEGIN = NOW - 5 * 60 * MINUTE - 32 * MINUTE  # 09:00
SHIFT = ((BEGIN, BEGIN + 180 * MINUTE), (BEGIN + 240 * MINUTE, BEGIN + 540 * MINUTE))
ACTIONS = frozenset({"listen", "whisper", "barge", "hang_up", "dial"})
QUOTA = Quota(80, 15, 60)


def line(
    name: str, team: str = "North", state: State = State.IDLE, minutes: float = 1, dials: int = 50, **more: Any
) -> SpecialistLine:
    """One row; `minutes` is how long the state lasts already."""
    values: dict[str, Any] = {
        "key": name, "specialist_id": 1, "identity_ids": (1,), "name": name, "team": team, "state": state,
        "state_since_us": NOW - int(minutes * MINUTE), "with_whom": None, "reason": None, "dials": dials, "connected":
        dials // 3,
        "effective": dials // 7, "talk_ms": dials * 70_000, "quota": QUOTA, "pace": dials / (80 * 0.61),
        "effective_pace": (dials // 7) / (15 * 0.61),
        "last_call_us": NOW - int(minutes * MINUTE), "attendance": "present", "source": "pbx", "agent": "1001",
        "group_id": None, "actions": ACTIONS,
    }  # fmt: skip
    return SpecialistLine(**(values | more))


PEOPLE = (
    line(
        "Chiara Rossi",
        state=State.TALKING,
        minutes=3.2,
        dials=64,
        effective=11,
        effective_pace=1.2,
        with_whom="+4930901820",
        agent="1001",
    ),
    line(
        "Greta Lind",
        state=State.RINGING,
        minutes=0.13,
        dials=47,
        effective=9,
        effective_pace=0.98,
        with_whom="+37255512345",
        agent="1002",
    ),
    line("Hugo Marin", state=State.IDLE, minutes=22.66, dials=12, agent="1003"),
    line("Ivo Tamm", "South", State.WRAP_UP, 0.4, 53, effective=10, effective_pace=1.09, agent="1004"),
    line(
        "Lena Ott",
        "South",
        State.TALKING,
        12.5,
        71,
        effective=14,
        effective_pace=1.5,
        with_whom="+498912345678",
        agent="1005",
    ),
    line(
        "Maximiliane von Hohenstein-Waldburg",
        "South",
        State.IDLE,
        11.2,
        55,
        effective=10,
        effective_pace=1.09,
        agent="1006",
    ),
    line(
        "李明", "East", State.HELD, 1.1, 58, effective=12, effective_pace=1.3, with_whom="+8613812345678", agent="1007"
    ),
    line("Nora 🚀 Berg", "East", State.PAUSED, 8, 52, effective=10, effective_pace=1.09, reason="lunch", agent="1008"),
    line(
        "Otto Kask",
        "East",
        State.OFFLINE,
        300,
        0,
        quota=Quota(0, 0, 0),
        pace=None,
        effective_pace=None,
        attendance="sick",
        last_call_us=None,
    ),
    line("Pia Sand", "East", State.IDLE, 0.9, 60, effective=12, effective_pace=1.3, agent="1010"),
    line(
        "pbx:1019",
        "",
        State.TALKING,
        2,
        7,
        specialist_id=None,
        quota=Quota(0, 0, 0),
        pace=None,
        effective_pace=None,
        agent="1019",
        with_whom="+49401234",
    ),
)
SOURCES = (
    SourceHealth("pbx", "up", None, 0.2, ""),
    SourceHealth("cdr", "stale", None, 240, ""),
    SourceHealth("crm", "down", NOW - 34 * MINUTE, None, "connection refused"),
)
TOTALS = Totals(612, 205, 94, 33_120_000, Quota(960, 180, 720), 1.04, 0.86, 1003, 154, 54_300_000, 4, 10)
FLOOR = FloorSnapshot(
    20261123, NOW, "Nordlicht", "Europe/Berlin", 0.61, SOURCES, TOTALS, PEOPLE, ("North", "South", "East"), SHIFT
)

LIMITS = Limits(QuotaSettings())


class HandmadeDesk:
    """Hands out `snapshot`, remembers what was asked of it, and wakes the screen when told to."""

    def __init__(self, snapshot: FloorSnapshot = FLOOR) -> None:
        self.snapshot = snapshot
        self.asked: list[tuple[Any, ...]] = []
        self.failure: Exception | None = None
        self.answers: CommandAnswer | None = CommandAnswer(True, "the phone rings")
        self.reads = 0
        self._changed = asyncio.Event()
        self.followups = HandmadeFollowups(self.asked)
        self.discipline = HandmadeDiscipline(self.asked)
        self.onboarding = HandmadeOnboarding(self.asked)
        self.audit = HandmadeAudit(self.asked, day)

    @property
    def calls(self) -> HandmadeDesk:
        return self

    def floor(self) -> FloorSnapshot:
        self.reads += 1
        if self.failure:
            raise self.failure
        return self.snapshot

    def specialist(self, key: str) -> SpecialistDay:
        return day(key)

    def names(self) -> list[str]:
        return [line.name for line in self.snapshot.specialists if line.specialist_id is not None]

    def adopt(self, identity_ids: tuple[int, ...], name: str) -> str:
        self.asked.append(("adopt", identity_ids, name))
        return f"pbx:1019 is the phone of {name} now"

    def refusal(self, line: SpecialistLine, action: str) -> str | None:
        return refusal(line, action, "asked later", "900")

    def command(self, line: SpecialistLine, action: str, number: str | None) -> int:
        self.asked.append((action, line.key, number))
        return len(self.asked)

    def answer(self, command_id: int) -> CommandAnswer | None:
        return self.answers

    def undo(self) -> str | None:
        self.asked.append(("undo",))
        if self.discipline.undoing:
            return self.discipline.undoing.pop()()
        if self.onboarding.undoing:
            return self.onboarding.undoing.pop()()
        if self.audit.undoing:
            return self.audit.undoing.pop()()
        return "adopting pbx:1019 is undone"

    async def changes(self) -> AsyncIterator[None]:
        while True:
            await self._changed.wait()
            self._changed.clear()
            yield

    def close(self) -> None:
        self.asked.append(("close",))

    def change(self, key: str, **values: Any) -> None:
        """Change one row and tell the screen."""
        people = tuple(replace(one, **values) if one.key == key else one for one in self.snapshot.specialists)
        self.put(replace(self.snapshot, specialists=people))

    def put(self, snapshot: FloorSnapshot) -> None:
        """Hand out another snapshot from now on, and tell the screen."""
        self.snapshot = snapshot
        self._changed.set()


def day(key: str) -> SpecialistDay:
    """A specialist's day: nine to now, a call every quarter of an hour."""
    begin = BEGIN
    calls = tuple(
        DayCall(
            f"{key}/{n}", at := begin + n * 15 * MINUTE, at + 5_000_000, at + 3 * MINUTE, "outbound",
            f"+4930{901820 + n}",
            "answered" if n % 3 == 0 else "no_answer", n * 20_000 if n % 3 == 0 else None, False, n % 3 == 0 and n > 2,
        )
        for n in range(22)
    )  # fmt: skip
    cycle = (State.IDLE, State.RINGING, State.TALKING, State.WRAP_UP, State.PAUSED)
    states = tuple(
        StateSpan(begin + n * 7 * MINUTE, min(begin + (n + 1) * 7 * MINUTE, NOW), cycle[n % 5], None) for n in range(48)
    )
    counts = zip((4, 9, 7, 0, 6, 2, 0, 0, 0), (1, 3, 2, 0, 2, 0, 0, 0, 0), strict=True)
    hours = tuple(HourCount(9 + n, dials, effective, effective + 1) for n, (dials, effective) in enumerate(counts))
    return SpecialistDay(key, key, 20261123, calls, hours, states, SHIFT)
