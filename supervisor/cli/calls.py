"""`supervisor calls`: the calls of a day, for people and for scripts."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from store.floor import people, phones
from supervisor.cli import common, days
from supervisor.duties.calls import RefusedError
from supervisor.duties.calls.acts import named
from supervisor.duties.calls.day import ListedCall, read_calls
from supervisor.duties.calls.floor import calendar_of

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def calls(
    day: Annotated[str, typer.Option(help="YYYY-MM-DD, today or yesterday, in the floor's zone.")] = "today",
    specialist: Annotated[str, typer.Option(help="Only calls this specialist took part in.")] = "",
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print the calls of a day, outbound, inbound and internal, in the order they were dialled."""
    config = common.load()
    wanted = days.day_of(day, calendar_of(config.floor).today(common.now_us()))
    with common.store(config) as store, store.read() as connection:
        identity_ids = _identities(connection, specialist, wanted) if specialist else None
        found = read_calls(connection, wanted, identity_ids)
    zone = ZoneInfo(config.floor.time_zone)
    if shape is common.Format.JSON:
        common.json([as_json(call, zone) for call in found])
    elif shape is common.Format.CSV:
        rows = [
            as_json(call, zone) | {"approximate": str(call.approximate).lower(), "segments": _segments(call)}
            for call in found
        ]
        common.csv(_COLUMNS, [[row[column] for column in _COLUMNS] for row in rows])
    else:
        _print(found, zone)


def _identities(connection: Connection, specialist: str, day: int) -> list[int]:
    """Return the phones that were the specialist's on `day`; an unknown phone is named `source:agent`."""
    by_phone = {f"{phone.source}:{phone.agent}": phone.identity_id for phone in phones(connection, day)}
    if specialist in by_phone:
        return [by_phone[specialist]]
    ids = {person.name: person.specialist_id for person in people(connection, day)}
    try:
        name = named(specialist, list(ids), "specialist")
    except RefusedError as error:
        common.fail(error)
    return [phone.identity_id for phone in phones(connection, day) if phone.specialist_id == ids[name]]


_COLUMNS = (
    "id", "source", "specialist", "direction", "number", "dialled_at", "answered_at", "ended_at", "talk_seconds",
    "outcome", "approximate", "segments",
)  # fmt: skip


def as_json(call: ListedCall, zone: ZoneInfo) -> dict[str, Any]:
    """Return the call as scripts read it: moments ISO 8601 with the offset of `zone`, unknown durations null."""
    return {
        "id": call.id,
        "source": call.source,
        "specialist": call.specialist,
        "direction": call.direction,
        "number": call.number,
        "dialled_at": days.moment(call.started_us, zone),
        "answered_at": days.moment(call.answered_us, zone),
        "ended_at": days.moment(call.ended_us, zone),
        "talk_seconds": days.seconds(call.talk_ms),
        "outcome": call.outcome,
        "approximate": call.approximate,
        "segments": [
            {"specialist": segment.specialist, "talk_seconds": days.seconds(segment.talk_ms)}
            for segment in call.segments
        ],
    }


def _segments(call: ListedCall) -> str:
    return "; ".join(f"{segment.specialist} {days.seconds(segment.talk_ms)}" for segment in call.segments)


def _print(found: list[ListedCall], zone: ZoneInfo) -> None:
    headers = ("dialled", "specialist", "direction", "number", "outcome", "talk s", "ended", "", "segments")
    rows = [
        (
            days.clock(call.started_us, zone),
            call.specialist,
            call.direction,
            call.number,
            call.outcome,
            days.seconds(call.talk_ms),
            days.clock(call.ended_us, zone),
            "approximate" if call.approximate else "",
            _segments(call) if len(call.segments) > 1 else "",
        )
        for call in found
    ]
    common.table(headers, rows, frozenset({5}))
