"""`supervisor window`: at which contact customers sign, and the window that follows from it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from supervisor.cli import common
from supervisor.duties.followups.read import read_window
from supervisor.duties.followups.window import HazardPoint, Window

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class Shape(StrEnum):
    """How the window is printed."""

    TABLE = "table"
    JSON = "json"


@app.command()
def window(shape: Annotated[Shape, typer.Option("--format", help="table or json.")] = Shape.TABLE) -> None:
    """Print the window, and of the customers that reached each contact how many signed at it."""
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        found, hazard = read_window(connection, config)
    if shape is Shape.JSON:
        common.json(as_json(found, hazard))
        return
    why = "pinned" if found.pinned else "from the floor's own signings" if found.own else "as configured"
    wanted = "" if found.own or found.pinned else f"; its own from {config.followups.own_from_signings} signings on"
    common.say(f"window {found.first}-{found.last}, {why}; {found.signings} signings{wanted}")
    common.say()
    rows = [
        (point.k, point.at_risk, point.signed, f"{point.rate:.1%}", f"{point.low:.1%} - {point.high:.1%}",
         "#" * round(point.rate * 100), "in the window" if found.first <= point.k <= found.last else "")
        for point in hazard
    ]  # fmt: skip
    common.table(("contact", "reached", "signed", "rate", "90 % band", "", ""), rows, frozenset({0, 1, 2, 3}))


def as_json(found: Window, hazard: tuple[HazardPoint, ...]) -> dict[str, Any]:
    """Return the window as scripts read it; rates and their 90 % bands are shares of 1."""
    return {
        "pinned": found.pinned,
        "signings": found.signings,
        "window": [found.first, found.last],
        "hazard": [
            {
                "k": point.k,
                "at_risk": point.at_risk,
                "signed": point.signed,
                "rate": round(point.rate, 6),
                "low": round(point.low, 6),
                "high": round(point.high, 6),
            }
            for point in hazard
        ],
    }
