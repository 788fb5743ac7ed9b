"""Starts collectors within milliseconds: everything is imported once, and a process forked for each.

Reads lines from its input, each asking for one collector of the configuration in SUPERVISOR_CONFIG; answers with its
process id. Each is a process of its own that runs `supervisor collect` from its first line on.
"""

from __future__ import annotations

import os
import signal
import sys

import integrations.asterisk.provider
import integrations.cdr_files.provider
import integrations.simulated  # noqa: F401 - imported for the collectors to come
from supervisor.cli import collect


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the dead
    for _ in sys.stdin:
        if not (pid := os.fork()):
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                collect.collect()
            finally:
                os._exit(0)
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
