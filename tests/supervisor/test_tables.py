"""The one reader of tables, on real files of every kind people save."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from supervisor import tables

# A sheet's dates have no zone.
# ruff: noqa: DTZ001

TEXT = "Name,Team\r\nÄnne Müller,Süd\r\nJosé,Nord\r\n"
CHINESE = "姓名,团队\n李雷,华东团队\n韩梅梅,华南销售团队\n王小明,华北销售一部\n"


def read(path: Path) -> tuple[str, list[str], list[list[tables.Cell]]]:
    with tables.open_table(path) as table:
        return table.written, table.header, [row.cells for row in table.rows]


@pytest.mark.parametrize(
    ("codec", "text", "shown"),
    [
        ("utf-8", TEXT, "UTF-8"),
        ("utf-8-sig", TEXT, "UTF-8 with BOM"),
        ("utf-16", TEXT, "UTF-16"),
        ("utf-16-le", TEXT, "UTF-16"),
        ("cp1252", TEXT, "Latin-1 (cp1252)"),
        ("gbk", CHINESE, "GBK (GB18030)"),
        ("utf-8", CHINESE, "UTF-8"),
    ],
)
def test_encodings_are_told_and_said(tmp_path: Path, codec: str, text: str, shown: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(codec))
    written, header, rows = read(path)
    lines = text.split()[0].split(",")
    assert (written, header) == (f"CSV, {shown}, comma between columns", lines)
    assert [",".join(map(str, row)) for row in rows] == text.splitlines()[1:]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f'name{delimiter}team\n"Rossi, Anna; {delimiter}"{delimiter}A\nBob{delimiter}B\n')
    assert read(path)[2] == [[f"Rossi, Anna; {delimiter}", "A"], ["Bob", "B"]]


def test_a_sheet_keeps_its_dates_and_times(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["date", "specialist", "status", "start"], [datetime(2026, 4, 3), 1003, "half", time(9, 30)]):
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert read(path)[2] == [[datetime(2026, 4, 3), "1003", "half", time(9, 30)]]


def test_a_sheet_s_numbers_are_exact_and_whole_ones_are_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["a", "b", "c", "d", "e"], [9800.5, 9800.0, 9800, 0.07, 1e-7]):
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    ((half, *whole, seven, tiny),) = read(path)[2]
    assert isinstance(half, Decimal) and half == Decimal("9800.5")
    assert whole == ["9800", "9800"]
    assert seven == Decimal("0.07")
    assert [tables.text_of(cell) for cell in (half, tiny)] == ["9800.5", "0.0000001"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"PK\x03\x04 not a workbook", "not an XLSX workbook"),
        (b"\x7fELF" + bytes(range(256)) * 4, "not a text file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not a text file"),
    ],
)
def test_what_is_no_table_is_one_clear_error(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(tables.TableError, match=words) as raised, tables.open_table(path) as table:
        list(table.rows)
    assert str(path) in str(raised.value)


def test_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "is a folder"), (tmp_path / "no.csv", "there is no such file")):
        with pytest.raises(tables.TableError, match=words), tables.open_table(path):
            pass


def test_headers_match_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Full Name, TALK_Seconds,other\n")
    with tables.open_table(path) as table:
        assert tables.columns(path, table, ["full_name"], ["talk seconds", "x"], {}) == {
            "full_name": 0,
            "talk seconds": 1,
        }
        assert tables.columns(path, table, ["name"], [], {"name": "FULLNAME"}) == {"name": 0}
        for told, words in (
            ({}, "no column for name"),
            ({"name": "nobody"}, "there is no column 'nobody'"),
            ({"nam": "other"}, "did you mean 'name'"),
        ):
            with pytest.raises(tables.TableError, match=words):
                tables.columns(path, table, ["name"], [], told)


def test_an_empty_cell_too_many_harms_nobody(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("name;team\nAnna;North;\nBen;South;;;\n")
    with tables.open_table(path) as table:
        found = [(cells["name"], reason) for _, cells, reason in tables.rows_of(table, {"name": 0, "team": 1})]
    assert found == [("Anna", None), ("Ben", None)]


def test_a_row_of_the_wrong_width_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f'name,team\nA,B,C\n"{"x" * 200_000}",B\nOnly\n\nD,E\n')
    with tables.open_table(path) as table:
        found = [(row.number, reason) for row, _, reason in tables.rows_of(table, {"name": 0, "team": 1})]
    assert found[0] == (2, "3 columns, expected 2")
    assert found[-2:] == [(4, "1 columns, expected 2"), (6, None)]
    assert found[1][0] == 3 and found[1][1]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-04-03", 20260403),
        ("2026/4/3", 20260403),
        ("20260403", 20260403),
        ("3.4.2026", 20260403),
        ("2026年4月3日", 20260403),
        ("13/04/2026", 20260413),
        ("04/13/2026", 20260413),
        ("04/04/2026", 20260404),
        ("2026-04-03 00:00:00", 20260403),
        (date(2026, 4, 3), 20260403),
        (datetime(2026, 4, 3, 12), 20260403),
    ],
)
def test_days_in_every_unambiguous_form(cell: tables.Cell, day: int) -> None:
    assert tables.day_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("03/04/2026", "two days"),
        ("3-4-2026", "two days"),
        ("2026-02-30", "does not exist"),
        ("soon", "not a date"),
        (Decimal("46115.5"), "not a date"),
    ],
)
def test_days_that_are_none_or_two(cell: tables.Cell, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        tables.day_of(cell)


def test_times_of_day() -> None:
    assert [tables.minute_of(cell) for cell in ("09:30", "9.05", "24:00", "", time(7, 1))] == [
        570,
        545,
        1440,
        None,
        421,
    ]
    for wrong in ("25:00", "9", "24:01", "12:60", Decimal("9.05")):
        with pytest.raises(ValueError, match="not a time of day"):
            tables.minute_of(wrong)
