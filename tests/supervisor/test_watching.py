"""Discipline as the collector watches it: while it happens, when a day is over, and again when more becomes known."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from integrations.provider import State
from store import driver, evaluation, flag_keeping, roster
from store.engine import Store, open_store
from supervisor.cli import collect
from supervisor.collector import watching as watching_module
from supervisor.collector.watching import watch
from supervisor.config import Config, parse
from supervisor.duties.discipline import rounds
from supervisor.duties.discipline.day import read_day
from supervisor.duties.discipline.evaluate import judge
from supervisor.duties.discipline.findings import LIVE
from supervisor.duties.discipline.kept import evidence_of
from supervisor.log import open_log
from supervisor.sources import make_provider
from supervisor.storing import Storing
from tests.peers.ami import AmiPeer, until
from tests.supervisor import running
from tests.supervisor.duties.discipline.test_evaluate import CONFIG, EVENING, HOUR, MINUTE, NIGHT, NINE, calling, told
from tests.supervisor.duties.selling import DAY_US, TODAY, call, customer, specialist

FAST = 1_000.0
OF_TODAY = f"SELECT state FROM flag WHERE day = {TODAY}"


@pytest.fixture(autouse=True)
def without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test until judging has taken no more than a share of the time."""
    monkeypatch.setattr(watching_module, "REST", 1)


