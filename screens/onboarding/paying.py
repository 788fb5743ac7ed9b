"""A payment that came in: of whom, how much, for which package. It starts what is owed to the customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from screens.followups.acts import searching
from screens.widgets.form import Field, Form
from screens.widgets.prompt import Prompt
from supervisor.money import cents_of, shown
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.onboarding.screen import OnboardingScreen
    from supervisor.duties.followups.snapshots import QueueLine


def payment(screen: OnboardingScreen, desk: Desk) -> None:
    """Ask who paid, then how much, and record it."""
    found: dict[str, QueueLine] = {}
    hint = "the beginning of a name, a reference or a number"
    then = lambda key: _amount(screen, found[key])  # noqa: E731
    screen.app.push_screen(Prompt("A payment: of which customer?", then, hint=hint, search=searching(desk, found)))


def _amount(screen: OnboardingScreen, customer: QueueLine) -> None:
    currency = screen.onboarding.currency if screen.onboarding is not None else ""

    def amount(text: str) -> str:
        cents = cents_of(text, currency)
        if not cents:
            raise ValueError("an amount above 0 is expected")
        return f"{shown(cents)} {currency}"

    def then(values: Mapping[str, str]) -> None:
        screen.act(lambda desk: desk.onboarding.pay(customer.customer_id, values["amount"], values["package"]))

    fields = [
        Field("amount", f"Amount, {currency}", "", "9800 or 9 800.50", amount),
        Field("package", "Package", "", "that of the order, where there is one"),
    ]
    consequence = "It is recorded as received today, and starts what is owed to the customer."
    title = f"A payment of {safe(customer.company, 40)}"
    screen.app.push_screen(Form(title, fields, then, consequence=consequence, verb="record"))
