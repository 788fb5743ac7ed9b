"""Which call a written log speaks of, and whether it claims more than was talked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import TypeVar

WITHIN_US = 5 * 60 * 1_000_000
"""How far from a call its log may lie."""
INFLATED_RATIO = (3, 2)
INFLATED_MS = 60_000

CallId = TypeVar("CallId", bound=Hashable)
LogId = TypeVar("LogId", bound=Hashable)


def pair(
    calls: Iterable[tuple[CallId, int, int]], logs: Iterable[tuple[LogId, int]], within_us: int = WITHIN_US
) -> dict[LogId, CallId]:
    """Return which log is of which call, of one specialist and one customer; a log without a call is not in it.

    `calls`: (id, begin, end), `logs`: (id, moment), all moments microseconds UTC. Rule "a log joins the nearest call":
    one to one, and no further apart than `within_us` [5 minutes], from the log to the nearer end of the call, 0 during
    it. As many logs as can be are joined; of all ways to do that it is one with the least distance in all. So a log
    gives its nearest call to another one that has no other.
    """
    timed_calls = sorted(calls, key=lambda call: call[1:])
    timed_logs = sorted(logs, key=lambda log: log[1])
    begins = [begin_us for _, begin_us, _ in timed_calls]
    longest = max((end_us - begin_us for _, begin_us, end_us in timed_calls), default=0)
    near: list[dict[int, int]] = []
    for _, at_us in timed_logs:
        costs: dict[int, int] = {}
        first = bisect_left(begins, at_us - within_us - longest)  # what began earlier was over too early
        for place in range(first, bisect_right(begins, at_us + within_us)):
            _, begin_us, end_us = timed_calls[place]
            if (distance := max(begin_us - at_us, at_us - end_us, 0)) <= within_us:
                costs[place] = distance
        near.append(costs)
    return {timed_logs[log][0]: timed_calls[call][0] for log, call in _assigned(near).items()}


def _assigned(near: Sequence[Mapping[int, int]]) -> dict[int, int]:
    """Return log -> call, as many as can be, and of those the cheapest; `near`: what each log's calls cost, from 0 up.

    The Hungarian method: one log more at a time takes a call, along the cheapest chain of logs that hand theirs on. A
    log may stay alone, at a cost above that of all calls together. Calls can lie within one another, so to walk along
    both in the order of time would not do.
    """
    alone = 1 + sum(max(costs.values(), default=0) for costs in near)
    call_of: dict[int, int] = {}
    log_of: dict[int, int] = {}
    log_price = [0] * len(near)
    call_price: defaultdict[int, int] = defaultdict(int)  # of the negative number -1 - log: to stay alone
    for start in range(len(near)):
        log, way = start, 0
        ways: dict[int, int] = {}
        by: dict[int, int] = {}
        settled: list[int] = []
        waiting: list[tuple[int, int]] = []
        while True:
            for call, cost in (*near[log].items(), (-1 - log, alone)):
                through = way + cost - log_price[log] - call_price[call]
                if call not in ways or through < ways[call]:
                    ways[call], by[call] = through, log
                    heappush(waiting, (through, call))
            way, call = heappop(waiting)
            while way > ways[call]:
                way, call = heappop(waiting)
            if call not in log_of:
                break
            settled.append(call)
            log = log_of[call]
        log_price[start] += way
        for held in settled:
            log_price[log_of[held]] += way - ways[held]
            call_price[held] -= way - ways[held]
        end: int | None = call
        while end is not None:
            log = by[end]
            handed_on = call_of.get(log)
            call_of[log], log_of[end] = end, log
            end = handed_on
    return {log: call for log, call in call_of.items() if call >= 0}


def inflated(claimed_ms: int | None, talk_ms: int | None) -> bool:
    """Whether a log claims more than 1.5 x the talk and more than 60 s above it, both in ms. What is unknown is not
    inflated."""
    if claimed_ms is None or talk_ms is None:
        return False
    times, of = INFLATED_RATIO
    return claimed_ms * of > talk_ms * times and claimed_ms - talk_ms > INFLATED_MS
