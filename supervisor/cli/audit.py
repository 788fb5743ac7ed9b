"""`supervisor audit`: is what people say the same as what the phones say?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from supervisor.calendar import Calendar, date_of, day_text
from supervisor.cli import common, days
from supervisor.cli.audit_month import month
from supervisor.cli.audit_seals import sign, verify
from supervisor.cli.exports import new_file
from supervisor.duties.audit.read import read_audit
from supervisor.duties.audit.snapshots import AuditedCall, AuditedLog, DayAudit, Discrepancy, Signed, SpecialistFigures
from supervisor.duties.audit.words import lasted
from supervisor.duties.calls.refusals import RefusedError

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Compare what people say with what the phones say; prove and sign days.",
)


@app.callback()
def _audit() -> None:
    """Compare what people say with what the phones say; prove and sign days."""


app.command()(month)
app.command()(sign)
app.command()(verify)


class Shape(StrEnum):
    """How an audit is told."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="A new file; without it, on stdout.")
]
As = Annotated[Shape, typer.Option("--format", help="table, json, csv, xlsx or html.")]

_ITEMS = (
    "kind", "id", "class", "specialist", "team", "customer", "number", "way", "at", "talk_seconds", "claimed_seconds",
    "outcome", "other_half", "why", "state",
)  # fmt: skip


@app.command()
def day(
    day: Annotated[str, typer.Argument(metavar="[DATE]", help="YYYY-MM-DD, today or yesterday.")] = "today",
    team: Annotated[str, typer.Option(help="Of this team alone.")] = "",
    shape: As = Shape.TABLE,
    output: Output = None,
) -> None:
    """Put every call and every written log of a day into exactly one class, and say what wants an explanation.

    CSV has a row for each of them; the other formats have sums, people and discrepancies. The status is 0 where nothing
    is left to explain, 1 where something is, 2 where it cannot be told.
    """
    config = common.load()
    now_us = common.now_us()
    wanted = days.day_of(day, Calendar(config.floor).today(now_us))
    if shape is Shape.XLSX and output is None:
        common.fail("a workbook needs a file: --output NAME.xlsx")
    with common.store(config) as store, store.read() as connection:
        try:
            audit = read_audit(connection, config, wanted, now_us, team or None)
        except RefusedError as error:
            common.fail(error)
    if output is None:
        _tell(audit, shape, team)
    else:
        with new_file(output) as file:
            if shape is Shape.XLSX:
                from supervisor.reports import xlsx
                from supervisor.reports.day import day_report

                xlsx.write(day_report(audit, team or None), file)
            else:
                with _printing_to(file):
                    _tell(audit, shape, team)
        common.say(f"the audit of {day_text(audit.day)} in {output}")
    raise typer.Exit(1 if audit.open else 0)


@contextmanager
def _printing_to(file: Any) -> Iterator[None]:
    out = TextIOWrapper(file, encoding="utf-8", newline="")
    with redirect_stdout(out):
        yield
    out.detach()


def _tell(audit: DayAudit, shape: Shape, team: str) -> None:
    if shape is Shape.JSON:
        common.json(as_json(audit))
    elif shape is Shape.CSV:
        common.csv(_ITEMS, [[row[name] for name in _ITEMS] for row in items(audit)])
    elif shape is Shape.HTML:
        from supervisor.reports.day import day_report
        from supervisor.reports.html import page

        print(page(day_report(audit, team or None)), end="")  # noqa: T201
    else:
        _print(audit, team)


# -- for scripts --------------------------------------------------------------------------------------------------


def as_json(audit: DayAudit) -> dict[str, Any]:
    """Return an audit as scripts read it: moments ISO 8601 with the offset of the floor's zone."""
    zone, totals = ZoneInfo(audit.time_zone), audit.totals
    return {
        "day": day_text(audit.day),
        "balanced": audit.balanced,
        "totals": {
            "legs": totals.legs,
            "calls": totals.calls,
            "dials": totals.dials,
            "connected": totals.connected,
            "effective": totals.effective,
            "talk_seconds": days.seconds(totals.talk_ms),
            "contacts": totals.contacts,
        },
        "classes": {"calls": dict(audit.call_classes), "logs": dict(audit.log_classes)},
        "specialists": [_specialist(one, zone) for one in audit.specialists],
        "discrepancies": [_discrepancy(one, zone) for one in audit.discrepancies],
        "signed": None if audit.signed is None else _signed(audit.signed, zone),
        "revisions": [
            {"what": one.what, "signed": one.signed, "now": one.now}
            for one in (audit.signed.revisions if audit.signed else ())
        ],
    }


def _specialist(one: SpecialistFigures, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": one.name,
        "team": one.team,
        "attendance": one.attendance,
        "dials": one.dials,
        "connected": one.connected,
        "effective": one.effective,
        "talk_seconds": days.seconds(one.talk_ms),
        "quota": days.plain(one.quota),
        "shortfall": days.plain(one.shortfall),
        "contacts_logged": one.contacts_logged,
        "contacts_matched": one.contacts_matched,
        "first_call_at": days.moment(one.first_us, zone),
        "last_call_at": days.moment(one.last_us, zone),
        "longest_gap_minutes": one.longest_gap_ms // 60_000,
        "flags": list(one.flags),
    }


