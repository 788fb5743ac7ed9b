"""Looking at those alone of whom something can have become finds, at every moment, what looking at everybody does."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection

from integrations.provider import State
from store import calls, driver, roster, sources
from store.calls import LegValues
from store.engine import Store
from supervisor.duties.discipline import rounds
from supervisor.duties.discipline.day import read_day
from supervisor.duties.discipline.evaluate import differs, judge
from supervisor.duties.discipline.findings import LIVE
from supervisor.duties.discipline.known import Known
from tests.supervisor.duties.discipline.test_evaluate import CONFIG, HOUR, MINUTE, NINE, down, told
from tests.supervisor.duties.selling import DAY_OF, DAY_US, RULES, TODAY, S, call, customer, specialist

KNOWN = tuple(f"+4930555000{n}" for n in range(4))
STRANGE = ("+49301112222", "+49301113333", "+49301114444")
LIVE_PHONES = ("1001", "1002", "1003", "1004", "1099")
RECORDS = ("77", "88")


def leg(id_: str, agent: str, number: str, at_us: int, **more: Any) -> LegValues:
    """A leg that was dialled, unless `more` is told of it."""
    made = LegValues(
        leg_id=id_, group_id=id_, agent=agent, day=DAY_OF(at_us), direction="outbound", from_raw=agent, to_raw=number,
        number=number, started_us=at_us, ringing_us=None, answered_us=None, ended_us=None, talk_ms=None, ring_ms=None,
        hold_ms=None, outcome="unknown", progress=0, parent_id=None, queue=None, line=None, recording=None,
        ambiguous=False, approximate=False, raw="", raw_hash=random.randrange(1 << 40),
    )  # fmt: skip
    return made._replace(**more)


def over(one: LegValues, at_us: int, answered: bool = True) -> LegValues:
    """The same leg when it is over."""
    begun = one.answered_us or one.started_us
    talk = (at_us - begun) // 1000 if answered else None
    return one._replace(
        progress=3, ended_us=at_us, answered_us=begun if answered else None, talk_ms=talk, raw_hash=one.raw_hash + 1,
        outcome="answered" if answered else "no_answer",
    )  # fmt: skip


class Moving:
    """A floor on which everything happens that may: calls live and late, edits, transfers, pauses, other customers."""

    def __init__(self, connection: Connection, seed: int) -> None:
        self.connection, self.chance = connection, random.Random(seed)
        self.going: dict[str, LegValues] = {}
        self.done: list[tuple[int, LegValues]] = []
        self.made = 0
        self.now_us = NINE
        self.people = [specialist(connection, name, f"100{n}") for n, name in enumerate(("Ann", "Boris", "Chiara"), 1)]
        self.pbx = roster.source(connection, "pbx", "asterisk")
        self.files = roster.source(connection, "files", "files")
        roster.assign(connection, roster.identity(connection, self.pbx, "1004"), self.people[2], TODAY)
        self.people.append(roster.put_specialist(connection, None, "Dora", {}))
        roster.assign(connection, roster.identity(connection, self.files, "77"), self.people[3], TODAY)
        for phone in LIVE_PHONES[:4]:
            told(connection, phone, State.IDLE, NINE)
        self.customers = [customer(connection, f"K{n}", number=number) for n, number in enumerate(KNOWN)]
        driver.run(connection, "UPDATE customer SET dnc_us = ?, dnc_why = 'no' WHERE id = ?", (NINE, self.customers[0]))

    def step(self, now_us: int) -> None:
        """Let something happen until `now_us`."""
        self.now_us = now_us
        quiet = {self.chance.choice(LIVE_PHONES[:2])} if (now_us - NINE) // HOUR % 2 else set()
        for phone in LIVE_PHONES:
            if phone not in quiet and self.chance.random() < 0.25:
                self.live(phone)
        things: tuple[tuple[float, Callable[[], None]], ...] = (
            (0.05, self.late), (0.04, self.edited), (0.04, self.transferred), (0.04, self.paused), (0.02, self.blocked),
            (0.02, self.their_number), (0.05, self.of_records), (0.02, self.lost), (0.01, self.moved),
            (0.01, self.merged), (0.01, self.attended), (0.01, self.down), (0.02, self.missed),
        )  # fmt: skip
        for share, work in things:
            if self.chance.random() < share:
                work()

    def number(self) -> str:
        return self.chance.choice((*KNOWN, *STRANGE))

    def keep(self, source: int, *legs: LegValues) -> None:
        calls.ingest(self.connection, source, list(legs), RULES, None, self.now_us)
        self.done += [(source, one) for one in legs if one.progress == 3]

    def name(self) -> str:
        self.made += 1
        return f"c{self.made}"

    def earlier(self, seconds: int = 90) -> int:
        return self.now_us - self.chance.randrange(seconds) * S

    def live(self, phone: str) -> None:
        """Somebody dials, is answered, or hangs up."""
        one = self.going.pop(phone, None)
        if one is None:
            one = leg(self.name(), phone, self.number(), self.earlier(20))
            if self.chance.random() < 0.2:
                one = one._replace(direction="inbound")
        elif one.answered_us is None and self.chance.random() < 0.7:
            one = one._replace(progress=2, answered_us=self.earlier(10), raw_hash=one.raw_hash + 1)
        else:
            self.keep(self.pbx, over(one, self.earlier(10), one.answered_us is not None))
            return
        self.keep(self.pbx, one)
        self.going[phone] = one

    def late(self) -> None:
        """A call becomes known long after it was."""
        at_us = self.now_us - self.chance.randrange(5, 120) * MINUTE
        one = leg(self.name(), self.chance.choice(LIVE_PHONES), self.number(), at_us)
        self.keep(self.pbx, over(one, at_us + self.chance.randrange(1, 15) * MINUTE, self.chance.random() < 0.7))

    def of_records(self) -> None:
        """A source that tells of calls when they are over has some more."""
        phone = self.chance.choice(RECORDS)
        at_us = self.now_us - self.chance.randrange(5, 20) * MINUTE
        many = [leg(self.name(), phone, self.number(), at_us + n * 2 * MINUTE) for n in range(2)]
        self.keep(self.files, *(over(one, one.started_us + MINUTE) for one in many))

    def edited(self) -> None:
        """A record of a call that was over says otherwise later."""
        if not self.done:
            return
        source, one = self.chance.choice(self.done)
        end_us = (one.ended_us or one.started_us) + self.chance.randrange(-20, 20) * MINUTE
        number, phone = self.number(), self.chance.choice((one.agent, self.chance.choice(LIVE_PHONES)))
        now = over(one._replace(number=number, agent=phone), max(one.started_us, min(end_us, self.now_us)))
        self.done.remove((source, one))
        self.keep(source, now)

    def transferred(self) -> None:
        """A colleague comes into a call that goes on, or went on."""
        if self.going and self.chance.random() < 0.7:
            first = self.chance.choice(list(self.going.values()))
        elif self.done:
            first = self.chance.choice(self.done)[1]
        else:
            return
        phone = self.chance.choice(LIVE_PHONES)
        at_us = self.earlier()
        helper = first._replace(
            leg_id=f"{first.leg_id}/{self.name()}", agent=phone, direction="internal", started_us=at_us,
            day=DAY_OF(at_us),
        )  # fmt: skip
        self.keep(self.pbx, over(helper._replace(answered_us=at_us), min(self.now_us, at_us + 40 * S)))

    def lost(self) -> None:
        """The ends of calls were not seen."""
        calls.close_open(self.connection, self.pbx, [], self.now_us, RULES, self.now_us)
        self.going.clear()

    def moved(self) -> None:
        """A leg that goes on turns out to be of another call."""
        if self.going and self.done:
            phone, one = self.chance.choice(list(self.going.items()))
            other = self.chance.choice([done for source, done in self.done if source == self.pbx] or [one])
            now = one._replace(group_id=other.group_id, progress=2, answered_us=self.now_us, raw_hash=one.raw_hash + 1)
            if one.answered_us is None:
                self.keep(self.pbx, now)
                self.going[phone] = now

    def paused(self) -> None:
        """Somebody pauses, or did, and goes on."""
        phone, at_us = self.chance.choice(LIVE_PHONES[:4]), self.now_us - self.chance.choice((0, 0, 10, 40)) * MINUTE
        told(self.connection, phone, State.PAUSED, at_us, self.chance.choice(("training", "coffee")))
        if self.chance.random() < 0.5:
            told(self.connection, phone, State.IDLE, min(self.now_us, at_us + 10 * MINUTE))

    def missed(self) -> None:
        """A phone rings and nobody answers."""
        at_us = self.earlier()
        one = leg(self.name(), self.chance.choice(LIVE_PHONES), self.number(), at_us, direction="inbound")
        self.keep(self.pbx, over(one, at_us + 5 * S, answered=False))

    def blocked(self) -> None:
        """A customer is not to be called, or may be again."""
        id_ = self.chance.choice(self.customers)
        at_us = self.chance.choice((None, self.now_us))
        driver.run(self.connection, "UPDATE customer SET dnc_us = ? WHERE id = ?", (at_us, id_))
        self.noted("customer")

    def merged(self) -> None:
        one, into = self.chance.sample(self.customers[1:], 2)
        is_into = driver.rows(self.connection, "SELECT merged_into FROM customer WHERE id = ?", (into,))[0][0]
        if is_into is None:
            driver.run(self.connection, "UPDATE customer SET merged_into = ? WHERE id = ?", (into, one))
            self.noted("merge")

    def their_number(self) -> None:
        """A number becomes a customer's, or is theirs no more."""
        number = self.chance.choice(STRANGE)
        if self.chance.random() < 0.5:
            driver.run(
                self.connection,
                "INSERT INTO customer_number (customer_id, number, raw) VALUES (?, ?, '') ON CONFLICT DO NOTHING",
                (self.chance.choice(self.customers), number),
            )
        else:
            driver.run(self.connection, "DELETE FROM customer_number WHERE number = ?", (number,))
            self.noted("number")

    def noted(self, what: str) -> None:
        driver.run(
            self.connection,
            "INSERT INTO journal (at_us, who, what, detail) VALUES (?, 'boss', ?, '{}')",
            (self.now_us, what),
        )

    def attended(self) -> None:
        status = self.chance.choice(("present", "leave", "half"))
        known = driver.rows(self.connection, "SELECT 1 FROM attendance WHERE specialist_id = ?", (self.people[1],))
        roster.put_attendance(self.connection, self.people[1], TODAY, (status, None, None), bool(known))

    def down(self) -> None:
        """Nothing was heard of the source for half an hour."""
        from_us = self.now_us - 30 * MINUTE
        sources.set_up(self.connection, self.pbx, from_us - MINUTE)
        sources.set_up(self.connection, self.pbx, from_us, silent_us=10 * HOUR)
        sources.set_down(self.connection, self.pbx, from_us, "frozen")
        if self.chance.random() < 0.8:
            sources.set_up(self.connection, self.pbx, self.now_us)


