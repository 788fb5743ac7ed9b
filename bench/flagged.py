"""Flags of years on a floor of fifty: those that wait for a decision, and those of which somebody decided long ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.watched import CONFIG, clock_us
from store import driver
from store.engine import Store
from supervisor.calendar import date_of, day_number
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline.findings import AUTOMATIC, Evidence
from supervisor.duties.discipline.kept import evidence_text, excuses_text

OPEN, PAST = 2_000, 100_000
YEARS_DAYS = 1_000
_DECISIONS = ("dismissed", "talked", "warned", "fined")

_FLAG = (
    "INSERT INTO flag (id, rule, kind, whose, specialist_id, day, at_us, subject, severity, evidence, excuses, state, "
    "raised_us, raised_by, reply, decision, decided_us, decided_day, decided_by, why, points, version) "
    "VALUES (?, ?, 'flag', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, 1)"
)
_EVENT = "INSERT INTO flag_event (flag_id, at_us, who, what, detail) SELECT id, raised_us, '', 'raised', '' FROM flag"


def put_flags(store: Store, today: int, people: int) -> None:
    """Write `OPEN` flags of the last thirty days and `PAST` ones of `YEARS_DAYS`, each with its trace."""
    calendar = calendar_of(CONFIG.floor)
    days = [day_number(date_of(today) - timedelta(days=ago)) for ago in range(YEARS_DAYS)]
    begins = [clock_us(day, 9) for day in days]

    def flags() -> Iterator[tuple[object, ...]]:
        for nth in range(OPEN + PAST):
            waits = nth < OPEN
            place = nth % 30 if waits else (nth - OPEN) % YEARS_DAYS
            rule, person, at_us = AUTOMATIC[nth % len(AUTOMATIC)].code, nth % people + 1, begins[place] + nth * 100_000
            evidence = Evidence(
                f"{20 + nth % 40} min without a call, {9 + nth % 8}:30-{10 + nth % 8}:12",
                tuple(f"records:{days[place]}.{1000 + person}.{k}" for k in range(nth % 6)),
                {"minutes": 20 + nth % 40, "limit": 20},
                "the team: 12 min in the middle",
            )
            excuses = excuses_text(("break 12:00-13:00 left out",) if nth % 2 else ())
            decided_us = at_us + 3_600_000_000
            told = (nth + 1, rule, f"specialist:{person}", person, days[place], at_us, str(nth), nth % 3 + 1)
            ended: tuple[object, ...] = ("", None, None, "", "", 0)
            if not waits and nth % 10:
                ended = (_DECISIONS[nth % 4], decided_us, calendar.day_of(decided_us), "Ada", "as told", nth % 4)
            state = "open" if waits else "decided" if nth % 10 else "withdrawn"
            yield (*told, evidence_text(evidence), excuses, state, at_us, *ended)

    with store.write() as connection:
        driver.many(connection, _FLAG, flags())
        driver.run(connection, _EVENT)
