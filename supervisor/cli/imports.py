"""`supervisor import`: calls, a roster, attendance, customers, contacts, orders, payments and enquiries from files."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from integrations.cdr_files.settings import Format
from supervisor import tables
from supervisor.cli import common
from supervisor.cli.rejects import Rejects
from supervisor.config import Config
from supervisor.text import safe

if TYPE_CHECKING:
    from supervisor.duties.exchange.fields import Terms

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Import calls, a roster, attendance, customers, contacts, orders, payments or enquiries from files.",
)

File = Annotated[Path, typer.Argument(help="The file to import.", show_default=False)]
Map = Annotated[
    list[str],
    typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; may be said several times."),
]
Mapping = Annotated[str, typer.Option("--mapping", metavar="NAME", help="Use [mappings.NAME] of the configuration.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]


@app.command("calls")
def calls(
    file: File,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="The [sources.NAME] whose calls they are.")],
    format_: Annotated[
        Format | None, typer.Option("--format", help="What wrote the file; without it, what the source says.")
    ] = None,
    map_: Map = [],  # noqa: B006  # typer reads it, nobody changes it
    mapping: Mapping = "",
    json: Json = False,
) -> None:
    """Import call records: Asterisk's or FreeSWITCH's CDR files, or CSV of anyone's."""
    from store.engine import BULK, create_store
    from supervisor import imports
    from supervisor.ingest import normaliser, rules_of

    config = common.load()
    settings = imports.reading_settings(config, source, format_)
    assert isinstance(settings.mapping, dict)
    told = _told(config, map_, mapping)
    settings = replace(settings, mapping=told if mapping else settings.mapping | told)
    if source not in config.sources:
        _note(f"there is no [sources.{source}] in {config.origin}: a new source of files, unless it is misspelt")
    batches = imports.batches_of(file, settings, config)
    for line in imports.describe(file, settings):
        _note(line)
    gc.disable()  # records hold no cycles: looking for some among a million would take a quarter of the time
    with (
        closing(create_store(config.store.url, tuning=BULK)) as store,
        _rejects(file, config) as rejects,
        _interruptible(),
        _progress() as progress,
    ):
        summary = imports.import_calls(
            store,
            config,
            source,
            batches,
            normaliser(config),
            rules_of(config),
            rejects.add,
            common.now_us,
            progress,
        )
        _finish(file, "legs", summary, rejects, json)


@app.command("roster")
def roster(file: File, map_: Map = [], mapping: Mapping = "", json: Json = False) -> None:  # noqa: B006
    """Import specialists: name, team, region, hired, identities (source:agent, several separated by ;). CSV or XLSX."""
    from supervisor import imports
    from supervisor.duties.roster import ROSTER

    config = common.load()
    with tables.open_table(file) as table:
        places = _columns(file, table, ROSTER, config, map_, mapping)
        with common.store_or_new(config) as store, _rejects(file, config) as rejects:
            now_us, who = common.now_us(), common.who(config)
            summary = imports.import_roster(store, config, table, places, rejects.add, now_us, who)
            _finish(file, "specialists", summary, rejects, json)


@app.command("attendance")
def attendance(file: File, map_: Map = [], mapping: Mapping = "", json: Json = False) -> None:  # noqa: B006
    """Import attendance: date, specialist, status (present, half, leave, sick, training), start, end. CSV or XLSX."""
    from supervisor import imports
    from supervisor.duties.roster import ATTENDANCE

    config = common.load()
    with tables.open_table(file) as table:
        places = _columns(file, table, ATTENDANCE, config, map_, mapping)
        with common.store_or_new(config) as store, _rejects(file, config) as rejects:
            summary = imports.import_attendance(store, table, places, rejects.add, common.now_us(), common.who(config))
            _finish(file, "days", summary, rejects, json)


@app.command("customers")
def customers(file: File, map_: Map = [], mapping: Mapping = "", json: Json = False) -> None:  # noqa: B006
    """Import customers: company, person, phones (several separated by ;), region, type, tier, registered, owner,
    status, do_not_call, time_zone, ref, next_contact, next_note, opened, closed. CSV or XLSX."""
    _exchange("customers", file, map_, mapping, json)


@app.command("contacts")
def contacts(file: File, map_: Map = [], mapping: Mapping = "", json: Json = False) -> None:  # noqa: B006
    """Import contacts: customer (ref, number or company), at, specialist, channel (call, visit, reply), outcome, note,
    minutes. CSV or XLSX."""
    _exchange("contacts", file, map_, mapping, json)


@app.command("orders")
def orders(file: File, map_: Map = [], mapping: Mapping = "", json: Json = False) -> None:  # noqa: B006
    """Import orders: customer (ref, number or company), package, amount, specialist, stage, opened, expected_sign,
    status (open, signed, lost), closed, ref. CSV or XLSX."""
    _exchange("orders", file, map_, mapping, json)


