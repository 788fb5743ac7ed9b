"""What the keys of the review ask for: a line each, at the foot of the screen. What makes the review is kept until that
is done; acts are done at once, and what was typed for one that is refused is there again at the next try."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events

from screens.keys import on_cyrillic
from screens.orders import words
from screens.orders.acts import close
from screens.orders.rounds import Draft
from screens.orders.seen import Did
from screens.widgets import days
from screens.widgets.cells import Cell
from screens.widgets.dialogs import Option
from screens.widgets.form import Field, Form
from screens.widgets.prompt import Prompt
from supervisor.money import shown
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desks.orders import OrdersDesk
    from screens.orders.review import ReviewScreen
    from supervisor.duties.orders.snapshots import OrderReview

DAYS = "fri, tomorrow, +2d, 27.11"
GUIDANCE = {"p": "praise", "c": "correction", "s": "solution"}


def _push(screen: ReviewScreen, prompt: Prompt | Form) -> None:
    screen.app.push_screen(prompt)


def _keep(screen: ReviewScreen, draft: Draft, name: str, value: object) -> None:
    setattr(draft, name, value)
    screen.draw()


def asked(screen: ReviewScreen) -> None:
    """Note what was asked."""
    draft = screen.draft
    _push(
        screen,
        Prompt("What did you ask?", lambda text: _keep(screen, draft, "asked", text), typed=draft.asked, needed=False),
    )


def next_step(screen: ReviewScreen) -> None:
    """Say what comes next."""
    draft, line = screen.draft, screen.line
    typed = draft.next_step if draft.next_step is not None else line.next_step if line else ""
    then = lambda text: _keep(screen, draft, "next_step", text)  # noqa: E731
    _push(screen, Prompt("What does the specialist do next?", then, typed=safe(typed), needed=False))


def recheck(screen: ReviewScreen) -> None:
    """Say when to look again."""
    draft, today = screen.draft, screen.today
    _push(
        screen,
        Prompt(
            "When do you look again?",
            lambda text: _keep(screen, draft, "recheck", words.coming(text, today)),
            hint=DAYS,
            meaning=lambda text: days.told(words.coming(text, today), today),
        ),
    )


class GuidancePrompt(Prompt):
    """One key says which guidance it is, then a few words; enter alone takes it away."""

    def __init__(self, draft: Draft, kept: Callable[[str, str], None]) -> None:
        super().__init__("Guidance", lambda text: kept(self.kind, text), typed=safe(draft.guidance_text), needed=False)
        self.kind = ""

    def took(self, event: events.Key) -> bool:
        if self.kind or not event.is_printable:
            return False
        for letter, kind in GUIDANCE.items():
            if event.character in on_cyrillic(letter).split(","):
                self.kind = kind
                self._say()
        return True

    def asking(self) -> Sequence[Cell]:
        if self.kind:
            return [Cell(self.kind.capitalize(), "title"), Cell("   in a few words, or enter", "quiet")]
        cells = [Cell("Guidance   ", "title")]
        for letter, kind in GUIDANCE.items():
            cells += [Cell(f"{letter} ", "key"), Cell(f"{kind}   ", "text")]
        return cells


def guidance(screen: ReviewScreen) -> None:
    """Praise, correct, or name a solution."""
    draft = screen.draft

    def kept(kind: str, text: str) -> None:
        if kind == "solution" and not text and draft.solution is None:
            screen.tell("Which solution? s attaches one, or write it in a few words.", "watch")
            return
        draft.guidance, draft.guidance_text = kind, text if kind else ""
        screen.draw()

    _push(screen, GuidancePrompt(draft, kept))


def attach(screen: ReviewScreen) -> None:
    """Attach a solution of the library: those for this type of customer first."""
    draft, review = screen.draft, screen.review
    if review is None or not review.solutions:
        screen.tell("The library has no solution yet: l in the list of orders writes one.", "watch")
        return
    by_id = {str(one.solution_id): one for one in review.solutions}
    options = [
        Option(
            value, safe(f"{one.objection} · {one.title}" if one.objection else one.title, 90), safe(one.customer_type)
        )
        for value, one in by_id.items()
    ]
    if draft.solution is not None:
        options.append(Option("", "none"))

    def then(value: str) -> None:
        _keep(screen, draft, "solution", (int(value), by_id[value].title) if value else None)

    kind = f" for {safe(review.customer_type, 30)}" if review.customer_type else ""
    _push(screen, Prompt(f"Which solution{kind}?", then, options=options))


# -- acts that are done at once -----------------------------------------------------------------------------------


def _act(
    screen: ReviewScreen, name: str, doing: Callable[[OrdersDesk, int, int, str], str]
) -> tuple[str, Callable[[str], None]]:
    """Return what was typed for this act when it was refused, and what does it with a text."""
    draft, seen = screen.draft, screen.mark()

    def done(review: OrderReview) -> None:
        draft.typed.pop(name, None)
        screen.memory.done(Did(seen.order_id, name))

    def then(text: str) -> None:
        screen.turn(
            seen,
            lambda orders, version: doing(orders, seen.order_id, version, text),
            done=done,
            refused=lambda: draft.typed.update({name: text}),
        )

    return draft.typed.get(name, ""), then


def feeling(screen: ReviewScreen) -> None:
    """Record what is only felt."""
    typed, then = _act(screen, "feeling", lambda orders, one, seen, text: orders.feel(one, seen, text))
    _push(screen, Prompt("What is only felt? It is kept, and worth nothing", then, typed=typed))


def claim(screen: ReviewScreen) -> None:
    """Keep by when the specialist says it is signed."""
    today = screen.today

    def doing(orders: OrdersDesk, order_id: int, seen: int, text: str) -> str:
        return orders.claim(order_id, seen, *words.claim(text, today))

    def meaning(text: str) -> str:
        day, percent = words.claim(text, today)
        return f"signs by {days.told(day, today)}, {percent} % sure"

    typed, then = _act(screen, "claim", doing)
    line = screen.line
    name = safe(line.specialist, 30) if line is not None and line.specialist else "the specialist"
    title = f"By when does {name} say it is signed?"
    _push(screen, Prompt(title, then, typed=typed, hint="fri, fri 80%, +2d 60%", meaning=meaning))


def stage(screen: ReviewScreen) -> None:
    """Move the order on."""
    now = screen.line.stage if screen.line is not None else ""
    stages = screen.stages
    coming = stages[stages.index(now) + 1 :] if now in stages else stages
    options = [Option(one, safe(one), "now" if one == now else "") for one in stages]
    _, then = _act(screen, "stage", lambda orders, one, seen, text: orders.stage(one, seen, text))
    _push(screen, Prompt("Which stage?", then, options=options, free=True, marked=next(iter(coming), now)))


def amount(screen: ReviewScreen) -> None:
    """Set what it is worth."""
    assert screen.snapshot is not None
    currency, line = screen.snapshot.orders.currency, screen.line

    def doing(orders: OrdersDesk, order_id: int, seen: int, text: str) -> str:
        return orders.amount(order_id, seen, words.cents(text, currency))

    typed, then = _act(screen, "amount", doing)
    _push(
        screen,
        Prompt(
            f"What is the order worth, in {currency}?",
            then,
            typed=typed or (shown(line.amount_cents) if line is not None else ""),
            meaning=lambda text: f"{shown(words.cents(text, currency))} {currency}",
        ),
    )


def lose(screen: ReviewScreen) -> None:
    """Close an order that will not be signed."""
    line, seen, draft = screen.line, screen.mark(), screen.draft
    name = safe(line.company, 30) if line is not None else ""

    def then(why: str) -> None:
        close(screen, seen, lambda orders, version: orders.lose(seen.order_id, version, why), {"lose": why})

    title = f"Lost: why will {name} not sign? The order is closed with this."
    _push(screen, Prompt(title, then, typed=draft.typed.get("lose", "")))


def sign(screen: ReviewScreen) -> None:
    """Sign it: when, for how much, with which clauses, approved by whom."""
    assert screen.snapshot is not None
    line, today, currency, seen = screen.line, screen.today, screen.snapshot.orders.currency, screen.mark()
    if line is None:
        return
    kept = screen.draft.typed

    def then(values: Mapping[str, str]) -> None:
        def doing(orders: OrdersDesk, version: int) -> str:
            day, cents = words.past(values["day"], today), words.cents(values["amount"], currency)
            return orders.sign(seen.order_id, version, day, cents, values["clauses"], values["approved"])

        close(screen, seen, doing, {f"sign-{name}": text for name, text in values.items()})

    def check(values: Mapping[str, str]) -> None:
        if values["clauses"] and not values["approved"]:
            raise ValueError("Clauses of its own need an approval: say whose.")

    fields = [
        Field("day", "Signed on", kept.get("sign-day", "today"), "today, yesterday, fri, 20.11",
              lambda text: days.told(words.past(text, today), today)),
        Field("amount", f"Amount, {currency}", kept.get("sign-amount", shown(line.amount_cents)), "",
              lambda text: f"{shown(words.cents(text, currency))} {currency}"),
        Field("clauses", "Own clauses", kept.get("sign-clauses", ""), "none"),
        Field("approved", "Approved by", kept.get("sign-approved", ""), "whoever approved the clauses"),
    ]  # fmt: skip
    title = f"{safe(line.company, 40)} has signed"
    consequence = "The order is closed, and its customer is signed from now on."
    _push(screen, Form(title, fields, then, consequence=consequence, verb="sign", check=check))


ASK: Mapping[str, Callable[[ReviewScreen], None]] = {
    "asked": asked, "next_step": next_step, "guidance": guidance, "attach": attach, "recheck": recheck,
    "feeling": feeling, "claim": claim, "stage": stage, "amount": amount, "sign": sign, "lose": lose,
}  # fmt: skip
"""By the action of a key: what it asks."""
