"""What a supervisor does with a discrepancy and with the day. Each says what came of it, or why it cannot be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from screens.audit.present import class_words, counted, explained
from screens.discipline import typed
from screens.discipline.attendance_present import span
from screens.followups.acts import searching
from screens.widgets import days
from screens.widgets.dialogs import Ask, Option
from screens.widgets.form import Field, Form
from screens.widgets.prompt import Prompt
from screens.widgets.words import hour
from supervisor.duties.audit.snapshots import ACCEPTED, CORRECTED, FLAGGED, OPEN
from supervisor.text import safe

if TYPE_CHECKING:
    from screens.audit.screen import AuditScreen
    from screens.desk import Desk
    from supervisor.duties.audit.snapshots import Correction, Discrepancy
    from supervisor.duties.followups.snapshots import QueueLine

LIKELY: Mapping[str, Sequence[str]] = {
    "do_not_call": ("the customer asked for the call", "called by mistake, talked about"),
    "absent_but_calling": ("came in after all", "one call from home, agreed beforehand"),
    "out_of_hours": ("the customer asked for this hour", "agreed beforehand"),
    "private_candidate": ("a new prospect", "a supplier", "agreed beforehand"),
    "shared_number": ("whose call it was does not matter", "the switchboard, nobody's customer"),
    "duration_inflated": ("rounded up", "went on by another phone", "talked about"),
    "unlogged": ("nothing to log: wrong person", "logged with another call", "talked about: log at once"),
    "log_without_call": ("called from a mobile phone", "talked in person", "the source was down"),
}
"""The likely reasons to accept each class, of which enter takes the marked one; anything else is typed."""
ASKED = {"may_call": "Call this customer again?"}
"""Ways, by code, that undo more than this one thing: they ask."""
HOURS = "10:30-, 9-13, -16:00"
LONGEST_MINUTES = 24 * 60


def titled(screen: AuditScreen, one: Discrepancy) -> str:
    """Return in safe words which discrepancy it is, whose and of when."""
    at = hour(one.at_us, screen.floor_zone)
    return f"{safe(one.specialist, 30) or 'nobody'}, {class_words(one.class_)} {at}"


def accept(screen: AuditScreen, one: Discrepancy, day: int) -> None:
    """Accept one of `day` as it is: with what explains it, else with a reason that is asked for."""

    def then(why: str) -> None:
        screen.decided(one, day, ACCEPTED, lambda desk: desk.accept(day, one.id, why))

    if one.explanation and one.state == OPEN:
        then(one.explanation)
        return
    likely = LIKELY.get(one.class_, ("agreed beforehand",))
    title = f"Accept {titled(screen, one)}: why?"
    options = [Option(why, why) for why in likely]
    screen.app.push_screen(Prompt(title, then, hint="or type another reason", options=options, free=True))


def flag(screen: AuditScreen, one: Discrepancy, day: int) -> None:
    """Make it a flag of its specialist; why it is a discrepancy is suggested as what the flag says."""

    def then(note: str) -> None:
        screen.decided(one, day, FLAGGED, lambda desk: desk.flag(day, one.id, note))

    title = f"Flag {titled(screen, one)}: what for?"
    screen.app.push_screen(Prompt(title, then, typed=safe(one.why, 300), hint="what the flag says"))


def correct(screen: AuditScreen, one: Discrepancy, day: int) -> None:
    """Correct it: by the one way there is, else by a choice of the ways, and what that needs to know."""
    ways = screen.ways_of(one)
    if ways is not None:
        _ways(screen, one, day, ways)
        return

    async def doing(desk: Desk) -> None:
        _ways(screen, one, day, await asyncio.to_thread(desk.audit.corrections, day, one.id))

    screen.beside(doing)


def _ways(screen: AuditScreen, one: Discrepancy, day: int, ways: Sequence[Correction]) -> None:
    if not ways:
        screen.tell(f"There is no way to correct this ({class_words(one.class_)}): accept it or flag it.", "watch")
        return
    if len(ways) == 1:
        _tell(screen, one, day, ways[0])
        return

    def then(code: str) -> None:
        _tell(screen, one, day, next(way for way in ways if way.code == code))

    options = [Option(way.code, safe(way.words, 70), _ASKS.get(way.needs, "")) for way in ways]
    screen.app.push_screen(Prompt(f"Correct {titled(screen, one)}: how?", then, options=options))


_ASKS = {"customer": "which", "company": "its name", "minutes": "minutes", "hours": "hours", "note": "the note"}


def _tell(screen: AuditScreen, one: Discrepancy, day: int, way: Correction) -> None:
    """Ask for what a way needs to be told, and correct it."""

    def then(value: str) -> None:
        screen.decided(one, day, CORRECTED, lambda desk: desk.correct(day, one.id, way.code, value))

    if way.code in ASKED:
        _sure(screen, ASKED[way.code], way, then)
        return
    if not way.needs:
        then("")
        return
    if way.needs == "customer":
        _customer(screen, one, day, way)
        return
    title = f"{safe(way.words, 60)[:1].upper()}{safe(way.words, 60)[1:]}, {titled(screen, one)}"
    asked: dict[str, Any] = {}
    if way.needs == "minutes":
        talk = one.call.talk_ms if one.call is not None else None
        asked = {"typed": "" if talk is None else f"{talk / 60_000:.1f}", "hint": "minutes of talk: 3, 4.5"}
        asked["meaning"] = lambda text: f"{minutes(text):g} minutes of talk"
        screen.app.push_screen(Prompt(f"{title}: how many minutes?", lambda text: then(f"{minutes(text):g}"), **asked))
    elif way.needs == "hours":
        asked = {"hint": HOURS, "meaning": hours}
        screen.app.push_screen(Prompt(f"{title}: from when until when?", lambda text: then(hours(text)), **asked))
    elif way.needs == "company":
        asked = {"typed": safe(one.company, 60), "hint": "the company's name"}
        screen.app.push_screen(Prompt(f"{title}: which company?", then, **asked))
    else:
        screen.app.push_screen(Prompt(f"{title}: {safe(way.needs, 20)}?", then))


def _sure(screen: AuditScreen, title: str, way: Correction, then: Callable[[str], None]) -> None:
    words = safe(way.words, 200)

    async def doing(_: Desk) -> None:
        if await screen.app.push_screen_wait(Ask(title, f"{words[:1].upper()}{words[1:]}.", "correct")):
            then("")

    screen.beside(doing)


def minutes(text: str) -> float:
    """Return so many minutes of a day: 3, 4.5, 4,5. ValueError in words."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        raise ValueError(f"{text.strip()[:20]!r} is no number of minutes; write 3 or 4.5") from None
    if not 0 <= found <= LONGEST_MINUTES:
        raise ValueError("minutes from 0 to those of a day are expected")
    return found


