"""The one function that makes text from outside safe to show.

Names, notes, caller ids and device names reach a terminal, a log or an export only through `safe`: control characters
become their pictures, what steers a terminal or reorders a line becomes U+FFFD. A bare str from outside never meets
markup.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 500
"""Characters kept of one text from outside; a caller id is not a place for a novel."""

_PLAIN = re.compile(r"[ -~]*\Z")
_STEERS = re.compile(
    "[\x80-\x9f"  # C1, the 8-bit escape sequences
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"  # invisibles (not ZWNJ and ZWJ)
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"  # separators, bidi overrides, fillers
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # tags, variation supplements
    "\ud800-\udfff]"  # lone surrogates
)
_CONTROLS = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}


def safe(text: object, longest: int = LONGEST) -> str:
    """Return `text` with nothing in it that a terminal, a log line or an export would obey.

    C0 and DEL become U+2400 pictures; C1, bidi controls, invisibles, tags, surrogates and line separators U+FFFD; the
    result is NFC with at most two combining marks in a row, and at most `longest` characters, ending in an ellipsis
    where cut.
    """
    value = text if type(text) is str else str(text)
    if len(value) > longest:
        value = value[: max(longest - 1, 0)] + "…"
    if _PLAIN.match(value):
        return value
    value = _STEERS.sub("\ufffd", value.translate(_CONTROLS))
    return value if value.isascii() else _at_most_two_marks(unicodedata.normalize("NFC", value))


def _at_most_two_marks(value: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in value:
        marks = marks + 1 if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= 2:
            kept.append(character)
    return "".join(kept)


def storable(text: str) -> str:
    """Return `text` as both databases can keep it: NUL dropped, lone surrogates replaced. Nothing else is changed."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
