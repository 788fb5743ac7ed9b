"""Which call a written log speaks of, and whether it claims more than was talked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
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
    one = (0,)
    return join(((*call, one) for call in calls), ((*log, 0) for log in logs), within_us)


def join(
    calls: Iterable[tuple[CallId, int, int, Collection[int]]],
    logs: Iterable[tuple[LogId, int, int]],
    within_us: int = WITHIN_US,
) -> dict[LogId, CallId]:
    """As `pair`, of one specialist and all their customers: a log (id, moment, customer) is of a call (id, begin, end,
    customers whose number it is) with its customer. A number may be several customers', and its call has one log."""
    timed_logs = sorted(logs, key=lambda log: log[1])
    wanted = {customer for _, _, customer in timed_logs}
    timed_calls = sorted((call for call in calls if not wanted.isdisjoint(call[3])), key=lambda call: call[1:3])
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, call in enumerate(timed_calls):
        for customer in call[3]:
            places[customer].append(place)
    begins = {customer: [timed_calls[place][1] for place in theirs] for customer, theirs in places.items()}
    longest = max((end_us - begin_us for _, begin_us, end_us, _ in timed_calls), default=0)
    near: list[dict[int, int]] = []
    for _, at_us, customer in timed_logs:
        costs: dict[int, int] = {}
        theirs, begun = places.get(customer, []), begins.get(customer, [])
        first = bisect_left(begun, at_us - within_us - longest)  # what began earlier was over too early
        for place in theirs[first : bisect_right(begun, at_us + within_us)]:
            _, begin_us, end_us, _ = timed_calls[place]
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
