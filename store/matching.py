"""Effective calls -> contacts: an effective call to the number of one customer is an entry of the ledger; one whose
number several have, or nobody, waits for a person. All in the caller's transaction.

What is there depends on the calls and on whose numbers they are, not on the order in which both came. A call that is
edited, or whose number changes hands, takes its entry back and makes another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver
from store.contacts import HAND, PHONE, Entry, Numbers, ProvedCall, Tail
from store.counting import STANDING, count_anew, count_on, histogram_anew, put_tails, root_standings
from store.floor import first_call_us

CALL = "call"
"""The channel of a telephone call."""

Key = tuple[int, str]
"""A call: source and group."""

_COLUMNS = (
    "customer_id", "at_us", "day", "channel", "origin", "identity_id", "source_id", "group_id", "dialled", "entered_us",
    "entered_by", "counters", "number", "specialist_id", "outcome", "note", "claimed_ms", "accepted_by",
)  # fmt: skip
_WAITING = ("source_id", "group_id", "number", "at_us", "day", "identity_id")
_PROVED = "SELECT source_id, group_id, identity_id, day, coalesce(number, number_raw), started_us FROM call "
NUMBER_OF_CALL = "coalesce(call.number, call.number_raw)"


class Standing(NamedTuple):
    """An entry of the phones that stands."""

    id: int
    customer_id: int
    at_us: int
    day: int
    identity_id: int | None
    dialled: str
    entered_by: str


class NewEntry(NamedTuple):
    """An entry to append; the number it is counted as follows from the customer's other entries."""

    customer_id: int
    at_us: int
    day: int
    channel: str
    origin: str
    identity_id: int | None = None
    source_id: int | None = None
    group_id: str | None = None
    dialled: str = ""
    entered_by: str = ""
    counters: int | None = None
    specialist_id: int | None = None
    outcome: str = ""
    note: str = ""
    claimed_ms: int | None = None
    accepted_by: str = ""


def customers_of(connection: Connection, numbers: Collection[str]) -> dict[str, set[int]]:
    """Return whose each of `numbers` is; numbers that nobody has are left out."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, customer in driver.rows(
        connection,
        "SELECT n.number, coalesce(c.merged_into, c.id) FROM customer_number AS n JOIN customer AS c "
        f"ON c.id = n.customer_id WHERE n.number IN {driver.any_of(connection, 'text')}",
        (driver.given(connection, numbers),),
    ):
        found[number].add(customer)
    return found


def keep_new(
    connection: Connection, source_id: int, calls: Sequence[ProvedCall], numbers: Numbers, now_us: int
) -> None:
    """Bring effective calls of which nothing is known yet into the ledger, or let them wait."""
    if calls:
        _keep(connection, {(source_id, call.group_id): call for call in calls}, {}, numbers, now_us)


def keep_changed(connection: Connection, keys: Collection[Key], numbers: Numbers, now_us: int) -> int:
    """Bring the ledger in line with calls that changed: effective or no longer, begun or dialled otherwise, or whose
    number is somebody else's now. Returns how many entries were made or taken back."""
    if not keys:
        return 0
    by_source: dict[int, list[str]] = defaultdict(list)
    for source_id, group_id in keys:
        by_source[source_id].append(group_id)
    proved: dict[Key, ProvedCall] = {}
    standing: dict[Key, Standing] = {}
    of_groups = driver.any_of(connection, "text")
    for source_id, groups in by_source.items():
        these = (source_id, driver.given(connection, groups))
        for source, group, *rest in driver.rows(
            connection, f"{_PROVED} WHERE source_id = ? AND group_id IN {of_groups} AND effective = 1", these
        ):
            proved[source, group] = ProvedCall(group, *rest)
        for group, *rest in driver.rows(
            connection,
            f"SELECT group_id, id, customer_id, at_us, day, identity_id, dialled, entered_by FROM contact AS e "
            f"WHERE source_id = ? AND group_id IN {of_groups} AND {STANDING}",
            these,
        ):
            standing[source_id, group] = Standing(*rest)
        driver.run(connection, f"DELETE FROM waiting_call WHERE source_id = ? AND group_id IN {of_groups}", these)
    return _keep(connection, proved, standing, numbers, now_us)


