"""The commented configuration file, written from the keys' own descriptions."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec

from supervisor.settings import File, Floor, Onboarding, Table

WIDTH = 100

SOURCE = """\
# Telephone systems, one table each; docs/connecting.md tells which rights the accounts need.
# [sources.pbx]
# type = "asterisk"
# host = "127.0.0.1"
# port = 5038
# username = "supervisor"
# secret_file = "pbx.secret"            # readable by you alone (chmod 600); or secret_env = "PBX_SECRET"
# time_zone = "Europe/Berlin"           # the zone in which cdr_file is written
# agents = ["PJSIP/{agent}-*"]          # channels that are specialists' phones
# trunks = ["PJSIP/carrier-*"]          # channels that lead to customers
# cdr_file = "/var/log/asterisk/cdr-csv/Master.csv"

# Call records that are imported by hand: supervisor import calls FILE --source records
# [sources.records]
# type = "files"
# format = "asterisk-csv"               # or freeswitch-csv, freeswitch-json, csv

# How the columns of a table are called where they are not called as we call them.
# [mappings.roster]
# name = "Employee"
# team = "Department"
"""


TEMPLATE = """\
# A template of steps; one called standard replaces ours. Each step is a table of its own, in their order.
# [[onboarding.templates.short]]
# code = "open_account"
# words = "Open the account"
# holder = "assistant"                  # or specialist, customer, director
# hours = 4                             # of working time
# [[onboarding.templates.short]]
# code = "live"
# holder = "assistant"
# hours = 4
# after = ["open_account"]              # done before; approves = "STEP" lets it be sent back
# [onboarding.packages]
# "Silver" = "short"
"""
"""Shown below [onboarding], whose own keys cannot stand after it."""


class Key(NamedTuple):
    """One key: its name, what kind of value it takes, its default and what it does."""

    name: str
    kind: str
    default: Any
    help: str


def keys(table: type[msgspec.Struct]) -> Iterator[Key]:
    """Yield the keys of `table` in the order they are declared. The default of one that must be set is NODEFAULT."""
    hints = get_type_hints(table, include_extras=True)
    for field in msgspec.structs.fields(table):
        default = field.default
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        yield Key(field.encode_name, _kind(hints[field.name]), default, _description(hints[field.name]))


def tables() -> Iterator[tuple[str, type[Table]]]:
    """Yield the tables whose keys are fixed, with their names."""
    for name, kind in get_type_hints(File).items():
        if isinstance(kind, type) and issubclass(kind, Table):
            yield name, kind


def literal(value: Any) -> str:
    """Return `value` as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def configuration() -> str:
    """Return the file that `supervisor init` writes: the floor's own keys set, all others shown with their defaults."""
    lines = [
        "# The floor's configuration. A line that begins with # shows a default: take the # away to change it.",
        "# An unknown key is an error. All are told in docs/configuration.md. Look the file over: supervisor doctor",
    ]
    for name, table in tables():
        lines += ["", f"# {summary(table)}", f"[{name}]"]
        for key in keys(table):
            lines += textwrap.wrap(key.help, WIDTH, initial_indent="# ", subsequent_indent="# ")
            lines.append(f"{'' if table is Floor else '#'}{key.name} = {literal(key.default)}")
        if table is Onboarding:
            lines += ["", *TEMPLATE.splitlines()]
    return "\n".join([*lines, "", SOURCE])


def summary(table: type[msgspec.Struct]) -> str:
    """Return the first line of what `table` says about itself."""
    return (table.__doc__ or "").strip().splitlines()[0]


def _kind(hint: Any) -> str:
    """Say in words what a value of the type `hint` looks like."""
    while hasattr(hint, "__metadata__"):
        hint = get_args(hint)[0]
    words = {str: "text", bool: "true or false", int: "whole number", float: "number"}
    if hint in words:
        return words[hint]
    inner = [item for item in get_args(hint) if item not in (Ellipsis, type(None))]
    if getattr(hint, "__origin__", None) is dict:
        return "table"
    if getattr(hint, "__origin__", None) in (tuple, list):
        return f"list of {_kind(inner[0])}"
    return _kind(inner[0]) if inner else str(getattr(hint, "__name__", hint))


def _description(hint: Any) -> str:
    for meta in getattr(hint, "__metadata__", ()):
        if meta.description:
            return str(meta.description)
    return ""
