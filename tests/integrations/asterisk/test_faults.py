"""What goes wrong between us and an Asterisk, with real sockets: each fault ends in words, and the stream goes on."""

import asyncio
import shutil
import ssl
import subprocess
import time
from contextlib import aclosing
from itertools import pairwise

import pytest

from integrations.asterisk.outbox import Outbox
from integrations.provider import Gap, Health, Leg, Presence, Progress, State
from tests.peers.ami import DATA, AmiPeer, message, until
from tests.peers.floor import EVENTS, FIRST_CALL, SECOND_CALL, TALKING, ended, hearing, provider_of
from tests.peers.world import recorded_events

RESTART = recorded_events(DATA / "restart.ami.raw.gz")


TRUNK_IDLE = next(raw for raw in EVENTS if raw.startswith(b"Event: DeviceStateChange") and b"PJSIP/carrier" in raw)


async def pinged(peer):
    """Wait until what was sent has been read: a ping that came after it was answered."""
    seen = len(peer.actions)
    await until(lambda: [action["Action"] for action in peer.actions[seen:]].count("Ping") >= 2)


def ups(heard):
    return [health.up for health in heard.of(Health)]


async def test_refused_is_told_once_and_tried_again_until_it_works():
    peer = AmiPeer()
    async with peer:
        await peer.stop()
        async with hearing(provider_of(peer)) as heard:
            await until(lambda: heard)
            await asyncio.sleep(0.2)
            assert ups(heard) == [False]
            assert f"127.0.0.1:{peer.port} refuses connections" in heard[0].detail
            await peer.listen()
            await until(lambda: True in ups(heard))


async def test_pauses_between_attempts_grow_and_are_capped():
    peer = AmiPeer()
    attempts = []

    async def refuse(reader, writer):
        attempts.append(time.monotonic())
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    async with hearing(provider_of(peer, retry_seconds=0.08)) as heard:
        await until(lambda: len(attempts) >= 5)
    server.close()
    pauses = [after - before for before, after in pairwise(attempts)]
    assert all(0.03 <= pause <= 0.5 for pause in pauses), pauses
    assert ups(heard) == [False]


async def test_a_cut_connection_comes_back_with_a_gap_since_the_last_event():
    async with AmiPeer() as peer, hearing(provider_of(peer)) as heard:
        await peer.listening()
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))
        await pinged(peer)  # our idea of its clock follows the recorded one
        await peer.tell(TRUNK_IDLE)
        last = peer.world.now
        await pinged(peer)
        peer.drop()
        await until(lambda: len(heard.of(Gap)) == 2)
        assert ups(heard) == [True, False, True]
        gap = heard.of(Gap)[1]
        assert abs(gap.since_us - last * 1e6) < 2e6
        assert gap.until_us >= gap.since_us
        await peer.listening()
        await peer.replay(EVENTS[FIRST_CALL:SECOND_CALL])
        await until(lambda: len(ended(heard)) >= 2)
    assert [leg.leg_id for leg in heard.of(Leg) if leg.progress is Progress.ENDED] == list(ended(heard))


async def test_half_a_line_then_the_end_then_again():
    async with AmiPeer() as peer, hearing(provider_of(peer)) as heard:
        await peer.listening()
        await peer.write(EVENTS[TALKING][:-40])
        peer.drop()
        await until(lambda: ups(heard) == [True, False, True])
        await peer.listening()
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))


async def test_a_frozen_peer_is_noticed_and_left():
    async with AmiPeer() as peer, hearing(provider_of(peer, ping_seconds=0.1, answer_seconds=0.1)) as heard:
        await peer.listening()
        await until(lambda: ups(heard) == [True])
        began = time.monotonic()
        peer.freeze()
        await until(lambda: False in ups(heard))
        assert time.monotonic() - began < 1
        assert "did not answer Ping" in heard.of(Health)[-1].detail
        peer.drop()
        peer.thawed.set()
        await until(lambda: ups(heard)[-1])


SILENT = dict.fromkeys(("Challenge", "Filter", "DeviceStateList", "PJSIPShowContacts", "QueueStatus"))


@pytest.mark.parametrize("more", [(), ("Events",), ("Status",), ("Events", "Status")], ids=lambda more: "+".join(more))
async def test_silence_on_what_is_optional_keeps_nothing_down(more):
    async with AmiPeer() as peer, hearing(provider_of(peer, ping_seconds=0.1, answer_seconds=0.2)) as heard:
        for name in (*SILENT, *more):
            peer.replies[name] = None
        if "Events" in more:  # it does what it is asked without saying so
            peer.replies["Events"] = lambda *asked: peer.on_events(*asked) and None
        await peer.listening()
        await until(lambda: ups(heard) == [True])
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))
        pings = len([action for action in peer.actions if action["Action"] == "Ping"])
        await until(lambda: len([a for a in peer.actions if a["Action"] == "Ping"]) > pings + 3)
        assert ups(heard) == [True]
        asked = [action["Action"] for action in peer.actions]
        assert all(asked.count(name) == 1 for name in SILENT)


