"""What reaches a real terminal, byte by byte: nothing when nothing changed, little for a cell, and no trace after the
end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).parents[2]
QUIET_S = 0.3


class Terminal:
    """A pseudo-terminal with the console on it."""

    def __init__(self, log: Path, columns: int = 120, rows: int = 40, **environment: str) -> None:
        self.main, side = pty.openpty()
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.main)
        heard, self.pipe = os.pipe()
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""
        settings = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.screens.on_terminal", str(heard), str(log)],
            stdin=side, stdout=side, stderr=side, pass_fds=(heard,), cwd=ROOT, start_new_session=True,
            env={**os.environ, **settings, **environment},
        )  # fmt: skip
        os.close(side)
        os.close(heard)

    def read(self, quiet_s: float = QUIET_S) -> bytes:
        """Everything written until nothing has come for `quiet_s`."""
        written = b""
        while select.select([self.main], [], [], quiet_s)[0]:
            try:
                part = os.read(self.main, 65536)
            except OSError:
                break
            written += part
        self.stream.feed(written)
        self.written += written
        return written

    def until(self, text: str) -> None:
        deadline = time.monotonic() + 20
        while text not in "\n".join(self.screen.display):
            assert time.monotonic() < deadline, "\n".join(self.screen.display)
            self.read(0.05)

    def say(self, line: str) -> bytes:
        """Change the floor; return what that wrote to the terminal."""
        os.write(self.pipe, f"{line}\n".encode())
        return self.read()

    def press(self, keys: str) -> bytes:
        os.write(self.main, keys.encode())
        return self.read()

    def end(self) -> int:
        """Wait for the console's end and return its status."""
        deadline = time.monotonic() + 10
        while self.child.poll() is None and time.monotonic() < deadline:
            self.read(0.05)
        self.read(0.05)
        return self.child.wait(1)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "console.log")
    terminal.until("Hugo Marin")
    terminal.read()
    yield terminal
    terminal.child.kill()
    terminal.child.wait()


def test_bytes_on_the_terminal(terminal: Terminal) -> None:
    assert terminal.say("same") == b""
    assert terminal.read(2.2) == b"", "the clock stands still: two ticks must write nothing"
    one = terminal.say("desk.change('Pia Sand', effective=13)")
    terminal.until("  13   70m")
    assert 0 < len(one) <= 400, len(one)
    terminal.read(1.2)
    second = terminal.say("clock 1")
    assert "00:55" in "\n".join(terminal.screen.display)
    assert 0 < len(second) <= 100 + 300 * 10, len(second)


def test_a_terminal_is_left_as_it_was_found(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.end() == 0
    assert_restored(terminal)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_console_leaves_the_terminal_as_it_was_found(terminal: Terminal, stop: signal.Signals) -> None:
    terminal.child.send_signal(stop)
    assert terminal.end() == 128 + stop
    assert_restored(terminal)


def test_a_console_whose_terminal_is_gone_ends(terminal: Terminal) -> None:
    os.close(terminal.main)  # of no controlling terminal: no signal tells it
    terminal.child.wait(10)


def assert_restored(terminal: Terminal) -> None:
    assert terminal.written.count(b"\x1b[?1049h") == terminal.written.count(b"\x1b[?1049l") == 1
    assert terminal.written.rindex(b"\x1b[?25h") > terminal.written.rindex(b"\x1b[?25l")
    for mode in (b"?1000", b"?1003", b"?2004", b"?1004"):
        assert terminal.written.count(b"\x1b[" + mode + b"h") <= terminal.written.count(b"\x1b[" + mode + b"l")


def test_a_crash_shows_one_sentence_and_no_customer(terminal: Terminal, tmp_path: Path) -> None:
    terminal.say("desk.put('a floor that cannot be drawn, of +4930901820')")
    assert terminal.end() == 1
    assert_restored(terminal)
    said = terminal.written.rpartition(b"\x1b[?1049l")[2]
    assert b"The console stopped after a failure of its own." in said
    assert b"console.log" in said.replace(b"\r\n", b"")  # a long path is broken where the line ends
    log = (tmp_path / "console.log").read_text()
    assert "AttributeError" in log and "in draw" in log
    for text in (said.decode(), log):
        assert "4930901820" not in text and "Hugo" not in text


def test_no_color_has_no_colour_and_still_a_cursor(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "console.log", NO_COLOR="1")
    try:
        terminal.until("Hugo Marin")
        assert not re.search(rb"\x1b\[[0-9;]*(?:[34]8;|3[0-7]|4[0-7]|9[0-7])[0-9;]*m", terminal.written)
        row = next(y for y, text in enumerate(terminal.screen.display) if "Chiara Rossi" in text)
        assert terminal.screen.buffer[row][20].reverse and not terminal.screen.buffer[row + 1][20].reverse
    finally:
        terminal.child.kill()
        terminal.child.wait()
