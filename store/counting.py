"""Contact numbers, kept on the ledger's entries and on their customers, by the rule the caller brings.

One event, an import and a recount alike: where all new entries are later than what was counted already, counting goes
on from where it stands; otherwise the customer's entries are counted anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.contacts import Bounds, Entry, Numbers, Tail
from store.floor import first_call_us

STANDING = "NOT EXISTS (SELECT 1 FROM contact AS taken WHERE taken.counters = e.id) AND e.counters IS NULL"
"""Of an entry `e`: it was not taken back."""

_AT_ONCE = 20_000


class Standing(NamedTuple):
    """Where a customer's counting stands, its bounds, and what the histogram has of it: nothing where it is merged."""

    tail: Tail
    opened_us: int
    closed_us: int | None
    live: int
    signed: bool
    merged: bool


_STANDING = (
    "SELECT named.id, c.id, c.contacts, c.last_us, c.last_day, c.on_last_day, c.opened_us, c.closed_us, c.live, "
    "c.status = 'signed', c.merged_into IS NOT NULL FROM customer AS named JOIN customer AS c ON c.id = "
)


def standings(connection: Connection, customers: Collection[int]) -> dict[int, Standing]:
    """Return where the counting of `customers` stands."""
    return _standings(connection, "named.id", customers)[1]


def root_standings(connection: Connection, customers: Collection[int]) -> tuple[dict[int, int], dict[int, Standing]]:
    """Return who each of `customers` is, itself or whom it was merged into, and where the counting of those stands."""
    return _standings(connection, "coalesce(named.merged_into, named.id)", customers)


def _standings(
    connection: Connection, whose: str, customers: Collection[int]
) -> tuple[dict[int, int], dict[int, Standing]]:
    found = driver.rows(
        connection,
        f"{_STANDING}{whose} WHERE named.id IN {driver.any_of(connection, 'bigint')}",
        (driver.given(connection, customers),),
    )
    is_ = {row[0]: row[1] for row in found}
    return is_, {row[1]: Standing(Tail(*row[2:6]), *row[6:]) for row in found}


def count_on(
    standing: Standing, entries: Sequence[Entry], first_us: int | None, numbers: Numbers
) -> tuple[list[int | None], Tail] | None:
    """Return the numbers of `entries`, in the order of their time, and the counting after them; None where one of them
    is not later than what was counted, so that all must be counted anew."""
    if entries and entries[0].at_us <= standing.tail.last_us:
        return None
    return numbers(standing.tail, entries, Bounds(standing.opened_us, standing.closed_us, first_us))


def put_tails(connection: Connection, tails: Mapping[int, Tail], before: Mapping[int, Standing]) -> None:
    """Write where the counting of customers stands now, and where it stood `before`; the histogram is kept."""
    if not tails:
        return
    driver.many(
        connection,
        "UPDATE customer SET contacts = ?, last_us = ?, last_day = ?, on_last_day = ? WHERE id = ?",
        [(*tail, customer) for customer, tail in sorted(tails.items())],
    )
    left: dict[int, tuple[int, ...]] = {}
    reached: dict[int, tuple[int, ...]] = {}
    for customer, tail in tails.items():
        was = before[customer]
        if was.merged or tail.contacts == was.tail.contacts:
            continue
        for sums, contacts in ((left, was.tail.contacts), (reached, tail.contacts)):
            customers, live, signed = sums.get(contacts, (0, 0, 0))
            sums[contacts] = customers + 1, live + was.live, signed + was.signed
    _shift(connection, left, reached)


def count_anew(connection: Connection, customers: Collection[int], numbers: Numbers) -> tuple[int, int]:
    """Count all entries of `customers` anew; return how many entries and how many customers differed."""
    entries_changed = customers_changed = 0
    first_us = first_call_us(connection)
    ordered = sorted(customers)
    for start in range(0, len(ordered), _AT_ONCE):
        these = ordered[start : start + _AT_ONCE]
        standing = standings(connection, these)
        found = _entries(connection, these)
        renumbered: list[tuple[int | None, int]] = []
        tails: dict[int, Tail] = {}
        for customer, was in standing.items():
            entries = found.get(customer, ())
            bounds = Bounds(was.opened_us, was.closed_us, first_us)
            told, tail = numbers(Tail(), [entry for _, _, entry in entries], bounds)
            renumbered += [
                (now, id_) for (id_, before, _), now in zip(entries, told, strict=True) if before != now
            ]  # fmt: skip
            if tail != was.tail:
                tails[customer] = tail
        if renumbered:
            driver.many(connection, "UPDATE contact SET number = ? WHERE id = ?", renumbered)
        put_tails(connection, tails, standing)
        entries_changed += len(renumbered)
        customers_changed += len(tails)
    return entries_changed, customers_changed


