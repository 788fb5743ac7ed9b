"""Writing a solution, in the person's editor or in place, and handing one on as a file."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from screens import export
from screens.widgets.dialogs import Option
from screens.widgets.form import Field, Form
from screens.widgets.prompt import Prompt
from screens.widgets.words import sentence
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.orders.library import LibraryScreen
    from supervisor.duties.orders.snapshots import SolutionLine

LONGEST = 20_000
NEW = "---\ntitle: \ntype: \nobjection: \n---\n\n"
ENDINGS = {"markdown": "md", "html": "html"}


def safe_lines(text: str) -> str:
    """Return a text of several lines, each made safe."""
    return "\n".join(safe(line.expandtabs(4), LONGEST) for line in text.splitlines())


def editor(environment: Mapping[str, str]) -> list[str]:
    """Return the command of the person's editor; nothing where none is set."""
    return shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "")


def begin(screen: LibraryScreen, one: SolutionLine | None) -> None:
    """Write a solution, or a new one. What could not be kept is there again at the next try."""
    if command := editor(os.environ):
        _in_editor(screen, one, command)
    else:
        _in_place(screen, one)


def _in_editor(screen: LibraryScreen, one: SolutionLine | None, command: list[str]) -> None:
    from textual.app import SuspendNotSupported

    from supervisor.duties.calls.refusals import RefusedError
    from supervisor.duties.orders.offers import as_file, parse

    key = one.solution_id if one is not None else None
    before = screen.unsaved.get(key) or (safe_lines(as_file(one)) + "\n" if one is not None else NEW)
    try:
        with screen.app.suspend():
            after = edited(before, command)
    except SuspendNotSupported:
        _in_place(screen, one)
        return
    except (OSError, UnicodeError) as error:
        screen.tell(f"✕ {safe(command[0], 40)}: {sentence(error)}", "act")
        return
    if after == before and key not in screen.unsaved:
        screen.tell("Nothing was changed.")
        return
    try:
        title, type_, objection, body = parse(after)
    except RefusedError as error:
        screen.unsaved[key] = after
        screen.tell(f"✕ {sentence(error)}; what you wrote is kept, the same key opens it again", "act")
        return
    _save(screen, one, title, type_, objection, body, after)


def edited(text: str, command: list[str]) -> str:
    """Return `text` as it is when the editor has ended. OSError where the editor could not be started, or failed."""
    with tempfile.TemporaryDirectory(prefix="supervisor-") as folder:
        path = Path(folder) / "solution.md"
        path.write_text(text, encoding="utf-8")
        ended = subprocess.run([*command, str(path)], check=False)
        if ended.returncode:
            raise OSError(f"the editor ended with {ended.returncode}; nothing was changed")
        return path.read_text(encoding="utf-8")


def _in_place(screen: LibraryScreen, one: SolutionLine | None) -> None:
    key = one.solution_id if one is not None else None
    kept = screen.unsaved_fields.get(key)
    values = kept or {
        "title": one.title if one else "", "type": one.customer_type if one else "",
        "objection": one.objection if one else "", "body": one.body if one else "",
    }  # fmt: skip
    fields = [
        Field("title", "Title", safe(values["title"]), "price: two-step payment", _needed),
        Field("type", "Customer type", safe(values["type"]), "none: for every type"),
        Field("objection", "Objection", safe(values["objection"]), "none: against any"),
        Field("body", "Text", safe_lines(values["body"]), area=True, meaning=_needed),
    ]

    def then(found: Mapping[str, str]) -> None:
        screen.unsaved_fields[key] = dict(found)
        _save(screen, one, found["title"], found["type"], found["objection"], found["body"], None)

    title = "Edit a solution" if one is not None else "A new solution"
    hint = "{company} and {person} are replaced when it is handed to a customer."
    screen.app.push_screen(Form(title, fields, then, consequence=hint, verb="save"))


def _needed(text: str) -> str:
    if not text:
        raise ValueError("needed")
    return ""


def _save(
    screen: LibraryScreen, one: SolutionLine | None, title: str, type_: str, objection: str, body: str, kept: str | None
) -> None:
    key, version = (one.solution_id, one.version) if one is not None else (None, 0)
    if kept is not None:
        screen.unsaved[key] = kept

    async def doing(_: object) -> None:
        await screen.done(lambda desk: desk.orders.save_solution(key, title, type_, objection, body, version))
        screen.unsaved.pop(key, None)
        screen.unsaved_fields.pop(key, None)

    screen.beside(doing)


# -- handing one on -----------------------------------------------------------------------------------------------


def export_one(screen: LibraryScreen, one: SolutionLine) -> None:
    """Ask as what and for whom, and write the file."""
    order = screen.order
    options: list[Option] = []
    if order is not None:
        company = safe(order.company, 40)
        options += [Option("markdown", f"Markdown for {company}"), Option("html", f"HTML for {company}")]
    options += [
        Option("markdown-open", "Markdown, the names left open"),
        Option("html-open", "HTML, the names left open"),
        Option("list", "the whole list as a CSV file"),
    ]

    def then(value: str) -> None:
        if value == "list":
            screen.export_list()
            return
        form, _, left_open = value.partition("-")
        customer = order.customer_id if order is not None and not left_open else None
        name = file_name(one.title, order.company if order is not None and customer is not None else "", ENDINGS[form])
        folder = screen.console_app.exports

        def doing(desk: Desk) -> str:
            text = desk.orders.solution_for(one.solution_id, customer, form)
            return f"written to {export.write(folder(), name, text)}"

        screen.act(doing)

    screen.app.push_screen(Prompt(f"Hand on {safe(one.title, 50)}: as what?", then, options=options))


def file_name(title: str, company: str, ending: str) -> str:
    """Return the name of a file of letters, digits and dashes alone."""
    told = "-".join(part for part in (company, title) if part)
    plain = re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")[:80]
    return f"{plain or 'solution'}.{ending}"