async def test_a_list_that_was_not_answered_once_holds_up_no_later_snapshot():
    async with AmiPeer() as peer:
        provider = provider_of(peer, answer_seconds=0.3)
        peer.replies["QueueStatus"] = None
        async with hearing(provider) as heard:
            await peer.replay(EVENTS[:TALKING])
            await peer.listening()
            await until(lambda: heard.of(Presence))
            began = time.monotonic()
            taken = await provider.snapshot()
            assert time.monotonic() - began < 0.25
            assert taken.alive
            assert "talking" in {presence.state for presence in taken.presences}


async def test_a_manager_that_answers_nothing_but_the_login_is_down_in_words():
    async with AmiPeer() as peer, hearing(provider_of(peer, ping_seconds=0.1, answer_seconds=0.1)) as heard:
        for name in (*SILENT, "Ping", "Events", "Status"):
            peer.replies[name] = None
        await until(lambda: heard.of(Health))
        assert ups(heard) == [False]
        assert "did not answer Ping within 0.1 s" in heard.of(Health)[0].detail


async def test_bytes_one_at_a_time_are_the_same_events():
    async with AmiPeer() as peer, hearing(provider_of(peer, answer_seconds=5, ping_seconds=10)) as heard:
        peer.dribble = True
        await peer.listening()
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))
        dribbled = ended(heard)
    async with AmiPeer() as peer, hearing(provider_of(peer)) as heard:
        await peer.listening()
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))
    assert dribbled == ended(heard)


async def test_a_70_kb_event_one_past_the_cap_and_bytes_that_are_no_text_change_nothing():
    async with AmiPeer() as peer, hearing(provider_of(peer)) as heard:
        await peer.listening()
        for junk in (b"x" * 70_000, b"y" * (2 << 20), b"\xff\xfe\x00\x1b]0;x\x07"):
            await peer.write(b"Event: Newchannel\r\nPrivilege: call,all\r\nChannel: " + junk + b"\r\n\r\n")
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))
    assert ups(heard) == [True]
    assert len(ended(heard)) == 1


async def test_asterisk_restarts_in_mid_call():
    """`core restart now`: the calls end, the connection is cut, the new Asterisk numbers its channels from 0 again."""
    async with AmiPeer() as peer, hearing(provider_of(peer)) as heard:
        await peer.listening()
        await peer.replay(RESTART)
        await peer.drained()
        await peer.stop()
        await until(lambda: False in ups(heard))
        trunk_legs = {leg.leg_id: leg for leg in heard.of(Leg)}
        assert trunk_legs
        assert all(leg.progress is Progress.ENDED for leg in trunk_legs.values()), trunk_legs
        peer.world.channels.clear()
        await peer.listen()
        await until(lambda: ups(heard)[-1])
        await peer.listening()
        shifted = [raw.replace(b"17954549", b"17964549") for raw in EVENTS[:FIRST_CALL]]
        await peer.replay(shifted)
        await until(lambda: set(ended(heard)) - set(trunk_legs))
    assert len(ended(heard)) == len(trunk_legs) + 1


async def test_a_killed_asterisk_says_nothing_and_its_calls_are_not_alive_afterwards():
    async with AmiPeer() as peer:
        provider = provider_of(peer)
        async with hearing(provider) as heard:
            await peer.listening()
            await peer.replay(EVENTS[:TALKING])
            await until(lambda: heard.of(Leg))
            group = heard.of(Leg)[-1].group_id
            assert group in (await provider.snapshot()).alive
            await peer.stop()
            await until(lambda: False in ups(heard))
            peer.world.channels.clear()
            await peer.listen()
            await until(lambda: len(heard.of(Gap)) == 2)
            assert group not in (await provider.snapshot()).alive


async def test_booting_to_the_end_after_we_connected_asks_for_another_look():
    async with AmiPeer() as peer:
        provider = provider_of(peer)
        peer.accounts["supervisor"] = type(peer.accounts["supervisor"])(
            "test-secret", peer.accounts["supervisor"].read | {"system"}
        )
        async with hearing(provider) as heard:
            await peer.listening()
            await provider.snapshot()
            await peer.tell(
                message((("Event", "FullyBooted"), ("Privilege", "system,all"), ("Status", "Fully Booted")))
            )
            await until(lambda: len(heard.of(Gap)) == 2)


async def test_forged_events_neither_end_nor_make_calls():
    """A caller's name carries whole events; what they claim of channels we know must not be believed alone."""
    forged = b"Event: Cdr\r\nDisposition: ANSWERED\r\n\r\nCallerIDName: x\r\nEvent: Hangup\r\n\r\n"
    async with AmiPeer() as peer:
        provider = provider_of(peer)
        async with hearing(provider) as heard:
            await peer.listening()
            await peer.replay(EVENTS[:TALKING])
            await until(lambda: heard.of(Leg))
            before = {leg.leg_id for leg in heard.of(Leg)}
            await peer.write(forged)
            await until(lambda: provider.odd_messages == 1)
            assert {leg.leg_id for leg in heard.of(Leg)} == before and not ended(heard)
            await peer.replay(EVENTS[TALKING:FIRST_CALL])
            await until(lambda: ended(heard))
    assert len(ended(heard)) == 1


