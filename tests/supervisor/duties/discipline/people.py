"""Days of people as the rules of discipline see them, made by hand: a Monday of nine to six with a break from twelve to
one, in Berlin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from supervisor.calendar import Calendar, Span, date_of, day_number, day_text
from supervisor.config import Config
from supervisor.duties.calls.snapshots import Quota
from supervisor.duties.discipline.findings import Finding
from supervisor.duties.discipline.rules import find
from supervisor.duties.discipline.rules.working import union
from supervisor.duties.discipline.seen import Blocked, CallSeen, CustomerSeen, DayFacts, Excuse, PersonDay, WrittenLog
from supervisor.settings import Floor

S = 1_000_000
MIN = 60 * S
HOUR = 60 * MIN
ZONE = "Europe/Berlin"
DAY = 20261123
CONFIG = Config(floor=Floor(holidays=False))
NIGHTS = Config(floor=Floor(holidays=False, working_hours=("22:00-06:00",)))
FULL = Quota(80.0, 15.0, 60.0)


def at(clock: str, day: int = DAY, zone: str = ZONE, fold: int = 0) -> int:
    """The moment of "13:48" or "13:48:07" on a day."""
    local = datetime.fromisoformat(f"{day_text(day)}T{clock}").replace(tzinfo=ZoneInfo(zone), fold=fold)
    return round(local.timestamp()) * S


def next_day(day: int, days: int = 1) -> int:
    """The day so many days after `day`."""
    return day_number(date_of(day) + timedelta(days=days))


def call(begun: str | int, talk_s: float | None = 60, number: str = "+4930111", **told: Any) -> CallSeen:
    """An answered outbound call of a customer's number, ended when the talk did; talk 0: nobody answered, None: nobody
    knows how long it was. `told` replaces what follows from that."""
    started = at(begun) if isinstance(begun, str) else begun
    direction = told.get("direction", "outbound")
    dial = direction == "outbound"
    lasts = round((talk_s or 0) * S)
    answered = talk_s is None or talk_s > 0
    made = CallSeen(
        id=f"pbx:{started}-{number}-{direction}",
        identity_id=11,
        direction=direction,
        number=number,
        started_us=started,
        answered_us=started if answered else None,
        ended_us=None if talk_s is None else started + lasts,
        talk_ms=None if talk_s is None else lasts // 1000,
        dial=dial,
        connected=dial and answered,
        effective=dial and talk_s is not None and talk_s >= 30,
        customers=(1,),
    )
    return made._replace(**told)


def every(count: int, begun: str | int = "09:00", step_s: int = 300, **told: Any) -> list[CallSeen]:
    """So many calls one after the other, each to a number of its own unless `told` otherwise."""
    first = at(begun) if isinstance(begun, str) else begun
    numbers = ("number",) if "number" in told else ()
    return [
        call(first + place * step_s * S, **({} if numbers else {"number": f"+49301{place:05}"}), **told)
        for place in range(count)
    ]


def spans(*clocks: str, day: int = DAY) -> tuple[Span, ...]:
    """Spans of "09:00-12:00"; one that does not end after its begin ends on the next day."""
    found = []
    for text in clocks:
        begin, end = text.split("-")
        found.append((at(begin, day), at(end, day if end > begin else next_day(day))))
    return tuple(found)


def excuse(text: str, words: str = "pbx was down", day: int = DAY) -> Excuse:
    """An excuse of "10:00-11:00"."""
    return Excuse(*spans(text, day=day)[0], words)


def log(begun: str, company: str = "Acme", entry_id: int = 1, claimed_ms: int | None = 120_000) -> WrittenLog:
    return WrittenLog(entry_id, 1, company, at(begun), claimed_ms)


def person(config: Config = CONFIG, day: int = DAY, **told: Any) -> PersonDay:
    """A specialist who was present, with the day over and nothing done; `activity` follows from the calls, `around`
    from the shift and the floor's hours."""
    calendar = Calendar(config.floor)
    shift = told.get("shift", calendar.shift(day))
    calls: Sequence[CallSeen] = told.get("calls", ())
    until_us = told.get("until_us", max(calendar.bounds(day)[1], shift[-1][1] if shift else 0))
    around = [calendar.shift(next_day(day, away)) if away else shift for away in (-1, 0, 1)]
    made = PersonDay(
        specialist_id=1,
        identity_id=None,
        name="Anna Weber",
        team_id=7,
        day=day,
        attendance="present",
        quota=FULL,
        shift=shift,
        hours_known=True,
        calls=calls,
        activity=union(
            (one.started_us, until_us if one.ended_us is None else max(one.ended_us, one.started_us + 1))
            for one in calls
        ),
        excuses=(),
        until_us=until_us,
        around=tuple((one[0][0], one[-1][1]) for one in around if one),
    )
    return replace(made, **told)


def phone(calls: Sequence[CallSeen], **told: Any) -> PersonDay:
    """A phone that nobody in the roster has."""
    nothing = {"specialist_id": None, "identity_id": 11, "name": "pbx:1001", "team_id": None, "shift": (), "around": ()}
    return person(calls=calls, **{**nothing, "quota": Quota(0.0, 0.0, 0.0), **told})


def facts(day: int = DAY, **told: Any) -> DayFacts:
    """A day on which customer 1 is Acme, in the floor's zone, and nobody is barred."""
    return replace(DayFacts(day, ZONE, True, {1: CustomerSeen(1, "Acme", "")}, {}), **told)


def barred(customer_id: int = 1, since: str = "00:00", company: str = "Acme", day: int = 20261101) -> Blocked:
    return Blocked(customer_id, company, at(since, day), "asked by mail")


def found(
    code: str, people: PersonDay | Iterable[PersonDay], seen: DayFacts | None = None, config: Config = CONFIG
) -> list[Finding]:
    """What the rule `code` finds of one or more people."""
    judged = [people] if isinstance(people, PersonDay) else list(people)
    return find(judged, seen or facts(judged[0].day if judged else DAY), config, (code,))


def only(*told: Any, **more: Any) -> Finding:
    """The one thing that is found."""
    (finding,) = found(*told, **more)
    return finding
