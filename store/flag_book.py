"""The rows behind the lists of flags, one flag in full, a specialist's page, the ledger of money and the talks. Reading
only.

Days are YYYYMMDD, both ends included; moments epoch us; money cents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from store import driver  # and no table: see store.floor


class FlagRow(NamedTuple):
    """A flag: see store.discipline.Flag. `specialist`: the name, or source:agent of an unknown phone; `team` "":
    none."""

    flag_id: int
    version: int
    kind: str
    rule: str
    specialist_id: int | None
    identity_id: int | None
    specialist: str
    team: str
    day: int
    at_us: int
    severity: int
    evidence: str
    excuses: str
    state: str
    reply: str
    replied_us: int | None
    decision: str
    decided_us: int | None
    decided_day: int | None
    decided_by: str
    why: str
    points: int
    raised_us: int
    raised_by: str


class Counts(NamedTuple):
    """Flags that wait for a decision, of them high ones and explained ones; flags raised today; merits."""

    open: int
    high: int
    explained: int
    today: int
    merits: int


class Seen(NamedTuple):
    """What is counted of a flag: see store.discipline.Flag."""

    specialist_id: int
    kind: str
    rule: str
    day: int
    state: str
    decision: str


class CallRow(NamedTuple):
    """A call behind a flag; `company`: whose number it is, "" nobody's."""

    source: str
    group_id: str
    started_us: int
    direction: str
    number: str
    company: str
    outcome: str
    talk_ms: int | None


class MoneyRow(NamedTuple):
    """A fine or reward: see store.discipline.Money."""

    money_id: int
    specialist_id: int
    specialist: str
    kind: str
    amount_cents: int
    day: int
    month: int | None
    flag_id: int | None
    why: str
    who: str
    withdrawn: bool


class TalkRow(NamedTuple):
    """A talk that stands: see store.discipline.Talk."""

    talk_id: int
    at_us: int
    who: str
    kind: str
    note: str


WAITING = "f.state IN ('open', 'explained')"
"""Spelled as the index of those that wait has it."""
_NAME = "coalesce(s.name, source.name || ':' || i.agent, '')"
_FLAGS = f"""
SELECT f.id, f.version, f.kind, f.rule, f.specialist_id, f.identity_id, {_NAME}, coalesce(team.name, ''), f.day,
    f.at_us, f.severity, f.evidence, f.excuses, f.state, f.reply, f.replied_us, f.decision, f.decided_us, f.decided_day,
    f.decided_by, f.why, f.points, f.raised_us, f.raised_by
FROM flag AS f LEFT JOIN specialist AS s ON s.id = f.specialist_id LEFT JOIN team ON team.id = s.team_id
LEFT JOIN phone_identity AS i ON i.id = f.identity_id LEFT JOIN source ON source.id = i.source_id
"""
_NEWEST = "ORDER BY f.at_us DESC, f.id DESC"


def _flags(connection: Connection, where: str, parameters: Sequence[object]) -> list[FlagRow]:
    return [FlagRow._make(row) for row in driver.rows(connection, f"{_FLAGS} WHERE {where}", parameters)]


def waiting(connection: Connection, most: int = 1 << 40) -> list[FlagRow]:
    """Return the flags that wait for a decision, newest first, at most `most`."""
    return _flags(connection, f"{WAITING} {_NEWEST} LIMIT ?", (most,))


def settled(connection: Connection, first: int, since: int) -> list[FlagRow]:
    """Return flags and merits that are decided or withdrawn, newest first: of the days from `since` on, and of the days
    from `first` on those that were decided since `since`. Looked for by their days: there are years of settled ones."""
    where = f"f.day >= ? AND NOT ({WAITING}) AND (f.day >= ? OR f.decided_day >= ?) {_NEWEST}"
    return _flags(connection, where, (first, since, since))


def of_day(connection: Connection, day: int) -> list[FlagRow]:
    """Return all flags and merits of a day, newest first."""
    return _flags(connection, f"f.day = ? {_NEWEST}", (day,))


