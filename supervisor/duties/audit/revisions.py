"""What is not as it was signed: two contents of a day compared, in words. Pure.

Figures come first: totals, classes, specialists; then decisions, calls and logs, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from supervisor.duties.audit.content import read_table
from supervisor.duties.audit.snapshots import Revision

MOST = 50
"""Revisions that are told one by one."""
NOT_THERE = "not there"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN = "unknown"
_NAMES = ("id", "name")
"""What a row is called is no figure of it."""
_WORDS = {
    "talk_ms": "talk", "quota_thousandths": "quota", "shortfall_thousandths": "shortfall", "first_us": "first call",
    "last_us": "last call", "longest_gap_ms": "longest gap", "contacts_logged": "contacts logged",
    "contacts_matched": "contacts matched", "started_us": "began", "ended_us": "ended", "at_us": "at",
    "claimed_ms": "claims", "customer_id": "customer", "entry_id": "log", "call_id": "call", "accepted_by": "accepted",
    "decided_by": "by", "decided_why": "because",
}  # fmt: skip


def revisions(signed: dict[str, Any], now: dict[str, Any], time_zone: str) -> tuple[Revision, ...]:
    """Return what differs between two contents of a day (see content.content_of); at most MOST, then how many more
    there are. Moments are shown by the clock of `time_zone` (IANA)."""
    if signed == now:
        return ()
    found = list(_compared(signed, now, ZoneInfo(time_zone)))
    more = len(found) - MOST
    return (*found[:MOST], *((Revision(f"and {more:,} more", "", ""),) if more > 0 else ()))


def _compared(signed: dict[str, Any], now: dict[str, Any], zone: ZoneInfo) -> Iterator[Revision]:
    yield from _figures("", signed["totals"], now["totals"])
    for kind in ("calls", "logs"):
        yield from _figures(f"{kind} ", signed["classes"][kind], now["classes"][kind])
    people = read_table(signed, "specialists") | read_table(now, "specialists")
    for name in ("specialists", "discrepancies", "calls", "logs"):
        before, after = read_table(signed, name), read_table(now, name)
        for id_ in sorted(before.keys() | after.keys()):
            yield from _row(name, before.get(id_), after.get(id_), people, zone)


def _figures(what: str, signed: Mapping[str, int], now: Mapping[str, int]) -> Iterator[Revision]:
    for name in sorted(signed.keys() | now.keys()):
        before, after = signed.get(name, 0), now.get(name, 0)
        if before != after:
            words = f"{what}{_WORDS.get(name, name.replace('_', ' '))}"
            yield Revision(words, _figure(name, before), _figure(name, after))


def _row(
    table: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None,
    people: Mapping[str, Mapping[str, Any]], zone: ZoneInfo,
) -> Iterator[Revision]:  # fmt: skip
    """A row that came, went or is another one now: one revision with all that differs."""
    row = after or before
    assert row is not None
    what = _called(table, row, people, zone)
    if before is None or after is None:
        told = _there(table, row)
        yield Revision(what, NOT_THERE if before is None else told, NOT_THERE if after is None else told)
        return
    names = [name for name in after if name not in _NAMES and name in before and before[name] != after[name]]
    if names:
        yield Revision(what, _told(names, before, zone), _told(names, after, zone))


def _called(table: str, row: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], zone: ZoneInfo) -> str:
    """What a row is called: Anna; call pbx:17 of Anna at 10:31."""
    if table == "specialists":
        return str(row["name"])
    if table == "discrepancies":
        kind, _, id_ = row["id"].partition(":")
        return f"decision on {kind} {id_}"
    kind, _, id_ = row["id"].partition(":")
    whose = people.get(str(row["whose"]), {"name": row["whose"]})["name"]
    at = _moment(row["started_us"] if table == "calls" else row["at_us"], zone)
    return f"{kind} {id_}{f' of {whose}' if whose else ''} at {at}"


def _there(table: str, row: Mapping[str, Any]) -> str:
    """What there is to say of a row that came or went."""
    if table == "specialists":
        return f"{row['dials']:,} dials, {row['effective']:,} effective"
    told = str(row["class"]).replace("_", " ")
    return f"{told}, {row['state']}" if table == "discrepancies" else told


def _told(names: list[str], row: Mapping[str, Any], zone: ZoneInfo) -> str:
    return ", ".join(f"{_WORDS.get(name, name)} {_value(name, row[name], zone)}" for name in names)


def _value(name: str, value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return "nobody's" if name == "customer_id" else "none" if name in ("entry_id", "call_id") else _UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_us"):
        return _moment(value, zone)
    if name == "class":
        return str(value).replace("_", " ")
    if isinstance(value, int) and not name.endswith("_id"):
        return _figure(name, value)
    return str(value) or "nothing"


def _figure(name: str, value: int) -> str:
    if name.endswith("_ms"):
        return _duration(value)
    if name.endswith("_thousandths"):
        return f"{value / 1000:,g}"
    return f"{value:,}"


def _duration(ms: int) -> str:
    """A duration as h:mm:ss, with what is no whole second: a change of it is shown too."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}" + (f".{rest:03}" if rest else "")


def _moment(us: int, zone: ZoneInfo) -> str:
    local = (_EPOCH + timedelta(microseconds=us)).astimezone(zone)
    return f"{local:%H:%M:%S}" if local.microsecond == 0 else f"{local:%H:%M:%S.%f}"
