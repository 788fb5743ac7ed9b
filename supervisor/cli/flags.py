"""`supervisor flags`: flags with their evidence, applying the rules to past days, trying out thresholds."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from store import flag_book
from store.flag_book import FlagRow
from supervisor.calendar import Calendar, day_text
from supervisor.cli import common, days
from supervisor.duties.calls import RefusedError
from supervisor.duties.discipline.findings import SEVERITIES, WORDS
from supervisor.duties.discipline.kept import evidence_of, excuses_of
from supervisor.duties.discipline.read import BEFORE_DAYS, RECENT_DAYS, back

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

_COLUMNS = ("id", "rule", "specialist", "at", "severity", "evidence", "excuses", "state")
_DAY = typer.Option(help="YYYY-MM-DD, today or yesterday.")


@app.callback(invoke_without_command=True)
def flags(
    context: typer.Context,
    day: Annotated[str, typer.Option(help="All flags and merits of a day: YYYY-MM-DD, today or yesterday.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Those decided or withdrawn in the last 30 days too.")
    ] = False,
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print the flags that wait for a decision, newest first.

    `supervisor flags evaluate` applies the rules to a day, `supervisor flags try` tries out a threshold.
    """
    if context.invoked_subcommand:
        return
    config = common.load()
    today = Calendar(config.floor).today(common.now_us())
    wanted = days.day_of(day, today) if day else None
    with common.store(config) as store, store.read() as connection:
        rows = flag_book.waiting(connection) if wanted is None else flag_book.of_day(connection, wanted)
        if everything and wanted is None:
            rows += flag_book.settled(connection, back(today, BEFORE_DAYS), back(today, RECENT_DAYS - 1))
            rows.sort(key=lambda row: (-row.at_us, -row.flag_id))
    zone = ZoneInfo(config.floor.time_zone)
    if shape is common.Format.JSON:
        common.json([as_json(row, zone) for row in rows])
        return
    told = [as_json(row, zone) for row in rows]
    flat = [row | {"evidence": row["evidence"]["words"], "excuses": "; ".join(row["excuses"])} for row in told]
    if shape is common.Format.CSV:
        common.csv(_COLUMNS, [[row[name] for name in _COLUMNS] for row in flat])
        return
    for row in flat:
        row |= {"rule": WORDS.get(row["rule"], row["rule"]), "at": row["at"][:16].replace("T", " ")}
    common.table(_COLUMNS, [[row[name] for name in _COLUMNS] for row in flat], frozenset({0}))


def as_json(row: FlagRow, zone: ZoneInfo) -> dict[str, Any]:
    """Return a flag as scripts read it: its moment ISO 8601 with the offset of `zone`, the evidence with the ids of
    the calls behind it and the figures by name."""
    evidence = evidence_of(row.evidence)
    return {
        "id": row.flag_id,
        "rule": row.rule,
        "specialist": row.specialist,
        "at": days.moment(row.at_us, zone),
        "severity": SEVERITIES[row.severity],
        "evidence": {
            "words": evidence.words,
            "calls": list(evidence.calls),
            "figures": dict(evidence.figures),
            "base": evidence.base,
        },
        "excuses": list(excuses_of(row.excuses)),
        "state": row.state,
    }


@app.command()
def evaluate(
    day: Annotated[str, _DAY] = "",
    first: Annotated[str, typer.Option("--from", help="The first of many days.")] = "",
    last: Annotated[str, typer.Option("--to", help="The last of them.")] = "",
) -> None:
    """Apply the rules to a day, or to many: raise what is found, withdraw what is not so any more."""
    from supervisor.duties.discipline.rounds import evaluate_now

    if bool(day) == bool(first or last) or bool(first) != bool(last):
        common.fail("name a day, --day D, or many, --from D --to D")
    config = common.load()
    now_us = common.now_us()
    today = Calendar(config.floor).today(now_us)
    begin, end = (days.day_of(one, today) for one in ((day, day) if day else (first, last)))
    if begin > end:
        common.fail(f"{day_text(begin)} is after {day_text(end)}; --from names the first day, --to the last")
    if end > today:
        common.fail(f"{day_text(end)} is still to come; today is {day_text(today)}")
    with common.store(config) as store:
        while begin <= end:
            with store.write() as connection:
                done = evaluate_now(connection, config, begin, now_us)
            common.say(
                f"{day_text(begin)}  {done.raised} raised, {done.changed} changed, {done.withdrawn} withdrawn, "
                f"{done.kept} as they were"
            )
            begin = back(begin, -1)


@app.command("try")
def try_(
    key: Annotated[str, typer.Argument(help="The threshold, as in the configuration: console.idle_act_minutes.")],
    value: Annotated[str, typer.Argument(help="The value to try out.")],
) -> None:
    """Print which flags of the last 30 days another value would have brought, and which not. Nothing is changed."""
    from supervisor.duties.discipline.tryout import try_out

    config = common.load()
    try:
        wanted = float(value)
    except ValueError:
        common.fail(f"{value!r} is not a number")
    zone = ZoneInfo(config.floor.time_zone)
    with common.store(config) as store:
        try:
            found = try_out(store.read, config, key, wanted, common.now_us())
        except RefusedError as error:
            common.fail(error)
    common.say(f"{found.key}, {day_text(found.first)} to {day_text(found.last)}")
    common.say(found.words)
    for title, lines in (("These come in", found.more), ("These fall away", found.fewer)):
        if lines:
            common.say()
            common.say(title)
            common.table(
                ("at", "specialist", "severity", "why"),
                [
                    (
                        (days.moment(line.at_us, zone) or "")[:16].replace("T", " "),
                        line.specialist,
                        SEVERITIES[line.severity],
                        line.words,
                    )
                    for line in lines
                ],
            )