def hours(text: str) -> str:
    """Return from when until when, each with its minutes: "10:30-", "-16:00", "09:00-13:00". ValueError in words."""
    if not text.strip():
        raise ValueError(f"hours are wanted: {HOURS}")
    return span(*typed.hours(text, typed.DAY))


def _customer(screen: AuditScreen, one: Discrepancy, day: int, way: Correction) -> None:
    def then(key: str) -> None:
        line = found[key]
        customer = line.ref or f"id:{line.customer_id}"
        screen.decided(one, day, CORRECTED, lambda desk: desk.correct(day, one.id, way.code, customer))

    if (desk := screen.desk) is None:
        screen.tell("The store is not open yet.", "watch")
        return
    found: dict[str, QueueLine] = {}
    title = f"{titled(screen, one)}: which customer?"
    hint = "the beginning of a name, or a number"
    screen.app.push_screen(Prompt(title, then, hint=hint, search=searching(desk, found)))


def accept_explained(screen: AuditScreen) -> None:
    """Accept all that are explained, of the whole day; it asks."""
    day, count = screen.shown_day, explained(screen.found)
    many = counted(count, "explained discrepancy")
    whole = " Those of all teams." if screen.team is not None else ""

    async def doing(_: Desk) -> None:
        consequence = f"Each with its explanation as the reason.{whole}"
        if await screen.app.push_screen_wait(Ask(f"Accept {many}?", consequence, f"accept {count}")):
            await screen.done(lambda desk: desk.audit.accept_explained(day))

    screen.beside(doing)


def sign(screen: AuditScreen) -> None:
    """Sign the day with one's name and a sentence. What was typed for one that is refused is there again."""
    snapshot = screen.snapshot
    if snapshot is None:
        return
    day, who = snapshot.day, safe(snapshot.who, 40)

    def then(values: Mapping[str, str]) -> None:
        screen.sentences[day] = values["sentence"]

        async def doing(_: Desk) -> None:
            await screen.done(lambda desk: desk.audit.sign(day, values["sentence"]))
            screen.prove()
            screen.sentences.pop(day, None)

        screen.beside(doing)

    def sentence(text: str) -> str:
        if not text:
            raise ValueError("say in a sentence what was looked at")
        return f"signed by {who}" if who else "signed in your name"

    title = f"Sign {days.long(day, screen.today)}{f' as {who}' if who else ''}"
    field = Field("sentence", "Sentence", screen.sentences.get(day, ""), "", sentence)
    consequence = "The day is sealed: a signature is not undone."
    if snapshot.signed is not None:
        consequence = f"Signed by {safe(snapshot.signed.who, 16)} before: it is sealed again, as revised, for good."
    screen.app.push_screen(Form(title, [field], then, consequence=consequence, verb="sign"))


ACTS: Mapping[str, Callable[[AuditScreen, Discrepancy, int], None]] = {
    "audit-accept": accept, "audit-correct": correct, "audit-flag": flag,
}  # fmt: skip
"""What keys do with the marked discrepancy, by their ids."""


def which_day(screen: AuditScreen) -> None:
    """Ask for the day to audit."""
    today = screen.today
    screen.app.push_screen(
        Prompt(
            "The audit of which day?",
            lambda text: screen.go_to_day(typed.day(text, today)),
            hint=typed.DAYS,
            meaning=lambda text: days.told(typed.day(text, today), today),
        )
    )