class Log:
    """What is logged."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **more: Any) -> None:
        self.lines.append((event, more))

    error = warning = info


@asynccontextmanager
async def watching(store: Store, clock: Callable[[], int], config: Config = CONFIG) -> AsyncIterator[Log]:
    log = Log()
    storing = Storing(store, log)
    task = asyncio.create_task(watch(storing, config, clock, log, FAST))
    try:
        yield log
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        storing.close()


def asked(store: Store, sql: str) -> list[Any]:
    with store.read() as connection:
        return [tuple(row) for row in driver.rows(connection, sql)]


def idle_floor(store: Store, *spans: tuple[int, int]) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", *spans)


async def test_what_happens_is_judged_while_it_does_and_the_rest_when_the_day_is_over(store: Store) -> None:
    idle_floor(store, (0, 60))
    with store.write() as connection:
        told(connection, "1001", State.IDLE, NINE)
    now = [NINE + 90 * MINUTE]
    async with watching(store, lambda: now[0]) as log:
        await until(lambda: asked(store, "SELECT 1 FROM flag"), 20)
        assert asked(store, "SELECT rule, state FROM flag") == [("idle", "open")]
        now[0] = NINE + 9 * HOUR + 14 * MINUTE  # the last shift ended at six; a quarter of an hour may lie outside it
        await until(lambda: asked(store, "SELECT 1 FROM flag_event WHERE what = 'changed'"), 20)
        assert asked(store, "SELECT stamp FROM evaluated_day") == [("",)]
        now[0] += MINUTE
        await until(lambda: asked(store, "SELECT 1 FROM flag WHERE rule = 'present_but_silent'"), 20)
        await until(lambda: [line for line in log.lines if line[0] == "day evaluated"], 20)


async def test_late_calls_and_edited_attendance_of_the_last_days_are_judged_anew(store: Store) -> None:
    idle_floor(store, (0, 60), (90, 180), (240, 540))
    async with watching(store, lambda: NINE + 3 * DAY_US):
        await until(lambda: asked(store, OF_TODAY) == [("open",)], 20)
        with store.write() as connection:
            calling(connection, "1001", (60, 90))
        await until(lambda: asked(store, OF_TODAY) == [("withdrawn",)], 20)
        with store.write() as connection:
            roster.put_attendance(connection, 1, TODAY, ("leave", None, None), False)
        await until(lambda: asked(store, "SELECT 1 FROM flag WHERE rule = 'absent_but_calling'"), 20)


async def test_two_that_watch_raise_once(store: Store) -> None:
    idle_floor(store, (0, 60), (90, 180))
    async with watching(store, lambda: EVENING) as one, watching(store, lambda: EVENING) as other:
        await until(lambda: [line for log in (one, other) for line in log.lines if line[0] == "day evaluated"], 20)
        await asyncio.sleep(0.2)
        assert not [line for log in (one, other) for line in log.lines if line[0] == "rules not applied"]
    assert set(asked(store, "SELECT what FROM flag_event")) == {("raised",)}
    assert asked(store, "SELECT count(*) FROM flag") == asked(store, "SELECT count(*) FROM flag_event")


async def test_a_rule_that_fails_is_told_and_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    idle_floor(store, (0, 60), (90, 180))
    judge, failures = rounds.judged_of, iter([RuntimeError("broken rule")])

    def failing(seen: Any, config: Any) -> Any:
        for failure in failures:
            raise failure
        return judge(seen, config)

    monkeypatch.setattr(rounds, "judged_of", failing)
    async with watching(store, lambda: EVENING) as log:
        await until(lambda: asked(store, "SELECT 1 FROM flag"), 20)
    assert "broken rule" in next(more["detail"] for event, more in log.lines if event == "rules not applied")


# -- which days ---------------------------------------------------------------------------------------------------


def due(connection: Connection, now_us: int, config: Config = CONFIG) -> list[int]:
    return rounds.due_days(connection, config, now_us)


def evaluate_due(connection: Connection, now_us: int) -> None:
    for day in due(connection, now_us):
        rounds.evaluate_now(connection, CONFIG, day, now_us)


def test_days_are_due_when_they_are_over_and_again_when_more_is_known(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        assert due(connection, EVENING) == []  # there is no call yet
        call(connection, "old", "1001", "+49301", NINE - 40 * DAY_US)
        over = NINE + 9 * HOUR + 15 * MINUTE
        assert due(connection, over - 1) == [20261116, 20261117, 20261118, 20261119, 20261120, 20261121, 20261122]
        assert due(connection, over)[-1] == TODAY
        evaluate_due(connection, over)
        assert due(connection, over) == []
        call(connection, "late", "1001", "+49301", NINE - 2 * DAY_US)
        assert due(connection, over) == [20261121]
        call(connection, "too late", "1001", "+49301", NINE - 9 * DAY_US)
        assert due(connection, over) == [20261121]
        evaluate_due(connection, over)
        roster.put_attendance(connection, ann, 20261120, ("half", None, 19 * 60), False)
        assert due(connection, over) == [20261119, 20261120, 20261121]  # also a day's neighbours: their shifts count
        evaluate_due(connection, over)
        roster.put_attendance(connection, ann, TODAY, ("present", None, 20 * 60), False)
        assert TODAY not in due(connection, over)  # their shift goes on
        assert TODAY in due(connection, over + 2 * HOUR)


def test_a_floor_is_not_judged_before_its_first_call(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        call(connection, "first", "1001", "+49301", NINE - 2 * DAY_US)
        assert due(connection, NINE) == [20261121, 20261122]


def test_a_night_shift_is_looked_at_until_it_is_over(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        at_night = NINE + 18 * HOUR
        assert rounds.running_days(connection, NIGHT, at_night) == [TODAY, TODAY + 1]
        assert rounds.running_days(connection, NIGHT, at_night + HOUR + 15 * MINUTE) == [TODAY + 1]
        assert rounds.running_days(connection, CONFIG, at_night) == [TODAY + 1]


def test_what_was_read_before_something_else_became_known_is_not_kept(store: Store) -> None:
    idle_floor(store, (0, 60), (90, 180))
    with store.write() as connection:
        seen = rounds.look_back(connection, CONFIG, TODAY, EVENING)
        judged = rounds.judged_of(seen, CONFIG)
        assert rounds.is_news(connection, seen, judged)
        calling(connection, "1001", (60, 90))
        assert rounds.settle(connection, CONFIG, seen, judged, EVENING) is None
        seen = rounds.look_back(connection, CONFIG, TODAY, EVENING)
        judged = rounds.judged_of(seen, CONFIG)
        assert rounds.settle(connection, CONFIG, seen, judged, EVENING) is not None
        assert not rounds.is_news(connection, seen, judged)
        live, _ = rounds.look(connection, CONFIG, TODAY, EVENING)
        assert live is not None
        ((flag_id,), *_) = driver.rows(connection, "SELECT id FROM flag")
        flag_keeping.tell(connection, [flag_keeping.Event(flag_id, "decided", "")], EVENING)
        assert rounds.settle(connection, CONFIG, live, rounds.judged_of(live, CONFIG), EVENING) is None
        assert evaluation.evaluated(connection, TODAY).keys() == {TODAY}


@pytest.mark.parametrize("seed", range(3))
def test_looking_at_who_did_something_finds_what_looking_at_all_does(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    with store.write() as connection:
        for name, agent in (("Ann", "1001"), ("Boris", "1002"), ("Chiara", "1003")):
            specialist(connection, name, agent)
            told(connection, agent, State.IDLE, NINE)
        roster.assign(connection, roster.identity(connection, 1, "1004"), 3, TODAY)
        customer(connection, "K1", number="+49305550000", dnc_us=NINE)
        known, looks, parts = None, 0, 0
        for minute in range(1, 600, 4):
            now_us = NINE + minute * MINUTE
            if chance.random() < 0.3:
                agent = chance.choice(("1001", "1002", "1003", "1004", "1099"))
                number = chance.choice(("+49305550000", "+49301112222", "+49301113333"))
                call(connection, f"c{minute}", agent, number, now_us - 3 * MINUTE, chance.randrange(150))
            if minute == 201:
                roster.put_attendance(connection, 1, TODAY, ("leave", None, None), False)
            seen, known = rounds.look(connection, CONFIG, TODAY, now_us, known)
            looks += 1
            if seen is not None:
                parts += seen.told.only is not None
                assert rounds.settle(connection, CONFIG, seen, rounds.judged_of(seen, CONFIG), now_us) is not None
            whole = judge(read_day(connection, CONFIG, TODAY, now_us, LIVE), CONFIG, LIVE)
            standing = driver.rows(connection, "SELECT rule, whose, subject, evidence FROM flag WHERE state = 'open'")
            assert sorted((row[0], row[1], row[2], evidence_of(row[3]).words) for row in standing) == sorted(
                (one.rule, one.whose, one.subject, one.evidence.words) for one in whole.findings
            )
        assert standing and looks > parts > looks / 3
        seen, _ = rounds.look(connection, CONFIG, TODAY, NINE + 14 * HOUR, known)
        assert seen is not None and seen.told.only is None  # as a whole, now and then


# -- the whole collector ------------------------------------------------------------------------------------------

FLOOR = """
[floor]
holidays = false
[store]
url = {store!r}
[log]
file = {log!r}
[sources.file]
type = "files"
format = "csv"
path = {path!r}
"""
ROW = "{n},{n},1001,outbound,1001,+4930123456{n},2026-11-23T{at}Z,2026-11-23T{at}Z,2026-11-23T{end}Z,60,answered\n"


async def test_the_collector_raises_what_its_source_proves(store_url: str, tmp_path: Path) -> None:
    calls = tmp_path / "calls.csv"
    calls.write_text(
        "id,group,agent,direction,from,to,started,answered,ended,talk_seconds,outcome\n"
        + ROW.format(n=1, at="08:00:00", end="08:01:00")
        + ROW.format(n=2, at="09:00:00", end="09:01:00")
    )
    config = parse(FLOOR.format(store=store_url, log=str(tmp_path / "log"), path=str(calls)), "floor.toml")
    with closing(open_store(store_url)) as store:
        with store.write() as connection:
            ann = roster.put_specialist(connection, None, "Ann", {})
            source_id = roster.source(connection, "file", "files")
            roster.assign(connection, roster.identity(connection, source_id, "1001"), ann, TODAY)
        providers = {"file": make_provider(config, "file")}
        task = asyncio.create_task(
            collect.run(config, store, providers, lambda: NINE + 2 * HOUR, open_log(config), speed=FAST)
        )
        try:
            await until(lambda: asked(store, "SELECT 1 FROM flag"), 20)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        assert asked(store, "SELECT rule, specialist_id FROM flag") == [("idle", ann)]
        ((evidence,),) = asked(store, "SELECT evidence FROM flag")
        assert "59 min without a call, 09:01-10:00" in evidence and "file:1" in evidence


async def test_the_collector_keeps_since_when_its_source_was_down(store_url: str, tmp_path: Path) -> None:
    config = tmp_path / "supervisor.toml"
    with closing(open_store(store_url)) as store:
        async with AmiPeer() as peer:
            config.write_text(running.FLOOR.format(store=store_url, port=peer.port))
            async with running.collecting(config, peer) as collector:
                await until(lambda: asked(store, "SELECT 1 FROM source WHERE up"), 15)
                ((begun, ended),) = asked(store, "SELECT from_us, until_us FROM outage")
                assert begun == 0 and ended > NINE
                await peer.stop()
                open_one = f"SELECT 1 FROM outage WHERE until_us IS NULL AND from_us >= {ended}"
                await until(lambda: asked(store, open_one), 15)
                await collector.end()
