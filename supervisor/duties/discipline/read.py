"""Flags as they are listed, the floor's panel, and one flag in full: read from the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from store import flag_book as book
from store import floor as floor_rows
from supervisor.calendar import date_of, day_number
from supervisor.config import Config
from supervisor.directors import is_director
from supervisor.duties.calls.floor import calendar_of, sources_of
from supervisor.duties.discipline.findings import WORDS
from supervisor.duties.discipline.kept import evidence_of, excuses_of
from supervisor.duties.discipline.points import points_on, score
from supervisor.duties.discipline.snapshots import (
    DECIDED,
    DisciplineSnapshot,
    FlagCounts,
    FlagFile,
    FlagLine,
    FlagsPanel,
    MoneyLine,
    ProofCall,
    TraceLine,
)
from supervisor.text import alphabetical

PANEL = 50
"""Lines of the floor's panel."""
RECENT_DAYS = 30
"""The days of which decided flags and merits are listed."""
BEFORE_DAYS = 90
"""The days in which a flag of the same rule was found before."""
LATE_DAYS = 120
"""A flag of a day so long ago is listed too when it was decided lately."""
RAISED_DAYS = 8
"""The days to which the rules are applied by themselves: flags raised today are of one of them."""


def back(day: int, days: int) -> int:
    """Return the day so many days before `day`."""
    return day_number(date_of(day) - timedelta(days=days))


def here(people: Iterable[floor_rows.Person], day: int) -> list[floor_rows.Person]:
    """Return those who are employed on a day, by team and name."""
    found = [one for one in people if employed(one.hired, one.left, day)]
    return sorted(found, key=lambda one: (alphabetical(one.team or ""), alphabetical(one.name)))


def employed(hired: int | None, left: int | None, day: int) -> bool:
    """Whether somebody hired and gone on those days (None: unknown, still here) is here on `day`."""
    return (hired is None or hired <= day) and (left is None or day <= left)


def line_of(row: book.FlagRow, today: int, expires_days: int) -> FlagLine:
    """Return a flag as it is listed on the day `today`."""
    points = points_on(row.points, row.decided_day, today, expires_days) if row.state == DECIDED else 0
    return FlagLine(
        flag_id=row.flag_id,
        version=row.version,
        kind=row.kind,
        rule=row.rule,
        rule_words=WORDS.get(row.rule, row.rule),
        specialist_id=row.specialist_id,
        specialist=row.specialist,
        team=row.team,
        day=row.day,
        at_us=row.at_us,
        severity=row.severity,
        words=evidence_of(row.evidence).words,
        excuses=excuses_of(row.excuses),
        state=row.state,
        reply=row.reply,
        decision=row.decision,
        decided_us=row.decided_us,
        decided_by=row.decided_by,
        why=row.why,
        points=points,
        raised_us=row.raised_us,
        raised_by=row.raised_by,
    )


def money_line(row: book.MoneyRow) -> MoneyLine:
    """Return a fine or reward as it is listed."""
    return MoneyLine(
        money_id=row.money_id,
        specialist_id=row.specialist_id,
        specialist=row.specialist,
        kind=row.kind,
        amount_cents=row.amount_cents,
        day=row.day,
        month=row.month,
        flag_id=row.flag_id,
        why=row.why,
        who=row.who,
        withdrawn=row.withdrawn,
    )


def _lines(rows: Iterable[book.FlagRow], config: Config, today: int) -> tuple[FlagLine, ...]:
    return tuple(line_of(row, today, config.discipline.expires_days) for row in rows)


def read_counts(connection: Connection, config: Config, today: int) -> FlagCounts:
    """Return how many flags wait, were raised today, and how many merits the last days had."""
    begins_us, _ = calendar_of(config.floor).bounds(today)
    found = book.counts(connection, back(today, RAISED_DAYS - 1), begins_us, back(today, RECENT_DAYS - 1))
    return FlagCounts(*found)


class Lists(NamedTuple):
    """Everything of mode 5 that follows from flags alone: it stays as it is until something becomes of one."""

    counts: FlagCounts
    open: tuple[FlagLine, ...]
    decided: tuple[FlagLine, ...]


def read_lists(connection: Connection, config: Config, today: int) -> Lists:
    """Return the flags that mode 5 lists on the day `today`, and their counts."""
    settled = book.settled(connection, back(today, LATE_DAYS), back(today, RECENT_DAYS - 1))
    return Lists(
        read_counts(connection, config, today),
        _lines(book.waiting(connection), config, today),
        _lines(settled, config, today),
    )


def read_discipline(
    connection: Connection, config: Config, now_us: int, lists: Lists | None = None
) -> DisciplineSnapshot:
    """Return what mode 5 shows at `now_us` (epoch us), from one moment of the store. `lists`: those that were read
    before, where they are still so."""
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    people = here(floor_rows.people(connection, today), today)
    counts, waiting, decided = lists or read_lists(connection, config, today)
    return DisciplineSnapshot(
        day=today,
        now_us=now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        shift_elapsed=calendar.shift_elapsed(now_us, today),
        sources=sources_of(floor_rows.source_states(connection), config, now_us),
        counts=counts,
        open=waiting,
        decided=decided,
        people=tuple((one.specialist_id, one.name, one.team or "") for one in people),
        teams=tuple(dict.fromkeys(one.team for one in people if one.team)),
        currency=config.orders.currency,
        evaluated_us=book.evaluated_us(connection),
        may_read_talks=is_director(config),
    )


def read_panel(connection: Connection, config: Config, now_us: int) -> FlagsPanel:
    """Return what the floor's panel shows at `now_us`: the newest flags that wait, at most `PANEL`, and the counts."""
    today = calendar_of(config.floor).today(now_us)
    lines = _lines(book.waiting(connection, PANEL), config, today)
    return FlagsPanel(today, now_us, read_counts(connection, config, today), lines)


def read_flag(connection: Connection, config: Config, flag_id: int, now_us: int) -> FlagFile:
    """Return one flag in full at `now_us`. LookupError where there is none."""
    row = book.flag(connection, flag_id)
    if row is None:
        raise LookupError("there is no such flag any more")
    today, expires = calendar_of(config.floor).today(now_us), config.discipline.expires_days
    evidence = evidence_of(row.evidence)
    theirs = () if row.specialist_id is None else (row.specialist_id,)
    told = book.points(connection, theirs, back(today, expires))
    return FlagFile(
        line=line_of(row, today, expires),
        figures=evidence.figures,
        base=evidence.base,
        calls=_proof(connection, evidence.calls),
        trace=tuple(TraceLine(*one) for one in book.trace(connection, flag_id)),
        before=book.found_before(connection, row, back(row.day, BEFORE_DAYS)),
        score=score(((points, day) for _, points, day in told), today, expires),
    )


def _proof(connection: Connection, ids: Sequence[str]) -> tuple[ProofCall, ...]:
    """The calls "source:group" behind a flag, in the order of `ids`; those that are no more are left out."""
    groups: dict[str, list[str]] = defaultdict(list)
    for id_ in ids:
        source, _, group = id_.partition(":")
        groups[source].append(group)
    found = {
        f"{call.source}:{call.group_id}": call
        for source, wanted in groups.items()
        for call in book.calls(connection, source, wanted)
    }
    return tuple(
        ProofCall(id_, *(call.started_us, call.direction, call.number, call.company, call.outcome, call.talk_ms))
        for id_ in ids
        if (call := found.get(id_))
    )
