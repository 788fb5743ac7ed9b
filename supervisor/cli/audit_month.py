"""`supervisor audit month`: telephone statistics joined with attendance, who is below, and a sample to listen to."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from supervisor.calendar import day_text
from supervisor.cli import common, days
from supervisor.cli.exports import new_file
from supervisor.config import Config
from supervisor.duties.audit.month import SAMPLE, audit_of, read_month_told
from supervisor.duties.audit.snapshots import MonthAudit, MonthFigures, SampleCall
from supervisor.duties.audit.summary import summary_of
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.fines import month_text
from supervisor.money import exact, number, shown
from supervisor.reports.month import month_report
from supervisor.reports.sections import Report

_COLUMNS = (
    "name", "team", "days", "leave", "sick", "dials", "connected", "effective", "talk_seconds", "contacts", "due",
    "shortfall", "proposed", "target", "missing", "days_left", "needed_a_day", "signed", "amount", "lost", "flags",
    "merits", "risk",
)  # fmt: skip


class Format(StrEnum):
    """How the audit of a month is told."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


def month(
    month: Annotated[str, typer.Argument(help="YYYY-MM; without it the present one.")] = "",
    team: Annotated[str, typer.Option(help="Only this team.")] = "",
    seed: Annotated[int, typer.Option(help="The seed of the sample: the same draws the same calls.")] = 1,
    sample: Annotated[int, typer.Option(min=0, help="Calls to listen to again.")] = SAMPLE,
    shape: Annotated[Format, typer.Option("--format", help="table, json, csv, xlsx or html.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new file; without it stdout. xlsx needs one.")
    ] = None,
) -> None:
    """Print the audit of a month, up to the last day whose work is over: who is below what is prescribed, by how much,
    the fines proposed, the sales statistics form, and effective calls to listen to again.

    JSON: {month, first, last, floor, currency, fine_per_missing, totals: {legs, calls, dials, connected, effective,
    talk_seconds, contacts}, specialists: [{name, team, days, leave, sick, dials, connected, effective, talk_seconds,
    contacts, due, shortfall, proposed, target, missing, days_left, needed_a_day, signed, amount, lost, flags, merits,
    risk}], below: [name], sample: {seed, calls: [{id, specialist, customer, number, at, talk_seconds, recording,
    why}]}, days: [{day, signed_by, hash}]}.

    Exit status: 0 nobody is below, 1 somebody is, 2 it cannot be read.
    """
    if shape is Format.XLSX and output is None:
        common.fail("a workbook goes to a file; name one with --output")
    config = common.load()
    wanted = days.month_of(month) if month else None
    with common.store(config) as store, store.read() as connection:
        try:
            audit, report = read_report(connection, config, wanted, common.now_us(), team or None, seed, sample)
        except RefusedError as error:
            common.fail(error)
    if output is None:
        _print(audit, report, shape, ZoneInfo(config.floor.time_zone))
    else:
        _write(audit, report, shape, output, ZoneInfo(config.floor.time_zone))
        common.say(f"the audit of {month_text(audit.month)} in {output}")
    if audit.below:
        raise SystemExit(1)


def read_report(
    connection: Connection,
    config: Config,
    month: int | None,
    now_us: int,
    team: str | None = None,
    seed: int = 1,
    sample: int = SAMPLE,
) -> tuple[MonthAudit, Report]:
    """Return the audit of a month (YYYYMM; None: the present one) and its report, from one moment of the store.
    RefusedError where it is still to come, or there is no such team."""
    month = calendar_of(config.floor).today(now_us) // 100 if month is None else month
    told = read_month_told(connection, config, month, now_us)
    audit = audit_of(connection, config, told, now_us, seed, team, sample)
    return audit, month_report(audit, summary_of(told, config, now_us, team), team)


def _print(audit: MonthAudit, report: Report, shape: Format, zone: ZoneInfo) -> None:
    if shape is Format.JSON:
        common.json(as_json(audit, zone))
    elif shape is Format.CSV:
        common.csv(_COLUMNS, [_csv(one) for one in audit.specialists])
    elif shape is Format.HTML:
        from supervisor.reports.html import page

        sys.stdout.write(page(report))
    else:
        _table(audit, zone)


def _write(audit: MonthAudit, report: Report, shape: Format, path: Path, zone: ZoneInfo) -> None:
    from contextlib import redirect_stdout
    from io import StringIO

    from supervisor.cli.report import FileFormat, put

    if shape in (Format.XLSX, Format.HTML):
        put(report, FileFormat(shape.value), path)
        return
    said = StringIO()
    with redirect_stdout(said):
        _print(audit, report, shape, zone)
    with new_file(path) as file:
        file.write(said.getvalue().encode())


# -- as scripts read it -------------------------------------------------------------------------------------------


