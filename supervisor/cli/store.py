"""`supervisor store`: upgrade, check, recount or back up the store."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from supervisor.cli import common

app = typer.Typer(
    help="Upgrade, check, recount or back up the store.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


@app.command()
def upgrade() -> None:
    """Bring the store's schema to this program's; make the store where there is none."""
    from store import engine

    url = common.load().store.url
    with closing(engine.attach_or_create(url)) as store:
        before, after = engine.upgrade(store)
        shown = store.place.shown
    if before == after:
        common.say(f"{shown}: schema {after} already, nothing to do")
    else:
        common.say(f"{shown}: schema {before or 'none'} -> {after}")


@app.command()
def check(
    fast: Annotated[bool, typer.Option("--fast", help="Do not read everything, which takes seconds a GB.")] = False,
) -> None:
    """Look whether the store is well. Each line says ok or what to do; exit status 1 where something must be done."""
    from store import check as checks
    from store.engine import attach

    failed = False
    with closing(attach(common.load().store.url)) as store:
        for look in (checks.state,) if fast else (checks.state, checks.contents):
            for line in look(store):
                common.say(f"{line.level:<4}  {line.subject:<12}  {line.detail}")
                failed |= line.level == "fail"
            if failed:
                break
    raise typer.Exit(1 if failed else 0)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to make; it must not exist.")]) -> None:
    """Copy the store to FILE while it is in use, and compare the rows of every table."""
    from store.backup import backup as copy
    from store.engine import attach

    with closing(attach(common.load().store.url)) as store:
        rows = copy(store, file)
    size = file.stat().st_size
    common.say(f"{file}: {sum(rows.values())} rows in {len(rows)} tables, {size / (1 << 20):.1f} MiB, compared")


@app.command()
def recount() -> None:
    """Derive calls and tallies anew from what the sources reported, and contacts and contact numbers from those; put
    right what differs, and say how much did."""
    from store import calls, matching
    from supervisor.ingest import rules_of

    config = common.load()
    rules = rules_of(config)
    with common.store(config) as store, store.write() as connection:
        found = calls.recount(connection, rules.call_of)
        ledger = matching.recount(connection, rules.numbers, common.now_us())
    if any(found):
        common.say(f"{found.calls} calls and {found.tallies} tallies differed and are put right")
    else:
        common.say("every call and every tally is as it should be")
    if any(ledger):
        common.say(
            f"{ledger.entries} contacts, {ledger.numbers} contact numbers, {ledger.customers} customers and "
            f"{ledger.histogram} lines of the histogram differed and are put right"
        )
    else:
        common.say("every contact and every contact number is as it should be")
