"""Behind everything that makes texts safe stands a filter over the lines of the screen: it alone holds, too."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.safety.floor import Terminal
from tests.safety.hostile import CONSOLE, PAYLOADS, assert_neutral, markers


def test_widgets_that_forgot_to_make_their_text_safe_steer_no_terminal(tmp_path: Path) -> None:
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    environment.pop("NO_COLOR", None)
    ran = Terminal([sys.executable, "-m", "tests.safety.leaky", str(tmp_path / "crash.log")], environment).end()
    assert ran.status == 0, ran.raw
    said = ran.raw.decode()
    for text in ("e" + "\u0335" * 40,):  # marks alone are not steering: the backstop leaves them to `safe`
        said = said.replace(text, "e")
    shown = assert_neutral(said.encode(), CONSOLE)
    assert markers(shown) == set(PAYLOADS)
    assert "␛[5;7;35m" in shown
