"""What a supervisor does with a flag: a key and a line decide it. Each says what came of it, or why it cannot be
done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.widgets.days import moment_short
from screens.widgets.dialogs import Option
from screens.widgets.form import Field, Form
from screens.widgets.prompt import Prompt
from supervisor.duties.discipline.snapshots import DISMISSED, TALKED, WARNED
from supervisor.money import cents_of, shown
from supervisor.text import is_typed, safe, to_type

if TYPE_CHECKING:
    from screens.desks.discipline import DisciplineDesk
    from screens.discipline.screen import DisciplineScreen
    from supervisor.duties.discipline.snapshots import FlagLine

DISMISSED_BECAUSE = ("excused", "measured wrongly", "agreed beforehand")
WARNED_BECAUSE = ("again after a talk", "no good reason was given", "against a clear rule")
"""The likely reasons, of which enter takes the marked one; anything else is typed."""


def act(screen: DisciplineScreen, name: str) -> None:
    """Do with the marked flag what the key flag-`name` does, or say why it cannot."""
    if why := screen.reasons().get(f"flag-{name}"):
        screen.tell(f"{why[0].upper()}{why[1:]}.", "watch")
    elif (line := screen.marked) is not None:
        ACTS[name](screen, line)


def titled(screen: DisciplineScreen, line: FlagLine) -> str:
    """Return in safe words whose flag it is, which and of when."""
    at = moment_short(line.at_us, screen.today, screen.floor_zone).strip()
    return f"{safe(line.specialist, 30)}, {safe(line.rule_words)} {at}"


def because(line: FlagLine, reasons: tuple[str, ...]) -> list[Option]:
    """Return the likely reasons; where the specialist has replied, what they said is the first."""
    said = [Option(f"explained: {line.reply}", f"explained: {safe(line.reply, 60)}")] if line.reply else []
    return [*said, *(Option(one, one) for one in reasons)]


def dismiss(screen: DisciplineScreen, line: FlagLine) -> None:
    """Nothing is held against them, and why."""
    then = lambda why: _decide(screen, line, DISMISSED, why)  # noqa: E731
    title = f"Dismiss {titled(screen, line)}: why?"
    hint = "or type another reason"
    screen.app.push_screen(Prompt(title, then, hint=hint, options=because(line, DISMISSED_BECAUSE), free=True))


def talked(screen: DisciplineScreen, line: FlagLine) -> None:
    """It was talked about; what of is told, or not."""
    then = lambda why: _decide(screen, line, TALKED, why)  # noqa: E731
    title = f"Talked with {titled(screen, line)}: what about?"
    screen.app.push_screen(Prompt(title, then, hint="what was agreed, or nothing", needed=False))


def warned(screen: DisciplineScreen, line: FlagLine) -> None:
    """A warning, and why."""
    then = lambda why: _decide(screen, line, WARNED, why)  # noqa: E731
    options = [Option(one, one) for one in WARNED_BECAUSE]
    title = f"Warn {titled(screen, line)}: why?"
    screen.app.push_screen(Prompt(title, then, hint="or type another reason", options=options, free=True))


def reply(screen: DisciplineScreen, line: FlagLine) -> None:
    """Keep what the specialist says to it; the flag waits on."""

    def then(text: str) -> None:
        screen.act(lambda desk: desk.discipline.reply(line.flag_id, line.version, text))

    title = f"{titled(screen, line)}: what do they say to it?"
    screen.app.push_screen(Prompt(title, then, typed=safe(line.reply, 400), hint="their own words"))


def fine(screen: DisciplineScreen, line: FlagLine) -> None:
    """A fine: amount, why, and the specialist's name typed to confirm. What was typed for one that is refused is there
    again at the next try."""
    kept, currency = screen.drafts.get(line.flag_id, {}), screen.currency

    def then(values: Mapping[str, str]) -> None:
        screen.drafts[line.flag_id] = dict(values)
        screen.decided(
            line,
            lambda desk: desk.fine(line.flag_id, line.version, values["amount"], values["why"], values["name"]),
        )

    fields = [
        Field("amount", f"Amount, {currency}", kept.get("amount", ""), "", _amount(currency)),
        Field("why", "Why", kept.get("why", ""), "", _needed("say why: it is kept")),
        Field("name", "Their name", "", "", named(line.specialist)),
    ]
    consequence = f"It is entered in the ledger of fines; {screen.hints('undo')[0].text.strip()} takes it back."
    screen.app.push_screen(Form(f"Fine {titled(screen, line)}", fields, then, consequence=consequence, verb="fine"))


def reward(screen: DisciplineScreen, line: FlagLine) -> None:
    """A merit's reward: an amount, or thanks alone, and why."""
    kept, currency = screen.drafts.get(line.flag_id, {}), screen.currency

    def then(values: Mapping[str, str]) -> None:
        screen.drafts[line.flag_id] = dict(values)
        screen.decided(line, lambda desk: desk.reward(line.flag_id, line.version, values["amount"], values["why"]))

    def amount(text: str) -> str:
        return _amount(currency)(text) if text else "thanks alone"

    fields = [
        Field("amount", f"Amount, {currency}", kept.get("amount", ""), "nothing: thanks alone", amount),
        Field("why", "Why", kept.get("why", safe(line.words, 200)), "", _needed("say why: it is kept")),
    ]
    consequence = "An amount is entered in the ledger of rewards."
    title = f"Reward {titled(screen, line)}"
    screen.app.push_screen(Form(title, fields, then, consequence=consequence, verb="reward"))


def named(name: str) -> Callable[[str], str]:
    """Return what takes `name` alone: whoever fines says whom."""

    def meaning(text: str) -> str:
        if not is_typed(text, name):
            raise ValueError(f"type {safe(to_type(name))} to confirm")
        return "confirmed"

    return meaning


def _amount(currency: str) -> Callable[[str], str]:
    """Return what reads an amount of money above 0 and says it."""

    def meaning(text: str) -> str:
        if not (cents := cents_of(text, currency)):
            raise ValueError("an amount above 0 is expected")
        return f"{shown(cents)} {currency}"

    return meaning


def _needed(otherwise: str) -> Callable[[str], str]:
    """Return what takes any text; of an empty line it says what is wanted."""

    def meaning(text: str) -> str:
        if not text:
            raise ValueError(otherwise)
        return ""

    return meaning


def _decide(screen: DisciplineScreen, line: FlagLine, decision: str, why: str) -> None:
    def doing(desk: DisciplineDesk) -> str:
        return desk.decide(line.flag_id, line.version, decision, why)

    screen.decided(line, doing)


ACTS: Mapping[str, Callable[[DisciplineScreen, FlagLine], None]] = {
    "dismiss": dismiss, "talked": talked, "warned": warned, "fine": fine, "reward": reward, "reply": reply,
}  # fmt: skip
"""By the key's id without "flag-"."""
