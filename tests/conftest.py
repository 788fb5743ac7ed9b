"""Stores to test against: a real SQLite file and a real PostgreSQL, each fresh for every test.

`store` and `store_url` run a test once on each database; `sqlite_url` and `postgresql_url` on one. `empty_url` names a
place where nothing was made yet.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from store.engine import Store, create_store, open_store

for name in (
    "COLUMNS",
    "LINES",
    "NO_COLOR",
):  # whatever runs the tests may claim a size: the terminals here have theirs
    os.environ.pop(name, None)

DATABASES = ("sqlite", "postgresql")
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server of our own on a unix socket in `folder`."""

    folder: str
    numbers: Iterator[int]

    def url(self, name: str) -> str:
        return f"postgresql://supervisor@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        pytest.fail(
            "PostgreSQL is needed to test: initdb is not found; install it (Debian: apt-get install postgresql)",
            pytrace=False,
        )
    return Path(initdb).parent


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server that lives as long as the tests, and dies with them."""
    binaries = _binaries()
    folder = tempfile.mkdtemp(prefix="supervisor-pg-")  # short: a socket's path has at most 107 bytes
    down = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        down += [f"--reuid={UNPRIVILEGED}", "--regid=nogroup", "--clear-groups"]
        shutil.chown(folder, UNPRIVILEGED)
    data, log = f"{folder}/data", f"{folder}/log"
    make = ["initdb", "-D", data, "-U", "supervisor", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([*down, binaries / make[0], *make[1:]], check=True, capture_output=True, cwd=folder)
    quick = {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "shared_buffers": "32MB",
        "max_connections": "50",
        "autovacuum": "off",
    }
    settings = {**quick, "listen_addresses": "", "unix_socket_directories": folder}
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    with Path(log).open("w") as output:
        server = subprocess.Popen(
            [*down, binaries / "postgres", "-D", data, *options], stdout=output, stderr=output, cwd=folder
        )
    try:
        running = Cluster(folder, itertools.count(1))
        deadline = time.monotonic() + 30
        while True:
            try:
                running.run("SELECT 1")
                break
            except psycopg.OperationalError:
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"PostgreSQL did not start:\n{Path(log).read_text()}", pytrace=False)
                time.sleep(0.02)
        yield running
    finally:
        server.send_signal(signal.SIGQUIT)  # at once; nothing in it is kept
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.db"
    create_store(str(path)).close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster) -> str:
    cluster.run("CREATE DATABASE template_store")
    create_store(cluster.url("template_store")).close()
    return "template_store"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The path of a fresh SQLite store, its schema made."""
    return str(shutil.copy(sqlite_template, tmp_path / "store.db"))


def _database(cluster: Cluster, template: str) -> Iterator[str]:
    name = f"store_{next(cluster.numbers)}"
    cluster.run(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield cluster.url(name)
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_url(cluster: Cluster, postgresql_template: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL store, its schema made."""
    yield from _database(cluster, postgresql_template)


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest) -> str:
    """A fresh store on each database, its schema made."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, fresh store on each database."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place on each database where nothing was made yet."""
    if request.param == "sqlite":
        yield str(tmp_path / "new" / "store.db")
    else:
        yield from _database(request.getfixturevalue("cluster"), "template0")
