"""An Asterisk as a source: live by the manager interface, gaps from its CDR file, acts by a second account."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.asterisk.check import findings
from integrations.asterisk.client import Address, AmiError, Client, NoAnswer, connect, trusting
from integrations.asterisk.control import carry_out
from integrations.asterisk.derive import Derivation
from integrations.asterisk.message import Message, microseconds
from integrations.asterisk.naming import RowNaming
from integrations.asterisk.outbox import Outbox
from integrations.asterisk.settings import AsteriskSettings
from integrations.asterisk.stock import stamped, take_stock
from integrations.provider import (
    Action,
    Answer,
    Batch,
    Command,
    Context,
    Event,
    Finding,
    Gap,
    Health,
    Leg,
    Presence,
    SecretReader,
    Snapshot,
    SourceError,
)

LOG = logging.getLogger(__name__)

EVENT_CLASSES = "system,call,agent"
"""The events the derivation reads. Variables, dialplan steps, RTCP reports - most bytes - are of other classes."""
NOISE = "!^Event: (CEL|VarSet|Newexten|RTCPSent|RTCPReceived)"
"""Anchored: unanchored, a caller's name could hide a call from us."""
FIRST_RETRY_S = 1.0


def wall_clock_us() -> int:
    """Now, in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


class AsteriskProvider:
    """One Asterisk. `clock` tells microseconds UTC; moments in records are Asterisk's own."""

    Settings: ClassVar[type[AsteriskSettings]] = AsteriskSettings

    def __init__(
        self,
        name: str,
        settings: AsteriskSettings,
        secret: SecretReader,
        context: Context,
        clock: Callable[[], int] = wall_clock_us,
    ) -> None:
        self.name = name
        self.capabilities = frozenset(Action) if settings.control_username else frozenset[Action]()
        self.odd_messages = 0
        self._settings = settings
        self._secret = secret
        self._context = context
        self._clock = clock
        self._skew_us = 0
        self._heard_us: int | None = None
        self._told: tuple[bool, str] | None = None
        self._derivation = Derivation(settings)
        self._outbox = Outbox(self._now_there)
        self._client: Client | None = None
        self._presences: dict[str, Presence] = {}
        self._silent: set[str] = set()
        self._taking = asyncio.Lock()
        self._meanwhile: list[Message] = []

    # -- live ---------------------------------------------------------------------------------------------------------

    async def live(self) -> AsyncIterator[Event]:
        """Yield what happens, for ever. Reading the socket never waits for whoever iterates here."""
        self._told = None
        keeping = asyncio.create_task(self._stay_connected())
        keeping.add_done_callback(self._stopped)
        try:
            while True:
                yield await self._outbox.get()
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._outbox.fail(error)

    async def _stay_connected(self) -> None:
        pause = FIRST_RETRY_S
        while True:
            began = time.monotonic()
            try:
                async with self._session(self._receive) as client:
                    await self._set_up(client)
                    taking = asyncio.create_task(self._take_first(client))
                    try:
                        reason = await client.keep(self._set_clock)
                    finally:
                        taking.cancel()
            except AmiError as error:
                reason = str(error)
            finally:
                self._client = None
            self._tell(False, reason)
            if time.monotonic() - began > self._settings.retry_seconds:
                pause = FIRST_RETRY_S
            await asyncio.sleep(random.uniform(0.5, 1) * min(pause, self._settings.retry_seconds))
            pause = min(pause * 2, self._settings.retry_seconds)

    @asynccontextmanager
    async def _session(self, receive: Callable[[Message], None]) -> AsyncIterator[Client]:
        """A connection that is logged in as the account that reads, and closed in the end."""
        client = await connect(self._address(), receive)
        try:
            await client.login(self._settings.username, self._found("secret"))
            yield client
        finally:
            client.cut("closed")

    def _address(self) -> Address:
        settings = self._settings
        if not (settings.tls or settings.allow_plaintext or is_loopback(settings.host)):
            raise AmiError(
                f"{settings.host} is another machine and tls is off: everyone between could read every call. Turn on "
                "TLS (tlsenable in manager.conf, tls = true here) or, in a network you trust, allow_plaintext = true"
            )
        tls = trusting(resolve(self._context.base, settings.ca_file)) if settings.tls else None
        return Address(
            settings.host,
            settings.port,
            tls,
            connect_seconds=2 * settings.answer_seconds,
            answer_seconds=settings.answer_seconds,
            ping_seconds=settings.ping_seconds,
        )

    def _found(self, stem: str) -> str:
        try:
            secret = self._secret(stem)
        except Exception as error:  # whoever finds secrets says in words what is wrong with one; it may be mended later
            raise AmiError(str(error)) from None
        if secret is None:
            raise AmiError(f"no secret is configured: set {stem}_file or {stem}_env")
        return secret

    async def _set_up(self, client: Client) -> None:
        """Turn events on. Asterisk is up once it answers a ping; whatever else it leaves unanswered, events count."""
        self._derivation.forget()
        self._presences.clear()
        self._silent.clear()
        client.say("Filter", ("Operation", "Add"), ("Filter", NOISE))  # refused: the event classes do most of it
        self._set_clock(await client.ask("Ping"))
        self._tell(True, "")
        now_us = self._now_there()
        since_us = None if self._heard_us is None else min(self._heard_us, now_us)
        self._outbox.put(Gap(since_us, now_us, self._settings.settle_seconds))
        try:
            await client.ask("Events", ("EventMask", EVENT_CLASSES))
        except NoAnswer as error:
            LOG.warning("%s: %s; it may send events all the same", self.name, error)
        self._client = client

    async def _take_first(self, client: Client) -> None:
        """Take stock: what came since events were turned on, and comes from here on, changes what the list says."""
        try:
            await self._take(client)
        except AmiError as error:
            LOG.warning("%s: nobody's state is known until it changes: %s", self.name, error)

    def _tell(self, up: bool, detail: str) -> None:
        """Tell a change of health; the same twice is no change."""
        if (up, detail) != self._told:
            self._told = (up, detail)
            self._outbox.put(Health(up, self._clock(), detail))

    def _set_clock(self, pong: Message) -> None:
        stamp = microseconds(pong.get("Timestamp"))
        self._skew_us = stamp - self._clock() if stamp is not None else 0

    def _now_there(self) -> int:
        return self._clock() + self._skew_us

    def _receive(self, message: Message) -> None:
        """Take one message off the wire into the outbox. Never waits, never fails."""
        if message.kind == "response":
            return  # too late, or forged
        self._heard_us = self._now_there()
        if message.kind == "other":
            self._count_odd()
        elif not message.get("Timestamp"):
            message = stamped(message, self._heard_us)
        if self._taking.locked() and message.event.startswith(("QueueMember", "DeviceState")):
            self._meanwhile.append(message)
        self._put(self._fed(message))
        if message.event == "FullyBooted" and self._client is not None and not self._taking.locked():
            self._outbox.put(Gap(self._heard_us, self._heard_us, self._settings.settle_seconds))

    def _count_odd(self) -> None:
        self.odd_messages += 1
        if self.odd_messages in (1, 10, 100, 1000, 10_000, 100_000):
            LOG.warning("%s: %d messages Asterisk did not write: callers forge them", self.name, self.odd_messages)

    def _fed(self, message: Message) -> list[Leg | Presence]:
        try:
            return self._derivation.feed(message)
        except Exception:  # one event nobody foresaw must not end the floor's picture
            LOG.exception("%s: %s could not be read", self.name, message.event[:40])
            return []

    def _put(self, facts: Sequence[Leg | Presence]) -> None:
        for fact in facts:
            if isinstance(fact, Presence):
                self._presences[fact.agent] = fact
        if facts:
            self._outbox.put(*facts)

    # -- taking stock -------------------------------------------------------------------------------------------------

    async def snapshot(self) -> Snapshot:
        """Who is doing what now, from the live connection, or from one opened for it."""
        try:
            if self._client is not None:
                return await self._take(self._client)
            async with self._session(lambda message: None) as client:
                self._set_clock(await client.ask("Ping"))
                return await take_stock(client, self._resumed_by(Derivation(self._settings)), set())
        except AmiError as error:
            raise SourceError(f"{self.name}: no snapshot: {error}") from None

    async def _take(self, client: Client) -> Snapshot:
        async with self._taking:
            self._meanwhile.clear()
            return await take_stock(client, self._resume, self._silent)

    def _resume(self, messages: list[Message]) -> Snapshot:
        """Resume the derivation at the list's place in the stream of events.

        Asterisk tells queue and device states a moment before the channels: what changed between is applied again.
        """
        taken = self._resumed_by(self._derivation)(messages)
        self._outbox.put(*taken.legs)
        self._put(taken.presences)
        for message in self._meanwhile:
            self._put(self._fed(message))
        return taken

    def _resumed_by(self, derivation: Derivation) -> Callable[[list[Message]], Snapshot]:
        """What resumes `derivation`: items of lists carry no time, so they get Asterisk's of now."""
        return lambda messages: derivation.resume([stamped(message, self._now_there()) for message in messages])

    # -- the rest -----------------------------------------------------------------------------------------------------

    async def act(self, command: Command) -> Answer:
        """Carry out `command` once, through the control account."""
        if not self.capabilities:
            return Answer(False, f"no acts on phones are set up for {self.name}: see control_username")
        if self._client is None and command.action is not Action.DIAL:
            return Answer(False, f"{self.name} is not connected: who talks now is not known")
        presence = self._presences.get(command.agent)
        try:
            secret = self._found("control_secret")
            return await carry_out(command, presence, self._settings, self._address(), secret)
        except AmiError as error:
            return Answer(False, str(error))

    async def backfill(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Yield the calls of the CDR file after `cursor`, marked approximate, to the last record that has settled."""
        from integrations.asterisk.backfill import backfill  # the readers of files need our names of channels

        file = self._cdr_file()
        if file is None:
            return
        settings = self._settings
        naming = RowNaming(settings.agents, settings.trunks, settings.dial_prefixes)
        until_us = self._now_there() - int(settings.settle_seconds * 1_000_000)
        batches = backfill(file, naming, self._zone(), cursor, until_us)
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            yield batch

    def _zone(self) -> ZoneInfo:
        zone = self._settings.time_zone or self._context.time_zone
        try:
            return ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise SourceError(f"{self.name}: {zone!r} is not an IANA zone; see time_zone") from None

    async def check(self) -> list[Finding]:
        """What there is to say about reachability, rights, clock and CDR file."""
        return await findings(self._settings, self._address, self._found, self._cdr_file(), self._clock)

    def _cdr_file(self) -> Path | None:
        file = self._settings.cdr_file
        return Path(resolve(self._context.base, file)) if file else None

    async def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.cut("closed")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by its very text: a name that must be looked up is not."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def resolve(base: str, file: str) -> str:
    """Return `file`, relative to `base`, with ~ expanded; "" stays "": not configured."""
    return str(Path(base) / Path(file).expanduser()) if file else ""
