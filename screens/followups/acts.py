"""What a supervisor does with a customer. Each act says what came of it, or why it cannot be done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import events

from screens import phones
from screens.followups.present import frame, th
from screens.followups.story import UNPROVED
from screens.keys import on_cyrillic
from screens.widgets.days import distance, long
from screens.widgets.dialogs import Ask, Option
from screens.widgets.prompt import Prompt
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.desk import Desk
    from screens.followups.screen import FollowupsScreen
    from supervisor.duties.followups.snapshots import QueueLine

Doing = Callable[["FollowupsScreen", "Desk", "QueueLine"], Awaitable[object]]

CHANNELS = (Option("call", "c  call"), Option("visit", "v  visit"), Option("reply", "r  reply in writing"))
OPEN = ("prospect", "open")


def reasons(screen: FollowupsScreen) -> Mapping[str, str]:
    """Return by id why a key can do nothing on the marked customer now."""
    line, snapshot = screen.customer, screen.followups
    if line is None or snapshot is None:
        return dict.fromkeys(ACTS, "no customer is marked")
    name, found = safe(line.company, 30), dict[str, str]()
    if line.taken_by and line.taken_by == snapshot.who:
        found["take-over"] = f"{name} is yours already"
    if line.status not in OPEN:
        found["park"] = f"{name} is {safe(line.status)}"
    elif line.contacts <= snapshot.window.last:
        found["park"] = f"{name} is not past the window"
    if line.status in OPEN:
        found["reopen"] = f"{name} is open"
    if not line.number:
        found["dial-customer"] = f"of {name} no number is known"
    elif line.owner_id is None:
        found["dial-customer"] = f"{name} has no owner whose phone could dial"
    entry = screen.entry
    if not screen.detail_open:
        found["accept"] = "enter opens the story, where a log can be accepted"
    elif entry is None or entry.mark != UNPROVED:
        found["accept"] = "the marked line is no log that lacks a call"
    return found


def act(screen: FollowupsScreen, key: str) -> None:
    """Do with the marked customer what the key with the id `key` does, or say why it cannot."""
    doing = ACTS[key]
    if why := reasons(screen).get(key):
        screen.tell(f"{why[0].upper()}{why[1:]}.", "watch")
    elif (line := screen.customer) is not None:
        screen.beside(lambda desk: doing(screen, desk, line))


class Letters(Prompt):
    """A question that the first letter of an option answers, without enter."""

    def took(self, event: events.Key) -> bool:
        for option in CHANNELS:
            if event.character is not None and event.character in on_cyrillic(option.value[0]).split(","):
                self.answer(option.value)
        return event.is_printable


async def ask(screen: FollowupsScreen, title: str, kind: type[Prompt] = Prompt, **more: Any) -> str | None:
    """Return what a question at the foot of the screen was answered, None where it was left."""
    answers: list[str] = []
    await screen.app.push_screen_wait(kind(title, answers.append, **more))
    return answers[0] if answers else None


# -- contacts -----------------------------------------------------------------------------------------------------


async def contact(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Log a contact of now, as the owner's, or as this person's own where the customer was taken over."""
    whose = None if line.taken_by else line.owner_id
    by = f" by {safe(line.owner, 20)}" if whose is not None else ""
    channel = await ask(screen, f"Contact{by} with {safe(line.company, 40)}: how?", Letters, options=CHANNELS)
    if channel is None:
        return
    said = await ask(
        screen,
        f"{channel.capitalize()} with {safe(line.company, 40)}: what came of it?",
        hint="outcome: note",
        meaning=lambda text: noted(*outcome(text)),
        needed=False,
    )
    if said is not None:
        await screen.done(lambda desk: desk.followups.log_contact(line.customer_id, channel, *outcome(said), whose))


def outcome(text: str) -> tuple[str, str]:
    """Return outcome and note of what was typed: what stands before the first colon and blank is the outcome."""
    before, colon, after = text.strip().partition(": ")
    return (before.strip(), after.strip()) if colon else ("", text.strip())


def noted(came: str, note: str) -> str:
    """Return in words what is going to be kept."""
    if not came and not note:
        return "logged without a word"
    return ", ".join(
        [*([f"outcome {safe(came, 40)!r}"] if came else []), *([f"note {safe(note, 60)!r}"] if note else [])]
    )


