"""What the ledger of contacts adds: to an import of call records, to the write of one live event; and customers by CSV.

Twenty thousand customers have the numbers that are dialled. Of a hundred numbers five are nobody's and one is shared by
two, so that its calls wait.
"""

from __future__ import annotations

import csv
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bench import bare, importing, records
from bench.live import TODAY, leg
from bench.measure import Figure, ratio
from store import calls, driver, roster, sqlite
from store.contacts import Bounds, Entry, Tail
from store.counting import histogram_anew
from store.engine import Store, create_store
from store.matching import CALL, PHONE
from supervisor.config import Config
from supervisor.duties.calls.rule import call_of
from supervisor.ingest import rules_of

DIALLED = 20_000
LISTED = int(os.environ.get("BENCH_CUSTOMERS", 100_000))
EVENTS = 1_000

REGIONS = ("North", "South", "East", "West", "Baltic", "Alps")
TYPES = ("machines", "steel", "food", "textiles", "plastics")
TIERS = ("major", "important", "target", "other")

CUSTOMER = (
    "id, ref, company, company_key, tier, status, region, type, registered, time_zone, dnc_why, dnc_by, opened_us, "
    "contacts, last_us, last_day, on_last_day, next_note, taken_by"
)
_PUT = f"INSERT INTO customer ({CUSTOMER}) VALUES (?, ?, ?, ?, ?, 'open', ?, ?, 0, '', '', '', 0, 0, 0, 0, 0, '', '')"


def put_customers(store: Store, numbers: Iterator[tuple[int, str]], many: int) -> None:
    """Write `many` customers with `numbers`: (customer, number), the customers counted from 1."""
    with store.write() as connection:
        driver.many(
            connection,
            _PUT,
            (
                (n, f"K{n:06}", f"Company {n}", f"company {n}", n % 4, REGIONS[n % 6], TYPES[n % 5])
                for n in range(1, many + 1)
            ),
        )
        driver.many(
            connection,
            "INSERT INTO customer_number (customer_id, number, raw) VALUES (?, ?, ?)",
            ((customer, number, number) for customer, number in numbers),
        )
        histogram_anew(connection)


def dialled() -> Iterator[tuple[int, str]]:
    """Whose each number is that `bench.records` dials."""
    for area in records.AREAS:
        for subscriber in range(records.SUBSCRIBERS):
            number = f"+49{area}{records.subscriber(subscriber)}"
            if subscriber % 100 < 5:
                continue
            customer = (subscriber * len(records.AREAS) + records.AREAS.index(area)) % DIALLED + 1
            yield customer, number
            if subscriber % 100 == 5:
                yield customer % DIALLED + 1, number


def write_customers(path: Path, many: int) -> None:
    """Write a list of `many` customers, as another system writes it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("ref", "company", "region", "type", "tier", "status", "numbers", "people"))
        for n in range(1, many + 1):
            first, second = f"030 {2_000_000 + n}", f"+49 89 {2_000_000 + n}"
            writer.writerow(
                (
                    f"K{n:06}",
                    f"{records.NAMES[n % len(records.NAMES)]} {n} GmbH",
                    REGIONS[n % 6],
                    TYPES[n % 5],
                    TIERS[n % 4],
                    "open",
                    f"{first}; {second}" if n % 2 else first,
                    f"Person {n}; Greta Lind" if n % 3 else f"Person {n}",
                )
            )


def figures() -> list[Figure]:
    """An import of calls, a live write, an import of customers."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "supervisor.toml").write_text(records.CONFIGURATION)
        return [*_import(folder), _writes(folder), *_list(folder)]


def _import(folder: Path) -> list[Figure]:
    master, known = folder / "Master.csv", folder / "known.db"
    records.write_master_csv(master, importing.ROWS)
    with closing(create_store(str(known))) as store:
        put_customers(store, dialled(), DIALLED)
    runs = importing.compared(folder, known, "calls", importing.ROWS, *importing.records_of(master))
    return importing.shown(f"{importing.ROWS:,} rows of {DIALLED:,} customers", runs, 1.5)


