"""What leaves the console: a CSV of what is shown, in one fixed folder."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from supervisor.text import safe

_FORMULA = re.compile(r"[=+\-@\t\r]")
_PHONE = re.compile(r"\+\d+\Z")


def field(text: str) -> str:
    """Return `text` as a field no spreadsheet takes for a formula; a phone number in E.164 stays as it is."""
    value = safe(text).strip()
    return f"'{value}" if _FORMULA.match(value) and not _PHONE.match(value) else value


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV of `rows` under `heads`, every field made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([field(text) for text in row] for row in rows)
    return out.getvalue()


def write(folder: Path, name: str, text: str) -> Path:
    """Write `text` as a new file `name` in `folder` (made, for its owner alone) and return its path, or raise OSError.

    Nothing is ever overwritten and no link is followed: a name that is taken gets a number."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem, dot, ending = name.rpartition(".")
    for count in range(1, 1000):
        path = folder / (name if count == 1 else f"{stem}-{count}{dot}{ending}")
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return path
    raise FileExistsError(f"{folder} is full of files called {stem}")


def folder() -> Path:
    """Return the folder of exports, in the user's documents; it exists after the first export."""
    from platformdirs import user_documents_path

    return user_documents_path() / "supervisor"
