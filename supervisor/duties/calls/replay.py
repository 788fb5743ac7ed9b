"""A day of the floor played again: what `read_floor` would have said at each of its moments.

The day is read once; what the floor was at a moment is looked up in it. A call is a dial from its beginning on,
connected when it is answered, effective once enough of its talk is over; talk counts when its leg ends. What a phone
does is what its source told; before the first of that, and while nothing was heard of the source, the calls tell that
were read from its records afterwards. People, attendance, quotas and whose phone it is are those of the day as they are
known now.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from store import flag_book
from store import floor as rows
from store import replay as events
from store.replay import Out
from supervisor.calendar import Span
from supervisor.config import Config
from supervisor.duties.calls.day import day_calls, hours_of, timeline, whose_day
from supervisor.duties.calls.floor import FloorRows, calendar_of, floor_of
from supervisor.duties.calls.snapshots import FloorSnapshot, SpecialistDay
from supervisor.duties.calls.tracks import Track, covers, tracks
from supervisor.duties.discipline.findings import HIGH
from supervisor.duties.discipline.read import line_of
from supervisor.duties.discipline.snapshots import OPEN, WITHDRAWN, FlagCounts, FlagLine, FlagsPanel

MINUTE_US = 60_000_000
FLAG = "flag"
FROM_RECORDS = "from its records"
"""What is said of a source to which nobody listened, but of which calls are known."""


class FlagThen(NamedTuple):
    """A flag or a merit when it happened, on whose line of the floor: as if nothing had become of it yet."""

    at_us: int
    whose: str
    line: FlagLine


@dataclass(frozen=True, slots=True)
class ReplayDay:
    """A day as it was, from `begin_us` until before `end_us`. `heard`: the sources of which calls are known; `flags`
    in the order of time."""

    day: int
    begin_us: int
    end_us: int
    shift: tuple[Span, ...]
    known: FloorRows
    tracks: Mapping[int, Track]
    calls: Sequence[rows.CallFound]
    talks: Sequence[rows.Talk]
    outages: Mapping[int, Sequence[Out]]
    heard: frozenset[int]
    flags: Sequence[FlagThen]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known to have happened."""
        return not (self.calls or self.flags or any(track.doing for track in self.tracks.values()))

    @property
    def starts_us(self) -> int:
        """The minute from which it is played: the begin of the shift, else that of the first call; of the day."""
        first = self.shift[0][0] if self.shift else self.calls[0].started_us if self.calls else self.begin_us
        return first - first % MINUTE_US


def read_day_events(connection: Connection, config: Config, day: int) -> ReplayDay:
    """Return what is known of `day` (YYYYMMDD), from one moment of the store."""
    calendar = calendar_of(config.floor)
    begin_us, end_us = calendar.bounds(day)
    phones, people = rows.phones(connection, day), rows.people(connection, day)
    calls, parts = rows.calls(connection, day), events.parts(connection, day)
    outages: dict[int, list[Out]] = defaultdict(list)
    for out in events.outages(connection, begin_us, end_us):
        outages[out.source_id].append(out)
    hours = {one.specialist_id: calendar.spans(day, one.start, one.end) for one in people}
    shift = calendar.spans(day)
    ends_us = {}
    for phone in phones:
        spans = shift if phone.specialist_id is None else hours[phone.specialist_id]
        ends_us[phone.identity_id] = spans[-1][1] if spans else begin_us
    states = events.states(connection, day, begin_us)
    return ReplayDay(
        day=day,
        begin_us=begin_us,
        end_us=end_us,
        shift=shift,
        known=FloorRows(phones, people, rows.quotas(connection, day), rows.source_states(connection)),
        tracks=tracks(phones, calls, parts, states, outages, ends_us, config.calls.effective_seconds * 1000),
        calls=calls,
        talks=rows.talks(connection, day),
        outages=outages,
        heard=frozenset(call.source_id for call in calls),
        flags=_flags(connection, config, day, begin_us, end_us),
    )


def _flags(connection: Connection, config: Config, day: int, begin_us: int, end_us: int) -> list[FlagThen]:
    """The flags and merits that happened on `day`, without those that were withdrawn: they had an excuse."""
    return [
        FlagThen(
            row.at_us,
            f"phone:{row.identity_id}" if row.specialist_id is None else f"specialist:{row.specialist_id}",
            replace(
                line_of(row, day, config.discipline.expires_days), state=OPEN, reply="", decision="", decided_us=None,
                decided_by="", why="", points=0,
            ),
        )
        for row in reversed(flag_book.of_day(connection, day))
        if row.state != WITHDRAWN and begin_us <= row.at_us < end_us
    ]  # fmt: skip


def floor_at(replay: ReplayDay, config: Config, moment_us: int) -> FloorSnapshot:
    """Return the floor as it was at `moment_us`, a moment of the day."""
    waiting: dict[str, int] = defaultdict(int)
    for flag in _until(replay, moment_us):
        waiting[flag.whose] += flag.line.kind == FLAG
    then = replay.known
    told = FloorRows(
        [_phone_at(phone, replay.tracks.get(phone.identity_id), moment_us) for phone in then.phones],
        then.people,
        then.quotas,
        [_source_at(source, replay, moment_us) for source in then.sources],
        waiting,
    )
    return floor_of(told, config, moment_us)