def keep_of_numbers(connection: Connection, changed: Collection[str], numbers: Numbers, now_us: int) -> int:
    """Bring the ledger in line where the numbers `changed` became somebody's, or are no longer. Returns as above."""
    if not changed:
        return 0
    of_any = driver.any_of(connection, "text")
    given = driver.given(connection, changed)
    keys = [
        (source, group)
        for source, group in driver.rows(
            connection, f"SELECT source_id, group_id FROM waiting_call WHERE number IN {of_any}", (given,)
        )
    ]
    keys += [
        (source, group)
        for source, group in driver.rows(
            connection,
            f"SELECT call.source_id, call.group_id FROM call WHERE number IN {of_any} AND effective = 1",
            (given,),
        )
    ]
    return keep_changed(connection, set(keys), numbers, now_us)


def _keep(
    connection: Connection,
    proved: dict[Key, ProvedCall],
    standing: dict[Key, Standing],
    numbers: Numbers,
    now_us: int,
) -> int:
    whose = customers_of(connection, {call.number for call in proved.values()})
    roots = _roots(connection, {entry.customer_id for entry in standing.values()})
    append: list[NewEntry] = []
    waiting: list[tuple[Any, ...]] = []
    for key in [*proved, *(key for key in standing if key not in proved)]:
        call, entry = proved.get(key), standing.get(key)
        theirs = whose.get(call.number, set()) if call else set()
        customer = next(iter(theirs)) if len(theirs) == 1 else None
        by = ""
        if entry and call and entry.dialled == call.number and (entry.entered_by or roots[entry.customer_id] in theirs):
            customer, by = entry.customer_id, entry.entered_by  # once told whose it was, it stays
        if call and customer is not None:
            if entry and (entry.customer_id, entry.at_us, entry.identity_id) == (
                customer, call.started_us, call.identity_id,
            ):  # fmt: skip
                continue
            append.append(_of_call(customer, key, call, by))
        elif call:
            waiting.append((*key, call.number, call.started_us, call.day, call.identity_id))
        if entry:
            append.append(_counter(entry, key))
    if waiting:
        driver.insert(connection, "waiting_call", _WAITING, waiting)
    append_entries(connection, append, numbers, now_us)
    return len(append)


def _roots(connection: Connection, customers: Collection[int]) -> dict[int, int]:
    if not customers:
        return {}
    return {  # noqa: C416  # dict() loses the types
        id_: root
        for id_, root in driver.rows(
            connection,
            f"SELECT id, coalesce(merged_into, id) FROM customer WHERE id IN {driver.any_of(connection, 'bigint')}",
            (driver.given(connection, customers),),
        )
    }


def _of_call(customer: int, key: Key, call: ProvedCall, by: str) -> NewEntry:
    return NewEntry(
        customer, call.started_us, call.day, CALL, PHONE, call.identity_id, *key, dialled=call.number, entered_by=by
    )


def _counter(entry: Standing, key: Key) -> NewEntry:
    return NewEntry(
        entry.customer_id,
        entry.at_us,
        entry.day,
        CALL,
        PHONE,
        entry.identity_id,
        *key,
        entry.dialled,
        counters=entry.id,
    )


