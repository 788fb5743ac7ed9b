"""From a commit, and from an event on a phone system's socket, to changed bytes on the terminal; and live writes."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench import ami, bare, postgresql, records
from bench.measure import Figure, percentile, ratio
from bench.terminal import terminal
from integrations.provider import Direction, Presence, State
from store import calls, presence, roster, sqlite
from store.engine import Store, create_store
from supervisor.config import Config
from supervisor.duties.calls.rule import call_of
from supervisor.duties.roster import Member, put_members
from supervisor.ingest import rules_of

COMMITS = 100
EVENTS = 1_000
TODAY = 20_261_123
RULES = rules_of(Config())


def figures() -> list[Figure]:
    """SQLite, PostgreSQL where it is installed, live writes, and a manager's socket."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        found = [*_commits("SQLite", folder, str(folder / "floor.db"), 10), _writes(folder)]
        if programs := postgresql.binaries():
            with postgresql.server(programs) as url:
                found += _commits("PostgreSQL", folder, url, 15)
        else:
            found.append(
                Figure("commit to changed cell, PostgreSQL: not measured, it is not installed", "", "", 0, None)
            )
    return found + ami.figures()


def leg(number: int, progress: int = 3) -> calls.LegValues:
    """A dial of today, the `number`th."""
    start = time.time_ns() // 1000
    agent = records.AGENTS[number % len(records.AGENTS)]
    raw = f"a record of {number}" * 8
    return calls.LegValues(
        f"live-{number}", f"live-{number}", agent, TODAY, "outbound", agent, f"0301{number:06}", f"+49301{number:06}",
        start, None, start, start, 45_000, None, None, "answered", progress, None, None, f"PJSIP/carrier-{number:08x}",
        None, False, False, raw, number,
    )  # fmt: skip


def _floor(url: str) -> tuple[Store, int]:
    create_store(url).close()
    store = create_store(url)  # anew, as a collector does: making one fills the driver's memory of statements
    with store.write() as connection:
        source = roster.source(connection, "records", "files")
        people = [Member(f"Specialist {a}", f"Team {a[-1]}", "", None, (("records", a),)) for a in records.AGENTS]
        put_members(connection, list(enumerate(people)), {"records": "files"}, TODAY)
    return store, source


def _event(store: Store, source: int, number: int, whom: str) -> None:
    """What the collector writes of one event: a leg, and what the phone is doing."""
    now = Presence(records.AGENTS[0], State.TALKING, time.time_ns() // 1000, whom, Direction.OUTBOUND, f"live-{number}")
    with store.write() as connection:
        calls.ingest(connection, source, [leg(number)], RULES, None, 0)
        presence.tell(connection, source, [now], lambda moment_us: TODAY)


def _commits(kind: str, folder: Path, url: str, goal_ms: float) -> list[Figure]:
    configuration = folder / "supervisor.toml"
    configuration.write_text(records.CONFIGURATION)
    store, source = _floor(url)
    words = [str(Path(sys.executable).parent / "supervisor"), "--config", str(configuration), "--store", url, "console"]
    taken = []
    with closing(store), terminal(words, 200, 60) as shown:
        shown.until(b"Specialist 1001")
        shown.quiet(0.5)
        for number in range(COMMITS):
            whom = str(number % 9 + 1) * 10  # no digit stands where it stood: the whole number is drawn
            _event(store, source, number, whom)
            begun = time.perf_counter()
            taken.append(shown.until(whom.encode()) - begun)
            shown.quiet(random.uniform(0.02, 0.06))
    late = percentile(taken, 0.95) * 1000
    shown_ms = f"p50 {statistics.median(taken) * 1000:.1f} ms", f"p95 {late:.1f} ms"
    return [Figure(f"commit to changed cell, 50 specialists, {kind}: p50, p95", *shown_ms, late, goal_ms, "ms")]


def _writes(folder: Path) -> Figure:
    """One event a transaction, by turns through the store and by the bare driver."""
    store, source = _floor(str(folder / "writes.db"))
    create_store(str(folder / "bare.db")).close()
    driven = sqlite.connect(folder / "bare.db", "rw", 10)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        driven.execute(f"PRAGMA {pragma}").fetchall()
    driven.execute("INSERT INTO source (name, type, up, detail, capabilities) VALUES ('records', 'files', 0, '', '')")
    for agent in records.AGENTS:
        driven.execute("INSERT INTO phone_identity (source_id, agent) VALUES (1, ?)", (agent,))
    write = {table: bare.statements(driven, table, key)[1] for table, key in bare.TABLES}
    done: dict[int, list[int]] = {}

    def by_driver(number: int) -> None:
        one = leg(number)
        call = call_of([one], 30_000)
        identity = number % len(records.AGENTS) + 1
        sums = done.setdefault(identity, [0, 0, 0, 0, 0, 0])
        told = call.dial, call.connected, call.effective, one.talk_ms or 0, 1, 0
        done[identity] = sums = [a + b for a, b in zip(sums, told, strict=True)]
        sums[5] = call.ended_us or 0
        driven.execute("BEGIN IMMEDIATE")
        driven.execute(write["leg"], (1, *one[:2], identity, *one[3:]))
        driven.execute(write["call"], (1, call[0], identity, *call[2:]))
        driven.execute(write["tally"], (identity, TODAY, *sums))
        driven.execute(write["waiting_call"], (1, call.group_id, call.number, call.started_us, TODAY, identity))
        driven.execute("COMMIT")

    def by_store(number: int) -> None:
        with store.write() as connection:
            calls.ingest(connection, source, [leg(number)], RULES, None, 0)

    taken: dict[Any, list[float]] = {by_store: [], by_driver: []}
    with closing(store), closing(driven):
        for number in range(EVENTS):
            for write_one, times in taken.items():
                begun = time.perf_counter()
                write_one(number)
                times.append(time.perf_counter() - begun)
        assert _sums(folder / "writes.db") == _sums(folder / "bare.db"), "the floor came to other sums"
    ours, floor = (statistics.median(times) for times in taken.values())
    return ratio("a live write, one event a transaction / bare driver", ours, floor, 1 / 0.7)


def _sums(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite.connect(path, "ro", 10)) as connection:
        found: list[tuple[object, ...]] = connection.execute(
            "SELECT sum(dials), sum(connected), sum(effective), sum(talk_ms), sum(calls), "
            "(SELECT count(*) FROM waiting_call) FROM tally"
        ).fetchall()
    return found
