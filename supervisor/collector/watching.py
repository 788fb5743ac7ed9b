"""Discipline, watched by the collector: what happens is judged while it does, days that are over when they are.

The day is read and judged beside the writing of what sources say; only what differs is written, in a transaction of its
own. However big the floor, judging takes at most a fiftieth of one processor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from supervisor.collector.source import innermost, is_told, words_of
from supervisor.config import Config
from supervisor.storing import Storing

LIVE_S = 30.0
BACK_S = 300.0
REST = 50
"""Rest so many times as long as it took."""


async def watch(storing: Storing, config: Config, clock: Callable[[], int], log: Any, speed: float) -> None:
    """Judge for ever, `speed` times as often as by default; what fails is logged, and tried again the next time."""
    loop = asyncio.get_running_loop()
    running = _Running(storing, config)
    back_at = 0.0
    pause = LIVE_S / speed
    while True:
        await asyncio.sleep(pause)
        begun = loop.time()
        await _try(running.judge(clock()), log)
        pause = max(LIVE_S / speed, REST * (loop.time() - begun))
        if (begun := loop.time()) >= back_at:
            await _try(_over(storing, config, clock(), log), log)
            back_at = loop.time() + max(BACK_S / speed, REST * (loop.time() - begun))


async def _try(work: Any, log: Any) -> None:
    try:
        await work
    except Exception as error:  # a rule that fails must not stop the sources
        one = innermost(error)
        log.error("rules not applied", detail=words_of(one), exc_info=None if is_told(one) else one)


class _Running:
    """Judges the days that are not over; remembers what it knew of each, so that only what changed is looked at."""

    def __init__(self, storing: Storing, config: Config) -> None:
        self._storing, self._config = storing, config
        self._known: dict[int, Any] = {}

    async def judge(self, now_us: int) -> None:
        """Judge what happened until `now_us`."""
        from supervisor.duties.discipline import rounds  # the sources are listened to before it is loaded

        config, known = self._config, self._known
        days = await self._storing.read(lambda c: rounds.running_days(c, config, now_us))
        self._known = {}  # where it fails, all is looked at anew
        for day in days:
            before = known.get(day)
            seen, now = await self._storing.read(
                partial(rounds.look, config=config, day=day, now_us=now_us, known=before)
            )
            is_kept = seen is None or (await _keep(self._storing, config, seen, now_us))[0]
            self._known[day] = now if is_kept else before


async def _over(storing: Storing, config: Config, now_us: int, log: Any) -> None:
    """Evaluate the days that are over, and of which something else is known."""
    from supervisor.duties.discipline import rounds

    for day in await storing.read(lambda c: rounds.due_days(c, config, now_us)):
        seen = await storing.read(partial(rounds.look_back, config=config, day=day, now_us=now_us))
        _, done = await _keep(storing, config, seen, now_us)
        if done is not None:
            log.info("day evaluated", day=day, raised=done.raised, changed=done.changed, withdrawn=done.withdrawn)


async def _keep(storing: Storing, config: Config, seen: Any, now_us: int) -> tuple[bool, Any]:
    """Judge what was seen and write what differs; return whether it is kept as it was judged, and what was done."""
    from supervisor.duties.discipline import rounds

    judged = await asyncio.to_thread(rounds.judged_of, seen, config)
    if not await storing.read(lambda c: rounds.is_news(c, seen, judged)):
        return True, None
    done = await storing.write(lambda c: rounds.settle(c, config, seen, judged, now_us))
    return done is not None, done
