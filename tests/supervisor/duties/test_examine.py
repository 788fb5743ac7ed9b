"""Six causes of weak results: the rules at their edges, and their figures read from a real store."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, insert

from store import roster
from store.calls import Tally
from store.contacts import HAND
from store.engine import Store
from store.matching import NewEntry, append_entries
from supervisor.duties.calls.snapshots import Quota
from supervisor.duties.orders import acts, solutions
from supervisor.duties.orders.examination import read_examination
from supervisor.duties.orders.examine import Cause, Examination, Trend, Work, examine, trend
from tests.supervisor.duties.selling import (
    CONFIG,
    DAY_OF,
    DAY_US,
    NOW,
    RULES,
    TODAY,
    call,
    customer,
    doer,
    order,
    specialist,
)

PLAIN = Work(
    first_contacts=20, attended=20, quota=Quota(1600, 300, 1200), dials=1600, connected=400, effective=300,
    talk_ms=1200 * 60_000, connected_before=1200, effective_before=900, effective_skill=900, orders=18, signed=5,
    closed=10, talks=300, talk_median_ms=120_000, talks_before=900, talk_median_before_ms=120_000, solution_days=None,
    contacts=300, outside=60, counted=200, in_window=60, past=20,
)  # fmt: skip


def but(**told: Any) -> Work:
    from dataclasses import replace

    return replace(PLAIN, **told)


def causes(own: Work, *others: Work, trends: tuple[Trend, ...] = ()) -> dict[str, Cause]:
    team = [own, *(others or (PLAIN, PLAIN, PLAIN))]
    return {cause.name: cause for cause in examine(own, team, trends)}


def words(own: Work, *others: Work, trends: tuple[Trend, ...] = ()) -> list[str]:
    return [cause.word for cause in causes(own, *others, trends=trends).values()]


def test_who_does_as_the_team_does_has_no_cause() -> None:
    assert list(causes(PLAIN)) == [
        "few new customers", "low effort", "low skill", "industry change", "stale script", "wrong direction",
    ]  # fmt: skip
    assert words(PLAIN, trends=(Trend("steel", 0.5, 0.5),)) == ["not seen"] * 6


NOTHING = but(
    attended=0, quota=Quota(0, 0, 0), dials=0, connected=0, effective=0, talk_ms=0, connected_before=0,
    effective_before=0, effective_skill=0, orders=0, signed=0, closed=0, talks=0, talk_median_ms=None, talks_before=0,
    talk_median_before_ms=None, contacts=0, outside=0, counted=0, in_window=0, past=0, first_contacts=0,
)  # fmt: skip


def test_of_nothing_nothing_is_known() -> None:
    assert words(NOTHING) == ["unknown"] * 6
    assert all(figure.value is None for cause in causes(NOTHING).values() for figure in cause.figures)


@pytest.mark.parametrize(
    ("cause", "own", "word"),
    [
        ("few new customers", but(first_contacts=10), "not seen"),  # half of the median of 20
        ("few new customers", but(first_contacts=9), "seen"),
        ("few new customers", but(first_contacts=0, attended=4.5), "unknown"),
        ("low effort", but(dials=1280), "not seen"),  # 0.8 of the quota
        ("low effort", but(dials=1279), "seen"),
        ("low effort", but(effective=239), "seen"),
        ("low effort", but(talk_ms=959 * 60_000), "seen"),
        ("low effort", but(dials=0, attended=4.5), "unknown"),
        ("low skill", but(effective=240), "not seen"),  # 0.6 per connected, the median is 0.75
        ("low skill", but(effective=239), "seen"),
        ("low skill", but(orders=14), "seen"),  # 1.56 per 100 effective, the median is 2
        ("low skill", but(orders=15), "not seen"),
        ("low skill", but(signed=4), "not seen"),
        ("low skill", but(signed=3), "seen"),
        ("low skill", but(signed=0, closed=4), "not seen"),  # too few
        ("low skill", but(effective=0, connected=29, effective_skill=29, closed=4), "unknown"),
        ("stale script", but(talk_median_ms=96_000), "not seen"),  # 0.8 of what it was
        ("stale script", but(talk_median_ms=95_999), "seen"),
        ("stale script", but(talk_median_ms=10_000, solution_days=90), "not seen"),
        ("stale script", but(talk_median_ms=10_000, solution_days=91), "seen"),
        ("stale script", but(talk_median_ms=10_000, talks=29), "not seen"),
        ("stale script", but(effective=239), "seen"),
        ("stale script", but(talks=29, connected_before=29), "unknown"),
        ("wrong direction", but(outside=90), "not seen"),  # 0.3
        ("wrong direction", but(outside=91), "seen"),
        ("wrong direction", but(in_window=30), "not seen"),  # 0.15, the median is 0.3
        ("wrong direction", but(in_window=29), "seen"),
        ("wrong direction", but(past=40), "not seen"),  # 0.2
        ("wrong direction", but(past=41), "seen"),
        ("wrong direction", but(contacts=19, outside=19, counted=19, in_window=0), "unknown"),
    ],
)
def test_each_cause_at_its_edge(cause: str, own: Work, word: str) -> None:
    assert causes(own)[cause].word == word


def test_a_whole_team_outside_the_tiers_is_no_ones_cause() -> None:
    team = [but(outside=200)] * 3
    assert causes(but(outside=200), *team)["wrong direction"].word == "not seen"
    assert causes(but(outside=201), *team)["wrong direction"].word == "seen"


def test_a_median_is_of_three_at_least_and_figures_stand_beside_it() -> None:
    found = causes(but(first_contacts=1), but(first_contacts=30), NOTHING)["few new customers"]
    assert (found.word, found.figures[0].team) == ("unknown", None)
    found = causes(but(first_contacts=1), but(first_contacts=30), PLAIN)["few new customers"]
    assert (found.word, found.figures[0].team) == ("seen", 20)
    effort = causes(PLAIN)["low effort"].figures
    assert [(one.value, one.team, one.quota) for one in effort] == [(80, 80, 80), (15, 15, 15), (60, 60, 60)]


@pytest.mark.parametrize(
    ("now", "before", "word"),
    [((7, 20), (10, 20), "not seen"), ((6, 20), (10, 20), "seen"), ((0, 4), (10, 20), "unknown"),
     ((0, 20), (4, 4), "unknown")],
)  # fmt: skip
def test_an_industry_that_changed(now: tuple[int, int], before: tuple[int, int], word: str) -> None:
    assert causes(PLAIN, trends=(trend("steel", now, before),))["industry change"].word == word
    assert causes(PLAIN)["industry change"] == Cause("industry change", "unknown", ())


# -- from the store -----------------------------------------------------------------------------------------------


def moment(days_ago: int) -> int:
    return NOW - days_ago * DAY_US


def day(days_ago: int) -> int:
    return DAY_OF(moment(days_ago))


def tally(connection: Connection, identity_id: int, days_ago: int, *sums: int) -> None:
    names = ("dials", "connected", "effective", "talk_ms")
    values = dict(zip(names, sums, strict=True)) | {"identity_id": identity_id, "day": day(days_ago), "calls": 1}
    connection.execute(insert(Tally).values(values))


def read(connection: Connection, specialist_id: int = 1) -> tuple[Examination, dict[str, Any]]:
    found = read_examination(connection, CONFIG, specialist_id, NOW)
    return found, {figure.name: figure for cause in found.causes for figure in cause.figures}


@pytest.fixture
def floor(store: Store) -> Store:
    """A team of three, one of another team, one who left."""
    with store.write() as connection:
        for number, name in enumerate(("Anna Weber", "Boris Wu", "Chiara Rossi"), 1):
            specialist(connection, name, f"100{number}", "North")
        specialist(connection, "Dora Lind", "1004", "South")
        left = specialist(connection, "Emil Ott", "1005", "North")
        connection.exec_driver_sql(f'UPDATE specialist SET "left" = 20261122 WHERE id = {left}')
    return store


def test_who_is_examined_beside_whom(floor: Store) -> None:
    with floor.read() as connection:
        found, _ = read(connection)
        assert (found.specialist, found.team, found.members, found.day) == ("Anna Weber", "North", 3, TODAY)
        assert read(connection, 5)[0].members == 4  # who left can be examined too
        assert {cause.word for cause in found.causes} == {"unknown"}
        with pytest.raises(KeyError):
            read(connection, 9)
    with floor.write() as connection:
        connection.exec_driver_sql("UPDATE specialist SET team_id = NULL WHERE id = 1")
        found, _ = read(connection)
        assert (found.team, found.members) == ("", 4)


def test_effort_is_of_the_days_attended_and_of_whose_phone_it_was(floor: Store) -> None:
    with floor.write() as connection:
        for days_ago in (0, 1, 2, 3, 4, 30, 31, 120, 121):
            tally(connection, 1, days_ago, 40, 20, 10, 600_000)
            tally(connection, 2, days_ago, 80, 20, 15, 600_000)
        tally(connection, 3, 3, 8, 2, 1, 1)
        for days_ago, status in ((1, "half"), (2, "leave"), (5, "present"), (6, "sick")):
            roster.put_attendance(connection, 1, day(days_ago), (status, None, None), False)
        _, figures = read(connection)
        assert figures["dials a day"].value is None  # half a day, the 3rd, the 4th, the 30th, and the 5th: 4.5
        roster.put_attendance(connection, 1, day(7), ("half", None, None), False)
        _, figures = read(connection)
        assert figures["dials a day"].value == 200 / 5
        assert figures["dials a day"].quota == 80 and figures["talk minutes a day"].value == 10
        assert figures["effective per connected"].value == 0.5
        assert figures["effective per connected"].before == 0.5  # the 31st and the 120th
        roster.assign(connection, 1, 2, day(3))  # the phone passes to a colleague
        _, figures = read(connection)
        assert figures["dials a day"].value is None  # the 3rd is not hers any more: 4


def test_orders_and_their_ends(floor: Store) -> None:
    with floor.write() as connection:
        for days_ago in (1, 90, 91):
            tally(connection, 1, days_ago, 100, 80, 50, 0)
        customer(connection, "c-1", type="steel")
        for number, days_ago in enumerate((0, 1, 90, 91)):
            order(connection, f"o{number}", 1, 1, opened_day=day(days_ago))
        for number, (days_ago, status) in enumerate(((1, "signed"), (2, "lost"), (180, "lost"), (181, "signed")) * 2):
            told = {"status": status, "closed_day": day(days_ago), "opened_day": 20250101}
            order(connection, f"c{number}", 1, 1, **told)
        _, figures = read(connection)
        assert figures["orders per 100 effective"].value == 2.0
        assert figures["signed per closed order"].value == 2 / 6


def test_industry_is_the_floors_and_of_the_types_they_have(floor: Store) -> None:
    with floor.write() as connection:
        customer(connection, "c-1", type="steel")
        customer(connection, "c-2", type="pumps")
        customer(connection, "c-3", type="steel", merged_into=1)
        order(connection, "open", 3, 1)
        for number in range(10):
            now = {"status": "signed" if number < 3 else "lost", "closed_day": day(1 if number else 90)}
            before = {"status": "signed" if number < 5 else "lost", "closed_day": day(91 if number else 180)}
            for type_, told in enumerate((now, before), 1):
                order(connection, f"{number}/{type_}", 1, 2, **told)
                order(connection, f"{number}/{type_}/pumps", 2, 2, **told)
        found, figures = read(connection)
        assert found.causes[3].word == "seen" and len(found.causes[3].figures) == 1
        told = figures["signed per closed order, steel"]
        assert (told.value, told.before) == (0.3, 0.5)


def test_contacts_of_a_phone_and_by_hand(floor: Store) -> None:
    with floor.write() as connection:
        for number in range(22):
            tier = 3 if number < 11 else 1
            customer(connection, f"c-{number}", number=f"+49{number:03}", tier=tier, contacts=0)
            call(connection, f"x{number}", "1001", f"+49{number:03}", moment(1 + number))
        call(connection, "today", "1001", "+49000", moment(0))
        call(connection, "old", "1001", "+49001", moment(31))
        visit = NewEntry(3, moment(2), day(2), "visit", HAND, specialist_id=1)
        append_entries(connection, [visit], RULES.numbers, NOW)
        for boris in range(3):
            call(connection, f"b{boris}", "1002", "+49020", moment(boris + 1) + 60_000_000)
        _, figures = read(connection)
        first = figures["first contacts in 30 days"]
        assert first.value == 21  # all but the one whose first was 31 days ago
        outside = figures["contacts outside the tiers"]
        assert outside.value == 12 / 23  # a second one on a day is a contact, though it does not count
        assert outside.team is None


def test_window_and_past_it(floor: Store) -> None:
    with floor.write() as connection:
        customer(connection, "c-1", number="+491")
        customer(connection, "c-2", number="+492")
        for number in range(13):
            for who in (1, 2):
                call(connection, f"{who}/{number}", "1001", f"+49{who}", moment(20 - number))
        order(connection, "A", 2, 1)
        _, figures = read(connection)
        assert figures["contacts in the window"].value == 8 / 26
        assert figures["past it without an order"].value == 2 / 26
        connection.exec_driver_sql("UPDATE sales_order SET status = 'lost'")
        assert read(connection)[1]["past it without an order"].value == 4 / 26


def test_talk_then_and_now_and_the_newest_solution(floor: Store) -> None:
    with floor.write() as connection:
        for number in range(31):
            call(connection, f"n{number}", "1001", f"+4911{number}", moment(30), talk_s=40 + number)
            call(connection, f"b{number}", "1001", f"+4911{number}", moment(31), talk_s=140 + number)
        call(connection, "unknown", "1001", "+49", moment(2), talk_s=0)
        customer(connection, "c-1")
        order(connection, "A", 1, 1)
        solutions.save(connection, doer(later_us=-100 * DAY_US), None, "old", "", "", "x")
        solutions.save(connection, doer(later_us=-10 * DAY_US), None, "newer", "", "", "x")
        acts.review(connection, doer(), CONFIG, 1, 1, solution_id=1)
        found, figures = read(connection)
        talk = figures["median talk, seconds"]
        assert (talk.value, talk.before, figures["days since the newest solution"].value) == (55, 155, 100)
        assert found.causes[4].word == "seen"
        acts.review(connection, doer(), CONFIG, 1, 2, solution_id=2)
        found, figures = read(connection)
        assert (figures["days since the newest solution"].value, found.causes[4].word) == (10, "not seen")
