"""The figures of a day: totals, classes and people, and the proof that they add up. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from integrations.provider import Direction
from store.audit_book import Recount, Tally
from store.flag_book import FlagRow
from supervisor.duties.audit.snapshots import (
    CALL_CLASSES,
    LOG_CLASSES,
    OPEN,
    AuditedCall,
    AuditedLog,
    Discrepancy,
    SpecialistFigures,
    Totals,
)
from supervisor.duties.calls.floor import PRESENT
from supervisor.duties.discipline.rules.working import MINUTE_US, is_judged, stretches
from supervisor.duties.discipline.seen import CallSeen, PersonDay
from supervisor.duties.discipline.snapshots import DISMISSED, WITHDRAWN

_GAPS_US = (10 * MINUTE_US, MINUTE_US, 1)
_OUTSIDE = frozenset({Direction.OUTBOUND.value, Direction.INBOUND.value})


def totals_of(calls: Sequence[AuditedCall], logs: Sequence[AuditedLog], legs: Mapping[str, int]) -> Totals:
    """Return the sums over calls and logs; `legs`: how many each call has, by its id."""
    return Totals(
        legs=sum(legs[call.id] for call in calls),
        calls=len(calls),
        dials=sum(call.dial for call in calls),
        connected=sum(call.connected for call in calls),
        effective=sum(call.effective for call in calls),
        talk_ms=sum(call.talk_ms or 0 for call in calls if call.direction in _OUTSIDE),
        contacts=len(logs),
    )


def classes_of(items: Iterable[AuditedCall | AuditedLog], known: Sequence[str]) -> dict[str, int]:
    """Return how many of `items` are of each class: all that are `known`, in their order, and any other."""
    counts = Counter(item.class_ for item in items)
    return {name: counts[name] for name in (*known, *sorted(counts.keys() - set(known)))}


def residue_of(
    calls: Sequence[AuditedCall],
    logs: Sequence[AuditedLog],
    totals: Totals,
    recount: Recount,
    people: Iterable[tuple[str, Sequence[CallSeen], Sequence[Tally]]],
) -> tuple[str, ...]:
    """Return what does not add up, in words: classes against totals, totals against the `recount` of the database, the
    calls of each of `people` (name, calls, what is kept as sums of their phones) against those sums."""
    found = [
        *_partition("call", calls, totals.calls, CALL_CLASSES),
        *_partition("log", logs, totals.contacts, LOG_CLASSES),
    ]
    for name in Recount._fields:
        classified, counted = getattr(totals, name), getattr(recount, name)
        if classified != counted:
            found.append(f"{name}: {classified:,} classified, {counted:,} in the store")
    for name, theirs, tallies in people:
        own = (
            len(theirs),
            sum(call.dial for call in theirs),
            sum(call.connected for call in theirs),
            sum(call.effective for call in theirs),
        )
        kept = tuple(sum(tally[place] for tally in tallies) for place in range(4))
        if own != kept:
            told = " / ".join(map(str, own)), " / ".join(map(str, kept))
            found.append(f"{name}: calls / dials / connected / effective are {told[0]}, their sums say {told[1]}")
    return tuple(found)


def _partition(
    what: str, items: Sequence[AuditedCall] | Sequence[AuditedLog], many: int, known: Collection[str]
) -> list[str]:  # fmt: skip
    found = []
    if len(items) != many:
        found.append(f"{what}s: the classes have {len(items):,}, the total is {many:,}")
    ids = Counter(item.id for item in items)
    found += [f"{what} {id_} is in {times} classes" for id_, times in ids.items() if times > 1]
    if strange := sorted({item.class_ for item in items} - set(known)):
        found.append(f"{what}s of unknown classes: {', '.join(strange)}")
    return found


def figures_of(
    person: PersonDay,
    team: str,
    calls: Sequence[CallSeen],
    logs: Sequence[AuditedLog],
    tallies: Sequence[Tally],
    flags: Iterable[FlagRow],
    discrepancies: Iterable[Discrepancy],
) -> SpecialistFigures:
    """Return a person's day. `calls` of the day in the order they began; `tallies` of their phones: dials, connected
    and effective of their calls, talk of their own legs; `flags`, `discrepancies`: theirs. Who has no shift that day,
    an unknown phone too, has neither quota nor, unless it was told, attendance."""
    effective = sum(tally.effective for tally in tallies)
    quota = person.quota.effective if person.shift else 0.0
    return SpecialistFigures(
        specialist_id=person.specialist_id,
        name=person.name,
        team=team,
        attendance=person.attendance if person.shift or person.attendance != PRESENT else "",
        dials=sum(tally.dials for tally in tallies),
        connected=sum(tally.connected for tally in tallies),
        effective=effective,
        talk_ms=sum(tally.talk_ms for tally in tallies),
        quota=quota,
        shortfall=max(0.0, quota - effective),
        contacts_logged=len(logs),
        contacts_matched=sum(log.class_ == "matched" for log in logs),
        first_us=calls[0].started_us if calls else None,
        last_us=calls[-1].started_us if calls else None,
        longest_gap_ms=longest_gap_ms(person),
        flags=tuple(sorted({flag.rule for flag in flags if counts(flag)})),
        open=sum(one.state == OPEN for one in discrepancies),
    )


def counts(flag: FlagRow) -> bool:
    """Whether a flag says something against somebody: a merit does not, nor one that was withdrawn or dismissed."""
    return flag.kind == "flag" and flag.state != WITHDRAWN and flag.decision != DISMISSED


def longest_gap_ms(person: PersonDay) -> int:
    """Return the longest working time, less excuses, without activity on any call; 0 of who need not be on the
    phone."""
    if not is_judged(person):
        return 0
    for least_us in _GAPS_US:  # a day has hundreds of short ones: they are looked at where there is no longer one
        found = max((stretch.worked_us for stretch in stretches(person, person.activity, least_us)), default=0)
        if found:
            return found // 1000
    return 0
