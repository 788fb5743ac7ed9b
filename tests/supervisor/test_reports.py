"""Reports as they are written: their figures are those of the JSON, nothing in them is obeyed, wide text has room."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from store import driver, roster
from store.engine import Store
from supervisor.__main__ import run
from supervisor.calendar import Calendar
from supervisor.cli import common
from supervisor.duties.orders import acts as orders
from supervisor.reports import html, svg, xlsx
from supervisor.reports.sections import Chart, Column, Kind, Report, Shape, Value, section, text
from supervisor.settings import Floor
from tests.supervisor.duties.discipline.flagging import flagged
from tests.supervisor.duties.selling import call, customer, doer, order, specialist, version

S = 1_000_000
ZONE = ZoneInfo("Europe/Berlin")
CALENDAR = Calendar(Floor(holidays=False))
HOSTILE = '=HYPERLINK("http://x","a")<script>alert(1)</script>\x1b[2J\u202e'
WIDE = "北京机械进出口有限公司"
CONFIGURATION = """
[floor]
name = "<b>Floor & Sons</b>"
time_zone = "Europe/Berlin"
holidays = false
[quota]
effective = 2
[discipline]
fine_per_missing = 3
"""


def at(day: int, hour: int = 10, minute: int = 0) -> int:
    return CALENDAR.moment(day, hour * 60 + minute)


@pytest.fixture
def floor(store: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A week of three specialists, one of them hostile and one with a wide name; it is Monday the 23rd, eleven. The
    commands run in the folder that is returned."""
    config = tmp_path / "supervisor.toml"
    config.write_text(CONFIGURATION)
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(config))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: at(20261123, 11))
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with store.write() as connection:
        for name, agent, team in ((HOSTILE, "1001", "北方"), (WIDE, "1002", "北方"), ("Anna", "1003", "South")):
            specialist(connection, name, agent, team)
        customer(connection, "C1", HOSTILE, "+49111")
        customer(connection, "C2", WIDE, "+49222")
        for day in range(20261116, 20261121):
            for number, (agent, talk) in enumerate((("1001", 40), ("1002", 31), ("1003", 70), ("1003", 80), ("9", 50))):
                call(connection, f"{day}-{number}", agent, "+49222", at(day, 10, number * 10), talk)
        roster.put_attendance(connection, 3, 20261116, ("half", None, None), False)
        for ref, who in (("=1+1", 1), ("B", 2)):
            order(connection, ref, 1 if who == 1 else 2, who, amount_cents=123_450, opened_day=20261116)
        friday = doer(later_us=at(20261120) - doer().now_us)
        orders.sign(connection, friday, 1, version(connection, 1), 20261120, 123_450)
        orders.lose(connection, friday, 2, version(connection, 2), "@too expensive")
        flagged(connection, 1, "idle", 20261120)
        driver.insert(
            connection, "sealed_day", ("day", "at_us", "who", "sentence", "content", "previous", "hash"),
            [(20261119, at(20261119, 19), "<i>Ina</i>", "all heard", "{}", "", "ab" * 32)],
        )  # fmt: skip
    return folder


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    try:
        ended = run(words)
    except SystemExit as end:
        assert isinstance(end.code, int)
        ended = end.code
    told = capsys.readouterr()
    assert ended == status, told.err
    found = told.err if status == 2 else told.out
    assert "\x1b" not in found and "\u202e" not in found
    return found


