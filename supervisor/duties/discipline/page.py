"""A specialist's page: flags and merits, the trend by weeks, the base rate of the team, money and attendance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from store import examination
from store import flag_book as book
from store import floor as floor_rows
from supervisor.calendar import date_of, day_number
from supervisor.config import Config
from supervisor.duties.calls.floor import PRESENT, calendar_of
from supervisor.duties.discipline.findings import WORDS
from supervisor.duties.discipline.fines import LEDGER_DAYS, days_from
from supervisor.duties.discipline.points import score
from supervisor.duties.discipline.read import back, employed, line_of, money_line
from supervisor.duties.discipline.snapshots import DISMISSED, WITHDRAWN, PersonPage, RuleRate, WeekCount

PAGE_DAYS = 90
"""The days of which flags are listed, and rates are counted."""
WEEKS = 13
ATTENDANCE_DAYS = 30


def read_page(connection: Connection, config: Config, specialist_id: int, now_us: int) -> PersonPage:
    """Return a specialist's page at `now_us` (epoch us). Beside them stands everybody of their team that is here, they
    included; who is in no team stands beside the whole floor. LookupError where there is no such specialist."""
    today, expires = calendar_of(config.floor).today(now_us), config.discipline.expires_days
    people = floor_rows.people(connection, today)
    own = next((one for one in people if one.specialist_id == specialist_id), None)
    if own is None:
        raise LookupError("this specialist is in the roster no more")
    peers = [one.specialist_id for one in people if _is_peer(one, own, today)]
    first = back(today, PAGE_DAYS - 1)
    seen = [one for one in book.seen(connection, peers, min(first, monday_of(today, WEEKS - 1)), today) if _stands(one)]
    decided: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for whose, points, day in book.points(connection, peers, back(today, expires)):
        decided[whose].append((points, day))
    scores = {peer: score(decided[peer], today, expires) for peer in peers}
    return PersonPage(
        specialist_id=specialist_id,
        name=own.name,
        team=own.team or "",
        day=today,
        now_us=now_us,
        score=scores[specialist_id],
        team_score=sum(scores.values()) / len(peers),
        peers=len(peers),
        flags=tuple(
            line_of(row, today, expires) for row in book.of_specialist(connection, specialist_id, first, today)
        ),
        rates=rates_of([one for one in seen if one.day >= first], specialist_id, len(peers)),
        weeks=weeks_of(seen, specialist_id, len(peers), today),
        money=tuple(map(money_line, book.money_of(connection, specialist_id, back(today, LEDGER_DAYS)))),
        attendance=_attendance(connection, config, own, today),
    )


def _is_peer(one: floor_rows.Person, own: floor_rows.Person, day: int) -> bool:
    if one.specialist_id == own.specialist_id:
        return True
    return (own.team_id is None or one.team_id == own.team_id) and employed(one.hired, one.left, day)


def _stands(one: book.Seen) -> bool:
    """What was withdrawn or dismissed was no breach."""
    return one.state != WITHDRAWN and one.decision != DISMISSED


def monday_of(day: int, weeks_before: int = 0) -> int:
    """Return the Monday of the week of a day, or of one so many weeks before."""
    local = date_of(day)
    return day_number(local - timedelta(days=local.weekday() + 7 * weeks_before))


def rates_of(seen: Iterable[book.Seen], specialist_id: int, peers: int) -> tuple[RuleRate, ...]:
    """Return how often each rule found something of a specialist, and of their team on average a person, the most
    first. Merits are no breaches."""
    theirs: Counter[str] = Counter()
    team: Counter[str] = Counter()
    for one in seen:
        if one.kind == "flag":
            team[one.rule] += 1
            theirs[one.rule] += one.specialist_id == specialist_id
    found = (RuleRate(rule, WORDS.get(rule, rule), theirs[rule], team[rule] / peers) for rule in team)
    return tuple(sorted(found, key=lambda one: (-one.theirs, -one.team, one.rule_words)))


def weeks_of(seen: Sequence[book.Seen], specialist_id: int, peers: int, today: int) -> tuple[WeekCount, ...]:
    """Return flags and merits of the last `WEEKS` weeks, that of today the last one, and the team's flags a person."""
    flags: Counter[int] = Counter()
    merits: Counter[int] = Counter()
    team: Counter[int] = Counter()
    for one in seen:
        monday = monday_of(one.day)
        team[monday] += one.kind == "flag"
        if one.specialist_id == specialist_id:
            (flags if one.kind == "flag" else merits)[monday] += 1
    mondays = [monday_of(today, before) for before in range(WEEKS - 1, -1, -1)]
    return tuple(WeekCount(monday, flags[monday], merits[monday], team[monday] / peers) for monday in mondays)


def _attendance(
    connection: Connection, config: Config, own: floor_rows.Person, today: int
) -> tuple[tuple[int, str], ...]:
    """The days on which they had to be there or attendance tells of them, oldest first; untold, they are present."""
    calendar, first = calendar_of(config.floor), back(today, ATTENDANCE_DAYS - 1)
    told = examination.attendance(connection, [own.specialist_id], first, today)
    found = []
    for day in days_from(first, today):
        status = told.get((own.specialist_id, day)) or (PRESENT if calendar.shift(day) else "")
        if status and employed(own.hired, own.left, day):
            found.append((day, status))
    return tuple(found)
