"""Money in discipline: the fine of a month's missing calls, a reward that belongs to no flag, and what both need.

Acts as in supervisor.duties.discipline.acts. What is undone is marked as taken back; the ledger forgets nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from store import flag_acts as store
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline import fines
from supervisor.duties.orders.changing import line
from supervisor.money import cents_of, shown
from supervisor.text import is_typed, to_type

FINE, REWARD = "fine", "reward"
"""Kinds of money."""


def give_reward(
    connection: Connection, doer: Doer, config: Config, specialist_id: int, amount: str, why: str
) -> str:  # fmt: skip
    """Enter a reward that belongs to no flag. RefusedError where it is no amount above 0, or without a reason."""
    name = _name(connection, specialist_id)
    cents, why = amount_of(amount, config), line(why, "the reason")
    money = pay(connection, doer, REWARD, specialist_id, cents, why)
    words = f"{name}: rewarded {shown(cents)} {config.orders.currency}, {why}"
    note(connection, doer, "money.reward", money=money, words=words)
    return words


def fine_month(
    connection: Connection,
    doer: Doer,
    config: Config,
    specialist_id: int,
    month: int,
    amount: str,
    why: str,
    typed: str,
) -> str:
    """Fine what is missing in a month (YYYYMM), of any `amount`: the rule proposes, a person decides. `typed` as of
    `fine`.

    RefusedError where nothing is missing, it is no amount above 0, without a reason, or not confirmed.
    """
    name = _name(connection, specialist_id)
    told = fines.month_text(month)
    short = fines.read_shortfalls(connection, config, month, doer.now_us)
    missing = next((one.shortfall for one in short if one.specialist_id == specialist_id), 0)
    if not missing:
        raise RefusedError(f"{name} misses no effective call in {told}")
    cents, why = amount_of(amount, config), line(why, "the reason")
    confirmed(name, typed)
    money = pay(connection, doer, FINE, specialist_id, cents, why, month=month)
    words = f"{name}: fined {shown(cents)} {config.orders.currency} for {missing} missing effective calls in {told}"
    note(connection, doer, "money.fine", money=money, words=words)
    return words


def _undo_money(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    if not store.withdraw_money(connection, detail["money"], doer.now_us):
        raise RefusedError("it was taken back already")
    return f"undone: {detail['words']}"


def pay(
    connection: Connection,
    doer: Doer,
    kind: str,
    specialist_id: int,
    cents: int,
    why: str,
    *,
    flag_id: int | None = None,
    month: int | None = None,
) -> int:
    """Write a fine or a reward into the ledger; return its id."""
    values = {"kind": kind, "specialist_id": specialist_id, "amount_cents": cents, "why": why, "flag_id": flag_id}
    values |= {"month": month, "day": doer.today, "who": doer.who, "entered_us": doer.now_us}
    return store.add_money(connection, values)


def amount_of(text: str, config: Config) -> int:
    """Return an amount as a person writes it in cents. RefusedError where it is none above 0."""
    try:
        cents = cents_of(text, config.orders.currency)
    except ValueError as error:
        raise RefusedError(str(error)) from None
    if not cents:
        raise RefusedError("an amount above 0 is expected")
    return cents


def confirmed(name: str, typed: str) -> None:
    """RefusedError where what was `typed` does not confirm that `name` is meant."""
    if not is_typed(typed, name):
        what = to_type(name)
        raise RefusedError(f"type the name {what} to confirm" if what == name else f"type {what} to confirm")


def _name(connection: Connection, specialist_id: int) -> str:
    found = store.specialist(connection, specialist_id)
    if found is None:
        raise RefusedError("there is no such specialist")
    return found[0]


MONEY_UNDO: dict[str, Undo] = dict.fromkeys(("money.reward", "money.fine"), _undo_money)
"""What takes back what the journal says, by its kind."""
