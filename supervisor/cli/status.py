"""`supervisor status`: the floor as the console shows it, once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from supervisor.calendar import day_text
from supervisor.cli import common, days
from supervisor.duties.calls import FloorSnapshot, Quota, SpecialistLine
from supervisor.duties.calls.floor import PRESENT, read_floor
from supervisor.duties.calls.pace import level
from supervisor.settings import QuotaSettings

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Shape(StrEnum):
    """How the floor is printed."""

    TABLE = "table"
    JSON = "json"


@app.command()
def status(
    shape: Annotated[Shape, typer.Option("--format", help="table or json.")] = Shape.TABLE,
) -> None:
    """Print the floor as it is now: sources, totals and every specialist against quota."""
    config = common.load()
    now_us = common.now_us()
    with common.store(config) as store, store.read() as connection:
        snapshot = read_floor(connection, config, now_us)
    if shape is Shape.JSON:
        common.json(as_json(snapshot))
    else:
        _print(snapshot, config.quota)


def as_json(snapshot: FloorSnapshot) -> dict[str, Any]:
    """Return the snapshot as scripts read it: moments ISO 8601 with offset, durations in seconds, unknown null."""
    zone = ZoneInfo(snapshot.time_zone)
    totals = snapshot.totals
    return {
        "day": day_text(snapshot.day),
        "floor": snapshot.floor,
        "sources": [
            {
                "name": source.name,
                "state": source.state,
                "since": days.moment(source.since_us, zone),
                "lag_seconds": None if source.lag_seconds is None else days.plain(source.lag_seconds),
            }
            for source in snapshot.sources
        ],
        "totals": {
            "dials": totals.dials,
            "connected": totals.connected,
            "effective": totals.effective,
            "talk_seconds": days.seconds(totals.talk_ms),
            "quota": _quota(totals.quota),
            "pace": _ratio(totals.pace),
            "effective_pace": _ratio(totals.effective_pace),
            "shift_elapsed": _ratio(snapshot.shift_elapsed),
            "dials_forecast": totals.dials_forecast,
            "effective_forecast": totals.effective_forecast,
            "talk_forecast_seconds": days.seconds(totals.talk_forecast_ms),
            "on_the_phone": totals.on_the_phone,
            "present": totals.present,
        },
        "specialists": [_specialist(line, snapshot.now_us, zone) for line in snapshot.specialists],
    }


def _specialist(line: SpecialistLine, now_us: int, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": line.name,
        "team": line.team,
        "state": line.state.value,
        "state_seconds": _state_seconds(line, now_us),
        "dials": line.dials,
        "connected": line.connected,
        "effective": line.effective,
        "talk_seconds": days.seconds(line.talk_ms),
        "quota": _quota(line.quota),
        "pace": _ratio(line.pace),
        "last_call_at": days.moment(line.last_call_us, zone),
    }


def _state_seconds(line: SpecialistLine, now_us: int) -> int | None:
    return None if line.state_since_us is None else max(0, now_us - line.state_since_us) // 1_000_000


def _quota(quota: Quota) -> dict[str, int | float]:
    return {
        "dials": days.plain(quota.dials),
        "effective": days.plain(quota.effective),
        "talk_minutes": days.plain(quota.talk_minutes),
    }


def _ratio(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _print(snapshot: FloorSnapshot, limits: QuotaSettings) -> None:
    zone = ZoneInfo(snapshot.time_zone)
    totals = snapshot.totals
    common.say(
        f"{snapshot.floor}  {day_text(snapshot.day)} {days.clock(snapshot.now_us, zone)}  "
        f"shift {snapshot.shift_elapsed:.0%}"
    )
    for source in snapshot.sources:
        since = f" since {days.moment(source.since_us, zone)}" if source.since_us and source.state != "up" else ""
        detail = f" ({source.detail})" if source.detail and source.state == "down" else ""
        common.say(f"source {source.name}: {source.state}{since}{detail}")
    forecast = (
        "" if totals.dials_forecast is None else f"; at the end {totals.dials_forecast} and {totals.effective_forecast}"
    )
    common.say(
        f"dials {totals.dials} of {days.plain(totals.quota.dials)}, effective {totals.effective} of "
        f"{days.plain(totals.quota.effective)}{forecast}; talk {totals.talk_ms // 60_000} of "
        f"{days.plain(totals.quota.talk_minutes)} min; on the phone {totals.on_the_phone} of {totals.present}"
    )
    common.say()
    headers = ("name", "team", "state", "for", "dials", "conn", "eff", "talk", "quota", "pace", "", "last call")
    rows = [
        (
            line.name,
            line.team if line.specialist_id is not None else "unknown phone",
            line.state.value if line.attendance == PRESENT else f"{line.state.value}, {line.attendance}",
            _minutes(_state_seconds(line, snapshot.now_us)),
            line.dials,
            line.connected,
            line.effective,
            _minutes(line.talk_ms // 1000),
            f"{days.plain(line.quota.dials)}/{days.plain(line.quota.effective)}/{days.plain(line.quota.talk_minutes)}",
            None if line.pace is None else f"{line.pace:.2f}",
            level(line.pace, limits),
            days.clock(line.last_call_us, zone),
        )
        for line in snapshot.specialists
    ]
    common.table(headers, rows, frozenset({3, 4, 5, 6, 7, 8, 9}))


def _minutes(whole: int | None) -> str | None:
    return None if whole is None else f"{whole // 60}:{whole % 60:02}"
