"""The rows of a day put together: everybody's day as the rules look at it. Pure; a day may have 200,000 calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import cast

from integrations.provider import Direction, Progress
from store import evaluation as rows
from supervisor.calendar import Span
from supervisor.config import Config
from supervisor.duties.calls.floor import PRESENT
from supervisor.duties.calls.pace import NOTHING, Quotas
from supervisor.duties.discipline.day import DayRows, hours_known, shifts_of
from supervisor.duties.discipline.excuses import excuses_of
from supervisor.duties.discipline.seen import Blocked, CallSeen, CustomerSeen, DayFacts, PersonDay, WrittenLog
from supervisor.duties.followups.logs import join

_SEEN = len(CallSeen._fields) - 1
_PROGRESS, _LEGS = 11, 12
_ENDED = int(Progress.ENDED)
_INBOUND = Direction.INBOUND.value


def day_of(told: DayRows, config: Config) -> tuple[list[PersonDay], DayFacts]:
    """Return everybody's day that the rows `told` make: specialists, then unknown phone identities that called."""
    whose = customers_of(told.owners)
    calls, near = _Calls((*told.calls, *told.night), whose), _Calls(told.near, whose)
    parts: dict[int, list[rows.PartTaken]] = defaultdict(list)
    for part in told.parts:
        parts[part.identity_id].append(part)
    shifts = shifts_of(config, told.day, told.attendance)
    here = {one.specialist_id for one in told.people}
    theirs: dict[int, list[rows.PhoneHeld]] = defaultdict(list)
    strangers = []
    for phone in told.phones:
        if phone.specialist_id in here:
            theirs[phone.specialist_id or 0].append(phone)
        elif phone.identity_id in calls.of:
            strangers.append(phone)
    week, unknown_week = _week(told.week, here)
    logs: dict[int, list[rows.Written]] = defaultdict(list)
    for log in told.logs:
        logs[log.specialist_id].append(log)
    quotas = Quotas(told.quotas, told.day, config.quota)
    day_end_us = shifts.calendar.bounds(told.day)[1]
    excuses = excuses_of(told.pauses, told.outages, config.discipline.excused_pauses)
    found = []
    for person in told.people:
        id_, phones = person.specialist_id, theirs[person.specialist_id]
        shift = shifts.of(id_, told.day)
        shift_end_us = shift[-1][1] if shift else 0
        end_us = max(day_end_us, shift_end_us)
        until_us = min(told.now_us, end_us)
        made = calls.made(phones)
        if told.night:
            made = [call for call in made if call.started_us < end_us]
        activity = calls.activity(
            made, [part for phone in phones for part in parts.get(phone.identity_id, ())], until_us
        )
        if told.now_us < shift_end_us and not any(phone.live for phone in phones):
            # Their source tells of a call when it is over: whether they are on one now, nobody knows.
            until_us = min(until_us, activity[-1][1] if activity else shift[0][0])
        status = person.status or PRESENT
        found.append(
            PersonDay(
                specialist_id=id_,
                identity_id=None,
                name=person.name,
                team_id=person.team_id,
                day=told.day,
                attendance=status,
                quota=quotas.of(id_, person.team_id, status),
                shift=shift,
                hours_known=hours_known(person),
                calls=made,
                activity=activity,
                excuses=excuses(phones, until_us),
                until_us=until_us,
                around=shifts.around(id_),
                logs=_alone(logs[id_], [*made, *near.made(phones)], told),
                week_calls=week.get(id_, {}),
            )
        )
    until_us = min(told.now_us, day_end_us)
    for phone in strangers:
        made = [call for call in calls.made([phone]) if call.started_us < day_end_us]
        found.append(
            PersonDay(
                specialist_id=None,
                identity_id=phone.identity_id,
                name=f"{phone.source}:{phone.agent}",
                team_id=None,
                day=told.day,
                attendance=PRESENT,
                quota=NOTHING,
                shift=(),
                hours_known=False,
                calls=made,
                activity=calls.activity(made, parts.get(phone.identity_id, ()), until_us),
                excuses=excuses([phone], until_us),
                until_us=until_us,
                week_calls=unknown_week.get(phone.identity_id, {}),
            )
        )
    return found, _facts(told, config)


def _facts(told: DayRows, config: Config) -> DayFacts:
    known = {one.customer_id: one for one in told.owners}
    return DayFacts(
        day=told.day,
        time_zone=config.floor.time_zone,
        any_customers=told.any_customers,
        customers={id_: CustomerSeen(id_, one.company, one.time_zone) for id_, one in known.items()},
        blocked={
            id_: Blocked(id_, one.company, one.dnc_us, one.dnc_why)
            for id_, one in known.items()
            if one.dnc_us is not None
        },
    )


