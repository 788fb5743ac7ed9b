"""`supervisor customers`: those that may be one and the same, and joining them or saying that they are two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from store import doubles as store_doubles
from store import suspects
from supervisor.cli import common
from supervisor.cli.imports import terms
from supervisor.duties import acting
from supervisor.duties.acting import Doer
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups import customers as duty

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Find customers that are one and the same, and join them.",
)

Ref = Annotated[str, typer.Argument(help="The customer's reference.", show_default=False)]


@app.command("doubles")
def doubles(
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
) -> None:
    """Print pairs of customers that may be one: the same company in the same region, or a number that both have."""
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        pairs = suspects.pairs(connection)
        known = store_doubles.named(connection, {one for pair in pairs for one in pair[:2]})
    headers = ("ref", "company", "other_ref", "other_company", "why")
    rows = [
        (known[one].ref, known[one].company, known[other].ref, known[other].company, why) for one, other, why in pairs
    ]
    if shape is common.Format.JSON:
        common.json([dict(zip(headers, row, strict=True)) for row in rows])
    elif shape is common.Format.CSV:
        common.csv(headers, rows)
    else:
        common.table(("ref", "company", "ref", "company", "why"), rows)


@app.command("merge")
def merge(ref: Ref, into_ref: Ref) -> None:
    """Join the customer REF to INTO_REF: what is REF's is INTO_REF's from now on. `supervisor customers undo` parts
    them again."""
    _act(lambda connection, doer: duty.merge(connection, doer, _id(connection, ref), _id(connection, into_ref)))


@app.command("distinct")
def distinct(ref: Ref, other_ref: Ref) -> None:
    """Say that two customers are two, though they look like one."""
    _act(lambda connection, doer: duty.distinct(connection, doer, _id(connection, ref), _id(connection, other_ref)))


@app.command("undo")
def undo() -> None:
    """Undo your last act, whatever it was of."""
    _act(lambda connection, doer: acting.undo(connection, doer) or "there is nothing to undo")


def _act(do: Callable[[Connection, Doer], Any]) -> None:
    config = common.load()
    doer = terms(config).doer
    with common.store(config) as store:
        try:
            with store.write() as connection:
                said = do(connection, doer)
        except RefusedError as error:
            common.fail(error)
    common.say(said)


def _id(connection: Connection, ref: str) -> int:
    found = store_doubles.of_ref(connection, ref)
    if found is None:
        raise RefusedError(f"there is no customer with the reference {ref!r}")
    return found.id