def as_json(audit: MonthAudit, zone: ZoneInfo) -> dict[str, Any]:
    """Return the audit of a month as scripts read it: see the help."""
    totals = audit.totals
    return {
        "month": month_text(audit.month),
        "first": day_text(audit.first),
        "last": day_text(audit.last),
        "floor": audit.floor,
        "currency": audit.currency,
        "fine_per_missing": audit.per_missing,
        "totals": {
            "legs": totals.legs,
            "calls": totals.calls,
            "dials": totals.dials,
            "connected": totals.connected,
            "effective": totals.effective,
            "talk_seconds": days.seconds(totals.talk_ms),
            "contacts": totals.contacts,
        },
        "specialists": [figures_json(one) for one in audit.specialists],
        "below": [one.name for one in audit.below],
        "sample": {"seed": audit.seed, "calls": [sample_json(one, zone) for one in audit.sample]},
        "days": [
            {"day": day_text(day), "signed_by": who or None, "hash": audit.hashes.get(day)} for day, who in audit.days
        ],
    }


def figures_json(one: MonthFigures) -> dict[str, Any]:
    """Return a specialist's month as scripts read it. `missing`: of the target of the whole month."""
    return {
        "name": one.name,
        "team": one.team,
        "days": days.plain(one.days),
        "leave": one.leave,
        "sick": one.sick,
        "dials": one.dials,
        "connected": one.connected,
        "effective": one.effective,
        "talk_seconds": days.seconds(one.talk_ms),
        "contacts": one.contacts,
        "due": one.due,
        "shortfall": one.shortfall,
        "proposed": number(one.proposed_cents),
        "target": one.target,
        "missing": max(0, one.target - one.effective),
        "days_left": days.plain(one.days_left),
        "needed_a_day": None if one.needed is None else days.plain(one.needed),
        "signed": one.signed,
        "amount": number(one.amount_cents),
        "lost": one.lost,
        "flags": one.flags,
        "merits": one.merits,
        "risk": days.plain(one.risk),
    }


def sample_json(one: SampleCall, zone: ZoneInfo) -> dict[str, Any]:
    """Return a call to listen to again as scripts read it."""
    return {
        "id": one.id,
        "specialist": one.specialist,
        "customer": one.company,
        "number": one.number,
        "at": days.moment(one.at_us, zone),
        "talk_seconds": days.seconds(one.talk_ms),
        "recording": one.recording or None,
        "why": one.why,
    }


def _csv(one: MonthFigures) -> list[object]:
    told = figures_json(one) | {"proposed": exact(one.proposed_cents), "amount": exact(one.amount_cents)}
    return [told[name] for name in _COLUMNS]


# -- for people ---------------------------------------------------------------------------------------------------


def _table(audit: MonthAudit, zone: ZoneInfo) -> None:
    fine = f"{audit.per_missing} {audit.currency} a missing call" if audit.per_missing else "no fine is proposed"
    until = day_text(audit.last) if audit.last >= audit.first else "no day is over yet"
    common.say(
        f"{month_text(audit.month)} up to {until}: {len(audit.below)} of {len(audit.specialists)} are below; {fine}"
    )
    totals = audit.totals
    common.say(
        f"{totals.legs:,} legs, {totals.calls:,} calls, {totals.dials:,} dials, {totals.connected:,} connected, "
        f"{totals.effective:,} effective, {totals.contacts:,} contacts written"
    )
    common.say()
    headers = (
        "specialist", "team", "days", "leave", "sick", "dials", "effective", "due", "missing", "proposed", "target",
        "a day", "signed", audit.currency, "lost", "flags", "risk",
    )  # fmt: skip
    common.table(headers, [_line(one) for one in audit.specialists], frozenset(range(2, len(headers))))
    if audit.sample:
        common.say()
        common.say(f"Listen to these again (seed {audit.seed})")
        common.table(
            ("call", "specialist", "customer", "at", "talk s", "recording", "why"),
            [
                (
                    *(one.id.removeprefix("call:"), one.specialist, one.company),
                    (days.moment(one.at_us, zone) or "")[:16].replace("T", " "),
                    *(days.seconds(one.talk_ms), one.recording, one.why),
                )
                for one in audit.sample
            ],
            frozenset({4}),
        )
    signed = sum(bool(who) for _, who in audit.days)
    common.say()
    common.say(f"{signed} of {len(audit.days)} days are signed")


def _line(one: MonthFigures) -> tuple[object, ...]:
    return (
        *(one.name, one.team, days.plain(one.days), one.leave, one.sick, one.dials, one.effective, one.due),
        *(one.shortfall or "", shown(one.proposed_cents) if one.proposed_cents else "", one.target),
        *("" if one.needed is None else f"{one.needed:.1f}", one.signed, shown(one.amount_cents), one.lost),
        *(one.flags, f"{one.risk:.2f}"),
    )
