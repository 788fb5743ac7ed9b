"""A floor that has called for years: as many customers and contacts as wanted, made by SQL, the same every time.

Four thousand contacts a day. A customer's stand apart by as many days as it takes to come round, and the last of each
lies within the last round. Nine of ten are calls, with the call behind them; the tenth is a visit with a note.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import records
from bench.ledger import CUSTOMER
from store import roster, sqlite
from store.contacts import HAND, PHONE
from store.engine import BULK, create_store
from supervisor.config import Config, Floor
from supervisor.duties.roster import Member, put_members

A_DAY = 4_000
DAY_US = 86_400_000_000
LAST_DAY = datetime(2026, 11, 23, tzinfo=UTC)
TODAY = 20_261_123
NOW_US = int(LAST_DAY.timestamp()) * 1_000_000 + 12 * 3_600_000_000
WAITING = 5_000
TOLD = 400
"""Calls with the customer whose story is long; a hundred of them have a log, and as many more calls were too short."""
MORE = 100

CONFIG = Config(floor=Floor(name="Bench", time_zone="UTC", holidays=False))

_CUSTOMERS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :customers),
k AS (SELECT i, i * 7919 % 1000 AS lot, i * 104729 % (:most + 1) AS stands FROM n)
INSERT INTO customer (id, ref, company, company_key, region, type, tier, registered, owner_id, status, time_zone,
    dnc_us, dnc_why, dnc_by, opened_us, closed_us, contacts, last_us, last_day, on_last_day, next_day, next_note,
    taken_by, past_until)
SELECT i, printf('K%07d', i), printf('Company %d', i - (lot = 7)), printf('company %d', i - (lot = 7)),
    'Region ' || ((i - (lot = 7)) % 12), 'type ' || (i % 9),
    CASE WHEN lot < 50 THEN 0 WHEN lot < 200 THEN 1 WHEN lot < 500 THEN 2 ELSE 3 END, i % 3 = 0, i % 50 + 1,
    CASE WHEN stands BETWEEN 8 AND 11 AND i % 10 < 3 THEN 'signed' WHEN stands > 0 AND i % 40 = 5 THEN 'signed'
        WHEN i % 10 = 9 THEN 'lost' WHEN i % 50 = 4 THEN 'parked' WHEN stands = 0 THEN 'prospect' ELSE 'open' END,
    '', CASE WHEN i % 100 = 6 THEN 1 END, '', '', 0, NULL, stands, 0, 0, 0,
    CASE WHEN i % 4 = 0 THEN 20261101 + lot % 30 END, CASE WHEN i % 4 = 0 THEN 'offer' ELSE '' END, '', NULL
FROM k
"""
_NUMBERS = """
INSERT INTO customer_number (customer_id, number, raw)
SELECT id, printf('+4930%07d', id), printf('030 %07d', id) FROM customer
UNION ALL SELECT id, printf('+4930%07d', id - 1), printf('030 %07d', id - 1) FROM customer WHERE id % 200 = 11
"""
_CONTACTS = """
INSERT INTO contact (customer_id, at_us, day, channel, origin, identity_id, specialist_id, outcome, note, source_id,
    group_id, dialled, accepted_by, entered_us, entered_by, number)
SELECT id, at_us, CAST(strftime('%Y%m%d', at_us / 1000000, 'unixepoch') AS INTEGER), CASE WHEN visit THEN 'visit'
    ELSE 'call' END, CASE WHEN visit THEN 'hand' ELSE 'phone' END, CASE WHEN NOT visit THEN owner_id END,
    CASE WHEN visit THEN owner_id END, CASE WHEN visit THEN 'interested' ELSE '' END,
    CASE WHEN visit THEN 'asked for the contract' ELSE '' END, CASE WHEN NOT visit THEN 1 END,
    CASE WHEN NOT visit THEN printf('%016d.%d', at_us, id) END,
    CASE WHEN visit THEN '' ELSE printf('+4930%07d', id) END, '', at_us, '', nth
FROM (SELECT id, owner_id, contacts - :most + :round AS nth, (id + :round) % 10 = 0 AS visit,
        :begin + (id - 1) * :step AS at_us
    FROM customer WHERE contacts >= :most - :round + 1)
"""
"""Everybody's contact of one round, in the order of time."""
_CALLS = """
INSERT INTO call (source_id, group_id, identity_id, day, direction, number, number_raw, started_us, answered_us,
    ended_us, talk_ms, outcome, progress, dial, connected, effective, legs, line, approximate)
SELECT 1, group_id, identity_id, day, 'outbound', dialled, '9' || dialled, at_us, at_us + 9000000,
    at_us + 9000000 + t * 1000000, t * 1000, 'answered', 3, 1, 1, 1, 1, NULL, 0
FROM (SELECT *, 30 + id * 7 % 300 AS t FROM contact WHERE origin = 'phone')
"""
_TAILS = """
UPDATE customer SET last_us = :begin + (id - 1) * :step, on_last_day = 1, last_day =
    CAST(strftime('%Y%m%d', (:begin + (id - 1) * :step) / 1000000, 'unixepoch') AS INTEGER) WHERE contacts > 0
"""
_WAIT = f"""
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {WAITING})
INSERT INTO waiting_call (source_id, group_id, number, at_us, day, identity_id)
SELECT 1, 'waits-' || i, printf('+4940%07d', i * 2 / 3), {NOW_US} - i * 60000000, {TODAY}, i % 50 + 1 FROM n
"""
_WAITING_CALLS = """
INSERT INTO call (source_id, group_id, identity_id, day, direction, number, number_raw, started_us, answered_us,
    ended_us, talk_ms, outcome, progress, dial, connected, effective, legs, line, approximate)
SELECT 1, group_id, identity_id, day, 'outbound', number, number, at_us, at_us, at_us + 60000000, 60000, 'answered', 3,
    1, 1, 1, 1, NULL, 0 FROM waiting_call
"""
_ORDERS = """
INSERT INTO sales_order (ref, customer_id, specialist_id, package, amount_cents, stage, status, opened_day,
    expected_day, closed_day, closed_score, closed_why, next_step, version, changed_us, changed_by)
SELECT 'O' || id, id, owner_id, 'Gold', 500000, 'quoted', 'open', 20260901, 20261201, NULL, 0, '', 'send it', 1, 0, ''
FROM customer WHERE id % 20 = 0 AND status IN ('open', 'parked')
"""
_HISTOGRAM = """
INSERT INTO contact_histogram SELECT contacts, count(*), sum(live), sum(status = 'signed') FROM customer GROUP BY 1
"""
_ENTRY = (
    "INSERT INTO contact (customer_id, at_us, day, channel, origin, identity_id, specialist_id, outcome, note, "
    "claimed_ms, source_id, group_id, dialled, accepted_by, entered_us, entered_by, number) "
    "VALUES (?, ?, ?, 'call', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, '', ?)"
)
_CALL = (
    "INSERT INTO call (source_id, group_id, identity_id, day, direction, number, number_raw, started_us, answered_us, "
    "ended_us, talk_ms, outcome, progress, dial, connected, effective, legs, line, approximate) "
    "VALUES (1, ?, ?, ?, 'outbound', ?, ?, ?, ?, ?, ?, 'answered', 3, 1, 1, ?, 1, NULL, 0)"
)


