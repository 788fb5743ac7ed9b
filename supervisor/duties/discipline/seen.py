"""What the rules look at: one day of one person, as plain values. No rule reads anything else.

Moments are epoch us, days YYYYMMDD. A span is a half-open (begin, end).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from supervisor.calendar import Span
from supervisor.duties.calls.snapshots import Quota


class CallSeen(NamedTuple):
    """A call as the rules see it. `id` is "source:group"; `number` E.164 where it can be told, else as dialled, ""
    none; `talk_ms` None: unknown; `ended_us` None: under way, or nobody knows when. `customers`: ids of the customers
    whose number it is (merged ones are the one they were merged into)."""

    id: str
    identity_id: int | None
    direction: str
    number: str
    started_us: int
    answered_us: int | None
    ended_us: int | None
    talk_ms: int | None
    dial: bool
    connected: bool
    effective: bool
    customers: tuple[int, ...] = ()


class Excuse(NamedTuple):
    """A time that does not count against somebody, and why in words: "pbx was down", "pause: training"."""

    begin_us: int
    end_us: int
    words: str


class WrittenLog(NamedTuple):
    """A call that somebody wrote down and no call stands behind, that no supervisor accepted."""

    entry_id: int
    customer_id: int
    company: str
    at_us: int
    claimed_ms: int | None


class Blocked(NamedTuple):
    """A customer who is not to be called: since when (epoch us) and why."""

    customer_id: int
    company: str
    since_us: int
    why: str


class CustomerSeen(NamedTuple):
    """What of a customer the rules need: when they may be called. `time_zone`: IANA, "" the floor's."""

    customer_id: int
    company: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class PersonDay:
    """A day of one specialist, or of an unknown phone identity (`specialist_id` None: no shift, no quota).

    `shift`: the working time of the shift that begins on the day, breaks left out, by their own hours where
    attendance tells them; it may run past midnight. `hours_known` False: half a day of which nobody knows the half.
    `calls` in the order they began, of the day (and past midnight while the shift lasts); `activity`: times on any
    call, internal ones too, merged and in order; `until_us`: what happened after is not known yet (now, or the end of
    the day). `quota`: scaled by attendance. `around`: (begin, end), breaks included, of their shifts that begin on
    the day before, the day and the day after; a day off has none. `week_calls`: calls by number on the six days
    before."""

    specialist_id: int | None
    identity_id: int | None
    name: str
    team_id: int | None
    day: int
    attendance: str
    quota: Quota
    shift: tuple[Span, ...]
    hours_known: bool
    calls: Sequence[CallSeen]
    activity: Sequence[Span]
    excuses: Sequence[Excuse]
    until_us: int
    around: tuple[Span, ...] = ()
    logs: Sequence[WrittenLog] = ()
    week_calls: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What holds for all on a day. `customers`, `blocked`: by customer id, those of the day's calls; `any_customers`
    False: no customer list was ever brought in, so that no number can be known."""

    day: int
    time_zone: str
    any_customers: bool
    customers: Mapping[int, CustomerSeen]
    blocked: Mapping[int, Blocked]
