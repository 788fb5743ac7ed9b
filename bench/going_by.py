"""What judging a day as it goes by adds to the ingest of its calls: the collector's live rounds."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.measure import Figure, ratio, spent
from bench.watched import CONFIG, SECOND_US, Importing, clock_us, events_of, imported, legs_of
from integrations.provider import Leg, Presence
from store import sources
from store.engine import Store, create_store
from supervisor.collector.watching import LIVE_S, REST
from supervisor.duties.discipline import rounds

DAY = 20_261_123
QUARTERS = 4
SHIFT_S = 8 * 3600
WHOLE_S = rounds.WHOLE_US / SECOND_US
ROUNDS, COUNTED = 7, 4
"""So many rounds in a quarter; the last of them count, with calls ending before them as well as beginning."""
ADDED = 5
"""Per cent of ingest."""


Event = tuple[int, Leg, Presence]


class Quarter(NamedTuple):
    """The middle of a quarter of the day: calls so far, seconds of the processor for those of `LIVE_S` seconds; for a
    live round of those of whom something can have become since the one before, and for one of the whole day. A round
    rests by the clock: here as if it had the processor to itself."""

    calls: int
    ingest: float
    round: float
    whole: float

    @property
    def rounds(self) -> float:
        """How many rounds there are between two of the whole day."""
        left_s = WHOLE_S - max(LIVE_S, REST * self.whole)
        return max(0.0, left_s) / max(LIVE_S, REST * self.round)

    @property
    def judging(self) -> float:
        """Seconds of the processor for all rounds of `WHOLE_S` seconds."""
        return self.whole + self.rounds * self.round


def go_by(path: Path, importing: Importing, people: int) -> tuple[list[Quarter], Figure]:
    """Let a day go by: imported up to the middle of each quarter; there rounds are judged, with `LIVE_S` seconds heard
    live before each, and in the last one as much more while the day is judged."""
    left = legs_of(DAY, people)
    quarters: list[Quarter] = []
    calls = 0
    for nth in range(QUARTERS):
        worked_s = int((nth + 0.5) * SHIFT_S / QUARTERS)
        at_us = clock_us(DAY, 9) + (worked_s + (3600 if worked_s >= 3 * 3600 else 0)) * SECOND_US
        before, now, left = _split(left, at_us, at_us + ROUNDS * int(LIVE_S) * SECOND_US)
        imported(path, importing, before)
        calls += len(before) + len(now)
        with closing(create_store(str(path))) as store:
            quarter, alone_s = _quarter(store, importing, now, at_us, calls)
        quarters.append(quarter)
    until_us = at_us + ROUNDS * int(LIVE_S) * SECOND_US
    _, now, left = _split(left, until_us, until_us + ROUNDS * int(LIVE_S) * SECOND_US)
    with closing(create_store(str(path))) as store, _judging(store, until_us):
        _, beside_s = _heard(store, importing, _events(now))
    imported(path, importing, left)
    what = "a live event written while a whole day is judged / while none is, by the clock"
    return quarters, ratio(what, beside_s, alone_s, None)


def _quarter(store: Store, importing: Importing, legs: Sequence[Leg], at_us: int, calls: int) -> tuple[Quarter, float]:
    """Hear of `legs` and judge by turns; return that, and the median seconds by the clock of one event written."""
    events = _events(legs)
    _round(store, at_us, None)  # it raises what there is, and is not counted
    whole, known = _round(store, at_us, None)
    heard: list[tuple[float, float]] = []
    took: list[float] = []
    for _ in range(ROUNDS):
        until_us = at_us + int(LIVE_S) * SECOND_US
        heard.append(_heard(store, importing, [event for event in events if at_us <= event[0] < until_us]))
        one, known = _round(store, until_us, known)
        took.append(one)
        at_us = until_us
    _heard(store, importing, [event for event in events if event[0] >= at_us])
    cpu, event_s = (statistics.median(values) for values in zip(*heard[-COUNTED:], strict=True))
    return Quarter(calls, cpu, statistics.median(took[-COUNTED:]), whole), event_s


def _split(legs: Sequence[Leg], at_us: int, until_us: int) -> tuple[list[Leg], list[Leg], list[Leg]]:
    before = [leg for leg in legs if leg.started_us < at_us]
    now = [leg for leg in legs if at_us <= leg.started_us < until_us]
    return before, now, [leg for leg in legs if leg.started_us >= until_us]


def _events(legs: Sequence[Leg]) -> list[Event]:
    """What a live source tells of `legs`, in the order it happens."""
    return sorted((event for leg in legs for event in events_of(leg)), key=lambda event: event[0])


def _heard(store: Store, importing: Importing, events: Sequence[Event]) -> tuple[float, float]:
    """Write events, one a transaction, as the collector does when none waits; return seconds of the processor for all,
    and the median by the clock of one."""
    taken = []
    cpu = time.process_time()
    for at_us, leg, now in events:
        begun = time.perf_counter()
        with store.write() as connection:
            importing.event(connection, leg, now)
            sources.heard(connection, importing.source, at_us)
        taken.append(time.perf_counter() - begun)
    return time.process_time() - cpu, statistics.median(taken or [0.0])


@contextmanager
def _judging(store: Store, now_us: int) -> Iterator[None]:
    """Read and judge the day in another thread, as the collector does, again and again."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            with store.read() as connection:
                seen, _ = rounds.look(connection, CONFIG, DAY, now_us)
            if seen is not None:
                rounds.judged_of(seen, CONFIG)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _round(store: Store, now_us: int, known: rounds.Known | None) -> tuple[float, rounds.Known | None]:
    """What a round of the collector takes, and what the next one is told; `known` None: of the whole day."""
    told = known

    def live() -> None:
        nonlocal told
        with store.read() as connection:
            (day,) = rounds.running_days(connection, CONFIG, now_us)
        with store.read() as connection:
            seen, told = rounds.look(connection, CONFIG, day, now_us, known)
        if seen is None:
            return
        judged = rounds.judged_of(seen, CONFIG)
        with store.read() as connection:
            news = rounds.is_news(connection, seen, judged)
        if news:
            with store.write() as connection:
                rounds.settle(connection, CONFIG, seen, judged, now_us)

    return spent(live), told


