"""The top line of every mode: whose floor, which mode, what time it is, and whether the sources are heard. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from screens.themes import MARKS
from screens.widgets.cells import Cell, columns_of
from screens.widgets.words import hour
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.calls import SourceHealth


class About(Protocol):
    """What a mode's snapshot tells of the floor as a whole."""

    @property
    def floor(self) -> str:
        """The floor's name, as it was configured."""
        ...

    @property
    def time_zone(self) -> str:
        """The IANA name of the floor's zone."""
        ...

    @property
    def shift_elapsed(self) -> float:
        """How much of today's working time has passed, 0 to 1."""
        ...

    @property
    def sources(self) -> Sequence[SourceHealth]:
        """Every source and how it is."""
        ...


def header(
    floor: str,
    mode: str,
    now_us: int,
    zone: tzinfo,
    shift_elapsed: float,
    sources: Sequence[SourceHealth],
    width: int,
) -> tuple[list[Cell], list[Cell]]:
    """Return the top line: the floor's name and the mode's word, the time, how much of the shift is over; at the right
    the sources' health.

    What is not up gives way last."""
    moment = datetime.fromtimestamp(now_us / 1e6, zone)
    name, word = Cell(safe(floor, 30 if width >= 100 else 16), "title"), Cell(f" · {mode}", "quiet")
    day, time = Cell(moment.strftime("   %a %d %b %H:%M")), Cell(moment.strftime("   %H:%M"))
    shift = Cell(f"   shift {round(shift_elapsed * 100)} %", "quiet")
    health = [source(one, zone) for one in sources]
    loud = [cell for cell in health if cell.role != "quiet"]
    calm = len(health) - len(loud)
    counted = [Cell(f"{MARKS['good']} {calm} up", "quiet"), *loud] if calm else loud
    rights = [[part for cell in cells for part in (Cell("   "), cell)] for cells in (health, counted, loud)]
    lefts = [[name, word, day, shift], [name, word, time, shift], [name, time, shift], [name, time], [time]]
    pairs = [(left, right) for left in lefts for right in rights]
    return next((pair for pair in pairs if columns_of(*pair[0], *pair[1]) <= width), pairs[-1])


def source(health: SourceHealth, zone: tzinfo) -> Cell:
    """Return one source's health: quiet while it is up, with since when it is not."""
    name = safe(health.name, 20)
    since = "" if health.since_us is None else f" since {hour(health.since_us, zone)}"
    match health.state:
        case "up":
            return Cell(f"{MARKS['good']} {name}{_lag(health.lag_seconds)}", "quiet")
        case "stale":
            return Cell(f"{MARKS['watch']} {name}{_lag(health.lag_seconds) or ' old'}", "watch-bold")
        case "never":
            return Cell(f"{MARKS['watch']} {name} never heard of", "watch-bold")
    return Cell(f"{MARKS['act']} {name} down{since}", "act")


def _lag(seconds: float | None) -> str:
    if seconds is None or seconds < 10:
        return ""
    return (
        f" {round(seconds)} s"
        if seconds < 60
        else f" {round(seconds / 60)} min"
        if seconds < 5400
        else f" {round(seconds / 3600)} h"
    )
