"""A floor on which everything that can be named has a hostile name, and the program run on it at a real terminal."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyte

from tests.peers.floor import EVENTS, TALKING
from tests.safety.command_lines import NEXT
from tests.safety.hostile import COCKTAIL, FILE_NAME, PAYLOADS, assert_neutral

ROOT = Path(__file__).parents[2]
SOURCES = (0, 5)
"""Whose texts are names of sources too: the header has no room for all."""
ZONE = ZoneInfo("Etc/UTC")
Words = Sequence[str | bytes]
SUPERVISOR = [sys.executable, "-m", "supervisor"]


@dataclass(frozen=True)
class Ran:
    """What a command wrote to its terminal, and its exit status."""

    status: int
    raw: bytes


class Terminal:
    """A pseudo-terminal with a program on it."""

    def __init__(
        self,
        words: list[str],
        environment: dict[str, str],
        columns: int = 200,
        rows: int = 60,
        passed: int | None = None,
    ) -> None:
        self.main, side = pty.openpty()
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child = subprocess.Popen(
            words, stdin=side, stdout=side, stderr=side, cwd=ROOT, env=environment, start_new_session=True,
            pass_fds=() if passed is None else (passed,),
        )  # fmt: skip
        os.close(side)

    def read(self, quiet_s: float) -> None:
        """Take in everything written until nothing has come for `quiet_s`; a cursor that blinks is never quiet for
        long, and is not waited for."""
        end = time.monotonic() + 4 * quiet_s + 1
        while time.monotonic() < end and select.select([self.main], [], [], quiet_s)[0]:
            try:
                part = os.read(self.main, 65536)
            except OSError:
                return
            self.raw += part
            self._stream.feed(part)

    @property
    def shown(self) -> str:
        """What stands on the screen now."""
        return "\n".join(self.screen.display)

    def until(self, condition: Callable[[str], object], seconds: float = 20) -> str:
        """Wait until `condition` holds of what stands on the screen; return that."""
        end = time.monotonic() + seconds
        while not condition(self.shown):
            assert time.monotonic() < end and self.child.poll() is None, self.shown
            self.read(0.02)
        return self.shown

    def press(self, keys: str, quiet_s: float = 0.12) -> str:
        """Press `keys`; return what stands on the screen when nothing more is written."""
        os.write(self.main, keys.encode())
        self.read(quiet_s)
        return self.shown

    def shows(self, keys: str, text: str) -> str:
        """Press `keys`, wait until `text` stands on the screen, and return what stands there when all is written."""
        self.press(keys)
        self.until(lambda shown: text in shown)
        self.read(0.2)
        return self.shown

    def end(self, seconds: float = 20) -> Ran:
        """Wait for the program's end."""
        if self.main < 0:
            return Ran(self.child.wait(), self.raw)
        deadline = time.monotonic() + seconds
        while self.child.poll() is None and time.monotonic() < deadline:
            self.read(0.05)
        self.read(0.05)
        os.close(self.main)
        self.main = -1
        if self.child.poll() is None:
            self.child.kill()
        return Ran(self.child.wait(), self.raw)


@dataclass
class Floor:
    """A folder with a configuration, and the commands run on it."""

    folder: Path
    config: Path
    environment: dict[str, str] = field(default_factory=dict)

    def words(self, *arguments: str | bytes) -> list[str]:
        return [*SUPERVISOR, *map(os.fsdecode, arguments)]

    def run(self, *arguments: str | bytes, **environment: str) -> Ran:
        """Run one command at a terminal of its own."""
        return Terminal(self.words(*arguments), {**self.environment, **environment}).end()

    def run_all(self, command_lines: Mapping[str, tuple[Words, int]], **environment: str) -> dict[str, str]:
        """Run `command_lines` (words and the exit status they are to end with) at one terminal; return what each wrote,
        in which nothing steers a terminal."""
        listed = self.folder / "command-lines.json"
        listed.write_text(json.dumps([([*map(os.fsdecode, words)], {}) for words, _ in command_lines.values()]))
        words = [sys.executable, "-m", "tests.safety.command_lines", str(listed)]
        terminal = Terminal(words, {**self.environment, **environment})
        parts = re.split(rb"\r\n%s(\w+)\r\n" % NEXT.encode(), terminal.end(60).raw)
        found: dict[str, str] = {}
        wrong: dict[str, tuple[str, str]] = {}
        for (name, (_, expected)), said, status in zip(command_lines.items(), parts[:-1:2], parts[1::2], strict=True):
            found[name] = assert_neutral(said)
            if status.decode() != str(expected):
                wrong[name] = (status.decode(), found[name][-300:])
        assert not wrong, wrong
        return found

    def path(self, name: bytes) -> Path:
        return self.folder / os.fsdecode(name)


def without(text: str, characters: str) -> str:
    """`text` without what its place cannot hold."""
    return "".join(character for character in text if character not in characters)


