"""Customers that may be one and the same: which pairs look so. Reading only, and no table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from sqlalchemy import Connection

from store import driver

_ROOT = "coalesce(c.merged_into, c.id)"

CROWD = 20
"""Customers of one name or number of whom each is compared with each; of more, each is with the first alone."""

_SAME_COMPANY = """
SELECT c.company_key, c.region, c.id FROM customer AS c
JOIN (SELECT company_key, region FROM customer GROUP BY company_key, region HAVING count(*) > 1) AS twice
    ON twice.company_key = c.company_key AND twice.region = c.region
WHERE c.merged_into IS NULL ORDER BY c.company_key, c.region, c.id
"""
_SAME_NUMBER = f"""
SELECT DISTINCT n.number, {_ROOT} AS root FROM customer_number AS n JOIN customer AS c ON c.id = n.customer_id
WHERE n.number IN (SELECT number FROM customer_number GROUP BY number HAVING count(*) > 1) ORDER BY n.number, root
"""
_DISTINCT = """
SELECT coalesce(a.merged_into, a.id), coalesce(b.merged_into, b.id) FROM distinct_pair AS p
JOIN customer AS a ON a.id = p.one_id JOIN customer AS b ON b.id = p.other_id
"""


def pairs(connection: Connection, limit: int | None = None) -> list[tuple[int, int, str]]:
    """Return customers that look like one, and why, in words: the same company in the same region, or a number that
    both have. The smaller id first, in the order of the ids, at most `limit`; without those of whom a person said that
    they are two."""
    why: dict[tuple[int, int], list[str]] = defaultdict(list)
    companies: dict[tuple[str, str], list[int]] = defaultdict(list)
    for company, region, customer in driver.rows(connection, _SAME_COMPANY):
        companies[company, region].append(customer)
    for pair in _within(companies.values()):
        why[pair].append("the same company in the same region")
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, customer in driver.rows(connection, _SAME_NUMBER):
        numbers[number].append(customer)
    for number, owners in numbers.items():
        for pair in _within([owners]):
            why[pair].append(f"both have {number}")
    for one, other in driver.rows(connection, _DISTINCT):
        why.pop((min(one, other), max(one, other)), None)
    return [(*pair, "; ".join(why[pair])) for pair in sorted(why)[:limit]]


def _within(groups: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for group in groups:
        yield from combinations(group, 2) if len(group) <= CROWD else ((group[0], other) for other in group[1:])
