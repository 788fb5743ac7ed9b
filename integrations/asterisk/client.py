"""The manager protocol (AMI) over TCP and TLS: framing, login, actions with deadlines, pings.

Bytes are taken off the socket as they come and handed on at once, so that a slow store never keeps Asterisk waiting:
it cuts a client that does not read. A connection that is lost stays lost; whoever wants another opens one, and no
action is ever sent twice.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from secrets import token_hex
from typing import cast

from integrations.asterisk.message import Message, parse

MESSAGE_CAP = 1 << 20
"""Bytes of one message from which it is dropped and counted: no real one comes near."""
LINE_CAP = 1024
"""Bytes of one line Asterisk reads; it answers a longer one without naming the action."""

_END = b"\r\n\r\n"
_BANNER = b"Asterisk Call Manager"


class AmiError(Exception):
    """The far side could not be reached, refused or did not answer. The message is for a person and holds no secret."""


class ActionRefused(AmiError):
    """Asterisk answered an action with an error: its own words."""


class NoAnswer(AmiError):
    """Asterisk did not answer an action in time, though the connection stands."""


class Frames:
    """Cuts a stream of bytes into messages. One longer than `cap` bytes is dropped up to its end and counted."""

    def __init__(self, cap: int = MESSAGE_CAP) -> None:
        self.dropped = 0
        self._cap = cap
        self._buffer = bytearray()
        self._dropping = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the messages that `chunk` completes, without the empty line that ends each."""
        buffer = self._buffer
        seen = max(len(buffer) - len(_END) + 1, 0)
        buffer += chunk
        messages: list[bytes] = []
        start = 0
        while (end := buffer.find(_END, max(seen, start))) >= 0:
            if self._dropping:
                self._dropping = False
            elif end - start > self._cap:
                self.dropped += 1
            else:
                messages.append(bytes(buffer[start:end]))
            start = end + len(_END)
        del buffer[:start]
        if len(buffer) > self._cap:
            self.dropped += not self._dropping
            self._dropping = True
        if self._dropping:
            del buffer[: -len(_END) + 1]
        return messages