def of_specialist(connection: Connection, specialist_id: int, first: int, last: int) -> list[FlagRow]:
    """Return all flags and merits of a specialist, newest first."""
    return _flags(connection, f"f.specialist_id = ? AND f.day BETWEEN ? AND ? {_NEWEST}", (specialist_id, first, last))


def flag(connection: Connection, flag_id: int) -> FlagRow | None:
    """Return a flag; None: there is none."""
    found = _flags(connection, "f.id = ?", (flag_id,))
    return found[0] if found else None


def counts(connection: Connection, first: int, today_us: int, merits_since: int) -> Counts:
    """Return how many flags wait; how many of the days from `first` on were raised since `today_us`; merits since a
    day."""
    ((waits, high, explained),) = driver.rows(
        connection,
        "SELECT count(*), sum(CASE WHEN f.severity = 3 THEN 1 ELSE 0 END), "
        f"sum(CASE WHEN f.state = 'explained' THEN 1 ELSE 0 END) FROM flag AS f WHERE {WAITING}",
    )
    ((today,),) = driver.rows(
        connection,
        "SELECT count(*) FROM flag WHERE day >= ? AND raised_us >= ? AND kind = 'flag' AND state <> 'withdrawn'",
        (first, today_us),
    )
    ((merits,),) = driver.rows(
        connection,
        "SELECT count(*) FROM flag WHERE rule = 'merit' AND day >= ? AND state <> 'withdrawn'",
        (merits_since,),
    )
    return Counts(int(waits), int(high or 0), int(explained or 0), int(today), int(merits))


def stamp(connection: Connection) -> tuple[int, int]:
    """Return what rises with everything that becomes of flags and with every act of a person: while it stays, so do
    the lists."""
    ((event, act),) = driver.rows(
        connection, "SELECT (SELECT coalesce(max(id), 0) FROM flag_event), (SELECT coalesce(max(id), 0) FROM journal)"
    )
    return event, act


def evaluated_us(connection: Connection) -> int | None:
    """Return when the rules were last applied; None: never."""
    found: int | None = driver.rows(connection, "SELECT max(at_us) FROM evaluated_day")[0][0]
    return found


