"""Acts on phones, over real sockets: done once, exactly as asked, or refused in words."""

import pytest

from integrations.asterisk.client import Address
from integrations.asterisk.control import carry_out
from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Action, Answer, Command, Presence, State
from tests.peers.ami import AmiPeer, message

CHANNEL = "PJSIP/1003-00000000"
GROUP = "1795454949.1"
SETTINGS = AsteriskSettings(
    type="asterisk",
    username="supervisor",
    control_username="control",
    dial_prefixes=("9", "8"),
    dial_context="agents",
    ring_seconds=1,
    answer_seconds=0.3,
)
TALKING = Presence("1003", State.TALKING, 1, "15551050001", None, GROUP, CHANNEL)
NEWCHANNEL = message((("Event", "Newchannel"), ("Timestamp", "1.0"), ("Channel", CHANNEL), ("Uniqueid", "1.0")))


async def carried_out(peer, command, presence=TALKING, settings=SETTINGS, secret="control-secret"):
    return await carry_out(command, presence, settings, Address("127.0.0.1", peer.port, answer_seconds=0.3), secret)


def sent(peer, name):
    return [action for action in peer.actions if action["Action"] == name]


def acting(action, **given):
    return Command(1, action, "1003", **({"phone": "1012", "group_id": GROUP} | given))


@pytest.mark.parametrize(
    ("action", "options", "words"),
    [
        (Action.LISTEN, "qESu", "nobody hears you"),
        (Action.WHISPER, "qwESu", "the customer does not hear you"),
        (Action.BARGE, "qBESu", "both hear you"),
    ],
)
async def test_listening_in_rings_the_supervisor_and_names_the_exact_channel(action, options, words):
    async with AmiPeer() as peer:
        peer.world.play(NEWCHANNEL)
        assert await carried_out(peer, acting(action)) == Answer(True, words)
        (originate,) = sent(peer, "Originate")
    assert originate["Channel"] == "PJSIP/1012"
    assert originate["Application"] == "ChanSpy"
    assert originate["Data"] == f"{CHANNEL},{options}"
    assert originate["Async"] == "true"


async def test_hanging_up_names_the_exact_channel():
    async with AmiPeer() as peer:
        peer.world.play(NEWCHANNEL)
        answer = await carried_out(peer, acting(Action.HANG_UP))
        (hangup,) = sent(peer, "Hangup")
    assert answer == Answer(True, "the call of 1003 was ended")
    assert hangup["Channel"] == CHANNEL


async def test_dialling_rings_the_specialist_and_puts_the_prefix_before_the_number():
    async with AmiPeer() as peer:
        answer = await carried_out(peer, acting(Action.DIAL, number="15551050001"), None)
        (originate,) = sent(peer, "Originate")
    assert answer.done
    assert (originate["Channel"], originate["Exten"]) == ("PJSIP/1003", "915551050001")
    assert (originate["Context"], originate["Priority"]) == ("agents", "1")


@pytest.mark.parametrize("action", [Action.LISTEN, Action.HANG_UP])
@pytest.mark.parametrize(
    "presence",
    [
        None,
        Presence("1003", State.IDLE, 1),
        Presence("1003", State.TALKING, 1, "x", None, "1795454950.7", "PJSIP/1003-00000002"),
    ],
)
async def test_a_call_that_is_over_is_refused_before_anything_is_sent(action, presence):
    async with AmiPeer() as peer:
        answer = await carried_out(peer, acting(action), presence)
    assert not answer.done
    assert answer.detail.startswith("the call is over")
    assert peer.actions == []


@pytest.mark.parametrize("action", [Action.LISTEN, Action.HANG_UP])
async def test_a_channel_that_has_just_gone_is_refused_and_nobodys_phone_rings(action):
    async with AmiPeer() as peer:
        assert await carried_out(peer, acting(action)) == Answer(False, "the call is over")
        assert not sent(peer, "Originate")


@pytest.mark.parametrize(
    "channel", ["/^PJSIP/", "PJSIP/1003-1,qB", "PJSIP/1003-1\r\nAction: Command", "all", "PJSIP/a|b", "PJSIP/1003-1 "]
)
async def test_a_channel_name_that_could_mean_more_than_itself_is_never_sent(channel):
    presence = Presence("1003", State.TALKING, 1, "x", None, GROUP, channel)
    async with AmiPeer() as peer:
        answers = [await carried_out(peer, acting(action), presence) for action in (Action.LISTEN, Action.HANG_UP)]
    assert [answer.done for answer in answers] == [False, False]
    assert peer.actions == []


