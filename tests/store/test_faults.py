"""Faults, each with the real thing: one clear sentence, and nothing stored is lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from store import sqlite
from store.engine import Store, StoreError, create_store, open_store
from store.place import MOUNTS, file_system_of, place_of, refuse_network

NOBODY = 65534
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")


def _add(store: Store, name: str) -> None:
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES (:name)"), {"name": name})


def _names(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(text("SELECT name FROM team ORDER BY id")).scalars())


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MiB."""
    point = tmp_path / "small"
    point.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0777", "tmpfs", point], check=True)
    yield point
    subprocess.run(["umount", "-l", point], check=True)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="supervisor-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def _unprivileged() -> Iterator[None]:
    """The effective user is an ordinary one, as permissions mean nothing to root."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


# What is not a store


@pytest.mark.parametrize(
    "content", [b"name,team\nAnn,North\n" * 200, os.urandom(20_000), b"SQLite format 3\0" + b"\x07" * 200, b"x"]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    for opening in (open_store, create_store):
        with pytest.raises(StoreError, match=r"roster\.csv is (not a store of this program|damaged)"):
            opening(str(path))
    assert path.read_bytes() == content
    assert [found.name for found in tmp_path.iterdir()] == ["roster.csv"]


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE customer (name)")
        theirs.execute("PRAGMA user_version = 7")
    theirs.close()
    for opening in (open_store, create_store):
        with pytest.raises(StoreError, match=r"crm\.db is a database, but not a store of this program"):
            opening(str(path))
    with sqlite3.connect(path) as theirs:
        assert theirs.execute("SELECT name FROM sqlite_schema").fetchall() == [("customer",)]
        assert theirs.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
    theirs.close()


def test_a_missing_store_a_folder_and_a_bad_url_are_told_apart(tmp_path: Path) -> None:
    for url, words in (
        (str(tmp_path / "none.db"), r"there is no store at .*none\.db; make one with `supervisor init`"),
        (str(tmp_path), "is not a file"),
        ("", "no store is named"),
        ("mysql://host/x", "mysql://... is no store this program knows"),
        ("a\0b", "NUL"),
    ):
        with pytest.raises(StoreError, match=words):
            open_store(url)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be made: .*file is not a folder"):
        create_store(str(tmp_path / "file" / "store.db"))


def test_a_url_never_shows_its_password() -> None:
    assert place_of("postgresql://ann:secret@db.example/floor").shown == "postgresql://db.example/floor"
    with pytest.raises(StoreError) as error:
        open_store("postgresql://ann:secret@127.0.0.1:9/floor")
    assert "secret" not in str(error.value)
    assert "cannot be reached" in str(error.value)


# Damage


def test_a_damaged_store_says_so(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES (:name)"), [{"name": f"{n:0500}"} for n in range(500)])
    store.close()
    with Path(sqlite_url).open("r+b") as file:
        file.seek(-4096 * 40, os.SEEK_END)
        file.write(b"\xff" * 4096 * 40)
    store = open_store(sqlite_url)
    with pytest.raises(StoreError, match="is damaged; restore the last backup"):
        _names(store)
    store.close()


def test_a_store_cut_short_says_so(sqlite_url: str) -> None:
    os.truncate(sqlite_url, 4096 * 3)
    with (
        pytest.raises(StoreError, match="is damaged; restore the last backup"),
        open_store(sqlite_url).read() as connection,
    ):
        connection.execute(text("SELECT * FROM team, leg, call")).all()


# Locked


def test_a_lock_held_by_another_ends_in_words_and_readers_go_on(store_url: str, store: Store) -> None:
    _add(store, "North")
    hurried = open_store(store_url, patience_s=0.2)
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES ('South')"))
        with pytest.raises(StoreError, match="is locked by another program; try again"):
            _add(hurried, "East")
        assert _names(hurried) == ["North"]
    _add(hurried, "West")
    assert _names(store) == ["North", "South", "West"]
    hurried.close()


def test_a_table_locked_by_an_administrator_ends_in_words(postgresql_url: str) -> None:
    admin, hurried = open_store(postgresql_url), open_store(postgresql_url, patience_s=0.2)
    with admin.read() as connection:
        connection.execute(text("LOCK TABLE team IN ACCESS SHARE MODE"))
        with pytest.raises(StoreError, match="is locked by another program"), hurried.write() as other:
            other.execute(text("LOCK TABLE team IN ACCESS EXCLUSIVE MODE"))
    admin.close()
    hurried.close()


# Full


def _fill_up(store: Store) -> list[str]:
    """Write until it is refused; return what was acknowledged."""
    kept: list[str] = []
    with pytest.raises(StoreError, match="disk"):
        for number in range(10_000):
            _add(store, f"{number} " + "x" * 20_000)
            kept.append(f"{number} " + "x" * 20_000)
    return kept


@AS_ROOT
def test_a_full_disk_loses_nothing_acknowledged(small: Path, sqlite_template: Path) -> None:
    path = shutil.copy(sqlite_template, small / "store.db")
    ballast = small / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    store = open_store(str(path))
    kept = _fill_up(store)
    assert kept
    assert _names(store) == kept
    with pytest.raises(StoreError, match="disk"):
        _add(store, "x" * 500_000)
    ballast.unlink()
    _add(store, "after")
    assert _names(store) == [*kept, "after"]
    store.close()
    again = open_store(str(path))
    assert _names(again) == [*kept, "after"]
    with again.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
    again.close()


@AS_ROOT
def test_a_full_server_loses_nothing_acknowledged(
    postgresql_url: str, cluster: Any, tmp_path: Path, shared: Path
) -> None:
    """The tables move to a real file system of 2 MiB, so that the server itself stays alive."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=2m,mode=0700,uid={NOBODY}", "tmpfs", shared], check=True)
    store = open_store(postgresql_url)
    try:
        cluster.run(f"CREATE TABLESPACE small LOCATION '{shared}'")
        with store.write() as connection:
            connection.execute(text("ALTER TABLE team SET TABLESPACE small"))
            connection.execute(text("ALTER TABLE team ALTER name SET STORAGE PLAIN"))
            connection.execute(text("ALTER TABLE team DROP CONSTRAINT team_name_key"))
        kept = 0
        with pytest.raises(StoreError, match="has run out of disk"):
            for _ in range(10_000):
                _add(store, "x" * 7_000)
                kept += 1
        assert kept
        assert len(_names(store)) == kept
        with store.write() as connection:
            connection.execute(text("ALTER TABLE team SET TABLESPACE pg_default"))
        _add(store, "after")
        assert _names(store)[-1] == "after"
    finally:
        store.close()
        subprocess.run(["umount", "-l", shared], check=True)