def shown(quarters: Sequence[Quarter], whole: float) -> list[Figure]:
    """Rounds and their ingest in each quarter, and as if each quarter went by like its middle; `whole`: seconds that an
    import of the day takes."""
    found = [
        Figure(
            f"{WHOLE_S / 3600:g} hours, {one.calls:,} calls so far: a whole round, {one.rounds:.0f} others / ingest",
            f"{one.judging * 1000:,.0f} ms",
            f"{one.ingest * WHOLE_S / LIVE_S * 1000:,.0f} ms",
            100 * one.judging / one.ingest * LIVE_S / WHOLE_S,
            None,
            "%",
        )
        for one in quarters
    ]
    last = quarters[-1]
    found.append(ratio("late in the day: a round / one of the whole", last.round, last.whole, None))
    judged = sum(one.judging for one in quarters) * SHIFT_S / QUARTERS / WHOLE_S
    heard = sum(one.ingest for one in quarters) * SHIFT_S / QUARTERS / LIVE_S
    shown = f"{judged:,.1f} s", f"{heard:,.1f} s"
    return [
        *found,
        Figure("all live rounds of the day / its live ingest", *shown, 100 * judged / heard, ADDED, "%"),
        ratio("all live rounds of the day / import of the whole day", judged, whole, None, "s", 1),
        Figure(
            "live rounds: share of one processor",
            f"{judged:,.1f} s",
            f"{SHIFT_S:,} s",
            100 * judged / SHIFT_S,
            100 / REST,
            "%",
        ),
    ]
