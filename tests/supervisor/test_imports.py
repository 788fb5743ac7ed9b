"""`supervisor import` from end to end: what is stored, what is said, what is rejected, and what an interruption
leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest
from sqlalchemy import text

from store.engine import Store, open_store
from supervisor import __main__ as command_line
from supervisor.cli.rejects import Rejects

DATA = Path(__file__).parents[1] / "data"
CONFIGURATION = """
[floor]
time_zone = "Europe/Berlin"
[sources.pbx]
type = "files"
format = "asterisk-csv"
agents = ["PJSIP/{agent}-*"]
trunks = ["PJSIP/carrier-*", "PJSIP/deadtrunk-*"]
dial_prefixes = ["9"]
[sources.sheet]
type = "files"
mapping = "ours"
[mappings.ours]
agent = "Nebenstelle"
to = "Ziel"
started = "Beginn"
"""


class Floor:
    """A configuration and a store in a folder of their own, and the command line on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        status = command_line.run(arguments)
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def summary(self, *arguments: str) -> dict[str, Any]:
        status, out, err = self.run(*arguments, "--json")
        assert status == 0, err
        found: dict[str, Any] = json.loads(out)
        return found

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        store = open_store(os.environ["SUPERVISOR_STORE"])
        try:
            return everything(store, query)
        finally:
            store.close()


def everything(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(query)).all()]


@pytest.fixture
def floor(tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Floor:
    (tmp_path / "supervisor.toml").write_text(CONFIGURATION)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(tmp_path / "supervisor.toml"))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Floor(tmp_path, capsys)


ROSTER = "Name,Team,Region,Hired,Identities\nAnna,North,Berlin,2024-02-01,pbx:1003;cloud:a-7\nBob,South,,,pbx:1004\n"
WHOSE = (
    "SELECT s.name, src.name, i.agent, a.since, a.until FROM assignment a JOIN specialist s ON s.id = a.specialist_id "
    "JOIN phone_identity i ON i.id = a.identity_id JOIN source src ON src.id = i.source_id ORDER BY a.id"
)


def test_a_roster_is_stored_once_and_its_changes_follow(floor: Floor) -> None:
    path = floor.file("roster.csv", ROSTER)
    status, out, err = floor.run("import", "roster", path)
    assert (status, out) == (0, "2 rows: 2 specialists new, 0 changed, 0 already known, 0 rejected\n")
    assert "name = 'Name'" in err, "the mapping is shown before it is used"
    assert floor.rows(WHOSE) == [
        ("Anna", "pbx", "1003", 0, None),
        ("Anna", "cloud", "a-7", 0, None),
        ("Bob", "pbx", "1004", 0, None),
    ]
    assert floor.summary("import", "roster", path)["known"] == 2
    floor.file("roster.csv", ROSTER.replace("South", "North").replace("pbx:1004", "pbx:1004;pbx:1005"))
    assert floor.summary("import", "roster", path) == {
        "rows": 2, "new": 0, "changed": 1, "known": 1, "rejected": 0, "rejects_file": None,
    }  # fmt: skip
    assert floor.rows("SELECT s.name, t.name FROM specialist s JOIN team t ON t.id = s.team_id ORDER BY 1") == [
        ("Anna", "North"),
        ("Bob", "North"),
    ]


def test_a_phone_that_passes_on_leaves_its_history_with_whoever_had_it(floor: Floor) -> None:
    path = floor.file("roster.csv", ROSTER)
    floor.run("import", "roster", path)
    floor.file("roster.csv", "name,identities\nAnna,cloud:a-7\nBob,pbx:1003\n")
    assert floor.summary("import", "roster", path)["changed"] == 1
    held = [row for row in floor.rows(WHOSE) if row[2] == "1003"]
    assert [(who, bool(until)) for who, _, _, _, until in held] == [("Anna", True), ("Bob", False)]
    assert held[0][4] == held[1][3]
    assert floor.summary("import", "roster", path)["known"] == 2


def test_bad_roster_rows_are_named_and_kept_where_no_spreadsheet_obeys_them(floor: Floor) -> None:
    path = floor.file(
        "roster.csv",
        ROSTER
        + "=cmd|' /C calc'!A0,X,,03/04/2026,\n"
        + ",X,,,\n"
        + "Carl,X,,,1003\n"
        + "Dora,X,,,pbx:1003\n"
        + "Anna,Else,,,\n"
        + f"{'x' * 200},,,,\n",
    )
    found = floor.summary("import", "roster", path)
    assert (found["new"], found["rejected"]) == (2, 6)
    lines = Path(found["rejects_file"]).read_text().splitlines()
    assert lines[0] == "row,reason,record"
    words = ["two days", "no name", "not a phone identity", "phone of 'Anna'", "row 2 already", "at most 120"]
    assert all(
        word in line and line.startswith(f"{row},")
        for row, (word, line) in enumerate(zip(words, lines[1:], strict=True), 4)
    )
    assert ",'=cmd|" in lines[1]
    status, out, _ = floor.run("import", "roster", path)
    assert (status, out) == (
        0,
        f"8 rows: 0 specialists new, 0 changed, 2 already known, 6 rejected, see {path}.rejects.csv\n",
    )