class Page(HTMLParser):
    """The tables of a page by the title above them, as texts; and every tag that is in it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: set[str] = set()
        self.words = ""
        self._title = ""
        self._into: str = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._into = tag
        if tag == "h2":
            self._title = ""
        elif tag == "tr":
            self.tables.setdefault(self._title, []).append([])
        elif tag in ("td", "th"):
            self.tables[self._title][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._into = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._into == "h2":
            self._title += data
        elif self._into in ("td", "th"):
            self.tables[self._title][-1][-1] += data


def lines(rows: list[list[Any]]) -> list[dict[str, Any]]:
    """The rows under a header by its names, the total among them."""
    heads = rows[0]
    return [dict(zip(heads, row, strict=True)) for row in rows[1:]]


def shown(value: float) -> str:
    return text(value, Kind.COUNT, ZONE)


# -- figures ------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_month_are_those_of_the_json(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "audit", "month", "2026-11", "--format", "json", status=1))
    assert said(capsys, "report", "month", "2026-11") == "floor-month-2026-11.html\n"
    assert said(capsys, "report", "month", "2026-11", "--format", "xlsx") == "floor-month-2026-11.xlsx\n"
    page = Page((floor / "floor-month-2026-11.html").read_text())
    book = openpyxl.load_workbook(floor / "floor-month-2026-11.xlsx")
    assert [shown(told["totals"][name]) for name in ("legs", "calls", "dials", "connected", "effective")] == (
        page.tables["Totals"][1][:5]
    )
    assert cells(book["Totals"])[1][:5] == [
        told["totals"][name] for name in ("legs", "calls", "dials", "connected", "effective")
    ]
    for rows, exact in ((page.tables, False), ({sheet.title: cells(sheet) for sheet in book.worksheets}, True)):
        telephone = {line["specialist"]: line for line in lines(rows["Telephone and attendance"])}
        form = {line["specialist"]: line for line in lines(rows["Sales statistics form"])}
        results = {line["specialist"]: line for line in lines(rows["Orders, flags and merits"])}
        for one in told["specialists"]:
            name = one["name"] if not exact else one["name"].strip()
            number = (lambda value: value) if exact else shown
            for column, key in (("dials", "dials"), ("connected", "connected"), ("effective", "effective"),
                                ("contacts", "contacts"), ("due", "due"), ("missing", "shortfall"),
                                ("leave", "leave"), ("sick", "sick")):  # fmt: skip
                assert telephone[name][column] == number(one[key]), (name, column)
            for column, key in (("target so far", "due"), ("target of the month", "target"), ("done", "effective"),
                                ("missing", "missing")):  # fmt: skip
                assert form[name][column] == number(one[key]), (name, column)
            for column, key in (("signed", "signed"), ("lost", "lost"), ("flags", "flags"), ("merits", "merits")):
                assert results[name][column] == number(one[key]), (name, column)
            assert seconds(telephone[name]["talk"]) == int(one["talk_seconds"])
            assert amount(results[name]["amount, EUR"]) == one["amount"]
            assert float(str(form[name]["needed a day"])) == pytest.approx(one["needed_a_day"], abs=0.05)
            assert float(str(telephone[name]["days"])) == one["days"]
        below = {line["specialist"]: line for line in lines(rows["Below what is prescribed"])}
        assert list(below)[: len(told["below"])] == told["below"]
        for one in told["specialists"]:
            if one["shortfall"]:
                assert amount(below[one["name"]]["proposed fine, EUR"]) == one["proposed"]
        assert [line["number"] for line in lines(rows["Spot check"])] == [
            one["number"] for one in told["sample"]["calls"]
        ]
        whole = rows["Telephone and attendance"][-1]
        assert whole[0] == "all" and str(whole[5]) == str(told["totals"]["dials"]), "nobody's calls too"
        hashes = {str(line["day"])[:10]: line["hash"] or "" for line in lines(rows["Days"])}
        assert hashes == {one["day"]: one["hash"] or "" for one in told["days"]}


def cells(sheet: Worksheet) -> list[list[Any]]:
    """The cells of a sheet's table with its total; a note below it is left out."""
    rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    ends = next((place for place, row in enumerate(rows) if not any(cell != "" for cell in row)), len(rows))
    return rows[:ends]


def seconds(talk: Any) -> int:
    """A duration of a page or a sheet, in whole seconds."""
    if isinstance(talk, timedelta):
        return int(talk.total_seconds())
    if isinstance(talk, str):
        hours, minutes, rest = map(int, talk.split(":"))
        return hours * 3600 + minutes * 60 + rest
    return int(talk.hour * 3600 + talk.minute * 60 + talk.second)


def amount(value: Any) -> float:
    return float(value.replace(" ", "")) if isinstance(value, str) else float(value)


