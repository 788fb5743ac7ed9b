"""The one reader of tables that people make, CSV and XLSX, whatever their encoding, delimiter and headers."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from integrations.cdr_files.text import delimiter_of, encoding_of, key, match_columns
from integrations.provider import SourceError
from supervisor.cells import Cell, day_of, minute_of, moment_of, text_of

__all__ = [
    "Cell", "Row", "Table", "TableError", "columns", "day_of", "minute_of", "moment_of", "open_table", "rows_of",
    "shown", "text_of",
]  # fmt: skip

LARGEST = 64 << 20
LARGEST_UNPACKED = 512 << 20
LONGEST_CELL = 100_000


class TableError(SourceError):
    """A table cannot be used. The message names the file, what is wrong and what was expected."""


class Row(NamedTuple):
    """A row as people count it: the line of a text file, the row of a sheet, from 1."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """An open table: how it is written (for the person who imports it), its header, and its rows, once."""

    written: str
    header: list[str]
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open the table at `path`. TableError where it is none."""
    try:
        if path.is_dir():
            raise TableError(f"{path} is a folder; name a file")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
    except FileNotFoundError:
        raise TableError(f"{path}: there is no such file") from None
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}") from None
    if size == 0:
        raise TableError(f"{path} is empty")
    if size > LARGEST:
        raise TableError(f"{path} has {size:,} bytes; at most {LARGEST:,} are read")
    if start == b"PK\x03\x04":
        with _sheet(path) as table:
            yield table
    else:
        yield _text(path)


def columns(
    path: Path, table: Table, required: Sequence[str], optional: Sequence[str], told: Mapping[str, str]
) -> dict[str, int]:
    """Return which column of `table` holds which field; `told` maps fields to column names. TableError where it
    does not do."""
    try:
        return match_columns(table.header, required, optional, told)
    except ValueError as error:
        raise TableError(f"{path}: {error}") from None


def other_names(table: Table, names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return which column is meant by fields that have none of their own name: the first of other `names` of a field
    that stands there, once, and is no field's own."""
    header = [key(name) for name in table.header]
    own = {key(field) for field in names}
    return {
        field: found[0]
        for field, others in names.items()
        if key(field) not in header
        and (found := [name for name in others if header.count(key(name)) == 1 and key(name) not in own])
    }


def shown(header: Sequence[str], places: Mapping[str, int]) -> str:
    """Return a mapping in words: each field, and the column it is read from."""
    used = ", ".join(f"{field} = {header[place]!r}" for field, place in places.items())
    unused = [name for index, name in enumerate(header) if index not in places.values() and name]
    return used + (f"; not used: {', '.join(map(repr, unused))}" if unused else "")


def _text(path: Path) -> Table:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}") from None
    try:
        encoding = encoding_of(data, whole=True)
        if encoding.codec == "utf-8" and path.suffix.lower() in (".xlsx", ".xlsm"):
            raise ValueError("it is not a workbook, though its name says so")
    except ValueError as error:
        raise TableError(f"{path} cannot be read: {error}; expected CSV or XLSX") from None
    text = data[encoding.bom :].decode(encoding.codec, "backslashreplace")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    delimiter = delimiter_of(text[:100_000])
    rows = _csv_rows(path, text, delimiter)
    header = _header(path, rows)
    shown = {"\t": "tab", ",": "comma", ";": "semicolon"}.get(delimiter, repr(delimiter))
    return Table(f"CSV, {encoding.shown}, {shown} between columns", header, rows)


def _csv_rows(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Row(line, [f"unreadable: {error}"])
            continue
        if cells is None:
            return
        yield Row(line, list(cells))


def _header(path: Path, rows: Iterator[Row]) -> list[str]:
    for row in rows:
        if any(row.cells):
            return [str(cell).strip() for cell in row.cells]
    raise TableError(f"{path} is empty")


@contextmanager
def _sheet(path: Path) -> Iterator[Table]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise TableError(f"{path} unpacks to more than {LARGEST_UNPACKED:,} bytes")
        book = load_workbook(path, read_only=True, data_only=True)
    except TableError:
        raise
    except Exception as error:  # whatever a broken workbook makes the library raise
        raise TableError(
            f"{path} cannot be read: it is not an XLSX workbook, or a broken one ({type(error).__name__})"
        ) from None
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            raise TableError(f"{path} has no sheet")
        rows = _sheet_rows(path, sheet)
        yield Table(f"XLSX, sheet {sheet.title!r}", _header(path, rows), rows)
    finally:
        book.close()


def _sheet_rows(path: Path, sheet: Any) -> Iterator[Row]:
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_cell(value) for value in row]
            while cells and cells[-1] == "":
                cells.pop()
            yield Row(number, cells)
    except TableError:
        raise
    except Exception as error:
        raise TableError(f"{path} cannot be read: its sheet is broken ({type(error).__name__})") from None


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, (date, time)):  # a datetime is a date
        return value
    if isinstance(value, float) and isfinite(value):
        return str(int(value)) if value.is_integer() else Decimal(repr(value))
    return str(value)[:LONGEST_CELL]


def rows_of(table: Table, places: Mapping[str, int]) -> Iterator[tuple[Row, dict[str, Cell], str | None]]:
    """Yield each row that is not empty, its cells by field, and why it cannot be used (None: it can).

    A CSV row has at least as many cells as the header; a sheet's may be shorter, its last cells being empty. Empty
    cells beyond the header are a separator too many and harm nobody.
    """
    width = len(table.header)
    exact = table.written.startswith("CSV")
    for row in table.rows:
        if not any(cell != "" for cell in row.cells):
            continue
        found = len(row.cells)
        wrong = (exact and found < width) or any(cell != "" for cell in row.cells[width:])
        cells = {field: row.cells[place] if place < found else "" for field, place in places.items()}
        yield row, cells, f"{found} columns, expected {width}" if wrong else None
