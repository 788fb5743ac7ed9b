"""The simulated floor: the same by seed, plausible, and consistent between history, snapshot and live events."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.provider import Action, Command, Context, Direction, Gap, Health, Leg, Outcome, Presence, Progress
from integrations.simulated import SimulatedProvider, SimulatedSettings
from integrations.simulated.plan import PEOPLE, SECOND, calls_of

ZONE = ZoneInfo("Etc/GMT-1")
DAY = date(2026, 11, 23)


class Clock:
    """A clock that runs as fast as it is looked at, so that a live hour takes no time."""

    def __init__(self, hour: int, step_s: float = 0.0) -> None:
        self.now = int(datetime(2026, 11, 23, hour, tzinfo=ZONE).timestamp()) * SECOND
        self.step = int(step_s * SECOND)

    def __call__(self) -> int:
        self.now += self.step
        return self.now


def provider(clock: Clock, seed: int = 1, history: int = 3) -> SimulatedProvider:
    settings = SimulatedSettings(type="simulated", seed=seed, history_days=history)
    return SimulatedProvider("sim", settings, lambda stem: None, Context("DE", "Etc/GMT-1"), clock)


async def legs_until(source: SimulatedProvider, cursor: str | None = None) -> tuple[list[Leg], str]:
    legs: list[Leg] = []
    async for batch in source.backfill(cursor):
        legs += batch.legs
        cursor = batch.cursor
    assert cursor is not None
    return legs, cursor


async def test_the_same_seed_gives_the_same_history_and_another_seed_another() -> None:
    first, _ = await legs_until(provider(Clock(14)))
    again, _ = await legs_until(provider(Clock(14)))
    other, _ = await legs_until(provider(Clock(14), seed=2))
    assert first == again
    assert first != other
    assert len({leg.leg_id for leg in first}) == len(first)


async def test_a_backfill_goes_on_where_the_last_one_ended() -> None:
    whole, _ = await legs_until(provider(Clock(15)))
    clock = Clock(11)
    source = provider(clock)
    before, cursor = await legs_until(source)
    clock.now += 4 * 3600 * SECOND
    after, _ = await legs_until(source, cursor)
    assert {leg.leg_id for leg in before + after} == {leg.leg_id for leg in whole}
    assert {leg.leg_id for leg in before}.isdisjoint(leg.leg_id for leg in after)


async def test_live_events_end_in_the_same_calls_as_the_history() -> None:
    clock = Clock(9, step_s=2)
    source = provider(clock)
    ended: dict[str, Leg] = {}
    states: Counter[str] = Counter()
    seen: dict[str, Progress] = {}
    stop = clock.now + 3600 * SECOND
    stream = source.live()
    assert isinstance(await anext(stream), Health)
    while not isinstance(await anext(stream), Gap):
        pass
    source._changed.wait = lambda: asyncio.sleep(0)  # type: ignore[method-assign]  # the clock moves by itself
    async for event in stream:
        if isinstance(event, Leg):
            assert event.progress >= seen.get(event.leg_id, Progress.DIALLED)
            seen[event.leg_id] = event.progress
            if event.progress is Progress.ENDED:
                ended[event.leg_id] = event
        elif isinstance(event, Presence):
            states[event.state] += 1
        if clock.now > stop:
            break
    history, _ = await legs_until(provider(Clock(11)))
    told = {
        leg.leg_id: leg for leg in history if leg.ended_us and stop - 3600 * SECOND < leg.ended_us <= stop - 60 * SECOND
    }
    assert len(told) > 60
    assert {key: ended[key] for key in told} == told
    assert {"ringing", "talking", "idle"} <= set(states)


def test_a_day_is_plausible_and_has_a_lazy_and_a_padding_specialist() -> None:
    days = [DAY - timedelta(days=n) for n in range(1, 29) if (DAY - timedelta(days=n)).weekday() < 5]
    dials: dict[str, float] = {}
    short: dict[str, float] = {}
    for person in PEOPLE:
        calls = [c for day in days for c in calls_of(1, person, day, ZONE) if c.direction is Direction.OUTBOUND]
        answered = [c for c in calls if c.outcome is Outcome.ANSWERED]
        dials[person.habit + person.agent] = len(calls) / len(days)
        short[person.habit + person.agent] = sum(c.talk_ms < 15_000 for c in answered) / len(answered)
    steady = [value for key, value in dials.items() if key.startswith("steady")]
    assert min(steady) > 60 and max(steady) < 110
    assert dials["lazy1008"] < min(steady) / 3
    assert short["padding1011"] > 2 * max(value for key, value in short.items() if key.startswith("steady"))


async def test_a_call_that_is_hung_up_ends_and_a_dead_one_is_refused() -> None:
    clock = Clock(10, step_s=0.1)
    source = provider(clock)
    source._changed.wait = lambda: asyncio.sleep(0)  # type: ignore[method-assign]  # the clock moves by itself
    stream = source.live()
    while not isinstance(await anext(stream), Gap):
        pass
    busy = None
    while busy is None:
        event = await anext(stream)
        if isinstance(event, Presence) and event.state == "talking":
            busy = event
    clock.step = 0
    answer = await source.act(Command(1, Action.HANG_UP, busy.agent, group_id=busy.group_id))
    assert answer.done
    while True:
        event = await anext(stream)
        if isinstance(event, Leg) and event.group_id == busy.group_id:
            break
    assert event.progress is Progress.ENDED and event.ended_us == clock.now
    refused = await source.act(Command(2, Action.LISTEN, busy.agent, "900", group_id=busy.group_id))
    assert not refused.done and "over" in refused.detail


async def test_listening_means_the_call_of_now_though_others_are_planned() -> None:
    clock = Clock(9)  # the shift begins: nobody is on the phone yet
    source = provider(clock)
    stream = source.live()
    while not isinstance(await anext(stream), Gap):
        pass
    dialled = await source.act(Command(1, Action.DIAL, "1001", number="030123456"))
    assert dialled.done
    clock.now += 7 * SECOND
    while True:
        event = await anext(stream)
        if isinstance(event, Presence) and event.agent == "1001" and event.state == "talking":
            break
    listening = await source.act(Command(2, Action.LISTEN, "1001", "900", group_id=event.group_id))
    assert listening.done, listening
    hung_up = await source.act(Command(3, Action.HANG_UP, "1001", group_id=event.group_id))
    assert hung_up.done, hung_up
