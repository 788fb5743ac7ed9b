"""The calls duty on a real store: floor, day, list of calls, acts and their undoing, and the commands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from integrations.provider import State
from store import calls, roster
from store.calls import CallValues, LegValues
from store.engine import Store
from store.presence import StateEvent
from supervisor.__main__ import run
from supervisor.cli import common
from supervisor.config import Config
from supervisor.duties import calls as duty
from supervisor.duties.acting import Doer, undo
from supervisor.duties.calls import acts
from supervisor.duties.calls.rule import call_of
from supervisor.duties.discipline.acts import raise_by_hand
from supervisor.duties.followups.counting import counting
from supervisor.settings import Console, Floor

S = 1_000_000
DAY = 20261123
NOW = round(datetime(2026, 11, 23, 11, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()) * S
CONFIG = Config(floor=Floor(holidays=False), console=Console(my_phone="900"))


def rule(legs: Sequence[LegValues]) -> CallValues:
    return call_of(legs, 30_000)


RULES = calls.Rules(rule, counting(1))


def doer(who: str) -> Doer:
    return Doer(who, NOW, DAY, RULES.numbers)


def leg(leg_id: str, agent: str | None, seconds_ago: int, talk_s: int, **told: Any) -> LegValues:
    began = NOW - seconds_ago * S
    values = LegValues(
        leg_id=leg_id, group_id=leg_id.split("/")[0], agent=agent, day=DAY, direction="outbound", from_raw="x",
        to_raw="03023125001", number="+493023125001", started_us=began, ringing_us=None, answered_us=began + 5 * S,
        ended_us=began + (5 + talk_s) * S, talk_ms=talk_s * 1000, ring_ms=None, hold_ms=None, outcome="answered",
        progress=3, parent_id=None, queue=None, line=None, recording=None, ambiguous=False, approximate=False, raw="",
        raw_hash=1,
    )  # fmt: skip
    return values._replace(**told)


@pytest.fixture
def told(store: Store) -> Store:
    """Anna (1001) dialled and handed over to Boris (1002); an unknown phone (1099) dialled; a colleague was called."""
    with store.write() as connection:
        source_id = roster.source(connection, "pbx", "asterisk")
        for name, agent in (("Anna Weber", "1001"), ("Boris Wu", "1002")):
            specialist_id = roster.put_specialist(connection, None, name, {})
            roster.assign(connection, roster.identity(connection, source_id, agent), specialist_id, DAY)
        legs = [
            leg("a", "1001", 3000, 20),
            leg("a/1002", "1002", 2975, 15),
            leg("b", "1001", 2000, 0, outcome="busy", answered_us=None, talk_ms=None, approximate=True),
            leg("c", "1099", 1000, 31),
            leg("d", "1001", 500, 7, direction="internal", to_raw="1002", number=None),
        ]
        calls.ingest(connection, source_id, legs, RULES, None, NOW)
        for seconds_ago, state in ((3000, "talking"), (2900, "idle")):
            event = {"identity_id": 1, "day": DAY, "at_us": NOW - seconds_ago * S, "state": state}
            connection.execute(insert(StateEvent).values(event))
    return store


def test_the_floor_is_read_from_tallies(told: Store) -> None:
    with told.read() as connection:
        floor = duty.read_floor(connection, CONFIG, NOW)
    shown = {one.name: (one.dials, one.connected, one.effective, one.talk_ms) for one in floor.specialists}
    assert shown == {"Anna Weber": (2, 1, 1, 20_000), "Boris Wu": (0, 0, 0, 15_000), "pbx:1099": (1, 1, 1, 31_000)}
    assert floor.specialists[0].last_call_us == NOW - 488 * S


def test_a_specialists_day(told: Store) -> None:
    with told.read() as connection:
        floor = duty.read_floor(connection, CONFIG, NOW)
        anna, boris = (duty.read_specialist(connection, CONFIG, one.key, None, NOW) for one in floor.specialists[:2])
    assert [(call.id, call.talk_ms, call.outcome) for call in anna.calls] == [
        ("pbx:a", 20_000, "answered"),
        ("pbx:b", 0, "busy"),
        ("pbx:d", 7_000, "answered"),
    ]
    assert [(call.id, call.talk_ms) for call in boris.calls] == [("pbx:a", 15_000)]
    assert [(hour.hour, hour.dials, hour.effective) for hour in anna.hours if hour.dials] == [(10, 2, 1)]
    assert (anna.hours[0].hour, anna.hours[-1].hour, len(anna.hours)) == (9, 17, 9)
    assert not sum(hour.dials for hour in boris.hours)
    states = [(span.state, (span.end_us - span.begin_us) // S) for span in anna.states]
    assert states == [("talking", 100), ("wrap_up", 30), ("idle", 2870)]


def test_an_unknown_phone_is_adopted_with_its_past_and_given_back(told: Store) -> None:
    with told.write() as connection:
        unknown = duty.read_floor(connection, CONFIG, NOW).specialists[-1]
        acts.adopt(connection, unknown.identity_ids, "  Chiara   Rossi ", "boss", DAY, NOW)
        with pytest.raises(duty.RefusedError, match="somebody's already"):
            acts.adopt(connection, unknown.identity_ids, "Anna Weber", "boss", DAY, NOW)
    with told.read() as connection:
        names = {one.name: one.dials for one in duty.read_floor(connection, CONFIG, NOW).specialists}
    assert names == {"Anna Weber": 2, "Boris Wu": 0, "Chiara Rossi": 1}
    with told.write() as connection:
        assert undo(connection, doer("somebody else")) is None
        assert "Chiara Rossi" in (undo(connection, doer("boss")) or "")
        assert undo(connection, doer("boss")) is None
        names = {one.name: one.dials for one in duty.read_floor(connection, CONFIG, NOW).specialists}
    assert names == {"Anna Weber": 2, "Boris Wu": 0, "pbx:1099": 1}


def test_who_was_flagged_stays_in_the_roster_when_their_phone_is_given_back(told: Store) -> None:
    with told.write() as connection:
        unknown = duty.read_floor(connection, CONFIG, NOW).specialists[-1]
        acts.adopt(connection, unknown.identity_ids, "Chiara Rossi", "boss", DAY, NOW)
        chiara = roster.specialists(connection)["Chiara Rossi"].id
        raise_by_hand(connection, doer("somebody else"), CONFIG, chiara, "noise")
        assert "Chiara Rossi" in (undo(connection, doer("boss")) or "")
        assert "Chiara Rossi" in roster.specialists(connection)


def test_a_quota_is_set_and_undone(told: Store) -> None:
    with told.write() as connection:
        acts.set_quota(connection, (1, None), "Anna Weber", DAY, (40, 5, 6), "boss", NOW)
        acts.set_quota(connection, (1, None), "Anna Weber", DAY, (50, 5, 6), "boss", NOW)

        def dials() -> float:
            return duty.read_floor(connection, CONFIG, NOW).specialists[0].quota.dials

        found = [dials()]
        for _ in range(2):
            undo(connection, doer("boss"))
            found.append(dials())
    assert found == [50, 40, 80]


def test_an_act_on_a_phone_is_asked_for_answered_or_expires(told: Store) -> None:
    with told.write() as connection:
        line = replace(
            duty.read_floor(connection, CONFIG, NOW).specialists[0],
            actions=frozenset({"listen", "hang_up"}), source="pbx", agent="1001",
        )  # fmt: skip
        for action, why in (
            ("listen", "nothing to listen to"),
            ("hang_up", "not on a call"),
            ("dial", "does not let us"),
        ):
            with pytest.raises(duty.RefusedError, match=why):
                acts.command(connection, CONFIG, line, action, "030", "boss", NOW)
        talking = replace(line, state=State.TALKING, group_id="a")
        with pytest.raises(duty.RefusedError, match="my_phone"):
            acts.command(connection, Config(), talking, "listen", None, "boss", NOW)
        asked = acts.command(connection, CONFIG, talking, "listen", None, "boss", NOW)
        assert acts.answer(connection, asked, NOW + 9 * S) is None
        late = acts.answer(connection, asked, NOW + 10 * S)
    assert late is not None and not late.done and "collect" in late.detail


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = run(arguments)
    out = capsys.readouterr()
    return status, out.out, out.err


@pytest.fixture
def here(told: Store, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "floor.toml"
    file.write_text("[floor]\nholidays = false\n")
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(file))
    monkeypatch.setenv("SUPERVISOR_STORE", store_url)
    monkeypatch.setattr(common, "now_us", lambda: NOW)


@pytest.mark.usefixtures("here")
def test_commands_print_the_floor_and_the_calls(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = printed(["status", "--format", "json"], capsys)
    floor = json.loads(out)
    assert status == 0
    assert set(floor) == {"day", "floor", "sources", "totals", "specialists"}
    assert floor["day"] == "2026-11-23"
    assert floor["specialists"][0] == {
        "name": "Anna Weber", "team": "", "state": "offline", "state_seconds": None, "dials": 2, "connected": 1,
        "effective": 1, "talk_seconds": 20, "quota": {"dials": 80, "effective": 15, "talk_minutes": 60}, "pace": 0.1,
        "last_call_at": "2026-11-23T10:51:52+01:00",
    }  # fmt: skip
    _, out, _ = printed(["calls", "--format", "json"], capsys)
    found = json.loads(out)
    assert [call["id"] for call in found] == ["pbx:a", "pbx:b", "pbx:c", "pbx:d"]
    assert found[0] == {
        "id": "pbx:a", "source": "pbx", "specialist": "Anna Weber", "direction": "outbound", "number": "+493023125001",
        "dialled_at": "2026-11-23T10:10:00+01:00", "answered_at": "2026-11-23T10:10:05+01:00",
        "ended_at": "2026-11-23T10:10:45+01:00", "talk_seconds": 35, "outcome": "answered", "approximate": False,
        "segments": [
            {"specialist": "Anna Weber", "talk_seconds": 20}, {"specialist": "Boris Wu", "talk_seconds": 15},
        ],
    }  # fmt: skip
    assert (found[1]["talk_seconds"], found[1]["segments"], found[1]["approximate"]) == (0, [], True)
    assert (found[2]["specialist"], found[3]["direction"], found[3]["number"]) == ("pbx:1099", "internal", "1002")
    _, out, _ = printed(["calls", "--specialist", "boris", "--format", "csv"], capsys)
    assert [row.split(",")[0] for row in out.splitlines()] == ["id", "pbx:a"]
    assert printed(["calls", "--day", "yesterday", "--format", "json"], capsys)[1].strip() == "[]"
    assert "Anna Weber" in printed(["status"], capsys)[1] and "Boris Wu 15" in printed(["calls"], capsys)[1]


@pytest.mark.usefixtures("here")
def test_what_cannot_be_meant_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, why in (
        (["calls", "--specialist", "Ana Webber"], "did you mean 'Anna Weber'"),
        (["calls", "--day", "2026-02-30"], "not a day"),
        (["quota", "set", "--dials", "1", "--effective", "1", "--talk-minutes", "1", "--team", "North"], "no team"),
    ):
        with pytest.raises(SystemExit) as ended:
            run(arguments)
        out = capsys.readouterr()
        assert (ended.value.code, out.out, out.err.count("\n")) == (2, "", 1)
        assert why in out.err


@pytest.mark.usefixtures("here")
def test_quotas_are_set_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    figures = ["--dials", "10", "--effective", "2", "--talk-minutes", "5"]
    assert printed(["quota", "set", *figures, "--specialist", "anna", "--since", "2026-11-01"], capsys)[0] == 0
    assert printed(["quota", "set", *figures], capsys)[0] == 0
    assert "specialist Anna Weber  2026-11-01" in printed(["quota"], capsys)[1]
    floor = json.loads(printed(["status", "--format", "json"], capsys)[1])
    assert [one["quota"]["dials"] for one in floor["specialists"]] == [10, 10, 0]
