"""`supervisor init`: write a commented configuration file where the program looks for it, and make the store."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from supervisor import template
from supervisor.cli import common
from supervisor.config import where

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def init(force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False) -> None:
    """Write a commented configuration file and make an empty store; --config FILE and --store URL say where."""
    path = where()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if force:
            path.unlink(missing_ok=True)
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    except FileExistsError:
        common.fail(f"{path} is there already; --force replaces it")
    except OSError as error:
        common.fail(f"{path} cannot be written: {error.strerror}")
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(template.configuration())
    common.say(f"Written: {path}")
    with common.store_or_new(common.load()) as store:
        common.say(f"Store:   {store.place.shown}")
    common.say("Set [floor] and a [sources.NAME] in it, then look it over with: supervisor doctor")