async def plan(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Plan the next contact: a day as people say it, then what for."""
    today = frame(screen.followups).today if screen.followups else 0

    def meaning(text: str) -> str:
        day, what_for = day_and_purpose(text, desk.followups.day)
        if day is None:
            return "no contact planned"
        said = f"{long(day, today)}, {distance(day, today)}"
        return f"{said}: {safe(what_for, 60)}" if what_for else said

    now = "" if line.next_day is None else f", now {long(line.next_day, today)}"
    typed = await ask(
        screen,
        f"Next contact with {safe(line.company, 40)}{now}: when, and what for?",
        hint="fri, send the offer   +2d   27.11   nothing: no plan",
        meaning=meaning,
        needed=False,
    )
    if typed is not None:
        await screen.done(
            lambda desk: desk.followups.plan(line.customer_id, *day_and_purpose(typed, desk.followups.day))
        )


def day_and_purpose(text: str, day_of: Callable[[str], int]) -> tuple[int | None, str]:
    """Return the day, and what stands behind the first comma; no day where nothing was typed. ValueError in words."""
    day, _, what_for = text.strip().partition(",")
    if not day.strip():
        if what_for.strip():
            raise ValueError("a day is wanted before the comma")
        return None, ""
    return day_of(day.strip()), what_for.strip()


async def accept(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Let the marked log count, though no call is behind it."""
    entry = screen.entry
    if entry is not None and (entry_id := entry.entry_id) is not None:
        await screen.done(lambda desk: desk.followups.accept(entry_id))


# -- whose it is, and whether it is called ------------------------------------------------------------------------


async def hand_over(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Choose who looks after the customer."""
    people = await asyncio.to_thread(desk.followups.specialists)
    options = [Option(str(one), safe(name, 40), safe(team, 30)) for one, name, team in people]
    whose = f"now {safe(line.owner, 20)}'s" if line.owner else "nobody's"
    chosen = await ask(
        screen,
        f"{safe(line.company, 40)}, {whose}: hand over to whom?",
        options=options,
        marked="" if line.owner_id is None else str(line.owner_id),
    )
    if chosen is not None:
        await screen.done(lambda desk: desk.followups.hand_over(line.customer_id, int(chosen)))


async def take_over(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Look after the customer oneself."""
    await screen.done(lambda desk: desk.followups.take_over(line.customer_id))


async def park(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Put a customer past the window aside."""
    await screen.done(lambda desk: desk.followups.park(line.customer_id))


async def reopen(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Open a customer again."""
    await screen.done(lambda desk: desk.followups.reopen(line.customer_id))


async def block(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Block the customer: for a reason that is typed. Let one that is blocked be called again: asks."""
    name = safe(line.company, 40)
    story = await asyncio.to_thread(desk.followups.story, line.customer_id)
    if story.dnc_us is not None:
        why = safe(story.dnc_why, 40)
        if await screen.app.push_screen_wait(Ask(f"Call {name} again?", f"Blocked because: {why}", "may be called")):
            await screen.done(lambda desk: desk.followups.may_call(line.customer_id))
        return
    typed = await ask(
        screen,
        f"Never call {name} again: why?",
        hint="the reason, which is kept",
        meaning=lambda text: f"do-not-call, because: {safe(text, 60)}",
    )
    if typed is not None:
        await screen.done(lambda desk: desk.followups.do_not_call(line.customer_id, typed))


async def dial(screen: FollowupsScreen, desk: Desk, line: QueueLine) -> None:
    """Have the owner's phone dial the customer, and tell what came of it."""
    command = await asyncio.to_thread(desk.followups.dial, line.customer_id)
    name = f"{safe(line.owner, 30)} to {safe(line.company, 40)}"
    await phones.follow(screen, desk.calls, command, f"Dialling for {name}")


ACTS: dict[str, Doing] = {
    "contact": contact,
    "plan": plan,
    "accept": accept,
    "hand-over": hand_over,
    "take-over": take_over,
    "park": park,
    "reopen": reopen,
    "block": block,
    "dial-customer": dial,
}
"""What keys do with the marked customer, by their ids."""


# -- finding one --------------------------------------------------------------------------------------------------


async def find(screen: FollowupsScreen, desk: Desk) -> None:
    """Find any customer and open its story."""
    found: dict[str, QueueLine] = {}
    chosen = await ask(
        screen, "Find a customer", hint="the beginning of a name, or a number", search=searching(desk, found)
    )
    if chosen is not None and chosen in found:
        screen.open_customer(found[chosen])


def searching(desk: Desk, found: dict[str, QueueLine], new: str = "") -> Callable[[str], Awaitable[Sequence[Option]]]:
    """Return what looks for customers while one types and puts them into `found`; `new`: what stands before the text as
    the last choice."""

    async def search(text: str) -> Sequence[Option]:
        lines = await asyncio.to_thread(desk.followups.find, text) if text else []
        found.update({line.key: line for line in lines})
        options = [Option(line.key, named(line), th(line.contacts)) for line in lines]
        return [*options, Option(f"{NEW}{text}", f"{new}{safe(text, 40)}")] if new and text else options

    return search


NEW = "new:"
"""Before the name of a customer that is to be made, as a choice."""


def named(line: QueueLine) -> str:
    """Return a customer in safe words that tell it from others of its name."""
    return " · ".join(safe(word, 40) for word in (line.company, line.region, line.ref, line.owner) if word)
