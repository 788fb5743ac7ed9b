"""What a supervisor does with a step, an onboarding or an enquiry. Each act says what came of it, or why it cannot be
done. What an act is about is settled when its key is pressed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from screens.onboarding.lists import ENQUIRIES
from screens.onboarding.paying import payment
from screens.onboarding.present import BLOCKED, parties
from screens.widgets.dialogs import Ask, Option
from screens.widgets.form import Field, Form
from screens.widgets.prompt import Prompt
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.onboarding.screen import OnboardingScreen
    from supervisor.duties.onboarding.snapshots import EnquiryLine, StepLine

DIRECTOR, ASSISTANT = "director", "assistant"
"""What the duty calls parties."""
STEP_KEYS = ("step-done", "send-back", "prod", "reassign")


class Versions:
    """Which version follows one that a person saw, by acts of their own: keys may be faster than the list is read
    anew. What somebody else changed is nobody's own, and is told."""

    def __init__(self) -> None:
        self._next: dict[tuple[str, int, int], int] = {}

    def of(self, kind: str, one: int, seen: int) -> int:
        """Return the version that own acts made of the one seen."""
        while (after := self._next.get((kind, one, seen))) is not None:
            seen = after
        return seen

    def became(self, kind: str, one: int, before: int, after: int) -> None:
        """Remember what an own act made of a version."""
        if after > before:
            self._next[kind, one, before] = after


# -- why not ------------------------------------------------------------------------------------------------------


def reasons(screen: OnboardingScreen) -> Mapping[str, str]:
    """Return by id why a key can do nothing now."""
    found = dict(_of_enquiry(screen) if screen.list == ENQUIRIES else _of_step(screen))
    if screen.onboarding_id is None:
        found["stop"] = "no customer is marked"
    if screen.list != ENQUIRIES:
        found["hand-enquiry"] = "the enquiries are another list"
    return found


def _of_step(screen: OnboardingScreen) -> Mapping[str, str]:
    line, snapshot = screen.step, screen.onboarding
    if line is None or snapshot is None:
        return dict.fromkeys(STEP_KEYS, "no step is marked")
    words, found = safe(line.words or line.code, 30), dict[str, str]()
    if line.state == BLOCKED:
        why = f"{words} waits on {parties(line) or 'others'}"
        found = {"step-done": why, "send-back": why}
    elif line.role == DIRECTOR and not snapshot.may_audit:
        why = f"{words} is a director's: floor.directors names them"
        found = {"step-done": why, "send-back": why}
    elif not line.back_to:
        found["send-back"] = f"nothing comes before {words} that could be done again"
    return found


def _of_enquiry(screen: OnboardingScreen) -> Mapping[str, str]:
    line = screen.enquiry
    found = dict.fromkeys(STEP_KEYS, "an enquiry is no step")
    if line is None:
        return found | dict.fromkeys(("step-done", "hand-enquiry"), "no enquiry is marked")
    name = safe(line.company, 30)
    found.pop("step-done")
    if line.answered_us is not None:
        found["step-done"] = f"{name} is answered already"
    if line.handed_us is not None:
        found["hand-enquiry"] = f"{name} is handed over already"
    return found


def act(screen: OnboardingScreen, key: str) -> None:
    """Do what the key with the id `key` does, or say why it cannot."""
    if why := reasons(screen).get(key):
        screen.tell(f"{why[0].upper()}{why[1:]}.", "watch")
    elif screen.desk is None:
        screen.tell("The store is not open yet.", "watch")
    elif key == "new-enquiry":
        new_enquiry(screen)
    elif key == "payment":
        payment(screen, screen.desk)
    elif key == "stop":
        stop(screen)
    elif screen.list == ENQUIRIES and (enquiry := screen.enquiry) is not None:
        {"step-done": answered, "hand-enquiry": hand}[key](screen, enquiry)
    elif (line := screen.step) is not None:
        {"step-done": done, "send-back": send_back, "prod": prod, "reassign": reassign}[key](screen, line)


