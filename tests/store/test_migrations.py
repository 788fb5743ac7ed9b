"""The schema: made by migrations, agreed with by the tables, guarded where it is append-only."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store.engine import Store, StoreError, attach, attach_or_create, create_store, open_store, revision, upgrade
from store.migrations import HEAD, run
from store.tables import metadata


def _set_revision(store: Store, number: str) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


def test_the_migrations_make_what_the_tables_say(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_no_module_keeps_a_table_from_the_migrations() -> None:
    program = (
        "import importlib, pkgutil, store, store.tables as tables\n"
        "known = set(tables.metadata.tables)\n"
        "for module in pkgutil.iter_modules(store.__path__): importlib.import_module(f'store.{module.name}')\n"
        "assert set(tables.metadata.tables) == known, set(tables.metadata.tables) - known"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_program_knows_its_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert revisions[0] == HEAD
    assert revisions == sorted(revisions, reverse=True)


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    create_store(empty_url).close()
    store = attach(empty_url)
    assert upgrade(store) == (HEAD, HEAD)
    store.close()


def test_two_that_make_the_store_at_once_both_get_it(empty_url: str) -> None:
    made: list[str | None] = []

    def make() -> None:
        store = create_store(empty_url)
        made.append(revision(store))
        store.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [HEAD] * 4


def test_a_newer_store_is_refused_and_left_alone(store_url: str, store: Store) -> None:
    _set_revision(store, "9999")
    for opening in (open_store, create_store):
        with pytest.raises(StoreError, match=r"newer version of this program \(schema 9999"):
            opening(store_url)
    with pytest.raises(StoreError, match="newer version"):
        upgrade(store)
    assert revision(store) == "9999"


def test_an_older_store_says_what_to_do_and_keeps_its_rows(empty_url: str) -> None:
    old = attach_or_create(empty_url)
    with old.write() as connection:
        run(connection, "0001")
        connection.execute(text(ROWS["journal"]))
    for opening in (open_store, create_store):
        with pytest.raises(StoreError, match=rf"older schema \(0001, needed {HEAD}\); run `supervisor store upgrade`"):
            opening(empty_url)
    assert upgrade(old) == ("0001", HEAD)
    old.close()
    store = open_store(empty_url)
    with store.read() as connection:
        assert connection.execute(text("SELECT who FROM journal")).scalars().all() == ["ann"]
    with pytest.raises(IntegrityError, match="append-only"), store.write() as connection:
        connection.execute(text("DELETE FROM journal"))
    store.close()


def test_somebody_elses_database_is_refused_and_left_alone(empty_url: str) -> None:
    create_store(empty_url).close()
    theirs = attach(empty_url)
    with theirs.write() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    for opening in (open_store, create_store, lambda url: upgrade(attach(url))):
        with pytest.raises(StoreError, match="not a store of this program"):
            opening(empty_url)
    theirs.close()


ROWS = {
    "state_event": "INSERT INTO state_event (id, identity_id, day, at_us, state) VALUES (1, 1, 20260102, 5, 'idle')",
    "revision": "INSERT INTO revision (id, source_id, leg_id, at_us, before) VALUES (1, 1, 'a', 5, '{}')",
    "journal": "INSERT INTO journal (id, at_us, who, what, detail) VALUES (1, 5, 'ann', 'adopt', '')",
}
CHANGES = {
    "state_event": "UPDATE state_event SET state = 'talking'",
    "revision": "UPDATE revision SET before = ''",
    "journal": "UPDATE journal SET who = 'bob'",
}


@pytest.fixture
def written(store: Store) -> Store:
    with store.write() as connection:
        connection.execute(
            text("INSERT INTO source (id, name, type, up, detail, capabilities) VALUES (1, 'pbx', '', :up, '', '')"),
            {"up": True},
        )
        connection.execute(text("INSERT INTO phone_identity (id, source_id, agent) VALUES (1, 1, '1001')"))
        for row in ROWS.values():
            connection.execute(text(row))
    return store


@pytest.mark.parametrize("table", ROWS)
def test_what_is_append_only_cannot_be_changed(written: Store, table: str) -> None:
    attempts = [CHANGES[table], f"DELETE FROM {table}"]
    if written.place.path:
        attempts.append(ROWS[table].replace("INSERT", "INSERT OR REPLACE"))
    else:
        attempts.append(f"TRUNCATE {table}")
    for attempt in attempts:
        with pytest.raises(IntegrityError, match=f"{table} is append-only"), written.write() as connection:
            connection.execute(text(attempt))


def test_an_act_can_be_marked_undone(written: Store) -> None:
    with written.write() as connection:
        assert connection.execute(text("UPDATE journal SET undone_us = 6")).rowcount == 1


def test_the_wheel_brings_its_migrations(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    program = (
        "import sys, store; from store.engine import create_store; create_store(sys.argv[1]); print(store.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(tmp_path / "store.db")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip().startswith(str(tmp_path))
