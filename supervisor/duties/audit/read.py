"""The audit of a day, read from one moment of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from integrations.provider import Direction
from store import audit_book as book
from store import evaluation, flag_book, floor
from supervisor.calendar import Span, day_text
from supervisor.config import Config
from supervisor.duties.audit.classes import CALL
from supervisor.duties.audit.joined import AuditRows, classified, of_team, put
from supervisor.duties.audit.snapshots import DayAudit
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.day import LONGEST_CALL_US, Only, read_day
from supervisor.duties.discipline.evaluate import uncollected
from supervisor.duties.discipline.putting import customers_of
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.rounds import over_us
from supervisor.duties.followups.logs import WITHIN_US

EDGE_US = 3_600_000_000
"""Logs so near the day are read too: one of them may speak of a call of the day, or give its call to another log."""

_CODES = ("private_call",)
"""The rule that needs more than the rows of the day."""
_INTERNAL = Direction.INTERNAL.value
_EFFECTIVE = 10


def read_audit(connection: Connection, config: Config, day: int, now_us: int, team: str | None = None) -> DayAudit:
    """Return the audit of `day` as it is known at `now_us` (epoch us); of a `team` alone, where one is named.

    RefusedError where the day is still to come, or there is no such team.
    """
    today = calendar_of(config.floor).today(now_us)
    if day > today:
        raise RefusedError(f"{day_text(day)} is still to come; today is {day_text(today)}")
    with uncollected():
        return _audit(connection, config, day, now_us, team)


def _audit(connection: Connection, config: Config, day: int, now_us: int, team: str | None) -> DayAudit:
    from supervisor.duties.audit.seal import signed_of

    rows = read_rows(connection, config, day, now_us)
    whole = classified(rows, config)
    audit = put(whole, config, book.recount(connection, day, rows.span))
    if team is not None and team not in audit.teams:
        there = f"there are {', '.join(audit.teams)}" if audit.teams else "there are none"
        raise RefusedError(f"there is no team {team!r} on {day_text(day)}; {there}")
    signed = signed_of(connection, audit)
    if team is not None:
        audit = put(of_team(whole, team), config, book.recount(connection, day, rows.span, team))
    return replace(audit, signed=signed)


def read_rows(connection: Connection, config: Config, day: int, now_us: int, only: Only | None = None) -> AuditRows:
    """Return what the store says of a day and its edges; `only`: the calls of these people alone."""
    span = calendar_of(config.floor).bounds(day)
    told = read_day(connection, config, day, now_us, _CODES, only)
    logs = book.logs(connection, span[0] - EDGE_US, span[1] + EDGE_US)
    near = _near(connection, day, span, [log.at_us for log in logs if log.channel == CALL])
    owners = list(told.owners)
    if told.any_customers and near:
        numbers = {call[3] for call in near if call[3] and call[2] != _INTERNAL} - {one.number for one in owners}
        owners += evaluation.owners(connection, numbers)
    customers = customers_of(owners)
    unsure = _unsure((*told.calls, *near), customers) if told.any_customers else ()
    decided = book.decisions(connection, day)
    flags = flag_book.of_day(connection, day)
    known = {flag.flag_id for flag in flags}
    made = {one.flag_id for one in decided.values() if one.flag_id is not None} - known
    flags += [flag for flag_id in sorted(made) if (flag := flag_book.flag(connection, flag_id))]
    return AuditRows(
        told=told,
        span=span,
        logs=logs,
        near=near,
        customers=customers,
        settled=book.settled(connection, unsure),
        tallies=book.tallies(connection, day),
        decided=decided,
        flags=flags,
        first_call_us=floor.first_call_us(connection),
        sources=floor.source_states(connection),
        over_us=over_us(connection, config, day),
    )


def _near(connection: Connection, day: int, span: Span, moments: Iterable[int]) -> list[evaluation.Call]:
    """The calls just before and after a day, where logs at `moments` lie at its edges."""
    begin_us, end_us = span
    early = [at_us for at_us in moments if at_us <= begin_us + WITHIN_US]
    late = [at_us for at_us in moments if at_us >= end_us - WITHIN_US]
    near: list[evaluation.Call] = []
    if early:
        near += evaluation.calls(connection, back(day, 1), min(begin_us, *early) - LONGEST_CALL_US, begin_us)
    if late:
        near += evaluation.calls(connection, back(day, -1), end_us, max(end_us, *late) + WITHIN_US + 1)
    return near


def _unsure(calls: Iterable[evaluation.Call], customers: Mapping[str, tuple[int, ...]]) -> list[str]:
    """The effective ones of `calls` whose number is not one customer's alone."""
    return [call[0] for call in calls if call[_EFFECTIVE] and len(customers.get(call[3], ())) != 1]