# -- steps --------------------------------------------------------------------------------------------------------


def _turn(
    screen: OnboardingScreen,
    onboarding_id: int,
    seen: int,
    doing: Callable[[Desk, int], str],
    after: Callable[[], None] = lambda: None,
) -> None:
    """Do an act on an onboarding of which `seen` is the version, after the acts before it; then `after`."""

    def work(desk: Desk) -> str:
        version = screen.versions.of("onboarding", onboarding_id, seen)
        said = doing(desk, version)
        after()
        with contextlib.suppress(LookupError):
            screen.versions.became("onboarding", onboarding_id, version, desk.onboarding.file(onboarding_id).version)
        return said

    screen.act(work)


def _named(line: StepLine) -> str:
    return f"{safe(line.words or line.code, 36)} of {safe(line.company, 24)}"


def done(screen: OnboardingScreen, line: StepLine) -> None:
    """The step is done, or approved."""
    leave = screen.going.leaving(screen.board, line)
    doing = lambda desk, version: desk.onboarding.done(line.step_id, version)  # noqa: E731
    _turn(screen, line.onboarding_id, line.version, doing, leave)


def send_back(screen: OnboardingScreen, line: StepLine) -> None:
    """Send the step back: to which one, where there is a choice, and why."""

    def why(to: str) -> None:
        title = f"{safe(line.company, 24)}: back to {safe(dict(line.back_to)[to], 36)}: why?"
        screen.app.push_screen(Prompt(title, lambda reason: back(to, reason), hint="the reason, which is kept"))

    def back(to: str, reason: str) -> None:
        leave = screen.going.leaving(screen.board, line)
        doing = lambda desk, version: desk.onboarding.send_back(line.step_id, version, to, reason)  # noqa: E731
        _turn(screen, line.onboarding_id, line.version, doing, leave)

    if len(line.back_to) == 1:
        why(line.back_to[0][0])
        return
    options = [Option(code, safe(words, 60)) for code, words in line.back_to]
    screen.app.push_screen(Prompt(f"{_named(line)}: back to which step?", why, options=options))


def prod(screen: OnboardingScreen, line: StepLine) -> None:
    """Remind who must act; the note may be empty."""

    def then(note: str) -> None:
        doing = lambda desk, _: desk.onboarding.prod(line.step_id, note)  # noqa: E731
        _turn(screen, line.onboarding_id, line.version, doing, screen.going.acting(line))

    title = f"Prod {parties(line) or safe(line.holder or line.role, 40)}: {_named(line)}"
    screen.app.push_screen(Prompt(title, then, hint="a note, or enter at once", needed=False))


def reassign(screen: OnboardingScreen, line: StepLine) -> None:
    """Give the step to somebody else of its role; an assistant may be somebody new, as may whoever has a role that
    nobody is known to have."""

    async def choose(desk: Desk) -> None:
        names = await asyncio.to_thread(desk.onboarding.holders, line.role)
        free = line.role == ASSISTANT or not names
        options = [Option(name, safe(name, 40), "now" if name == line.holder else "") for name in names]
        coming = next((name for name in names if name != line.holder), "")
        title = f"{_named(line)}: who does it?"
        hint = "a name" if free else ""
        screen.app.push_screen(Prompt(title, then, options=options, free=free, marked=coming, hint=hint))

    def then(name: str) -> None:
        doing = lambda desk, version: desk.onboarding.reassign(line.step_id, version, name)  # noqa: E731
        _turn(screen, line.onboarding_id, line.version, doing, screen.going.acting(line))

    screen.beside(choose)


def _version(screen: OnboardingScreen, onboarding_id: int) -> int:
    """Return the version of an onboarding that is seen: in the list, else beside it."""
    file, found = screen.page.file, screen.onboarding
    lines = found.steps if found is not None else ()
    known = file.version if file is not None and file.customer.onboarding_id == onboarding_id else 0
    return next((line.version for line in lines if line.onboarding_id == onboarding_id), known)


