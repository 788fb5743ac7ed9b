"""The window as a picture: how many live customers stand at each contact number, how likely one signs at it, and who
dials outside the tiers. Both stand on one axis of contact numbers, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.followups.counts import span, window_words
from screens.widgets.cells import Cell, columns_of, fit
from screens.widgets.line import Lines
from screens.widgets.words import bar, number
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.followups.snapshots import Effort, FollowupsSnapshot
    from supervisor.duties.followups.window import HazardPoint

Row = tuple[list[Cell], list[Cell]]
RULE = Cell("─", "faint")
ENOUGH = 20
"""Customers at a number from which on its band sets the scale, and dials from which on a share of them tells."""
EFFORT_LINES = 2
"""Specialists shown at least."""
_AXIS = 18
"""Columns of everything but the two bars: number, marks, count and rate."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"
HOLDS, FIXED = "┃", "┊"


class Point(NamedTuple):
    """One line of the picture: contact numbers `first`..`last` (None: and all beyond), live customers there, and how
    likely one signs there, where it is one number that anybody has come to."""

    first: int
    last: int | None
    live: int
    hazard: HazardPoint | None

    @property
    def label(self) -> str:
        """The contact number, or the numbers."""
        return f"{self.first}+" if self.last is None else span(self.first, self.last)


def points(snapshot: FollowupsSnapshot, room: int) -> list[Point]:
    """Return the lines of the picture, at most `room`: where there are more numbers, what is far beyond the windows is
    one line, and, where that does not do, so is what is far before them."""
    by_number = {point.k: point for point in snapshot.hazard}
    beyond = max(snapshot.window.last, snapshot.fixed[1]) + 1
    last = max(len(snapshot.histogram) - 1, max(by_number, default=0), beyond)
    live = [*snapshot.histogram, *[0] * (last + 1 - len(snapshot.histogram))]
    if last + 1 <= room:
        return [Point(k, k, live[k], by_number.get(k)) for k in range(last + 1)]
    tail = min(last, max(room - 1, beyond))
    head = max(1, tail + 2 - room)
    first = Point(0, head - 1, sum(live[:head]), by_number.get(0) if head == 1 else None)
    each = [Point(k, k, live[k], by_number.get(k)) for k in range(head, tail)]
    return [first, *each, Point(tail, None, sum(live[tail:]), None)]


def chart(snapshot: FollowupsSnapshot, width: int, room: int) -> list[Row]:
    """Return the picture in `width` columns and at most `room` lines, those of its head and its legend included."""
    told = legend(snapshot, width)
    lines = points(snapshot, room - 1 - len(told))
    bars = max(4, (width - _AXIS) * 9 // 20)
    band = max(6, width - _AXIS - bars)
    most = max((point.live for point in lines), default=0)
    scale = _scale([point.hazard for point in lines if point.hazard is not None])
    signs = f"% sign  0 to {_percent(scale)}" if scale else ""
    head = [Cell(f"{'nr':>3} {'live':>8} {' ' * bars}   {signs}", "head")]
    return [(head, []), *(_drawn(point, snapshot, bars, band, most, scale) for point in lines), *told]


def _scale(hazard: Sequence[HazardPoint]) -> float:
    """Return the rate at the right edge: the highest band of numbers that enough customers have come to."""
    if not any(point.signed for point in hazard):
        return 0.0
    known = [point.high for point in hazard if point.at_risk >= ENOUGH]
    return max(known, default=max((point.high for point in hazard), default=0.0))


def _drawn(point: Point, snapshot: FollowupsSnapshot, bars: int, band: int, most: int, scale: float) -> Row:
    first, last = snapshot.window.first, snapshot.window.last
    one = point.first == point.last
    inside = one and first <= point.first <= last
    fixed = one and snapshot.fixed[0] <= point.first <= snapshot.fixed[1]
    same = snapshot.fixed == (first, last)
    role = "good" if inside else "bar"
    cells = [
        Cell(f"{point.label:>3} ", "good-bold" if inside else "quiet"),
        Cell(HOLDS if inside else " ", "good"),
        Cell(FIXED if fixed and not same else " ", "text"),
        Cell(f"{number(point.live) if point.live else '·':>6} ", "strong" if point.live else "faint"),
        Cell(_bar(point.live, most, bars), role),
        *_hazard(point.hazard, band, scale, "good-bold" if inside else "text"),
    ]
    return cells, []


def _bar(value: int, most: int, width: int) -> str:
    """Return a bar to an eighth of a column; anything above 0 is seen."""
    eighths = max(1, round(value / most * width * 8)) if value and most else 0
    full, part = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[part] if part else "")).ljust(width)


