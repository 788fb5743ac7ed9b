"""The rows behind the lists of orders and one order's review. Reading only.

Everything of all open orders comes in a handful of statements, none of them an order's own. An order of a customer who
was merged into another one is the other one's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import driver  # and no table: a console shows its first rows before the tables' classes could be made


class OrderRow(NamedTuple):
    """An order with its customer, specialist and team ("": nobody's, none); `last_us` 0: no contact yet."""

    order_id: int
    ref: str
    customer_id: int
    company: str
    customer_type: str
    specialist_id: int | None
    specialist: str
    team: str
    package: str
    amount_cents: int
    stage: str
    status: str
    opened_day: int
    expected_day: int | None
    closed_day: int | None
    closed_score: int
    next_step: str
    version: int
    changed_us: int
    changed_by: str
    contacts: int
    last_us: int


class EvidenceRow(NamedTuple):
    """What was heard of an order and not taken back: see store.orders.Evidence."""

    evidence_id: int
    order_id: int
    code: str
    heard_us: int
    note: str
    source_id: int | None
    group_id: str | None
    file: str | None
    who: str

    @property
    def linked(self) -> bool:
        """Whether a call or a file stands behind it."""
        return self.group_id is not None or self.file is not None


class ClaimRow(NamedTuple):
    """A standing claim, and what became of its order: see store.orders.Claim."""

    order_id: int
    who: str
    by_day: int
    percent: int
    made_us: int
    status: str
    closed_day: int | None


class ReviewRow(NamedTuple):
    """A review with the title of the solution that was attached ("": none): see store.orders.Review."""

    review_id: int
    order_id: int
    at_us: int
    day: int
    who: str
    next_step: str
    guidance: str
    guidance_text: str
    solution: str
    recheck_day: int | None
    score: int
    expected_cents: int


class CallRow(NamedTuple):
    """An effective call with a customer, and whose phone dialled it ("": nobody's)."""

    source_id: int
    group_id: str
    started_us: int
    who: str


class ContractRow(NamedTuple):
    """What was signed."""

    signed_day: int
    amount_cents: int
    clauses: str
    approved_by: str


_OPEN = "o.status = 'open'"
_ONE = "o.id = ?"
_ORDERS = """
SELECT o.id, o.ref, c.id, c.company, c.type, o.specialist_id, coalesce(s.name, ''), coalesce(team.name, ''), o.package,
    o.amount_cents, o.stage, o.status, o.opened_day, o.expected_day, o.closed_day, o.closed_score, o.next_step,
    o.version, o.changed_us, o.changed_by, c.contacts, c.last_us
FROM sales_order AS o JOIN customer AS named ON named.id = o.customer_id
JOIN customer AS c ON c.id = coalesce(named.merged_into, named.id)
LEFT JOIN specialist AS s ON s.id = o.specialist_id LEFT JOIN team ON team.id = s.team_id
WHERE %s ORDER BY o.id
"""
_EVIDENCE = """
SELECT e.id, e.order_id, e.code, e.heard_us, e.note, e.source_id, e.group_id, e.file, e.who
FROM sales_order AS o JOIN evidence AS e ON e.order_id = o.id
WHERE %s AND e.withdrawn_us IS NULL ORDER BY e.heard_us, e.id
"""
_CLAIMS = """
SELECT claim.order_id, claim.who, claim.by_day, claim.percent, claim.made_us, o.status, o.closed_day
FROM sales_order AS o JOIN claim ON claim.order_id = o.id
WHERE %s AND claim.withdrawn_us IS NULL ORDER BY claim.made_us, claim.id
"""
_REVIEWS = """
SELECT r.id, r.order_id, r.at_us, r.day, r.who, r.next_step, r.guidance, r.guidance_text, coalesce(solution.title, ''),
    r.recheck_day, r.score, r.expected_cents
FROM sales_order AS o JOIN review AS r ON r.order_id = o.id LEFT JOIN solution ON solution.id = r.solution_id
WHERE %s AND r.withdrawn_us IS NULL %s ORDER BY r.at_us, r.id
"""
_NEWEST = """AND NOT EXISTS (SELECT 1 FROM review AS later WHERE later.order_id = r.order_id
    AND later.withdrawn_us IS NULL AND later.at_us >= r.at_us AND (later.at_us > r.at_us OR later.id > r.id))"""


def _read(connection: Connection, sql: str, order_id: int | None) -> list[driver.Row]:
    """Return the rows of all open orders (None), or of one order whatever its status."""
    if order_id is None:
        return driver.rows(connection, sql % _OPEN)
    return driver.rows(connection, sql % _ONE, (order_id,))


def open_orders(connection: Connection) -> list[OrderRow]:
    """Return all open orders."""
    return [OrderRow._make(row) for row in _read(connection, _ORDERS, None)]


def order(connection: Connection, order_id: int) -> OrderRow | None:
    """Return one order, open or closed; None: there is none."""
    return next((OrderRow._make(row) for row in _read(connection, _ORDERS, order_id)), None)


def refs(connection: Connection, ref: str) -> list[tuple[str, int]]:
    """Return ref and id of the order `ref`, whatever its case, and of all open ones: what a person may have meant."""
    sql = "SELECT ref, id FROM sales_order WHERE status = 'open' OR ref = ? OR lower(ref) = ? ORDER BY id"
    return [(row[0], row[1]) for row in driver.rows(connection, sql, (ref, ref.lower()))]


def evidence(connection: Connection, order_id: int | None = None) -> list[EvidenceRow]:
    """Return the standing evidence of all open orders, or of one order, in the order it was heard."""
    return [EvidenceRow._make(row) for row in _read(connection, _EVIDENCE, order_id)]


def claims(connection: Connection, order_id: int | None = None) -> list[ClaimRow]:
    """Return the standing claims of all open orders, or of one order, in the order they were made."""
    return [ClaimRow._make(row) for row in _read(connection, _CLAIMS, order_id)]


def claims_of(connection: Connection, who: str) -> list[ClaimRow]:
    """Return all standing claims of somebody, of orders open and closed, in the order they were made."""
    return [ClaimRow._make(row) for row in driver.rows(connection, _CLAIMS % "claim.who = ?", (who,))]


class ClaimCount(NamedTuple):
    """How many standing claims somebody made of orders of one `status` that were closed by the day claimed (`in_time`),
    or whose day had passed (`past`)."""

    who: str
    status: str
    in_time: bool
    past: bool
    claims: int


def claim_counts(connection: Connection, today: int) -> list[ClaimCount]:
    """Return how many claims there are of each kind, of everybody, as of `today`."""
    sql = """SELECT claim.who, o.status, coalesce(o.closed_day, 0) <= claim.by_day, claim.by_day < ?, count(*)
        FROM claim JOIN sales_order AS o ON o.id = claim.order_id WHERE claim.withdrawn_us IS NULL
        GROUP BY 1, 2, 3, 4"""
    rows = driver.rows(connection, sql, (today,))
    return [ClaimCount(row[0], row[1], bool(row[2]), bool(row[3]), int(row[4])) for row in rows]


def last_reviews(connection: Connection) -> dict[int, ReviewRow]:
    """Return the latest standing review of each open order that has one, by order."""
    rows = driver.rows(connection, _REVIEWS % (_OPEN, _NEWEST))
    return {row[1]: ReviewRow._make(row) for row in rows}


def reviews(connection: Connection, order_id: int) -> list[ReviewRow]:
    """Return all standing reviews of an order, oldest first."""
    return [ReviewRow._make(row) for row in driver.rows(connection, _REVIEWS % (_ONE, ""), (order_id,))]


def closed(connection: Connection) -> list[tuple[int, bool, int]]:
    """Return of all closed orders: score when closed, whether it was signed, and how many were."""
    sql = """SELECT closed_score, status, count(*) FROM sales_order WHERE status IN ('signed', 'lost')
        GROUP BY 1, 2 ORDER BY 1, 2"""
    return [(row[0], row[1] == "signed", int(row[2])) for row in driver.rows(connection, sql)]


def signed_between(connection: Connection, first: int, last: int) -> tuple[int, int]:
    """Return how many orders were signed on the days `first`..`last`, and the cents of their contracts; of an order
    without one, its amount."""
    sql = """SELECT count(*), coalesce(sum(coalesce(contract.amount_cents, o.amount_cents)), 0) FROM sales_order AS o
        LEFT JOIN contract ON contract.order_id = o.id WHERE o.status = 'signed' AND o.closed_day BETWEEN ? AND ?"""
    ((count, cents),) = driver.rows(connection, sql, (first, last))
    return int(count), int(cents)


def contract(connection: Connection, order_id: int) -> ContractRow | None:
    """Return the contract of an order; None: there is none."""
    sql = "SELECT signed_day, amount_cents, clauses, approved_by FROM contract WHERE order_id = ?"
    return next((ContractRow._make(row) for row in driver.rows(connection, sql, (order_id,))), None)


def paid_cents(connection: Connection, order_id: int) -> int:
    """Return what was paid for an order."""
    sql = "SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE order_id = ?"
    return int(driver.rows(connection, sql, (order_id,))[0][0])


# -- the customer of an order -------------------------------------------------------------------------------------

_STANDING = "e.counters IS NULL AND NOT EXISTS (SELECT 1 FROM contact AS taken WHERE taken.counters = e.id)"
_THEIRS = "e.customer_id IN (SELECT id FROM customer WHERE id = ? OR merged_into = ?)"
_LAST_CALL = f"""
SELECT e.source_id, e.group_id, e.at_us, coalesce(s.name, '') FROM contact AS e
LEFT JOIN assignment AS a ON a.identity_id = e.identity_id AND a.since <= e.day AND (a.until IS NULL OR a.until > e.day)
LEFT JOIN specialist AS s ON s.id = a.specialist_id
WHERE {_THEIRS} AND e.group_id IS NOT NULL AND {_STANDING} ORDER BY e.at_us DESC, e.id DESC LIMIT 1
"""
_SAID = f"""
SELECT e.note FROM contact AS e WHERE {_THEIRS} AND e.note <> '' AND {_STANDING}
ORDER BY e.at_us DESC, e.id DESC LIMIT 1
"""
_CALL = f"""
SELECT call.started_us FROM call WHERE call.source_id = ? AND call.group_id = ? AND (
    EXISTS (SELECT 1 FROM contact AS e WHERE e.source_id = call.source_id AND e.group_id = call.group_id
        AND {_THEIRS} AND {_STANDING})
    OR EXISTS (SELECT 1 FROM customer_number AS n JOIN customer AS c ON c.id = n.customer_id
        WHERE coalesce(c.merged_into, c.id) = ? AND n.number = coalesce(call.number, call.number_raw)))
"""


def newest_call(connection: Connection, customer_id: int) -> CallRow | None:
    """Return the newest effective call with a customer, as the ledger of contacts has it; None: there was none."""
    rows = driver.rows(connection, _LAST_CALL, (customer_id, customer_id))
    return CallRow._make(rows[0]) if rows else None


def last_said(connection: Connection, customer_id: int) -> str:
    """Return what was last written of a contact with a customer; "": nothing."""
    rows = driver.rows(connection, _SAID, (customer_id, customer_id))
    return str(rows[0][0]) if rows else ""


def call_with(connection: Connection, customer_id: int, source_id: int, group_id: str) -> int | None:
    """Return when the call began, if it was with the customer: by the ledger, or by a number of theirs; else None."""
    found: list[tuple[Any, ...]] = driver.rows(
        connection, _CALL, (source_id, group_id, customer_id, customer_id, customer_id)
    )
    return int(found[0][0]) if found else None
