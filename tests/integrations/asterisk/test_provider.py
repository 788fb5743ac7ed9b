"""An Asterisk as a source: what live, snapshot and check say, over real sockets."""

import asyncio
import logging
import time
from collections import Counter

import pytest

from integrations.asterisk.provider import is_loopback
from integrations.provider import (
    Action,
    Command,
    Direction,
    Gap,
    Health,
    Leg,
    Level,
    Outcome,
    Presence,
    SourceError,
    State,
)
from tests.peers.ami import DATA, Account, AmiPeer, message, until
from tests.peers.floor import EVENTS, FIRST_CALL, SECOND_CALL, SECRETS, TALKING, ended, hearing, provider_of


async def test_connecting_says_up_then_gap_then_what_happens():
    async with AmiPeer() as peer:
        provider = provider_of(peer)
        async with hearing(provider) as heard:
            await peer.listening()
            await peer.replay(EVENTS[:FIRST_CALL])
            await until(lambda: ended(heard))
    assert isinstance(heard[0], Health) and heard[0].up
    assert isinstance(heard[1], Gap) and heard[1].since_us is None
    leg = min(ended(heard).values(), key=lambda leg: leg.started_us)
    assert (leg.agent, leg.to_raw, leg.line) == ("1003", "15551050001", "PJSIP/carrier-00000001")


async def test_the_whole_recording_arrives_with_every_dial_once_and_ended():
    listed = [line.split("->") for line in (DATA / "main.calls.txt").read_text().splitlines()]
    async with AmiPeer() as peer, hearing(provider_of(peer)) as heard:
        await peer.listening()
        await peer.replay(EVENTS)
        await peer.drained()
        count = -1
        while count != len(heard):
            count = len(heard)
            await asyncio.sleep(0.05)
    outbound = {leg.group_id: leg for leg in heard.of(Leg) if leg.direction is Direction.OUTBOUND}
    assert Counter(leg.to_raw for leg in outbound.values()) == Counter(right.split()[0] for _, right in listed)
    assert {leg.leg_id for leg in heard.of(Leg)} == ended(heard).keys()
    assert len(heard.of(Gap)) == 1


async def test_noise_is_masked_and_filtered_at_login_and_a_refused_filter_is_no_obstacle():
    async with AmiPeer() as peer:
        async with hearing(provider_of(peer)) as heard:
            await peer.listening()
            (session,) = peer.sessions
            assert session.filters == []  # the account may not: write=reporting
            assert not any(session.wants(raw) for raw in EVENTS if raw.startswith((b"Event: VarSet", b"Event: RTCP")))
        peer.accounts["supervisor"] = Account("test-secret", write=frozenset({"reporting", "system"}))
        async with hearing(provider_of(peer)) as heard:
            await peer.listening()
            await until(lambda: heard)
            (session,) = peer.sessions
            wanted = [raw for raw in EVENTS if session.wants(raw)]
            assert not any(raw.startswith(b"Event: CEL") for raw in wanted)
            hiding = next(raw for raw in wanted if b"\r\nCallerIDName: " in raw)
            assert session.wants(hiding.replace(b"\r\nCallerIDName: ", b"\r\nCallerIDName: Event: CEL"))


async def test_snapshot_tells_who_is_alive_in_the_middle_of_the_recording():
    async with AmiPeer() as peer:
        for raw in EVENTS[:TALKING]:
            peer.world.play(raw)
        provider = provider_of(peer)
        alone = await provider.snapshot()
        async with hearing(provider):
            await peer.listening()
            connected = await provider.snapshot()
    assert alone.alive == connected.alive
    assert {channel.headers["Channel"] for channel in peer.world.channels.values()} == {
        "PJSIP/1003-00000000",
        "PJSIP/carrier-00000001",
    }
    (trunk,) = [one for one, channel in peer.world.channels.items() if "carrier" in channel.headers["Channel"]]
    assert trunk in connected.alive


@pytest.mark.parametrize(
    "reply",
    [
        None,
        lambda session, action, identity: message((("Response", "Error"), *identity, ("Message", "No"))),
        lambda session, action, identity: message((("Response", "Success"), *identity)),
    ],
)
async def test_a_far_side_without_a_list_of_channels_gives_no_snapshot_and_goes_on(reply):
    async with AmiPeer() as peer:
        peer.replies["Status"] = reply
        provider = provider_of(peer)
        async with hearing(provider) as heard:
            await peer.listening()
            with pytest.raises(SourceError, match="pbx: no snapshot"):
                await provider.snapshot()
            await peer.replay(EVENTS[:FIRST_CALL])
            await until(lambda: ended(heard))
    assert [health.up for health in heard.of(Health)] == [True]


async def test_a_list_of_channels_that_is_empty_is_an_empty_snapshot():
    async with AmiPeer() as peer:
        taken = await provider_of(peer).snapshot()
    assert taken.alive == frozenset()
    assert taken.legs == []


