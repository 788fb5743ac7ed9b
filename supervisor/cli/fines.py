"""`supervisor fines`: what a month's missing effective calls come to, and the ledger of fines and rewards."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from supervisor.calendar import day_text
from supervisor.cli import common, days
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.fines import month_text, read_money
from supervisor.duties.discipline.snapshots import FineProposal, MoneyLine, MoneySnapshot
from supervisor.money import exact, number, shown

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

_COLUMNS = ("specialist", "team", "month", "days", "due", "effective", "missing", "proposed", "fined")


@app.command()
def fines(
    month: Annotated[str, typer.Option(help="YYYY-MM; without it the last whole month.")] = "",
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print who misses effective calls in a month, what is proposed for it, and the ledger of fines and rewards."""
    config = common.load()
    wanted = days.month_of(month) if month else None
    with common.store(config) as store, store.read() as connection:
        try:
            money = read_money(connection, config, wanted, common.now_us())
        except RefusedError as error:
            common.fail(error)
    if shape is common.Format.JSON:
        common.json(
            {
                "month": month_text(money.month),
                "missing": [as_json(one) for one in money.proposals],
                "ledger": [entry_json(one) for one in money.ledger],
            }
        )
    elif shape is common.Format.CSV:
        common.csv(_COLUMNS, [_csv(one) for one in money.proposals])
    else:
        _print(money)


def as_json(one: FineProposal) -> dict[str, Any]:
    """Return what somebody misses as scripts read it: amounts as numbers, the month YYYY-MM."""
    return {
        "specialist": one.specialist,
        "team": one.team,
        "month": month_text(one.month),
        "days": days.plain(one.attended),
        "due": one.due,
        "effective": one.effective,
        "missing": one.shortfall,
        "proposed": number(one.proposed_cents),
        "fined": number(one.fined_cents),
    }


def entry_json(one: MoneyLine) -> dict[str, Any]:
    """Return an entry of the ledger as scripts read it."""
    return {
        "id": one.money_id,
        "specialist": one.specialist,
        "kind": one.kind,
        "amount": number(one.amount_cents),
        "day": day_text(one.day),
        "month": None if one.month is None else month_text(one.month),
        "flag": one.flag_id,
        "why": one.why,
        "who": one.who,
        "withdrawn": one.withdrawn,
    }


def _csv(one: FineProposal) -> list[object]:
    told = as_json(one) | {"proposed": exact(one.proposed_cents), "fined": exact(one.fined_cents)}
    return [told[name] for name in _COLUMNS]


def _print(money: MoneySnapshot) -> None:
    rule = f"{money.per_missing} {money.currency} a missing call" if money.per_missing else "no fine is proposed"
    common.say(f"{month_text(money.month)}: {len(money.proposals)} miss effective calls; {rule}")
    if money.proposals:
        common.say()
        headers = ("specialist", "team", "days", "due", "effective", "missing", "proposed", "fined")
        common.table(headers, [_row(one) for one in money.proposals], frozenset(range(2, 8)))
    common.say()
    common.say("Fines and rewards of a year" if money.ledger else "No fine and no reward within a year")
    if money.ledger:
        headers = ("day", "specialist", "kind", money.currency, "for", "why", "by", "")
        common.table(headers, [_entry(one) for one in money.ledger], frozenset({3}))


def _row(one: FineProposal) -> tuple[object, ...]:
    money = (shown(one.proposed_cents), shown(one.fined_cents))
    attended = days.plain(one.attended)
    return (one.specialist, one.team, attended, one.due, one.effective, one.shortfall, *money)


def _entry(one: MoneyLine) -> tuple[object, ...]:
    what_for = month_text(one.month) if one.month else f"flag {one.flag_id}" if one.flag_id else ""
    back = "taken back" if one.withdrawn else ""
    return (day_text(one.day), one.specialist, one.kind, shown(one.amount_cents), what_for, one.why, one.who, back)
