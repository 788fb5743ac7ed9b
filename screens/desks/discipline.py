"""Mode 5: discipline. What the console reads and does there: see screens.desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
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


class DisciplineDesk(Protocol):
    """Discipline. Acts on a flag take the version of it that the person saw; all return in words what was done; refused
    ones raise, saying why."""

    def discipline(self) -> DisciplineSnapshot:
        """Return what mode 5 shows now."""
        ...

    def panel(self) -> FlagsPanel:
        """Return what the floor's panel shows now."""
        ...

    def flag(self, flag_id: int) -> FlagFile:
        """Return one flag in full. LookupError where there is none."""
        ...

    def page(self, specialist_id: int) -> PersonPage:
        """Return a specialist's page. LookupError where there is none."""
        ...

    def raise_by_hand(self, specialist_id: int, rule: str, note: str) -> str:
        """Raise a flag that somebody saw, or write a merit down (`rule` "merit")."""
        ...

    def reply(self, flag_id: int, seen: int, text: str) -> str:
        """Keep what the specialist says to a flag: it is explained."""
        ...

    def decide(self, flag_id: int, seen: int, decision: str, why: str) -> str:
        """Decide a flag: dismissed, talked, warned or rewarded."""
        ...

    def fine(self, flag_id: int, seen: int, amount: str, why: str, typed: str) -> str:
        """Decide a flag by a fine. `typed` is the specialist's name as the person typed it: another one refuses."""
        ...

    def reward(self, flag_id: int, seen: int, amount: str, why: str) -> str:
        """Decide a merit by a reward; `amount` "": by thanks alone."""
        ...

    def money(self, month: int | None) -> MoneySnapshot:
        """Return the ledger of fines and rewards and what is proposed for `month` (YYYYMM; None: the last one)."""
        ...

    def fine_month(self, specialist_id: int, month: int, amount: str, why: str, typed: str) -> str:
        """Fine a month's shortfall; `typed` as of `fine`."""
        ...

    def give_reward(self, specialist_id: int, amount: str, why: str) -> str:
        """Enter a reward that belongs to no flag."""
        ...

    def thresholds(self) -> tuple[Threshold, ...]:
        """Return the thresholds that can be tried out."""
        ...

    def try_out(self, key: str, value: float) -> TryOut:
        """Return what the last 30 days would have had with another value. It takes seconds."""
        ...

    def attendance(self, day: int | None) -> AttendanceTable:
        """Return the attendance of a day (None: today)."""
        ...

    def attend(self, specialist_id: int, day: int, status: str, start: int | None, end: int | None) -> str:
        """Say whether somebody was there; flags of that day are raised and withdrawn by it."""
        ...

    def morale(self) -> MoraleSnapshot:
        """Return the longest and the shortest of each team."""
        ...

    def talks(self, specialist_id: int) -> tuple[TalkLine, ...]:
        """Return the talks with a specialist, newest first; refused to who is no director."""
        ...

    def log_talk(self, specialist_id: int, kind: str, note: str) -> str:
        """Write down a talk: encouragement, doubt, other; refused to who is no director."""
        ...
