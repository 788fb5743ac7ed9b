"""An Asterisk manager over a real socket that says what recorded ones said.

Its words are those of tests/data/asterisk/actions (one exchange a file, as recorded); the channels, devices and queues
it tells of are those that the replayed events left alive (tests.peers.world). It can misbehave on request: freeze,
dribble, cut, refuse, stay silent.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.world import END, Headers, World, headers_of

DATA = Path(__file__).parent.parent / "data" / "asterisk"
BANNER = b"Asterisk Call Manager/12.0.0\r\n"
READS = frozenset({"call", "cdr", "agent", "reporting"})

Lines = Sequence[tuple[str, str]]


async def until(condition: Callable[[], object], seconds: float = 5) -> None:
    """Wait until `condition` holds. TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in a peer, which sets no event for it
            await asyncio.sleep(0.002)


@dataclass(frozen=True)
class Account:
    """One of manager.conf."""

    secret: str
    read: frozenset[str] = READS
    write: frozenset[str] = frozenset({"reporting"})


EVERYTHING = frozenset(
    {"system", "call", "agent", "cdr", "reporting", "originate", "command", "config", "dialplan", "user"}
)


def received(name: str) -> bytes:
    """What the recorded Asterisk answered in actions/`name`*."""
    (file,) = DATA.glob(f"actions/{name}*")
    answer = file.read_bytes().partition(b"<<<<<< received\n")[2].partition(b"<<connection closed")[0]
    return answer.rstrip(b"\n").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + END


def permissions() -> dict[str, frozenset[str]]:
    """Which class each action needs one of, as ListCommands told; an empty set: none."""
    listed = re.findall(rb"^(\w+): .*\(Priv: (.*)\)", received("36"), re.MULTILINE)
    return {name.decode(): frozenset(priv.decode().split(",")) - {"all", "<none>"} for name, priv in listed}


def message(lines: Lines) -> bytes:
    """The bytes of one message."""
    return "".join(f"{key}: {value}\r\n" for key, value in lines).encode("utf-8", "surrogateescape") + b"\r\n"


@dataclass(eq=False)
class Session:
    """One connected client."""

    peer: AmiPeer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    account: Account | None = None
    mask: frozenset[str] = frozenset()
    filters: list[str] = field(default_factory=list)
    challenge: str = ""
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wants(self, raw: bytes) -> bool:
        """Whether this event goes to this client: its classes, its mask and its filters."""
        if self.account is None:
            return False
        classes = set(headers_of(raw).get("Privilege", "").split(",")) - {"all"}
        text = raw.decode("utf-8", "replace")
        return classes <= self.account.read & self.mask and not any(re.search(one, text) for one in self.filters)

    async def send(self, raw: bytes) -> None:
        step = 1 if self.peer.dribble else max(len(raw), 1)
        async with self.writing:
            for start in range(0, len(raw), step):
                self.writer.write(raw[start : start + step])
                if self.peer.dribble:
                    await asyncio.sleep(0)

    async def run(self) -> None:
        await self.send(self.peer.banner)
        while raw := await self.reader.readuntil(b"\r\n\r\n"):
            await self.peer.thawed.wait()
            action = headers_of(raw)
            self.peer.actions.append(action)
            if not await self._answer(action):
                return

    async def _answer(self, action: Headers) -> bool:
        """Answer one action; False where the connection ends with it."""
        name = action.get("Action", "")
        identity = [("ActionID", action["ActionID"])] if "ActionID" in action else []
        if name in ("Login", "Challenge"):
            return await self._login(name, action, identity)
        if self.account is None or not self.peer.permits(self.account, name):
            await self.send(message([("Response", "Error"), *identity, ("Message", "Permission denied")]))
            return True
        reply = self.peer.replies.get(name, getattr(self.peer, f"on_{name.lower()}", self.peer.unknown))
        answer = reply(self, action, identity) if callable(reply) else reply
        if answer is not None:
            await self.send(answer)
        for late in self.peer.take_late():
            await self.peer.broadcast(late)
        return name != "Logoff"

    async def _login(self, name: str, action: Headers, identity: Lines) -> bool:
        if name in self.peer.replies:
            reply = self.peer.replies[name]
            if isinstance(reply, bytes):
                await self.send(reply)
            return True
        if name == "Challenge":
            self.challenge = "774145784"
            await self.send(message([("Response", "Success"), *identity, ("Challenge", self.challenge)]))
            return True
        account = self.peer.accounts.get(action.get("Username", ""))
        good = account is not None and (
            action.get("Secret") == account.secret
            or action.get("Key") == hashlib.md5((self.challenge + account.secret).encode()).hexdigest()
        )
        if not good:
            await self.send(message([("Response", "Error"), *identity, ("Message", "Authentication failed")]))
            return False
        self.account = account
        await self.send(message([("Response", "Success"), *identity, ("Message", "Authentication accepted")]))
        return True


