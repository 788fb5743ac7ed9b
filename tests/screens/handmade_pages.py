"""A larger floor made by hand for the further screens of mode 5: forty people, a month of money, six measures."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM
from supervisor.duties.discipline.snapshots import (
    AttendanceLine,
    AttendanceTable,
    DisciplineSnapshot,
    FineProposal,
    FlagLine,
    MoneyLine,
    MoneySnapshot,
    MoraleSnapshot,
    PersonPage,
    RuleRate,
    Spread,
    TalkLine,
    Threshold,
    TryOut,
)
from tests.screens.handmade import HandmadeDesk
from tests.screens.handmade_discipline import PEOPLE, WEEKS, HandmadeDiscipline, decided, flag
from tests.screens.handmade_followups import DAY_US, MINUTE, NOW, TODAY

FORTY = (*PEOPLE, *((one, f"Specialist {one:02}", ("North", "South", "East")[one % 3]) for one in range(9, 41)))

HUGO = (
    flag(31, 3, "idle", 22, "22 min without a call since 14:10, in working time", severity=HIGH),
    flag(40, 3, "noise", 900, "noise, seen by anna", severity=LOW, raised_by="anna"),
    decided(41, 3, "behind_quota", 1500, "41 of 80 dials, 6 of 15 effective calls", "warned", points=3,
            severity=HIGH, why="again after a talk"),
    decided(42, 3, "idle", 2880, "24 min without a call since 15:31", "talked", points=2, why="headset broken",
            reply="my headset was broken, the new one came at four"),
    flag(43, 3, "merit", 4400, "won back Kaiser Logistik", kind="merit", raised_by="anna", severity=LOW,
         state="decided", decision="rewarded", decided_by="paul", decided_us=NOW - 3 * DAY_US, points=-2, why="50 EUR"),
    decided(44, 3, "private_call", 8640, "11 min with +49 171 5550199, no customer's number", "dismissed",
            why="it was a customer's mobile phone"),
    decided(45, 3, "behind_quota", 10080, "52 of 80 dials", "fined", points=3, why="12 EUR: agreed"),
    decided(46, 3, "idle", 14400, "21 min without a call", "", state="withdrawn", decided_by="",
            why="the source was down from 10:02 to 10:40"),
    decided(47, 3, "padding", 20000, "9 dials to one number, +49 30 901820, the team's median is 1", "talked",
            points=2),
)  # fmt: skip
MONTH = (20261026, 20261027, 20261028, 20261029, 20261030, 20261102, 20261103, 20261104, 20261105, 20261106, 20261109,
         20261110, 20261111, 20261112, 20261113, 20261116, 20261117, 20261118, 20261119, 20261120,
         20261123)  # fmt: skip
TOLD = {20261030: "leave", 20261102: "leave", 20261112: "sick", 20261118: "half", 20261120: "training"}
RATES = (
    RuleRate("idle", "idle", 5, 1.3), RuleRate("behind_quota", "behind quota", 4, 0.6),
    RuleRate("private_call", "private call", 1, 0.3), RuleRate("padding", "padding", 1, 0.2),
    RuleRate("noise", "noise", 1, 0.1), RuleRate("logged_without_a_call", "logged without a call", 0, 0.4),
    RuleRate("out_of_hours", "out of hours", 0, 0.2),
)  # fmt: skip
MONEY = (
    MoneyLine(4, 3, "Hugo Marin", "fine", 1_200, 20261117, None, 45, "agreed", "anna", False),
    MoneyLine(3, 3, "Hugo Marin", "reward", 5_000, 20261116, None, 43, "won back Kaiser Logistik", "paul", False),
    MoneyLine(2, 3, "Hugo Marin", "fine", 3_050, 20261102, 202610, None, "shortfall of 61 effective calls in 2026-10",
              "anna", False),
    MoneyLine(1, 3, "Hugo Marin", "fine", 2_000, 20261001, None, 12, "typed wrongly", "anna", True),
)  # fmt: skip
LEDGER = (
    *MONEY,
    MoneyLine(6, 2, "Greta Lind", "reward", 5_000, 20261115, None, 16, "trained two newcomers", "paul", False),
    MoneyLine(5, 8, "Otto Kask", "fine", 2_500, 20261113, None, 19, "agreed", "anna", False),
)
PROPOSALS = (
    FineProposal(3, "Hugo Marin", "North", 202610, 20.5, 308, 190, 118, 11_800, 0),
    FineProposal(6, "Maximiliane von Hohenstein-Waldburg", "South", 202610, 21, 315, 261, 54, 5_400, 0),
    FineProposal(4, "Ivo Tamm", "South", 202610, 22, 330, 318, 12, 0, 1_200),
    FineProposal(7, "李明", "East", 202610, 18, 270, 269, 1, 100, 0),
)
THRESHOLDS = (
    Threshold("console.idle_act_minutes", "minutes without a call that are idling", 20),
    Threshold("discipline.private_talk_minutes", "minutes with a number that is no customer's", 10),
    Threshold("discipline.private_calls_a_day", "calls a day with a number that is no customer's", 3),
    Threshold("discipline.z_score", "robust z-score against the team from which it is padding", 3.5),
    Threshold("discipline.dials_to_one_number", "dials a day to one number in a small team", 8),
    Threshold("discipline.silent_minutes", "minutes of a shift without an outbound call", 60),
    Threshold("discipline.out_of_hours_minutes", "minutes outside the working hours", 15),
)
_DAYS = (("dials", "a day"), ("effective calls", "a day"), ("talk", "minutes a day"), ("follow-ups done", "a day"))
TEAMS = (
    ("East", "李明", "Otto Kask"),
    ("North", "Chiara Rossi", "Hugo Marin"),
    ("South", "Lena Ott", "Maximiliane von Hohenstein-Waldburg"),
)
MEASURED = (
    ("dials", "a day", 84, 66, 24), ("effective calls", "a day", 16, 13, 3.8), ("talk", "minutes a day", 100, 60, 18),
    ("follow-ups done", "a day", 8, 5, 0), ("orders signed", "orders", 2, 2, 2), ("flags", "flags", 1, 2, 9),
)  # fmt: skip
MORALE = MoraleSnapshot(
    20261024,
    20261122,
    tuple(
        Spread(team, measure, unit, best, high, worst, low, middle, 12)
        for team, best, worst in TEAMS
        for measure, unit, high, middle, low in MEASURED
    ),
)


def _more(count: int) -> tuple[FlagLine, ...]:
    return tuple(
        replace(
            flag(100 + n, 1 + n % 8, "idle", 700 + n * 1440, f"{15 + n % 5} min without a call since 1{n % 4}:31"),
            flag_id=0,
            severity=MEDIUM,
            day=TODAY - n if n < 23 else 20261030 - (n - 23),
        )
        for n in range(count)
    )


class HandmadePages(HandmadeDiscipline):
    """The desk of the further screens. `hold` has a try-out wait until it is set."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        super().__init__(asked)
        self.people: tuple[tuple[int, str, str], ...] = FORTY
        self.months: dict[int, tuple[FineProposal, ...]] = {202610: PROPOSALS}
        self.per_missing = 1
        self.ledger = list(LEDGER)
        self.pages: dict[int, tuple[FlagLine, ...]] = {3: HUGO}
        self.hold = threading.Event()
        self.hold.set()
        self.talked = [
            TalkLine(2, NOW - 3 * DAY_US, "paul", "encouragement", "the first order of the year: well done"),
            TalkLine(
                1,
                NOW - 9 * DAY_US,
                "paul",
                "doubt",
                "he asks himself whether selling is for him; his father "
                "was a teacher, and so he wanted to be one too. We talk again before Christmas",
            ),
        ]
        self.days: dict[tuple[int, int], AttendanceLine] = {}
        for one, name, team in FORTY:
            away = {8: "sick", 5: "leave"}.get(one)
            line = AttendanceLine(
                one, name, team, TODAY, away or "present", away is not None, None, None,
                NOW - (330 - one) * MINUTE, NOW - one * MINUTE, 60 - one if one < 50 else 0,
            )  # fmt: skip
            if one in (5, 11):
                line = replace(line, first_us=None, last_us=None, dials=0)
            if one == 2:
                line = replace(line, told=True, start=585)
            if one == 4:
                line = replace(line, status="half", told=True, start=540, end=780)
            self.days[one, TODAY] = line

    def discipline(self) -> DisciplineSnapshot:
        return replace(super().discipline(), people=self.people)

    def page(self, specialist_id: int) -> PersonPage:
        found = next(((name, team) for one, name, team in self.people if one == specialist_id), None)
        if found is None:
            raise LookupError("nobody in the roster is this specialist")
        name, team = found
        one = specialist_id == 3
        return PersonPage(
            specialist_id, name, team, TODAY, NOW, 8 if one else 0, 1.2, 12,
            (*(line for line in self.lines.values() if line.specialist_id == specialist_id and line.flag_id > 99),
             *self.pages.get(specialist_id, ())),
            RATES if one else (), WEEKS if one else tuple(replace(week, flags=0, merits=0) for week in WEEKS),
            MONEY if one else (), tuple((day, TOLD.get(day, "present") if one else "present") for day in MONTH),
        )  # fmt: skip

    def money(self, month: int | None) -> MoneySnapshot:
        month = month or 202610
        return MoneySnapshot(month, "EUR", self.per_missing, self.months.get(month, ()), tuple(self.ledger))

    def thresholds(self) -> tuple[Threshold, ...]:
        return THRESHOLDS

    def try_out(self, key: str, value: float) -> TryOut:
        self.asked.append(("try_out", key, value))
        assert self.hold.wait(10)
        if value > 1000:
            raise RefusedError("a threshold of more than 1000 finds nothing")
        now = next(one.value for one in THRESHOLDS if one.key == key)
        more = _more(26) if value < now else ()
        return TryOut(key, value, now, 20261025, TODAY, 17, 41 if more else 15, more, () if more else HUGO[3:5])

    def attendance(self, day: int | None) -> AttendanceTable:
        day = day or TODAY
        lines = tuple(
            self.days.get((one, day), AttendanceLine(one, name, team, day, "present", False, *[None] * 4, 0))
            for one, name, team in self.people
        )
        working = day not in (20261121, 20261122)
        return AttendanceTable(day, TODAY, NOW, working, 540, 1080, lines, ("North", "South", "East"))

    def attend(self, specialist_id: int, day: int, status: str, start: int | None, end: int | None) -> str:
        self.asked.append(("attend", specialist_id, day, status, start, end))
        self._refused()
        name, team = next((name, team) for one, name, team in self.people if one == specialist_id)
        here = specialist_id, day
        was = self.days.get(here)
        before = was or AttendanceLine(specialist_id, name, team, day, "present", False, *[None] * 4, 0)
        self.days[here] = replace(before, status=status, told=True, start=start, end=end)

        def back() -> str:
            self.days[here] = before
            return f"undone: {name}"

        self.undoing.append(back)
        flags = "; 1 flag withdrawn" if status in ("leave", "sick") else ""
        return f"{name}: {status} on {day // 10000}-{day // 100 % 100:02}-{day % 100:02}{flags}"

    def morale(self) -> MoraleSnapshot:
        return MORALE


class PagesDesk(HandmadeDesk):
    """The whole desk over it."""

    def __init__(self) -> None:
        super().__init__()
        self.discipline: HandmadePages = HandmadePages(self.asked)
