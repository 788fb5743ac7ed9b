"""Times during which nothing was heard of a source: kept when they are told, and when nobody was there to tell."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from store import calls, driver, evaluation, sources
from store.engine import Store
from tests.store import records
from tests.store.records import DAY, RULES, leg

S = 1_000_000
MINUTE = 60 * S
NOON = 10 * DAY + 12 * 60 * MINUTE
DAY_OF = (20260110, 20260111)


def outages(connection: Connection) -> list[tuple[int, int | None, str]]:
    return [
        (row[0], row[1], row[2])
        for row in driver.rows(connection, "SELECT from_us, until_us, why FROM outage ORDER BY from_us, id")
    ]


def up_since(connection: Connection, at_us: int) -> int:
    """A source that is up since then and was never down before."""
    source_id = records.new_source(connection)
    sources.set_up(connection, source_id, at_us)
    driver.run(connection, "DELETE FROM outage")
    return source_id


def test_before_a_source_was_first_heard_of_nothing_is_known(store: Store) -> None:
    with store.write() as connection:
        up = records.new_source(connection)
        sources.set_up(connection, up, NOON)
        assert outages(connection) == [(0, NOON, "")]
        driver.run(connection, "DELETE FROM outage")
        down = records.new_source(connection)
        sources.set_down(connection, down, NOON, "refused")
        assert outages(connection) == [(0, None, "refused")]
        sources.set_up(connection, down, NOON + MINUTE)
        assert outages(connection) == [(0, NOON + MINUTE, "refused")]


def test_an_outage_lasts_from_down_to_up(store: Store) -> None:
    with store.write() as connection:
        source_id = up_since(connection, NOON)
        sources.set_up(connection, source_id, NOON + 5 * S)
        sources.set_down(connection, source_id, NOON + 9 * S, "frozen")
        sources.set_down(connection, source_id, NOON + 12 * S, "refused")
        assert outages(connection) == [(NOON + 9 * S, None, "frozen")]
        sources.set_up(connection, source_id, NOON + 40 * MINUTE)
        sources.set_up(connection, source_id, NOON + 40 * MINUTE + 5 * S)
        assert outages(connection) == [(NOON + 9 * S, NOON + 40 * MINUTE, "frozen")]
        sources.set_down(connection, source_id, NOON + 40 * MINUTE + 7 * S, "again")
        assert len(outages(connection)) == 2


@pytest.mark.parametrize("silent_us", [60 * S, 60 * S + 1])
@pytest.mark.parametrize("tell", [sources.set_up, sources.heard])
def test_a_source_that_was_up_and_silent_was_not_watched(store: Store, silent_us: int, tell: Any) -> None:
    with store.write() as connection:
        source_id = up_since(connection, NOON)
        tell(connection, source_id, NOON + silent_us)
        assert outages(connection) == ([] if silent_us == 60 * S else [(NOON, NOON + silent_us, "")])
        tell(connection, source_id, NOON + silent_us + 5 * S)
        assert len(outages(connection)) == (silent_us > 60 * S)


def test_a_collector_that_was_killed_and_cannot_connect_left_an_outage_since_it_was_last_heard_of(
    store: Store,
) -> None:
    with store.write() as connection:
        source_id = up_since(connection, NOON)
        sources.set_down(connection, source_id, NOON + 20 * MINUTE, "refused")
        sources.heard(connection, source_id, NOON + 21 * MINUTE)
        sources.set_up(connection, source_id, NOON + 30 * MINUTE)
        assert outages(connection) == [(NOON, NOON + 30 * MINUTE, "refused")]


def test_what_a_source_tells_before_it_is_up_makes_no_outage(store: Store) -> None:
    with store.write() as connection:
        source_id = records.new_source(connection)
        sources.heard(connection, source_id, NOON)
        sources.heard(connection, source_id, NOON + 5 * MINUTE)
        assert outages(connection) == []


def test_a_heartbeat_is_one_statement(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.write() as connection:
        source_id = up_since(connection, NOON)
        run, told = driver.run, []

        def counted(connection: Connection, sql: str, parameters: Any = ()) -> int:
            told.append(sql)
            return run(connection, sql, parameters)

        monkeypatch.setattr(driver, "run", counted)
        sources.set_up(connection, source_id, NOON + 5 * S)
        sources.heard(connection, source_id, NOON + 6 * S)
        assert len(told) == 2


def test_an_outage_within_which_whole_calls_are_known_was_our_own_sleep(store: Store) -> None:
    with store.write() as connection:
        source_id, other = up_since(connection, NOON), records.new_source(connection)
        sources.set_down(connection, source_id, NOON, "killed")
        sources.set_up(connection, source_id, NOON + 40 * MINUTE)

        def known() -> list[tuple[int, int | None]]:
            found = evaluation.outages(connection, DAY_OF, NOON - MINUTE, NOON + 60 * MINUTE)
            return [(out.from_us, out.until_us) for out in found]

        def called(of: int, begin: int, end: int | None) -> None:
            began, ended = NOON + begin * MINUTE, None if end is None else NOON + end * MINUTE
            told = leg(f"{begin}-{end}", started_us=began, answered_us=began, ended_us=ended)
            calls.ingest(connection, of, [told], RULES, None, 0)

        called(source_id, -1, 1)
        called(source_id, 39, 41)
        called(source_id, 10, None)
        called(other, 5, 6)
        assert known() == [(NOON, NOON + 40 * MINUTE)]
        called(source_id, 10, 11)
        assert known() == []
