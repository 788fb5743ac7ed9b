"""Hostile texts, brought in as in life, against every place where the program shows, logs or writes a text.

What a program writes to its terminal is read from a real pseudo-terminal, byte by byte.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import csv
import io
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from supervisor.__main__ import FAILED
from tests.peers.ami import AmiPeer, message, until
from tests.peers.world import headers_of
from tests.safety import floor as made
from tests.safety.floor import Floor, Ran, Terminal, Words
from tests.safety.hostile import (
    CLIPBOARD,
    COCKTAIL,
    CONSOLE,
    FILE_NAME,
    PAYLOADS,
    PROGRESS,
    assert_neutral,
    is_forbidden,
    markers,
)

ALL = set(PAYLOADS)
FORMULA = re.compile(r"[=+\-@\t\r]")
REFUSED = (
    message([("Response", "Error"), ("Message", made.without(COCKTAIL, "\r\n"))]).rstrip() + b"\r\nActionID: %s\r\n\r\n"
)


@contextlib.contextmanager
def in_background() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """An event loop in a thread: yields what runs a coroutine in it to its end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def lie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A manager interface that refuses everything, in words of its own."""
    writer.write(b"Asterisk Call Manager/12.0.0\r\n")
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while asked := await reader.readuntil(b"\r\n\r\n"):
            writer.write(REFUSED % headers_of(asked)["ActionID"].encode())
    writer.close()


class Live:
    """The floor, its collector and the manager that the collector follows."""

    def __init__(self, floor: Floor, collector: Terminal, imported: dict[str, Ran]) -> None:
        self.floor = floor
        self.collector = collector
        self.imported = imported


async def _listen() -> asyncio.Server:
    return await asyncio.start_server(lie, "127.0.0.1", 0)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("floor")
    with in_background() as run:
        peer = AmiPeer()
        peer.banner = made.without(COCKTAIL, "\r\n").join(("Asterisk Call Manager/12.0.0", "\r\n")).encode()
        run(peer.listen())
        liar = run(_listen())
        for name in ("Originate", "Hangup"):
            peer.replies[name] = lambda session, action, identity: REFUSED % action["ActionID"].encode()
        floor = made.make(folder, peer.port, liar.sockets[0].getsockname()[1])
        imported = {
            name: floor.run("import", name, os.fsencode(folder) + b"/" + name.encode() + FILE_NAME, *more)
            for name, more in (("roster", ()), ("attendance", ()), ("calls", ("--source", "records")))
        }
        collector = Terminal(floor.words("collect"), floor.environment)
        run(until(lambda: any(asked.get("Action") == "Status" for asked in peer.actions), 30))
        run(peer.replay(made.events_of(len(PAYLOADS), "/")))  # a phone with a plain name: 1003
        for number, text in enumerate(PAYLOADS.values()):
            run(peer.replay([*made.events_of(number, text), made.pause_of(text)]))
        try:
            for _ in range(30):  # until the collector has written the last of them
                if floor.run("status", "--format", "json").raw.count(b'"talking"') >= len(PAYLOADS) - 3:
                    break
            yield Live(floor, collector, imported)
        finally:
            collector.child.terminate()
            collector.end()
            run(peer.stop())
            liar.close()


# -- what was brought in ------------------------------------------------------------------------------------------


def test_imports_say_what_they_read_and_what_they_could_not_use(live: Live) -> None:
    for name, ran in live.imported.items():
        assert ran.status == 0, ran.raw
        said = assert_neutral(ran.raw, PROGRESS)
        assert "K99␛]0;title␇" in said and "rejected, see" in said
        rejects = live.floor.path(name.encode() + FILE_NAME + b".rejects.csv").read_bytes()
        assert markers(assert_neutral(rejects)) >= ALL - {"K09"}
        assert_no_formula(rejects.decode())


def assert_no_formula(text: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for cell in (cell for row in rows for cell in row):
        assert not FORMULA.match(cell) or re.fullmatch(r"\+\d+|-?\d+(?:\.\d+)?", cell), cell
    return rows


# -- commands -----------------------------------------------------------------------------------------------------


def test_commands_show_everything_and_obey_nothing(live: Live) -> None:
    said = live.floor.run_all(SHOWING)
    for name in ("status", "status-json", "calls", "calls-json", "calls-csv"):
        assert markers(said[name]) == ALL, name
    status = json.loads(said["status-json"])
    assert {line["state"] for line in status["specialists"]} >= {"talking"}
    assert all(not any(map(is_forbidden, text)) for text in texts_of(status))
    assert all(not any(map(is_forbidden, text)) for text in texts_of(json.loads(said["calls-json"])))
    rows = assert_no_formula(said["calls-csv"].replace("\r\n", "\n"))
    assert {len(row) for row in rows} == {12}
    assert "liar" in said["status"] and "␛]0;title" in said["doctor"].partition("liar")[2]
    for name in ("status", "calls", "doctor", "check", "quota", "recount"):
        assert all("␛" in line or line.isprintable() or "\u200d" in line for line in said[name].splitlines()), name


SHOWING: dict[str, tuple[Words, int]] = {
    "status": (("status",), 0),
    "status-json": (("status", "--format", "json"), 0),
    "calls": (("calls",), 0),
    "calls-json": (("calls", "--format", "json"), 0),
    "calls-csv": (("calls", "--format", "csv"), 0),
    "quota": (("quota",), 0),
    "doctor": (("doctor",), 1),
    "check": (("store", "check"), 0),
    "recount": (("store", "recount"), 0),
}


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.items() for text in texts_of(list(item)))
    elif isinstance(value, list):
        yield from (text for item in value for text in texts_of(item))


def test_no_command_repeats_what_it_was_told_as_it_was_told(live: Live, tmp_path: Path) -> None:
    hostile = os.fsencode(tmp_path) + b"/" + FILE_NAME
    garbage, headed, not_a_store = (hostile + ending for ending in (b".xlsx", b".csv", b".db"))
    Path(os.fsdecode(garbage)).write_bytes(b"PK\x03\x04" + bytes(range(256)))
    Path(os.fsdecode(headed)).write_text(made.table(list(PAYLOADS.values()), ["x"]), newline="")
    Path(os.fsdecode(not_a_store)).write_bytes(b"no database" * 99)
    configurations = {}
    for number, text in enumerate(WRONG):
        configurations[f"configuration-{number}"] = file = hostile + b"%d.toml" % number
        Path(os.fsdecode(file)).write_text(text)
    quota = ("--dials", "1", "--effective", "1", "--talk-minutes", "1")
    wrong: dict[str, Words] = {
        "command": (COCKTAIL,),
        "option": ("status", "--" + COCKTAIL),
        "argument": ("status", COCKTAIL),
        "day": ("calls", "--day", COCKTAIL),
        "format": ("calls", "--format", COCKTAIL),
        "specialist": ("calls", "--specialist", COCKTAIL),
        "near": ("calls", "--specialist", PAYLOADS["K01"][1:] + "x"),
        "number": ("quota", "set", "--dials", COCKTAIL),
        "team": ("quota", "set", *quota, "--team", COCKTAIL),
        "quota specialist": ("quota", "set", *quota, "--specialist", COCKTAIL),
        "quota since": ("quota", "set", *quota, "--since", COCKTAIL),
        "what to import": ("import", COCKTAIL),
        "no file": ("import", "roster", hostile + b"nothing"),
        "garbage": ("import", "roster", garbage),
        "columns": ("import", "roster", headed),
        "columns of calls": ("import", "calls", headed, "--source", "records"),
        "a folder": ("import", "attendance", str(tmp_path)),
        "map": ("import", "roster", headed, "--map", COCKTAIL),
        "map to": ("import", "roster", headed, "--map", f"name={COCKTAIL}"),
        "map from": ("import", "roster", headed, "--map", f"{COCKTAIL}={PAYLOADS['K00']}"),
        "mapping": ("import", "roster", headed, "--mapping", COCKTAIL),
        "source": ("import", "calls", headed, "--source", COCKTAIL),
        "calls' format": ("import", "calls", headed, "--source", "records", "--format", COCKTAIL),
        "nothing of use": ("import", "roster", headed, "--map", f"name={PAYLOADS['K00']}"),
        "backup over": ("store", "backup", garbage),
        "backup nowhere": ("store", "backup", hostile + b"/no/where"),
        "store command": ("store", COCKTAIL),
        "no store": ("--store", hostile + b".none", "status"),
        "not a store": ("--store", not_a_store, "status"),
        "no server": ("--store", b"postgresql://u@/x?host=" + hostile, "status"),
        "no url": ("--store", f"mysql://{COCKTAIL}", "status"),
        "half a url": ("--store", f"postgresql://[{COCKTAIL}", "status"),
        "no configuration": ("--config", hostile + b".none", "status"),
        "init over": ("--config", headed, "init"),
        "console": ("console", COCKTAIL),
        "seed": ("demo", "--seed", COCKTAIL),
    } | {name: ("--config", file, "console" if "keys" in name else "status") for name, file in configurations.items()}
    said = live.floor.run_all({name: (words, 2) for name, words in wrong.items()})
    for name, text in said.items():
        assert text.startswith(("supervisor: ", str(tmp_path))), (name, text)
        assert "Traceback" not in text and len(text.splitlines()) <= 3, (name, text)
    looked = live.floor.run_all(
        {form: (("--config", file, "doctor", "--format", form), 1) for form in ("table", "json", "csv")}
    )
    assert any("␛" in text for text in texts_of(json.loads(looked["json"])))
    assert_no_formula(looked["csv"].replace("\r\n", "\n"))
    said |= looked
    shown = {name for name, text in said.items() if re.search(r"␛|\\x1b", text)}
    assert shown >= wrong.keys() - SILENT, wrong.keys() - shown


def test_where_things_were_put_is_said_whatever_the_folder_is_called(live: Live, tmp_path: Path) -> None:
    home = tmp_path / 'K99\x1b]0;title\x07\u202e[b]\n="home'
    home.mkdir()
    said = live.floor.run_all(
        {
            "init": (("--config", str(home / "floor.toml"), "--store", str(home / "init.db"), "init"), 0),
            "upgrade": (("--store", str(home / "more.db"), "store", "upgrade"), 0),
            "backup": (("store", "backup", str(home / "backup.db")), 0),
            "demo": (("demo", "--no-console"), 0),
        },
        HOME=str(home),
    )
    assert all("K99␛]0;title␇�[b]␊=" in text for text in said.values()), said


LITERAL = json.dumps(made.without(COCKTAIL, "\U000e0041"))
WRONG = [
    f"{LITERAL} = 1",
    f"[floor]\n{LITERAL} = 1",
    f"[floor]\ntime_zone = {LITERAL}",
    f"[floor]\ncountry = {LITERAL}",
    f"[floor]\nworking_hours = [{LITERAL}]",
    f"[floor]\ndays_off = [{LITERAL}]",
    f"[console]\ntheme = {LITERAL}",
    f"[log]\nlevel = {LITERAL}",
    f"[sources.{LITERAL}]\ntype = 'files'",
    f"[floor]\nname = {COCKTAIL}",
]
"""Configurations that cannot be used, for a reason that holds text of theirs."""

SILENT = {"a folder", "map from", "half a url", "no url", "number", "seed"}
"""Which complaints hold nothing of the text."""


# -- the console --------------------------------------------------------------------------------------------------


@pytest.fixture
def console(live: Live) -> Iterator[Terminal]:
    """The console over the floor; when a test ends it ends well, having written nothing but what is its own."""
    terminal = Terminal(live.floor.words("console"), live.floor.environment)
    try:
        terminal.until(lambda shown: markers(shown) == ALL)
        yield terminal
        terminal.press("\x1b", 0.3)
        terminal.press("\x1b", 0.3)
        terminal.press("q")
        ran = terminal.end()
    finally:
        terminal.child.kill()
        terminal.end()
    assert ran.status == 0
    assert_neutral(re.sub(CLIPBOARD, "", ran.raw.decode()).encode(), CONSOLE)


def copied(terminal: Terminal) -> list[str]:
    return [base64.b64decode(found).decode() for found in CLIPBOARD.findall(terminal.raw.decode(errors="replace"))]


def test_the_board_its_detail_and_what_is_copied(console: Terminal) -> None:
    head, *_ = console.shown.splitlines()
    assert "␛]0;title␇" in head and markers(head) == {"K00", "K05"}
    console.press("g")
    console.press("\r", 0.4)
    seen: set[str] = set()
    for _ in range(len(ALL)):
        console.press("y", 0.02)
        seen |= markers("\n".join(line[150:] for line in console.press("J", 0.06).splitlines()))
    assert seen == ALL
    texts = copied(console)
    assert len(set(texts)) >= len(ALL) - 5
    assert not [text for text in texts if any(is_forbidden(c) for c in text if c != "\t")]
    console.press("G")
    assert "\t" in (console.press("y", 0.3) and copied(console)[-1]), "a row without a call is copied whole"


def test_what_is_typed_or_pasted_into_the_console(console: Terminal) -> None:
    pasted = "\x1b[200~K05\x9b5;7;35m\u202e[/b][@click=app.bell]e" + "\u0335" * 9 + "\U000e0041\x1b[201~"
    console.press("/")
    console.shows(pasted, "[@click=app.bell]")
    console.shows("\r", "Nobody matches")
    console.press("\x1b")
    console.until(lambda shown: "Nobody matches" not in shown)
    console.press("G")
    console.shows("a", "Whose phone is")
    console.press(pasted, 0.3)
    console.press("\r")
    console.until(lambda shown: "new in the roster" in shown)
    console.press("u")
    console.until(lambda shown: "new in the roster" not in shown and "[@click" in shown.splitlines()[-1])


def test_dialogs_help_palette_and_answers(console: Terminal) -> None:
    assert len(markers(console.shows("t", "All teams").partition("All teams")[2])) >= 20
    console.press("\x1b", 0.4)
    console.press("G")
    assert len(markers(console.shows("a", "Whose phone is").partition("Whose phone is")[2])) >= 20
    console.press("\x1b", 0.4)
    console.press("g")
    console.shows("x", "Ends at once")
    console.press("\x1b", 0.4)
    console.press("l")
    console.until(lambda shown: "not one that can be acted on" in shown.splitlines()[-1])
    console.press("/", 0.4)
    console.shows("pbx:1003\r", "/ pbx:1003")
    console.press("l")
    console.until(lambda shown: "Listening to pbx:1003: " in shown and "␛]0;title␇" in shown.splitlines()[-1])
    console.shows("?", "Keys of the floor")
    console.press("\x1b", 0.4)
    console.press("\x10", 0.4)
    console.press("expo", 0.4)


def test_an_export(console: Terminal, live: Live) -> None:
    console.press("E")
    console.until(lambda shown: "rows written to" in shown)
    (file,) = Path(live.floor.environment["HOME"]).rglob("floor-*.csv")
    written = file.read_bytes()
    assert b"\r" not in written
    assert markers(assert_neutral(written)) == ALL
    rows = assert_no_formula(written.decode())
    assert len({len(row) for row in rows}) == 1


# -- what is left behind ------------------------------------------------------------------------------------------


def test_a_failure_of_its_own(live: Live, tmp_path: Path) -> None:
    """Neither the console nor a command repeats what it failed on; where they say their log is, is a hostile name."""
    log = tmp_path / os.fsdecode(FILE_NAME)
    heard, pipe = os.pipe()
    words = [sys.executable, "-m", "tests.screens.on_terminal", str(heard), str(log)]
    terminal = Terminal(words, live.floor.environment, passed=heard)
    os.close(heard)
    terminal.until(lambda shown: "Hugo Marin" in shown)
    os.write(pipe, f"desk.put({COCKTAIL!r})\n".encode())
    ran = terminal.end()
    os.close(pipe)
    assert ran.status == 1
    said = assert_neutral(ran.raw, CONSOLE)
    assert "failure of its own. Where it happened is in" in said and "K99␛]0;title" in said
    assert "@click" not in assert_neutral(log.read_bytes()) and "Traceback" not in said
    (failed,) = live.floor.run_all({"broken": (("broken",), FAILED)}).values()
    assert "a failure of its own (builtins.ZeroDivisionError)" in failed and "@click" not in failed


def test_the_log_of_the_collector(live: Live) -> None:
    live.collector.child.terminate()
    ran = live.collector.end()
    assert (ran.status, ran.raw) == (0, b"")
    written = (live.floor.folder / "collector.log").read_bytes()
    lines = assert_neutral(written).splitlines()
    assert b"\r" not in written and len(lines) == written.count(b"\n")
    events = [json.loads(line) for line in lines]
    assert all({"event", "level", "at"} <= event.keys() for event in events)
    assert {event["level"] for event in events} <= {"debug", "info", "warning", "error"}
    assert not any(is_forbidden(c) for event in events for text in texts_of(event) for c in text)
    assert any("␛]0;title" in event.get("detail", "") for event in events)
