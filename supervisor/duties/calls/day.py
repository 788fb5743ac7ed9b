"""The calls of a day, and one specialist's day in detail: calls, hour by hour, timeline of states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from integrations.provider import State
from store import floor as rows
from supervisor.config import Config
from supervisor.duties.calls.floor import FloorRows, calendar_of, read_rows
from supervisor.duties.calls.pace import activity
from supervisor.duties.calls.snapshots import DayCall, HourCount, SpecialistDay, StateSpan

_ON_A_CALL = frozenset({State.RINGING, State.TALKING, State.HELD})


@dataclass(frozen=True, slots=True)
class Segment:
    """How long one specialist talked with the other party of a call."""

    specialist: str
    talk_ms: int


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call as it is listed. `specialist`: a name of the roster, `source:agent` for an unknown phone, None: nobody."""

    id: str
    source: str
    specialist: str | None
    direction: str
    number: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None
    outcome: str
    approximate: bool
    segments: tuple[Segment, ...]


def read_calls(connection: Connection, day: int, identity_ids: Sequence[int] | None = None) -> list[ListedCall]:
    """Return the calls of `day` in the order they were dialled; with `identity_ids`, those they took part in."""
    segments: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for talk in rows.talks(connection, day, identity_ids):
        name = talk.specialist or f"{talk.source}:{talk.agent}"
        theirs = segments[talk.source_id, talk.group_id]
        theirs[name] = theirs.get(name, 0) + talk.talk_ms
    return [
        ListedCall(
            id=f"{call.source}:{call.group_id}",
            source=call.source,
            specialist=call.specialist or (f"{call.source}:{call.agent}" if call.agent else None),
            direction=call.direction,
            number=call.number or call.number_raw,
            started_us=call.started_us,
            answered_us=call.answered_us,
            ended_us=call.ended_us,
            talk_ms=call.talk_ms,
            outcome=call.outcome,
            approximate=bool(call.approximate),
            segments=tuple(Segment(*one) for one in segments.get((call.source_id, call.group_id), {}).items()),
        )
        for call in rows.calls(connection, day, identity_ids)
    ]


