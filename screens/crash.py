"""What is kept of a failure of the console's own: where it happened, without the data it happened on."""

from __future__ import annotations

import os
import traceback
from pathlib import Path


def write(error: BaseException | None, file: Path | None) -> str:
    """Append where `error` happened to `file` and return a sentence that says where that is.

    Neither locals nor the error's own words are kept: both can hold customers' data."""
    if error is None or file is None:
        return "It left no log."
    places = "".join(traceback.format_tb(error.__traceback__))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(opened, "a", encoding="utf-8") as log:
            log.write(f"{type(error).__module__}.{type(error).__qualname__}\n{places}\n")
    except OSError as why:
        return f"Its log could not be written: {why.strerror}."
    return f"Where it happened is in {file}"
