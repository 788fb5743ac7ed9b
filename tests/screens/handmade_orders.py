"""Orders made by hand, and a desk that keeps them in memory by the rules of the duty: versions, evidence, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups.snapshots import QueueLine
from supervisor.duties.orders import evidence
from supervisor.duties.orders.claims import Record
from supervisor.duties.orders.examine import Cause, Examination, Figure
from supervisor.duties.orders.forecast import Forecast
from supervisor.duties.orders.snapshots import (
    Fact,
    Feeling,
    LinkableCall,
    OrderLine,
    OrderReview,
    OrdersSnapshot,
    PastReview,
    SolutionLine,
)
from tests.screens.handmade import FLOOR, MINUTE, NOW, HandmadeDesk

TODAY = 20261123
DAY = 24 * 60 * MINUTE


def order(number: int, company: str, **more: Any) -> OrderLine:
    """An order that nothing is the matter with, reviewed a week ago."""
    values: dict[str, Any] = {
        "order_id": number, "ref": f"O-{number}", "customer_id": 100 + number, "company": company, "specialist_id": 1,
        "specialist": "Greta Lind", "team": "North", "package": "Portal Gold, 12 months", "amount_cents": 980_000,
        "stage": "offer", "status": "open", "score": 0, "facts": (), "feelings_only": False, "claimed_by": None,
        "claim_percent": None, "kept": 3, "claims": 9, "recheck_day": None, "overdue": False,
        "reviewed_us": NOW - 7 * DAY, "marks": (), "reason": "", "contacts": 11, "last_us": NOW - 4 * DAY,
        "opened_day": 20261001, "expected_day": None, "expected_cents": 49_000, "expected_before_cents": 147_000,
        "next_step": "", "wants_review": False, "version": 1,
    }  # fmt: skip
    return OrderLine(**(values | more))


ORDERS = (
    order(7, "Ruhr Pumpen GmbH", overdue=True, recheck_day=20261120, marks=("recheck", "claimed"),
          reason="recheck overdue by 3 days", claimed_by=20261127, claim_percent=80,
          next_step='send the written solution "price: two-step payment"'),
    order(3, "Baltic Steel OÜ", feelings_only=True, marks=("FEELINGS ONLY",), reason="FEELINGS ONLY",
          specialist_id=2, specialist="Ivo Tamm", team="South", stage="interest"),
    order(5, "鑫达机械有限公司", claimed_by=20261120, claim_percent=100, marks=("claimed",),
          reason="claimed to sign 3 days ago", specialist_id=2, specialist="Ivo Tamm", team="South"),
    order(9, "Maschinenfabrik Meyer & Söhne Aktiengesellschaft", amount_cents=1_860_050, marks=("big",),
          reason="big: 18 600.50", stage="contract", expected_cents=93_000, expected_before_cents=93_000),
    order(2, "Kaiser Logistik", marks=("stale",), reason="no touch for 20 days", contacts=0, last_us=None,
          specialist_id=None, specialist="", team="", kept=0, claims=0),
    order(4, "Vogt GmbH", reviewed_us=None, expected_before_cents=None),
    order(6, "Hansa Kranbau", recheck_day=20261127),
)  # fmt: skip

SOLUTIONS = (
    SolutionLine(1, "price: two-step payment", "manufacturer", "price", "Dear {person},\n\nhalf now.", "anna", NOW, 1),
    SolutionLine(2, "the boss decides", "", "decision", "Let us talk to both of you.", "anna", NOW - 9 * DAY, 3),
)
CALL = LinkableCall(1, "g7", NOW - 30 * MINUTE, "Greta Lind")


def customer(number: int, company: str, **more: Any) -> QueueLine:
    values: dict[str, Any] = {
        "customer_id": number, "ref": f"K-{number}", "company": company, "contacts": 3, "group": "rest", "past": False,
        "reason": "", "owner_id": 2, "owner": "Ivo Tamm", "team": "South", "taken_by": "", "tier": "major",
        "status": "open", "region": "", "type": "", "last_us": None, "days_since": None, "said": "", "next_day": None,
        "next_note": "", "ordered": False, "number": "",
    }  # fmt: skip
    return QueueLine(**(values | more))


def customers() -> Any:
    """What adding an order asks of the follow-ups."""
    found = [customer(101, "Tallinn Tools"), customer(102, "Sigma Optik", ordered=True, owner_id=None)]
    return SimpleNamespace(
        specialists=lambda: [(1, "Greta Lind", "North"), (2, "Ivo Tamm", "South")],
        find=lambda text: [one for one in found if one.company.lower().startswith(text.lower())],
    )


class HandmadeOrders(HandmadeDesk):
    """The desk of the orders. `refuse` is said by the next act; `asked` is what was done."""

    def __init__(self, lines: tuple[OrderLine, ...] = ORDERS) -> None:
        super().__init__(FLOOR)
        self.followups: Any = customers()
        self.lines = {line.order_id: line for line in lines}
        self.sequence = [line.order_id for line in lines]
        self.pieces: dict[int, list[Fact]] = {line.order_id: [] for line in lines}
        self.felt: dict[int, list[Feeling]] = {line.order_id: [] for line in lines}
        self.past: dict[int, list[PastReview]] = {line.order_id: [] for line in lines}
        self.library = list(SOLUTIONS)
        self.calls_of: dict[int, LinkableCall] = {7: CALL, 3: replace(CALL, started_us=NOW - 3 * DAY)}
        self.undoing: list[Callable[[], str]] = []
        self.refuse: Exception | None = None
        self.next_id = 1

    # Reading

    @property
    def orders(self) -> Any:
        return SimpleNamespace(**{name: getattr(self, f"_{name}") for name in _ORDERS})

    def _orders(self) -> OrdersSnapshot:
        self.reads += 1
        if self.failure:
            raise self.failure
        lines = tuple(self._line(one) for one in self.sequence if self.lines[one].status == "open")
        left = sum(one.wants_review for one in lines)
        total = sum(one.expected_cents for one in lines)
        return OrdersSnapshot(
            TODAY, NOW, "Nordlicht", "Europe/Berlin", 0.61, FLOOR.sources, "EUR", lines, left, Forecast(total, {}, {}),
            total, False, ("North", "South"),
        )  # fmt: skip

    def _line(self, order_id: int) -> OrderLine:
        line, pieces = self.lines[order_id], self.pieces[order_id]
        score = int(sum(one.points for one in pieces))
        only = line.feelings_only and not pieces
        marks = tuple(mark for mark in line.marks if mark != "FEELINGS ONLY" or only)
        wants = line.overdue or line.reviewed_us is None or (bool(marks) and line.reviewed_us < NOW)
        facts = tuple(one.code for one in pieces)
        return replace(line, score=score, facts=facts, feelings_only=only, marks=marks, wants_review=wants)

    def _order(self, order_id: int) -> OrderReview:
        if order_id not in self.lines:
            raise LookupError("this order does not exist any more")
        pieces = self.pieces[order_id]
        known = {one.code for one in pieces}
        return OrderReview(
            self._line(order_id), tuple(reversed(pieces)),
            tuple(code for code in evidence.WEIGHTS if code not in known), tuple(reversed(self.felt[order_id])),
            tuple(reversed(self.past[order_id])), Record(3, 6, 1, 0.2), self.calls_of.get(order_id),
            tuple(self.library), "manufacturer", "wants it in writing before the board meets", None, 0,
        )  # fmt: skip

    def _stages(self) -> tuple[str, ...]:
        return ("interest", "offer", "negotiation", "contract")

    def _examination(self, specialist_id: int) -> Examination:
        name, team = {1: ("Greta Lind", "North"), 2: ("Ivo Tamm", "South")}[specialist_id]
        causes = (
            Cause("few new customers", "seen", (Figure("first contacts in 30 days", 4, 11),)),
            Cause("low effort", "not seen", (Figure("dials a day", 71.5, 68, 80), Figure("talk minutes", 61, 55))),
            Cause("low skill", "unknown", (Figure("effective per connected", None, 0.41),)),
            Cause("industry change", "unknown", ()),
            Cause("stale script", "seen", (Figure("effective per connected", 0.2, 0.4, None, 0.31),)),
            Cause("wrong direction", "not seen", (Figure("contacts outside the tiers", 0.1, 0.12),)),
        )  # fmt: skip
        return Examination(specialist_id, name, team, TODAY, 5, causes)

    def _solutions(self) -> list[SolutionLine]:
        return list(self.library)

    def _solution_for(self, solution_id: int, customer_id: int | None, form: str) -> str:
        self.asked.append(("solution_for", solution_id, customer_id, form))
        return f"{form} of {solution_id} for {customer_id}\n"

    # Acts

    def _do(self, order_id: int, seen: int, words: str, undo: Callable[[], object], **values: Any) -> str:
        """Change an order that `seen` is the version of, and remember how that is taken back."""
        line = self.lines[order_id]
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        if line.version != seen:
            raise RefusedError(f"Anna changed {line.ref} just now; look at it again, nothing was overwritten")
        if line.status != "open":
            raise RefusedError(f"{line.ref} is {line.status} already")
        self.lines[order_id] = replace(line, version=line.version + 1, **values)

        def back() -> str:
            undo()
            self.lines[order_id] = replace(line, version=self.lines[order_id].version + 1)
            return f"undone: {line.ref} {line.company}: {words}"

        self.undoing.append(back)
        return f"{line.ref} {line.company}: {words}"

    def undo(self) -> str | None:
        self.asked.append(("undo",))
        return self.undoing.pop()() if self.undoing else None

    def change(self, order_id: int, **values: Any) -> None:  # type: ignore[override]
        """Somebody else changes an order, and the screens hear of it."""
        line = self.lines[order_id]
        self.lines[order_id] = replace(line, version=line.version + 1, **values)
        self._changed.set()

    def _hear(self, order_id: int, seen: int, code: str, call: tuple[int, str] | None) -> str:
        self.asked.append(("hear", order_id, seen, code, call))
        worth = evidence.WEIGHTS[code] * (1.0 if call else 0.5)
        fact = Fact(
            self.next_id, code, evidence.WEIGHTS[code], worth, NOW, call is not None, "call 14:02" if call else "", "",
            "anna",
        )  # fmt: skip
        self.next_id += 1
        pieces = self.pieces[order_id]
        said = self._do(order_id, seen, f"{code}, {'linked' if call else 'only typed'}", lambda: pieces.remove(fact))
        pieces.append(fact)
        return said

    def _withdraw(self, evidence_id: int, seen: int) -> str:
        self.asked.append(("withdraw", evidence_id, seen))
        order_id, fact = next((o, f) for o, found in self.pieces.items() for f in found if f.evidence_id == evidence_id)
        pieces = self.pieces[order_id]
        said = self._do(order_id, seen, f"taken back: {fact.code}", lambda: pieces.append(fact))
        pieces.remove(fact)
        return said

    def _feel(self, order_id: int, seen: int, note: str) -> str:
        self.asked.append(("feel", order_id, seen, note))
        feeling = Feeling(self.next_id, note, NOW, "anna")
        self.next_id += 1
        said = self._do(order_id, seen, "a feeling", lambda: self.felt[order_id].remove(feeling))
        self.felt[order_id].append(feeling)
        return said

    def _claim(self, order_id: int, seen: int, by_day: int, percent: int) -> str:
        self.asked.append(("claim", order_id, seen, by_day, percent))
        return self._do(order_id, seen, "signs by", lambda: None, claimed_by=by_day, claim_percent=percent)

    def _review(self, order_id: int, seen: int, **told: Any) -> str:
        self.asked.append(("review", order_id, seen, told))
        past, step = self.past[order_id], told["next_step"]
        values = {"reviewed_us": NOW, "overdue": False, "recheck_day": told["recheck_day"]}
        values["marks"] = tuple(mark for mark in self.lines[order_id].marks if mark != "recheck")
        if step is not None:
            values["next_step"] = step
        said = self._do(order_id, seen, "reviewed", lambda: past.pop(), **values)
        past.append(
            PastReview(
                NOW, "anna", step or "", told["guidance"], told["guidance_text"], "", told["recheck_day"], None, 0
            )
        )
        return said

    def _stage(self, order_id: int, seen: int, stage: str) -> str:
        self.asked.append(("stage", order_id, seen, stage))
        return self._do(order_id, seen, f"-> {stage}", lambda: None, stage=stage)

    def _amount(self, order_id: int, seen: int, cents: int) -> str:
        self.asked.append(("amount", order_id, seen, cents))
        return self._do(order_id, seen, "amount", lambda: None, amount_cents=cents)

    def _create(self, customer_id: int, specialist_id: int | None, package: str, cents: int, stage: str) -> str:
        self.asked.append(("create", customer_id, specialist_id, package, cents, stage))
        return "O-50 Tallinn Tools: a new order"

    def _sign(self, order_id: int, seen: int, day: int, cents: int, clauses: str, approved_by: str) -> str:
        self.asked.append(("sign", order_id, seen, day, cents, clauses, approved_by))
        return self._do(order_id, seen, "signed", lambda: None, status="signed")

    def _lose(self, order_id: int, seen: int, why: str) -> str:
        self.asked.append(("lose", order_id, seen, why))
        return self._do(order_id, seen, f"lost, {why}", lambda: None, status="lost")

    def _save_solution(
        self, solution_id: int | None, title: str, customer_type: str, objection: str, body: str, version: int
    ) -> str:
        self.asked.append(("save_solution", solution_id, title, customer_type, objection, body, version))
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        made = SolutionLine(solution_id or 9, title, customer_type, objection, body, "anna", NOW, version + 1)
        self.library = [*(one for one in self.library if one.solution_id != solution_id), made]
        return f"{title}: in the library now"

    def _retire_solution(self, solution_id: int, version: int) -> str:
        self.asked.append(("retire_solution", solution_id, version))
        self.library = [one for one in self.library if one.solution_id != solution_id]
        return "offered no more"

    def did(self, *names: str) -> list[tuple[Any, ...]]:
        """What was asked for of these kinds."""
        return [one for one in self.asked if one[0] in names]


_ORDERS = (
    "orders", "order", "stages", "examination", "solutions", "solution_for", "hear", "withdraw", "feel", "claim",
    "review", "stage", "amount", "create", "sign", "lose", "save_solution", "retire_solution",
)  # fmt: skip