def _discrepancy(one: Discrepancy, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "class": one.class_,
        "specialist": one.specialist,
        "customer": one.company,
        "number": one.number,
        "at": days.moment(one.at_us, zone),
        "why": one.why,
        "state": one.state,
    }


def _signed(signed: Signed, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "who": signed.who,
        "at": days.moment(signed.at_us, zone),
        "sentence": signed.sentence,
        "hash": signed.hash,
    }


def items(audit: DayAudit) -> Iterator[dict[str, Any]]:
    """Yield every call and every log of a day with its class, as a row of `_ITEMS`."""
    zone = ZoneInfo(audit.time_zone)
    states = {one.id: one.state for one in audit.discrepancies}
    claimed = {log.entry_id: log.claimed_ms for log in audit.logs}
    for call in audit.calls:
        log = call.entry_id
        yield _row("call", call, call.started_us, zone, states) | {
            "number": call.number,
            "way": call.direction,
            "talk_seconds": days.seconds(call.talk_ms),
            "claimed_seconds": None if log is None else days.seconds(claimed.get(log)),
            "other_half": "" if log is None else f"log:{log}",
        }
    for one in audit.logs:
        yield _row("log", one, one.at_us, zone, states) | {
            "number": "",
            "way": one.channel,
            "talk_seconds": None,
            "claimed_seconds": days.seconds(one.claimed_ms),
            "other_half": one.call_id or "",
        }


def _row(
    kind: str, one: AuditedCall | AuditedLog, at_us: int, zone: ZoneInfo, states: dict[str, str]
) -> dict[str, Any]:  # fmt: skip
    return {
        "kind": kind,
        "id": one.id,
        "class": one.class_,
        "specialist": one.specialist,
        "team": one.team,
        "customer": one.company,
        "at": days.moment(at_us, zone),
        "outcome": one.outcome,
        "why": one.why,
        "state": states.get(one.id, ""),
    }


# -- for people ---------------------------------------------------------------------------------------------------


def _print(audit: DayAudit, team: str) -> None:
    zone, totals = ZoneInfo(audit.time_zone), audit.totals
    so_far = "" if audit.over else f", so far: it is {days.clock(audit.now_us, zone)}"
    whose = f", {team}" if team else ""
    common.say(f"{date_of(audit.day):%A} {day_text(audit.day)}  {audit.floor}{whose}{so_far}")
    sums = f"{totals.calls:,} calls and {totals.contacts:,} logs, each in exactly one class"
    common.say(f"balanced: {sums}" if audit.balanced else f"NOT BALANCED: {'; '.join(audit.residue)}")
    common.say(
        f"{totals.legs:,} legs, {totals.dials:,} dials, {totals.connected:,} connected, {totals.effective:,} effective "
        f"calls, {lasted(totals.talk_ms)} of talk"
    )
    _print_signature(audit.signed, zone)
    classes = [("calls", *one) for one in audit.call_classes.items()]
    classes += [("logs", *one) for one in audit.log_classes.items()]
    _section("Classes", ("of", "class", "many"), [(of, _words(name), many) for of, name, many in classes], {2})
    _section("Specialists", _PEOPLE, [_person(one, zone) for one in audit.specialists], set(range(3, 15)) - {11, 12})
    left = f"Discrepancies: {len(audit.discrepancies):,}, {audit.open:,} of them open"
    _section(left, _WANTING, [_wanting(one, zone) for one in audit.discrepancies], set())


_PEOPLE = (
    "specialist", "team", "attendance", "dials", "connected", "effective", "talk", "quota", "missing", "logged",
    "matched", "first", "last", "gap", "open", "flags",
)  # fmt: skip
_WANTING = ("at", "class", "specialist", "customer", "number", "why", "state")


def _print_signature(signed: Signed | None, zone: ZoneInfo) -> None:
    if signed is None:
        common.say("not signed")
        return
    at = (days.moment(signed.at_us, zone) or "")[:16].replace("T", " ")
    common.say(f"signed by {signed.who} at {at}: {signed.sentence}")
    for one in signed.revisions:
        common.say(f"revised since: {one.what}, {one.signed} when it was signed, {one.now} now")


def _section(title: str, headers: tuple[str, ...], rows: list[tuple[object, ...]], right: Iterable[int]) -> None:
    common.say()
    common.say(title)
    if rows:
        common.table(headers, rows, frozenset(right))


def _words(class_: str) -> str:
    return class_.replace("_", " ")


def _person(one: SpecialistFigures, zone: ZoneInfo) -> tuple[object, ...]:
    return (
        *(one.name, one.team, one.attendance, one.dials, one.connected, one.effective, lasted(one.talk_ms)),
        *(days.plain(one.quota), days.plain(one.shortfall), one.contacts_logged, one.contacts_matched),
        *(_clock(one.first_us, zone), _clock(one.last_us, zone), f"{one.longest_gap_ms // 60_000} min", one.open),
        ", ".join(map(_words, one.flags)),
    )


def _wanting(one: Discrepancy, zone: ZoneInfo) -> tuple[object, ...]:
    return (_clock(one.at_us, zone), _words(one.class_), one.specialist, one.company, one.number, one.why, one.state)


def _clock(us: int | None, zone: ZoneInfo) -> str:
    return (days.clock(us, zone) or "")[:5]
