"""The report of a month: what the audit found, the sales statistics form, the summary for the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from supervisor.calendar import date_of, day_text
from supervisor.duties.audit.snapshots import MonthAudit, MonthFigures
from supervisor.duties.audit.summary import Summary
from supervisor.reports.day import totals
from supervisor.reports.sections import Chart, Column, Kind, Report, Section, Shape, Value, section
from supervisor.reports.spread import spread
from supervisor.reports.week import sections as meeting
from supervisor.text import alphabetical

NAME, TEAM = Column("specialist", Kind.TEXT), Column("team", Kind.TEXT)
_BELOW = "below"


def month_report(audit: MonthAudit, summary: Summary, team: str | None = None) -> Report:
    """Return the report of a month, of a team or of all (None)."""
    month = f"{audit.month // 100:04}-{audit.month % 100:02}"
    whose = f", {team}" if team else ""
    return Report(
        name=f"floor-month-{month}",
        title=f"{date_of(audit.first):%B %Y}, {audit.floor}{whose}",
        lines=(
            f"{day_text(audit.first)} to {day_text(audit.last)}: days whose work is over"
            if audit.last >= audit.first
            else "No day of it is over yet",
            _rule(audit),
        ),
        time_zone=audit.time_zone,
        sections=(
            totals(audit.totals),
            below(audit),
            against(audit),
            spread((one.effective, one.due) for one in audit.specialists),
            telephone(audit),
            form(audit),
            results(audit),
            *meeting(summary),
            sample(audit),
            days(audit),
        ),
        signatures=("Supervisor", "Director"),
    )


def _rule(audit: MonthAudit) -> str:
    missing = f"{len(audit.below)} of {len(audit.specialists)} are below what is prescribed"
    fine = f"{audit.per_missing} {audit.currency} proposed a missing effective call"
    return f"{missing}; {fine if audit.per_missing else 'no fine is proposed'}"


def below(audit: MonthAudit) -> Section:
    """Return who is below what is prescribed, by how much, and the fines proposed."""
    columns = (
        NAME, TEAM, Column("days attended", Kind.NUMBER), Column("due"), Column("effective"), Column("missing"),
        Column(f"proposed fine, {audit.currency}", Kind.MONEY),
    )  # fmt: skip
    rows = [
        (one.name, one.team, one.days, one.due, one.effective, one.shortfall, one.proposed_cents) for one in audit.below
    ]
    total: tuple[Value, ...] = ("all of them", "", fsum(one.days for one in audit.below), *_sums(audit.below))
    return section(
        "Below what is prescribed",
        columns,
        rows,
        total=total,
        note="Missing = quota x days attended - effective calls. A fine is proposed here and decided by a person.",
        empty="Nobody is below.",
    )


def _sums(figures: Sequence[MonthFigures]) -> tuple[int, ...]:
    return (
        sum(one.due for one in figures),
        sum(one.effective for one in figures),
        sum(one.shortfall for one in figures),
        sum(one.proposed_cents for one in figures),
    )


def against(audit: MonthAudit) -> Section:
    """Return effective calls against quota x days attended, those with the least share of it first."""

    def share(one: MonthFigures) -> float | None:
        return one.effective / one.due if one.due else None

    worst = sorted(audit.specialists, key=lambda one: (one.due == 0, share(one) or 0.0, alphabetical(one.name)))
    rows = [(one.name, one.team, one.effective, one.due, share(one), _BELOW if one.shortfall else "") for one in worst]
    columns = (NAME, TEAM, Column("effective"), Column("due"), Column("share", Kind.SHARE), Column("mark", Kind.TEXT))
    chart = Chart("Effective calls against quota x days attended", Shape.AGAINST, 0, (2, 3))
    return section("Effective calls against quota", columns, rows, chart=chart)


def telephone(audit: MonthAudit) -> Section:
    """Return the telephone statistics joined with attendance. What is not a specialist's makes the sums right."""
    columns = (
        NAME, TEAM, Column("days", Kind.NUMBER), Column("leave"), Column("sick"), Column("dials"), Column("connected"),
        Column("effective"), Column("talk", Kind.TALK), Column("contacts"), Column("due"), Column("missing"),
    )  # fmt: skip
    told = audit.specialists
    rows: list[tuple[Value, ...]] = [
        (
            *(one.name, one.team, one.days, one.leave, one.sick, one.dials, one.connected),
            *(one.effective, one.talk_ms, one.contacts, one.due, one.shortfall),
        )
        for one in told
    ]
    sums = audit.totals
    whole_floor = (sums.dials, sums.connected, sums.effective, sums.talk_ms, sums.contacts)
    theirs = [sum(int(row[place] or 0) for row in rows) for place in (5, 6, 7, 8, 9)]
    nobodys = [every - mine for every, mine in zip(whole_floor, theirs, strict=True)]
    if any(nobodys):
        rows.append(("nobody's", "", None, None, None, *nobodys, None, None))
    due, _, missing, _ = _sums(told)
    whole = (fsum(one.days for one in told), sum(one.leave for one in told), sum(one.sick for one in told))
    return section(
        "Telephone and attendance",
        columns,
        rows,
        total=("all", "", *whole, *whole_floor, due, missing),
        note="Contacts are those written down. Nobody's are unknown phones and calls of no specialist.",
    )


