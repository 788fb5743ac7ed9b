"""`supervisor enquiries`: the assistants' prospect work, for people and for scripts."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from supervisor.cli import common, days
from supervisor.duties.onboarding.enquiries import read_enquiries
from supervisor.duties.onboarding.snapshots import AssistantLine, EnquiriesSnapshot, EnquiryLine

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

_COLUMNS = (
    "ref", "company", "number", "received", "assistant", "answered", "answered_by", "handed", "specialist", "due",
    "late",
)  # fmt: skip
_MOMENTS = ("received", "answered", "handed", "due")


@app.command()
def enquiries(
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print the enquiries, unanswered ones first, the longest waiting first, then those of the last 30 days; and how
    many each assistant answered within a day."""
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        snapshot = read_enquiries(connection, config, common.now_us())
    zone = ZoneInfo(config.floor.time_zone)
    rows = [as_json(line, zone) for line in snapshot.enquiries]
    if shape is common.Format.JSON:
        common.json(rows)
    elif shape is common.Format.CSV:
        common.csv(_COLUMNS, [[_lower(row[name]) for name in _COLUMNS] for row in rows])
    else:
        _print(snapshot, rows)


def as_json(line: EnquiryLine, zone: ZoneInfo) -> dict[str, Any]:
    """Return an enquiry as scripts read it: moments ISO 8601 with the offset of `zone`, what there is not null."""
    return {
        "ref": line.ref,
        "company": line.company,
        "number": line.number or None,
        "received": days.moment(line.at_us, zone),
        "assistant": line.assistant or None,
        "answered": days.moment(line.answered_us, zone),
        "answered_by": line.answered_by or None,
        "handed": days.moment(line.handed_us, zone),
        "specialist": line.specialist or None,
        "due": days.moment(line.due_us, zone),
        "late": line.late,
    }


def _lower(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _print(snapshot: EnquiriesSnapshot, rows: list[dict[str, Any]]) -> None:
    unanswered = [line for line in snapshot.enquiries if line.answered_us is None]
    late = sum(line.late for line in unanswered)
    common.say(f"{len(unanswered):,} unanswered, {late:,} of them late")
    if rows:
        common.say()
        short = [row | {name: _minute(row[name]) for name in _MOMENTS} for row in rows]
        cells = [[row[name] for name in _COLUMNS[:-1]] + ["late" if row["late"] else ""] for row in short]
        common.table([*(name.replace("_", " ") for name in _COLUMNS[:-1]), ""], cells)
    if snapshot.assistants:
        common.say()
        heads = ("last 30 days", "enquiries", "answered", "within a day", "handed", "steps held", "overdue")
        common.table(heads, list(map(_figures, snapshot.assistants)), frozenset(range(1, len(heads))))


def _figures(one: AssistantLine) -> tuple[object, ...]:
    return one.name, one.enquiries, one.answered, one.in_time, one.handed, one.open_steps, one.overdue_steps


def _minute(told: str | None) -> str | None:
    return told and told[:16].replace("T", " ")
