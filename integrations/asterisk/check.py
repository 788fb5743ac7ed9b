"""What `supervisor doctor` looks at: reachable, let in, no wider rights than needed, clock, CDR file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.asterisk.client import ActionRefused, Address, AmiError, Client, NoAnswer, connect
from integrations.asterisk.message import Message, microseconds
from integrations.asterisk.settings import AsteriskSettings
from integrations.provider import Finding, Level

SKEW_WARN_US = 2_000_000
"""A clock further off misplaces calls against attendance and against other sources."""
STALE_S = 86_400

READS = ("Status", "DeviceStateList", "QueueStatus")
ACTS = ("Originate", "Hangup")
COMMANDS_ALL = ("Command", "UpdateConfig", "ModuleLoad", "Reload", "DBPut", "AGI")
"""Actions by which a stolen secret commands the whole telephone system; nothing of ours needs them."""


async def findings(
    settings: AsteriskSettings,
    address: Callable[[], Address],
    secret: Callable[[str], str],
    cdr_file: Path | None,
    now_us: Callable[[], int],
) -> list[Finding]:
    """Return what there is to say about this source. `address` and `secret` raise AmiError in words."""
    found = _cdr(settings, cdr_file, now_us())
    try:
        reach = address()
        reading = await _reader(settings, reach, secret, now_us)
        found += [_transport(settings), *reading]
        if settings.control_username:
            found += await _controller(settings, reach, secret)
        else:
            found.append(
                Finding("control account", Level.OK, "none: listening in, hanging up and dialling are not offered")
            )
    except AmiError as error:
        found.append(Finding("connection", Level.FAIL, str(error)))
    return found


def _transport(settings: AsteriskSettings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    if settings.tls:
        return Finding("connection", Level.OK, f"{where}, TLS verified")
    if settings.allow_plaintext:
        return Finding("connection", Level.WARN, f"{where} in plain text (allow_plaintext): better turn on TLS")
    return Finding("connection", Level.OK, f"{where} in plain text on this machine")


@asynccontextmanager
async def _logged_in(
    address: Address, username: str, secret: str, receive: Callable[[Message], None]
) -> AsyncIterator[Client]:
    client = await connect(address, receive)
    try:
        await client.login(username, secret)
        yield client
    finally:
        client.cut("closed")


async def _reader(
    settings: AsteriskSettings, address: Address, secret: Callable[[str], str], now_us: Callable[[], int]
) -> list[Finding]:
    first: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

    def receive(message: Message) -> None:
        if message.kind == "event" and message.event != "FullyBooted" and not first.done():
            first.set_result(message)

    async with _logged_in(address, settings.username, secret("secret"), receive) as client:
        found = [Finding("login", Level.OK, f"as {settings.username!r}")]
        permitted = await _permitted(client)
        found.append(_reading_rights(settings, permitted))
        there_us = microseconds((await client.ask("Ping")).get("Timestamp"))
        if there_us is not None:
            found.append(_clock(there_us - now_us()))
        await client.ask("Events", ("EventMask", "call"))
        before = await _channels(client)
        await asyncio.wait([first], timeout=address.answer_seconds)
        if not first.done() and await _channels(client) != before:
            found.append(_deaf(settings))
        else:
            found.append(_event_times(first.result() if first.done() else None))
    return found


async def _channels(client: Client) -> frozenset[str]:
    """Return the uniqueids of all channels; none where they may not be listed."""
    try:
        return frozenset(message.get("Uniqueid") for message in await client.ask_list("Status"))
    except (ActionRefused, NoAnswer):
        return frozenset()


def _deaf(settings: AsteriskSettings) -> Finding:
    words = f"channels came or went, and {settings.username!r} was not told: set read=call,cdr,agent,reporting"
    return Finding("events", Level.FAIL, words)


async def _permitted(client: Client) -> frozenset[str]:
    """Return the actions this account may ask for: Asterisk lists no others."""
    return frozenset(key for key, _ in (await client.ask("ListCommands")).items)


def _reading_rights(settings: AsteriskSettings, permitted: frozenset[str]) -> Finding:
    who = f"{settings.username!r}"
    if missing := [action for action in READS if action not in permitted]:
        lacks = ", ".join(missing)
        return Finding("rights", Level.FAIL, f"{who} may not ask for {lacks}: set write=reporting in manager.conf")
    if wide := [action for action in (*ACTS, *COMMANDS_ALL) if action in permitted]:
        wider = ", ".join(wide)
        return Finding("rights", Level.WARN, f"{who} may also {wider}: set write=reporting alone in manager.conf")
    return Finding("rights", Level.OK, f"{who} may read and nothing else")


def _clock(skew_us: int) -> Finding:
    words = f"Asterisk's clock is {abs(skew_us) / 1e6:.1f} s {'ahead' if skew_us > 0 else 'behind'}"
    if abs(skew_us) > SKEW_WARN_US:
        return Finding("clock", Level.WARN, f"{words}: run NTP on both machines")
    return Finding("clock", Level.OK, words)


def _event_times(event: Message | None) -> Finding:
    if event is None:
        return Finding("event times", Level.OK, "no event came while looking; timestampevents = yes is advised")
    if microseconds(event.get("Timestamp")) is None:
        words = "events carry no time: set timestampevents = yes in manager.conf (until then the arrival counts)"
        return Finding("event times", Level.WARN, words)
    return Finding("event times", Level.OK, "events carry Asterisk's own time")


async def _controller(settings: AsteriskSettings, address: Address, secret: Callable[[str], str]) -> list[Finding]:
    who = f"{settings.control_username!r}"
    try:
        found = secret("control_secret")
        async with _logged_in(address, settings.control_username, found, lambda message: None) as client:
            permitted = await _permitted(client)
    except AmiError as error:
        return [Finding("control account", Level.FAIL, str(error))]
    if missing := [action for action in ACTS if action not in permitted]:
        lacks = ", ".join(missing)
        return [Finding("control account", Level.FAIL, f"{who} may not {lacks}: set write=originate,call")]
    if wide := [action for action in COMMANDS_ALL if action in permitted]:
        wider = ", ".join(wide)
        return [Finding("control account", Level.WARN, f"{who} may also {wider}: set write=originate,call alone")]
    return [Finding("control account", Level.OK, f"{who} may originate and hang up")]


def _cdr(settings: AsteriskSettings, file: Path | None, now_us: int) -> list[Finding]:
    if file is None:
        return [Finding("CDR file", Level.WARN, "none: calls made while not connected are lost; set cdr_file")]
    found = []
    if not settings.time_zone:
        found.append(Finding("time_zone", Level.WARN, "not set: the CDR file's times are read in the floor's zone"))
    else:
        try:
            ZoneInfo(settings.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            found.append(Finding("time_zone", Level.FAIL, f"{settings.time_zone!r} is not an IANA zone"))
    try:
        with file.open("rb"):
            age_s = now_us / 1e6 - file.stat().st_mtime
    except OSError as error:
        if isinstance(error, FileNotFoundError) and file.parent.is_dir():
            words = f"{file} is not there: Asterisk makes it when the first call ends; see cdr_file"
            return [*found, Finding("CDR file", Level.WARN, words)]
        found.append(Finding("CDR file", Level.FAIL, f"{file}: {error.strerror}; see cdr_file"))
    else:
        level = Level.WARN if age_s > STALE_S else Level.OK
        hint = ": does Asterisk write it (cdr.conf, cdr_csv)?" if age_s > STALE_S else ""
        found.append(Finding("CDR file", level, f"{file}, last written {_ago(age_s)} ago{hint}"))
    return found


def _ago(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} seconds"
