"""Enquiries in tables: their columns, reading a row, writing many, and listing them all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import enquiries as store
from store.enquiries import TOLD as COLUMNS
from store.enquiries import Kept
from store.refs import new_ids, new_refs
from supervisor.cells import Cell
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.fields import Line, Terms, shown
from supervisor.duties.followups.customers import company_key
from supervisor.duties.roster import Came, Outcome

FIELDS = (("company", "received"), ("number", "channel", "assistant", "note", "ref", "answered", "answered_by"))
"""Required and optional fields."""
TOLD = ("handed", "specialist")
"""Columns that are brought out and not in: only handing somebody over here makes a customer of them."""
ALSO = {
    "company": ("customer", "name", "kunde", "firma"),
    "received": ("date", "at", "received on", "datum", "eingang"),
    "number": ("phone", "telephone", "telefon", "nummer"),
    "channel": ("source", "kanal", "quelle"),
    "assistant": ("sales assistant", "assistent", "assistenz"),
    "note": ("notes", "text", "notiz"),
    "ref": ("reference", "enquiry", "enquiry number", "anfrage"),
    "answered": ("answered on", "beantwortet"),
    "answered_by": ("beantwortet von",),
}
"""Other names of columns."""

REF, AT, COMPANY, NUMBER, CHANNEL, NOTE, ASSISTANT, ANSWERED, ANSWERED_BY = range(len(COLUMNS))
_NAMES = {AT: "received", ANSWERED: "answered"}
_BEFORE = "it was answered before it was received"
_OWN = re.compile(r"E-\d+(?:-\d+)?\Z")
"""References as they are made here: not ones that people gave."""
_DAY_US = 86_400_000_000


class EnquiryIn(NamedTuple):
    """A row of a table: a reference ("": none), and the values of which it tells, by their place. An empty cell tells
    nothing: what was done since stays."""

    ref: str
    told: dict[int, Any]


class Enquiries:
    """Brings enquiries in: `read` a row, `put` many. One for a table; of what it told already is remembered."""

    noun = "enquiries"

    def __init__(self, terms: Terms, present: Collection[str]) -> None:
        self._terms = terms
        self._received = fields.moment("received", terms.zone)
        self._answered = fields.moment("answered", terms.zone)
        self._seen: dict[int, int] = {}  # what is there -> the row that told of it

    def read(self, cells: Mapping[str, Cell]) -> EnquiryIn:
        """Read a row. ValueError in words where it cannot be one. A day alone is its beginning."""

        def line(field: str, longest: int) -> str:
            return fields.line(cells.get(field, ""), field, longest)

        company = line("company", fields.LONGEST_NAME)
        if not shown(company):
            raise ValueError("no company")
        at_us = self._received(cells["received"])
        if at_us is None:
            raise ValueError("no moment at which it came in; write YYYY-MM-DD HH:MM")
        answered_us = self._answered(cells.get("answered", ""))
        for field, us in (("received", at_us), ("answered", answered_us)):
            if us is not None and us > self._terms.doer.now_us + _DAY_US:
                raise ValueError(f"{field} is {fields.moment_text(us, self._terms.zone)}, which is still to come")
        if answered_us is not None and answered_us < at_us:
            raise ValueError(_BEFORE)
        assistant, by = line("assistant", fields.LONGEST_WORD), line("answered_by", fields.LONGEST_WORD)
        if by and answered_us is None:
            raise ValueError("it is said who answered it and not when")
        told = {
            AT: at_us,
            COMPANY: company,
            NUMBER: self._number(line("number", fields.LONGEST_NAME)),
            CHANNEL: line("channel", fields.LONGEST_WORD),
            NOTE: line("note", fields.LONGEST_NOTE),
            ASSISTANT: assistant,
            ANSWERED: answered_us,
            ANSWERED_BY: by or (assistant if answered_us is not None else ""),
        }
        ref = fields.ref(cells.get("ref", ""))
        return EnquiryIn(ref, {place: value for place, value in told.items() if value not in ("", None)})

    def _number(self, text: str) -> str:
        if ";" in text:
            raise ValueError(f"number is {text[:40]!r}; one number is expected")
        return fields.number(self._terms, text)[0] if text else ""

    def put(self, connection: Connection, rows: Sequence[tuple[int, EnquiryIn]]) -> Came:
        """Write rows (with their numbers); return what each came to, and the refused with the reason.

        A row is about the enquiry with its reference; one without, or with one that nothing has yet, about an enquiry
        of the same company and moment.
        """
        self._by_ref: dict[str, Kept] = {}
        self._at: dict[tuple[int, str], list[Kept]] = defaultdict(list)
        refs, moments = {row.ref for _, row in rows if row.ref}, {row.told[AT] for _, row in rows}
        for kept in store.kept(connection, refs, moments):
            self._index(kept)
        self._ids = iter(new_ids(connection, "enquiry", len(rows)))
        self._new: dict[int, Kept] = {}
        self._changed: dict[int, Kept] = {}
        outcomes: list[Outcome] = []
        refused: list[tuple[int, str]] = []
        for number, row in rows:
            try:
                outcomes.append(self._take(number, row))
            except ValueError as error:
                refused.append((number, str(error)))
        nameless = [kept for kept in self._new.values() if not kept.values[REF]]
        made = new_refs(connection, "enquiry", [kept.id for kept in nameless], self._by_ref)
        for kept, ref in zip(nameless, made, strict=True):
            kept.values[REF] = ref
        store.update(connection, list(self._changed.values()))
        store.insert(connection, self._new.values())
        return Came(outcomes, refused)

    def _index(self, kept: Kept) -> None:
        if kept.values[REF]:
            self._by_ref[kept.values[REF]] = kept
        self._at[_which(kept.values[AT], kept.values[COMPANY])].append(kept)

    def _take(self, number: int, row: EnquiryIn) -> Outcome:
        kept = self._found(row)
        if kept is None:
            values: list[Any] = [row.ref, 0, "", "", "", "", "", None, ""]
            for place, value in row.told.items():
                values[place] = value
            kept = Kept(next(self._ids), values)
            self._new[kept.id] = kept
            self._index(kept)
            self._seen[kept.id] = number
            return Outcome.NEW
        changes = self._changes(kept, row.told)
        if changes and kept.id in self._seen:
            places = ", ".join(_NAMES.get(place, COLUMNS[place]) for place in changes)
            raise ValueError(f"it is what row {self._seen[kept.id]} told of, otherwise: {places}; name a ref each")
        answered_us = changes.get(ANSWERED, kept.values[ANSWERED])
        if answered_us is not None and answered_us < changes.get(AT, kept.values[AT]):
            raise ValueError(_BEFORE)
        self._seen.setdefault(kept.id, number)
        if row.ref and kept.values[REF] != row.ref:
            changes[REF] = row.ref
            self._by_ref[row.ref] = kept
        for place, value in changes.items():
            kept.values[place] = value
        if changes and kept.id not in self._new:
            self._changed[kept.id] = kept
        return Outcome.CHANGED if changes else Outcome.KNOWN

    def _found(self, row: EnquiryIn) -> Kept | None:
        if row.ref and (found := self._by_ref.get(row.ref)):
            return found
        alike = [
            kept
            for kept in self._at[_which(row.told[AT], row.told[COMPANY])]
            if self._may_be(row, kept) and row.told.get(NUMBER, kept.values[NUMBER]) in (kept.values[NUMBER], "")
        ]
        return min(alike, key=lambda kept: bool(self._changes(kept, row.told)), default=None)

    def _may_be(self, row: EnquiryIn, kept: Kept) -> bool:
        """Whether a row that names nothing that is there can be about `kept`: a reference that people give takes the
        place of one that was made here."""
        ours = not kept.values[REF] or _OWN.match(kept.values[REF])
        return not row.ref or bool(ours and kept.id not in self._seen and not _OWN.match(row.ref))

    def _changes(self, kept: Kept, told: Mapping[int, Any]) -> dict[int, Any]:
        """What is otherwise than the row says."""
        return {
            place: value
            for place, value in told.items()
            if kept.values[place] != value and not (type(value) is str and shown(kept.values[place]) == shown(value))
        }


def _which(at_us: int, company: str) -> tuple[int, str]:
    return at_us, company_key(shown(company))


# -- out --------------------------------------------------------------------------------------------------------------


def after(connection: Connection, terms: Terms, id_: int, limit: int) -> tuple[list[Line], int | None]:
    """Return the lines of the next `limit` enquiries after `id_`, and after which to go on; None: those were all."""
    found = store.after(connection, id_, limit)
    return [_line(row, terms) for row in found], found[-1].enquiry_id if found else None


def _line(row: store.EnquiryRow, terms: Terms) -> Line:
    return (
        shown(row.company),
        fields.moment_text(row.at_us, terms.zone),
        row.number if fields.is_written_so(terms, row.number) else "",
        shown(row.channel),
        shown(row.assistant),
        shown(row.note),
        shown(row.ref),
        fields.moment_text(row.answered_us, terms.zone),
        shown(row.answered_by),
        fields.moment_text(row.handed_us, terms.zone),
        shown(row.specialist),
    )