# Read-only


@AS_ROOT
def test_read_only_media_can_be_read(small: Path, sqlite_template: Path) -> None:
    path = str(shutil.copy(sqlite_template, small / "store.db"))
    store = open_store(path)
    _add(store, "North")
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)
    store = open_store(path)
    assert _names(store) == ["North"]
    with pytest.raises(StoreError, match=r"cannot be opened or written: .* is read-only"):
        _add(store, "South")
    store.close()
    with pytest.raises(StoreError, match="cannot be made: Read-only file system"):
        create_store(str(small / "new" / "store.db"))


def test_a_read_only_file_or_folder_can_be_read_and_says_so(sqlite_template: Path, shared: Path) -> None:
    path = shared / "store.db"
    shutil.copy(sqlite_template, path)
    ours = open_store(str(path))
    _add(ours, "North")  # and stays open: the collector of another user
    for file in shared.iterdir():
        file.chmod(0o444)
    shared.chmod(0o555)
    with _unprivileged():
        store = open_store(str(path))
        assert _names(store) == ["North"]
        with pytest.raises(StoreError, match="read-only"):
            _add(store, "South")
        store.close()
    shared.chmod(0o755)
    ours.close()


def test_a_store_of_another_user_is_refused_in_words(sqlite_template: Path, shared: Path) -> None:
    path = shared / "store.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o000)
    with _unprivileged(), pytest.raises(StoreError, match="cannot be read by this user"):
        open_store(str(path))
    with _unprivileged(), pytest.raises(StoreError, match="cannot be made: Permission denied"):
        create_store(str(shared / "new.db"))


def test_a_store_is_its_owners_alone_unless_its_folder_is_shared(tmp_path: Path) -> None:
    before = os.umask(0o007)
    try:
        create_store(str(tmp_path / "own" / "store.db")).close()
        (tmp_path / "team").mkdir()
        (tmp_path / "team").chmod(0o2770)
        store = create_store(str(tmp_path / "team" / "store.db"))
        _add(store, "North")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "team").iterdir()}
    assert modes == {"store.db": 0o660, "store.db-wal": 0o660, "store.db-shm": 0o660}
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "own" / "store.db").stat().st_mode & 0o777 == 0o600
    store.close()


@AS_ROOT
def test_a_colleague_of_the_group_writes_into_a_shared_store(shared: Path) -> None:
    os.chown(shared, 0, NOBODY)
    shared.chmod(0o2770)
    ours = create_store(str(shared / "store.db"))
    _add(ours, "North")
    with _unprivileged():
        theirs = open_store(str(shared / "store.db"))
        _add(theirs, "South")
        assert _names(theirs) == ["North", "South"]
        theirs.close()
    assert _names(ours) == ["North", "South"]
    ours.close()


def test_a_read_only_server_says_so(postgresql_url: str, cluster: Any) -> None:
    name = postgresql_url.split("/")[3].split("?")[0]
    cluster.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store = open_store(postgresql_url)
    with pytest.raises(StoreError, match="is read-only"):
        _add(store, "North")
    assert _names(store) == []
    store.close()


# Network file systems and old libraries

