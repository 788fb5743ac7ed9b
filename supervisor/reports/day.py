"""The report of a day: its classes that add up, specialists against quota, discrepancies, who signed it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from supervisor.calendar import date_of, day_text
from supervisor.duties.audit.snapshots import DayAudit, Discrepancy, Signed, Totals
from supervisor.reports.sections import Chart, Column, Kind, Report, Section, Shape, moment_text, section
from supervisor.reports.spread import spread
from supervisor.text import alphabetical

_NAME, _TEAM = Column("specialist", Kind.TEXT), Column("team", Kind.TEXT)


def day_report(audit: DayAudit, team: str | None = None) -> Report:
    """Return the report of a day, of a team or of all (None)."""
    zone = ZoneInfo(audit.time_zone)
    whose = f", {team}" if team else ""
    balance = "The classes add up to the totals." if audit.balanced else f"DOES NOT ADD UP: {'; '.join(audit.residue)}"
    so_far = "" if audit.over else f", so far: as of {_clock(audit.now_us, zone)}"
    return Report(
        name=f"floor-day-{day_text(audit.day)}",
        title=f"{date_of(audit.day):%A} {day_text(audit.day)}, {audit.floor}{whose}",
        lines=(
            f"{len(audit.discrepancies)} discrepancies, {audit.open} of them without a decision{so_far}",
            balance,
        ),
        time_zone=audit.time_zone,
        sections=(
            totals(audit.totals),
            _calls(audit),
            _logs(audit),
            _against(audit),
            spread((one.effective, one.quota) for one in audit.specialists),
            _specialists(audit),
            _discrepancies(audit),
            *(() if audit.signed is None else (_revisions(audit.signed),)),
        ),
        sealed=_sealed(audit.signed, zone),
        signatures=("Supervisor", "Director"),
    )


def totals(told: Totals) -> Section:
    """Return the sums of a day or a month."""
    columns = (
        Column("legs"), Column("calls"), Column("dials"), Column("connected"), Column("effective"),
        Column("talk", Kind.TALK), Column("contacts"),
    )  # fmt: skip
    row = (told.legs, told.calls, told.dials, told.connected, told.effective, told.talk_ms, told.contacts)
    return section("Totals", columns, [row])


def _words(class_: str) -> str:
    return class_.replace("_", " ")


def _calls(audit: DayAudit) -> Section:
    columns = (Column("class of call", Kind.TEXT), Column("calls"))
    rows = [(_words(class_), many) for class_, many in audit.call_classes.items()]
    chart = Chart("Calls by class", Shape.BARS, 0, (1,))
    return section(
        "Calls by class", columns, rows, total=("all", sum(audit.call_classes.values())), chart=chart,
        note="Every call is in exactly one class, the first that fits.",
    )  # fmt: skip


def _logs(audit: DayAudit) -> Section:
    columns = (Column("class of log", Kind.TEXT), Column("logs"))
    rows = [(_words(class_), many) for class_, many in audit.log_classes.items()]
    return section("Logs by class", columns, rows, total=("all", sum(audit.log_classes.values())))


def _against(audit: DayAudit) -> Section:
    columns = (
        _NAME, _TEAM, Column("effective"), Column("quota", Kind.NUMBER), Column("missing", Kind.NUMBER),
        Column("mark", Kind.TEXT),
    )  # fmt: skip
    worst = sorted(audit.specialists, key=lambda one: (-one.shortfall, alphabetical(one.name)))
    rows = [
        (one.name, one.team, one.effective, one.quota, one.shortfall, "below" if one.shortfall else "")
        for one in worst
        if one.specialist_id is not None
    ]
    chart = Chart("Effective calls against quota", Shape.AGAINST, 0, (2, 3))
    return section("Effective calls against quota", columns, rows, chart=chart)


def _specialists(audit: DayAudit) -> Section:
    columns = (
        _NAME, Column("attendance", Kind.TEXT), Column("dials"), Column("connected"), Column("effective"),
        Column("talk", Kind.TALK), Column("logged"), Column("matched"), Column("first call", Kind.CODE),
        Column("last call", Kind.CODE), Column("longest gap, min"), Column("flags", Kind.TEXT, wide=True),
        Column("open"),
    )  # fmt: skip
    zone = ZoneInfo(audit.time_zone)
    rows = [
        (
            *(one.name, one.attendance, one.dials, one.connected, one.effective, one.talk_ms),
            *(one.contacts_logged, one.contacts_matched, _clock(one.first_us, zone), _clock(one.last_us, zone)),
            *(one.longest_gap_ms // 60_000, ", ".join(map(_words, one.flags)), one.open),
        )
        for one in audit.specialists
    ]
    return section("Specialists", columns, rows)


def _discrepancies(audit: DayAudit) -> Section:
    columns = (
        Column("at", Kind.CODE), Column("class", Kind.TEXT), _NAME, Column("customer", Kind.TEXT),
        Column("number", Kind.CODE), Column("why", Kind.TEXT, wide=True), Column("state", Kind.TEXT),
    )  # fmt: skip
    zone = ZoneInfo(audit.time_zone)
    rows = [
        (
            *(_clock(one.at_us, zone), _words(one.class_), one.specialist, one.company, one.number, one.why),
            _state(one),
        )
        for one in audit.discrepancies
    ]
    return section("Discrepancies", columns, rows, empty="There is no discrepancy.")


def _clock(us: int | None, zone: ZoneInfo) -> str:
    return "" if us is None else moment_text(us, zone)[11:16]


def _state(one: Discrepancy) -> str:
    by = f" by {one.decided_by}" if one.decided_by else ""
    return f"{one.state}{by}: {one.decided_why}" if one.decided_why else f"{one.state}{by}"


def _revisions(signed: Signed) -> Section:
    columns = (Column("what", Kind.TEXT, wide=True), Column("as signed", Kind.TEXT), Column("now", Kind.TEXT))
    rows = [(one.what, one.signed, one.now) for one in signed.revisions]
    return section("Changed since it was signed", columns, rows, empty="Nothing has changed.")


def _sealed(signed: Signed | None, zone: ZoneInfo) -> str:
    if signed is None:
        return "Not signed in the console."
    at = moment_text(signed.at_us, zone)
    changed = f" {len(signed.revisions)} figures changed since." if signed.revisions else ""
    return f"Signed by {signed.who} at {at}: {signed.sentence} Sealed with {signed.hash}.{changed}"
