"""Derivation against what no recording has: restarts in mid-call, lost and forged events, floods."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import count

import pytest

from integrations.asterisk import channels
from integrations.asterisk.derive import Derivation
from integrations.asterisk.message import Message, parse
from integrations.asterisk.naming import Naming, dialled_number, leads_out
from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Direction, Leg, Outcome, Presence, Progress, Snapshot, State
from tests.integrations.asterisk.recordings import DATA, events, settings, true_calls
from tests.peers.world import World, recorded_events

VARIABLES = ("CDR(start,u)", "CDR(answer,u)", "DIALEDPEERNUMBER", "BRIDGEPEER")
CLOCK = count(1_795_460_000)


def event(name: str, **headers: str) -> Message:
    stamp = f"{next(CLOCK)}.000000"
    return Message([("Event", name), ("Privilege", "call,all"), ("Timestamp", stamp), *headers.items()])


def on(name: str, channel: str, unique: str, **headers: str) -> Message:
    """An event about a channel, as Asterisk describes channels."""
    state = headers.pop("ChannelState", "6")
    linked = headers.pop("Linkedid", unique)
    described = {"Channel": channel, "ChannelState": state, "Uniqueid": unique, "Linkedid": linked}
    return event(name, **described, **headers)


def dial(name: str, caller: tuple[str, str], called: tuple[str, str], **headers: str) -> Message:
    return on(
        name,
        *caller,
        DestChannel=called[0],
        DestChannelState="0",
        DestUniqueid=called[1],
        DestLinkedid=caller[1],
        **headers,
    )


PHONE = "PJSIP/1003-00000001", "1795460000.1"
TRUNK = "PJSIP/carrier-00000002", "1795460000.2"
NUMBER = "15551050001"


def announced() -> list[Message]:
    return [
        on("Newchannel", *PHONE, ChannelState="4", CallerIDNum="1003", Exten="9" + NUMBER),
        on("Newchannel", *TRUNK, ChannelState="0", Linkedid=PHONE[1]),
    ]


def dialled() -> list[Message]:
    return [*announced(), dial("DialBegin", PHONE, TRUNK, DialString=f"{NUMBER}@carrier", Exten="9" + NUMBER)]


def fed(messages: Sequence[Message], derivation: Derivation | None = None) -> list[Leg | Presence]:
    derivation = derivation or Derivation(settings())
    return [fact for message in messages for fact in derivation.feed(message)]


def legs_of(facts: Sequence[Leg | Presence]) -> list[Leg]:
    return [fact for fact in facts if isinstance(fact, Leg)]


# -- one call, step by step -------------------------------------------------------------------------------------------


def test_a_call_is_told_as_it_progresses() -> None:
    steps = [
        *dialled(),
        on("Newstate", *TRUNK, ChannelState="5", Linkedid=PHONE[1]),
        dial("DialEnd", PHONE, TRUNK, DialStatus="ANSWER"),
        on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="16"),
    ]
    legs = legs_of(fed(steps))
    assert [leg.progress for leg in legs] == [Progress.DIALLED, Progress.RINGING, Progress.ANSWERED, Progress.ENDED]
    assert {(leg.leg_id, leg.agent, leg.to_raw, leg.line) for leg in legs} == {(TRUNK[1], "1003", NUMBER, TRUNK[0])}
    assert [leg.talk_ms for leg in legs] == [None, None, None, 0]  # answered, and nobody heard the customer


@pytest.mark.parametrize(
    ("status", "cause", "rung", "outcome"),
    [
        ("NOANSWER", "1", False, Outcome.FAILED),
        ("NOANSWER", "21", True, Outcome.FAILED),
        ("NOANSWER", "19", True, Outcome.NO_ANSWER),
        ("NOANSWER", "0", True, Outcome.NO_ANSWER),
        ("NOANSWER", "0", False, Outcome.FAILED),
        ("BUSY", "17", False, Outcome.BUSY),
        ("CONGESTION", "34", False, Outcome.FAILED),
        ("CHANUNAVAIL", "20", False, Outcome.FAILED),
        ("CANCEL", "16", True, Outcome.CANCELLED),
        ("", "19", True, Outcome.NO_ANSWER),
        ("", "17", False, Outcome.BUSY),
        ("", "many", False, Outcome.UNKNOWN),
    ],
)
def test_the_customers_leg_says_what_noanswer_means(status: str, cause: str, rung: bool, outcome: Outcome) -> None:
    steps = dialled()
    if rung:
        steps.append(on("Newstate", *TRUNK, ChannelState="5", Linkedid=PHONE[1]))
    if status:
        steps.append(dial("DialEnd", PHONE, TRUNK, DialStatus=status))
        steps.append(dial("DialEnd", PHONE, TRUNK, DialStatus="CANCEL"))  # the first one counts
    steps.append(on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause=cause))
    last = legs_of(fed(steps))[-1]
    assert (last.outcome, last.progress, last.talk_ms) == (outcome, Progress.ENDED, 0)


def test_a_phone_behind_local_channels_is_who_dialled() -> None:
    one, two = ("Local/1003@from-internal-0001;1", "1795460000.3"), ("Local/1003@from-internal-0001;2", "1795460000.4")
    pair = event(
        "LocalBridge",
        LocalOneChannel=one[0],
        LocalOneUniqueid=one[1],
        LocalTwoChannel=two[0],
        LocalTwoUniqueid=two[1],
    )
    steps = [
        on("Newchannel", *one, ChannelState="0"),
        on("Newchannel", *two, ChannelState="4", Linkedid=one[1]),
        pair,
        on("Newchannel", *PHONE, ChannelState="0", Linkedid=one[1]),
        dial("DialBegin", two, PHONE, DialString="1003"),
        dial("DialEnd", two, PHONE, DialStatus="ANSWER"),
        on("BridgeEnter", *PHONE, Linkedid=one[1], BridgeUniqueid="b1"),
        on("BridgeEnter", *two, Linkedid=one[1], BridgeUniqueid="b1"),
        on("Newchannel", *TRUNK, ChannelState="0", Linkedid=one[1]),
        dial("DialBegin", one, TRUNK, DialString=f"{NUMBER}@carrier"),
        dial("DialEnd", one, TRUNK, DialStatus="ANSWER"),
        on("BridgeEnter", *one, Linkedid=one[1], BridgeUniqueid="b2"),
        on("BridgeEnter", *TRUNK, Linkedid=one[1], BridgeUniqueid="b2"),
    ]
    facts = fed(steps)
    assert {(leg.agent, leg.to_raw) for leg in legs_of(facts)} == {("1003", NUMBER)}
    state = [fact for fact in facts if isinstance(fact, Presence)][-1]
    assert (state.agent, state.state, state.with_whom) == ("1003", State.TALKING, NUMBER)


def test_in_a_parking_place_nobody_hears_anybody() -> None:
    parked = {"BridgeUniqueid": "b", "BridgeTechnology": "holding_bridge", "Linkedid": PHONE[1]}
    steps = [
        *dialled(),
        dial("DialEnd", PHONE, TRUNK, DialStatus="ANSWER"),
        on("BridgeEnter", *PHONE, **parked),
        on("BridgeEnter", *TRUNK, **parked),
        on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="16"),
    ]
    assert legs_of(fed(steps))[-1].talk_ms == 0


def test_a_phone_that_a_queue_rings_through_a_local_channel_rings_for_the_caller():
    caller = "PJSIP/carrier-00000001", "1795460000.1"
    one, two = ("Local/1003@from-queue-0001;1", "1795460000.2"), ("Local/1003@from-queue-0001;2", "1795460000.3")
    phone = "PJSIP/1003-00000002", "1795460000.4"
    facts = fed(
        [
            on("Newchannel", *caller, ChannelState="4", CallerIDNum=NUMBER, Exten="4930800"),
            on("Newchannel", *one, ChannelState="0", Linkedid=caller[1]),
            on("Newchannel", *two, ChannelState="4", Linkedid=caller[1]),
            event("LocalBridge", LocalOneUniqueid=one[1], LocalTwoUniqueid=two[1]),
            dial("DialBegin", caller, one, DialString="Local/1003@from-queue/n"),
            on("Newchannel", *phone, ChannelState="0", Linkedid=caller[1]),
            dial("DialBegin", two, phone, DialString="1003"),
            on("Newstate", *phone, ChannelState="5", Linkedid=caller[1]),
        ]
    )
    [ringing] = [fact for fact in facts if isinstance(fact, Presence)]
    assert (ringing.state, ringing.with_whom, ringing.direction) == (State.RINGING, NUMBER, Direction.INBOUND)
    assert ringing.group_id == caller[1]


# -- what proves nothing ----------------------------------------------------------------------------------------------


def test_a_dial_between_channels_nobody_announced_is_no_call() -> None:
    forged = dial("DialBegin", PHONE, TRUNK, DialString=f"{NUMBER}@carrier")
    assert fed([forged]) == []
    assert legs_of(fed([announced()[0], forged])) == []


def test_an_event_whose_channel_and_uniqueid_differ_is_ignored() -> None:
    derivation = Derivation(settings())
    fed(dialled(), derivation)
    assert fed([on("Hangup", "PJSIP/1001-00000009", TRUNK[1], Cause="16")], derivation) == []
    assert fed([dial("DialEnd", PHONE, ("PJSIP/carrier-00000009", TRUNK[1]), DialStatus="ANSWER")], derivation) == []
    ends = fed([on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="17")], derivation)
    assert [leg.progress for leg in legs_of(ends)] == [Progress.ENDED]


def test_an_event_without_its_privilege_is_not_asterisks() -> None:
    hang_up = on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="16")
    bare = Message([item for item in hang_up.items if item[0] != "Privilege"])
    derivation = Derivation(settings())
    fed(dialled(), derivation)
    assert fed([bare], derivation) == []


def test_what_stands_in_a_name_is_not_believed_and_the_rest_mends_the_event() -> None:
    forged = on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="16")
    true = on("Newstate", *TRUNK, ChannelState="5", Linkedid=PHONE[1])
    cut, rest = Message(true.items[:5]), Message([("CallerIDName", "x"), *true.items[5:]])
    derivation = Derivation(settings())
    fed(dialled(), derivation)
    assert fed([cut, forged, forged], derivation) == []
    assert [leg.progress for leg in legs_of(fed([rest], derivation))] == [Progress.RINGING]


def test_a_rest_that_never_comes_costs_a_few_events_and_no_more() -> None:
    derivation = Derivation(settings())
    fed([*announced(), Message(announced()[0].items[:5])], derivation)
    noise = [event("DeviceStateChange", Device="PJSIP/1003", State="BUSY") for _ in range(40)]
    fed(noise, derivation)
    assert legs_of(fed([dial("DialBegin", PHONE, TRUNK, DialString=f"{NUMBER}@carrier")], derivation))


@pytest.mark.parametrize("seed", range(6))
def test_lost_shuffled_and_mangled_events_raise_nothing_and_leave_no_garbage(seed: int) -> None:
    random_ = random.Random(seed)
    messages = [parse(raw) for raw in events("main.ami.raw.gz")]
    derivation = Derivation(settings())
    for start in range(0, len(messages), 12):
        window = [message for message in messages[start : start + 12] if random_.random() > 0.05]
        random_.shuffle(window)
        for message in window:
            if random_.random() < 0.1:
                items = list(message.items)
                random_.shuffle(items)
                message = Message(items[: random_.randrange(len(items) + 1)])
            for fact in derivation.feed(message):
                if isinstance(fact, Leg):
                    assert (fact.talk_ms or 0) >= 0
                    assert (fact.hold_ms or 0) >= 0
                    assert fact.leg_id.startswith(fact.group_id)


def test_memory_is_bounded_whatever_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "MOST", 50)
    derivation = Derivation(settings())
    for number in range(500):
        name, unique = f"PJSIP/carrier-{number:08x}", f"1795460000.{number}"
        fed([on("Newchannel", name, unique, ChannelState="4", CallerIDNum="15550001111", Exten="7000")], derivation)
        fed([on("BridgeEnter", name, unique, BridgeUniqueid=f"b{number}")], derivation)
    assert derivation.alive() == 50
    fed([on("Hangup", name, unique, Cause="16")], derivation)
    assert derivation.alive() == 49


# -- restarts ---------------------------------------------------------------------------------------------------------


def facts_of(derivation: Derivation, raw: bytes) -> Iterator[Leg | Presence]:
    for part in raw.split(b"\r\n\r\n"):
        if part:
            yield from derivation.feed(parse(part))


def resumed(world: World) -> tuple[Derivation, Snapshot]:
    derivation = Derivation(settings())
    stamp = ("Timestamp", f"{world.now:.6f}")
    listed = [Message([*items, stamp]) for items in world.status(VARIABLES)]
    return derivation, derivation.resume(listed)


def test_resumed_anywhere_what_is_told_is_true() -> None:
    """Wherever the session is cut: what a Status there gives, and what the events after it do, is what really was."""
    recorded = recorded_events(DATA / "main.ami.raw.gz")
    whole: dict[str, Leg] = {}
    derivation = Derivation(settings())
    for raw in recorded:
        whole |= {fact.leg_id: fact for fact in facts_of(derivation, raw) if isinstance(fact, Leg)}
    world = World()
    exact = 0
    for at, raw in enumerate(recorded):
        world.play(raw)
        if at % 61 or not world.channels:
            continue
        derivation, taken = resumed(world)
        told = {leg.leg_id: leg for leg in taken.legs}
        assert {leg.group_id for leg in taken.legs} <= taken.alive <= world.channels.keys()
        for later in recorded[at + 1 : at + 500]:
            told |= {fact.leg_id: fact for fact in facts_of(derivation, later) if isinstance(fact, Leg)}
        for leg_id, leg in told.items():
            true = whole[leg_id]
            assert (leg.agent, leg.to_raw, leg.direction) == (true.agent, true.to_raw, true.direction)
            if leg.progress is Progress.ENDED:
                assert leg.outcome is true.outcome
                assert leg.approximate or leg.talk_ms == pytest.approx(true.talk_ms, abs=20)
                exact += leg_id in {before.leg_id for before in taken.legs}
    assert exact > 10, "calls under way are taken over, not only those that begin later"


def status(channel: tuple[str, str], linked: str, *variables: str, **headers: str) -> Message:
    described = {"Channel": channel[0], "ChannelState": "6", "Uniqueid": channel[1], "Linkedid": linked, **headers}
    items = [("Event", "Status"), ("Privilege", "Call"), *described.items()]
    return Message([*items, *(("Variable", variable) for variable in variables), ("Timestamp", "1795460100.000000")])


START, ANSWER = "CDR(start,u)=1795460010.250000", "CDR(answer,u)=1795460015.500000"


def test_a_call_under_way_is_taken_over_with_its_exact_times() -> None:
    derivation = Derivation(settings())
    taken = derivation.resume(
        [
            status(
                PHONE, PHONE[1], START, ANSWER, f"DIALEDPEERNUMBER={NUMBER}@carrier", BridgeID="b", Application="Dial"
            ),
            status(TRUNK, PHONE[1], START, "CDR(answer,u)=0.000000", BridgeID="b", Application="AppDial"),
        ]
    )
    [leg] = taken.legs
    assert taken.alive == {TRUNK[1]}
    assert (leg.agent, leg.to_raw, leg.progress) == ("1003", NUMBER, Progress.ANSWERED)
    assert (leg.started_us, leg.answered_us) == (1795460010_250000, 1795460015_500000)
    [state] = taken.presences
    assert (state.state, state.with_whom, state.since_us) == (State.TALKING, NUMBER, 1795460015_500000)
    ends = [
        on("BridgeLeave", *TRUNK, Linkedid=PHONE[1], BridgeUniqueid="b", Timestamp="-"),
        on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="16"),
    ]
    last = legs_of(fed(ends, derivation))[-1]
    assert last.talk_ms is not None
    assert last.talk_ms % 1000 == 500


def test_of_a_click_to_call_taken_over_the_answer_is_not_known() -> None:
    phone = status(
        PHONE,
        PHONE[1],
        "CDR(start,u)=1795460001.000000",
        "CDR(answer,u)=1795460005.000000",  # the specialist's own, before the dial
        f"DIALEDPEERNUMBER={NUMBER}@carrier",
        BridgeID="b",
        Application="Dial",
    )
    line = status(TRUNK, PHONE[1], START, "CDR(answer,u)=0.000000", BridgeID="b", Application="AppDial")
    derivation = Derivation(settings())
    [leg] = derivation.resume([phone, line]).legs
    assert (leg.approximate, leg.answered_us, leg.talk_ms) == (False, None, None)
    ended = legs_of(fed([on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="16")], derivation))[-1]
    assert (ended.leg_id, ended.progress) == (leg.leg_id, Progress.ENDED)
    assert (ended.approximate, ended.answered_us, ended.talk_ms) == (True, None, None)


def test_a_call_whose_dialler_is_gone_is_alive_and_nothing_else_is_said() -> None:
    other = "PJSIP/1008-00000003", "1795460000.3"
    taken = Derivation(settings()).resume(
        [
            status(TRUNK, PHONE[1], START, ANSWER, BridgeID="b", Application="Dial", Data="PJSIP/1008,20"),
            status(other, PHONE[1], START, BridgeID="b", Application="AppDial"),
        ]
    )
    assert (taken.legs, taken.alive) == ([], {TRUNK[1]})
    assert [(state.agent, state.state) for state in taken.presences] == [("1008", State.TALKING)]


def test_a_second_taking_of_stock_changes_nothing_and_ends_nothing() -> None:
    derivation = Derivation(settings())
    fed(dialled(), derivation)
    listed = [status(PHONE, PHONE[1]), status(TRUNK, PHONE[1], Application="AppDial")]
    first = derivation.resume(listed)
    assert [leg.to_raw for leg in first.legs] == [NUMBER]
    assert derivation.resume(listed) == first
    assert derivation.resume([]).alive == {TRUNK[1]}  # not listed: its Hangup stands behind the list in the stream
    assert legs_of(fed([on("Hangup", *TRUNK, Linkedid=PHONE[1], Cause="17")], derivation))[-1].ended_us


def test_phones_come_from_contacts_queues_and_devices() -> None:
    stamp = ("Timestamp", "1795460100.000000")
    lists = [
        [("Event", "ContactList"), ("Endpoint", "1001")],
        [
            ("Event", "QueueMember"),
            ("Queue", "sales"),
            ("Location", "PJSIP/1002"),
            ("Paused", "1"),
            ("PausedReason", "lunch"),
        ],
        [("Event", "ContactList"), ("Endpoint", "1003")],
        [("Event", "DeviceStateChange"), ("Device", "PJSIP/1003"), ("State", "UNAVAILABLE")],
        [("Event", "DeviceStateChange"), ("Device", "PJSIP/deadtrunk"), ("State", "UNAVAILABLE")],
        [("Event", "ContactList"), ("Endpoint", "carrier")],
    ]
    taken = Derivation(settings()).resume([Message([*items, stamp]) for items in lists])
    assert [(state.agent, state.state, state.reason) for state in taken.presences] == [
        ("1001", State.IDLE, None),
        ("1002", State.PAUSED, "lunch"),
        ("1003", State.OFFLINE, None),
    ]


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "channel", "agent"),
    [
        ("PJSIP/{agent}-*", "PJSIP/1003-0000001a", "1003"),
        ("PJSIP/{agent}-*", "PJSIP/john-doe-0000001a", "john-doe"),
        ("PJSIP/{agent}-*", "SIP/1003-0000001a", None),
        ("PJSIP/{agent}-*", "PJSIP/carrier-00000001", None),
        ("Local/{agent}@lagent-*", "Local/1003@lagent-00000002;1", "1003"),
        ("SIP/sales{agent}-*", "SIP/sales12-00000001", "12"),
    ],
)
def test_agents_are_read_off_channel_names(pattern: str, channel: str, agent: str | None) -> None:
    assert Naming([pattern], ["PJSIP/carrier-*"]).agent(channel) == agent


@pytest.mark.parametrize(
    ("dial_string", "number", "out"),
    [
        ("15551050001@carrier", "15551050001", True),
        ("carrier/15551050001", "15551050001", True),
        ("carrier/sip:+15551050001@10.0.0.1", "+15551050001", True),
        ("PJSIP/15551050001@carrier", "15551050001", True),
        ("user@host/15551050001", "15551050001", True),
        ("1008", "1008", False),
        ("PJSIP/1001", "1001", False),
        ("", "", False),
    ],
)
def test_numbers_are_read_off_dial_strings(dial_string: str, number: str, out: bool) -> None:
    assert (dialled_number(dial_string), leads_out(dial_string)) == (number, out)


def test_a_prefix_goes_only_where_the_number_still_carries_it() -> None:
    naming = Naming(["PJSIP/{agent}-*"], [], ["9"])
    assert naming.number("9175551234@carrier", ["99175551234"]) == "9175551234"  # the dialplan took it off
    assert naming.number("915551050001@carrier", ["915551050001"]) == "15551050001"
    assert naming.stripped("91234") == "91234"  # what is left would be no customer's number


def test_settings_with_local_patterns_tell_the_same_agents() -> None:
    local = AsteriskSettings(
        type="asterisk",
        username="collector",
        agents=("PJSIP/{agent}-*", "Local/{agent}@lagent-*"),
        trunks=("PJSIP/carrier-*", "PJSIP/deadtrunk-*", "Local/*@lcust-*"),
    )
    derivation = Derivation(local)
    dials: dict[str, str | None] = {}
    for raw in events("main.ami.raw.gz"):
        for fact in derivation.feed(parse(raw)):
            if isinstance(fact, Leg) and fact.direction is Direction.OUTBOUND and fact.parent_id is None:
                dials[fact.leg_id] = fact.agent
    assert len(dials) == len(true_calls())
    assert list(dials.values()).count(None) == 5
