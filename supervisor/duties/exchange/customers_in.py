"""Rows of customers put into the store: who is there already, what changes, and who is new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from store import customer_book as book
from store import matching, roster
from store.counting import count_anew, histogram_grown, histogram_kept
from store.customer_book import CHANGEABLE
from store.refs import new_ids, new_refs
from supervisor.duties.exchange import fields
from supervisor.duties.exchange.customers import (
    CLOSED_US,
    COMPANY,
    COMPANY_KEY,
    DNC_BY,
    DNC_US,
    DNC_WHY,
    OPENED,
    OWNER,
    REF,
    REGION,
    ROW_HASH,
    STATUS,
    CustomerIn,
    Reader,
)
from supervisor.duties.exchange.fields import Terms, shown
from supervisor.duties.exchange.same import may_take, same
from supervisor.duties.followups.customers import CLOSED, STATUSES, TIERS
from supervisor.duties.roster import Came, Outcome

_NEW: tuple[Any, ...] = (
    "", "", "", "", "", len(TIERS) - 1, False, None, STATUSES[0], "", None, "", "", 0, None, None, "", None
)  # fmt: skip
_NAMES = {OWNER: "owner", DNC_US: "do_not_call", DNC_WHY: "do_not_call", OPENED: "opened", CLOSED_US: "closed"}


class Customers(Reader):
    """Brings customers in: `read` a row, `put` many. One for a table; of whom it told already is remembered."""

    noun = "customers"

    def __init__(self, terms: Terms, present: Collection[str]) -> None:
        super().__init__(terms, present)
        self._seen: dict[int, int] = {}  # customer -> the row that told of it
        self._ours: set[int] = set()  # new ones that this table gave no reference

    def put(self, connection: Connection, rows: Sequence[tuple[int, CustomerIn]]) -> Came:
        """Write rows (with their numbers); return what each came to, and the refused with the reason."""
        return _Putting(connection, self._terms, self._seen, self._ours, rows).came


class _Customer:
    """A customer while rows are put: as it is to be written. `people` as they are shown."""

    __slots__ = ("changed", "id", "merged", "numbers", "people", "values")

    def __init__(self, id_: int, merged: bool, values: list[Any], numbers: set[str], people: set[str]) -> None:
        self.id, self.merged, self.values, self.numbers, self.people = id_, merged, values, numbers, people
        self.changed = False

    @property
    def region(self) -> str:
        return str(self.values[REGION])


class _Putting:
    """Rows of a table put into the store, in one transaction."""

    def __init__(
        self,
        connection: Connection,
        terms: Terms,
        seen: dict[int, int],
        ours: set[int],
        rows: Sequence[tuple[int, CustomerIn]],
    ) -> None:
        self._connection, self._doer, self._seen, self._ours = connection, terms.doer, seen, ours
        self._owners = fields.Specialists({s.name: s.id for s in roster.specialists(connection).values()})
        self._by_ref: dict[str, _Customer] = {}
        self._by_key: dict[str, list[_Customer]] = {}
        for known in book.known(connection, {row.ref for _, row in rows if row.ref}, {row.key for _, row in rows}):
            self._index(_Customer(*known[:3], known.numbers, set(map(shown, known.people))))
        self._ids = iter(new_ids(connection, "customer", len(rows)))
        self._new: list[_Customer] = []
        self._people: list[tuple[int, str]] = []
        self._numbers: list[tuple[int, str, str]] = []
        self._recount: set[int] = set()
        outcomes: list[Outcome] = []
        refused: list[tuple[int, str]] = []
        for number, row in rows:
            try:
                outcomes.append(self._take(number, row))
            except ValueError as error:
                refused.append((number, str(error)))
        self._write()
        self.came = Came(outcomes, refused)

    def _index(self, customer: _Customer) -> None:
        self._by_ref[customer.values[REF]] = customer
        self._by_key.setdefault(customer.values[COMPANY_KEY], []).append(customer)

    def _take(self, number: int, row: CustomerIn) -> Outcome:
        told, row_hash = row.told, fields.row_hash(row)
        if row.owner is not None:
            told[OWNER] = self._owners.id_of(row.owner)
        customer = self._found(row)
        if customer is None:
            customer = self._made(row)
            customer.values[ROW_HASH] = row_hash
            self._seen[customer.id] = number
            self._add(customer, row)
            return Outcome.NEW
        if customer.merged:
            return Outcome.KNOWN
        if customer.values[ROW_HASH] == row_hash:  # the same row again, whatever was done since
            self._seen.setdefault(customer.id, number)
            return Outcome.KNOWN
        changes = self._changes(customer, row)
        if changes and customer.id in self._seen:
            places = ", ".join(dict.fromkeys(_NAMES.get(place, CHANGEABLE[place]) for place in changes))
            raise ValueError(f"it is the customer of row {self._seen[customer.id]}, which says otherwise: {places}")
        self._seen.setdefault(customer.id, number)
        if row.ref and customer.values[REF] != row.ref:
            changes[REF] = row.ref
            self._by_ref[row.ref] = customer
        if not (self._add(customer, row) or changes):
            return Outcome.KNOWN
        self._change(customer, changes | {ROW_HASH: row_hash})
        return Outcome.CHANGED

    def _found(self, row: CustomerIn) -> _Customer | None:
        if row.ref and (found := self._by_ref.get(row.ref)):
            if found.id not in self._ours:
                return found
            self._rename(found)  # we made the reference that turns out to be somebody's own
        candidates = self._by_key.get(row.key)
        if not candidates:
            return None
        candidates = [one for one in candidates if may_take(row.ref, one.values[REF], one.id in self._seen)]
        return same(candidates, row.numbers, row.told.get(REGION), lambda one: bool(self._changes(one, row)))

    def _rename(self, customer: _Customer) -> None:
        self._by_ref.pop(customer.values[REF])
        (customer.values[REF],) = new_refs(self._connection, "customer", [customer.id], self._by_ref)
        self._by_ref[customer.values[REF]] = customer
        customer.changed = True

    def _made(self, row: CustomerIn) -> _Customer:
        values = list(_NEW)
        for place, value in row.told.items():
            values[place] = value
        values[REF], values[COMPANY_KEY] = row.ref, row.key
        if row.do_not_call is not None and row.do_not_call is not False:
            values[DNC_US : DNC_BY + 1] = self._doer.now_us, row.do_not_call, self._doer.who
        customer = _Customer(next(self._ids), False, values, set(), set())
        if row.ref:
            self._by_ref[row.ref] = customer
        self._by_key.setdefault(row.key, []).append(customer)
        self._new.append(customer)
        return customer

    def _changes(self, customer: _Customer, row: CustomerIn) -> dict[int, Any]:
        """What of a customer is otherwise than the row says."""
        values = customer.values
        changes = {
            place: value
            for place, value in row.told.items()
            if values[place] != value and not (type(value) is str and shown(values[place]) == shown(value))
        }
        if COMPANY in changes:
            changes[COMPANY_KEY] = row.key
        if STATUS in changes and CLOSED_US not in row.told:
            was, now = values[STATUS] in CLOSED, row.told[STATUS] in CLOSED
            if was != now:
                changes[CLOSED_US] = self._doer.now_us if now else None
        told = row.do_not_call
        if told is False and values[DNC_US] is not None:
            changes |= {DNC_US: None, DNC_WHY: "", DNC_BY: ""}
        elif told is not None and told is not False:
            if values[DNC_US] is None:
                changes |= {DNC_US: self._doer.now_us, DNC_WHY: told, DNC_BY: self._doer.who}
            elif told and shown(values[DNC_WHY]) != shown(str(told)):
                changes |= {DNC_WHY: told, DNC_BY: self._doer.who}
        return changes

    def _change(self, customer: _Customer, changes: dict[int, Any]) -> None:
        for place, value in changes.items():
            customer.values[place] = value
        customer.changed = True
        if OPENED in changes or CLOSED_US in changes:
            self._recount.add(customer.id)
        if COMPANY_KEY in changes:
            self._by_key.setdefault(changes[COMPANY_KEY], []).append(customer)

    def _add(self, customer: _Customer, row: CustomerIn) -> bool:
        """Add the people and numbers that are not the customer's yet; return whether there are any."""
        added = False
        for person in row.people:
            if (key := shown(person)) not in customer.people:
                customer.people.add(key)
                self._people.append((customer.id, person))
                added = True
        for number, raw in row.numbers.items():
            if number not in customer.numbers:
                customer.numbers.add(number)
                self._numbers.append((customer.id, number, raw))
                added = True
        return added

    def _write(self) -> None:
        connection = self._connection
        nameless = [one for one in self._new if not one.values[REF]]
        refs = new_refs(connection, "customer", [one.id for one in nameless], self._by_ref)
        for one, ref in zip(nameless, refs, strict=True):
            one.values[REF] = ref
            self._ours.add(one.id)
        new = {one.id for one in self._new}
        changed = {one.id: one.values for one in self._by_ref.values() if one.changed and one.id not in new}
        with histogram_kept(connection, changed):
            book.update(connection, changed.items())
        book.insert(connection, [(one.id, one.values) for one in self._new])
        histogram_grown(connection, new)
        book.add_numbers(connection, self._numbers)
        book.add_people(connection, self._people)
        count_anew(connection, self._recount - new, self._doer.numbers)
        numbers = {number for _, number, _ in self._numbers}
        matching.keep_of_numbers(connection, numbers, self._doer.numbers, self._doer.now_us)
