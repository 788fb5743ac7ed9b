"""Made-up legs, and a naive count of what they come to."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from store import sources
from store.calls import CallValues, LegValues, Rules
from store.groups import READ_LEGS
from supervisor.duties.followups.counting import counting

SECOND = 1_000_000
DAY = 86_400 * SECOND
EFFECTIVE_MS = 30_000
_numbers = itertools.count()


def new_source(connection: Connection) -> int:
    """A source of its own, as good as an empty store."""
    return sources.ensure(connection, f"source-{next(_numbers)}", "made up", [])


def leg(leg_id: str, **said: Any) -> LegValues:
    """A finished leg of a minute; `raw_hash` follows from what it says."""
    started = said.get("started_us", 10 * DAY)
    values = LegValues(
        leg_id=leg_id, group_id=leg_id, agent="1001", day=20260100 + started // DAY, direction="outbound",
        from_raw="1001", to_raw="0301234567", number="+49301234567", started_us=started, ringing_us=None,
        answered_us=started, ended_us=started + 60 * SECOND, talk_ms=60_000, ring_ms=None, hold_ms=None,
        outcome="answered", progress=3, parent_id=None, queue=None, line=None, recording=None, ambiguous=False,
        approximate=False, raw="", raw_hash=0,
    )._replace(**said)  # fmt: skip
    return values._replace(raw_hash=hash(values) >> 1)


def at(values: LegValues, progress: int) -> LegValues:
    """The same leg as its source told it before it had ended."""
    earlier = values._replace(
        progress=progress,
        ended_us=None,
        talk_ms=None,
        answered_us=values.answered_us if progress == 2 else None,
        outcome="unknown",
        raw_hash=0,
    )
    return earlier._replace(raw_hash=hash(earlier) >> 1)


def rule(legs: Sequence[LegValues]) -> CallValues:
    """A simple rule; the product's own is not the store's business."""
    first = legs[0]
    talks = [one.talk_ms for one in legs if one.talk_ms is not None]
    talk = sum(talks) if talks else None
    dial = int(first.direction == "outbound")
    connected = int(dial and any(one.outcome == "answered" for one in legs))
    return CallValues(
        first.group_id, first.agent, first.day, first.direction, first.number, first.to_raw, first.started_us,
        first.answered_us, max((one.ended_us for one in legs if one.ended_us is not None), default=None), talk,
        first.outcome, min(one.progress for one in legs), dial, connected,
        int(connected and (talk or 0) >= EFFECTIVE_MS), len(legs), first.line, any(one.approximate for one in legs),
    )  # fmt: skip


RULES = Rules(rule, counting(1))


def legs_of(connection: Connection, source_id: int) -> list[tuple[Any, ...]]:
    found = connection.exec_driver_sql(f"{READ_LEGS} WHERE leg.source_id = {source_id} ORDER BY leg_id").all()
    return [tuple(row[:-2]) for row in found]


def calls_of(connection: Connection, source_id: int) -> list[tuple[Any, ...]]:
    columns = ", ".join(f"call.{name}" for name in CallValues._fields if name not in ("agent", "group_id"))
    found = connection.exec_driver_sql(
        f"SELECT group_id, agent, {columns} FROM call LEFT JOIN phone_identity ON phone_identity.id = identity_id "
        f"WHERE call.source_id = {source_id} ORDER BY group_id"
    ).all()
    return [tuple(row) for row in found]


def tallies_of(connection: Connection, source_id: int) -> dict[tuple[str, int], tuple[Any, ...]]:
    found = connection.exec_driver_sql(
        "SELECT agent, day, dials, connected, effective, talk_ms, calls, last_call_us FROM tally JOIN phone_identity "
        f"ON phone_identity.id = identity_id WHERE source_id = {source_id}"
    ).all()
    return {(row[0], row[1]): tuple(row[2:]) for row in found}


def everything(connection: Connection, source_id: int) -> tuple[Any, ...]:
    return legs_of(connection, source_id), calls_of(connection, source_id), tallies_of(connection, source_id)


def counted(legs: Iterable[tuple[Any, ...]]) -> dict[tuple[str, int], tuple[Any, ...]]:
    """The tallies of stored legs, counted one by one."""
    groups: dict[str, list[LegValues]] = defaultdict(list)
    sums: dict[tuple[str, int], list[Any]] = defaultdict(lambda: [0, 0, 0, 0, 0, None])
    for one in map(LegValues._make, legs):
        groups[one.group_id].append(one)
        if one.agent is not None:
            sums[one.agent, one.day][3] += (one.talk_ms or 0) if one.direction in ("outbound", "inbound") else 0
    for group in groups.values():
        call = rule(sorted(group, key=lambda one: (one.started_us, one.leg_id)))
        if call.agent is None:
            continue
        row = sums[call.agent, call.day]
        for place, value in enumerate((call.dial, call.connected, call.effective)):
            row[place] += value
        row[4] += 1
        if call.ended_us is not None:
            row[5] = max(row[5] or 0, call.ended_us)
    return {key: tuple(row) for key, row in sums.items()}
