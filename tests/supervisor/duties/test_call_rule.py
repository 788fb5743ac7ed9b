"""What a call is: derived from its legs, whatever their order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from integrations.provider import Outcome, Progress
from store.calls import CallValues, LegValues
from supervisor.duties.calls.rule import _call, call_of

S = 1_000_000
EFFECTIVE_MS = 30_000


def leg(leg_id: str = "g", **told: Any) -> LegValues:
    """An outbound leg of 1001 that was answered 5 s after it was dialled and talked 30 s."""
    sound = LegValues(
        leg_id=leg_id, group_id="g", agent="1001", day=20261123, direction="outbound", from_raw="1001",
        to_raw="03023125001", number="+493023125001", started_us=100 * S, ringing_us=None, answered_us=105 * S,
        ended_us=135 * S, talk_ms=30_000, ring_ms=None, hold_ms=None, outcome="answered", progress=3, parent_id=None,
        queue=None, line="PJSIP/carrier-1", recording=None, ambiguous=False, approximate=False, raw="", raw_hash=1,
    )  # fmt: skip
    return sound._replace(**told)


def unanswered(leg_id: str = "g", outcome: str = "no_answer", **told: Any) -> LegValues:
    return leg(leg_id, **({"outcome": outcome, "answered_us": None, "talk_ms": None} | told))


def counts(*legs: LegValues) -> tuple[int, int, int]:
    call = call_of(legs, EFFECTIVE_MS)
    return call.dial, call.connected, call.effective


def test_one_leg_is_its_call() -> None:
    assert call_of([leg()], EFFECTIVE_MS) == CallValues(
        group_id="g", agent="1001", day=20261123, direction="outbound", number="+493023125001",
        number_raw="03023125001", started_us=100 * S, answered_us=105 * S, ended_us=135 * S, talk_ms=30_000,
        outcome="answered", progress=3, dial=1, connected=1, effective=1, legs=1, line="PJSIP/carrier-1",
        approximate=False,
    )  # fmt: skip


def test_legs_that_tell_nothing_change_no_call_and_are_none_by_themselves() -> None:
    silent = leg(
        "a", agent=None, direction="unknown", outcome="unknown", number=None, started_us=90 * S, ended_us=200 * S,
        answered_us=None, talk_ms=None, line=None,
    )  # fmt: skip
    assert call_of([silent], EFFECTIVE_MS) is call_of([silent, silent], EFFECTIVE_MS) is None
    assert call_of([silent, leg()], EFFECTIVE_MS) == call_of([leg()], EFFECTIVE_MS)._replace(legs=2)
    second = leg("g/1002", agent="1002", started_us=120 * S)
    assert call_of([leg(), silent, second], EFFECTIVE_MS) == call_of([leg(), second], EFFECTIVE_MS)._replace(legs=3)


def test_effective_from_exactly_the_seconds() -> None:
    assert counts(leg(talk_ms=29_999)) == (1, 1, 0)
    assert counts(leg(talk_ms=30_000)) == (1, 1, 1)
    assert counts(leg(talk_ms=None)) == (1, 1, 0)


def test_talk_of_a_transferred_call_counts_together() -> None:
    second = leg("g/1002", agent="1002", started_us=120 * S, answered_us=120 * S, ended_us=140 * S, talk_ms=10_001)
    call = call_of([leg(talk_ms=20_000), second], EFFECTIVE_MS)
    assert (call.agent, call.talk_ms, call.effective, call.ended_us, call.legs) == ("1001", 30_001, 1, 140 * S, 2)


def test_colleagues_who_talk_with_each_other_talk_once() -> None:
    caller = leg(direction="internal", number=None)
    called = leg("g/1002", agent="1002", direction="internal", number=None, talk_ms=29_000)
    assert call_of([caller, called], EFFECTIVE_MS).talk_ms == 30_000
    assert call_of([called, caller], EFFECTIVE_MS).agent == "1001"


def test_voicemail_and_machine_are_connected_and_not_effective() -> None:
    for outcome in ("voicemail", "machine"):
        assert counts(leg(outcome=outcome, talk_ms=60_000)) == (1, 1, 0)
        assert counts(leg(), leg("b", agent=None, outcome=outcome)) == (1, 1, 0)


def test_inbound_and_internal_calls_are_not_dials() -> None:
    for direction in ("inbound", "internal", "unknown"):
        assert counts(leg(direction=direction, talk_ms=60_000)) == (0, 0, 0)


def test_not_answered_is_a_dial_without_talk() -> None:
    for outcome in ("no_answer", "busy", "failed", "cancelled", "blocked"):
        call = call_of([unanswered(outcome=outcome)], EFFECTIVE_MS)
        assert (call.dial, call.connected, call.outcome, call.talk_ms) == (1, 0, outcome, 0)


def test_unknown_is_never_zero() -> None:
    assert call_of([leg(talk_ms=None)], EFFECTIVE_MS).talk_ms is None
    assert call_of([unanswered(outcome="unknown")], EFFECTIVE_MS).talk_ms is None


def test_who_dialled_is_whose_call_it_is() -> None:
    taken_over = leg("b", agent="1002", started_us=101 * S)
    assert call_of([taken_over, unanswered("a")], EFFECTIVE_MS).agent == "1001"


def test_a_customer_first_call_is_whose_who_first_talked() -> None:
    dialler = leg("a", agent=None, talk_ms=None)
    late = leg("b", agent="1005", started_us=101 * S, answered_us=109 * S)
    early = leg("c", agent="1007", started_us=102 * S, answered_us=108 * S)
    rang = unanswered("d", agent="1009", started_us=101 * S)
    assert call_of([dialler, late, early, rang], EFFECTIVE_MS).agent == "1007"
    assert call_of([dialler, rang], EFFECTIVE_MS).agent is None


def test_an_inbound_call_is_whose_who_took_it() -> None:
    rang = unanswered("a", outcome="missed", direction="inbound", agent="1001", from_raw="+4930", number="+4930")
    took = leg("b", direction="inbound", agent="1002", started_us=110 * S, answered_us=112 * S, from_raw="+4930")
    assert call_of([rang, took], EFFECTIVE_MS).agent == "1002"
    assert call_of([rang, took], EFFECTIVE_MS).outcome == "answered"
    assert call_of([rang, took], EFFECTIVE_MS).number_raw == "+4930"
    assert call_of([rang], EFFECTIVE_MS).agent == "1001"


def test_zero_second_rows_of_a_call_record_do_not_spoil_it() -> None:
    again = unanswered("b", ended_us=100 * S, talk_ms=0)
    assert call_of([leg("a"), again], EFFECTIVE_MS)[:15] == call_of([leg("a")], EFFECTIVE_MS)[:15]
    assert call_of([unanswered("a", outcome="busy"), again], EFFECTIVE_MS).outcome == "busy"


def test_consulting_a_colleague_is_no_talk_with_the_customer() -> None:
    consult = leg(
        "b", direction="internal", to_raw="1009", number=None, started_us=90 * S, ended_us=200 * S, talk_ms=9_000
    )
    call = call_of([leg("a"), consult], EFFECTIVE_MS)
    assert (call.direction, call.started_us, call.ended_us, call.talk_ms) == ("outbound", 100 * S, 135 * S, 30_000)
    assert (call.number, call.legs) == ("+493023125001", 2)


def test_an_open_leg_keeps_the_call_open() -> None:
    open_leg = leg("b", agent="1002", started_us=130 * S, ended_us=None, talk_ms=None, progress=Progress.RINGING)
    call = call_of([leg("a"), open_leg], EFFECTIVE_MS)
    assert (call.progress, call.ended_us) == (Progress.ANSWERED, None)


def test_an_unknown_end_is_not_guessed_from_another_leg() -> None:
    call = call_of([leg("a"), leg("b", started_us=130 * S, ended_us=None, outcome="unknown")], EFFECTIVE_MS)
    assert (call.progress, call.ended_us) == (Progress.ENDED, None)


def test_answered_and_lost_from_sight_was_answered() -> None:
    call = call_of([leg(outcome="unknown", ended_us=None, talk_ms=None, approximate=True)], EFFECTIVE_MS)
    assert (call.outcome, call.connected, call.effective, call.approximate) == ("answered", 1, 0, True)


maybe_time = st.none() | st.integers(100, 200).map(lambda s: s * S)
legs_of_a_group = st.lists(
    st.builds(
        lambda **told: told,
        agent=st.sampled_from([None, "1001", "1002"]),
        direction=st.sampled_from(["outbound", "inbound", "internal", "unknown"]),
        to_raw=st.sampled_from(["", "030", "1002"]),
        number=st.sampled_from([None, "+4930"]),
        started_us=st.integers(100, 103).map(lambda s: s * S),
        answered_us=maybe_time,
        ended_us=maybe_time,
        talk_ms=st.none() | st.integers(0, 60_000),
        outcome=st.sampled_from([outcome.value for outcome in Outcome]),
        progress=st.integers(0, 3),
        line=st.sampled_from([None, "a", "b"]),
        approximate=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@given(legs_of_a_group, st.randoms(use_true_random=False))
def test_the_order_of_legs_does_not_matter_and_counts_are_nested(told: list[dict[str, Any]], random: Any) -> None:
    legs = [leg(str(index), **values) for index, values in enumerate(told)]
    call = call_of(legs, EFFECTIVE_MS)
    random.shuffle(legs)
    assert call_of(legs, EFFECTIVE_MS) == call
    if call is None:
        assert all((one.direction, one.agent, one.outcome) == ("unknown", None, "unknown") for one in legs)
        return
    assert call.effective <= call.connected <= call.dial <= 1
    assert call.legs == len(legs)
    assert call.talk_ms is None or call.talk_ms <= sum(one.talk_ms or 0 for one in legs)


@given(legs_of_a_group)
def test_the_short_way_for_one_leg_gives_the_same(told: list[dict[str, Any]]) -> None:
    one = leg("1", **told[0])
    tells_nothing = (one.direction, one.agent, one.outcome) == ("unknown", None, "unknown")
    expected = None if tells_nothing else _call([one], one.direction, EFFECTIVE_MS, 1)
    assert call_of([one], EFFECTIVE_MS) == expected
