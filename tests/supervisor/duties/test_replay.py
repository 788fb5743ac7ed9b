"""A day played again says what the floor said then, minute by minute; and the command that opens it."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from integrations.provider import Presence, State
from store import calls, driver, presence, roster, sources
from store.calls import LegValues
from store.engine import Store, open_store
from supervisor.__main__ import run
from supervisor.calendar import Calendar
from supervisor.cli import common
from supervisor.config import Config
from supervisor.duties.calls import read_floor, read_specialist
from supervisor.duties.calls.replay import (
    FROM_RECORDS,
    MINUTE_US,
    ReplayDay,
    flags_at,
    floor_at,
    read_day_events,
    specialist_at,
)
from supervisor.duties.calls.snapshots import FloorSnapshot, SpecialistDay, SpecialistLine
from supervisor.duties.calls.tracks import doing_by_calls
from supervisor.ingest import rules_of
from supervisor.settings import Floor
from tests.supervisor.duties.discipline.flagging import flagged

S = 1_000_000
DAY = 20261123  # a Monday
CONFIG = Config(floor=Floor(holidays=False))
CALENDAR = Calendar(CONFIG.floor)
BEGIN, END = CALENDAR.bounds(DAY)
NINE = CALENDAR.moment(DAY, 9 * 60)
RULES = rules_of(CONFIG)
PEOPLE = {"1001": "Anna Weber", "1002": "Boris Wu", "1003": "Chiara Rossi"}
AGENTS = (*PEOPLE, "1099")
"""The last one is nobody's."""


def at(clock: str) -> int:
    hour, minute = clock.split(":")
    return CALENDAR.moment(DAY, int(hour) * 60 + int(minute))


def leg(leg_id: str, agent: str, started_us: int, **told: Any) -> LegValues:
    """A leg that has ended, busy unless `told` otherwise."""
    values = LegValues(
        leg_id=leg_id, group_id=leg_id.split("/")[0], agent=agent, day=CALENDAR.day_of(started_us),
        direction="outbound", from_raw=agent, to_raw="03023125001", number="+493023125001", started_us=started_us,
        ringing_us=None, answered_us=None, ended_us=started_us + 10 * S, talk_ms=None, ring_ms=None, hold_ms=None,
        outcome="busy", progress=3, parent_id=None, queue=None, line=None, recording=None, ambiguous=False,
        approximate=False, raw="", raw_hash=0,
    )._replace(**told)  # fmt: skip
    return values._replace(raw_hash=hash(values) >> 1)


def answered(leg_id: str, agent: str, started_us: int, ring_s: int, talk_s: int, **told: Any) -> LegValues:
    answer_us = started_us + ring_s * S
    facts = {"outcome": "answered", "talk_ms": talk_s * 1000, "ended_us": answer_us + talk_s * S}
    return leg(leg_id, agent, started_us, answered_us=answer_us, **(facts | told))


def live(ended: LegValues) -> Iterator[tuple[int, LegValues]]:
    """The leg as a source tells of it while it is under way: when it rings, is answered, has ended."""
    unknown: dict[str, Any] = {"answered_us": None, "ended_us": None, "talk_ms": None, "outcome": "unknown"}
    early = ended._replace(**unknown, progress=1)
    yield ended.started_us, early._replace(raw_hash=hash(early) >> 1)
    if ended.answered_us is not None:
        taken = early._replace(answered_us=ended.answered_us, progress=2)
        yield ended.answered_us, taken._replace(raw_hash=hash(taken) >> 1)
    assert ended.ended_us is not None
    yield ended.ended_us, ended


def busy_day(seed: int) -> list[LegValues]:
    """The legs of a made-up day, of all kinds there are."""
    chance = random.Random(seed)
    found: list[LegValues] = []
    for agent in AGENTS:
        now, number = NINE + chance.randrange(1200) * S, 0
        while now < at("17:30"):
            number += 1
            group, ring, talk = f"{agent}-{number}", chance.randrange(2, 25), chance.choice((0, 7, 29, 30, 31, 95, 400))
            kind = chance.choice(("answered", "answered", "busy", "voicemail", "inbound", "internal", "handed over"))
            direction = kind if kind in ("inbound", "internal") else "outbound"
            if kind == "busy":
                found.append(leg(group, agent, now))
            else:
                outcome = "voicemail" if kind == "voicemail" else "answered"
                found.append(answered(group, agent, now, ring, talk, direction=direction, outcome=outcome))
            ended_us = found[-1].ended_us or now
            if kind == "handed over":
                other = AGENTS[(AGENTS.index(agent) + 1) % len(AGENTS)]
                more = answered(f"{group}/2", other, ended_us - 3 * S, 3, 45, parent_id=group)
                found.append(more)
            now = ended_us + chance.randrange(1, 900) * S
    return found


