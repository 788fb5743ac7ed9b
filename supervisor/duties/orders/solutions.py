"""The library of written solutions: what a person does to it, and how a solution is offered and handed on.

A solution is never deleted but by undoing its making: one that is retired is offered no more, and stays with the
reviews that have it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from store import solutions as library
from store.solutions import SolutionRow
from supervisor.duties.acting import Doer, Undo, note
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.orders.changing import ago
from supervisor.duties.orders.offers import (
    LONGEST_BODY,
    LONGEST_TITLE,
    as_file,
    as_html,
    as_markdown,
    line_of_solution,
    offered,
    parse,
)
from supervisor.text import storable

__all__ = [
    "UNDO", "as_file", "as_html", "as_markdown", "line_of_solution", "offered", "parse", "retire", "save",
]  # fmt: skip

_SAVE, _RETIRE = "solution.save", "solution.retire"


def save(
    connection: Connection,
    doer: Doer,
    solution_id: int | None,
    title: str,
    customer_type: str,
    objection: str,
    body: str,
    version: int = 0,
) -> str:
    """Write a solution: a new one (id None), or one of which the person saw `version`. A new one with the title of one
    that was retired brings that one back.

    RefusedError where the title is taken, a text is missing or too long, or somebody changed it since.
    """
    title, customer_type, objection = (
        _short(text, what) for text, what in ((title, "title"), (customer_type, "type"), (objection, "objection"))
    )
    body = storable(body).strip()
    if not title or not body:
        raise RefusedError(f"a solution needs a {'text' if title else 'title'}")
    if len(body) > LONGEST_BODY:
        raise RefusedError(f"a solution has at most {LONGEST_BODY} characters, not {len(body)}")
    same = library.by_title(connection, title)
    if solution_id is None and same is None:
        made = library.add(connection, title, customer_type, objection, body, doer.who, doer.now_us)
        note(connection, doer, _SAVE, solution=made, was=None, stamp=doer.now_us, title=title)
        return f"{title}: in the library now"
    if same is not None and same.solution_id != solution_id and (solution_id is not None or not same.retired):
        raise RefusedError(f"there is a solution {title!r} already" + (", retired" if same.retired else ""))
    before = same if solution_id is None and same is not None else _seen(connection, doer, solution_id, version)
    _put(connection, doer, _SAVE, before, (title, customer_type, objection, body, False))
    return f"{title}: " + ("in the library again" if before.retired else "changed")


def retire(connection: Connection, doer: Doer, solution_id: int, version: int) -> str:
    """Take a solution out of the library; reviews that have it keep it."""
    before = _seen(connection, doer, solution_id, version)
    if before.retired:
        raise RefusedError(f"{before.title} is retired already")
    _put(connection, doer, _RETIRE, before, (*before[1:5], True))
    return f"{before.title}: offered no more"


def _put(connection: Connection, doer: Doer, what: str, before: SolutionRow, told: tuple[Any, ...]) -> None:
    names = ("title", "customer_type", "objection", "body", "retired")
    after = before._replace(**dict(zip(names, told, strict=True)), who=doer.who, changed_us=doer.now_us)
    library.put(connection, after)
    detail = {"solution": before.solution_id, "was": before, "stamp": doer.now_us, "title": after.title}
    note(connection, doer, what, **detail)


def _seen(connection: Connection, doer: Doer, solution_id: int | None, version: int) -> SolutionRow:
    found = None if solution_id is None else library.by_id(connection, solution_id)
    if found is None:
        raise RefusedError("this solution does not exist any more")
    if found.version != version:
        raise RefusedError(
            f"{found.who} changed {found.title} {ago(found.changed_us, doer.now_us)}; look at it again, nothing was "
            "overwritten"
        )
    return found


def _short(text: str, what: str) -> str:
    kept = " ".join(storable(text).split())
    if len(kept) > LONGEST_TITLE:
        raise RefusedError(f"the {what} has {len(kept)} characters; at most {LONGEST_TITLE} are kept")
    return kept


def _undo(connection: Connection, detail: dict[str, Any], doer: Doer) -> str:
    """Take an act on a solution back, exactly but for the version, which rises. RefusedError where somebody changed it
    since, or a review has it that was not there before."""
    found = library.by_id(connection, detail["solution"])
    if found is None:
        raise RefusedError("this solution does not exist any more")
    if (found.changed_us, found.who) != (detail["stamp"], doer.who):
        raise RefusedError(f"{found.who} changed {found.title} {ago(found.changed_us, doer.now_us)}, after you")
    if detail["was"] is None:
        if library.is_attached(connection, found.solution_id):
            raise RefusedError(f"{found.title} is attached to a review: retire it instead")
        library.remove(connection, found.solution_id)
    else:
        was = SolutionRow(*detail["was"])
        taken = library.by_title(connection, was.title)
        if taken is not None and taken.solution_id != was.solution_id:
            raise RefusedError(f"there is another solution {was.title!r} now")
        library.put(connection, was)
    return f"undone: {detail['title']}"


UNDO: dict[str, Undo] = {_SAVE: _undo, _RETIRE: _undo}
"""What takes back what the journal says, by its kind."""