def _hazard(point: HazardPoint | None, width: int, scale: float, role: str) -> list[Cell]:
    """Return the rate as a number and as a point on its band, from the lowest to the highest it may be."""
    if point is None or not scale:
        return [Cell("")]
    if point.at_risk < ENOUGH:
        role = "quiet"
    low, at, high = (min(width - 1, int(share / scale * width)) for share in (point.low, point.rate, point.high))
    return [
        Cell(f"{_percent(point.rate):>4} ", role if point.signed else "quiet"),
        Cell(" " * low + "─" * (at - low), "quiet"),
        Cell("●", role),
        Cell("─" * (high - at) + " " * (width - 1 - high), "quiet"),
    ]


def _percent(share: float) -> str:
    """Return a share as a whole percentage; what is above 0 is seen."""
    return "<1" if 0 < share < 0.005 else f"{share * 100:.0f}"


def legend(snapshot: FollowupsSnapshot, width: int) -> list[Row]:
    """Return which windows the marks on the axis are."""
    window, (first, last) = snapshot.window, snapshot.fixed
    cells = [Cell(f"{HOLDS} ", "good"), Cell(f"window {window_words(window)}", "text")]
    if (first, last) != (window.first, window.last):
        other = [Cell(f"{FIXED} ", "text"), Cell(f"{span(first, last)} as configured", "quiet")]
        both = [*cells, Cell("   "), *other]
        return [(both, [])] if columns_of(*both) <= width else [(cells, []), (other, [])]
    if not window.own and not window.pinned:
        cells.append(Cell(f", {number(window.signings)} signings", "quiet"))
    return [(cells, [])]


def effort(found: Sequence[Effort], width: int, room: int) -> list[Row]:
    """Return who has the largest share of dials outside the tiers; of few dials a share tells nothing."""
    told = sorted((one for one in found if one.dials >= ENOUGH), key=lambda one: (-one.outside / one.dials, -one.dials))
    if not told:
        return [([Cell("nobody has dialled customers enough to tell", "quiet")], [])]
    wide = max(6, min(24, width - 37))
    return [
        (
            [
                Cell(fit(safe(one.specialist), 16), "text"),
                Cell(f"{_percent(one.outside / one.dials):>3} % ", "strong"),
                Cell(bar(one.outside / one.dials, wide), "bar"),
                Cell(f"  of {number(one.dials)}", "quiet"),
            ],
            [],
        )
        for one in told[:room]
    ]


class Picture(Vertical):
    """The picture beside the list, or instead of it."""

    def compose(self) -> ComposeResult:
        yield Lines(fill=RULE, id="picture-title")
        yield Lines(id="picture-chart")
        yield Lines(fill=RULE, id="effort-title")
        yield Lines(id="effort")

    def show(self, snapshot: FollowupsSnapshot, key: Sequence[Cell]) -> None:
        """Bring it up to date; `key` is what opens it, for its title."""
        width, height = self.content_size.width - 2, self.content_size.height
        if width < 1 or height < 1:
            return
        lines = chart(snapshot, width, max(8, height - 3 - EFFORT_LINES))
        below = effort(snapshot.effort, width, max(1, height - 3 - len(lines)))
        count = Cell(f"  {number(snapshot.counts.live)} live ", "quiet")
        self._set(
            "picture-title",
            [
                (
                    [Cell("── ", "faint"), Cell("Contact numbers", "title"), count],
                    [Cell(" "), *key, Cell(" ──", "faint")],
                )
            ],
        )
        self._set("picture-chart", lines)
        words = [Cell("── ", "faint"), Cell("Dials outside the tiers", "title"), Cell("  30 days ", "quiet")]
        self._set("effort-title", [(words, [])])
        self._set("effort", below)

    def _set(self, name: str, lines: list[Row]) -> None:
        widget = self.query_one(f"#{name}", Lines)
        if widget.styles.height is None or widget.styles.height.value != len(lines):
            widget.styles.height = len(lines)
        widget.show(*lines)
