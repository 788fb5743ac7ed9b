"""What a person does to flags: raise one that was seen, write a merit down, keep a reply, decide, fine, reward.

Every act works in the caller's one writing transaction, says in words what was done, is kept in the flag's trace, and
can be undone: a flag by hand is withdrawn then, a fine marked as taken back; nothing is deleted. RefusedError says why
one is not done. `seen` is the version of the flag that the person saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from store import flag_acts as store
from store import flag_book as book
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.findings import BY_HAND, LOW, MERIT, WORDS, Evidence
from supervisor.duties.discipline.kept import evidence_text
from supervisor.duties.discipline.money import (
    FINE,
    MONEY_UNDO,
    REWARD,
    amount_of,
    confirmed,
    fine_month,
    give_reward,
    pay,
)
from supervisor.duties.discipline.points import points_of, points_of_merit
from supervisor.duties.discipline.read import employed
from supervisor.duties.discipline.snapshots import (
    DECIDED,
    DISMISSED,
    EXPLAINED,
    FINED,
    OPEN,
    REWARDED,
    TALKED,
    WARNED,
    WITHDRAWN,
)
from supervisor.duties.orders.changing import ago, line
from supervisor.money import shown

__all__ = ["UNDO", "decide", "fine", "fine_month", "give_reward", "raise_by_hand", "reply", "reward"]

_CAN_BE_CHOSEN = (DISMISSED, TALKED, WARNED)
_LIFE = ("state", "reply", "replied_us", "decision", "decided_us", "decided_day", "decided_by", "why", "points")
"""What people change of a flag."""


def raise_by_hand(
    connection: Connection, doer: Doer, config: Config, specialist_id: int, rule: str, said: str = ""
) -> str:
    """Raise a flag of now by one of the rules BY_HAND, or write a merit down: nobody has to decide that one, it counts
    at once, and can be rewarded.

    RefusedError where the rule is none of them, or where "other" or a merit is not said in words.
    """
    known = (*(one.code for one in BY_HAND), MERIT.code)
    if rule not in known:
        raise RefusedError(f"{rule!r} is no rule by hand; one of {', '.join(known)}")
    name = _here_now(connection, doer, specialist_id)
    merit = rule == MERIT.code
    what = "what they did well" if merit else "what was seen"
    words = line(said, what, needed=merit or rule == "other") or WORDS[rule]
    whose = f"specialist:{specialist_id}"
    values: dict[str, Any] = {
        "rule": rule,
        "kind": "merit" if merit else "flag",
        "whose": whose,
        "specialist_id": specialist_id,
        "day": doer.today,
        "at_us": doer.now_us,
        "subject": f"by hand {store.raised(connection, rule, whose, doer.today) + 1}",
        "severity": LOW,
        "evidence": evidence_text(Evidence(words)),
        "excuses": "[]",
        "state": OPEN,
        "raised_us": doer.now_us,
        "raised_by": doer.who,
        "reply": "",
        "decision": "",
        "decided_by": "",
        "why": "",
        "points": 0,
        "version": 1,
    }
    if merit:
        values |= _decided(doer, "", "", points_of_merit(config.discipline))
    flag_id = store.add_flag(connection, values)
    told = f"{name}: {'a merit' if merit else WORDS[rule]}" + (f", {words}" if words != WORDS[rule] else "")
    store.tell(connection, flag_id, doer.now_us, doer.who, "raised", words)
    now = store.columns(connection, flag_id, _LIFE)
    note(connection, doer, "flag.raise", flag=flag_id, was={"state": WITHDRAWN, "points": 0}, now=now, words=told)
    return told


def reply(connection: Connection, doer: Doer, flag_id: int, seen: int, text: str) -> str:
    """Keep what the specialist says to a flag that waits: it is explained. Another reply takes its place; the trace has
    both."""
    row = seen_flag(connection, doer, flag_id, seen)
    told = line(text, "the reply")
    values = {"state": EXPLAINED, "reply": told, "replied_us": doer.now_us}
    return _change(connection, doer, row, "flag.reply", (EXPLAINED, told), values, f"explained, {told}")


def decide(
    connection: Connection, doer: Doer, config: Config, flag_id: int, seen: int, decision: str, why: str = ""
) -> str:
    """Decide a flag that waits: dismissed, talked or warned, or reward a merit by thanks. All but a talk need a
    reason."""
    if decision == REWARDED:
        return reward(connection, doer, config, flag_id, seen, "", why)
    row = seen_flag(connection, doer, flag_id, seen)
    if decision == FINED:
        raise RefusedError("a fine needs an amount and the name typed")
    if decision not in _CAN_BE_CHOSEN:
        raise RefusedError(f"{decision!r} is no decision; one of {', '.join(_CAN_BE_CHOSEN)}")
    why = line(why, "the reason", needed=decision != TALKED)
    values = _decided(doer, decision, why, points_of(decision, row.severity, config.discipline))
    words = decision + (f", {why}" if why else "")
    return _change(connection, doer, row, "flag.decide", (DECIDED, words), values, words)


def fine(
    connection: Connection,
    doer: Doer,
    config: Config,
    flag_id: int,
    seen: int,
    amount: str,
    why: str,
    typed: str,
) -> str:
    """Decide a flag that waits by a fine of `amount`, as a person writes it. `typed` confirms it: the person's name.

    RefusedError where it is nobody's flag, no amount above 0, without a reason, or not confirmed.
    """
    row = seen_flag(connection, doer, flag_id, seen)
    if row.specialist_id is None:
        raise RefusedError(f"nobody knows whose phone {row.specialist} is; adopt it first")
    cents, why = amount_of(amount, config), line(why, "the reason")
    confirmed(row.specialist, typed)
    values = _decided(doer, FINED, why, points_of(FINED, row.severity, config.discipline))
    money = pay(connection, doer, FINE, row.specialist_id, cents, why, flag_id=flag_id)
    words = f"fined {shown(cents)} {config.orders.currency}, {why}"
    return _change(connection, doer, row, "flag.fine", (DECIDED, words), values, words, money=money)


def reward(
    connection: Connection, doer: Doer, config: Config, flag_id: int, seen: int, amount: str, why: str
) -> str:  # fmt: skip
    """Reward a merit by an `amount`, as a person writes it, or by thanks alone (""). It counts from its day, as it did.

    RefusedError where it is no merit, was withdrawn or rewarded before, is no amount above 0, or without a reason.
    """
    row = _found(connection, flag_id)
    if row.kind != "merit" or row.specialist_id is None:
        raise RefusedError("only a merit is rewarded: a flag is dismissed, talked over, warned or fined")
    if row.state == WITHDRAWN:
        raise RefusedError("this merit was taken back: there is nothing to reward")
    if row.decision:
        raise RefusedError(f"this merit was {row.decision} already by {row.decided_by}")
    _unchanged(connection, doer, row, seen)
    why, money, given = line(why, "the reason"), None, "thanked"
    if amount.strip():
        cents = amount_of(amount, config)
        money = pay(connection, doer, REWARD, row.specialist_id, cents, why, flag_id=flag_id)
        given = f"rewarded {shown(cents)} {config.orders.currency}"
    values = {"decision": REWARDED, "decided_us": doer.now_us, "decided_by": doer.who, "why": why}
    words = f"{given}, {why}"
    return _change(connection, doer, row, "flag.reward", (DECIDED, words), values, words, money=money)


def seen_flag(connection: Connection, doer: Doer, flag_id: int, seen: int) -> book.FlagRow:
    """Return a flag that waits. RefusedError where there is none, where it waits no more, or where it is not as the
    doer saw it (version `seen`)."""
    row = _found(connection, flag_id)
    if row.kind == "merit":
        raise RefusedError("a merit is rewarded: there is nothing to explain or decide")
    if row.state == DECIDED:
        raise RefusedError(f"this flag is decided already: {row.decision} by {row.decided_by}")
    if row.state not in (OPEN, EXPLAINED):
        raise RefusedError("this flag was withdrawn: there is nothing to decide")
    _unchanged(connection, doer, row, seen)
    return row


def _found(connection: Connection, flag_id: int) -> book.FlagRow:
    row = book.flag(connection, flag_id)
    if row is None:
        raise RefusedError("there is no such flag any more")
    return row


def _unchanged(connection: Connection, doer: Doer, row: book.FlagRow, seen: int) -> None:
    """RefusedError where a flag is not as the doer saw it: nobody overwrites what they have not read."""
    if row.version != seen:
        at_us, who, _, _ = book.trace(connection, row.flag_id)[-1]
        raise RefusedError(
            f"{who or 'a rule'} changed this flag {ago(at_us, doer.now_us)}; look at it again, nothing was overwritten"
        )


def _decided(doer: Doer, decision: str, why: str, points: int) -> dict[str, Any]:
    return {
        "state": DECIDED,
        "decision": decision,
        "decided_us": doer.now_us,
        "decided_day": doer.today,
        "decided_by": doer.who,
        "why": why,
        "points": points,
    }


def _change(
    connection: Connection,
    doer: Doer,
    row: book.FlagRow,
    act: str,
    told: tuple[str, str],
    values: Mapping[str, Any],
    words: str,
    *,
    money: int | None = None,
) -> str:
    """Write `values` into a flag, append what was `told` to its trace, and note what takes it back; return the words.
    `money`: the fine that the act made."""
    was = store.columns(connection, row.flag_id, _LIFE)
    store.put(connection, row.flag_id, values)
    store.tell(connection, row.flag_id, doer.now_us, doer.who, *told)
    words = f"{row.specialist}, {WORDS.get(row.rule, row.rule)}: {words}"
    now = was | dict(values)
    note(connection, doer, act, flag=row.flag_id, was=was, now=now, money=money, words=words)
    return words


def _undo_flag(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    """Take an act on a flag back. RefusedError where somebody, or a rule, changed what it left."""
    flag_id = detail["flag"]
    if store.columns(connection, flag_id, _LIFE) != detail["now"]:
        at_us, who, what, _ = book.trace(connection, flag_id)[-1]
        raise RefusedError(
            f"this flag was {what} {ago(at_us, doer.now_us)} by {who or 'a rule'}, after you: it cannot be undone"
        )
    if detail.get("money") is not None:
        store.withdraw_money(connection, detail["money"], doer.now_us)
    store.put(connection, flag_id, detail["was"])
    store.tell(connection, flag_id, doer.now_us, doer.who, "taken back", detail["words"])
    return f"undone: {detail['words']}"


def _here_now(connection: Connection, doer: Doer, specialist_id: int) -> str:
    """Return the name of a specialist. RefusedError where there is none, or they are not employed today."""
    found = store.specialist(connection, specialist_id)
    if found is None:
        raise RefusedError("there is no such specialist")
    if not employed(found[1], found[2], doer.today):
        raise RefusedError(f"{found[0]} does not work here today")
    return found[0]


UNDO: dict[str, Undo] = {
    **dict.fromkeys(("flag.raise", "flag.reply", "flag.decide", "flag.fine", "flag.reward"), _undo_flag),
    **MONEY_UNDO,
}
"""What takes back what the journal says, by its kind."""
