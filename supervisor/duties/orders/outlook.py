"""What the floor's orders will bring: in all, or in one month, where what was signed in it counts in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from store import order_book as book
from supervisor.config import Config
from supervisor.duties.orders.read import before_cents, read_orders
from supervisor.duties.orders.snapshots import OrderLine
from supervisor.text import alphabetical


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the open orders, by stage or specialist ("": none): how many, their amounts, and what is expected."""

    name: str
    orders: int
    amount_cents: int
    expected_cents: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected, in hundredths of `currency`. `month` YYYYMM, None: of all open orders, whenever they are
    signed. `total_cents` = `signed_cents` + `open_cents`, and either split adds up to `open_cents`.

    `before_cents`: the same open orders as their last reviews saw them; `moved`: how many of them moved since.
    """

    month: int | None
    currency: str
    total_cents: int
    signed: int
    signed_cents: int
    open_cents: int
    by_stage: tuple[Share, ...]
    by_specialist: tuple[Share, ...]
    before_cents: int
    moved: int
    own_probabilities: bool


def read_outlook(connection: Connection, config: Config, now_us: int, month: int | None = None) -> Outlook:
    """Return what is expected at `now_us` (epoch us). With a `month` (YYYYMM): of the open orders that are expected to
    be signed in it, and what was signed in it."""
    snapshot = read_orders(connection, config, now_us)
    lines = [line for line in snapshot.orders if month is None or (line.expected_day or 0) // 100 == month]
    signed, signed_cents = (0, 0) if month is None else book.signed_between(connection, month * 100, month * 100 + 99)
    open_cents = sum(line.expected_cents for line in lines)
    return Outlook(
        month=month,
        currency=snapshot.currency,
        total_cents=signed_cents + open_cents,
        signed=signed,
        signed_cents=signed_cents,
        open_cents=open_cents,
        by_stage=by_stage(lines, config.orders.stages),
        by_specialist=_shares(lines, lambda line: line.specialist, alphabetical),
        before_cents=sum(map(before_cents, lines)),
        moved=sum(before_cents(line) != line.expected_cents for line in lines),
        own_probabilities=snapshot.own_probabilities,
    )


def by_stage(lines: Iterable[OrderLine], stages: Sequence[str]) -> tuple[Share, ...]:
    """Return the shares of the stages, in the order of `stages`; others stand after these, by name."""
    place = {stage: number for number, stage in enumerate(stages)}
    return _shares(lines, lambda line: line.stage, lambda stage: (place.get(stage, len(place)), alphabetical(stage)))


def _shares(
    lines: Iterable[OrderLine], name_of: Callable[[OrderLine], str], order: Callable[[str], object]
) -> tuple[Share, ...]:
    found: dict[str, list[OrderLine]] = {}
    for line in lines:
        found.setdefault(name_of(line), []).append(line)
    return tuple(
        Share(
            name,
            len(found[name]),
            sum(line.amount_cents for line in found[name]),
            sum(line.expected_cents for line in found[name]),
        )
        for name in sorted(found, key=order)  # type: ignore[arg-type]
    )
