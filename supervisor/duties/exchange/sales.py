"""What orders and payments have in common when rows of them are put into the store: whose they are, and which of those
that are there a row is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Connection

from store.refs import new_ids, new_refs
from store.sales_book import Kept
from supervisor.cells import Cell
from supervisor.duties.exchange.fields import Terms, row_hash, shown
from supervisor.duties.exchange.same import may_take
from supervisor.duties.exchange.whose import Whose
from supervisor.duties.roster import Came, Outcome

REF = 0
"""The place of the reference among the values."""


class RowIn(Protocol):
    """A row of a table: its customer as it is called there, and its reference ("": none)."""

    @property
    def customer(self) -> str: ...
    @property
    def ref(self) -> str: ...


R = TypeVar("R", bound=RowIn)


class Sales(ABC, Generic[R]):
    """Brings rows in: `read` one, `put` many. One for a table; of what it told already is remembered."""

    noun: ClassVar[str]
    table: ClassVar[str]
    columns: ClassVar[Sequence[str]]
    row_hash: ClassVar[int | None] = None
    """Among `columns`, the place of the hash of the row that changed it last; None: nothing else changes it."""

    def __init__(self, terms: Terms, present: Collection[str]) -> None:
        self._terms, self._present = terms, present
        self._seen: dict[int, int] = {}  # what is there -> the row that told of it

    @abstractmethod
    def read(self, cells: Mapping[str, Cell]) -> R:
        """Read a row. ValueError in words where it cannot be one."""

    @abstractmethod
    def kept(self, connection: Connection, refs: Collection[str], roots: Collection[int]) -> list[Kept]:
        """Return what is there with these references, or of these customers."""

    @abstractmethod
    def told(self, whose: Whose, root: int, row: R) -> dict[int, Any]:
        """Return the values of which a row tells, by their place in `columns`. ValueError in words."""

    @abstractmethod
    def is_same(self, row: R, values: Sequence[Any]) -> bool:
        """Whether a row of that customer, without a reference, is about what has these `values`."""

    @abstractmethod
    def new(self, told: Mapping[int, Any]) -> list[Any]:
        """Return the values of something new."""

    def settle(self, values: Sequence[Any], changes: dict[int, Any]) -> dict[int, Any]:
        """Return the changes with what follows from them."""
        return changes

    def wrote(self, root: int, values: Sequence[Any]) -> None:
        """Take note of what is new or changed."""

    @abstractmethod
    def write(
        self,
        connection: Connection,
        new: Sequence[tuple[int, int, Sequence[Any]]],
        changed: Sequence[tuple[int, Sequence[Any]]],
    ) -> None:
        """Write what is new (id, customer, values) and what changed (id, values), and what follows."""

    def put(self, connection: Connection, rows: Sequence[tuple[int, R]]) -> Came:
        """Write rows (with their numbers); return what each came to, and the refused with the reason."""
        whose = Whose(connection, self._terms, {row.customer for _, row in rows})
        roots: dict[int, int] = {}
        refused: list[tuple[int, str]] = []
        for number, row in rows:
            try:
                roots[number] = whose.customer(row.customer)
            except ValueError as error:
                refused.append((number, str(error)))
        self._by_ref: dict[str, Kept] = {}
        self._of: dict[int, list[Kept]] = defaultdict(list)
        for kept in self.kept(connection, {row.ref for _, row in rows if row.ref}, set(roots.values())):
            self._index(kept)
        self._ids = iter(new_ids(connection, self.table, len(roots)))
        self._new: dict[int, Kept] = {}
        self._changed: dict[int, Kept] = {}
        outcomes: list[Outcome] = []
        for number, row in rows:
            if number not in roots:
                continue
            try:
                outcomes.append(self._take(number, row, roots[number], self.told(whose, roots[number], row)))
            except ValueError as error:
                refused.append((number, str(error)))
        nameless = [kept for kept in self._new.values() if not kept.values[REF]]
        refs = new_refs(connection, self.table, [kept.id for kept in nameless], self._by_ref)
        for kept, ref in zip(nameless, refs, strict=True):
            kept.values[REF] = ref
        for kept in (*self._new.values(), *self._changed.values()):
            self.wrote(kept.root, kept.values)
        self.write(connection, list(self._new.values()), [(kept.id, kept.values) for kept in self._changed.values()])
        return Came(outcomes, refused)

    def _index(self, kept: Kept) -> None:
        if kept.values[REF]:
            self._by_ref[kept.values[REF]] = kept
        self._of[kept.root].append(kept)

    def _take(self, number: int, row: R, root: int, told: dict[int, Any]) -> Outcome:
        kept = self._found(row, root, told)
        if kept is None:
            kept = Kept(next(self._ids), root, self.new(told))
            kept.values[REF] = row.ref
            self._remember(kept, row)
            self._index(kept)
            self._new[kept.id] = kept
            self._seen[kept.id] = number
            return Outcome.NEW
        if self.row_hash is not None and kept.values[self.row_hash] == row_hash(row):
            self._seen.setdefault(kept.id, number)
            return Outcome.KNOWN  # the same row again, whatever was done since
        changes = self._changes(kept, told)
        if changes and kept.id in self._seen:
            places = ", ".join(self.columns[place] for place in changes)
            raise ValueError(f"it is what row {self._seen[kept.id]} told of, otherwise: {places}")
        self._seen.setdefault(kept.id, number)
        if row.ref and kept.values[REF] != row.ref:
            changes[REF] = row.ref
            self._by_ref[row.ref] = kept
        for place, value in changes.items():
            kept.values[place] = value
        if changes:
            self._remember(kept, row)
            if kept.id not in self._new:
                self._changed[kept.id] = kept
        return Outcome.CHANGED if changes else Outcome.KNOWN

    def _remember(self, kept: Kept, row: R) -> None:
        if self.row_hash is not None:
            kept.values[self.row_hash] = row_hash(row)

    def _found(self, row: R, root: int, told: dict[int, Any]) -> Kept | None:
        if row.ref and (found := self._by_ref.get(row.ref)):
            if found.root != root:
                raise ValueError(f"{row.ref!r} is another customer's")
            return found
        alike = [
            kept
            for kept in self._of[root]
            if may_take(row.ref, kept.values[REF], kept.id in self._seen) and self.is_same(row, kept.values)
        ]
        return min(alike, key=lambda kept: bool(self._changes(kept, told)), default=None)

    def _changes(self, kept: Kept, told: dict[int, Any]) -> dict[int, Any]:
        """What is otherwise than the row says."""
        changes = {
            place: value
            for place, value in told.items()
            if kept.values[place] != value and not (type(value) is str and shown(kept.values[place]) == shown(value))
        }
        return self.settle(kept.values, changes)
