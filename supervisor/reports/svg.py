"""Charts as SVG, drawn by hand: bars that lie, bars against what was expected, columns that stand. Each bar has its
figure written at it, so that none is told by its colour or length alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size

from supervisor.reports.sections import MOST_BARS, Chart, Section, Shape, text

WIDTH = 720
_CELL = 6.6
"""Room of one column of a terminal, of two for a wide character, in the chart's font."""
_MOST_CELLS = 30
_BAR, _ROW = 13, 20
_TALL = 170
_DONE = "#2f5d8a"


def drawn(told: Section, chart: Chart, zone: ZoneInfo) -> str:
    """Return the chart of a section as an SVG element. A value that is unknown is drawn as 0."""
    rows = told.rows[:MOST_BARS]
    labels = [text(row[chart.label], told.columns[chart.label].kind, zone) for row in rows]
    values = [[float(row[place] or 0) for row in rows] for place in chart.values]
    words = [[text(row[place], told.columns[place].kind, zone) for row in rows] for place in chart.values]
    if chart.shape is Shape.COLUMNS:
        body, height = _columns(labels, values[0], words[0])
    elif chart.shape is Shape.AGAINST:
        body, height = _against(labels, values[0], values[1], words)
    else:
        body, height = _bars(labels, values[0], words[0])
    left_out = len(told.rows) - len(rows)
    if left_out:
        body += _words(0, height + 12, f"and {left_out} more in the table")
        height += 18
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" font-family="inherit" font-size="11" fill="#111">'
        f"<title>{escape(chart.title)}</title>{body}</svg>"
    )


def shortened(label: str, cells: int = _MOST_CELLS) -> str:
    """Return a label of at most so many columns of a terminal, where wide characters have two."""
    return label if cell_len(label) <= cells else set_cell_size(label, cells - 1).rstrip() + "…"


def _words(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _box(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" {look}/>'


def _label_room(labels: Sequence[str]) -> float:
    return max((cell_len(label) for label in labels), default=0) * _CELL + 8


def _bars(labels: Sequence[str], values: Sequence[float], words: Sequence[str]) -> tuple[str, int]:
    labels = [shortened(label) for label in labels]
    left = _label_room(labels)
    room = WIDTH - left - max(map(cell_len, words)) * _CELL - 12
    most = max(values) or 1
    parts = []
    for place, (label, value, said) in enumerate(zip(labels, values, words, strict=True)):
        y = place * _ROW + 3
        long = room * value / most
        parts.append(_words(left - 6, y + 11, label, "end"))
        parts.append(_box(left, y, long, _BAR, f'fill="{_DONE}"'))
        parts.append(_words(left + long + 5, y + 11, said))
    return "".join(parts), len(labels) * _ROW + 4


def _against(
    labels: Sequence[str], done: Sequence[float], due: Sequence[float], words: Sequence[Sequence[str]]
) -> tuple[str, int]:
    labels = [shortened(label) for label in labels]
    said = [
        f"{one} of {other}" + (" ▼" if is_done < expected else "")
        for one, other, is_done, expected in zip(*words, done, due, strict=True)
    ]
    left = _label_room(labels)
    room = WIDTH - left - max(map(cell_len, said)) * _CELL - 12
    most = max([*done, *due]) or 1
    parts = [_words(left, 11, "filled: done; frame: expected; ▼ below")]
    for place, (label, is_done, expected, told) in enumerate(zip(labels, done, due, said, strict=True)):
        y = place * _ROW + 20
        parts.append(_words(left - 6, y + 11, label, "end"))
        parts.append(_box(left, y + 2, room * is_done / most, _BAR - 4, f'fill="{_DONE}"'))
        parts.append(_box(left, y, room * expected / most, _BAR, 'fill="none" stroke="#111" stroke-width="1.2"'))
        parts.append(_words(left + room * max(is_done, expected) / most + 5, y + 11, told))
    return "".join(parts), len(labels) * _ROW + 22


def _columns(labels: Sequence[str], values: Sequence[float], words: Sequence[str]) -> tuple[str, int]:
    step = WIDTH / len(labels)
    most = max(values) or 1
    labels = [shortened(label, max(3, int(step / _CELL) - 1)) for label in labels]
    parts = [f'<line x1="0" y1="{_TALL}" x2="{WIDTH}" y2="{_TALL}" stroke="#111"/>']
    for place, (label, value, said) in enumerate(zip(labels, values, words, strict=True)):
        tall = (_TALL - 20) * value / most
        middle = step * (place + 0.5)
        wide = min(step * 0.6, 70)
        parts.append(_box(middle - wide / 2, _TALL - tall, wide, tall, f'fill="{_DONE}"'))
        parts.append(_words(middle, _TALL - tall - 5, said, "middle"))
        parts.append(_words(middle, _TALL + 15, label, "middle"))
    return "".join(parts), _TALL + 20
