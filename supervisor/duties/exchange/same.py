"""Which of the customers that are there a row of a table is about, and when a reference may become one's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

from store.refs import is_own
from supervisor.duties.exchange.fields import shown


class Candidate(Protocol):
    """A customer of the same company as the row, by its key; `numbers`: its doubles' too; `merged`: it is a double."""

    @property
    def region(self) -> str: ...
    @property
    def numbers(self) -> Collection[str]: ...
    @property
    def merged(self) -> bool: ...


C = TypeVar("C", bound=Candidate)


def same(
    candidates: Sequence[C], numbers: Collection[str], region: str | None, changes: Callable[[C], bool]
) -> C | None:
    """Return the one of `candidates` (the same company) that a row is about; None: it is another customer.

    That shares a number with the row. Else one of the same region (None: the row tells none) that cannot share any: it
    has none, or the row has none and nobody else comes into question. Of several it is one that the row does not
    change, else one that is no double, else the first.
    """
    found = [one for one in candidates if any(number in one.numbers for number in numbers)]
    if not found:
        here = [one for one in candidates if region is None or shown(one.region) == shown(region)]
        found = [one for one in here if not one.numbers]
        if not numbers:
            alone = [one for one in here if not one.merged] if len(here) > 1 else here
            found += alone if len(alone) == 1 else []
    if len(found) > 1:
        return min(found, key=lambda one: (changes(one), one.merged))
    return found[0] if found else None


def may_take(ref: str, its: str, told: bool) -> bool:
    """Whether a row with the reference `ref` ("": none), which nothing has yet, can be about something whose reference
    is `its`: where people gave the one and we made the other, and no other row told of it (`told`)."""
    return not ref or (not told and is_own(its) and not is_own(ref))