def append_entries(connection: Connection, entries: Iterable[NewEntry], numbers: Numbers, now_us: int) -> None:
    """Append entries to the ledger and count them: on from where their customers stand, or all anew where they lie
    earlier or take something back. Entries of a merged customer count for whom it was merged into."""
    by_customer: dict[int, list[NewEntry]] = defaultdict(list)
    for entry in entries:
        by_customer[entry.customer_id].append(entry)
    if not by_customer:
        return
    roots, standing = root_standings(connection, by_customer)
    first_us = first_call_us(connection)
    rows: list[tuple[Any, ...]] = []
    tails: dict[int, Tail] = {}
    anew: set[int] = set()
    for customer, theirs in by_customer.items():
        root = roots[customer]
        ordered = sorted(theirs, key=lambda entry: (entry.at_us, entry.counters or 0))
        on = None
        if root == customer and root not in anew and not any(entry.counters for entry in ordered):
            counted = [Entry(e.at_us, e.day, e.channel, e.origin, bool(e.accepted_by)) for e in ordered]
            on = count_on(standing[root], counted, first_us, numbers)
        if on is None:
            anew.add(root)
            told: Sequence[int | None] = [None] * len(ordered)
        else:
            told, tails[root] = on
        rows += [_row(entry, number, now_us) for entry, number in zip(ordered, told, strict=True)]
    driver.insert(connection, "contact", _COLUMNS, rows)
    put_tails(connection, {root: tail for root, tail in tails.items() if root not in anew}, standing)
    if anew:
        count_anew(connection, anew, numbers)


def _row(entry: NewEntry, number: int | None, now_us: int) -> tuple[Any, ...]:
    return (*entry[:9], now_us, entry.entered_by, entry.counters, number, *entry[11:])


def history_ends(connection: Connection, before_us: int | None, numbers: Numbers) -> None:
    """Count anew who has written calls that were history while the floor's first call was at `before_us` (None: there
    was none), and are not any more."""
    first_us = first_call_us(connection)
    if first_us is None or (before_us is not None and first_us >= before_us):
        return
    until = "" if before_us is None else f" AND e.at_us < {before_us}"
    found = driver.rows(
        connection,
        "SELECT DISTINCT coalesce(c.merged_into, c.id) FROM contact AS e JOIN customer AS c ON c.id = e.customer_id "
        f"WHERE e.origin = '{HAND}' AND e.counters IS NULL AND e.at_us >= ?{until}",
        (first_us,),
    )
    count_anew(connection, {customer for (customer,) in found}, numbers)


class Found(NamedTuple):
    """How much was not as calls and ledger say, and was put right: entries made or taken back, contact numbers,
    customers, and lines of the histogram."""

    entries: int
    numbers: int
    customers: int
    histogram: int


_MISSING = f"""
SELECT call.source_id, call.group_id FROM call WHERE effective = 1
AND NOT EXISTS (SELECT 1 FROM waiting_call AS w WHERE w.source_id = call.source_id AND w.group_id = call.group_id)
AND NOT EXISTS (SELECT 1 FROM contact AS e WHERE e.source_id = call.source_id AND e.group_id = call.group_id
    AND e.at_us = call.started_us AND e.identity_id IS NOT DISTINCT FROM call.identity_id
    AND e.dialled = {NUMBER_OF_CALL} AND {STANDING})
"""
_STALE = f"""
SELECT e.source_id, e.group_id FROM contact AS e WHERE e.group_id IS NOT NULL AND {STANDING}
AND NOT EXISTS (SELECT 1 FROM call WHERE call.source_id = e.source_id AND call.group_id = e.group_id AND effective = 1)
"""
_WAIT_FOR_NOTHING = """
SELECT w.source_id, w.group_id FROM waiting_call AS w
WHERE NOT EXISTS (SELECT 1 FROM call WHERE call.source_id = w.source_id AND call.group_id = w.group_id
    AND effective = 1)
OR (SELECT count(DISTINCT coalesce(c.merged_into, c.id)) FROM customer_number AS n JOIN customer AS c
    ON c.id = n.customer_id WHERE n.number = w.number) = 1
"""


def recount(connection: Connection, numbers: Numbers, now_us: int) -> Found:
    """Prove the ledger against the calls, contact numbers against the ledger, and the histogram against both; put right
    what differs and say how much."""
    wrong = {
        (source, group)
        for sql in (_MISSING, _STALE, _WAIT_FOR_NOTHING)
        for source, group in driver.rows(connection, sql)
    }
    entries = keep_changed(connection, wrong, numbers, now_us)
    everybody = [
        customer for (customer,) in driver.rows(connection, "SELECT id FROM customer WHERE merged_into IS NULL")
    ]
    renumbered, customers = count_anew(connection, everybody, numbers)
    return Found(entries, renumbered, customers, histogram_anew(connection))
