"""Trying out a threshold before it is changed: what the last 30 days would have had with another value.

Each day is read once, in a short read of its own, and judged twice in memory; nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from math import isfinite
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from store import floor
from supervisor.config import OVERRIDABLE, Config, ConfigError, convert
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.day import DayRows, read_day
from supervisor.duties.discipline.evaluate import uncollected
from supervisor.duties.discipline.findings import WORDS, Finding
from supervisor.duties.discipline.putting import day_of
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.rules import find
from supervisor.duties.discipline.snapshots import OPEN, FlagLine, Threshold, TryOut
from supervisor.settings import problems

DAYS = 30


class Tried(NamedTuple):
    """A threshold: its key in the configuration, what it is, and the rule that goes by it."""

    key: str
    words: str
    rule: str


THRESHOLDS: tuple[Tried, ...] = (
    Tried("console.idle_act_minutes", "minutes without a call that are idle", "idle"),
    Tried("discipline.private_talk_minutes", "minutes of talk that are private", "private_call"),
    Tried("discipline.private_calls_a_day", "calls a day that are private", "private_call"),
    Tried("discipline.private_calls_a_week", "calls in seven days that are private", "private_call"),
    Tried("discipline.silent_minutes", "minutes without an outbound call that are silent", "present_but_silent"),
    Tried("discipline.out_of_hours_minutes", "minutes outside the hours that are out of hours", "out_of_hours"),
    Tried("discipline.team_from", "people from which a team is compared", "padding"),
    Tried("discipline.z_score", "z-score from which a measure is padding", "padding"),
    Tried("discipline.dials_to_one_number", "dials to one number that are padding", "padding"),
    Tried("discipline.short_seconds", "seconds of talk under which an answered dial is short", "padding"),
    Tried("discipline.short_calls", "short dials that are padding", "padding"),
    Tried("discipline.burst_minutes", "last minutes of the shift that may be a burst", "padding"),
    Tried("discipline.burst_dials", "dials in them that are padding", "padding"),
    Tried("discipline.colleague_calls", "calls to colleagues that are padding", "padding"),
    Tried("discipline.bunching_probability", "probability under which bunching is padding", "padding"),
)
"""What can be tried out."""


def thresholds(config: Config) -> tuple[Threshold, ...]:
    """Return what can be tried out, with the values of now."""
    return tuple(Threshold(one.key, one.words, value_of(config, one.key)) for one in THRESHOLDS)


def value_of(config: Config, key: str) -> float:
    """Return the value of a threshold."""
    table, _, name = key.partition(".")
    found: float = getattr(getattr(config, table), name)
    return found


def with_value(config: Config, key: str, value: float) -> Config:
    """Return the configuration with another value of a threshold. RefusedError where there is no such threshold, or
    where the configuration would not take the value, and why."""
    if all(one.key != key for one in THRESHOLDS):
        raise RefusedError(f"{key} is no threshold; there are {', '.join(one.key for one in THRESHOLDS)}")
    value = float(value)
    table, _, name = key.partition(".")
    if not isfinite(value):
        raise RefusedError(f"{key} cannot be {value:g}: expected a number")
    try:
        convert({name: int(value) if value.is_integer() else value}, OVERRIDABLE[table], key, table)
    except ConfigError as error:
        raise RefusedError(f"{key} cannot be {value:g}: {str(error).rpartition(': ')[2]}") from None
    was = getattr(config, table)
    told = int(value) if isinstance(getattr(was, name), int) else value
    other = msgspec.structs.replace(config, **{table: msgspec.structs.replace(was, **{name: told})})
    for where, complaint in problems(other):
        raise RefusedError(f"{key} cannot be {value:g}: {where} {complaint}")
    return other


def try_out(
    read: Callable[[], AbstractContextManager[Connection]], config: Config, key: str, value: float, now_us: int
) -> TryOut:
    """Return what another value of the threshold `key` would have raised on the 30 days before today; those before the
    floor's first call do not count. `read` opens a read of the store. RefusedError as of `with_value`."""
    other = with_value(config, key, value)
    rule = next(one.rule for one in THRESHOLDS if one.key == key)
    calendar = calendar_of(config.floor)
    today = calendar.today(now_us)
    with read() as connection:
        first_us = floor.first_call_us(connection)
    first, last = back(today, DAYS), back(today, 1)
    begins = last + 1 if first_us is None else calendar.day_of(first_us)
    now = then = 0
    more: list[FlagLine] = []
    fewer: list[FlagLine] = []
    for day in (back(today, ago) for ago in range(DAYS, 0, -1)):
        if day < begins:
            continue
        with uncollected():
            with read() as connection:
                told = read_day(connection, config, day, now_us, {rule})
            people, facts = day_of(told, config)
            found, otherwise = (_by_key(find(people, facts, one, {rule})) for one in (config, other))
        now, then = now + len(found), then + len(otherwise)
        more += _lines(told, [otherwise[key] for key in otherwise.keys() - found.keys()], now_us)
        fewer += _lines(told, [found[key] for key in found.keys() - otherwise.keys()], now_us)
    return TryOut(key, value, value_of(config, key), first, last, now, then, _newest(more), _newest(fewer))


def _by_key(findings: list[Finding]) -> Mapping[tuple[str, str], Finding]:
    return {(one.whose, one.subject): one for one in findings}


def _newest(lines: list[FlagLine]) -> tuple[FlagLine, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.at_us, line.specialist)))


def _lines(told: DayRows, findings: list[Finding], now_us: int) -> list[FlagLine]:
    """Return what was found as flags are listed; they are none, and have no id."""
    people = {one.specialist_id: one for one in told.people}
    phones = {phone.identity_id: f"{phone.source}:{phone.agent}" for phone in told.phones}
    found = []
    for one in findings:
        person = people.get(one.specialist_id) if one.specialist_id is not None else None
        found.append(
            FlagLine(
                flag_id=0,
                version=0,
                kind="flag",
                rule=one.rule,
                rule_words=WORDS[one.rule],
                specialist_id=one.specialist_id,
                specialist=person.name if person else phones.get(one.identity_id or 0, ""),
                team=(person.team or "") if person else "",
                day=one.day,
                at_us=one.at_us,
                severity=one.severity,
                words=one.evidence.words,
                excuses=one.excuses,
                state=OPEN,
                reply="",
                decision="",
                decided_us=None,
                decided_by="",
                why="",
                points=0,
                raised_us=now_us,
                raised_by="",
            )
        )
    return found
