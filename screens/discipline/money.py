"""Money: what the rule proposes for a month and a person decides, the ledger of fines and rewards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from screens import keys
from screens.discipline import money_present as present
from screens.discipline.acts import named
from screens.discipline.page import open_page
from screens.discipline.pushed import RULE, PushedScreen, Seen
from screens.widgets.board import Board
from screens.widgets.cells import Cell
from screens.widgets.dialogs import Option
from screens.widgets.form import Field, Form
from screens.widgets.line import Lines
from screens.widgets.prompt import Prompt
from supervisor.money import cents_of, exact, shown
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from supervisor.duties.discipline.snapshots import FineProposal, MoneyLine, MoneySnapshot


def open_money(screen: Screen[Any]) -> None:
    """Show fines and rewards on top of `screen`, those proposed for the last month first."""
    screen.app.push_screen(MoneyScreen())


class MoneyScreen(PushedScreen["MoneySnapshot"]):
    """Proposals of a month above the ledger. What was typed into a form that was refused is there again."""

    PLACE = "money"
    HEAD = "Proposed fines"
    FILTER = "filter: name, team, why"
    CALM = "No proposed fine waits for you."
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("money")

    def __init__(self) -> None:
        super().__init__()
        self.month: int | None = None
        self._typed: dict[str, Mapping[str, str]] = {}

    def compose_body(self) -> ComposeResult:
        yield Lines(id="money-month")
        yield Lines(fill=RULE, id="title")
        yield Board(present.PROPOSALS, id="board")
        yield Lines(fill=RULE, id="ledger-title")
        yield Board(present.ledger_shape(lambda: self.snapshot.floor.day if self.snapshot else 0), id="ledger")

    @property
    def boards(self) -> Sequence[Board[Any]]:
        return (self.board, self.query_one("#ledger", Board))

    # Keeping fresh

    def read(self, desk: Desk) -> Seen[MoneySnapshot]:
        return Seen(desk.discipline.discipline(), desk.discipline.money(self.month))

    def show(self, snapshot: Seen[MoneySnapshot], zone: tzinfo, now_us: int) -> None:
        money, board, ledger = snapshot.it, self.board, self.boards[1]
        proposals = [line for line in money.proposals if self.team in (None, line.team)]
        board.say(*present.empty(money, board.filtered or self.team or ""))
        board.show({line.key: line for line in proposals}, now_us)
        self.query_one("#money-month", Lines).show(present.totals(money))
        words = [Cell(f"Proposed fines · {len(board.keys)}", "title")]
        hints = self.hints("month-before", "month-after", "fine-month")
        self.query_one("#title", Lines).show(self.title_line(board, words, hints))
        if money.ledger:
            ledger.say(f"Nothing matches {safe(ledger.filtered, 20)!r}.", "esc goes back to all of them.")
        else:
            ledger.say("No fine and no reward within a year.", "r enters a reward; fines come from flags and from f.")
        ledger.show({str(line.money_id): line for line in money.ledger}, now_us)
        words = [Cell(f"Ledger of a year, {money.currency} · {len(ledger.keys)}", "title")]
        self.query_one("#ledger-title", Lines).show(self.title_line(ledger, words, self.hints("reward", "undo")))

    def footer_keys(self) -> Sequence[str]:
        return ("back", "fine-month", "reward", "month-before", "focus", "export", "undo")

    def reasons(self) -> Mapping[str, str]:
        return {"fine-month": "no proposal is marked"} if self.board.item is None else {}

    def teams(self, snapshot: Seen[MoneySnapshot]) -> Mapping[str, int]:
        lines = snapshot.it.proposals
        found = {team: sum(line.team == team for line in lines) for team in snapshot.floor.teams}
        return {"": len(lines)} | found

    def chosen(self, board: Board[Any], key: str) -> None:
        """Enter opens the page of whose row it is."""
        line: FineProposal | MoneyLine | None = board.item
        if line is not None:
            open_page(self, [one.specialist_id for one in board.items], line.specialist_id)

    # Months

    def action_month(self, by: int) -> None:
        if self.snapshot is None:
            return
        month = present.other_month(self.month or self.snapshot.it.month, by)
        if month > self.snapshot.floor.day // 100:
            self.tell(f"{present.month_words(month)} has not begun.")
            return
        self.month = month
        self.wake()

    # Acts

    def action_fine(self) -> None:
        """Ask for amount and reason, and for the name: whoever fines says whom."""
        line: FineProposal | None = self.board.item
        if self.snapshot is None or line is None:
            self.tell("No proposal is marked.", "watch")
            return
        if (self.month or line.month) != line.month:
            self.tell("The other month is still being read: nothing was done.", "watch")
            return
        if not line.shortfall:
            self.tell(f"{safe(line.specialist, 40)} missed no effective call in that month.", "watch")
            return
        name, before = safe(line.specialist), self._typed.get(line.key, {})
        amount = exact(line.proposed_cents) if line.proposed_cents else ""

        fields = [
            self._amount(before.get("amount", amount)),
            Field("why", "Why", before.get("why", present.why(line)), "in a few words", _said),
            Field("typed", "Their name", "", "", named(line.specialist)),
        ]
        fined = f", {shown(line.fined_cents)} fined already" if line.fined_cents else ""
        title = f"Fine {name} for {present.month_words(line.month)}{fined}"
        consequence = f"The fine is entered in the ledger; {self.hints('undo')[0].text.strip()} takes it back."

        def then(values: Mapping[str, str]) -> None:
            self._enter(
                line.key,
                values,
                lambda desk: desk.discipline.fine_month(
                    line.specialist_id, line.month, values["amount"], values["why"], values["typed"]
                ),
            )

        self.app.push_screen(Form(title, fields, then, consequence=consequence, verb="fine"))

    def action_reward(self) -> None:
        """Ask whom, how much and what for."""
        if self.snapshot is None or not self.snapshot.floor.people:
            self.tell("Nobody is in the roster: supervisor import roster FILE", "watch")
            return
        names = {str(one): name for one, name, _ in self.snapshot.floor.people}
        options = [Option(str(one), safe(name, 40), safe(team, 30)) for one, name, team in self.snapshot.floor.people]
        listing: FineProposal | MoneyLine | None = self.listing.item
        marked = str(listing.specialist_id) if listing is not None else ""
        self.app.push_screen(
            Prompt("Who is rewarded?", lambda one: self._reward(int(one), names[one]), options=options, marked=marked)
        )

    def _reward(self, specialist_id: int, name: str) -> None:
        key = f"reward:{specialist_id}"
        before = self._typed.get(key, {})
        fields = [
            self._amount(before.get("amount", "")),
            Field("why", "What for", before.get("why", ""), "in a few words", _said),
        ]

        def then(values: Mapping[str, str]) -> None:
            self._enter(
                key,
                values,
                lambda desk: desk.discipline.give_reward(specialist_id, values["amount"], values["why"]),
            )

        consequence = f"The reward is entered in the ledger; {self.hints('undo')[0].text.strip()} takes it back."
        self.app.push_screen(Form(f"Reward {safe(name, 40)}", fields, then, consequence=consequence, verb="reward"))

    def _amount(self, typed: str) -> Field:
        currency = self.snapshot.floor.currency if self.snapshot is not None else ""

        def meaning(text: str) -> str:
            if not (cents := cents_of(text, currency)):
                raise ValueError("an amount above 0 is expected")
            return f"{shown(cents)} {currency}"

        return Field("amount", f"Amount, {currency}", typed, "", meaning)

    def _enter(self, key: str, values: Mapping[str, str], doing: Any) -> None:
        """Have it entered; where that is refused, what was typed is kept for the next try."""

        async def run(_: Desk) -> None:
            self._typed[key] = values
            await self.done(doing)
            del self._typed[key]

        self.beside(run)


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("a few words are needed")
    return ""
