"""The chain of sealed days as it is kept. Reading only, a seal at a time: the content of a day may be megabytes."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from store import driver


class Seal(NamedTuple):
    """A sealed day: see store.audit.SealedDay."""

    id: int
    day: int
    at_us: int
    who: str
    sentence: str
    content: str
    previous: str
    hash: str


_SEAL = "SELECT id, day, at_us, who, sentence, content, previous, hash FROM sealed_day"


def ids(connection: Connection) -> list[int]:
    """Return the seals of the chain, oldest first."""
    return [row[0] for row in driver.rows(connection, "SELECT id FROM sealed_day ORDER BY id")]


def seal(connection: Connection, seal_id: int) -> Seal:
    """Return one seal."""
    return Seal(*driver.rows(connection, f"{_SEAL} WHERE id = ?", (seal_id,))[0])


def moment(connection: Connection, seal_id: int) -> tuple[int, int]:
    """Return day and moment of a seal whose texts cannot be read."""
    ((day, at_us),) = driver.rows(connection, "SELECT day, at_us FROM sealed_day WHERE id = ?", (seal_id,))
    return day, at_us


def of_day(connection: Connection, day: int) -> Seal | None:
    """Return the newest seal of a day; None: it was never signed."""
    found = driver.rows(connection, f"{_SEAL} WHERE day = ? ORDER BY id DESC LIMIT 1", (day,))
    return Seal(*found[0]) if found else None


def is_signed(connection: Connection, day: int) -> bool:
    """Whether a day was ever signed."""
    return bool(driver.rows(connection, "SELECT 1 FROM sealed_day WHERE day = ? LIMIT 1", (day,)))


def newest(connection: Connection) -> tuple[str, int] | None:
    """Return hash and moment of the seal that the next one follows; None: there is none yet."""
    found = driver.rows(connection, "SELECT hash, at_us FROM sealed_day ORDER BY id DESC LIMIT 1")
    return (found[0][0], found[0][1]) if found else None


def journalled(connection: Connection, what: str) -> list[tuple[int, str, str]]:
    """Return moment, who and detail of the acts of a kind that the journal knows, oldest first."""
    rows = driver.rows(connection, "SELECT at_us, who, detail FROM journal WHERE what = ? ORDER BY id", (what,))
    return [(row[0], row[1], row[2]) for row in rows]
