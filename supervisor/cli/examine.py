"""`supervisor examine`: why a specialist sells little, six causes with their figures."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from store.floor import people
from supervisor.calendar import day_text
from supervisor.cli import common, days
from supervisor.duties.calls import RefusedError
from supervisor.duties.calls.acts import named
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.orders.examination import read_examination
from supervisor.duties.orders.examine import Examination

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Shape(StrEnum):
    """How an examination is printed."""

    TABLE = "table"
    JSON = "json"


@app.command()
def examine(
    specialist: Annotated[str, typer.Argument(help="The specialist's name, or how it begins.")],
    shape: Annotated[Shape, typer.Option("--format", help="table or json.")] = Shape.TABLE,
) -> None:
    """Print six causes of weak results, each seen, not seen or unknown, with its figures beside the team's median."""
    config = common.load()
    now_us = common.now_us()
    today = calendar_of(config.floor).today(now_us)
    with common.store(config) as store, store.read() as connection:
        known = {person.name: person.specialist_id for person in people(connection, today)}
        try:
            found = known[named(specialist, list(known), "specialist")]
        except RefusedError as error:
            common.fail(error)
        examination = read_examination(connection, config, found, now_us)
    if shape is Shape.JSON:
        common.json(as_json(examination))
    else:
        _print(examination)


def as_json(examination: Examination) -> dict[str, Any]:
    """Return the examination as scripts read it; what is unknown is null."""
    return {
        "specialist": examination.specialist,
        "team": examination.team or None,
        "members": examination.members,
        "day": day_text(examination.day),
        "causes": [
            {
                "cause": cause.name,
                "word": cause.word,
                "figures": [
                    {
                        "figure": figure.name,
                        "value": _number(figure.value),
                        "team": _number(figure.team),
                        "quota": _number(figure.quota),
                        "before": _number(figure.before),
                    }
                    for figure in cause.figures
                ],
            }
            for cause in examination.causes
        ],
    }


def _number(value: float | None) -> int | float | None:
    return None if value is None else days.plain(value)


def _print(examination: Examination) -> None:
    beside = f"team {examination.team}" if examination.team else "the floor"
    common.say(f"{examination.specialist}, beside {beside} ({examination.members}), {day_text(examination.day)}")
    common.say()
    rows: list[tuple[object, ...]] = []
    for cause in examination.causes:
        first: tuple[str, str] = (cause.name, cause.word)
        for figure in cause.figures:
            told = (figure.value, figure.team, figure.quota, figure.before)
            rows.append((*first, figure.name, *(_shown(value) for value in told)))
            first = ("", "")
        if not cause.figures:
            rows.append((*first, "", "", "", "", ""))
    headers = ("cause", "", "figure", "now", "team", "quota", "before")
    common.table(headers, rows, frozenset({3, 4, 5, 6}))


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"
