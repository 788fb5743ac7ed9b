"""The one reader of tables that people make, CSV and XLSX, whatever their encoding, delimiter and headers."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from integrations.cdr_files.text import delimiter_of, encoding_of, match_columns
from integrations.provider import SourceError

LARGEST = 64 << 20
LARGEST_UNPACKED = 512 << 20
LONGEST_CELL = 100_000

Cell = str | date | datetime | time


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
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
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


def text_of(cell: Cell) -> str:
    """Return `cell` as text, without blanks around it."""
    return cell.strip() if isinstance(cell, str) else cell.isoformat()


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?\Z")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\Z")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})\Z")
_BARE = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")


def day_of(cell: Cell) -> int:
    """Return the day in `cell` as YYYYMMDD.

    A sheet's date, ISO, other forms with the year first, D.M.YYYY, and D/M/YYYY or M/D/YYYY where one of the two is
    above 12. ValueError in words where it is no day, or could be two.
    """
    if isinstance(cell, date):
        return cell.year * 10_000 + cell.month * 100 + cell.day
    text = text_of(cell)
    if found := _YEAR_FIRST.match(text) or _CHINESE.match(text) or _BARE.match(text):
        year, month, day = map(int, found.groups())
    elif found := _YEAR_LAST.match(text):
        first, mark, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
        if mark != "." and first <= 12 and second <= 12 and first != second:
            raise ValueError(f"{text!r} could be two days; write YYYY-MM-DD")
        day, month = (second, first) if mark != "." and second > 12 else (first, second)
    else:
        raise ValueError(f"{text[:40]!r} is not a date; write YYYY-MM-DD")
    try:
        date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r} is a day that does not exist") from None
    return year * 10_000 + month * 100 + day


_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?::00)?\Z")


def minute_of(cell: Cell) -> int | None:
    """Return the time of day in `cell` in minutes since midnight; None where it is empty. ValueError in words where
    it is none."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    text = text_of(cell)
    if not text:
        return None
    found = _CLOCK.match(text)
    if not found or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > 24 * 60:
        raise ValueError(f"{text[:40]!r} is not a time of day; write HH:MM")
    return int(found[1]) * 60 + int(found[2])
