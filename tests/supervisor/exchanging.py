"""A floor with a roster, whose tables are brought in and out by the command line."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from store import acts, roster, sources
from store.calls import ingest
from store.counting import histogram, histogram_anew
from store.engine import Store, create_store, open_store
from supervisor import __main__ as command_line
from supervisor.cli import common
from supervisor.cli.imports import terms
from supervisor.config import load
from supervisor.duties.acting import Doer
from supervisor.spreadsheets import unguarded
from tests.store.records import RULES, leg

CONFIGURATION = '[floor]\ntime_zone = "Europe/Berlin"\ncountry = "DE"\n[console]\nwho = "sue"\n'
KINDS = ("customers", "contacts", "orders", "payments")
NOW_US = 1_764_331_200_000_000
"""2025-11-28 13:00 in Berlin: the present of these tests."""
DAY_US = 86_400_000_000


class Floor:
    """A configuration and a store in a folder of their own, and the command line on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.capsys, self._monkeypatch = folder, capsys, monkeypatch
        self.at(NOW_US)

    def at(self, now_us: int) -> None:
        """Let it be that moment."""
        self._monkeypatch.setattr(common, "now_us", lambda: now_us)

    def use(self, url: str) -> None:
        """Turn to another store."""
        self._monkeypatch.setenv("SUPERVISOR_STORE", url)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        try:
            status = command_line.run(arguments)
        except SystemExit as ended:
            status = int(str(ended.code))
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def bring(self, what: str, content: str | bytes, *arguments: str) -> tuple[int, int, int, int]:
        """Import a table; return how many rows were new, changed, known, rejected."""
        found = self.summary(what, self.file(f"{what}.csv", content), *arguments)
        return found["new"], found["changed"], found["known"], found["rejected"]

    def summary(self, what: str, path: str, *arguments: str) -> dict[str, Any]:
        status, out, err = self.run("import", what, path, *arguments, "--json")
        assert status == 0, err
        found: dict[str, Any] = json.loads(out)
        return found

    def refusal(self, what: str, content: str | bytes, *arguments: str) -> str:
        """Import a table of which nothing can be used; return what is said."""
        status, out, err = self.run("import", what, self.file(f"{what}.csv", content), *arguments)
        assert (status, out) == (2, ""), out
        return err.splitlines()[-1]

    def out(self, what: str) -> str:
        status, out, err = self.run("export", what)
        assert status == 0, err
        return out

    def listed(self, what: str) -> list[dict[str, str]]:
        """What is exported, as a person means it."""
        rows = csv.DictReader(self.out(what).splitlines())
        return [{name: unguarded(cell) for name, cell in row.items()} for row in rows]

    def everything(self) -> dict[str, str]:
        return {what: self.out(what) for what in KINDS}

    @contextmanager
    def store(self) -> Iterator[Store]:
        opened = open_store(os.environ["SUPERVISOR_STORE"])
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.store() as store, store.write() as connection:
            yield connection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.store() as store, store.read() as connection:
            return [tuple(row) for row in connection.execute(text(query)).all()]

    def rejects(self, what: str) -> list[list[str]]:
        """The rejected rows: row, reason and record."""
        with (self.folder / f"{what}.csv.rejects.csv").open() as file:
            return list(csv.reader(file))[1:]

    def doer(self) -> Doer:
        return terms(load()).doer

    def call(self, group: str, number: str, at_us: int, agent: str = "1003", talk_ms: int = 60_000) -> None:
        """Let a call be made; effective where it lasted."""
        day = terms(load()).calendar.day_of(at_us)
        made = leg(
            group, agent=agent, to_raw=number, number=number if number.startswith("+") else None, started_us=at_us,
            answered_us=at_us, ended_us=at_us + talk_ms * 1000, talk_ms=talk_ms, day=day,
        )  # fmt: skip
        with self.writing() as connection:
            source_id = sources.ensure(connection, "pbx", "files", [])
            ingest(connection, source_id, [made], RULES, None, at_us)

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything of customers that is kept, derived or not; only the ledger keeps what was taken back."""
        tables = ("customer", "customer_number", "customer_person", "distinct_pair", "waiting_call", "sales_order")
        found = {name: self.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in (*tables, "payment")}
        found["histogram"] = self.histogram()
        found["standing"] = self.rows(
            "SELECT customer_id, at_us, day, channel, origin, specialist_id, outcome, note, claimed_ms, "
            "group_id, number FROM contact AS e WHERE counters IS NULL AND NOT EXISTS (SELECT 1 FROM contact AS t "
            "WHERE t.counters = e.id) ORDER BY at_us, customer_id, channel, note"
        )
        return found

    def histogram(self) -> list[tuple[Any, ...]]:
        """Customers by contact number: as it is kept, which is as it is counted anew."""
        with self.writing() as connection:
            kept = histogram(connection)
            assert histogram_anew(connection) == 0
            return [tuple(row) for row in kept]


def make_roster(url: str) -> None:
    """Anna (phone pbx:1003) and Bob."""
    store = create_store(url)
    try:
        with store.write() as connection:
            anna = roster.put_specialist(connection, None, "Anna", {})
            roster.put_specialist(connection, None, "Bob", {})
            source_id = roster.source(connection, "pbx", "files")
            roster.assign(connection, roster.identity(connection, source_id, "1003"), anna, 0)
            acts.note(connection, "sue", "imported a roster", "", 0)
    finally:
        store.close()


@pytest.fixture
def floor(tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Floor:
    """A floor with a roster on each database."""
    return _floor(tmp_path, store_url, monkeypatch, capsys)


@pytest.fixture
def quick(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Floor:
    """The same on SQLite alone, for what no database has a part in."""
    return _floor(tmp_path, sqlite_url, monkeypatch, capsys)


def _floor(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Floor:
    (folder / "supervisor.toml").write_text(CONFIGURATION)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(folder / "supervisor.toml"))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    made = Floor(folder, capsys, monkeypatch)
    made.use(url)
    make_roster(url)
    return made
