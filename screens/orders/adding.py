"""Adding an order: whose customer, which specialist, which package, how much. Each is one line; escape leaves it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.orders import words
from screens.widgets.dialogs import Option
from screens.widgets.prompt import Prompt
from supervisor.money import shown
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.orders.screen import OrdersScreen
    from supervisor.duties.followups.snapshots import QueueLine


def add(screen: OrdersScreen) -> None:
    """Ask for everything a new order needs, then open it."""
    found: dict[str, QueueLine] = {}

    async def search(text: str) -> Sequence[Option]:
        desk = await screen.link.opened()
        lines = await asyncio.to_thread(desk.followups.find, text) if text else []
        found.update({line.key: line for line in lines})
        return [
            Option(line.key, safe(line.company), "has an order" if line.ordered else safe(line.owner)) for line in lines
        ]

    def then(key: str) -> None:
        specialist(screen, found[key])

    hint = "the beginning of a name, a reference or a number"
    screen.app.push_screen(Prompt("A new order: with which customer?", then, hint=hint, search=search))


def specialist(screen: OrdersScreen, customer: QueueLine) -> None:
    """Ask whose order it is: the owner's first."""
    options = [Option(str(one), safe(name), safe(team)) for one, name, team in screen.people]
    if not options:
        package(screen, customer, None)
        return
    title = f"{safe(customer.company, 40)}: whose order is it?"
    marked = str(customer.owner_id) if customer.owner_id is not None else ""
    then = lambda value: package(screen, customer, int(value))  # noqa: E731
    screen.app.push_screen(Prompt(title, then, options=options, marked=marked))


def package(screen: OrdersScreen, customer: QueueLine, specialist_id: int | None) -> None:
    """Ask for the package: one that is sold already, or a new one."""
    lines = screen.snapshot.orders if screen.snapshot is not None else ()
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.package] = counts.get(line.package, 0) + 1
    names = sorted((name for name in counts if name), key=lambda name: (-counts[name], name))
    options = [Option(name, safe(name), str(counts[name])) for name in names]
    title = f"{safe(customer.company, 40)}: which package?"
    then = lambda value: amount(screen, customer, specialist_id, value)  # noqa: E731
    screen.app.push_screen(Prompt(title, then, options=options, free=True, hint="a package, or a new one"))


def amount(screen: OrdersScreen, customer: QueueLine, specialist_id: int | None, what: str) -> None:
    """Ask how much it is worth, and open the order."""
    currency = screen.currency

    def then(text: str) -> None:
        cents, stage = words.cents(text, currency), screen.stages[0] if screen.stages else "interest"
        screen.act(lambda desk: desk.orders.create(customer.customer_id, specialist_id, what, cents, stage))

    title = f"{safe(customer.company, 40)}, {safe(what, 40)}: worth how much, in {currency}?"
    meaning = lambda text: f"{shown(words.cents(text, currency))} {currency}"  # noqa: E731
    screen.app.push_screen(Prompt(title, then, meaning=meaning))
