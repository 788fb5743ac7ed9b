"""`supervisor forecast`: what the open orders will bring, by stage and by specialist."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from supervisor.cli import common
from supervisor.duties.orders.outlook import Outlook, Share, read_outlook
from supervisor.money import exact, number, shown

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z", re.ASCII)


@app.command()
def forecast(
    month: Annotated[
        str, typer.Option(help="YYYY-MM: what is expected to be signed in it and what was; else all open orders.")
    ] = "",
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print the forecast: amount x probability of the score's band, summed over orders."""
    found = _MONTH.match(month)
    if month and not found:
        common.fail(f"{month!r} is not a month; write it as YYYY-MM")
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        wanted = int(found[1] + found[2]) if found else None
        outlook = read_outlook(connection, config, common.now_us(), wanted)
    if shape is common.Format.JSON:
        common.json(as_json(outlook))
    elif shape is common.Format.CSV:
        common.csv(("by", "name", "orders", "amount", "expected"), [_exact(row) for row in _rows(outlook)])
    else:
        _print(outlook)


def as_json(outlook: Outlook) -> dict[str, Any]:
    """Return the forecast as scripts read it: amounts with at most two decimals, orders of nobody under null."""
    return {
        "month": _month(outlook.month),
        "currency": outlook.currency,
        "total": number(outlook.total_cents),
        "signed": number(outlook.signed_cents),
        "open": number(outlook.open_cents),
        "by_stage": _shares("stage", outlook.by_stage),
        "by_specialist": _shares("specialist", outlook.by_specialist),
        "moved": {
            "before": number(outlook.before_cents),
            "now": number(outlook.open_cents),
            "orders": outlook.moved,
        },
        "own_probabilities": outlook.own_probabilities,
    }


def _month(month: int | None) -> str | None:
    return None if month is None else f"{month // 100:04}-{month % 100:02}"


def _shares(by: str, shares: Iterable[Share]) -> list[dict[str, Any]]:
    return [
        {
            by: share.name or None,
            "orders": share.orders,
            "amount": number(share.amount_cents),
            "expected": number(share.expected_cents),
        }
        for share in shares
    ]


Line = tuple[str, str, int, int, int]


def _rows(outlook: Outlook) -> list[Line]:
    """Stages, specialists, what was signed and the total; amounts in hundredths."""
    rows: list[Line] = []
    for by, shares in (("stage", outlook.by_stage), ("specialist", outlook.by_specialist)):
        rows += [(by, share.name, share.orders, share.amount_cents, share.expected_cents) for share in shares]
    if outlook.month is not None:
        rows.append(("signed", "", outlook.signed, outlook.signed_cents, outlook.signed_cents))
    count = sum(share.orders for share in outlook.by_stage) + outlook.signed
    amount = sum(share.amount_cents for share in outlook.by_stage) + outlook.signed_cents
    return [*rows, ("total", "", count, amount, outlook.total_cents)]


def _exact(row: Line) -> list[object]:
    return [*row[:3], exact(row[3]), exact(row[4])]


def _print(outlook: Outlook) -> None:
    source = "the floor's own probabilities" if outlook.own_probabilities else "default probabilities"
    common.say(f"{_month(outlook.month) or 'all open orders'}, {outlook.currency}, {source}")
    if outlook.before_cents != outlook.open_cents:
        common.say(
            f"{outlook.moved} moved since their last reviews: "
            f"{shown(outlook.before_cents)} -> {shown(outlook.open_cents)}"
        )
    common.say()
    rows = [(by, name or ("nobody" if by == "specialist" else ""), count, shown(amount), shown(expected))
            for by, name, count, amount, expected in _rows(outlook)]  # fmt: skip
    common.table(("by", "name", "orders", "amount", "expected"), rows, frozenset({2, 3, 4}))
