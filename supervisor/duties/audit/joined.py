"""The rows of a day joined: calls, contact ledger and attendance by person, classified, and put together. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from integrations.provider import Progress
from store import audit_book as book
from store import evaluation, flag_book, floor
from supervisor.calendar import Span
from supervisor.config import Config
from supervisor.duties.audit.classes import Audited, Theirs, Told, audited, audited_log
from supervisor.duties.audit.discrepancies import Flags, discrepancies
from supervisor.duties.audit.figures import classes_of, figures_of, residue_of, totals_of
from supervisor.duties.audit.snapshots import (
    CALL_CLASSES,
    LOG_CLASSES,
    DayAudit,
    Discrepancy,
    SpecialistFigures,
)
from supervisor.duties.audit.words import Words
from supervisor.duties.calls.floor import PRESENT, calendar_of, sources_of
from supervisor.duties.calls.pace import NOTHING
from supervisor.duties.discipline.day import DayRows
from supervisor.duties.discipline.putting import day_of
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.seen import CallSeen, PersonDay
from supervisor.text import alphabetical

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_ENDED = int(Progress.ENDED)


@dataclass(frozen=True)
class AuditRows:
    """What the store says of a day and its edges, read at one moment of it.

    `told`: by what it is judged; `span`: when it begins and ends; `logs` and `near` calls of the days beside it too;
    `customers`: whose each number is; `settled`: whose call it was where the ledger knows and the number does not
    tell; `tallies`: sums of phones as they are kept; `over_us`: when all of it has happened."""

    told: DayRows
    span: Span
    logs: Sequence[book.LogRow]
    near: Sequence[evaluation.Call]
    customers: Mapping[str, tuple[int, ...]]
    settled: Mapping[str, tuple[int, str]]
    tallies: Mapping[int, book.Tally]
    decided: Mapping[str, book.Decided]
    flags: Sequence[flag_book.FlagRow]
    first_call_us: int | None
    sources: Sequence[floor.SourceState]
    over_us: int


@dataclass(frozen=True)
class AuditedDay:
    """Everything of a day, classified, of which a team's is a part. `people`: each with what their phones did as it is
    kept as sums; `legs`: how many each call has, by its id."""

    rows: AuditRows
    people: Sequence[tuple[Theirs, Sequence[book.Tally]]]
    found: Audited
    discrepancies: Sequence[Discrepancy]
    legs: Mapping[str, int]


def classified(rows: AuditRows, config: Config) -> AuditedDay:
    """Return everything of a day with its class, and what of it wants an explanation."""
    told, found = rows.told, Audited([], [], [])
    people, facts = day_of(told, config)
    known = (*told.calls, *rows.near)
    about = Told(
        facts=facts,
        config=config,
        now_us=told.now_us,
        outcomes={call[0]: call[-1] for call in known},
        under_way={call[0] for call in known if call[-3] < _ENDED},
        settled=rows.settled,
    )
    everybody = _everybody(rows, people)
    for theirs, _ in everybody:
        if theirs.calls or theirs.logs:
            calls, logs, beside = audited(theirs, about)
            found.calls.extend(calls)
            found.logs.extend(logs)
            found.beside.extend(beside)
    here, words = {person.specialist_id for person in people}, Words(facts.time_zone)
    begin_us, end_us = rows.span
    found.logs.extend(
        audited_log(log, words)
        for log in rows.logs
        if begin_us <= log.at_us < end_us and (log.specialist_id is None or log.specialist_id not in here)
    )
    found.calls.sort(key=lambda call: (call.started_us, call.id))
    found.logs.sort(key=lambda log: (log.at_us, log.entry_id))
    wanting = discrepancies(*found, rows.decided, Flags(rows.flags), rows.first_call_us)
    return AuditedDay(rows, everybody, found, wanting, {f"call:{call[0]}": call[-2] for call in told.calls})


def _everybody(rows: AuditRows, people: Sequence[PersonDay]) -> list[tuple[Theirs, list[book.Tally]]]:
    """Each of `people` with their calls, logs and sums, and after them nobody, whose calls are no one's."""
    told = rows.told
    begin_us, end_us = rows.span
    place_of = {person.specialist_id: place for place, person in enumerate(people) if person.specialist_id is not None}
    stranger = {person.identity_id: place for place, person in enumerate(people) if person.specialist_id is None}
    nobody = len(people)
    whose: dict[int | None, int] = {}
    for phone in told.phones:
        if phone.specialist_id in place_of:
            whose[phone.identity_id] = place_of[phone.specialist_id]
        elif phone.identity_id in stranger:
            whose[phone.identity_id] = stranger[phone.identity_id]
    near = _by_person(rows.near, whose, nobody, rows.customers)
    nobodys = _by_person((call for call in told.calls if call[1] is None), whose, nobody, rows.customers)[nobody]
    of_day = {call[0] for call in told.calls} if told.night else None
    tallies: defaultdict[int, list[book.Tally]] = defaultdict(list)
    for identity_id, tally in rows.tallies.items():
        tallies[whose.get(identity_id, nobody)].append(tally)
    logs: defaultdict[int, list[book.LogRow]] = defaultdict(list)
    near_logs: defaultdict[int, list[book.LogRow]] = defaultdict(list)
    for log in rows.logs:
        if log.specialist_id in place_of:
            of = logs if begin_us <= log.at_us < end_us else near_logs
            of[place_of[log.specialist_id]].append(log)
    teams = {one.specialist_id: one.team or "" for one in told.people}
    before = {one.specialist_id: one.status for one in told.attendance if one.day == back(told.day, 1)}
    found = []
    for place, person in enumerate((*people, _nobody(told, nobodys))):
        id_ = person.specialist_id or 0
        calls = person.calls if of_day is None else [call for call in person.calls if call.id in of_day]
        theirs = (calls, logs[place], near[place], near_logs[place])
        found.append((Theirs(person, teams.get(id_, ""), before.get(id_, PRESENT), *theirs), tallies[place]))
    return found


