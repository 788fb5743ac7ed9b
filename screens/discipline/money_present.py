"""Fines and rewards as cells: what the rule proposes for a month, and the ledger. Loud is what nobody decided. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any

from screens.discipline.page_present import signed
from screens.themes import MARKS
from screens.widgets import days
from screens.widgets.cells import Cell, Column
from screens.widgets.shape import Shape
from supervisor.calendar import date_of
from supervisor.money import exact, shown
from supervisor.text import alphabetical, safe

if TYPE_CHECKING:
    from supervisor.duties.discipline.snapshots import FineProposal, MoneyLine, MoneySnapshot

SETTING = "discipline.fine_per_missing"
"""The key of the configuration by which fines are proposed."""


def month_words(month: int) -> str:
    """Return a month YYYYMM in words."""
    return f"{date(month // 100, month % 100, 1):%B %Y}"


def month_iso(month: int) -> str:
    """Return a month YYYYMM as YYYY-MM."""
    return f"{month // 100}-{month % 100:02}"


def other_month(month: int, by: int) -> int:
    """Return the month `by` after `month`, both YYYYMM."""
    years, at = divmod(month // 100 * 12 + month % 100 - 1 + by, 12)
    return years * 100 + at + 1


def why(proposal: FineProposal) -> str:
    """Return the reason of a fine as it is proposed."""
    calls = "call" if proposal.shortfall == 1 else "calls"
    return f"shortfall of {proposal.shortfall} effective {calls} in {month_iso(proposal.month)}"


def totals(snapshot: MoneySnapshot) -> tuple[list[Cell], list[Cell]]:
    """Return the month, what is proposed and what was fined, and by which rule."""
    proposed = sum(line.proposed_cents for line in snapshot.proposals)
    fined = sum(line.fined_cents for line in snapshot.proposals)
    waiting = [line for line in snapshot.proposals if level(line)]
    left = [Cell(f"{month_words(snapshot.month)}   ", "title")]
    if snapshot.per_missing:
        left += [Cell("still proposed ", "quiet"), Cell(shown(proposed), "strong"), Cell("   fined ", "quiet")]
        left += [Cell(shown(fined), "strong"), Cell(f" {snapshot.currency}   ", "quiet")]
        left += [Cell(f"{MARKS['watch']} {len(waiting)} to decide", "watch")] if waiting else []
        return left, [Cell(f"{snapshot.per_missing} {snapshot.currency} a missing effective call", "quiet")]
    told = f"the rule proposes no fine: {SETTING} is 0 in the configuration"
    return [*left, Cell(told, "quiet")], []


# -- what is proposed ---------------------------------------------------------------------------------------------


def level(line: FineProposal, now_us: int = 0) -> str:
    """Return whether a proposal waits for a person: who was fined less than proposed was decided on."""
    return "watch" if line.proposed_cents and not line.fined_cents else ""


def cells(line: FineProposal, now_us: int) -> Mapping[str, Cell]:
    """Return the cells of a proposal, by column id."""
    waits = level(line)
    return {
        "mark": Cell(MARKS[waits] if waits else "✓" if line.fined_cents else "", waits or "quiet"),
        "name": Cell(safe(line.specialist), "text"),
        "team": Cell(safe(line.team), "quiet"),
        "attended": Cell(f"{line.attended:g}", "quiet"),
        "due": Cell(str(line.due), "quiet"),
        "effective": Cell(str(line.effective), "text"),
        "shortfall": Cell(str(line.shortfall), "strong" if line.shortfall else "quiet"),
        "proposed": Cell(shown(line.proposed_cents) if line.proposed_cents else "–", waits or "quiet"),
        "fined": Cell(shown(line.fined_cents) if line.fined_cents else "–", "text" if line.fined_cents else "quiet"),
    }


def columns(width: int) -> Sequence[Column]:
    """Return the columns of the proposals, which fit 80."""
    return (
        Column("mark", "", 1, gap=1),
        Column("name", "specialist", 16, gap=1, grow=16),
        Column("team", "team", 8, gap=1, grow=10),
        Column("attended", "days", 4, gap=1, right=True),
        Column("due", "due", 5, gap=1, right=True, grow=3),
        Column("effective", "effective", 9, gap=1, right=True),
        Column("shortfall", "missing", 7, gap=1, right=True, grow=3),
        Column("proposed", "proposed", 9, gap=1, right=True, grow=3),
        Column("fined", "fined", 8, gap=1, right=True, grow=3),
    )


def order(line: FineProposal, column: str) -> Any:
    """Return what a proposal is sorted by: the most first, names by the alphabet."""
    name = alphabetical(line.specialist)
    match column:
        case "shortfall":
            return (-line.shortfall, name)
        case "proposed":
            return (-line.proposed_cents, name)
        case "team":
            return (alphabetical(line.team), name)
        case _:
            return name


def table(found: Sequence[FineProposal], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export."""
    heads = ("month", "specialist", "team", "attended", "due", "effective", "missing", "proposed", "fined")
    return heads, [
        [
            month_iso(line.month), line.specialist, line.team, f"{line.attended:g}", str(line.due), str(line.effective),
            str(line.shortfall), exact(line.proposed_cents), exact(line.fined_cents),
        ]
        for line in found
    ]  # fmt: skip


