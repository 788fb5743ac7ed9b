"""`supervisor report`: a day, a week or a month as a file that people hand on. Nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from supervisor.calendar import day_text
from supervisor.cli import common, days
from supervisor.cli.exports import new_file
from supervisor.config import Config
from supervisor.duties.audit.summary import Ends, Summary
from supervisor.duties.audit.told import ClosedOrder, Done
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.money import number
from supervisor.reports.sections import Report

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Write a day, a week or a month as a file that people hand on.",
)


class FileFormat(StrEnum):
    """What a report is written as."""

    HTML = "html"
    XLSX = "xlsx"


class WeekFormat(StrEnum):
    """What the report of a week is written as; json goes to stdout where no file is named."""

    HTML = "html"
    XLSX = "xlsx"
    JSON = "json"


Team = Annotated[str, typer.Option(help="Only this team.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="A new file, or a folder; without it, a named file in the present folder."),
]
_HTML_OR_XLSX = typer.Option("--format", help="html or xlsx; without it what the file's name ends in, else html.")


@app.command("day")
def day_(
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD, today or yesterday.")] = "today",
    team: Team = "",
    shape: Annotated[FileFormat | None, _HTML_OR_XLSX] = None,
    output: Output = None,
) -> None:
    """Write the report of a day: floor-day-2026-11-23.html."""
    from supervisor.duties.audit.read import read_audit
    from supervisor.reports.day import day_report

    def read(connection: Connection, config: Config, now_us: int) -> Report:
        wanted = days.day_of(day, calendar_of(config.floor).today(now_us))
        return day_report(read_audit(connection, config, wanted, now_us, team or None), team or None)

    _write(read, team, shape, output)


@app.command()
def week(
    day: Annotated[str, typer.Argument(help="Any day of the week: YYYY-MM-DD, today or yesterday.")] = "today",
    team: Team = "",
    shape: Annotated[
        WeekFormat | None,
        typer.Option("--format", help="html, xlsx or json; without it what the file's name ends in, else html."),
    ] = None,
    output: Output = None,
) -> None:
    """Write the summary of a week for the sales meeting, Monday to Sunday: floor-week-2026-W48.html.

    JSON goes to stdout: {first, last, currency, total, teams, people, best_and_worst, won, lost, lost_why}. total, each
    of teams and of people: {name, team, days, dials, connected, effective, talk_seconds, due, share, missing, contacts,
    signed, amount, lost, live, flags, merits}; people has a line of team null for what is nobody's.
    """
    from supervisor.duties.audit.summary import read_week
    from supervisor.reports.week import week_report

    def summary(connection: Connection, config: Config, now_us: int) -> Summary:
        wanted = days.day_of(day, calendar_of(config.floor).today(now_us))
        return read_week(connection, config, wanted, now_us, team or None)

    if shape is WeekFormat.JSON:
        if output is not None:
            common.fail("JSON goes to stdout; leave --output away")
        common.json(as_json(_read(summary)))
        return
    _write(
        lambda connection, config, now_us: week_report(summary(connection, config, now_us), team or None),
        team,
        None if shape is None else FileFormat(shape.value),
        output,
    )


@app.command()
def month(
    month: Annotated[str, typer.Argument(help="YYYY-MM; without it the present one.")] = "",
    team: Team = "",
    shape: Annotated[FileFormat | None, _HTML_OR_XLSX] = None,
    output: Output = None,
) -> None:
    """Write the report of a month up to the last day whose work is over: floor-month-2026-11.html."""
    from supervisor.cli.audit_month import read_report

    wanted = days.month_of(month) if month else None

    def read(connection: Connection, config: Config, now_us: int) -> Report:
        return read_report(connection, config, wanted, now_us, team or None)[1]

    _write(read, team, shape, output)


# -- writing ------------------------------------------------------------------------------------------------------


def _read(read: Callable[[Connection, Config, int], Any]) -> Any:
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        try:
            return read(connection, config, common.now_us())
        except RefusedError as error:
            common.fail(error)


def _write(
    read: Callable[[Connection, Config, int], Report], team: str, shape: FileFormat | None, output: Path | None
) -> None:
    """Read a report and write it where `output` says. It is refused before anything is read where it cannot be."""
    folder = output is not None and output.is_dir()
    told = shape or FileFormat.HTML
    if output is not None and not folder:
        told = shape_of(output, shape)
    report = _read(read)
    report = replace(report, name=_stem(report.name, team))
    path = Path(f"{report.name}.{told}") if output is None else output / f"{report.name}.{told}" if folder else output
    put(report, told, path)
    common.say(path)


def shape_of(path: Path, shape: FileFormat | None) -> FileFormat:
    """Return what a file is written as, by its ending; fails where that is neither or not what was asked for."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in ([shape] if shape else list(FileFormat)):
        common.fail(f"{path}: write a name that ends in {f'.{shape}' if shape else '.html or .xlsx'}")
    return FileFormat(ending)