def test_attendance_is_stored_by_specialist_and_day(floor: Floor) -> None:
    floor.run("import", "roster", floor.file("roster.csv", ROSTER))
    told = "Date;Specialist;Status;Start;End\n2026-11-23;Anna;half;09:00;13:00\n23.11.2026;Bob;Sick;;\n"
    bad = (
        "2026-11-23;Bobb;leave;;\n2026-11-24;Anna;here;;\n2026-11-24;Bob;present;13:00;09:00\n2026-11-23;Anna;leave;;\n"
    )
    path = floor.file("attendance.csv", told + bad)
    found = floor.summary("import", "attendance", path)
    assert (found["new"], found["rejected"]) == (2, 4)
    reasons = Path(found["rejects_file"]).read_text()
    assert all(
        word in reasons for word in ("did you mean 'Bob'", "status is 'here'", "before it starts", "row 2 already")
    )
    stored = 'SELECT s.name, a.day, a.status, a.start, a."end" FROM attendance a '
    stored += "JOIN specialist s ON s.id = a.specialist_id ORDER BY 1"
    assert floor.rows(stored) == [("Anna", 20261123, "half", 540, 780), ("Bob", 20261123, "sick", None, None)]
    floor.file("attendance.csv", told.replace("half", "present"))
    found = floor.summary("import", "attendance", path)
    assert (found["new"], found["changed"], found["known"]) == (0, 1, 1)


LEGS = "SELECT leg_id, group_id, direction, number, started_us, ended_us, talk_ms, outcome FROM leg ORDER BY leg_id"
TALLIES = (
    "SELECT i.agent, t.day, t.dials, t.connected, t.effective, t.talk_ms, t.calls FROM tally t "
    "JOIN phone_identity i ON i.id = t.identity_id ORDER BY 1, 2"
)


def test_calls_are_stored_once_and_edited_ones_make_a_revision(floor: Floor) -> None:
    master = (DATA / "asterisk" / "main.Master.csv").read_text(errors="surrogateescape")
    path = floor.file("Master.csv", master.encode(errors="surrogateescape"))
    status, out, _ = floor.run("import", "calls", path, "--source", "pbx")
    assert (status, out) == (0, "152 rows: 152 legs new, 0 changed, 0 already known, 0 rejected\n")
    before = floor.rows(LEGS), floor.rows(TALLIES)
    assert floor.summary("import", "calls", path, "--source", "pbx")["known"] == 152
    assert (floor.rows(LEGS), floor.rows(TALLIES)) == before
    edited = master.replace('"2026-11-23 18:29:16",7,5,"ANSWERED"', '"2026-11-23 18:29:15",6,4,"ANSWERED"', 1)
    floor.file("Master.csv", edited.encode(errors="surrogateescape"))
    found = floor.summary("import", "calls", path, "--source", "pbx", "--format", "asterisk-csv")
    assert (found["new"], found["changed"], found["known"]) == (0, 1, 151)
    assert floor.rows("SELECT leg_id FROM revision") == [("1795454949.0:0",)]


def test_a_named_mapping_and_one_on_the_command_line(floor: Floor) -> None:
    path = floor.file("calls.csv", "Nebenstelle,Ziel,Beginn,Dauer\n1003,+4915112345678,2026-11-23 10:00:00,45\n")
    status, out, err = floor.run("import", "calls", path, "--source", "sheet", "--map", "talk_seconds=dauer")
    assert status == 0 and out.startswith("1 rows: 1 legs new"), err
    assert "started = 'Beginn'" in err
    assert floor.rows("SELECT talk_ms, outcome, number FROM leg") == [(45_000, "answered", "+4915112345678")]
    assert floor.summary("import", "calls", path, "--source", "pbx", "--format", "csv", "--mapping", "ours")["new"] == 1


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"", ("--source", "pbx"), "is empty"),
        (os.urandom(5000).replace(b",", b"x"), ("--source", "pbx"), "cannot be read as asterisk-csv"),
        (b"a,b\nc,d\n", ("--source", "pbx"), "nothing in"),
        (b"a,b\nc,d\n", ("--source", "pbx", "--format", "csv"), "no column for agent, to, started"),
        (b"a,b\n", ("--source", "pbxx"), "there is no [sources.pbxx]"),
        (b"a,b\n", ("--source", "sheet", "--mapping", "nobody"), "there is no [mappings.nobody]"),
        (b"a,b\n", ("--source", "sheet", "--map", "agent"), "write FIELD=COLUMN"),
        (b"a,b\n", ("--source", "sheet", "--format", "excel"), "excel"),
    ],
)
def test_an_unusable_file_or_wish_ends_with_one_line_and_stores_nothing(
    floor: Floor, content: bytes, arguments: tuple[str, ...], words: str
) -> None:
    path = floor.file("Master.csv", content)
    try:
        status, out, err = floor.run("import", "calls", path, *arguments)
    except SystemExit as ended:
        told = floor.capsys.readouterr()
        status, out, err = int(str(ended.code)), told.out, told.err
    assert (status, out) == (2, "")
    assert words in err.splitlines()[-1] and err.splitlines()[-1].startswith("supervisor: ")
    assert floor.rows("SELECT count(*) FROM source") == floor.rows("SELECT count(*) FROM leg") == [(0,)]
    assert not list(floor.folder.glob("*rejects*")) and not list(floor.folder.glob(".*rejects*"))