def _entries(connection: Connection, customers: Sequence[int]) -> dict[int, list[tuple[int, int | None, Entry]]]:
    """Return id, number and entry of all standing entries by customer, in the order of their time."""
    of_any = driver.any_of(connection, "bigint")
    given = driver.given(connection, customers)
    found: dict[int, list[tuple[int, int | None, Entry]]] = {}
    for customer, id_, number, at_us, day, channel, origin, accepted in driver.rows(
        connection,
        f"""
        SELECT coalesce(c.merged_into, c.id), e.id, e.number, e.at_us, e.day, e.channel, e.origin, e.accepted_by <> ''
        FROM customer AS c JOIN contact AS e ON e.customer_id = c.id
        WHERE (c.id IN {of_any} OR c.merged_into IN {of_any}) AND {STANDING}
        ORDER BY e.at_us, e.id
        """,
        (given, given),
    ):
        entry = Entry(at_us, day, channel, origin, bool(accepted))
        found.setdefault(customer, []).append((id_, number, entry))
    return found


# -- customers by contact number ----------------------------------------------------------------------------------

_SUMS = "contacts, count(*), coalesce(sum(live), 0), coalesce(sum(CASE WHEN status = 'signed' THEN 1 ELSE 0 END), 0)"


@contextmanager
def histogram_kept(connection: Connection, customers: Collection[int]) -> Iterator[None]:
    """Keep the histogram right while `customers` are changed within the `with`."""
    before = _sums(connection, customers)
    yield
    _shift(connection, before, _sums(connection, customers))


def histogram_grown(connection: Connection, new: Collection[int]) -> None:
    """Take customers into the histogram that were not there before."""
    _shift(connection, {}, _sums(connection, new))


def _shift(connection: Connection, before: Mapping[int, tuple[Any, ...]], after: Mapping[int, tuple[Any, ...]]) -> None:
    nothing = (0, 0, 0)
    moved = [
        (contacts, *(b - a for a, b in zip(before.get(contacts, nothing), after.get(contacts, nothing), strict=True)))
        for contacts in sorted(before.keys() | after.keys())
        if before.get(contacts) != after.get(contacts)
    ]
    if moved:
        driver.many(
            connection,
            "INSERT INTO contact_histogram (contacts, customers, live, signed) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (contacts) DO UPDATE SET customers = contact_histogram.customers + excluded.customers, "
            "live = contact_histogram.live + excluded.live, signed = contact_histogram.signed + excluded.signed",
            moved,
        )


def _sums(connection: Connection, customers: Collection[int]) -> dict[int, tuple[Any, ...]]:
    found = driver.rows(
        connection,
        f"SELECT {_SUMS} FROM customer WHERE merged_into IS NULL AND id IN {driver.any_of(connection, 'bigint')} "
        "GROUP BY contacts",
        (driver.given(connection, customers),),
    )
    return {row[0]: tuple(int(value) for value in row[1:]) for row in found}


def histogram(connection: Connection) -> list[tuple[int, int, int, int]]:
    """Return contact number, customers, live and signed ones, in the order of the numbers; none where all are 0."""
    return [
        (contacts, customers, live, signed)
        for contacts, customers, live, signed in driver.rows(
            connection, "SELECT contacts, customers, live, signed FROM contact_histogram ORDER BY contacts"
        )
        if customers or live or signed
    ]


def histogram_anew(connection: Connection) -> int:
    """Count customers by contact number anew; return how many contact numbers differed."""
    kept = histogram(connection)
    right = [
        (row[0], *(int(value) for value in row[1:]))
        for row in driver.rows(
            connection,
            f"SELECT {_SUMS} FROM customer WHERE merged_into IS NULL GROUP BY contacts ORDER BY contacts",
        )
    ]
    wrong = {row[0] for row in set(kept) ^ set(right)}
    if wrong:
        driver.run(connection, "DELETE FROM contact_histogram")
        driver.insert(connection, "contact_histogram", ("contacts", "customers", "live", "signed"), right)
    return len(wrong)
