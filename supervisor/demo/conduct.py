"""How the demo's people behaved: the rules applied to the last weeks, what was seen by hand, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import Connection

from store import customer_acts, flag_book, roster
from store.contacts import Numbers
from supervisor.calendar import Calendar, date_of, day_number
from supervisor.config import Config
from supervisor.demo.past import DAY, MINUTE, SUPERVISOR
from supervisor.demo.sayings import DECIDED, MERITS, REPLIES, SEEN, TALKS
from supervisor.duties.acting import Doer
from supervisor.duties.discipline import acts, talks
from supervisor.duties.discipline.rounds import evaluate_now
from supervisor.duties.discipline.snapshots import DISMISSED, TALKED, WARNED

DAYS = 30
"""Days to which the rules are applied."""


class Conduct:
    """Judges the floor up to `now_us` in the transaction of `connection`."""

    def __init__(self, connection: Connection, config: Config, numbers: Numbers, seed: int, now_us: int) -> None:
        self._connection = connection
        self._config = config
        self._numbers = numbers
        self._random = Random(f"{seed}:conduct")
        self._now_us = now_us
        self._calendar = Calendar(config.floor)
        self._today = self._calendar.today(now_us)

    def forbid(self, refs: Sequence[str]) -> None:
        """Let two of the customers who are not to be called have said so some days ago: not everybody listened."""
        for ref in refs[:2]:
            customer = customer_acts.of_ref(self._connection, ref)
            if customer is not None:
                since_us = self._now_us - self._random.randint(8, 16) * DAY
                customer_acts.put(self._connection, customer, {"dnc_us": since_us})

    def judge(self) -> None:
        """Apply the rules day by day; decide what was raised then, but for the last days."""
        for back in range(DAYS, -1, -1):
            day = day_number(date_of(self._today) - timedelta(days=back))
            _, end_us = self._calendar.bounds(day)
            judged_us = min(self._now_us, end_us)
            evaluate_now(self._connection, self._config, day, judged_us)
            self._see(day, judged_us, back)
            if back > 1:
                self._decide(day, judged_us + 2 * 60 * MINUTE, back)

    def _see(self, day: int, until_us: int, back: int) -> None:
        """Now and then the supervisor sees something, bad or good."""
        random = self._random
        if not self._calendar.spans(day) or random.random() > 0.35:
            return
        specialist = random.choice(list(roster.specialists(self._connection).values()))
        at_us = min(self._calendar.spans(day)[0][0] + random.randint(20, 150) * MINUTE, until_us - MINUTE)
        rule, said = random.choice(SEEN) if random.random() < 0.5 else ("merit", random.choice(MERITS))
        acts.raise_by_hand(self._connection, self._doer(at_us), self._config, specialist.id, rule, said)

    def _decide(self, day: int, at_us: int, back: int) -> None:
        random = self._random
        for row in flag_book.of_day(self._connection, day):
            if row.kind != "flag" or row.state != "open" or (back < 6 and random.random() < 0.25):
                continue
            version, doer = row.version, self._doer(at_us)
            if random.random() < 0.3:
                acts.reply(self._connection, doer, row.flag_id, version, random.choice(REPLIES))
                version += 1
            decision = random.choices((DISMISSED, TALKED, WARNED), (20, 60, 20 * row.severity))[0]
            why = random.choice(DECIDED[decision])
            acts.decide(self._connection, doer, self._config, row.flag_id, version, decision, why)

    def talk(self) -> None:
        """Let the director have talked with some of them."""
        people = list(roster.specialists(self._connection).values())
        for (kind, said), whose in zip(TALKS, self._random.sample(people, len(TALKS)), strict=True):
            at_us = self._now_us - self._random.randint(1, 25) * DAY
            talks.log_talk(self._connection, self._doer(at_us), self._config, whose.id, kind, said)

    def _doer(self, at_us: int) -> Doer:
        return Doer(SUPERVISOR, at_us, self._calendar.day_of(at_us), self._numbers, self._config)