def big_file(path: Path, rows: int) -> None:
    with path.open("w") as file:
        for number in range(rows):
            minute, second = number // 60 % 60, number % 60
            day, hour = 1 + number // 36_000 % 28, 8 + number // 3_600 % 10
            at = f"2026-09-{day:02} {hour:02}:{minute:02}:{second:02}"
            file.write(
                f'"","{1001 + number % 12}","91555{number:07}","agents","x","PJSIP/{1001 + number % 12}-{number:08x}",'
                f'"PJSIP/carrier-{number:08x}","Dial","PJSIP/1555{number:07}@carrier,25","{at}","{at}","{at}",0,0,"ANSWERED",'
                f'"DOCUMENTATION","17.{number}","","","17.{number}",{number}\n'
            )


def test_an_import_killed_at_any_moment_and_run_again_ends_in_the_same_store(tmp_path: Path, sqlite_url: str) -> None:
    rows = 40_000
    path = tmp_path / "Master.csv"
    big_file(path, rows)
    (tmp_path / "supervisor.toml").write_text(CONFIGURATION)
    small_batches = "import supervisor.imports as i; i.BATCH = 2_000; from supervisor.__main__ import main; main()"
    command = [sys.executable, "-c", small_batches, "import", "calls", str(path), "--source", "pbx", "--json"]
    environment = {**os.environ, "SUPERVISOR_CONFIG": str(tmp_path / "supervisor.toml"), "SUPERVISOR_STORE": sqlite_url}
    store = open_store(sqlite_url)

    def count() -> int:
        return int(everything(store, "SELECT count(*) FROM leg")[0][0])

    try:
        for goal in (1, rows // 4, rows // 2):
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            while count() < goal and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            stored = count()
            tallied = everything(store, "SELECT coalesce(sum(dials), 0) FROM tally")[0][0]
            assert tallied == stored == everything(store, "SELECT count(*) FROM call")[0][0]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        found = json.loads(done.stdout)
        assert found["new"] + found["known"] == rows == count() and found["known"] >= rows // 2
        assert everything(store, "SELECT sum(dials), sum(connected) FROM tally") == [(rows, rows)]
    finally:
        store.close()


def test_on_a_terminal_a_bar_moves_and_ctrl_c_says_what_is_left(tmp_path: Path, sqlite_url: str) -> None:
    path = tmp_path / "Master.csv"
    big_file(path, 300_000)
    (tmp_path / "supervisor.toml").write_text(CONFIGURATION)
    environment = {
        "SUPERVISOR_CONFIG": str(tmp_path / "supervisor.toml"),
        "SUPERVISOR_STORE": sqlite_url,
        "TERM": "xterm",
    }
    arguments = ["-m", "supervisor", "import", "calls", str(path), "--source", "pbx"]
    terminal = pexpect.spawn(
        sys.executable,
        arguments,
        env={**os.environ, **environment},
        encoding="utf-8",
        timeout=30,
        dimensions=(24, 100),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # deaf where started in the background
    )
    terminal.expect(r"asterisk-csv, UTF-8")
    terminal.expect(r"[\d,]+ rows")
    terminal.sendintr()
    terminal.expect("interrupted: what was read so far is stored")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 130


def test_rejects_replace_the_earlier_file_and_follow_no_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    target = tmp_path / "calls.csv.rejects.csv"
    target.symlink_to(victim)
    for reason in ("first", "second"):
        rejects = Rejects(tmp_path / "calls.csv", tmp_path / "data")
        rejects.add(7, reason, ["+4915112345678", "+1-2", "@x", "\x1b[31m"])
        assert rejects.finish() == target
    assert victim.read_text() == "precious" and not target.is_symlink()
    assert target.read_text() == "row,reason,record\n7,second,+4915112345678,'+1-2,'@x,␛[31m\n"
    assert target.stat().st_mode & 0o777 == 0o600


def test_rejects_go_to_the_data_folder_where_the_files_folder_cannot_be_written(tmp_path: Path) -> None:
    rejects = Rejects(Path("/proc/self/calls.csv"), tmp_path / "data")
    rejects.add(1, "why", ["x"])
    assert rejects.finish() == tmp_path / "data" / "calls.csv.rejects.csv"


def test_what_was_collected_and_not_finished_leaves_nothing(tmp_path: Path) -> None:
    rejects = Rejects(tmp_path / "calls.csv", tmp_path / "data")
    rejects.add(1, "why", ["x"])
    rejects.discard()
    assert list(tmp_path.iterdir()) == []
