"""The command line: one module a command, imported only when it is called.

`COMMANDS` says which module serves which command. A module exposes `app`: a `typer.Typer` (no rich markup, no
completion, no pretty exceptions), or any callable that takes `args`, `prog_name` and `standalone_mode` as one does.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """Where a command lives, its line in `supervisor --help`, and the heading it stands under."""

    module: str
    help: str
    group: str


BEGIN, WATCH, FEED, KEEP = "To begin", "To see", "To bring in", "To keep"

COMMANDS: dict[str, Command] = {
    "demo": Command("supervisor.cli.demo", "Open the console on a simulated floor.", BEGIN),
    "init": Command("supervisor.cli.init", "Write a commented configuration file.", BEGIN),
    "doctor": Command("supervisor.cli.doctor", "Check configuration, store, sources and terminal.", BEGIN),
    "console": Command("supervisor.cli.console", "Open the console.", WATCH),
    "status": Command("supervisor.cli.status", "Print the floor as it is now, once.", WATCH),
    "calls": Command("supervisor.cli.calls", "Print the calls of a day.", WATCH),
    "queue": Command("supervisor.cli.queue", "Print the follow-up queue.", WATCH),
    "window": Command("supervisor.cli.window", "Print at which contact customers sign.", WATCH),
    "orders": Command("supervisor.cli.orders", "Print the open orders, those that need attention first.", WATCH),
    "onboarding": Command("supervisor.cli.onboarding", "Print what customers are owed after their payment.", WATCH),
    "enquiries": Command("supervisor.cli.enquiries", "Print enquiries, unanswered ones first.", WATCH),
    "forecast": Command("supervisor.cli.forecast", "Print what the open orders will bring.", WATCH),
    "examine": Command("supervisor.cli.examine", "Examine a specialist for six causes of weak results.", WATCH),
    "replay": Command("supervisor.cli.replay", "Open the floor as it was on a day, minute by minute.", WATCH),
    "flags": Command("supervisor.cli.flags", "Print what breaks the rules, apply them, try out limits.", WATCH),
    "fines": Command("supervisor.cli.fines", "Print a month's missing calls, and fines and rewards.", WATCH),
    "audit": Command("supervisor.cli.audit", "Compare what people say with what the phones say.", WATCH),
    "report": Command("supervisor.cli.report", "Write a day, a week or a month as a file to hand on.", WATCH),
    "attendance": Command("supervisor.cli.attendance", "Show or set who is there on a day.", FEED),
    "quota": Command("supervisor.cli.quota", "Show or set what is expected a day.", FEED),
    "customers": Command("supervisor.cli.customers", "Find customers that are one, and join them.", FEED),
    "collect": Command("supervisor.cli.collect", "Follow every configured source until stopped.", FEED),
    "import": Command("supervisor.cli.imports", "Import calls, people, customers, orders from files.", FEED),
    "solutions": Command("supervisor.cli.solutions", "Keep the library of written solutions.", KEEP),
    "export": Command("supervisor.cli.exports", "Export customers, contacts, orders, payments, enquiries.", KEEP),
    "store": Command("supervisor.cli.store", "Upgrade, check, recount or back up the store.", KEEP),
}