def form(audit: MonthAudit) -> Section:
    """Return the sales statistics form: target, done, missing, needed a day."""
    columns = (
        NAME, TEAM, Column("target so far"), Column("target of the month"), Column("done"), Column("missing"),
        Column("days left", Kind.NUMBER), Column("needed a day", Kind.NUMBER),
    )  # fmt: skip
    rows = [
        (
            *(one.name, one.team, one.due, one.target, one.effective, max(0, one.target - one.effective)),
            *(one.days_left, one.needed),
        )
        for one in audit.specialists
    ]
    return section(
        "Sales statistics form",
        columns,
        rows,
        note="Effective calls. Target = quota x working days of the month by calendar and attendance; needed a day = "
        "missing by the days left.",
    )


def results(audit: MonthAudit) -> Section:
    """Return orders, flags, merits and the risk that weighs the sample."""
    columns = (
        NAME, TEAM, Column("signed"), Column(f"amount, {audit.currency}", Kind.MONEY), Column("lost"), Column("flags"),
        Column("merits"), Column("risk", Kind.SHARE),
    )  # fmt: skip
    rows = [
        (one.name, one.team, one.signed, one.amount_cents, one.lost, one.flags, one.merits, one.risk)
        for one in audit.specialists
    ]
    sums = [sum(int(row[place]) for row in rows) for place in range(2, 7)]
    return section("Orders, flags and merits", columns, rows, total=("all", "", *sums, ""))


def sample(audit: MonthAudit) -> Section:
    """Return the calls to listen to again."""
    columns = (
        NAME, Column("at", Kind.MOMENT), Column("talk", Kind.TALK), Column("customer", Kind.TEXT),
        Column("number", Kind.CODE), Column("recording", Kind.TEXT), Column("why", Kind.TEXT, wide=True),
    )  # fmt: skip
    return section(
        "Spot check",
        columns,
        [
            (one.specialist, one.at_us, one.talk_ms, one.company, one.number, one.recording, one.why)
            for one in audit.sample
        ],
        note=f"{len(audit.sample)} effective calls to listen to again, drawn with the seed {audit.seed}, weighted to "
        "the risk of their specialist and to what is suspicious of them. The same seed draws the same.",
        empty="There is no effective call.",
    )


def days(audit: MonthAudit) -> Section:
    """Return who signed each day, and the hash that proves it."""
    columns = (Column("day", Kind.DAY), Column("signed by", Kind.TEXT), Column("hash", Kind.TEXT, wide=True))
    rows = [(day, who or "not signed", audit.hashes.get(day, "")) for day, who in audit.days]
    signed = sum(bool(who) for _, who in audit.days)
    return section("Days", columns, rows, note=f"{signed} of {len(rows)} days are signed.")
