"""One onboarding: when the customer is live, every step with its state, who held it up how long, reminders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from screens.onboarding.customers import expected
from screens.onboarding.present import BLOCKED, PRODDED, RUNNING, Frame, day, due, level, moment, short_words, worked
from screens.themes import MARKS
from screens.widgets import days
from screens.widgets.cells import Cell, fit
from screens.widgets.line import Lines
from screens.widgets.words import bar
from supervisor.money import shown
from supervisor.text import number_th, safe

if TYPE_CHECKING:
    from supervisor.duties.onboarding.snapshots import CustomerLine, OnboardingFile, RunLine, StepFile

Line = tuple[list[Cell], list[Cell]]
WITH_HOLDER, ROOMY = 56, 72
"""Widths from which a step stands with its holder, and with its words instead of its code."""
RULE = Cell("─", "faint")
HEAD = 10
"""Columns of the words at the left of the first lines."""


def lines(customer: CustomerLine, file: OnboardingFile | None, code: str, of: Frame, width: int) -> list[Line]:
    """Return the page in lines of `width`; `code` is the step that is marked in the list. Before `file` is read, what
    the list knows."""
    found = head(customer, file, of, width)
    if file is None:
        return found
    told: set[str] = set()
    for step in file.steps:
        found += step_lines(step, step.code == code, of, width, told)
    return [*found, *(held_up(file, width) if width < ROOMY else ()), *reminders(file, of, width)]


def head(customer: CustomerLine, file: OnboardingFile | None, of: Frame, width: int) -> list[Line]:
    """Return what was paid, who serves and sold, and when the customer is live."""

    def row(word: str, *cells: Cell) -> Line:
        return [Cell(f"{word:<{HEAD}}", "quiet"), *cells], []

    share = customer.done / customer.steps if customer.steps else 0.0
    late = customer.late_ms > 0
    done = [Cell(bar(share, 16), "act" if late else "bar"), Cell(f"  {customer.done} of {customer.steps}", "strong")]
    serving = Cell(safe(customer.assistant, 24) or "nobody", "text" if customer.assistant else "watch")
    sold = [Cell("  for ", "quiet"), Cell(safe(customer.specialist, 24))] if customer.specialist else []
    paid = (
        [] if file is None else [Cell(shown(file.paid_cents), "strong"), Cell(f"  {_day(file.paid_day, of)}", "quiet")]
    )
    if file is not None and (ended := file.live_us or file.stopped_us) is not None:
        when = _day(days.day_at(ended, of.zone), of)
        why = "" if file.live_us is not None else f": {safe(file.stopped_why, 60)}"
        return [
            row("paid", *paid),
            row("done", *done),
            row("served by", serving, *sold),
            row("live" if file.live_us is not None else "ended", Cell(when + why, "strong")),
            ([], []),
        ]
    behind = [Cell(f"  {MARKS['act']} {worked(customer.late_ms)} late", "act")] if late else []
    promised = [Cell(_day(days.day_at(customer.promised_us, of.zone), of)), *behind]
    source = "own past" if customer.own else "template"
    expects = [Cell(expected(customer, of), "act" if late else "text"), Cell(f"  {source}", "quiet")]
    if width < ROOMY:
        lines = [row("paid", *paid), row("done", *done), row("served by", serving, *sold)]
        return [*lines, row("promised", *promised), row("expected", *expects), ([], [])]
    lines = [
        row("paid", *paid, Cell("    done  ", "quiet"), *done),
        row("served by", serving, *sold),
        row("promised", *promised, Cell("   expected  ", "quiet"), *expects),
    ]
    held = (
        [] if file is None else [Cell(f"{safe(name or role, 30)} {worked(ms)}   ") for role, name, ms in file.waiting]
    )
    return [*lines, row("waited for", Cell(" "), *held), ([], [])]


def _day(day: int, of: Frame) -> str:
    return days.long(day, of.today)


def step_lines(step: StepFile, marked: bool, of: Frame, width: int, told: set[str]) -> list[Line]:
    """Return a step: its state, who holds it, till when or for what it waits; below it, why it was sent back, where
    that was not `told` yet: the step that is done again and the one that looked at it both know it."""
    mark, state = _state(step, of)
    roomy = width >= ROOMY
    wide = 35 if roomy else 22
    words = safe(step.words or step.code) if roomy else short_words(step.code)
    loud = mark.role in ("act", "watch")
    calm = "strong" if marked or loud else "quiet" if step.state != RUNNING else "text"
    prods = step.line.prods if step.line is not None and step.state == RUNNING else 0
    again = f" {number_th(step.rounds)}" if step.rounds > 1 else ""
    often = f" {PRODDED}{prods}" if prods else ""
    label = fit(words, wide - len(again) - len(often))
    holder = [Cell(f"{fit(safe(step.holder or step.role), 14)} ", calm)] if width >= WITH_HOLDER else []
    cells = [Cell("›" if marked else " ", "accent"), Cell(f"{mark.text or ' '} ", mark.role), Cell(label, calm)]
    found: list[Line] = [([*cells, Cell(f"{again}{often} ", "accent"), *holder, state], [])]
    for run in step.runs:
        if run.reason and (said := _reason(run, of)) not in told:
            told.add(said)
            found += [([Cell(f"     {part}", "watch")], []) for part in wrap(said, max(20, width - 6), max_lines=3)]
    return found


def _state(step: StepFile, of: Frame) -> tuple[Cell, Cell]:
    line = step.line
    if line is None:
        ended = max((run.ended_us for run in step.runs if run.ended_us is not None), default=None)
        return Cell("✓", "good"), Cell(f"done {day(ended, of)}" if ended is not None else "done", "quiet")
    if line.state == BLOCKED:
        after = ", ".join(map(short_words, line.blocked_by))
        return Cell("·", "quiet"), Cell(f"after {after}", "quiet")
    loud = level(line, of.today)
    return Cell(MARKS[loud] if loud else "○", loud or "text"), due(line, of)


def _reason(run: RunLine, of: Frame) -> str:
    by = f" by {safe(run.who, 20)}" if run.who else ""
    when = "" if run.ended_us is None else f" {moment(run.ended_us, of)}"
    return f"{safe(run.outcome, 40)}{by}{when}: {safe(run.reason, 400)}"


def held_up(file: OnboardingFile, width: int) -> list[Line]:
    """Return how long each party held it up: the waiting clock, the longest first."""
    held = [(role, name, ms) for role, name, ms in file.waiting if ms > 0]
    if not held:
        return []
    most = max(ms for *_, ms in held)
    found: list[Line] = [([], []), ([Cell("Waited for", "title"), Cell("  working time", "quiet")], [])]
    wide = max(6, min(16, width - 40))
    for role, name, ms in held:
        who = f"{safe(name, 30)}" if name else safe(role, 20)
        found.append(
            (
                [
                    Cell(f"{worked(ms):>9}  "),
                    Cell(bar(ms / most, wide).replace("─", " "), "bar"),
                    Cell(f"  {who}"),
                    Cell(f"  {safe(role, 12)}" if name else "", "quiet"),
                ],
                [],
            )
        )
    return found


def reminders(file: OnboardingFile, of: Frame, width: int) -> list[Line]:
    """Return who was reminded of what, the newest first."""
    if not file.prods:
        return []
    found: list[Line] = [([], []), ([Cell(f"Reminders · {len(file.prods)}", "title")], [])]
    for prod in file.prods:
        note = f": {safe(prod.note, 300)}" if prod.note else ""
        said = f"{moment(prod.at_us, of)}  {safe(prod.who, 20)} to {safe(prod.to, 30)}, {safe(prod.step, 30)}{note}"
        found += [([Cell(part)], []) for part in wrap(said, max(20, width), subsequent_indent="  ", max_lines=3)]
    return found


class PageView(Vertical):
    """The page beside the list, or instead of it. It shows at once what the list knows, and the rest when it is
    read."""

    def __init__(self, of: Callable[[], Frame], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._of = of
        self.file: OnboardingFile | None = None

    def compose(self) -> ComposeResult:
        yield Lines(fill=RULE, id="page-title")
        with VerticalScroll(id="page-scroll"):
            yield Lines(id="page-lines")

    @property
    def scroll(self) -> VerticalScroll:
        """What is scrolled in where the page is longer than the screen."""
        return self.query_one("#page-scroll", VerticalScroll)

    def draw(self, customer: CustomerLine | None, code: str, right: Sequence[Cell]) -> None:
        """Bring it up to date with the list; of another customer than what was read, it shows what the list knows."""
        body, width = self.query_one("#page-lines", Lines), self.scroll.content_size.width - 1
        if customer is None:
            self.query_one("#page-title", Lines).show(([], []))
            body.show()
            return
        if self.file is not None and self.file.customer.onboarding_id != customer.onboarding_id:
            self.file = None
            self.scroll.scroll_home(animate=False)
        what = f"  {safe(customer.package, 30)} " if customer.package else " "
        title = [Cell("── ", "faint"), Cell(safe(customer.company, 40), "title"), Cell(what, "quiet")]
        self.query_one("#page-title", Lines).show((title, [Cell(" "), *right, Cell(" ──", "faint")] if right else []))
        shown = lines(customer, self.file, code, self._of(), max(width, 30))
        if body.styles.height is None or body.styles.height.value != len(shown):
            body.styles.height = len(shown)
        body.show(*shown)