def flags_at(replay: ReplayDay, moment_us: int) -> FlagsPanel:
    """Return the flags of the day that had happened at `moment_us`, newest first."""
    lines = [flag.line for flag in reversed(_until(replay, moment_us))]
    flags = [line for line in lines if line.kind == FLAG]
    high = sum(line.severity == HIGH for line in flags)
    counts = FlagCounts(len(flags), high, 0, len(flags), len(lines) - len(flags))
    return FlagsPanel(replay.day, moment_us, counts, tuple(lines))


def _until(replay: ReplayDay, moment_us: int) -> Sequence[FlagThen]:
    return replay.flags[: bisect_right(replay.flags, moment_us, key=lambda flag: flag.at_us)]


def specialist_at(replay: ReplayDay, config: Config, key: str, moment_us: int) -> SpecialistDay:
    """Return the day of the line `key` of the floor as it was known at `moment_us`; KeyError where there is none."""
    whose = whose_day(replay.known, key)
    ids = frozenset(whose.identity_ids)
    theirs = [replay.tracks[id_] for id_ in whose.identity_ids if id_ in replay.tracks]
    places = {place for track in theirs for place, since_us in track.parts.items() if since_us <= moment_us}
    calls = [_call_at(replay.calls[place], moment_us) for place in sorted(places)]
    over = {(call.source_id, call.group_id) for call in calls if call.ended_us is not None}
    changes = [
        rows.Change(one.identity_id, one.at_us, one.state, one.with_whom)
        for track in theirs
        for one in track.doing[: bisect_right(track.doing_us, moment_us)]
        if one.at_us >= replay.begin_us
    ]
    shift = calendar_of(config.floor).spans(replay.day, whose.start, whose.end)
    return SpecialistDay(
        key=key,
        name=whose.name,
        day=replay.day,
        calls=day_calls(calls, [one for one in replay.talks if (one.source_id, one.group_id) in over], ids),
        hours=hours_of(calls, ids, shift, ZoneInfo(config.floor.time_zone)),
        states=timeline(changes, moment_us, config.calls.wrap_up_seconds),
        shift=shift,
    )


def _call_at(call: rows.CallFound, moment_us: int) -> rows.CallFound:
    """Return `call` as it was known at `moment_us`: how it went is known when it is over."""
    if call.ended_us is None or call.ended_us <= moment_us:
        return call
    answered = call.answered_us is not None and call.answered_us <= moment_us
    return call._replace(
        answered_us=call.answered_us if answered else None, ended_us=None, talk_ms=None, effective=0,
        outcome="answered" if answered else "unknown", connected=call.connected if answered else 0,
    )  # fmt: skip


def _phone_at(phone: rows.Phone, track: Track | None, moment_us: int) -> rows.Phone:
    if track is None:
        return phone._replace(
            state=None, since_us=None, with_whom=None, reason=None, group_id=None, dials=0, connected=0, effective=0,
            talk_ms=0, calls=0, last_call_us=None,
        )  # fmt: skip
    place = bisect_right(track.doing_us, moment_us)
    doing = track.doing[place - 1] if place else None
    talked, ended = bisect_right(track.talk_us, moment_us), bisect_right(track.ends_us, moment_us)
    return phone._replace(
        state=doing.state if doing else None,
        since_us=doing.at_us if doing else None,
        with_whom=doing.with_whom if doing else None,
        reason=doing.reason if doing else None,
        group_id=doing.group_id if doing else None,
        dials=bisect_right(track.dials_us, moment_us),
        connected=bisect_right(track.connected_us, moment_us),
        effective=bisect_right(track.effective_us, moment_us),
        talk_ms=track.talk_ms[talked - 1] if talked else 0,
        calls=bisect_right(track.calls_us, moment_us),
        last_call_us=track.ends_us[ended - 1] if ended else None,
    )


def _source_at(source: rows.SourceState, replay: ReplayDay, moment_us: int) -> rows.SourceState:
    """Return a source as it was: nobody can ask anything of a phone of it now."""
    outages = replay.outages.get(source.source_id, ())
    out = next((one for one in reversed(outages) if covers(one, moment_us)), None)
    then = source._replace(up=True, since_us=None, seen_us=moment_us, event_us=None, detail="", capabilities="")
    if out is None:
        ends = [one.until_us for one in outages if one.until_us is not None and one.until_us <= moment_us]
        return then._replace(since_us=max(ends, default=None))
    if out.from_us:
        return then._replace(up=False, since_us=out.from_us, seen_us=out.from_us, detail=out.why)
    if source.source_id in replay.heard:
        return then._replace(detail=FROM_RECORDS)
    return then._replace(up=False, seen_us=None)