def read_specialist(connection: Connection, config: Config, key: str, day: int | None, now_us: int) -> SpecialistDay:
    """Return the `day` (None: today) in detail of the line `key` of the floor's snapshot; KeyError where there is none.

    What counts is what the line's own phones dialled; a call somebody else began shows with the share talked.
    """
    calendar = calendar_of(config.floor)
    day = calendar.today(now_us) if day is None else day
    whose = whose_day(read_rows(connection, day), key)
    ids = whose.identity_ids
    calls = rows.calls(connection, day, ids) if ids else []
    talks = rows.talks(connection, day, ids) if ids else []
    changes = rows.changes(connection, day, ids) if ids else []
    shift = calendar.spans(day, whose.start, whose.end)
    _, end_us = calendar.bounds(day)
    return SpecialistDay(
        key=key,
        name=whose.name,
        day=day,
        calls=day_calls(calls, talks, frozenset(ids)),
        hours=hours_of(calls, frozenset(ids), shift, ZoneInfo(config.floor.time_zone)),
        states=timeline(changes, min(now_us, end_us), config.calls.wrap_up_seconds),
        shift=shift,
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose day it is: the name, the phones that were theirs, and their own hours (minutes; None: the floor's)."""

    name: str
    identity_ids: tuple[int, ...]
    start: int | None
    end: int | None


def whose_day(told: FloorRows, key: str) -> Whose:
    """Return who is behind the line `key` of the floor's snapshot; KeyError where there is none."""
    kind, _, number = key.partition(":")
    if kind == "specialist":
        person = next((person for person in told.people if person.specialist_id == int(number)), None)
        if person is None:
            raise KeyError(key)
        ids = tuple(phone.identity_id for phone in told.phones if phone.specialist_id == person.specialist_id)
        return Whose(person.name, ids, person.start, person.end)
    phone = next((phone for phone in told.phones if phone.identity_id == int(number)), None)
    if phone is None:
        raise KeyError(key)
    return Whose(f"{phone.source}:{phone.agent}", (phone.identity_id,), None, None)


def day_calls(calls: Iterable[rows.CallFound], talks: Iterable[rows.Talk], ids: frozenset[int]) -> tuple[DayCall, ...]:
    """Return `calls` as they are shown to who has the phones `ids`: with what was talked on those phones."""
    shares: dict[tuple[int, str], int] = defaultdict(int)
    for talk in talks:
        if talk.identity_id in ids:
            shares[talk.source_id, talk.group_id] += talk.talk_ms
    return tuple(
        DayCall(
            id=f"{call.source}:{call.group_id}",
            started_us=call.started_us,
            answered_us=call.answered_us,
            ended_us=call.ended_us,
            direction=call.direction,
            number=call.number or call.number_raw,
            outcome=call.outcome,
            talk_ms=None if call.talk_ms is None else shares.get((call.source_id, call.group_id), 0),
            approximate=bool(call.approximate),
            effective=bool(call.effective),
        )
        for call in calls
    )


def hours_of(
    calls: Iterable[rows.CallFound], ids: frozenset[int], shift: Sequence[tuple[int, int]], zone: ZoneInfo
) -> tuple[HourCount, ...]:
    """Return dials, effective and connected by the hour of the floor's clock in which they were dialled, without holes.
    An hour that the clock runs through twice is one hour."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for begin_us, end_us in shift:
        for edge_us in (begin_us, end_us - 1):
            counts.setdefault(_hour(edge_us, zone), [0, 0, 0])
    for call in calls:
        if call.dial and call.identity_id in ids:
            count = counts[_hour(call.started_us, zone)]
            count[0] += call.dial
            count[1] += call.effective
            count[2] += call.connected
    if not counts:
        return ()
    nothing = [0, 0, 0]
    return tuple(HourCount(hour, *counts.get(hour, nothing)) for hour in range(min(counts), max(counts) + 1))


def _hour(us: int, zone: ZoneInfo) -> int:
    return datetime.fromtimestamp(us / 1_000_000, zone).hour


def timeline(changes: Iterable[rows.Change], until_us: int, wrap_up_seconds: int) -> tuple[StateSpan, ...]:
    """Return `changes` as spans until `until_us`. Of several phones the most active one speaks; the first
    `wrap_up_seconds` of an idling after a call are wrap-up. What was before the first change nobody knows: no span."""
    current: dict[int, rows.Change] = {}
    spans: list[StateSpan] = []
    told = sorted(changes, key=lambda change: change.at_us)
    for index, change in enumerate(told):
        current[change.identity_id] = change
        end_us = told[index + 1].at_us if index + 1 < len(told) else until_us
        if change.at_us >= end_us:
            continue
        shown = min(current.values(), key=lambda one: (activity(State(one.state)), -one.at_us))
        span = StateSpan(change.at_us, end_us, State(shown.state), shown.with_whom)
        if spans and (spans[-1].state, spans[-1].with_whom) == (span.state, span.with_whom):
            spans[-1] = StateSpan(spans[-1].begin_us, end_us, span.state, span.with_whom)
        else:
            spans.append(span)
    return tuple(_with_wrap_up(spans, wrap_up_seconds * 1_000_000))


def _with_wrap_up(spans: Sequence[StateSpan], wrap_up_us: int) -> Iterable[StateSpan]:
    before: State | None = None
    for span in spans:
        if span.state is State.IDLE and before in _ON_A_CALL and wrap_up_us:
            wrapped_us = min(span.begin_us + wrap_up_us, span.end_us)
            yield StateSpan(span.begin_us, wrapped_us, State.WRAP_UP, None)
            if wrapped_us < span.end_us:
                yield StateSpan(wrapped_us, span.end_us, State.IDLE, span.with_whom)
        else:
            yield span
        before = span.state