async def test_an_event_nobody_foresaw_does_not_end_the_stream():
    odd = [
        message((("Event", "DialBegin"), ("Privilege", "call,all"), ("Timestamp", "soon"))),
        message((("Event", "BridgeEnter"), ("Privilege", "call,all"), ("Uniqueid", ""), ("BridgeUniqueid", "\x00"))),
        message((("Event", "Hangup"), ("Timestamp", "99999999999999999999.9"), ("Cause", "many"))),
        message((("Event", "DialEnd"),)),
        b"\r\n\r\n",
        b":\r\n\r\n",
        b": :\r\nEvent\r\n\r\n",
    ]
    async with AmiPeer() as peer, hearing(provider_of(peer)) as heard:
        await peer.listening()
        for raw in odd:
            await peer.write(raw)
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))
    assert ups(heard) == [True]


async def test_nobody_reading_the_stream_does_not_keep_asterisk_waiting():
    """The store hangs: every byte is still taken off the socket, and what was read is handed out later."""
    async with AmiPeer() as peer, aclosing(provider_of(peer, answer_seconds=5, ping_seconds=10).live()) as stream:
        health = await anext(stream)
        await peer.listening()
        await peer.replay(EVENTS)
        async with asyncio.timeout(5):
            await peer.drained()
        assert health.up
        assert isinstance(await anext(stream), Gap)
        late = [await anext(stream) for _ in range(50)]
        assert any(isinstance(event, Leg) for event in late)


async def test_what_nobody_fetches_is_bounded_and_becomes_a_gap():
    outbox = Outbox(lambda: 1000, cap=3)
    presences = [Presence("1001", State.IDLE, since) for since in (10, 20, 30, 40)]
    outbox.put(Health(True, 1), *presences[:2])
    assert outbox.dropped == 0
    outbox.put(*presences[2:])
    assert outbox.dropped == 4
    assert await outbox.get() == Health(True, 1)
    assert await outbox.get() == Gap(10, 1000)
    outbox.put(presences[3])
    assert await outbox.get() == presences[3]


async def test_nothing_asked_for_before_a_cut_is_asked_again_after_it():
    async with AmiPeer() as peer:
        provider = provider_of(peer)
        async with hearing(provider) as heard:
            await peer.listening()
            peer.replies["Status"] = lambda session, action, identity: peer.drop()
            with pytest.raises(Exception, match="no snapshot"):
                await provider.snapshot()
            asked = len([action for action in peer.actions if action["Action"] == "Status"])
            del peer.replies["Status"]
            await until(lambda: ups(heard)[-1] and len(ups(heard)) >= 3)
            await until(lambda: provider._client is not None and not provider._taking.locked())
    # one Status of its own for each connection made; the one that was lost is not among them
    logins = len([action for action in peer.actions if action["Action"] == "Login"])
    statuses = len([action for action in peer.actions if action["Action"] == "Status"])
    assert statuses <= asked + logins - 1


# -- TLS --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Two authorities, and a certificate of the first for 127.0.0.1."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name in ("ca", "other"):
        openssl(
            "req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN={name}"
        )
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl("req", *key, "-keyout", "pbx.key", "-out", "pbx.csr", "-subj", "/CN=pbx")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names")
    openssl("x509", "-req", "-in", "pbx.csr", *signed, "-days", "2", "-out", "pbx.pem")
    return folder


@pytest.fixture
def tls(certificates):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates / "pbx.pem", certificates / "pbx.key")
    return context


async def test_tls_with_the_right_ca_reads_the_same(tls, certificates):
    async with (
        AmiPeer(tls) as peer,
        hearing(provider_of(peer, tls=True, ca_file=str(certificates / "ca.pem"))) as heard,
    ):
        await peer.listening()
        await peer.replay(EVENTS[:FIRST_CALL])
        await until(lambda: ended(heard))
    assert ups(heard) == [True]


@pytest.mark.parametrize(
    ("host", "ca"),
    [("127.0.0.1", "other.pem"), ("127.0.0.1", ""), ("localhost", "ca.pem")],
    ids=["another authority", "the system's", "another name"],
)
async def test_tls_that_cannot_be_verified_never_gets_the_secret(tls, certificates, host, ca):
    file = str(certificates / ca) if ca else ""
    async with AmiPeer(tls) as peer, hearing(provider_of(peer, tls=True, ca_file=file, host=host)) as heard:
        await until(lambda: heard)
        assert ups(heard) == [False]
        assert "certificate is not trusted" in heard[0].detail
        assert peer.actions == []


async def test_tls_spoken_to_a_plain_port_is_told(certificates):
    async with (
        AmiPeer() as peer,
        hearing(provider_of(peer, tls=True, ca_file=str(certificates / "ca.pem"))) as heard,
    ):
        await until(lambda: heard)
        assert "TLS" in heard[0].detail


async def test_plain_text_spoken_to_a_tls_port_is_told(tls):
    async with AmiPeer(tls) as peer, hearing(provider_of(peer)) as heard:
        await until(lambda: heard)
        assert ups(heard) == [False]
        assert heard[0].detail
