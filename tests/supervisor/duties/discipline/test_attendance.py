"""The table of a day, and saying who is there: kept, judged anew, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from store import flag_acts, roster
from store.engine import Store
from supervisor.config import Config
from supervisor.duties.acting import undo
from supervisor.duties.calls.refusals import RefusedError
from supervisor.duties.discipline.attendance import attend, clock, hours_problem, read_attendance, told
from supervisor.duties.discipline.evaluate import evaluate_day
from supervisor.duties.discipline.read import back
from supervisor.settings import Floor
from tests.supervisor.duties.discipline.flagging import CONFIG, doer, listed, traced
from tests.supervisor.duties.selling import DAY_US, HOUR, NOW, TODAY, call, specialist

FRIDAY = 20261120
NIGHT = Config(floor=Floor(holidays=False, working_hours=("20:00-23:00", "23:30-04:00")))


@pytest.fixture
def connection(store: Store) -> Any:
    with store.write() as connection:
        for name, agent, team in (("boris", "1002", "South"), ("Anna", "1001", "South"), ("Zoe", "1003", "North")):
            specialist(connection, name, agent, team)
        specialist(connection, "Émile", "1004")
        yield connection


def attendance(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM attendance ORDER BY id").all()]


# -- the table ----------------------------------------------------------------------------------------------------


def test_everybody_that_is_here_by_team_and_name(connection: Connection) -> None:
    roster.put_attendance(connection, 2, TODAY, ("half", 540, 720), False)
    connection.exec_driver_sql("UPDATE specialist SET \"left\" = 20261122 WHERE name = 'Zoe'")
    call(connection, "a", "1001", "+491", NOW - HOUR)
    call(connection, "b", "1001", "+491", NOW - 2 * HOUR)
    call(connection, "old", "1002", "+491", NOW - DAY_US)
    table = read_attendance(connection, CONFIG, TODAY, NOW)
    assert [line.name for line in table.lines] == ["Émile", "Anna", "boris"]
    assert table.teams == ("South",) and (table.begins, table.ends, table.working) == (540, 1080, True)
    anna, boris = table.lines[1:]
    assert (anna.status, anna.told, anna.start, anna.end) == ("half", True, 540, 720)
    assert (anna.first_us, anna.last_us, anna.dials) == (NOW - 2 * HOUR, NOW - HOUR + 65_000_000, 2)
    assert (boris.status, boris.told, boris.first_us, boris.last_us, boris.dials) == ("present", False, None, None, 0)
    friday = read_attendance(connection, CONFIG, FRIDAY, NOW)
    assert len(friday.lines) == 4 and friday.today == TODAY and friday.teams == ("North", "South")


def test_calls_are_whose_the_phone_was_then(connection: Connection) -> None:
    call(connection, "a", "1001", "+491", NOW - DAY_US)
    roster.assign(connection, roster.identity(connection, 1, "1001"), 1, TODAY)
    call(connection, "b", "1001", "+491", NOW)
    dials = {line.name: line.dials for line in read_attendance(connection, CONFIG, back(TODAY, 1), NOW).lines}
    assert (dials["Anna"], dials["boris"]) == (1, 0)
    dials = {line.name: line.dials for line in read_attendance(connection, CONFIG, TODAY, NOW).lines}
    assert (dials["Anna"], dials["boris"]) == (0, 1)


def test_in_words() -> None:
    assert told(("half", 540, 720)) == "half, 09:00-12:00"
    assert [told(("present", *one)) for one in ((None, None), (540, None), (None, 1440))] == [
        "present", "present from 09:00", "present until 24:00",
    ]  # fmt: skip
    assert [clock(one) for one in (0, 61, 1440, 1500)] == ["00:00", "01:01", "24:00", "01:00"]


# -- what can be said ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "status", "start", "end", "problem"),
    [
        (CONFIG, "present", None, None, None),
        (CONFIG, "leave", None, None, None),
        (CONFIG, "half", 540, 541, None),
        (CONFIG, "half", 540, 540, "09:00 is not after 09:00"),
        (CONFIG, "half", 720, 540, "09:00 is not after 12:00"),
        (CONFIG, "present", 1080, None, "18:00 is not after 18:00"),
        (CONFIG, "present", 1079, None, None),
        (CONFIG, "present", None, 540, "09:00 is not after 09:00"),
        (CONFIG, "present", 0, 1440, None),
        (CONFIG, "present", -1, None, "a time of day is from 00:00 to 24:00"),
        (CONFIG, "present", None, 1441, "a time of day is from 00:00 to 24:00"),
        (CONFIG, "sick", 540, None, "who is absent .sick. has no hours"),
        (CONFIG, "training", None, 720, "who is absent .training. has no hours"),
        (NIGHT, "present", 1320, 120, None),
        (NIGHT, "present", 1320, 1320, "22:00 is not after 22:00"),
        (NIGHT, "present", 1320, None, None),
        (NIGHT, "half", None, 60, None),
        (NIGHT, "present", 240, None, None),
        (NIGHT, "present", 239, None, "from 03:59 until 04:00 of the next day is longer than a day"),
    ],
)
def test_hours(config: Config, status: str, start: int | None, end: int | None, problem: str | None) -> None:
    found = hours_problem(config, status, start, end)
    assert (found or "").replace("(", ".").replace(")", ".") == (problem or "")


@pytest.mark.parametrize(
    ("who", "day", "status", "because"),
    [
        (99, TODAY, "leave", "there is no such specialist"),
        (2, back(TODAY, 61), "leave", "2026-09-23 is more than 60 days ago; attendance so old is imported"),
        (2, back(TODAY, -367), "leave", "2027-11-25 is more than 366 days ahead"),
        (2, TODAY, "late", "'late' is no attendance; one of present, half, leave, sick, training"),
        (1, 20261122, "leave", "boris is not employed on 2026-11-22"),
    ],
)
def test_what_is_refused(connection: Connection, who: int, day: int, status: str, because: str) -> None:
    connection.exec_driver_sql("UPDATE specialist SET hired = 20261123 WHERE name = 'boris'")
    with pytest.raises(RefusedError, match=because):
        attend(connection, doer(), CONFIG, who, day, status)
    with pytest.raises(RefusedError, match="09:00 is not after 12:00"):
        attend(connection, doer(), CONFIG, 2, TODAY, "half", 720, 540)
    assert not attendance(connection)


@pytest.mark.parametrize("day", [back(TODAY, 60), back(TODAY, -366)])
def test_the_farthest_days(connection: Connection, day: int) -> None:
    attend(connection, doer(), CONFIG, 2, day, "leave")
    assert flag_acts.attendance(connection, 2, day) == ("leave", None, None)


def test_what_is_known_is_no_act(connection: Connection) -> None:
    assert attend(connection, doer(), CONFIG, 2, TODAY, "half", 540, None) == "Anna: half from 09:00 on 2026-11-23"
    was = attendance(connection)
    assert attend(connection, doer(), CONFIG, 2, TODAY, "half", 540, None).endswith("already")
    assert attendance(connection) == was
    undo(connection, doer())
    assert attendance(connection) == [] and undo(connection, doer()) is None


@pytest.mark.parametrize("before", [None, ("half", 540, 720)])
def test_it_is_taken_back_exactly(connection: Connection, before: tuple[str, int, int] | None) -> None:
    if before:
        roster.put_attendance(connection, 2, TODAY, before, False)
    said = attend(connection, doer(), CONFIG, 2, TODAY, "sick")
    assert undo(connection, doer()) == f"undone: {said}"
    assert flag_acts.attendance(connection, 2, TODAY) == before


def test_it_is_not_taken_back_after_somebody_elses(connection: Connection) -> None:
    attend(connection, doer(), CONFIG, 2, TODAY, "sick")
    attend(connection, doer("eva"), CONFIG, 2, TODAY, "leave")
    with pytest.raises(RefusedError, match="was changed since"):
        undo(connection, doer())
    assert flag_acts.attendance(connection, 2, TODAY) == ("leave", None, None)


# -- judged anew --------------------------------------------------------------------------------------------------


def rules_of(connection: Connection, day: int = FRIDAY) -> set[str]:
    lines = listed(connection, day)
    return {line.rule for line in lines if line.specialist == "Anna" and line.state == "open"}


def test_a_past_day_is_judged_anew_and_again_when_it_is_taken_back(connection: Connection) -> None:
    call(connection, "a", "1001", "+491", NOW - 3 * DAY_US)
    evaluate_day(connection, CONFIG, FRIDAY, NOW)
    was = rules_of(connection)
    assert "behind_quota" in was and "absent_but_calling" not in was
    attend(connection, doer(), CONFIG, 2, FRIDAY, "sick")
    assert rules_of(connection) == {"absent_but_calling"}
    undo(connection, doer())
    assert rules_of(connection) == was
    whole = listed(connection, FRIDAY)
    absent = next(line for line in whole if line.rule == "absent_but_calling")
    assert [what for _, what, _ in traced(connection, absent.flag_id)] == ["raised", "withdrawn"]


def test_a_day_to_come_is_not_judged(connection: Connection) -> None:
    attend(connection, doer(), CONFIG, 2, back(TODAY, -1), "leave")
    assert listed(connection, back(TODAY, -1)) == []


def test_who_was_given_no_configuration_leaves_it_to_the_collector(connection: Connection) -> None:
    call(connection, "a", "1001", "+491", NOW - 3 * DAY_US)
    attend(connection, doer(), CONFIG, 2, FRIDAY, "sick")
    undo(connection, doer()._replace(config=None))
    assert flag_acts.attendance(connection, 2, FRIDAY) is None
    assert "absent_but_calling" in rules_of(connection)


def test_a_night_floor_takes_hours_past_midnight(connection: Connection) -> None:
    config = NIGHT
    said = attend(connection, doer()._replace(config=config), config, 2, FRIDAY, "half", 1320, 120)
    assert said == "Anna: half, 22:00-02:00 on 2026-11-20; flags: 6 raised"
    table = read_attendance(connection, config, FRIDAY, NOW)
    assert (table.begins, table.ends) == (1200, 1680)
