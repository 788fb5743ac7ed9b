"""The rows behind a customer's story: contacts, calls and orders. Reading only, and no table."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from store import driver

_SELF = "IN (SELECT k.id FROM customer AS k WHERE k.id = ? OR k.merged_into = ?)"
"""A column of customers that are the one asked for: itself, or merged into it."""


class Card(NamedTuple):
    """What stands on a customer's card besides its row of the queue."""

    registered: bool
    time_zone: str
    dnc_us: int | None
    dnc_why: str
    dnc_by: str


class Touch(NamedTuple):
    """An entry of the ledger that stands."""

    id: int
    at_us: int
    channel: str
    origin: str
    specialist_id: int | None
    who: str | None
    outcome: str
    note: str
    claimed_ms: int | None
    source_id: int | None
    group_id: str | None
    accepted_by: str
    number: int | None


class Dialled(NamedTuple):
    """A call with one of the customer's numbers."""

    source_id: int
    source: str
    group_id: str
    started_us: int
    ended_us: int | None
    direction: str
    outcome: str
    talk_ms: int | None
    effective: int
    specialist_id: int | None
    who: str | None
    dialled: str


class Event(NamedTuple):
    """Something that happened with an order: opened, evidence, claim, review, signed, lost, paid. `day` where only that
    is known; `cents` of what was signed, lost or paid."""

    kind: str
    id: int
    order_id: int | None
    at_us: int | None
    day: int | None
    who: str | None
    text: str
    more: str
    cents: int | None


def card(connection: Connection, customer_id: int) -> Card:
    """Return a customer's card."""
    ((registered, *rest),) = driver.rows(
        connection, "SELECT registered, time_zone, dnc_us, dnc_why, dnc_by FROM customer WHERE id = ?", (customer_id,)
    )
    return Card(bool(registered), *rest)


def people(connection: Connection, customer_id: int) -> list[str]:
    """Return the names of a customer's people."""
    return [
        name
        for (name,) in driver.rows(
            connection,
            f"SELECT name FROM customer_person WHERE customer_id {_SELF} ORDER BY id",
            (customer_id, customer_id),
        )
    ]


def numbers(connection: Connection, customer_id: int) -> list[tuple[str, str, bool]]:
    """Return number, how it was given, and whether another customer has it too."""
    return [
        (number, raw, bool(owners > 1))
        for number, raw, owners in driver.rows(
            connection,
            f"""
            SELECT n.number, n.raw, (SELECT count(DISTINCT coalesce(c.merged_into, c.id)) FROM customer_number AS m
                JOIN customer AS c ON c.id = m.customer_id WHERE m.number = n.number)
            FROM customer_number AS n WHERE n.customer_id {_SELF} ORDER BY n.id
            """,
            (customer_id, customer_id),
        )
    ]


def touches(connection: Connection, customer_id: int, limit: int) -> list[Touch]:
    """Return the entries of the ledger that stand, newest first."""
    rows = driver.rows(
        connection,
        f"""
        SELECT e.id, e.at_us, e.channel, e.origin, coalesce(e.specialist_id, a.specialist_id),
            coalesce(s.name, p.name, i.agent), e.outcome, e.note, e.claimed_ms, e.source_id, e.group_id, e.accepted_by,
            e.number
        FROM contact AS e LEFT JOIN specialist AS s ON s.id = e.specialist_id
        LEFT JOIN phone_identity AS i ON i.id = e.identity_id
        LEFT JOIN assignment AS a ON a.identity_id = e.identity_id AND a.since <= e.day
            AND (a.until IS NULL OR a.until > e.day)
        LEFT JOIN specialist AS p ON p.id = a.specialist_id
        WHERE e.customer_id {_SELF} AND e.counters IS NULL
            AND NOT EXISTS (SELECT 1 FROM contact AS taken WHERE taken.counters = e.id)
        ORDER BY e.at_us DESC, e.id DESC LIMIT ?
        """,
        (customer_id, customer_id, limit),
    )
    return [Touch._make(row) for row in rows]


