"""What mode 4 shows, the floor's panel, and one onboarding in full: read from the store, put together by the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from store import floor as floor_rows
from store import onboarding_book as book
from store.onboarding_book import ProdRow, RunRow
from supervisor.config import Config
from supervisor.directors import may_audit
from supervisor.duties.calls.floor import calendar_of, sources_of
from supervisor.duties.onboarding import enquiries
from supervisor.duties.onboarding.clock import Clock
from supervisor.duties.onboarding.estimate import LAST, Past, estimate
from supervisor.duties.onboarding.lines import Judge, Known, count, is_due_today, parties_of, urgency
from supervisor.duties.onboarding.snapshots import (
    BLOCKED,
    OnboardingFile,
    OnboardingPanel,
    OnboardingSnapshot,
    ProdLine,
    RunLine,
    StepFile,
    StepLine,
)
from supervisor.duties.onboarding.steps import Standing, board
from supervisor.duties.onboarding.templates import ASSISTANT, DIRECTOR, SPECIALIST
from supervisor.text import alphabetical

IN_PANEL = 50
"""Steps in the floor's panel, at most."""
_OUTCOMES = {"sent_back": "sent back", "reassigned": "handed on"}


def _known(connection: Connection, onboarding_id: int | None = None) -> list[Known]:
    """All open onboardings, or one."""
    steps: dict[int, list[book.StepRow]] = defaultdict(list)
    for step in book.steps(connection, onboarding_id):
        steps[step.onboarding_id].append(step)
    runs: dict[int, list[RunRow]] = defaultdict(list)
    for run in book.runs(connection, onboarding_id):
        runs[run.onboarding_id].append(run)
    prods: dict[int, list[ProdRow]] = defaultdict(list)
    for prod in book.prods(connection, onboarding_id):
        prods[prod.onboarding_id].append(prod)
    return [
        Known(row, board(steps[id_], runs[id_]), runs[id_], prods[id_])
        for row in book.onboardings(connection, onboarding_id)
        for id_ in (row.onboarding_id,)
    ]


def _judge(config: Config, known: Iterable[Known], past: Sequence[book.Held], now_us: int) -> Judge:
    moments = [one.row.started_us for one in known] + [held.started_us for held in past]
    return Judge(config, Clock(calendar_of(config.floor), min(moments, default=now_us)), now_us)


def _past(connection: Connection, config: Config) -> list[book.Held]:
    """Who held which step when, in the last onboardings that went live: as many as make the floor's own past."""
    return book.past(connection, max(LAST, config.onboarding.own_from_live))


def read_steps(connection: Connection, config: Config, now_us: int) -> list[StepLine]:
    """Return all steps that are owed, the most urgent first, and nothing else."""
    known = _known(connection)
    judge = _judge(config, known, (), now_us)
    return sorted((line for one in known for line in judge.lines(one)), key=urgency)


def read_onboarding(connection: Connection, config: Config, now_us: int) -> OnboardingSnapshot:
    """Return everything mode 4 shows at `now_us` (epoch us), from one moment of the store."""
    known = _known(connection)
    held = _past(connection, config)
    judge = _judge(config, known, held, now_us)
    past = Past(held, judge.clock)
    lines: list[StepLine] = []
    customers = []
    for one in known:
        theirs = judge.lines(one)
        lines += theirs
        expected = estimate(one.board, past, config.onboarding.own_from_live, judge.clock, now_us)
        customers.append(judge.customer(one, theirs, expected))
    lines.sort(key=urgency)
    return OnboardingSnapshot(
        day=judge.today,
        now_us=now_us,
        floor=config.floor.name,
        time_zone=config.floor.time_zone,
        shift_elapsed=judge.calendar.shift_elapsed(now_us, judge.today),
        sources=sources_of(floor_rows.source_states(connection), config, now_us),
        counts=count(lines, len(known), judge.today, enquiries.counts(connection, config, now_us)),
        steps=tuple(lines),
        customers=tuple(sorted(customers, key=lambda one: (-one.late_ms, one.p50_us, one.onboarding_id))),
        parties=parties_of(lines, judge.clock.held_by((run for one in known for run in one.runs), now_us)),
        teams=tuple(sorted({one.row.team for one in known if one.row.team}, key=alphabetical)),
        may_audit=may_audit(config),
        currency=config.orders.currency,
    )