def customers_of(owners: Iterable[rows.Owner]) -> dict[str, tuple[int, ...]]:
    """Return the customers whose each number is, in the order of `owners`."""
    found: dict[str, tuple[int, ...]] = {}
    for owner in owners:
        found[owner.number] = (*found.get(owner.number, ()), owner.customer_id)
    return found


class _Calls:
    """Calls by phone identity as the rules see them; nobody's are left out. A day may have 200,000, so that each is
    gone through once. `shared`: those with several legs; `under_way`: those that are not over."""

    def __init__(self, calls: Iterable[rows.Call], customers_of: Mapping[str, tuple[int, ...]]) -> None:
        self.of: dict[int, list[CallSeen]] = defaultdict(list)
        self.shared: set[str] = set()
        self.under_way: set[str] = set()
        of, customers, make = self.of, customers_of.get, cast(Callable[..., CallSeen], tuple.__new__)
        for call in calls:
            identity = call[1]
            if identity is not None:
                of[identity].append(make(CallSeen, (*call[:_SEEN], customers(call[3], ()))))
                if call[_LEGS] > 1:
                    self.shared.add(call[0])
                if call[_PROGRESS] < _ENDED:
                    self.under_way.add(call[0])

    def made(self, phones: Sequence[rows.PhoneHeld]) -> list[CallSeen]:
        """Return the calls of somebody's phones in the order they began."""
        if len(phones) == 1:
            return list(self.of.get(phones[0].identity_id, ()))
        found = [call for phone in phones for call in self.of.get(phone.identity_id, ())]
        return sorted(found, key=lambda call: (call.started_us, call.id))

    def activity(self, made: Sequence[CallSeen], parts: Iterable[rows.PartTaken], until_us: int) -> list[Span]:
        """Return when somebody was on a call, merged and in order: on the calls of one leg that they `made`, and by
        their own legs of others.

        A phone that rang and was not answered was no activity. A call of which nobody knows the end lasted until the
        next one began, in favour of who made it; one that is under way lasts until `until_us`.
        """
        spans: list[Span] = []
        next_us = until_us
        for call in reversed(made):
            begin, end = call.started_us, call.ended_us
            if (call.direction != _INBOUND or call.answered_us is not None) and call.id not in self.shared:
                if end is None:
                    end = until_us if call.id in self.under_way else max(begin, next_us)
                spans.append((begin, end))
            next_us = begin
        for part in parts:
            if part.direction != _INBOUND or part.answered_us is not None:
                at_us = part.answered_us or part.started_us
                spans.append((part.started_us, part.ended_us or (until_us if part.progress < _ENDED else at_us)))
        return _merged(spans)


def _merged(spans: list[Span]) -> list[Span]:
    """Return `spans` merged and in order. One of no length is a moment, and stays: a dial that failed at once."""
    spans.sort()
    merged: list[Span] = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((begin, end))
    return merged


def _week(
    told: Iterable[tuple[int, int | None, str, int]], here: Collection[int]
) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """Return calls by number on the days before, of specialists and of phones that are nobody's."""
    theirs: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    nobodys: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for identity_id, specialist_id, number, times in told:
        if specialist_id in here and specialist_id is not None:
            theirs[specialist_id][number] += times
        else:
            nobodys[identity_id][number] += times
    return theirs, nobodys


def _alone(logs: Sequence[rows.Written], calls: Iterable[CallSeen], told: DayRows) -> tuple[WrittenLog, ...]:
    """Return the logs of somebody that no call of theirs with this customer stands behind.

    Rules: "a log joins the nearest call of the same specialist and number within 5 minutes, one to one"; "contacts
    dated before the floor's first call record are history", and nothing without a call.
    """
    if told.first_call_us is None or not logs:
        return ()
    written = [log for log in logs if log.at_us >= told.first_call_us]
    spans = {
        call.id: (call.id, call.started_us, call.ended_us or call.answered_us or call.started_us, call.customers)
        for call in calls
    }
    joined = join(spans.values(), [(log.entry_id, log.at_us, log.customer_id) for log in written])
    found = [log for log in written if log.entry_id not in joined]
    return tuple(
        WrittenLog(log.entry_id, log.customer_id, log.company, log.at_us, log.claimed_ms)
        for log in sorted(found, key=lambda log: (log.at_us, log.entry_id))
    )
