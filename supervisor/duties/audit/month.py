"""The audit of a month: telephone statistics joined with attendance, who is below what is prescribed, and a sample of
calls to listen to again.

Rule: shortfall = max(0, quota x days attended - effective calls), and the fine proposed for it, as of the fines. Only
days whose work is over are looked at. Sums come from tallies, never from legs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil
from random import Random
from typing import NamedTuple

from sqlalchemy import Connection

from store import audit_month as rows
from store import evaluation, flag_book, floor
from supervisor.config import Config
from supervisor.duties.audit.snapshots import MonthAudit, MonthFigures, SampleCall, Totals
from supervisor.duties.audit.summary import checked_team
from supervisor.duties.audit.told import Done, Told, added, read_told
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.fines import days_from, month_days, month_text, proposed_cents, reckon
from supervisor.duties.discipline.points import score
from supervisor.duties.discipline.read import back
from supervisor.duties.followups.logs import WITHIN_US
from supervisor.text import alphabetical

SAMPLE = 12
"""Calls of a spot check."""
SHORTFALL_WEIGHT, FLAGS_WEIGHT, SHORT_WEIGHT = 0.5, 0.3, 0.2
GRAVE_SCORE = 10
"""The score of flags from which it counts in full."""
ANYBODY = 0.1
"""What everybody is weighted by besides their risk: nobody is never listened to."""
JUST_ABOVE, UNLOGGED = 3.0, 2.0
"""So much likelier a call is drawn whose talk lies just above what makes it effective, and one that nobody logged."""
_ROUNDING = 1e-9


# -- rules --------------------------------------------------------------------------------------------------------


def risk(shortfall: int, due: float, flag_score: int, connected: int, effective: int) -> float:
    """Return how much somebody's calls want to be listened to, 0..1: half of it the share of the due effective calls
    that is missing, three tenths the score of flags (10 or more: all of it), two tenths the share of the answered
    dials that were too short to be effective."""
    missing = min(1.0, shortfall / due) if due > 0 else 0.0
    short = max(0, connected - effective) / connected if connected else 0.0
    told = min(1.0, flag_score / GRAVE_SCORE)
    return SHORTFALL_WEIGHT * missing + FLAGS_WEIGHT * told + SHORT_WEIGHT * short


def needed_a_day(target: float, done: int, days_left: float) -> float | None:
    """Return how many effective calls a day attended are needed to reach `target`, 0 where it is reached; None where
    no day is left."""
    return max(0.0, target - done) / days_left if days_left > 0 else None


class Candidate(NamedTuple):
    """An effective call that may be drawn, and what is suspicious of it."""

    call: rows.Candidate
    just_above: bool
    unlogged: bool

    @property
    def weight(self) -> float:
        """How likely it is drawn, against the other calls of its specialist."""
        return (JUST_ABOVE if self.just_above else 1.0) * (UNLOGGED if self.unlogged else 1.0)

    @property
    def words(self) -> str:
        """What is suspicious of it, "" nothing."""
        told = (("talk just above what is effective", self.just_above), ("nobody logged it", self.unlogged))
        return "; ".join(words for words, is_so in told if is_so)


def draw_people(random: Random, people: Sequence[tuple[int, float, int]], many: int) -> dict[int, int]:
    """Return how many calls are drawn of whom: `many` in all, or all there are. `people`: (specialist, risk, effective
    calls), in an order that stays; each draw is weighted by the risk, whatever the number of calls."""
    left = {id_: calls for id_, _, calls in people if calls > 0}
    weights = {id_: ANYBODY + at_risk for id_, at_risk, _ in people}
    drawn: dict[int, int] = defaultdict(int)
    for _ in range(min(many, sum(left.values()))):
        ids = list(left)
        id_ = random.choices(ids, [weights[one] for one in ids])[0]
        drawn[id_] += 1
        left[id_] -= 1
        if not left[id_]:
            del left[id_]
    return dict(drawn)


def draw_calls(random: Random, calls: Iterable[Candidate], many: int) -> list[Candidate]:
    """Return `many` of `calls` (all where there are fewer), weighted by suspicion and without repetition: each call
    gets u ^ (1 / weight) with u uniform in [0, 1), and the greatest are drawn (Efraimidis and Spirakis, 2006)."""
    keyed = [(random.random() ** (1 / one.weight), place, one) for place, one in enumerate(calls)]
    return [one for _, _, one in sorted(keyed, key=lambda key: (-key[0], key[1]))[:many]]


def suspicion(
    call: rows.Candidate, owners: Collection[int], logs: Sequence[int], effective_ms: int, width_ms: int
) -> Candidate:
    """Return a call with what is suspicious of it: a talk within `width_ms` above `effective_ms`, and that no log of
    its specialist (`logs`: their moments) of a customer with its number (`owners`) lies within five minutes of it."""
    just_above = call.talk_ms is not None and effective_ms <= call.talk_ms < effective_ms + width_ms
    until_us = call.ended_us or call.started_us
    logged = bool(owners) and any(call.started_us - WITHIN_US <= at <= until_us + WITHIN_US for at in logs)
    return Candidate(call, just_above, not logged)


# -- reading ------------------------------------------------------------------------------------------------------


def read_month(
    connection: Connection,
    config: Config,
    month: int,
    now_us: int,
    seed: int = 1,
    team: str | None = None,
    many: int = SAMPLE,
) -> MonthAudit:
    """Return the audit of a month (YYYYMM) up to the last day whose work is over at `now_us` (epoch us), of a team or
    of all (None), with a sample of `many` calls: the same for the same data and seed.

    RefusedError where it is no month, one to come, or there is no such team.
    """
    return audit_of(connection, config, read_month_told(connection, config, month, now_us), now_us, seed, team, many)


def read_month_told(connection: Connection, config: Config, month: int, now_us: int) -> Told:
    """Return what the store tells of a month. RefusedError where it is none, or one to come."""
    first, until = month_days(month)
    if first > calendar_of(config.floor).today(now_us):
        raise RefusedError(f"{month_text(month)} is still to come")
    return read_told(connection, config, first, until, now_us)


def audit_of(
    connection: Connection, config: Config, told: Told, now_us: int, seed: int = 1, team: str | None = None,
    many: int = SAMPLE,
) -> MonthAudit:  # fmt: skip
    """As `read_month`, of a month that was told already: a report shows its summary too."""
    month = told.first // 100
    done = checked_team(told.people, team)
    ids = [one.specialist_id for one in done if one.specialist_id is not None]
    fined = flag_book.fined(connection, month)
    expires = config.discipline.expires_days
    points: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for id_, many_points, day in flag_book.points(connection, ids, back(told.last, expires)):
        points[id_].append((many_points, day))
    scores = {id_: score(found, told.last, expires) for id_, found in points.items()}
    people = tuple(_figures(one, told, config, fined, scores) for one in done)
    sealed = {seal.day: seal for seal in rows.seals(connection, told.first, told.last)}
    return MonthAudit(
        month=month,
        first=told.first,
        last=told.last,
        now_us=now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        currency=config.orders.currency,
        per_missing=config.discipline.fine_per_missing,
        specialists=people,
        below=tuple(sorted((one for one in people if one.shortfall), key=_worst_first)),
        sample=_sample(connection, config, told, people, seed, many),
        seed=seed,
        days=tuple((day, sealed[day].who if day in sealed else "") for day in _days(connection, config, told, sealed)),
        totals=_totals(connection, told, done, team),
        teams=tuple(sorted({one.team for one in told.people if one.team}, key=alphabetical)),
        hashes={day: seal.hash for day, seal in sealed.items()},
    )


def _worst_first(one: MonthFigures) -> tuple[int, str]:
    return -one.shortfall, alphabetical(one.name)


def _figures(
    one: Done, told: Told, config: Config, fined: Mapping[int, int], scores: Mapping[int, int]
) -> MonthFigures:
    assert one.specialist_id is not None
    id_ = one.specialist_id
    to_come = reckon(told.ahead.get(id_, ()))
    absent = told.absent.get(id_, Counter())
    target = one.due + to_come.due
    per_missing = config.discipline.fine_per_missing
    return MonthFigures(
        specialist_id=id_,
        name=one.name,
        team=one.team,
        days=one.days,
        leave=absent["leave"],
        sick=absent["sick"],
        dials=one.dials,
        connected=one.connected,
        effective=one.effective,
        talk_ms=one.talk_ms,
        contacts=one.contacts,
        due=one.whole_due,
        shortfall=one.shortfall,
        proposed_cents=proposed_cents(one.shortfall, per_missing, fined.get(id_, 0)),
        flags=one.flags,
        merits=one.merits,
        signed=one.signed,
        lost=one.lost,
        amount_cents=one.amount_cents,
        risk=risk(one.shortfall, one.due, scores.get(id_, 0), one.connected, one.effective),
        target=ceil(target - _ROUNDING),
        days_left=to_come.attended,
        needed=needed_a_day(target, one.effective, to_come.attended),
    )


def _days(connection: Connection, config: Config, told: Told, sealed: Collection[int]) -> list[int]:
    """The days of a month that are over and were worked (since the floor's first call), called on or signed."""
    calendar = calendar_of(config.floor)
    begun_us = floor.first_call_us(connection)
    since = told.last + 1 if begun_us is None else calendar.day_of(begun_us)
    called = set(rows.days_with_calls(connection, told.first, told.last))
    days = days_from(told.first, told.last)
    return [day for day in days if day in called or day in sealed or (day >= since and calendar.shift(day))]


def _totals(connection: Connection, told: Told, done: Sequence[Done], team: str | None) -> Totals:
    """The sums of a team's people; of the floor also of unknown phones and of nobody's calls."""
    if team is None:
        all_of = added((*done, told.nobody), "")
        legs, calls = rows.legs(connection, told.first, told.last), told.calls
    else:
        all_of = added(done, team)
        ids = [one.specialist_id for one in done if one.specialist_id is not None]
        legs = rows.legs_of(connection, ids, told.first, told.last)
        calls = rows.calls_of(connection, ids, told.first, told.last)
    return Totals(
        legs, calls, all_of.dials, all_of.connected, all_of.effective, all_of.talk_ms, all_of.contacts
    )  # fmt: skip


def _sample(
    connection: Connection, config: Config, told: Told, people: Sequence[MonthFigures], seed: int, many: int
) -> tuple[SampleCall, ...]:
    """Draw first whose calls, by risk, then which, by suspicion: so only the calls of those drawn are read."""
    random = Random(f"{seed}:{told.first // 100}")
    risks = {one.specialist_id: one.risk for one in people}
    drawn = draw_people(random, sorted((one.specialist_id, one.risk, one.effective) for one in people), many)
    if not drawn:
        return ()
    whose = sorted(drawn)
    calls = rows.candidates(connection, whose, told.first, told.last)
    owners: dict[str, set[int]] = defaultdict(set)
    for owner in evaluation.owners(connection, {call.number for call in calls if call.number}):
        owners[owner.number].add(owner.customer_id)
    calendar = calendar_of(config.floor)
    from_us, until_us = calendar.bounds(told.first)[0], calendar.bounds(told.last)[1]
    logs: dict[tuple[int, int], list[int]] = defaultdict(list)
    for log in rows.logs(connection, whose, from_us - WITHIN_US, until_us + WITHIN_US):
        logs[log.specialist_id, log.customer_id].append(log.at_us)
    effective_ms = config.calls.effective_seconds * 1000
    width_ms = config.discipline.bunching_seconds * 1000
    found: list[Candidate] = []
    for id_ in whose:
        theirs = [
            suspicion(
                call,
                owners[call.number],
                [at for owner in owners[call.number] for at in logs[id_, owner]],
                effective_ms,
                width_ms,
            )
            for call in calls
            if call.specialist_id == id_
        ]
        found += draw_calls(random, theirs, drawn[id_])
    found.sort(key=lambda one: (alphabetical(one.call.specialist), one.call.started_us, one.call.group_id))
    return tuple(_told(connection, one, risks[one.call.specialist_id]) for one in found)


def _told(connection: Connection, one: Candidate, at_risk: float) -> SampleCall:
    call = one.call
    company, recording = rows.told_of(connection, call.source_id, call.group_id)
    words = f"risk {at_risk:.2f}"
    return SampleCall(
        id=f"call:{call.source}:{call.group_id}",
        specialist=call.specialist,
        company=company,
        number=call.number,
        at_us=call.started_us,
        talk_ms=call.talk_ms,
        recording=recording,
        why=f"{words}; {one.words}" if one.words else words,
    )
