"""What a month's missing effective calls come to, and the ledger of fines and rewards.

Rule: shortfall = max(0, quota x days attended - effective calls); proposed is discipline.fine_per_missing (0: none) for
each missing call, less what was fined for that month already. It is proposed by rule and decided by a person.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from math import floor as whole
from math import fsum
from typing import NamedTuple

from sqlalchemy import Connection

from store import examination, flag_book
from store import floor as floor_rows
from supervisor.calendar import Calendar, date_of, day_number
from supervisor.config import Config
from supervisor.duties.calls.floor import PRESENT, calendar_of
from supervisor.duties.calls.pace import ABSENT, HALF, Quotas
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.read import back, employed, money_line
from supervisor.duties.discipline.snapshots import FineProposal, MoneySnapshot
from supervisor.text import alphabetical

LEDGER_DAYS = 365
"""The days of which fines and rewards are listed."""
_ROUNDING = 1e-9
"""What reckoning with shares may leave behind is no missing call."""


class Worked(NamedTuple):
    """A day of somebody: the share of it that they attended, effective calls expected by that, and those made."""

    day: int
    attended: float
    quota: float
    effective: int


class Reckoned(NamedTuple):
    """What days come to: attended, effective calls due and made, and how many whole ones are missing."""

    attended: float
    due: float
    effective: int
    shortfall: int


def reckon(days: Iterable[Worked]) -> Reckoned:
    """Return what days come to: shortfall = max(0, quota x days attended - effective calls), over all days together. A
    call that is missing in part alone is not missing."""
    told = list(days)
    due = fsum(one.quota for one in told)
    effective = sum(one.effective for one in told)
    return Reckoned(fsum(one.attended for one in told), due, effective, max(0, whole(due - effective + _ROUNDING)))


def proposed_cents(shortfall: int, per_missing: int, fined_cents: int) -> int:
    """Return the fine proposed for a shortfall, less what was fined already. `per_missing`: whole units of money."""
    return max(0, shortfall * per_missing * 100 - fined_cents)


def attended_share(status: str, half_day: float) -> float:
    """Return the share of a day that counts as attended: present 1, half [half_day], leave, sick, training 0."""
    return 0.0 if status in ABSENT else half_day if status == HALF else 1.0


# -- days ---------------------------------------------------------------------------------------------------------


def days_from(first: int, last: int) -> list[int]:
    """Return the days from `first` to `last`, both included."""
    begin = date_of(first)
    return [day_number(begin + timedelta(days=ahead)) for ahead in range((date_of(last) - begin).days + 1)]


def month_days(month: int) -> tuple[int, int]:
    """Return the first and the last day of a month (YYYYMM). RefusedError where it is none."""
    year, number = divmod(month, 100)
    if not (1970 <= year <= 9998 and 1 <= number <= 12):
        raise RefusedError(f"{month} is no month; one like 202611 is expected")
    return month * 100 + 1, month * 100 + monthrange(year, number)[1]


def month_before(day: int) -> int:
    """Return the month (YYYYMM) before that of a day."""
    return back(day // 100 * 100 + 1, 1) // 100


def month_text(month: int) -> str:
    """Return the month YYYYMM as YYYY-MM."""
    return f"{month // 100:04}-{month % 100:02}"


def last_over(calendar: Calendar, now_us: int) -> int:
    """Return the last day whose work is over at `now_us`: its shift, where it has one, has ended. What is still being
    worked is not yet missing."""
    day = calendar.today(now_us)
    while (calendar.shift(day) or (calendar.bounds(day),))[-1][1] > now_us:
        day = back(day, 1)
    return day


# -- reading ------------------------------------------------------------------------------------------------------


def read_worked(
    connection: Connection,
    config: Config,
    people: Sequence[floor_rows.Person],
    done: Iterable[examination.DayDone],
    first: int,
    last: int,
) -> dict[int, list[Worked]]:
    """Return the days from `first` to `last` on which people were expected or called, by specialist; `done`: what they
    did on them.

    Expected is who is employed: on the days that the floor works (of which nobody said otherwise they are present),
    and on a day off where attendance says so. Nothing is expected before the floor's first call was recorded.
    """
    calendar = calendar_of(config.floor)
    begun_us = floor_rows.first_call_us(connection)
    if begun_us is None:
        return {}
    first = max(first, calendar.day_of(begun_us))
    ids = [one.specialist_id for one in people]
    told = examination.attendance(connection, ids, first, last)
    made: dict[int, dict[int, int]] = defaultdict(dict)
    for one in done:
        made[one.specialist_id][one.day] = one.effective
    held = floor_rows.quotas(connection, last)
    found: dict[int, list[Worked]] = defaultdict(list)
    for day in days_from(first, last):
        quotas, works = Quotas(held, day, config.quota), bool(calendar.shift(day))
        for person in people:
            their = person.specialist_id
            status = told.get((their, day)) or (PRESENT if works else "")
            effective = made[their].get(day, 0)
            if status and employed(person.hired, person.left, day):
                share = attended_share(status, config.quota.half_day)
                due = quotas.of(their, person.team_id, status).effective
                found[their].append(Worked(day, share, due, effective))
            elif effective:
                found[their].append(Worked(day, 0.0, 0.0, effective))
    return found


def read_shortfalls(connection: Connection, config: Config, month: int, now_us: int) -> tuple[FineProposal, ...]:
    """Return who misses effective calls in a month (YYYYMM) up to the last day whose work is over, the most first.

    RefusedError where it is no month, or one to come.
    """
    calendar = calendar_of(config.floor)
    first, last = month_days(month)
    if first > calendar.today(now_us):
        raise RefusedError(f"{month_text(month)} is still to come")
    last = min(last, last_over(calendar, now_us))
    people = floor_rows.people(connection, last)
    done = examination.done(connection, [one.specialist_id for one in people], first, last)
    worked = read_worked(connection, config, people, done, first, last)
    fined = flag_book.fined(connection, month)
    per_missing = config.discipline.fine_per_missing
    found = []
    for one in people:
        reckoned = reckon(worked.get(one.specialist_id, ()))
        if not reckoned.shortfall:
            continue
        already = fined.get(one.specialist_id, 0)
        found.append(
            FineProposal(
                specialist_id=one.specialist_id,
                specialist=one.name,
                team=one.team or "",
                month=month,
                attended=reckoned.attended,
                due=whole(reckoned.due + _ROUNDING),
                effective=reckoned.effective,
                shortfall=reckoned.shortfall,
                proposed_cents=proposed_cents(reckoned.shortfall, per_missing, already),
                fined_cents=already,
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.shortfall, alphabetical(one.specialist))))


def read_money(connection: Connection, config: Config, month: int | None, now_us: int) -> MoneySnapshot:
    """Return the ledger of fines and rewards at `now_us`, and what is missing and proposed for a month (YYYYMM; None:
    the last whole one). RefusedError as of `read_shortfalls`."""
    today = calendar_of(config.floor).today(now_us)
    month = month_before(today) if month is None else month
    return MoneySnapshot(
        month=month,
        currency=config.orders.currency,
        per_missing=config.discipline.fine_per_missing,
        proposals=read_shortfalls(connection, config, month, now_us),
        ledger=tuple(map(money_line, flag_book.money(connection, back(today, LEDGER_DAYS)))),
    )
