"""Enquiries on a real store: by when they are due, who answers how many, and handing over, undone exactly."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from store import enquiries as rows
from store.engine import Store
from supervisor.calendar import Calendar
from supervisor.config import Config
from supervisor.duties.acting import undo
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.followups import acts as followups
from supervisor.duties.onboarding import acts as acts_of_steps
from supervisor.duties.onboarding import enquiry_acts as acts
from supervisor.duties.onboarding.enquiries import counts, due, is_late, read_enquiries
from supervisor.duties.onboarding.snapshots import EnquiryLine
from supervisor.settings import Floor, Onboarding
from tests.supervisor.duties.onboarding import owing
from tests.supervisor.duties.selling import (
    DAY_US,
    HOUR,
    NOW,
    S,
    assert_counted_right,
    call,
    customer,
    doer,
    everything,
    specialist,
)

BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = Config(floor=Floor(holidays=False, country="DE"), onboarding=Onboarding(assistants=("Mei", "Li")))
CALENDAR = Calendar(CONFIG.floor)
ANNA, BOB = 1, 2
NUMBER, TYPED = "+49301234567", "030 / 123 45 67"


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> int:
    return round(datetime(year, month, day, hour, minute, tzinfo=BERLIN).timestamp()) * S


# -- within one day -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "until"),
    [
        (at(27, 16), at(30, 16)),  # a Friday, and the Monday after
        (at(27, 9), at(27, 18)),
        (at(27, 8), at(27, 18)),  # before work
        (at(26, 12, 30), at(27, 12)),  # in the break: five hours on that day, three on the next
        (at(27, 18), at(30, 18)),  # the moment at which work ends
        (at(27, 21), at(30, 18)),  # on Friday evening
        (at(28, 11), at(30, 18)),  # at the weekend
        (at(31, 17, 59, month=12), at(1, 17, 59, month=1, year=2027)),  # no holiday here
    ],
)
def test_an_enquiry_is_due_after_eight_hours_of_working_time(came: int, until: int) -> None:
    found = due(CALENDAR, 8, came)
    assert found == until
    assert CALENDAR.working_us(came, found) == 8 * HOUR


def test_holidays_and_days_off_are_no_working_time() -> None:
    calendar = Calendar(Floor(country="DE", days_off=("2026-12-28",)))
    assert due(calendar, 8, at(24, 16, month=12)) == at(29, 16, month=12)  # Christmas, a weekend, a day off
    assert due(calendar, 0.5, at(25, 3, month=3)) == at(25, 9, 30, month=3)


def test_answered_at_the_very_moment_is_in_time() -> None:
    assert not is_late(100, 100, 10_000)
    assert is_late(100, 101, 0)
    assert not is_late(100, None, 100)
    assert is_late(100, None, 101)


@given(st.integers(0, 400 * 24 * 60), st.integers(1, 2_400))
def test_late_is_who_took_more_working_time_than_there_is(minute: int, after: int) -> None:
    came = at(1, 0, month=1) + minute * 60 * S
    until = due(CALENDAR, 8, came)
    answered = came + after * 60 * S
    worked = CALENDAR.working_us(came, answered)
    if worked != 8 * HOUR:  # at eight hours exactly it is the end of the work, not the beginning of the next
        assert is_late(until, answered, 0) == (worked > 8 * HOUR)


# -- acts and reading ---------------------------------------------------------------------------------------------


@pytest.fixture
def floor(store: Store) -> Store:
    with store.write() as connection:
        specialist(connection, "Anna Weber", "1001")
        specialist(connection, "Bob Kern", "1002")
    return store


def add(connection: Connection, later_us: int = 0, **other: Any) -> int:
    """Keep an enquiry of Acme's; its id."""
    told = {"company": "Acme", "number": TYPED, "channel": "web", "note": "a price", "assistant": ""} | other
    acts.add(connection, doer(later_us=later_us), *told.values(), country="DE")
    return max(row.enquiry_id for row in rows.unanswered(connection))


def line(connection: Connection, enquiry_id: int, now_us: int = NOW) -> EnquiryLine:
    return next(one for one in read_enquiries(connection, CONFIG, now_us).enquiries if one.enquiry_id == enquiry_id)


def hand(connection: Connection, enquiry_id: int, specialist_id: int = ANNA, who: str = "boss") -> str:
    seen = line(connection, enquiry_id).version
    return acts.hand(connection, doer(who), CONFIG, enquiry_id, seen, specialist_id)


