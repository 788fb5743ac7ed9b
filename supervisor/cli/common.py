"""What every command needs: the configuration, the store, and output that no terminal obeys."""

from __future__ import annotations

import csv as csv_writer
import getpass
import json as json_writer
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from supervisor import config as configuration
from supervisor.config import Config
from supervisor.spreadsheets import guarded
from supervisor.text import LONGEST, safe

if TYPE_CHECKING:
    from store.engine import Store


class Format(StrEnum):
    """How a command prints what it found."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def load() -> Config:
    """Return the configuration that `--config`, the environment or the user's folder names, or raise ConfigError."""
    return configuration.load()


@contextmanager
def store(config: Config) -> Iterator[Store]:
    """Open the configured store for the time of a `with`. StoreError where there is none or it cannot be used."""
    from store.engine import open_store

    with closing(open_store(config.store.url)) as opened:
        yield opened


@contextmanager
def store_or_new(config: Config) -> Iterator[Store]:
    """As `store`, for commands that bring something in: an empty store is made where there is none."""
    from store.engine import create_store

    with closing(create_store(config.store.url)) as opened:
        yield opened


def now_us() -> int:
    """Return the present moment in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


def who(config: Config) -> str:
    """Return the name under which this person's acts are recorded: `console.who`, else the login name."""
    return config.console.who or getpass.getuser()


def fail(message: object) -> NoReturn:
    """End the command with `message` as one line on stderr and status 2."""
    warn(message)
    raise SystemExit(2)


def warn(message: object) -> None:
    """Put `message` on stderr as one line."""
    print(f"supervisor: {safe(message, 2000)}", file=sys.stderr, flush=True)  # noqa: T201


def say(line: object = "") -> None:
    """Put `line` on stdout."""
    print(safe(line, 2000))  # noqa: T201


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], right: frozenset[int] = frozenset()) -> None:
    """Print `rows` under `headers`, aligned; the columns in `right` (counted from 0) to the right. None is empty."""
    from rich.cells import cell_len

    cells = [[_cell(value) for value in row] for row in (headers, *rows)]
    widths = [max(cell_len(row[column]) for row in cells) for column in range(len(headers))]
    for row in cells:
        padded = []
        for column, text in enumerate(row):
            room = " " * (widths[column] - cell_len(text))
            padded.append(room + text if column in right else text + room)
        print("  ".join(padded).rstrip())  # noqa: T201


def _cell(value: object) -> str:
    return "" if value is None else safe(value)


def json(value: object) -> None:
    """Print `value` as JSON, every text in it made safe."""
    print(json_writer.dumps(_safe_json(value), ensure_ascii=False, indent=2))  # noqa: T201


def _safe_json(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {safe(key): _safe_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_safe_json(item) for item in value]
    return value


def csv(headers: Sequence[str], rows: Sequence[Sequence[object]], out: TextIO | None = None) -> None:
    """Write `rows` as CSV to `out` (stdout); what a spreadsheet would take for a formula gets a `'` before it."""
    writer = csv_writer.writer(out or sys.stdout, lineterminator="\n")
    writer.writerow([csv_cell(header) for header in headers])
    writer.writerows([csv_cell(value) for value in row] for row in rows)


def csv_cell(value: object, longest: int = LONGEST) -> object:
    """Return `value` for a CSV file: a text (of at most `longest` characters) that no terminal and no spreadsheet
    obeys."""
    if not isinstance(value, str):
        return value
    return guarded(safe(value, longest))