def put(report: Report, shape: FileFormat, path: Path) -> None:
    """Write a report to a new file; nothing is overwritten."""
    content = rendered(report, shape)
    with new_file(path) as file:
        file.write(content)


def rendered(report: Report, shape: FileFormat) -> bytes:
    """Return a report as the content of a file."""
    if shape is FileFormat.HTML:
        from supervisor.reports.html import page

        return page(report).encode()
    from supervisor.reports.xlsx import write

    file = BytesIO()
    write(report, file)
    return file.getvalue()


def _stem(name: str, team: str) -> str:
    """The name of a file, with the team in it as far as a file's name can have it."""
    plain = re.sub(r"[^\w-]+", "_", team).strip("_")[:60]
    return f"{name}-{plain}" if team else name


# -- JSON ---------------------------------------------------------------------------------------------------------


def as_json(summary: Summary) -> dict[str, Any]:
    """Return the summary of a time as scripts read it: days YYYY-MM-DD, amounts as numbers."""
    people = [done_json(one) for one in summary.people]
    if summary.nobody is not None:
        people.append(done_json(summary.nobody) | {"team": None})
    return {
        "first": day_text(summary.first),
        "last": day_text(summary.last),
        "currency": summary.currency,
        "total": done_json(summary.total),
        "teams": [done_json(one) for one in summary.teams],
        "people": people,
        "best_and_worst": [ends_json(one) for one in summary.ends],
        "won": [order_json(one) for one in summary.won],
        "lost": [order_json(one) for one in summary.lost],
        "lost_why": [{"why": why, "orders": many} for why, many in summary.reasons],
    }


def done_json(one: Done) -> dict[str, Any]:
    """Return what somebody or a team did as scripts read it; `share` of the plan: null where nothing was due."""
    return {
        "name": one.name,
        "team": one.team,
        "days": days.plain(one.days),
        "dials": one.dials,
        "connected": one.connected,
        "effective": one.effective,
        "talk_seconds": days.seconds(one.talk_ms),
        "due": days.plain(one.due),
        "share": None if one.plan is None else days.plain(one.plan),
        "missing": one.shortfall,
        "contacts": one.contacts,
        "signed": one.signed,
        "amount": number(one.amount_cents),
        "lost": one.lost,
        "live": one.live,
        "flags": one.flags,
        "merits": one.merits,
    }


def ends_json(one: Ends) -> dict[str, Any]:
    """Return the best and the worst of a measure as scripts read it: durations in seconds, amounts as numbers."""
    kind = one.measure.kind

    def told(value: float) -> int | float | None:
        if kind == "money":
            return number(int(value))
        return days.plain(value / 1000) if kind == "duration" else days.plain(value)

    return {
        "measure": one.measure.code,
        "best": {"value": told(one.best), "names": list(one.best_names)},
        "worst": {"value": told(one.worst), "names": list(one.worst_names)},
    }


def order_json(one: ClosedOrder) -> dict[str, Any]:
    """Return an order that was closed as scripts read it."""
    return {
        "order": one.ref,
        "customer": one.company,
        "specialist": one.specialist,
        "day": day_text(one.day),
        "amount": number(one.amount_cents),
        "why": one.why,
    }
