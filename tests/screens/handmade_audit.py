"""Audited days made by hand, and the part of the desk that keeps them in memory: decisions, seals, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from supervisor.duties.audit.snapshots import (
    ACCEPTED,
    CALL_CLASSES,
    CORRECTED,
    FLAGGED,
    LOG_CLASSES,
    OPEN,
    AuditedCall,
    AuditedLog,
    Correction,
    DayAudit,
    Discrepancy,
    Link,
    Revision,
    Signed,
    SpecialistFigures,
    Totals,
)
from supervisor.duties.calls import SpecialistDay
from supervisor.duties.calls.refusals import RefusedError
from tests.screens.handmade_discipline import PEOPLE, SOURCES
from tests.screens.handmade_followups import DAY_US, MINUTE, NOW, TODAY

NINE = NOW - 332 * MINUTE
FRIDAY, THURSDAY = 20261120, 20261119
COMPANIES = (
    "Baltic Steel OÜ", "Ruhr Pumpen GmbH", "Kaiser Logistik", "Brno Bearings", "鑫达机械有限公司", "Vogt & Söhne GmbH",
)  # fmt: skip
MADE = (
    ("internal", 14), ("not_connected", 338), ("unknown_number", 30), ("short", 120), ("matched", 96),
)  # fmt: skip
"""How many calls of the quiet classes there are."""


def call(group: int, who: int | None, class_: str, minutes: float, **more: Any) -> AuditedCall:
    """A call `minutes` after nine."""
    name, team = next(((name, team) for one, name, team in PEOPLE if one == who), ("pbx:1019", ""))
    talk = {"not_connected": None, "short": 12_000}.get(class_, 190_000)
    values: dict[str, Any] = {
        "id": f"call:pbx:{group}", "class_": class_, "specialist_id": who, "specialist": name, "team": team,
        "customer_id": group % 6 + 1, "company": COMPANIES[group % 6], "number": f"+3725550{group:04}",
        "direction": "internal" if class_ == "internal" else "outbound", "started_us": NINE + int(minutes * MINUTE),
        "ended_us": NINE + int((minutes + 4) * MINUTE), "talk_ms": talk,
        "outcome": "no_answer" if talk is None else "answered", "dial": class_ != "internal",
        "connected": talk is not None, "effective": (talk or 0) >= 30_000, "entry_id": None, "why": "",
    }  # fmt: skip
    return AuditedCall(**(values | more))


def log(entry: int, who: int, class_: str, minutes: float, **more: Any) -> AuditedLog:
    """A log `minutes` after nine."""
    name, team = next((name, team) for one, name, team in PEOPLE if one == who)
    values: dict[str, Any] = {
        "id": f"log:{entry}", "class_": class_, "entry_id": entry, "specialist_id": who, "specialist": name,
        "team": team, "customer_id": entry % 6 + 1, "company": COMPANIES[entry % 6],
        "channel": "visit" if class_ == "not_a_call" else "call", "at_us": NINE + int(minutes * MINUTE),
        "claimed_ms": 200_000, "outcome": "interested", "note": "", "accepted_by": "", "call_id": None, "why": "",
    }  # fmt: skip
    return AuditedLog(**(values | more))


BLOCKED = call(901, 4, "do_not_call", 12, company="Vogt & Söhne GmbH", number="+498912345678",
               why="called Vogt & Söhne GmbH, do-not-call since 3 Nov: asked not to be called")  # fmt: skip
AWAY = call(902, 8, "absent_but_calling", 74, why="called Baltic Steel OÜ at 10:14 while sick")
EARLY = call(903, 6, "out_of_hours", -38, company="Brno Bearings",
             why="called Brno Bearings at 08:22, outside the shift 09:00-18:00")  # fmt: skip
PRIVATE = call(904, 2, "private_candidate", 200, company="", customer_id=None, number="+491715550199",
               talk_ms=660_000, why="talked 11 min on +491715550199, no customer's number")  # fmt: skip
SHARED = call(905, 5, "shared_number", 150, company="", customer_id=None, number="+4930901820",
              why="talked 3 min 10 s on +4930901820, the number of Ruhr Pumpen GmbH and Kaiser Logistik; nobody said "
              "whose call it was")  # fmt: skip
INFLATED = call(906, 3, "duration_inflated", 96, entry_id=71, why="log claims 12 min, the phones say 3 min 10 s")
UNLOGGED = tuple(
    call(910 + n, who, "unlogged", 110 + 31 * n, why=f"talked 3 min with {COMPANIES[(910 + n) % 6]}, nothing logged")
    for n, who in enumerate((3, 1, None, 3))
)  # fmt: skip
INFLATED_LOG = log(71, 3, "matched", 99, claimed_ms=720_000, company=INFLATED.company, call_id=INFLATED.id,
                   note="long talk about the two-step payment, sends the contract on Friday")  # fmt: skip
ALONE = tuple(
    log(80 + n, who, "log_without_call", 130 + 40 * n, why=f"logged a call of 3 min with {COMPANIES[(80 + n) % 6]} "
        f"at {11 + (40 * n + 10) // 60}:{(40 * n + 10) % 60:02}, the phones have none", **more)
    for n, (who, more) in enumerate((
        (3, {"note": "reached on his mobile phone"}), (7, {}), (3, {"outcome": "asked for the contract"}),
    ))
)  # fmt: skip


def _quiet() -> tuple[list[AuditedCall], list[AuditedLog]]:
    calls, logs = [], []
    number = 0
    for class_, count in MADE:
        for n in range(count):
            number += 1
            entry = 1000 + n if class_ == "matched" else None
            one = call(number, number % 8 + 1, class_, (number * 37) % 330, entry_id=entry)
            calls.append(one)
            if entry is not None:
                logs.append(log(entry, number % 8 + 1, "matched", (number * 37) % 330 + 3, call_id=one.id))
    logs += [log(2000 + n, n % 3 + 1, "not_a_call", 40 * n) for n in range(5)]
    return calls, logs


def _discrepancy(one: AuditedCall | AuditedLog, other: AuditedLog | None = None, **more: Any) -> Discrepancy:
    spoken = isinstance(one, AuditedCall)
    values: dict[str, Any] = {
        "id": one.id, "class_": one.class_, "specialist_id": one.specialist_id, "specialist": one.specialist,
        "team": one.team, "company": one.company, "number": one.number if spoken else "",
        "at_us": one.started_us if spoken else one.at_us, "why": one.why, "call": one if spoken else None,
        "log": other if spoken else one,
    }  # fmt: skip
    return Discrepancy(**(values | more))


FOUND = (
    _discrepancy(EARLY, explanation="the customer asked for a call before nine"),
    _discrepancy(BLOCKED),
    _discrepancy(AWAY),
    _discrepancy(INFLATED, INFLATED_LOG),
    _discrepancy(UNLOGGED[0]),
    _discrepancy(ALONE[0], explanation="reached on his mobile phone"),
    _discrepancy(UNLOGGED[1], state=ACCEPTED, decided_by="anna", decided_why="nothing to log: wrong person"),
    _discrepancy(SHARED),
    _discrepancy(ALONE[1]),
    _discrepancy(UNLOGGED[2]),
    _discrepancy(PRIVATE, state=FLAGGED, decided_by="anna", decided_why="private talk, third this week"),
    _discrepancy(UNLOGGED[3]),
    _discrepancy(ALONE[2]),
)
WAYS = {
    "do_not_call": (Correction("may_call", "it may be called again, by everybody, from now on", ""),),
    "absent_but_calling": (Correction("present", "they were present that day", ""),),
    "out_of_hours": (Correction("hours", "these were their own hours that day", "hours"),),
    "private_candidate": (
        Correction("customer", "the number is a customer's", "customer"),
        Correction("new_customer", "the number is a new customer's", "company"),
    ),
    "shared_number": (Correction("assign", "it was this customer's call", "customer"),),
    "duration_inflated": (Correction("duration", "write the true duration into the log", ""),),
    "unlogged": (
        Correction("log", "write the missing log", ""),
        Correction("log_minutes", "write the missing log, of other minutes", "minutes"),
        Correction("log_note", "write the missing log, with a note", "note"),
    ),
    "log_without_call": (),
}  # fmt: skip
REVISIONS = (
    Revision("Hugo Marin, effective", "9", "10"),
    Revision("calls", "540", "541"),
    Revision("call:pbx:77", "not connected", "matched"),
    Revision("call:pbx:991", "", "unlogged"),
)


def figures(who: int | None, found: tuple[Discrepancy, ...], calls: list[AuditedCall], logs: Any) -> SpecialistFigures:
    """A specialist's day by the calls and logs made by hand."""
    name, team = next(((name, team) for one, name, team in PEOPLE if one == who), ("pbx:1019", ""))
    mine = [one for one in calls if one.specialist == name]
    written = [one for one in logs if one.specialist == name]
    effective, quota = sum(one.effective for one in mine), 15.0 if who not in (None, 8) else 0.0
    return SpecialistFigures(
        who, name, team, "sick" if who == 8 else "half" if who == 6 else "present" if who else "",
        sum(one.dial for one in mine), sum(one.connected for one in mine), effective,
        sum(one.talk_ms or 0 for one in mine), quota, max(0.0, quota - effective), len(written),
        sum(one.class_ == "matched" for one in written), min((one.started_us for one in mine), default=None),
        max((one.started_us for one in mine), default=None), (19 + (who or 0) * 3) * MINUTE // 1000,
        ("idle", "padding") if who == 3 else (), sum(one.state == OPEN and one.specialist == name for one in found),
    )  # fmt: skip


