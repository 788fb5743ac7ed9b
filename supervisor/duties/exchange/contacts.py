"""Contacts in tables: their columns, reading a row, writing many as entries of the ledger, and listing them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import contact_book as book
from store import matching
from store.contacts import HAND
from store.customer_acts import entries as entries_of
from store.customer_book import roots_after
from store.matching import NewEntry
from supervisor.cells import Cell, text_of
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.fields import Line, Terms, shown
from supervisor.duties.exchange.whose import Whose
from supervisor.duties.followups.counting import CALL, CHANNELS
from supervisor.duties.roster import Came, Outcome

FIELDS = (("customer", "at"), ("specialist", "channel", "outcome", "note", "minutes"))
"""Required and optional fields."""
TOLD = ("company", "number", "counted", "source")
"""Columns that are brought out and not in: `number` is the contact number, where it counted."""
ALSO = {
    "customer": ("company", "kunde", "firma", "kundennummer"),
    "at": ("when", "date", "time", "moment", "datum", "zeitpunkt"),
    "specialist": ("agent", "who", "verkäufer", "mitarbeiter"),
    "channel": ("kanal",),
    "outcome": ("result", "ergebnis"),
    "note": ("notes", "comment", "notiz", "bemerkung"),
    "minutes": ("min", "minuten"),
}
"""Other names of columns."""

LONGEST_OUTCOME = 200
CUSTOMERS_AT_ONCE = 500
_DAY_US = 86_400_000_000


class ContactIn(NamedTuple):
    """A row of a table. `ms` None: unknown."""

    customer: str
    at_us: int
    specialist: str
    channel: str
    outcome: str
    note: str
    ms: int | None


Key = tuple[object, ...]


class Contacts:
    """Brings contacts in: `read` a row, `put` many. One for a table; entries that it told already are remembered."""

    noun = "contacts"

    def __init__(self, terms: Terms, present: Collection[str]) -> None:
        self._terms, self._present = terms, present
        self._at = fields.moment("at", terms.zone)
        self._channel = fields.one_of("channel", CHANNELS)
        self._told: set[int] = set()
        self._newest: int | None = None

    def read(self, cells: Mapping[str, Cell]) -> ContactIn:
        """Read a row. ValueError in words where it cannot be one."""
        customer = fields.customer(cells["customer"])
        at_us = self._at(cells["at"])
        if at_us is None:
            raise ValueError("no at; write YYYY-MM-DD HH:MM")
        if at_us > self._terms.doer.now_us + _DAY_US:
            raise ValueError(f"at is {text_of(cells['at'])[:40]!r}, which is still to come")
        return ContactIn(
            customer,
            at_us,
            fields.line(cells.get("specialist", ""), "specialist", fields.LONGEST_NAME),
            self._channel(cells.get("channel", "")) or CALL,
            fields.line(cells.get("outcome", ""), "outcome", LONGEST_OUTCOME),
            fields.line(cells.get("note", ""), "note", fields.LONGEST_NOTE),
            fields.minutes(cells.get("minutes", "")),
        )

    def put(self, connection: Connection, rows: Sequence[tuple[int, ContactIn]]) -> Came:
        """Write rows (with their numbers); return what each came to, and the refused with the reason.

        A row is known where an entry tells the same. Else it replaces a written entry of the same customer, moment,
        specialist and channel that no row tells, by taking it back; else it is new.
        """
        if self._newest is None:
            self._newest = book.newest(connection)
        whose = Whose(connection, self._terms, {row.customer for _, row in rows})
        good: list[tuple[int, int | None, ContactIn]] = []
        refused: list[tuple[int, str]] = []
        for number, row in rows:
            try:
                good.append((whose.customer(row.customer), whose.specialist(row.specialist), row))
            except ValueError as error:
                refused.append((number, str(error)))
        standing = book.at(connection, {(root, row.at_us) for root, _, row in good})
        same: dict[Key, book.Told] = {self._whole(told.root, told.specialist_id, told): told for told in standing}
        self._told.update(
            same[key].id for root, specialist, row in good if (key := self._whole(root, specialist, row)) in same
        )
        free: dict[Key, list[int]] = defaultdict(list)
        for told in standing:
            if told.origin == HAND and told.id <= self._newest and told.id not in self._told:
                free[self._which(told.root, told.specialist_id, told)].append(told.id)
        outcomes: list[Outcome] = []
        new: list[NewEntry] = []
        replaced: dict[int, NewEntry] = {}
        done: set[Key] = set()
        for root, specialist, row in good:
            key = self._whole(root, specialist, row)
            if key in same or key in done:
                outcomes.append(Outcome.KNOWN)
                continue
            done.add(key)
            entry = self._entry(root, specialist, row)
            if instead := free.get(self._which(root, specialist, row)):
                replaced[instead.pop(0)] = entry
                outcomes.append(Outcome.CHANGED)
            else:
                new.append(entry)
                outcomes.append(Outcome.NEW)
        append = new + self._replace(connection, replaced)
        matching.append_entries(connection, append, self._terms.doer.numbers, self._terms.doer.now_us)
        return Came(outcomes, refused)

    def _whole(self, root: int, specialist: int | None, row: ContactIn | book.Told) -> Key:
        """Everything of an entry of which the table tells."""
        return (
            *self._which(root, specialist, row),
            shown(row.outcome) if "outcome" in self._present else None,
            shown(row.note) if "note" in self._present else None,
            row.ms if "minutes" in self._present else None,
        )

    def _which(self, root: int, specialist: int | None, row: ContactIn | book.Told) -> Key:
        return (
            root,
            row.at_us,
            specialist if "specialist" in self._present else None,
            row.channel if "channel" in self._present else None,
        )

    def _entry(self, root: int, specialist: int | None, row: ContactIn) -> NewEntry:
        return NewEntry(
            root, row.at_us, self._terms.calendar.day_of(row.at_us), row.channel, HAND,
            entered_by=self._terms.doer.who, specialist_id=specialist, outcome=row.outcome, note=row.note,
            claimed_ms=row.ms,
        )  # fmt: skip

    def _replace(self, connection: Connection, replaced: Mapping[int, NewEntry]) -> list[NewEntry]:
        """Take entries back and put others in their place, of which the table tells no more than it has columns."""
        columns = {
            "specialist_id": "specialist", "channel": "channel", "outcome": "outcome", "note": "note",
            "claimed_ms": "minutes",
        }  # fmt: skip
        told = [column for column, field in columns.items() if field in self._present]
        append: list[NewEntry] = []
        for id_, was in entries_of(connection, list(replaced)).items():
            append.append(was._replace(counters=id_, entered_by=self._terms.doer.who))
            now = {column: getattr(replaced[id_], column) for column in told}
            append.append(was._replace(entered_by=self._terms.doer.who, **now))
        return append


# -- out --------------------------------------------------------------------------------------------------------------


def after(connection: Connection, terms: Terms, id_: int, limit: int) -> tuple[list[Line], int | None]:
    """Return the lines of the contacts of the next customers after `id_`, and after whom to go on; None: those were
    all. A customer's contacts stand together, in the order of their time."""
    customers = roots_after(connection, id_, min(limit, CUSTOMERS_AT_ONCE))
    found = book.of(connection, [root for root, _, _ in customers])
    lines = [
        _line(told, terms, shown(ref), shown(company))
        for root, ref, company in customers
        for told in found.get(root, ())
    ]
    return lines, customers[-1][0] if customers else None


def _line(told: book.Told, terms: Terms, ref: str, company: str) -> Line:
    return (
        ref,
        fields.moment_text(told.at_us, terms.zone),
        shown(told.specialist or ""),
        told.channel,
        shown(told.outcome),
        shown(told.note),
        fields.minutes_of(told.ms),
        company,
        told.number,
        "no" if told.number is None else "yes",
        told.origin,
    )
