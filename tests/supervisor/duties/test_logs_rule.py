"""Which call a log is of: against every other way to pair them."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.duties.followups.logs import WITHIN_US, inflated, pair

S = 1_000_000
MINUTE = 60 * S


def test_a_log_joins_the_nearest_call() -> None:
    calls = [(1, 0, 2 * MINUTE), (2, 10 * MINUTE, 11 * MINUTE)]
    assert pair(calls, [("a", 5 * MINUTE)]) == {"a": 1}
    assert pair(calls, [("a", 7 * MINUTE)]) == {"a": 2}
    assert pair(calls, [("a", 10 * MINUTE + 1), ("b", MINUTE)]) == {"a": 2, "b": 1}
    assert pair([], [("a", 0)]) == pair(calls, []) == {}


def test_within_exactly_five_minutes_of_either_end() -> None:
    call = [(1, 100 * MINUTE, 103 * MINUTE)]
    for at_us, joined in (
        (95 * MINUTE - 1, False),
        (95 * MINUTE, True),
        (108 * MINUTE, True),
        (108 * MINUTE + 1, False),
    ):
        assert bool(pair(call, [("a", at_us)])) is joined
    assert WITHIN_US == 5 * MINUTE


def test_a_log_that_could_join_two_gives_way_to_one_that_cannot() -> None:
    calls = [(1, 0, 0), (2, 4 * MINUTE, 4 * MINUTE)]
    assert pair(calls, [("near", 3 * MINUTE), ("far", 8 * MINUTE)]) == {"near": 1, "far": 2}


def test_a_call_has_one_log_and_the_nearer_one_has_it() -> None:
    assert pair([(1, 10 * MINUTE, 12 * MINUTE)], [("a", 8 * MINUTE), ("b", 13 * MINUTE)]) == {"b": 1}


def test_calls_that_lie_within_one_another() -> None:
    calls = [("long", 0, 100 * S), ("short", 40 * S, 50 * S)]
    assert pair(calls, [("early", 45 * S), ("late", 99 * S)], S) == {"early": "short", "late": "long"}
    assert pair(calls, [("early", 1 * S), ("late", 45 * S)], S) == {"early": "long", "late": "short"}


moments = st.integers(0, 40)
calls_made = st.lists(st.tuples(moments, st.integers(0, 12)), max_size=5)


@settings(max_examples=400)
@given(calls_made, st.lists(moments, max_size=5), st.integers(0, 15))
def test_as_many_as_can_be_and_of_those_the_nearest(spans: list[tuple[int, int]], logs: list[int], within: int) -> None:
    calls = [(number, begin, begin + length) for number, (begin, length) in enumerate(spans)]
    written = list(enumerate(logs))

    def distance(log: int, call: int) -> int:
        return max(calls[call][1] - logs[log], logs[log] - calls[call][2], 0)

    def possible(count: int) -> list[int]:
        ways = (
            [distance(*both) for both in zip(some, others, strict=True)]
            for some in combinations(range(len(logs)), count)
            for others in permutations(range(len(calls)), count)
        )
        return [sum(way) for way in ways if all(one <= within for one in way)]

    found = pair(calls, written, within)
    assert len(set(found.values())) == len(found)
    assert all(distance(log, call) <= within for log, call in found.items())
    assert sum(distance(log, call) for log, call in found.items()) == min(possible(len(found)))
    assert len(found) == min(len(logs), len(calls)) or not possible(len(found) + 1)


def test_hundreds_of_redials_are_paired_whatever_chains_they_make() -> None:
    calls = [(number, number * MINUTE, number * MINUTE + 20 * S) for number in range(300)]
    logs = [(number, number * MINUTE + 4 * MINUTE) for number in range(300)]
    assert len(pair(calls, logs)) == 300
    assert len(pair(calls[:150], logs)) == 150


@pytest.mark.parametrize(
    ("claimed_ms", "talk_ms", "found"),
    [
        (180_000, 120_000, False),  # 1.5 x, and 60 s more: neither is above its limit
        (180_001, 120_000, True),
        (160_000, 100_000, False),  # 60 s more
        (160_001, 100_000, True),
        (600_000, 400_000, False),  # 1.5 x
        (600_001, 400_000, True),
        (60_000, 0, False),
        (60_001, 0, True),
        (30_000, 10_000, False),
        (None, 10_000, False),
        (900_000, None, False),
        (None, None, False),
    ],
)
def test_inflated_above_both_limits_alone(claimed_ms: int | None, talk_ms: int | None, found: bool) -> None:
    assert inflated(claimed_ms, talk_ms) is found
