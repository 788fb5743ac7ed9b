"""What is told of a step, a customer and a party: one line each, put together from the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from store.onboarding_book import OnboardingRow, ProdRow, RunRow
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.calls.floor import calendar_of
from supervisor.duties.onboarding.clock import Clock
from supervisor.duties.onboarding.estimate import Estimate, promised
from supervisor.duties.onboarding.snapshots import BLOCKED, DONE, RUNNING, Counts, CustomerLine, PartyLine, StepLine
from supervisor.duties.onboarding.steps import Board, Standing
from supervisor.text import alphabetical


class Known(NamedTuple):
    """An onboarding with everything that is known of it; `prods`: those of it that are asked for."""

    row: OnboardingRow
    board: Board
    runs: Sequence[RunRow]
    prods: Sequence[ProdRow]


class Judge:
    """What is told of steps and customers at one moment."""

    def __init__(self, config: Config, clock: Clock, now_us: int) -> None:
        self.calendar: Calendar = calendar_of(config.floor)
        self.clock, self.now_us = clock, now_us
        self.today = self.calendar.today(now_us)

    def line(
        self, known: Known, standing: Standing, acting: Iterable[Standing], prods: Sequence[ProdRow]
    ) -> StepLine:  # fmt: skip
        """Return a step that is owed, as it is listed. `acting`: who must act; `prods`: that they were reminded."""
        row, step, run = known.row, standing.step, standing.run
        due_us = None if standing.since_us is None else self.clock.due(standing.since_us, step.work_us)
        waiting = dict.fromkeys((one.run.role, one.run.holder) for one in acting if one.run)
        words = known.board.standings
        return StepLine(
            step_id=step.step_id,
            onboarding_id=row.onboarding_id,
            version=row.version,
            customer_id=row.customer_id,
            company=row.company,
            package=row.package,
            team=row.team,
            assistant=row.assistant,
            code=step.code,
            words=step.words,
            role=step.role,
            holder=(run.holder if run else step.holder) or step.role,
            specialist_id=run.specialist_id if run else step.specialist_id,
            state=standing.state,
            round=standing.round,
            approves=step.approves,
            started_us=standing.since_us,
            due_us=due_us,
            due_day=None if due_us is None else self.clock.day_of(due_us),
            overdue_ms=0 if due_us is None else self.clock.worked(due_us, self.now_us) // 1000,
            waiting_on=tuple(name or role for role, name in waiting),
            waiting_roles=tuple(role for role, _ in waiting),
            blocked_by=known.board.blocked_by(step.code),
            back_to=tuple((code, words[code].step.words) for code in known.board.back_to(step.code)),
            prods=len(prods),
            prodded_us=max((prod.at_us for prod in prods), default=None),
            reason=standing.reason,
        )

    def lines(self, known: Known) -> list[StepLine]:
        """Return the steps that are owed, in the order of the template."""
        acting = known.board.acting()
        return [
            self.line(known, standing, acting[code], _prods(known, acting[code]))
            for code, standing in known.board.standings.items()
            if standing.state != DONE
        ]

    def customer(self, known: Known, lines: Iterable[StepLine], expected: Estimate | None) -> CustomerLine:
        """Return an onboarding as a whole. `expected` None: it has ended, then nothing is expected any more."""
        row, standings = known.row, known.board.standings
        promised_us = self.clock.due(row.started_us, promised(known.board))
        if expected is None:
            p50_us = p80_us = row.live_us or row.stopped_us or self.now_us
        else:
            p50_us = self.clock.due(self.now_us, expected.p50)
            p80_us = self.clock.due(self.now_us, expected.p80)
        return CustomerLine(
            onboarding_id=row.onboarding_id,
            customer_id=row.customer_id,
            company=row.company,
            package=row.package,
            team=row.team,
            specialist=row.specialist,
            assistant=row.assistant,
            started_us=row.started_us,
            done=sum(one.state == DONE for one in standings.values()),
            steps=len(standings),
            overdue=sum(line.overdue_ms > 0 for line in lines),
            promised_us=promised_us,
            p50_us=p50_us,
            p80_us=p80_us,
            own=expected is not None and expected.own,
            late_ms=self.clock.worked(promised_us, p50_us) // 1000,
        )


def _prods(known: Known, acting: Iterable[Standing]) -> list[ProdRow]:
    """The reminders that stand with those who must act."""
    if not known.prods:
        return []
    runs = {one.run.run_id for one in acting if one.run}
    return [prod for prod in known.prods if prod.run_id in runs]


def urgency(line: StepLine) -> tuple[int, int, int, int]:
    """Return by what steps are listed: overdue ones by how much, then by due time, then blocked ones."""
    blocked = line.state == BLOCKED
    return blocked, -line.overdue_ms, 0 if line.due_us is None else line.due_us, line.step_id


def is_due_today(line: StepLine, today: int) -> bool:
    """Whether a step is due today. One that was due when work ended, with no working time gone by since, still is."""
    return line.due_day is not None and line.due_day <= today and not line.overdue_ms


def count(lines: Sequence[StepLine], customers: int, today: int, unanswered: tuple[int, int]) -> Counts:
    """Return how many there are of each. `unanswered`: enquiries, and late ones."""
    return Counts(
        overdue=sum(line.overdue_ms > 0 for line in lines),
        due_today=sum(is_due_today(line, today) for line in lines),
        running=sum(line.state == RUNNING for line in lines),
        blocked=sum(line.state == BLOCKED for line in lines),
        customers=customers,
        enquiries=unanswered[0],
        enquiries_late=unanswered[1],
    )


def parties_of(lines: Iterable[StepLine], held: dict[tuple[str, str], int]) -> tuple[PartyLine, ...]:
    """Return those who hold running steps, the one whose worst is overdue longest first. `held`: the waiting clock of
    each party (role, name)."""
    theirs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in lines:
        if line.state == RUNNING:
            theirs[line.role, "" if line.holder == line.role else line.holder].append(line.overdue_ms)
    found = [
        PartyLine(role, name, len(late), sum(ms > 0 for ms in late), max(late), held.get((role, name), 0) // 1000)
        for (role, name), late in theirs.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.worst_ms, -one.holds, alphabetical(one.name), one.role)))
