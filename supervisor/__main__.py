"""The `supervisor` command: finds the command's module, and turns every failure into one line for a person.

`--version` and `--help` import nothing but this. `--config FILE` and `--store URL` may stand before and after the
command.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from supervisor import __version__
from supervisor.cli import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERYWHERE = {"--config": "SUPERVISOR_CONFIG", "--store": "SUPERVISOR_STORE"}

FOR_PEOPLE = (
    ("supervisor.config", "ConfigError"),
    ("store", "StoreError"),
    ("integrations.provider", "SourceError"),
    ("typer._click.exceptions", "ClickException"),
)
ABORTS = (("typer", "Abort"),)
INTERRUPTED = 130
FAILED = 70


def main() -> None:
    """Run the command line and exit: 0 fine, 1 something to look at, 2 bad usage or unusable input, 70 own failure,
    130 interrupted."""
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whoever read us has gone: the last flush must not complain
        status = 1
    except KeyboardInterrupt:
        status = INTERRUPTED
    except Exception as error:
        status = confess(error)
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status."""
    try:
        rest, named = take_everywhere(arguments)
    except ValueError as error:
        return complain(str(error))
    os.environ.update(named)
    if not rest or rest[0] in ("--help", "-h", "help"):
        sys.stdout.write(help_text())
        return 0
    if rest[0] == "--version":
        sys.stdout.write(f"supervisor {__version__}\n")
        return 0
    if rest[0] not in COMMANDS:
        return complain(unknown(rest[0]))
    return call(rest[0], rest[1:])


def take_everywhere(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return `arguments` without `--config` and `--store`, and these as variables; what follows `--` is left alone."""
    rest: list[str] = []
    named: dict[str, str] = {}
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*rest, argument, *waiting], named
        name, equals, value = argument.partition("=")
        if name not in EVERYWHERE:
            rest.append(argument)
            continue
        value = value if equals else next(waiting, "")
        if not value:
            raise ValueError(f"{name} needs a value")
        named[EVERYWHERE[name]] = value
    return rest, named


def help_text() -> str:
    """Return what `supervisor --help` prints."""
    lines = ["Usage: supervisor [--config FILE] [--store URL] COMMAND [ARGUMENTS]", ""]
    for group in dict.fromkeys(command.group for command in COMMANDS.values()):
        lines.append(f"{group}:")
        lines += [f"  {name:<12}{command.help}" for name, command in COMMANDS.items() if command.group == group]
        lines.append("")
    lines += ["supervisor COMMAND --help tells more. Documentation: docs/guide.md", ""]
    return "\n".join(lines)


def unknown(name: str) -> str:
    """Say that there is no command `name`, and which one may have been meant."""
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, 1, 0.5)
    return f"no command {name!r}; " + (f"did you mean {near[0]!r}?" if near else "see supervisor --help")


def call(name: str, arguments: list[str]) -> int:
    """Run the command `name`; errors meant for people end in one line and status 2, others are passed on."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that lacks a character shows `?`
    try:
        app = import_module(COMMANDS[name].module).app
        result = app(args=arguments, prog_name=f"supervisor {name}", standalone_mode=False)
    except Exception as error:
        if is_one_of(error, ABORTS):
            return INTERRUPTED
        if not is_one_of(error, FOR_PEOPLE):
            raise
        return complain(getattr(error, "format_message", error.__str__)())
    return result if isinstance(result, int) else 0


def is_one_of(error: Exception, names: Sequence[tuple[str, str]]) -> bool:
    """Whether `error` is of a kind in `names` (module, class); what was never imported cannot have been raised."""
    kinds = (getattr(sys.modules.get(module), kind, None) for module, kind in names)
    return any(isinstance(error, kind) for kind in kinds if kind)


def complain(message: str) -> int:
    """Put `message` on stderr as one line that no terminal obeys, and return the exit status for it."""
    from supervisor.text import safe

    sys.stderr.write(f"supervisor: {safe(message, 2000)}\n")
    return 2


def confess(error: Exception) -> int:
    """Put on stderr that the program failed and where, and return the exit status for it.

    Neither the error's own words nor its locals are shown: both can hold customers' data, and text that steers."""
    import traceback

    from supervisor.text import safe

    lines = "".join(traceback.format_tb(error.__traceback__)).splitlines()
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    for line in [*lines, f"supervisor: a failure of its own ({kind}); please report it with the lines above"]:
        sys.stderr.write(f"{safe(line, 2000)}\n")
    return FAILED


if __name__ == "__main__":
    main()
