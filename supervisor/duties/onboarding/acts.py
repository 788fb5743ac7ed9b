"""What a person does with what is owed after a payment: a step is done, sent back, given to somebody else; a reminder;
the end of one that will not go live.

Who saw an older onboarding is told, and nothing is overwritten. An act is taken back, exactly, only where everything
is still as it left it. Each works in the caller's one writing transaction and says in words what was done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection

from store import onboarding_book as book
from store import onboarding_changes as store
from supervisor.config import Config
from supervisor.directors import may_audit
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.calls.acts import named
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.onboarding.read import holders
from supervisor.duties.onboarding.snapshots import BLOCKED, DONE, RUNNING
from supervisor.duties.onboarding.steps import SENT_BACK, Board, Standing, board
from supervisor.duties.onboarding.templates import ASSISTANT, DIRECTOR, SPECIALIST
from supervisor.duties.orders.changing import ago, line

_DONE, _BACK, _ASSIGN, _PROD, _STOP = (
    f"onboarding.{what}" for what in ("done", "send_back", "reassign", "prod", "stop")
)


class _Open(NamedTuple):
    """An open onboarding as it is before an act."""

    row: book.OnboardingRow
    board: Board

    @property
    def id(self) -> int:
        return self.row.onboarding_id


class _Changes:
    """Changes one onboarding, and remembers what takes that back."""

    def __init__(self, connection: Connection, doer: Doer, onboarding_id: int) -> None:
        self._connection, self._doer, self._id = connection, doer, onboarding_id
        self.ended: list[int] = []
        self.made: list[int] = []
        self.holders: dict[int, str] = {}
        self.was: dict[str, Any] = {}

    def end(self, run: book.RunRow, outcome: str, reason: str = "") -> None:
        """Let an open run end now."""
        store.put_run(self._connection, run.run_id, self._doer.now_us, outcome, reason, self._doer.who)
        self.ended.append(run.run_id)

    def begin(self, step: book.StepRow, round_: int, holder: str, specialist_id: int | None) -> None:
        """Let a run begin now."""
        self._add(step, round_, holder, specialist_id)

    def reopen(self, standing: Standing, reason: str) -> None:
        """Close the round of a step that was done as sent back: nobody held it."""
        last = standing.runs[-1]
        self._add(
            standing.step, last.round, last.holder, last.specialist_id,
            ended_us=self._doer.now_us, outcome=SENT_BACK, reason=reason, who=self._doer.who,
        )  # fmt: skip

    def _add(self, step: book.StepRow, round_: int, holder: str, specialist_id: int | None, **told: Any) -> None:
        values = {
            "onboarding_id": self._id,
            "step_id": step.step_id,
            "round": round_,
            "role": step.role,
            "holder": holder,
            "specialist_id": specialist_id,
            "started_us": self._doer.now_us,
            "outcome": "",
            "reason": "",
            "who": "",
        }
        self.made.append(store.add_run(self._connection, values | told))

    def hold(self, step: book.StepRow, holder: str) -> None:
        """Let somebody hold a step from its next run on."""
        store.put_holder(self._connection, step.step_id, holder)
        self.holders[step.step_id] = step.holder

    def close(self, row: book.OnboardingRow, what: str, words: str, **told: Any) -> str:
        """Write columns of the onboarding, and the act into the journal; return `words`."""
        self.was = {name: getattr(row, name) for name in told}
        store.put(self._connection, self._id, told)
        words = f"{row.company}: {words}"
        note(
            self._connection, self._doer, what, onboarding=self._id, words=words, ended=self.ended, made=self.made,
            holders=self.holders, was=self.was, stamp=_stamp(self._connection, self._id),
        )  # fmt: skip
        return words


def _stamp(connection: Connection, onboarding_id: int) -> str:
    """Return what tells an onboarding as it is from any other state of it, but for reminders and versions."""
    (row,) = book.onboardings(connection, onboarding_id)
    state = (
        (row.assistant, row.live_us, row.stopped_us),
        book.runs(connection, onboarding_id),
        [(step.step_id, step.holder) for step in book.steps(connection, onboarding_id)],
    )
    return blake2b(json.dumps(state).encode(), digest_size=12).hexdigest()


def _open(connection: Connection, doer: Doer, onboarding_id: int | None, seen: int | None) -> _Open:
    """The onboarding as it is. RefusedError where there is none, where it is not as the doer saw it (version `seen`;
    None: it does not matter), or where it has ended."""
    rows = [] if onboarding_id is None else book.onboardings(connection, onboarding_id)
    if not rows:
        raise RefusedError("this onboarding does not exist any more")
    row = rows[0]
    if seen is not None and row.version != seen:
        raise RefusedError(f"{_who(connection, doer, row)}; look at it again, nothing was overwritten")
    if row.live_us is not None:
        raise RefusedError(f"{row.company} is live already")
    if row.stopped_us is not None:
        raise RefusedError(f"the onboarding of {row.company} was stopped: {row.stopped_why}")
    return _Open(row, board(book.steps(connection, row.onboarding_id), book.runs(connection, row.onboarding_id)))


def _who(connection: Connection, doer: Doer, row: book.OnboardingRow) -> str:
    who, at_us = book.last_act(connection, row.onboarding_id) or ("", 0)
    when = f" {ago(at_us, doer.now_us)}" if who else ""
    return f"{who or 'somebody'} changed the onboarding of {row.company}{when}"


def _step(connection: Connection, doer: Doer, step_id: int, seen: int | None) -> tuple[_Open, Standing]:
    """The onboarding and its step."""
    found = _open(connection, doer, book.of_step(connection, step_id), seen)
    return found, next(one for one in found.board.standings.values() if one.step.step_id == step_id)


def _running(found: _Open, standing: Standing, config: Config) -> book.RunRow:
    """The open run of a step that this person may end. RefusedError where it does not run, or a director holds it."""
    words = standing.step.words
    if standing.state == DONE:
        raise RefusedError(f"{words} is done already")
    if standing.run is None:
        waits = ", ".join(_words(found.board, found.board.blocked_by(standing.step.code)))
        raise RefusedError(f"{words} is blocked: it waits for {waits}")
    if standing.run.role == DIRECTOR and not may_audit(config):
        raise RefusedError(f"a director holds {words}: floor.directors names who they are")
    return standing.run


def _words(told: Board, codes: Iterable[str]) -> list[str]:
    return [told.standings[code].step.words for code in codes]


def done(connection: Connection, doer: Doer, config: Config, step_id: int, seen: int) -> str:
    """A running step is done, or what it looked at is approved; what waited for it alone begins. With the last one the
    customer is live."""
    found, standing = _step(connection, doer, step_id, seen)
    run, step = _running(found, standing, config), standing.step
    changes = _Changes(connection, doer, found.id)
    changes.end(run, "approved" if step.approves else "done")
    following = found.board.runnable((step.code,))
    _begin(changes, found, following)
    words = f"{step.words}: " + (f"{_words(found.board, [step.approves])[0]} approved" if step.approves else "done")
    if all(one.step.code == step.code for one in found.board.owed()):
        return changes.close(found.row, _DONE, f"{words}; the customer is live", live_us=doer.now_us)
    if following:
        words += "; now " + ", ".join(f"{one.step.words} ({one.step.holder or one.step.role})" for one in following)
    return changes.close(found.row, _DONE, words)


def _begin(changes: _Changes, found: _Open, following: Iterable[Standing]) -> None:
    for one in following:
        changes.begin(one.step, one.round, one.step.holder, _specialist(found, one.step))


def _specialist(found: _Open, step: book.StepRow) -> int | None:
    if step.role != SPECIALIST:
        return None
    return found.row.specialist_id if step.specialist_id is None else step.specialist_id


def send_back(connection: Connection, doer: Doer, config: Config, step_id: int, seen: int, to: str, reason: str) -> str:
    """Send a running step back to the step with the code `to`, and why: that one begins a new round now, what was done
    between them and the step itself are done again when it is their turn."""
    found, standing = _step(connection, doer, step_id, seen)
    run, step = _running(found, standing, config), standing.step
    known = found.board.back_to(step.code)
    if not known:
        raise RefusedError(f"{step.words} comes first: there is nothing it could be sent back to")
    if to not in known:
        raise RefusedError(f"{to!r} is not a step before {step.words}; it can be sent back to {', '.join(known)}")
    reason = line(reason, "a reason why it is sent back")
    changes = _Changes(connection, doer, found.id)
    changes.end(run, SENT_BACK, reason)
    again = found.board.redone(step.code, to)
    target = found.board.standings[to]
    for one in again:
        changes.reopen(one, reason)
    if target.state == RUNNING and target.run is not None:  # somebody reopened it meanwhile
        changes.end(target.run, SENT_BACK, reason)
    if target.state != BLOCKED:
        changes.begin(target.step, target.round + 1, target.step.holder, _specialist(found, target.step))
    round_ = target.round + (target.state != BLOCKED)
    words = f"{step.words} sent back to {target.step.words} ({target.step.holder or target.step.role}), round {round_}"
    return changes.close(found.row, _BACK, f"{words}: {reason}")


def reassign(connection: Connection, doer: Doer, config: Config, step_id: int, seen: int, holder: str) -> str:
    """Give a step to somebody else of its role, and with it all that this role still owes to this customer. What runs
    goes on in its round: it is due when it was."""
    found, standing = _step(connection, doer, step_id, seen)
    role = standing.step.role
    if standing.state == DONE:
        raise RefusedError(f"{standing.step.words} is done already")
    holder = line(holder, "a name")
    known = holders(connection, config, doer.today, role)
    if known or role == SPECIALIST:
        holder = named(holder, known, role)
    specialist_id = book.specialist_id(connection, holder) if role == SPECIALIST else None
    theirs = [one for one in found.board.owed() if one.step.role == role and _holder(one) != holder]
    if not theirs:
        raise RefusedError(f"{holder} holds it already")
    changes = _Changes(connection, doer, found.id)
    for one in theirs:
        changes.hold(one.step, holder)
        if one.run is not None:
            changes.end(one.run, "reassigned")
            changes.begin(one.step, one.round, holder, specialist_id)
    others = len([one for one in theirs if one.step.step_id != step_id])
    words = f"{standing.step.words} is {holder}'s" + (f", and {others} more of the {role}'s" if others else "")
    told = {"assistant": holder} if role == ASSISTANT else {}
    return changes.close(found.row, _ASSIGN, words, **told)


def _holder(standing: Standing) -> str:
    return standing.run.holder if standing.run else standing.step.holder


def prod(connection: Connection, doer: Doer, step_id: int, text: str) -> str:
    """Remind who must act: who holds a running step; of a blocked one those who hold what blocks it."""
    found, standing = _step(connection, doer, step_id, None)
    acting = found.board.acting().get(standing.step.code, ())
    if not acting:
        raise RefusedError(f"{standing.step.words} is done already: nobody is to be reminded")
    text = line(text, "the note", needed=False)
    made = []
    for one in acting:
        assert one.run is not None
        values = {
            "onboarding_id": found.id,
            "run_id": one.run.run_id,
            "specialist_id": one.run.specialist_id,
            "at_us": doer.now_us,
            "who": doer.who,
            "note": text,
        }
        made.append(store.add_prod(connection, values))
    whom = ", ".join(dict.fromkeys(f"{_holder(one) or one.step.role} ({one.step.words})" for one in acting))
    words = f"{found.row.company}: reminded {whom}"
    note(connection, doer, _PROD, onboarding=found.id, prods=made, words=words)
    return words


def stop(connection: Connection, doer: Doer, onboarding_id: int, seen: int, why: str) -> str:
    """End an onboarding that will not go live, and why."""
    found = _open(connection, doer, onboarding_id, seen)
    why = line(why, "why it is stopped")
    changes = _Changes(connection, doer, found.id)
    for one in found.board.owed():
        if one.run is not None:
            changes.end(one.run, "stopped", why)
    return changes.close(found.row, _STOP, f"stopped, {why}", stopped_us=doer.now_us, stopped_why=why)


# -- undoing ------------------------------------------------------------------------------------------------------


def _undo(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    """Take an act back, exactly. RefusedError where anything was done with the onboarding since."""
    onboarding_id = detail["onboarding"]
    rows = book.onboardings(connection, onboarding_id)
    if not rows:
        raise RefusedError("this onboarding does not exist any more")
    if _stamp(connection, onboarding_id) != detail["stamp"]:
        raise RefusedError(f"{_who(connection, doer, rows[0])}, after you: it cannot be undone")
    if book.prodded(connection, detail["made"]):
        raise RefusedError(f"somebody was reminded of what {rows[0].company} is owed since: it cannot be undone")
    store.remove_runs(connection, detail["made"])
    for run_id in detail["ended"]:
        store.put_run(connection, run_id, None, "", "", "")
    for step_id, holder in detail["holders"].items():
        store.put_holder(connection, int(step_id), holder)
    store.put(connection, onboarding_id, detail["was"])
    return f"undone: {detail['words']}"


def _undo_prod(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    if not store.remove_prods(connection, detail["prods"]):
        raise RefusedError("this reminder does not exist any more")
    return f"undone: {detail['words']}"


UNDO: dict[str, Undo] = {_DONE: _undo, _BACK: _undo, _ASSIGN: _undo, _STOP: _undo, _PROD: _undo_prod}
