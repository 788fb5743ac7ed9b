"""Runs many command lines one after the other in one process, which saves most of their time.

The argument names a file of JSON: [[words, variables], ...]. After each, a line of NEXT and the exit status is written.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

from tests.safety.hostile import COCKTAIL

NEXT = "-- status "


def app(args: list[str], prog_name: str, standalone_mode: bool) -> None:
    """A command that fails as no command should."""
    raise ZeroDivisionError(COCKTAIL)


def main(command_lines: list[tuple[list[str], dict[str, str]]]) -> None:
    """Run `command_lines` as the installed command does, each with its own variables."""
    from supervisor.__main__ import main as supervisor
    from supervisor.cli import BEGIN, COMMANDS, Command

    COMMANDS["broken"] = Command(__name__, "Fails on a text.", BEGIN)
    before = dict(os.environ)
    for words, variables in command_lines:
        os.environ.clear()
        os.environ.update({**before, **variables})
        sys.argv = ["supervisor", *words]
        status: object = "crash"
        try:
            supervisor()
        except SystemExit as end:
            status = end.code
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout.write(f"\n{NEXT}{status or 0}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with Path(sys.argv[1]).open() as file:
        wanted = json.load(file)
    main(wanted)
