"""A report as a workbook: a sheet a section with a real table and number formats, native charts on the first sheet. No
text is taken for a formula or an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from supervisor.calendar import date_of
from supervisor.reports.sections import (
    MOST_BARS,
    NUMERIC,
    Chart,
    Column,
    Kind,
    Report,
    Section,
    Shape,
    Value,
    local,
    text,
)
from supervisor.spreadsheets import guarded_text
from supervisor.text import safe

_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.0",
    Kind.SHARE: "0%",
    Kind.MONEY: "#,##0.00",
    Kind.TALK: "[h]:mm:ss",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
}
_DAY_MS = 86_400_000
_NARROWEST, _WIDEST = 6, 60
_FILTER = 3
"""What the arrow of a table's header takes, in columns of a terminal."""
_LINE = 15
"""Points of a line of text."""
_LONGEST_NAME = 31
"""Characters of a sheet's name."""
_TITLE = "Report"
_DONE = "#2F5D8A"


def write(report: Report, file: BinaryIO) -> None:
    """Write a report as a workbook."""
    from xlsxwriter import Workbook

    book = Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    zone = ZoneInfo(report.time_zone)
    formats = {kind: book.add_format(_look(kind)) for kind in Kind}
    strong = {kind: book.add_format(_look(kind) | {"bold": True, "top": 1}) for kind in Kind}
    heads = {kind: book.add_format(_align(kind) | {"bold": True, "bottom": 1}) for kind in Kind}
    cover = book.add_worksheet(_TITLE)
    sheets = list(zip(report.sections, _sheet_names(report), strict=True))
    for number, (told, name) in enumerate(sheets, 1):
        _sheet(book.add_worksheet(name), told, f"table_{number}", zone, (formats, strong, heads))
    row = _cover(book, cover, report)
    for told, name in sheets:
        if told.chart is not None:
            row = _put_chart(book, cover, told, told.chart, name, row)
    _printed(cover, 1)
    book.close()


def _align(kind: Kind) -> dict[str, object]:
    return {"valign": "top", "align": "right"} if kind in NUMERIC else {"valign": "top", "align": "left", "indent": 1}


def _look(kind: Kind) -> dict[str, object]:
    if kind is Kind.TEXT:
        return _align(kind) | {"text_wrap": True}
    return _align(kind) | ({"num_format": _FORMATS[kind]} if kind in _FORMATS else {})


def _sheet_names(report: Report) -> Iterator[str]:
    used = {_TITLE.casefold()}
    for told in report.sections:
        name = stem = told.title[:_LONGEST_NAME]
        number = 2
        while name.casefold() in used:
            name = f"{stem[: _LONGEST_NAME - 4]} ({number})"
            number += 1
        used.add(name.casefold())
        yield name


def _cover(book: Any, sheet: Any, report: Report) -> int:
    """Write title, lines, seal and signatures; return the row below them."""
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, safe(report.title), book.add_format({"bold": True, "font_size": 16}))
    signatures = (f"{one}: ______________________   Date: __________" for one in report.signatures)
    lines = [*report.lines, report.sealed, *signatures]
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    row = 0
    for row, line in enumerate((line for line in lines if line), 1):
        sheet.write_string(row, 0, guarded_text(safe(line, 2000)), wrapped)
    return row + 2


