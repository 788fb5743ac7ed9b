"""Whose row it is: customers as tables name them, by reference, by number or by company."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from store import customer_book as book
from store import roster
from store.matching import customers_of
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.fields import Specialists, Terms
from supervisor.duties.followups.customers import company_key


class Whose:
    """Finds customers and specialists by what rows call them; looked up for many rows at once."""

    def __init__(self, connection: Connection, terms: Terms, customers: Collection[str]) -> None:
        self._numbers = {text: _number(terms, text) for text in customers}
        self._keys = {text: company_key(text) for text in customers}
        self._by_ref = book.of_refs(connection, set(customers))
        self._by_number = customers_of(connection, set(filter(None, self._numbers.values())))
        self._by_key = book.of_companies(connection, set(self._keys.values()))
        self._specialists = Specialists({one.name: one.id for one in roster.specialists(connection).values()})

    def customer(self, text: str) -> int:
        """Return the customer that `text` means, of a double whom it was merged into. ValueError in words where there
        is none, or more than one."""
        if (found := self._by_ref.get(text)) is not None:
            return found
        owners = self._by_number.get(self._numbers[text], set())
        if len(owners) > 1:
            raise ValueError(f"{len(owners)} customers have the number {text!r}; name the reference")
        owners = owners or self._by_key.get(self._keys[text], set())
        if len(owners) > 1:
            many = "two" if len(owners) == 2 else f"{len(owners)}"
            raise ValueError(f"{many} customers are called {text!r}; name a number")
        if not owners:
            raise ValueError(
                f"there is no customer {text[:80]!r}; name a reference, a number or a company, or import the customers "
                "first"
            )
        return next(iter(owners))

    def specialist(self, name: str) -> int | None:
        """Return whose name it is; None where it is empty. ValueError names the nearest one."""
        return self._specialists.id_of(name)


def _number(terms: Terms, text: str) -> str:
    """The number that `text` would be; "" where it can be none."""
    try:
        return fields.number(terms, text)[0]
    except ValueError:
        return ""
