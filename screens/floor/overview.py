"""What stands around the calls panel - header, totals, title, empty list - and its export, as pure functions of the
snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.floor.present import Limits, bar, level, number, pace_level
from screens.themes import MARKS
from screens.widgets.cells import Cell
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.calls import FloorSnapshot, SourceHealth, SpecialistLine


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


def hour(us: int, zone: tzinfo) -> str:
    """Return the time of day of a moment."""
    return datetime.fromtimestamp(us / 1e6, zone).strftime("%H:%M")


def header(snapshot: FloorSnapshot, now_us: int, zone: tzinfo, width: int) -> tuple[list[Cell], list[Cell]]:
    """Return the top line: the floor's name, the time, how much of the shift is over; at the right the sources' health.

    What is not up gives way last."""
    moment = datetime.fromtimestamp(now_us / 1e6, zone)
    floor, mode = Cell(safe(snapshot.floor, 30 if width >= 100 else 16), "title"), Cell(" · Floor", "quiet")
    day, time = Cell(moment.strftime("   %a %d %b %H:%M")), Cell(moment.strftime("   %H:%M"))
    shift = Cell(f"   shift {round(snapshot.shift_elapsed * 100)} %", "quiet")
    health = [source(one, zone) for one in snapshot.sources]
    loud = [cell for cell in health if cell.role != "quiet"]
    calm = len(health) - len(loud)
    counted = [Cell(f"{MARKS['good']} {calm} up", "quiet"), *loud] if calm else loud
    rights = [[part for cell in cells for part in (Cell("   "), cell)] for cells in (health, counted, loud)]
    lefts = [[floor, mode, day, shift], [floor, mode, time, shift], [floor, time, shift], [floor, time], [time]]
    pairs = [(left, right) for left in lefts for right in rights]
    return next((pair for pair in pairs if columns_of(*pair[0], *pair[1]) <= width), pairs[-1])


def columns_of(*cells: Cell) -> int:
    """Return how many terminal columns `cells` take."""
    return sum(cell_len(cell.text) for cell in cells)


def _share(done: float, quota: float) -> float:
    return done / quota if quota else 0.0


def totals(snapshot: FloorSnapshot, limits: Limits, width: int) -> tuple[list[Cell], list[Cell]]:
    """Return the totals' line: each sum against its quota, where it will end, and how many are on the phone."""
    t = snapshot.totals
    wide, full, quota = width >= 110, width >= 130, t.quota
    gap = "    " if wide else "   "
    dials, effective = pace_level(t.pace, limits), pace_level(t.effective_pace, limits)
    left = [Cell("dials ", "quiet"), Cell(number(t.dials), "strong"), Cell(f" / {number(quota.dials)}", "quiet")]
    if wide:
        left.append(Cell(f"  {bar(_share(t.dials, quota.dials), 12)} ", dials or "bar"))
    left += _forecast(t.dials_forecast, t.pace, dials, number)
    left += [Cell(f"{gap}effective " if wide else f"{gap}eff ", "quiet"), Cell(number(t.effective), "strong")]
    left.append(Cell(f" / {number(quota.effective)}", "quiet"))
    if full:
        left.append(Cell(f"  {bar(_share(t.effective, quota.effective), 12)} ", effective or "bar"))
    left += _forecast(t.effective_forecast, t.effective_pace, effective, number)
    left += [Cell(f"{gap}talk ", "quiet"), Cell(_hours(t.talk_ms), "strong")]
    if full:
        left += [
            Cell(f" / {round(quota.talk_minutes / 60)} h", "quiet"),
            *_forecast(t.talk_forecast_ms, None, "", _hours),
        ]
    phone = [Cell("on the phone " if wide else "phone ", "quiet"), Cell(str(t.on_the_phone), "strong")]
    return left, [*phone, Cell(f" of {t.present}" if wide else f"/{t.present}", "quiet")]


def _forecast(value: int | None, pace: float | None, found: str, worded: Callable[[int], str]) -> list[Cell]:
    shown = [] if value is None else [Cell(f" → {worded(value)}", "text")]
    return [*shown, Cell(f" {MARKS[found]} {pace:.2f}", found)] if found and pace is not None else shown


def _hours(ms: int) -> str:
    minutes = round(ms / 60_000)
    return f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"{minutes} m"


def needs(lines: Sequence[SpecialistLine], now_us: int, limits: Limits) -> list[Cell]:
    """Return how many rows need a person, for the panel's title; nothing where none does."""
    levels = [level(line, now_us, limits) for line in lines]
    found = [
        (MARKS[name], levels.count(name), role)
        for name, role in (("act", "act"), ("watch", "watch"), ("unknown", "watch"))
    ]
    return [Cell(f"  {mark} {count}", role) for mark, count, role in found if count]


def empty(snapshot: FloorSnapshot, team: str | None, filtered: str) -> list[str]:
    """Return what stands where there is no row: why, and what to do."""
    if snapshot.specialists:
        where = f" in {safe(team, 20)}" if team else ""
        what = f"Nobody{where} matches {safe(filtered, 20)!r}." if filtered else f"Nobody{where}."
        return [what, "esc goes back to everybody."]
    if not snapshot.sources:
        return [
            "No source is connected yet.",
            "Describe your telephone system in the configuration, see: supervisor doctor",
        ]
    return [
        "No specialist has called yet.",
        "People come from a roster (supervisor import roster FILE) or appear with their first call.",
        "Calls come from: supervisor collect",
    ]


def sentence(error: Exception) -> str:
    """Return an error as one safe sentence for a person."""
    return safe(error, 200).strip() or type(error).__name__


_EXPORTED = (
    "name", "team", "phone", "state", "since", "with", "dials", "connected", "effective", "talk_seconds", "quota_dials",
    "quota_effective", "quota_talk_minutes", "pace", "effective_pace", "last_call_at",
)  # fmt: skip


def table(lines: Sequence[SpecialistLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export: exact values, times ISO 8601 with the floor's offset."""

    def at(us: int | None) -> str:
        return "" if us is None else datetime.fromtimestamp(us / 1e6, zone).isoformat(timespec="seconds")

    def pace(value: float | None) -> str:
        return "" if value is None else f"{value:.2f}"

    return _EXPORTED, [
        [
            line.name, line.team, f"{line.source}:{line.agent}", str(line.state), at(line.state_since_us),
            line.with_whom or "", str(line.dials), str(line.connected), str(line.effective), f"{line.talk_ms / 1000:g}",
            f"{line.quota.dials:g}", f"{line.quota.effective:g}", f"{line.quota.talk_minutes:g}", pace(line.pace),
            pace(line.effective_pace), at(line.last_call_us),
        ]
        for line in lines
    ]  # fmt: skip
