"""Sums a phone identity a day, made from the ledger by one statement: for an event, an import and a recount alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver
from store.groups import Rule, rederive

Key = tuple[int, int]
"""An identity and a day."""

_SUMS = ("dials", "connected", "effective", "talk_ms", "calls", "last_call_us")
_CALLS = (
    "SELECT {key} coalesce(sum(dial), 0) AS dials, coalesce(sum(connected), 0) AS connected, "
    "coalesce(sum(effective), 0) AS effective, count(*) AS calls, max(ended_us) AS last_call_us FROM call "
)
_LEGS = (
    "SELECT {key} count(*) AS legs, "
    "coalesce(sum(CASE WHEN direction IN ('outbound', 'inbound') THEN talk_ms END), 0) AS talk_ms FROM leg "
)
_OF_KEY = "WHERE identity_id = ? AND day = ?"
_RESUM = f"""
INSERT INTO tally (identity_id, day, {", ".join(_SUMS)})
SELECT CAST(? AS INTEGER), CAST(? AS INTEGER), c.dials, c.connected, c.effective, l.talk_ms, c.calls, c.last_call_us
FROM ({_CALLS.format(key="")} {_OF_KEY}) AS c, ({_LEGS.format(key="")} {_OF_KEY}) AS l WHERE c.calls + l.legs > 0
ON CONFLICT (identity_id, day) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _SUMS)}
WHERE {" OR ".join(f"tally.{name} IS DISTINCT FROM excluded.{name}" for name in _SUMS)}
"""
_DROP = f"""
DELETE FROM tally {_OF_KEY} AND NOT EXISTS (SELECT 1 FROM call {_OF_KEY}) AND NOT EXISTS (SELECT 1 FROM leg {_OF_KEY})
"""


def resum(connection: Connection, touched: Collection[Key], left: Collection[Key] = ()) -> None:
    """Make the tallies of the `touched` keys anew; of those `left`, drop what has neither call nor leg any more."""
    if touched:
        driver.many(connection, _RESUM, [key * 3 for key in sorted(touched)])
    if left:
        driver.many(connection, _DROP, [key * 3 for key in sorted(left)])


class Differences(NamedTuple):
    """How many calls and tallies were not as the legs say, and were put right."""

    calls: int
    tallies: int


def recount(connection: Connection, call_of: Rule) -> Differences:
    """Derive every call from its legs and every tally from both anew; put right what differs, and say how much."""
    calls = driver.run(
        connection,
        "DELETE FROM call WHERE NOT EXISTS "
        "(SELECT 1 FROM leg WHERE leg.source_id = call.source_id AND leg.group_id = call.group_id)",
    )
    for (source_id,) in driver.rows(connection, "SELECT id FROM source ORDER BY id"):
        for groups in _all_groups(connection, source_id):
            calls += len(rederive(connection, source_id, groups, call_of).changed)
    kept = {
        (identity, day): tuple(sums)
        for identity, day, *sums in driver.rows(connection, f"SELECT identity_id, day, {', '.join(_SUMS)} FROM tally")
    }
    right = _right(connection)
    wrong = {key for key in kept.keys() | right.keys() if kept.get(key) != right.get(key)}
    resum(connection, wrong, wrong)
    return Differences(calls, len(wrong))


def _right(connection: Connection) -> dict[Key, tuple[int | None, ...]]:
    """The tallies as the ledger says."""
    by = "WHERE identity_id IS NOT NULL GROUP BY identity_id, day"
    right: dict[Key, tuple[int | None, ...]] = {}
    for identity, day, _, talk in driver.rows(connection, _LEGS.format(key="identity_id, day,") + by):
        right[identity, day] = (0, 0, 0, int(talk), 0, None)
    for identity, day, dials, connected, effective, calls, last in driver.rows(
        connection, _CALLS.format(key="identity_id, day,") + by
    ):
        talk = right.get((identity, day), (0, 0, 0, 0, 0, None))[3]
        right[identity, day] = (dials, connected, effective, talk, calls, last)
    return right


def _all_groups(connection: Connection, source_id: int, at_once: int = 20_000) -> Iterator[list[str]]:
    last = ""
    while True:
        found = driver.rows(
            connection,
            "SELECT DISTINCT group_id FROM leg WHERE source_id = ? AND group_id > ? ORDER BY group_id LIMIT ?",
            (source_id, last, at_once),
        )
        if not found:
            return
        yield [group for (group,) in found]
        last = found[-1][0]
