"""Measuring: two things in turn, medians, and one table of figures against their goals."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, against which floor, and the goal as an upper bound of `value`."""

    what: str
    ours: str
    floor: str
    value: float
    goal: float | None
    unit: str = "x"

    @property
    def met(self) -> str:
        """yes, NO, or nothing where there is no goal."""
        return "" if self.goal is None else "yes" if self.value <= self.goal else "NO"


def ratio(what: str, ours: float, floor: float, goal: float | None, unit: str = "ms", scale: float = 1000) -> Figure:
    """A figure that is `ours` / `floor` (seconds, shown times `scale` in `unit`)."""
    return Figure(what, f"{ours * scale:,.2f} {unit}", f"{floor * scale:,.2f} {unit}", ours / floor, goal)


def in_turn(
    ours: Callable[[], object], floor: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, float]:
    """Median seconds of `ours` and of `floor`, run A B A B ... `rounds` times after one uncounted round. `clock`:
    time.process_time tells the processor's, where others keep it busy."""
    ours(), floor()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for action, times in zip((ours, floor), taken, strict=True):
            begun = clock()
            action()
            times.append(clock() - begun)
    return statistics.median(taken[0]), statistics.median(taken[1])


def command(*words: str, env: dict[str, str] | None = None) -> Callable[[], object]:
    """Return an action that runs a command to its end, output thrown away."""

    def run() -> object:
        return subprocess.run(words, check=False, capture_output=True, env={**os.environ, **(env or {})})

    return run


def spent(action: Callable[[], object]) -> float:
    """Run `action`; return the seconds of the processor that it took."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def middle(actions: Sequence[Callable[[], object]], turns: int = 5) -> list[float]:
    """Median seconds of the processor of each of `actions`, which run by turns."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(turns):
        for action, times in zip(actions, taken, strict=True):
            times.append(spent(action))
    return [statistics.median(times) for times in taken]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    table = Table("figure", "ours", "floor", "value", "goal", "met", box=None, pad_edge=False)
    for column in (1, 2, 3, 4):
        table.columns[column].justify = "right"
    for figure in figures:
        goal = "" if figure.goal is None else f"{figure.goal:g} {figure.unit}"
        table.add_row(figure.what, figure.ours, figure.floor, f"{figure.value:.2f} {figure.unit}", goal, figure.met)
    Console(width=None if sys.stdout.isatty() else 150).print(table)