def audited(found: tuple[Discrepancy, ...] = FOUND, **more: Any) -> DayAudit:
    """Today as it is audited so far."""
    calls, logs = _quiet()
    calls += [BLOCKED, AWAY, EARLY, PRIVATE, SHARED, INFLATED, *UNLOGGED]
    logs += [INFLATED_LOG, *ALONE]
    values: dict[str, Any] = {
        "day": TODAY, "now_us": NOW, "floor": "Nordlicht", "time_zone": "Europe/Berlin", "shift_elapsed": 0.61,
        "sources": SOURCES, "over": False, "balanced": True, "residue": (),
        "totals": Totals(
            len(calls) + 31, len(calls), sum(one.dial for one in calls), sum(one.connected for one in calls),
            sum(one.effective for one in calls), sum(one.talk_ms or 0 for one in calls), len(logs),
        ),
        "call_classes": {name: sum(one.class_ == name for one in calls) for name in CALL_CLASSES},
        "log_classes": {name: sum(one.class_ == name for one in logs) for name in LOG_CLASSES},
        "specialists": tuple(figures(one, found, calls, logs) for one in (*(who for who, *_ in PEOPLE), None)),
        "discrepancies": found, "calls": tuple(sorted(calls, key=lambda one: one.started_us)),
        "logs": tuple(sorted(logs, key=lambda one: one.at_us)), "signed": None,
        "teams": ("North", "South", "East"), "who": "anna",
    }  # fmt: skip
    return DayAudit(**(values | more))