def whole(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that acts on enquiries change, without the version, which always rises."""
    found = connection.exec_driver_sql("SELECT * FROM enquiry ORDER BY id").mappings().all()
    told = {"enquiry": [tuple((key, row[key]) for key in row if key != "version") for row in found]}
    for table in ("customer_number", "waiting_call"):
        told[table] = [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2").all()]
    return everything(connection) | told


def test_an_enquiry_is_kept_answered_and_both_are_taken_back(floor: Store) -> None:
    with floor.write() as connection:
        before = whole(connection)
        said = acts.add(connection, doer(), " Acme\n GmbH ", TYPED, "web", "a price", "", country="DE")
        assert said == "E-1 Acme GmbH: kept"
        one = line(connection, 1)
        assert (one.number, one.at_us, one.due_us, one.late) == (NUMBER, NOW, at(24, 11), False)
        assert counts(connection, CONFIG, at(24, 11)) == (1, 0)
        assert counts(connection, CONFIG, at(24, 11) + 1) == (1, 1)
        kept = whole(connection)
        assert acts.answer(connection, doer("Li", HOUR), 1, one.version, "") == "E-1 Acme GmbH: answered by Li"
        one = line(connection, 1)
        assert (one.answered_us, one.answered_by, one.assistant, one.late) == (NOW + HOUR, "Li", "Li", False)
        assert counts(connection, CONFIG, NOW + DAY_US * 9) == (0, 0)
        with pytest.raises(RefusedError, match="E-1 was answered by Li already"):
            acts.answer(connection, doer(), 1, one.version, "Mei")
        with pytest.raises(RefusedError, match="changed since"):
            undo(connection, doer())  # who kept it: Li has answered it since
        assert undo(connection, doer("Li")) == "undone: E-1 Acme GmbH: answered by Li"
        assert whole(connection) == kept
        assert undo(connection, doer()) == "undone: E-1 Acme GmbH: kept"
        assert whole(connection) == before


def test_by_whom_it_was_answered(floor: Store) -> None:
    with floor.write() as connection:
        for number, (whose, told, by) in enumerate(
            [("", "", "boss"), ("Mei", "", "Mei"), ("Mei", "Li", "Li"), ("", "Li", "Li")], 1
        ):
            acts.answer(connection, doer(), add(connection, assistant=whose), 1, told)
            one = line(connection, number)
            assert (one.answered_by, one.assistant) == (by, whose or by)


def test_what_cannot_be_kept_is_refused(floor: Store) -> None:
    with floor.write() as connection:
        wrong: tuple[tuple[dict[str, Any], str], ...] = (
            ({"company": " \x00 "}, "a company is needed"),
            ({"company": "x" * 201}, "the company has 201 characters"),
            ({"number": "ring me"}, "is no telephone number"),
            ({"number": "4711; 4712"}, "one number is expected"),
            ({"note": "x" * 2001}, "the note has 2,001"),
            ({"channel": "x" * 121}, "the channel has"),
            ({"assistant": "x" * 121}, "the assistant's name has"),
        )
        for told, words in wrong:
            with pytest.raises(RefusedError, match=words):
                add(connection, **told)
        assert rows.unanswered(connection) == []
        acts.add(connection, doer(), "Acme", TYPED, "", "", "")
        assert line(connection, 1).number == "0301234567"  # in which country is not told
        acts.add(connection, doer(), "Acme", "+49 30 1234567", "", "", "")
        assert line(connection, 2).number == NUMBER


def test_who_saw_an_older_one_is_told(floor: Store) -> None:
    with floor.write() as connection:
        add(connection)
        acts.answer(connection, doer(), 1, 1, "")
        with pytest.raises(RefusedError, match="E-1 was changed meanwhile"):
            acts.answer(connection, doer(), 1, 1, "")
        with pytest.raises(RefusedError, match="E-1 was changed meanwhile"):
            acts.hand(connection, doer(), CONFIG, 1, 1, ANNA)
        with pytest.raises(RefusedError, match="does not exist any more"):
            acts.answer(connection, doer(), 99, 1, "")


def test_the_list_and_the_figures(floor: Store) -> None:
    with floor.write() as connection:
        new, old = add(connection, assistant="Mei"), add(connection, -40 * DAY_US, assistant="Mei")
        late = add(connection, -5 * DAY_US, assistant="Zoe")
        past = add(connection, -31 * DAY_US)
        quick = add(connection, -DAY_US)
        acts.answer(connection, doer(), past, 1, "Mei")
        acts.answer(connection, doer(), late, 1, "")
        acts.answer(connection, doer(), quick, 1, "Mei")
        add(connection, -DAY_US * 2)  # nobody's
        hand(connection, quick)
        snapshot = read_enquiries(connection, CONFIG, NOW)
    assert [one.enquiry_id for one in snapshot.enquiries] == [old, 6, new, quick, late]
    assert [one.late for one in snapshot.enquiries] == [True, False, False, False, True]
    told = [
        (one.name, one.enquiries, one.answered, one.in_time, one.handed, one.open_steps, one.overdue_steps)
        for one in snapshot.assistants
    ]
    assert told == [("Mei", 2, 1, 1, 1, 0, 0), ("Li", 0, 0, 0, 0, 0, 0), ("Zoe", 1, 1, 0, 0, 0, 0)]


def steps_held(connection: Connection, now_us: int) -> dict[str, tuple[int, int]]:
    """How many steps each assistant holds, and how many of them are overdue."""
    found = read_enquiries(connection, owing.CONFIG, now_us).assistants
    return {one.name: (one.open_steps, one.overdue_steps) for one in found}


def test_the_steps_that_assistants_hold(store: Store) -> None:
    with store.write() as connection:
        owing.floor_that_owes(connection)
        owing.pay(connection, 1)
        owing.pay(connection, 2)
        running = [owing.state(connection, id_).standings["open_account"] for id_ in (1, 2)]
        assert [one.run and one.run.holder for one in running] == ["Bo", "Mei"]
        until = at(23, 16)  # four hours of working time from 11 o'clock on
        assert steps_held(connection, until) == {"Mei": (2, 0), "Bo": (2, 0)}  # checking the contract has eight hours
        assert steps_held(connection, until + S) == {"Mei": (2, 1), "Bo": (2, 1)}
        owing.act(connection, "reassign", "open_account", "Mei", who=doer(later_us=HOUR))
        assert steps_held(connection, until) == {"Mei": (4, 0), "Bo": (0, 0)}
        assert steps_held(connection, until + S) == {"Mei": (4, 2), "Bo": (0, 0)}, "its round goes on"
        acts_of_steps.stop(connection, doer(), 2, 1, "they went away")
        assert steps_held(connection, until) == {"Mei": (2, 0), "Bo": (0, 0)}


# -- handing over -------------------------------------------------------------------------------------------------


def owner(connection: Connection, customer_id: int) -> tuple[Any, ...]:
    sql = f"SELECT company, owner_id, status, taken_by FROM customer WHERE id = {customer_id}"
    return tuple(connection.exec_driver_sql(sql).one())


def test_who_is_interested_becomes_a_prospect_and_undoing_takes_all_back(floor: Store) -> None:
    with floor.write() as connection:
        add(connection)
        call(connection, "x", "1001", NUMBER, NOW - HOUR)  # waits, since nobody has the number
        before = whole(connection)
        assert hand(connection, 1) == "E-1 Acme: handed to Anna Weber, a new customer"
        one = line(connection, 1)
        assert (one.handed_us, one.specialist, one.answered_us, one.answered_by) == (NOW, "Anna Weber", NOW, "boss")
        assert one.customer_id is not None
        assert owner(connection, one.customer_id) == ("Acme", ANNA, "prospect", "")
        assert connection.exec_driver_sql("SELECT contacts FROM customer").scalar_one() == 1
        with pytest.raises(RefusedError, match="E-1 was handed to Anna Weber already"):
            hand(connection, 1, BOB)
        assert undo(connection, doer()) == "undone: E-1 Acme: handed to Anna Weber, a new customer"
        after = whole(connection)
        for table in ("enquiry", "customer_number", "waiting_call"):
            assert after[table] == before[table], table
        assert owner(connection, one.customer_id) == ("Acme", None, "lost", "")  # so it shows nowhere
        assert_counted_right(connection)
        assert undo(connection, doer()) == "undone: E-1 Acme: kept", "what it consisted of is not undone by itself"
        assert undo(connection, doer()) is None


def test_one_answered_before_stays_answered_by_whom_it_was(floor: Store) -> None:
    with floor.write() as connection:
        add(connection, -HOUR)
        acts.answer(connection, doer("Li", -S), 1, 1, "")
        answered = whole(connection)
        hand(connection, 1)
        one = line(connection, 1)
        assert (one.answered_us, one.answered_by, one.handed_us) == (NOW - S, "Li", NOW)
        with pytest.raises(RefusedError, match="changed since"):
            undo(connection, doer("Li"))  # it was handed since
        undo(connection, doer())
        assert whole(connection)["enquiry"] == answered["enquiry"]
        assert undo(connection, doer("Li")) == "undone: E-1 Acme: answered by Li"


def test_a_customer_whom_nobody_has_is_given_to_the_specialist(floor: Store) -> None:
    with floor.write() as connection:
        known = customer(connection, "c-1", "Acme Ltd", NUMBER)
        add(connection)
        before = whole(connection)
        assert hand(connection, 1) == "E-1 Acme: handed to Anna Weber, a known customer, Acme Ltd"
        assert owner(connection, known) == ("Acme Ltd", ANNA, "open", "")
        assert line(connection, 1).customer_id == known
        undo(connection, doer())
        assert whole(connection) == before
        assert undo(connection, doer()) == "undone: E-1 Acme: kept"


@pytest.mark.parametrize("status", ["lost", "parked"])
def test_who_was_given_up_is_open_again(floor: Store, status: str) -> None:
    with floor.write() as connection:
        known = customer(connection, "c-1", "Acme", NUMBER, status=status, closed_us=5 if status == "lost" else None)
        add(connection)
        before = whole(connection)
        assert hand(connection, 1) == f"E-1 Acme: handed to Anna Weber, {status} before"
        assert owner(connection, known) == ("Acme", ANNA, "open", "")
        undo(connection, doer())
        assert whole(connection) == before
        assert_counted_right(connection)


def test_a_specialists_own_customer_stays_theirs(floor: Store) -> None:
    with floor.write() as connection:
        known = customer(connection, "c-1", "Acme", NUMBER, owner_id=ANNA)
        add(connection)
        before = whole(connection)
        with pytest.raises(RefusedError, match="Acme is Anna Weber's customer"):
            hand(connection, 1, BOB)
        assert whole(connection) == before
        assert hand(connection, 1, ANNA) == "E-1 Acme: handed to Anna Weber, whose customer Acme is already"
        assert owner(connection, known) == ("Acme", ANNA, "open", "")
        undo(connection, doer())
        assert whole(connection) == before


def test_whom_a_supervisor_has_taken_over_only_they_hand_on(floor: Store) -> None:
    with floor.write() as connection:
        known = customer(connection, "c-1", "Acme", NUMBER, taken_by="chief")
        add(connection)
        with pytest.raises(RefusedError, match="chief has taken Acme over"):
            hand(connection, 1)
        hand(connection, 1, who="chief")
        assert owner(connection, known) == ("Acme", ANNA, "open", "")


def test_do_not_call_is_not_handed_over(floor: Store) -> None:
    with floor.write() as connection:
        customer(connection, "c-1", "Acme", NUMBER, dnc_us=5, dnc_why="asked", dnc_by="x")
        add(connection)
        before = whole(connection)
        with pytest.raises(RefusedError, match="Acme is do-not-call: nobody is handed them"):
            hand(connection, 1)
        assert whole(connection) == before


def test_a_shared_number_and_no_number(floor: Store) -> None:
    with floor.write() as connection:
        one = customer(connection, "c-1", "Acme", NUMBER)
        customer(connection, "c-2", "Bolt", NUMBER)
        add(connection, company="Cog")
        add(connection, company="acme ")
        with pytest.raises(RefusedError, match=f"2 customers have \\{NUMBER}: it is not known which"):
            hand(connection, 1)
        hand(connection, 2)
        assert line(connection, 2).customer_id == one, "the one who is called so"
        add(connection, company="Dent", number="")
        add(connection, company="bolt", number="")
        before = whole(connection)
        assert hand(connection, 4) == "E-4 bolt: handed to Anna Weber, a known customer, Bolt"
        undo(connection, doer())
        assert whole(connection) == before
        assert hand(connection, 3) == "E-3 Dent: handed to Anna Weber, a new customer without a number"
        made = line(connection, 3).customer_id
        assert made is not None and owner(connection, made) == ("Dent", ANNA, "prospect", "")
        assert_counted_right(connection)
        undo(connection, doer())
        assert owner(connection, made) == ("Dent", None, "lost", "")
        assert_counted_right(connection)
        assert hand(connection, 3, BOB) == "E-3 Dent: handed to Bob Kern, lost before"
        customer(connection, "c-3", "Bolt")
        with pytest.raises(RefusedError, match="2 customers have the name bolt"):
            hand(connection, 4)


def test_a_number_kept_as_it_was_typed_is_found_by_the_floors_country(floor: Store) -> None:
    with floor.write() as connection:
        known = customer(connection, "c-1", "Acme Ltd", NUMBER)
        acts.add(connection, doer(), "Acme", TYPED, "", "", "")
        hand(connection, 1)
        assert line(connection, 1).customer_id == known


def test_nothing_is_undone_where_the_customer_was_handed_on_since(floor: Store) -> None:
    with floor.write() as connection:
        known = customer(connection, "c-1", "Acme", NUMBER)
        add(connection)
        hand(connection, 1)
        followups.hand_over(connection, doer("chief"), known, BOB, 4)
    with pytest.raises(RefusedError, match="changed since; nothing is undone"), floor.write() as connection:
        undo(connection, doer())
    with floor.read() as connection:
        assert line(connection, 1).specialist == "Anna Weber" and owner(connection, known)[1] == BOB


def test_there_is_no_such_specialist(floor: Store) -> None:
    with floor.write() as connection:
        add(connection)
        with pytest.raises(RefusedError, match="no such specialist"):
            hand(connection, 1, 99)
