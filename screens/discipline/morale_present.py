"""How far apart teams are as cells: on each measure the longest and the shortest, and the line between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from screens.widgets import days
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import MoraleSnapshot, Spread

SCALE = 20
"""Columns of the line between the shortest and the longest."""


def figure(value: float) -> str:
    """Return a value with as few digits as somebody acts on."""
    return f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.1f}"


def ratio(spread: Spread) -> float | None:
    """Return how many times the smaller value goes into the larger one; None where the smaller one is 0."""
    low, high = sorted((spread.best_value, spread.worst_value))
    return high / low if low > 0 else None


def ratio_words(spread: Spread) -> str:
    """Return the spread as it is shown: "4.4 x", "0" where one of them has none."""
    found = ratio(spread)
    if found is None:
        return "all 0" if spread.best_value == spread.worst_value else "from 0"
    return "alike" if found < 1.05 else f"{found:.1f} x"


def scale(spread: Spread, width: int) -> str:
    """Return a line of `width` columns from 0 to the larger value: heavy from the smaller to the larger one, the median
    upright in it."""
    low, high = sorted((spread.best_value, spread.worst_value))
    if high <= 0:
        return ""
    begin, middle = (min(width - 1, round(value / high * (width - 1))) for value in (low, spread.median))
    line = ["─"] * begin + ["━"] * (width - begin)
    line[middle] = "┃"
    return "".join(line)


def measured(spread: Spread) -> str:
    """Return a measure with its unit: "dials a day", "talk, minutes a day", "flags"."""
    measure, unit = safe(spread.measure), safe(spread.unit)
    if not unit or unit in measure:
        return measure
    return f"{measure} {unit}" if unit.startswith("a ") else f"{measure}, {unit}"


def key(spread: Spread) -> str:
    """Return the key of a row."""
    return f"{spread.team}:{spread.measure}"


def cells(spread: Spread, now_us: int) -> Mapping[str, Cell]:
    """Return the cells of a spread, by column id."""
    apart = (found := ratio(spread)) is None or found >= 1.05
    alike = spread.best_value == spread.worst_value
    return {
        "team": Cell(safe(spread.team), "quiet"),
        "measure": Cell(measured(spread), "text"),
        "ratio": Cell(ratio_words(spread), "strong" if apart and not alike else "quiet"),
        "best": Cell(safe(spread.best) if not alike else "", "text"),
        "best_value": Cell(figure(spread.best_value), "quiet" if alike else "text"),
        "median": Cell(figure(spread.median), "quiet"),
        "worst_value": Cell(figure(spread.worst_value), "quiet" if alike else "strong"),
        "worst": Cell(safe(spread.worst) if not alike else "", "strong"),
        "people": Cell(str(spread.people), "quiet"),
        "scale": Cell(scale(spread, SCALE), "bar"),
    }


def columns(width: int) -> Sequence[Column]:
    """Return the columns that fit: the line between the two and how many they are where there is room."""
    wide = width >= 110
    more = (
        (Column("people", "of", 3, gap=1, right=True), Column("scale", "0 to the most", SCALE, gap=2)) if wide else ()
    )
    return (
        Column("team", "team", 7, gap=1, grow=3),
        Column("measure", "measure", 21, gap=1, grow=2),
        Column("ratio", "spread", 6, gap=1, right=True),
        Column("best_value", "best", 5, gap=1, right=True),
        Column("best", "", 10, gap=1, grow=9),
        Column("median", "middle", 6, gap=1, right=True),
        Column("worst_value", "worst", 5, gap=1, right=True),
        Column("worst", "", 10, gap=1, grow=9),
        *more,
    )


def order(spread: Spread, column: str) -> Any:
    """Return what a row is sorted by: the widest spread first, names by the alphabet."""
    names = (alphabetical(spread.team), alphabetical(spread.measure))
    match column:
        case "ratio":
            found = ratio(spread)
            wide = float("inf") if spread.best_value != spread.worst_value else 1.0
            return (-(found if found is not None else wide), names)
        case "measure":
            return (names[1], names[0])
        case "worst":
            return (alphabetical(spread.worst), names)
        case "best":
            return (alphabetical(spread.best), names)
        case _:
            return names


def text(spread: Spread) -> str:
    """Return what the filter looks through."""
    return f"{spread.team} {spread.measure} {spread.best} {spread.worst}"


def table(found: Sequence[Spread], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export."""
    heads = ("team", "people", "measure", "unit", "best", "best_value", "median", "worst", "worst_value", "ratio")
    return heads, [
        [
            one.team, str(one.people), one.measure, one.unit, one.best, f"{one.best_value:.2f}", f"{one.median:.2f}",
            one.worst, f"{one.worst_value:.2f}", "" if (times := ratio(one)) is None else f"{times:.2f}",
        ]
        for one in found
    ]  # fmt: skip


SHAPE: Shape[Spread] = Shape(
    columns, cells, order, text, sorts=(None, "ratio", "measure", "worst", "best"), table=table
)


def note(snapshot: MoraleSnapshot) -> tuple[list[Cell], list[Cell]]:
    """Return of which days it tells."""
    first, last = days.long(snapshot.first, snapshot.last), days.long(snapshot.last, snapshot.last)
    return [Cell(f"{first} to {last}   spread: how many times apart   middle: the median", "quiet")], []