def events_of(number: int, text: str) -> list[bytes]:
    """A recorded call up to where its two sides talk, from a phone, by a person and to a number called `text`."""
    told = without(text, "\r\n").encode()
    phone = agent(text).encode() or b"1003"
    found = []
    for raw in EVENTS[:TALKING]:
        raw = re.sub(rb"id: 1795454949\.(\d)\r", rb"id: 1795454949.%d\1\r" % (100 + number), raw)
        raw = re.sub(rb"(PJSIP/\w+-)0000000(\d)", rb"\g<1>%07d\2" % (100 + number), raw)
        raw = re.sub(rb"(BridgeUniqueid: [\w-]+)", rb"\g<1>%d" % number, raw)
        raw = raw.replace(b"PJSIP/1003", b"PJSIP/" + phone).replace(b"Chiara Rossi", told)
        raw = re.sub(rb"DialString: \d+@carrier", lambda _: b"DialString: " + told + b"@carrier", raw)
        raw = raw.replace(b"915551050001", told)
        found.append(raw)
    return found


def pause_of(text: str) -> bytes:
    """An event that says that the phone of `text` pauses, because of `text`."""
    told = without(text, "\r\n")
    head = "Event: QueueMemberPause\r\nPrivilege: agent,all\r\nQueue: "
    who = f"MemberName: {told}\r\nInterface: PJSIP/{agent(text)}p"
    return f"{head}{told}\r\n{who}\r\nPaused: 1\r\nPausedReason: {told}\r\n\r\n".encode()


def table(*rows: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def agent(text: str) -> str:
    """A payload as the name of a phone: where a roster can say it, and a channel too."""
    return without(text, ";:/@\r\n\0").strip()[:40]


def make(folder: Path, port: int, liar: int) -> Floor:
    """Write configuration and files. The source pbx is a manager interface on `port`, the source liar something else
    on its port."""
    config = folder / "floor.toml"
    config.write_text(
        f"""
[floor]
name = {json.dumps(COCKTAIL, ensure_ascii=False)}
time_zone = "Etc/UTC"
country = "US"
holidays = false
working_hours = ["00:00-24:00"]
working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[store]
url = "floor.db"
[log]
file = "collector.log"
customer_data = true
[console]
who = {json.dumps(COCKTAIL, ensure_ascii=False)}
my_phone = "900"
[sources.records]
type = "files"
[sources.pbx]
type = "asterisk"
port = {port}
username = "supervisor"
secret_env = "PBX_SECRET"
trunks = ["PJSIP/carrier-*"]
dial_prefixes = ["9"]
control_username = "control"
control_secret_env = "PBX_CONTROL"
cdr_file = "Master.csv"
settle_seconds = 0
[sources.liar]
type = "asterisk"
port = {liar}
username = "supervisor"
secret_env = "PBX_SECRET"
"""
    )
    texts = list(PAYLOADS.values())
    # A team and a region are the next one's name, so that every text stands in every column.
    roster = [
        (text, texts[at - 1], texts[at - 2], "", f"pbx:{agent(text)}" + f";{agent(text)}:1" * (at in SOURCES))
        for at, text in enumerate(texts)
    ]
    wrong = [(text, "", "", text, text) for text in texts]
    (folder / "roster.csv").write_text(
        table(("name", "team", "region", "hired", "identities"), *roster, *wrong), newline=""
    )
    today = datetime.now(ZONE)
    attendance = [(today.date(), text, status, "", "") for text in texts for status in ("present", text)]
    header = ("date", "specialist", "status", "start", "end")
    (folder / "attendance.csv").write_text(table(header, *attendance), newline="")
    started = today.replace(hour=0, minute=0, second=1, microsecond=0).isoformat()
    texts = [without(text, "\0") for text in texts]  # with it, the file is not taken for text
    calls = [(text, text, agent(text), direction, text, text, started, "31", "answered")
             for text in texts for direction in ("outbound", "inbound")]  # fmt: skip
    bad = [(text, text, agent(text), text, text, text, text, text, text) for text in texts]
    header = ("id", "group", "agent", "direction", "from", "to", "started", "talk_seconds", "outcome")
    (folder / "calls.csv").write_text(table(header, *calls, *bad), newline="")
    with (folder / "Master.csv").open("w", newline="") as out:
        csv.writer(out).writerows([[text] * 5 for text in texts] + [[text] * 18 for text in texts])
    for name in ("roster", "attendance", "calls"):
        (folder / os.fsdecode(name.encode() + FILE_NAME)).write_bytes((folder / f"{name}.csv").read_bytes())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUPERVISOR_", "XDG_"))}
    kept.pop("NO_COLOR", None)
    environment = {
        **kept,
        "HOME": str(folder / "home"),
        "XDG_CONFIG_DIRS": str(folder / "machine"),
        "SUPERVISOR_CONFIG": str(config),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        "PBX_SECRET": "test-secret",
        "PBX_CONTROL": "control-secret",
    }
    return Floor(folder, config, environment)
