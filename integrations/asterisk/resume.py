"""Calls that were already going on, put together from what Status lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from integrations.asterisk.calls import Call, Span
from integrations.asterisk.channels import RINGING, UP, Channel, Channels
from integrations.asterisk.message import Message, microseconds
from integrations.asterisk.naming import Naming, dialled_number, is_phone_number, leads_out, local_half
from integrations.provider import Direction

OUTGOING = ("appdial", "appdial2")
"""What a channel that was dialled by another runs."""


def resumed(listed: Sequence[Message], fresh: Sequence[Channel], channels: Channels, naming: Naming) -> Iterator[Call]:
    """Yield the calls that the `fresh` channels of a Status are in, after joining them to bridges and to each other.

    A call whose dialler is still there and talks, or waits, is told exactly: the CDR's start and answer are to the
    microsecond. Where the answer is not told the call is approximate; where not even who dialled it can be told any
    more (transferred, or customer first) it is known to be alive, and who talks from then on: its CDR tells the rest.
    """
    told = {message.get("Uniqueid"): message for message in listed}
    by_name = {channel.name: channel for channel in channels.all()}
    for channel in fresh:
        status = told[channel.unique]
        if bridge := status.get("BridgeID"):
            channels.enter(channel, bridge)
        if channel.name.endswith(";1") and (other := by_name.get(f"{channel.name[:-1]}2")) is not None:
            channels.pair(channel, other)
        channel.spy = status.get("Application").lower() in ("chanspy", "extenspy")
        channel.rung = channel.state in (RINGING, UP)
    for channel in fresh:
        if (call := _call(channel, told, by_name, channels, naming)) is not None:
            yield call


def _call(
    line: Channel, told: dict[str, Message], by_name: dict[str, Channel], channels: Channels, naming: Naming
) -> Call | None:
    status = told[line.unique]
    variables = _variables(status)
    dialler = _dialler(line, told, by_name, channels)
    dialled = _dialled(dialler, told) if dialler is not None else ""
    started = _moment(variables, "CDR(start,u)")
    if (half := local_half(line.name)) is not None and not is_phone_number(naming.stripped(half[0])):
        return None
    peer = dialled.partition("@")[2]
    if naming.is_trunk(line.name) or (leads_out(dialled) and f"/{peer}-" in line.name):
        line.agent = None
        direction = Direction.OUTBOUND
    elif dialler is not None and dialler.agent != line.agent == dialled_number(dialled):
        direction = Direction.INTERNAL
    else:
        return None
    number = dialler_number(dialled, line, told[dialler.unique], naming) if dialler else _number(line, naming)
    if dialler is None or dialler.agent is None or started is None or not (line.agent or is_phone_number(number)):
        # Not to be told apart any more: an arrival, a customer rung first, a call handed on.
        direction = Direction.UNKNOWN if line.linked == line.unique else Direction.OUTBOUND
        return Call(line.unique, line.name, direction, None, "", number, started or 0, whole=False)
    line.dialler, dialler.dials, dialler.call = dialler.unique, True, line.unique
    call = Call(
        line.unique,
        line.name,
        direction,
        dialler.agent,
        dialler.agent,
        line.agent or number,
        started,
        dialler=dialler.name,
        ringing_us=started if line.state == RINGING else None,
    )
    if line.state == UP:
        _answer(call, line, dialler, variables, _variables(told[dialler.unique]), channels)
    return call


def _answer(
    call: Call, line: Channel, dialler: Channel, lines: dict[str, str], diallers: dict[str, str], channels: Channels
) -> None:
    """Fill in when the customer answered: by its own CDR, or by the dialler's where that is no older than the dial."""
    answers = (_moment(lines, "CDR(answer,u)"), _moment(diallers, "CDR(answer,u)"))
    answer = next((moment for moment in answers if moment is not None and moment >= call.started_us), None)
    call.status = "ANSWER"
    call.answered_us = call.dial_end_us = answer
    call.approximate = answer is None
    if dialler in channels.connected(line) and answer is not None and dialler.agent is not None:
        call.talk[dialler.agent] = [Span(answer)]
        if line.agent is not None:
            call.talk[line.agent] = [Span(answer)]
    elif answer is not None:
        call.whole = False  # they talked, and do no longer: for how long is not known
        call.before_us = frozenset((dialler.agent or "",))


def _dialler(
    line: Channel, told: dict[str, Message], by_name: dict[str, Channel], channels: Channels
) -> Channel | None:
    """Return the phone that dialled `line`: the one it is bridged with, or the one that all linked to it began with."""
    if told[line.unique].get("Application").lower() not in (*OUTGOING, ""):
        return None
    peer = by_name.get(_variables(told[line.unique]).get("BRIDGEPEER", ""))
    origin = channels.get(line.linked)
    for channel in (peer, origin):
        if channel is None or channel is line or channel.agent is None or channel.unique not in told:
            continue
        if channel is origin or (channel.linked == line.linked and _dialled(channel, told)):
            return channel
    return None


def _dialled(dialler: Channel, told: dict[str, Message]) -> str:
    """Return what `dialler` dialled, as a dial string; empty where it did not dial."""
    status = told[dialler.unique]
    if status.get("Application").lower() in OUTGOING:
        return ""  # it was dialled itself
    peer = _variables(status).get("DIALEDPEERNUMBER", "")
    if peer not in ("", "(null)"):
        return peer
    if status.get("Application").lower() != "dial":
        return ""
    return status.get("Data").partition(",")[0].partition("&")[0].partition("/")[2]


def dialler_number(dialled: str, line: Channel, dialler: Message, naming: Naming) -> str:
    """Return the customer's number from the dialler's dial string, else from the line's own caller id."""
    typed = [extension for extension in (dialler.get("DNID"), dialler.get("Exten")) if extension]
    return naming.number(dialled, typed) if dialled else _number(line, naming)


def _number(line: Channel, naming: Naming) -> str:
    return naming.stripped(dialled_number("" if line.caller == "<unknown>" else line.caller))


def _variables(status: Message) -> dict[str, str]:
    return dict(text.partition("=")[::2] for text in status.all("Variable"))


def _moment(variables: dict[str, str], name: str) -> int | None:
    """Return a moment of the CDR in microseconds; None where it has not come ("0.000000") or was not told."""
    return microseconds(variables.get(name, "")) or None
