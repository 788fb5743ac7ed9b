"""What the doctor sees of the machine: a real terminal of any size and kind, folders, the installation."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from integrations.provider import Level
from supervisor import surroundings
from supervisor.config import Config, Log

SCRIPT = (
    "import sys; from supervisor import surroundings\n"
    "for f in surroundings.terminal(sys.stdout): print(f.level, f.subject, f.detail)"
)


def on_a_terminal(size: tuple[int, int], **environment: str) -> list[str]:
    """The lines that the doctor prints on a terminal of `size` rows and columns."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    child = pexpect.spawn(
        sys.executable, ["-c", SCRIPT], env={**kept, **environment}, dimensions=size, encoding="utf-8", timeout=30
    )
    said: str = child.read()
    child.close()
    return said.split("\r\n")[:-1]


def test_a_good_terminal_is_said_to_be_good() -> None:
    lines = on_a_terminal((40, 120), TERM="xterm-256color", LANG="C.UTF-8", COLORTERM="truecolor")
    assert lines == ["ok terminal xterm-256color, 120x40, true colour, UTF-8"]


@pytest.mark.parametrize(
    ("size", "environment", "said"),
    [
        ((40, 120), {"TERM": "dumb"}, "fail terminal TERM is dumb; use xterm-256color or tmux-256color"),
        ((40, 120), {}, "fail terminal TERM is not set"),
        ((40, 120), {"TERM": "xterm-256color", "PYTHONIOENCODING": "latin-1"}, "fail terminal it is written to as"),
        ((20, 120), {"TERM": "xterm-256color"}, "warn terminal 120x20 is small"),
        ((40, 70), {"TERM": "xterm-256color"}, "warn terminal 70x40 is small"),
        ((40, 120), {"TERM": "xterm"}, "warn terminal xterm has 16 colours"),
    ],
)
def test_what_is_wrong_with_a_terminal_is_said(size: tuple[int, int], environment: dict[str, str], said: str) -> None:
    lines = on_a_terminal(size, **{"LANG": "C.UTF-8", **environment})
    assert [line for line in lines if line.startswith(said)], lines


def test_who_wants_no_colours_is_not_told_to_have_more() -> None:
    lines = on_a_terminal((40, 120), TERM="xterm", LANG="C.UTF-8", NO_COLOR="1")
    assert lines == ["ok terminal xterm, 120x40, 16 colours (true colour: COLORTERM=truecolor), UTF-8"]


def test_a_log_that_will_be_made_is_looked_at_where_it_will_be(tmp_path: Path) -> None:
    (finding,) = surroundings.log(Config(log=Log(file=str(tmp_path / "a" / "b" / "floor.log"))))
    assert finding.level is Level.OK
    (finding,) = surroundings.log(Config(log=Log(file="/proc/none/floor.log")))
    assert finding.level is Level.FAIL or os.geteuid() == 0


def test_the_clock_is_the_floors() -> None:
    (finding,) = surroundings.clock("Asia/Shanghai", 1_795_000_000_000_000)
    assert finding.detail.startswith("2026-11-18 19:06 in Asia/Shanghai")
