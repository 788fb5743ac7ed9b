"""Write the reference pages from the program itself: `python -m docs.generate`; with --check only say which are stale.

docs/configuration.md from the settings' own descriptions, docs/keys.md from the table of keys, docs/commands.md from
the commands' own help.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import typer

from screens.keys import GROUPS, KEYS, shown
from supervisor.__main__ import help_text
from supervisor.cli import COMMANDS
from supervisor.duties.onboarding.templates import STEPS
from supervisor.settings import Onboarding, Step
from supervisor.sources import types
from supervisor.template import Key, keys, literal, summary, tables

HERE = Path(__file__).parent
MADE = "<!-- Made by python -m docs.generate. Change what it is made from, not this page. -->"
OURS = ("asterisk", "files", "simulated")


def main() -> int:
    """Write the pages; with --check write nothing and return 1 where one is stale."""
    stale = []
    for name, make in PAGES.items():
        path, wanted = HERE / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == wanted:
            continue
        if "--check" in sys.argv[1:]:
            stale.append(name)
        else:
            path.write_text(wanted, encoding="utf-8")
            print(f"written: docs/{name}")
    if stale:
        print(f"stale: {', '.join(stale)}; type: make docs", file=sys.stderr)
    return bool(stale)


def configuration() -> str:
    """Return the configuration reference: every table, then every type of source."""
    lines = [
        "# Configuration",
        MADE,
        "",
        "One TOML file, written by `supervisor init`. A key that is not known is an error. Each key of the tables "
        "below can be overridden for one run by the environment variable named after it, as `SUPERVISOR_CONSOLE_THEME` "
        "for `theme` in `[console]`: a text as it is, anything else as in TOML. Relative paths start at the file's "
        "folder.",
    ]
    for name, table in tables():
        lines += ["", f"## [{name}]", "", summary(table), "", *_table(keys(table))]
        if table is Onboarding:
            lines += ["", "### [[onboarding.templates.NAME]]", "", TEMPLATES, "", *_table(keys(Step))]
            lines += ["", "The standard template:", "", *_steps()]
    lines += ["", "## [mappings.NAME]", "", MAPPINGS, "", "## [sources.NAME]", "", SOURCES]
    for kind in OURS:
        settings = types()[kind].load().Settings
        lines += ["", f'### type = "{kind}"', "", summary(settings), "", *_table(keys(settings))]
    return "\n".join(lines) + "\n"


MAPPINGS = """\
How the columns of tables to import are called: on the left the name this program uses, on the right the table's own
heading. `supervisor import ... --help` lists the names each import knows."""

SOURCES = """\
Telephone systems, one table each; NAME is how it is called everywhere, and the part before the colon in `pbx:1003`.
A secret is looked for in three places, in this order: a systemd credential called `NAME.secret`, the file of
`secret_file`, which nobody else may be allowed to read, the variable of `secret_env`."""


TEMPLATES = """\
The steps of a template, one table each, in their order. Steps are copied when an onboarding begins: what is changed
here holds for those that begin later."""


def _steps() -> Iterator[str]:
    yield "| code | words | holder | hours | after | approves |"
    yield "|---|---|---|---|---|---|"
    for step in STEPS:
        after = ", ".join(f"`{code}`" for code in step.after)
        approves = f"`{step.approves}`" if step.approves else ""
        yield f"| `{step.code}` | {step.words} | {step.holder} | {step.hours:g} | {after} | {approves} |"


def _table(rows: Iterator[Key]) -> list[str]:
    lines = ["| key | value | default | what it does |", "|---|---|---|---|"]
    for key in rows:
        default = "must be set" if key.default is msgspec.NODEFAULT else f"`{literal(key.default)}`"
        text = key.help or ("Which kind of source this is." if key.name == "type" else "")
        lines.append(f"| `{key.name}` | {key.kind} | {default} | {text.replace('|', chr(92) + '|')} |")
    return lines


def key_reference() -> str:
    """Return the table of keys."""
    lines = [
        "# Keys",
        MADE,
        "",
        'The letters work on a Cyrillic layout too. To remap a key: `keys = {filter = "ctrl+f"}` in `[console]`.',
    ]
    for group, title in GROUPS.items():
        lines += ["", f"## {title}", "", "| key | does | id |", "|---|---|---|"]
        lines += [f"| `{shown(key, {})}` | {key.help} | `{key.id}` |" for key in KEYS if key.group == group]
    return "\n".join(lines) + "\n"


def command_reference() -> str:
    """Return the help of every command and of what stands below it."""
    lines = ["# Commands", MADE, "", "```", help_text().rstrip(), "```"]
    for name in COMMANDS:
        module = import_module(COMMANDS[name].module)
        if isinstance(module.app, typer.Typer):
            pages = list(_helps(typer.main.get_command(module.app), name))
        else:
            pages = [_page(name, module.USAGE)]  # a command that parses for itself, to start faster
        lines += [line for page in pages for line in page]
    return "\n".join(lines) + "\n"


def _helps(command: Any, name: str) -> Iterator[list[str]]:
    shape = {"info_name": f"supervisor {name}", "max_content_width": 100, "terminal_width": 100}
    yield _page(name, command.get_help(command.context_class(command, **shape)))
    for inner in getattr(command, "commands", {}).values():
        yield from _helps(inner, f"{name} {inner.name}")


def _page(name: str, text: str) -> list[str]:
    return ["", f"## {name}", "", "```", text.strip(), "```"]


PAGES: dict[str, Callable[[], str]] = {
    "configuration.md": configuration,
    "keys.md": key_reference,
    "commands.md": command_reference,
}

if __name__ == "__main__":
    raise SystemExit(main())