@app.command("payments")
def payments(file: File, map_: Map = [], mapping: Mapping = "", json: Json = False) -> None:  # noqa: B006
    """Import payments: customer (ref, number or company), package, amount, paid, ref. CSV or XLSX."""
    _exchange("payments", file, map_, mapping, json)


@app.command("enquiries")
def enquiries(file: File, map_: Map = [], mapping: Mapping = "", json: Json = False) -> None:  # noqa: B006
    """Import enquiries: company, received (a day or a moment), number, channel, assistant, note, ref, answered,
    answered_by. CSV or XLSX."""
    _exchange("enquiries", file, map_, mapping, json)


def _exchange(what: str, file: Path, map_: Sequence[str], mapping: str, json: bool) -> None:
    from store.engine import BULK, create_store
    from supervisor.exchange import KINDS, bring_in

    config = common.load()
    kind = KINDS[what]
    with tables.open_table(file) as table:
        places = _columns(file, table, kind.fields, config, map_, mapping, kind.also)
        reading = terms(config)
        gc.disable()  # as for calls
        with (
            closing(create_store(config.store.url, tuning=BULK)) as store,
            _rejects(file, config) as rejects,
            _interruptible(),
        ):
            bringer = kind.bringer(reading, places)
            summary = bring_in(store, table, places, bringer, reading, rejects.add)
            _finish(file, what, summary, rejects, json)


def terms(config: Config) -> Terms:
    """Return by what tables are read and written now, by this person."""
    from supervisor.duties.acting import doer_of
    from supervisor.duties.exchange.fields import terms_of

    return terms_of(config, doer_of(config, common.who(config), common.now_us()))


def _told(config: Config, told: Sequence[str], name: str) -> dict[str, str]:
    """Return the mapping field -> column that the command line asks for: --mapping NAME, then each --map over it."""
    from supervisor.imports import named_mapping

    mapping = dict(named_mapping(config, name)) if name else {}
    for pair in told:
        field, equals, column = pair.partition("=")
        if not (field and equals and column):
            common.fail(f"--map {pair!r}: write FIELD=COLUMN")
        mapping[field] = column
    return mapping


def _columns(
    file: Path,
    table: tables.Table,
    fields: tuple[Sequence[str], Sequence[str]],
    config: Config,
    map_: Sequence[str],
    mapping: str,
    also: MappingOf[str, Sequence[str]] = {},  # nobody changes it
) -> dict[str, int]:
    told = tables.other_names(table, also) | _told(config, map_, mapping)
    places = tables.columns(file, table, *fields, told)
    _note(f"{file}: {table.written}")
    _note("Columns: " + tables.shown(table.header, places))
    return places


def _note(line: str) -> None:
    """Say on stderr how the file is being read, before it is."""
    sys.stderr.write(f"{safe(line, 2000)}\n")


@contextmanager
def _rejects(file: Path, config: Config) -> Iterator[Rejects]:
    from supervisor.config import default_store

    rejects = Rejects(file, default_store().parent)
    try:
        yield rejects
    finally:
        rejects.discard()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Say what ctrl+c leaves behind."""
    try:
        yield
    except KeyboardInterrupt:
        common.warn("interrupted: what was read so far is stored; run it again to go on, nothing is stored twice")
        raise


@contextmanager
def _progress() -> Iterator[Callable[[float, int], None]]:
    """Draw a bar on stderr where it is a terminal; yield what moves it: the share read and the rows so far."""
    if not sys.stderr.isatty():
        yield lambda done, rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    rows = TextColumn("{task.fields[rows]:,} rows", markup=False)
    with Progress(
        BarColumn(), TaskProgressColumn(), rows, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("", total=1.0, rows=0)
        yield lambda done, count: bar.update(task, completed=done, rows=count)


def _finish(file: Path, what: str, summary: object, rejects: Rejects, json: bool) -> None:
    """Put the rejects in place and say what came of the import. A file of which nothing could be used ends with
    status 2."""
    from supervisor.imports import Summary

    assert isinstance(summary, Summary)
    if summary.rows and summary.rejected == summary.rows:
        common.fail(f"nothing in {file} could be used, nothing is stored; {rejects.first}")
    place = rejects.finish()
    if json:
        common.json({**asdict(summary), "rejects_file": str(place) if place else None})
        return
    s = summary
    words = f"{s.rows:,} rows: {s.new:,} {what} new, {s.changed:,} changed, {s.known:,} already known, "
    words += f"{s.rejected:,} rejected"
    common.say(f"{words}, see {place}" if place else words)
