"""A floor whose day has 40,000 calls and whose month has 1,250,000, in a store of as many legs as wanted.

One day is made as bench.watched makes it and comes in by the bulk ingest; all others are copies of it by SQL, each time
of other people. The month's days have attendance, contacts of the phones and written logs; those before calls alone.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from bench import records
from bench.watched import Importing, clock_us, legs_of, put_people, put_weighed
from store import sqlite
from store.engine import BULK, create_store
from supervisor.config import Config, parse
from supervisor.duties.discipline.evaluate import evaluate_day
from supervisor.duties.discipline.read import back

PEOPLE = 202
DAY, MONTH = 20_261_030, 202_610
FIRST, LAST = 20_261_001, 20_261_031
NOW_US = clock_us(20_261_102, 12)
TEXT = f"""
[floor]
name = "Bench"
time_zone = "{records.ZONE}"
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
holidays = false
[discipline]
fine_per_missing = 2
[store]
url = "floor.db"
"""
CONFIG: Config = parse(TEXT, "bench")

_TURN = 37
"""A copy of the day is of the people so many places further on."""

_LOGS = f"""
INSERT INTO contact (customer_id, at_us, day, channel, origin, specialist_id, outcome, note, claimed_ms, dialled,
    accepted_by, entered_us, entered_by)
SELECT min(n.customer_id), c.ended_us + 60000000, c.day, 'call', 'hand', c.identity_id, 'callback', 'wants an offer',
    c.talk_ms * CASE WHEN c.id % 50 = 7 THEN 3 ELSE 1 END, '', '', c.ended_us + 60000000, ''
FROM call AS c JOIN customer_number AS n ON n.number = c.number
WHERE c.day = {DAY} AND c.effective = 1 AND c.id % 10 <> 3 GROUP BY c.id
"""
"""Of ten effective calls nine are written down, every fiftieth as three times as long."""

_WHO, _MOMENT = "({column} - 1 + :turn) % :people + 1", "{column} - :ago"
_COPIED: dict[str, dict[str, str]] = {
    "leg": {
        "identity_id": _WHO, "day": ":day", "leg_id": ":day || '-' || leg_id", "group_id": ":day || '-' || group_id",
        "parent_id": ":day || '-' || parent_id", "started_us": _MOMENT, "answered_us": _MOMENT, "ended_us": _MOMENT,
    },
    "call": {
        "identity_id": _WHO, "day": ":day", "group_id": ":day || '-' || group_id", "started_us": _MOMENT,
        "answered_us": _MOMENT, "ended_us": _MOMENT,
    },
    "tally": {"identity_id": _WHO, "day": ":day", "last_call_us": _MOMENT},
    "attendance": {"specialist_id": _WHO, "day": ":day"},
    "contact": {
        "identity_id": _WHO, "specialist_id": _WHO, "day": ":day", "group_id": ":day || '-' || group_id",
        "at_us": _MOMENT, "entered_us": _MOMENT,
    },
}  # fmt: skip
"""What of a row is another in a copy."""
_CALLS = ("leg", "call", "tally")


class Made(NamedTuple):
    """What was made: legs in all, and calls of the day and of the month."""

    legs: int
    of_day: int
    of_month: int


def fill(path: Path, legs: int) -> Made:
    """Make a store with about `legs` legs at `path`, indexes when all is in."""
    with closing(create_store(str(path), tuning=BULK)) as store:
        source = put_people(store, PEOPLE)
        Importing(source).whole(store, legs_of(DAY, PEOPLE))
        put_weighed(store, source, DAY, PEOPLE)
        with store.write() as connection:
            connection.exec_driver_sql(_LOGS)
    with closing(sqlite.connect(path, "rw", 10)) as driven:
        for pragma in ("synchronous=OFF", "cache_size=-262144", "wal_autocheckpoint=50000"):
            driven.execute(f"PRAGMA {pragma}").fetchall()
        _copy(driven, legs)
        counts = [
            "SELECT count(*) FROM leg",
            f"SELECT count(*) FROM call WHERE day = {DAY}",
            f"SELECT count(*) FROM call WHERE day BETWEEN {FIRST} AND {LAST}",
        ]
        made = Made(*(driven.execute(sql).fetchone()[0] for sql in counts))
    with closing(create_store(str(path), tuning=BULK)) as store, store.write() as connection:
        evaluate_day(connection, CONFIG, DAY, NOW_US)
    return made


def _copy(driven: Any, legs: int) -> None:
    """Copy the day to the other days of the month, and its calls to as many days before as make `legs`."""
    ((a_day,),) = driven.execute(f"SELECT count(*) FROM leg WHERE day = {DAY}").fetchall()
    ((odd,),) = driven.execute("SELECT count(*) FROM assignment WHERE specialist_id <> identity_id").fetchall()
    if odd:
        raise RuntimeError("phones and specialists are not numbered alike: copies would be of the wrong people")
    indexes = driven.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('leg', 'call') "
        "AND name <> 'ix_call_day'"
    ).fetchall()
    by_day = "CREATE INDEX bench_leg_day ON leg (day)"
    for name, _ in indexes:
        driven.execute(f"DROP INDEX {name}")
    driven.execute(f"{by_day} WHERE day = {DAY}")
    month = [day for day in range(FIRST, LAST + 1) if day != DAY]
    before = [back(FIRST, ago) for ago in range(1, max(0, round(legs / a_day) - len(month) - 1) + 1)]
    for nth, day in enumerate((*month, *before), 1):
        told = {
            "day": day, "turn": nth * _TURN, "people": PEOPLE, "ago": clock_us(DAY, 9) - clock_us(day, 9),
        }  # fmt: skip
        for table in _COPIED if day >= FIRST else _CALLS:
            driven.execute(_copying(driven, table), told)
    driven.execute("DROP INDEX bench_leg_day")
    for _, sql in indexes:
        driven.execute(sql)
    driven.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _copying(driven: Any, table: str) -> str:
    """The statement that copies a table's rows of the day to another one."""
    columns = [f'"{row[1]}"' for row in driven.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    other = _COPIED[table]
    values = (other.get(column.strip('"'), column).format(column=column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE day = {DAY}"
