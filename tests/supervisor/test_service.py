"""The unit in docs/connecting.md: systemd understands it, and what it starts runs as an unprivileged user."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534
AS_NOBODY = """
import os, sys
from supervisor import __main__
from supervisor.cli import collect
import integrations.asterisk.provider
from store.engine import create_store
from supervisor.config import load
load({"SUPERVISOR_CONFIG": sys.argv[1], "SUPERVISOR_STORE": sys.argv[2]})
create_store(sys.argv[2]).close()  # all is imported: where the program lies may be closed to somebody else
os.setgroups([]); os.setgid(65534); os.setuid(65534); os.umask(0o007)
os.environ["SUPERVISOR_CONFIG"] = sys.argv[1]
collect.collect()
"""


def unit() -> str:
    found = re.search(r"```ini\n(\[Unit\].*?)```", (ROOT / "docs" / "connecting.md").read_text(), re.DOTALL)
    assert found
    return found[1]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    file = tmp_path / "sales-floor-collector.service"
    file.write_text(unit().replace("/opt/sales-floor-supervisor/bin/supervisor", shutil.which("true") or "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if file.name in line]
    assert not complaints


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming somebody else needs root")
def test_the_collector_needs_no_rights_beyond_its_folders(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/tmp") and folder.is_relative_to("/tmp"):
            folder.chmod(0o711)
    state, logs = tmp_path / "state", tmp_path / "logs"
    for folder, mode in ((state, 0o2770), (logs, 0o755)):
        folder.mkdir()
        os.chown(folder, NOBODY, NOBODY)
        folder.chmod(mode)
    config = tmp_path / "supervisor.toml"
    config.write_text(
        f'[store]\nurl = "{state}/floor.db"\n[log]\nfile = "{logs}/collector.log"\n'
        '[sources.pbx]\ntype = "asterisk"\nport = 1\nusername = "supervisor"\nsecret_env = "PBX_SECRET"\n'
    )
    config.chmod(0o644)
    environment = {**os.environ, "PBX_SECRET": "test-secret"}
    collector = subprocess.Popen(
        [sys.executable, "-c", AS_NOBODY, config, tmp_path / "other.db"], env=environment, stderr=-1, cwd=ROOT
    )
    try:
        deadline = time.monotonic() + 20
        log = logs / "collector.log"
        while not (log.exists() and "source down" in log.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "refuses connections" in log.read_text()
        store = (state / "floor.db").stat()
        assert (store.st_uid, store.st_gid, store.st_mode & 0o777) == (NOBODY, NOBODY, 0o660)
        collector.send_signal(signal.SIGTERM)
        assert collector.wait(5) == 0
        assert collector.stderr is not None and collector.stderr.read() == b""
    finally:
        collector.kill()
        collector.wait()