class Looks(NamedTuple):
    """How often everybody was looked at, some, and nobody."""

    whole: int
    some: int
    nobody: int


def let_go_by(connection: Connection, moving: Moving, minutes: range) -> Looks:
    """Let a day go by; look at it each time, and compare with looking at everybody."""
    known: Known | None = None
    whole = some = nobody = 0
    for minute in minutes:
        now_us = NINE + minute * MINUTE
        moving.step(now_us)
        seen, known = rounds.look(connection, CONFIG, TODAY, now_us, known)
        if seen is None:
            nobody += 1
        else:
            whole, some = whole + (seen.told.only is None), some + (seen.told.only is not None)
            assert rounds.settle(connection, CONFIG, seen, rounds.judged_of(seen, CONFIG), now_us) is not None
        assert not differs(connection, judge(read_day(connection, CONFIG, TODAY, now_us, LIVE), CONFIG, LIVE)), minute
    return Looks(whole, some, nobody)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_looking_at_some_finds_what_looking_at_all_does(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without looking at all of it now and then."""
    monkeypatch.setattr(rounds, "WHOLE_US", 24 * HOUR)
    with store.write() as connection:
        looks = let_go_by(connection, Moving(connection, seed), range(1, 570, 2))
        ((flags,),) = driver.rows(connection, "SELECT count(*) FROM flag")
    assert flags > 10 and looks.some > looks.whole, looks


# -- who is looked at ---------------------------------------------------------------------------------------------


class Floor:
    """Ann and Boris call customers, and are looked at by rounds."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.ann, self.boris = (specialist(connection, name, f"100{n}") for n, name in ((1, "Ann"), (2, "Boris")))
        for phone in ("1001", "1002"):
            told(connection, phone, State.IDLE, NINE)
        self.customers = [customer(connection, f"K{n}", number=number) for n, number in enumerate(KNOWN)]
        self.known: Known | None = None

    def calls(self, agent: str, minute: float, number: str, seconds: int = 60) -> None:
        at_us = NINE + round(minute * MINUTE)
        call(self.connection, f"{agent}-{minute}", agent, number, at_us, seconds)

    def looked_at(self, minute: float) -> str:
        """Who is looked at: "", "all", or some of "ann", "boris" and "1099"."""
        now_us = NINE + round(minute * MINUTE)
        seen, self.known = rounds.look(self.connection, CONFIG, TODAY, now_us, self.known)
        if seen is None:
            return ""
        assert rounds.settle(self.connection, CONFIG, seen, rounds.judged_of(seen, CONFIG), now_us) is not None
        if seen.told.only is None:
            return "all"
        names = {self.ann: "ann", self.boris: "boris"}
        only = seen.told.only
        return " ".join([*sorted(names[id_] for id_ in only.specialists), *("1099" for _ in only.strangers)])


def test_nobody_is_looked_at_who_calls_customers_one_after_the_other(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        assert floor.looked_at(1) == "all"
        for minute in range(2, 60):
            floor.calls("1001", minute, KNOWN[1])
            floor.calls("1002", minute + 0.5, KNOWN[2])
            floor.calls("1002", minute + 0.75, STRANGE[0] if minute == 30 else KNOWN[2], 10)
            assert floor.looked_at(minute + 1) == ""


def test_somebody_is_looked_at_from_the_limit_until_they_call(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        floor.calls("1001", 0, KNOWN[1], 55)
        floor.calls("1002", 0, KNOWN[1], 29 * 60 + 55)
        assert floor.looked_at(1) == "all"
        assert [floor.looked_at(minute) for minute in (20, 21, 22)] == ["", "ann", "ann"]
        floor.calls("1001", 22, KNOWN[1], 55)
        assert [floor.looked_at(minute) for minute in (23, 24, 42, 43)] == ["ann", "", "", "ann"]
        assert floor.looked_at(50) == "ann boris"


def test_a_gap_that_goes_on_is_judged_once_a_minute(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        floor.calls("1001", 0, KNOWN[1], 55)
        floor.calls("1002", 0, KNOWN[1], 60 * 60)
        assert floor.looked_at(1) == "all"
        assert [floor.looked_at(21 + half / 2) for half in range(5)] == ["ann", "", "ann", "", "ann"]


def test_breaks_are_not_waited_for(store: Store) -> None:
    """From 12 to 13 nobody works; the quarter of an hour before it and that after it are idle together."""
    with store.write() as connection:
        floor = Floor(connection)
        for agent in ("1001", "1002"):
            floor.calls(agent, 0, KNOWN[1], 165 * 60 - 5)
        assert floor.looked_at(170) == "all"
        assert [floor.looked_at(minute) for minute in (179, 200, 239, 244)] == ["", "", "", ""]
        assert floor.looked_at(245) == "ann boris"


def test_private_calls_and_those_that_are_not_allowed_are_looked_at(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        for ago in (1, 2, 3):
            call(connection, f"ago{ago}", "1002", STRANGE[1], NINE - ago * DAY_US)
        driver.run(connection, "UPDATE customer SET dnc_us = ? WHERE id = ?", (NINE, floor.customers[3]))
        for agent in ("1001", "1002"):
            floor.calls(agent, 0, KNOWN[1])
        assert floor.looked_at(2) == "all"
        floor.calls("1001", 2, STRANGE[0])
        floor.calls("1001", 3, STRANGE[0])
        floor.calls("1002", 3, STRANGE[1])
        assert floor.looked_at(4) == ""
        floor.calls("1001", 4, STRANGE[0])
        floor.calls("1002", 4, STRANGE[1])
        assert floor.looked_at(6) == "ann boris"  # the third of a day, the fifth of a week
        floor.calls("1002", 6, KNOWN[3])
        assert floor.looked_at(8) == "boris"
        floor.calls("1001", 6, STRANGE[2], 599)
        floor.calls("1099", 6, STRANGE[2], 600)
        assert floor.looked_at(18) == "1099"


def test_records_that_are_taken_back_let_all_be_looked_at(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        floor.calls("1001", 0, KNOWN[1])
        assert [floor.looked_at(minute) for minute in (2, 3)] == ["all", ""]
        sql = "INSERT INTO revision (source_id, leg_id, at_us, before) VALUES (1, 'gone', 0, '{\"agent\": \"1001\"}')"
        driver.run(connection, sql)
        assert [floor.looked_at(minute) for minute in (4, 5)] == ["all", ""]


def test_customers_who_may_be_called_again_are_noticed_without_a_trace(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        driver.run(connection, "UPDATE customer SET dnc_us = ? WHERE id = ?", (NINE, floor.customers[3]))
        floor.calls("1001", 0, KNOWN[3])
        assert floor.looked_at(2) == "all"
        driver.run(connection, "UPDATE customer SET dnc_us = NULL")
        assert [floor.looked_at(minute) for minute in (6, 7)] == ["", "all"]
        assert driver.rows(connection, "SELECT state FROM flag")[0][0] == "withdrawn"


def test_a_pause_that_is_told_late_excuses_the_gap_it_was_in(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        for agent, minute in (("1001", 0), ("1001", 40), ("1002", 0), ("1002", 20), ("1002", 40)):
            floor.calls(agent, minute, KNOWN[1], 55 if agent == "1001" else 20 * 60)
        assert [floor.looked_at(minute) for minute in (42, 43)] == ["all", ""]
        told(connection, "1001", State.PAUSED, NINE + 2 * MINUTE, "training")
        assert floor.looked_at(44) == "ann"
        told(connection, "1001", State.IDLE, NINE + 39 * MINUTE)
        assert [floor.looked_at(minute) for minute in (45, 46)] == ["ann", ""]
        assert driver.rows(connection, "SELECT state FROM flag")[0][0] == "withdrawn"


def test_calls_of_a_source_that_was_down_let_all_be_looked_at(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        for agent in ("1001", "1002"):
            floor.calls(agent, 0, KNOWN[1], 57 * 60)
            floor.calls(agent, 91, KNOWN[1], 600)
        down(connection, "pbx", 58, 90)
        assert [floor.looked_at(minute) for minute in (93, 94)] == ["all", ""]
        assert not driver.rows(connection, "SELECT 1 FROM flag")
        floor.calls("1099", 65, KNOWN[1])
        assert floor.looked_at(95) == "all"
        assert len(driver.rows(connection, "SELECT 1 FROM flag WHERE state = 'open'")) == 2


def test_whose_call_is_another_s_is_looked_at_and_whose_sums_nobody_can_explain(store: Store) -> None:
    with store.write() as connection:
        floor = Floor(connection)
        for agent in ("1001", "1002"):
            floor.calls(agent, 0, KNOWN[1])
        one = leg("moves", "1001", KNOWN[1], NINE + 3 * MINUTE)
        calls.ingest(connection, 1, [one], RULES, None, 0)
        assert [floor.looked_at(minute) for minute in (4, 5)] == ["all", ""]
        other = one._replace(agent="1002", progress=2, answered_us=NINE + 4 * MINUTE, raw_hash=0)
        calls.ingest(connection, 1, [other], RULES, None, 0)
        assert [floor.looked_at(minute) for minute in (6, 7)] == ["ann boris", ""]
        driver.run(connection, "UPDATE tally SET calls = calls + 1 WHERE identity_id = 1")
        assert [floor.looked_at(minute) for minute in (8, 9)] == ["ann", ""]