def trace(connection: Connection, flag_id: int) -> list[tuple[int, str, str, str]]:
    """Return moment, who, what and detail of what became of a flag, oldest first."""
    rows = driver.rows(
        connection, "SELECT at_us, who, what, detail FROM flag_event WHERE flag_id = ? ORDER BY id", (flag_id,)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def found_before(connection: Connection, row: FlagRow, first: int) -> int:
    """Return how many other flags of this rule the same person has from `first` to the day of `row`, without those
    that were withdrawn or dismissed."""
    ((found,),) = driver.rows(
        connection,
        "SELECT count(*) FROM flag AS f JOIN flag AS this ON this.rule = f.rule AND this.whose = f.whose "
        "WHERE this.id = ? AND f.id <> this.id AND f.day BETWEEN ? AND ? AND f.state <> 'withdrawn' "
        "AND f.decision <> 'dismissed'",
        (row.flag_id, first, row.day),
    )
    return int(found)


def seen(connection: Connection, specialists: Sequence[int], first: int, last: int) -> list[Seen]:
    """Return what is counted of the flags and merits of specialists."""
    sql = f"""SELECT specialist_id, kind, rule, day, state, decision FROM flag
        WHERE specialist_id IN {driver.any_of(connection, "bigint")} AND day BETWEEN ? AND ?"""
    return [
        Seen._make(row) for row in driver.rows(connection, sql, (driver.given(connection, specialists), first, last))
    ]


def points(connection: Connection, specialists: Sequence[int], since: int) -> list[tuple[int, int, int]]:
    """Return specialist, points and the day of the decision of what was decided of them since a day. What is not
    decided has no points."""
    sql = f"""SELECT specialist_id, points, decided_day FROM flag
        WHERE specialist_id IN {driver.any_of(connection, "bigint")} AND decided_day >= ? AND points <> 0"""
    rows = driver.rows(connection, sql, (driver.given(connection, specialists), since))
    return [(row[0], row[1], row[2]) for row in rows]


_CALLS = """
SELECT source.name, c.group_id, c.started_us, c.direction, coalesce(c.number, c.number_raw), coalesce((
    SELECT k.company FROM customer_number AS n JOIN customer AS named ON named.id = n.customer_id
    JOIN customer AS k ON k.id = coalesce(named.merged_into, named.id) WHERE n.number = c.number ORDER BY n.id LIMIT 1
), ''), c.outcome, c.talk_ms
FROM call AS c JOIN source ON source.id = c.source_id WHERE source.name = ? AND c.group_id IN {these}
"""


def calls(connection: Connection, source: str, groups: Sequence[str]) -> list[CallRow]:
    """Return calls of a source by their groups, in no order; those that are no more are left out."""
    sql = _CALLS.format(these=driver.any_of(connection, "text"))
    return [CallRow._make(row) for row in driver.rows(connection, sql, (source, driver.given(connection, groups)))]


# -- attendance ---------------------------------------------------------------------------------------------------


def called(connection: Connection, day: int) -> dict[int, tuple[int | None, int | None, int]]:
    """Return by specialist when their first call of a day was begun and their last one ended (None: nobody knows), and
    how many they dialled, by the phones that were theirs then."""
    rows = driver.rows(
        connection,
        """
        SELECT a.specialist_id, min(c.first_us), max(t.last_call_us), sum(t.dials)
        FROM tally AS t JOIN assignment AS a ON a.identity_id = t.identity_id AND a.since <= t.day
            AND (a.until IS NULL OR a.until > t.day)
        LEFT JOIN (SELECT identity_id, min(started_us) AS first_us FROM call WHERE day = ? GROUP BY identity_id) AS c
            ON c.identity_id = t.identity_id
        WHERE t.day = ? GROUP BY a.specialist_id
        """,
        (day, day),
    )
    return {row[0]: (row[1], row[2], int(row[3])) for row in rows}


# -- money, talks -------------------------------------------------------------------------------------------------

_MONEY = """
SELECT m.id, m.specialist_id, s.name, m.kind, m.amount_cents, m.day, m.month, m.flag_id, m.why, m.who, m.withdrawn_us
FROM money AS m JOIN specialist AS s ON s.id = m.specialist_id WHERE %s ORDER BY m.id DESC
"""


def _money(connection: Connection, where: str, parameters: Sequence[object]) -> list[MoneyRow]:
    rows = driver.rows(connection, _MONEY % where, parameters)
    return [MoneyRow._make((*row[:10], row[10] is not None)) for row in rows]


def money(connection: Connection, since: int) -> list[MoneyRow]:
    """Return fines and rewards since a day, newest first, those taken back too."""
    return _money(connection, "m.day >= ?", (since,))


def money_of(connection: Connection, specialist_id: int, since: int) -> list[MoneyRow]:
    """As `money`, of a specialist."""
    return _money(connection, "m.specialist_id = ? AND m.day >= ?", (specialist_id, since))


def fined(connection: Connection, month: int) -> dict[int, int]:
    """Return what specialists were fined for a month (YYYYMM), in cents, without what was taken back."""
    rows = driver.rows(
        connection,
        "SELECT specialist_id, sum(amount_cents) FROM money WHERE month = ? AND kind = 'fine' AND withdrawn_us IS NULL "
        "GROUP BY specialist_id",
        (month,),
    )
    return {row[0]: int(row[1]) for row in rows}


def talks(connection: Connection, specialist_id: int) -> list[TalkRow]:
    """Return the talks with a specialist that stand, newest first."""
    sql = """SELECT id, at_us, who, kind, note FROM talk
        WHERE specialist_id = ? AND withdrawn_us IS NULL ORDER BY at_us DESC, id DESC"""
    return [TalkRow._make(row) for row in driver.rows(connection, sql, (specialist_id,))]
