"""Evaluating a day in a real store: what is raised, what is withdrawn, and what nobody is blamed for."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection

from integrations.provider import Presence, State
from store import driver, presence, roster, sources
from store.engine import Store
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.discipline.day import ALL, read_day
from supervisor.duties.discipline.evaluate import Evaluation, evaluate_day, evaluate_person, judge
from supervisor.duties.discipline.findings import LIVE
from supervisor.duties.discipline.kept import evidence_of
from supervisor.duties.discipline.putting import day_of
from supervisor.duties.followups.acts import accept, log_contact
from supervisor.settings import Floor, QuotaSettings
from tests.supervisor.duties import selling
from tests.supervisor.duties.selling import NOW, TODAY, S, call, customer, doer, specialist

MINUTE = 60 * S
HOUR = 60 * MINUTE
NINE = NOW - 2 * HOUR
EVENING = NOW + 8 * HOUR
NO_QUOTA = QuotaSettings(dials=0, effective=0, talk_minutes=0)
CONFIG = Config(floor=Floor(holidays=False), quota=NO_QUOTA)
NIGHT = Config(floor=Floor(holidays=False, working_hours=("20:00-04:00",)), quota=NO_QUOTA)
_numbers = itertools.count()


def calling(connection: Connection, agent: str, *spans: tuple[int, int], number: str = "") -> None:
    """Somebody who calls for 8 of every 10 minutes from a minute after nine to another one."""
    for begin, end in spans:
        for minute in range(begin, end, 10):
            told = number or f"+4930{next(_numbers):07}"
            call(connection, f"{agent}-{minute}", agent, told, NINE + minute * MINUTE, 8 * 60 - 5)


def flags(connection: Connection, rule: str = "") -> list[tuple[str, str, str, str]]:
    """Rule, whose, words and state of all flags, or of those of a rule."""
    found = driver.rows(
        connection, "SELECT rule, whose, evidence, state FROM flag ORDER BY at_us, rule, whose, subject"
    )
    return [(row[0], row[1], evidence_of(row[2]).words, row[3]) for row in found if not rule or row[0] == rule]


def trace(connection: Connection) -> list[str]:
    return [row[0] for row in driver.rows(connection, "SELECT what FROM flag_event ORDER BY id")]


def everything(connection: Connection) -> list[Any]:
    return [driver.rows(connection, f"SELECT * FROM {table} ORDER BY 1") for table in ("flag", "flag_event")]


def attend(connection: Connection, who: int, status: str, known: bool = False) -> None:
    roster.put_attendance(connection, who, TODAY, (status, None, None), known)


def evaluated(connection: Connection, config: Config = CONFIG, now_us: int = EVENING) -> Evaluation:
    return evaluate_day(connection, config, TODAY, now_us)


def test_a_day_is_evaluated_once_however_often(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
        assert evaluated(connection) == (1, 0, 0, 0)
        assert flags(connection) == [("idle", "specialist:1", "32 min without a call, 09:58-10:30", "open")]
        before = everything(connection)
        assert evaluated(connection) == evaluated(connection, now_us=EVENING + HOUR) == (0, 0, 0, 1)
        assert everything(connection) == before


def test_a_call_that_comes_late_withdraws_and_raises_with_a_trace(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
        evaluated(connection)
        calling(connection, "1001", (60, 90))
        assert evaluated(connection) == (0, 0, 1, 0)
        assert flags(connection) == [("idle", f"specialist:{ann}", "32 min without a call, 09:58-10:30", "withdrawn")]
        assert trace(connection) == ["raised", "withdrawn"]
        assert evaluated(connection) == (0, 0, 0, 0)
        attend(connection, ann, "leave")
        assert evaluated(connection) == (1, 0, 0, 0)
        assert flags(connection, "absent_but_calling")[0][3] == "open"


def test_an_edited_attendance_withdraws_and_raises_again(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
        evaluated(connection)
        attend(connection, ann, "training")
        assert evaluated(connection) == (0, 0, 1, 0)
        attend(connection, ann, "present", known=True)
        assert evaluated(connection) == (1, 0, 0, 0)
        assert trace(connection) == ["raised", "withdrawn", "raised again"]
        assert [state for *_, state in flags(connection)] == ["open"]
        assert driver.rows(connection, "SELECT version FROM flag")[0][0] == 3


@pytest.mark.parametrize("state", ["decided", "explained"])
def test_what_a_person_decided_stays_and_what_was_explained_is_withdrawn(store: Store, state: str) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
        evaluated(connection)
        driver.run(connection, "UPDATE flag SET state = ?, reply = 'the line was dead'", (state,))
        calling(connection, "1001", (60, 90))
        gone = state == "explained"
        assert evaluated(connection) == (0, 0, int(gone), 0)
        assert [told for *_, told in flags(connection)] == ["withdrawn" if gone else "decided"]
        assert trace(connection) == ["raised", "withdrawn" if gone else "not found any more"]
        before = everything(connection)
        assert evaluated(connection) == (0, 0, 0, 0)
        assert everything(connection) == before


def test_a_gap_that_grows_stays_one_flag_and_is_told_when_it_becomes_graver(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        told(connection, "1001", State.IDLE, NINE)
        calling(connection, "1001", (0, 60))
        at = NINE + 58 * MINUTE

        def seen(minutes: int) -> tuple[Evaluation, str]:
            done = evaluate_day(connection, CONFIG, TODAY, at + minutes * MINUTE, LIVE)
            return done, flags(connection)[0][2] if flags(connection) else ""

        assert seen(19) == ((0, 0, 0, 0), "")
        assert seen(20) == ((1, 0, 0, 0), "20 min without a call, 09:58-10:18")
        assert seen(39) == ((0, 1, 0, 0), "39 min without a call, 09:58-10:37")
        assert (trace(connection), driver.rows(connection, "SELECT version FROM flag")[0][0]) == (["raised"], 1)
        assert seen(40)[0] == (0, 1, 0, 0)
        assert trace(connection) == ["raised", "changed"]
        details = driver.rows(connection, "SELECT detail FROM flag_event ORDER BY id")
        assert details[1][0] == "low to medium: 40 min without a call, 09:58-10:38"
        assert driver.rows(connection, "SELECT version, severity FROM flag")[0][:] == (2, 2)


def told(connection: Connection, agent: str, state: State, at_us: int, reason: str | None = None) -> None:
    """What a phone is doing from a moment on."""
    source_id = roster.source(connection, "pbx", "asterisk")
    presence.tell(
        connection, source_id, [Presence(agent, state, at_us, None, None, None, None, reason)], selling.DAY_OF
    )


def test_nobody_is_idle_now_whose_source_tells_of_calls_when_they_are_over(store: Store) -> None:
    """A call of forty minutes is not known yet; the gap between two calls is."""
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60))
        assert evaluate_day(connection, CONFIG, TODAY, NINE + 2 * HOUR, LIVE) == (0, 0, 0, 0)
        calling(connection, "1001", (90, 100))
        assert evaluate_day(connection, CONFIG, TODAY, NINE + 2 * HOUR, LIVE) == (1, 0, 0, 0)
        assert evaluate_day(connection, CONFIG, TODAY, EVENING, LIVE).raised == 1


# -- excuses ------------------------------------------------------------------------------------------------------


def down(connection: Connection, source: str, begin: int, end: int | None) -> int:
    """A source that was down from a minute after nine to another one, and up before."""
    source_id = roster.source(connection, source, "asterisk")
    sources.set_up(connection, source_id, NINE - HOUR)
    sources.set_up(connection, source_id, NINE + begin * MINUTE, silent_us=10 * HOUR)
    sources.set_down(connection, source_id, NINE + begin * MINUTE, "frozen")
    if end is not None:
        sources.set_up(connection, source_id, NINE + end * MINUTE)
    return source_id


def test_a_source_that_was_down_excuses_who_has_a_phone_on_it(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
        down(connection, "another", 58, 90)
        assert evaluated(connection).raised == 1
        down(connection, "pbx", 58, 90)
        assert evaluated(connection) == (0, 0, 1, 0)
        call(connection, "known after all", "1009", "+49301", NINE + 65 * MINUTE, 30)
        assert evaluated(connection) == (1, 0, 0, 0)


def test_an_outage_that_covers_a_part_is_named(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60), (120, 180), (240, 540))
        down(connection, "pbx", 58, 90)
        assert evaluated(connection).raised == 1
        ((words, excuses),) = driver.rows(connection, "SELECT evidence, excuses FROM flag")
        assert evidence_of(words).words.startswith("30 min without a call")
        assert "pbx was down 09:58-10:30" in excuses


def test_who_has_phones_on_two_sources_is_excused_while_both_are_down(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        other = roster.source(connection, "cloud", "files")
        roster.assign(connection, roster.identity(connection, other, "77"), ann, TODAY)
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
        down(connection, "pbx", 58, 90)
        assert evaluated(connection).raised == 1
        down(connection, "cloud", 70, None)
        assert evaluated(connection) == (0, 0, 1, 0)


@pytest.mark.parametrize(("reason", "raised"), [("LUNCH", 0), ("Training", 0), ("coffee", 1), (None, 1)])
def test_a_pause_excuses_for_a_reason_that_is_told(store: Store, reason: str | None, raised: int) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", (0, 60), (90, 180), (240, 540))
        told(connection, "1001", State.PAUSED, NINE + 60 * MINUTE, reason)
        told(connection, "1001", State.IDLE, NINE + 88 * MINUTE)
        assert evaluated(connection).raised == raised


# -- whose calls --------------------------------------------------------------------------------------------------


def test_a_night_shift_has_its_calls_past_midnight_and_the_next_day_has_not(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        calling(connection, "1001", (11 * 60, 17 * 60), (17 * 60 + 30, 19 * 60), (20 * 60, 20 * 60 + 10))
        after = NINE + 40 * HOUR
        assert evaluate_day(connection, NIGHT, TODAY, after, {"idle", "out_of_hours"}) == (1, 0, 0, 0)
        assert flags(connection)[0][2] == "32 min without a call, 01:58-02:30"
        evaluate_day(connection, NIGHT, TODAY + 1, after, {"out_of_hours"})
        assert flags(connection)[1][2] == "1 outbound call outside the shift 20:00-04:00: 05:00"
        (tuesday,), _ = people(connection, NIGHT, TODAY + 1, after)
        assert [call.started_us for call in tuesday.calls] == sorted(call.started_us for call in tuesday.calls)
        (monday,), _ = people(connection, NIGHT, TODAY, after)
        assert monday.calls[-1].started_us == NINE + (18 * 60 + 50) * MINUTE  # not the one after its end


def people(connection: Connection, config: Config, day: int, now_us: int) -> Any:
    return day_of(read_day(connection, config, day, now_us), config)


def test_phones_that_are_nobodys_are_seen_and_flagged_by_themselves(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        customer(connection, "K1", number="+49305550000")
        call(connection, "x", "1099", "+49301112222", NINE + HOUR, 15 * 60)
        call(connection, "y", "1099", "+49305550000", NINE + 2 * HOUR, 15 * 60)
        evaluate_day(connection, CONFIG, TODAY, EVENING, {"private_call"})
        ((rule, whose, words, _),) = flags(connection)
        assert (rule, whose.partition(":")[0]) == ("private_call", "phone")
        assert words.startswith("15 min of talk with +49301112222")


def test_calls_of_the_week_count_whoever_has_the_phone_now(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        specialist(connection, "Boris", "1002")
        customer(connection, "K1", number="+49305550000")
        for ago in (2, 4, 5, 6, 7):
            call(connection, f"ago{ago}", "1001", "+49301112222", NINE + HOUR - ago * selling.DAY_US)
        call(connection, "boris", "1002", "+49301112222", NINE + HOUR)
        call(connection, "ann", "1001", "+49301112222", NINE + 2 * HOUR)
        evaluate_day(connection, CONFIG, TODAY, EVENING, {"private_call"})
        assert flags(connection) == [
            (
                "private_call",
                f"specialist:{ann}",
                "5 calls in seven days with +49301112222, no customer's number",
                "open",
            )
        ]


def test_a_customer_who_was_merged_is_the_other_one(store: Store) -> None:
    with store.write() as connection:
        specialist(connection, "Ann", "1001")
        kept = customer(connection, "K1", "Kept", dnc_us=NINE - HOUR, dnc_why="asked for it")
        customer(connection, "K2", "Double", number="+49305550000", merged_into=kept)
        call(connection, "x", "1001", "+49305550000", NINE + HOUR)
        evaluate_day(connection, CONFIG, TODAY, EVENING, {"do_not_call_dialled"})
        assert "called Kept" in flags(connection)[0][2]


def test_logs_without_a_call(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        number = "+49305550000"
        one = customer(connection, "K1", "One", number=number)
        double = customer(connection, "K2", "Two", number="+49305550001")
        other = customer(connection, "K3", "Three", number="+49305550003")
        call(connection, "first", "1001", number, NINE + MINUTE, 55)  # ends at 09:02
        at = NINE + 2 * MINUTE

        def logged(customer_id: int, at_us: int, channel: str = "call") -> None:
            log_contact(connection, doer(later_us=at_us - NOW), customer_id, channel, "", "", ann)

        def found() -> str:
            evaluate_day(connection, CONFIG, TODAY, EVENING, {"logged_without_a_call"})
            return next((words for _, _, words, state in flags(connection) if state == "open"), "")

        logged(double, at + 5 * MINUTE)
        driver.run(connection, "UPDATE customer SET merged_into = ? WHERE id = ?", (one, double))
        assert found() == ""
        logged(other, NINE + 30 * MINUTE, "visit")
        logged(other, NINE)  # before the floor's first call: history
        assert found() == ""
        logged(one, at + 6 * MINUTE)
        assert found() == "1 log without a call: One 09:08"
        logged(other, NINE + 40 * MINUTE)
        assert found().startswith("2 logs without a call")
        entries = driver.rows(
            connection, "SELECT id FROM contact WHERE origin = 'hand' AND at_us >= ?", (at + 6 * MINUTE,)
        )
        for (entry,) in entries:
            if driver.rows(connection, "SELECT channel FROM contact WHERE id = ?", (entry,))[0][0] == "call":
                accept(connection, doer(), entry)
        assert found() == ""


def test_a_log_just_after_midnight_joins_a_call_before_it(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        one = customer(connection, "K1", "One", number="+49305550000")
        begins_us, _ = Calendar(CONFIG.floor).bounds(TODAY)
        call(connection, "late", "1001", "+49305550000", begins_us - 10 * MINUTE, 9 * 60)
        log_contact(connection, doer(later_us=begins_us + MINUTE - NOW), one, "call", "", "", ann)
        assert evaluate_day(connection, CONFIG, TODAY, EVENING, {"logged_without_a_call"}) == (0, 0, 0, 0)


# -- order, and many at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_calls_come_does_not_matter(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    with store.write() as connection:
        specialist(connection, "Ann", "1001", "North")
        specialist(connection, "Boris", "1002", "North")
        customer(connection, "K1", number="+49305550000", dnc_us=NINE)
        made = [
            (agent, minute, chance.choice(("+49305550000", "+49301112222", "+49301113333")), chance.randrange(1200))
            for agent in ("1001", "1002")
            for minute in chance.sample(range(540), 12)
        ]
        chance.shuffle(made)
        for place, (agent, minute, number, talk) in enumerate(made):
            call(connection, f"c{place}", agent, number, NINE + minute * MINUTE, talk)
            if chance.random() < 0.5:
                evaluated(connection)
        evaluated(connection)
        judged = judge(read_day(connection, CONFIG, TODAY, EVENING), CONFIG, ALL)
        assert judged.findings
        standing = sorted((rule, whose, words) for rule, whose, words, state in flags(connection) if state == "open")
        assert standing == sorted((one.rule, one.whose, one.evidence.words) for one in judged.findings)


def test_two_evaluations_at_once_raise_once(store: Store) -> None:
    with store.write() as connection:
        for place in range(5):
            specialist(connection, f"S{place}", f"100{place}")
            calling(connection, f"100{place}", (0, 60), (90, 180))

    def evaluate(_: int) -> Evaluation:
        with store.write() as connection:
            return evaluated(connection)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(evaluate, range(8)))
    assert len({one.raised for one in done} - {0}) == 1
    with store.read() as connection:
        assert len(flags(connection)) == sum(one.raised for one in done) > 5
        assert set(trace(connection)) == {"raised"} and len(trace(connection)) == len(flags(connection))


def test_evaluating_a_person_evaluates_their_team_and_leaves_the_others(store: Store) -> None:
    with store.write() as connection:
        members = [specialist(connection, f"S{place}", f"100{place}", "North") for place in range(2)]
        specialist(connection, "Far", "1009", "South")
        for agent in ("1000", "1001", "1009"):
            calling(connection, agent, (0, 60), (90, 180))
        evaluate_person(connection, CONFIG, TODAY, members[0], EVENING)
        assert {whose for _, whose, _, _ in flags(connection)} == {f"specialist:{member}" for member in members}
        before = everything(connection)
        done = evaluated(connection)
        assert (done.changed, done.withdrawn, done.kept) == (0, 0, len(before[0]))
        attend(connection, members[0], "sick")
        evaluate_person(connection, CONFIG, TODAY, members[0], EVENING)
        standing = {whose for _, whose, _, state in flags(connection, "idle") if state == "open"}
        assert standing == {"specialist:2", "specialist:3"}
        assert flags(connection, "absent_but_calling")
