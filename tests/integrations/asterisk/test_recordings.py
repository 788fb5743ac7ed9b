"""The recorded session, replayed: exactly the calls it had, in any chunking."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from integrations.asterisk.derive import Derivation
from integrations.asterisk.message import parse
from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Direction, Leg, Outcome, Presence, Progress, State
from tests.integrations.asterisk.recordings import TrueCall, events, settings, true_calls

Group = list[Leg]


def replayed(settings: AsteriskSettings, messages: list[bytes]) -> tuple[dict[str, Group], list[Presence]]:
    derivation = Derivation(settings)
    legs: dict[str, Leg] = {}
    presences = []
    for raw in messages:
        for fact in derivation.feed(parse(raw)):
            if isinstance(fact, Leg):
                assert fact.progress >= legs.get(fact.leg_id, fact).progress, "progress moved backwards"
                legs[fact.leg_id] = fact
            else:
                presences.append(fact)
    groups: dict[str, Group] = defaultdict(list)
    for leg in legs.values():
        groups[leg.group_id].append(leg)
    return groups, presences


def by_number(groups: dict[str, Group], direction: Direction = Direction.OUTBOUND) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = defaultdict(list)
    for group in groups.values():
        if group[0].direction is direction:
            found[group[0].to_raw].append(sorted(group, key=lambda leg: (leg.parent_id is not None, leg.started_us)))
    return found


TRUE = true_calls()


@pytest.fixture(scope="module", params=[("PJSIP/carrier-*", "PJSIP/deadtrunk-*"), ("PJSIP/carrier-*",)])
def session(request: pytest.FixtureRequest) -> tuple[dict[str, Group], list[Presence]]:
    """The whole session; also where the dead trunk is not named: numbers are dialled at it all the same."""
    return replayed(settings(trunks=request.param), events("main.ami.raw.gz"))


@pytest.mark.parametrize("true", TRUE, ids=lambda true: f"{true.scenario}-{true.number}-{true.outcome}")
def test_each_true_call_is_told_exactly(true: TrueCall, session: tuple[dict[str, Group], list[Presence]]) -> None:
    attempts = by_number(session[0])[true.number]
    [group] = [group for group in attempts if abs((group[0].ring_ms or 0) / 1000 - true.ring_seconds) <= 0.02]
    first = group[0]
    assert first.agent == true.specialist
    assert first.from_raw == (true.specialist or "")
    assert first.outcome == true.outcome
    assert first.progress is Progress.ENDED
    told = {leg.agent: (leg.talk_ms or 0) / 1000 for leg in group if leg.agent is not None and leg.talk_ms}
    assert told == pytest.approx(true.talk, abs=0.02)
    assert all(leg.group_id == first.leg_id for leg in group)
    assert (first.answered_us is not None) == (true.outcome is Outcome.ANSWERED)


def test_no_call_is_invented(session: tuple[dict[str, Group], list[Presence]]) -> None:
    told = sorted(number for number, groups in by_number(session[0]).items() for _ in groups)
    assert told == sorted(true.number for true in TRUE)


def test_inbound_calls_are_told_apart_from_dials(session: tuple[dict[str, Group], list[Presence]]) -> None:
    arrivals = by_number(session[0], Direction.INBOUND)
    queue = {group[0].from_raw: group for group in arrivals["7000"]}
    assert [leg.agent for leg in queue["15550001111"]] == [None, "1001"]
    assert queue["15550001111"][1].talk_ms == pytest.approx(6974, abs=20)
    assert {number: group[0].outcome for number, group in queue.items()} == {
        "15550001111": Outcome.ANSWERED,
        "15550002222": Outcome.MISSED,
        "15550003333": Outcome.MISSED,
    }
    assert all(group[0].queue == "sales" for group in queue.values())
    assert len(arrivals["1007"]) == 6  # the callers with forged names: each of them called once


def test_colleagues_calling_each_other_are_internal(session: tuple[dict[str, Group], list[Presence]]) -> None:
    internal = by_number(session[0], Direction.INTERNAL)
    assert {number: [[leg.agent for leg in group] for group in groups] for number, groups in internal.items()} == {
        "1008": [["1007", "1008"]],
        "1012": [["1007"]],
    }
    assert internal["1012"][0][0].outcome is Outcome.BUSY


def test_listening_in_is_neither_a_call_nor_a_state_that_lasts(
    session: tuple[dict[str, Group], list[Presence]],
) -> None:
    spied = range(1795455507_000000, 1795455564_000000)
    states = [presence.state for presence in session[1] if presence.agent == "1010" and presence.since_us in spied]
    assert set(states) == {State.RINGING, State.IDLE}


def test_everybody_is_idle_in_the_end_or_paused(session: tuple[dict[str, Group], list[Presence]]) -> None:
    last = {presence.agent: presence.state for presence in session[1]}
    assert set(last.values()) == {State.IDLE}
    assert set(last) == {str(agent) for agent in range(1001, 1013)} - {"1006"}


def test_presence_tells_with_whom_and_since_when(session: tuple[dict[str, Group], list[Presence]]) -> None:
    [call] = by_number(session[0])["15556000900"]  # held for four seconds
    states = [presence for presence in session[1] if presence.group_id == call[0].group_id]
    assert [presence.state for presence in states] == [State.RINGING, State.TALKING, State.HELD, State.TALKING]
    assert {presence.with_whom for presence in states} == {"15556000900"}
    assert call[0].hold_ms == pytest.approx(4008, abs=2)
    assert states[1].since_us == call[0].answered_us


def test_a_pause_is_told_with_its_reason(session: tuple[dict[str, Group], list[Presence]]) -> None:
    paused = [presence.reason for presence in session[1] if presence.state is State.PAUSED and presence.agent == "1001"]
    assert paused == ["lunch", "meeting"]


def test_a_restart_ends_every_call_with_its_own_times() -> None:
    groups, presences = replayed(settings(), events("restart.ami.raw.gz"))
    talks = {leg.agent: leg.talk_ms for group in groups.values() for leg in group if leg.agent is not None}
    assert talks == pytest.approx({"1003": 3036, "1001": 3038, "1002": 3015}, abs=5)
    assert all(leg.progress is Progress.ENDED for group in groups.values() for leg in group)
    assert {presence.agent: presence.state for presence in presences} == dict.fromkeys(talks, State.IDLE)


def test_events_about_channels_nobody_announced_are_ignored() -> None:
    messages = events("main.ami.raw.gz")
    for start in range(0, len(messages), 97):
        groups, _ = replayed(settings(), messages[start : start + 300])
        for group in groups.values():
            assert group[0].to_raw in {true.number for true in TRUE} | {"7000", "1007", "1008", "1012"}


def test_raw_facts_are_kept_with_the_ended_call(session: tuple[dict[str, Group], list[Presence]]) -> None:
    [call] = by_number(session[0])["15555050006"]
    assert re.search(r'"status":"NOANSWER","cause":1,"tech_cause":"404"', call[0].raw)