def test_the_figures_of_a_week_are_those_of_the_json(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "report", "week", "2026-11-18", "--format", "json"))
    said(capsys, "report", "week", "2026-11-18")
    said(capsys, "report", "week", "2026-11-18", "--format", "xlsx")
    page = Page((floor / "floor-week-2026-W47.html").read_text())
    book = openpyxl.load_workbook(floor / "floor-week-2026-W47.xlsx")
    assert (told["first"], told["last"], told["total"]["dials"]) == ("2026-11-16", "2026-11-22", 25)
    assert [one["name"] for one in told["people"]][-1] == "nobody's"
    for rows, exact in ((page.tables, False), ({sheet.title: cells(sheet) for sheet in book.worksheets}, True)):
        number = (lambda value: value) if exact else shown
        what = {line["name"]: line for line in lines(rows["What was done"])}
        teams = {line["name"]: line for line in lines(rows["Teams"])}
        for one, found in [
            *((one, what) for one in (*told["people"], told["total"])),
            *((t, teams) for t in told["teams"]),
        ]:
            line = found[one["name"]]
            for column, key in (("dials", "dials"), ("effective", "effective"), ("contacts", "contacts"),
                                ("signed", "signed"), ("lost", "lost"), ("gone live", "live"), ("flags", "flags"),
                                ("merits", "merits")):  # fmt: skip
                assert line[column] == number(one[key]), (one["name"], column)
            assert float(str(line["due"])) == one["due"]
            assert seconds(line["talk"]) == int(one["talk_seconds"])
            assert amount(line["amount, EUR"]) == one["amount"]
        assert [line["why"] for line in lines(rows["Lost orders"]) if line["order"] != "all"] == ["@too expensive"]
    (lost,) = told["lost"]
    assert (lost["order"], lost["why"], lost["amount"]) == ("B", "@too expensive", 1234.5)


def test_the_figures_of_a_day_are_those_of_the_json(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "audit", "day", "2026-11-18", "--format", "json", status=1))
    said(capsys, "report", "day", "2026-11-18")
    said(capsys, "report", "day", "2026-11-18", "--format", "xlsx")
    page = Page((floor / "floor-day-2026-11-18.html").read_text())
    book = openpyxl.load_workbook(floor / "floor-day-2026-11-18.xlsx")
    for rows, exact in ((page.tables, False), ({sheet.title: cells(sheet) for sheet in book.worksheets}, True)):
        number = (lambda value: value) if exact else shown
        classes = {line["class of call"].replace(" ", "_"): line["calls"] for line in lines(rows["Calls by class"])}
        assert classes.pop("all") == number(told["totals"]["calls"])
        assert classes == {name: number(many) for name, many in told["classes"]["calls"].items()}
        people = {line["specialist"]: line for line in lines(rows["Specialists"])}
        for one in told["specialists"]:
            for column in ("dials", "connected", "effective"):
                assert people[one["name"]][column] == number(one[column])
            assert seconds(people[one["name"]]["talk"]) == int(one["talk_seconds"])
        assert len(lines(rows["Discrepancies"])) == len(told["discrepancies"]) > 0
    assert "Not signed in the console." in page.words
    assert "Supervisor: name and signature" in page.words and "Director: name and signature" in page.words


def test_who_sealed_the_day_stands_in_its_report(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "report", "day", "2026-11-19")
    page = Page((floor / "floor-day-2026-11-19.html").read_text())
    assert "Signed by <i>Ina</i> at 2026-11-19 19:00:00: all heard" in page.words
    assert f"Sealed with {'ab' * 32}." in page.words


# -- what is hostile, what is wide --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("day", "2026-11-18"), ("week", "2026-11-18"), ("month", "2026-11")])
def test_nothing_in_a_page_is_obeyed(floor: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]) -> None:
    name = said(capsys, "report", *words).strip()
    source = (floor / name).read_text()
    page = Page(source)
    assert "<script>alert(1)</script>" in page.words, "told as it is, as text"
    assert not page.tags & {"script", "b", "i", "a", "img", "link", "iframe"} - {"i"}
    assert "<script" not in source and "<b>Floor" not in source and "<i>Ina" not in source
    assert "\x1b" not in source and "\u202e" not in source
    assert not re.search(r"(src|href|url)\s*[=(]", source.split("<body>")[0]), "nothing is fetched"


@pytest.mark.parametrize("words", [("day", "2026-11-18"), ("week", "2026-11-18"), ("month", "2026-11")])
def test_nothing_in_a_book_is_a_formula(
    floor: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    name = said(capsys, "report", *words, "--format", "xlsx").strip()
    book = openpyxl.load_workbook(floor / name)
    told = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in told} <= {"s", "n", "d"}
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in told), "kept as the text it is"
    assert not any(cell.hyperlink for cell in told)


def test_csv_is_guarded(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "audit", "month", "2026-11", "--format", "csv", status=1)
    table = list(csv.DictReader(io.StringIO(out)))
    assert [row["name"][:12] for row in table] == ["'=HYPERLINK(", "Anna", WIDE[:12]]
    told = json.loads(said(capsys, "audit", "month", "2026-11", "--format", "json", status=1))
    assert [int(row["dials"]) for row in table] == [one["dials"] for one in told["specialists"]]
    assert table[0]["amount"] == "1234.50"


