"""What stands around the calls panel - totals, title, empty list - as pure functions of the snapshot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from screens.floor.present import Limits, level, pace_level
from screens.themes import MARKS
from screens.widgets.cells import Cell
from screens.widgets.words import bar, number
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.calls import FloorSnapshot, SpecialistLine


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
