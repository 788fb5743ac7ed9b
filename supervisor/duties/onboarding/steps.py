"""The rules of steps, purely: which are done, which run, which wait for others, and what follows when one is done or
sent back.

"Steps have prerequisites": a step is done when its last run ended done or approved, and blocked while a prerequisite
is not done; once its run has begun it runs on, also when a prerequisite is reopened.

A step is sent back as often as it must be: each time closes its round with a run that ended "sent_back". Of a step that
was done already, that run has no length: nobody held it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from store.onboarding_book import RunRow, StepRow
from supervisor.duties.onboarding.snapshots import BLOCKED, DONE, RUNNING
from supervisor.settings import steps_before

ENDED_WELL = frozenset({"done", "approved"})
SENT_BACK = "sent_back"


class Standing(NamedTuple):
    """A step as it stands. `round`: the one that runs, ran last or, while it is blocked, comes next, from 1;
    `since_us`: when the running round began; `run`: the open one; `reason`: why the round before was sent back;
    `runs`: all of it, in their order."""

    step: StepRow
    state: str
    round: int
    since_us: int | None
    run: RunRow | None
    reason: str
    runs: tuple[RunRow, ...]


class Board(NamedTuple):
    """The steps of one onboarding as they stand, by code, in the order of the template; `before`: of each the codes of
    all that must be done before, nearest first, and each after its own; `waits`: of each blocked one the prerequisites
    that are not done."""

    standings: Mapping[str, Standing]
    before: Mapping[str, Sequence[str]]
    waits: Mapping[str, tuple[str, ...]]

    def state(self, code: str) -> str:
        """Return how a step stands."""
        return self.standings[code].state

    def blocked_by(self, code: str) -> tuple[str, ...]:
        """Return the prerequisites of a step that are not done, where they keep it from running."""
        return self.waits.get(code, ())

    def acting(self) -> dict[str, tuple[Standing, ...]]:
        """Return of every owed step the running ones that it waits for: itself where it runs; where it is blocked those
        that block it, directly or indirectly, in the order of the template."""
        running = [one for one in self.standings.values() if one.state == RUNNING]
        told: dict[str, int] = {one.step.code: 1 << place for place, one in enumerate(running)}  # sets, as bits
        alike: dict[int, tuple[Standing, ...]] = {}
        found = {}
        for code in self.before:
            if code in self.waits:
                told[code] = 0
                for other in self.waits[code]:
                    told[code] |= told[other]
            elif code not in told:
                continue
            bits = told[code]
            if bits not in alike:
                alike[bits] = tuple(one for place, one in enumerate(running) if bits >> place & 1)
            found[code] = alike[bits]
        return found

    def back_to(self, code: str) -> tuple[str, ...]:
        """Return the steps that a running one can be sent back to: what it approves, then those before it, nearest
        first."""
        if self.state(code) != RUNNING:
            return ()
        approves = self.standings[code].step.approves
        return tuple(dict.fromkeys((*((approves,) if approves else ()), *self.before[code])))

    def owed(self) -> list[Standing]:
        """Return the steps that are not done."""
        return [one for one in self.standings.values() if one.state != DONE]

    def runnable(self, also_done: Collection[str] = ()) -> list[Standing]:
        """Return the steps whose turn it is: blocked ones of which all prerequisites are done. `also_done`: steps that
        are done by now."""
        return [
            one
            for one in self.standings.values()
            if one.state == BLOCKED
            and one.step.code not in also_done
            and all(other in also_done or self.state(other) == DONE for other in one.step.after)
        ]

    def redone(self, code: str, to: str) -> list[Standing]:
        """Return the done steps that must be done again when the running step `code` is sent back to `to`: those on a
        path from one to the other, `to` itself first."""
        between = [one for one in self.before[code] if one == to or to in self.before[one]]
        return sorted(
            (self.standings[one] for one in between if self.state(one) == DONE), key=lambda one: one.step.code != to
        )


def board(steps: Sequence[StepRow], runs: Iterable[RunRow]) -> Board:
    """Return how the `steps` of one onboarding (in the order of the template) stand by its `runs`, in any order."""
    of_step: dict[int, list[RunRow]] = {step.step_id: [] for step in steps}
    for run in runs:
        of_step[run.step_id].append(run)
    standings = {step.code: _standing(step, of_step[step.step_id]) for step in steps}
    waits = {
        code: tuple(other for other in one.step.after if standings[other].state != DONE)
        for code, one in standings.items()
        if one.state == BLOCKED
    }
    return Board(standings, _before(tuple((step.code, step.after) for step in steps)), waits)


@lru_cache(maxsize=64)
def _before(after: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, Sequence[str]]:
    """Remembered: most onboardings follow the same template. A step has more before it than any of those has."""
    found = steps_before(dict(after))
    return {code: found[code] for code in sorted(found, key=lambda one: len(found[one]))}


def _standing(step: StepRow, runs: list[RunRow]) -> Standing:
    if not runs:
        return Standing(step, BLOCKED, 1, None, None, "", ())
    runs.sort(key=_order)
    last = runs[-1]
    if last.ended_us is None:
        since_us = min(run.started_us for run in runs if run.round == last.round)
        return Standing(step, RUNNING, last.round, since_us, last, _reason(runs, last.round - 1), tuple(runs))
    if last.outcome in ENDED_WELL:
        return Standing(step, DONE, last.round, None, None, "", tuple(runs))
    again = last.outcome == SENT_BACK
    return Standing(
        step, BLOCKED, last.round + again, None, None, _reason(runs, last.round) if again else "", tuple(runs)
    )


def _order(run: RunRow) -> tuple[int, int]:
    return run.round, run.run_id


def _reason(runs: Iterable[RunRow], round_: int) -> str:
    """Why a round was sent back; "": it was not."""
    return next((run.reason for run in runs if run.round == round_ and run.outcome == SENT_BACK), "")
