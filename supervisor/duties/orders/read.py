"""The list of open orders, and one order under review: read from the store, put together by the rules of the duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain, repeat
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from store import floor as floor_rows
from store import order_book as book
from store import solutions as library
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of, sources_of
from supervisor.duties.orders import evidence
from supervisor.duties.orders.forecast import Forecast, Line, Probabilities, forecast, probabilities
from supervisor.duties.orders.lines import Known, fates_of, heard_of, line_of, record_of
from supervisor.duties.orders.offers import line_of_solution, offered
from supervisor.duties.orders.snapshots import (
    Fact,
    Feeling,
    LinkableCall,
    OrderLine,
    OrderReview,
    OrdersSnapshot,
    PastReview,
)
from supervisor.text import alphabetical

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def probabilities_of(connection: Connection, config: Config) -> tuple[Probabilities, bool]:
    """Return how likely an order of each band of the score is signed, and whether that is the floor's own history: it
    is once `orders.own_from_closed` orders [50] were closed."""
    counted = tuple(book.closed(connection))
    told = config.orders
    own = sum(count for _, _, count in counted) >= told.own_from_closed
    return _probabilities(counted if own else (), told.own_from_closed, told.probabilities), own


@lru_cache(maxsize=4)
def _probabilities(
    counted: tuple[tuple[int, bool, int], ...], own_from: int, defaults: tuple[float, ...]
) -> Probabilities:
    """Remembered: between two orders that are closed the history is the same."""
    closed = chain.from_iterable(repeat((float(score), signed), count) for score, signed, count in counted)
    return probabilities(closed, own_from, defaults)


def read_orders(connection: Connection, config: Config, now_us: int) -> OrdersSnapshot:
    """Return all open orders at `now_us` (epoch us), those that need attention first, from one moment of the store."""
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    probable, own = probabilities_of(connection, config)
    last_reviews = book.last_reviews(connection)
    judged = [
        line_of(row, known, probable, config, now_us, today)
        for row, known in _known_of_open(connection, last_reviews, today)
    ]
    lines = tuple(line for line, _ in sorted(judged, key=lambda one: one[1]))
    return OrdersSnapshot(
        day=today,
        now_us=now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        shift_elapsed=calendar.shift_elapsed(now_us, today),
        sources=sources_of(floor_rows.source_states(connection), config, now_us),
        currency=config.orders.currency,
        orders=lines,
        left=sum(line.wants_review for line in lines),
        forecast=forecast_of(lines, probable),
        forecast_before_cents=sum(map(before_cents, lines)),
        own_probabilities=own,
        teams=tuple(sorted({line.team for line in lines if line.team}, key=alphabetical)),
    )


def forecast_of(lines: Sequence[OrderLine], probable: Probabilities) -> Forecast:
    """Return what `lines`, open orders, will bring."""
    return forecast((Line(line.amount_cents, line.score, line.stage, line.specialist_id) for line in lines), probable)


def before_cents(line: OrderLine) -> int:
    """Return what was expected of an order as of its last review; of one never reviewed what is expected now, as there
    is nothing from which it moved."""
    return line.expected_cents if line.expected_before_cents is None else line.expected_before_cents


def _known_of_open(
    connection: Connection, last_reviews: dict[int, book.ReviewRow], today: int
) -> list[tuple[book.OrderRow, Known]]:
    orders = book.open_orders(connection)
    heard: dict[int, list[book.EvidenceRow]] = defaultdict(list)
    for piece in book.evidence(connection):
        heard[piece.order_id].append(piece)
    claimed: dict[int, list[book.ClaimRow]] = defaultdict(list)
    for claim in book.claims(connection):
        claimed[claim.order_id].append(claim)
    fates = fates_of(book.claim_counts(connection, today))
    return [
        (
            row,
            Known(
                heard.get(row.order_id, ()),
                claimed.get(row.order_id, ()),
                last_reviews.get(row.order_id),
                *fates.get(row.specialist, (0, 0)),
            ),
        )
        for row in orders
    ]


def read_order(connection: Connection, config: Config, order_id: int, now_us: int) -> OrderReview:
    """Return one order under review, open or closed; KeyError where there is none."""
    row = book.order(connection, order_id)
    if row is None:
        raise KeyError(order_id)
    today = calendar_of(config.floor).today(now_us)
    probable, _ = probabilities_of(connection, config)
    heard = book.evidence(connection, order_id)
    reviews = book.reviews(connection, order_id)
    record = record_of(book.claims_of(connection, row.specialist), today)
    claimed = book.claims(connection, order_id)
    known = Known(heard, claimed, reviews[-1] if reviews else None, record.kept, record.kept + record.missed)
    call = book.newest_call(connection, row.customer_id)
    contract = book.contract(connection, order_id)
    return OrderReview(
        line=line_of(row, known, probable, config, now_us, today)[0],
        facts=_facts(heard, now_us, ZoneInfo(config.floor.time_zone)),
        missing=tuple(fact.code for fact in evidence.missing(heard_of(heard))),
        feelings=tuple(
            Feeling(piece.evidence_id, piece.note, piece.heard_us, piece.who)
            for piece in reversed(heard)
            if piece.code not in evidence.WEIGHTS
        ),
        reviews=past_reviews(reviews, today),
        record=record,
        linkable=LinkableCall(*call) if call else None,
        solutions=offered(map(line_of_solution, library.standing(connection)), row.customer_type, ""),
        customer_type=row.customer_type,
        said=book.last_said(connection, row.customer_id),
        contract=(contract[0], contract[1], contract[2], contract[3]) if contract else None,
        paid_cents=book.paid_cents(connection, order_id),
    )


def _facts(heard: Sequence[book.EvidenceRow], now_us: int, zone: ZoneInfo) -> tuple[Fact, ...]:
    """The facts heard, newest first. Of each kind the best one counts."""
    told = {piece.evidence_id: rule for piece, rule in zip(heard, heard_of(heard), strict=True)}
    counting = {id(one) for one in evidence.best(told.values(), now_us).values()}
    return tuple(
        Fact(
            evidence_id=piece.evidence_id,
            code=piece.code,
            weight=evidence.WEIGHTS[piece.code],
            points=evidence.points(told[piece.evidence_id], now_us),
            heard_us=piece.heard_us,
            linked=piece.linked,
            behind=_behind(piece, zone),
            note=piece.note,
            who=piece.who,
            counts=id(told[piece.evidence_id]) in counting,
        )
        for piece in reversed(heard)
        if piece.code in evidence.WEIGHTS
    )


def _behind(piece: book.EvidenceRow, zone: ZoneInfo) -> str:
    if piece.group_id is not None:
        local = (_EPOCH + timedelta(microseconds=piece.heard_us)).astimezone(zone)
        return f"call {local:%H:%M}"
    return piece.file or ""


def past_reviews(rows: Sequence[book.ReviewRow], today: int) -> tuple[PastReview, ...]:
    """Return reviews, newest first; `rows` oldest first. A recheck was kept in time where the next review came on its
    day or before; of the latest one it is not known until the day has passed."""
    found = []
    for place, row in enumerate(rows):
        kept: bool | None = None
        if row.recheck_day is not None and place + 1 < len(rows):
            kept = rows[place + 1].day <= row.recheck_day
        elif row.recheck_day is not None and today > row.recheck_day:
            kept = False
        found.append(
            PastReview(
                at_us=row.at_us,
                who=row.who,
                next_step=row.next_step,
                guidance=row.guidance,
                guidance_text=row.guidance_text,
                solution=row.solution,
                recheck_day=row.recheck_day,
                kept_in_time=kept,
                score=row.score,
            )
        )
    return tuple(reversed(found))
