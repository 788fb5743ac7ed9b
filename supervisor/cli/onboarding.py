"""`supervisor onboarding`: what is owed to customers after their payment, for people and for scripts, and acting on
it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from store import onboarding_book as book
from supervisor.cli import common, days
from supervisor.config import Config
from supervisor.duties.acting import Doer
from supervisor.duties.calls import RefusedError
from supervisor.duties.calls.acts import named
from supervisor.duties.followups.read import find
from supervisor.duties.onboarding import acts
from supervisor.duties.onboarding.payments import record
from supervisor.duties.onboarding.read import read_steps
from supervisor.duties.onboarding.snapshots import BLOCKED, StepLine

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

_COLUMNS = (
    "customer", "step", "holder", "waiting_on", "started", "due", "overdue_minutes", "blocked_by", "package", "round",
)  # fmt: skip

Customer = Annotated[str, typer.Argument(help="The customer: reference, or beginning of the company's name.")]
StepCode = Annotated[str, typer.Argument(metavar="STEP", help="The step, as `supervisor onboarding` names it.")]
Package = Annotated[str, typer.Option("--package", help="Of a customer with several: which package.")]


@app.callback(invoke_without_command=True)
def onboarding(
    context: typer.Context,
    shape: Annotated[common.Format, typer.Option("--format", help="table, json or csv.")] = common.Format.TABLE,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only steps that are overdue.")] = False,
    customer: Annotated[
        str, typer.Option("--customer", metavar="TEXT", help="Only customers whose name has this in it.")
    ] = "",
) -> None:
    """Print the steps that are owed to customers after their payment, the most urgent first."""
    if context.invoked_subcommand:
        return
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        found = read_steps(connection, config, common.now_us())
    wanted = customer.casefold()
    lines = [
        line for line in found if wanted in line.company.casefold() and (line.overdue_ms > 0 or not overdue)
    ]  # fmt: skip
    zone = ZoneInfo(config.floor.time_zone)
    if shape is common.Format.JSON:
        common.json([as_json(line, zone) for line in lines])
    elif shape is common.Format.CSV:
        common.csv(_COLUMNS, [_csv(line, zone) for line in lines])
    else:
        _print(lines, zone)


def as_json(line: StepLine, zone: ZoneInfo) -> dict[str, Any]:
    """Return a step as scripts read it: moments ISO 8601 with the offset of `zone`, null while it is blocked; working
    minutes that it is overdue, 0 where it is not."""
    return {
        "customer": line.company,
        "step": line.code,
        "holder": line.holder,
        "waiting_on": ", ".join(line.waiting_on),
        "started": days.moment(line.started_us, zone),
        "due": days.moment(line.due_us, zone),
        "overdue_minutes": line.overdue_ms // 60_000,
        "blocked_by": list(line.blocked_by),
        "package": line.package,
        "round": line.round,
    }


def _csv(line: StepLine, zone: ZoneInfo) -> list[object]:
    told = as_json(line, zone) | {"blocked_by": " ".join(line.blocked_by)}
    return [told[name] for name in _COLUMNS]


def _print(lines: Sequence[StepLine], zone: ZoneInfo) -> None:
    late = sum(line.overdue_ms > 0 for line in lines)
    blocked = sum(line.state == BLOCKED for line in lines)
    customers = len({line.onboarding_id for line in lines})
    common.say(f"{_many(len(lines), 'step')} owed to {_many(customers, 'customer')}: {late} overdue, {blocked} blocked")
    if not lines:
        return
    common.say()
    rows = [
        (
            line.company,
            line.package,
            line.code,
            f"round {line.round}" if line.round > 1 else "",
            ", ".join(line.waiting_on),
            (days.moment(line.due_us, zone) or "")[:16].replace("T", " "),
            _overdue(line.overdue_ms // 60_000),
            " ".join(line.blocked_by),
        )
        for line in lines
    ]
    heads = ("customer", "package", "step", "", "waiting on", "due", "overdue", "blocked by")
    common.table(heads, rows, frozenset({6}))


def _many(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _overdue(minutes: int) -> str:
    if not minutes:
        return ""
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


# -- acting -------------------------------------------------------------------------------------------------------


@app.command()
def done(customer: Customer, step: StepCode, package: Package = "") -> None:
    """A step is done, or what it looks at is approved."""
    _act(customer, step, package, lambda c, doer, config, at: acts.done(c, doer, config, at.step_id, at.seen))


@app.command("send-back")
def send_back(
    customer: Customer,
    step: StepCode,
    to: Annotated[str, typer.Argument(metavar="TO", help="The step before it that is to be done again.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is needed.", show_default=False)],
    package: Package = "",
) -> None:
    """Send a step back to one before it, which is done again."""
    _act(
        customer,
        step,
        package,
        lambda c, doer, config, at: acts.send_back(c, doer, config, at.step_id, at.seen, to, reason),
    )


@app.command()
def assign(
    customer: Customer,
    step: StepCode,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who does it from now on.")],
    package: Package = "",
) -> None:
    """Give a step to somebody else, and with it what its role still owes to this customer."""
    _act(
        customer, step, package, lambda c, doer, config, at: acts.reassign(c, doer, config, at.step_id, at.seen, name)
    )  # fmt: skip


@app.command()
def pay(
    customer: Customer,
    amount: Annotated[str, typer.Argument(help="What was paid, as 9800 or 9.800,00 EUR.")],
    package: Annotated[str, typer.Option("--package", help="For which package; of one order it is known.")] = "",
    paid: Annotated[str, typer.Option("--paid", metavar="DAY", help="When; today.", show_default=False)] = "today",
) -> None:
    """Record a payment: it starts what is owed to the customer."""
    from supervisor.cli.imports import terms

    config = common.load()
    doer = terms(config).doer
    with common.store(config) as store:
        try:
            with store.write() as connection:
                customer_id = _customer(connection, config, customer, doer.now_us)
                said = record(connection, doer, config, customer_id, amount, days.day_of(paid, doer.today), package)
        except RefusedError as error:
            common.fail(error)
    common.say(said)


def _customer(connection: Connection, config: Config, text: str, now_us: int) -> int:
    """The one customer that is meant, by reference, number or beginning of the name. RefusedError: none, or several."""
    found = find(connection, config, text, now_us)
    exact = [line for line in found if text.casefold() in (line.ref.casefold(), line.company.casefold())]
    theirs = exact or found
    if not theirs:
        raise RefusedError(f"there is no customer {text!r}")
    if len(theirs) > 1:
        names = ", ".join(f"{one.company} ({one.ref})" for one in theirs[:6])
        raise RefusedError(f"{text!r} is not one alone: {names}")
    return theirs[0].customer_id


class _Found(NamedTuple):
    """A step, and the version of its onboarding."""

    step_id: int
    seen: int


def _act(
    customer: str, step: str, package: str, doing: Callable[[Connection, Doer, Config, _Found], str]
) -> None:  # fmt: skip
    """Do something with a step of a customer's, and say what was done; fails with one line where it is refused."""
    from supervisor.cli.imports import terms

    config = common.load()
    with common.store(config) as store:
        try:
            with store.write() as connection:
                said = doing(connection, terms(config).doer, config, _found(connection, customer, step, package))
        except RefusedError as error:
            common.fail(error)
    common.say(said)


def _found(connection: Connection, customer: str, step: str, package: str) -> _Found:
    """The step that is meant. RefusedError where it is none, or not one alone."""
    rows = book.onboardings(connection)
    theirs = [row for row in rows if row.ref.casefold() == customer.casefold()]
    if not theirs:
        company = named(customer, list(dict.fromkeys(row.company for row in rows)), "customer under way")
        theirs = [row for row in rows if row.company == company]
    if len({row.customer_id for row in theirs}) > 1:
        refs = ", ".join(dict.fromkeys(row.ref for row in theirs))
        raise RefusedError(f"several customers are called {theirs[0].company}; say which: {refs}")
    if package:
        wanted = named(package, list(dict.fromkeys(row.package for row in theirs)), "package")
        theirs = [row for row in theirs if row.package == wanted]
    if len(theirs) > 1:
        packages = ", ".join(row.package or "(no package)" for row in theirs)
        raise RefusedError(f"{theirs[0].company} has several under way; say --package: {packages}")
    steps = {one.code: one.step_id for one in book.steps(connection, theirs[0].onboarding_id)}
    return _Found(steps[named(step, list(steps), "step")], theirs[0].version)
