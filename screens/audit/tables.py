"""The further lists of a day as cells: all calls, all logs, the chain of seals, revisions. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from screens.audit.present import LEVELS, WIDE, class_words, iso, short_name, whom
from screens.themes import MARKS
from screens.widgets import days
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from screens.widgets.words import clock, hour
from supervisor.calendar import date_of
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.audit.snapshots import AuditedCall, AuditedLog, Link, Revision

DIRECTIONS = {"outbound": "→", "inbound": "←", "internal": "↔"}
HASH = 12
"""Letters of a hash that are shown."""
Zone = Callable[[], tzinfo]


# -- calls and logs -----------------------------------------------------------------------------------------------


def call_cells(one: AuditedCall, zone: tzinfo) -> Mapping[str, Cell]:
    """Return the cells of a call, by column id."""
    loud = LEVELS.get(one.class_, "")
    role = "text" if one.effective else "quiet"
    return {
        "mark": Cell(MARKS.get(loud, ""), loud or "text"),
        "at": Cell(hour(one.started_us, zone), "quiet"),
        "class": Cell(class_words(one.class_), loud or role),
        "who": Cell(short_name(one.specialist) or "nobody", "text"),
        "way": Cell(DIRECTIONS.get(one.direction, "·"), "quiet"),
        "whom": whom(one.company, one.number),
        "number": Cell(safe(one.number), "quiet"),
        "talk": Cell(clock(one.talk_ms / 1000) if one.talk_ms else "", role),
        "outcome": Cell(safe(one.outcome).replace("_", " "), "quiet"),
        "log": Cell("log" if one.entry_id is not None else "", "quiet"),
        "why": Cell(safe(one.why), "text"),
    }


def call_columns(width: int) -> Sequence[Column]:
    """Return the columns of calls."""
    found = [
        Column("mark", "", 1),
        Column("at", "at", 5, gap=1),
        Column("class", "class", 14, gap=1),
        Column("who", "whose", 10, gap=1),
        Column("way", "", 1, gap=1),
        Column("whom", "with", 12, gap=1, grow=18),
        Column("talk", "talk", 6, gap=1, right=True),
        Column("log", "log", 3, gap=1),
    ]
    if width >= 76:
        found.append(Column("outcome", "outcome", 10, gap=1))
    if width >= WIDE:
        found.insert(6, Column("number", "number", 15, gap=1))
        found.append(Column("why", "why", 14, gap=1, grow=60))
    return found


def _call_order(one: AuditedCall, column: str) -> Any:
    if column == "class":
        return (one.class_ not in LEVELS, class_words(one.class_), one.started_us)
    if column == "talk":
        return -(one.talk_ms or 0)
    return (alphabetical(one.specialist), one.started_us) if column == "specialist" else one.started_us


def calls_shape(
    zone: Zone, columns: Callable[[int], Sequence[Column]] = call_columns, here: Callable[[], str] = lambda: ""
) -> Shape[AuditedCall]:
    """Return calls for a board; `here`: the id of the call that has a mark of its own, "" none."""

    def cells(one: AuditedCall, _: int) -> Mapping[str, Cell]:
        found = call_cells(one, zone())
        return {**found, "mark": Cell("▸", "accent")} if one.id == here() else found

    return Shape(
        columns, cells, _call_order,
        lambda one: " ".join((class_words(one.class_), one.class_, one.specialist, one.team, one.company, one.number)),
        sorts=(None, "class", "specialist", "talk"), copied=lambda one: one.number, table=_calls,
        level=lambda one, _: LEVELS.get(one.class_, ""),
    )  # fmt: skip


def _calls(found: Sequence[AuditedCall], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    heads = (
        "id", "class", "specialist", "team", "customer", "number", "direction", "started_at", "ended_at",
        "talk_seconds", "outcome", "dial", "connected", "effective", "why",
    )  # fmt: skip
    return heads, [
        [
            one.id, one.class_, one.specialist, one.team, one.company, one.number, one.direction,
            iso(one.started_us, zone), iso(one.ended_us, zone), _seconds(one.talk_ms), one.outcome,
            str(int(one.dial)), str(int(one.connected)), str(int(one.effective)), one.why,
        ]
        for one in found
    ]  # fmt: skip


def _seconds(ms: int | None) -> str:
    return "" if ms is None else f"{ms / 1000:g}"


def log_cells(one: AuditedLog, zone: tzinfo) -> Mapping[str, Cell]:
    """Return the cells of a log, by column id."""
    loud = LEVELS.get(one.class_, "")
    return {
        "mark": Cell(MARKS.get(loud, ""), loud or "text"),
        "at": Cell(hour(one.at_us, zone), "quiet"),
        "class": Cell(class_words(one.class_), loud or "quiet"),
        "who": Cell(short_name(one.specialist) or "nobody", "text"),
        "whom": Cell(safe(one.company), "text"),
        "channel": Cell(safe(one.channel), "quiet"),
        "claimed": Cell("" if one.claimed_ms is None else clock(one.claimed_ms / 1000), "text"),
        "outcome": Cell(safe(one.outcome), "text"),
        "note": Cell(safe(one.note), "quiet"),
    }


def log_columns(width: int) -> Sequence[Column]:
    """Return the columns of logs."""
    found = [
        Column("mark", "", 1),
        Column("at", "at", 5, gap=1),
        Column("class", "class", 12, gap=1),
        Column("who", "whose", 10, gap=1),
        Column("whom", "with", 12, gap=1, grow=14),
        Column("channel", "how", 5, gap=1),
        Column("claimed", "claims", 6, gap=1, right=True),
    ]
    if width >= 76:
        found += [Column("outcome", "outcome", 10, gap=2, grow=8), Column("note", "note", 8, gap=1, grow=60)]
    return found


def _log_order(one: AuditedLog, column: str) -> Any:
    if column == "class":
        return (one.class_ not in LEVELS, class_words(one.class_), one.at_us)
    return (alphabetical(one.specialist), one.at_us) if column == "specialist" else one.at_us


def logs_shape(zone: Zone) -> Shape[AuditedLog]:
    """Return logs for a board."""
    return Shape(
        log_columns, lambda one, _: log_cells(one, zone()), _log_order,
        lambda one: " ".join(
            (class_words(one.class_), one.class_, one.specialist, one.team, one.company, one.outcome, one.note)
        ),
        sorts=(None, "class", "specialist"), table=_logs, level=lambda one, _: LEVELS.get(one.class_, ""),
    )  # fmt: skip


def _logs(found: Sequence[AuditedLog], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    heads = (
        "id", "class", "specialist", "team", "customer", "channel", "at", "claimed_seconds", "outcome", "note",
        "accepted_by", "call", "why",
    )  # fmt: skip
    return heads, [
        [
            one.id, one.class_, one.specialist, one.team, one.company, one.channel, iso(one.at_us, zone),
            _seconds(one.claimed_ms), one.outcome, one.note, one.accepted_by, one.call_id or "", one.why,
        ]
        for one in found
    ]  # fmt: skip


# -- seals and revisions ------------------------------------------------------------------------------------------


def seal_cells(one: Link, today: int, zone: tzinfo) -> Mapping[str, Cell]:
    """Return the cells of a seal, by column id."""
    return {
        "mark": Cell(MARKS["act" if one.fault else "good"], "act" if one.fault else "good"),
        "day": Cell(days.long(one.day, today), "text"),
        "who": Cell(safe(one.who), "text"),
        "at": Cell(days.moment(one.at_us, today, zone), "quiet"),
        "hash": Cell(safe(one.hash)[:HASH], "quiet"),
        "fault": Cell(safe(one.fault) or "holds", "act" if one.fault else "quiet"),
    }


def seals_shape(today: Callable[[], int], zone: Zone) -> Shape[Link]:
    """Return seals for a board, the newest first as they come."""
    columns = (
        Column("mark", "", 1),
        Column("day", "day", 15, gap=1),
        Column("who", "signed by", 10, gap=1, grow=10),
        Column("at", "at", 12, gap=1),
        Column("hash", "hash", HASH, gap=2),
        Column("fault", "", 12, gap=2, grow=80),
    )

    def table(found: Sequence[Link], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
        heads = ("day", "signed_by", "signed_at", "hash", "fault")
        return heads, [
            [date_of(one.day).isoformat(), one.who, iso(one.at_us, zone), one.hash, one.fault] for one in found
        ]

    return Shape(
        lambda _: columns, lambda one, _: seal_cells(one, today(), zone()), lambda one, _: -one.at_us,
        lambda one: f"{days.long(one.day, today())} {one.who} {one.hash} {one.fault}",
        copied=lambda one: one.hash, table=table, level=lambda one, _: "act" if one.fault else "",
    )  # fmt: skip


def _revision_cells(one: Revision, _: int) -> Mapping[str, Cell]:
    return {
        "mark": Cell(MARKS["act"], "act"),
        "what": Cell(safe(one.what), "text"),
        "signed": Cell(safe(one.signed) or "nothing", "quiet"),
        "now": Cell(safe(one.now) or "nothing", "strong"),
    }


REVISIONS: Shape[Revision] = Shape(
    lambda _: (
        Column("mark", "", 1),
        Column("what", "what", 24, gap=1, grow=30),
        Column("signed", "as it was signed", 20, gap=2, grow=30),
        Column("now", "as it is now", 20, gap=2, grow=30),
    ),
    _revision_cells, lambda one, _: one.what, lambda one: f"{one.what} {one.signed} {one.now}",
    level=lambda one, _: "act",
)  # fmt: skip
