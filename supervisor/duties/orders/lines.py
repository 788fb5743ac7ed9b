"""An order as it is listed: its row of the store, judged by the rules of the duty."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from store import order_book as book
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.orders import attention, evidence
from supervisor.duties.orders.claims import Claim, Fate, Record, record, resolve
from supervisor.duties.orders.forecast import Probabilities, expected_cents
from supervisor.duties.orders.snapshots import OrderLine

OPEN, SIGNED, LOST = "open", "signed", "lost"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an order: what was heard and claimed, oldest first, and its latest review. `kept`, `resolved`:
    of the claims of its specialist."""

    heard: Sequence[book.EvidenceRow]
    claims: Sequence[book.ClaimRow]
    review: book.ReviewRow | None
    kept: int
    resolved: int


def heard_of(rows: Sequence[book.EvidenceRow]) -> list[evidence.Heard]:
    """Return evidence as the rules see it."""
    return [evidence.Heard(row.code, row.heard_us, row.linked) for row in rows]


def record_of(rows: Sequence[book.ClaimRow], today: int) -> Record:
    """Return how claims of one person came out as of `today`."""
    return record(
        (
            (
                Claim(row.by_day, row.made_us, row.percent / 100),
                row.closed_day if row.status == SIGNED else None,
                row.closed_day if row.status == LOST else None,
            )
            for row in rows
        ),
        today,
    )


def fates_of(counts: Iterable[book.ClaimCount]) -> dict[str, tuple[int, int]]:
    """Return by person how many claims were kept, and how many came out at all. All claims of a count share their fate,
    so the rule is asked of one of them: of the day 2, on the day after or not."""
    found: dict[str, tuple[int, int]] = {}
    for told in counts:
        day = 2 if told.in_time else 3
        signed_day, lost_day = (day if told.status == status else None for status in (SIGNED, LOST))
        fate = resolve(Claim(2, 0, 1.0), signed_day, lost_day, 3 if told.past else 2)
        kept, resolved = found.get(told.who, (0, 0))
        if fate is not Fate.OPEN:
            found[told.who] = kept + told.claims * (fate is Fate.KEPT), resolved + told.claims
    return found


def likely(heard: Sequence[book.EvidenceRow], claimed: Sequence[book.ClaimRow]) -> bool:
    """Whether somebody holds an order for likely to sign: a feeling is recorded, or a "signs by" claim stands."""
    return bool(claimed) or any(row.code not in evidence.WEIGHTS for row in heard)


def urgent_of(row: book.OrderRow, known: Known, config: Config) -> attention.Order:
    """Return what of an order decides how urgent it is. A touch before the order was opened is none of it."""
    opened_us, _ = calendar_of(config.floor).bounds(row.opened_day)
    touches = [row.last_us, *(one.heard_us for one in known.heard), known.review.at_us if known.review else 0]
    return attention.Order(
        id=row.order_id,
        recheck_day=known.review.recheck_day if known.review else None,
        reviewed=known.review is not None,
        feelings_only=evidence.feelings_only(heard_of(known.heard), likely(known.heard, known.claims)),
        claimed_by=known.claims[-1].by_day if known.claims else None,
        amount_cents=row.amount_cents,
        last_touch_us=max(touches) if max(touches) >= opened_us else None,
        opened_day=row.opened_day,
    )


def line_of(
    row: book.OrderRow, known: Known, probabilities: Probabilities, config: Config, now_us: int, today: int
) -> tuple[OrderLine, tuple[int, ...]]:
    """Return an order as it is listed, and what the list is sorted by. A closed one needs no attention, has the score
    with which it was closed, and brings its amount or nothing."""
    heard = heard_of(known.heard)
    best = evidence.best(heard, now_us)
    facts = tuple(sorted(best, key=lambda code: -evidence.points(best[code], now_us)))
    urgent = urgent_of(row, known, config)
    limits = (today, now_us, config.orders.big_amount * 100, config.orders.stale_days)
    marks: tuple[str, ...] = ()
    reason = ""
    if row.status == OPEN:
        score = int(evidence.score(heard, now_us))
        cents = expected_cents(row.amount_cents, score, probabilities)
        marks = tuple(str(mark) for mark in attention.marks(urgent, *limits))
        _, reason = attention.attention(urgent, *limits)
    else:
        score, cents = row.closed_score, row.amount_cents if row.status == SIGNED else 0
    review, claim = known.review, known.claims[-1] if known.claims else None
    line = OrderLine(
        order_id=row.order_id,
        ref=row.ref,
        customer_id=row.customer_id,
        company=row.company,
        specialist_id=row.specialist_id,
        specialist=row.specialist,
        team=row.team,
        package=row.package,
        amount_cents=row.amount_cents,
        stage=row.stage,
        status=row.status,
        score=score,
        facts=facts,
        feelings_only=urgent.feelings_only and row.status == OPEN,
        claimed_by=claim.by_day if claim else None,
        claim_percent=claim.percent if claim else None,
        kept=known.kept,
        claims=known.resolved,
        recheck_day=review.recheck_day if review else None,
        overdue=attention.Mark.RECHECK in marks,
        reviewed_us=review.at_us if review else None,
        marks=marks,
        reason=reason,
        contacts=row.contacts,
        last_us=row.last_us or None,
        opened_day=row.opened_day,
        expected_day=row.expected_day,
        expected_cents=cents,
        expected_before_cents=review.expected_cents if review else None,
        next_step=row.next_step,
        wants_review=row.status == OPEN and wants_review(marks, review, today),
        version=row.version,
    )
    return line, attention.urgency(urgent, *limits)


def wants_review(marks: Collection[str], review: book.ReviewRow | None, today: int) -> bool:
    """Whether an open order still wants a review today: its recheck is overdue, it was never reviewed, or something is
    the matter with it and it was not reviewed today."""
    return attention.Mark.RECHECK in marks or review is None or (bool(marks) and review.day != today)
