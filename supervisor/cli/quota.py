"""`supervisor quota`: what is expected a day, of the floor, a team or a specialist, and from which day on."""

from __future__ import annotations

from typing import Annotated

import typer

from store import acts as store_acts
from store.floor import people, quotas
from supervisor.cli import common, days
from supervisor.duties.calls import RefusedError, acts
from supervisor.duties.calls.floor import calendar_of

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
_NO_END = 99991231


@app.callback(invoke_without_command=True)
def quota(context: typer.Context) -> None:
    """Print the quotas, each with the day from which it holds; `supervisor quota set` sets one."""
    if context.invoked_subcommand:
        return
    config = common.load()
    with common.store(config) as store, store.read() as connection:
        held = quotas(connection, _NO_END)
        specialists = {person.specialist_id: person.name for person in people(connection, _NO_END)}
        teams = store_acts.teams(connection)
    told = config.quota
    rows: list[tuple[object, ...]] = [("floor (configuration)", "", told.dials, told.effective, told.talk_minutes)]
    for one in sorted(held, key=lambda one: (one.team_id or 0, one.specialist_id or 0, one.since)):
        whose = "floor"
        if one.specialist_id is not None:
            whose = f"specialist {specialists.get(one.specialist_id, one.specialist_id)}"
        elif one.team_id is not None:
            whose = f"team {teams.get(one.team_id, one.team_id)}"
        rows.append((whose, acts.since_text(one.since), one.dials, one.effective, one.talk_minutes))
    common.table(("of", "since", "dials", "effective", "talk minutes"), rows, frozenset({2, 3, 4}))


@app.command("set")
def set_(
    dials: Annotated[int, typer.Option(min=0, help="Outbound calls placed a day.")],
    effective: Annotated[int, typer.Option(min=0, help="Effective calls a day.")],
    talk_minutes: Annotated[int, typer.Option(min=0, help="Minutes of talk with customers a day.")],
    team: Annotated[str, typer.Option(help="Of this team; neither team nor specialist: of the floor.")] = "",
    specialist: Annotated[str, typer.Option(help="Of this specialist.")] = "",
    since: Annotated[str, typer.Option(help="YYYY-MM-DD, today or yesterday: from when it holds.")] = "today",
) -> None:
    """Set what is expected a day, from a day on. What held before that day stays as it was."""
    if team and specialist:
        common.fail("name a team or a specialist, not both")
    config = common.load()
    now_us = common.now_us()
    day = days.day_of(since, calendar_of(config.floor).today(now_us))
    with common.store(config) as store, store.write() as connection:
        specialists = {person.name: person.specialist_id for person in people(connection, day)} if specialist else {}
        teams = {name: team_id for team_id, name in store_acts.teams(connection).items()} if team else {}
        whose: tuple[int | None, int | None] = (None, None)
        label = "floor"
        try:
            if specialist:
                label = acts.named(specialist, list(specialists), "specialist")
                whose = (specialists[label], None)
            elif team:
                label = acts.named(team, list(teams), "team")
                whose = (None, teams[label])
        except RefusedError as error:
            common.fail(error)
        figures = (dials, effective, talk_minutes)
        said = acts.set_quota(connection, whose, label, day, figures, common.who(config), now_us)
    common.say(said)