async def test_no_event_is_lost_or_doubled_by_a_snapshot_taken_in_the_stream():
    """Snapshots every few events: the ended dials are those of an undisturbed stream."""

    async def dials(disturbed):
        async with AmiPeer() as peer:
            provider = provider_of(peer, answer_seconds=5)
            async with hearing(provider) as heard:
                await peer.listening()
                for start in range(0, 1500, 50):
                    await peer.replay(EVENTS[start : start + 50])
                    if disturbed:
                        snapshot = asyncio.create_task(provider.snapshot())
                        await peer.replay(EVENTS[1500:1500])
                        await snapshot
                await provider.snapshot()
                await asyncio.sleep(0.05)
        return {key: leg._replace(raw="") for key, leg in ended(heard).items()}

    calm, disturbed = await dials(False), await dials(True)
    assert calm
    assert disturbed == calm


async def test_a_call_that_ends_while_the_channels_are_listed_still_ends():
    """Asterisk lists without it a channel whose Hangup stands behind the list in the stream."""
    parting = EVENTS[TALKING:SECOND_CALL]

    def listing(session, action, identity):
        for raw in parting:
            peer.world.play(raw)
        peer.late += parting
        return peer.on_status(session, action, identity)

    async with AmiPeer() as peer:
        provider = provider_of(peer)
        async with hearing(provider) as heard:
            await peer.listening()
            await provider.snapshot()
            await peer.replay(EVENTS[:TALKING])
            peer.replies["Status"] = listing
            await provider.snapshot()
            await until(lambda: len(ended(heard)) == 2)
            leg = min(ended(heard).values(), key=lambda leg: leg.started_us)
            await until(lambda: provider._presences["1003"].state is not State.TALKING)
    assert (leg.outcome, leg.talk_ms // 1000) == (Outcome.ANSWERED, 5)


async def test_wrong_password_is_one_sentence_and_the_right_one_comes_back_by_itself():
    secrets = dict(SECRETS, secret="wrong")
    async with AmiPeer() as peer, hearing(provider_of(peer, secrets)) as heard:
        await until(lambda: sum(action["Action"] == "Login" for action in peer.actions) >= 3)
        assert [health.up for health in heard.of(Health)] == [False]
        assert "login as 'supervisor' refused" in heard[0].detail
        assert "wrong" not in heard[0].detail
        secrets["secret"] = "test-secret"
        await until(lambda: len(heard.of(Health)) == 2)
        assert heard.of(Health)[1].up


async def test_a_missing_secret_names_its_keys():
    async with AmiPeer() as peer, hearing(provider_of(peer, {})) as heard:
        await until(lambda: heard)
        assert "secret_file or secret_env" in heard[0].detail


async def test_another_machine_in_plain_text_is_refused_unless_allowed():
    async with AmiPeer() as peer, hearing(provider_of(peer, host="pbx.example.org")) as heard:
        await until(lambda: heard)
        assert "pbx.example.org is another machine and tls is off" in heard[0].detail
    assert provider_of(peer, host="pbx.example.org", allow_plaintext=True)._address().tls is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("pbx", False)],
)
def test_loopback_is_told_by_the_text_alone(host, loopback):
    assert is_loopback(host) is loopback


async def test_forged_messages_are_counted_and_told_once(caplog):
    async with AmiPeer() as peer:
        provider = provider_of(peer)
        with caplog.at_level(logging.WARNING, "integrations.asterisk"):
            async with hearing(provider):
                await peer.listening()
                for _ in range(5):
                    await peer.write(b"CallerIDName: x\r\nEvent: Hangup\r\n\r\n")
                await until(lambda: provider.odd_messages == 5)
    assert [record.message for record in caplog.records] == [
        "pbx: 1 messages Asterisk did not write: callers forge them"
    ]


async def test_the_forgery_of_the_recording_is_counted():
    async with AmiPeer() as peer:
        provider = provider_of(peer)
        async with hearing(provider):
            await peer.listening()
            await peer.replay([raw for raw in EVENTS if b"\r\n\r\nEvent: " in raw[:-4]])
            await until(lambda: provider.odd_messages > 20)


async def test_events_without_a_time_get_that_of_their_arrival():
    bare = [
        b"\r\n".join(x for x in raw.split(b"\r\n") if not x.startswith(b"Timestamp:")) for raw in EVENTS[:FIRST_CALL]
    ]
    async with AmiPeer() as peer:
        peer.clock = time.time
        async with hearing(provider_of(peer)) as heard:
            await peer.listening()
            before = time.time_ns() // 1000
            await peer.replay(bare)
            await until(lambda: ended(heard))
    assert all(abs(leg.started_us - before) < 10_000_000 for leg in ended(heard).values())


