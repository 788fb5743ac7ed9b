"""`supervisor solutions`: the library of written solutions: list, show, write, hand to a customer."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from store import solutions as library
from store.engine import Store
from supervisor.calendar import Calendar, day_text
from supervisor.cli import common
from supervisor.config import Config
from supervisor.duties.acting import Doer, doer_of
from supervisor.duties.calls import RefusedError
from supervisor.duties.calls.acts import named
from supervisor.duties.orders import offers
from supervisor.duties.orders import solutions as duty
from supervisor.duties.orders.snapshots import SolutionLine

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
LARGEST = 1 << 20
"""Bytes of a Markdown file that is read."""


class Shape(StrEnum):
    """As what a solution is handed on."""

    MARKDOWN = "markdown"
    HTML = "html"


Title = Annotated[str, typer.Argument(help="The solution's title, or how it begins.")]


@app.callback(invoke_without_command=True)
def solutions(context: typer.Context) -> None:
    """Keep the library of written solutions, and hand one to a customer; without a command: list them."""
    if not context.invoked_subcommand:
        list_()


@app.command("list")
def list_() -> None:
    """Print the titles, with the type of customer and the objection that each is for."""
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        rows = library.standing(connection)
    day_of = Calendar(config.floor).day_of
    told = [(r.title, r.customer_type, r.objection, r.who, day_text(day_of(r.changed_us))) for r in rows]
    common.table(("title", "type", "objection", "by", "changed"), told)


@app.command()
def show(title: Title) -> None:
    """Print a solution as its Markdown file."""
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        found = _found(connection, title)
    _out(offers.as_file(found))


@app.command()
def add(file: Annotated[Path, typer.Argument(help="Markdown, with title:, type: and objection: in its head.")]) -> None:
    """Put a Markdown file into the library."""
    config = common.load()
    told = _parsed(file, str(file))
    with common.store(config) as store:
        common.say(_saved(store, config, None, told, 0))


@app.command()
def edit(title: Title) -> None:
    """Change a solution in your editor ($VISUAL or $EDITOR)."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        common.fail("no editor is known: set VISUAL or EDITOR")
    config = common.load()
    with common.store(config) as store:
        with store.read() as connection:
            found = _found(connection, title)
        written = offers.as_file(found)
        handle, name = tempfile.mkstemp(prefix="solution-", suffix=".md")
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(written)
        _run(editor, draft)
        kept = f"; what you wrote is in {draft}"
        if _text(draft, kept) == written:
            draft.unlink()
            common.say(f"{found.title}: nothing was changed")
            return
        told = _parsed(draft, "what you wrote", kept)
        common.say(_saved(store, config, found, told, found.version, kept))
        draft.unlink()


@app.command()
def retire(title: Title) -> None:
    """Take a solution out of the library; reviews that have it keep it."""
    config = common.load()
    with common.store(config) as store, store.write() as connection:
        found = _found(connection, title)
        said = duty.retire(connection, _doer(config), found.solution_id, found.version)
    common.say(said)


@app.command()
def export(
    title: Title,
    customer: Annotated[str, typer.Option(help="The customer it is for: their reference.")] = "",
    shape: Annotated[Shape, typer.Option("--format", help="markdown or html.")] = Shape.MARKDOWN,
    output: Annotated[
        Path | None, typer.Option(help="The file to make; it must not be there yet. Else stdout.")
    ] = None,
) -> None:
    """Write a solution for a customer, {company} and {person} replaced by theirs."""
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        found = _found(connection, title)
        told = library.addressee(connection, customer) if customer else None
    if customer and told is None:
        common.fail(f"no customer {customer!r}; name one by its reference")
    text = offers.as_html(found, told) if shape is Shape.HTML else offers.as_markdown(found, told)
    if output is None:
        _out(text)
        return
    _write(output, text)
    common.say(f"{output} is written")


def _write(path: Path, text: str) -> None:
    """Make a file that only its owner reads; one that is there, a link too, is left alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        common.fail(f"{path} is there already; name another file")
    except OSError as error:
        common.fail(f"{path} cannot be written: {error.strerror}")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _out(text: str) -> None:
    sys.stdout.write(offers.safe_lines(text) + "\n")


def _doer(config: Config) -> Doer:
    return doer_of(config, common.who(config), common.now_us())


def _found(connection: Connection, title: str) -> SolutionLine:
    known = {row.title: row for row in library.standing(connection)}
    try:
        return offers.line_of_solution(known[named(title, list(known), "solution")])
    except RefusedError as error:
        common.fail(error)


def _saved(
    store: Store,
    config: Config,
    found: SolutionLine | None,
    told: tuple[str, str, str, str],
    version: int,
    kept: str = "",
) -> str:
    try:
        with store.write() as connection:
            return duty.save(connection, _doer(config), found.solution_id if found else None, *told, version)
    except RefusedError as error:
        common.fail(f"{error}{kept}")


def _text(file: Path, kept: str = "") -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        common.fail(f"{file} cannot be read: {error.strerror}")
    if len(data) > LARGEST:
        common.fail(f"{file} has more than {LARGEST:,} bytes{kept}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        common.fail(f"{file}, line {line}: not UTF-8{kept}")


def _parsed(file: Path, what: str, kept: str = "") -> tuple[str, str, str, str]:
    try:
        return offers.parse(_text(file, kept))
    except RefusedError as error:
        common.fail(f"{what}, {error}{kept}")


def _run(editor: str, draft: Path) -> None:
    try:
        words = shlex.split(editor)
        status = subprocess.run([*words, str(draft)], check=False).returncode
    except (OSError, ValueError) as error:
        draft.unlink()
        common.fail(f"the editor {editor!r} cannot be started: {error}")
    if status:
        common.fail(f"the editor ended with status {status}, nothing is changed; what you wrote is in {draft}")