TABLES = "'customer', 'customer_number', 'contact', 'call'"


def fill(path: Path, customers: int, contacts: int) -> int:
    """Make a store at `path`, indexes when all is in; return the id of the customer whose story is long. Customers
    stand at all contact numbers alike, up to twice as many as a customer has contacts."""
    with closing(create_store(str(path), tuning=BULK)) as store, store.write() as connection:
        roster.source(connection, "records", "files")
        people = [Member(f"Specialist {a}", f"Team {a[-1]}", "", None, (("records", a),)) for a in records.AGENTS]
        put_members(connection, list(enumerate(people)), {"records": "files"}, 20_100_104)
    most = 2 * contacts // customers
    step = contacts // A_DAY * DAY_US // most // customers
    with closing(sqlite.connect(path, "rw", 10)) as driven:
        for pragma in ("synchronous=OFF", "cache_size=-262144", "wal_autocheckpoint=50000"):
            driven.execute(f"PRAGMA {pragma}").fetchall()
        indexes = driven.execute(
            f"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({TABLES})"
        ).fetchall()
        for name, _ in indexes:
            driven.execute(f"DROP INDEX {name}")
        _rows(driven, customers, most, step)
        _story(driven, customers + 1)
        driven.execute(_HISTOGRAM)
        for _, sql in indexes:
            driven.execute(sql)
        driven.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return customers + 1


def _rows(driven: Any, customers: int, most: int, step: int) -> None:
    driven.execute(_CUSTOMERS, {"customers": customers, "most": most})
    driven.execute(_NUMBERS)
    driven.execute("INSERT INTO customer_person (customer_id, name) SELECT id, 'Person ' || id FROM customer")
    for turn in range(1, most + 1):
        begin = NOW_US - (most - turn + 1) * step * customers
        driven.execute(_CONTACTS, {"most": most, "round": turn, "begin": begin, "step": step})
    driven.execute(_TAILS, {"begin": NOW_US - step * customers, "step": step})
    for sql in (_CALLS, _WAIT, _WAITING_CALLS, _ORDERS):
        driven.execute(sql)


def _story(driven: Any, customer: int) -> None:
    """Ten days of forty calls ten minutes apart, with one specialist; of four calls one has a log, and a short one
    behind it."""
    number = f"+4989{customer:07}"
    calls, entries = [], []
    for n in range(TOLD):
        days_ago, nth = 30 - n // (TOLD // 10) * 3, n % (TOLD // 10)
        at = LAST_DAY - timedelta(days=days_ago) + timedelta(hours=8, minutes=10 * nth)
        at_us, day = int(at.timestamp()) * 1_000_000, int(f"{at:%Y%m%d}")
        calls.append((f"story-{n}", 1, day, number, number, at_us, at_us, at_us + 45_000_000, 45_000, 1))
        counted = None if nth else n // (TOLD // 10) + 1
        entries.append((customer, at_us, day, PHONE, 1, None, "", "", None, 1, f"story-{n}", number, counted))
        if n % (TOLD // MORE) == 0:
            log_us, short_us = at_us + 60_000_000, at_us + 300_000_000
            entries.append((customer, log_us, day, HAND, None, 1, "callback", "wants a", 60_000, None, None, "", None))
            calls.append((f"story-{n}s", 1, day, number, number, short_us, short_us, short_us + 9_000_000, 9_000, 0))
    last_us, last_day = calls[-1][5], calls[-1][2]
    driven.execute("BEGIN IMMEDIATE")
    driven.execute(
        f"INSERT INTO customer ({CUSTOMER}) VALUES (?, ?, 'Story', 'story', 0, 'open', '', '', 0, '', '', '', 0, ?, ?, "
        "?, ?, '', '')",
        (customer, f"K{customer:07}", 10, last_us, last_day, 1),
    )
    driven.execute(
        "INSERT INTO customer_number (customer_id, number, raw) VALUES (?, ?, ?)", (customer, number, number)
    )
    driven.executemany(_CALL, calls)
    driven.executemany(_ENTRY, entries)
    driven.execute("COMMIT")
