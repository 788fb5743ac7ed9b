"""Each command is carried out at most once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from store import acts, commands
from store.commands import ANSWER_WITHIN_US
from store.engine import Store, open_store
from store.sources import ensure

SECOND = 1_000_000


def ask(store: Store, agent: str = "1001", expires_us: int = 10 * SECOND) -> int:
    with store.write() as connection:
        ensure(connection, "pbx", "asterisk", ["hang_up"])
        asked = {"action": "hang_up", "agent": agent, "who": "eva", "asked_us": 0, "expires_us": expires_us}
        command_id = acts.ask(connection, "pbx", asked)
        assert command_id is not None
        return command_id


def claim(store: Store, who: str, now_us: int) -> list[int]:
    with store.write() as connection:
        return [command.id for command in commands.claim(connection, 1, who, now_us)]


def state(store: Store, command_id: int) -> tuple[str, str]:
    with store.read() as connection:
        found = connection.exec_driver_sql(f"SELECT state, answer FROM command WHERE id = {command_id}").one()
        return found[0], found[1]


def test_two_collectors_share_the_commands_and_none_is_taken_twice(store: Store, store_url: str) -> None:
    asked = [ask(store, str(n)) for n in range(20)]
    other = open_store(store_url)
    taken: list[int] = []

    def take(one: Store, who: str) -> None:
        for _ in range(10):
            taken.extend(claim(one, who, SECOND))

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(take, store, "a"), threads.submit(take, other, "b")]:
            done.result()
    other.close()
    assert sorted(taken) == asked


@pytest.mark.parametrize(("now", "taken"), [(10 * SECOND - 1, True), (10 * SECOND, False)])
def test_a_command_is_refused_from_the_moment_it_expires(store: Store, now: int, taken: bool) -> None:
    command = ask(store)
    assert claim(store, "a", now) == ([command] if taken else [])
    assert state(store, command)[0] == ("taken" if taken else "expired")


def test_what_came_of_it_is_written_once(store: Store) -> None:
    command = ask(store)
    claim(store, "a", 0)
    with store.write() as connection:
        commands.answer(connection, command, True, "hung up", SECOND)
        commands.answer(connection, command, False, "late", 2 * SECOND)
    assert state(store, command) == ("done", "hung up")


def test_what_a_dead_collector_took_fails_and_is_never_replayed(store: Store) -> None:
    command = ask(store)
    claim(store, "dead", 0)
    with store.write() as connection:
        assert commands.fail_stale(connection, 1, 10 * SECOND + ANSWER_WITHIN_US - 1) == 0
        assert commands.fail_stale(connection, 1, 10 * SECOND + ANSWER_WITHIN_US) == 1
    assert claim(store, "b", 0) == []
    assert state(store, command)[0] == "failed"
