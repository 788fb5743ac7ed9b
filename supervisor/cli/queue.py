"""`supervisor queue`: the follow-up queue of today, for people and for scripts."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from store.queue import ALL
from supervisor.calendar import date_of
from supervisor.cli import common, days
from supervisor.duties.followups.queue import WINDOW
from supervisor.duties.followups.read import read_queue
from supervisor.duties.followups.snapshots import QueueLine

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def queue(
    limit: Annotated[int, typer.Option(min=0, help="Only the first so many customers; 0: all.")] = 0,
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print who is to be contacted, first those in the window, then those that open next, overdue ones, the rest."""
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        found = read_queue(connection, config, common.now_us(), limit or ALL)
    rows = [as_json(line, ZoneInfo(config.floor.time_zone)) for line in found]
    if shape is common.Format.JSON:
        common.json(rows)
        return
    heads = ("customer", "contact_number", "in_window", "owner", "tier", "last_contact_at", "days_since", "next_due",
             "reason")  # fmt: skip
    cells = [[str(row[head]).lower() if head == "in_window" else row[head] for head in heads] for row in rows]
    if shape is common.Format.CSV:
        common.csv(heads, cells)
    else:
        common.table([head.replace("_", " ") for head in heads], cells, frozenset({1, 6}))


def as_json(line: QueueLine, zone: ZoneInfo) -> dict[str, Any]:
    """Return a line of the queue as scripts read it: moments ISO 8601 with the offset of `zone`, days YYYY-MM-DD."""
    return {
        "customer": line.company,
        "contact_number": line.contacts,
        "in_window": line.group == WINDOW,
        "owner": line.owner or None,
        "tier": line.tier,
        "last_contact_at": days.moment(line.last_us, zone),
        "days_since": line.days_since,
        "next_due": None if line.next_day is None else date_of(line.next_day).isoformat(),
        "reason": line.reason,
    }
