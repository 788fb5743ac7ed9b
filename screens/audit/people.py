"""The day of each specialist as cells: what the phones say of it, what was logged, what is open. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from screens.audit.present import WIDE, WIDEST, iso
from screens.discipline.attendance_present import AWAY
from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import clock, hour, number
from supervisor.duties.discipline.findings import WORDS as RULES
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import SpecialistFigures


def person_key(one: SpecialistFigures) -> str:
    """Return the key of a specialist's row."""
    return one.name if one.specialist_id is None else str(one.specialist_id)


def person_level(one: SpecialistFigures) -> str:
    """Return how much a specialist's day needs a person: act (away and calling), watch (something is open) or ""."""
    if one.attendance in AWAY and one.dials:
        return "act"
    return "watch" if one.open else ""


def person_cells(one: SpecialistFigures) -> Mapping[str, Cell]:
    """Return the cells of a specialist's day, by column id."""
    loud = person_level(one)
    quota = f"/{round(one.quota)}" if one.quota else ""
    flags = ", ".join(RULES.get(code, safe(code)) for code in one.flags)
    return {
        "mark": Cell(MARKS.get(loud, ""), loud or "text"),
        "name": Cell(safe(one.name), "text" if one.specialist_id is not None else "watch"),
        "team": Cell(safe(one.team), "quiet"),
        "attendance": Cell(safe(one.attendance), "act" if loud == "act" else "quiet"),
        "dials": Cell(number(one.dials), "text" if one.dials else "quiet"),
        "connected": Cell(number(one.connected), "text" if one.connected else "quiet"),
        "effective": Cell(f"{one.effective}{quota}", "strong" if one.effective else "quiet"),
        "shortfall": Cell(f"-{one.shortfall:.3g}" if one.shortfall else "", "watch"),
        "talk": Cell(clock(one.talk_ms / 1000) if one.talk_ms else "", "text"),
        "logs": Cell(f"{one.contacts_matched}/{one.contacts_logged}", "text" if one.contacts_logged else "quiet"),
        "gap": Cell(f"{one.longest_gap_ms // 60_000}m" if one.longest_gap_ms >= 60_000 else "", "text"),
        "flags": Cell(flags, "watch"),
        "open": Cell(str(one.open or ""), loud or "text"),
    }


def person_columns(width: int) -> Sequence[Column]:
    """Return the columns of specialists."""
    wide, widest = width >= WIDE, width >= WIDEST
    found = [
        Column("mark", "", 1),
        Column("name", "specialist", 13, gap=1, grow=12 if wide else 5),
        Column("open", "open", 4, gap=1, right=True),
        Column("attendance", "was", 8 if wide else 7, gap=1),
        Column("dials", "dials", 5, gap=1, right=True),
        Column("effective", "eff", 6, gap=1, right=True),
        Column("shortfall", "short", 5, gap=1, right=True),
        Column("talk", "talk", 6, gap=1, right=True),
        Column("logs", "logs", 5, gap=1, right=True),
        Column("gap", "gap", 4, gap=1, right=True),
    ]
    if width >= 76:
        found.append(Column("flags", "flags", 8, gap=2, grow=50))
    if wide:
        found.insert(5, Column("connected", "conn", 5, gap=1, right=True))
        found.insert(2, Column("team", "team", 8, gap=1, grow=4))
    if widest:
        found.append(Column("first", "first", 5, gap=2, right=True))
        found.append(Column("last", "last", 5, gap=1, right=True))
    return found


def person_order(one: SpecialistFigures, column: str) -> Any:
    """Return what a specialist's day is sorted by: the most first, names by the alphabet."""
    name = alphabetical(one.name)
    values = {
        "open": one.open, "dials": one.dials, "effective": one.effective, "short": one.shortfall, "talk": one.talk_ms,
        "gap": one.longest_gap_ms, "logs": one.contacts_logged - one.contacts_matched, "flags": len(one.flags),
    }  # fmt: skip
    return (-values[column], name) if column in values else name


def people_shape(zone: Callable[[], tzinfo]) -> Shape[SpecialistFigures]:
    """Return specialists for a board."""

    def cells(one: SpecialistFigures, _: int) -> Mapping[str, Cell]:
        times = {name: Cell("" if us is None else hour(us, zone()), "quiet") for name, us in _ends(one)}
        return {**person_cells(one), **times}

    return Shape(
        person_columns, cells, person_order,
        lambda one: " ".join((one.name, one.team, one.attendance, *(RULES.get(code, code) for code in one.flags))),
        sorts=(None, "name", "open", "dials", "effective", "short", "talk", "logs", "gap", "flags"),
        level=lambda one, _: person_level(one), copied=lambda one: "", table=_people,
    )  # fmt: skip


def _ends(one: SpecialistFigures) -> Sequence[tuple[str, int | None]]:
    return (("first", one.first_us), ("last", one.last_us))


def _people(found: Sequence[SpecialistFigures], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    heads = (
        "specialist", "team", "attendance", "dials", "connected", "effective", "talk_seconds", "quota", "shortfall",
        "contacts_logged", "contacts_matched", "first_call_at", "last_call_at", "longest_gap_minutes", "flags", "open",
    )  # fmt: skip
    return heads, [
        [
            one.name, one.team, one.attendance, str(one.dials), str(one.connected), str(one.effective),
            f"{one.talk_ms / 1000:g}", f"{one.quota:g}", f"{one.shortfall:g}", str(one.contacts_logged),
            str(one.contacts_matched), iso(one.first_us, zone), iso(one.last_us, zone),
            f"{one.longest_gap_ms / 60_000:.1f}", " ".join(one.flags), str(one.open),
        ]
        for one in found
    ]  # fmt: skip
