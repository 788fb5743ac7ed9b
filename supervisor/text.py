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

MARKS_IN_A_ROW = 2

_STEERS = re.compile(
    "[\x80-\x9f"  # C1, the 8-bit escape sequences
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"  # invisibles (not ZWNJ and ZWJ)
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"  # separators, bidi overrides, fillers
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # controls of scripts and of music
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags
    "\ud800-\udfff]"  # lone surrogates
)
_VARIATIONS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Selectors of another look of the same character: dropped, because terminals disagree about its width with them, and
data can hide in them."""
_CONTROLS = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}


def safe(text: object, longest: int = LONGEST) -> str:
    """Return `text` with nothing in it that a terminal, a log line or an export would obey.

    C0 and DEL become U+2400 pictures; C1, bidi controls, invisibles, tags, surrogates and line separators U+FFFD;
    variation selectors are dropped; the result is NFC with at most two combining marks in a row, and at most `longest`
    characters (from 1), ending in an ellipsis where cut. What is safe already comes back as it is.
    """
    value = text if type(text) is str else str(text)
    if len(value) > longest:
        value = _cut(value, longest)
    if value.isascii():
        return value if value.isprintable() else value.translate(_CONTROLS)
    value = _VARIATIONS.sub("", _STEERS.sub("\ufffd", value.translate(_CONTROLS)))
    # Without the marks that were too many, others can have come together: hence composed twice.
    value = unicodedata.normalize("NFC", _few_marks(unicodedata.normalize("NFC", value)))
    return _cut(value, longest) if len(value) > longest else value  # a few characters have no composed form: NFC splits


def _cut(value: str, longest: int) -> str:
    return value[: longest - 1] + "…"


def _few_marks(value: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in value:
        marks = marks + 1 if is_mark(character) else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def is_mark(character: str) -> bool:
    """Whether `character` is drawn over the one before it."""
    return unicodedata.category(character) in ("Mn", "Me") or unicodedata.combining(character) > 0


def storable(text: str) -> str:
    """Return `text` as both databases can keep it: NUL dropped, lone surrogates replaced. Nothing else is changed."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def alphabetical(name: str) -> str:
    """Return what `name` is sorted by: É stands with E, whatever its case."""
    if name.isascii():
        return name.casefold()
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return plain.casefold()


def to_type(name: str) -> str:
    """Return what somebody types who confirms that this person is meant: the name, or "fine" where it has no letter of
    a Latin keyboard."""
    return name if any(one.isascii() and one.isalpha() for one in alphabetical(name)) else "fine"


def is_typed(typed: str, name: str) -> bool:
    """Whether `typed` confirms `name`, in whatever case, with whatever blanks and without accents."""
    return alphabetical(" ".join(typed.split())) == alphabetical(" ".join(to_type(name).split()))


def number_th(number: int) -> str:
    """Return an ordinal number: 1st, 2nd, 3rd, 11th, 22nd."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
