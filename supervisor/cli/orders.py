"""`supervisor orders`: the open orders, those that need attention first, and one order's review."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from store import order_book
from supervisor.calendar import day_text
from supervisor.cli import common, days
from supervisor.duties.calls import RefusedError
from supervisor.duties.calls.acts import named
from supervisor.duties.orders.evidence import FACTS
from supervisor.duties.orders.read import read_order, read_orders
from supervisor.duties.orders.snapshots import OrderLine, OrderReview, OrdersSnapshot
from supervisor.money import exact, number, shown

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

_WORDS = {fact.code: fact.words for fact in FACTS}
_COLUMNS = (
    "order", "customer", "specialist", "amount", "stage", "score", "facts", "feelings_only", "claimed_by", "recheck",
    "overdue",
)  # fmt: skip


@app.callback(invoke_without_command=True)
def orders(
    context: typer.Context,
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print the open orders, those that need attention first; `supervisor orders show REF` prints one's review."""
    if context.invoked_subcommand:
        return
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        snapshot = read_orders(connection, config, common.now_us())
    if shape is common.Format.JSON:
        common.json([as_json(line) for line in snapshot.orders])
    elif shape is common.Format.CSV:
        common.csv(_COLUMNS, [_csv(line) for line in snapshot.orders])
    else:
        _print(snapshot)


@app.command()
def show(ref: Annotated[str, typer.Argument(help="The order, as `supervisor orders` names it.")]) -> None:
    """Print one order with its facts, feelings, claims and reviews."""
    config = common.load()
    now_us = common.now_us()
    with common.store(config) as store, store.read() as connection:
        known = dict(order_book.refs(connection, ref))
        try:
            found = known[named(ref, list(known), "order")]
        except RefusedError as error:
            common.fail(error)
        review = read_order(connection, config, found, now_us)
    _print_review(review, config.orders.currency, ZoneInfo(config.floor.time_zone))


def as_json(line: OrderLine) -> dict[str, Any]:
    """Return an order as scripts read it: days YYYY-MM-DD, unknown ones null."""
    return {
        "order": line.ref,
        "customer": line.company,
        "specialist": line.specialist,
        "amount": number(line.amount_cents),
        "stage": line.stage,
        "score": line.score,
        "facts": list(line.facts),
        "feelings_only": line.feelings_only,
        "claimed_by": _day(line.claimed_by),
        "recheck": _day(line.recheck_day),
        "overdue": line.overdue,
    }


def _day(day: int | None) -> str | None:
    return None if day is None else day_text(day)


def _csv(line: OrderLine) -> list[object]:
    told = as_json(line) | {"amount": exact(line.amount_cents), "facts": " ".join(line.facts)}
    told |= {name: str(told[name]).lower() for name in ("feelings_only", "overdue")}
    return [told[name] for name in _COLUMNS]


def _print(snapshot: OrdersSnapshot) -> None:
    total, before = shown(snapshot.forecast.total), shown(snapshot.forecast_before_cents)
    moved = f"{before} -> {total}" if before != total else total
    source = "the floor's own probabilities" if snapshot.own_probabilities else "default probabilities"
    common.say(f"{len(snapshot.orders)} open orders, {snapshot.left} to review; forecast {moved} {snapshot.currency}")
    common.say(source)
    common.say()
    headers = ("order", "customer", "specialist", snapshot.currency, "stage", "score", "claimed by", "recheck", "why")
    rows = [
        (
            line.ref,
            line.company,
            line.specialist,
            shown(line.amount_cents),
            line.stage,
            line.score,
            _day(line.claimed_by),
            _day(line.recheck_day),
            line.reason,
        )
        for line in snapshot.orders
    ]
    common.table(headers, rows, frozenset({3, 5}))


def _print_review(review: OrderReview, currency: str, zone: ZoneInfo) -> None:
    line = review.line
    common.say(f"{line.ref}  {line.company}  {line.package}  {shown(line.amount_cents)} {currency}")
    common.say(f"{line.specialist or 'nobody'}  {line.stage}  {line.status} since {day_text(line.opened_day)}")
    if line.reason:
        common.say(f"! {line.reason}")
    if line.claimed_by:
        common.say(f"signs by {day_text(line.claimed_by)}, {line.claim_percent} %  ({line.kept} of {line.claims} kept)")
    common.say()
    common.say(f"Score {line.score}, expected {shown(line.expected_cents)} {currency}")
    rows = [
        (
            f"{fact.points:.0f}",
            _WORDS[fact.code],
            _moment(fact.heard_us, zone),
            fact.behind or "only typed",
            fact.who,
            fact.note,
        )
        for fact in review.facts
    ]
    common.table(("points", "fact", "heard", "behind", "by", "note"), rows, frozenset({0}))
    common.say("missing: " + (", ".join(_WORDS[code] for code in review.missing) or "nothing"))
    if review.feelings:
        common.say()
        common.say("Heard, worth nothing")
        common.table(
            ("feeling", "heard", "by"), [(one.note, _moment(one.heard_us, zone), one.who) for one in review.feelings]
        )
    common.say()
    common.say(f"Next step: {line.next_step or 'none'}")
    common.say(f"Recheck: {_day(line.recheck_day) or 'none'}" + (", overdue" if line.overdue else ""))
    if review.contract:
        signed_day, cents, clauses, approved_by = review.contract
        approved = f"; own clauses, approved by {approved_by}: {' '.join(clauses.split())}" if clauses else ""
        common.say(f"Signed {day_text(signed_day)}, {shown(cents)} {currency}{approved}")
    if review.paid_cents:
        common.say(f"Paid {shown(review.paid_cents)} {currency}")
    if review.reviews:
        common.say()
        told = {True: "in time", False: "late", None: ""}
        reviews = [
            (
                _moment(one.at_us, zone),
                one.who,
                one.score,
                " ".join(part for part in (one.guidance, one.solution, one.guidance_text) if part),
                one.next_step,
                _day(one.recheck_day),
                told[one.kept_in_time],
            )
            for one in review.reviews
        ]
        common.table(("reviewed", "by", "score", "guidance", "next step", "recheck", ""), reviews, frozenset({2}))


def _moment(us: int, zone: ZoneInfo) -> str:
    told = days.moment(us, zone) or ""
    return told[:16].replace("T", " ")
