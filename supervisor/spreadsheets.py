"""Texts in tables that a spreadsheet may open: none of them is taken for a formula, and each is found again as it was.

What begins like a formula gets a `'` before it, and so does what begins with such a `'` already: taking one away gives
the text back.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r␉␍]")
_GUARDED = re.compile(r"'+[=+\-@\t\r␉␍]")
_PHONE = re.compile(r"\+\d+\Z")


def guarded(text: str) -> str:
    """Return `text` for a CSV file. A telephone number in E.164 stays as it is."""
    return f"'{text}" if _FORMULA.match(text) and not _PHONE.match(text) else text


def guarded_text(text: str) -> str:
    """Return `text` for a cell that is told to be a text, and so is no formula."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` or `guarded_text` was given."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text