@dataclass(frozen=True, slots=True)
class Address:
    """Where a manager listens. `tls` verifies the far side's certificate; None: plain text. All times in seconds."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    connect_seconds: float = 10
    answer_seconds: float = 5
    ping_seconds: float = 10


@dataclass(slots=True)
class _Waiting:
    """An action that was sent, and what has come of it: one response, or for a list every message up to its end."""

    answer: asyncio.Future[list[Message]]
    complete: Callable[[list[Message]], None] | None
    messages: list[Message] = field(default_factory=list)


class Client(asyncio.Protocol):
    """One connection. `lost` ends with the reason in words once it is gone.

    `receive` is called at once, in the order of the wire, with every message that is no answer to an action of ours.
    """

    def __init__(self, address: Address, receive: Callable[[Message], None]) -> None:
        loop = asyncio.get_running_loop()
        self.frames = Frames()
        self.lost: asyncio.Future[str] = loop.create_future()
        self._address = address
        self._receive = receive
        self._greeted: asyncio.Future[None] = loop.create_future()
        self._opening = b""
        self._ids = f"{token_hex(8)}-"  # unguessable: a caller's name can forge whole messages, but no answer of ours
        self._count = 0
        self._waiting: dict[str, _Waiting] = {}
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if not self._greeted.done():
            data = self._greet(data)
        for raw in self.frames.feed(data):
            self._dispatch(parse(raw))

    def connection_lost(self, exc: Exception | None) -> None:
        self.cut("Asterisk closed the connection" if exc is None else f"the connection broke ({exc})")

    def cut(self, reason: str) -> None:
        """End the connection now; `lost` and every action under way end with `reason`."""
        if self._transport is not None:
            self._transport.abort()
        if self.lost.done():
            return
        self.lost.set_result(reason)
        if not self._greeted.done():
            self._greeted.set_exception(AmiError(reason))
            self._greeted.exception()  # marked as read: nobody may be waiting for it
        for waiting in self._waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(AmiError(reason))

    async def ask(self, action: str, *headers: tuple[str, str]) -> Message:
        """Send an action and return its response. ActionRefused where it is an error, AmiError past the deadline."""
        return (await self._send(action, headers, None))[0]

    async def ask_list(
        self, action: str, *headers: tuple[str, str], complete: Callable[[list[Message]], None] | None = None
    ) -> list[Message]:
        """Send an action that is answered by a list and return its events. `complete` is called with them the moment
        the list ends, before any later message is given to `receive`."""

        def events_of(messages: list[Message]) -> None:
            if complete is not None and messages[0].get("Response").lower() != "error":
                complete(messages[1:-1])

        return (await self._send(action, headers, events_of))[1:-1]

    def say(self, action: str, *headers: tuple[str, str]) -> None:
        """Send an action whose answer nobody waits for."""
        if self._transport is not None and not self.lost.done():
            self._count += 1
            self._transport.write(encode((("Action", action), ("ActionID", f"{self._ids}{self._count}"), *headers)))

    def asked(self, message: Message) -> bool:
        """Whether `message` is about an action of this connection. Nobody else can know its ActionIDs."""
        return message.get("ActionID").startswith(self._ids)

    async def login(self, username: str, secret: str) -> None:
        """Log in with events off. In plain text a challenge is answered instead of sending the secret; a manager that
        knows no challenges gets the secret itself over TLS and within this machine alone."""
        who = ("Username", username), ("Events", "off")
        try:
            challenge = "" if self._address.tls is not None else await self._challenge()
            if challenge:
                key = hashlib.md5((challenge + secret).encode(), usedforsecurity=False).hexdigest()
                await self.ask("Login", *who, ("AuthType", "MD5"), ("Key", key))
            else:
                await self.ask("Login", *who, ("Secret", secret))
        except ActionRefused as error:
            raise AmiError(
                f"login as {username!r} refused ({error}): check username and secret, and permit/deny"
            ) from None

    async def _challenge(self) -> str:
        """Return what to answer; empty where the manager on this machine has no challenges."""
        try:
            challenge = (await self.ask("Challenge", ("AuthType", "MD5"))).get("Challenge")
        except (ActionRefused, NoAnswer):
            challenge = ""
        if not challenge and not self._is_here():
            raise AmiError(
                "the manager there knows no challenge, and without TLS the secret is not sent: set tls = true"
            )
        return challenge

    def _is_here(self) -> bool:
        assert self._transport is not None
        peer: tuple[str, int] = self._transport.get_extra_info("peername")
        return ip_address(peer[0]).is_loopback

    async def keep(self, pong: Callable[[Message], None]) -> str:
        """Ping until the connection is lost and return why. A frozen peer is noticed within a ping and its deadline;
        `pong` gets each answer."""
        while not self.lost.done():
            await asyncio.wait([self.lost], timeout=self._address.ping_seconds)
            if not self.lost.done():
                try:
                    pong(await self.ask("Ping"))
                except AmiError as error:
                    self.cut(str(error))
        return self.lost.result()

    async def greeted(self) -> None:
        """Wait for the line a manager opens with."""
        try:
            async with asyncio.timeout(self._address.answer_seconds):
                await asyncio.shield(self._greeted)
        except TimeoutError:
            raise AmiError("connected, but no Asterisk manager answers: it hangs, or expects TLS; see port") from None

    def _greet(self, data: bytes) -> bytes:
        line, found, rest = (self._opening + data).partition(b"\r\n")
        if not line.startswith(_BANNER[: len(line)]) or len(line) > LINE_CAP:
            self.cut("what answers there is not an Asterisk manager")
            return b""
        if found:
            self._greeted.set_result(None)
            return rest
        self._opening = line
        return b""

    async def _send(
        self, action: str, headers: Iterable[tuple[str, str]], complete: Callable[[list[Message]], None] | None
    ) -> list[Message]:
        if self._transport is None or self.lost.done():
            raise AmiError("not connected")
        self._count += 1
        action_id = f"{self._ids}{self._count}"
        raw = encode((("Action", action), ("ActionID", action_id), *headers))
        waiting = _Waiting(asyncio.get_running_loop().create_future(), complete)
        self._waiting[action_id] = waiting
        try:
            self._transport.write(raw)
            async with asyncio.timeout(self._address.answer_seconds):
                messages = await waiting.answer
        except TimeoutError:
            raise NoAnswer(f"Asterisk did not answer {action} within {self._address.answer_seconds:g} s") from None
        finally:
            del self._waiting[action_id]
        if messages[0].get("Response").lower() == "error":
            raise ActionRefused(messages[0].get("Message"))
        return messages

    def _dispatch(self, message: Message) -> None:
        waiting = self._waiting.get(message.get("ActionID")) if message.kind != "other" else None
        if waiting is None or waiting.answer.done() or (message.kind == "event" and not waiting.messages):
            self._receive(message)
            return
        waiting.messages.append(message)
        if waiting.complete is not None and waiting.messages[0].get("EventList").lower() == "start":
            if message.kind != "event" or message.get("EventList").lower() != "complete":
                return
            waiting.complete(waiting.messages)
        waiting.answer.set_result(waiting.messages)


def encode(headers: Iterable[tuple[str, str]]) -> bytes:
    """Return an action's bytes. AmiError where a value ends its line, or the line is longer than Asterisk reads."""
    lines = []
    for key, value in headers:
        line = f"{key}: {value}".encode()
        if any(byte in line for byte in b"\r\n\0"):
            raise AmiError(f"{key} holds a line break; it was not sent")
        if len(line) > LINE_CAP:
            raise AmiError(f"{key} is longer than {LINE_CAP} bytes; it was not sent")
        lines.append(line)
    return b"\r\n".join(lines) + _END


async def connect(address: Address, receive: Callable[[Message], None]) -> Client:
    """Return a connection whose far side has said that it is an Asterisk manager. AmiError in words otherwise."""
    where = f"{address.host}:{address.port}"
    client = Client(address, receive)
    try:
        async with asyncio.timeout(address.connect_seconds):
            await asyncio.get_running_loop().create_connection(
                lambda: client, address.host, address.port, ssl=address.tls
            )
    except TimeoutError:
        raise AmiError(f"{where} does not answer") from None
    except ssl.SSLCertVerificationError as error:
        raise AmiError(f"{where}: its certificate is not trusted ({error.verify_message}); see ca_file") from None
    except ssl.SSLError as error:
        raise AmiError(f"{where} does not speak TLS as expected ({error.reason}); see tls and port") from None
    except OSError as error:
        if f"[Errno {errno.ECONNREFUSED}]" in str(error):  # of one address, or told of each of several
            raise AmiError(f"{where} refuses connections: is the manager enabled there (manager.conf)?") from None
        raise AmiError(f"{where} cannot be reached: {error.strerror or error}") from None
    try:
        await client.greeted()
    except BaseException:
        client.cut("not greeted")
        raise
    return client


def trusting(ca_file: str) -> ssl.SSLContext:
    """Return what verifies a certificate against the CA in `ca_file` (PEM; empty: the system's). AmiError in words."""
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:  # SSLError is one
        raise AmiError(f"ca_file {ca_file!r} cannot be used: {error.strerror or error}") from None
