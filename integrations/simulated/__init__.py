"""A simulated telephone system behind the same interface as a real one, for the demo floor."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from integrations.provider import (
    Action,
    Answer,
    Batch,
    Command,
    Context,
    Direction,
    Event,
    Finding,
    Gap,
    Health,
    Leg,
    Level,
    Outcome,
    Presence,
    Progress,
    SecretReader,
    Snapshot,
    State,
)
from integrations.simulated.plan import PEOPLE, SECOND, STRANGER, Call, absent, calls_of

__all__ = ["SimulatedProvider", "SimulatedSettings", "wall_clock_us"]

EVERYONE = (*PEOPLE, STRANGER)


class SimulatedSettings(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A simulated floor of twelve specialists in three teams."""

    type: str
    seed: Annotated[int, Meta(description="The same seed gives the same floor.")] = 1
    history_days: Annotated[int, Meta(ge=0, description="Days before today that have calls already.")] = 90


def wall_clock_us() -> int:
    """Now, in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


class SimulatedProvider:
    """Plays the plan of `integrations.simulated.plan` by `clock` (microseconds UTC)."""

    Settings: ClassVar[type[SimulatedSettings]] = SimulatedSettings

    def __init__(
        self,
        name: str,
        settings: SimulatedSettings,
        secret: SecretReader,
        context: Context,
        clock: Callable[[], int] = wall_clock_us,
    ) -> None:
        self.name = name
        self.capabilities = frozenset(Action)
        self._settings = settings
        self._zone = ZoneInfo(context.time_zone)
        self.clock = clock
        self._live: dict[str, Call] = {}
        self._changed = asyncio.Event()
        self._queue: list[tuple[int, int, Event]] = []
        self._order = 0
        self._days: dict[date, list[Call]] = {}

    async def check(self) -> list[Finding]:
        """A simulated floor is always there."""
        return [
            Finding(self.name, Level.OK, f"simulated floor of {len(PEOPLE)} specialists, seed {self._settings.seed}")
        ]

    async def backfill(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield the calls that ended after `cursor` (microseconds; None: `history_days` ago), a day a batch."""
        until = self.clock()
        after = int(cursor) if cursor else 0
        today = self._day(until)
        day = self._day(after) if cursor else today - timedelta(days=self._settings.history_days)
        days = (today - day).days + 1
        for index in range(days):
            calls = [c for c in self._calls(day + timedelta(days=index)) if after < c.ended_us <= until]
            calls.sort(key=lambda call: call.ended_us)
            legs = [_leg(call, until) for call in calls]
            yield Batch(legs, str(until if index + 1 == days else self._midnight(day + timedelta(days=index + 1))), [],
                        len(legs), (index + 1) / days)  # fmt: skip

    async def live(self) -> AsyncIterator[Event]:
        """Yield the day's states so far, then the floor's events as the clock reaches them."""
        now = self.clock()
        yield Health(True, now)
        self._plan(self._midnight(self._day(now)) - 1)
        while self._queue and self._queue[0][0] <= now:
            event = heapq.heappop(self._queue)[2]
            if isinstance(event, Presence):
                yield event
        self._live = {key: call for key, call in self._live.items() if call.ended_us > now}
        yield Gap(None, now)
        while True:
            while self._queue and self._queue[0][0] <= self.clock():
                event = heapq.heappop(self._queue)[2]
                if isinstance(event, Leg) and event.group_id in self._live and event.progress is Progress.ENDED:
                    del self._live[event.group_id]
                yield event
            if not self._queue:
                self._plan(self._midnight(self._day(self.clock()) + timedelta(days=1)) - 1)
            wait = min(max((self._queue[0][0] - self.clock()) / SECOND, 0.01), 1.0) if self._queue else 1.0
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                continue

    async def snapshot(self) -> Snapshot:
        """Who is doing what by the plan, now."""
        now = self.clock()
        current = {call.agent: call for call in self._calls(self._day(now)) if call.started_us <= now < call.ended_us}
        presences = []
        for person in EVERYONE:
            call = current.get(person.agent)
            presences.append(_presence(call, now) if call else Presence(person.agent, *self._rest(person.agent, now)))
        legs = [_leg(call, now) for call in current.values()]
        return Snapshot(presences, frozenset(call.id for call in current.values()), legs)

    async def act(self, command: Command) -> Answer:
        """Pretend to carry `command` out; hanging up really ends the simulated call."""
        if command.action is Action.DIAL:
            return self._dial(command)
        now = self.clock()  # the calls still to come are in _live too
        current = (c for c in self._live.values() if c.agent == command.agent and c.started_us <= now < c.ended_us)
        call = next((c for c in current if command.group_id in (None, c.id)), None)
        if call is None:
            return Answer(False, "the call is over")
        if command.action is Action.HANG_UP:
            self._end(call)
            return Answer(True, f"hung up the call of {command.agent}")
        return Answer(True, f"phone {command.phone} is on the call of {command.agent} ({command.action})")

    async def close(self) -> None:
        """Nothing to let go of."""

    # -- the plan, played ----------------------------------------------------------------------------------------

    def _plan(self, after: int) -> None:
        """Queue what happens after `after` on the local day that begins or goes on then."""
        day = self._day(after + 1)
        for call in self._calls(day):
            if call.ended_us > after:
                self._live[call.id] = call
                self._schedule(call, after)
        for person in EVERYONE:
            for minute, state, reason in self._rests(person.agent, day):
                at = self._midnight(day) + minute * 60 * SECOND
                if at > after:
                    self._push(at, Presence(person.agent, state, at, reason=reason))

    def _schedule(self, call: Call, after: int) -> None:
        moments = [call.started_us, call.answered_us, *(call.held_us or ()), call.ended_us]
        for at in moments:
            if at is not None and at > after:
                self._push(at, _leg(call, at))
                if at < call.ended_us:
                    self._push(at, _presence(call, at))
                else:
                    self._push(at, Presence(call.agent, *self._rest(call.agent, at)))

    def _push(self, at: int, event: Event) -> None:
        self._order += 1
        heapq.heappush(self._queue, (at, self._order, event))

    def _unqueue(self, call: Call) -> None:
        self._queue = [
            item
            for item in self._queue
            if not (isinstance(item[2], Leg | Presence) and item[2].group_id == call.id)
            and not (isinstance(item[2], Presence) and item[2].agent == call.agent and item[0] == call.ended_us)
        ]
        heapq.heapify(self._queue)

    def _end(self, call: Call) -> None:
        now = self.clock()
        self._unqueue(call)
        outcome = call.outcome if call.answered_us and call.answered_us <= now else Outcome.CANCELLED
        answered = call.answered_us if outcome is not Outcome.CANCELLED else None
        ended = Call(call.id, call.agent, call.direction, call.number, call.started_us, answered, now, outcome)
        self._push(now, _leg(ended, now))
        self._push(now, Presence(call.agent, *self._rest(call.agent, now)))
        self._changed.set()

    def _dial(self, command: Command) -> Answer:
        now = self.clock()
        if any(c.agent == command.agent and c.started_us <= now for c in self._live.values()):
            return Answer(False, f"{command.agent} is on a call")
        call = Call(f"dial-{command.id}-{now}", command.agent, Direction.OUTBOUND, command.number or "", now,
                    now + 6 * SECOND, now + 51 * SECOND, Outcome.ANSWERED)  # fmt: skip
        self._live[call.id] = call
        self._schedule(call, now - 1)
        self._changed.set()
        return Answer(True, f"{command.agent} is dialling")

    def _rest(self, agent: str, at: int) -> tuple[State, int, None, None, None, None, str | None]:
        """State between calls: the last of the day's fixed changes, or idle since then."""
        midnight = self._midnight(self._day(at))
        begun = [rest for rest in self._rests(agent, self._day(at)) if midnight + rest[0] * 60 * SECOND <= at]
        minute, state, reason = begun[-1]
        since = midnight + minute * 60 * SECOND
        if state is State.IDLE:
            ended = (c.ended_us for c in self._calls(self._day(at)) if c.agent == agent and c.ended_us <= at)
            since = max(since, max(ended, default=since))
        return state, since, None, None, None, None, reason

    def _rests(self, agent: str, day: date) -> tuple[_Rest, ...]:
        """What the phone shows between calls, from which minute of the day on, in order."""
        match absent(self._settings.seed, agent, day):
            case "leave" | "sick":
                return _RESTS[:1]
            case "training":
                return (_RESTS[0], (9 * 60, State.PAUSED, "training"), _RESTS[-1])
            case "half":
                return (*_RESTS[:2], (12 * 60, State.OFFLINE, None))
        return _RESTS

    def _calls(self, day: date) -> list[Call]:
        """All calls of a day: working days of the past, and today whatever day it is, so that a demo is never empty."""
        if day not in self._days:
            if len(self._days) > 3:
                self._days.clear()
            works = day.weekday() < 5 or day == self._day(self.clock())
            people = EVERYONE if works else ()
            self._days[day] = [
                call for person in people for call in calls_of(self._settings.seed, person, day, self._zone)
            ]
        return self._days[day]

    def _day(self, us: int) -> date:
        return datetime.fromtimestamp(us / SECOND, self._zone).date()

    def _midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp()) * SECOND


