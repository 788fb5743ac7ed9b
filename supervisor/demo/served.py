"""What the demo's paid customers and enquiries have been through, by seed and through the acts that people use."""

from __future__ import annotations

from random import Random

from sqlalchemy import Connection

from store import enquiries as enquiry_rows
from store import onboarding_book as book
from store import roster
from store.contacts import Numbers
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.demo.past import DAY, MINUTE, SUPERVISOR
from supervisor.demo.sayings import ASKED, CHANNELS, PRODS, SENT_BACK
from supervisor.duties.acting import Doer
from supervisor.duties.onboarding import acts, enquiry_acts

ASSISTANTS = ("Jana Roth", "Mei Tan", "Olek Nowak")
DIRECTOR = "Dr. Brandt"
ENQUIRIES = 26
_PACE = {"material": 1.5, "ad_customer_approves": 1.8, "open_account": 0.7, "contract_check": 0.8}
"""How much of its time a step takes in the middle; others 0.85."""


class Served:
    """Serves the floor's customers up to `now_us` in the transaction of `connection`."""

    def __init__(self, connection: Connection, config: Config, numbers: Numbers, seed: int, now_us: int) -> None:
        self._connection = connection
        self._config = config
        self._numbers = numbers
        self._random = Random(f"{seed}:served")
        self._now_us = now_us
        self._calendar = Calendar(config.floor)

    def onboard(self) -> None:
        """Take every onboarding as far as it has come."""
        for row in book.onboardings(self._connection):
            self._serve(row.onboarding_id)
        late = [run for run in book.runs(self._connection) if run.ended_us is None]
        late.sort(key=lambda run: run.started_us)
        for run in late[:4]:
            doer = self._doer(SUPERVISOR, self._now_us - self._random.randint(20, 200) * MINUTE)
            acts.prod(self._connection, doer, run.step_id, self._random.choice(PRODS))

    def enquire(self) -> None:
        """Let people ask for something, and be answered: most of them within a day."""
        random, owners = self._random, list(roster.specialists(self._connection).values())
        for index in range(ENQUIRIES):
            at_us = self._now_us - round((ENQUIRIES - index) * 1.1 * DAY * random.uniform(0.85, 1)) + 30 * MINUTE
            company, note = f"{random.choice(ASKED[0])} {random.choice(ASKED[1])}", random.choice(ASKED[2])
            assistant = random.choice((*ASSISTANTS, ""))
            asked = self._doer(assistant or ASSISTANTS[0], at_us)
            number = f"+4930231257{index:02}"
            enquiry_acts.add(self._connection, asked, company, number, random.choice(CHANNELS), note, assistant)
        for row in enquiry_rows.unanswered(self._connection):
            answered_us = self._calendar.due(row.at_us, round(random.uniform(0.3, 9) * 60) * MINUTE)
            chance = random.random()
            if answered_us >= self._now_us or chance > 0.95:
                continue
            doer = self._doer(row.assistant or random.choice(ASSISTANTS), answered_us)
            if chance < 0.4:
                whose = random.choice(owners).id
                enquiry_acts.hand(self._connection, doer, self._config, row.enquiry_id, row.version, whose)
            else:
                enquiry_acts.answer(self._connection, doer, row.enquiry_id, row.version, "")

    def _serve(self, onboarding_id: int) -> None:
        """Do one running step after the other, each when whoever holds it is ready, until that is still to come."""
        ready: dict[int, int] = {}
        work = {step.step_id: step for step in book.steps(self._connection, onboarding_id)}
        for version in range(1, 200):
            running = [run for run in book.runs(self._connection, onboarding_id) if run.ended_us is None]
            for run in running:
                if run.run_id not in ready:
                    step = work[run.step_id]
                    share = _PACE.get(step.code, 0.85) * self._random.lognormvariate(0, 0.45)
                    ready[run.run_id] = self._calendar.due(run.started_us, max(MINUTE, round(step.work_us * share)))
            running = [run for run in running if ready[run.run_id] < self._now_us]
            if not running:
                return
            run = min(running, key=lambda run: ready[run.run_id])
            step = work[run.step_id]
            doer = self._doer(run.holder or DIRECTOR, ready[run.run_id])
            if step.approves and run.round < 3 and self._random.random() < 0.25:
                reason = self._random.choice(SENT_BACK)
                acts.send_back(
                    self._connection, doer, self._config, run.step_id, version, step.approves, reason
                )  # fmt: skip
            else:
                acts.done(self._connection, doer, self._config, run.step_id, version)

    def _doer(self, who: str, at_us: int) -> Doer:
        return Doer(who, at_us, self._calendar.day_of(at_us), self._numbers, self._config)