def test_books_have_tables_formats_charts_and_room(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "report", "month", "2026-11", "--format", "xlsx")
    book = openpyxl.load_workbook(floor / "floor-month-2026-11.xlsx")
    for title in ("Below what is prescribed", "Telephone and attendance", "Spot check", "Days"):
        sheet = book[title]
        (table,) = sheet.tables.values()
        assert table.ref.startswith("A1:") and table.autoFilter is not None
        assert sheet.freeze_panes == "B2" and sheet.page_setup.paperSize == 9
    sheet = book["Telephone and attendance"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, heads.index("talk") + 1).number_format == "[h]:mm:ss"
    assert book["Days"].cell(2, 1).number_format == "yyyy-mm-dd"
    assert str(book["Days"].cell(2, 1).value) == "2026-11-16 00:00:00"
    assert book["Below what is prescribed"].cell(2, 7).number_format == "#,##0.00"
    assert book["Telephone and attendance"].column_dimensions["B"].width >= 4 + 1
    charts = book["Report"]._charts  # type: ignore[attr-defined]
    assert len(charts) == 3, "against the quota, the spread, why orders were lost"


def test_wide_text_has_its_room(tmp_path: Path) -> None:
    told = section("Wide", (Column("company", Kind.TEXT), Column("n")), [(WIDE, 1), ("plain", 2)])
    with (tmp_path / "x.xlsx").open("wb") as file:
        xlsx.write(Report("x", "X", (), "UTC", (told,)), file)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Wide"]
    assert sheet.column_dimensions["A"].width >= 2 * len(WIDE)
    assert sheet.cell(2, 1).value == WIDE
    assert svg.shortened(WIDE, 10) == WIDE[:4] + "…", "four wide characters and the mark fill nine columns"
    assert svg.shortened("Élodie", 6) == "Élodie"


def test_a_long_text_has_as_many_lines_as_it_needs(tmp_path: Path) -> None:
    told = section("Long", (Column("why", Kind.TEXT), Column("n")), [("word " * 40, 1), ("short", 2)])
    with (tmp_path / "x.xlsx").open("wb") as file:
        xlsx.write(Report("x", "X", (), "UTC", (told,)), file)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Long"]
    assert sheet.row_dimensions[2].height == 60 and sheet.row_dimensions[3].height is None


# -- charts -------------------------------------------------------------------------------------------------------


def drawn(shape: Shape, rows: list[tuple[Value, ...]]) -> str:
    columns = (Column("who", Kind.TEXT), Column("done"), Column("due"))
    told = section("T", columns, rows, chart=Chart("C", shape, 0, (1, 2) if shape is Shape.AGAINST else (1,)))
    assert told.chart is not None
    return svg.drawn(told, told.chart, ZONE)


def test_bars_are_as_long_as_their_figures() -> None:
    picture = drawn(Shape.BARS, [("a", 50, 0), ("b", 100, 0), ("c", 0, 0)])
    longs = [float(one) for one in re.findall(r'<rect [^>]*width="([\d.]+)"', picture)]
    assert longs[0] == pytest.approx(longs[1] / 2, abs=0.1) and longs[2] == 0.5
    assert re.findall(r">([^<]*)</text>", picture) == ["a", "50", "b", "100", "c", "0"]


def test_who_is_below_is_marked_in_words_of_the_chart() -> None:
    picture = drawn(Shape.AGAINST, [("a", 9, 10), ("b", 10, 10), ("<c>", 11, 10)])
    assert "9 of 10 ▼" in picture and "10 of 10<" in picture and "11 of 10<" in picture
    assert "&lt;c&gt;" in picture and "<c>" not in picture


@pytest.mark.parametrize("shape", list(Shape))
def test_a_chart_of_nothing_but_zeros_and_of_very_many(shape: Shape) -> None:
    assert "nan" not in drawn(shape, [("a", 0, 0), ("b", None, None)])
    many = drawn(shape, [(f"n{number}", number, 5) for number in range(50)])
    assert "n39" in many and "n40" not in many and "and 10 more in the table" in many


# -- sections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        (1_234_567, Kind.COUNT, "1 234 567"), (22.5, Kind.NUMBER, "22.5"), (1_200.0, Kind.NUMBER, "1 200"),
        (0.874, Kind.SHARE, "87 %"), (980_050, Kind.MONEY, "9 800.50"), (3_723_900, Kind.TALK, "1:02:03"),
        (360_000_000, Kind.TALK, "100:00:00"), (20261123, Kind.DAY, "2026-11-23"), (None, Kind.COUNT, "–"),
        (at(20261025, 1, 30), Kind.MOMENT, "2026-10-25 01:30:00"), ("a\x1b", Kind.TEXT, "a␛"),
        (-5, Kind.MONEY, "-0.05"),
    ],
)  # fmt: skip
def test_values_as_people_read_them(value: Value, kind: Kind, told: str) -> None:
    assert text(value, kind, ZONE) == told