def _sheet(sheet: Any, told: Section, table: str, zone: ZoneInfo, looks: tuple[Any, Any, Any]) -> None:
    formats, strong, heads = looks
    widths = [_width(told, place, column, zone) for place, column in enumerate(told.columns)]
    for place, (column, width) in enumerate(zip(told.columns, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, column.title, heads[column.kind])
    if not told.rows:
        sheet.write_string(1, 0, told.empty)
        return
    columns = [
        {"header": column.title, "header_format": heads[column.kind], "format": formats[column.kind]}
        for column in told.columns
    ]
    corner = (len(told.rows), len(told.columns) - 1)
    sheet.add_table(0, 0, *corner, {"name": table, "style": "Table Style Light 1", "columns": columns})
    for number, row in enumerate(told.rows, 1):
        _row(sheet, number, told.columns, row, zone, formats)
        if (lines := _lines(told.columns, row, widths)) > 1:
            sheet.set_row(number, _LINE * lines)
    last = len(told.rows) + 1
    if told.total is not None:
        _row(sheet, last, told.columns, told.total, zone, strong)
        last += 1
    if told.note:
        sheet.write_string(last + 1, 0, safe(told.note, 1000))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    _printed(sheet, 0)


def _lines(columns: tuple[Column, ...], row: tuple[Value, ...], widths: list[int]) -> int:
    """How many lines the longest text of a row is broken into; words seldom fill a line."""
    return max(
        (
            -(-cell_len(safe(value)) // (width - _FILTER))
            for column, value, width in zip(columns, row, widths, strict=True)
            if column.kind is Kind.TEXT and isinstance(value, str)
        ),
        default=1,
    )


def _printed(sheet: Any, pages: int) -> None:
    """Print a sheet one A4 page wide, on so many pages; 0: as many as it takes."""
    sheet.set_paper(9)
    sheet.fit_to_pages(1, pages)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_footer("&L&A&R&P / &N")


def _row(
    sheet: Any, number: int, columns: tuple[Column, ...], row: tuple[Value, ...], zone: ZoneInfo, fmt: Any
) -> None:
    for place, (column, value) in enumerate(zip(columns, row, strict=True)):
        if value is None:
            sheet.write_blank(number, place, None, fmt[column.kind])
        elif isinstance(value, str):
            sheet.write_string(number, place, guarded_text(safe(value)), fmt[column.kind])
        elif column.kind in (Kind.DAY, Kind.MOMENT):
            sheet.write_datetime(number, place, _date(value, column.kind, zone), fmt[column.kind])
        else:
            sheet.write_number(number, place, cell_number(value, column.kind), fmt[column.kind])


def cell_number(value: float, kind: Kind) -> float:
    """Return a value as a sheet keeps it: money in whole units, a duration in days."""
    return value / 100 if kind is Kind.MONEY else value / _DAY_MS if kind is Kind.TALK else value


def _date(value: float, kind: Kind, zone: ZoneInfo) -> datetime:
    if kind is Kind.MOMENT:
        return local(int(value), zone)
    return datetime.combine(date_of(int(value)), datetime.min.time())


def _width(told: Section, place: int, column: Column, zone: ZoneInfo) -> int:
    """Columns that the widest text of a column takes; a wide character takes two."""
    rows = told.rows if told.total is None else (*told.rows, told.total)
    widest = max((cell_len(text(row[place], column.kind, zone)) for row in rows), default=0)
    if column.kind is Kind.TEXT:
        widest += _FILTER  # and is not broken for a hair's breadth
    elif column.kind in NUMERIC:
        widest += 2  # a sheet groups and rounds otherwise than we do
    return min(_WIDEST, max(_NARROWEST, widest, cell_len(column.title) + _FILTER) + 1)


def _put_chart(book: Any, sheet: Any, told: Section, chart: Chart, name: str, row: int) -> int:
    """Put a native chart of a section's table on a sheet at `row`; return the row below it."""
    shape = "column" if chart.shape is Shape.COLUMNS else "bar"
    made = book.add_chart({"type": shape})
    last = min(len(told.rows), MOST_BARS)
    looks: tuple[dict[str, object], ...] = (
        {"fill": {"color": _DONE}},
        {"fill": {"none": True}, "border": {"color": "#111111", "width": 1.25}},
    )
    for place, look in zip(chart.values, looks, strict=False):
        made.add_series(
            {
                "name": [name, 0, place],
                "categories": [name, 1, chart.label, last, chart.label],
                "values": [name, 1, place, last, place],
                "data_labels": {"value": True},
                "gap": 60,
            }
            | look
        )
    made.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    if len(chart.values) > 1:
        made.set_legend({"position": "bottom"})
    else:
        made.set_legend({"none": True})
    values = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}  # each bar says its own
    if shape == "bar":  # of which the upright axis has the names
        made.set_y_axis({"reverse": True})
        made.set_x_axis(values)
    else:
        made.set_y_axis(values)
    height = 260 if shape == "column" else 90 + last * (20 if len(chart.values) == 1 else 32)
    made.set_size({"width": 700, "height": height})
    sheet.insert_chart(row, 0, made, {"description": chart.title})
    return row + height // 20 + 2
