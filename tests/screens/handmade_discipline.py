"""Flags made by hand, and the part of the desk that keeps them in memory: versions, decisions, the ledger, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from supervisor.duties.calls import SourceHealth
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.findings import HIGH, LOW, MEDIUM, WORDS
from supervisor.duties.discipline.snapshots import (
    AttendanceLine,
    AttendanceTable,
    DisciplineSnapshot,
    FineProposal,
    FlagCounts,
    FlagFile,
    FlagLine,
    FlagsPanel,
    MoneyLine,
    MoneySnapshot,
    MoraleSnapshot,
    PersonPage,
    ProofCall,
    RuleRate,
    Spread,
    TalkLine,
    Threshold,
    TraceLine,
    TryOut,
    WeekCount,
)
from supervisor.money import cents_of
from tests.screens.handmade_followups import DAY_US, MINUTE, NOW, TODAY

PEOPLE = (
    (1, "Chiara Rossi", "North"),
    (2, "Greta Lind", "North"),
    (3, "Hugo Marin", "North"),
    (4, "Ivo Tamm", "South"),
    (5, "Lena Ott", "South"),
    (6, "Maximiliane von Hohenstein-Waldburg", "South"),
    (7, "李明", "East"),
    (8, "Otto Kask", "East"),
)
SOURCES = (SourceHealth("pbx", "up", None, 0.2, ""), SourceHealth("cdr", "stale", None, 240, ""))


def flag(number: int, who: int | None, rule: str, minutes: float, words: str, **more: Any) -> FlagLine:
    """A flag that waits, `minutes` old."""
    name, team = next(((name, team) for one, name, team in PEOPLE if one == who), ("pbx:1019", ""))
    days = int(minutes // 1440)
    values: dict[str, Any] = {
        "flag_id": number, "version": 1, "kind": "flag", "rule": rule, "rule_words": WORDS[rule], "specialist_id": who,
        "specialist": name, "team": team, "day": TODAY - days, "at_us": NOW - int(minutes * MINUTE), "severity": MEDIUM,
        "words": words, "excuses": (), "state": "open", "reply": "", "decision": "", "decided_us": None,
        "decided_by": "", "why": "", "points": 0, "raised_us": NOW - int(minutes * MINUTE), "raised_by": "",
    }  # fmt: skip
    return FlagLine(**(values | more))


def decided(number: int, who: int, rule: str, minutes: float, words: str, decision: str, **more: Any) -> FlagLine:
    """A flag that anna decided an hour after it was raised."""
    at = {"decided_us": NOW - int(minutes * MINUTE) + 60 * MINUTE, "decided_by": "anna", "version": 2}
    return flag(number, who, rule, minutes, words, **({"state": "decided", "decision": decision} | at | more))


OPEN = (
    flag(31, 3, "idle", 22, "22 min without a call since 14:10, in working time", severity=HIGH,
         excuses=("the break from 12:00 to 13:00",)),
    flag(30, 5, "padding", 50, "9 dials to one number, +49 30 901820, the team's median is 1", severity=MEDIUM),
    flag(29, 2, "private_call", 64, "11 min with +49 171 5550199, no customer's number",
         state="explained", reply="it was the school of my son", version=2),
    flag(28, 4, "do_not_call_dialled", 95, "dialled Vogt & Söhne GmbH, blocked since 3 Nov: asked not to be called",
         severity=HIGH),
    flag(27, None, "private_call", 130, "4 calls today with +49 40 1234, no customer's number", severity=LOW),
    flag(26, 7, "noise", 200, "noise, seen by anna", severity=LOW, raised_by="anna"),
    flag(25, 6, "out_of_hours", 1500, "called Brno Bearings at 06:52, 68 min before the customer's hours"),
    flag(24, 8, "absent_but_calling", 2900, "sick, and 3 outbound calls from 10:14 to 11:40", severity=HIGH),
    flag(23, 3, "behind_quota", 4400, "41 of 80 dials, 6 of 15 effective calls", severity=HIGH,
         state="explained", reply="the list of numbers was old"),
)  # fmt: skip
DECIDED = (
    decided(22, 3, "idle", 2880, "24 min without a call since 15:31", "talked", points=2, why="headset broken"),
    decided(21, 2, "padding", 4320, "11 dials to one number", "dismissed", why="measured wrongly"),
    decided(20, 4, "behind_quota", 5760, "52 of 80 dials", "warned", points=3, why="again after a talk"),
    decided(19, 8, "logged_without_a_call", 8640, "3 logs without a call", "fined", points=3, why="25 EUR: agreed"),
    decided(18, 5, "idle", 10080, "21 min without a call", "", state="withdrawn", decided_by="",
            why="the source was down from 10:02 to 10:40"),
)  # fmt: skip
MERITS = (
    flag(17, 1, "merit", 300, "won back Kaiser Logistik", kind="merit", raised_by="anna", severity=LOW,
         state="decided", decided_by="anna", decided_us=NOW - 300 * MINUTE, points=-2),
    flag(16, 2, "merit", 12000, "trained two newcomers", kind="merit", raised_by="paul", severity=LOW,
         state="decided", decision="rewarded", decided_by="paul", decided_us=NOW - 8 * DAY_US, points=-2,
         why="50 EUR: thank you"),
)  # fmt: skip

CALLS = (
    ProofCall("pbx:c1", NOW - 44 * MINUTE, "outbound", "+4930901820", "Ruhr Pumpen GmbH", "answered", 192_000),
    ProofCall("pbx:c2", NOW - 52 * MINUTE, "outbound", "+37255512345", "Baltic Steel OÜ", "no_answer", None),
    ProofCall("pbx:c3", NOW - 55 * MINUTE, "inbound", "+498912345678", "", "answered", 21_000),
    ProofCall("pbx:c4", NOW - 61 * MINUTE, "outbound", "", "", "busy", None),
)
THRESHOLDS = (
    Threshold("console.idle_act_minutes", "minutes without a call", 20),
    Threshold("discipline.private_talk_minutes", "minutes with a number that is no customer's", 10),
    Threshold("discipline.dials_to_one_number", "dials a day to one number", 8),
)
WEEKS = tuple(
    WeekCount(monday, flags, merits, team)
    for monday, flags, merits, team in (
        (20260831, 0, 0, 0.5), (20260907, 1, 0, 0.8), (20260914, 0, 1, 0.6), (20260921, 0, 0, 0.4),
        (20260928, 2, 0, 0.7), (20261005, 1, 0, 0.5), (20261012, 0, 0, 0.9), (20261019, 1, 1, 0.6),
        (20261026, 3, 0, 0.8), (20261102, 2, 0, 0.7), (20261109, 1, 0, 0.5), (20261116, 4, 0, 0.9),
        (20261123, 2, 0, 0.3),
    )
)  # fmt: skip
MORALE = MoraleSnapshot(
    20261024, TODAY,
    (
        Spread("North", "talk a day", "min", "Chiara Rossi", 92, "Hugo Marin", 21, 64, 3),
        Spread("North", "dials a day", "", "Chiara Rossi", 88, "Hugo Marin", 34, 71, 3),
        Spread("South", "talk a day", "min", "Lena Ott", 104, "Ivo Tamm", 58, 70, 3),
    ),
)  # fmt: skip


class HandmadeDiscipline:
    """The discipline of the desk. `refuse` is raised by the next act; `asked` is what was done; each act can be undone
    by `undoing`."""

    def __init__(self, asked: list[tuple[Any, ...]], waiting: tuple[FlagLine, ...] = OPEN) -> None:
        self.asked = asked
        self.lines = {line.flag_id: line for line in (*waiting, *DECIDED, *MERITS)}
        self.refuse: Exception | None = None
        self.failure: Exception | None = None
        self.undoing: list[Callable[[], str]] = []
        self.evaluated_us: int | None = NOW - MINUTE
        self.may_read_talks = True
        self.ledger = [
            MoneyLine(2, 2, "Greta Lind", "reward", 5_000, 20261115, None, 16, "thank you", "paul", False),
            MoneyLine(1, 8, "Otto Kask", "fine", 2_500, 20261117, None, 19, "agreed", "anna", False),
        ]
        self.proposals = (
            FineProposal(3, "Hugo Marin", "North", 202610, 20.5, 308, 190, 118, 11_800, 0),
            FineProposal(4, "Ivo Tamm", "South", 202610, 22, 330, 318, 12, 1_200, 1_200),
        )
        self.talked = [TalkLine(1, NOW - 3 * DAY_US, "paul", "encouragement", "the first order of the year")]
        self.attending = {
            one: AttendanceLine(one, name, team, TODAY, "sick" if one == 8 else "present", one in (3, 8), None, None,
                                None if one == 8 else NOW - (330 - one) * MINUTE, NOW - one * MINUTE, 60 - one * 5)
            for one, name, team in PEOPLE
        }  # fmt: skip
        self.next_id = 100

    # Reading

    def _waiting(self) -> tuple[FlagLine, ...]:
        found = [one for one in self.lines.values() if one.state in ("open", "explained") and one.kind == "flag"]
        return tuple(sorted(found, key=lambda one: -one.at_us))

    def _decided(self) -> tuple[FlagLine, ...]:
        waiting = {one.flag_id for one in self._waiting()}
        found = [one for one in self.lines.values() if one.flag_id not in waiting]
        return tuple(sorted(found, key=lambda one: -(one.decided_us or one.at_us)))

    def _counts(self) -> FlagCounts:
        waiting = self._waiting()
        return FlagCounts(
            len(waiting),
            sum(one.severity == HIGH for one in waiting),
            sum(one.state == "explained" for one in waiting),
            sum(one.day == TODAY for one in self.lines.values() if one.kind == "flag"),
            sum(one.kind == "merit" for one in self.lines.values()),
        )

    def discipline(self) -> DisciplineSnapshot:
        if self.failure:
            raise self.failure
        return DisciplineSnapshot(
            TODAY, NOW, "Nordlicht", "Europe/Berlin", 0.61, SOURCES, self._counts(), self._waiting(), self._decided(),
            PEOPLE, ("North", "South", "East"), "EUR", self.evaluated_us, "anna", self.may_read_talks,
        )  # fmt: skip

    def panel(self) -> FlagsPanel:
        return FlagsPanel(TODAY, NOW, self._counts(), self._waiting())

    def flag(self, flag_id: int) -> FlagFile:
        if flag_id not in self.lines:
            raise LookupError("this flag does not exist any more")
        line = self.lines[flag_id]
        trace = [TraceLine(line.raised_us, line.raised_by, "raised", line.words)]
        if line.reply:
            trace.append(TraceLine(line.raised_us + 9 * MINUTE, "anna", "explained", line.reply))
        if line.decided_us is not None:
            trace.append(TraceLine(line.decided_us, line.decided_by, line.decision or line.state, line.why))
        by_rule = not line.raised_by
        return FlagFile(
            line,
            {"minutes": 22, "from": "14:10", "dials today": 12, "quota": 80} if by_rule else {},
            "North, 9 people: 0.6 a month each, Hugo Marin 2" if by_rule else "",
            CALLS if by_rule else (),
            tuple(trace),
            2,
            4,
        )

    def page(self, specialist_id: int) -> PersonPage:
        for one, name, team in PEOPLE:
            if one == specialist_id:
                flags = tuple(line for line in self.lines.values() if line.specialist_id == one)
                rates = (RuleRate("idle", "idle", 3, 0.6), RuleRate("padding", "padding", 0, 0.2))
                money = tuple(line for line in self.ledger if line.specialist_id == one)
                return PersonPage(
                    one, name, team, TODAY, NOW, 4, 1.2, 3, flags, rates, WEEKS, money,
                    ((20261120, "half"), (20261112, "leave")),
                )  # fmt: skip
        raise LookupError("nobody in the roster is this specialist")

    def money(self, month: int | None) -> MoneySnapshot:
        return MoneySnapshot(month or 202610, "EUR", 100, self.proposals, tuple(self.ledger))

    def thresholds(self) -> tuple[Threshold, ...]:
        return THRESHOLDS

    def try_out(self, key: str, value: float) -> TryOut:
        self.asked.append(("try_out", key, value))
        now = next(one.value for one in THRESHOLDS if one.key == key)
        return TryOut(key, value, now, 20261024, TODAY, 17, 41, OPEN[:3], OPEN[3:5])

    def attendance(self, day: int | None) -> AttendanceTable:
        lines = tuple(replace(one, day=day or TODAY) for one in self.attending.values())
        return AttendanceTable(day or TODAY, TODAY, NOW, True, 540, 1080, lines, ("North", "South", "East"))

    def morale(self) -> MoraleSnapshot:
        return MORALE

    def talks(self, specialist_id: int) -> tuple[TalkLine, ...]:
        if not self.may_read_talks:
            raise RefusedError("talks are private to directors")
        return tuple(self.talked)

    # Acts

    def _refused(self) -> None:
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error

    def _change(self, flag_id: int, seen: int, said: str, **values: Any) -> str:
        self._refused()
        line = self.lines[flag_id]
        if line.version != seen:
            raise RefusedError(f"{line.specialist}'s flag was changed meanwhile: look again")
        self.lines[flag_id] = replace(line, version=seen + 1, **values)
        words = f"{line.specialist}, {line.rule_words}: {said}"

        def back() -> str:
            self.lines[flag_id] = replace(line, version=self.lines[flag_id].version + 1)
            return f"undone: {words}"

        self.undoing.append(back)
        return words

    def _decide(self, flag_id: int, seen: int, decision: str, why: str, said: str) -> str:
        points = {"talked": 1, "warned": 2, "fined": 3, "rewarded": -2}.get(decision, 0)
        return self._change(
            flag_id, seen, said, state="decided", decision=decision, decided_us=NOW, decided_by="anna", why=why,
            points=points,
        )  # fmt: skip

    def raise_by_hand(self, specialist_id: int, rule: str, note: str) -> str:
        self.asked.append(("raise_by_hand", specialist_id, rule, note))
        self._refused()
        number, self.next_id = self.next_id, self.next_id + 1
        words = note or f"{WORDS[rule]}, seen by anna"
        merit = {"kind": "merit", "state": "decided", "decided_by": "anna", "decided_us": NOW, "points": -2}
        more = merit if rule == "merit" else {}
        self.lines[number] = flag(number, specialist_id, rule, 0, words, raised_by="anna", severity=LOW, **more)
        said = f"{self.lines[number].specialist}: {WORDS[rule]}"

        def back() -> str:
            del self.lines[number]
            return f"undone: {said}"

        self.undoing.append(back)
        return said

    def reply(self, flag_id: int, seen: int, text: str) -> str:
        self.asked.append(("reply", flag_id, seen, text))
        return self._change(flag_id, seen, "explained", reply=text, state="explained")

    def decide(self, flag_id: int, seen: int, decision: str, why: str) -> str:
        self.asked.append(("decide", flag_id, seen, decision, why))
        return self._decide(flag_id, seen, decision, why, decision)

    def fine(self, flag_id: int, seen: int, amount: str, why: str, typed: str) -> str:
        self.asked.append(("fine", flag_id, seen, amount, why, typed))
        if typed.casefold() != self.lines[flag_id].specialist.casefold():
            raise RefusedError(f"type the name {self.lines[flag_id].specialist} to confirm")
        return self._decide(flag_id, seen, "fined", why, f"fined {amount} EUR")

    def reward(self, flag_id: int, seen: int, amount: str, why: str) -> str:
        self.asked.append(("reward", flag_id, seen, amount, why))
        return self._decide(flag_id, seen, "rewarded", why, f"rewarded {amount} EUR" if amount else "rewarded")

    def _pay(self, specialist_id: int, kind: str, amount: str, why: str, month: int | None) -> str:
        self._refused()
        number, self.next_id = self.next_id, self.next_id + 1
        name = next(name for one, name, _ in PEOPLE if one == specialist_id)
        line = MoneyLine(
            number, specialist_id, name, kind, cents_of(amount, "EUR"), TODAY, month, None, why, "anna", False
        )
        self.ledger.insert(0, line)

        def back() -> str:
            self.ledger.remove(line)
            return f"undone: {name}: {kind}"

        self.undoing.append(back)
        return f"{name}: {kind} of {amount} EUR"

    def fine_month(self, specialist_id: int, month: int, amount: str, why: str, typed: str) -> str:
        self.asked.append(("fine_month", specialist_id, month, amount, why, typed))
        if typed != next(name for one, name, _ in PEOPLE if one == specialist_id):
            raise RefusedError("not fined: another name was typed")
        return self._pay(specialist_id, "fine", amount, why, month)

    def give_reward(self, specialist_id: int, amount: str, why: str) -> str:
        self.asked.append(("give_reward", specialist_id, amount, why))
        return self._pay(specialist_id, "reward", amount, why, None)

    def attend(self, specialist_id: int, day: int, status: str, start: int | None, end: int | None) -> str:
        self.asked.append(("attend", specialist_id, day, status, start, end))
        self._refused()
        before = self.attending[specialist_id]
        self.attending[specialist_id] = replace(before, status=status, told=True, start=start, end=end)

        def back() -> str:
            self.attending[specialist_id] = before
            return f"undone: {before.name} {status}"

        self.undoing.append(back)
        return f"{before.name}: {status}"

    def log_talk(self, specialist_id: int, kind: str, note: str) -> str:
        self.asked.append(("log_talk", specialist_id, kind, note))
        if not self.may_read_talks:
            raise RefusedError("talks are private to directors")
        self.talked.insert(0, TalkLine(9, NOW, "anna", kind, note))
        return f"a talk: {kind}"

    def did(self, *names: str) -> list[tuple[Any, ...]]:
        """What was asked for of these kinds."""
        return [one for one in self.asked if one[0] in names]