def nothing(day: int) -> DayAudit:
    """A day without a call."""
    none = Totals(0, 0, 0, 0, 0, 0, 0)
    return replace(
        audited(()), day=day, over=True, totals=none, call_classes={}, log_classes={}, specialists=(), calls=(), logs=()
    )


def signed(day: int, revisions: tuple[Revision, ...] = ()) -> DayAudit:
    """A day on which all was decided and that anna signed the evening after."""
    found = tuple(replace(one, state=ACCEPTED, decided_by="anna", decided_why="talked about") for one in FOUND)
    seal = Signed("anna", NOW - 2 * DAY_US, "All looked at; Hugo brings his logs up to date.", "ab" * 32, revisions)
    return replace(audited(found), day=day, over=True, signed=seal)


@cache
def _days() -> dict[int, DayAudit]:
    return {TODAY: audited(), FRIDAY: signed(FRIDAY, REVISIONS), THURSDAY: signed(THURSDAY)}


class HandmadeAudit:
    """The audit of the desk. `refuse` is raised by the next act; `asked` is what was done; each act can be undone by
    `undoing`."""

    def __init__(self, asked: list[tuple[Any, ...]], picture: Callable[[str], SpecialistDay]) -> None:
        self.asked = asked
        self.days = dict(_days())
        self.refuse: Exception | None = None
        self.failure: Exception | None = None
        self.undoing: list[Callable[[], str]] = []
        self.ways = dict(WAYS)
        self.fault = ""
        self._picture = picture

    def end(self) -> None:
        """Let today be over, and all of it decided."""
        found = signed(FRIDAY).discrepancies
        self.days[TODAY] = replace(self.days[TODAY], over=True, discrepancies=found)

    def found(self, item: str, day: int = TODAY) -> Discrepancy:
        """A discrepancy as it is now."""
        return next(one for one in self.days[day].discrepancies if one.id == item)

    def states(self) -> dict[str, int]:
        """How many of today's are in each state."""
        states = [one.state for one in self.days[TODAY].discrepancies]
        return {state: states.count(state) for state in (OPEN, ACCEPTED, CORRECTED, FLAGGED)}

    def day(self, day: int | None) -> DayAudit:
        if self.failure:
            raise self.failure
        return self.days.get(day or TODAY) or nothing(day or TODAY)

    def _refusing(self) -> None:
        if self.refuse is not None:
            refused, self.refuse = self.refuse, None
            raise refused

    def _decide(self, day: int, items: list[str], state: str, why: str | None) -> None:
        before = self.days[day]

        def decided(one: Discrepancy) -> Discrepancy:
            said = one.explanation if why is None else why
            return replace(one, state=state, decided_by="anna", decided_why=said) if one.id in items else one

        self.days[day] = replace(before, discrepancies=tuple(map(decided, before.discrepancies)))

        def undone() -> str:
            self.days[day] = before
            return f"undone: {state}"

        self.undoing.append(undone)

    def accept(self, day: int, item: str, why: str) -> str:
        self._refusing()
        self.asked.append(("accept", day, item, why))
        self._decide(day, [item], ACCEPTED, why)
        return f"{self.found(item, day).specialist}: accepted"

    def accept_explained(self, day: int) -> str:
        self._refusing()
        self.asked.append(("accept_explained", day))
        items = [one.id for one in self.days[day].discrepancies if one.state == OPEN and one.explanation]
        self._decide(day, items, ACCEPTED, None)
        return f"{len(items)} explained ones accepted"

    def corrections(self, day: int, item: str) -> tuple[Correction, ...]:
        return self.ways[self.found(item, day).class_]

    def correct(self, day: int, item: str, code: str, value: str) -> str:
        self._refusing()
        self.asked.append(("correct", day, item, code, value))
        self._decide(day, [item], CORRECTED, code)
        return f"corrected: {code}"

    def flag(self, day: int, item: str, note: str) -> str:
        self._refusing()
        self.asked.append(("flag", day, item, note))
        self._decide(day, [item], FLAGGED, note)
        return f"flagged: {note}"

    def sign(self, day: int, sentence: str) -> str:
        self._refusing()
        self.asked.append(("sign", day, sentence))
        self.days[day] = replace(self.days[day], signed=Signed("anna", NOW, sentence, "cd" * 32, ()))
        return f"{day} is signed and sealed"

    def chain(self) -> tuple[Link, ...]:
        seals = [(one.day, one.signed) for one in self.days.values() if one.signed is not None]
        return tuple(
            Link(day, seal.at_us, seal.who, f"{day}{seal.hash}", self.fault if day == THURSDAY else "")
            for day, seal in sorted(seals, key=lambda pair: pair[0])
        )

    def picture(self, specialist_id: int, day: int) -> SpecialistDay:
        self.asked.append(("picture", specialist_id, day))
        name = next((name for one, name, _ in PEOPLE if one == specialist_id), "")
        if not name:
            raise RefusedError(f"there is no specialist {specialist_id}")
        return replace(self._picture(name), day=day)