class AmiPeer:
    """The fake manager. `async with AmiPeer() as peer` listens on a free port of the loopback."""

    def __init__(self, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.port = port
        self.banner = BANNER
        self.accounts = {
            "supervisor": Account("test-secret"),
            "control": Account("control-secret", frozenset({"call"}), frozenset({"originate", "call"})),
        }
        self.world = World()
        self.clock: Callable[[], float] = lambda: self.world.now
        self.replies: dict[str, bytes | Callable[[Session, Headers, Lines], bytes | None] | None] = {}
        self.actions: list[Headers] = []
        self.outcomes: dict[str, tuple[str, str]] = {}
        self.dials: dict[str, Sequence[tuple[str, str]]] = {}
        self.sessions: list[Session] = []
        self.dribble = False
        self.thawed = asyncio.Event()
        self.thawed.set()
        self._tls = tls
        self._permissions = permissions()
        self.late: list[bytes] = []
        self._server: asyncio.Server | None = None

    # -- its life -----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> AmiPeer:
        await self.listen()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def listen(self) -> None:
        """Accept connections, again on the same port after `stop`."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections and cut those there are, as a killed Asterisk does."""
        assert self._server is not None
        self._server.close()
        self.drop()

    def drop(self) -> None:
        """Cut every connection."""
        for session in self.sessions:
            session.writer.transport.abort()

    def freeze(self) -> None:
        """Stay connected and say nothing more, to nobody."""
        self.thawed.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self, reader, writer)
        self.sessions.append(session)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await session.run()
        self.sessions.remove(session)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            writer.close()

    # -- events -------------------------------------------------------------------------------------------------------

    async def broadcast(self, raw: bytes) -> None:
        """Let one event happen: the world changes, and every client that wants it is told."""
        self.world.play(raw)
        await self.tell(raw)

    async def tell(self, raw: bytes) -> None:
        """Send an event to every client that wants it, without it having happened."""
        await self.thawed.wait()
        for session in list(self.sessions):
            if session.wants(raw):
                await session.send(raw)

    async def write(self, raw: bytes) -> None:
        """Send bytes as they are to every client that is logged in."""
        for session in list(self.sessions):
            if session.account is not None:
                await session.send(raw)

    async def replay(self, events: Sequence[bytes], speed: float = float("inf")) -> None:
        """Let recorded events happen, `speed` times as fast as they did."""
        for number, raw in enumerate(events):
            before = self.world.now
            await self.broadcast(raw)
            if speed != float("inf") and before:
                await asyncio.sleep(max(self.world.now - before, 0) / speed)
            elif number % 50 == 0:
                await self.drained()

    async def drained(self) -> None:
        """Wait until every client has read what was sent."""
        for session in list(self.sessions):
            with contextlib.suppress(ConnectionError):
                await session.writer.drain()
        await asyncio.sleep(0)

    def _hearing(self) -> int:
        return sum(bool(session.mask) and not session.writer.is_closing() for session in self.sessions)

    async def listening(self, count: int = 1) -> None:
        """Wait until `count` clients have turned events on."""
        await until(lambda: self._hearing() >= count)

    def take_late(self) -> list[bytes]:
        """The events that the last action causes, after its response."""
        late, self.late = self.late, []
        return late

    # -- actions ------------------------------------------------------------------------------------------------------

    def permits(self, account: Account, name: str) -> bool:
        needed = self._permissions.get(name, frozenset())
        return not needed or bool(needed & account.write)

    def unknown(self, session: Session, action: Headers, identity: Lines) -> bytes:
        words = f"Invalid/unknown command: {action.get('Action')}. Use Action: ListCommands to show available commands."
        return message([("Response", "Error"), *identity, ("Message", words)])

    def on_ping(self, session: Session, action: Headers, identity: Lines) -> bytes:
        stamp = f"{self.clock():.6f}"
        return message([("Response", "Success"), *identity, ("Ping", "Pong"), ("Timestamp", stamp)])

    def on_logoff(self, session: Session, action: Headers, identity: Lines) -> bytes:
        return message([("Response", "Goodbye"), *identity, ("Message", "Thanks for all the fish.")])

    def on_events(self, session: Session, action: Headers, identity: Lines) -> bytes:
        mask = action.get("EventMask", "off")
        session.mask = EVERYTHING if mask == "on" else frozenset() if mask == "off" else frozenset(mask.split(","))
        return message([("Response", "Success"), *identity, ("Events", "On" if session.mask else "Off")])

    def on_filter(self, session: Session, action: Headers, identity: Lines) -> bytes:
        assert action["Filter"].startswith("!")
        session.filters.append(action["Filter"][1:])
        return message([("Response", "Success"), *identity, ("Message", "Success")])

    def on_listcommands(self, session: Session, action: Headers, identity: Lines) -> bytes:
        assert session.account is not None
        listed = re.findall(r"^(\w+)(: .*)", received("36").decode(), re.MULTILINE)
        may = [(name, rest[2:].strip()) for name, rest in listed if name in self._permissions]
        return message(
            [
                ("Response", "Success"),
                *identity,
                *((name, rest) for name, rest in may if self.permits(session.account, name)),
            ]
        )

    def on_status(self, session: Session, action: Headers, identity: Lines) -> bytes:
        wanted = re.findall(r"(?:[^,(]|\([^)]*\))+", action.get("Variables", ""))
        events = self.world.status(wanted)
        if channel := action.get("Channel"):
            events = [event for event in events if ("Channel", channel) in event]
            if not events:
                return message([("Response", "Error"), *identity, ("Message", "No such channel")])
        return self._list("Status", "Channel status will follow", events, identity)

    def on_devicestatelist(self, session: Session, action: Headers, identity: Lines) -> bytes:
        events = [
            [("Event", "DeviceStateChange"), ("Device", device), ("State", state)]
            for device, state in self.world.devices.items()
        ]
        return self._list("DeviceStateList", "Device State Changes will follow", events, identity)

    def on_queuestatus(self, session: Session, action: Headers, identity: Lines) -> bytes:
        keys = "Queue", "Membership", "Penalty", "CallsTaken", "LastCall", "LastPause", "InCall", "Status", "Paused"
        events = [
            [
                ("Event", "QueueMember"),
                ("Name", member.get("MemberName", "")),
                ("Location", member["Interface"]),
                ("StateInterface", member.get("StateInterface", "")),
                ("PausedReason", member.get("PausedReason", "")),
                *((key, member.get(key, "")) for key in keys),
            ]
            for member in self.world.members.values()
        ]
        return self._list("QueueStatus", "Queue status will follow", events, identity)

    def on_hangup(self, session: Session, action: Headers, identity: Lines) -> bytes:
        if not any(one.headers["Channel"] == action["Channel"] for one in self.world.channels.values()):
            return message([("Response", "Error"), *identity, ("Message", "No such channel")])
        return message([("Response", "Success"), *identity, ("Message", "Channel Hungup")])

    def on_originate(self, session: Session, action: Headers, identity: Lines) -> bytes:
        """As recorded: queued at once, then its dial (self.dials by channel) and what came of it (self.outcomes by
        channel, else answered) in events."""
        if action.get("Exten") == "zzz":
            return message([("Response", "Error"), *identity, ("Message", "Extension does not exist.")])
        response, reason = self.outcomes.get(action["Channel"], ("Success", "4"))
        for name, status in self.dials.get(action["Channel"], ()):
            dest = ("DestChannel", f"{action['Channel']}-0000002e"), ("DialStatus", status)
            self.late.append(message([("Event", name), ("Privilege", "call,all"), *(pair for pair in dest if pair[1])]))
        event = [("Event", "OriginateResponse"), ("Privilege", "call,all"), *identity, ("Response", response)]
        event += [("Channel", action["Channel"]), ("Reason", reason), ("Uniqueid", "<unknown>")]
        self.late.append(message(event))
        return message([("Response", "Success"), *identity, ("Message", "Originate successfully queued")])

    def _list(self, name: str, words: str, events: Sequence[Lines], identity: Lines) -> bytes:
        head = message([("Response", "Success"), *identity, ("EventList", "start"), ("Message", words)])
        end: Lines = [
            ("Event", f"{name}Complete"),
            *identity,
            ("EventList", "Complete"),
            ("ListItems", str(len(events))),
        ]
        return head + b"".join(message([*event, *identity]) for event in events) + message(end)
