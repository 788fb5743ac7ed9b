"""When a customer is live: by what the template promises, and by what the floor's own past makes likely.

Each of the last onboardings that went live is one sample: what is owed here takes as long as it did there, one step
after the other along the longest path. Working time is microseconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil
from operator import add
from typing import NamedTuple

from store.onboarding_book import Held
from supervisor.duties.onboarding.clock import Clock
from supervisor.duties.onboarding.snapshots import DONE, RUNNING
from supervisor.duties.onboarding.steps import Board

LAST = 50
"""How many past onboardings are samples."""


class Past:
    """How long each step took, all rounds together, in the onboardings that went live: a column a code, a place an
    onboarding, None where it had no such step."""

    def __init__(self, held: Iterable[Held], clock: Clock) -> None:
        took: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        onboardings: dict[int, None] = {}
        for one in held:
            onboardings[one.onboarding_id] = None
            took[one.code][one.onboarding_id] += clock.worked(one.started_us, one.ended_us)
        self.many = len(onboardings)
        self._took = {code: [found.get(one) for one in onboardings] for code, found in took.items()}
        self._full: dict[tuple[str, int], list[int]] = {}

    def column(self, code: str, work_us: int) -> list[int]:
        """Return how long a step took in each; where there was none, `work_us`."""
        found = self._full.get((code, work_us))
        if found is None:
            told = self._took.get(code) or [None] * self.many
            found = self._full[code, work_us] = [work_us if us is None else us for us in told]
        return found

    def left(self, code: str, held_us: int, left_us: int) -> list[int]:
        """Return what is left of a step that was held for `held_us`; where there was none, `left_us`."""
        told = self._took.get(code) or [None] * self.many
        return [left_us if us is None else max(0, us - held_us) for us in told]


class Estimate(NamedTuple):
    """Working time from now until live: half of the samples take at most `p50`, four fifths at most `p80`. `own`: they
    are the floor's own past."""

    p50: int
    p80: int
    own: bool


def estimate(board: Board, past: Past, own_from: int, clock: Clock, now_us: int) -> Estimate:
    """Return when an open onboarding is expected to be live. With fewer than `own_from` [10] past ones: by the
    template."""
    own = past.many >= own_from
    after: dict[str, Sequence[int]] = {}  # working time from now until each owed step is done, a place a sample
    last: set[str] = set()
    for code in board.before:
        standing = board.standings[code]
        step = standing.step
        if standing.state == DONE:
            continue
        if standing.state == RUNNING:
            assert standing.since_us is not None
            left = max(0, step.work_us - clock.worked(standing.since_us, now_us))
            held = sum(clock.held(run, now_us) for run in standing.runs) if own else 0
            done: Sequence[int] = past.left(code, held, left) if own else [left]
        else:
            waits = board.waits[code]
            last.difference_update(waits)
            begun = after[waits[0]] if len(waits) == 1 else map(max, *(after[other] for other in waits))
            done = list(map(add, begun, past.column(code, step.work_us) if own else (step.work_us,)))
        after[code] = done
        last.add(code)
    ranked = sorted(map(max, zip(*(after[code] for code in last), strict=True)))
    return Estimate(_rank(ranked, 50), _rank(ranked, 80), own)


def _rank(ranked: Sequence[int], percent: int) -> int:
    """The percentile by the nearest rank."""
    return ranked[ceil(percent * len(ranked) / 100) - 1]


def promised(board: Board) -> int:
    """Return the working time that the template needs from the first step to live: its longest path."""
    return _longest(
        tuple((code, board.standings[code].step.work_us, board.standings[code].step.after) for code in board.before)
    )


@lru_cache(maxsize=64)
def _longest(steps: tuple[tuple[str, int, tuple[str, ...]], ...]) -> int:
    """Remembered, as most follow the same template. `steps`: each after those that must be done before."""
    until: dict[str, int] = {}
    for code, work_us, after in steps:
        until[code] = work_us + max((until[other] for other in after), default=0)
    return max(until.values())
