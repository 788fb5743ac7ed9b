"""Acts of people: who does one and when, the journal that keeps it, and undoing the last one.

Each act works in the caller's one writing transaction and says in words what was done. A module of a duty that has acts
exposes `UNDO`: what it notes in the journal -> the function that takes it back by what was noted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import acts
from store.contacts import Numbers
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.followups.counting import counting

MODULES = (
    "supervisor.duties.calls.acts",
    "supervisor.duties.followups.acts",
    "supervisor.duties.followups.customers",
    "supervisor.duties.orders.acts",
    "supervisor.duties.orders.solutions",
    "supervisor.duties.onboarding.acts",
    "supervisor.duties.onboarding.enquiry_acts",
    "supervisor.duties.discipline.acts",
    "supervisor.duties.discipline.attendance",
    "supervisor.duties.discipline.talks",
    "supervisor.duties.audit.acts",
)
"""Those with acts that can be undone."""


class Doer(NamedTuple):
    """Who acts, when (epoch us, and the floor's day), and how contacts are counted. `config`: by it rules are applied
    anew when an act is undone; None: the collector does it."""

    who: str
    now_us: int
    today: int
    numbers: Numbers
    config: Config | None = None


def doer_of(config: Config, who: str, now_us: int) -> Doer:
    """Return `who`, acting at `now_us` (epoch us) on the floor of `config`."""
    today = calendar_of(config.floor).today(now_us)
    return Doer(who, now_us, today, counting(config.followups.counts_per_day), config)


Undo = Callable[[Connection, dict[str, Any], Doer], str]


def note(connection: Connection, doer: Doer, what: str, **detail: Any) -> None:
    """Write an act into the journal, with what undoes it."""
    acts.note(connection, doer.who, what, json.dumps(detail, ensure_ascii=False), doer.now_us)


def undo(connection: Connection, doer: Doer) -> str | None:
    """Undo the last act of this person that can be undone; return it in words, None where there is none.

    RefusedError where somebody else built on it since.
    """
    known: dict[str, Undo] = {}
    for name in MODULES:
        known |= import_module(name).UNDO
    act = acts.last_act(connection, doer.who, tuple(known))
    if act is None:
        return None
    words = known[act.what](connection, json.loads(act.detail), doer)
    acts.mark_undone(connection, act.id, doer.now_us)
    acts.note(connection, doer.who, "undo", json.dumps({"act": act.id}), doer.now_us)
    return words
