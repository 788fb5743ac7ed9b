"""Faults during an import of calls, with the real thing: one clear sentence, and nothing stored is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from store.engine import open_store
from supervisor import __main__ as command_line
from supervisor import imports
from tests.supervisor.test_imports import CONFIGURATION, big_file

NOBODY = 65534


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own, with a configuration in it."""
    made = Path(tempfile.mkdtemp(prefix="supervisor-"))
    made.chmod(0o777)
    (made / "supervisor.toml").write_text(CONFIGURATION)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(made / "supervisor.toml"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 12 MiB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    point = tmp_path / "small"
    point.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=0777", "tmpfs", point], check=True)
    yield point
    subprocess.run(["umount", "-l", point], check=True)


def ran(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        status = command_line.run(words)
    except SystemExit as ended:
        status = int(str(ended.code))
    told = capsys.readouterr()
    return status, told.out, told.err.splitlines()[-1] if told.err else ""


def counted(store: Path) -> dict[str, Any]:
    opened = open_store(str(store))
    try:
        with opened.read() as connection:
            return {
                what: connection.execute(text(query)).scalar()
                for what, query in (
                    ("legs", "SELECT count(*) FROM leg"),
                    ("calls", "SELECT count(*) FROM call"),
                    ("dials", "SELECT coalesce(sum(dials), 0) FROM tally"),
                )
            }
    finally:
        opened.close()


def test_a_file_that_may_not_be_read_is_named_and_nothing_is_stored(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, closed, store = folder / "good.csv", folder / "closed.csv", folder / "floor.db"
    big_file(good, 3)
    monkeypatch.setenv("SUPERVISOR_STORE", str(folder / "other.db"))
    assert ran(capsys, "import", "calls", str(good), "--source", "pbx")[0] == 0
    monkeypatch.setenv("SUPERVISOR_STORE", str(store))
    shutil.copy(good, closed)
    (folder / "inside").mkdir(mode=0o700)
    shutil.copy(good, folder / "inside" / "calls.csv")
    closed.chmod(0)
    if os.geteuid() != 0:
        (folder / "inside").chmod(0)
    for file in (closed, folder / "inside" / "calls.csv"):
        if os.getuid() == 0:
            os.seteuid(NOBODY)  # permissions mean nothing to root
        try:
            status, out, said = ran(capsys, "import", "calls", str(file), "--source", "pbx")
        finally:
            if os.getuid() == 0:
                os.seteuid(0)
        assert (status, out) == (2, "")
        assert said == f"supervisor: {file} cannot be read: Permission denied"
        assert not store.exists()
    (folder / "inside").chmod(0o700)


def test_a_full_disk_ends_an_import_and_room_made_it_goes_on(
    folder: Path, small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, store = 20_000, small / "floor.db"
    file = folder / "Master.csv"
    big_file(file, rows)
    monkeypatch.setenv("SUPERVISOR_STORE", str(store))
    monkeypatch.setattr(imports, "BATCH", 2_000)
    words = ("import", "calls", str(file), "--source", "pbx", "--json")
    status, out, said = ran(capsys, *words)
    assert (status, out) == (2, "")
    full = "could not grow: the disk is full; nothing stored is lost, make room and try again"
    assert said == f"supervisor: the store {store} {full}"
    stored = counted(store)
    assert 0 < stored["legs"] == stored["calls"] == stored["dials"] < rows, "each transaction whole or not at all"
    assert not list(folder.glob("*.rejects.csv"))
    subprocess.run(["mount", "-o", "remount,size=200m", small], check=True)
    status, out, said = ran(capsys, *words)
    assert status == 0, said
    found = json.loads(out)
    assert (found["known"], found["new"]) == (stored["legs"], rows - stored["legs"])
    assert counted(store) == {"legs": rows, "calls": rows, "dials": rows}