@pytest.mark.parametrize("number", ["", None, "555&PJSIP/1", "12\r\nX: y", "1" * 33, "²"])
async def test_only_a_number_is_dialled(number):
    async with AmiPeer() as peer:
        answer = await carried_out(peer, acting(Action.DIAL, number=number), None)
    assert not answer.done
    assert "not a number to dial" in answer.detail
    assert peer.actions == []


@pytest.mark.parametrize("phone", ["", None, "1012&PJSIP/1001", "Local/1@x/n,y"])
async def test_a_supervisor_without_a_usable_phone_is_told(phone):
    async with AmiPeer() as peer:
        answer = await carried_out(peer, acting(Action.LISTEN, phone=phone))
    assert not answer.done
    assert "phone" in answer.detail
    assert peer.actions == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [("0", "cannot be reached"), ("3", "nobody answered"), ("5", "is busy"), ("1", "hung up"), ("77", "not reached")],
)
async def test_what_came_of_the_ringing_is_told_in_words(reason, words):
    async with AmiPeer() as peer:
        peer.world.play(NEWCHANNEL)
        peer.outcomes["PJSIP/1012"] = "Failure", reason
        answer = await carried_out(peer, acting(Action.LISTEN))
    assert not answer.done
    assert words in answer.detail


@pytest.mark.parametrize(
    ("dials", "words"),
    [
        ((("DialBegin", ""), ("DialEnd", "BUSY")), "PJSIP/1012 is busy"),
        ((("DialBegin", ""), ("DialEnd", "NOANSWER")), "PJSIP/1012 did not take the call"),
        ((), "PJSIP/1012 cannot be reached: is it registered?"),
    ],
)
async def test_a_busy_phone_is_not_taken_for_one_that_is_not_there(dials, words):
    async with AmiPeer() as peer:
        peer.world.play(NEWCHANNEL)
        peer.outcomes["PJSIP/1012"] = "Failure", "0"  # Asterisk says it of all three
        peer.dials["PJSIP/1012"] = dials
        assert await carried_out(peer, acting(Action.LISTEN)) == Answer(False, words)


async def test_an_outcome_somebody_else_tells_is_not_believed():
    forged = message(
        (("Event", "OriginateResponse"), ("Privilege", "call,all"), ("ActionID", "1"), ("Response", "Success"))
    )
    async with AmiPeer() as peer:
        peer.world.play(NEWCHANNEL)
        queued = (("Response", "Success"), ("Message", "Originate successfully queued"))
        peer.replies["Originate"] = lambda session, action, identity: message((*queued, *identity)) + forged
        answer = await carried_out(peer, acting(Action.LISTEN))
    assert answer == Answer(
        False, "PJSIP/1012 was rung; what came of it is not known: Asterisk did not tell (the account needs read=call)"
    )
    assert len(sent(peer, "Originate")) == 1


async def test_a_connection_lost_in_mid_act_is_told_and_nothing_is_repeated():
    async with AmiPeer() as peer:
        peer.world.play(NEWCHANNEL)
        peer.replies["Originate"] = lambda session, action, identity: peer.drop()
        answer = await carried_out(peer, acting(Action.LISTEN))
        assert not answer.done
        assert answer.detail.startswith("not known to be done")
        assert len(sent(peer, "Originate")) == 1


async def test_missing_rights_and_a_wrong_secret_are_told_in_words():
    async with AmiPeer() as peer:
        peer.world.play(NEWCHANNEL)
        weak = AsteriskSettings(type="asterisk", username="supervisor", control_username="supervisor")
        answer = await carried_out(peer, acting(Action.HANG_UP), settings=weak, secret="test-secret")
        assert "may not do this" in answer.detail
        answer = await carried_out(peer, acting(Action.HANG_UP), secret="wrong")
        assert "login as 'control' refused" in answer.detail
        assert not sent(peer, "Originate")


async def test_a_number_the_dialplan_does_not_know_is_told():
    async with AmiPeer() as peer:
        peer.replies["Originate"] = lambda session, action, identity: message(
            (("Response", "Error"), *identity, ("Message", "Extension does not exist."))
        )
        answer = await carried_out(peer, acting(Action.DIAL, number="1"), None)
    assert not answer.done
    assert "context 'agents'" in answer.detail
