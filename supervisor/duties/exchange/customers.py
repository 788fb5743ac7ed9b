"""Customers in tables: their columns, reading a row, writing many, and listing them all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import customer_book as book
from store.customer_book import CHANGEABLE
from supervisor.cells import Cell, text_of
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.fields import Line, Terms, shown
from supervisor.duties.followups.customers import STATUSES, TIERS, company_key

FIELDS = (
    ("company",),
    (
        "person", "phones", "region", "type", "tier", "registered", "owner", "status", "do_not_call", "time_zone",
        "ref", "next_contact", "next_note", "opened", "closed",
    ),
)  # fmt: skip
"""Required and optional fields. `opened`, `closed`: from when until when its contacts count."""
TOLD = ("contacts", "last_contact")
"""Columns that are brought out and not in: they follow from the ledger."""
ALSO = {
    "company": ("company name", "firma", "unternehmen", "customer", "kunde"),
    "person": ("people", "contact person", "ansprechpartner"),
    "phones": ("phone", "phone number", "number", "numbers", "telephone", "telefon"),
    "type": ("customer type", "kundentyp", "branche"),
    "owner": ("specialist", "verkäufer", "betreuer"),
    "do_not_call": ("dnc", "gesperrt"),
    "ref": ("reference", "customer number", "kundennummer", "id"),
}
"""Other names of columns."""

(
    REF, COMPANY, COMPANY_KEY, REGION, TYPE, TIER, REGISTERED, OWNER, STATUS, TIME_ZONE, DNC_US, DNC_WHY, DNC_BY,
    OPENED, CLOSED_US, NEXT_DAY, NEXT_NOTE, ROW_HASH,
) = range(len(CHANGEABLE))  # fmt: skip

_REMEMBERED = 5_000
_SELDOM = frozenset(("next_note",))
"""Columns in which a cell hardly comes again."""


class CustomerIn(NamedTuple):
    """A row of a table. `told`: the values of columns (by their place in `CHANGEABLE`) of which the table tells.
    `do_not_call`: None: it does not tell, False: no, else the reason. `owner` None: it does not tell."""

    ref: str
    key: str
    people: tuple[str, ...]
    numbers: dict[str, str]
    owner: str | None
    do_not_call: bool | str | None
    told: dict[int, Any]


class Reader:
    """Reads rows of a table that has the columns `present`."""

    def __init__(self, terms: Terms, present: Collection[str]) -> None:
        self._terms = terms
        opened = fields.moment("opened", terms.zone)
        readers: dict[str, tuple[int, Callable[[Cell], Any]]] = {
            "region": (REGION, fields.word("region")),
            "type": (TYPE, fields.word("type")),
            "tier": (TIER, _tier),
            "registered": (REGISTERED, fields.yes_or_no("registered")),
            "status": (STATUS, fields.one_of("status", STATUSES)),
            "time_zone": (TIME_ZONE, fields.zone),
            "next_contact": (NEXT_DAY, fields.day),
            "next_note": (NEXT_NOTE, fields.word("next_note", fields.LONGEST_NOTE)),
            "opened": (OPENED, lambda cell: opened(cell) or 0),
            "closed": (CLOSED_US, fields.moment("closed", terms.zone)),
            "owner": (OWNER, fields.word("owner", fields.LONGEST_NAME)),
            "do_not_call": (DNC_US, _do_not_call),
        }
        self._readers: list[tuple[str, int, Callable[[Cell], Any], dict[Cell, Any] | None]] = [
            (field, place, read, None if field in _SELDOM else {})
            for field, (place, read) in readers.items()
            if field in present
        ]

    def read(self, cells: Mapping[str, Cell]) -> CustomerIn:
        """Read a row. ValueError in words where it cannot be one."""
        company = fields.line(cells["company"], "company", fields.LONGEST_NAME)
        if not company:
            raise ValueError("no company")
        told: dict[int, Any] = {COMPANY: company}
        for field, place, read, memory in self._readers:
            cell = cells[field]
            if memory is None:
                told[place] = read(cell)
            elif cell in memory:
                told[place] = memory[cell]
            else:
                told[place] = read(cell)
                if len(memory) < _REMEMBERED:
                    memory[cell] = told[place]
        if told.get(STATUS) == "":
            del told[STATUS]  # there is no empty status: it says nothing
        if told.get(CLOSED_US) is not None and told[CLOSED_US] < told.get(OPENED, 0):
            raise ValueError(f"closed ({text_of(cells['closed'])}) before it was opened ({text_of(cells['opened'])})")
        return CustomerIn(
            fields.ref(cells["ref"]) if "ref" in cells else "",
            company_key(company),
            fields.parts(cells["person"], "person") if "person" in cells else (),
            fields.numbers(self._terms, cells["phones"]) if "phones" in cells else {},
            told.pop(OWNER, None),
            told.pop(DNC_US, None),
            told,
        )


_TIER = fields.one_of("tier", TIERS)


def _tier(cell: Cell) -> int:
    return TIERS.index(_TIER(cell) or TIERS[-1])


def _do_not_call(cell: Cell) -> bool | str:
    """False: no; else the reason, "" where there is none."""
    reason = fields.line(cell, "do_not_call", fields.LONGEST_REASON)
    told = fields.is_yes(reason)
    return reason if told is None else "" if told else False


# -- out --------------------------------------------------------------------------------------------------------------


def after(connection: Connection, terms: Terms, id_: int, limit: int) -> tuple[list[Line], int | None]:
    """Return the lines of the next `limit` customers after `id_`, and after whom to go on; None: those were all."""
    found = book.after(connection, id_, limit)
    ids = [one.id for one in found]
    numbers, people = book.numbers_of(connection, ids), book.people_of(connection, ids)
    lines = [_line(one, terms, numbers.get(one.id, ()), people.get(one.id, ())) for one in found]
    return lines, ids[-1] if ids else None


def _line(one: book.Listed, terms: Terms, numbers: Sequence[tuple[str, str]], people: Sequence[str]) -> Line:
    values = one.values
    blocked = values[DNC_US] is not None
    why = shown(values[DNC_WHY])
    return (
        shown(values[COMPANY]),
        "; ".join(dict.fromkeys(map(shown, people))),
        "; ".join(dict.fromkeys(number for number, _ in numbers if fields.is_written_so(terms, number))),
        shown(values[REGION]),
        shown(values[TYPE]),
        TIERS[values[TIER]],
        "yes" if values[REGISTERED] else "no",
        shown(one.owner),
        values[STATUS],
        "no" if not blocked else why if fields.is_yes(why) is None else "yes",
        shown(values[TIME_ZONE]),
        shown(values[REF]),
        fields.day_text(values[NEXT_DAY]),
        shown(values[NEXT_NOTE]),
        fields.moment_text(values[OPENED] or None, terms.zone),
        fields.moment_text(values[CLOSED_US], terms.zone),
        one.contacts,
        fields.moment_text(one.last_us or None, terms.zone),
    )
