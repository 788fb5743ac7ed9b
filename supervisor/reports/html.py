"""A report as HTML in one file: it prints on A4, and says everything without its colours. Nothing in it is fetched or
run."""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

from supervisor.reports.sections import NUMERIC, Column, Kind, Report, Section, Value, text
from supervisor.reports.svg import drawn
from supervisor.text import safe

_FEW = 3
"""Columns of a table that is not drawn out over the whole page."""
_STYLE = """
@page { size: A4; margin: 14mm 12mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 190mm; padding: 8mm 4mm; color: #111; background: #fff;
  font: 9.5pt/1.4 "Noto Sans", "Segoe UI", "Helvetica Neue", Arial, "Noto Sans CJK SC", "Microsoft YaHei",
  "PingFang SC", "Hiragino Sans", "Malgun Gothic", sans-serif }
h1 { font-size: 17pt; margin: 0 0 1mm } h2 { font-size: 12pt; margin: 8mm 0 1.5mm; break-after: avoid }
p { margin: 0 0 1.5mm } .lines { margin-bottom: 4mm } .note { color: #444; break-after: avoid }
table { border-collapse: collapse; width: 100%; margin: 1mm 0 3mm; font-variant-numeric: tabular-nums }
thead { display: table-header-group } tr { break-inside: avoid }
th, td { padding: .7mm 1.4mm; border-bottom: .2mm solid #bbb; text-align: left; vertical-align: top;
  unicode-bidi: isolate }
th { border-bottom: .4mm solid #111; font-size: 8.5pt; line-height: 1.2; vertical-align: bottom }
td { overflow-wrap: break-word } td.n, th.n { text-align: right; white-space: nowrap } th.n { white-space: normal }
td.d { white-space: nowrap } td.w { min-width: 38mm; overflow-wrap: anywhere } table.few { width: auto; min-width: 55% }
tfoot { display: table-row-group } tfoot td { border-top: .4mm solid #111; font-weight: bold }
figure { margin: 2mm 0 4mm; break-inside: avoid } figcaption { font-weight: bold; margin-bottom: 1mm }
svg { width: 100%; height: auto; display: block; print-color-adjust: exact; -webkit-print-color-adjust: exact }
.seal { border: .3mm solid #111; padding: 2mm 3mm; margin: 6mm 0; break-inside: avoid; overflow-wrap: anywhere }
.sign { break-inside: avoid; margin-top: 12mm } .sign div { display: inline-block; width: 47%; margin: 12mm 2% 0 0 }
.sign i { display: block; border-top: .3mm solid #111; font-style: normal; font-size: 8.5pt; padding-top: 1mm }
@media print { body { padding: 0; max-width: none } }
"""


def page(report: Report) -> str:
    """Return a report as a whole HTML document."""
    zone = ZoneInfo(report.time_zone)
    title = escape(safe(report.title))
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<div class=lines>",
        *(f"<p>{escape(safe(line))}</p>" for line in report.lines),
        "</div>",
        *(_section(one, zone) for one in report.sections),
        _sealed(report.sealed),
        _signatures(report.signatures),
        "</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _section(told: Section, zone: ZoneInfo) -> str:
    note = f"<p class=note>{escape(safe(told.note, 1000))}</p>" if told.note else ""
    body = _table(told, zone) if told.rows else f"<p>{escape(told.empty)}</p>"
    picture = ""
    if told.chart is not None:
        title = told.chart.title
        caption = "" if title == told.title else f"<figcaption>{escape(title)}</figcaption>"
        picture = f"<figure>{caption}{drawn(told, told.chart, zone)}</figure>"
    return f"<section>\n<h2>{escape(told.title)}</h2>\n{note}{picture}{body}\n</section>"


def _table(told: Section, zone: ZoneInfo) -> str:
    heads = "".join(
        f'<th scope="col"{_class(column, head=True)}>{escape(column.title)}</th>' for column in told.columns
    )
    rows = "\n".join(_row(told.columns, row, zone) for row in told.rows)
    foot = "" if told.total is None else f"<tfoot>{_row(told.columns, told.total, zone)}</tfoot>"
    few = ' class="few"' if len(told.columns) <= _FEW else ""
    return f"<table{few}>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>{foot}\n</table>"


def _row(columns: tuple[Column, ...], row: tuple[Value, ...], zone: ZoneInfo) -> str:
    cells = "".join(
        f"<td{_class(column)}>{escape(text(value, column.kind, zone))}</td>"
        for column, value in zip(columns, row, strict=True)
    )
    return f"<tr>{cells}</tr>"


def _class(column: Column, *, head: bool = False) -> str:
    if column.kind in NUMERIC:
        return ' class="n"'
    if head:
        return ""
    return ' class="d"' if column.kind in (Kind.CODE, Kind.DAY, Kind.MOMENT) else ' class="w"' if column.wide else ""


def _sealed(words: str) -> str:
    return f"<p class=seal>{escape(safe(words, 2000))}</p>" if words else ""


def _signatures(who: tuple[str, ...]) -> str:
    if not who:
        return ""
    lines = "".join(f"<div><i>{escape(one)}: name and signature</i></div><div><i>Date</i></div>" for one in who)
    return f'<section class="sign"><h2>Signatures</h2>{lines}</section>'