def calls(connection: Connection, customer_id: int, limit: int) -> list[Dialled]:
    """Return the calls with a customer, newest first: with its numbers, and those the ledger says were with it; of a
    number it shares, only the latter."""
    rows = driver.rows(
        connection,
        f"""
        SELECT call.source_id, source.name, call.group_id, call.started_us, call.ended_us, call.direction,
            call.outcome, call.talk_ms, call.effective, s.id, coalesce(s.name, i.agent),
            coalesce(call.number, call.number_raw)
        FROM call JOIN source ON source.id = call.source_id LEFT JOIN phone_identity AS i ON i.id = call.identity_id
        LEFT JOIN assignment AS a ON a.identity_id = call.identity_id AND a.since <= call.day
            AND (a.until IS NULL OR a.until > call.day)
        LEFT JOIN specialist AS s ON s.id = a.specialist_id
        WHERE call.id IN (
            SELECT w.id FROM call AS w WHERE w.number IN (
                SELECT n.number FROM customer_number AS n WHERE n.customer_id {_SELF} AND (
                    SELECT count(DISTINCT coalesce(c.merged_into, c.id)) FROM customer_number AS m
                    JOIN customer AS c ON c.id = m.customer_id WHERE m.number = n.number) = 1)
            UNION SELECT t.id FROM contact AS e JOIN call AS t ON t.source_id = e.source_id AND t.group_id = e.group_id
                WHERE e.customer_id {_SELF} AND e.group_id IS NOT NULL AND e.counters IS NULL
                AND NOT EXISTS (SELECT 1 FROM contact AS taken WHERE taken.counters = e.id))
        ORDER BY call.started_us DESC LIMIT ?
        """,
        (customer_id,) * 4 + (limit,),
    )
    return [Dialled._make(row) for row in rows]


_ORDERS = f"SELECT id FROM sales_order WHERE customer_id {_SELF}"
_EVENTS = f"""
SELECT 'opened', o.id, o.id, CAST(NULL AS bigint), o.opened_day, s.name, o.package, '', o.amount_cents
    FROM sales_order AS o LEFT JOIN specialist AS s ON s.id = o.specialist_id WHERE o.customer_id {_SELF}
UNION ALL SELECT o.status, o.id, o.id, NULL, o.closed_day, s.name, o.package, o.closed_why, o.amount_cents
    FROM sales_order AS o LEFT JOIN specialist AS s ON s.id = o.specialist_id
    WHERE o.customer_id {_SELF} AND o.status <> 'open'
UNION ALL SELECT 'evidence', v.id, v.order_id, v.heard_us, NULL, v.who, v.code, v.note, NULL
    FROM evidence AS v WHERE v.order_id IN ({_ORDERS}) AND v.withdrawn_us IS NULL
UNION ALL SELECT 'claim', m.id, m.order_id, m.made_us, m.by_day, m.who, '', '', m.percent
    FROM claim AS m WHERE m.order_id IN ({_ORDERS}) AND m.withdrawn_us IS NULL
UNION ALL SELECT 'review', r.id, r.order_id, r.at_us, r.recheck_day, r.who, r.next_step, r.guidance, NULL
    FROM review AS r WHERE r.order_id IN ({_ORDERS}) AND r.withdrawn_us IS NULL
UNION ALL SELECT 'paid', p.id, p.order_id, NULL, p.paid_day, p.who, p.package, '', p.amount_cents
    FROM payment AS p WHERE p.customer_id {_SELF}
"""


def events(connection: Connection, customer_id: int) -> list[Event]:
    """Return what happened with a customer's orders, in no order."""
    places = _EVENTS.count("?")
    return [Event._make(row) for row in driver.rows(connection, _EVENTS, (customer_id,) * places)]
