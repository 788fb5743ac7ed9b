"""Keeping what rules find: flags that nobody raised by hand, with their trace. In the caller's one writing transaction.

Severity and states as of store.discipline.Flag; evidence and excuses are texts that the caller makes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver

GONE = "not found any more"
"""What becomes of a decided flag that its rule does not find any more."""


class Key(NamedTuple):
    """What tells flags of one day apart."""

    rule: str
    whose: str
    subject: str


class Kept(NamedTuple):
    """A flag as it is kept. `gone`: decided, and noted that it is not found any more."""

    id: int
    key: Key
    at_us: int
    severity: int
    evidence: str
    excuses: str
    state: str
    reply: str
    gone: bool


class Found(NamedTuple):
    """A flag as a rule finds it."""

    key: Key
    specialist_id: int | None
    identity_id: int | None
    at_us: int
    severity: int
    evidence: str
    excuses: str


class Event(NamedTuple):
    """What became of a flag, in words."""

    flag_id: int
    what: str
    detail: str


_KEPT = f"""
SELECT id, rule, whose, subject, at_us, severity, evidence, excuses, state, reply,
    state = 'decided' AND EXISTS (SELECT 1 FROM flag_event AS e WHERE e.flag_id = flag.id AND e.what = '{GONE}')
FROM flag WHERE day = ? AND raised_by = '' AND kind = 'flag'
"""


def kept(connection: Connection, day: int, rules: Collection[str], whose: Collection[str] | None) -> dict[Key, Kept]:
    """Return the flags of `rules` on `day` that nobody raised by hand; of `whose` alone, None: of all."""
    found = {}
    for id_, rule, who, subject, at_us, severity, evidence, excuses, state, reply, gone in driver.rows(
        connection, _KEPT, (day,)
    ):
        if rule in rules and (whose is None or who in whose):
            key = Key(rule, who, subject)
            found[key] = Kept(id_, key, at_us, severity, evidence, excuses, state, reply, bool(gone))
    return found


def newest(connection: Connection) -> int:
    """Return what rises with everything that becomes of any flag."""
    ((found,),) = driver.rows(connection, "SELECT coalesce(max(id), 0) FROM flag_event")
    return int(found)


def raise_new(connection: Connection, day: int, found: Sequence[Found], details: Sequence[str], now_us: int) -> None:
    """Write flags that were not there, open, and into their trace that they were raised, with `details` in words."""
    columns = ("rule", "kind", "whose", "specialist_id", "identity_id", "day", "at_us", "subject", "severity",
               "evidence", "excuses", "state", "raised_us", "raised_by", "reply", "decision", "decided_by", "why",
               "points", "version")  # fmt: skip
    rows = [
        (one.key.rule, "flag", one.key.whose, one.specialist_id, one.identity_id, day, one.at_us, one.key.subject,
         one.severity, one.evidence, one.excuses, "open", now_us, "", "", "", "", "", 0, 1)
        for one in found
    ]  # fmt: skip
    driver.insert(connection, "flag", columns, rows)
    driver.many(
        connection,
        "INSERT INTO flag_event (flag_id, at_us, who, what, detail) SELECT id, ?, '', 'raised', ? FROM flag "
        "WHERE rule = ? AND whose = ? AND day = ? AND subject = ?",
        [
            (now_us, detail, one.key.rule, one.key.whose, day, one.key.subject)
            for one, detail in zip(found, details, strict=True)
        ],
    )


def put_found(connection: Connection, flags: Sequence[tuple[int, Found, str, int]]) -> None:
    """Write into flags (id) what was found of them, their state, and by how much their version rises."""
    driver.many(
        connection,
        "UPDATE flag SET at_us = ?, severity = ?, evidence = ?, excuses = ?, state = ?, version = version + ? "
        "WHERE id = ?",
        [(one.at_us, one.severity, one.evidence, one.excuses, state, by, id_) for id_, one, state, by in flags],
    )


def withdraw(connection: Connection, ids: Sequence[int]) -> None:
    """Let flags be withdrawn; what was found of them stays to be read."""
    driver.many(
        connection, "UPDATE flag SET state = 'withdrawn', version = version + 1 WHERE id = ?", [(id_,) for id_ in ids]
    )


def tell(connection: Connection, events: Sequence[Event], now_us: int) -> None:
    """Append to the trace of flags what rules did."""
    driver.insert(
        connection,
        "flag_event",
        ("flag_id", "at_us", "who", "what", "detail"),
        [(event.flag_id, now_us, "", event.what, event.detail) for event in events],
    )
