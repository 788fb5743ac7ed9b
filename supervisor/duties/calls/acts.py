"""What a person does from the calls panel: adopt a phone, set a quota, act on a phone, undo.

Each function works in the caller's one writing transaction, names who did it in the journal, and says in words what was
done.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from integrations.provider import Action
from store import acts, roster
from supervisor.calendar import day_text
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo
from supervisor.duties.calls.refusals import NEEDS_PHONE, ON_A_CALL, RefusedError, refusal
from supervisor.duties.calls.snapshots import CommandAnswer, SpecialistLine

_ADOPT, _QUOTA = "adopt", "quota"

Figures = tuple[int, int, int]
"""Dials, effective calls, talk minutes."""


def adopt(connection: Connection, identity_ids: Sequence[int], name: str, who: str, today: int, now_us: int) -> str:
    """Give the unknown phones `identity_ids` to the specialist `name`, made where there is none, with all their past.

    RefusedError where `name` is empty or a phone is somebody's already.
    """
    name = " ".join(name.split())
    if not name:
        raise RefusedError("a name is needed")
    for identity_id in identity_ids:
        if acts.is_assigned(connection, identity_id, today):
            raise RefusedError("this phone is somebody's already; the roster says whose")
    known = roster.specialists(connection).get(name)
    specialist_id = roster.put_specialist(connection, known, name, {})
    for identity_id in identity_ids:
        roster.assign(connection, identity_id, specialist_id, today)
    detail = {"phones": list(identity_ids), "specialist": specialist_id, "made": known is None, "name": name}
    acts.note(connection, who, _ADOPT, json.dumps(detail), now_us)
    phones = "this phone is" if len(identity_ids) == 1 else f"these {len(identity_ids)} phones are"
    return f"{phones} {name}'s now" + (", new in the roster" if known is None else "")


def set_quota(
    connection: Connection,
    whose: tuple[int | None, int | None],
    label: str,
    since: int,
    figures: Figures,
    who: str,
    now_us: int,
) -> str:
    """Set what is expected a day from `since` on, of `whose`: (specialist id, team id), both None: the floor."""
    before = acts.put_quota(connection, whose, since, figures)
    detail = {"whose": whose, "label": label, "since": since, "before": before, "now": figures}
    acts.note(connection, who, _QUOTA, json.dumps(detail), now_us)
    dials, effective, talk_minutes = figures
    return f"{label}: {dials} dials, {effective} effective, {talk_minutes} talk minutes a day since {since_text(since)}"


def command(
    connection: Connection,
    config: Config,
    line: SpecialistLine,
    action: str,
    number: str | None,
    who: str,
    now_us: int,
) -> int:
    """Ask the collector for `action` on the phone of `line`, as the person saw it; return the command's id.

    It is meant for the call the line shows: when that has ended the collector refuses, and after
    `console.command_seconds` nobody carries it out any more. RefusedError where it cannot be done, saying why.
    """
    if why := refusal(line, action, number, config.console.my_phone):
        raise RefusedError(why)
    wanted = Action(action)
    values = {
        "action": wanted.value,
        "agent": line.agent,
        "phone": config.console.my_phone if wanted in NEEDS_PHONE else None,
        "number": number if wanted is Action.DIAL else None,
        "group_id": line.group_id if wanted in ON_A_CALL else None,
        "who": who,
        "asked_us": now_us,
        "expires_us": now_us + config.console.command_seconds * 1_000_000,
    }
    asked = acts.ask(connection, line.source, values)
    if asked is None:
        raise RefusedError(f"there is no source {line.source}")
    acts.note(
        connection, who, wanted.value, json.dumps({"command": asked, "phone": f"{line.source}:{line.agent}"}), now_us
    )
    return asked


def answer(connection: Connection, command_id: int, now_us: int) -> CommandAnswer | None:
    """Return what came of a command; None while nothing has. One nobody took in time is not done."""
    found = acts.command_state(connection, command_id)
    if found is None:
        return CommandAnswer(False, "there is no such command")
    if found.state in ("done", "failed"):
        return CommandAnswer(found.state == "done", found.answer)
    if found.state == "expired" or (found.state == "waiting" and now_us >= found.expires_us):
        return CommandAnswer(False, found.answer or "nobody carried it out in time; is `supervisor collect` running?")
    return None


def _undo_adopt(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    phones, specialist = detail["phones"], detail["specialist"]
    assert isinstance(phones, list) and isinstance(specialist, int)
    for identity_id in phones:
        acts.unassign(connection, identity_id, specialist)
    if detail["made"]:
        acts.remove_specialist_without_trace(connection, specialist)
    return f"undone: {detail['name']}'s phone is unknown again"


def _undo_quota(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    whose, since, before = detail["whose"], detail["since"], detail["before"]
    assert isinstance(whose, list) and isinstance(since, int) and (before is None or isinstance(before, list))
    acts.put_quota(
        connection, (whose[0], whose[1]), since, None if before is None else (before[0], before[1], before[2])
    )
    return f"undone: the quota of {detail['label']} since {since_text(since)}"


UNDO: dict[str, Undo] = {_ADOPT: _undo_adopt, _QUOTA: _undo_quota}


def named(wanted: str, names: Sequence[str], kind: str) -> str:
    """Return the one of `names` that `wanted` means: the name itself, else its unique beginning, in any case.

    RefusedError names the nearest of them, or those that begin so.
    """
    folded = wanted.casefold()
    if exact := [name for name in names if name.casefold() == folded]:
        return wanted if wanted in exact else exact[0]
    beginning = [name for name in names if folded and name.casefold().startswith(folded)]
    if len(beginning) == 1:
        return beginning[0]
    if beginning:
        raise RefusedError(f"{kind} {wanted!r} is not one alone: {', '.join(beginning[:6])}")
    folded_names = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(folded, folded_names, 1, 0.4)
    raise RefusedError(f"no {kind} {wanted!r}" + (f"; did you mean {folded_names[near[0]]!r}?" if near else ""))


def since_text(day: int) -> str:
    """Return since when something holds: the day as YYYY-MM-DD; 0 is the beginning of time."""
    return day_text(day) if day else "the beginning"
