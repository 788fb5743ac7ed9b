"""What `supervisor doctor` looks at outside the program: log folder, clock, installation and terminal."""

from __future__ import annotations

import ctypes
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from integrations.provider import Finding, Level
from supervisor.config import Config

TMUX = (3, 7)
"""From this version on tmux holds back half-drawn frames (synchronized output)."""

SMALLEST = (80, 24)
_TIMEX_SIZE, _UNSYNCHRONISED = 256, 5  # adjtimex(2): struct timex has 208 bytes; TIME_ERROR


def log(config: Config) -> list[Finding]:
    """Whether the log can be written."""
    path = Path(config.log.file)
    place = path if path.exists() else next(folder for folder in path.parents if folder.exists())
    if os.access(place, os.W_OK):
        return [Finding("log", Level.OK, str(path))]
    return [Finding("log", Level.FAIL, f"{place} cannot be written; set file in [log], or change its owner")]


def clock(zone: str, now_us: int) -> list[Finding]:
    """What time it is on the floor, and whether this machine's clock is kept right."""
    local = datetime.fromtimestamp(now_us / 1e6, UTC).astimezone(ZoneInfo(zone))
    shown = f"{local:%Y-%m-%d %H:%M} in {zone}"
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_SIZE))
    except (OSError, AttributeError):
        return [Finding("clock", Level.OK, f"{shown}; whether it is kept right cannot be told here")]
    if state == _UNSYNCHRONISED:
        return [Finding("clock", Level.WARN, f"{shown}, but nothing keeps it right; set up chrony")]
    return [Finding("clock", Level.OK, f"{shown}, kept right")]


def program() -> list[Finding]:
    """Whether others could change the program itself: sshd looks at the command behind a key, not at what that
    imports."""
    for start in {Path(sys.prefix).resolve(), Path(__file__).resolve().parent}:
        for folder in (start, *start.parents):
            mode = folder.stat().st_mode
            if mode & 0o022 and not mode & stat.S_ISVTX:
                detail = f"others may change {folder} and with it the program; type: chmod go-w {folder}"
                return [Finding("program", Level.WARN, detail)]
    return [Finding("program", Level.OK, f"{sys.prefix}, Python {sys.version.split()[0]}")]


def terminal(out: TextIO, environment: Mapping[str, str] = os.environ) -> list[Finding]:
    """Whether the console will look right on the terminal behind `out`."""
    if not out.isatty():
        return [Finding("terminal", Level.OK, "not looked at: the output goes elsewhere")]
    term = environment.get("TERM", "")
    findings: list[Finding] = []
    if term in ("", "dumb", "unknown"):
        findings.append(_terminal(Level.FAIL, f"TERM is {term or 'not set'}; use xterm-256color or tmux-256color"))
    if (out.encoding or "").lower().replace("-", "") != "utf8":
        findings.append(_terminal(Level.FAIL, f"it is written to as {out.encoding}; set LANG to a UTF-8 one, C.UTF-8"))
    size = os.get_terminal_size(out.fileno())
    if size.columns < SMALLEST[0] or size.lines < SMALLEST[1]:
        findings.append(_terminal(Level.WARN, f"{size.columns}x{size.lines} is small; 80x24 is the least"))
    colours = _colours(term, environment)
    if colours < 256 and "NO_COLOR" not in environment:
        findings.append(_terminal(Level.WARN, f"{term} has {colours} colours; use xterm-256color or tmux-256color"))
    if not findings:
        depth = "true colour" if colours > 256 else f"{colours} colours (true colour: COLORTERM=truecolor)"
        findings.append(_terminal(Level.OK, f"{term}, {size.columns}x{size.lines}, {depth}, UTF-8"))
    return findings + (tmux() if environment.get("TMUX") else [])


def _terminal(level: Level, detail: str) -> Finding:
    return Finding("terminal", level, detail)


def _colours(term: str, environment: Mapping[str, str]) -> int:
    """Return how many colours the terminal says it has."""
    if environment.get("COLORTERM") in ("truecolor", "24bit") or term.endswith("-direct"):
        return 1 << 24
    return 256 if "256" in term or term in ("alacritty", "foot", "xterm-kitty", "xterm-ghostty") else 16


def tmux() -> list[Finding]:
    """Whether the tmux around us draws whole frames."""
    try:
        said = subprocess.run(["tmux", "-V"], capture_output=True, text=True, timeout=2, check=False).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return []
    version = said[-1] if said else "?"
    numbers = tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in version).split()[:2])
    if numbers >= TMUX:
        return [Finding("tmux", Level.OK, version)]
    return [Finding("tmux", Level.OK, f"{version}; before 3.7 it may show half-drawn frames on a slow line")]
