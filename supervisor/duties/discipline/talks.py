"""The log of talks with specialists - encouragement, doubts - private to directors. No export and no log has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from store import flag_acts as store
from store import flag_book
from supervisor.config import Config
from supervisor.directors import is_director
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.snapshots import TalkLine

if TYPE_CHECKING:
    from supervisor.duties.acting import Doer, Undo

KINDS = ("encouragement", "doubt", "other")


def _directors_only(config: Config) -> None:
    if not is_director(config):
        raise RefusedError("the talks are private to directors: floor.directors in the configuration names them")


def read_talks(connection: Connection, config: Config, specialist_id: int) -> tuple[TalkLine, ...]:
    """Return the talks with a specialist, newest first. RefusedError to who is no director."""
    _directors_only(config)
    return tuple(TalkLine(*row) for row in flag_book.talks(connection, specialist_id))


def log_talk(connection: Connection, doer: Doer, config: Config, specialist_id: int, kind: str, said: str) -> str:
    """Write a talk of now down, of one of `KINDS`. RefusedError to who is no director, and where nothing is said.

    The journal, which others read, tells that there was a talk, and nothing of it.
    """
    from supervisor.duties.acting import note  # and the store's tables, which reading does without
    from supervisor.duties.orders.changing import lines

    _directors_only(config)
    if kind not in KINDS:
        raise RefusedError(f"{kind!r} is no kind of talk; one of {', '.join(KINDS)}")
    found = store.specialist(connection, specialist_id)
    if found is None:
        raise RefusedError("there is no such specialist")
    told = lines(said, "what was said")
    if not told:
        raise RefusedError("what was said is needed")
    values = {"specialist_id": specialist_id, "day": doer.today, "at_us": doer.now_us, "who": doer.who}
    talk = store.add_talk(connection, values | {"kind": kind, "note": told})
    note(connection, doer, "talk.log", talk=talk, name=found[0])
    return f"{found[0]}: the talk is written down, for directors alone"


def _undo_log(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    if not store.withdraw_talk(connection, detail["talk"], doer.now_us):
        raise RefusedError("it was taken back already")
    return f"undone: the talk with {detail['name']} is taken back"


UNDO: dict[str, Undo] = {"talk.log": _undo_log}
"""What takes back what the journal says."""
