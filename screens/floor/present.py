"""The calls panel as cells: pure functions from the floor's snapshot to what stands on the screen.

What is normal is quiet; what needs a person is loud, by colour and by mark: `!` watch, `✕` act, `▲` an unknown phone,
`⚑2` flags that wait, `»` a reminder of a step of the onboarding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import ago, bar, clock
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.calls import SpecialistLine
    from supervisor.settings import QuotaSettings

STATES = {
    "offline": "off", "idle": "idle", "ringing": "ring", "talking": "talk", "held": "held", "wrap_up": "wrap",
    "paused": "pause",
}  # fmt: skip
_STATE_ROLES = {"offline": "quiet", "idle": "quiet", "talking": "good", "ringing": "text", "held": "watch"}
_STATE_ORDER = ("talking", "held", "ringing", "wrap_up", "idle", "paused", "offline")
FLAG, PROD = "⚑", "»"
"""Stand on a row with flags that wait for a decision, and with a reminder of a step its specialist holds."""
ALIVE = frozenset({"talking", "held", "ringing"})
"""States in which a call is under way."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a row is marked; see [console] and [quota] of the configuration. `shift` is the day's working
    time as spans of epoch us: only idling within it counts; without any, all of it."""

    quota: QuotaSettings
    idle_watch_s: int = 600
    idle_act_s: int = 1200
    shift: tuple[tuple[int, int], ...] = ()


def pace_level(pace: float | None, limits: Limits) -> str:
    """Return act, watch or "" of a pace, by the rule of supervisor.duties, imported when there is something to
    judge."""
    from supervisor.duties.calls.pace import level

    return level(pace, limits.quota)


def away(line: SpecialistLine) -> bool:
    """Whether nothing is expected of a specialist today: on leave, sick, in training."""
    from supervisor.duties.calls.pace import ABSENT

    return line.attendance in ABSENT


def idle_level(line: SpecialistLine, now_us: int, limits: Limits) -> str:
    """Return act, watch or "" of an idle specialist, by the working time without a call.

    Who is away is not judged, nor a phone of which nobody knows whose it is.
    """
    if line.state != "idle" or line.state_since_us is None or line.specialist_id is None or away(line):
        return ""
    spans = limits.shift or ((line.state_since_us, now_us),)
    idle = sum(max(0, min(now_us, end) - max(line.state_since_us, begin)) for begin, end in spans) / 1e6
    return "act" if idle >= limits.idle_act_s else "watch" if idle >= limits.idle_watch_s else ""


def level(line: SpecialistLine, now_us: int, limits: Limits) -> str:
    """Return how much a row needs a person: act, unknown (phone), watch or ""."""
    levels = (idle_level(line, now_us, limits), pace_level(line.pace, limits), pace_level(line.effective_pace, limits))
    if "act" in levels:
        return "act"
    if line.specialist_id is None:
        return "unknown"
    return "watch" if "watch" in levels else ""


def waiting(line: SpecialistLine) -> Cell:
    """Return in three columns what waits for a decision or an answer of a specialist: flags, counted to nine, and a
    reminder."""
    flags = f"{FLAG}{line.flags if line.flags <= 9 else '+'}" if line.flags else ""
    return Cell(f"{flags}{PROD if line.prods else ''}", "watch")


def waiting_words(line: SpecialistLine) -> list[Cell]:
    """Return the same in words, for the detail; nothing where nothing waits."""
    found = []
    if line.flags:
        found.append(f"{FLAG} {line.flags} {'flag waits' if line.flags == 1 else 'flags wait'}")
    if line.prods:
        found.append(f"{PROD} {line.prods} {'reminder' if line.prods == 1 else 'reminders'} of a step they hold")
    return [Cell("   ".join(found), "watch")] if found else []


def _pace(pace: float | None, limits: Limits) -> Cell:
    if pace is None:
        return Cell("–  ", "bar")
    found = pace_level(pace, limits)
    return Cell(f"{min(pace, 99):.2f} {MARKS.get(found, ' ')}", found or "bar")


def cells(line: SpecialistLine, now_us: int, limits: Limits) -> Mapping[str, Cell]:
    """Return the cells of one row of the calls panel, by column id."""
    state = str(line.state)
    known = line.specialist_id is not None
    idle = idle_level(line, now_us, limits)
    gone = state == "offline" and away(line)
    role = idle or _STATE_ROLES.get(state, "text")
    since = "" if line.state_since_us is None or gone else clock((now_us - line.state_since_us) / 1e6)
    pace, eff_pace = _pace(line.pace, limits), _pace(line.effective_pace, limits)
    quota = line.quota
    base = "text" if state != "offline" else "quiet"
    talk = round(line.talk_ms / 60_000)
    whom = safe(line.with_whom or "") if state in ALIVE else safe(line.reason or "") if state == "paused" else ""
    return {
        "since": Cell(since, role if idle else "quiet"),
        "state": Cell(safe(line.attendance) if gone else STATES.get(state, state), "quiet" if gone else role),
        "mark": Cell(MARKS["unknown"], "watch") if not known else Cell(MARKS.get(idle, ""), idle or "text"),
        "name": Cell(safe(line.name), base if known else "watch"),
        "waiting": waiting(line),
        "team": Cell(safe(line.team) if known else "a adopts", "quiet" if known else "watch"),
        "with": Cell(whom, "quiet"),
        "dials": Cell(str(line.dials), base),
        "quota": Cell(f"/{round(quota.dials)}" if quota.dials else "", "bar"),
        "bar": Cell(bar(line.dials / quota.dials, 8) if quota.dials else "", pace.role),
        "pace": pace,
        "eff": Cell(str(line.effective), base),
        "eff-quota": Cell(f"/{round(quota.effective)}" if quota.effective else "", "bar"),
        "eff-bar": Cell(
            bar(line.effective / quota.effective, 8) if quota.effective else "",
            eff_pace.role,
        ),
        "eff-pace": eff_pace,
        "connected": Cell(str(line.connected), "quiet"),
        "talk": Cell(f"{talk}m" if talk or line.dials else "", base),
        "talk-quota": Cell(f"/{round(quota.talk_minutes)}" if quota.talk_minutes else "", "bar"),
        "last": Cell(ago(line.last_call_us, now_us), "quiet"),
        "phone": Cell(safe(f"{line.source}:{line.agent}"), "quiet"),
        "attendance": Cell(safe(line.attendance), "quiet"),
    }


_COLUMNS = (
    Column("since", "", 6, right=True),
    Column("state", "state", 5),
    Column("mark", "", 1),
    Column("name", "name", 12, grow=16),
    Column("waiting", "", 3),
    Column("dials", "dials", 5, right=True),
    Column("quota", "", 4, gap=0),
    Column("bar", "", 8),
    Column("pace", "pace  ", 6, right=True),
    Column("eff", "eff", 4, right=True),
    Column("eff-quota", "", 3, gap=0),
    Column("eff-bar", "", 8),
    Column("eff-pace", "pace  ", 6, right=True),
    Column("connected", "conn", 5, right=True),
    Column("talk", "talk", 5, right=True),
    Column("talk-quota", "", 4, gap=0),
    Column("last", "last", 4, right=True),
    Column("with", "with", 13, gap=2, grow=5),
    Column("team", "team", 8, gap=2, grow=8),
    Column("phone", "phone", 10, gap=2, grow=10),
)
"""What changes stands left, what never changes right."""
_WANTED = (
    "since", "state", "mark", "name", "waiting", "dials", "pace", "eff", "talk", "bar", "with", "last", "quota",
    "eff-quota", "team", "eff-pace", "eff-bar", "connected", "talk-quota", "phone",
)  # fmt: skip
_NAME_ROOM = 4


def columns(width: int) -> Sequence[Column]:
    """Return the columns that fit `width`, the most wanted first: wider screens get more columns, not more air."""
    by_id = {column.id: column for column in _COLUMNS}
    left, fitting = width - _NAME_ROOM, set()
    for name in _WANTED:
        left -= by_id[name].gap + by_id[name].width
        if left < 0:
            break
        fitting.add(name)
    return [column for column in _COLUMNS if column.id in fitting]


SORTS = (None, "pace", "state", "name", "dials", "eff", "talk", "last", "team", "flags")
"""What `s` goes through; None: as the snapshot has them, unknown phones last."""


def order(line: SpecialistLine, column: str) -> Any:
    """Return what a row is sorted by: the worst, the busiest or the first in the alphabet first; unknown values
    last."""
    name = (line.specialist_id is None, alphabetical(line.name))
    match column:
        case "pace":
            return (line.pace is None, line.pace or 0.0, name)
        case "state":
            state = str(line.state)
            at = _STATE_ORDER.index(state) if state in _STATE_ORDER else len(_STATE_ORDER)
            return (at, line.state_since_us or 0, name)
        case "dials":
            return (-line.dials, name)
        case "eff":
            return (-line.effective, name)
        case "talk":
            return (-line.talk_ms, name)
        case "last":
            return (-(line.last_call_us or 0), name)
        case "team":
            return (alphabetical(line.team), name)
        case "flags":
            return (-line.flags, -line.prods, name)
        case _:
            return name


def text(line: SpecialistLine) -> str:
    """Return what the filter looks through: name, team, state, phone and with whom."""
    state = str(line.state)
    return f"{line.name} {line.team} {STATES.get(state, '')} {state} {line.source}:{line.agent} {line.with_whom or ''}"


def copied(line: SpecialistLine) -> str:
    """Return the number of the call under way, "" where there is none."""
    return line.with_whom if line.with_whom and str(line.state) in ALIVE else ""


_EXPORTED = (
    "name", "team", "phone", "state", "since", "with", "dials", "connected", "effective", "talk_seconds", "quota_dials",
    "quota_effective", "quota_talk_minutes", "pace", "effective_pace", "last_call_at",
    "flags", "reminders",
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
            pace(line.effective_pace), at(line.last_call_us), str(line.flags), str(line.prods),
        ]
        for line in lines
    ]  # fmt: skip


def shape(limits: Callable[[], Limits]) -> Shape[SpecialistLine]:
    """Return the calls panel for its board; `limits` are asked for at each drawing: every day has its shift."""
    return Shape(
        columns=columns,
        cells=lambda line, now_us: cells(line, now_us, limits()),
        order=order,
        text=text,
        fresh=frozenset({"dials", "eff", "state"}),
        sorts=SORTS,
        level=lambda line, now_us: level(line, now_us, limits()),
        copied=copied,
        table=table,
    )
