"""A specialist's page: flags, trend, base rate of the team, score, money, attendance."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from store import flag_keeping, roster
from store.engine import Store
from store.flag_book import Seen
from supervisor.duties.discipline import acts
from supervisor.duties.discipline.page import monday_of, rates_of, read_page, weeks_of
from supervisor.duties.discipline.read import back
from tests.supervisor.duties.discipline.flagging import CONFIG, doer, flagged
from tests.supervisor.duties.selling import DAY_US, NOW, TODAY, specialist

MONDAY = TODAY
ANNA, BORIS, CARL, DORA = 1, 2, 3, 4


@pytest.fixture
def connection(store: Store) -> Any:
    """Anna, Boris and Carl of the North, of whom Carl left; Dora of the South."""
    with store.write() as connection:
        for number, (name, team) in enumerate(
            (("Anna Weber", "North"), ("Boris Wu", "North"), ("Carl", "North"), ("Dora", "South"))
        ):
            assert specialist(connection, name, f"100{number}", team) == number + 1
        connection.exec_driver_sql(f'UPDATE specialist SET "left" = {back(TODAY, 1)} WHERE id = {CARL}')
        yield connection


def seen(whose: int, rule: str, day: int, kind: str = "flag") -> Seen:
    return Seen(whose, kind, rule, day, "open", "")


def test_weeks_begin_on_monday_and_end_with_this_one() -> None:
    assert (monday_of(MONDAY), monday_of(20261129), monday_of(20261122)) == (MONDAY, MONDAY, 20261116)
    sunday = 20261129
    told = [seen(1, "idle", day) for day in (20261116, 20261122, MONDAY, sunday)]
    told += [seen(2, "idle", MONDAY), seen(1, "merit", MONDAY, "merit"), seen(2, "merit", MONDAY, "merit")]
    weeks = weeks_of(told, 1, 2, sunday)
    assert len(weeks) == 13 and weeks[0].monday == 20260831
    assert [(one.flags, one.merits, one.team) for one in weeks[-2:]] == [(2, 0, 1.0), (2, 1, 1.5)]
    assert sum(one.flags for one in weeks[:-2]) == 0


def test_rates_stand_beside_the_teams_mean_a_head() -> None:
    told = [seen(1, "idle", TODAY), seen(1, "idle", TODAY), seen(2, "idle", TODAY), seen(2, "padding", TODAY)]
    rates = rates_of([*told, seen(1, "merit", TODAY, "merit")], 1, 2)
    assert [(one.rule, one.rule_words, one.theirs, one.team) for one in rates] == [
        ("idle", "idle", 2, 1.5),
        ("padding", "padding", 0, 0.5),
    ]


def test_the_page(connection: Connection) -> None:
    mine = flagged(connection, ANNA)
    acts.decide(connection, doer(), CONFIG, mine, 1, "warned", "again")
    flagged(connection, BORIS, "padding", day=back(TODAY, 7))
    flagged(connection, DORA)
    flagged(connection, CARL)
    acts.give_reward(connection, doer(), CONFIG, ANNA, "20", "thanks")
    acts.give_reward(connection, doer(), CONFIG, BORIS, "30", "thanks")
    page = read_page(connection, CONFIG, ANNA, NOW)
    assert (page.name, page.team, page.peers, page.score, page.team_score) == ("Anna Weber", "North", 2, 2, 1.0)
    assert [line.flag_id for line in page.flags] == [mine]
    assert [(one.rule, one.theirs, one.team) for one in page.rates] == [("idle", 1, 0.5), ("padding", 0, 0.5)]
    assert [(one.monday, one.flags, one.team) for one in page.weeks[-2:]] == [
        (20261116, 0, 0.5),
        (MONDAY, 1, 0.5),
    ]
    assert [(one.specialist, one.amount_cents) for one in page.money] == [("Anna Weber", 2_000)]


def test_what_was_no_breach_is_listed_and_not_counted(connection: Connection) -> None:
    acts.decide(connection, doer(), CONFIG, flagged(connection, ANNA), 1, "dismissed", "wrong")
    flag_keeping.withdraw(connection, [flagged(connection, ANNA, "padding")])
    page = read_page(connection, CONFIG, ANNA, NOW)
    assert len(page.flags) == 2 and page.rates == () and page.weeks[-1].flags == 0 and page.score == 0


def test_ninety_days_of_flags_and_thirteen_weeks(connection: Connection) -> None:
    for days in (89, 90):
        flagged(connection, ANNA, day=back(TODAY, days))
    flagged(connection, ANNA, "padding", day=monday_of(TODAY, 12))
    flagged(connection, ANNA, "padding", day=back(monday_of(TODAY, 12), 1))
    page = read_page(connection, CONFIG, ANNA, NOW)
    assert len(page.flags) == 3 and sum(one.theirs for one in page.rates) == 3
    assert sum(one.flags for one in page.weeks) == 1


def test_a_score_counts_what_was_decided_lately_of_whatever_day(connection: Connection) -> None:
    old = flagged(connection, ANNA, day=back(TODAY, 200))
    acts.decide(connection, doer(), CONFIG, old, 1, "warned", "again")
    expired = flagged(connection, ANNA, day=back(TODAY, 5))
    acts.decide(connection, doer(later_us=-90 * DAY_US), CONFIG, expired, 1, "warned", "again")
    assert read_page(connection, CONFIG, ANNA, NOW).score == 2


def test_merits_make_up_for_flags_but_never_more(connection: Connection) -> None:
    acts.raise_by_hand(connection, doer(), CONFIG, ANNA, "merit", "won back Kaiser")
    assert read_page(connection, CONFIG, ANNA, NOW).score == 0
    acts.decide(connection, doer(), CONFIG, flagged(connection, ANNA, severity=3), 1, "warned", "again")
    page = read_page(connection, CONFIG, ANNA, NOW)
    assert (page.score, page.weeks[-1].merits) == (1, 1)


def test_attendance_of_thirty_days(connection: Connection) -> None:
    connection.exec_driver_sql(f"UPDATE specialist SET hired = 20261103 WHERE id = {ANNA}")
    roster.put_attendance(connection, ANNA, 20261104, ("sick", None, None), False)
    roster.put_attendance(connection, ANNA, 20261107, ("half", 540, 720), False)  # a Saturday
    told = dict(read_page(connection, CONFIG, ANNA, NOW).attendance)
    assert list(told)[:5] == [20261103, 20261104, 20261105, 20261106, 20261107]
    assert list(told.values())[:5] == ["present", "sick", "present", "present", "half"]
    assert list(told)[-1] == TODAY and 20261108 not in told
    whole = read_page(connection, CONFIG, BORIS, NOW).attendance
    assert (whole[0][0], len(whole)) == (20261026, 21), "from 25 October on, a Sunday"


def test_who_is_in_no_team_stands_beside_the_floor(connection: Connection) -> None:
    specialist(connection, "Eva", "1009")
    assert read_page(connection, CONFIG, 5, NOW).peers == 4
    with pytest.raises(LookupError):
        read_page(connection, CONFIG, 99, NOW)


def test_who_left_has_a_page_too(connection: Connection) -> None:
    assert read_page(connection, CONFIG, CARL, NOW).peers == 3


def test_on_a_sunday_the_weeks_go_back_a_day_farther_than_the_rates(connection: Connection) -> None:
    sunday_us = NOW - DAY_US
    flagged(connection, ANNA, day=back(20261122, 90))
    page = read_page(connection, CONFIG, ANNA, sunday_us)
    assert (page.weeks[0].flags, page.rates, page.flags) == (1, (), ())
