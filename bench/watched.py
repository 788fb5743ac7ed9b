"""Days of a floor that discipline looks at: calls as a source tells them, and all that the rules weigh besides.

The same every time. Most keep the rules; every some tenth or hundredth person does what one of the rules finds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bench import records
from bench.ledger import DIALLED, dialled, put_customers
from bench.measure import spent
from integrations.provider import Direction, Leg, Outcome, Presence, Progress, State
from store import calls, driver, presence, roster
from store.engine import BULK, Store, create_store
from supervisor.calendar import date_of
from supervisor.config import Config, Floor
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline.evaluate import uncollected
from supervisor.duties.roster import Member, put_members
from supervisor.ingest import normaliser, rules_of

CONFIG = Config(floor=Floor(name="Bench", time_zone=records.ZONE, holidays=False))
EACH = 205
"""Calls of somebody who is there, in eight hours."""
SECOND_US = 1_000_000
TEAM = 25
AT_ONCE = 50_000
SINCE = 20_260_101

_AREAS = tuple(area for area in records.AREAS if area != "151")
"""Those whose numbers have as many digits as there are."""
_RULES = rules_of(CONFIG)
_MORNING_S = 3 * 3600
_BREAK_S = 3600
_KINDS = ((0.93, Direction.OUTBOUND), (0.98, Direction.INBOUND), (1.0, Direction.INTERNAL))


class Made(NamedTuple):
    """A call of somebody: seconds after nine, of ringing and of talk (None: not answered)."""

    at: float
    ring: int
    talk: int | None
    direction: Direction
    other: str


def clock_us(day: int, hour: int, minute: int = 0) -> int:
    """The moment of a time of day on the floor, epoch us."""
    local = date_of(day)
    zone = ZoneInfo(CONFIG.floor.time_zone)
    return int(datetime(local.year, local.month, local.day, hour, minute, tzinfo=zone).timestamp()) * SECOND_US


def agent(person: int) -> str:
    """The phone of the `person`th specialist, from 0."""
    return f"{1001 + person}"


def _known(chance: random.Random) -> str:
    """A number of a customer's, but for the five of a hundred that are nobody's: bench.ledger."""
    return f"0{chance.choice(_AREAS)}{records.subscriber(chance.randrange(records.SUBSCRIBERS))}"


def _nobodys(chance: random.Random) -> str:
    place = chance.randrange(records.SUBSCRIBERS // 100) * 100 + chance.randrange(5)
    return f"0{chance.choice(_AREAS)}{records.subscriber(place)}"


def _made(person: int, chance: random.Random) -> Iterator[Made]:
    """The calls of somebody on a day, one after the other."""
    if person % 100 == 8:  # sick
        return
    many = 10 if person % 100 == 7 else EACH  # on leave
    slot = 8 * 3600 / many
    phase = chance.random() * slot
    private, padded = _nobodys(chance), _known(chance)
    free = 0.0
    for nth in range(many):
        if person % 20 == 3 and 60 <= nth < 78:  # idle
            continue
        at = max(free, phase + (nth - 1) * slot + chance.random() * 20)
        met, kind = chance.random() < 0.4, chance.random()
        ring = 2 + chance.randrange(25)
        talk = min(int(chance.expovariate(1 / 70)) + 1, 300) if met else None
        direction = next(way for share, way in _KINDS if kind < share)
        other = agent(chance.randrange(50)) if direction is Direction.INTERNAL else _known(chance)
        if person % 25 == 4 and nth % 60 == 30:
            direction, other = Direction.OUTBOUND, private
        elif person % 50 == 6 and nth == 100:
            direction, other, talk = Direction.OUTBOUND, private, 720
        elif person % 100 == 11 and nth % 7 == 0:
            direction, other = Direction.OUTBOUND, padded
        free = at + ring + (talk or 0) + 2
        yield Made(at + (_BREAK_S if at >= _MORNING_S else 0), ring, talk, direction, other)
    if person % 40 == 13:
        yield Made(9.5 * 3600, 5, 60, Direction.OUTBOUND, _known(chance))


def legs_of(day: int, people: int) -> list[Leg]:
    """All legs of a day, in the order they began; of a hundred talks two bring a colleague in."""
    chance = random.Random(day)
    begin_us = clock_us(day, 9)
    legs = []
    for person in range(people):
        own = agent(person)
        for nth, made in enumerate(_made(person, chance)):
            group = f"{day}.{own}.{nth}"
            leg = _leg(group, own, made, begin_us)
            legs.append(leg)
            if made.talk and made.talk > 20 and chance.random() < 0.02:
                helper = agent(chance.randrange(people))
                begun = (leg.answered_us or 0) + 10 * SECOND_US
                legs.append(
                    leg._replace(
                        leg_id=f"{group}/2", agent=helper, direction=Direction.INTERNAL, from_raw=own, to_raw=helper,
                        started_us=begun, answered_us=begun, talk_ms=None, parent_id=group, line=None,
                    )
                )  # fmt: skip
    return sorted(legs, key=lambda leg: (leg.started_us, leg.leg_id))


def _leg(group: str, own: str, made: Made, begin_us: int) -> Leg:
    started_us = begin_us + int(made.at * SECOND_US)
    answered_us = None if made.talk is None else started_us + made.ring * SECOND_US
    inbound = made.direction is Direction.INBOUND
    missed = Outcome.MISSED if inbound else Outcome.NO_ANSWER
    return Leg(
        group, group, own, made.direction,
        from_raw=made.other if inbound else own, to_raw=own if inbound else made.other,
        started_us=started_us, answered_us=answered_us,
        ended_us=started_us + (made.ring + (made.talk or 0)) * SECOND_US,
        talk_ms=None if made.talk is None else made.talk * 1000,
        outcome=missed if made.talk is None else Outcome.ANSWERED,
        line=f"PJSIP/carrier-{group}", raw=f"a record of {group} " * 4,
    )  # fmt: skip


def events_of(leg: Leg) -> Iterator[tuple[int, Leg, Presence]]:
    """What a live source tells of a leg, and when: dialled, answered, ended."""
    whom = leg.from_raw if leg.direction is Direction.INBOUND else leg.to_raw
    known = leg._replace(answered_us=None, ended_us=None, talk_ms=None, outcome=Outcome.UNKNOWN, raw="")
    told = [(leg.started_us, known._replace(progress=Progress.DIALLED), State.RINGING)]
    if leg.answered_us is not None:
        answered = known._replace(answered_us=leg.answered_us, progress=Progress.ANSWERED)
        told.append((leg.answered_us, answered, State.TALKING))
    told.append((leg.ended_us or 0, leg, State.IDLE))
    for at_us, one, state in told:
        held = (None, None, None) if state is State.IDLE else (whom, leg.direction, leg.group_id)
        yield at_us, one, Presence(leg.agent or "", state, at_us, *held)


def put_people(store: Store, people: int) -> int:
    """Write specialists in teams of 25, with quotas, customers with the numbers that are dialled, of whom some are not
    to be called; return the source."""
    put_customers(store, dialled(), DIALLED)
    with store.write() as connection:
        source = roster.source(connection, "records", "files")
        members = [
            Member(f"Specialist {agent(n)}", f"Team {n // TEAM}", "", None, (("records", agent(n)),))
            for n in range(people)
        ]
        put_members(connection, list(enumerate(members)), {"records": "files"}, SINCE)
        driver.run(connection, f"INSERT INTO quota (team_id, since, dials, effective, talk_minutes) "
                               f"SELECT id, {SINCE}, 150, 40, 60 FROM team")  # fmt: skip
        driver.run(connection, "UPDATE customer SET dnc_us = 1, dnc_why = 'asked for it' WHERE id % 1000 = 0")
        driver.run(connection, "UPDATE customer SET time_zone = 'Europe/Lisbon' WHERE id % 10 = 1")
    return source


def put_weighed(store: Store, source: int, day: int, people: int) -> None:
    """Write what is weighed on a day besides calls: attendance, what phones are doing, pauses, calls written down."""
    eight_us = clock_us(day, 8)
    with store.write() as connection:
        told = [(n, *_attendance(n)) for n in range(people) if n % 100 in (7, 8) or n % 3 == 0]
        driver.many(
            connection,
            'INSERT INTO attendance (specialist_id, day, status, start, "end") '
            f"SELECT id, {day}, ?, ?, ? FROM specialist WHERE name = ?",
            ((*told_of, f"Specialist {agent(n)}") for n, *told_of in told),
        )
        idle = [Presence(agent(n), State.IDLE, eight_us) for n in range(people)]
        _tell(connection, source, idle)
        for reason, hour in (("training", 10), ("lunch", 14)):
            at_us = clock_us(day, hour, 20)
            here = [agent(n) for n in range(people) if n % 20 == 3 and n % 3 == 0]
            _tell(connection, source, [Presence(own, State.PAUSED, at_us, reason=reason) for own in here])
            _tell(connection, source, [Presence(own, State.IDLE, at_us + 1800 * SECOND_US) for own in here])
        driver.many(
            connection,
            "INSERT INTO contact (customer_id, at_us, day, channel, origin, specialist_id, outcome, note, claimed_ms, "
            f"dialled, accepted_by, entered_us, entered_by) SELECT ?, ?, {day}, 'call', 'hand', id, '', 'wants a', "
            "120000, '', '', 0, '' FROM specialist WHERE name = ?",
            (
                (n * 20 + k + 1, clock_us(day, 9 + k, 30), f"Specialist {agent(n)}")
                for n in range(17, people, 50)
                for k in range(8)
            ),
        )


def _attendance(person: int) -> tuple[str, int | None, int | None]:
    if person % 100 in (7, 8):
        return ("leave" if person % 100 == 7 else "sick"), None, None
    return ("half", 9 * 60, 13 * 60) if person % 30 == 9 else ("present", None, None)


def _tell(connection: Connection, source: int, told: Sequence[Presence]) -> None:
    presence.tell(connection, source, told, calendar_of(CONFIG.floor).day_of)


class Importing:
    """Legs as an import takes them, and as the collector hears of them."""

    def __init__(self, source: int) -> None:
        self.source = source
        self._normalise = normaliser(CONFIG)
        self._day_of = calendar_of(CONFIG.floor).day_of

    def whole(self, store: Store, legs: Sequence[Leg]) -> None:
        """Write `legs` by batches."""
        for begin in range(0, len(legs), AT_ONCE):
            with store.write() as connection:
                self._ingest(connection, legs[begin : begin + AT_ONCE])

    def event(self, connection: Connection, leg: Leg, now: Presence) -> None:
        """Write what is heard of a leg, and what its phone is doing then."""
        self._ingest(connection, [leg])
        presence.tell(connection, self.source, [now], self._day_of)

    def _ingest(self, connection: Connection, legs: Sequence[Leg]) -> None:
        calls.ingest(connection, self.source, [self._normalise(leg) for leg in legs], _RULES, None, 0)


_AS_BEFORE = """
INSERT INTO call (source_id, group_id, identity_id, day, direction, number, number_raw, started_us, answered_us,
    ended_us, talk_ms, outcome, progress, dial, connected, effective, legs, line, approximate)
SELECT source_id, ? || group_id, (identity_id - 1 + ?) % ? + 1, ?, direction, number, number_raw, started_us - ?,
    answered_us - ?, ended_us - ?, talk_ms, outcome, progress, dial, connected, effective, 1, line, approximate
FROM call WHERE day = ?
"""


def copy_calls(store: Store, day: int, before: Sequence[int], people: int) -> None:
    """Write the calls of `day` on days before too, each time of other people."""
    with store.write() as connection:
        for nth, other in enumerate(before, 1):
            ago_us = clock_us(day, 9) - clock_us(other, 9)
            told = (f"{other}-", nth * 37, people, other, ago_us, ago_us, ago_us, day)
            driver.run(connection, _AS_BEFORE, told)


def imported(path: Path, importing: Importing, legs: Sequence[Leg]) -> float:
    """Write `legs` into the store at `path` as an import does; return seconds of the processor."""
    with closing(create_store(str(path), tuning=BULK)) as store, uncollected():
        return spent(lambda: importing.whole(store, legs))
