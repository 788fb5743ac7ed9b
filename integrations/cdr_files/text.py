"""How a text file is written: its encoding, its delimiter, and which of its columns is which field."""

from __future__ import annotations

import codecs
import csv
import difflib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

SAMPLE = 1 << 18
"""Bytes looked at to tell an encoding."""

DELIMITERS = ",;\t|"
_LONGEST_LINE = 2_000
_GUESSED_FROM = 1 << 15

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


class Encoding(NamedTuple):
    """A codec, how people call it, and how many bytes of BOM stand before the text."""

    codec: str
    shown: str
    bom: int = 0


def encoding_of(sample: bytes, whole: bool = False) -> Encoding:
    """Return the encoding of a text that begins with `sample` (`whole`: is nothing but it). ValueError in words
    where it is no text.

    A BOM decides; else UTF-8 where it is valid; else one of the encodings spreadsheets of our users write, GB18030
    (GBK) or cp1252 (Latin-1), whichever charset-normalizer finds more likely.
    """
    for bom, codec, shown in _BOMS:
        if sample.startswith(bom):
            return Encoding(codec, shown, len(bom))
    if sample[:4] in (b"PK\x03\x04", b"\x1f\x8b\x08\x00") or sample.startswith(
        (b"\xd0\xcf\x11\xe0", b"%PDF", b"SQLite")
    ):
        raise ValueError("it is not a text file")
    if b"\0" in sample:
        if found := _without_bom(sample):
            return found
        if sample.count(0) > max(len(sample) / 1000, 8):  # fewer: a name with a NUL in it
            raise ValueError("it is not a text file")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, whole)
        return Encoding("utf-8", "UTF-8")
    except UnicodeDecodeError:
        pass
    controls = sum(sample.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 27))
    if controls > len(sample) / 50:
        raise ValueError("it is not a text file")
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:_GUESSED_FROM], cp_isolation=["gb18030", "cp1252"]).best()
    if best is not None and best.encoding == "gb18030":
        return Encoding("gb18030", "GBK (GB18030)")
    return Encoding("cp1252", "Latin-1 (cp1252)")


def written_by_program(sample: bytes) -> Encoding:
    """Return the encoding of a telephone system's own file: UTF-8 with the bytes of any other encoding in its
    names, raw.

    What is read from such a file is ASCII. ValueError in words where it is not even a table.
    """
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return encoding_of(sample)
    if b"," not in sample or sample.startswith((b"PK\x03\x04", b"\x7fELF")):
        raise ValueError("it is not a CSV file")
    return Encoding("utf-8", "UTF-8", 3 if sample.startswith(codecs.BOM_UTF8) else 0)


def _without_bom(sample: bytes) -> Encoding | None:
    """UTF-16 without a BOM: mostly ASCII, so that every other byte is 0."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > half * 0.4 and even < half * 0.05:
        return Encoding("utf-16-le", "UTF-16")
    if even > half * 0.4 and odd < half * 0.05:
        return Encoding("utf-16-be", "UTF-16")
    return None


def delimiter_of(head: str) -> str:
    """Return what separates the columns of a table that begins with the lines `head`: the one that gives most lines
    the same number of columns, more than one; a comma where none does."""
    best, most = ",", (0.0, 0)
    lines = [line[:_LONGEST_LINE] for line in head.splitlines()[:50]]
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > most:
            best, most = delimiter, score
    return best


def key(name: str) -> str:
    """Return `name` as headers are compared: without case, spaces, underscores, dashes and dots."""
    return re.sub(r"[\s_\-.]+", "", name).casefold()


def match_columns(
    header: Sequence[str], required: Sequence[str], optional: Sequence[str], told: Mapping[str, str]
) -> dict[str, int]:
    """Return which column (from 0) holds which field: as `told` (field = column name) says, else by the field's own
    name.

    ValueError in words where a told field or column does not exist, a required field has no column, or a name
    stands twice.
    """
    known = (*required, *optional)
    columns: dict[str, list[int]] = {}
    for index, name in enumerate(header):
        columns.setdefault(key(name), []).append(index)
    wanted = {field: field for field in known}
    for field, column in told.items():
        if field not in wanted:
            near = difflib.get_close_matches(field, known, 1, 0.5)
            raise ValueError(
                f"there is no field {field!r}; " + (f"did you mean {near[0]!r}?" if near else _list(known))
            )
        if key(column) not in columns:
            raise ValueError(f"there is no column {column!r} for {field!r}; the columns are {', '.join(header)}")
        wanted[field] = column
    found: dict[str, int] = {}
    for field, column in wanted.items():
        places = columns.get(key(column), [])
        if len(places) > 1:
            raise ValueError(f"the column {column!r} stands there twice; which is {field!r}?")
        if places:
            found[field] = places[0]
    missing = [field for field in required if field not in found]
    if missing:
        raise ValueError(f"no column for {', '.join(missing)}; the columns are {', '.join(header)}")
    return found


def _list(names: Sequence[str]) -> str:
    return f"the fields are {', '.join(names)}"
