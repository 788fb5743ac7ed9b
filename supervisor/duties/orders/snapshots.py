"""The frozen snapshots of the orders duty: what screens and the command line show.

Moments are epoch us, days YYYYMMDD in the floor's zone, money whole hundredths (cents) of the floor's currency.
"""

from __future__ import annotations

from dataclasses import dataclass

from supervisor.duties.calls.snapshots import SourceHealth
from supervisor.duties.orders.claims import Record
from supervisor.duties.orders.forecast import Forecast


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as it is listed. `wants_review`: it still wants one today. `marks`: all that speaks for looking at it,
    `reason` the first of them in words. `score` 0..100; `facts`: the codes heard, best first. `claimed_by`: "signs
    by" that day, the latest claim; `kept`/`claims`: of the specialist's resolved claims. `expected_cents`: amount x
    probability."""

    order_id: int
    ref: str
    customer_id: int
    company: str
    specialist_id: int | None
    specialist: str
    team: str
    package: str
    amount_cents: int
    stage: str
    status: str
    score: int
    facts: tuple[str, ...]
    feelings_only: bool
    claimed_by: int | None
    claim_percent: int | None
    kept: int
    claims: int
    recheck_day: int | None
    overdue: bool
    reviewed_us: int | None
    marks: tuple[str, ...]
    reason: str
    contacts: int
    last_us: int | None
    opened_day: int
    expected_day: int | None
    expected_cents: int
    expected_before_cents: int | None
    next_step: str
    wants_review: bool
    version: int

    @property
    def key(self) -> str:
        """The key of its row."""
        return str(self.order_id)


@dataclass(frozen=True, slots=True)
class OrdersSnapshot:
    """Everything mode 3 lists at one moment of the store. `orders`: open ones, those that need attention first; `left`:
    how many of them still need a review today; `forecast_before_cents`: the same orders as their last reviews saw
    them."""

    day: int
    now_us: int
    floor: str
    time_zone: str
    shift_elapsed: float
    sources: tuple[SourceHealth, ...]
    currency: str
    orders: tuple[OrderLine, ...]
    left: int
    forecast: Forecast
    forecast_before_cents: int
    own_probabilities: bool
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact heard of an order: its code, what it is worth now (`points`, of `weight`), and what stands behind it
    (`linked`: a call or a file; `behind` in words). `counts`: of its kind it is the one that makes the score."""

    evidence_id: int
    code: str
    weight: int
    points: float
    heard_us: int
    linked: bool
    behind: str
    note: str
    who: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Feeling:
    """A feeling recorded: kept, and worth nothing."""

    evidence_id: int
    note: str
    heard_us: int
    who: str


@dataclass(frozen=True, slots=True)
class LinkableCall:
    """The newest effective call with the customer: what a fact heard now is linked to."""

    source_id: int
    group_id: str
    started_us: int
    who: str


@dataclass(frozen=True, slots=True)
class PastReview:
    """A review that was made."""

    at_us: int
    who: str
    next_step: str
    guidance: str
    guidance_text: str
    solution: str
    recheck_day: int | None
    kept_in_time: bool | None
    score: int


@dataclass(frozen=True, slots=True)
class SolutionLine:
    """A written solution of the library."""

    solution_id: int
    title: str
    customer_type: str
    objection: str
    body: str
    who: str
    changed_us: int
    version: int


@dataclass(frozen=True, slots=True)
class OrderReview:
    """One order under review. `facts` newest first; `missing`: codes not heard; `solutions`: of the library, those for
    this type of customer first."""

    line: OrderLine
    facts: tuple[Fact, ...]
    missing: tuple[str, ...]
    feelings: tuple[Feeling, ...]
    reviews: tuple[PastReview, ...]
    record: Record
    linkable: LinkableCall | None
    solutions: tuple[SolutionLine, ...]
    customer_type: str
    said: str
    contract: tuple[int, int, str, str] | None
    paid_cents: int
