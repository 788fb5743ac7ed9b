"""A backup of a store in use holds what the store held at one moment, or there is none."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from store.backup import backup
from store.check import Line, contents, state
from store.engine import Store, StoreError, attach, open_store


def _fill(store: Store, names: range) -> None:
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES (:name)"), [{"name": f"team\n{n}"} for n in names])


def _restored(store: Store, archive: Path, request: pytest.FixtureRequest) -> Store:
    """What somebody has who lost the store and kept the backup."""
    if store.place.path:
        return open_store(str(archive))
    cluster = request.getfixturevalue("cluster")
    cluster.run("DROP DATABASE IF EXISTS restored WITH (FORCE)")
    cluster.run("CREATE DATABASE restored")
    subprocess.run(["pg_restore", "-d", cluster.url("restored"), archive], check=True)
    return open_store(cluster.url("restored"))


def test_a_backup_of_a_store_in_use_can_be_restored(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    _fill(store, range(1000))
    stop = threading.Event()

    def write_on() -> None:
        number = 1000
        while not stop.is_set():
            _fill(store, range(number, number + 10))
            number += 10

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        rows = backup(store, tmp_path / "copy")
    finally:
        stop.set()
        writer.join()
    restored = _restored(store, tmp_path / "copy", request)
    with restored.read() as connection:
        names = connection.execute(text("SELECT name FROM team ORDER BY id")).scalars().all()
    restored.close()
    assert len(names) == rows["team"] >= 1000
    assert len(names) % 10 == 0, "a transaction is in it whole or not at all"
    assert names == [f"team\n{n}" for n in range(len(names))]
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_a_backup_overwrites_nothing(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.write_text("mine")
    with pytest.raises(StoreError, match="exists and is not overwritten"):
        backup(store, target)
    assert target.read_text() == "mine"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="exists and is not overwritten"):
        backup(store, link)
    assert {path.name for path in tmp_path.iterdir()} - {"store.db", "store.db-wal", "store.db-shm"} == {"copy", "link"}


def test_a_backup_into_a_missing_folder_says_so(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        backup(store, tmp_path / "nowhere" / "copy")


def test_without_pg_dump_it_says_what_to_install(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    store = open_store(postgresql_url)
    with pytest.raises(StoreError, match="postgresql-client"):
        backup(store, tmp_path / "copy")
    assert not list(tmp_path.iterdir())
    store.close()


def test_the_backup_of_a_damaged_store_is_not_called_one(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    _fill(store, range(5000))
    store.close()
    with Path(sqlite_url).open("r+b") as file:
        file.seek(-4096 * 8, os.SEEK_END)
        file.write(b"\xff" * 4096 * 4)
    store = attach(sqlite_url)
    with pytest.raises(StoreError, match="damaged"):
        backup(store, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert "fail" in {line.level for line in contents(store)}
    store.close()


def _by_subject(lines: list[Line]) -> dict[str, Line]:
    return {line.subject: line for line in lines}


def test_a_store_that_is_well_is_called_well(store: Store) -> None:
    _fill(store, range(10))
    found = [*state(store), *contents(store)]
    assert {line.level for line in found} <= {"ok", "warn"}  # the disk of a test machine may be rather full
    assert {"schema", "place", "contents", "tallies"} <= set(_by_subject(found))


def test_tallies_that_the_calls_do_not_bear_out_are_found(store: Store) -> None:
    with store.write() as connection:
        connection.execute(
            text("INSERT INTO source (id, name, type, up, detail, capabilities) VALUES (1, 'pbx', '', :up, '', '')"),
            {"up": True},
        )
        connection.execute(text("INSERT INTO phone_identity (id, source_id, agent) VALUES (1, 1, '1001')"))
        connection.execute(
            text(
                "INSERT INTO tally (identity_id, day, dials, connected, effective, talk_ms, calls) "
                "VALUES (1, 20260102, 3, 0, 0, 0, 3)"
            )
        )
    assert _by_subject(list(contents(store)))["tallies"].level == "fail"
    assert "recount" in _by_subject(list(contents(store)))["tallies"].detail


def test_references_that_lead_nowhere_are_found(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    raw = store._writer.raw_connection()
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    raw.cursor().execute("INSERT INTO specialist (name, team_id, region) VALUES ('Ann', 99, '')")
    raw.close()
    found = _by_subject(list(contents(store)))["references"]
    assert (found.level, "specialist" in found.detail) == ("fail", True)
    store.close()


def test_a_store_others_may_open_is_warned_of(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    Path(sqlite_url).chmod(0o644)
    assert _by_subject(list(state(store)))["permissions"].level == "warn"
    Path(sqlite_url).chmod(0o600)
    assert _by_subject(list(state(store)))["permissions"].level == "ok"
    Path(sqlite_url).parent.chmod(0o2770)
    assert "chmod g+rw" in _by_subject(list(state(store)))["permissions"].detail
    store.close()


def test_a_newer_schema_is_told_in_the_check(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert _by_subject(list(state(store)))["schema"].level == "fail"
