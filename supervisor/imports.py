"""Importing files: batches of records or a table's rows into the store, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from integrations.cdr_files import folder, reading
from integrations.cdr_files.settings import FilesSettings, Format
from integrations.provider import Batch, Leg
from store import acts, calls, roster
from store.calls import LegValues, Rules
from store.engine import Store
from supervisor import tables
from supervisor.calendar import Calendar
from supervisor.config import Config, ConfigError, convert
from supervisor.duties import roster as duty

T = TypeVar("T")

BATCH = 15_000
"""Legs a transaction: what is stored when an import is interrupted stays, and is known the next time. Six times as
many are no faster and take 110 MB more."""

_SHARED = ("time_zone", "agents", "trunks", "dial_prefixes")
"""Keys that a source of another type has in common with one of files. Of such types only Asterisk writes files."""

Reject = Callable[[int, str, Sequence[object]], None]


@dataclass
class Summary:
    """What an import came to: rows read, and what each was to the store."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    rejected: int = 0


def reading_settings(config: Config, source: str, format_: str | None) -> FilesSettings:
    """Return how a file of `source` is to be read: by the keys of its table, whatever its type, and by `format_` if
    told, which is enough for a source without a table.

    ConfigError where neither tells it, or a key does not do.
    """
    if source not in config.sources and not format_:
        known = ", ".join(sorted(config.sources)) or "none"
        raise ConfigError(f"{config.origin}: there is no [sources.{source}]; sources here: {known}")
    raw = dict(config.sources.get(source, {"type": "files"}))
    if raw.get("type") != "files":
        raw = {key: raw[key] for key in _SHARED if key in raw} | {"format": Format.ASTERISK_CSV}
    if format_:
        raw["format"] = format_
    told = convert({**raw, "type": "files"}, FilesSettings, config.origin, f"sources.{source}")
    return msgspec.structs.replace(told, mapping=named_mapping(config, told.mapping))


def named_mapping(config: Config, mapping: str | dict[str, str]) -> dict[str, str]:
    """Return a mapping field -> column, found by its name where it is one. ConfigError where there is none of that
    name."""
    if not isinstance(mapping, str):
        return mapping
    if mapping not in config.mappings:
        known = ", ".join(sorted(config.mappings)) or "none"
        raise ConfigError(f"{config.origin}: there is no [mappings.{mapping}]; mappings here: {known}")
    return config.mappings[mapping]


def describe(path: Path, settings: FilesSettings) -> Iterator[str]:
    """Yield how a file of calls is going to be read, in words. SourceError where it cannot be."""
    if settings.format == Format.FREESWITCH_JSON:
        yield f"{path}: {settings.format}"
        return
    written, header, places = reading.look(path, settings)
    yield f"{path}: {settings.format}, {written}"
    if places:
        yield "Columns: " + tables.shown(header, places)


def batches_of(path: Path, settings: FilesSettings, config: Config) -> Iterator[Batch]:
    """Yield the records of `path`, a file, or a folder where the format has one file a call."""
    if settings.format == Format.FREESWITCH_JSON:
        return folder.read(path, settings, None)
    return reading.read(path, settings, ZoneInfo(settings.time_zone or config.floor.time_zone), None, following=False)


def import_calls(
    store: Store,
    config: Config,
    source: str,
    batches: Iterator[Batch],
    normalise: Callable[[Leg], LegValues],
    rules: Rules,
    reject: Reject,
    now_us: Callable[[], int],
    progress: Callable[[float, int], None],
) -> Summary:
    """Store the legs of `batches` as `source`'s, `BATCH` a transaction; return what came of them.

    Nothing of the source is written before its first leg is. The source's cursor stays: an import is no collecting.
    """
    summary = Summary()
    type_ = str(config.sources.get(source, {"type": "files"}).get("type", ""))
    exact = type_ == "files"
    waiting: list[LegValues] = []

    def flush() -> None:
        if not waiting:
            return
        with store.write() as connection:
            source_id = roster.source(connection, source, type_)
            counts = calls.ingest(connection, source_id, waiting, rules, None, now_us())
        summary.new += counts.new
        summary.changed += counts.changed
        summary.known += counts.known
        waiting.clear()

    for batch in batches:
        summary.rows += batch.rows
        legs: Sequence[Leg] = batch.legs
        if not exact:
            legs = [leg._replace(approximate=True) for leg in legs]
        waiting.extend(map(normalise, legs))
        for record in batch.rejected:
            reject(record.row, record.reason, record.record)
        summary.rejected += len(batch.rejected)
        if len(waiting) >= BATCH:
            flush()
        progress(batch.done, summary.rows)
    flush()
    return summary


def import_roster(
    store: Store, config: Config, table: tables.Table, places: Mapping[str, int], reject: Reject, now_us: int, who: str
) -> Summary:
    """Write the roster `table` in one transaction; return what came of its rows. `who` is recorded in the journal."""
    types = {name: str(raw.get("type", "")) for name, raw in config.sources.items()}
    today = Calendar(config.floor).day_of(now_us)

    def put(connection: Connection, rows: Sequence[tuple[int, duty.Member]]) -> duty.Came:
        return duty.put_members(connection, rows, types, today)

    return _import(store, table, places, duty.member, put, reject, (now_us, who, "imported a roster"))


def import_attendance(
    store: Store, table: tables.Table, places: Mapping[str, int], reject: Reject, now_us: int, who: str
) -> Summary:
    """Write the attendance list `table` in one transaction; return what came of its rows. `who` is recorded in the
    journal."""
    told = (now_us, who, "imported attendance")
    return _import(store, table, places, duty.attended, duty.put_attended, reject, told)


def _import(
    store: Store,
    table: tables.Table,
    places: Mapping[str, int],
    read: Callable[[Mapping[str, tables.Cell]], T],
    put: Callable[[Connection, Sequence[tuple[int, T]]], duty.Came],
    reject: Reject,
    told: tuple[int, str, str],
) -> Summary:
    now_us, who, what = told
    summary = Summary()
    good: list[tuple[int, T]] = []
    cells_of: dict[int, Sequence[object]] = {}
    refused: list[tuple[int, str]] = []
    for row, cells, reason in tables.rows_of(table, places):
        summary.rows += 1
        cells_of[row.number] = row.cells
        try:
            if reason:
                raise ValueError(reason)
            good.append((row.number, read(cells)))
        except ValueError as error:
            refused.append((row.number, str(error)))
    if good:
        with store.write() as connection:
            outcomes, more = put(connection, good)
            summary.new = outcomes.count(duty.Outcome.NEW)
            summary.changed = outcomes.count(duty.Outcome.CHANGED)
            summary.known = outcomes.count(duty.Outcome.KNOWN)
            if summary.new or summary.changed:
                acts.note(connection, who, what, f"{summary.new} new, {summary.changed} changed", now_us)
        refused += more
    for number, reason in sorted(refused):
        reject(number, reason, cells_of[number])
    summary.rejected = len(refused)
    return summary
