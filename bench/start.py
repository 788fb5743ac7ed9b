"""How long it takes until something is on the screen."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import Figure, command, in_turn, ratio
from bench.terminal import terminal
from integrations.simulated import wall_clock_us
from supervisor import demo

ROUNDS = 9
MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("x" * 20 + " ready")
Minimal().run()
"""


def until_shown(words: list[str], mark: bytes) -> float:
    """Seconds from starting `words` in a 120x40 terminal until `mark` has been written to it."""
    begun = time.perf_counter()
    with terminal(words) as shown:
        return shown.until(mark) - begun


def figures() -> list[Figure]:
    """First frame and first data against a minimal Textual app; help and version against bare Python."""
    bin_ = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        made = demo.make(Path(folder) / "demo", 1, 1.0, wall_clock_us)
        console = [str(bin_ / "supervisor"), "--config", str(made.configuration), "console"]
        times: dict[str, list[float]] = {"minimal": [], "frame": [], "data": []}
        for _ in range(ROUNDS):
            times["minimal"].append(until_shown([sys.executable, "-c", MINIMAL], b"ready"))
            times["frame"].append(until_shown(console, b"Calls"))
            times["data"].append(until_shown(console, b"Chiara Rossi"))
        median = {name: statistics.median(values) for name, values in times.items()}
    bare = [sys.executable, "-c", "pass"]
    found = [
        ratio("console: first frame / minimal Textual app", median["frame"], median["minimal"], 1.3),
        ratio("console: first data / minimal Textual app", median["data"], median["minimal"], None),
    ]
    harlequin = os.environ.get("BENCH_HARLEQUIN", "")
    if not os.access(harlequin, os.X_OK):
        found.append(Figure("console / harlequin: not measured, it is not installed", "", "", 0, None))
    else:
        peer = statistics.median(until_shown([harlequin], b"Query Editor") for _ in range(ROUNDS))
        found += [
            ratio("console: first frame / harlequin", median["frame"], peer, 0.4),
            ratio("console: first data / harlequin", median["data"], peer, 0.8),
        ]
    for option in ("--help", "--version"):
        ours, floor = in_turn(command(str(bin_ / "supervisor"), option), command(*bare), ROUNDS)
        found.append(ratio(f"supervisor {option} / bare Python", ours, floor, 6))
    return found
