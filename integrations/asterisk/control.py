"""Acts on phones: listen, whisper, barge, hang up, dial. Each once, on a short connection of the control account."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from integrations.asterisk.client import ActionRefused, Address, AmiError, Client, connect
from integrations.asterisk.message import Message
from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Action, Answer, Command, Presence

SPY_OPTIONS = {Action.LISTEN: "qESu", Action.WHISPER: "qwESu", Action.BARGE: "qBESu"}
"""ChanSpy: quiet; whisper or barge; end with the call (E) or without one (S); an exact name, no prefix (u)."""

_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.@+:-]+(;[12])?\Z")
_NUMBER = re.compile(r"\+?[0-9*#]{1,32}\Z")

_SPYING = {
    Action.LISTEN: "nobody hears you",
    Action.WHISPER: "the customer does not hear you",
    Action.BARGE: "both hear you",
}
_NEVER_RUNG = "{phone} cannot be reached: is it registered?"
_REASONS = {
    "0": "{phone} did not take the call",
    "1": "{phone} hung up",
    "3": "{phone} rang, but nobody answered",
    "5": "{phone} is busy",
    "8": "{phone} cannot be reached: congestion",
}


class _Refused(Exception):
    """The command is not carried out; why, in words."""


async def carry_out(
    command: Command, presence: Presence | None, settings: AsteriskSettings, address: Address, secret: str
) -> Answer:
    """Carry out `command` once. `presence` is what its specialist's phone does now: it must still be that call."""
    try:
        action, headers, done = _plan(command, presence, settings)
        return await _send(action, headers, done, settings, address, secret)
    except _Refused as refusal:
        return Answer(False, str(refusal))
    except ActionRefused as refusal:
        return Answer(False, _explained(str(refusal), settings))
    except AmiError as error:
        return Answer(False, f"not known to be done: {error}")


def _plan(
    command: Command, presence: Presence | None, settings: AsteriskSettings
) -> tuple[str, list[tuple[str, str]], str]:
    """Return what to send, and the words for when it is done."""
    ring = "Timeout", str(settings.ring_seconds * 1000)
    if command.action is Action.DIAL:
        if not _NUMBER.match(command.number or ""):
            raise _Refused(f"{command.number!r} is not a number to dial")
        prefix = settings.dial_prefixes[0] if settings.dial_prefixes else ""
        headers = [
            ("Channel", _phone(command.agent, settings)),
            ("Context", settings.dial_context),
            ("Exten", f"{prefix}{command.number}"),
            ("Priority", "1"),
            ring,
            ("Async", "true"),
        ]
        return "Originate", headers, f"{command.agent} picked up and is dialling {command.number}"
    channel = _channel(command, presence)
    if command.action is Action.HANG_UP:
        return "Hangup", [("Channel", channel)], f"the call of {command.agent} was ended"
    if not command.phone:
        raise _Refused("which phone is yours is not configured: set my_phone")
    headers = [
        ("Channel", _phone(command.phone, settings)),
        ("Application", "ChanSpy"),
        ("Data", f"{channel},{SPY_OPTIONS[command.action]}"),
        ring,
        ("Async", "true"),
    ]
    return "Originate", headers, _SPYING[command.action]


def _channel(command: Command, presence: Presence | None) -> str:
    """Return the exact channel of the specialist's call. A name that begins with / is a pattern to Asterisk: never."""
    if presence is None or presence.channel is None or presence.group_id is None:
        raise _Refused(f"the call is over: {command.agent} is not in a call")
    if command.group_id is not None and command.group_id != presence.group_id:
        raise _Refused(f"the call is over: {command.agent} is in another call by now")
    if not _CHANNEL.match(presence.channel):
        raise _Refused("the name of this channel is not one that can be acted on")
    return presence.channel


def _phone(agent: str, settings: AsteriskSettings) -> str:
    phone = agent if "/" in agent else settings.phone.replace("{agent}", agent)
    if not _CHANNEL.match(phone):
        raise _Refused(f"{agent!r} is not a phone that can be called")
    return phone


async def _send(
    action: str, headers: list[tuple[str, str]], done: str, settings: AsteriskSettings, address: Address, secret: str
) -> Answer:
    outcome: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    phone = dict(headers)["Channel"]
    dials: list[str] = []

    def receive(message: Message) -> None:
        if message.event == "OriginateResponse" and client.asked(message) and not outcome.done():
            outcome.set_result(message)
        elif message.event in ("DialBegin", "DialEnd") and message.get("DestChannel").rpartition("-")[0] == phone:
            dials.append(message.get("DialStatus"))

    client = await connect(address, receive)
    try:
        await client.login(settings.control_username, secret)
        if action == "Hangup":
            await client.ask(action, *headers)
            return Answer(True, done)
        await _still_there(client, dict(headers).get("Data", ""))
        await client.ask("Events", ("EventMask", "call"))
        await client.ask(action, *headers)
        return await _told(client, outcome, settings, phone, dials, done)
    finally:
        client.cut("closed")


async def _still_there(client: Client, spied: str) -> None:
    """Refuse before a supervisor's phone rings for a channel that has gone."""
    if channel := spied.partition(",")[0]:
        try:
            await client.ask_list("Status", ("Channel", channel))
        except ActionRefused as refusal:
            if "permission" not in str(refusal).lower():
                raise


async def _told(
    client: Client,
    outcome: asyncio.Future[Message],
    settings: AsteriskSettings,
    phone: str,
    dials: Sequence[str],
    done: str,
) -> Answer:
    """Wait for what came of the phone we rang, and put it into words; `dials` is how each dial of it began or ended."""
    ends: list[asyncio.Future[Any]] = [outcome, client.lost]
    patience = settings.ring_seconds + settings.answer_seconds
    await asyncio.wait(ends, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    if not outcome.done():
        why = client.lost.result() if client.lost.done() else "Asterisk did not tell (the account needs read=call)"
        return Answer(False, f"{phone} was rung; what came of it is not known: {why}")
    if outcome.result().get("Response").lower() == "success":
        return Answer(True, done)
    return Answer(False, _why(outcome.result().get("Reason"), dials).format(phone=phone))


def _why(reason: str, dials: Sequence[str]) -> str:
    """Return why a phone was not reached. Reason 0 is said of a busy phone, one that refused and one that is not there:
    the last alone is never dialled."""
    if reason == "0" and not dials:
        return _NEVER_RUNG
    if reason == "0" and "BUSY" in dials:
        reason = "5"
    return _REASONS.get(reason, "{phone} was not reached")


def _explained(refusal: str, settings: AsteriskSettings) -> str:
    lowered = refusal.lower()
    if "no such channel" in lowered:
        return "the call is over"
    if "permission" in lowered:
        return f"the account {settings.control_username!r} may not do this: give it write=originate,call"
    if "extension does not exist" in lowered:
        return f"the number cannot be dialled in the context {settings.dial_context!r}: see dial_context"
    return f"Asterisk refused: {refusal}"
