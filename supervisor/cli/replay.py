"""`supervisor replay`: the floor as it was on a day, minute by minute."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, cast

import typer

from supervisor.calendar import date_of
from supervisor.cells import minute_of
from supervisor.cli import common, console, days
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.calls.replay import MINUTE_US, ReplayDay, read_day_events

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.config import Config

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def replay(
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD, today or yesterday, in the floor's zone.")],
    at: Annotated[str, typer.Option(help="HH:MM to begin with; else the begin of the shift.")] = "",
) -> None:
    """Open the floor as it was on a day: left and right go by minutes, n to the next flag, space plays it."""
    config = common.load()
    now_us = common.now_us()
    today = calendar_of(config.floor).today(now_us)
    wanted = days.day_of(day, today)
    if wanted > today:
        common.fail(f"{_words(wanted)} is still to come; a day up to today is expected")
    with common.store(config) as store, store.read() as connection:
        found = read_day_events(connection, config, wanted)
    if found.is_empty:
        common.fail(f"nothing is known of {_words(wanted)}: no call, no state of a phone, no flag")
    last_us = min(found.end_us - MINUTE_US, now_us - now_us % MINUTE_US)
    at_us = _minute(config, wanted, at, last_us) if at else found.starts_us
    console.need_terminal()
    raise typer.Exit(_play(found, config, last_us, at_us))


def _minute(config: Config, day: int, written: str, last_us: int) -> int:
    """Return the moment of the minute `written` as HH:MM on `day`."""
    try:
        minute = minute_of(written)
    except ValueError as error:
        common.fail(error)
    at_us = calendar_of(config.floor).moment(day, minute or 0)
    if at_us > last_us:
        common.fail(f"{written} of {_words(day)} is still to come, or of the day after")
    return at_us


def _play(found: ReplayDay, config: Config, last_us: int, at_us: int) -> int:
    from supervisor.cli.desks.replay import ReplayDesk

    console.prepare()
    from screens.replay.app import ReplayApp
    from screens.replay.tape import Tape

    tape = Tape(f"{date_of(found.day):%a %d %b}", found.begin_us, last_us, at_us)
    # The replay's one screen asks the desk for the calls and the flags alone.
    desk = cast("Desk", ReplayDesk(found, config, tape))
    return console.shown(console.made(partial(ReplayApp, flags=found.flags), config, lambda: desk, tape))


def _words(day: int) -> str:
    return f"{date_of(day):%a %d %b %Y}"