def stop(screen: OnboardingScreen) -> None:
    """End an onboarding: for a reason that is typed, and asked once more."""
    customer = screen.customer
    if customer is None:
        return
    name, one, seen = safe(customer.company, 40), customer.onboarding_id, _version(screen, customer.onboarding_id)

    owed = customer.steps - customer.done

    def why(reason: str) -> None:
        async def sure(desk: Desk) -> None:
            consequence = f"{owed} steps are owed no more. {safe(reason, 60)}"
            if await screen.app.push_screen_wait(Ask(f"End the onboarding of {name}?", consequence, "end it")):
                _turn(screen, one, seen, lambda desk, version: desk.onboarding.stop(one, version, reason))

        screen.beside(sure)

    screen.app.push_screen(Prompt(f"Why does {name} not go live?", why, hint="the reason, which is kept"))


# -- enquiries ----------------------------------------------------------------------------------------------------


def _of(screen: OnboardingScreen, line: EnquiryLine, doing: Callable[[Desk, int], str]) -> None:
    def work(desk: Desk) -> str:
        version = screen.versions.of("enquiry", line.enquiry_id, line.version)
        said = doing(desk, version)
        for one in desk.onboarding.enquiries().enquiries:
            if one.enquiry_id == line.enquiry_id:
                screen.versions.became("enquiry", line.enquiry_id, version, one.version)
        return said

    screen.act(work)


def answered(screen: OnboardingScreen, line: EnquiryLine) -> None:
    """The enquiry was answered: by whose it is, or by whom, where it is nobody's."""

    def then(name: str) -> None:
        doing = lambda desk, version: desk.onboarding.answer_enquiry(line.enquiry_id, version, name)  # noqa: E731
        _of(screen, line, doing)

    if line.assistant:
        then("")
        return

    async def choose(desk: Desk) -> None:
        names = await asyncio.to_thread(desk.onboarding.holders, ASSISTANT)
        options = [Option(name, safe(name, 40)) for name in names]
        title = f"{safe(line.company, 40)}: who answered?"
        screen.app.push_screen(Prompt(title, then, options=options, free=True, hint="a name, or a new one"))

    screen.beside(choose)


def hand(screen: OnboardingScreen, line: EnquiryLine) -> None:
    """Hand who is interested to a specialist."""

    async def choose(desk: Desk) -> None:
        people = await asyncio.to_thread(desk.followups.specialists)
        options = [Option(str(one), safe(name, 40), safe(team, 30)) for one, name, team in people]
        if not options:
            screen.tell("Nobody is in the roster: supervisor import roster FILE", "watch")
            return
        screen.app.push_screen(Prompt(f"{safe(line.company, 40)}: whose customer?", then, options=options))

    def then(value: str) -> None:
        doing = lambda desk, version: desk.onboarding.hand_enquiry(line.enquiry_id, version, int(value))  # noqa: E731
        _of(screen, line, doing)

    screen.beside(choose)


def new_enquiry(screen: OnboardingScreen) -> None:
    """Write down an enquiry that came in now."""

    def check(values: Mapping[str, str]) -> None:
        if not values["company"]:
            raise ValueError("Who asked: a company, or a name.")

    def then(values: Mapping[str, str]) -> None:
        told = [values[name] for name in ("company", "number", "channel", "note", "assistant")]
        screen.act(lambda desk: desk.onboarding.add_enquiry(*told))

    snapshot = screen.snapshot.enquiries if screen.snapshot is not None else None
    names = ", ".join(safe(one.name, 20) for one in snapshot.assistants[:3]) if snapshot is not None else ""
    fields = [
        Field("company", "Who asked", "", "a company, or a name"),
        Field("number", "Number", "", "none known"),
        Field("channel", "By", "", "call, mail, website"),
        Field("note", "Asked for"),
        Field("assistant", "Assistant", "", f"nobody yet; {names}" if names else "nobody yet"),
    ]
    consequence = "It is to be answered within a day."
    screen.app.push_screen(Form("A new enquiry", fields, then, consequence=consequence, verb="keep it", check=check))
