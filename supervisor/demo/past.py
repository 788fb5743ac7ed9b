"""What the demo's customers and orders have been through: who signed at which contact, who is in the window, what was
heard, claimed and reviewed. By seed, and through the same acts that people use."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sqlalchemy import Connection

from store import customer_acts as customers
from store import matching, order_book, roster
from store.contacts import HAND, Numbers
from store.customer_acts import Counted
from store.matching import NewEntry
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.demo.sayings import FEELINGS, LOST, PACKAGES, SAID, SOLUTIONS, STEPS
from supervisor.duties.acting import Doer
from supervisor.duties.discipline.day import read_day
from supervisor.duties.discipline.putting import day_of
from supervisor.duties.followups import acts as settle
from supervisor.duties.followups.read import read_inbox
from supervisor.duties.orders import acts, evidence, solutions

SUPERVISOR = "Karin Voss"
MINUTE, DAY = 60_000_000, 86_400_000_000
MANY = 10_000
LOGGED_DAYS = 14
"""Days of which every call is written down, or should be."""
SIGNS_AT = ((4, 2), (5, 3), (6, 5), (7, 8), (8, 16), (9, 20), (10, 18), (11, 13), (12, 6), (13, 4), (14, 2))
"""Contact number at which a customer signs, and how many do."""
STANDS_AT = ((0, 4), (1, 5), (2, 5), (3, 5), (4, 5), (5, 5), (6, 6), (7, 7), (8, 9), (9, 8), (10, 7), (11, 6), (12, 4),
             (13, 3), (14, 3), (16, 2))  # fmt: skip
"""Contact number at which an open customer stands, and how many do."""


class Past:
    """Makes the past of the floor up to `now_us` in the transaction of `connection`."""

    def __init__(self, connection: Connection, config: Config, numbers: Numbers, seed: int, now_us: int) -> None:
        self._connection = connection
        self._config = config
        self._numbers = numbers
        self._random = Random(f"{seed}:past")
        self._now_us = now_us
        self._calendar = Calendar(config.floor)
        self._owners = {name: known.id for name, known in roster.specialists(connection).items()}

    def make(self, refs: Sequence[tuple[str, str, bool]]) -> None:
        """`refs`: reference and owner of every customer that has one, and whether it is do-not-call."""
        for title, kind, objection, body in SOLUTIONS:
            solutions.save(self._connection, self._doer(self._now_us - 40 * DAY), None, title, kind, objection, body)
        told = customers.counted(self._connection)
        entries = self._logged()
        people = []
        for ref, owner, blocked in refs:
            customer = customers.of_ref(self._connection, ref)
            if customer is not None:
                people.append((customer, self._owners[owner], told.get(customer, []), blocked))
        for customer, owner_id, contacts, _ in people:
            entries += self._written(customer, owner_id, contacts)
        matching.append_entries(self._connection, entries, self._numbers, self._now_us)
        for customer, owner_id, contacts, blocked in people:
            if blocked:
                self._stand(customer, contacts)
            else:
                self._fate(customer, owner_id, contacts)
        matching.recount(self._connection, self._numbers, self._now_us)

    def settle(self) -> None:
        """Settle whose the calls to shared numbers were, but the newest ones."""
        until_us = self._now_us - 4 * DAY
        for line in read_inbox(self._connection, MANY):
            if line.shared and line.group_id is not None and line.source_id is not None and line.last_us < until_us:
                whose, _ = self._random.choice(line.candidates)
                settle.assign_call(self._connection, self._doer(self._now_us), line.source_id, line.group_id, whose)

    def _doer(self, at_us: int) -> Doer:
        return Doer(SUPERVISOR, at_us, self._calendar.day_of(at_us), self._numbers)

    def _day(self, days: float) -> int:
        return self._calendar.day_of(self._now_us + round(days * DAY))

    def _at_work(self, back: int) -> int:
        """A moment in the working time of a day so many days ago, or of the last worked day before it."""
        day = self._day(-back)
        while not (spans := self._calendar.spans(day)):
            back += 1
            day = self._day(-back)
        begin_us, end_us = self._random.choice(spans)
        return self._random.randint(begin_us, end_us)

    def _one_of(self, weighted: Sequence[tuple[int, int]]) -> int:
        return self._random.choices([k for k, _ in weighted], [w for _, w in weighted])[0]

    # What was written

    def _written(self, customer: int, owner_id: int, contacts: Sequence[Counted]) -> list[NewEntry]:
        """Logs of contacts that are a while ago, a few of calls that never were, and now and then a visit."""
        random = self._random
        found = []
        for one in contacts[-3:]:
            if one.at_us < self._now_us - (LOGGED_DAYS + 1) * DAY and random.random() < 0.75:
                outcome, note = random.choice(SAID)
                minutes = random.choice((None, None, 2, 3, 25 if random.random() < 0.1 else 4))
                found.append(self._log(customer, owner_id, one.at_us + 100_000_000, "call", outcome, note, minutes))
        if contacts and random.random() < 0.015:
            at_us = self._at_work(random.randint(0, 6))
            found.append(self._log(customer, owner_id, at_us, "call", "interested", "rang from the mobile", 8))
        if contacts and random.random() < 0.04:
            at_us = contacts[-1].at_us + 2 * 60 * MINUTE
            found.append(self._log(customer, owner_id, at_us, "visit", "met", "showed the page on a tablet", None))
        return [entry for entry in found if entry.at_us < self._now_us]

    def _logged(self) -> list[NewEntry]:
        """What the specialists wrote of the calls of the last days: nearly all of them, and nearly all as they were."""
        random, found = self._random, []
        for back in range(LOGGED_DAYS, -1, -1):
            people, _ = day_of(
                read_day(self._connection, self._config, self._day(-back), self._now_us, ()), self._config
            )
            for person in people:
                for call in person.calls if person.specialist_id is not None else ():
                    long = (call.talk_ms or 0) >= self._config.calls.effective_seconds * 1000
                    taken = call.effective or (call.direction == "inbound" and long)
                    if not (taken and call.ended_us and len(call.customers) == 1) or random.random() > 0.97:
                        continue
                    outcome, note = random.choice(SAID)
                    minutes = -(-(call.talk_ms or 0) // 60_000) + (0 if random.random() < 0.985 else 12)
                    at_us = (call.ended_us or 0) + random.randint(20, 150) * 1_000_000
                    owner = person.specialist_id or 0
                    found.append(self._log(call.customers[0], owner, at_us, "call", outcome, note, minutes))
        return [entry for entry in found if entry.at_us < self._now_us]

    def _log(
        self, customer: int, owner_id: int, at_us: int, channel: str, outcome: str, note: str, minutes: int | None
    ) -> NewEntry:
        return NewEntry(
            customer, at_us, self._calendar.day_of(at_us), channel, HAND, entered_by=SUPERVISOR, specialist_id=owner_id,
            outcome=outcome, note=note, claimed_ms=None if minutes is None else minutes * 60_000,
        )  # fmt: skip

    # What became of a customer

    def _fate(self, customer: int, owner_id: int, contacts: Sequence[Counted]) -> None:
        random, chance = self._random, self._random.random()
        at = self._one_of(SIGNS_AT)
        if chance < 0.24 and len(contacts) > at + 2:
            first = random.randrange(len(contacts) - at - 1)
            self._close(customer, owner_id, contacts[first : first + at], signed=True)
        elif chance < 0.4 and len(contacts) > at + 2:
            self._close(customer, owner_id, contacts[-at:], signed=False)
        else:
            counted = self._stand(customer, contacts)
            if len(counted) >= 3 and random.random() < (0.28 if len(counted) >= 8 else 0.1):
                self._open_order(customer, owner_id, counted)

    def _stand(self, customer: int, contacts: Sequence[Counted]) -> Sequence[Counted]:
        """Let a customer stand at a contact number; return the contacts that count."""
        random, at = self._random, self._one_of(STANDS_AT)
        values: dict[str, object] = {}
        counted: Sequence[Counted] = contacts[-at:] if at else ()
        if len(counted) < len(contacts):
            values["opened_us"] = counted[0].at_us if counted else self._now_us
        if random.random() < 0.4:
            values |= {"next_day": self._day(random.randint(-4, 10)), "next_note": random.choice(STEPS)}
        if at == 0:
            values["status"] = "prospect"
        elif at > 11 and random.random() < 0.25:
            values["status"] = "parked"
        if values:
            customers.put(self._connection, customer, values)
        return counted

    def _create(self, customer: int, owner_id: int, at_us: int) -> tuple[int, int]:
        package, amount = self._random.choice(PACKAGES)
        cents = round(amount * self._random.choice((0.9, 1, 1, 1.2, 2))) * 100
        stage = self._random.choice(self._config.orders.stages)
        said = acts.create(self._connection, self._doer(at_us), customer, owner_id, package, cents, stage)
        ref = said.split()[0]
        return dict(order_book.refs(self._connection, ref))[ref], cents

    def _close(self, customer: int, owner_id: int, contacts: Sequence[Counted], *, signed: bool) -> None:
        connection = self._connection
        customers.put(connection, customer, {"opened_us": contacts[0].at_us})
        order, cents = self._create(customer, owner_id, contacts[-min(4, len(contacts))].at_us + 10 * MINUTE)
        version = self._hear(
            order, 1, contacts[-3:], self._random.randint(2, 5) if signed else self._random.randint(0, 2)
        )
        doer = self._doer(contacts[-1].at_us + 2 * 60 * MINUTE)
        if signed:
            own = self._random.random() < 0.2
            clauses, by = ("payment in two steps", "Director Brandt") if own else ("", "")
            acts.sign(connection, doer, order, version, doer.today, cents, clauses, by)
            if self._random.random() < 0.7:
                acts.pay(connection, doer, cents, doer.today, order_id=order, seen=version + 1, config=self._config)
        else:
            acts.lose(connection, doer, order, version, self._random.choice(LOST))

    def _hear(self, order: int, version: int, contacts: Sequence[Counted], many: int) -> int:
        """Hear `many` facts, most of them in a call; return the order's version then."""
        for code in self._random.sample([fact.code for fact in evidence.FACTS], many):
            one = self._random.choice(contacts)
            call = (one.source_id, one.group_id) if self._random.random() < 0.75 else None
            acts.hear(self._connection, self._doer(one.at_us + 15 * MINUTE), order, version, code, call=call)
            version += 1
        return version

    def _open_order(self, customer: int, owner_id: int, contacts: Sequence[Counted]) -> None:
        random, connection = self._random, self._connection
        order, _ = self._create(customer, owner_id, contacts[max(0, len(contacts) - 5)].at_us + 10 * MINUTE)
        kind = random.random()
        version = self._hear(order, 1, contacts[-4:], 0 if kind < 0.25 else random.randint(1, 5))
        doer = self._doer(contacts[-1].at_us + 20 * MINUTE)
        if kind < 0.4:
            acts.feel(connection, doer, order, version, random.choice(FEELINGS))
            version += 1
        if random.random() < 0.4:
            day = self._calendar.day_of(max(doer.now_us, self._now_us + round(random.uniform(-6, 12) * DAY)))
            acts.claim(connection, doer, order, version, day, random.choice((100, 90, 80, 60)))
            version += 1
        if random.random() < 0.6:
            reviewed = self._doer(doer.now_us + 60 * MINUTE)
            recheck = self._calendar.day_of(reviewed.now_us + random.randint(1, 9) * DAY)
            guidance = random.choice(("praise", "correction", ""))
            acts.review(
                connection, reviewed, self._config, order, version, asked="what did the customer say of the price?",
                next_step=random.choice(STEPS), guidance=guidance, recheck_day=recheck,
            )  # fmt: skip
            version += 1
        if random.random() < 0.6:
            acts.expect(connection, self._doer(self._now_us), order, version, self._day(random.randint(1, 40)))
