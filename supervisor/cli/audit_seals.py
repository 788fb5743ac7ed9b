"""`supervisor audit sign`: a day is sealed, and `supervisor audit verify`, which proves the chain of all seals."""

from __future__ import annotations

import sys
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from supervisor.calendar import day_text
from supervisor.cli import common, days
from supervisor.duties.audit.seal import chain
from supervisor.duties.audit.seal import sign as seal_day
from supervisor.duties.audit.snapshots import Link
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.refusals import RefusedError

_COLUMNS = ("day", "signed_at", "who", "hash", "holds", "fault")


def sign(
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD, today or yesterday.")],
    sentence: Annotated[str, typer.Option(help="What you say about the day; it is sealed with it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Sign a day that is over, under your name. Its figures are sealed; this is not undone.

    It is asked first: type the day again, or say --yes.
    """
    from supervisor.duties.acting import doer_of  # it brings the store's tables, which the other audits do without

    config = common.load()
    now_us = common.now_us()
    today = calendar_of(config.floor).today(now_us)
    wanted = days.day_of(day, today)
    if not yes:
        _ask(wanted, common.who(config))
    doer = doer_of(config, common.who(config), now_us)
    with common.store(config) as store, store.write() as connection:
        try:
            said = seal_day(connection, doer, config, wanted, sentence)
        except RefusedError as error:
            common.fail(error)
    common.say(said)


def _ask(day: int, who: str) -> None:
    """End the command where the day is not typed again."""
    common.warn(f"{day_text(day)} is sealed as signed by {who}, and a signature is not undone; type the day to sign")
    if sys.stdin.readline().strip() != day_text(day):
        common.fail("nothing is signed")


def verify(
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Prove the chain of signed days, and name the first that does not hold.

    Exit status: 0 it holds, 1 it does not, 2 it cannot be read.
    """
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        links = chain(connection)
    zone = ZoneInfo(config.floor.time_zone)
    rows = [as_json(link, zone) for link in links]
    fault = next((link for link in links if link.fault), None)
    if shape is common.Format.JSON:
        first = None if fault is None else {"day": day_text(fault.day), "fault": fault.fault}
        common.json({"holds": fault is None, "first_fault": first, "seals": rows})
    elif shape is common.Format.CSV:
        common.csv(_COLUMNS, [[*(row[name] for name in _COLUMNS[:4]), *_held(row)] for row in rows])
    else:
        _print(rows, fault)
    if fault is not None:
        raise SystemExit(1)


def as_json(link: Link, zone: ZoneInfo) -> dict[str, Any]:
    """Return a seal as scripts read it: the day YYYY-MM-DD, its moment ISO 8601 with the offset of `zone`; `fault`: why
    it does not hold, "" it does."""
    return {
        "day": day_text(link.day),
        "signed_at": days.moment(link.at_us, zone),
        "who": link.who,
        "hash": link.hash,
        "holds": not link.fault,
        "fault": link.fault,
    }


def _held(row: dict[str, Any]) -> tuple[str, str]:
    return ("yes" if row["holds"] else "no"), row["fault"]


def _print(rows: list[dict[str, Any]], fault: Link | None) -> None:
    if not rows:
        common.say("no day was signed yet: there is nothing to prove")
        return
    told = [(row["day"], row["signed_at"][:16].replace("T", " "), row["who"], row["hash"][:16], *_held(row))
            for row in rows]  # fmt: skip
    common.table(("day", "signed at", "who", "hash", "holds", "why not"), told)
    common.say()
    if fault is None:
        common.say(f"the chain holds: {len(rows):,} seal{'s' * (len(rows) != 1)}, the last of {rows[-1]['day']}")
    else:
        common.say(f"the chain does not hold from {day_text(fault.day)} on: {fault.fault}")
