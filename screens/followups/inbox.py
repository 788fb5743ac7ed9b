"""The inbox, "whose call was this?": its lines as cells, and how one is settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from screens.followups.acts import NEW, ask, searching
from screens.followups.present import ROOMY
from screens.themes import MARKS
from screens.widgets.cells import Cell, Column
from screens.widgets.days import moment, moment_short
from screens.widgets.dialogs import Option
from screens.widgets.shape import Shape
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.followups.screen import FollowupsScreen
    from supervisor.duties.followups.snapshots import InboxLine, QueueLine


def cells(line: InboxLine, today: int, zone: tzinfo) -> Mapping[str, Cell]:
    """Return the cells of a line, by column id."""
    names = ", ".join(safe(company, 40) for _, company in line.candidates)
    return {
        "at": Cell(moment(line.last_us, today, zone), "quiet"),
        "day": Cell(moment_short(line.last_us, today, zone), "quiet"),
        "number": Cell(safe(line.number), "strong"),
        "calls": Cell(f"{line.calls} call{'s' * (line.calls != 1)}", "text" if line.calls > 1 else "quiet"),
        "who": Cell(safe(line.who)),
        "whose": Cell(f"{MARKS['watch']} shared: {names}", "watch") if line.shared else Cell("nobody has it", "text"),
    }


def columns(width: int) -> Sequence[Column]:
    """Return the columns; whose number it is takes what is left."""
    roomy = width >= ROOMY
    return (
        Column("at", "last", 12) if roomy else Column("day", "last", 6),
        Column("number", "number", 16, gap=2),
        Column("calls", "", 8, right=True),
        Column("who", "called by", 24 if roomy else 14, gap=2),
        Column("whose", "whose number it is", 20, gap=2, grow=200),
    )


def order(line: InboxLine, column: str) -> Any:
    """Return what a line is sorted by: the newest, the most called, or its number."""
    return {"calls": -line.calls, "number": line.number, "who": line.who}.get(column, -line.last_us)


def table(lines: Sequence[InboxLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export."""
    heads = ("last_call_at", "number", "calls", "called_by", "shared", "candidates")
    return heads, [
        [
            datetime.fromtimestamp(one.last_us / 1e6, zone).isoformat("T", "seconds"), one.number, str(one.calls),
            one.who, "yes" if one.shared else "no", "; ".join(company for _, company in one.candidates),
        ]
        for one in lines
    ]  # fmt: skip


def shape(today: Callable[[], int], zone: Callable[[], tzinfo]) -> Shape[InboxLine]:
    """Return the inbox for a board."""
    return Shape(
        columns=columns,
        cells=lambda line, _: cells(line, today(), zone()),
        order=order,
        text=lambda line: " ".join((line.number, line.who, *(company for _, company in line.candidates))),
        sorts=(None, "calls", "number", "who"),
        level=lambda line, _: "watch",
        copied=lambda line: line.number,
        table=table,
    )


async def settle(screen: FollowupsScreen, desk: Desk, line: InboxLine) -> None:
    """Say whose it was: of a shared number one of those who have it, of an unknown one any customer, or a new one."""
    number = safe(line.number, 24)
    if line.shared:
        options = [Option(str(one), safe(company, 60)) for one, company in line.candidates]
        chosen = await ask(screen, f"Whose was the call with {number}, by {safe(line.who, 30)}?", options=options)
        if chosen is not None and line.source_id is not None and line.group_id is not None:
            source, group, whose = line.source_id, line.group_id, int(chosen)
            await screen.done(lambda desk: desk.followups.assign_call(source, group, whose))
        return
    found: dict[str, QueueLine] = {}
    chosen = await ask(
        screen,
        f"Whose number is {number}? {line.calls} call{'s' * (line.calls != 1)} by {safe(line.who, 30)}",
        hint="the beginning of a customer's name, or the name of a new one",
        search=searching(desk, found, "new customer: "),
    )
    if chosen is None:
        return
    if chosen.startswith(NEW):
        await screen.done(lambda desk: desk.followups.new_customer(line.number, chosen.removeprefix(NEW)))
    else:
        await screen.done(lambda desk: desk.followups.give_number(line.number, found[chosen].customer_id))


async def nobody(screen: FollowupsScreen, desk: Desk, line: InboxLine) -> None:
    """Say that a number is no customer's."""
    await screen.done(lambda desk: desk.followups.no_customer(line.number))


def why_not_nobody(line: InboxLine) -> str | None:
    """Return why a number cannot be nobody's, None where it can."""
    return f"{safe(line.number, 24)} has customers: enter says whose call it was" if line.shared else None