async def test_acts_are_offered_only_with_a_control_account_and_go_to_the_call_that_is_meant():
    async with AmiPeer() as peer:
        none = provider_of(peer, control_username="")
        assert none.capabilities == frozenset()
        assert not (await none.act(Command(1, Action.DIAL, "1003", number="1"))).done
        assert peer.actions == []
        provider = provider_of(peer)
        assert provider.capabilities == frozenset(Action)
        assert "not connected" in (await provider.act(Command(1, Action.HANG_UP, "1003"))).detail
        async with hearing(provider) as heard:
            await peer.listening()
            await peer.replay(EVENTS[:TALKING])
            await until(lambda: any(one.agent == "1003" and one.group_id for one in heard.of(Presence)))
            (now, *_) = [one for one in reversed(heard) if isinstance(one, Presence) and one.agent == "1003"]
            assert now.channel == "PJSIP/1003-00000000"
            answer = await provider.act(Command(1, Action.HANG_UP, "1003", group_id="another"))
            assert answer.detail.startswith("the call is over")
            answer = await provider.act(Command(2, Action.LISTEN, "1003", phone="1012", group_id=now.group_id))
            assert answer.done, answer.detail
            answer = await provider.act(Command(3, Action.HANG_UP, "1003", group_id=now.group_id))
            assert answer.done, answer.detail
    acts = [action for action in peer.actions if action["Action"] in ("Originate", "Hangup")]
    assert [act.get("Data", act["Channel"]) for act in acts] == ["PJSIP/1003-00000000,qESu", "PJSIP/1003-00000000"]


async def test_phones_that_are_idle_are_told_from_the_device_states():
    async with AmiPeer() as peer:
        peer.world.devices = {"PJSIP/1001": "NOT_INUSE", "PJSIP/1002": "UNAVAILABLE", "PJSIP/carrier": "NOT_INUSE"}
        taken = await provider_of(peer).snapshot()
    states = {presence.agent: presence.state for presence in taken.presences}
    assert states["1001"] is State.IDLE
    assert "carrier" not in states
    assert all(abs(presence.since_us / 1e6 - peer.world.now) < 5 for presence in taken.presences)
    assert states.get("1002", State.OFFLINE) is State.OFFLINE


def levels(found):
    return {finding.subject: finding.level for finding in found}


async def test_check_finds_nothing_wrong_with_a_good_set_up(tmp_path):
    cdr = tmp_path / "Master.csv"
    cdr.write_text("")
    async with AmiPeer() as peer:
        peer.clock = time.time
        peer.replies["Events"] = lambda session, action, identity: (
            peer.on_events(session, action, identity) + message((("Event", "Newstate"), ("Timestamp", "1.0")))
        )
        found = await provider_of(peer, cdr_file=str(cdr)).check()
    assert set(levels(found).values()) == {Level.OK}, found
    assert {"connection", "login", "rights", "clock", "event times", "CDR file", "control account"} <= levels(
        found
    ).keys()
    assert not [action for action in peer.actions if action["Action"] in ("Originate", "Hangup", "Command")]


async def test_check_tells_wider_rights_a_wrong_clock_and_events_without_time(tmp_path):
    wide = frozenset({"reporting", "originate", "command", "call"})
    async with AmiPeer() as peer:
        peer.accounts["supervisor"] = Account("test-secret", write=wide)
        peer.accounts["control"] = Account("control-secret", write=frozenset({"reporting"}))
        peer.clock = lambda: time.time() - 60
        peer.replies["Events"] = lambda session, action, identity: (
            peer.on_events(session, action, identity) + message((("Event", "Newstate"),))
        )
        provider = provider_of(peer, cdr_file=str(tmp_path / "cdr-csv" / "Master.csv"), time_zone="")
        found = await provider.check()
    told = {finding.subject: finding for finding in found}
    assert told["rights"].level is Level.WARN and "Originate" in told["rights"].detail
    assert told["clock"].level is Level.WARN and "60.0 s behind" in told["clock"].detail
    assert told["event times"].level is Level.WARN and "timestampevents = yes" in told["event times"].detail
    assert told["CDR file"].level is Level.FAIL and "cdr_file" in told["CDR file"].detail
    assert told["time_zone"].level is Level.WARN
    assert told["control account"].level is Level.FAIL and "originate,call" in told["control account"].detail


async def test_check_knows_an_asterisk_on_which_no_call_has_ended_yet(tmp_path):
    async with AmiPeer() as peer:
        found = await provider_of(peer, cdr_file=str(tmp_path / "Master.csv")).check()
    (told,) = (finding for finding in found if finding.subject == "CDR file")
    assert told.level is Level.WARN and "first call" in told.detail


@pytest.mark.parametrize("told", [False, True])
async def test_check_notices_that_calls_are_not_told_to_the_account(told):
    async with AmiPeer() as peer:
        peer.accounts["supervisor"] = Account("test-secret", read=frozenset({"cdr", "call"} if told else {"cdr"}))
        checking = asyncio.create_task(provider_of(peer).check())
        await until(lambda: any(action["Action"] == "Status" for action in peer.actions))
        await peer.broadcast(next(raw for raw in EVENTS if raw.startswith(b"Event: Newchannel")))
        found = await checking
    assert ("events" in levels(found)) is not told
    assert told or levels(found)["events"] is Level.FAIL


async def test_check_tells_too_narrow_rights_and_a_wrong_secret():
    async with AmiPeer() as peer:
        peer.accounts["supervisor"] = Account("test-secret", write=frozenset())
        found = await provider_of(peer).check()
        assert levels(found)["rights"] is Level.FAIL
        found = await provider_of(peer, {"secret": "wrong"}).check()
        assert [finding.level for finding in found if finding.subject == "connection"] == [Level.FAIL]
