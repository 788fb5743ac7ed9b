"""A payment starts an onboarding: one a sale, its steps copied from the template that then holds.

A changed configuration does not touch what is under way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection

from store import onboarding_book as book
from store import onboarding_changes as changes
from store.refs import new_ids
from supervisor.calendar import Calendar, days_between
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.onboarding.templates import ASSISTANT, SPECIALIST, template_of
from supervisor.settings import Step
from supervisor.text import alphabetical

_HOUR_MS = 3_600_000


class Paid(NamedTuple):
    """A new payment. `order_id` None: for no order; `day`: when it was paid."""

    payment_id: int
    order_id: int | None
    package: str
    day: int


def is_history(paid_day: int, today: int, history_days: int) -> bool:
    """Whether a payment recorded `today` starts nothing because it was paid so long ago: `history_days` [90] or
    more."""
    return paid_day <= today and days_between(paid_day, today) >= history_days


def began_us(paid_day: int, today: int, now_us: int, calendar: Calendar) -> int:
    """Return when an onboarding began whose payment is recorded now: now where it was paid today, else with the day on
    which it was paid."""
    return now_us if paid_day >= today else calendar.bounds(paid_day)[0]


def start(connection: Connection, doer: Doer, config: Config, payments: Iterable[Paid]) -> int:
    """Start what follows these payments, just recorded; return how many onboardings that are.

    One a sale: nothing where its order has one already or, for a payment without an order, where this customer has an
    open one for the same package.
    """
    told = config.onboarding
    recent = [one for one in payments if not is_history(one.day, doer.today, told.history_days)]
    if not recent:
        return 0
    calendar = calendar_of(config.floor)
    sales = book.sales(connection, {one.payment_id for one in recent})
    known = book.ordered(connection, {one.order_id for one in recent if one.order_id is not None})
    under_way = book.under_way(connection)
    open_ones = {(root, _same(package)) for root, package, _ in under_way}
    open_of = Counter(assistant for _, _, assistant in under_way)
    chosen: list[tuple[Paid, book.Sale, str]] = []
    for one in sorted(recent, key=lambda paid: (paid.day, paid.payment_id)):
        sale = sales[one.payment_id]
        one = one._replace(package=one.package or sale.package)
        root, package = sale.root, _same(one.package)
        if (one.order_id in known) if one.order_id is not None else ((root, package) in open_ones):
            continue
        if one.order_id is not None:
            known.add(one.order_id)
        open_ones.add((root, package))
        assistant = least_busy(told.assistants, open_of)
        open_of[assistant] += 1
        chosen.append((one, sale, assistant))
    _write(connection, doer, config, calendar, chosen)
    return len(chosen)


def _same(package: str) -> str:
    return " ".join(package.split()).casefold()


def least_busy(assistants: Sequence[str], open_of: Counter[str]) -> str:
    """Return which of the `assistants` a new onboarding goes to: who has the fewest open ones, then by name; "": there
    are none."""
    return min(assistants, key=lambda name: (open_of[name], alphabetical(name), name), default="")


def _write(
    connection: Connection,
    doer: Doer,
    config: Config,
    calendar: Calendar,
    chosen: Sequence[tuple[Paid, book.Sale, str]],
) -> None:
    templates = {paid.package: template_of(config, paid.package) for paid, _, _ in chosen}
    onboardings, steps, runs = [], [], []
    ids = new_ids(connection, "onboarding", len(chosen))
    many = sum(len(templates[paid.package][1]) for paid, _, _ in chosen)
    step_ids = iter(new_ids(connection, "onboarding_step", many))
    for id_, (paid, sale, assistant) in zip(ids, chosen, strict=True):
        started_us = began_us(paid.day, doer.today, doer.now_us, calendar)
        name, template = templates[paid.package]
        onboardings.append(
            (id_, paid.payment_id, sale.customer_id, paid.order_id, paid.package, name, sale.specialist_id, assistant,
             started_us, "", 1)
        )  # fmt: skip
        holders = {SPECIALIST: sale.specialist, ASSISTANT: assistant}
        for place, step in enumerate(template):
            step_id, holder = next(step_ids), holders.get(step.holder, "")
            steps.append(_step(step_id, id_, place, step, holder))
            if not step.after:
                specialist_id = sale.specialist_id if step.holder == SPECIALIST else None
                runs.append((id_, step_id, 1, step.holder, holder, specialist_id, started_us, "", "", ""))
    changes.insert_onboardings(connection, onboardings)
    changes.insert_steps(connection, steps)
    changes.insert_runs(connection, runs)


def _step(step_id: int, onboarding_id: int, place: int, step: Step, holder: str) -> tuple[object, ...]:
    words, work_ms = step.words or step.code, round(step.hours * _HOUR_MS)
    after = " ".join(step.after)
    return step_id, onboarding_id, place, step.code, words, step.holder, holder, work_ms, after, step.approves


def take_back(connection: Connection, payment_id: int) -> None:
    """Remove the onboarding that a payment started, if it did. RefusedError where somebody worked on it since."""
    onboarding_id = book.of_payment(connection, payment_id)
    if onboarding_id is None:
        return
    (row,) = book.onboardings(connection, onboarding_id)
    worked = chain((run.ended_us for run in book.runs(connection, onboarding_id)), (row.live_us, row.stopped_us))
    if any(us is not None for us in worked) or book.prods(connection, onboarding_id):
        raise RefusedError(f"the onboarding of {row.company} is being worked on: its payment cannot be undone")
    changes.remove(connection, onboarding_id)