def _list(folder: Path) -> list[Figure]:
    names, empty = folder / "customers.csv", folder / "nobody.db"
    write_customers(names, LISTED)
    create_store(str(empty)).close()
    what = f"{LISTED:,} customers by CSV"
    try:
        runs = importing.compared(folder, empty, "customers", LISTED, str(names))
    except RuntimeError as error:
        return [Figure(f"{what}: not measured, {error}", "", "", 0, None)]
    return importing.shown(what, runs, 1.5)


def _writes(folder: Path) -> Figure:
    """One effective call a transaction, each to another known customer, by turns through the store and by the bare
    driver."""
    paths = folder / "writes.db", folder / "driven.db"
    sources = []
    stores = []
    for path in paths:
        create_store(str(path)).close()
        store = create_store(str(path))  # anew: see bench.live
        put_customers(store, ((n + 1, leg(n).number or "") for n in range(EVENTS)), EVENTS)
        with store.write() as connection:
            sources.append(roster.source(connection, "records", "files"))
            for agent in records.AGENTS:
                driver.run(connection, "INSERT INTO phone_identity (source_id, agent) VALUES (1, ?)", (agent,))
        stores.append(store)
    stores.pop().close()
    driven = sqlite.connect(paths[1], "rw", 10)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        driven.execute(f"PRAGMA {pragma}").fetchall()
    write = {table: bare.statements(driven, table, key)[1] for table, key in bare.TABLES}
    rules = rules_of(Config())
    done: dict[int, list[int]] = {}

    def by_driver(number: int) -> None:
        one = leg(number)
        call = call_of([one], 30_000)
        assert call is not None
        entry = Entry(call.started_us, TODAY, CALL, PHONE, False)
        _, tail = rules.numbers(Tail(), [entry], Bounds(0, None, None))
        identity = number % len(records.AGENTS) + 1
        sums = done.setdefault(identity, [0, 0, 0, 0, 0, 0])
        told = call.dial, call.connected, call.effective, one.talk_ms or 0, 1, 0
        done[identity] = sums = [a + b for a, b in zip(sums, told, strict=True)]
        sums[5] = call.ended_us or 0
        driven.execute("BEGIN IMMEDIATE")
        driven.execute(write["leg"], (1, *one[:2], identity, *one[3:]))
        driven.execute(write["call"], (1, call[0], identity, *call[2:]))
        driven.execute(write["tally"], (identity, TODAY, *sums))
        driven.execute(
            write["contact"],
            (number + 1, call.started_us, TODAY, CALL, PHONE, identity, None, "", "", None, 1, call.group_id,
             call.number, "", 0, "", None, tail.contacts),
        )  # fmt: skip
        driven.execute(bare.counters()[1], (*tail, number + 1))
        driven.execute(write["contact_histogram"], (0, EVENTS - number - 1, EVENTS - number - 1, 0))
        driven.execute(write["contact_histogram"], (1, number + 1, number + 1, 0))
        driven.execute("COMMIT")

    def by_store(number: int) -> None:
        with stores[0].write() as connection:
            calls.ingest(connection, sources[0], [leg(number)], rules, None, 0)

    taken: dict[Any, list[float]] = {by_store: [], by_driver: []}
    with closing(stores[0]), closing(driven):
        for number in range(EVENTS):
            for write_one, times in taken.items():
                begun = time.perf_counter()
                write_one(number)
                times.append(time.perf_counter() - begun)
        ours, floor = (_known(path) for path in paths)
        assert ours == floor, f"the floor wrote other rows: {floor}, not {ours}"
    ours_s, floor_s = (statistics.median(times) for times in taken.values())
    return ratio("a live write of a call with a known customer / bare driver", ours_s, floor_s, 1 / 0.7)


def _known(path: Path) -> list[tuple[object, ...]]:
    """What the writes came to, less the moments."""
    with closing(sqlite.connect(path, "ro", 10)) as connection:
        found: list[tuple[object, ...]] = []
        for sql in (
            "SELECT sum(dials), sum(connected), sum(effective), sum(talk_ms), sum(calls) FROM tally",
            "SELECT count(*), sum(number), sum(customer_id) FROM contact",
            "SELECT contacts, last_day, on_last_day, count(*) FROM customer GROUP BY 1, 2, 3",
            "SELECT * FROM contact_histogram WHERE customers > 0 ORDER BY contacts",
            "SELECT count(*) FROM waiting_call",
        ):
            found += connection.execute(sql).fetchall()
    return found
