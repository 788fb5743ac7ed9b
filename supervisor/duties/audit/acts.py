"""What a person decides about a discrepancy of a day: accept it, correct what is wrong in the books, make it a flag.

Each act works in the caller's one writing transaction, is noted with what undoes it, and says in words what was done.
A decision is never deleted: taken back, it holds no longer. A day that is signed may still be corrected; that shows as
a revision.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from store import acts as journal
from store import audit_acts as store
from store import audit_chain, flag_book
from store.acts import Act
from store.flag_book import FlagRow
from supervisor.calendar import day_text
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.audit import corrections
from supervisor.duties.audit.corrections import At
from supervisor.duties.audit.discrepancies import Flags
from supervisor.duties.audit.one import read_discrepancy
from supervisor.duties.audit.read import read_audit
from supervisor.duties.audit.snapshots import (
    ACCEPTED,
    CORRECTED,
    FLAGGED,
    OPEN,
    Correction,
    Discrepancy,
)
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline import acts as flags
from supervisor.duties.discipline import attendance
from supervisor.duties.discipline.findings import WORDS
from supervisor.duties.discipline.kept import evidence_of
from supervisor.duties.discipline.snapshots import DISMISSED
from supervisor.duties.followups import acts as followups
from supervisor.duties.orders.changing import LONGEST_LINE, line

_ACCEPT, _CORRECT, _FLAG = "audit.accept", "audit.correct", "audit.flag"
_PARTS: dict[str, Undo] = {**followups.UNDO, **attendance.UNDO, **flags.UNDO, **corrections.PARTS_UNDO}
"""Acts of which a correction or a flag consists."""
_REVISION = "; the day is signed: this will show as a revision"


def accept(connection: Connection, doer: Doer, config: Config, day: int, item: str, why: str = "") -> str:
    """Accept a discrepancy as it is. Without a reason what is known in its favour is the reason."""
    found = _undecided(connection, doer, config, day, item, ACCEPTED)
    why = line(why, "the reason", needed=False) or found.explanation
    made = _decide(connection, doer, day, found, ACCEPTED, why)
    return _noted(connection, doer, _ACCEPT, day, [made], f"{_named(found)}: accepted")


def accept_explained(connection: Connection, doer: Doer, config: Config, day: int) -> str:
    """Accept all open discrepancies of a day that have an explanation; say how many, and how many are left."""
    audit = read_audit(connection, config, day, doer.now_us)
    waiting = [one for one in audit.discrepancies if one.state == OPEN]
    explained = [one for one in waiting if one.explanation]
    if not explained:
        raise RefusedError(f"no open discrepancy of {day_text(day)} is explained")
    made = [_decide(connection, doer, day, one, ACCEPTED, one.explanation) for one in explained]
    left = len(waiting) - len(explained)
    words = f"{len(explained):,} explained {'one' if len(explained) == 1 else 'ones'} accepted, {left:,} left"
    return _noted(connection, doer, _ACCEPT, day, made, words)


def ways(connection: Connection, config: Config, day: int, item: str, now_us: int) -> tuple[Correction, ...]:
    """Return the ways in which a discrepancy can be corrected, the likeliest first; none where nothing in the books
    would put it right."""
    return corrections.ways(connection, At(config, day, _found(connection, config, day, item, now_us)))


def correct(connection: Connection, doer: Doer, config: Config, day: int, item: str, code: str, value: str = "") -> str:
    """Correct a discrepancy in the way `code`, with what that needs to be told. It is told as corrected though what it
    is about is of another class then, or gone.

    RefusedError where it was corrected before, where that is no way for it, or `value` is not what it needs.
    """
    found = _undecided(connection, doer, config, day, item, CORRECTED)
    before = store.last_noted(connection)
    done = corrections.make(connection, doer, At(config, day, found), code, line(value, "what is told", needed=False))
    parts = store.noted_since(connection, before)
    if not parts:
        raise RefusedError(f"{done}: nothing is corrected by that")
    made = _decide(connection, doer, day, found, CORRECTED, done)
    return _noted(connection, doer, _CORRECT, day, [made], f"corrected: {done}", parts)


def flag(connection: Connection, doer: Doer, config: Config, day: int, item: str, said: str = "") -> str:
    """Make a discrepancy a flag of its specialist: the one that a rule raised of the same thing, where there is one,
    else one by hand, of now, that says what was found.

    RefusedError where nobody knows whose it is.
    """
    found = _undecided(connection, doer, config, day, item, FLAGGED)
    said = line(said, "the note", needed=False)
    raised = _raised(connection, day, found)
    if raised is not None:
        made = _decide(connection, doer, day, found, FLAGGED, said or found.why, raised.flag_id)
        rule = WORDS.get(raised.rule, raised.rule)
        words = f"{_named(found)}: flagged, by the flag that the rule {rule} raised already"
        return _noted(connection, doer, _FLAG, day, [made], words)
    if found.specialist_id is None:
        whose = f"nobody knows whose phone {found.specialist} is" if found.specialist else "it is nobody's"
        raise RefusedError(f"{whose}: a flag is a specialist's")
    told = f"{found.class_.replace('_', ' ')} on {day_text(day)}: {said or found.why}"[:LONGEST_LINE]
    before = store.last_noted(connection)
    words = flags.raise_by_hand(connection, doer, config, found.specialist_id, "other", told)
    parts = store.noted_since(connection, before)
    flag_id = json.loads(parts[-1].detail)["flag"]
    made = _decide(connection, doer, day, found, FLAGGED, said or found.why, flag_id)
    return _noted(connection, doer, _FLAG, day, [made], f"flagged, {words}", parts)


def _raised(connection: Connection, day: int, found: Discrepancy) -> FlagRow | None:
    """The flag that a rule raised of the very thing and nobody dismissed, one that names the call before others; None:
    none."""
    item = found.call or found.log
    if item is None:
        return None
    call = item.id.removeprefix("call:")
    rows = [row for row in flag_book.of_day(connection, day) if row.decision != DISMISSED]
    return Flags(sorted(rows, key=lambda row: call not in evidence_of(row.evidence).calls)).raised(item)


# -- what they have in common -------------------------------------------------------------------------------------


def _found(connection: Connection, config: Config, day: int, item: str, now_us: int) -> Discrepancy:
    found = read_discrepancy(connection, config, day, item, now_us)
    if found is None:
        raise RefusedError(f"{item} is no discrepancy of {day_text(day)}, or is none any more")
    return found


def _undecided(connection: Connection, doer: Doer, config: Config, day: int, item: str, state: str) -> Discrepancy:
    """A discrepancy that is not in `state` yet, and not corrected: then there is nothing left of it to decide."""
    found = _found(connection, config, day, item, doer.now_us)
    if found.state in (state, CORRECTED):
        raise RefusedError(f"{found.decided_by or 'somebody'} {found.state} it already")
    return found


def _named(found: Discrepancy) -> str:
    return f"{found.specialist or 'nobody'}, {found.class_.replace('_', ' ')}, {found.company or found.number}"


def _decide(
    connection: Connection, doer: Doer, day: int, found: Discrepancy, state: str, why: str, flag_id: int | None = None
) -> int:
    values: dict[str, Any] = {"day": day, "item": found.id, "class_": found.class_, "state": state, "why": why}
    values |= {"who": doer.who, "at_us": doer.now_us, "flag_id": flag_id}
    return store.add_decision(connection, values)


def _noted(
    connection: Connection, doer: Doer, what: str, day: int, made: list[int], words: str, parts: Sequence[Act] = ()
) -> str:
    """Note an act with what undoes it, its parts included; return the words, and more where the day is signed."""
    note(connection, doer, what, day=day, decisions=made, parts=list(parts), words=words)
    return words + _revised(connection, day)


def _revised(connection: Connection, day: int) -> str:
    return _REVISION if audit_chain.is_signed(connection, day) else ""


def _undo(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    """Take decisions back with all that they did. The parts are marked in the journal as undone too, so that nobody
    undoes them by themselves. RefusedError where somebody decided otherwise since, or a part cannot be taken back."""
    if store.holding(connection, detail["decisions"]) != sorted(detail["decisions"]):
        raise RefusedError("somebody decided otherwise since; nothing is undone")
    for id_, what, told in reversed(detail["parts"]):
        _PARTS[what](connection, json.loads(told), doer)
        journal.mark_undone(connection, id_, doer.now_us)
    store.withdraw(connection, detail["decisions"], doer.now_us)
    return f"undone: {detail['words']}" + _revised(connection, detail["day"])


UNDO: dict[str, Undo] = dict.fromkeys((_ACCEPT, _CORRECT, _FLAG), _undo)
"""What takes back what the journal says, by its kind."""