def states_told(seed: int) -> list[tuple[int, Presence]]:
    """What phones do, in the order of time, since the evening before."""
    chance = random.Random(seed + 1)
    found = []
    for agent in AGENTS:
        now = BEGIN - 6 * 3600 * S
        while now < at("18:00"):
            state = chance.choice(list(State))
            whom = "+49301" if state in (State.TALKING, State.RINGING, State.HELD) else None
            reason = "lunch" if state is State.PAUSED else None
            found.append((now, Presence(agent, state, now, whom, group_id=whom and f"g{now}", reason=reason)))
            now = max(now + chance.randrange(5, 3000) * S, NINE if now < BEGIN else 0)
    return sorted(found, key=lambda one: one[0])


def new_source(connection: Connection) -> int:
    source_id = sources.ensure(connection, "pbx", "asterisk", ["listen"])
    for agent, name in PEOPLE.items():
        made = roster.put_specialist(connection, None, name, {})
        roster.assign(connection, roster.identity(connection, source_id, agent), made, DAY)
    return source_id


def facts(line: SpecialistLine) -> SpecialistLine:
    """Everything of a line but what can be done on its phone: in a replay nothing."""
    return replace(line, actions=frozenset())


def same(now: FloorSnapshot, then: FloorSnapshot) -> None:
    assert [facts(line) for line in then.specialists] == [facts(line) for line in now.specialists]
    assert then.totals == now.totals and then.shift_elapsed == now.shift_elapsed and then.shift == now.shift
    assert [(one.name, one.state) for one in then.sources] == [(one.name, one.state) for one in now.sources]


def read(store: Store, config: Config = CONFIG, day: int = DAY) -> ReplayDay:
    with store.read() as connection:
        return read_day_events(connection, config, day)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_that_was_recorded_live_is_replayed_as_it_was_seen(store: Store, seed: int) -> None:
    legs = sorted(((us, one) for ended in busy_day(seed) for us, one in live(ended)), key=lambda one: one[0])
    states = states_told(seed)
    seen: list[tuple[FloorSnapshot, dict[str, SpecialistDay]]] = []
    with store.write() as connection:
        source_id = new_source(connection)
        sources.set_up(connection, source_id, BEGIN - 7 * 3600 * S)
    moments = list(range(at("08:50"), at("18:20"), 10 * MINUTE_US))
    for before, moment in pairwise([0, *moments]):
        with store.write() as connection:
            coming = [one for us, one in legs if before < us <= moment]
            calls.ingest(connection, source_id, coming, RULES, None, moment)
            told = [one for us, one in states if before < us <= moment]
            presence.tell(connection, source_id, told, CALENDAR.day_of)
            sources.alive(connection, source_id, moment)
        with store.read() as connection:
            floor = read_floor(connection, CONFIG, moment)
            keys = [line.key for line in floor.specialists[:2]]
            seen.append((floor, {key: read_specialist(connection, CONFIG, key, None, moment) for key in keys}))
    assert seen[-1][0].totals.effective > 5
    replay = read(store)
    for moment, (floor, days) in zip(moments, seen, strict=True):
        same(floor, floor_at(replay, CONFIG, moment))
        for key, day in days.items():
            played = specialist_at(replay, CONFIG, key, moment)
            over = [call for call in day.calls if call.ended_us is not None]
            assert [call for call in played.calls if call.ended_us is not None] == over
            assert [(one.id, one.answered_us) for one in played.calls] == [(c.id, c.answered_us) for c in day.calls]
            assert [hour.dials for hour in played.hours] == [hour.dials for hour in day.hours]
            assert (played.key, played.name, played.shift, played.states) == (key, day.name, day.shift, day.states)


