"""The longest and the shortest of each team."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from store import flag_keeping, roster
from store.engine import Store
from supervisor.duties.discipline import acts
from supervisor.duties.discipline.morale import (
    DIALS,
    FLAGS,
    MEASURES,
    SIGNED,
    AtWork,
    read_morale,
    spreads_of,
)
from supervisor.duties.discipline.read import back
from supervisor.duties.discipline.snapshots import MoraleSnapshot, Spread
from tests.supervisor.duties.discipline.flagging import CONFIG, doer, flagged
from tests.supervisor.duties.selling import DAY_US, NOW, TODAY, call, customer, order, specialist

S = 1_000_000


def test_the_best_the_worst_and_the_middle() -> None:
    people = [
        AtWork("Anna", "North", 10, {DIALS: 800, FLAGS: 4, SIGNED: 3}),
        AtWork("Boris", "North", 5, {DIALS: 600, FLAGS: 1}),
        AtWork("Carl", "North", 2.5, {DIALS: 100, FLAGS: 9, SIGNED: 1}),
    ]
    found = {one.measure: one for one in spreads_of(people)}
    assert found["dials"] == Spread("North", "dials", "a day", "Boris", 120, "Carl", 40, 80, 3)
    assert found["flags"] == Spread("North", "flags", "flags", "Boris", 1, "Carl", 9, 4, 3), "the fewest are the best"
    assert (found["orders signed"].best, found["orders signed"].worst) == ("Anna", "Boris")
    assert list(found) == [one.words for one in MEASURES]


def test_only_teams_of_two_at_work() -> None:
    people = [
        AtWork("Anna", "North", 1, {}),
        AtWork("Boris", "North", 0, {}),
        AtWork("Carl", "south", 1, {}),
        AtWork("Dora", "south", 0.5, {}),
        AtWork("Eva", "East", 1, {}),
        AtWork("Ivo", "East", 1, {}),
        AtWork("Max", "", 1, {}),
        AtWork("Ole", "", 1, {}),
    ]
    spreads = spreads_of(people)
    assert list(dict.fromkeys(one.team for one in spreads)) == ["East", "south"]
    assert {(one.best, one.worst) for one in spreads} == {("Eva", "Ivo"), ("Carl", "Dora")}, "equals by name"


@pytest.fixture
def connection(store: Store) -> Any:
    with store.write() as connection:
        for name, agent in (("Anna Weber", "1001"), ("Boris Wu", "1002")):
            specialist(connection, name, agent, "North")
        customer(connection, "c-1", "Baltic Steel", "+491")
        yield connection


def of(snapshot: MoraleSnapshot) -> dict[str, Spread]:
    return {one.measure: one for one in snapshot.spreads}


def test_the_last_thirty_days(connection: Connection) -> None:
    friday = NOW - 3 * DAY_US
    call(connection, "a", "1001", "+491", friday, talk_s=60)
    call(connection, "b", "1001", "+499", friday + 300 * S, talk_s=10)
    call(connection, "c", "1002", "+498", friday, talk_s=120)
    call(connection, "today", "1002", "+498", NOW, talk_s=120)
    order(connection, "A-1", 1, 2, status="signed", closed_day=back(TODAY, 1))
    order(connection, "A-2", 1, 2, status="signed", closed_day=TODAY)
    order(connection, "A-3", 1, 1, status="lost", closed_day=back(TODAY, 1))
    snapshot = read_morale(connection, CONFIG, NOW)
    assert (snapshot.first, snapshot.last) == (20261024, 20261122)
    found = of(snapshot)
    assert {one.people for one in snapshot.spreads} == {2}
    assert (found["dials"].best, found["dials"].best_value, found["dials"].worst_value) == ("Anna Weber", 2, 1)
    effective = found["effective calls"]
    assert (effective.best_value, effective.worst_value, effective.median) == (1, 1, 1)
    talk = found["talk"]
    assert (talk.best, talk.best_value, talk.worst_value) == ("Boris Wu", 2, pytest.approx(70 / 60))
    assert (found["follow-ups done"].best, found["follow-ups done"].worst_value) == ("Anna Weber", 0)
    assert (found["orders signed"].best, found["orders signed"].best_value) == ("Boris Wu", 1)


def test_days_attended_are_what_it_is_divided_by(connection: Connection) -> None:
    for number, days in enumerate((4, 3)):  # Thursday and Friday
        call(connection, f"a{number}", "1001", "+491", NOW - days * DAY_US)
        call(connection, f"b{number}", "1002", "+492", NOW - days * DAY_US)
    roster.put_attendance(connection, 1, 20261120, ("half", None, None), False)
    dials = of(read_morale(connection, CONFIG, NOW))["dials"]
    assert (dials.best, dials.best_value, dials.worst_value) == ("Anna Weber", pytest.approx(2 / 1.5), 1)


def test_who_did_not_attend_is_not_the_worst(connection: Connection) -> None:
    call(connection, "a", "1001", "+491", NOW - 3 * DAY_US)
    roster.put_attendance(connection, 2, 20261120, ("leave", None, None), False)
    assert read_morale(connection, CONFIG, NOW).spreads == ()


def test_flags_that_stand(connection: Connection) -> None:
    call(connection, "a", "1001", "+491", NOW - 3 * DAY_US)
    friday = 20261120
    flagged(connection, 1, day=friday)
    flagged(connection, 2, day=friday)
    flagged(connection, 2, "padding", day=friday)
    flagged(connection, 1, day=TODAY)
    acts.decide(connection, doer(), CONFIG, flagged(connection, 1, "noise", day=friday), 1, "dismissed", "wrong")
    flag_keeping.withdraw(connection, [flagged(connection, 1, "padding", day=friday)])
    flags = of(read_morale(connection, CONFIG, NOW))["flags"]
    assert (flags.best, flags.best_value, flags.worst, flags.worst_value, flags.median) == (
        "Anna Weber", 1, "Boris Wu", 2, 1.5,
    )  # fmt: skip
