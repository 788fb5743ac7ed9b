"""What a person does to an open order: hear facts, record feelings and claims, review it, move it on.

Every act works in the caller's one writing transaction, is given the version of the order that the person saw, says in
words what was done, and can be undone. RefusedError says why one is not done; `seen` + 1 is the version afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from store import order_book as book
from store import order_changes as desk
from store import solutions as library
from supervisor.calendar import day_text
from supervisor.config import Config
from supervisor.duties.acting import Doer, Undo
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.orders import changing, evidence
from supervisor.duties.orders.changing import change, line, lines, score_now, seen_order, undo_change
from supervisor.duties.orders.closing import CLOSING_UNDO, create, lose, pay, sign
from supervisor.duties.orders.forecast import expected_cents
from supervisor.duties.orders.read import probabilities_of
from supervisor.money import shown

__all__ = [
    "FEELING", "GUIDANCE", "UNDO", "amount", "claim", "create", "expect", "feel", "hear", "lose", "pay", "review",
    "sign", "stage", "withdraw",
]  # fmt: skip

FEELING = "feeling"
"""The code of a feeling."""
GUIDANCE = ("", "praise", "correction", "solution")
"""What a review can say to the specialist."""

_WORDS = {fact.code: fact.words for fact in evidence.FACTS}


def hear(
    connection: Connection,
    doer: Doer,
    order_id: int,
    seen: int,
    code: str,
    *,
    call: tuple[int, str] | None = None,
    file: str | None = None,
    note: str = "",
) -> str:
    """Keep a fact that was heard of an order, by its code.

    It is linked to a `call` (source id, group id) with the order's customer, whose time it then has, or to a `file`; or
    it is only typed, and heard now. RefusedError where it is no fact, or the call was with somebody else.
    """
    order = seen_order(connection, doer, order_id, seen)
    if code not in evidence.WEIGHTS:
        raise RefusedError(f"{code!r} is no fact; what somebody feels is recorded as a feeling")
    heard_us, behind = doer.now_us, "only typed: half weight"
    if call is not None:
        found = book.call_with(connection, order.customer_id, *call)
        if found is None:
            raise RefusedError(f"there is no such call with {order.company}")
        heard_us, behind = found, "linked to the call"
    elif file is not None:
        file, behind = line(file, "the file"), "linked to the file"
    values = {"code": code, "heard_us": heard_us, "note": line(note, "the note", needed=False)}
    values |= dict(zip(("source_id", "group_id"), call or (None, None), strict=True)) | {"file": file}
    return _hear(connection, doer, order, "order.hear", f"{_WORDS[code]}, {behind}", values)


def feel(connection: Connection, doer: Doer, order_id: int, seen: int, note: str) -> str:
    """Record a feeling about an order: it is kept, and is worth nothing."""
    order = seen_order(connection, doer, order_id, seen)
    values = {"code": FEELING, "heard_us": doer.now_us, "note": line(note, "what somebody feels")}
    return _hear(connection, doer, order, "order.feel", "a feeling is recorded, worth nothing", values)


def _hear(
    connection: Connection, doer: Doer, order: book.OrderRow, what: str, words: str, values: dict[str, object]
) -> str:
    told = values | {"order_id": order.order_id, "who": doer.who, "entered_us": doer.now_us}
    key = desk.add(connection, "evidence", told)
    return change(connection, doer, order, what, words, added=("evidence", key))


def withdraw(connection: Connection, doer: Doer, evidence_id: int, seen: int) -> str:
    """Take back a piece of evidence; `seen` is the version of its order."""
    found = desk.evidence_of(connection, evidence_id)
    if found is None:
        raise RefusedError("there is no such evidence")
    order = seen_order(connection, doer, found[0], seen)
    if found[2] is not None:
        raise RefusedError("this evidence was taken back already")
    words = f"taken back: {_WORDS.get(found[1], 'a feeling')}"
    return change(connection, doer, order, "order.withdraw", words, withdrawn=evidence_id)


def claim(connection: Connection, doer: Doer, order_id: int, seen: int, by_day: int, percent: int = 100) -> str:
    """Keep the word of the order's specialist (where it is nobody's: of the doer) that it is signed by a day."""
    order = seen_order(connection, doer, order_id, seen)
    if by_day < doer.today:
        raise RefusedError(f"{day_text(by_day)} is past; a day from today on is expected")
    if not 1 <= percent <= 100:
        raise RefusedError("how sure is a number of percent from 1 to 100")
    who = order.specialist or doer.who
    values = {"order_id": order_id, "who": who, "by_day": by_day, "percent": percent, "made_us": doer.now_us}
    key = desk.add(connection, "claim", values)
    words = f"signs by {day_text(by_day)}, says {who}, {percent} % sure"
    return change(connection, doer, order, "order.claim", words, added=("claim", key))


def review(
    connection: Connection,
    doer: Doer,
    config: Config,
    order_id: int,
    seen: int,
    *,
    asked: str = "",
    facts: str | Iterable[str] = "",
    next_step: str | None = None,
    guidance: str = "",
    guidance_text: str = "",
    solution_id: int | None = None,
    recheck_day: int | None = None,
) -> str:
    """Keep a review of an order, with its score and what it brings as they are now.

    `facts`: the codes heard, "" for nothing heard (a string is split at blanks). `next_step`: None leaves the order's
    as it is. `guidance`: one of GUIDANCE; a solution attached makes it "solution". `recheck_day`: when to look again.
    """
    order = seen_order(connection, doer, order_id, seen)
    codes = facts.split() if isinstance(facts, str) else list(facts)
    if wrong := [code for code in codes if code not in evidence.WEIGHTS]:
        raise RefusedError(f"{wrong[0]!r} is no fact")
    if recheck_day is not None and recheck_day < doer.today:
        raise RefusedError(f"{day_text(recheck_day)} is past; a recheck is today or later")
    if solution_id is not None:
        solution = library.by_id(connection, solution_id)
        if solution is None or solution.retired:
            raise RefusedError("this solution is in the library no more")
        guidance = guidance or "solution"
    if guidance not in GUIDANCE:
        raise RefusedError(f"guidance is praise, correction or solution, not {guidance!r}")
    guidance_text = lines(guidance_text, "the guidance")
    if guidance == "solution" and solution_id is None and not guidance_text:
        raise RefusedError("which solution? attach one, or write it")
    step = order.next_step if next_step is None else line(next_step, "the next step", needed=False)
    score = score_now(connection, order_id, doer.now_us)
    probable, _ = probabilities_of(connection, config)
    values = {
        "order_id": order_id,
        "at_us": doer.now_us,
        "day": doer.today,
        "who": doer.who,
        "asked": lines(asked, "what was asked"),
        "facts": " ".join(code for code in evidence.WEIGHTS if code in codes),
        "next_step": step,
        "guidance": guidance,
        "guidance_text": guidance_text,
        "solution_id": solution_id,
        "recheck_day": recheck_day,
        "score": score,
        "expected_cents": expected_cents(order.amount_cents, score, probable),
    }
    key = desk.add(connection, "review", values)
    words = f"reviewed, score {score}" + (f", recheck {day_text(recheck_day)}" if recheck_day else "")
    return change(connection, doer, order, "order.review", words, {"next_step": step}, added=("review", key))


def stage(connection: Connection, doer: Doer, order_id: int, seen: int, stage: str) -> str:
    """Move an order to a stage. Stages that the configuration does not name are kept too."""
    order = seen_order(connection, doer, order_id, seen)
    told = line(stage, "a stage")
    words = f"{order.stage or 'no stage'} -> {told}"
    return change(connection, doer, order, "order.stage", words, {"stage": told})


def amount(connection: Connection, doer: Doer, order_id: int, seen: int, cents: int) -> str:
    """Set the amount (hundredths) of an order."""
    order = seen_order(connection, doer, order_id, seen)
    told = {"amount_cents": changing.amount(cents)}
    return change(connection, doer, order, "order.amount", f"{shown(order.amount_cents)} -> {shown(cents)}", told)


def expect(connection: Connection, doer: Doer, order_id: int, seen: int, day: int | None) -> str:
    """Set the day on which an order is expected to be signed; None: nobody knows."""
    order = seen_order(connection, doer, order_id, seen)
    if day is not None and day < doer.today:
        raise RefusedError(f"{day_text(day)} is past; a day from today on is expected")
    words = f"expected to be signed on {day_text(day)}" if day else "it is not known when it is signed"
    return change(connection, doer, order, "order.expect", words, {"expected_day": day})


_KINDS = ("hear", "feel", "withdraw", "claim", "review", "stage", "amount", "expect")
UNDO: dict[str, Undo] = {f"order.{kind}": undo_change for kind in _KINDS} | CLOSING_UNDO
"""What takes back what the journal says, by its kind."""
