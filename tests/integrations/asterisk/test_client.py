"""The manager protocol, over real sockets."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from integrations.asterisk.client import (
    MESSAGE_CAP,
    ActionRefused,
    Address,
    AmiError,
    Frames,
    connect,
    encode,
    trusting,
)
from integrations.asterisk.message import Message, microseconds, parse
from tests.peers.ami import AmiPeer, message, received, until
from tests.peers.world import headers_of

EVENT = (("Event", "Newchannel"), ("Privilege", "call,all"), ("Channel", "PJSIP/1003-00000001"))


@asynccontextmanager
async def client_of(peer, receive=lambda message: None, tls=None, answer_seconds=2.0, ping_seconds=10.0):
    address = Address("127.0.0.1", peer.port, tls, 2.0, answer_seconds, ping_seconds)
    client = await connect(address, receive)
    try:
        yield client
    finally:
        client.cut("the test is over")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
def test_frames_are_the_same_however_the_bytes_are_cut(size):
    stream = b"A: 1\r\nB: 2\r\n\r\nC: \xff\r\n\r\n\r\n\r\nD: 3\r\n\r\nhalf"
    frames = Frames()
    found = [frame for at in range(0, len(stream), size) for frame in frames.feed(stream[at : at + size])]
    assert found == [b"A: 1\r\nB: 2", b"C: \xff", b"", b"D: 3"]


@pytest.mark.parametrize("size", [5, 1000])
def test_a_message_past_the_cap_is_dropped_and_the_next_is_read(size):
    frames = Frames(cap=100)
    stream = b"x" * 100 + b"\r\n\r\n" + b"y" * 101 + b"\r\n\r\n" + b"z" * 5000 + b"\r\n\r\n" + b"Event: A\r\n\r\n"
    found = [frame for at in range(0, len(stream), size) for frame in frames.feed(stream[at : at + size])]
    assert found == [b"x" * 100, b"Event: A"]
    assert frames.dropped == 2


def test_the_first_header_decides_what_a_message_is():
    assert parse(b"Event: OriginateResponse\r\nResponse: Failure").kind == "event"
    assert parse(b"Response: Success\r\nEvent: Hangup").kind == "response"
    assert parse(b"CallerIDName: x\r\nEvent: Hangup").kind == "other"
    assert parse(b"\r\nEvent: Hangup").kind == "event"
    assert parse(b"garbage\r\nEvent: Hangup").kind == "other"
    assert parse(b"").kind == "other"


def test_of_repeated_keys_the_first_counts_and_all_are_kept():
    read = parse(b"Event: X\r\nChanVariable: A=1\r\nchanvariable: B=2\r\nUniqueid: 1\r\nUniqueid: 2\r\nOdd(PJSIP/1): y")
    assert read.all("ChanVariable") == ["A=1", "B=2"]
    assert read.get("uniqueid") == "1"
    assert read.get("Odd(PJSIP/1)") == "y"
    assert read.get("none", "-") == "-"


def test_bytes_that_are_no_text_do_not_end_the_reading():
    read = parse(b"Event: X\r\nCallerIDName: \xff\xfe\x00a\x1b[2J")
    assert read.get("CallerIDName") == "\ufffd\ufffda\x1b[2J"


def test_moments_are_read_to_the_microsecond():
    assert microseconds("1795454948.410469") == 1795454948410469
    assert microseconds("1795454948") == 1795454948000000
    assert microseconds("1795454948.41") == 1795454948410000
    for odd in ("", "soon", "1.x", "-1.0", "²"):
        assert microseconds(odd) is None


@pytest.mark.parametrize("bad", ["a\r\nAction: Originate", "a\nb", "a\rb", "a\0b", "x" * 1025])
def test_nothing_is_sent_that_ends_its_line(bad):
    with pytest.raises(AmiError):
        encode((("Action", "Ping"), ("Channel", bad)))


@pytest.mark.parametrize("dribble", [False, True])
async def test_login_answers_the_challenge_and_the_secret_is_never_sent(dribble):
    async with AmiPeer() as peer, client_of(peer) as client:
        peer.dribble = dribble
        await client.login("supervisor", "test-secret")
        assert (await client.ask("Ping")).get("Ping") == "Pong"
    assert [action["Action"] for action in peer.actions] == ["Challenge", "Login", "Ping"]
    assert "test-secret" not in str(peer.actions)


async def test_wrong_password_is_told_in_words_and_ends_the_connection():
    async with AmiPeer() as peer, client_of(peer) as client:
        with pytest.raises(AmiError, match=r"login as 'supervisor' refused .*check username and secret"):
            await client.login("supervisor", "wrong")
        assert await client.lost == "Asterisk closed the connection"
        with pytest.raises(AmiError, match="not connected"):
            await client.ask("Ping")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_refused_connection_is_told_in_words(host):
    async with AmiPeer() as peer:
        pass
    with pytest.raises(AmiError, match=f"^{host}:{peer.port} refuses connections"):
        await connect(Address(host, peer.port), lambda message: None)


@pytest.mark.parametrize("banner", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 3000])
async def test_something_else_behind_the_port_is_told_apart(banner):
    async with AmiPeer() as peer:
        peer.banner = banner
        with pytest.raises(AmiError, match="not an Asterisk manager"):
            await connect(Address("127.0.0.1", peer.port), lambda message: None)


async def test_a_silent_far_side_is_given_up_in_time():
    async with AmiPeer() as peer:
        peer.banner = b"Asterisk Call"
        with pytest.raises(AmiError, match="no Asterisk manager answers"):
            await connect(Address("127.0.0.1", peer.port, answer_seconds=0.05), lambda message: None)


async def test_every_action_has_a_deadline():
    async with AmiPeer() as peer, client_of(peer, answer_seconds=0.05) as client:
        await client.login("supervisor", "test-secret")
        peer.replies["CoreStatus"] = None
        with pytest.raises(AmiError, match=r"did not answer CoreStatus within 0\.05 s"):
            await client.ask("CoreStatus")
        assert (await client.ask("Ping")).get("Ping") == "Pong"


async def test_an_answer_without_an_action_id_answers_nothing():
    async with AmiPeer() as peer, client_of(peer, answer_seconds=0.05) as client:
        await client.login("supervisor", "test-secret")
        peer.replies["CoreStatus"] = received("43")
        with pytest.raises(AmiError, match="did not answer"):
            await client.ask("CoreStatus")


async def test_a_connection_cut_in_mid_action_ends_the_action_at_once():
    async with AmiPeer() as peer, client_of(peer, answer_seconds=5) as client:
        await client.login("supervisor", "test-secret")
        peer.replies["CoreStatus"] = lambda session, action, identity: peer.drop()
        began = time.monotonic()
        with pytest.raises(AmiError, match="connection"):
            await client.ask("CoreStatus")
        assert time.monotonic() - began < 1


async def test_a_frozen_peer_is_noticed_within_a_ping_and_its_deadline():
    async with AmiPeer() as peer, client_of(peer, answer_seconds=0.1, ping_seconds=0.05) as client:
        await client.login("supervisor", "test-secret")
        keeping = asyncio.create_task(client.keep(lambda pong: None))
        await until(lambda: sum(action["Action"] == "Ping" for action in peer.actions) >= 2)
        peer.freeze()
        assert await asyncio.wait_for(keeping, 1) == "Asterisk did not answer Ping within 0.1 s"
        peer.thawed.set()


async def test_a_list_is_gathered_whatever_comes_between_and_completes_in_its_place():
    seen = []
    async with AmiPeer() as peer, client_of(peer, lambda message: seen.append(message.event)) as client:
        await client.login("supervisor", "test-secret")
        await client.ask("Events", ("EventMask", "call"))

        def listing(session, action, identity):
            item = (("Event", "Status"), ("Channel", "PJSIP/1"), *identity)
            start = message((("Response", "Success"), *identity, ("EventList", "start")))
            end = message((("Event", "StatusComplete"), *identity, ("EventList", "Complete")))
            return start + message(item) + message(EVENT) + message(item) + end + message((("Event", "Hangup"),))

        peer.replies["Status"] = listing
        events = await client.ask_list("Status", complete=lambda events: seen.append(f"complete {len(events)}"))
        assert [event.get("Channel") for event in events] == ["PJSIP/1"] * 2
        await until(lambda: len(seen) == 3)
        assert seen == ["Newchannel", "complete 2", "Hangup"]


async def test_a_list_that_is_refused_says_so():
    async with AmiPeer() as peer, client_of(peer) as client:
        await client.login("supervisor", "test-secret")
        with pytest.raises(ActionRefused, match="Permission denied"):
            await client.ask_list("PJSIPShowContacts")


async def test_a_forged_answer_is_nobodys_answer():
    got = []
    async with AmiPeer() as peer, client_of(peer, got.append, answer_seconds=0.1) as client:
        await client.login("supervisor", "test-secret")
        for guess in ("1", "2", "3", ""):
            await peer.write(message((("Response", "Success"), ("ActionID", guess))))
        assert (await client.ask("Ping")).get("Ping") == "Pong"
        assert [one.kind for one in got] == ["response"] * 4


async def test_a_70_kb_event_and_one_past_the_cap():
    got: list[Message] = []
    async with AmiPeer() as peer, client_of(peer, got.append) as client:
        await client.login("supervisor", "test-secret")
        await peer.write(message((*EVENT, ("Big", "x" * 70_000))))
        await peer.write(message((*EVENT, ("Big", "x" * (MESSAGE_CAP + 1)))))
        await peer.write(message((*EVENT, ("Last", "yes"))))
        await until(lambda: any(one.get("Last") for one in got))
        assert [len(one.get("Big")) for one in got] == [70_000, 0]
        assert client.frames.dropped == 1


async def test_half_a_line_and_then_the_end():
    got: list[Message] = []
    async with AmiPeer() as peer, client_of(peer, got.append) as client:
        await client.login("supervisor", "test-secret")
        await peer.write(message(EVENT) + b"Event: Hangup\r\nChannel: PJS")
        await until(lambda: got)
        peer.drop()
        assert "connection" in await client.lost
        assert [one.event for one in got] == ["Newchannel"]


def test_the_peer_speaks_as_recorded():
    """The fake is only worth something while its words are the recorded ones."""
    assert headers_of(received("12"))["Message"] == "Channel status will follow"
    item = next(raw for raw in received("53").split(b"\r\n\r\n") if b"Event: Status" in raw)
    assert {"Channel", "Uniqueid", "Linkedid", "BridgeID", "Application", "ActionID"} <= headers_of(item).keys()


async def test_an_unusable_ca_file_is_told_in_words(tmp_path):
    with pytest.raises(AmiError, match=r"ca_file .* cannot be used"):
        trusting(str(tmp_path / "none.pem"))
    (tmp_path / "bad.pem").write_text("not a certificate")
    with pytest.raises(AmiError, match=r"ca_file .* cannot be used"):
        trusting(str(tmp_path / "bad.pem"))