def read_panel(connection: Connection, config: Config, now_us: int) -> OnboardingPanel:
    """Return what the floor's panel shows: running steps that are overdue or due today, the most urgent first."""
    lines = read_steps(connection, config, now_us)
    today = calendar_of(config.floor).today(now_us)
    customers = len({line.onboarding_id for line in lines})
    urgent = [line for line in lines if line.overdue_ms or is_due_today(line, today)]
    counts = count(lines, customers, today, enquiries.counts(connection, config, now_us))
    return OnboardingPanel(today, now_us, counts, tuple(urgent[:IN_PANEL]))


def read_file(connection: Connection, config: Config, onboarding_id: int, now_us: int) -> OnboardingFile:
    """Return one onboarding in full, open or ended. LookupError where there is none."""
    found = _known(connection, onboarding_id)
    if not found:
        raise LookupError("this onboarding does not exist any more")
    (known,) = found
    row = known.row
    is_open = row.live_us is None and row.stopped_us is None
    held = _past(connection, config) if is_open else []
    judge = _judge(config, found, held, now_us)
    lines = {line.step_id: line for line in judge.lines(known)} if is_open else {}
    expected = None
    if is_open:
        own_from = config.onboarding.own_from_live
        expected = estimate(known.board, Past(held, judge.clock), own_from, judge.clock, now_us)
    waiting = judge.clock.held_by(known.runs, now_us)
    paid_cents, paid_day = book.paid(connection, row.payment_id)
    return OnboardingFile(
        customer=judge.customer(known, lines.values(), expected),
        version=row.version,
        steps=tuple(_step_file(one, lines.get(one.step.step_id), judge) for one in known.board.standings.values()),
        waiting=tuple(
            (role, name, us // 1000)
            for (role, name), us in sorted(waiting.items(), key=lambda item: (-item[1], item[0]))
        ),
        prods=tuple(
            ProdLine(prod.at_us, prod.who, prod.holder or prod.role, prod.words, prod.note)
            for prod in reversed(known.prods)
        ),
        paid_cents=paid_cents,
        paid_day=paid_day,
        live_us=row.live_us,
        stopped_us=row.stopped_us,
        stopped_why=row.stopped_why,
    )


def holders(connection: Connection, config: Config, today: int, role: str) -> list[str]:
    """Return the names that a step held by `role` can be given to: all specialists here; the assistants and directors
    of the configuration. Of a role without any it can be given to whom one will."""
    if role == SPECIALIST:
        return [name for _, name in book.specialists(connection, today)]
    return list({ASSISTANT: config.onboarding.assistants, DIRECTOR: config.floor.directors}.get(role, ()))


def _step_file(standing: Standing, line: StepLine | None, judge: Judge) -> StepFile:
    step = standing.step
    held = [run for run in standing.runs if run.ended_us != run.started_us or run.outcome != "sent_back"]
    last = held[-1] if held else None
    return StepFile(
        code=step.code,
        words=step.words,
        role=step.role,
        holder=(last.holder if last and standing.state != BLOCKED else step.holder) or step.role,
        state=standing.state,
        work_ms=step.work_us // 1000,
        after=step.after,
        rounds=len({run.round for run in standing.runs}),
        runs=tuple(
            RunLine(
                round=run.round,
                role=run.role,
                holder=run.holder or run.role,
                started_us=run.started_us,
                ended_us=run.ended_us,
                held_ms=judge.clock.held(run, judge.now_us) // 1000,
                outcome=_OUTCOMES.get(run.outcome, run.outcome),
                reason=run.reason,
                who=run.who,
            )
            for run in standing.runs
        ),
        line=line,
    )
