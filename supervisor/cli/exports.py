"""`supervisor export`: customers, contacts, orders, payments and enquiries as tables that `supervisor import` reads."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from supervisor.cli import common
from supervisor.spreadsheets import guarded, guarded_text

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Export customers, contacts, orders, payments or enquiries, as `supervisor import` reads them.",
)

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="A new file, .csv or .xlsx; without it, CSV on stdout."),
]
MOST_ROWS = 1_048_575
"""Rows of a sheet, without its header."""
LONGEST_CELL = 32_767
"""Characters of a sheet's cell."""


@app.command("customers")
def customers(output: Output = None) -> None:
    """Export customers with their people and numbers; those merged into another one are with it."""
    _export("customers", output)


@app.command("contacts")
def contacts(output: Output = None) -> None:
    """Export the contacts that stand, of the phones and written ones."""
    _export("contacts", output)


@app.command("orders")
def orders(output: Output = None) -> None:
    """Export orders."""
    _export("orders", output)


@app.command("payments")
def payments(output: Output = None) -> None:
    """Export payments."""
    _export("payments", output)


@app.command("enquiries")
def enquiries(output: Output = None) -> None:
    """Export enquiries, with to whom they were handed."""
    _export("enquiries", output)


def _export(what: str, output: Path | None) -> None:
    from supervisor.cli.imports import terms
    from supervisor.exchange import KINDS, lines

    config = common.load()
    kind = KINDS[what]
    if output is not None and output.suffix.lower() not in (".csv", ".xlsx"):
        common.fail(f"{output}: write a name that ends in .csv or .xlsx")
    with common.store(config) as store:
        rows = lines(store, kind, terms(config))
        if output is None:
            _csv(kind.header, rows, sys.stdout)
            return
        with new_file(output) as file:
            put = _xlsx if output.suffix.lower() == ".xlsx" else _csv_file
            count = put(kind.header, rows, file)
    common.say(f"{count:,} {what} in {output}")


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a new file for its owner alone; nothing is overwritten, no link is followed. What was begun and not finished
    is removed."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        common.fail(f"{path} is there already; name a new file")
    except OSError as error:
        common.fail(f"{path} cannot be written: {error.strerror}")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
    except OSError as error:
        path.unlink(missing_ok=True)
        common.fail(f"{path} cannot be written: {error.strerror}")
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _csv(header: Iterable[str], rows: Iterable[Iterable[Any]], out: Any) -> int:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        count += 1
        writer.writerow([guarded(value) if type(value) is str else _plain(value) for value in row])
    return count


def _csv_file(header: Iterable[str], rows: Iterable[Iterable[Any]], file: BinaryIO) -> int:
    out = TextIOWrapper(file, encoding="utf-8", newline="")
    count = _csv(header, rows, out)
    out.detach()
    return count


def _plain(value: Any) -> object:
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else value


def _xlsx(header: Iterable[str], rows: Iterable[Iterable[Any]], file: BinaryIO) -> int:
    from xlsxwriter import Workbook

    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name)
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            common.fail(f"a sheet has at most {MOST_ROWS:,} rows; write a .csv")
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if type(value) is str:
                text = guarded_text(value)
                if len(text) > LONGEST_CELL:
                    common.fail(f"row {count + 1} has more in a cell than a sheet takes; write a .csv")
                sheet.write_string(count, column, text)
            else:
                sheet.write_number(count, column, value)
    book.close()
    return count
