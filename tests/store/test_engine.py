"""Opening, reading and writing a store, on both databases."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from store.engine import Store, StoreError, create_store, open_store, revision
from store.migrations import HEAD


def _names(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(text("SELECT name FROM team ORDER BY name")).scalars())


def _add(store: Store, name: str) -> None:
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES (:name)"), {"name": name})


def test_a_missing_or_empty_store_is_made(empty_url: str) -> None:
    with pytest.raises(StoreError, match=r"no store at|is empty; run `supervisor store upgrade`"):
        open_store(empty_url)
    store = create_store(empty_url)
    assert revision(store) == HEAD
    store.close()
    open_store(empty_url).close()


def test_a_write_is_kept(store: Store) -> None:
    _add(store, "North")
    assert _names(store) == ["North"]


def test_an_error_in_a_write_rolls_it_back(store: Store) -> None:
    with pytest.raises(ValueError, match="mine"), store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES ('North')"))
        raise ValueError("mine")
    assert _names(store) == []


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError, match="read-only"), store.read() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES ('North')"))
    assert _names(store) == []


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as connection:
        before = connection.execute(text("SELECT count(*) FROM team")).scalar()
        _add(store, "North")
        assert connection.execute(text("SELECT count(*) FROM team")).scalar() == before == 0
    assert _names(store) == ["North"]


def test_who_reads_and_then_writes_loses_no_update(store_url: str, store: Store) -> None:
    _add(store, "0")

    def count_up() -> None:
        own = open_store(store_url)
        for _ in range(50):
            with own.write() as connection:
                value = int(connection.execute(text("SELECT name FROM team")).scalar_one())
                connection.execute(text("UPDATE team SET name = :name"), {"name": str(value + 1)})
        own.close()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _names(store) == ["200"]
