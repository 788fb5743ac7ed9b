"""The floor as it is at one moment: read from the store, put together by the rules of the duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from sqlalchemy import Connection

from integrations.provider import State
from store import floor as rows
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.calls.pace import NOTHING, Quotas, activity, added, expected, forecast, health, pace, shown_state
from supervisor.duties.calls.snapshots import FloorSnapshot, Quota, SourceHealth, SpecialistLine, Totals
from supervisor.settings import Floor
from supervisor.text import alphabetical

PRESENT = "present"
_NOTHING: frozenset[str] = frozenset()
_ON_THE_PHONE = frozenset({State.RINGING, State.TALKING, State.HELD})


@cache
def calendar_of(floor: Floor) -> Calendar:
    """Return the calendar of `floor`; one a process, because it remembers the days it has looked up."""
    return Calendar(floor)


@dataclass(frozen=True, slots=True)
class FloorRows:
    """What the store says of one day, at one moment of it. `flags`: how many wait for a decision, by whose they are;
    `prods`: reminders of steps, by specialist."""

    phones: Sequence[rows.Phone]
    people: Sequence[rows.Person]
    quotas: Sequence[rows.QuotaHeld]
    sources: Sequence[rows.SourceState]
    flags: Mapping[str, int] = field(default_factory=dict)
    prods: Mapping[int, int] = field(default_factory=dict)


def read_floor(connection: Connection, config: Config, now_us: int) -> FloorSnapshot:
    """Return the floor at `now_us` (epoch us), from one moment of the store."""
    day = calendar_of(config.floor).today(now_us)
    return floor_of(read_rows(connection, day), config, now_us)


def read_rows(connection: Connection, day: int) -> FloorRows:
    """Return what the store says of `day`: six small statements, none of which looks at a call."""
    return FloorRows(
        rows.phones(connection, day),
        rows.people(connection, day),
        rows.quotas(connection, day),
        rows.source_states(connection),
        rows.flags_waiting(connection),
        rows.prods(connection),
    )


def floor_of(told: FloorRows, config: Config, now_us: int) -> FloorSnapshot:
    """Return the snapshot that the rows `told` make at `now_us`, on the day of `now_us`."""
    calendar = calendar_of(config.floor)
    day = calendar.today(now_us)
    elapsed = calendar.shift_elapsed(now_us, day)
    judged = _lines(told, config, now_us, day)
    lines = tuple(line for line, _ in judged)
    return FloorSnapshot(
        day=day,
        now_us=now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        shift_elapsed=elapsed,
        sources=sources_of(told.sources, config, now_us),
        totals=_totals(lines, added(due for _, due in judged), elapsed, config),
        specialists=lines,
        teams=tuple(sorted({line.team for line in lines if line.team}, key=alphabetical)),
        shift=calendar.spans(day),
    )


def sources_of(told: Iterable[rows.SourceState], config: Config, now_us: int) -> tuple[SourceHealth, ...]:
    """Return the health of the configured sources in their order, then of those the store alone knows, by name."""
    known = {source.name: source for source in told}
    found = []
    for name in (*config.sources, *sorted(known.keys() - config.sources.keys())):
        source = known.get(name)
        if source is None:
            found.append(SourceHealth(name, "never", None, None, ""))
            continue
        state, since_us = health(source.up, source.since_us, source.seen_us, now_us, config.console.stale_seconds)
        heard_us = max((us for us in (source.seen_us, source.event_us) if us is not None), default=None)
        lag = None if heard_us is None else max(0, now_us - heard_us) / 1_000_000
        found.append(SourceHealth(name, state, since_us, lag, source.detail))
    return tuple(found)


def _lines(told: FloorRows, config: Config, now_us: int, day: int) -> list[tuple[SpecialistLine, Quota]]:
    """Return every line with what is due of it by now: specialists by team and name, then unknown phone identities.

    A specialist without a phone shows, offline; one who left does not, but a phone that still calls under that name is
    shown as unknown: nothing is thrown away. Phones that nobody has and that do not call - the reception's, the
    supervisor's own - are no lines.
    """
    calendar = calendar_of(config.floor)
    actions = {one.source_id: frozenset(one.capabilities.replace(",", " ").split()) for one in told.sources}
    elapsed: dict[tuple[int | None, int | None], float] = {}
    here = {person.specialist_id: person for person in told.people if _is_here(person, day)}
    theirs: dict[int, list[rows.Phone]] = defaultdict(list)
    strangers = []
    for phone in {phone.identity_id: phone for phone in told.phones}.values():
        if phone.specialist_id in here:
            theirs[here[phone.specialist_id].specialist_id].append(phone)
        elif phone.calls or phone.group_id is not None:
            strangers.append(phone)
    quotas = Quotas(told.quotas, day, config.quota)
    judged = []
    for person in sorted(here.values(), key=lambda one: (alphabetical(one.team or ""), alphabetical(one.name))):
        attendance = person.status or PRESENT
        quota = quotas.of(person.specialist_id, person.team_id, attendance)
        hours = (person.start, person.end)
        if hours not in elapsed:
            elapsed[hours] = calendar.shift_elapsed(now_us, day, *hours)
        due = expected(quota, elapsed[hours])
        phones = theirs[person.specialist_id]
        judged.append((_line(person, phones, quota, due, attendance, actions, config, now_us), due))
    for phone in sorted(strangers, key=lambda phone: (phone.source, phone.agent)):
        judged.append((_line(None, [phone], NOTHING, NOTHING, PRESENT, actions, config, now_us), NOTHING))
    return [(_marked(line, told), due) for line, due in judged] if told.flags or told.prods else judged


def _marked(line: SpecialistLine, told: FloorRows) -> SpecialistLine:
    flags, prods = told.flags.get(line.key, 0), told.prods.get(line.specialist_id or 0, 0)
    return replace(line, flags=flags, prods=prods) if flags or prods else line


def _is_here(person: rows.Person, day: int) -> bool:
    return (person.hired is None or person.hired <= day) and (person.left is None or day <= person.left)


def _line(
    person: rows.Person | None,
    phones: Sequence[rows.Phone],
    quota: Quota,
    due: Quota,
    attendance: str,
    actions: Mapping[int, frozenset[str]],
    config: Config,
    now_us: int,
) -> SpecialistLine:
    states = [(_state(phone, now_us, config.calls.wrap_up_seconds), phone) for phone in phones]
    state, shown = min(
        states, key=lambda one: (activity(one[0]), -(one[1].since_us or 0)), default=(State.OFFLINE, None)
    )
    dials, effective = sum(phone.dials for phone in phones), sum(phone.effective for phone in phones)
    return SpecialistLine(
        key=f"specialist:{person.specialist_id}" if person else f"phone:{phones[0].identity_id}",
        specialist_id=person.specialist_id if person else None,
        identity_ids=tuple(phone.identity_id for phone in phones),
        name=person.name if person else f"{phones[0].source}:{phones[0].agent}",
        team=(person.team or "") if person else "",
        state=state,
        state_since_us=_since(shown),
        with_whom=shown.with_whom if shown else None,
        reason=shown.reason if shown else None,
        dials=dials,
        connected=sum(phone.connected for phone in phones),
        effective=effective,
        talk_ms=sum(phone.talk_ms for phone in phones),
        quota=quota,
        pace=pace(dials, due.dials),
        effective_pace=pace(effective, due.effective),
        last_call_us=max((phone.last_call_us for phone in phones if phone.last_call_us is not None), default=None),
        attendance=attendance,
        source=shown.source if shown else "",
        agent=shown.agent if shown else "",
        group_id=shown.group_id if shown else None,
        actions=actions.get(shown.source_id, _NOTHING) if shown else _NOTHING,
    )


def _since(phone: rows.Phone | None) -> int | None:
    """Return since when `phone` does what it does. An idle one is not idle since before its last call: the source may
    have missed that one, and learnt of it later."""
    if phone is None or phone.since_us is None or phone.state != State.IDLE:
        return phone.since_us if phone else None
    return max(phone.since_us, phone.last_call_us or 0)


def _state(phone: rows.Phone, now_us: int, wrap_up_seconds: int) -> State:
    told = State(phone.state) if phone.state else State.OFFLINE
    return shown_state(told, phone.last_call_us, now_us, wrap_up_seconds)


def _totals(lines: Sequence[SpecialistLine], due: Quota, elapsed: float, config: Config) -> Totals:
    """Return the floor's sums. The forecast is by the floor's own hours: some specialists come earlier, some later."""
    dials, effective = sum(line.dials for line in lines), sum(line.effective for line in lines)
    talk_ms = sum(line.talk_ms for line in lines)
    shown_from = config.quota.forecast_from
    return Totals(
        dials=dials,
        connected=sum(line.connected for line in lines),
        effective=effective,
        talk_ms=talk_ms,
        quota=added(line.quota for line in lines),
        pace=pace(dials, due.dials),
        effective_pace=pace(effective, due.effective),
        dials_forecast=forecast(dials, elapsed, shown_from),
        effective_forecast=forecast(effective, elapsed, shown_from),
        talk_forecast_ms=forecast(talk_ms, elapsed, shown_from),
        on_the_phone=sum(line.state in _ON_THE_PHONE for line in lines),
        present=sum(line.state is not State.OFFLINE for line in lines),
    )
