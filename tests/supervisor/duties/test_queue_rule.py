"""The follow-up queue: who stands in which part of it, in what order, and why, at every edge."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from store import queue as rows
from store.engine import Store
from supervisor.calendar import Calendar
from supervisor.duties.followups.queue import group_of, line_of, pick, pick_past
from supervisor.duties.followups.window import Window
from supervisor.settings import Floor
from tests.store.customers_made import customer

WINDOW = Window(8, 11, False, False, 0)
TODAY = 20261128
CALENDAR = Calendar(Floor())
DAY = 86_400_000_000
NOW = int(datetime(2026, 11, 28, 14, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * 1_000_000


def row(**said: object) -> rows.CustomerRow:
    values: dict[str, object] = {
        "id": 1, "ref": "R1", "company": "Baltic Steel", "contacts": 0, "tier": 3, "status": "open", "live": 1,
        "region": "", "type": "", "owner_id": None, "owner": None, "team": None, "taken_by": "", "past_until": None,
        "last_us": 0, "next_day": None, "next_note": "", "ordered": 0, "number": None, "said": None,
    }  # fmt: skip
    return rows.CustomerRow(**(values | said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("contacts", "group", "reason"),
    [
        (6, "rest", "no contact yet"),
        (7, "next", "opens next"),
        (8, "window", "in the window, 8th contact"),
        (11, "window", "in the window, 11th contact; the last one in it"),
        (12, "rest", "past the window: take over, hand over or park"),
    ],
)
def test_the_window_has_its_edges(contacts: int, group: str, reason: str) -> None:
    line = line_of(row(contacts=contacts), WINDOW, TODAY, CALENDAR)
    assert (line.group, line.reason) == (group, reason)


@pytest.mark.parametrize("said", [{"status": "signed"}, {"status": "lost"}, {"status": "open"}])
def test_who_is_not_live_stands_nowhere_though_the_number_is_right(said: dict[str, str]) -> None:
    line = line_of(row(contacts=9, live=0, **said), WINDOW, TODAY, CALENDAR)
    assert line.group == "nowhere" and not line.past
    assert line.reason == ("do-not-call" if said["status"] == "open" else said["status"])


def test_overdue_is_a_planned_day_that_is_over() -> None:
    assert group_of(row(next_day=20261127), WINDOW, TODAY) == "overdue"
    assert group_of(row(next_day=TODAY), WINDOW, TODAY) == "rest"
    assert group_of(row(next_day=20261127, contacts=9), WINDOW, TODAY) == "window"
    assert line_of(row(next_day=20261127), WINDOW, TODAY, CALENDAR).reason == "overdue for 1 day"
    assert line_of(row(next_day=20261031), WINDOW, TODAY, CALENDAR).reason == "overdue for 28 days"
    assert line_of(row(next_day=TODAY), WINDOW, TODAY, CALENDAR).reason == "planned today"


def test_who_is_parked_is_in_no_rest_but_comes_back_when_a_plan_is_overdue() -> None:
    assert group_of(row(status="parked", contacts=14), WINDOW, TODAY) == "nowhere"
    assert group_of(row(status="parked", contacts=14, next_day=20261127), WINDOW, TODAY) == "overdue"
    assert group_of(row(status="parked", contacts=9), WINDOW, TODAY) == "window"


@pytest.mark.parametrize(
    ("said", "past"),
    [
        ({}, True),
        ({"contacts": 11}, False),
        ({"ordered": 1}, False),
        ({"status": "parked"}, False),
        ({"past_until": 13}, False),
        ({"past_until": 12}, True),
    ],
)
def test_past_the_window_is_who_has_no_order_and_nobody_decided_on(said: dict[str, object], past: bool) -> None:
    assert line_of(row(**({"contacts": 12} | said)), WINDOW, TODAY, CALENDAR).past is past


def test_days_since_the_last_contact_are_local_days() -> None:
    late = int(datetime(2026, 11, 27, 23, 59, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * 1_000_000
    assert line_of(row(last_us=late), WINDOW, TODAY, CALENDAR).days_since == 1
    assert line_of(row(last_us=late + 61_000_000), WINDOW, TODAY, CALENDAR).days_since == 0
    assert line_of(row(), WINDOW, TODAY, CALENDAR).days_since is None


def test_the_queue_has_its_order(store: Store) -> None:
    with store.write() as connection:
        made = {
            name: customer(connection, **said)
            for name, said in {
                "window, other, long ago": {"contacts": 8, "last_us": NOW - 9 * DAY},
                "window, other, lately": {"contacts": 11, "last_us": NOW - 1 * DAY},
                "window, major": {"contacts": 9, "tier": 0, "last_us": NOW},
                "window, target": {"contacts": 10, "tier": 2, "last_us": NOW - 30 * DAY},
                "next, important": {"contacts": 7, "tier": 1, "last_us": NOW - 3 * DAY},
                "next, target": {"contacts": 7, "tier": 2, "last_us": NOW - 30 * DAY},
                "overdue, other": {"contacts": 2, "next_day": 20261101, "last_us": NOW},
                "overdue, major, a day": {"contacts": 2, "tier": 0, "next_day": 20261127},
                "overdue, major, long": {"contacts": 2, "tier": 0, "next_day": 20261126},
                "rest, major": {"contacts": 3, "tier": 0, "last_us": NOW - 5 * DAY},
                "rest, past": {"contacts": 15, "last_us": NOW - 50 * DAY},
                "rest, planned": {"contacts": 15, "next_day": TODAY, "last_us": NOW - 40 * DAY},
                "do-not-call": {"contacts": 9, "tier": 0, "dnc_us": NOW},
                "signed": {"contacts": 9, "tier": 0, "status": "signed"},
                "lost": {"contacts": 9, "tier": 0, "status": "lost"},
                "parked": {"contacts": 15, "tier": 0, "status": "parked"},
            }.items()
        }
        customer(connection, contacts=9, tier=0, merged_into=made["rest, major"])
    names = {number: name for name, number in made.items()}
    wanted = [
        "window, major", "window, target", "window, other, long ago", "window, other, lately", "next, important",
        "next, target", "overdue, major, long", "overdue, major, a day", "overdue, other", "rest, major", "rest, past",
        "rest, planned",
    ]  # fmt: skip
    with store.read() as connection:
        for limit in (rows.ALL, 1, 3, 6, 8, 11):
            found = [names[one] for one in pick(connection, WINDOW, TODAY, limit)]
            assert found == wanted[:limit]
        assert [names[one] for one in pick_past(connection, WINDOW, 10)] == ["rest, past", "rest, planned"]


def test_a_window_that_begins_with_the_first_contact_has_nobody_before_it(store: Store) -> None:
    with store.write() as connection:
        new, first = customer(connection), customer(connection, contacts=1)
    with store.read() as connection:
        assert pick(connection, Window(1, 2, False, False, 0), TODAY, 10) == [first, new]


def test_the_first_lines_are_found_by_index_alone(store: Store) -> None:
    """However many customers there are: no statement of the queue reads the table from end to end."""
    if store.place.path is None:
        pytest.skip("SQLite tells its plan in words")
    statements = {
        f"{rows._PICK} AND contacts = 8 ORDER BY tier, last_us LIMIT 5": "ix_customer_window",
        f"{rows._PICK} AND tier = 0 AND next_day < 1 AND contacts NOT BETWEEN 7 AND 11 ORDER BY next_day, last_us "
        "LIMIT 5": "ix_customer_due",
        f"{rows._PICK} AND status <> 'parked' AND contacts NOT BETWEEN 7 AND 11 ORDER BY tier, last_us "
        "LIMIT 5": "ix_customer_rest",
    }  # fmt: skip
    with store.read() as connection:
        for statement, index in statements.items():
            plan = " ".join(str(one[3]) for one in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all())
            assert index in plan, (statement, plan)