def _by_person(
    calls: Iterable[evaluation.Call], whose: Mapping[int | None, int], nobody: int,
    customers: Mapping[str, tuple[int, ...]],
) -> defaultdict[int, list[CallSeen]]:  # fmt: skip
    found: defaultdict[int, list[CallSeen]] = defaultdict(list)
    for call in calls:
        seen = CallSeen._make((*call[:-3], customers.get(call[3], ())))
        found[whose.get(seen.identity_id, nobody)].append(seen)
    return found


def _nobody(told: DayRows, calls: Sequence[CallSeen]) -> PersonDay:
    """The day of nobody, whose `calls` are no one's: no attendance, no shift, no quota."""
    return PersonDay(
        specialist_id=None,
        identity_id=None,
        name="",
        team_id=None,
        day=told.day,
        attendance=PRESENT,
        quota=NOTHING,
        shift=(),
        hours_known=False,
        calls=calls,
        activity=(),
        excuses=(),
        until_us=told.now_us,
    )


# -- putting it together ------------------------------------------------------------------------------------------


def of_team(day: AuditedDay, team: str) -> AuditedDay:
    """Return what of a day is a team's: the calls of its people's phones, the logs of its people."""
    return replace(
        day,
        people=[one for one in day.people if one[0].team == team],
        found=Audited(
            [call for call in day.found.calls if call.team == team],
            [log for log in day.found.logs if log.team == team],
            [log for log in day.found.beside if log.team == team],
        ),
        discrepancies=[one for one in day.discrepancies if one.team == team],
    )


def put(day: AuditedDay, config: Config, recount: book.Recount) -> DayAudit:
    """Return the audit of a day, or of a team's part of it, whose sums the database counted too: `recount`."""
    told, (calls, logs, _) = day.rows.told, day.found
    calendar = calendar_of(config.floor)
    totals = totals_of(calls, logs, day.legs)
    people = [(one.person.name, one.calls, tallies) for one, tallies in day.people if _is_somebody(one.person)]
    residue = residue_of(calls, logs, totals, recount, people)
    return DayAudit(
        day=told.day,
        now_us=told.now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        shift_elapsed=calendar.shift_elapsed(told.now_us, told.day),
        sources=sources_of(day.rows.sources, config, told.now_us),
        over=told.now_us >= day.rows.over_us,
        balanced=not residue,
        residue=residue,
        totals=totals,
        call_classes=classes_of(calls, CALL_CLASSES),
        log_classes=classes_of(logs, LOG_CLASSES),
        specialists=_specialists(day),
        discrepancies=tuple(day.discrepancies),
        calls=tuple(calls),
        logs=tuple(logs),
        signed=None,
        teams=tuple(sorted({one.team for one in told.people if one.team}, key=alphabetical)),
    )


def _is_somebody(person: PersonDay) -> bool:
    return person.specialist_id is not None or person.identity_id is not None


def _specialists(day: AuditedDay) -> tuple[SpecialistFigures, ...]:
    """Everybody's figures: specialists by team and name, then unknown phones."""
    logs = _grouped(day.found.logs, lambda one: one.specialist_id)
    of_day = (flag for flag in day.rows.flags if flag.day == day.rows.told.day)
    flags = _grouped(of_day, lambda one: _whose(one.specialist_id, one.specialist))
    wanting = _grouped(day.discrepancies, lambda one: _whose(one.specialist_id, one.specialist))
    found = []
    for theirs, tallies in day.people:
        person = theirs.person
        if person.specialist_id is not None or (theirs.calls and _is_somebody(person)):
            whose = _whose(person.specialist_id, person.name)
            own = logs[person.specialist_id] if person.specialist_id is not None else []
            found.append(
                figures_of(person, theirs.team, theirs.calls, own, tallies, flags[whose], wanting[whose])
            )  # fmt: skip
    return tuple(
        sorted(
            found, key=lambda one: (one.specialist_id is None, alphabetical(one.team), alphabetical(one.name), one.name)
        )
    )


def _whose(specialist_id: int | None, name: str) -> tuple[int | None, str]:
    return specialist_id, name if specialist_id is None else ""


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> defaultdict[K, list[T]]:
    found: defaultdict[K, list[T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found
