"""A PostgreSQL server of our own, durable as one in use is, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

UNPRIVILEGED = "nobody"


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, of the newest version installed; None: there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = found[-1] if found else shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Yield the URL of an empty database."""
    folder = tempfile.mkdtemp(prefix="bench-pg-")  # short: a socket's path has at most 107 bytes
    down = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        down += [f"--reuid={UNPRIVILEGED}", "--regid=nogroup", "--clear-groups"]
        shutil.chown(folder, UNPRIVILEGED)
    make = [programs / "initdb", "-D", f"{folder}/data", "-U", "supervisor", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*down, *make], check=True, capture_output=True, cwd=folder)
    run = [programs / "postgres", "-D", f"{folder}/data", "-c", "listen_addresses=", "-k", folder]
    running = subprocess.Popen([*down, *run], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    url = f"postgresql://supervisor@/postgres?host={folder}"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(url).close()
                break
            except psycopg.OperationalError:
                if running.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        yield url
    finally:
        running.send_signal(signal.SIGQUIT)
        running.wait()
        shutil.rmtree(folder, ignore_errors=True)
