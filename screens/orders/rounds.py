"""A round of reviews: its orders in the order of when it began, and what is not written yet of each. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supervisor.duties.orders.snapshots import OrderLine, OrdersSnapshot


@dataclass(slots=True)
class Draft:
    """What a review of one order has so far. `heard`: codes that were heard in it and their evidence, None while it is
    being written; they are kept at once, everything else with the review. `typed`: by its key, what was typed for an
    act that was refused."""

    heard: dict[str, int | None] = field(default_factory=dict)
    nothing: bool = False
    asked: str = ""
    next_step: str | None = None
    guidance: str = ""
    guidance_text: str = ""
    solution: tuple[int, str] | None = None
    recheck: int | None = None
    warned: bool = False
    typed: dict[str, str] = field(default_factory=dict)

    def recheck_day(self, line: OrderLine, today: int) -> int | None:
        """When to look again: the day given, else the one that stands, where it is still to come."""
        if self.recheck is not None:
            return self.recheck
        return line.recheck_day if line.recheck_day is not None and line.recheck_day > today else None

    def lacking(self, line: OrderLine, today: int) -> list[str]:
        """What a whole review has and this one has not."""
        lacking = [] if self.heard or self.nothing else ["what was heard (b: nothing)"]
        return lacking if self.recheck_day(line, today) else [*lacking, "when to look again (d)"]


def wanted(snapshot: OrdersSnapshot) -> set[int]:
    """Return the ids of the orders that want a review today."""
    return {line.order_id for line in snapshot.orders if line.wants_review}


@dataclass(slots=True)
class Round:
    """Orders reviewed one after the other. `ids` do not change once it began; `done` were reviewed, signed or lost in
    it; `at` is the place of the one under review."""

    ids: Sequence[int]
    at: int = 0
    done: set[int] = field(default_factory=set)
    reviewed: int = 0
    expected: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """The order under review."""
        return self.ids[self.at]

    def go(self, order_id: int) -> None:
        """Put an order of the round under review."""
        self.at = self.ids.index(order_id)

    def step(self, by: int) -> bool:
        """Go on or back, at most to the last or the first; return whether it went anywhere."""
        before, self.at = self.at, max(0, min(len(self.ids) - 1, self.at + by))
        return self.at != before

    def left(self, wanted: Collection[int]) -> list[int]:
        """Return which still want a review, in their order from the one after the present one on."""
        ahead = [*self.ids[self.at + 1 :], *self.ids[: self.at + 1]]
        return [one for one in ahead if one in wanted and one not in self.done]