PROPOSALS: Shape[FineProposal] = Shape(
    columns, cells, order, lambda line: f"{line.specialist} {line.team}",
    sorts=(None, "name", "team", "shortfall", "proposed"), level=level, table=table,
)  # fmt: skip


# -- the ledger ---------------------------------------------------------------------------------------------------


def ledger_cells(line: MoneyLine, today: int) -> Mapping[str, Cell]:
    """Return the cells of an entry, by column id."""
    back = line.withdrawn
    what = "taken back" if back else line.kind
    role = "quiet" if back else "good" if line.kind == "reward" else "text"
    return {
        "day": Cell(days.short(line.day, today), "quiet"),
        "what": Cell(what, role),
        "name": Cell(safe(line.specialist), "quiet" if back else "text"),
        "amount": Cell(signed(line), "quiet" if back else "good" if line.kind == "reward" else "strong"),
        "for": Cell("a flag" if line.flag_id is not None else month_iso(line.month) if line.month else "", "quiet"),
        "why": Cell(safe(line.why), "quiet" if back else "text"),
        "who": Cell(safe(line.who), "quiet"),
    }


def ledger_columns(width: int) -> Sequence[Column]:
    """Return the columns of the ledger that fit: what it is for, which its reason mostly says too, where there is
    room."""
    what_for = (Column("for", "for", 7, gap=2),) if width >= 100 else ()
    return (
        Column("day", "when", 6, gap=1, right=True),
        Column("what", "what", 10, gap=2),
        Column("name", "specialist", 14, gap=1, grow=12),
        Column("amount", "amount", 9, gap=1, right=True),
        *what_for,
        Column("who", "by", 6, gap=2, grow=2),
        Column("why", "why", 22, gap=1, grow=90),
    )


def ledger_order(line: MoneyLine, column: str) -> Any:
    """Return what an entry is sorted by."""
    newest = (-line.day, -line.money_id)
    match column:
        case "name":
            return (alphabetical(line.specialist), newest)
        case "amount":
            return (-line.amount_cents, newest)
        case "what":
            return (line.withdrawn, line.kind, newest)
        case _:
            return newest


def ledger_table(found: Sequence[MoneyLine], zone: tzinfo) -> tuple[Sequence[str], list[list[str]]]:
    """Return heads and rows of an export."""
    heads = ("date", "kind", "specialist", "amount", "month", "flag", "why", "by", "taken_back")
    return heads, [
        [
            date_of(line.day).isoformat(), line.kind, line.specialist, exact(line.amount_cents),
            "" if line.month is None else month_iso(line.month), "" if line.flag_id is None else str(line.flag_id),
            line.why, line.who, "yes" if line.withdrawn else "no",
        ]
        for line in found
    ]  # fmt: skip


def ledger_shape(today: Callable[[], int]) -> Shape[MoneyLine]:
    """Return the ledger for its board; the floor's day is asked for at each drawing."""
    return Shape(
        ledger_columns, lambda line, _: ledger_cells(line, today()), ledger_order,
        lambda line: f"{line.specialist} {line.kind} {line.why} {line.who}",
        sorts=(None, "name", "amount", "what"), table=ledger_table,
    )  # fmt: skip


def empty(snapshot: MoneySnapshot, filtered: str) -> tuple[str, str]:
    """Return what stands where no proposal is listed, and why."""
    if filtered:
        return f"Nobody matches {safe(filtered, 20)!r}.", "esc goes back to all of them."
    month = month_words(snapshot.month)
    if snapshot.per_missing:
        return f"Nobody missed an effective call in {month}.", "← and → go to other months."
    return (
        f"No fine is proposed for {month}.",
        f"Set {SETTING} in the configuration to have one proposed by missing call.",
    )
