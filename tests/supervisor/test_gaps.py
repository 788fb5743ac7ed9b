"""Whenever the collector is away, and however long: live events, taking stock and the CDR file tell the true calls.

As tests.supervisor.test_collect_asterisk, without processes and sockets, and so at many more places.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations.asterisk.backfill import backfill
from integrations.asterisk.derive import Derivation
from integrations.asterisk.message import Message, parse
from integrations.asterisk.naming import RowNaming
from integrations.provider import Direction, Leg
from store import calls, sources
from store.engine import Store, open_store
from store.groups import READ_LEGS
from supervisor.config import parse as configured
from supervisor.duties.calls.rule import call_of
from supervisor.duties.followups.counting import counting
from supervisor.ingest import normaliser
from tests.integrations.asterisk.recordings import DATA, TrueCall, settings, true_calls
from tests.peers.world import World, recorded_events

EVENTS = recorded_events(DATA / "main.ami.raw.gz")
ZONE = ZoneInfo("Europe/Berlin")
VARIABLES = ("CDR(start,u)", "CDR(answer,u)", "DIALEDPEERNUMBER", "BRIDGEPEER")
NAMING = RowNaming(settings().agents, settings().trunks, settings().dial_prefixes)
EVERY = 60
APART_S = 1.5
SETTLE_S = 5.0
GAPS = (25, 90, 180, 400, 1000)
"""Events that are missed."""

LIMITS = {
    # The customer was rung first: no column of its rows names who was called.
    ("dialler-answered", "missing"),
    ("dialler-busy", "missing"),
    ("dialler-no-answer", "missing"),
    ("dialler-abandoned", "missing"),
    # billsec counts from the specialist's answer, 2 s before the customer's.
    ("c2c-answered", "talk from the specialist's answer"),
    ("c2c-sync", "talk from the specialist's answer"),
    # A dead trunk's row reads like a customer's who does not answer, where nothing else is dialled after it.
    ("trunk-down", "no_answer"),
    # And like a caller's who gave up, where it is read while the next trunk is still being tried.
    ("failover", "cancelled"),
}
"""What cannot be told of a call in a gap, by its scenario. Everything else is as it was."""

FROM_SPECIALIST = {"c2c-answered", "c2c-sync"}

normalise = normaliser(configured('[floor]\ntime_zone = "Europe/Berlin"\ncountry = "US"\n', "floor.toml"))


def rule(legs: Sequence[calls.LegValues]) -> calls.CallValues | None:
    return call_of(legs, 30_000)


RULES = calls.Rules(rule, counting(1))


@dataclass(frozen=True)
class Recorded:
    """The recording, cut: each event's messages and the time after it, what Status would answer, and the places where
    no channel is alive."""

    parts: list[list[Message]]
    now: list[float]
    quiet: list[int]
    rows: list[tuple[float, float, str]]

    def file(self, since: float, until: float) -> str:
        return "".join(row for begun, ended, row in self.rows if since < begun and ended <= until)


@cache
def recorded() -> Recorded:
    world = World()
    now, still = [world.now], []
    for at, raw in enumerate(EVENTS, 1):
        world.play(raw)
        now.append(world.now)
        if not world.channels:
            still.append(at)
    quiet = [0, *(at for at in still[:-1] if now[at + 1] - now[at] > APART_S), len(EVENTS)]
    rows = []
    for row in csv.reader(io.StringIO((DATA / "main.Master.csv").read_text(errors="surrogateescape"), newline="")):
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
        begun, ended = (datetime.fromisoformat(row[at]).replace(tzinfo=ZONE).timestamp() for at in (9, 11))
        rows.append((begun, ended, text.getvalue()))
    parts = [[parse(part) for part in raw.split(b"\r\n\r\n") if part] for raw in EVENTS]
    return Recorded(parts, now, quiet, rows)


@cache
def truth() -> list[tuple[int, int, int, TrueCall]]:
    """When each true call was dialled, the events that told of it first and last, and what is true of it."""
    derivation = Derivation(settings())
    told: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for at, parts in enumerate(recorded().parts):
        for fact in (fact for part in parts for fact in derivation.feed(part)):
            if isinstance(fact, Leg) and fact.direction is Direction.OUTBOUND:
                begun_us, first, _ = told[fact.to_raw].get(fact.group_id, (fact.started_us, at, at))
                told[fact.to_raw][fact.group_id] = begun_us, first, at
    of_number = {number: iter(sorted(groups.values())) for number, groups in told.items()}
    return [(*next(of_number[true.number]), true) for true in true_calls()]


@dataclass(frozen=True)
class Told:
    """What the store says of a call."""

    agent: str | None
    number: str
    outcome: str
    started_us: int
    ended: bool
    approximate: bool
    talk: dict[str, float]
    exact: frozenset[str]


class Collector:
    """What a collector does with what it hears, without its sockets and its clock."""

    def __init__(self, store: Store, name: str, file: Path) -> None:
        self.store, self.file = store, file
        with store.write() as connection:
            self.source = sources.ensure(connection, name, "asterisk", [])
        self.derivation = Derivation(settings())

    def keep(self, legs: Sequence[Leg], cursor: str | None = None) -> None:
        with self.store.write() as connection:
            calls.ingest(connection, self.source, [normalise(leg) for leg in legs], RULES, cursor, 1)

    def hear(self, begin: int, end: int) -> None:
        facts = [fact for parts in recorded().parts[begin:end] for part in parts for fact in self.derivation.feed(part)]
        self.keep([fact for fact in facts if isinstance(fact, Leg)])

    def take_stock(self, world: World) -> frozenset[str]:
        """Begin anew with the calls that are going on; return which those are."""
        self.derivation = Derivation(settings())
        stamp = ("Timestamp", f"{world.now:.6f}")
        taken = self.derivation.resume([Message([*items, stamp]) for items in world.status(VARIABLES)])
        self.keep(taken.legs)
        return taken.alive

    def fill(self, rows: str, now: float) -> None:
        """Read what is new in the CDR file, and has settled."""
        self.file.write_text(rows, errors="surrogateescape")
        with self.store.read() as connection:
            cursor = sources.cursor(connection, self.source)
        for batch in backfill(self.file, NAMING, ZONE, cursor, int((now - SETTLE_S) * 1e6)):
            self.keep(batch.legs, batch.cursor)

    def close(self, alive: frozenset[str], until: float) -> None:
        """End what nobody told the end of."""
        with self.store.write() as connection:
            calls.close_open(connection, self.source, alive, int(until * 1e6), RULES, 1)

    def told(self) -> list[Told]:
        """The outbound calls, in order."""
        groups: dict[str, list[calls.LegValues]] = defaultdict(list)
        with self.store.read() as connection:
            for row in connection.exec_driver_sql(f"{READ_LEGS} WHERE leg.source_id = {self.source}").all():
                leg = calls.LegValues._make(row[:-2])
                groups[leg.group_id].append(leg)
            found = connection.exec_driver_sql(
                "SELECT group_id, agent, number_raw, outcome, started_us, progress, approximate FROM call "
                "LEFT JOIN phone_identity ON phone_identity.id = identity_id "
                f"WHERE call.source_id = {self.source} AND direction = 'outbound' ORDER BY started_us"
            ).all()
        told = []
        for group, agent, number, outcome, started, progress, approximate in found:
            talk: dict[str, float] = defaultdict(float)
            for leg in groups[group]:
                if leg.agent and leg.talk_ms:
                    talk[leg.agent] += leg.talk_ms / 1000
            exact = frozenset(leg.agent for leg in groups[group] if leg.agent and not leg.approximate)
            told.append(Told(agent, number, outcome, started, progress == 3, bool(approximate), dict(talk), exact))
        return told


def through_a_gap(store: Store, file: Path, world: World, killed: int, back: int) -> tuple[Collector, int, int]:
    """Collect, be killed after `killed` events, and come back after `back`, where the world is as it is; from and to a
    moment at which nobody talks."""
    rec = recorded()
    begin = rec.quiet[bisect_right(rec.quiet, killed) - 1]
    end = rec.quiet[bisect_left(rec.quiet, back)]
    here = Collector(store, file.name, file)

    def fill(at: int, later: float = 0.0) -> None:
        now = rec.now[at] + later
        here.fill(rec.file(rec.now[begin], now), now)

    here.hear(begin, killed)
    fill(killed)
    alive = here.take_stock(world)
    fill(back)
    settled = min(bisect_left(rec.now, rec.now[back] + SETTLE_S + 1), end)
    here.hear(back, settled)
    fill(settled, SETTLE_S + 1 if settled == end else 0)
    here.close(alive, rec.now[back])
    here.hear(settled, end)
    fill(end, SETTLE_S + 1)
    return here, begin, end


def wrong(true: TrueCall, told: Told, whole: bool) -> Iterator[str]:
    """Yield what is `told` wrongly of a true call; one that was seen `whole` must be told exactly."""
    if told.agent != (true.specialist or next(iter(true.talk), None)):
        yield f"dialled by {told.agent}"
    if told.outcome != true.outcome:
        yield told.outcome
    if not told.ended:
        yield "open"
    if whole and told.approximate:
        yield "approximate"
    if told.talk.keys() != true.talk.keys():
        yield f"talk of {sorted(told.talk)}"
        return
    late = {agent: told.talk[agent] - seconds for agent, seconds in true.talk.items()}
    if any(abs(off) > (0.02 if agent in told.exact else 1.01) for agent, off in late.items()):
        from_specialist = true.scenario in FROM_SPECIALIST and all(1 < off < 3 for off in late.values())
        yield "talk from the specialist's answer" if from_specialist else f"talk {told.talk}"


def differences(told: list[Told], begin: int, end: int, killed: int, back: int) -> set[tuple[str, str]]:
    """Return what is told wrongly of the true calls between the events `begin` and `end`, by their scenarios."""
    found: set[tuple[str, str]] = set()
    left: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        left[one.number].append(one)
    for begun_us, first, last, true in truth():
        if not begin <= first < end:
            continue
        whole = last < killed or (first >= back and begun_us > recorded().now[back] * 1e6)
        if left[true.number]:
            of_it = wrong(true, left[true.number].pop(0), whole)
            found |= {(true.scenario, f"seen whole: {what}" if whole else what) for what in of_it}
        else:
            found.add((true.scenario, "seen whole: missing" if whole else "missing"))
    nameless = left.pop("", [])  # that somebody was rung is told, not who
    assert len(nameless) <= sum(what == "missing" for _, what in found)
    assert not any(left.values()), left
    return found


def test_killed_anywhere_for_any_time_it_tells_what_can_be_told(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    killed = range(0, len(EVENTS), EVERY)
    gaps = sorted((min(at + GAPS[n % len(GAPS)], len(EVENTS)), at) for n, at in enumerate(killed))
    world, played = World(), 0
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for back, at in gaps:
        for raw in EVENTS[played:back]:
            world.play(raw)
        played = back
        collector, begin, end = through_a_gap(store, tmp_path / f"{at}.csv", world, at, back)
        for difference in differences(collector.told(), begin, end, at, back):
            found[difference].append((at, back))
    with store.write() as connection:
        assert calls.recount(connection, rule) == (0, 0)
    store.close()
    assert {what: where for what, where in found.items() if what not in LIMITS} == {}
    assert found.keys() == LIMITS, "a limit that is none any more"