def test_a_report_of_nothing() -> None:
    empty = section("None", (Column("a", Kind.TEXT),), (), total=("all",), chart=Chart("C", Shape.BARS, 0, (0,)))
    assert empty.chart is None and empty.total is None
    page = html.page(Report("x", "X", (), "UTC", (empty,)))
    assert "<p>None.</p>" in page and "<table" not in page and "Signatures" not in page
    file = io.BytesIO()
    xlsx.write(Report("x", "X", (), "UTC", (empty, empty)), file)
    assert openpyxl.load_workbook(file).sheetnames == ["Report", "None", "None (2)"]


# -- the commands -------------------------------------------------------------------------------------------------


def test_nothing_is_overwritten(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "report", "month", "2026-11")
    before = (floor / "floor-month-2026-11.html").read_bytes()
    err = said(capsys, "report", "month", "2026-11", status=2)
    assert "floor-month-2026-11.html is there already; name a new file" in err
    assert (floor / "floor-month-2026-11.html").read_bytes() == before


def test_where_reports_go(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (floor / "box").mkdir()
    assert said(capsys, "report", "day", "yesterday", "-o", "box") == "box/floor-day-2026-11-22.html\n"
    assert said(capsys, "report", "day", "2026-11-18", "-o", "mine.xlsx") == "mine.xlsx\n"
    assert openpyxl.load_workbook(floor / "mine.xlsx").sheetnames[0] == "Report"
    assert said(capsys, "report", "week", "--team", "北方", "-o", "box") == "box/floor-week-2026-W48-北方.html\n"
    assert "write a name that ends in .html or .xlsx" in said(capsys, "report", "week", "-o", "a.pdf", status=2)
    err = said(capsys, "report", "week", "--format", "html", "-o", "a.xlsx", status=2)
    assert "write a name that ends in .html" in err
    assert "cannot be written" in said(capsys, "report", "week", "-o", "none/a.html", status=2)
    assert sorted(path.name for path in floor.iterdir()) == ["box", "mine.xlsx"]


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("report", "day", "2026-11-31"), "'2026-11-31' is not a day"),
        (("report", "day", "2026-11-24"), "still to come"),
        (("report", "week", "2026-12-01"), "the week of 2026-12-01 is still to come"),
        (("report", "month", "2026-13"), "'2026-13' is not a month"),
        (("report", "month", "2026-12"), "2026-12 is still to come"),
        (("report", "month", "--team", "West"), "there is no team 'West'; one of South, 北方"),
        (("report", "day", "--team", "West", "2026-11-18"), "there is no team 'West'"),
        (("report", "week", "--format", "json", "-o", "x"), "JSON goes to stdout"),
        (("audit", "month", "2026-12"), "2026-12 is still to come"),
        (("audit", "month", "--format", "xlsx"), "name one with --output"),
    ],
)
def test_what_is_refused(floor: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], because: str) -> None:
    assert because in said(capsys, *words, status=2)
    assert not list(floor.iterdir())


def test_audit_month_as_a_table_and_in_files(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "audit", "month", status=1)
    assert out.startswith("2026-11 up to 2026-11-22: 2 of 3 are below; 3 EUR a missing call\n")
    assert "Listen to these again (seed 1)" in out and "1 of 5 days are signed" in out
    for ending in ("html", "xlsx", "csv", "json"):
        out = said(capsys, "audit", "month", "--format", ending, "-o", f"m.{ending}", status=1)
        assert out == f"the audit of 2026-11 in m.{ending}\n"
    assert (floor / "m.json").read_text() == said(capsys, "audit", "month", "--format", "json", status=1)
    assert (floor / "m.html").read_text() == said(capsys, "audit", "month", "--format", "html", status=1)
    assert len(openpyxl.load_workbook(floor / "m.xlsx").sheetnames) > 10


def test_the_status_of_audit_month(floor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "audit", "month", "--team", "北方", status=1)
    said(capsys, "audit", "month", "--team", "South", status=0)
    one, other = (
        json.loads(said(capsys, "audit", "month", "--format", "json", "--seed", seed, "--sample", "3", status=1))
        for seed in ("1", "2")
    )
    assert len(one["sample"]["calls"]) == 3 and one["sample"] != other["sample"]
