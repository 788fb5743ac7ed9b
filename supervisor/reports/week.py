"""The report of a week, and the sections of a summary that the report of a month has too."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from supervisor.calendar import date_of, day_text
from supervisor.duties.audit.summary import Ends, Summary
from supervisor.duties.audit.told import ClosedOrder, Done
from supervisor.reports.sections import Chart, Column, Kind, Report, Section, Shape, Value, section, text
from supervisor.reports.spread import spread
from supervisor.text import alphabetical

_KINDS = {"count": Kind.NUMBER, "share": Kind.SHARE, "duration": Kind.TALK, "money": Kind.MONEY}
_NAMES = 4
"""Names of those who share an end of a measure; more are counted."""


def week_name(first: int) -> str:
    """Return the week that begins on a Monday as ISO 8601 writes it: 2026-W48."""
    year, week, _ = date_of(first).isocalendar()
    return f"{year:04}-W{week:02}"


def week_report(summary: Summary, team: str | None = None) -> Report:
    """Return the report of a week, of a team or of all (None)."""
    whose = f", {team}" if team else ""
    over = summary.last >= summary.first
    year, week, _ = date_of(summary.first).isocalendar()
    return Report(
        name=f"floor-week-{week_name(summary.first)}",
        title=f"Week {week} of {year}, {summary.floor}{whose}",
        lines=(
            f"{day_text(summary.first)} to {day_text(summary.last)}: days whose work is over"
            if over
            else "No day of it is over yet",
        ),
        time_zone=summary.time_zone,
        sections=(
            done("What was done", (*summary.people, *_nobody(summary)), summary.total, summary.currency),
            against(summary),
            spread((one.effective, one.due) for one in summary.people),
            *sections(summary),
        ),
    )


def _nobody(summary: Summary) -> tuple[Done, ...]:
    return () if summary.nobody is None else (summary.nobody,)


def sections(summary: Summary) -> tuple[Section, ...]:
    """Return teams, the best and the worst, won and lost orders and why."""
    return (
        done("Teams", (*summary.teams, *_nobody(summary)), summary.total, summary.currency),
        ends(summary.ends),
        orders("Won orders", summary.won, "facts heard", summary.currency, "No order was won."),
        orders("Lost orders", summary.lost, "why", summary.currency, "No order was lost."),
        section(
            "Why orders were lost",
            (Column("why", Kind.TEXT, wide=True), Column("orders")),
            summary.reasons,
            empty="No order was lost.",
            chart=Chart("Why orders were lost", Shape.BARS, 0, (1,)),
        ),
    )


def done(title: str, lines: tuple[Done, ...], total: Done, currency: str) -> Section:
    """Return what somebody, or a team, did, against plan."""
    columns = (
        Column("name", Kind.TEXT), Column("days", Kind.NUMBER), Column("dials"), Column("effective"),
        Column("due", Kind.NUMBER), Column("share of plan", Kind.SHARE), Column("talk", Kind.TALK), Column("contacts"),
        Column("signed"), Column(f"amount, {currency}", Kind.MONEY), Column("lost"), Column("gone live"),
        Column("flags"), Column("merits"),
    )  # fmt: skip
    note = "Plan = quota x days attended. Contacts are those written down; gone live are customers after their payment."
    return section(title, columns, [_line(one) for one in lines], total=_line(total), note=note)


def _line(one: Done) -> tuple[Value, ...]:
    return (
        *(one.name, one.days, one.dials, one.effective, one.due, one.plan, one.talk_ms, one.contacts),
        *(one.signed, one.amount_cents, one.lost, one.live, one.flags, one.merits),
    )


def against(summary: Summary) -> Section:
    """Return effective calls against plan, those with the least share of it first."""
    worst = sorted(summary.people, key=lambda one: (one.plan is None, one.plan or 0.0, alphabetical(one.name)))
    rows = [(one.name, one.team, one.effective, one.due, one.plan, "below" if one.shortfall else "") for one in worst]
    columns = (
        Column("specialist", Kind.TEXT), Column("team", Kind.TEXT), Column("effective"), Column("due", Kind.NUMBER),
        Column("share", Kind.SHARE), Column("mark", Kind.TEXT),
    )  # fmt: skip
    chart = Chart("Effective calls against quota x days attended", Shape.AGAINST, 0, (2, 3))
    return section("Effective calls against quota", columns, rows, chart=chart)


def ends(told: tuple[Ends, ...]) -> Section:
    """Return the best and the worst of each measure. Its values are of many kinds, so they are told as texts."""
    columns = (
        Column("measure", Kind.TEXT), Column("best", Kind.CODE), Column("whose best", Kind.TEXT, wide=True),
        Column("worst", Kind.CODE), Column("whose worst", Kind.TEXT, wide=True),
    )  # fmt: skip
    rows = [
        (
            one.measure.words,
            said(one.best, one.measure.kind),
            _names(one.best_names),
            said(one.worst, one.measure.kind),
            _names(one.worst_names),
        )
        for one in told
    ]
    return section("Best and worst", columns, rows, empty="Nobody differs.")


def said(value: float, kind: str) -> str:
    """Return the value of a measure in words."""
    return text(value, _KINDS[kind], ZoneInfo("UTC"))


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMES
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_NAMES])} and {more} more"


def orders(title: str, told: tuple[ClosedOrder, ...], why: str, currency: str, empty: str) -> Section:
    """Return orders that were closed."""
    columns = (
        Column("day", Kind.DAY), Column("order", Kind.CODE), Column("customer", Kind.TEXT),
        Column("specialist", Kind.TEXT), Column(f"amount, {currency}", Kind.MONEY), Column(why, Kind.TEXT, wide=True),
    )  # fmt: skip
    rows = [(one.day, one.ref, one.company, one.specialist, one.amount_cents, one.why) for one in told]
    total = ("", "all", "", "", sum(one.amount_cents for one in told), "")
    return section(title, columns, rows, total=total, empty=empty)
