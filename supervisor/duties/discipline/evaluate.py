"""Applying the rules to a day and keeping what they find as flags. Doing it again changes nothing.

What a rule finds is compared with what is kept, by rule, person, day and subject. What is new is raised; what is not
so any more - a call came late, attendance was edited - is withdrawn, and leaves its trace. What a person decided stays.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import Connection

from store import flag_keeping as keeping
from store import floor
from store.flag_keeping import Event, Found, Kept, Key
from supervisor.config import Config
from supervisor.duties.discipline.day import ALL, DayRows, Only, read_day
from supervisor.duties.discipline.findings import LIVE, SEVERITIES, Finding
from supervisor.duties.discipline.kept import evidence_of, evidence_text, excuses_text
from supervisor.duties.discipline.putting import day_of
from supervisor.duties.discipline.rules import find
from supervisor.duties.discipline.snapshots import DECIDED, EXPLAINED, OPEN, WITHDRAWN
from supervisor.text import storable

NO_LONGER = "no longer so"

_DIGITS = re.compile(r"\d+")


class Evaluation(NamedTuple):
    """What an evaluation did: flags raised (again), changed, withdrawn, and found as they are kept."""

    raised: int = 0
    changed: int = 0
    withdrawn: int = 0
    kept: int = 0


class Judged(NamedTuple):
    """What rules found on a day: of which rules, of whom (`whose`, None: of everybody), and what."""

    day: int
    codes: frozenset[str]
    whose: frozenset[str] | None
    findings: tuple[Finding, ...]


def evaluate_day(
    connection: Connection, config: Config, day: int, now_us: int, codes: Collection[str] = ALL
) -> Evaluation:
    """Apply the rules with `codes` to `day` as it is known at `now_us` (epoch us), and keep what they find, in the
    caller's writing transaction. Rules that wait for the end of a shift find nothing before it."""
    with uncollected():
        judged = judge(read_day(connection, config, day, now_us, codes), config, codes)
    return keep(connection, judged, now_us)


def evaluate_person(
    connection: Connection, config: Config, day: int, specialist_id: int, now_us: int
) -> Evaluation:  # fmt: skip
    """As `evaluate_day`, of a specialist and their team: whoever is compared with them. For an act of a person, such as
    an edited attendance, whose effect is to be seen at once."""
    teams = {one.specialist_id: one.team_id for one in floor.people(connection, day)}
    team = frozenset(
        id_ for id_, team_id in teams.items() if specialist_id in teams and team_id == teams[specialist_id]
    )
    with uncollected():
        judged = judge(read_day(connection, config, day, now_us, ALL, Only(team)), config, ALL)
    return keep(connection, judged, now_us)


def judge(told: DayRows, config: Config, codes: Collection[str]) -> Judged:
    """Return what the rules with `codes` find in the rows `told`. Pure."""
    people, facts = day_of(told, config)
    whose = None if told.only is None else told.only.whose
    return Judged(told.day, frozenset(codes), whose, tuple(find(people, facts, config, frozenset(codes))))


def differs(connection: Connection, judged: Judged) -> bool:
    """Whether anything is to be written, so that a write can be spared."""
    told = keeping.kept(connection, judged.day, judged.codes, judged.whose)
    work = _compared(told, _found(judged.findings))
    return bool(work.new or work.put or work.withdrawn or work.events)


def keep(connection: Connection, judged: Judged, now_us: int) -> Evaluation:
    """Keep what was found, in the caller's writing transaction; what is kept so already is not written again."""
    told = keeping.kept(connection, judged.day, judged.codes, judged.whose)
    work = _compared(told, _found(judged.findings))
    if work.new:
        keeping.raise_new(connection, judged.day, work.new, [_words(one) for one in work.new], now_us)
    if work.put:
        keeping.put_found(connection, work.put)
    if work.withdrawn:
        keeping.withdraw(connection, work.withdrawn)
    if work.events:
        keeping.tell(connection, work.events, now_us)
    return work.done


@contextmanager
def uncollected() -> Iterator[None]:
    """Let nobody look for garbage meanwhile: a day has hundreds of thousands of values, none of them in circles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Work(NamedTuple):
    """What is to be written, and what it comes to."""

    new: list[Found]
    put: list[tuple[int, Found, str, int]]
    withdrawn: list[int]
    events: list[Event]
    done: Evaluation


def _compared(told: Mapping[Key, Kept], found: Mapping[Key, Found]) -> _Work:
    """Compare what is kept with what is found; see the module."""
    new = [one for key, one in found.items() if key not in told]
    put: list[tuple[int, Found, str, int]] = []
    withdrawn: list[int] = []
    events: list[Event] = []
    again = same = 0
    for key, kept in told.items():
        one = found.get(key)
        if one is None:
            if kept.state in (OPEN, EXPLAINED):
                withdrawn.append(kept.id)
                events.append(Event(kept.id, "withdrawn", NO_LONGER))
            elif kept.state == DECIDED and not kept.gone:
                events.append(Event(kept.id, keeping.GONE, NO_LONGER))
        elif kept.state == WITHDRAWN:
            again += 1
            put.append((kept.id, one, EXPLAINED if kept.reply else OPEN, 1))
            events.append(Event(kept.id, "raised again", _words(one)))
        elif kept.state == DECIDED or kept[2:6] == one[3:]:
            same += 1
        else:
            change = _change(kept, one)
            put.append((kept.id, one, kept.state, 1 if change else 0))
            if change:
                events.append(Event(kept.id, "changed", change))
    changed = len(put) - again
    return _Work(new, put, withdrawn, events, Evaluation(len(new) + again, changed, len(withdrawn), same))


def _change(kept: Kept, found: Found) -> str:
    """Return what changed in words, "" where it is not worth telling: what is judged as it happens grows by minutes."""
    if kept.severity != found.severity:
        return f"{SEVERITIES[kept.severity]} to {SEVERITIES[found.severity]}: {_words(found)}"
    before, now = evidence_of(kept.evidence).words, _words(found)
    if found.key.rule in LIVE:
        before, now = _DIGITS.sub("", before), _DIGITS.sub("", now)
    return _words(found) if before != now else ""


def _found(findings: Iterable[Finding]) -> dict[Key, Found]:
    """Return findings as they are kept; of two with the same key, the graver one."""
    found: dict[Key, Found] = {}
    for one in sorted(findings, key=lambda one: (one.severity, one.at_us)):
        key = Key(one.rule, one.whose, storable(one.subject))
        found[key] = Found(
            key, one.specialist_id, one.identity_id, one.at_us, one.severity, evidence_text(one.evidence),
            excuses_text(one.excuses),
        )  # fmt: skip
    return found


def _words(found: Found) -> str:
    return evidence_of(found.evidence).words