REMOTE = """\
22 28 0:20 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
36 22 0:40 / /srv/nfs\\040share rw,relatime shared:2 - nfs4 server:/export rw,vers=4.2
37 22 0:41 / /mnt/windows rw,relatime - cifs //server/share rw
38 22 0:42 / /home/ann/remote rw,nosuid - fuse.sshfs ann@server: rw
39 22 0:43 / /mnt/stick rw - fuseblk /dev/sdb1 rw
40 36 0:44 / /srv/nfs\\040share/local rw - ext4 /dev/vdb1 rw
"""


@pytest.mark.parametrize(
    ("path", "kind", "refused"),
    [
        ("/srv/nfs share/floor/store.db", "nfs4", True),
        ("/mnt/windows/store.db", "cifs", True),
        ("/home/ann/remote/store.db", "fuse.sshfs", True),
        ("/mnt/stick/store.db", "fuseblk", False),
        ("/srv/nfs share/local/store.db", "ext4", False),
        ("/srv/nfs sharex/store.db", "ext4", False),
        ("/home/ann/store.db", "ext4", False),
    ],
)
def test_a_network_file_system_is_refused(path: str, kind: str, refused: bool) -> None:
    assert file_system_of(Path(path), REMOTE) == kind
    if not refused:
        refuse_network(Path(path), REMOTE)
        return
    with pytest.raises(StoreError, match=rf"network file system \({kind}\).*postgresql://"):
        refuse_network(Path(path), REMOTE)


@AS_ROOT
def test_the_systems_own_mount_table_is_read(small: Path) -> None:
    assert file_system_of(small / "store.db", MOUNTS.read_text()) == "tmpfs"
    assert file_system_of(small.parent / "store.db", MOUNTS.read_text()) != "tmpfs" or small.parent.is_relative_to(
        "/dev/shm"
    )


def test_an_sqlite_that_may_lose_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", None)
    if sqlite3.sqlite_version_info < sqlite.WAL_FIX:
        with pytest.raises(StoreError, match=r"may lose data; 3\.51\.3 or newer is needed"):
            sqlite.driver()
    else:
        assert sqlite.driver() is sqlite3


# Servers that go away, writers that die


def test_a_server_that_is_not_there_or_does_not_know_us(cluster: Any, tmp_path: Path) -> None:
    folder = cluster.folder
    for url, words in (
        (f"postgresql://supervisor@/floor?host={tmp_path}", "cannot be reached or went away"),
        (f"postgresql://supervisor@/nowhere?host={folder}", "does not exist; make it with `createdb`"),
        (f"postgresql://stranger@/postgres?host={folder}", "lets this user not in"),
    ):
        with pytest.raises(StoreError, match=words) as error:
            open_store(url)
        assert "\n" not in str(error.value)


def test_a_connection_cut_in_mid_write_rolls_back_and_the_next_one_works(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    _add(store, "North")
    with pytest.raises(StoreError, match=r"shut down or restarted|went away"), store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES ('South')"))
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with store.read() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own}).all()
        connection.execute(text("INSERT INTO team (name) VALUES ('East')"))
    _add(store, "West")
    assert _names(store) == ["North", "West"]
    store.close()


WRITER = """
import sys
from sqlalchemy import text
from store.engine import open_store
store, first = open_store(sys.argv[1]), int(sys.argv[2])
for number in range(first, first + 1_000_000):
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES (:name)"), {"name": str(number)})
        journal = "INSERT INTO journal (at_us, who, what, detail) VALUES (0, :name, '', '')"
        connection.execute(text(journal), {"name": str(number)})
    print(number, flush=True)
"""


def test_a_killed_writer_loses_and_halves_nothing(store_url: str, store: Store) -> None:
    """kill -9 while it writes: all that was acknowledged is there, and each transaction whole or not at all."""
    for first, acknowledged_at_least in ((0, 5), (1_000_000, 40), (2_000_000, 111)):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, store_url, str(first)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        heard = [writer.stdout.readline() for _ in range(acknowledged_at_least)]
        writer.send_signal(signal.SIGKILL)
        heard += writer.stdout.readlines()
        writer.wait()
        acknowledged = {line.strip() for line in heard if line.endswith("\n")}
        kept = _names(store)
        assert acknowledged <= set(kept)
        assert len(set(kept)) == len(kept)
        with store.read() as connection:
            assert connection.execute(text("SELECT who FROM journal ORDER BY id")).scalars().all() == kept


def test_a_reading_left_unfinished_does_not_keep_the_wal_growing(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write() as connection:
        connection.execute(text("INSERT INTO team (name) VALUES (:name)"), [{"name": f"{n:0900}"} for n in range(500)])
    with store.read() as connection:
        unfinished = connection.execute(text("SELECT * FROM team"))
        assert unfinished.fetchone()
    _add(store, "after")
    raw = store._writer.raw_connection()
    assert raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall() == [(0, 0, 0)]
    raw.close()
    store.close()
