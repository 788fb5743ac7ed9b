"""Customers that may be one: the two side by side as cells, and how a person decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from screens.followups.acts import ask, named
from screens.followups.present import Frame, group_role, short_owner, th
from screens.widgets.cells import Cell, Column
from screens.widgets.dialogs import Option
from screens.widgets.shape import Shape
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.followups.screen import FollowupsScreen
    from supervisor.duties.followups.snapshots import DoublesLine, QueueLine


def cells(line: DoublesLine, of: Frame) -> Mapping[str, Cell]:
    """Return the cells of a pair, by column id: those of the second customer have a 2."""
    found = {"why": Cell(safe(line.why), "watch"), "between": Cell("│", "faint")}
    for one, nr in ((line.one, ""), (line.other, "2")):
        found |= {
            f"th{nr}": Cell(th(one.contacts), group_role(one)),
            f"company{nr}": Cell(safe(one.company), "text"),
            f"region{nr}": Cell(safe(one.region), "quiet"),
            f"owner{nr}": short_owner(one, of.who),
            f"ref{nr}": Cell(safe(one.ref), "quiet"),
            f"tier{nr}": Cell(safe(one.tier), "quiet"),
        }
    return found


_BESIDE = {"region": 8, "owner": 9, "tier": 9, "ref": 9}


def columns(width: int) -> Sequence[Column]:
    """Return the columns: one customer, the other one in as many columns, and why they may be one."""
    roomy = width >= 150
    names = ("region", "owner", "tier", "ref") if roomy else ("region", "owner") if width >= 100 else ("owner",)
    why = 26 if width >= 100 else 14
    company = max(8, (width - 2 - 2 - why) // 2 - 6 - sum(_BESIDE[name] + 1 for name in names))

    def side(nr: str) -> list[Column]:
        return [
            Column(f"th{nr}", "", 4, right=True),
            Column(f"company{nr}", "company", company),
            *(Column(f"{name}{nr}", name, _BESIDE[name]) for name in names),
        ]

    return [*side(""), Column("between", "", 1), *side("2"), Column("why", "why", why, gap=2, grow=20)]


def order(line: DoublesLine, column: str) -> Any:
    """Return what a pair is sorted by."""
    return line.why if column == "why" else alphabetical(line.one.company)


def text(line: DoublesLine) -> str:
    """Return what the filter looks through."""
    both = (line.one, line.other)
    return " ".join([line.why, *(word for one in both for word in (one.company, one.region, one.owner, one.ref))])


def table(lines: Sequence[DoublesLine], _: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export."""
    heads = ("ref", "company", "region", "contact_number", "owner")

    def side(one: QueueLine) -> list[str]:
        return [one.ref, one.company, one.region, str(one.contacts), one.owner]

    return (*heads, *(f"other_{head}" for head in heads), "why"), [
        [*side(line.one), *side(line.other), line.why] for line in lines
    ]


def shape(of: Callable[[], Frame]) -> Shape[DoublesLine]:
    """Return the pairs for a board."""
    return Shape(
        columns=columns,
        cells=lambda line, _: cells(line, of()),
        order=order,
        text=text,
        sorts=(None, "company", "why"),
        level=lambda line, _: "watch",
        table=table,
    )


async def merge(screen: FollowupsScreen, desk: Desk, line: DoublesLine) -> None:
    """Ask which of the two stays, and merge the other one into it."""
    options = [Option(one.key, named(one), th(one.contacts)) for one in (line.one, line.other)]
    chosen = await ask(
        screen,
        "Which one stays? Contacts, numbers and orders of the other become its own.",
        options=options,
        marked=max((line.one, line.other), key=lambda one: one.contacts).key,
    )
    if chosen is not None:
        stays, goes = (line.one, line.other) if chosen == line.one.key else (line.other, line.one)
        await screen.done(lambda desk: desk.followups.merge(goes.customer_id, stays.customer_id))


async def distinct(screen: FollowupsScreen, desk: Desk, line: DoublesLine) -> None:
    """Say that the two are two."""
    await screen.done(lambda desk: desk.followups.distinct(line.one.customer_id, line.other.customer_id))
