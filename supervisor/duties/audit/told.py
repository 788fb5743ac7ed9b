"""What everybody did in a time, joined with attendance: what the audit of a month and every summary are made of.

Plan is the quota of effective calls x days attended, as of the fines. Only days whose work is over are summed: what is
still being worked is not yet missing. Sums come from tallies, never from legs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from sqlalchemy import Connection

from store import audit_month as rows
from store import examination, floor
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline.fines import Worked, last_over, read_worked, reckon
from supervisor.duties.orders.evidence import FACTS
from supervisor.duties.orders.lines import SIGNED

_WORDS = {fact.code: fact.words for fact in FACTS}
_ROUNDING = 1e-9
_NOBODY = "nobody's"
"""The line of unknown phones and of what belongs to no specialist."""


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did, a team, or the floor. `specialist_id` None: a team or the floor.

    `days`: attended, half days as halves; `due`: effective calls by quota x days; `contacts`: written down, of any
    channel; `live`: onboardings that went live; `amount_cents` of the signed orders."""

    specialist_id: int | None
    name: str
    team: str
    people: int
    days: float
    dials: int
    connected: int
    effective: int
    talk_ms: int
    due: float
    shortfall: int
    contacts: int
    signed: int
    amount_cents: int
    lost: int
    live: int
    flags: int
    merits: int

    @property
    def whole_due(self) -> int:
        """The whole effective calls that were due: a part of one is not."""
        return int(self.due + _ROUNDING)

    @property
    def plan(self) -> float | None:
        """The share of the plan that was done; None where nothing was due."""
        return self.effective / self.due if self.due > 0 else None


@dataclass(frozen=True, slots=True)
class ClosedOrder:
    """An order that was signed or lost (`status`). `why`: of a lost one what was said, of a signed one the facts that
    were heard."""

    ref: str
    company: str
    specialist_id: int | None
    specialist: str
    team: str
    package: str
    status: str
    amount_cents: int
    day: int
    why: str


def added(people: Iterable[Done], name: str, team: str = "") -> Done:
    """Return what people did together. What one misses another does not make up for: shortfalls are added."""
    told = list(people)
    return Done(
        specialist_id=None,
        name=name,
        team=team,
        people=sum(one.people for one in told),
        days=fsum(one.days for one in told),
        dials=sum(one.dials for one in told),
        connected=sum(one.connected for one in told),
        effective=sum(one.effective for one in told),
        talk_ms=sum(one.talk_ms for one in told),
        due=fsum(one.due for one in told),
        shortfall=sum(one.shortfall for one in told),
        contacts=sum(one.contacts for one in told),
        signed=sum(one.signed for one in told),
        amount_cents=sum(one.amount_cents for one in told),
        lost=sum(one.lost for one in told),
        live=sum(one.live for one in told),
        flags=sum(one.flags for one in told),
        merits=sum(one.merits for one in told),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the store tells of a time: what everybody did, the days of everybody (`worked` of those that are over,
    `ahead` of those to come), how often they were `absent` by status, and the orders that were closed. `last`: the
    last day that is over. `calls`: of all phones. `nobody`: what unknown phones did and what belongs to no specialist,
    so that sums add up."""

    first: int
    last: int
    calls: int
    people: tuple[Done, ...]
    nobody: Done
    worked: Mapping[int, Sequence[Worked]]
    ahead: Mapping[int, Sequence[Worked]]
    absent: Mapping[int, Counter[str]]
    orders: tuple[ClosedOrder, ...]


def read_told(connection: Connection, config: Config, first: int, until: int, now_us: int) -> Told:
    """Return what everybody did from `first` to the last day up to `until` whose work is over, in few statements. All
    who were expected on a day of it, or to whom anything of it belongs."""
    calendar = calendar_of(config.floor)
    last = min(until, last_over(calendar, now_us))
    people = floor.people(connection, last)
    ids = [one.specialist_id for one in people]
    done = examination.done(connection, ids, first, last)
    days = read_worked(connection, config, people, done, first, until)
    worked = {id_: [one for one in told if one.day <= last] for id_, told in days.items()}
    ahead = {id_: [one for one in told if one.day > last] for id_, told in days.items()}
    from_us, until_us = calendar.bounds(first)[0], calendar.bounds(last)[1]
    sums: dict[int, list[int]] = defaultdict(lambda: [0] * 4)
    for one in done:
        for place, value in enumerate((one.dials, one.connected, one.effective, one.talk_ms)):
            sums[one.specialist_id][place] += value
    written = rows.written(connection, from_us, until_us)
    live = rows.gone_live(connection, from_us, until_us)
    marked: dict[tuple[int | None, str], int] = {
        (id_, kind): many for id_, kind, many in rows.flagged(connection, first, last)
    }
    orders = _orders(connection, first, last)
    absent: dict[int, Counter[str]] = defaultdict(Counter)
    for (id_, _), status in examination.attendance(connection, ids, first, last).items():
        absent[id_][status] += 1

    def line(id_: int | None, name: str, team: str, figures: Sequence[int]) -> Done:
        reckoned = reckon(worked.get(id_, ()) if id_ is not None else ())
        theirs = [order for order in orders if order.specialist_id == id_]
        signed = [order.amount_cents for order in theirs if order.status == SIGNED]
        dials, connected, effective, talk_ms = figures
        return Done(
            specialist_id=id_,
            name=name,
            team=team,
            people=0 if id_ is None else 1,
            days=reckoned.attended,
            dials=dials,
            connected=connected,
            effective=effective,
            talk_ms=talk_ms,
            due=reckoned.due,
            shortfall=reckoned.shortfall,
            contacts=written.get(id_, 0),
            signed=len(signed),
            amount_cents=sum(signed),
            lost=len(theirs) - len(signed),
            live=live.get(id_, 0),
            flags=marked.get((id_, "flag"), 0),
            merits=marked.get((id_, "merit"), 0),
        )

    found = [line(one.specialist_id, one.name, one.team or "", sums[one.specialist_id]) for one in people]
    every = rows.sums(connection, first, last)
    of_all = (every.dials, every.connected, every.effective, every.talk_ms)
    nobodys = [whole - sum(sums[id_][place] for id_ in ids) for place, whole in enumerate(of_all)]
    here = tuple(one for one in found if days.get(one.specialist_id or 0) or anything(one))
    return Told(first, last, every.calls, here, line(None, _NOBODY, "", nobodys), worked, ahead, absent, orders)


def anything(one: Done) -> bool:
    """Whether anything at all belongs to a line."""
    return any((one.dials, one.talk_ms, one.contacts, one.signed, one.lost, one.live, one.flags, one.merits))


def _orders(connection: Connection, first: int, last: int) -> tuple[ClosedOrder, ...]:
    closed = rows.closed(connection, first, last)
    heard: dict[int, list[str]] = defaultdict(list)
    for order_id, code in rows.heard(connection, [one.order_id for one in closed if one.status == SIGNED]):
        if code in _WORDS and _WORDS[code] not in heard[order_id]:
            heard[order_id].append(_WORDS[code])
    return tuple(
        ClosedOrder(
            ref=one.ref,
            company=one.company,
            specialist_id=one.specialist_id,
            specialist=one.specialist,
            team=one.team,
            package=one.package,
            status=one.status,
            amount_cents=one.amount_cents,
            day=one.closed_day,
            why=one.why or "; ".join(heard[one.order_id]),
        )
        for one in closed
    )
