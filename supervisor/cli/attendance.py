"""`supervisor attendance`: who is there on a day, and `supervisor attendance set`, which says it."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from store.floor import people
from supervisor.calendar import day_text
from supervisor.cells import minute_of
from supervisor.cli import common, days
from supervisor.duties.acting import doer_of
from supervisor.duties.calls import RefusedError
from supervisor.duties.calls.acts import named
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.discipline.attendance import attend, clock, read_attendance
from supervisor.duties.discipline.read import here
from supervisor.duties.discipline.snapshots import AttendanceLine

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

_COLUMNS = ("specialist", "team", "status", "told", "start", "end", "first_call", "last_call", "dials")


@app.callback(invoke_without_command=True)
def attendance(
    context: typer.Context,
    day: Annotated[str, typer.Option(help="YYYY-MM-DD, today or yesterday.")] = "today",
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print who is there on a day; `supervisor attendance set NAME STATUS` says whether somebody is."""
    if context.invoked_subcommand:
        return
    config = common.load()
    now_us, zone = common.now_us(), ZoneInfo(config.floor.time_zone)
    wanted = days.day_of(day, calendar_of(config.floor).today(now_us))
    with common.store(config) as store, store.read() as connection:
        table = read_attendance(connection, config, wanted, now_us)
    if shape is common.Format.JSON:
        common.json([as_json(line, zone) for line in table.lines])
    elif shape is common.Format.CSV:
        rows = [as_json(line, zone) | {"told": str(line.told).lower()} for line in table.lines]
        common.csv(_COLUMNS, [[row[name] for name in _COLUMNS] for row in rows])
    else:
        off = "" if table.working else ", a day off"
        common.say(f"{day_text(wanted)}{off}: {clock(table.begins)}-{clock(table.ends)}")
        common.say()
        common.table(
            ("specialist", "team", "status", "from", "to", "first call", "last call", "dials"),
            [_row(line, zone) for line in table.lines],
            frozenset({7}),
        )


@app.command("set")
def set_(
    name: Annotated[str, typer.Argument(help="The specialist, or the beginning of their name.")],
    status: Annotated[str, typer.Argument(help="present, half, leave, sick or training.")],
    day: Annotated[str, typer.Option(help="YYYY-MM-DD, today or yesterday.")] = "today",
    begin: Annotated[str, typer.Option("--from", help="HH:MM where they begin at another time than the floor.")] = "",
    until: Annotated[str, typer.Option("--to", help="HH:MM where they end at another time than the floor.")] = "",
) -> None:
    """Say whether somebody is there on a day. The rules of discipline are applied to that day anew."""
    config = common.load()
    now_us = common.now_us()
    today = calendar_of(config.floor).today(now_us)
    wanted = days.day_of(day, today)
    try:
        start, end = minute_of(begin), minute_of(until)
    except ValueError as error:
        common.fail(error)
    doer = doer_of(config, common.who(config), now_us)
    with common.store(config) as store, store.write() as connection:
        known = {one.name: one.specialist_id for one in here(people(connection, wanted), wanted)}
        try:
            specialist_id = known[named(name, list(known), "specialist")]
            said = attend(connection, doer, config, specialist_id, wanted, status.casefold(), start, end)
        except RefusedError as error:
            common.fail(error)
    common.say(said)


def as_json(line: AttendanceLine, zone: ZoneInfo) -> dict[str, Any]:
    """Return somebody's day as scripts read it: times of day HH:MM, null where they are the floor's; moments ISO 8601
    with offset, null where there is none."""
    return {
        "specialist": line.name,
        "team": line.team,
        "status": line.status,
        "told": line.told,
        "start": _clock(line.start),
        "end": _clock(line.end),
        "first_call": days.moment(line.first_us, zone),
        "last_call": days.moment(line.last_us, zone),
        "dials": line.dials,
    }


def _row(line: AttendanceLine, zone: ZoneInfo) -> tuple[object, ...]:
    first, last = days.clock(line.first_us, zone), days.clock(line.last_us, zone)
    status = line.status if line.told else f"({line.status})"
    return (line.name, line.team, status, _clock(line.start), _clock(line.end), first, last, line.dials)


def _clock(minute: int | None) -> str | None:
    return None if minute is None else clock(minute)