def test_at_its_end_a_day_has_come_to_its_tallies(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        never_ended = leg("x", "1001", at("15:00"), ended_us=None, outcome="unknown", answered_us=at("15:01"))
        talked = answered("y", "1002", at("15:00"), 5, 60, ended_us=None)
        past_midnight = answered("z", "1003", at("23:50"), 5, 1800)
        calls.ingest(connection, source_id, [*busy_day(3), never_ended, talked, past_midnight], RULES, None, END)
        rows = driver.rows(
            connection, "SELECT identity_id, dials, connected, effective, talk_ms, calls, last_call_us FROM tally"
        )
    replay = read(store)
    found = floor_at(replay, CONFIG, END - 1)
    assert sum(line.dials for line in found.specialists) == sum(row[1] for row in rows)
    counted = {
        id_: (
            len(track.dials_us), len(track.connected_us), len(track.effective_us), track.talk_ms[-1],
            len(track.calls_us), track.ends_us[-1],
        )
        for id_, track in replay.tracks.items()
    }  # fmt: skip
    assert counted == {row[0]: tuple(row[1:]) for row in rows}
    chiara = next(line for line in found.specialists if line.name == "Chiara Rossi")
    assert chiara.state is State.TALKING and (chiara.last_call_us or 0) < at("23:50")


def line_at(replay: ReplayDay, clock: str, name: str = "Anna Weber", seconds: int = 0) -> SpecialistLine:
    found = floor_at(replay, CONFIG, at(clock) + seconds * S)
    return next(line for line in found.specialists if line.name == name)


def test_a_call_counts_from_when_it_was_known(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        calls.ingest(connection, source_id, [answered("a", "1001", at("10:00"), 10, 30)], RULES, None, END)
    replay = read(store)

    def counted(seconds: int) -> tuple[int, int, int, int, int | None]:
        line = line_at(replay, "10:00", seconds=seconds)
        return line.dials, line.connected, line.effective, line.talk_ms, line.last_call_us

    assert counted(-1) == (0, 0, 0, 0, None)
    assert counted(0) == counted(9) == (1, 0, 0, 0, None)
    assert counted(10) == counted(39) == (1, 1, 0, 0, None)
    assert counted(40) == (1, 1, 1, 30_000, at("10:00") + 40 * S)
    under_way = specialist_at(replay, CONFIG, "specialist:1", at("10:00") + 20 * S).calls[0]
    assert (under_way.outcome, under_way.talk_ms, under_way.ended_us, under_way.effective) == (
        "answered", None, None, False,
    )  # fmt: skip
    assert not specialist_at(replay, CONFIG, "specialist:1", at("09:59")).calls
    with pytest.raises(KeyError):
        specialist_at(replay, CONFIG, "specialist:77", at("10:00"))


def test_a_call_handed_over_is_effective_once_its_legs_that_are_over_have_the_talk(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        legs = [
            answered("a", "1001", at("10:00"), 10, 20),
            answered("a/2", "1002", at("10:00") + 25 * S, 5, 10, parent_id="a"),
            answered("a/3", "1003", at("10:00") + 35 * S, 5, 100, parent_id="a"),
        ]
        calls.ingest(connection, source_id, legs, RULES, None, END)
    replay = read(store)
    assert [line_at(replay, "10:00", seconds=s).effective for s in (39, 40, 139)] == [0, 1, 1]
    assert [line_at(replay, "10:00", seconds=s).last_call_us is None for s in (139, 140)] == [True, False]
    assert [line_at(replay, "10:00", "Boris Wu", s).talk_ms for s in (39, 40)] == [0, 10_000]
    boris = specialist_at(replay, CONFIG, "specialist:2", at("10:05"))
    assert [(call.id, call.talk_ms) for call in boris.calls] == [("pbx:a", 10_000)]


def test_where_nobody_listened_the_calls_tell_what_phones_did(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        legs = [
            answered("a", "1001", at("10:00"), 10, 30),
            leg("b", "1001", at("16:00")),
            leg("c", "1099", at("16:00")),
        ]
        calls.ingest(connection, source_id, legs, RULES, None, END)
    replay = read(store)
    shown = [
        (line.state, line.state_since_us, line.with_whom)
        for clock, seconds in (("09:59", 0), ("10:00", 0), ("10:00", 10), ("10:00", 40), ("10:02", 0), ("18:00", 0))
        if (line := line_at(replay, clock, seconds=seconds))
    ]
    assert shown == [
        (State.OFFLINE, None, None),
        (State.RINGING, at("10:00"), "+493023125001"),
        (State.TALKING, at("10:00") + 10 * S, "+493023125001"),
        (State.WRAP_UP, at("10:00") + 40 * S, None),
        (State.IDLE, at("10:00") + 40 * S, None),
        (State.OFFLINE, at("18:00"), None),
    ]
    names = [[line.name for line in floor_at(replay, CONFIG, at(clock)).specialists] for clock in ("15:59", "16:00")]
    assert [len(one) for one in names] == [3, 4] and names[1][-1] == "pbx:1099"
    (source,) = floor_at(replay, CONFIG, at("12:00")).sources
    assert (source.state, source.detail) == ("up", "")  # its beginning of time is nowhere told
    with store.write() as connection:
        sources.set_up(connection, source_id, END + S)
    (source,) = floor_at(read(store), CONFIG, at("12:00")).sources
    assert (source.state, source.detail) == ("up", FROM_RECORDS)
    with store.write() as connection:
        driver.run(connection, "DELETE FROM call")
    (source,) = floor_at(read(store), CONFIG, at("12:00")).sources
    assert (source.state, source.since_us) == ("never", None)


def test_calls_fill_the_time_in_which_nothing_was_heard(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        sources.set_up(connection, source_id, at("08:00"))
        told = [Presence("1001", State.IDLE, at("09:00")), Presence("1002", State.IDLE, at("09:00"))]
        presence.tell(connection, source_id, told, CALENDAR.day_of)
        calls.ingest(connection, source_id, [answered("a", "1001", at("10:00"), 0, 60)], RULES, None, END)
        sources.alive(connection, source_id, at("12:00") - S)
        sources.set_down(connection, source_id, at("12:00"), "refused")
        sources.set_up(connection, source_id, at("12:30"))
        calls.ingest(connection, source_id, [answered("b", "1001", at("12:10"), 0, 600)], RULES, None, END)
        presence.tell(connection, source_id, [Presence("1001", State.PAUSED, at("12:30"))], CALENDAR.day_of)
    replay = read(store)
    states = [line_at(replay, clock).state for clock in ("10:00", "11:59", "12:00", "12:10", "12:25", "12:30")]
    assert states == ["idle", "idle", "idle", "talking", "idle", "paused"]  # at 10:00 idle was told
    assert line_at(replay, "12:15", "Boris Wu").state_since_us == at("09:00")
    health = [floor_at(replay, CONFIG, at(clock)).sources[0] for clock in ("07:59", "11:59", "12:00", "12:30")]
    assert [(one.state, one.since_us) for one in health] == [
        ("up", None), ("up", at("08:00")), ("down", at("12:00")), ("up", at("12:30")),
    ]  # fmt: skip
    assert (health[0].detail, health[2].detail) == (FROM_RECORDS, "refused")


def test_flags_are_there_from_when_they_happened_as_if_nothing_had_become_of_them(store: Store) -> None:
    with store.write() as connection:
        new_source(connection)
        phone = roster.identity(connection, roster.source(connection, "pbx", "asterisk"), "1099")
        calls.ingest(connection, 1, [leg("c", "1099", at("09:30"))], RULES, None, END)
        flagged(connection, 1, day=DAY, at_us=at("11:00") + 5 * S, severity=3)
        decided = flagged(connection, 1, day=DAY, at_us=at("10:00"))
        gone = flagged(connection, 1, day=DAY, at_us=at("10:00"))
        merit = flagged(connection, 2, "merit", day=DAY, at_us=at("10:30"))
        flagged(connection, None, identity_id=phone, day=DAY, at_us=at("10:00"))
        flagged(connection, 1, day=DAY + 1, at_us=END + S)
        driver.run(
            connection,
            "UPDATE flag SET state = 'decided', decision = 'warned', points = 3, decided_us = 1, decided_day = ? "
            "WHERE id = ?",
            (DAY, decided),
        )
        driver.run(connection, "UPDATE flag SET state = 'withdrawn' WHERE id = ?", (gone,))
        driver.run(connection, "UPDATE flag SET kind = 'merit' WHERE id = ?", (merit,))
    replay = read(store)
    assert [flag.at_us for flag in replay.flags] == [
        at("10:00"), at("10:00"), at("10:30"), at("11:00") + 5 * S,
    ]  # fmt: skip
    seen = {clock: flags_at(replay, at(clock)) for clock in ("09:59", "10:00", "10:30", "11:00", "11:01")}
    assert [(one.counts.open, one.counts.high, one.counts.merits) for one in seen.values()] == [
        (0, 0, 0), (2, 0, 0), (2, 0, 1), (2, 0, 1), (3, 1, 1),
    ]  # fmt: skip
    assert {(line.state, line.decision, line.points) for line in seen["11:01"].open} == {("open", "", 0)}
    assert [line.at_us for line in seen["11:01"].open] == sorted((f.at_us for f in replay.flags), reverse=True)
    marks = {line.name: line.flags for line in floor_at(replay, CONFIG, at("11:01")).specialists}
    assert marks == {"Anna Weber": 2, "Boris Wu": 0, "Chiara Rossi": 0, "pbx:1099": 1}
    assert not any(line.actions for line in floor_at(replay, CONFIG, at("11:01")).specialists)


def test_whose_phone_it_was_and_attendance_are_those_of_the_day(store: Store) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        calls.ingest(connection, source_id, [leg("a", "1001", at("10:00"))], RULES, None, END)
        driver.run(connection, "UPDATE assignment SET until = ? WHERE specialist_id = 1", (DAY + 1,))
        phone = roster.identity(connection, source_id, "1001")
        roster.assign(connection, phone, 2, DAY + 1)
        driver.run(connection, "INSERT INTO attendance (specialist_id, day, status) VALUES (?, ?, 'half')", (3, DAY))
    replay = read(store)
    assert [line_at(replay, "12:00", name).dials for name in ("Anna Weber", "Boris Wu")] == [1, 0]
    assert line_at(replay, "12:00", "Chiara Rossi").quota.dials == 40


@dataclass(frozen=True)
class Begun:
    starts: str
    config: Config
    day: int


@pytest.mark.parametrize(
    "begun",
    [
        Begun("09:00", CONFIG, DAY),
        Begun("10:05", Config(floor=Floor(holidays=False, days_off=("2026-11-23",))), DAY),
    ],
    ids=["shift", "day off"],
)
def test_it_starts_with_the_shift_else_with_the_first_call(store: Store, begun: Begun) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        calls.ingest(connection, source_id, [leg("a", "1001", at("10:05") + 40 * S)], RULES, None, END)
    replay = read(store, begun.config)
    assert replay.starts_us == at(begun.starts) and not replay.is_empty
    assert read(store, day=DAY - 1).is_empty


def test_between_calls_a_phone_is_idle_until_its_shift_is_over() -> None:
    from store.replay import Part

    def part(begin: int, end: int | None, answer: int | None = None, talk_ms: int | None = None) -> Part:
        return Part(1, f"g{begin}", 7, "outbound", begin * S, None if answer is None else answer * S,
                    None if end is None else end * S, talk_ms)  # fmt: skip

    def told(parts: Sequence[Part], over: int) -> list[tuple[int, str]]:
        return [(one.at_us // S, one.state) for one in doing_by_calls(parts, {}, over * S)]

    assert told([], 100) == []
    assert told([part(10, 20)], 100) == [(10, "ringing"), (20, "idle"), (100, "offline")]
    assert told([part(10, 20), part(150, 160)], 100) == [
        (10, "ringing"), (20, "idle"), (100, "offline"), (150, "ringing"), (160, "offline"),
    ]  # fmt: skip
    assert told([part(10, None, 12, 5000)], 100) == [(10, "ringing"), (12, "talking"), (17, "idle"), (100, "offline")]
    held = [part(10, 40, 12), part(20, 30)]  # a colleague was asked within the call
    assert told(held, 100) == [
        (10, "ringing"), (12, "talking"), (20, "talking"), (30, "talking"), (40, "idle"), (100, "offline"),
    ]  # fmt: skip


def test_a_minute_of_forty_people_is_told_in_less_than_a_fiftieth_of_a_second(sqlite_url: str) -> None:
    with closing(open_store(sqlite_url)) as store, store.write() as connection:
        source_id = sources.ensure(connection, "pbx", "asterisk", [])
        legs = []
        for number in range(40):
            agent = str(2000 + number)
            made = roster.put_specialist(connection, None, f"Person {number}", {})
            roster.assign(connection, roster.identity(connection, source_id, agent), made, DAY)
            legs += [answered(f"{agent}-{n}", agent, NINE + n * 300 * S, 5, 60) for n in range(100)]
        calls.ingest(connection, source_id, legs, RULES, None, END)
    with closing(open_store(sqlite_url)) as store:
        replay = read(store)
    took = []
    for minute in range(60, 80):
        begun = time.perf_counter()
        floor_at(replay, CONFIG, NINE + minute * MINUTE_US)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.02


# -- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def here(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.write() as connection:
        source_id = new_source(connection)
        calls.ingest(connection, source_id, [leg("a", "1001", at("10:00"))], RULES, None, END)
    file = tmp_path / "floor.toml"
    file.write_text("[floor]\nholidays = false\n")
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(file))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: at("14:30"))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["2026-11-24"], "Tue 24 Nov 2026 is still to come"),
        (["yesterday"], "nothing is known of Sun 22 Nov 2026: no call, no state of a phone, no flag"),
        (["soon"], "'soon' is not a day"),
        (["today", "--at", "25:00"], "not a time of day"),
        (["today", "--at", "14:31"], "14:31 of Mon 23 Nov 2026 is still to come"),
        (["today", "--at", "14:30"], "needs a terminal"),
        (["today"], "needs a terminal"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_line(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(SystemExit) as ended:
        run(["replay", *arguments])
    out = capsys.readouterr()
    assert (ended.value.code, out.out, out.err.count("\n")) == (2, "", 1) and why in out.err
