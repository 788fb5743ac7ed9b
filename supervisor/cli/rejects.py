"""The file of records that could not be imported: FILE.rejects.csv beside FILE, with row, reason and the record."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from integrations.cdr_files.place import REJECTS
from supervisor.cli import common

LONGEST_CELL = 32_767
"""Characters of one cell: what spreadsheets take."""


class Rejects:
    """Collects rejected records in a file of its own, made at the first one and put in place at the end.

    The file replaces that of an earlier import of the same FILE, whole and at once; a link that stands there is
    replaced, never followed. Where FILE's folder cannot be written, it goes to `elsewhere`.
    """

    def __init__(self, file: Path, elsewhere: Path) -> None:
        named = file if file.name.strip(".") else Path(os.path.normpath(file.absolute()))
        self.first = ""
        self._target = named.with_name(named.name + REJECTS)
        self._elsewhere = elsewhere
        self._made: Path | None = None
        self._out: TextIO | None = None

    def add(self, row: int, reason: str, record: Sequence[object]) -> None:
        """Keep the record at `row` (from 1), and why it was rejected. OSError where neither place can be written."""
        self.first = self.first or f"row {row}: {reason}"
        out = self._out or self._open()
        cells = [common.csv_cell(str(value), LONGEST_CELL) for value in record]
        csv.writer(out, lineterminator="\n").writerow([row, common.csv_cell(reason), *cells])

    def _open(self) -> TextIO:
        try:
            out = self._open_at(self._target)
        except OSError:
            self._elsewhere.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._target = self._elsewhere / self._target.name
            out = self._open_at(self._target)
        self._out = out
        csv.writer(out, lineterminator="\n").writerow(["row", "reason", "record"])
        return out

    def _open_at(self, target: Path) -> TextIO:
        made = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._made = made
        return os.fdopen(handle, "w", encoding="utf-8", newline="")

    def finish(self) -> Path | None:
        """Put the file in place and return where; None where nothing was rejected."""
        if self._out is None or self._made is None:
            return None
        self._out.close()
        self._made.replace(self._target)
        self._out = self._made = None
        return self._target

    def discard(self) -> None:
        """Throw away what was collected and not put in place."""
        if self._out is not None and self._made is not None:
            self._out.close()
            self._made.unlink(missing_ok=True)
            self._out = self._made = None