_Rest = tuple[int, State, str | None]
_RESTS: tuple[_Rest, ...] = (
    (0, State.OFFLINE, None),
    (9 * 60, State.IDLE, None),
    (12 * 60, State.PAUSED, "lunch"),
    (13 * 60, State.IDLE, None),
    (18 * 60, State.OFFLINE, None),
)


def _leg(call: Call, now: int) -> Leg:
    """The leg of `call` as it stands at `now`."""
    answered = call.answered_us if call.answered_us is not None and call.answered_us <= now else None
    ended = call.ended_us <= now
    progress = Progress.ENDED if ended else Progress.ANSWERED if answered else Progress.RINGING
    inbound = call.direction is Direction.INBOUND
    raw = (
        f'{{"id": "{call.id}", "agent": "{call.agent}", "number": "{call.number}", '
        f'"start": {call.started_us}, "end": {call.ended_us}}}'
    )
    return Leg(
        leg_id=call.id,
        group_id=call.id,
        agent=call.agent,
        direction=call.direction,
        from_raw=call.number if inbound else call.agent,
        to_raw=call.agent if inbound else call.number,
        started_us=call.started_us,
        answered_us=answered,
        ended_us=call.ended_us if ended else None,
        talk_ms=call.talk_ms if ended else None,
        outcome=call.outcome if ended else Outcome.ANSWERED if answered else Outcome.UNKNOWN,
        progress=progress,
        ringing_us=call.started_us,
        ring_ms=((call.answered_us or call.ended_us) - call.started_us) // 1000 if answered or ended else None,
        hold_ms=(call.held_us[1] - call.held_us[0]) // 1000 if call.held_us and ended else None,
        raw=raw,
    )


def _presence(call: Call, at: int) -> Presence:
    held = call.held_us is not None and call.held_us[0] <= at < call.held_us[1]
    if call.answered_us is None or at < call.answered_us:
        state, since = State.RINGING, call.started_us
    elif held and call.held_us:
        state, since = State.HELD, call.held_us[0]
    else:
        state, since = State.TALKING, call.answered_us
    return Presence(call.agent, state, since, call.number, call.direction, call.id, f"SIM/{call.agent}")
